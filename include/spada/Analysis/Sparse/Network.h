//===- Network.h - sparse feed-forward networks -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The connections of a network as arrays, and orders of them. No values of
// neurons, no weights: what the theory of I/O needs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_SPARSE_NETWORK_H
#define SPADA_ANALYSIS_SPARSE_NETWORK_H

#include <cstdint>
#include <string>
#include <vector>

namespace spada::sparse {

/// A directed acyclic graph: connection `c` leads from neuron `source[c]` to
/// neuron `destination[c]`. Neurons without a connection into them are inputs,
/// those without one out of them outputs.
struct Graph {
  uint32_t neurons = 0;
  std::vector<uint32_t> source, destination;
  /// False: an accumulator starts at zero and its first touch reads nothing.
  bool hasBias = true;

  uint64_t connections() const { return source.size(); }
  void add(uint32_t from, uint32_t to) {
    source.push_back(from);
    destination.push_back(to);
  }
};

/// What is wrong with a graph: nothing, or one sentence that names the
/// connection by its index and its neurons.
std::string validate(const Graph &graph);

/// A connection on a cycle, in one sentence like those of `validate`; nothing
/// if the graph, whose ends must be in range, is acyclic.
std::string findCycle(const Graph &graph);

/// The graph without the neurons that no connection touches; `validate` does
/// not take them. \p kept  the old number of each neuron, if wanted.
Graph withoutLoneNeurons(const Graph &graph,
                         std::vector<uint32_t> *kept = nullptr);

/// Connections by one of their ends: those of neuron `v` are
/// `connection[first[v]] ... connection[first[v + 1] - 1]`, in the order of the
/// graph.
struct Adjacency {
  std::vector<uint64_t> first;
  std::vector<uint64_t> connection;

  static Adjacency into(const Graph &graph);
  static Adjacency outOf(const Graph &graph);
  uint64_t degree(uint32_t neuron) const {
    return first[neuron + 1] - first[neuron];
  }
};

/// W, N, I and S of a network.
struct Counts {
  uint64_t connections = 0, neurons = 0, inputs = 0, outputs = 0;
};
Counts count(const Graph &graph);

/// The length of the longest path from an input to each neuron; inputs have
/// level 0. Empty if the graph has a cycle.
std::vector<uint32_t> levels(const Graph &graph);

/// A sequence of all connections. Legal when each connection into a neuron
/// stands before every connection out of it.
using Order = std::vector<uint64_t>;

/// Why an order is not legal: nothing, or one sentence that names the first
/// connection in the wrong place.
std::string checkOrder(const Graph &graph, const Order &order);

/// Why an order, which must be legal, changes sums in floating point: nothing,
/// or one sentence that names the first connection which comes before one into
/// the same neuron with a smaller number.
std::string checkSums(const Graph &graph, const Order &order);

} // namespace spada::sparse

#endif
