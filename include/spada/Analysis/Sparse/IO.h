//===- IO.h - reads and writes of an order of connections -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Slow memory holds everything at the start: weights, values of inputs, biases.
// Fast memory holds M values. Processing a connection needs its weight, the
// finished value of its source and the accumulator of its destination in fast
// memory. Moving a value from slow to fast memory is a read, back a write;
// deleting and computing are free. The theorems that the comments name are
// proved and tested in docs/sparse.md.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_SPARSE_IO_H
#define SPADA_ANALYSIS_SPARSE_IO_H

#include "spada/Analysis/Sparse/Network.h"

#include <optional>

namespace spada::sparse {

/// Values moved in each direction. With a batch of Q inputs a neuron's value
/// counts Q, a weight 1; with blocks of B values a block counts B.
struct IOCount {
  uint64_t reads = 0, writes = 0;
  uint64_t total() const { return reads + writes; }
};

/// How a value to drop is chosen when fast memory is full.
enum class Policy {
  MIN,        ///< the one that is needed last (Belady)
  LRU,        ///< the one not used for longest
  FIFO,       ///< the one that came first
  CleanFirst, ///< MIN, but a value that must be written back only if it is
              ///< needed more than twice as late as any other
};

/// `MIN`, `LRU`, `FIFO`, `clean-first`.
const char *policyName(Policy policy);
std::optional<Policy> parsePolicy(const std::string &name);

struct Memory {
  /// M, in values of neurons (vectors of Q numbers); at least 3. One of them
  /// is the weight's.
  uint64_t values = 0;
  Policy policy = Policy::MIN;
  uint64_t batch = 1; ///< Q
  /// B: neighbouring values that move together; `values` is a multiple of it.
  uint64_t block = 1;
};

/// Reads and writes of processing `order`, which must be legal.
/// \p place  the position in slow memory of each neuron's value; empty: its
/// number. Matters for blocks only.
IOCount simulate(const Graph &graph, const Order &order, const Memory &memory,
                 const std::vector<uint32_t> &place = {});

/// Bounds of the least number of reads and writes over all orders, whatever M:
/// T1 and, for batches, T7.
struct Bounds {
  uint64_t lower = 0, upper = 0;
};
Bounds bounds(const Graph &graph, uint64_t batch = 1);

/// A lower bound that knows M: T6 (M = 3) and T8 with the counts of connections
/// among k neurons bounded by degrees; never below `bounds().lower`.
uint64_t lowerBound(const Graph &graph, uint64_t values);

/// The largest number of neurons that are alive at one step of an order: first
/// touched at or before it, last touched at or after it. The lower bound is
/// reached with `peak + 1` values (T3).
uint64_t peakAlive(const Graph &graph, const Order &order);

/// The least `peakAlive` over all legal orders; nothing for networks of more
/// than `maxConnections` connections (at most 24).
std::optional<uint64_t> exactWidth(const Graph &graph,
                                   unsigned maxConnections = 20);

/// The width is at least the degeneracy of the undirected graph plus one (T4).
uint64_t widthLowerBound(const Graph &graph);

/// The least number of reads and writes over all schedules, by exhaustive
/// search over 2^(W + 2N) states; nothing where that is more than 2^26.
std::optional<uint64_t> exactOptimum(const Graph &graph, uint64_t values,
                                     uint64_t batch = 1);

} // namespace spada::sparse

#endif
