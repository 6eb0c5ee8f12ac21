//===- Orders.h - orders of the connections of a network --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Constructions of legal orders, from the plain one that libraries use to those
// that share sources between destinations. All of them take valid graphs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_SPARSE_ORDERS_H
#define SPADA_ANALYSIS_SPARSE_ORDERS_H

#include "spada/Analysis/Sparse/IO.h"

namespace spada::sparse {

/// Neuron after neuron by level, each with all connections into it: a
/// compressed-row matrix, layer by layer. Within twice the lower bound for any
/// memory (T1).
Order orderByDestination(const Graph &graph);

/// Neuron after neuron by level, each with all connections out of it:
/// compressed columns. Its partial sums are written and read again.
Order orderBySource(const Graph &graph);

/// The destinations of a level in blocks of `size`; for each block every source
/// once, in directions that alternate from block to block (T12).
/// \p keepSums  keep the order of the connections into each neuron (by source
/// number), so that sums are equal bit for bit: no alternation.
Order orderBlocked(const Graph &graph, uint64_t size, bool keepSums = false);

/// Like `orderBlocked`, with blocks of destinations that share sources: a
/// greedy clustering of each level by the number of new sources.
Order orderClustered(const Graph &graph, uint64_t size, bool keepSums = false);

/// Destinations with equal lists of sources form a class; classes that share
/// sources follow each other, and each streams its sources once.
/// \p size  the most destinations at a time.
Order orderByClass(const Graph &graph, uint64_t size, bool keepSums = false);

/// Among the neurons whose sources are finished always the one with the fewest
/// sources absent from the `values - 2` neurons touched last; its present
/// sources first.
Order orderGreedy(const Graph &graph, uint64_t values);

/// Each neuron of an odd level with the connections into it and at once those
/// out of it, so that a hidden layer is never alive as a whole (T13).
Order orderStreaming(const Graph &graph);

/// Depth-first tiling: the outputs in tiles of `size` by number, each behind
/// all that it needs and that is not there yet, level by level. Where neurons
/// read their neighbours in the layer before, few of a layer are alive at a
/// time.
Order orderDepthFirst(const Graph &graph, uint64_t size);

/// Neuron by neuron in the order of numbers, as far as sources permit: always
/// the neuron with the smallest number whose sources are finished. The history
/// of a network that grew compactly, which reaches the lower bound (T14).
Order orderByNumber(const Graph &graph);

/// The greedy order takes a step for each pair of connections that follow each
/// other; false when they are too many to try it among others.
bool isGreedyQuick(const Graph &graph);

/// The constructions by name.
enum class OrderKind {
  Destination, ///< `destination`
  Source,      ///< `source`
  Blocked,     ///< `blocked`
  Clustered,   ///< `clustered`
  Class,       ///< `class`
  Greedy,      ///< `greedy`
  Streaming,   ///< `streaming`
  DepthFirst,  ///< `depth-first`
  Growth,      ///< `growth`
};

/// All kinds, in the order above.
const std::vector<OrderKind> &orderKinds();
const char *orderName(OrderKind kind);
std::optional<OrderKind> parseOrderKind(const std::string &name);

/// The order of a kind for a fast memory. Blocks have 0.9 (M - 2) destinations
/// under MIN and clean-first, 0.5 M under LRU and FIFO (T12), or `size` if that
/// is not 0; classes 16 (at most M - 2), or `size`; depth-first tiles one
/// output, or `size`.
/// \p keepSums  keep the order of the connections into each neuron, so that
/// sums are equal bit for bit. Empty when the kind cannot do that for this
/// graph.
Order makeOrder(const Graph &graph, OrderKind kind, const Memory &memory,
                uint64_t size = 0, bool keepSums = false);

/// The cheapest of all kinds in a simulation of `memory`; the plain one when
/// several are; `greedy` only where it is quick.
/// \p kind  which it is, if wanted
Order makeBestOrder(const Graph &graph, const Memory &memory,
                    bool keepSums = false, OrderKind *kind = nullptr);

} // namespace spada::sparse

#endif
