//===- Bounds.cpp - what no order can beat --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Bounds by counting, widths, and the exhaustive optimum that tests them.
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/IO.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>

using namespace spada::sparse;

Bounds spada::sparse::bounds(const Graph &graph, uint64_t batch) {
  Counts n = count(graph);
  uint64_t computed = n.neurons - n.inputs;
  // Without biases an accumulator costs no read.
  uint64_t firstReads = graph.hasBias ? n.neurons : n.inputs;
  uint64_t biasReads = graph.hasBias ? computed : 0;
  return {n.connections + batch * (firstReads + n.outputs),
          n.connections + batch * (n.connections + biasReads + computed)};
}

uint64_t spada::sparse::lowerBound(const Graph &graph, uint64_t values) {
  Counts n = count(graph);
  uint64_t best = bounds(graph).lower;
  if (!graph.hasBias || n.connections == 0)
    return best;
  // T6: with room for two neurons every connection loads one of them.
  if (values <= 3)
    best = std::max(best, 2 * n.connections + 1 + n.outputs);
  // T8: cut a schedule into stretches of `length` reads of neurons; each sees
  // at most `values - 1 + length` neurons and the connections among them.
  std::vector<uint64_t> degree(graph.neurons, 0);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    ++degree[graph.source[c]];
    ++degree[graph.destination[c]];
  }
  std::sort(degree.begin(), degree.end(), std::greater<>());
  std::vector<uint64_t> sum(graph.neurons + 1, 0);
  for (uint32_t v = 0; v < graph.neurons; ++v)
    sum[v + 1] = sum[v] + degree[v];
  for (uint64_t length = 1; values - 1 + length <= n.neurons; ++length) {
    uint64_t k = values - 1 + length;
    uint64_t among = std::min(sum[k] / 2, k * (k - 1) / 2);
    uint64_t stretches = (n.connections + among - 1) / among;
    best = std::max(best,
                    n.connections + length * (stretches - 1) + 1 + n.outputs);
  }
  return best;
}

uint64_t spada::sparse::peakAlive(const Graph &graph, const Order &order) {
  std::vector<uint64_t> left(graph.neurons, 0);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    ++left[graph.source[c]];
    ++left[graph.destination[c]];
  }
  std::vector<char> seen(graph.neurons, 0);
  uint64_t alive = 0, peak = 0;
  for (uint64_t c : order) {
    for (uint32_t v : {graph.source[c], graph.destination[c]}) {
      alive += !seen[v];
      seen[v] = 1;
    }
    peak = std::max(peak, alive);
    for (uint32_t v : {graph.source[c], graph.destination[c]})
      alive -= --left[v] == 0;
  }
  return peak;
}

namespace {
/// A small graph with sets of connections and neurons as bits.
struct SmallGraph {
  explicit SmallGraph(const Graph &graph)
      : graph(graph), into(graph.neurons, 0), touching(graph.neurons, 0) {
    for (uint64_t c = 0; c < graph.connections(); ++c) {
      into[graph.destination[c]] |= uint64_t(1) << c;
      touching[graph.source[c]] |= uint64_t(1) << c;
      touching[graph.destination[c]] |= uint64_t(1) << c;
    }
  }
  bool isReady(uint64_t c, uint64_t done) const {
    return (into[graph.source[c]] & ~done) == 0;
  }

  const Graph &graph;
  std::vector<uint64_t> into, touching; ///< sets of connections
};
} // namespace

std::optional<uint64_t> spada::sparse::exactWidth(const Graph &graph,
                                                  unsigned maxConnections) {
  uint64_t W = graph.connections();
  if (W > std::min(maxConnections, 24u))
    return std::nullopt;
  SmallGraph small(graph);
  constexpr uint8_t unreached = 255;
  // best[done]: the least peak on the way to having processed `done`.
  std::vector<uint8_t> best(uint64_t(1) << W, unreached);
  best[0] = 0;
  for (uint64_t done = 0; done + 1 < best.size(); ++done) {
    if (best[done] == unreached)
      continue;
    for (uint64_t c = 0; c < W; ++c) {
      uint64_t bit = uint64_t(1) << c;
      if ((done & bit) || !small.isReady(c, done))
        continue;
      uint8_t alive = 0;
      for (uint64_t touching : small.touching)
        alive += (touching & (done | bit)) && (touching & ~done);
      uint8_t &reached = best[done | bit];
      reached = std::min(reached, std::max(best[done], alive));
    }
  }
  return best.back();
}

