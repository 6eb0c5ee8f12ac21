//===- Orders.cpp - orders without search ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/Orders.h"
#include "Levels.h"
#include "StepSet.h"

#include <algorithm>

using namespace spada::sparse;

LevelLists::LevelLists(const Graph &graph) : into(Adjacency::into(graph)) {
  std::vector<uint32_t> level = levels(graph);
  uint32_t deepest = 0;
  for (uint32_t l : level)
    deepest = std::max(deepest, l);
  neurons.resize(deepest + 1);
  for (uint32_t v = 0; v < graph.neurons; ++v)
    neurons[level[v]].push_back(v);
}

Order spada::sparse::orderByDestination(const Graph &graph) {
  LevelLists lists(graph);
  Order order;
  order.reserve(graph.connections());
  for (const std::vector<uint32_t> &level : lists.neurons)
    for (uint32_t v : level)
      for (uint64_t e = lists.into.first[v]; e < lists.into.first[v + 1]; ++e)
        order.push_back(lists.into.connection[e]);
  return order;
}

Order spada::sparse::orderBySource(const Graph &graph) {
  LevelLists lists(graph);
  Adjacency out = Adjacency::outOf(graph);
  Order order;
  order.reserve(graph.connections());
  for (const std::vector<uint32_t> &level : lists.neurons)
    for (uint32_t v : level)
      for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e)
        order.push_back(out.connection[e]);
  return order;
}

Order spada::sparse::orderDepthFirst(const Graph &graph, uint64_t size) {
  Adjacency in = Adjacency::into(graph), out = Adjacency::outOf(graph);
  std::vector<uint32_t> level = levels(graph), outputs, tile;
  for (uint32_t v = 0; v < graph.neurons; ++v)
    if (out.degree(v) == 0)
      outputs.push_back(v);
  std::vector<char> found(graph.neurons, 0);
  Order order;
  order.reserve(graph.connections());
  for (uint64_t i = 0; i < outputs.size(); i += size) {
    tile.clear();
    auto take = [&](uint32_t v) {
      if (!found[v])
        tile.push_back(v);
      found[v] = 1;
    };
    for (uint64_t j = i; j < std::min<uint64_t>(i + size, outputs.size()); ++j)
      take(outputs[j]);
    // The tile grows while it is walked.
    for (uint64_t j = 0; j < tile.size(); ++j)
      for (uint32_t v = tile[j], e = 0; e < in.degree(v); ++e)
        take(graph.source[in.connection[in.first[v] + e]]);
    std::sort(tile.begin(), tile.end(), [&](uint32_t a, uint32_t b) {
      return std::pair(level[a], a) < std::pair(level[b], b);
    });
    for (uint32_t v : tile)
      order.insert(order.end(), in.connection.begin() + in.first[v],
                   in.connection.begin() + in.first[v + 1]);
  }
  return order;
}

Order spada::sparse::orderByNumber(const Graph &graph) {
  Adjacency in = Adjacency::into(graph), out = Adjacency::outOf(graph);
  std::vector<uint32_t> missing(graph.neurons, 0);
  for (uint32_t v : graph.destination)
    ++missing[v];
  StepSet ready(graph.neurons);
  for (uint32_t v = 0; v < graph.neurons; ++v)
    if (missing[v] == 0)
      ready.insert(v);
  Order order;
  order.reserve(graph.connections());
  while (!ready.empty()) {
    uint32_t v = ready.first();
    ready.erase(v);
    for (uint64_t e = in.first[v]; e < in.first[v + 1]; ++e)
      order.push_back(in.connection[e]);
    for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e)
      if (uint32_t to = graph.destination[out.connection[e]];
          --missing[to] == 0)
        ready.insert(to);
  }
  return order;
}

void BlockWriter::write(const uint32_t *begin, const uint32_t *end) {
  connections.clear();
  for (const uint32_t *v = begin; v != end; ++v)
    for (uint64_t e = into.first[*v]; e < into.first[*v + 1]; ++e)
      connections.push_back(into.connection[e]);
  auto key = [&](uint64_t c) {
    return std::pair(graph.source[c], graph.destination[c]);
  };
  std::sort(connections.begin(), connections.end(),
            [&](uint64_t a, uint64_t b) {
              return backwards ? key(b) < key(a) : key(a) < key(b);
            });
  order.insert(order.end(), connections.begin(), connections.end());
  backwards = !backwards && !keepSums;
}

Order spada::sparse::orderBlocked(const Graph &graph, uint64_t size,
                                  bool keepSums) {
  LevelLists lists(graph);
  Order order;
  order.reserve(graph.connections());
  BlockWriter writer(graph, lists.into, order, keepSums);
  for (const std::vector<uint32_t> &level : lists.neurons)
    for (uint64_t i = 0; i < level.size(); i += size)
      writer.write(level.data() + i,
                   level.data() + std::min<uint64_t>(level.size(), i + size));
  return order;
}

Order spada::sparse::orderStreaming(const Graph &graph) {
  LevelLists lists(graph);
  Adjacency out = Adjacency::outOf(graph);
  Order order;
  order.reserve(graph.connections());
  std::vector<char> done(graph.connections(), 0);
  auto add = [&](uint64_t c) {
    if (!done[c])
      order.push_back(c);
    done[c] = 1;
  };
  for (uint64_t level = 1; level < lists.neurons.size(); ++level)
    for (uint32_t v : lists.neurons[level]) {
      for (uint64_t e = lists.into.first[v]; e < lists.into.first[v + 1]; ++e)
        add(lists.into.connection[e]);
      if (level % 2 == 1)
        for (uint64_t e = out.first[v]; e < out.first[v + 1]; ++e)
          add(out.connection[e]);
    }
  return order;
}
