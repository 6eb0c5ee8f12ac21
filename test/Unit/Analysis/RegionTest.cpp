//===- RegionTest.cpp - sets of PEs against brute force -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Random expressions over small grids, each point compared with enumeration.
// Flows are tested in FlowsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Region.h"
#include "gtest/gtest.h"

#include <random>
#include <set>

using namespace spada;

namespace {

using Points = std::set<std::pair<int64_t, int64_t>>;

Points pointsOf(const StridedBox &box) {
  Points points;
  for (int64_t x = box.xLo; x < box.xHi; x += box.xStep)
    for (int64_t y = box.yLo; y < box.yHi; y += box.yStep)
      points.insert({x, y});
  return points;
}

/// The points of `region.boxes()`; fails when boxes overlap, are not tight or
/// not sorted.
Points pointsOf(const Region &region) {
  Points points;
  int64_t lastY = -1000;
  for (const StridedBox &box : region.boxes()) {
    EXPECT_GE(box.yLo, lastY);
    lastY = box.yLo;
    EXPECT_TRUE(box.contains(box.xHi - 1, box.yHi - 1));
    EXPECT_TRUE(box.countX() > 1 || box.xStep == 1);
    for (auto point : pointsOf(box))
      EXPECT_TRUE(points.insert(point).second) << "boxes overlap";
  }
  return points;
}

struct Pair {
  Region region;
  Points points;
};

StridedBox randomBox(std::mt19937 &random) {
  auto upTo = [&](int n) { return static_cast<int64_t>(random() % n); };
  int64_t xLo = upTo(14), yLo = upTo(10);
  return {xLo, xLo + upTo(14), 1 + upTo(5), yLo, yLo + upTo(10), 1 + upTo(4)};
}

void expectSame(const Pair &pair) {
  EXPECT_EQ(pointsOf(pair.region), pair.points);
  EXPECT_EQ(pair.region.empty(), pair.points.empty());
  if (pair.points.empty())
    return;
  int64_t xLo = 1000, xHi = -1000, yLo = 1000, yHi = -1000;
  std::pair<int64_t, int64_t> first{1000, 1000}; // (y, x)
  for (auto [x, y] : pair.points) {
    xLo = std::min(xLo, x), xHi = std::max(xHi, x + 1);
    yLo = std::min(yLo, y), yHi = std::max(yHi, y + 1);
    first = std::min(first, {y, x});
  }
  EXPECT_EQ(pair.region.boundingBox(), (StridedBox{xLo, xHi, 1, yLo, yHi, 1}));
  EXPECT_EQ(pair.region.first(), (PE{first.second, first.first}));
  StridedBox hull = pair.region.hull();
  for (auto [x, y] : pair.points)
    EXPECT_TRUE(hull.contains(x, y));
}

Pair combine(std::mt19937 &random, const Pair &a, const Pair &b) {
  Pair result;
  switch (random() % 5) {
  case 0:
    result = {a.region.unite(b.region), a.points};
    result.points.insert(b.points.begin(), b.points.end());
    break;
  case 1:
    result.region = a.region.intersect(b.region);
    for (auto point : a.points)
      if (b.points.count(point))
        result.points.insert(point);
    break;
  case 2:
    result.region = a.region.subtract(b.region);
    for (auto point : a.points)
      if (!b.points.count(point))
        result.points.insert(point);
    break;
  case 3: {
    int64_t from = random() % 3, to = random() % 4,
            step = random() % 2 ? 1 : -1;
    bool alongX = random() % 2;
    result.region =
        a.region.sweep(alongX ? step : 0, alongX ? 0 : step, from, to);
    for (auto [x, y] : a.points)
      for (int64_t t = from; t <= to; ++t)
        result.points.insert(
            {x + (alongX ? step * t : 0), y + (alongX ? 0 : step * t)});
    break;
  }
  default: {
    int64_t mx = 1 + random() % 4, rx = random() % mx;
    int64_t my = 1 + random() % 3, ry = random() % my;
    result.region = a.region.residue(mx, rx, my, ry);
    for (auto [x, y] : a.points)
      if (((x % mx) + mx) % mx == rx && ((y % my) + my) % my == ry)
        result.points.insert({x, y});
  }
  }
  return result;
}

TEST(Region, RandomExpressionsAgreeWithEnumeration) {
  RegionContext context;
  std::mt19937 random(20240917);
  for (int round = 0; round < 150; ++round) {
    Pair value{Region(), {}};
    StridedBox box = randomBox(random);
    value = {Region(context, box), pointsOf(box)};
    for (int step = 0; step < 4; ++step) {
      StridedBox other = randomBox(random);
      Pair pair{Region(context, other), pointsOf(other)};
      value = combine(random, value, pair);
      expectSame(value);
      if (::testing::Test::HasFailure())
        FAIL() << "round " << round << " step " << step;
      if (value.points.size() < 4) {
        StridedBox fresh = randomBox(random);
        value = {Region(context, fresh), pointsOf(fresh)};
      }
    }
    Region moved = value.region.translate(3, -2);
    EXPECT_EQ(moved.translate(-3, 2), value.region);
    EXPECT_EQ(moved == value.region, value.points.empty());
  }
}

TEST(Region, ComplementOfAStrideGivesOneBoxForEachPrimeFactor) {
  RegionContext context;
  Region row(context, {0, 512, 1, 0, 1, 1});
  Region eighths(context, {0, 512, 8, 0, 1, 1});
  EXPECT_EQ(row.subtract(eighths).boxes().size(), 3u);
  Region rare(context, {0, 512, 64, 0, 1, 1});
  // One box for each run, as there are fewer runs than residues.
  EXPECT_EQ(row.subtract(rare).boxes().size(), 8u);
  Region fifteenth(context, {0, 600, 15, 0, 1, 1});
  EXPECT_EQ(
      Region(context, {0, 600, 1, 0, 1, 1}).subtract(fifteenth).boxes().size(),
      6u);
  Region grid(context, {0, 512, 1, 0, 512, 1});
  Region lattice(context, {0, 512, 8, 0, 512, 4});
  EXPECT_LE(grid.subtract(lattice).boxes().size(), 5u);
}

TEST(Region, FrameAndInteriorGiveFewBoxes) {
  RegionContext context;
  Region grid(context, {0, 748, 1, 0, 992, 1});
  Region interior(context, {1, 747, 1, 1, 991, 1});
  Region frame = grid.subtract(interior);
  EXPECT_LE(frame.boxes().size(), 4u);
  EXPECT_EQ(frame.unite(interior).boxes().size(), 1u);
  EXPECT_FALSE(frame.contains(1, 1));
  EXPECT_TRUE(frame.contains(747, 500));
}

TEST(Region, LongPeriodsAreCutByRange) {
  RegionContext context;
  Region senders(context, {0, 2018, 1009, 0, 1, 1});
  EXPECT_EQ(senders.sweep(1, 0, 1, 500).boxes().size(), 2u);
}

TEST(Region, DescribesAtMostFourBoxes) {
  RegionContext context;
  EXPECT_EQ(Region().describe(), "no PE");
  EXPECT_EQ(Region(context, {3, 4, 1, 0, 1, 1}).describe(), "PE [3, 0]");
  EXPECT_EQ(Region(context, {0, 7, 2, 3, 4, 1}).describe(), "PEs [0:8:2, 3]");
  EXPECT_EQ(Region(context, {0, 4, 1, 0, 2, 1}).describe(), "PEs [0:4, 0:2]");
  Region many;
  for (int64_t i = 0; i < 6; ++i)
    many = many.unite(Region(context, {i * i, i * i + 1, 1, i, i + 1, 1}));
  EXPECT_EQ(many.describe(), "PEs [0, 0], [1, 1], [4, 2], [9, 3] and 2 more");
}

TEST(Region, HullSeesTheStrideOfAUnion) {
  RegionContext context;
  Region region = Region(context, {0, 1, 1, 0, 1, 1})
                      .unite(Region(context, {6, 7, 1, 0, 1, 1}))
                      .unite(Region(context, {16, 17, 1, 0, 1, 1}));
  EXPECT_EQ(region.hull(), (StridedBox{0, 17, 2, 0, 1, 1}));
}

} // namespace
