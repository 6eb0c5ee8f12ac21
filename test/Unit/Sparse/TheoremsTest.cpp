//===- TheoremsTest.cpp - widths, evictions and growth --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Statements of docs/sparse.md beyond the bounds, each against an exhaustive
// search of its own.
//
//===----------------------------------------------------------------------===//

#include "Examples.h"
#include "spada/Analysis/Sparse/Orders.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <map>
#include <set>

using namespace spada::sparse;

namespace {

/// The pathwidth of the undirected graph: the least, over all sequences of
/// neurons, of the most neurons of a prefix with a neighbour behind it.
unsigned pathwidth(const Graph &graph) {
  uint32_t N = graph.neurons;
  std::vector<uint32_t> neighbours(N, 0);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    neighbours[graph.source[c]] |= 1u << graph.destination[c];
    neighbours[graph.destination[c]] |= 1u << graph.source[c];
  }
  std::vector<unsigned> best(1u << N, 99);
  best[0] = 0;
  for (uint32_t prefix = 0; prefix + 1 < best.size(); ++prefix)
    for (uint32_t v = 0; v < N; ++v) {
      uint32_t next = prefix | 1u << v;
      if (next == prefix)
        continue;
      unsigned open = 0;
      for (uint32_t u = 0; u < N; ++u)
        open += (next >> u & 1) && (neighbours[u] & ~next);
      best[next] = std::min(best[next], std::max(best[prefix], open));
    }
  return best.back();
}

// T4.
TEST(Theorems, WidthOfOneLayerIsPathwidthPlusOne) {
  std::mt19937 random(31);
  unsigned larger = 0, layers = 0;
  for (unsigned i = 0; i < 300; ++i) {
    Graph graph = randomSmall(random, 7, 12);
    unsigned width = *exactWidth(graph), least = pathwidth(graph) + 1;
    std::vector<uint32_t> level = levels(graph);
    bool isOneLayer = *std::max_element(level.begin(), level.end()) == 1;
    layers += isOneLayer;
    if (isOneLayer) {
      EXPECT_EQ(width, least);
    }
    EXPECT_GE(width, least);
    larger += width > least;
  }
  EXPECT_GT(layers, 5u);
  EXPECT_GT(larger, 0u);
}

// T5: numbers are topological here, and the span is that of the numbers.
TEST(Theorems, ShortSpansReachTheLowerBound) {
  std::mt19937 random(32);
  for (unsigned i = 0; i < 200; ++i) {
    Graph graph = randomSmall(random, 12, 40);
    uint32_t span = 0;
    for (uint64_t c = 0; c < graph.connections(); ++c)
      span = std::max(span, graph.destination[c] - graph.source[c]);
    EXPECT_EQ(simulate(graph, orderByNumber(graph), {span + 2}).total(),
              bounds(graph).lower);
  }
}

/// The fewest reads and the fewest reads and writes of a fixed order over all
/// choices of what to drop, values of neurons only.
std::pair<unsigned, unsigned>
bestEvictions(const Graph &graph, const Order &order, uint64_t values) {
  // States: values in fast memory, those of them that are not in slow memory.
  using State = std::pair<uint32_t, uint32_t>;
  using Cost = std::pair<unsigned, unsigned>; // least reads, least total
  std::map<State, Cost> states = {{{0, 0}, {0, 0}}};
  std::vector<uint64_t> last(graph.neurons, 0);
  uint32_t outputs = (1u << graph.neurons) - 1;
  for (uint64_t t = 0; t < order.size(); ++t) {
    last[graph.source[order[t]]] = last[graph.destination[order[t]]] = t;
    outputs &= ~(1u << graph.source[order[t]]);
  }
  auto relax = [](std::map<State, Cost> &into, State state, Cost cost) {
    auto [at, isNew] = into.insert({state, cost});
    if (!isNew)
      at->second = {std::min(at->second.first, cost.first),
                    std::min(at->second.second, cost.second)};
  };
  for (uint64_t t = 0; t < order.size(); ++t) {
    uint32_t to = 1u << graph.destination[order[t]];
    uint32_t ends = 1u << graph.source[order[t]] | to;
    std::map<State, Cost> next;
    for (auto &[state, cost] : states) {
      uint32_t others = state.first & ~ends;
      // Every subset of the others may stay.
      for (uint32_t stay = others;; stay = (stay - 1) & others) {
        uint32_t fast = stay | ends;
        if (uint64_t(__builtin_popcount(fast)) + 1 <= values) {
          unsigned writes = __builtin_popcount(state.second & others & ~stay);
          unsigned reads = __builtin_popcount(ends & ~state.first);
          uint32_t dirty = (state.second & fast) | to;
          // What is used for the last time goes; outputs are written.
          for (uint32_t v = 0; v < graph.neurons; ++v)
            if (last[v] == t && (fast >> v & 1)) {
              writes += (outputs & dirty) >> v & 1;
              fast &= ~(1u << v);
              dirty &= ~(1u << v);
            }
          relax(next, {fast, dirty},
                {cost.first + reads, cost.second + reads + writes});
        }
        if (stay == 0)
          break;
      }
    }
    states = std::move(next);
  }
  return states.at({0, 0});
}

