//===- OnnxNetwork.h - operators of ONNX to layers --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_ONNXNETWORK_H
#define SPADA_FRONTENDS_NET_ONNXNETWORK_H

#include "frontends/Net/Onnx.h"

namespace spada::net::operators {

/// Sums of weighted neurons, one a row.
struct Linear {
  std::vector<int64_t> rows{0};
  std::vector<int32_t> columns;
  std::vector<double> weights, bias;

  uint64_t size() const { return rows.size() - 1; }
};

/// a + sign * b. A source that stands in a row again keeps one weight, the sum.
Linear addUp(const Linear &a, const Linear &b, double sign);

/// A tensor of the graph: neurons of the network, or sums that wait for what
/// follows them, perhaps with an activation.
struct Value {
  std::vector<uint64_t> shape; ///< without the batch
  unsigned uses = 0;
  bool isNeurons = false;
  std::vector<int32_t> neurons;
  Linear linear;
  std::optional<Function> function;

  uint64_t size() const { return isNeurons ? neurons.size() : linear.size(); }
};
using ValuePtr = std::shared_ptr<Value>;

/// Visits nodes in order and appends layers.
class Translator {
public:
  Translator(const Graph &graph, const std::string &file, bool allowNaN,
             Network &network, Error &error)
      : graph(graph), file(file), allowNaN(allowNaN), network(network),
        error(error), constants(graph.constants) {}
  bool run();

private:
  bool addInputs();
  bool addNode();
  bool addConstant(bool &isDone);
  bool finish();
  bool matMul();
  bool gemm();
  bool sum(double sign);
  bool product();
  bool normalize();
  bool activate();
  bool clip();
  bool concat();
  bool reshape();

  /// Operands and results of the node that is being visited.
  bool value(size_t operand, ValuePtr &value);
  bool isConstant(size_t operand) const {
    return constants.count(node->input(operand));
  }
  const Constant &constant(size_t operand) const {
    return *constants.at(node->input(operand));
  }
  bool vectorOf(size_t operand, uint64_t size, std::vector<double> &numbers);
  bool scalarOf(size_t operand, double usual, double &number);
  bool requireVector(const Value &value);
  bool refuse(const std::string &message, const std::string &hint = "");
  void give(ValuePtr result, bool isAlias = false);

  bool materialize(Value &value);
  /// The value as sums: its own if nobody else needs it, else of its neurons.
  bool take(const ValuePtr &value, Linear &linear);
  bool multiply(const std::vector<int32_t> &sources, const Constant &matrix,
                bool isTransposed, double scale, Linear &linear);
  bool checkSize(uint64_t moreNeurons, uint64_t moreConnections);

  const Graph &graph;
  const std::string &file;
  bool allowNaN;
  Network &network;
  Error &error;
  std::map<std::string, ConstantPtr> constants;
  std::map<std::string, ValuePtr> values;
  std::map<std::string, unsigned> uses;
  const Node *node = nullptr;
  uint64_t neuronCount = 0, connectionCount = 0;
};

} // namespace spada::net::operators

#endif
