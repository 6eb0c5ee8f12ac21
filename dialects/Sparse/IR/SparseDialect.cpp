//===- SparseDialect.cpp - the sparse dialect -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registers the ops and verifies them. Messages name connections by their
// number and their neurons.
//
//===----------------------------------------------------------------------===//

#include "dialects/Sparse/IR/SparseDialect.h"

#include "spada/Analysis/Sparse/Network.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada::sparse;

#include "dialects/Sparse/IR/SparseDialect.cpp.inc"
#include "dialects/Sparse/IR/SparseEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Sparse/IR/SparseAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/Sparse/IR/SparseOps.cpp.inc"

void SparseDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Sparse/IR/SparseAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Sparse/IR/SparseOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Access
//===----------------------------------------------------------------------===//

uint64_t NetworkOp::countNeurons() {
  uint64_t count = getInputs();
  for (LayerOp layer : getLayers())
    count += layer.getNeurons();
  return count;
}

uint64_t NetworkOp::countConnections() {
  uint64_t count = 0;
  for (LayerOp layer : getLayers())
    count += layer.getColumns().getNumElements();
  return count;
}

std::vector<uint32_t> NetworkOp::getOutputNeurons() {
  if (auto outputs = getOutputs())
    return {outputs->begin(), outputs->end()};
  uint64_t end = countNeurons(), size = getInputs();
  for (LayerOp layer : getLayers())
    size = layer.getNeurons();
  std::vector<uint32_t> neurons;
  for (uint64_t neuron = end - size; neuron < end; ++neuron)
    neurons.push_back(neuron);
  return neurons;
}