// T11.
TEST(Theorems, FurthestFirstReadsLeastButNeedNotCostLeast) {
  std::mt19937 random(33);
  unsigned beaten = 0, cleaner = 0;
  for (unsigned i = 0; i < 400; ++i) {
    Graph graph = randomSmall(random, 7, 14);
    // Any legal order: always a random one of the connections that may come.
    Order order;
    std::vector<char> done(graph.connections(), 0);
    std::vector<uint32_t> missing(graph.neurons, 0);
    for (uint32_t v : graph.destination)
      ++missing[v];
    while (order.size() < graph.connections()) {
      uint64_t c = random() % graph.connections();
      if (done[c] || missing[graph.source[c]])
        continue;
      done[c] = 1;
      --missing[graph.destination[c]];
      order.push_back(c);
    }
    for (uint64_t values = 3; values <= 5; ++values) {
      auto [reads, total] = bestEvictions(graph, order, values);
      uint64_t W = graph.connections();
      IOCount io = simulate(graph, order, {values, Policy::MIN});
      EXPECT_EQ(io.reads - W, reads);
      EXPECT_GE(io.total() - W, total);
      beaten += io.total() - W > total;
      uint64_t clean =
          simulate(graph, order, {values, Policy::CleanFirst}).total();
      EXPECT_GE(clean - W, total);
      cleaner += clean < io.total();
    }
  }
  EXPECT_GT(beaten, 0u);
  EXPECT_GT(cleaner, 0u);
}

/// Compact growth: `capacity` values at once; each new neuron has up to
/// `degree` of them as sources.
Graph grow(std::mt19937 &random, uint32_t neurons, uint32_t capacity,
           uint32_t degree) {
  Graph graph;
  std::vector<uint32_t> held;
  for (uint32_t v = 0; v < capacity / 2; ++v)
    held.push_back(v);
  for (uint32_t v = held.size(); v < neurons; ++v) {
    if (held.size() == capacity) {
      held[random() % held.size()] = held.back();
      held.pop_back();
    }
    std::shuffle(held.begin(), held.end(), random);
    for (uint32_t i = 0; i < std::min<uint32_t>(degree, held.size()); ++i)
      graph.add(held[i], v);
    held.push_back(v);
  }
  graph.neurons = neurons;
  return withoutLoneNeurons(graph);
}

// T14, and the cliff below the capacity.
TEST(Theorems, CompactGrowthReachesTheLowerBound) {
  std::mt19937 random(34);
  Graph graph = grow(random, 2500, 99, 20);
  ASSERT_EQ(validate(graph), "");
  Order order = orderByNumber(graph);
  uint64_t lower = bounds(graph).lower;
  for (Policy policy :
       {Policy::MIN, Policy::LRU, Policy::FIFO, Policy::CleanFirst})
    EXPECT_EQ(simulate(graph, order, {100, policy}).total(), lower);
  EXPECT_GT(simulate(graph, order, {30}).total(), lower * 13 / 10);
  OrderKind kind;
  Order best = makeBestOrder(graph, {100}, false, &kind);
  EXPECT_EQ(simulate(graph, best, {100}).total(), lower);
}

/// Fewer neuron reads than `reads` need more than this: T8 with the exact
/// count of connections among k neurons.
uint64_t phaseBound(const Graph &graph, uint64_t values) {
  uint32_t N = graph.neurons;
  std::vector<uint64_t> among(N + 1, 0);
  for (uint32_t set = 0; set < 1u << N; ++set) {
    uint64_t inside = 0;
    for (uint64_t c = 0; c < graph.connections(); ++c)
      inside +=
          (set >> graph.source[c] & 1) && (set >> graph.destination[c] & 1);
    uint64_t &most = among[__builtin_popcount(set)];
    most = std::max(most, inside);
  }
  uint64_t best = 0, W = graph.connections();
  for (uint64_t length = 1; values - 1 + length <= N; ++length) {
    uint64_t most = among[values - 1 + length];
    if (most)
      best = std::max(best, length * ((W + most - 1) / most - 1) + 1);
  }
  return best;
}

// T8 with exact counts is valid, and what `lowerBound` uses is below it.
TEST(Theorems, StretchesOfReadsBoundReads) {
  std::mt19937 random(35);
  for (unsigned i = 0; i < 60; ++i) {
    Graph graph = randomSmall(random, 6, 10);
    Counts n = count(graph);
    for (uint64_t values = 3; values <= 5; ++values) {
      uint64_t bound = n.connections + phaseBound(graph, values) + n.outputs;
      EXPECT_LE(bound, *exactOptimum(graph, values));
      EXPECT_LE(lowerBound(graph, values), *exactOptimum(graph, values));
    }
    // T6.
    EXPECT_GE(*exactOptimum(graph, 3), 2 * n.connections + 1 + n.outputs);
  }
}

} // namespace
