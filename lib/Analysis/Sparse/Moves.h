//===- Moves.h - changes that annealing tries -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_SPARSE_MOVES_H
#define LIB_ANALYSIS_SPARSE_MOVES_H

#include "Incremental.h"

#include <optional>

namespace spada::sparse {

/// A small generator of random numbers, the same on every machine.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }
  /// A number below `limit`, which is far below 2^64.
  uint64_t below(uint64_t limit) {
    return uint64_t((unsigned __int128)next() * limit >> 64);
  }
  double real() { return double(next() >> 11) * 0x1p-53; }

  uint64_t state;
};

/// Proposes a random change of an order.
class Moves {
public:
  Moves(const Graph &graph, IncrementalCost &cost, Random &random)
      : graph(graph), cost(cost), random(random) {}

  /// False if the change is not legal or none: nothing has happened.
  bool propose();

private:
  bool slideConnection();
  bool slideRun();
  bool swapDestinations();
  struct Span {
    uint64_t first, last;
  };
  /// A step of `span` with the source of `c`, the nearest; else its last.
  uint64_t beside(uint32_t c, Span span) const;
  /// The step beside a neighbouring use of one of its neurons, if near.
  std::optional<uint64_t> besideNeighbour(uint32_t c);
  /// Rotates so that `[first, middle)` stands behind `[middle, last)`.
  bool rotate(uint64_t first, uint64_t middle, uint64_t last);
  /// The first and the last step that connection `c` may move to while others
  /// keep their order.
  uint64_t earliest(uint32_t c) const;
  uint64_t latest(uint32_t c) const;

  const Graph &graph;
  IncrementalCost &cost;
  Random &random;
  std::vector<uint32_t> window;
  std::vector<std::pair<uint64_t, uint32_t>> keyed;
};

} // namespace spada::sparse

#endif