Graph spada::sparse::graphOf(NetworkOp network) {
  Graph graph;
  graph.neurons = network.countNeurons();
  uint64_t connections = network.countConnections();
  graph.source.reserve(connections);
  graph.destination.reserve(connections);
  uint32_t neuron = network.getInputs();
  for (LayerOp layer : network.getLayers()) {
    Numbers rows = *Numbers::of(layer.getRows());
    Numbers columns = *Numbers::of(layer.getColumns());
    for (int64_t row = 0; row < int64_t(layer.getNeurons()); ++row, ++neuron)
      for (int64_t c = rows.integer(row); c < rows.integer(row + 1); ++c)
        graph.add(columns.integer(c), neuron);
  }
  return graph;
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

/// Requires `attribute` to hold `size` numbers of a type that `isRight` takes.
static LogicalResult verifyNumbers(Operation *op, StringRef name,
                                   ElementsAttr attribute, uint64_t size,
                                   function_ref<bool(Type)> isRight,
                                   StringRef types) {
  Type element = attribute.getElementType();
  if (attribute.getShapedType().getRank() != 1 || !isRight(element))
    return op->emitOpError() << "needs '" << name << "' to be a vector of "
                             << types << ", not " << attribute.getShapedType();
  if (uint64_t(attribute.getNumElements()) != size)
    return op->emitOpError() << "needs " << size << " entries in '" << name
                             << "', not " << attribute.getNumElements();
  if (!Numbers::of(attribute))
    return op->emitOpError() << "has no data for '" << name << "'";
  return success();
}

LogicalResult LayerOp::verify() {
  uint64_t width = getColumns().getNumElements();
  Type valueType = (*this)->getParentOfType<NetworkOp>().getValueType();
  auto isWeight = [](Type type) { return llvm::isa<FloatType>(type); };
  if (failed(verifyNumbers(
          *this, "rows", getRows(), getNeurons() + 1,
          [](Type type) { return type.isSignlessInteger(64); }, "i64")) ||
      failed(verifyNumbers(
          *this, "columns", getColumns(), width,
          [](Type type) { return type.isSignlessInteger(32); }, "i32")) ||
      failed(verifyNumbers(*this, "weights", getWeights(), width, isWeight,
                           "bf16, f16, f32 or f64")) ||
      failed(verifyNumbers(
          *this, "bias", getBias(), getNeurons(),
          [&](Type type) { return type == valueType; },
          "the network's value type")))
    return failure();
  Numbers rows = *Numbers::of(getRows());
  if (rows.integer(0) != 0 || uint64_t(rows.integer(getNeurons())) != width)
    return emitOpError() << "needs 'rows' to go from 0 to " << width
                         << ", the number of columns, not from "
                         << rows.integer(0) << " to "
                         << rows.integer(getNeurons());
  for (uint64_t row = 0; row < getNeurons(); ++row)
    if (rows.integer(row) > rows.integer(row + 1))
      return emitOpError() << "has 'rows' that decrease from "
                           << rows.integer(row) << " to "
                           << rows.integer(row + 1) << " after row " << row;
  if (getCap() && getActivation() != Activation::Relu)
    return emitOpError() << "has a cap, which belongs to 'relu', not to '"
                         << stringifyActivation(getActivation()) << "'";
  return success();
}

/// The network's own order is legal when every layer reads only earlier ones.
static bool readsEarlierLayers(NetworkOp network) {
  uint64_t first = network.getInputs();
  for (LayerOp layer : network.getLayers()) {
    Numbers columns = *Numbers::of(layer.getColumns());
    for (uint64_t c = 0; c < columns.size(); ++c)
      if (uint64_t(columns.integer(c)) >= first)
        return false;
    first += layer.getNeurons();
  }
  return true;
}

/// What is wrong with the ends of connections: their range and repetitions.
static std::string checkEnds(NetworkOp network) {
  uint64_t neurons = network.countNeurons();
  uint64_t neuron = network.getInputs(), number = 0;
  std::vector<uint64_t> seenBy(neurons, UINT64_MAX), seenAs(neurons, 0);
  for (LayerOp layer : network.getLayers()) {
    Numbers rows = *Numbers::of(layer.getRows());
    Numbers columns = *Numbers::of(layer.getColumns());
    for (uint64_t row = 0; row < layer.getNeurons(); ++row, ++neuron)
      for (int64_t c = rows.integer(row); c < rows.integer(row + 1); ++c) {
        uint64_t source = uint32_t(columns.integer(c));
        auto name = [&] {
          return "connection " + std::to_string(number) + " (" +
                 std::to_string(columns.integer(c)) + " -> " +
                 std::to_string(neuron) + ")";
        };
        if (source >= neurons)
          return name() + " names neuron " +
                 std::to_string(columns.integer(c)) + ", but the network has " +
                 std::to_string(neurons);
        if (source == neuron)
          return name() + " leads from a neuron to itself";
        if (seenBy[source] == neuron)
          return name() + " repeats connection " +
                 std::to_string(seenAs[source]);
        seenBy[source] = neuron;
        seenAs[source] = number++;
      }
  }
  return "";
}

LogicalResult NetworkOp::verifyRegions() {
  for (Operation &op : getBody().getOps())
    if (!llvm::isa<LayerOp>(op))
      return op.emitOpError() << "does not belong in 'sparse.network', which "
                                 "holds 'sparse.layer'";
  if (!getValueType().isF32() && !getValueType().isF64())
    return emitOpError() << "needs values of type f32 or f64, not "
                         << getValueType();
  uint64_t neurons = countNeurons();
  if (neurons > INT32_MAX)
    return emitOpError() << "has " << neurons << " neurons, more than "
                         << INT32_MAX;
  if (auto outputs = getOutputs())
    for (int32_t neuron : *outputs)
      if (neuron < 0 || uint64_t(neuron) >= neurons)
        return emitOpError() << "has output " << neuron
                             << ", but neurons are 0 to " << neurons - 1;
  if (std::string problem = checkEnds(*this); !problem.empty())
    return emitOpError() << "is malformed: " << problem;
  bool isOrdered = bool(getOrder());
  if (!isOrdered && readsEarlierLayers(*this))
    return success();
  Graph graph = graphOf(*this);
  if (std::string problem = findCycle(graph); !problem.empty())
    return emitOpError() << "is malformed: " << problem;
  if (!isOrdered)
    return success();
  std::optional<Numbers> order = Numbers::of(*getOrder());
  if (!order || !order->type().isSignlessInteger(64))
    return emitOpError() << "needs an order of i64, not "
                         << getOrder()->getShapedType();
  Order connections(order->size());
  for (uint64_t step = 0; step < order->size(); ++step)
    connections[step] = order->integer(step);
  std::string problem = checkOrder(graph, connections);
  if (problem.empty() && !getFast())
    problem = checkSums(graph, connections);
  if (!problem.empty())
    return emitOpError() << "has an illegal order: " << problem;
  return success();
}
