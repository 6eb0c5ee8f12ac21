//===- Levels.h - what constructions of orders share ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_SPARSE_LEVELS_H
#define LIB_ANALYSIS_SPARSE_LEVELS_H

#include "spada/Analysis/Sparse/Network.h"

namespace spada::sparse {

/// The neurons of each level by number, and the connections into each.
struct LevelLists {
  explicit LevelLists(const Graph &graph);

  std::vector<std::vector<uint32_t>> neurons;
  Adjacency into;
};

/// Appends blocks of destinations to an order, source by source.
class BlockWriter {
public:
  BlockWriter(const Graph &graph, const Adjacency &into, Order &order,
              bool keepSums)
      : graph(graph), into(into), order(order), keepSums(keepSums) {}

  /// All connections into the neurons of `[begin, end)`, whose sources are
  /// finished.
  void write(const uint32_t *begin, const uint32_t *end);

private:
  const Graph &graph;
  const Adjacency &into;
  Order &order;
  bool keepSums, backwards = false;
  std::vector<uint64_t> connections;
};

} // namespace spada::sparse

#endif
