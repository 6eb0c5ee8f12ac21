//===- Build.cpp - networks to the sparse dialect -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Converts numbers to their types, applies what is usual, and moves arrays
// into attributes: short ones are readable, long ones are resources.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Build.h"

#include "dialects/Sparse/IR/SparseDialect.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"

#include <cmath>

using namespace mlir;
using namespace spada::net;

namespace sparse = spada::sparse;

/// Longer arrays are resources.
static constexpr size_t mostReadable = 64;

namespace {
class NetworkBuilder {
public:
  NetworkBuilder(Network &network, const Representation &representation,
                 Location location, Error &error)
      : network(network), representation(representation), location(location),
        context(location.getContext()), error(error) {}

  OwningOpRef<ModuleOp> run();

private:
  bool checkOptions();
  bool addLayer(OpBuilder &builder, uint64_t number);
  Function functionOf(uint64_t number);
  bool isLast(uint64_t number) const {
    return network.outputs ? network.layers[number].isLast
                           : number + 1 == network.layers.size();
  }
  bool fillBias(uint64_t number);
  bool checkWeights(uint64_t number);
  bool refuseWeight(uint64_t number, uint64_t c, const Twine &what,
                    const char *hint);
  ElementsAttr reals(const Twine &name, Values &values, FloatType type);
  template <typename T>
  ElementsAttr array(const Twine &name, mlir::Type type, std::vector<T> values);

  Network &network;
  const Representation &representation;
  Location location;
  MLIRContext *context;
  Error &error;
  uint64_t firstNeuron = 0;
};
} // namespace

template <typename T>
ElementsAttr NetworkBuilder::array(const Twine &name, mlir::Type type,
                                   std::vector<T> values) {
  if (values.size() > mostReadable)
    return sparse::makeResource((Twine(network.name) + name).str(), type,
                                std::move(values));
  auto shape = RankedTensorType::get({int64_t(values.size())}, type);
  return DenseElementsAttr::getFromRawBuffer(
      shape, {reinterpret_cast<const char *>(values.data()),
              values.size() * sizeof(T)});
}

/// A number in a type of 16 bits, rounded to the nearest even one.
static uint16_t narrowBits(double value, FloatType type) {
  llvm::APFloat number(value);
  bool isInexact;
  number.convert(type.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                 &isInexact);
  return uint16_t(number.bitcastToAPInt().getZExtValue());
}

static double rounded(double value, FloatType type) {
  if (type.isF64())
    return value;
  if (type.isF32())
    return double(float(value));
  llvm::APFloat number(value);
  bool isInexact;
  number.convert(type.getFloatSemantics(), llvm::APFloat::rmNearestTiesToEven,
                 &isInexact);
  return number.convertToDouble();
}

/// The number that all values are, if there is one.
static std::optional<double> commonValue(const Values &values) {
  if (values.getSplat() || values.size() == 0)
    return values.getSplat();
  double first = values[0];
  for (uint64_t i = 1; i < values.size(); ++i)
    if (values[i] != first || std::signbit(values[i]) != std::signbit(first))
      return std::nullopt;
  return std::isnan(first) ? std::nullopt : std::optional<double>(first);
}

ElementsAttr NetworkBuilder::reals(const Twine &name, Values &values,
                                   FloatType type) {
  uint64_t size = values.size();
  if (std::optional<double> common = commonValue(values))
    return DenseElementsAttr::get(
        RankedTensorType::get({int64_t(size)}, type),
        Attribute(FloatAttr::get(type, rounded(*common, type))));
  if (type.isF32()) {
    if (std::vector<float> *narrow = values.getNarrow())
      return array(name, type, std::move(*narrow));
    std::vector<float> result(size);
    for (uint64_t i = 0; i < size; ++i)
      result[i] = float(values[i]);
    return array(name, type, std::move(result));
  }
  if (type.isF64()) {
    std::vector<double> result(size);
    for (uint64_t i = 0; i < size; ++i)
      result[i] = values[i];
    return array(name, type, std::move(result));
  }
  std::vector<uint16_t> result(size);
  for (uint64_t i = 0; i < size; ++i)
    result[i] = narrowBits(values[i], type);
  return array(name, type, std::move(result));
}

Function NetworkBuilder::functionOf(uint64_t number) {
  if (network.layers[number].function)
    return *network.layers[number].function;
  if (isLast(number)) {
    if (representation.lastFunction)
      return *representation.lastFunction;
    if (network.usualLastFunction && !representation.function)
      return *network.usualLastFunction;
  }
  if (representation.function)
    return *representation.function;
  return network.usualFunction.value_or(Function{});
}

/// Networks without layers or outputs, and options that change nothing, are
/// mistakes.
bool NetworkBuilder::checkOptions() {
  bool hasFree = false, hasFreeLast = false, hasFreeBias = false;
  for (uint64_t i = 0; i < network.layers.size(); ++i) {
    bool isFree = !network.layers[i].function;
    hasFree |= isFree;
    hasFreeLast |= isFree && isLast(i);
    hasFreeBias |= network.layers[i].bias.size() == 0;
  }
  if (network.layers.empty())
    return fail(error, network.file, "the network has no neuron but its inputs",
                "a network has at least one layer");
  if (network.outputs && network.outputs->empty())
    return fail(error, network.file, "the network has no outputs");
  const char *hint = "leave the option out";
  if (representation.function && !hasFree)
    return fail(error, network.file,
                "an activation is given, but the network names its own", hint);
  if (representation.lastFunction && !hasFreeLast)
    return fail(error, network.file,
                "an activation of the last layer is given, but the network "
                "names its own",
                hint);
  if (representation.bias && !hasFreeBias)
    return fail(error, network.file,
                "a bias is given, but the network has its own", hint);
  return true;
}

