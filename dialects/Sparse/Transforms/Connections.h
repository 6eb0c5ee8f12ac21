//===- Connections.h - networks as arrays that change -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPARSE_TRANSFORMS_CONNECTIONS_H
#define DIALECTS_SPARSE_TRANSFORMS_CONNECTIONS_H

#include "dialects/Sparse/IR/SparseDialect.h"
#include "spada/Analysis/Sparse/Network.h"

#include <optional>

namespace spada::sparse {

/// What neurons of one layer have in common.
struct LayerKind {
  Activation activation = Activation::None;
  std::optional<double> cap;
  mlir::Type weightType;
  mlir::Location location;
};

/// A network outside of the IR. Connections are sorted by destination; those
/// into a neuron are in the order of the network.
struct Connections {
  explicit Connections(NetworkOp network);

  /// Removes neurons (never inputs) and connections; those of removed neurons
  /// must be among them. Numbers change, `order` follows.
  void keep(const std::vector<char> &neurons,
            const std::vector<char> &connections);
  /// Replaces the body of `network`, its outputs and its order.
  void write(NetworkOp network) const;

  uint32_t neurons() const { return layerOf.size(); }
  bool isInput(uint32_t v) const { return v < inputs; }

  uint32_t inputs;
  std::vector<LayerKind> layers;
  /// By neuron; meaningless for inputs.
  std::vector<uint32_t> layerOf;
  std::vector<double> bias;
  /// Connections and their weights.
  Graph graph;
  std::vector<double> weight;
  std::vector<uint32_t> outputs;
  Order order; ///< empty: none
};

/// Neurons by level, those of one level by number.
std::vector<uint32_t> sortByLevel(const std::vector<uint32_t> &levels);

/// The value that `activation` gives, in the type of values.
double applyActivation(const LayerKind &kind, double sum, bool isSingle);

} // namespace spada::sparse

#endif
