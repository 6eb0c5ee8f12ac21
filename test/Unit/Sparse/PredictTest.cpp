//===- PredictTest.cpp - predictions and choices of schedules -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Predict.h"
#include "Examples.h"

#include "gtest/gtest.h"

using namespace spada;
using namespace spada::sparse;

namespace {

TEST(Predict, CountsRowsOfEachCache) {
  std::mt19937 random(2);
  Graph graph = withoutLoneNeurons(randomLayers(random, 4, 100, 0.1));
  Order order = orderByDestination(graph);
  Host host = builtinHost();
  host.levelOneBytes = 64 * 4 * 50; // rows of 64 inputs
  host.levelTwoBytes = 64 * 4 * 150;
  host.levelThreeBytes = 64 * 4 * 1000; // all of them
  Prediction found = predict(graph, order, host, 128, 64);
  ASSERT_EQ(found.levels.size(), 3u);
  graph.hasBias = false;
  uint64_t W = graph.connections();
  for (auto [level, rows] : {std::pair(0, 50), {1, 150}, {2, 1000}}) {
    EXPECT_EQ(found.levels[level].rows, uint64_t(rows));
    uint64_t moved =
        simulate(graph, order, {uint64_t(rows), Policy::LRU}).total() - W;
    EXPECT_EQ(found.levels[level].rowBytes, double(moved) * 64 * 4);
  }
  EXPECT_EQ(found.levels[2].rowBytes, double(bounds(graph).lower - W) * 256);
  double tile = found.computeSeconds + found.rowSeconds + found.weightSeconds;
  EXPECT_DOUBLE_EQ(found.seconds, 2 * tile);
}

TEST(ChooseSchedule, SharesSourcesWhereCachesAreSmall) {
  std::mt19937 random(3);
  Graph graph = withoutLoneNeurons(randomLayers(random, 4, 500, 0.1));
  Host host = builtinHost();
  host.levelOneBytes = 8 << 10;
  host.levelTwoBytes = 32 << 10;
  Schedule chosen = chooseSchedule(graph, host, 256);
  EXPECT_TRUE(chosen.kind == OrderKind::Blocked ||
              chosen.kind == OrderKind::Clustered);
  EXPECT_LT(chosen.prediction.seconds, chosen.plain.seconds);
  EXPECT_EQ(chosen.tile % 16, 0u);
  // The order that it names is legal for the network.
  EXPECT_EQ(checkOrder(graph, makeOrder(graph, chosen.kind, chosen.memory)),
            "");
}

TEST(ChooseSchedule, LeavesNetworksAloneThatFitTheFirstCache) {
  std::mt19937 random(4);
  Graph graph = withoutLoneNeurons(randomLayers(random, 3, 20, 0.3));
  Schedule chosen = chooseSchedule(graph, builtinHost(), 16);
  EXPECT_EQ(chosen.kind, OrderKind::Destination);
  EXPECT_EQ(chosen.tile, 16u);
  EXPECT_EQ(chosen.prediction.seconds, chosen.plain.seconds);
}

TEST(ChooseSchedule, KeepsSumsIfTold) {
  std::mt19937 random(5);
  Graph graph = withoutLoneNeurons(randomLayers(random, 4, 300, 0.1));
  Host host = builtinHost();
  host.levelOneBytes = 8 << 10;
  Schedule chosen = chooseSchedule(graph, host, 64, true);
  Order order = makeOrder(graph, chosen.kind, chosen.memory, 0, true);
  EXPECT_EQ(checkOrder(graph, order), "");
  EXPECT_EQ(checkSums(graph, order), "");
}

TEST(Host, DescriptionsAreReadStrictly) {
  Host host;
  std::string error, text(builtinHostText());
  ASSERT_TRUE(parseHost(text, host, error)) << error;
  EXPECT_EQ(host.name, "host");
  EXPECT_EQ(host.lineBytes, 64);
  auto fails = [&](const std::string &from, const std::string &to,
                   const std::string &message) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    EXPECT_FALSE(parseHost(changed, host, error));
    EXPECT_EQ(error, "host description: " + message);
  };
  fails("lineBytes", "lines", "'lineBytes' is missing");
  fails("\"bytes\"", "\"words\"",
        "'lineBytes' has unit \"words\", expected \"bytes\"");
  fails("\"value\": 64", "\"value\": 0", "'lineBytes' is not positive");
  fails("\"value\": 64", "\"value\": \"64\"",
        "'lineBytes' has value \"64\", expected a number");
  fails("49152", "4194304", "a cache is larger than the next one");
  fails("{", "{\"more\": 1,", "unknown field 'more'");
  fails("}", "", "not a JSON object");
}

} // namespace
