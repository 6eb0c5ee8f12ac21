//===- RandomFlowsTest.cpp - routes of random kernels, walked -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Random streams on small grids. The oracle knows only ports: it puts an
// element in at each sender's ramp, follows the routes of the color from PE to
// PE, and compares where it comes out with the offsets.
//
//===----------------------------------------------------------------------===//

#include "KernelText.h"
#include "gtest/gtest.h"

#include <deque>
#include <random>
#include <set>

using namespace spada;
using namespace spada::test;

namespace {

using Point = std::pair<int64_t, int64_t>;
using Ports = std::pair<std::vector<int64_t>, std::vector<int64_t>>;
/// The router of each PE, by color.
using Fabric = std::map<std::pair<Point, int64_t>, Ports>;

std::vector<Point> pointsOf(const Region &region) {
  std::vector<Point> points;
  for (const StridedBox &box : region.boxes())
    for (int64_t x = box.xLo; x < box.xHi; x += box.xStep)
      for (int64_t y = box.yLo; y < box.yHi; y += box.yStep)
        points.push_back({x, y});
  return points;
}

/// All routes of all phases; fails when a router would need two.
Fabric fabricOf(const KernelAnalysis &analysis) {
  Fabric fabric;
  for (const SubFlow &sub : analysis.subflows)
    for (const RouteEntry &route : sub.routes)
      for (Point point : pointsOf(route.pes)) {
        Ports ports{{route.rx.begin(), route.rx.end()},
                    {route.tx.begin(), route.tx.end()}};
        auto [it, added] = fabric.try_emplace({point, sub.color}, ports);
        EXPECT_EQ(it->second, ports) << "two routes at one PE";
      }
  return fabric;
}

/// Where an element comes out that `from` puts into its ramp.
std::set<Point> walk(const Fabric &fabric, Point from, int64_t color) {
  std::set<Point> delivered;
  std::deque<std::pair<Point, int64_t>> work{{from, 0}};
  for (int steps = 0; !work.empty(); ++steps) {
    EXPECT_LT(steps, 10000) << "routes go around in a circle";
    if (steps >= 10000)
      break;
    auto [point, in] = work.front();
    work.pop_front();
    auto it = fabric.find({point, color});
    if (it == fabric.end()) {
      ADD_FAILURE() << "no route at " << point.first << ", " << point.second;
      continue;
    }
    auto &[rx, tx] = it->second;
    EXPECT_TRUE(llvm::is_contained(rx, in)) << "port is not listened to";
    for (int64_t out : tx) {
      auto [x, y] = point;
      switch (out) {
      case 0:
        EXPECT_TRUE(delivered.insert(point).second) << "delivered twice";
        break;
      case 1:
        work.push_back({{x, y - 1}, 2});
        break;
      case 2:
        work.push_back({{x, y + 1}, 1});
        break;
      case 3:
        work.push_back({{x + 1, y}, 4});
        break;
      case 4:
        work.push_back({{x - 1, y}, 3});
        break;
      }
    }
  }
  return delivered;
}

struct RandomStream {
  StridedBox senders;
  int64_t dx = 0, dy = 0;
  int64_t first = 0; ///< nearest receiver of a multicast; 0: none
  bool alongX = false;
};

/// Offsets of the receivers.
std::vector<Point> offsetsOf(const RandomStream &stream) {
  if (!stream.first)
    return {{stream.dx, stream.dy}};
  std::vector<Point> offsets;
  int64_t last = stream.alongX ? stream.dx : stream.dy;
  int64_t sign = last > 0 ? 1 : -1;
  for (int64_t i = stream.first; i <= std::abs(last); ++i)
    offsets.push_back(
        {stream.alongX ? sign * i : 0, stream.alongX ? 0 : sign * i});
  return offsets;
}

std::string rangeText(int64_t lo, int64_t hi, int64_t step) {
  return std::to_string(lo) + ":" + std::to_string(hi) + ":" +
         std::to_string(step);
}

class RandomKernel {
public:
  explicit RandomKernel(unsigned seed) : random(seed) {}

