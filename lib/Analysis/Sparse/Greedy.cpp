//===- Greedy.cpp - the order that fetches least at each step -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Orders.h"

#include <algorithm>
#include <deque>
#include <set>

using namespace spada::sparse;

namespace {
class Greedy {
public:
  Greedy(const Graph &graph, uint64_t kept)
      : graph(graph), in(Adjacency::into(graph)), out(Adjacency::outOf(graph)),
        kept(kept), absent(graph.neurons), missing(graph.neurons),
        touchedAt(graph.neurons, 0), isPresent(graph.neurons, 0),
        isReady(graph.neurons, 0) {}

  Order run();

private:
  /// The sources of `v` are finished.
  void makeReady(uint32_t v);
  void finish(uint32_t v);
  void process(uint32_t v);
  void touch(uint32_t v);
  void setPresent(uint32_t v, bool present);

  const Graph &graph;
  Adjacency in, out;
  uint64_t kept, clock = 0, countPresent = 0;
  /// For each neuron: sources that are not present, and not finished.
  std::vector<uint32_t> absent, missing;
  std::vector<uint64_t> touchedAt;
  std::vector<char> isPresent, isReady;
  /// Neurons that may be processed, by absent sources and number.
  std::set<std::pair<uint32_t, uint32_t>> ready;
  /// Touches by time; those of neurons that were touched later are void.
  std::deque<std::pair<uint64_t, uint32_t>> touches;
  Order order;
};
} // namespace

void Greedy::setPresent(uint32_t v, bool present) {
  if (bool(isPresent[v]) == present)
    return;
  isPresent[v] = present;
  countPresent += present ? 1 : -1;
  for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e) {
    uint32_t to = graph.destination[out.connection[e]];
    uint32_t before = absent[to];
    absent[to] += present ? -1 : 1;
    if (!isReady[to])
      continue;
    ready.erase({before, to});
    ready.insert({absent[to], to});
  }
}

void Greedy::touch(uint32_t v) {
  touchedAt[v] = ++clock;
  touches.push_back({clock, v});
  setPresent(v, true);
  while (countPresent > kept) {
    auto [time, oldest] = touches.front();
    touches.pop_front();
    if (touchedAt[oldest] == time)
      setPresent(oldest, false);
  }
}

void Greedy::makeReady(uint32_t v) {
  isReady[v] = 1;
  ready.insert({absent[v], v});
}

void Greedy::finish(uint32_t v) {
  for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e) {
    uint32_t to = graph.destination[out.connection[e]];
    if (--missing[to] == 0)
      makeReady(to);
  }
}

void Greedy::process(uint32_t v) {
  std::vector<uint64_t> own(in.connection.begin() + in.first[v],
                            in.connection.begin() + in.first[v + 1]);
  // Those with a present source first.
  std::sort(own.begin(), own.end(), [&](uint64_t a, uint64_t b) {
    return std::pair(!isPresent[graph.source[a]], a) <
           std::pair(!isPresent[graph.source[b]], b);
  });
  for (uint64_t c : own) {
    order.push_back(c);
    touch(graph.source[c]);
    touch(v);
  }
}

Order Greedy::run() {
  order.reserve(graph.connections());
  for (uint32_t v = 0; v < graph.neurons; ++v)
    absent[v] = missing[v] = in.degree(v);
  for (uint32_t v = 0; v < graph.neurons; ++v)
    if (in.degree(v) == 0)
      finish(v);
  while (!ready.empty()) {
    uint32_t v = ready.begin()->second;
    ready.erase(ready.begin());
    isReady[v] = 0;
    process(v);
    finish(v);
  }
  return std::move(order);
}

Order spada::sparse::orderGreedy(const Graph &graph, uint64_t values) {
  return Greedy(graph, values > 2 ? values - 2 : 1).run();
}
