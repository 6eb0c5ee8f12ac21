//===- OnnxNetwork.cpp - operators of ONNX to layers ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A tensor stays a set of weighted sums as long as only linear operators
// follow; an activation, or a second reader, makes it a layer of neurons.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/OnnxNetwork.h"

#include "frontends/Net/Matrix.h"

#include <algorithm>
#include <cmath>

using namespace spada::net;
using namespace spada::net::operators;

std::string Node::describe() const {
  if (!name.empty())
    return "node " + quote(name) + " (" + op + ")";
  return "the node of " + (outputs.empty() ? "nothing" : quote(outputs[0])) +
         " (" + op + ")";
}

int64_t Node::integer(const char *name, int64_t usual) const {
  auto it = attributes.find(name);
  return it == attributes.end() ? usual : it->second.integer;
}

double Node::real(const char *name, double usual) const {
  auto it = attributes.find(name);
  return it == attributes.end() ? usual : it->second.real;
}

bool Translator::refuse(const std::string &message, const std::string &hint) {
  return fail(error, file, node->describe() + " " + message, hint);
}

/// Small files cannot ask for much memory, by using a tensor again and again.
bool Translator::checkSize(uint64_t moreNeurons, uint64_t moreConnections) {
  constexpr uint64_t free = 1 << 24, perByte = 64;
  neuronCount += moreNeurons;
  connectionCount += moreConnections;
  if (connectionCount > free + perByte * graph.fileSize)
    return fail(error, file,
                "the network has more than " +
                    std::to_string(free + perByte * graph.fileSize) +
                    " connections, too many for a model of " +
                    std::to_string(graph.fileSize) + " bytes");
  return checkNeurons(neuronCount, graph.fileSize, file, error);
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

bool Translator::value(size_t operand, ValuePtr &value) {
  std::string name = node->input(operand);
  if (name.empty())
    return refuse("lacks operand " + std::to_string(operand));
  if (constants.count(name))
    return refuse("has the constant " + quote(name) + " as operand " +
                      std::to_string(operand),
                  "a tensor that depends on the input is expected");
  auto it = values.find(name);
  if (it != values.end()) {
    value = it->second;
    return true;
  }
  for (const Node &other : graph.nodes)
    for (const std::string &output : other.outputs)
      if (output == name)
        return refuse("uses " + quote(name) + " before " + other.describe() +
                          " gives it",
                      "nodes stand in topological order, and a feed-forward "
                      "network has no cycles");
  return refuse("uses " + quote(name) + ", which no node gives");
}

/// A constant with one number for each of `size` neurons, or one for all.
bool Translator::vectorOf(size_t operand, uint64_t size,
                          std::vector<double> &numbers) {
  if (!isConstant(operand))
    return refuse("needs a constant as operand " + std::to_string(operand));
  const Constant &from = constant(operand);
  bool isRow = from.size() == 1 ||
               (!from.shape.empty() && from.shape.back() == from.size());
  if (from.isSparse || !isRow || (from.size() != size && from.size() != 1)) {
    std::string shape;
    for (uint64_t extent : from.shape)
      shape += (shape.empty() ? "" : " x ") + std::to_string(extent);
    return refuse("has " + quote(node->input(operand)) + " of shape " +
                  (shape.empty() ? "1" : shape) + " for " +
                  std::to_string(size) + " neurons");
  }
  numbers.resize(size);
  for (uint64_t i = 0; i < size; ++i)
    numbers[i] = from.values[from.size() == 1 ? 0 : i];
  return true;
}

bool Translator::scalarOf(size_t operand, double usual, double &number) {
  number = usual;
  if (node->input(operand).empty())
    return true;
  std::vector<double> numbers;
  if (!vectorOf(operand, 1, numbers))
    return false;
  number = numbers[0];
  return true;
}

bool Translator::requireVector(const Value &value) {
  return value.shape.size() == 1 ||
         refuse("has an operand with " +
                    std::to_string(value.shape.size() + 1) + " dimensions",
                "two are expected, the batch and the neurons; flatten it");
}

void Translator::give(ValuePtr result, bool isAlias) {
  const std::string &name = node->outputs[0];
  auto it = uses.find(name);
  unsigned count = it == uses.end() ? 0 : it->second;
  result->uses = isAlias ? result->uses + count - std::min(1u, count) : count;
  values[name] = std::move(result);
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

/// Makes a layer of the sums.
bool Translator::materialize(Value &value) {
  if (value.isNeurons)
    return true;
  Linear &linear = value.linear;
  uint64_t first = network.countNeurons(), size = linear.size();
  if (!checkSize(size, linear.columns.size()))
    return false;
  Layer layer;
  layer.neurons = size;
  layer.function = value.function.value_or(Function{Activation::None, {}});
  layer.bias.reserve(size);
  layer.weights.reserve(linear.weights.size());
  for (double bias : linear.bias)
    layer.bias.push(bias);
  for (double weight : linear.weights)
    layer.weights.push(weight);
  layer.rows = std::move(linear.rows);
  layer.columns = std::move(linear.columns);
  network.layers.push_back(std::move(layer));
  value.linear = Linear();
  value.function.reset();
  value.isNeurons = true;
  for (uint64_t i = 0; i < size; ++i)
    value.neurons.push_back(int32_t(first + i));
  return true;
}

bool Translator::take(const ValuePtr &value, Linear &linear) {
  bool isOwn = !value->isNeurons && !value->function && value->uses <= 1;
  if (isOwn) {
    linear = std::move(value->linear);
    value->linear = Linear();
    return true;
  }
  if (!materialize(*value))
    return false;
  linear.columns = value->neurons;
  linear.weights.assign(value->neurons.size(), 1);
  linear.bias.assign(value->neurons.size(), 0);
  for (uint64_t i = 0; i < value->neurons.size(); ++i)
    linear.rows.push_back(int64_t(i + 1));
  return true;
}

/// x * W, or x * W^T.
bool Translator::multiply(const std::vector<int32_t> &sources,
                          const Constant &matrix, bool isTransposed,
                          double scale, Linear &linear) {
  if (matrix.shape.size() != 2)
    return refuse("has weights with " + std::to_string(matrix.shape.size()) +
                      " dimensions",
                  "a matrix is expected");
  uint64_t rows = matrix.shape[0], columns = matrix.shape[1];
  uint64_t inputs = isTransposed ? columns : rows;
  uint64_t outputs = isTransposed ? rows : columns;
  if (inputs != sources.size())
    return refuse("has weights for " + std::to_string(inputs) +
                  " values, but its operand has " +
                  std::to_string(sources.size()));
  if (!checkSize(0, matrix.values.size()) ||
      !checkNeurons(outputs, graph.fileSize, file, error))
    return false;
  std::vector<int64_t> next(outputs + 1, 0);
  auto forEach = [&](auto visit) {
    for (uint64_t i = 0; i < matrix.values.size(); ++i) {
      uint64_t place = matrix.isSparse ? matrix.places[i] : i;
      uint64_t row = place / columns, column = place % columns;
      if (matrix.values[i] != 0)
        visit(isTransposed ? column : row, isTransposed ? row : column, i);
    }
  };
  uint64_t count = 0, bad = UINT64_MAX;
  forEach([&](uint64_t input, uint64_t output, uint64_t i) {
    ++next[output + 1];
    ++count;
    if (!allowNaN && bad == UINT64_MAX && !std::isfinite(matrix.values[i]))
      bad = i;
  });
  if (bad != UINT64_MAX) {
    uint64_t place = matrix.isSparse ? matrix.places[bad] : bad;
    return refuse("has weight " + text(matrix.values[bad]) + " in row " +
                      std::to_string(place / columns) + ", column " +
                      std::to_string(place % columns),
                  "allow such weights with --allow-nan");
  }
  for (uint64_t o = 0; o < outputs; ++o)
    next[o + 1] += next[o];
  linear.rows = next;
  linear.columns.resize(count);
  linear.weights.resize(count);
  linear.bias.assign(outputs, 0);
  forEach([&](uint64_t input, uint64_t output, uint64_t i) {
    int64_t at = next[output]++;
    linear.columns[at] = sources[input];
    linear.weights[at] = scale * matrix.values[i];
  });
  // `Concat` may have named a neuron twice.
  std::vector<int32_t> sorted = sources;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    Linear none;
    none.rows.assign(outputs + 1, 0);
    none.bias.assign(outputs, 0);
    linear = addUp(linear, none, 1);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

bool Translator::addInputs() {
  for (const Input &input : graph.inputs) {
    auto value = std::make_shared<Value>();
    uint64_t size = 1;
    for (uint64_t extent : input.shape)
      size = std::min<uint64_t>(size * extent, uint64_t(INT32_MAX) + 1);
    if (!checkSize(size, 0))
      return false;
    value->isNeurons = true;
    value->shape = input.shape;
    for (uint64_t i = 0; i < size; ++i)
      value->neurons.push_back(int32_t(network.inputs + i));
    network.inputs += size;
    if (!values.emplace(input.name, std::move(value)).second)
      return fail(error, file,
                  "input " + quote(input.name) + " is there twice");
  }
  return network.inputs > 0 || fail(error, file, "the model has no input");
}

/// Operators of constants.
bool Translator::addConstant(bool &isDone) {
  isDone = isConstant(0) && node->outputs.size() == 1 &&
           (node->op == "Identity" || node->op == "Transpose");
  if (!isDone)
    return true;
  ConstantPtr from = constants.at(node->input(0));
  if (node->op == "Identity") {
    constants[node->outputs[0]] = from;
    return true;
  }
  if (from->shape.size() != 2 || from->isSparse)
    return refuse("transposes a constant that is no dense matrix");
  auto it = node->attributes.find("perm");
  if (it != node->attributes.end() &&
      it->second.integers != std::vector<int64_t>{1, 0}) {
    constants[node->outputs[0]] = from;
    return it->second.integers == std::vector<int64_t>{0, 1} ||
           refuse("has no permutation of two dimensions");
  }
  auto to = std::make_shared<Constant>();
  uint64_t rows = from->shape[0], columns = from->shape[1];
  to->shape = {columns, rows};
  to->values.reserve(from->values.size());
  for (uint64_t column = 0; rows > 0 && column < columns; ++column)
    for (uint64_t row = 0; row < rows; ++row)
      to->values.push(from->values[row * columns + column]);
  constants[node->outputs[0]] = to;
  return true;
}

bool Translator::addNode() {
  using Handler = bool (Translator::*)();
  static const std::map<std::string, Handler> handlers = {
      {"MatMul", &Translator::matMul},
      {"Gemm", &Translator::gemm},
      {"BatchNormalization", &Translator::normalize},
      {"Relu", &Translator::activate},
      {"Sigmoid", &Translator::activate},
      {"Tanh", &Translator::activate},
      {"Gelu", &Translator::activate},
      {"Clip", &Translator::clip},
      {"Concat", &Translator::concat},
      {"Flatten", &Translator::reshape},
      {"Reshape", &Translator::reshape},
      {"Identity", &Translator::reshape},
      {"Dropout", &Translator::reshape},
      {"Mul", &Translator::product},
      {"Div", &Translator::product},
      {"Neg", &Translator::product}};
  for (const std::string &output : node->outputs)
    if (values.count(output) || constants.count(output))
      return refuse("gives " + quote(output) + ", which exists already");
  if (node->outputs.empty())
    return refuse("gives nothing");
  bool isDone = false;
  if (!addConstant(isDone) || isDone)
    return isDone;
  if (node->op == "Add" || node->op == "Sub")
    return sum(node->op == "Add" ? 1 : -1);
  auto it = handlers.find(node->op);
  if (it != handlers.end())
    return (this->*it->second)();
  std::string known = "Add, Sub";
  for (const auto &[name, handler] : handlers)
    known += ", " + name;
  return refuse("has an operator that cannot be read", "these can: " + known);
}

/// The results, in their order.
bool Translator::finish() {
  std::vector<int32_t> outputs;
  for (const std::string &name : graph.outputs) {
    auto it = values.find(name);
    if (it == values.end())
      return fail(error, file, "no node gives the output " + quote(name));
    if (!materialize(*it->second))
      return false;
    outputs.insert(outputs.end(), it->second->neurons.begin(),
                   it->second->neurons.end());
  }
  if (outputs.empty())
    return fail(error, file, "the model has no output");
  uint64_t end = network.countNeurons();
  uint64_t last = network.layers.empty() ? 0 : network.layers.back().neurons;
  bool isLast = outputs.size() == last;
  for (uint64_t i = 0; isLast && i < last; ++i)
    isLast = uint64_t(outputs[i]) == end - last + i;
  if (!isLast)
    network.outputs = std::move(outputs);
  return true;
}

bool Translator::run() {
  for (const Node &each : graph.nodes)
    for (const std::string &name : each.inputs)
      ++uses[name];
  for (const std::string &name : graph.outputs)
    ++uses[name];
  if (!addInputs())
    return false;
  for (const Node &each : graph.nodes) {
    node = &each;
    if (!addNode())
      return false;
  }
  return finish();
}

bool spada::net::operators::makeNetwork(const Graph &graph,
                                        const std::string &file, bool allowNaN,
                                        Network &network, Error &error) {
  return Translator(graph, file, allowNaN, network, error).run();
}
