//===- Connections.cpp - networks as arrays that change -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/Transforms/Connections.h"
#include "dialects/Sparse/Transforms/Transforms.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using namespace spada::sparse;

/// Longer arrays are resources.
static constexpr size_t mostReadable = 64;

Connections::Connections(NetworkOp network)
    : inputs(network.getInputs()), layerOf(inputs, 0), bias(inputs, 0),
      graph(graphOf(network)), outputs(network.getOutputNeurons()) {
  weight.reserve(graph.connections());
  for (LayerOp layer : network.getLayers()) {
    std::optional<double> cap;
    if (auto attribute = layer.getCap())
      cap = attribute->convertToDouble();
    Numbers weights = *Numbers::of(layer.getWeights());
    Numbers biases = *Numbers::of(layer.getBias());
    for (uint64_t c = 0; c < weights.size(); ++c)
      weight.push_back(weights.real(c));
    for (uint64_t row = 0; row < layer.getNeurons(); ++row) {
      layerOf.push_back(layers.size());
      bias.push_back(biases.real(row));
    }
    layers.push_back(
        {layer.getActivation(), cap, weights.type(), layer.getLoc()});
  }
  if (!network.getOrder())
    return;
  Numbers steps = *Numbers::of(*network.getOrder());
  for (uint64_t step = 0; step < steps.size(); ++step)
    order.push_back(steps.integer(step));
}

void Connections::keep(const std::vector<char> &keptNeurons,
                       const std::vector<char> &keptConnections) {
  std::vector<uint32_t> number(neurons(), 0);
  uint32_t count = 0;
  for (uint32_t v = 0; v < neurons(); ++v) {
    if (!keptNeurons[v])
      continue;
    layerOf[count] = layerOf[v];
    bias[count] = bias[v];
    number[v] = count++;
  }
  layerOf.resize(count);
  bias.resize(count);
  graph.neurons = count;
  std::vector<uint64_t> place(graph.connections(), 0);
  uint64_t next = 0;
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    if (!keptConnections[c])
      continue;
    graph.source[next] = number[graph.source[c]];
    graph.destination[next] = number[graph.destination[c]];
    weight[next] = weight[c];
    place[c] = next++;
  }
  std::erase_if(order, [&](uint64_t c) { return !keptConnections[c]; });
  for (uint64_t &c : order)
    c = place[c];
  graph.source.resize(next);
  graph.destination.resize(next);
  weight.resize(next);
  for (uint32_t &v : outputs)
    v = number[v];
}

/// A number in a type of values or weights, which must hold it.
static APFloat toFloat(double value, Type type) {
  APFloat number(value);
  bool isInexact;
  number.convert(llvm::cast<FloatType>(type).getFloatSemantics(),
                 APFloat::rmNearestTiesToEven, &isInexact);
  return number;
}

static bool fits(double value, Type type) {
  APFloat number(value);
  bool isInexact = false;
  number.convert(llvm::cast<FloatType>(type).getFloatSemantics(),
                 APFloat::rmNearestTiesToEven, &isInexact);
  return !isInexact || std::isnan(value);
}

template <typename T>
static ElementsAttr makeArray(StringRef name, Type type,
                              std::vector<T> numbers) {
  if (numbers.size() > mostReadable)
    return makeResource(name, type, std::move(numbers));
  auto shape = RankedTensorType::get({int64_t(numbers.size())}, type);
  return DenseElementsAttr::getFromRawBuffer(
      shape, {reinterpret_cast<const char *>(numbers.data()),
              numbers.size() * sizeof(T)});
}