bool NetworkBuilder::refuseWeight(uint64_t number, uint64_t c,
                                  const Twine &what, const char *hint) {
  const Layer &layer = network.layers[number];
  uint64_t row =
      std::upper_bound(layer.rows.begin(), layer.rows.end(), int64_t(c)) -
      layer.rows.begin() - 1;
  return fail(error, network.file,
              nameConnection(layer.columns[c], firstNeuron + row, number, row,
                             layer.columns[c]) +
                  " has weight " + text(layer.weights[c]) + what.str(),
              hint);
}

bool NetworkBuilder::checkWeights(uint64_t number) {
  const Layer &layer = network.layers[number];
  uint64_t size = layer.weights.getSplat()
                      ? std::min<uint64_t>(1, layer.weights.size())
                      : layer.weights.size();
  for (uint64_t c = 0; c < size; ++c) {
    double weight = layer.weights[c];
    if (!std::isfinite(weight)) {
      if (representation.allowNaN)
        continue;
      return refuseWeight(number, c, "", "allow such weights with --allow-nan");
    }
    if (std::isfinite(float(weight)) &&
        representation.weight.getIntOrFloatBitWidth() >= 32)
      continue;
    if (!std::isfinite(rounded(weight, representation.weight))) {
      std::string type;
      llvm::raw_string_ostream(type) << representation.weight;
      return refuseWeight(number, c, ", too large for " + type,
                          "choose a wider type of weights");
    }
  }
  return true;
}

bool NetworkBuilder::fillBias(uint64_t number) {
  Layer &layer = network.layers[number];
  if (layer.bias.size() == 0) {
    double usual =
        representation.bias.value_or(network.usualBias.value_or(0.0));
    layer.bias = Values::splat(usual, layer.neurons);
  } else if (layer.bias.size() == 1) {
    layer.bias = Values::splat(layer.bias[0], layer.neurons);
  }
  for (uint64_t row = 0; row < layer.neurons; ++row) {
    double bias = layer.bias[row];
    if (std::isfinite(rounded(bias, representation.value)) ||
        (representation.allowNaN && !std::isfinite(bias)))
      continue;
    return fail(error, network.file,
                "neuron " + std::to_string(firstNeuron + row) + " (layer " +
                    std::to_string(number) + ", row " + std::to_string(row) +
                    ") has bias " + text(bias),
                std::isfinite(bias) ? "it is too large for the type of values"
                                    : "allow such biases with --allow-nan");
  }
  return true;
}

static sparse::Activation activationOf(Activation activation) {
  switch (activation) {
  case Activation::None:
    return sparse::Activation::None;
  case Activation::Relu:
    return sparse::Activation::Relu;
  case Activation::Sigmoid:
    return sparse::Activation::Sigmoid;
  case Activation::Tanh:
    return sparse::Activation::Tanh;
  case Activation::Gelu:
    return sparse::Activation::Gelu;
  }
  llvm_unreachable("covered switch");
}

bool NetworkBuilder::addLayer(OpBuilder &builder, uint64_t number) {
  if (!checkWeights(number) || !fillBias(number))
    return false;
  Layer &layer = network.layers[number];
  Function function = functionOf(number);
  std::string suffix = "_" + std::to_string(number);
  auto op = builder.create<sparse::LayerOp>(
      location, layer.neurons, activationOf(function.kind),
      function.cap ? builder.getF64FloatAttr(*function.cap) : FloatAttr(),
      array("_rows" + Twine(suffix), builder.getI64Type(),
            std::move(layer.rows)),
      array("_columns" + Twine(suffix), builder.getI32Type(),
            std::move(layer.columns)),
      reals("_weights" + Twine(suffix), layer.weights, representation.weight),
      reals("_bias" + Twine(suffix), layer.bias, representation.value));
  (void)op;
  firstNeuron += layer.neurons;
  return true;
}

OwningOpRef<ModuleOp> NetworkBuilder::run() {
  if (!checkOptions())
    return {};
  OwningOpRef<ModuleOp> module(ModuleOp::create(location));
  OpBuilder builder = OpBuilder::atBlockEnd(module->getBody());
  DenseI32ArrayAttr outputs;
  if (network.outputs)
    outputs = builder.getDenseI32ArrayAttr(*network.outputs);
  auto op = builder.create<sparse::NetworkOp>(
      location, builder.getStringAttr(network.name),
      builder.getI64IntegerAttr(int64_t(network.inputs)),
      TypeAttr::get(representation.value), outputs, ElementsAttr(), UnitAttr(),
      IntegerAttr());
  builder.createBlock(&op.getRegion());
  firstNeuron = network.inputs;
  for (uint64_t i = 0; i < network.layers.size(); ++i)
    if (!addLayer(builder, i))
      return {};
  return module;
}

OwningOpRef<ModuleOp> spada::net::build(Network network,
                                        const Representation &representation,
                                        Location location, Error &error) {
  return NetworkBuilder(network, representation, location, error).run();
}
