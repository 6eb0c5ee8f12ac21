//===- RandomTest.cpp - random numbers and generators ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Random.h"
#include "frontends/Net/Readers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace spada::net;

TEST(RandomTest, IsTheSameEverywhere) {
  // The published sequence of SplitMix64 for seed 1234567.
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(RandomTest, FunctionsAreThoseOfTheLibrary) {
  for (double x = -50; x < 50; x += 0.37) {
    EXPECT_NEAR(expOf(x) / std::exp(x), 1, 1e-14) << x;
    double y = std::exp(x);
    EXPECT_NEAR(logOf(y), std::log(y), 1e-14 * (1 + std::fabs(x))) << y;
  }
  EXPECT_NEAR(logOf(1 - 1e-9), std::log1p(-1e-9), 1e-15);
}

TEST(RandomTest, NumbersAreSpreadEvenly) {
  Random random(3);
  std::vector<int> count(7, 0);
  for (int i = 0; i < 70000; ++i)
    ++count[random.below(7)];
  for (int each : count)
    EXPECT_NEAR(each, 10000, 400);
  double sum = 0, squares = 0;
  for (int i = 0; i < 100000; ++i) {
    double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 1e5, 0, 0.02);
  EXPECT_NEAR(squares / 1e5, 1, 0.02);
}

TEST(RandomTest, ShufflesEveryNumber) {
  Random random(9);
  std::vector<uint32_t> numbers = shuffled(1000, random);
  EXPECT_FALSE(std::is_sorted(numbers.begin(), numbers.end()));
  std::sort(numbers.begin(), numbers.end());
  for (uint32_t i = 0; i < 1000; ++i)
    EXPECT_EQ(numbers[i], i);
}

namespace {
Network make(const std::string &kind, const Parameters &parameters) {
  Network network;
  Error error;
  EXPECT_TRUE(generate(kind, parameters, Settings(), network, error))
      << error.message;
  return network;
}
} // namespace

TEST(GenerateTest, LargeChallengeNetworksShareTheirWeights) {
  Network network = make("radix", {{"neurons", "65536"}, {"layers", "3"}});
  EXPECT_EQ(network.countConnections(), 3u * 65536 * 32);
  for (const Layer &layer : network.layers) {
    ASSERT_TRUE(layer.weights.getSplat());
    EXPECT_EQ(*layer.weights.getSplat(), 1.0 / 16);
  }
  EXPECT_EQ(network.usualBias, -0.45);
}

TEST(GenerateTest, SeedsDecide) {
  Network a = make("random", {{"seed", "1"}}), b = make("random", {});
  Network c = make("random", {{"seed", "2"}});
  EXPECT_EQ(a.layers[0].columns, b.layers[0].columns);
  EXPECT_NE(a.layers[0].columns, c.layers[0].columns);
}

TEST(GenerateTest, EveryGeneratorWorksWithItsDefaults) {
  for (const Described &each : generators()) {
    Network network = make(each.name, {});
    EXPECT_GT(network.countConnections(), 0u) << each.name;
  }
}