  /// `phases` phases with up to three streams each; streams by (phase, name).
  std::string make(int phases);
  std::map<std::pair<unsigned, std::string>, RandomStream> streams;

private:
  int64_t upTo(int64_t n) { return static_cast<int64_t>(random() % n); }
  RandomStream makeStream();
  std::string declare(const std::string &name, const RandomStream &stream);
  std::mt19937 random;
};

constexpr int64_t size = 12; // of the grid; senders stay inside a margin of 3

RandomStream RandomKernel::makeStream() {
  RandomStream stream;
  int64_t xLo = 3 + upTo(5), yLo = 3 + upTo(5);
  stream.senders = {xLo, xLo + 1 + upTo(9 - xLo), 1 + upTo(3),
                    yLo, yLo + 1 + upTo(9 - yLo), 1 + upTo(3)};
  do {
    stream.dx = upTo(7) - 3;
    stream.dy = upTo(3) ? 0 : upTo(5) - 2;
  } while (stream.dx == 0 && stream.dy == 0);
  if (upTo(4) == 0) {
    stream.alongX = stream.dx != 0;
    (stream.alongX ? stream.dy : stream.dx) = 0;
    int64_t last = std::abs(stream.dx + stream.dy);
    stream.first = 1 + upTo(last);
  }
  return stream;
}

std::string RandomKernel::declare(const std::string &name,
                                  const RandomStream &stream) {
  if (!stream.first) {
    std::string hops;
    int64_t dx = stream.dx, dy = stream.dy;
    bool explicitHops = upTo(2) == 0;
    while (explicitHops && (dx != 0 || dy != 0)) {
      bool moveX = dy == 0 || (dx != 0 && upTo(2) == 0);
      int64_t step = (moveX ? dx : dy) > 0 ? 1 : -1;
      (moveX ? dx : dy) -= step;
      hops +=
          (hops.empty() ? "" : ", ") +
          (moveX ? std::to_string(step) + ", 0" : "0, " + std::to_string(step));
    }
    return test::stream(name, stream.dx, stream.dy,
                        explicitHops ? "hops [" + hops + "]" : "");
  }
  int64_t last = stream.dx + stream.dy, sign = last > 0 ? 1 : -1;
  std::string range =
      constant(sign * stream.first) + " to " + constant(last + sign);
  return "spada.stream \"" + name + "\" f32 offset(" +
         (stream.alongX ? range + ", %c0" : "%c0, " + range) + ")\n";
}

std::string RandomKernel::make(int phases) {
  std::string range = rangeText(0, size, 1);
  std::string text = place(range, range, field("v"));
  for (int p = 0; p < phases; ++p) {
    std::string declarations, computes;
    int64_t count = 1 + upTo(3);
    for (int64_t s = 0; s < count; ++s) {
      std::string name = "s" + std::to_string(s);
      RandomStream stream = makeStream();
      streams[{static_cast<unsigned>(p), name}] = stream;
      declarations += declare(name, stream);
      const StridedBox &b = stream.senders;
      computes +=
          compute(rangeText(b.xLo, b.xHi, b.xStep),
                  rangeText(b.yLo, b.yHi, b.yStep), awaitSend("v", name));
      // Receivers of several offsets may overlap; each PE gets one block.
      std::set<Point> receivers;
      for (int64_t x = b.xLo; x < b.xHi; x += b.xStep)
        for (int64_t y = b.yLo; y < b.yHi; y += b.yStep)
          for (auto [dx, dy] : offsetsOf(stream))
            receivers.insert({x + dx, y + dy});
      for (auto [x, y] : receivers)
        computes += compute(std::to_string(x), std::to_string(y),
                            awaitReceive("v", name));
    }
    text += phase(dataflow(range, range, declarations) + computes);
  }
  return text;
}

void expectRoutes(const KernelAnalysis &analysis, const RandomKernel &made) {
  Fabric fabric = fabricOf(analysis);
  // Sub-flows of one color that meet in one phase cannot be told apart.
  std::map<std::tuple<unsigned, Point, int64_t>, unsigned> holder;
  for (unsigned i = 0; i < analysis.subflows.size(); ++i) {
    const SubFlow &sub = analysis.subflows[i];
    const Flow &flow = analysis.flows[sub.flow];
    for (Point point : pointsOf(sub.pes)) {
      auto [it, added] = holder.try_emplace({flow.phase, point, sub.color}, i);
      EXPECT_EQ(it->second, i) << "two flows meet in one phase";
    }
    const RandomStream &stream = made.streams.at({flow.phase, flow.name});
    std::set<Point> reached;
    for (auto [x, y] : pointsOf(sub.senders)) {
      std::set<Point> expected;
      for (auto [dx, dy] : offsetsOf(stream))
        expected.insert({x + dx, y + dy});
      EXPECT_EQ(walk(fabric, {x, y}, sub.color), expected);
      for (Point point : expected)
        EXPECT_TRUE(reached.insert(point).second) << "two senders for one PE";
    }
    std::vector<Point> receivers = pointsOf(sub.receivers);
    EXPECT_EQ(reached, std::set<Point>(receivers.begin(), receivers.end()));
  }
}

void expectClasses(const KernelAnalysis &analysis, const RandomKernel &made) {
  int64_t total = 0;
  for (const PEClass &peClass : analysis.classes)
    total += pointsOf(peClass.region).size();
  EXPECT_EQ(total, analysis.width * analysis.height);
  for (unsigned i = 0; i < analysis.computes.size(); ++i) {
    const ComputeInfo &info = analysis.computes[i];
    for (auto [x, y] : pointsOf(info.region)) {
      auto index = analysis.classOf(x, y);
      ASSERT_TRUE(index);
      const PEClass &peClass = analysis.classes[*index];
      EXPECT_TRUE(llvm::is_contained(peClass.computes, info.representative));
      for (const StreamUse &use : peClass.uses) {
        const SubFlow &sub = analysis.subflows[use.subflow];
        const Region &end =
            use.role == Role::Send ? sub.senders : sub.receivers;
        EXPECT_TRUE(end.contains(x, y));
        EXPECT_TRUE(use.role == Role::Send ? peClass.outputQueue(sub.color)
                                           : peClass.inputQueue(sub.color));
      }
    }
  }
  (void)made;
}

TEST(RandomFlows, RoutesLeadFromEachSenderToItsReceivers) {
  Machine machine = machineNamed("wse2");
  // Queues and colors are not what this test is about.
  for (int64_t i = 0; i < 40; ++i) {
    machine.inputQueues.push_back(100 + i);
    machine.outputQueues.push_back(100 + i);
    machine.programColors.push_back(100 + i);
  }
  int analysed = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    RandomKernel made(seed);
    Kernel kernel(made.make(1 + seed % 4));
    ASSERT_TRUE(kernel.parsed()) << kernel.messages;
    auto result = kernel.analyzeFor(machine);
    // A multicast may reach one PE from two senders: no such program runs.
    if (mlir::failed(result)) {
      EXPECT_NE(kernel.messages.find("ambiguous edge"), std::string::npos)
          << kernel.messages;
      continue;
    }
    ++analysed;
    expectRoutes(*result, made);
    expectClasses(*result, made);
    if (::testing::Test::HasFailure())
      FAIL() << "seed " << seed;
  }
  EXPECT_GT(analysed, 40);
}

} // namespace
