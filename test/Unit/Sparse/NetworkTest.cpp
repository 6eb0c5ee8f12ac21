//===- NetworkTest.cpp - checks of networks and orders --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Examples.h"

#include "gtest/gtest.h"

using namespace spada::sparse;

namespace {

Graph graphOf(uint32_t neurons,
              std::initializer_list<std::pair<uint32_t, uint32_t>> list) {
  Graph graph;
  graph.neurons = neurons;
  for (auto [from, to] : list)
    graph.add(from, to);
  return graph;
}

TEST(Validate, NamesTheConnection) {
  EXPECT_EQ(validate(graphOf(3, {{0, 1}, {1, 2}})), "");
  EXPECT_EQ(validate(graphOf(3, {{0, 1}, {1, 3}})),
            "connection 1 (1 -> 3) names neuron 3, but the network has 3");
  EXPECT_EQ(validate(graphOf(2, {{0, 1}, {1, 1}})),
            "connection 1 (1 -> 1) leads from a neuron to itself");
  EXPECT_EQ(validate(graphOf(3, {{0, 1}})), "neuron 2 has no connection");
  EXPECT_EQ(validate(graphOf(3, {{0, 2}, {1, 2}, {0, 2}})),
            "connection 2 (0 -> 2) repeats connection 0");
  EXPECT_EQ(validate(graphOf(4, {{0, 1}, {1, 2}, {2, 3}, {3, 1}})),
            "connection 1 (1 -> 2) is part of a cycle");
}

TEST(Levels, AreLongestPaths) {
  EXPECT_EQ(levels(graphOf(4, {{0, 1}, {1, 2}, {0, 2}, {2, 3}, {0, 3}})),
            (std::vector<uint32_t>{0, 1, 2, 3}));
  EXPECT_TRUE(levels(graphOf(2, {{0, 1}, {1, 0}})).empty());
}

TEST(CheckOrder, NamesTheFirstConnectionInTheWrongPlace) {
  Graph graph = graphOf(3, {{0, 1}, {1, 2}, {0, 2}});
  EXPECT_EQ(checkOrder(graph, {0, 1, 2}), "");
  EXPECT_EQ(checkOrder(graph, {2, 0, 1}), "");
  EXPECT_EQ(checkOrder(graph, {1, 0, 2}),
            "entry 0 of the order, connection 1 (1 -> 2), comes before 1 "
            "connections into its source");
  EXPECT_EQ(checkOrder(graph, {0, 0, 2}),
            "entry 1 of the order repeats connection 0 (0 -> 1)");
  EXPECT_EQ(checkOrder(graph, {0, 1}),
            "the order has 2 entries, but the network has 3 connections");
  EXPECT_EQ(checkOrder(graph, {0, 1, 3}),
            "entry 2 of the order names connection 3, but the network has 3");
}

} // namespace
