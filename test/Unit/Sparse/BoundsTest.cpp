//===- BoundsTest.cpp - theorems against the exhaustive optimum -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Examples.h"
#include "spada/Analysis/Sparse/IO.h"

#include "gtest/gtest.h"

using namespace spada::sparse;

namespace {

class SmallNetworks : public testing::Test {
protected:
  template <typename Check> void forEach(unsigned count, Check check) {
    std::mt19937 random(7);
    for (unsigned i = 0; i < count; ++i)
      check(randomSmall(random, 6, 10));
  }
};

TEST_F(SmallNetworks, OptimumLiesBetweenTheBounds) {
  forEach(120, [](const Graph &graph) {
    for (uint64_t values = 3; values <= 6; ++values) {
      uint64_t optimum = *exactOptimum(graph, values);
      EXPECT_GE(optimum, bounds(graph).lower);
      EXPECT_LE(optimum, bounds(graph).upper);
      EXPECT_GE(optimum, lowerBound(graph, values));
    }
  });
}

TEST_F(SmallNetworks, BatchedOptimumLiesBetweenTheBounds) {
  forEach(60, [](const Graph &graph) {
    for (uint64_t values = 3; values <= 5; ++values) {
      uint64_t optimum = *exactOptimum(graph, values, 5);
      EXPECT_GE(optimum, bounds(graph, 5).lower);
      EXPECT_LE(optimum, bounds(graph, 5).upper);
    }
  });
}

TEST_F(SmallNetworks, MoreMemoryNeverCosts) {
  forEach(60, [](const Graph &graph) {
    uint64_t before = *exactOptimum(graph, 3);
    for (uint64_t values = 4; values <= 6; ++values) {
      uint64_t optimum = *exactOptimum(graph, values);
      EXPECT_LE(optimum, before);
      before = optimum;
    }
  });
}

TEST_F(SmallNetworks, LowerBoundIsReachedAtTheWidth) {
  forEach(120, [](const Graph &graph) {
    uint64_t width = *exactWidth(graph);
    EXPECT_LE(widthLowerBound(graph), width);
    EXPECT_GE(peakAlive(graph, byDestination(graph)), width);
    for (uint64_t values = 3; values <= 6; ++values)
      EXPECT_EQ(*exactOptimum(graph, values) == bounds(graph).lower,
                values >= width + 1);
  });
}

TEST_F(SmallNetworks, WithoutBiasesReadsStartAtTheInputs) {
  forEach(60, [](Graph graph) {
    graph.hasBias = false;
    for (uint64_t values = 3; values <= 5; ++values) {
      uint64_t optimum = *exactOptimum(graph, values);
      EXPECT_GE(optimum, bounds(graph).lower);
      EXPECT_LE(optimum,
                simulate(graph, byDestination(graph), {values}).total());
    }
  });
}

TEST_F(SmallNetworks, NoPolicyBeatsTheOptimumAndMinReadsLeast) {
  forEach(120, [](const Graph &graph) {
    Order order = byDestination(graph);
    for (uint64_t values = 3; values <= 6; ++values) {
      uint64_t optimum = *exactOptimum(graph, values);
      uint64_t least = simulate(graph, order, {values, Policy::MIN}).reads;
      for (Policy policy :
           {Policy::MIN, Policy::LRU, Policy::FIFO, Policy::CleanFirst}) {
        IOCount io = simulate(graph, order, {values, policy});
        EXPECT_GE(io.total(), optimum);
        EXPECT_GE(io.reads, least);
      }
    }
  });
}

// The order 0-1, 3-5, 0-5, 1-2, 0-2, 4-5 with four values: furthest-first pays
// twelve neurons' values, the best schedule ten.
TEST(Simulate, CleanVictimsCanBeatTheFurthest) {
  Graph graph;
  graph.neurons = 6;
  for (auto [from, to] :
       {std::pair(0, 1), {3, 5}, {0, 5}, {1, 2}, {0, 2}, {4, 5}})
    graph.add(from, to);
  Order order = {0, 1, 2, 3, 4, 5};
  ASSERT_EQ(checkOrder(graph, order), "");
  EXPECT_EQ(simulate(graph, order, {4, Policy::MIN}).total(), 6u + 12u);
}

// Published ratios of a 500-500-500-500 network of density 0.1 to its lower
// bound, for another random instance: within one in a hundred.
TEST(Simulate, LayersByDestinationCostWhatOthersFound) {
  std::mt19937 random(1);
  Graph graph = randomLayers(random, 4, 500, 0.1);
  ASSERT_EQ(validate(graph), "");
  Order order = byDestination(graph);
  double lower = bounds(graph).lower;
  const std::tuple<uint64_t, double, double> rows[] = {{10, 1.878, 1.974},
                                                       {30, 1.730, 1.972},
                                                       {100, 1.478, 1.822},
                                                       {300, 1.159, 1.421},
                                                       {1000, 1.000, 1.000}};
  for (auto [values, min, lru] : rows) {
    EXPECT_NEAR(simulate(graph, order, {values, Policy::MIN}).total() / lower,
                min, 0.01 * min);
    EXPECT_NEAR(simulate(graph, order, {values, Policy::LRU}).total() / lower,
                lru, 0.01 * lru);
  }
}

TEST(Simulate, BlocksOfOneValueAreValues) {
  std::mt19937 random(3);
  Graph graph = randomLayers(random, 3, 40, 0.2);
  Order order = byDestination(graph);
  uint64_t single = simulate(graph, order, {41, Policy::LRU, 1, 1}).total();
  uint64_t batched = simulate(graph, order, {41, Policy::LRU, 4, 1}).total();
  uint64_t W = graph.connections();
  EXPECT_EQ(batched - W, 4 * (single - W));
  // A block moves eight neighbours at once: more values, fewer moves.
  IOCount blocks = simulate(graph, order, {41, Policy::LRU, 1, 8});
  EXPECT_EQ((blocks.total() - W) % 8, 0u);
  EXPECT_LT((blocks.total() - W) / 8, single - W);
}

} // namespace
