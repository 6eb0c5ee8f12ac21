//===- Onnx.h - graphs of ONNX without protobuf -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the reader of the file hands to the builder of the network.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_ONNX_H
#define SPADA_FRONTENDS_NET_ONNX_H

#include "frontends/Net/Model.h"

#include <map>
#include <memory>

namespace spada::net::operators {

/// A tensor whose numbers the file holds. Sparse ones name the places of their
/// numbers; all others are zero.
struct Constant {
  std::vector<uint64_t> shape;
  Values values;
  bool isSparse = false;
  std::vector<uint64_t> places;

  uint64_t size() const {
    uint64_t count = 1;
    for (uint64_t extent : shape)
      count *= extent;
    return count;
  }
};
using ConstantPtr = std::shared_ptr<const Constant>;

struct Attribute {
  double real = 0;
  int64_t integer = 0;
  std::string text;
  std::vector<int64_t> integers;
  ConstantPtr constant;
};

struct Node {
  std::string name, op;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Attribute> attributes;

  /// "node 'fc1' (Gemm)".
  std::string describe() const;
  /// A name of an operand; empty if it is left out.
  std::string input(size_t i) const {
    return i < inputs.size() ? inputs[i] : std::string();
  }
  int64_t integer(const char *name, int64_t usual) const;
  double real(const char *name, double usual) const;
};

struct Input {
  std::string name;
  /// Extents without the first, which is the batch.
  std::vector<uint64_t> shape;
};

struct Graph {
  std::vector<Input> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, ConstantPtr> constants;
  std::vector<Node> nodes;
  uint64_t fileSize = 0;
};

/// Moves the values of `Constant` nodes to the other constants, and replaces
/// x / 2 * (1 + erf(x / sqrt 2)), as exporters write it, by `Gelu`.
void simplify(Graph &graph);

/// Makes a network of the graph's operators.
bool makeNetwork(const Graph &graph, const std::string &file, bool allowNaN,
                 Network &network, Error &error);

} // namespace spada::net::operators

#endif