uint64_t spada::sparse::widthLowerBound(const Graph &graph) {
  Adjacency in = Adjacency::into(graph), out = Adjacency::outOf(graph);
  std::vector<uint64_t> degree(graph.neurons);
  uint64_t largest = 0;
  for (uint32_t v = 0; v < graph.neurons; ++v) {
    degree[v] = in.degree(v) + out.degree(v);
    largest = std::max(largest, degree[v]);
  }
  // Take away a neuron of least degree again and again; the largest degree at
  // its removal is the degeneracy.
  std::vector<std::vector<uint32_t>> buckets(largest + 1);
  for (uint32_t v = 0; v < graph.neurons; ++v)
    buckets[degree[v]].push_back(v);
  std::vector<char> gone(graph.neurons, 0);
  uint64_t degeneracy = 0;
  for (uint64_t d = 0; d <= largest;) {
    if (buckets[d].empty()) {
      ++d;
      continue;
    }
    uint32_t v = buckets[d].back();
    buckets[d].pop_back();
    if (gone[v] || degree[v] != d)
      continue;
    gone[v] = 1;
    degeneracy = std::max(degeneracy, d);
    auto loosen = [&](uint32_t u) {
      if (gone[u])
        return;
      buckets[--degree[u]].push_back(u);
      d = std::min(d, degree[u]);
    };
    for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e)
      loosen(graph.source[in.connection[e]]);
    for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e)
      loosen(graph.destination[out.connection[e]]);
  }
  return degeneracy + 1;
}

std::optional<uint64_t> spada::sparse::exactOptimum(const Graph &graph,
                                                    uint64_t values,
                                                    uint64_t batch) {
  uint64_t W = graph.connections(), N = graph.neurons;
  if (W + 2 * N > 26)
    return std::nullopt;
  SmallGraph small(graph);
  uint32_t outputs = 0, stored = 0;
  for (uint32_t v = 0; v < N; ++v) {
    bool isOutput = true;
    for (uint64_t c = 0; c < W; ++c)
      isOutput &= graph.source[c] != v;
    outputs |= uint32_t(isOutput) << v;
    stored |= uint32_t(graph.hasBias || small.into[v] == 0) << v;
  }
  // A state: connections processed, neurons in fast memory, neurons whose copy
  // in slow memory is up to date. Moves cost 0 or 1 values of neurons.
  auto pack = [&](uint32_t done, uint32_t fast, uint32_t slow) {
    return done | fast << W | slow << (W + N);
  };
  constexpr uint16_t unreached = std::numeric_limits<uint16_t>::max();
  std::vector<uint16_t> cost(uint64_t(1) << (W + 2 * N), unreached);
  std::deque<std::pair<uint32_t, uint16_t>> queue;
  auto reach = [&](uint32_t state, uint16_t total, bool free) {
    if (total >= cost[state])
      return;
    cost[state] = total;
    if (free)
      queue.push_front({state, total});
    else
      queue.push_back({state, total});
  };
  reach(pack(0, 0, stored), 0, true);
  uint32_t allNeurons = (1u << N) - 1, allDone = (1u << W) - 1;
  while (!queue.empty()) {
    auto [state, total] = queue.front();
    queue.pop_front();
    if (total != cost[state])
      continue;
    uint32_t done = state & allDone, fast = state >> W & allNeurons,
             slow = state >> (W + N) & allNeurons;
    if (done == allDone && (outputs & ~slow) == 0)
      return W + batch * total;
    uint64_t used = __builtin_popcount(fast);
    for (uint32_t v = 0; v < N; ++v) {
      uint32_t bit = 1u << v;
      if (fast & bit) {
        reach(pack(done, fast & ~bit, slow), total, true);
        if (!(slow & bit))
          reach(pack(done, fast, slow | bit), total + 1, false);
      } else if (used < values && (slow & bit)) {
        reach(pack(done, fast | bit, slow), total + 1, false);
      } else if (used < values && !(small.touching[v] & done) &&
                 !graph.hasBias && small.into[v] != 0) {
        reach(pack(done, fast | bit, slow), total, true);
      }
    }
    if (used + 1 > values)
      continue;
    for (uint64_t c = 0; c < W; ++c) {
      uint32_t ends = 1u << graph.source[c] | 1u << graph.destination[c];
      if (!(done >> c & 1) && small.isReady(c, done) && (fast & ends) == ends)
        reach(pack(done | 1u << c, fast, slow & ~(1u << graph.destination[c])),
              total, true);
    }
  }
  return std::nullopt;
}
