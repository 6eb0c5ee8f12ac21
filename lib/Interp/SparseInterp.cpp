//===- SparseInterp.cpp - the interpreter of sparse networks --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Interp/SparseInterp.h"

#include "spada/Analysis/Sparse/Network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace spada::sparse;

template <typename T>
T spada::sparse::activate(Activation activation, std::optional<double> cap,
                          T sum) {
  switch (activation) {
  case Activation::None:
    return sum;
  case Activation::Relu:
    // A NaN stays one.
    sum = sum < T(0) ? T(0) : sum;
    return cap && sum > T(*cap) ? T(*cap) : sum;
  case Activation::Sigmoid:
    return T(1) / (T(1) + std::exp(-sum));
  case Activation::Tanh:
    return std::tanh(sum);
  case Activation::Gelu:
    return sum / T(2) * (T(1) + std::erf(sum * T(M_SQRT1_2)));
  }
  llvm_unreachable("covered switch");
}

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
