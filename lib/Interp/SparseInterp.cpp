//===- SparseInterp.cpp - the interpreter of sparse networks --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Interp/SparseInterp.h"

#include "spada/Analysis/Sparse/Network.h"
#include "spada/Support/Curves.h"
#include "llvm/ADT/bit.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <type_traits>

using namespace spada::sparse;

namespace {
/// Operations on numbers of type T.
template <typename T> struct NumberMath {
  using Real = T;
  using Integer = std::conditional_t<sizeof(T) == 8, int64_t, int32_t>;
  using Bits = std::make_unsigned_t<Integer>;
  bool isDouble() const { return sizeof(T) == 8; }
  T real(double value) const { return T(value); }
  Integer integer(int64_t value) const { return Integer(value); }
  T add(T a, T b) const { return a + b; }
  T subtract(T a, T b) const { return a - b; }
  T multiply(T a, T b) const { return a * b; }
  T divide(T a, T b) const { return a / b; }
  T fma(T a, T b, T c) const { return std::fma(a, b, c); }
  T magnitude(T x) const { return std::fabs(x); }
  T withSign(T x, T y) const { return std::copysign(x, y); }
  T ifLess(T a, T b, T x, T y) const { return a < b ? x : y; }
  Integer bits(T x) const { return llvm::bit_cast<Integer>(x); }
  T fromBits(Integer x) const { return llvm::bit_cast<T>(x); }
  Integer addInteger(Integer a, Integer b) const {
    return Integer(Bits(a) + Bits(b));
  }
  Integer subtractInteger(Integer a, Integer b) const {
    return Integer(Bits(a) - Bits(b));
  }
  Integer shiftLeft(Integer x, int by) const { return Integer(Bits(x) << by); }
  Integer shiftRight(Integer x, int by) const { return x >> by; }
};
} // namespace

template <typename T>
T spada::sparse::activate(Activation activation, std::optional<double> cap,
                          T sum) {
  NumberMath<T> math;
  switch (activation) {
  case Activation::None:
    return sum;
  case Activation::Relu:
    // A NaN stays one.
    sum = sum < T(0) ? T(0) : sum;
    return cap && sum > T(*cap) ? T(*cap) : sum;
  case Activation::Sigmoid:
    return spada::Curves<NumberMath<T>>(math).sigmoid(sum);
  case Activation::Tanh:
    return spada::Curves<NumberMath<T>>(math).tanh(sum);
  case Activation::Gelu:
    return spada::Curves<NumberMath<T>>(math).gelu(sum);
  }
  llvm_unreachable("covered switch");
}

template float spada::sparse::activate(Activation, std::optional<double>,
                                       float);
template double spada::sparse::activate(Activation, std::optional<double>,
                                        double);

/// The network's order, or neuron after neuron by level and number.
static Order orderOf(NetworkOp network, const Graph &graph) {
  Order order(graph.connections());
  std::iota(order.begin(), order.end(), 0);
  if (network.getOrder()) {
    Numbers numbers = *Numbers::of(*network.getOrder());
    for (uint64_t step = 0; step < order.size(); ++step)
      order[step] = numbers.integer(step);
    return order;
  }
  std::vector<uint32_t> level = levels(graph);
  std::sort(order.begin(), order.end(), [&](uint64_t a, uint64_t b) {
    return std::pair(level[graph.destination[a]], a) <
           std::pair(level[graph.destination[b]], b);
  });
  return order;
}

namespace {
/// The parts of a network as plain arrays.
template <typename T> struct Parts {
  struct Neuron {
    T bias;
    Activation activation = Activation::None;
    std::optional<double> cap;
    uint32_t degree = 0; ///< connections into it
  };
  Graph graph;
  Order order;
  std::vector<T> weights;
  std::vector<Neuron> neurons;

  explicit Parts(NetworkOp network)
      : graph(graphOf(network)), order(orderOf(network, graph)) {
    neurons.resize(network.getInputs());
    for (LayerOp layer : network.getLayers()) {
      Numbers weight = *Numbers::of(layer.getWeights());
      Numbers bias = *Numbers::of(layer.getBias());
      for (uint64_t c = 0; c < weight.size(); ++c)
        weights.push_back(weight.real(c));
      std::optional<double> cap;
      if (auto attribute = layer.getCap())
        cap = attribute->convertToDouble();
      for (uint64_t row = 0; row < layer.getNeurons(); ++row)
        neurons.push_back({T(bias.real(row)), layer.getActivation(), cap});
    }
    for (uint32_t neuron : graph.destination)
      ++neurons[neuron].degree;
  }
};
} // namespace

/// Computes the values of one input; `value` holds those of the input neurons.
template <typename T>
static void runOnce(const Parts<T> &parts, uint64_t inputs, T *value) {
  std::vector<uint32_t> missing(parts.neurons.size());
  for (uint64_t v = inputs; v < parts.neurons.size(); ++v) {
    const auto &neuron = parts.neurons[v];
    missing[v] = neuron.degree;
    value[v] = neuron.degree
                   ? neuron.bias
                   : activate(neuron.activation, neuron.cap, neuron.bias);
  }
  for (uint64_t c : parts.order) {
    uint32_t v = parts.graph.destination[c];
    value[v] =
        std::fma(parts.weights[c], value[parts.graph.source[c]], value[v]);
    if (--missing[v] == 0)
      value[v] =
          activate(parts.neurons[v].activation, parts.neurons[v].cap, value[v]);
  }
}

template <typename T>
std::vector<T> spada::sparse::interpretNetwork(NetworkOp network,
                                               const std::vector<T> &inputs,
                                               std::vector<T> *values) {
  Parts<T> parts(network);
  uint64_t width = network.getInputs();
  uint64_t batch = width ? inputs.size() / width : 0;
  std::vector<uint32_t> outputs = network.getOutputNeurons();
  std::vector<T> result, value(parts.neurons.size());
  for (uint64_t item = 0; item < batch; ++item) {
    std::copy_n(inputs.begin() + item * width, width, value.begin());
    runOnce(parts, width, value.data());
    for (uint32_t neuron : outputs)
      result.push_back(value[neuron]);
    if (values)
      values->insert(values->end(), value.begin(), value.end());
  }
  return result;
}

template std::vector<float>
spada::sparse::interpretNetwork(NetworkOp, const std::vector<float> &,
                                std::vector<float> *);
template std::vector<double>
spada::sparse::interpretNetwork(NetworkOp, const std::vector<double> &,
                                std::vector<double> *);