static ElementsAttr makeReals(StringRef name, Type type,
                              ArrayRef<double> numbers) {
  auto isSame = [&](double x) {
    return x == numbers[0] && std::signbit(x) == std::signbit(numbers[0]);
  };
  if (!numbers.empty() && llvm::all_of(numbers, isSame))
    return DenseElementsAttr::get(
        RankedTensorType::get({int64_t(numbers.size())}, type),
        toFloat(numbers[0], type));
  if (type.isF64())
    return makeArray(name, type, numbers.vec());
  if (type.isF32())
    return makeArray(name, type,
                     std::vector<float>(numbers.begin(), numbers.end()));
  std::vector<uint16_t> bits;
  for (double number : numbers)
    bits.push_back(toFloat(number, type).bitcastToAPInt().getZExtValue());
  return makeArray(name, type, std::move(bits));
}

void Connections::write(NetworkOp network) const {
  Type valueType = network.getValueType();
  auto isWide = [&](unsigned layer, uint64_t first, uint64_t last) {
    for (uint64_t c = first; c < last; ++c)
      if (!fits(weight[c], layers[layer].weightType))
        return true;
    return false;
  };
  network.getBody().front().clear();
  OpBuilder builder = OpBuilder::atBlockEnd(&network.getBody().front());
  std::string prefix = network.getSymName().str();
  uint64_t c = 0;
  for (uint32_t v = inputs; v < neurons();) {
    uint32_t layer = layerOf[v], begin = v;
    uint64_t first = c;
    std::vector<int64_t> rows = {0};
    for (; v < neurons() && layerOf[v] == layer; ++v) {
      while (c < graph.connections() && graph.destination[c] == v)
        ++c;
      rows.push_back(c - first);
    }
    std::vector<int32_t> columns(graph.source.begin() + first,
                                 graph.source.begin() + c);
    const LayerKind &kind = layers[layer];
    std::string suffix = "_" + std::to_string(layer);
    Type weightType = isWide(layer, first, c) ? valueType : kind.weightType;
    builder.create<LayerOp>(kind.location, v - begin, kind.activation,
                            kind.cap ? builder.getF64FloatAttr(*kind.cap)
                                     : FloatAttr(),
                            makeArray(prefix + "_rows" + suffix,
                                      builder.getI64Type(), std::move(rows)),
                            makeArray(prefix + "_columns" + suffix,
                                      builder.getI32Type(), std::move(columns)),
                            makeReals(prefix + "_weights" + suffix, weightType,
                                      ArrayRef(weight).slice(first, c - first)),
                            makeReals(prefix + "_bias" + suffix, valueType,
                                      ArrayRef(bias).slice(begin, v - begin)));
  }
  network.removeOutputsAttr();
  if (network.getOutputNeurons() != outputs)
    network.setOutputs(std::vector<int32_t>(outputs.begin(), outputs.end()));
  setOrder(network, order);
}

void spada::sparse::setOrder(NetworkOp network, Order order) {
  if (order.empty()) {
    network.removeOrderAttr();
    return;
  }
  network.setOrderAttr(
      makeArray(network.getSymName().str() + "_order",
                IntegerType::get(network.getContext(), 64),
                std::vector<int64_t>(order.begin(), order.end())));
}

std::vector<uint32_t>
spada::sparse::sortByLevel(const std::vector<uint32_t> &levels) {
  std::vector<uint32_t> sorted(levels.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::sort(sorted.begin(), sorted.end(), [&](uint32_t a, uint32_t b) {
    return std::pair(levels[a], a) < std::pair(levels[b], b);
  });
  return sorted;
}

double spada::sparse::applyActivation(const LayerKind &kind, double sum,
                                      bool isSingle) {
  auto round = [&](double value) { return isSingle ? float(value) : value; };
  switch (kind.activation) {
  case Activation::None:
    return sum;
  case Activation::Relu: {
    double value = sum < 0 ? 0 : sum;
    double cap = kind.cap ? round(*kind.cap) : value;
    return value > cap ? cap : value;
  }
  case Activation::Sigmoid:
    return round(1 / (1 + std::exp(-sum)));
  case Activation::Tanh:
    return round(std::tanh(sum));
  case Activation::Gelu:
    return round(sum / 2 * (1 + std::erf(sum * M_SQRT1_2)));
  }
  llvm_unreachable("covered switch");
}
