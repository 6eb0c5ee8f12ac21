//===- AxisTest.cpp - tests of what a picture shows of an axis ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Every PE is shown or counted, and the ends of boxes are shown.
//
//===----------------------------------------------------------------------===//

#include "lib/Driver/Picture.h"

#include "gtest/gtest.h"

using namespace spada::driver;

/// Checks that `cells` cover [0, size) in order; \returns what is shown.
static std::vector<int64_t> shown(const std::vector<AxisCell> &cells,
                                  int64_t size) {
  std::vector<int64_t> result;
  int64_t next = 0;
  for (const AxisCell &cell : cells) {
    EXPECT_EQ(cell.coordinate, next);
    EXPECT_NE(cell.skipped, 1);
    next += std::max<int64_t>(cell.skipped, 1);
    if (!cell.skipped)
      result.push_back(cell.coordinate);
  }
  EXPECT_EQ(next, size);
  return result;
}

TEST(Axis, ShowsASmallOneWhole) {
  EXPECT_EQ(shown(chooseAxis(12, {}, {}, 12, 18), 12).size(), 12u);
}

TEST(Axis, KeepsTheEndsOfEveryBox) {
  std::vector<int64_t> seen = shown(
      chooseAxis(992, {{0, 1, 1}, {1, 991, 2}, {500, 501, 1}}, {}, 12, 18),
      992);
  for (int64_t wanted : {0, 1, 499, 500, 501, 989, 991})
    EXPECT_TRUE(std::count(seen.begin(), seen.end(), wanted)) << wanted;
}

TEST(Axis, ShowsMarks) {
  std::vector<int64_t> seen =
      shown(chooseAxis(1000, {{0, 1000, 1}}, {617}, 12, 18), 1000);
  EXPECT_TRUE(std::count(seen.begin(), seen.end(), 617));
}

TEST(Axis, StaysWithinItsRoom) {
  std::vector<std::array<int64_t, 3>> spans;
  for (int64_t n = 0; n < 400; ++n)
    spans.push_back({2 * n, 2 * n + 1, 1});
  std::vector<AxisCell> cells = chooseAxis(800, spans, {}, 12, 18);
  shown(cells, 800);
  EXPECT_LE(cells.size(), 18u);
}

TEST(Axis, IgnoresMarksOutside) {
  shown(chooseAxis(100, {{-5, 200, 1}}, {-1, 100}, 12, 18), 100);
}
