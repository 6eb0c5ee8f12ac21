//===- Examples.h - networks for tests ----------------------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef TEST_UNIT_SPARSE_EXAMPLES_H
#define TEST_UNIT_SPARSE_EXAMPLES_H

#include "spada/Analysis/Sparse/Network.h"

#include <random>

namespace spada::sparse {

/// A valid network of at most `neurons` neurons and `connections` connections,
/// with connections that skip levels.
inline Graph randomSmall(std::mt19937 &random, uint32_t neurons,
                         uint64_t connections) {
  for (;;) {
    Graph graph;
    graph.neurons = 3 + random() % (neurons - 2);
    for (uint32_t from = 0; from < graph.neurons; ++from)
      for (uint32_t to = from + 1; to < graph.neurons; ++to)
        if (random() % 2 && graph.connections() < connections)
          graph.add(from, to);
    if (validate(graph).empty())
      return graph;
  }
}

/// Layers of `width` neurons; each pair of neighbours is joined with
/// probability `density`.
inline Graph randomLayers(std::mt19937 &random, uint32_t layers, uint32_t width,
                          double density) {
  std::bernoulli_distribution joined(density);
  Graph graph;
  graph.neurons = layers * width;
  for (uint32_t layer = 0; layer + 1 < layers; ++layer)
    for (uint32_t from = 0; from < width; ++from)
      for (uint32_t to = 0; to < width; ++to)
        if (joined(random))
          graph.add(layer * width + from, (layer + 1) * width + to);
  return graph;
}

/// Each neuron's connections after one another, in the order of neurons, which
/// must be topological.
inline Order byDestination(const Graph &graph) {
  return Adjacency::into(graph).connection;
}

} // namespace spada::sparse

#endif
