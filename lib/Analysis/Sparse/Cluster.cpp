//===- Cluster.cpp - orders by shared sources -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Both orders choose which destinations of a level follow each other by the
// sources that they share. An index from sources to destinations makes the cost
// of a choice depend on what is shared, not on the size of the level.
//
//===----------------------------------------------------------------------===//

#include "Levels.h"
#include "spada/Analysis/Sparse/Orders.h"

#include <algorithm>

using namespace spada::sparse;

namespace {

/// Items of a level (destinations, or classes of them), each with a set of
/// sources; which item shares most with those of the current block.
class Sharing {
public:
  /// \p sources  sorted sources of each item
  Sharing(uint32_t neurons, std::vector<std::vector<uint32_t>> sources)
      : sources(std::move(sources)), users(neurons),
        shared(this->sources.size(), 0), taken(this->sources.size(), 0),
        inBlock(neurons, 0) {
    for (uint32_t item = 0; item < this->sources.size(); ++item)
      for (uint32_t source : this->sources[item])
        users[source].push_back(item);
  }

  /// Forgets the sources of the block.
  void startBlock() {
    for (uint32_t source : block)
      inBlock[source] = 0;
    for (uint32_t item : touched)
      shared[item] = 0;
    block.clear();
    touched.clear();
  }

  void take(uint32_t item) {
    taken[item] = 1;
    for (uint32_t source : sources[item]) {
      if (inBlock[source])
        continue;
      inBlock[source] = 1;
      block.push_back(source);
      for (uint32_t user : users[source])
        if (!taken[user] && shared[user]++ == 0)
          touched.push_back(user);
    }
  }

  /// The item with the fewest new sources less shared ones among those that
  /// share any, else the first one left; -1 when all are taken.
  int64_t best() {
    std::erase_if(touched, [&](uint32_t item) { return taken[item] != 0; });
    int64_t best = -1, bestKey = 0;
    for (uint32_t item : touched) {
      int64_t key = int64_t(sources[item].size()) - 2 * int64_t(shared[item]);
      if (best < 0 || key < bestKey || (key == bestKey && item < best)) {
        best = item;
        bestKey = key;
      }
    }
    if (best >= 0)
      return best;
    while (next < taken.size() && taken[next])
      ++next;
    return next < taken.size() ? int64_t(next) : -1;
  }

private:
  std::vector<std::vector<uint32_t>> sources, users;
  std::vector<uint32_t> shared;
  std::vector<char> taken, inBlock;
  /// Sources of the block; items not taken that use one of them.
  std::vector<uint32_t> block, touched;
  uint32_t next = 0;
};

} // namespace

static std::vector<uint32_t> sortedSources(const Graph &graph,
                                           const Adjacency &into, uint32_t v) {
  std::vector<uint32_t> sources;
  for (uint64_t e = into.first[v]; e < into.first[v + 1]; ++e)
    sources.push_back(graph.source[into.connection[e]]);
  std::sort(sources.begin(), sources.end());
  return sources;
}

Order spada::sparse::orderClustered(const Graph &graph, uint64_t size,
                                    bool keepSums) {
  LevelLists lists(graph);
  Order order;
  order.reserve(graph.connections());
  BlockWriter writer(graph, lists.into, order, keepSums);
  for (uint64_t level = 1; level < lists.neurons.size(); ++level) {
    const std::vector<uint32_t> &neurons = lists.neurons[level];
    std::vector<std::vector<uint32_t>> sources;
    for (uint32_t v : neurons)
      sources.push_back(sortedSources(graph, lists.into, v));
    Sharing sharing(graph.neurons, std::move(sources));
    std::vector<uint32_t> block;
    for (int64_t item = sharing.best(); item >= 0; item = sharing.best()) {
      sharing.take(item);
      block.push_back(neurons[item]);
      if (block.size() < size)
        continue;
      writer.write(block.data(), block.data() + block.size());
      block.clear();
      sharing.startBlock();
    }
    writer.write(block.data(), block.data() + block.size());
  }
  return order;
}

Order spada::sparse::orderByClass(const Graph &graph, uint64_t size,
                                  bool keepSums) {
  LevelLists lists(graph);
  Order order;
  order.reserve(graph.connections());
  BlockWriter writer(graph, lists.into, order, keepSums);
  for (uint64_t level = 1; level < lists.neurons.size(); ++level) {
    // Neurons with equal sources become neighbours.
    std::vector<std::pair<std::vector<uint32_t>, uint32_t>> neurons;
    for (uint32_t v : lists.neurons[level])
      neurons.push_back({sortedSources(graph, lists.into, v), v});
    std::sort(neurons.begin(), neurons.end());
    std::vector<std::vector<uint32_t>> sources, members;
    for (auto &[list, v] : neurons) {
      if (sources.empty() || sources.back() != list) {
        sources.push_back(std::move(list));
        members.emplace_back();
      }
      members.back().push_back(v);
    }
    Sharing sharing(graph.neurons, std::move(sources));
    for (int64_t item = sharing.best(); item >= 0; item = sharing.best()) {
      sharing.startBlock();
      sharing.take(item);
      const std::vector<uint32_t> &block = members[item];
      for (uint64_t i = 0; i < block.size(); i += size)
        writer.write(block.data() + i,
                     block.data() + std::min<uint64_t>(block.size(), i + size));
    }
  }
  return order;
}
