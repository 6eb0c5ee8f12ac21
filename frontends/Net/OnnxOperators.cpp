//===- OnnxOperators.cpp - each operator of ONNX --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/OnnxNetwork.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace spada::net;
using namespace spada::net::operators;

bool Translator::matMul() {
  ValuePtr x;
  auto result = std::make_shared<Value>();
  if (!value(0, x) || !requireVector(*x) || !materialize(*x))
    return false;
  if (!isConstant(1))
    return refuse("multiplies two tensors that depend on the input",
                  "weights are constants");
  if (!multiply(x->neurons, constant(1), /*isTransposed=*/false, 1,
                result->linear))
    return false;
  result->shape = {result->linear.size()};
  give(std::move(result));
  return true;
}

/// alpha * x * W + beta * C.
bool Translator::gemm() {
  ValuePtr x;
  auto result = std::make_shared<Value>();
  if (!value(0, x) || !requireVector(*x) || !materialize(*x))
    return false;
  if (node->integer("transA", 0) != 0)
    return refuse("transposes its input",
                  "rows of the input are those of the batch");
  if (!isConstant(1))
    return refuse("multiplies two tensors that depend on the input",
                  "weights are constants");
  if (!multiply(x->neurons, constant(1), node->integer("transB", 0) != 0,
                node->real("alpha", 1), result->linear))
    return false;
  result->shape = {result->linear.size()};
  if (!node->input(2).empty()) {
    std::vector<double> bias;
    if (!vectorOf(2, result->linear.size(), bias))
      return false;
    for (uint64_t i = 0; i < bias.size(); ++i)
      result->linear.bias[i] = node->real("beta", 1) * bias[i];
  }
  give(std::move(result));
  return true;
}

Linear spada::net::operators::addUp(const Linear &a, const Linear &b,
                                    double sign) {
  Linear sum;
  std::map<int32_t, size_t> placeOf;
  for (uint64_t row = 0; row < a.size(); ++row) {
    placeOf.clear();
    for (const Linear *from : {&a, &b})
      for (int64_t c = from->rows[row]; c < from->rows[row + 1]; ++c) {
        double weight = (from == &b ? sign : 1) * from->weights[c];
        auto [it, isNew] =
            placeOf.try_emplace(from->columns[c], sum.columns.size());
        if (!isNew) {
          sum.weights[it->second] += weight;
          continue;
        }
        sum.columns.push_back(from->columns[c]);
        sum.weights.push_back(weight);
      }
    sum.rows.push_back(int64_t(sum.columns.size()));
    sum.bias.push_back(a.bias[row] + sign * b.bias[row]);
  }
  return sum;
}

bool Translator::sum(double sign) {
  auto result = std::make_shared<Value>();
  ValuePtr x, y;
  if (!isConstant(0) && !isConstant(1)) {
    Linear a, b;
    if (!value(0, x) || !value(1, y))
      return false;
    if (x->shape != y->shape)
      return refuse("adds tensors of " + std::to_string(x->size()) + " and " +
                    std::to_string(y->size()) + " values");
    // The same tensor twice: `take` may move it only once.
    if (x == y)
      x->uses = std::max(x->uses, 2u);
    if (!take(x, a) || !take(y, b) ||
        !checkSize(0, a.columns.size() + b.columns.size()))
      return false;
    result->linear = addUp(a, b, sign);
    result->shape = x->shape;
    give(std::move(result));
    return true;
  }
  bool isFirst = isConstant(0);
  std::vector<double> bias;
  if (!value(isFirst, x) || !requireVector(*x) ||
      !vectorOf(!isFirst, x->size(), bias) || !take(x, result->linear))
    return false;
  Linear &linear = result->linear;
  for (double &weight : linear.weights)
    weight *= isFirst ? sign : 1;
  for (uint64_t i = 0; i < bias.size(); ++i)
    linear.bias[i] = isFirst ? bias[i] + sign * linear.bias[i]
                             : linear.bias[i] + sign * bias[i];
  result->shape = x->shape;
  give(std::move(result));
  return true;
}

static void scaleRows(Linear &linear, const std::vector<double> &factors) {
  for (uint64_t row = 0; row < linear.size(); ++row) {
    linear.bias[row] *= factors[row];
    for (int64_t c = linear.rows[row]; c < linear.rows[row + 1]; ++c)
      linear.weights[c] *= factors[row];
  }
}

/// Products and quotients with constants.
bool Translator::product() {
  auto result = std::make_shared<Value>();
  ValuePtr x;
  std::vector<double> factors;
  bool isNegation = node->op == "Neg", isQuotient = node->op == "Div";
  bool isFirst = !isNegation && isConstant(0);
  if (isFirst && isQuotient)
    return refuse("divides by a tensor that depends on the input");
  if (!value(isFirst, x) || !requireVector(*x))
    return false;
  if (isNegation)
    factors.assign(x->size(), -1);
  else if (!isConstant(!isFirst))
    return refuse("combines two tensors that depend on the input",
                  "a constant factor is expected");
  else if (!vectorOf(!isFirst, x->size(), factors))
    return false;
  if (!take(x, result->linear))
    return false;
  for (double &factor : factors)
    factor = isQuotient ? 1 / factor : factor;
  scaleRows(result->linear, factors);
  result->shape = x->shape;
  give(std::move(result));
  return true;
}

/// (x - mean) / sqrt(variance + epsilon) * scale + bias.
bool Translator::normalize() {
  auto result = std::make_shared<Value>();
  ValuePtr x;
  std::vector<double> scale, bias, mean, variance;
  if (!value(0, x) || !requireVector(*x))
    return false;
  if (node->integer("training_mode", 0) != 0)
    return refuse("is in training mode", "export the model for inference");
  if (!vectorOf(1, x->size(), scale) || !vectorOf(2, x->size(), bias) ||
      !vectorOf(3, x->size(), mean) || !vectorOf(4, x->size(), variance) ||
      !take(x, result->linear))
    return false;
  double epsilon = node->real("epsilon", 1e-5);
  Linear &linear = result->linear;
  for (uint64_t i = 0; i < scale.size(); ++i) {
    if (!(variance[i] + epsilon > 0))
      return refuse("has variance " + text(variance[i]) + " for neuron " +
                    std::to_string(i));
    scale[i] /= std::sqrt(variance[i] + epsilon);
    linear.bias[i] -= mean[i];
  }
  scaleRows(linear, scale);
  for (uint64_t i = 0; i < bias.size(); ++i)
    linear.bias[i] += bias[i];
  result->shape = x->shape;
  give(std::move(result));
  return true;
}

bool Translator::activate() {
  auto result = std::make_shared<Value>();
  ValuePtr x;
  if (!value(0, x))
    return false;
  auto kind = node->attributes.find("approximate");
  if (kind != node->attributes.end() && kind->second.text != "none")
    return refuse("approximates by " + quote(kind->second.text),
                  "gelu is computed with the error function only");
  if (!take(x, result->linear))
    return false;
  result->shape = x->shape;
  result->function = Function{node->op == "Relu"      ? Activation::Relu
                              : node->op == "Sigmoid" ? Activation::Sigmoid
                              : node->op == "Tanh"    ? Activation::Tanh
                                                      : Activation::Gelu,
                              {}};
  give(std::move(result));
  return true;
}

/// Bounds are attributes up to operator set 10 and operands since.
bool Translator::clip() {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double low, high;
  ValuePtr x;
  if (!value(0, x) || !scalarOf(1, node->real("min", -infinity), low) ||
      !scalarOf(2, node->real("max", infinity), high))
    return false;
  bool isOpen = high >= double(std::numeric_limits<float>::max());
  std::optional<double> cap;
  if (!isOpen)
    cap = high;
  bool isRelu = !x->isNeurons && x->function &&
                x->function->kind == Activation::Relu && x->uses <= 1;
  if (!(isRelu ? low <= 0 && high >= 0 : low == 0 && high >= 0))
    return refuse("clips to " + text(low) + " ... " + text(high),
                  "the lower bound has to be 0, and the upper one not less");
  if (isRelu) { // a bound after relu
    if (cap)
      x->function->cap = std::min(*cap, x->function->cap.value_or(*cap));
    give(x, /*isAlias=*/true);
    return true;
  }
  auto result = std::make_shared<Value>();
  if (!take(x, result->linear))
    return false;
  result->shape = x->shape;
  result->function = Function{Activation::Relu, cap};
  give(std::move(result));
  return true;
}

bool Translator::concat() {
  auto result = std::make_shared<Value>();
  int64_t axis = node->integer("axis", 1);
  if (axis != 1 && axis != -1)
    return refuse("joins along axis " + std::to_string(axis),
                  "axis 1, that of the neurons, is expected");
  for (size_t i = 0; i < node->inputs.size(); ++i) {
    ValuePtr x;
    if (!value(i, x) || !requireVector(*x) || !materialize(*x) ||
        !checkSize(0, x->neurons.size()))
      return false;
    result->neurons.insert(result->neurons.end(), x->neurons.begin(),
                           x->neurons.end());
  }
  result->isNeurons = true;
  result->shape = {result->neurons.size()};
  give(std::move(result));
  return true;
}

/// Flatten, Reshape to two dimensions, Identity and Dropout.
bool Translator::reshape() {
  ValuePtr x;
  if (!value(0, x))
    return false;
  bool isFlat = node->op == "Flatten";
  if (isFlat && node->integer("axis", 1) != 1)
    return refuse("flattens from axis " +
                      std::to_string(node->integer("axis", 1)),
                  "axis 1, after the batch, is expected");
  if (node->op == "Reshape") {
    if (!isConstant(1))
      return refuse("has a shape that is no constant");
    const Values &shape = constant(1).values;
    bool isVector = shape.size() == 2 && !constant(1).isSparse &&
                    (shape[1] == double(x->size()) || shape[1] == -1);
    if (!isVector)
      return refuse("gives another shape than the batch and " +
                    std::to_string(x->size()) + " neurons");
    isFlat = true;
  }
  if (!isFlat || x->shape.size() == 1) {
    give(x, /*isAlias=*/true);
    return true;
  }
  // Another shape needs a value of its own; both have the same neurons.
  auto result = std::make_shared<Value>();
  if (!materialize(*x))
    return false;
  result->isNeurons = true;
  result->neurons = x->neurons;
  result->shape = {x->size()};
  give(std::move(result));
  return true;
}
