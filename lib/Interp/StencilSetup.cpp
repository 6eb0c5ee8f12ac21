//===- StencilSetup.cpp - bind a call to a GTScript program ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Arguments, temporaries and the numbering of bodies. Whatever cannot be run
// at all is rejected here.
//
//===----------------------------------------------------------------------===//

#include "StencilMachine.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::interp;
using namespace spada::stencil;

bool StencilMachine::reject(Location location, const Twine &text) {
  outcome.status = InterpResult::Rejected;
  outcome.message = text.str();
  outcome.location = location;
  return false;
}

int StencilMachine::newSlot(Value value) {
  int slot = values.size();
  values.emplace_back();
  slots[value] = slot;
  return slot;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

bool StencilMachine::bindDomain() {
  for (int64_t size : call.domain)
    if (size < 1)
      return reject(program.getLoc(),
                    "the domain has a size of " + Twine(size) + " points");
  std::optional<ArrayRef<int64_t>> fixed = program.getDomain();
  for (unsigned axis = 0; fixed && axis < 3; ++axis)
    if ((*fixed)[axis] != call.domain[axis])
      return reject(program.getLoc(),
                    "the program is for " + Twine((*fixed)[axis]) +
                        " points on axis " + StringRef("IJK").substr(axis, 1) +
                        ", the domain has " + Twine(call.domain[axis]));
  int64_t levels = program.getMinLevels().value_or(0);
  if (call.domain[2] < levels)
    return reject(program.getLoc(),
                  "the intervals need at least " + Twine(levels) +
                      " levels, the domain has " + Twine(call.domain[2]));
  return true;
}

/// Sets strides of row-major elements; \returns their number, or -1.
static int64_t layOut(FieldMemory &storage) {
  int64_t count = 1;
  ArrayRef<int64_t> dims = storage.type.getDataDims();
  storage.dataStride.assign(dims.size(), 0);
  for (size_t d = dims.size(); d-- > 0;) {
    storage.dataStride[d] = count;
    if (llvm::MulOverflow(count, dims[d], count))
      return -1;
  }
  for (unsigned axis = 3; axis-- > 0;) {
    if (!storage.type.hasAxis(axis))
      continue;
    storage.stride[axis] = count;
    if (llvm::MulOverflow(count, storage.size[axis], count))
      return -1;
  }
  return count;
}

bool StencilMachine::bindField(unsigned index, FieldType type) {
  BlockArgument argument = program.getArgument(index);
  if (argument.use_empty())
    return true;
  FieldMemory storage;
  storage.name = program.getArgName(index).str();
  storage.type = type;
  storage.format = Format::of(type.getElementType());
  storage.isArgument = true;
  auto given = call.fields.find(storage.name);
  if (given == call.fields.end())
    return reject(argument.getLoc(),
                  "field '" + storage.name + "' has no array");
  StencilField &field = given->second;
  auto wrong = [&](const Twine &text) {
    return reject(argument.getLoc(), "field '" + storage.name + "' " + text);
  };
  if (field.array.dtype != dtypeOf(type.getElementType()))
    return wrong("has elements of " + Twine(dtypeOf(type.getElementType())) +
                 ", the array of " + field.array.dtype);
  if (field.array.shape.size() != type.getRank())
    return wrong("has " + Twine(type.getRank()) + " dimensions, the array " +
                 Twine(field.array.shape.size()));
  unsigned spatial = 0;
  for (unsigned axis = 0; axis < 3; ++axis)
    if (type.hasAxis(axis)) {
      if (spatial >= field.origin.size())
        return wrong("needs an origin for each axis");
      storage.low[axis] = -field.origin[spatial];
      storage.size[axis] = field.array.shape[spatial++];
    }
  for (auto [position, size] : llvm::enumerate(type.getDataDims()))
    if (field.array.shape[spatial + position] != size)
      return wrong("has a data dimension of " + Twine(size) + ", the array " +
                   Twine(field.array.shape[spatial + position]));
  int64_t count = layOut(storage);
  if (count < 0 || static_cast<int64_t>(field.array.bytes.size()) !=
                       count * static_cast<int64_t>(storage.format.bytes()))
    return wrong("has an array whose shape is not that of its elements");
  storage.array = &field.array;
  storageOf[argument] = storages.size();
  storages.push_back(std::move(storage));
  return true;
}

bool StencilMachine::bindScalar(unsigned index) {
  BlockArgument argument = program.getArgument(index);
  std::string name = program.getArgName(index).str();
  int slot = newSlot(argument);
  auto given = call.scalars.find(name);
  if (given == call.scalars.end()) {
    auto fallback =
        program.getArgAttrOfType<TypedAttr>(index, "stencil.default");
    if (fallback && isa<IntegerAttr, FloatAttr>(fallback) &&
        fallback.getType() == argument.getType())
      values[slot] = evaluateConstant(fallback);
    else if (!argument.use_empty())
      return reject(argument.getLoc(), "scalar '" + name + "' has no value");
    return true;
  }
  const Array &array = given->second;
  Format format = Format::of(argument.getType());
  if (array.dtype != dtypeOf(argument.getType()) ||
      array.bytes.size() != format.bytes())
    return reject(argument.getLoc(), "scalar '" + name + "' is " +
                                         Twine(dtypeOf(argument.getType())) +
                                         ", given is " + array.dtype);
  values[slot] = loadElement(array, format, 0);
  return true;
}

bool StencilMachine::bindConstant(Operation &op) {
  auto constant = dyn_cast<arith::ConstantOp>(op);
  if (!constant || !isa<IntegerAttr, FloatAttr>(constant.getValue()))
    return reject(op.getLoc(), "the interpreter has no constants of '" +
                                   op.getName().getStringRef() + "'");
  values[newSlot(constant)] = evaluateConstant(constant.getValue());
  return true;
}

//===----------------------------------------------------------------------===//
// Temporaries
//===----------------------------------------------------------------------===//

/// The points that any statement computes.
bool StencilMachine::hullOfExtents(Rectangle &hull) {
  hull = {0, call.domain[0], 0, call.domain[1]};
  WalkResult result = program.walk([&](StatementOp op) {
    std::optional<ExtentAttr> extent = op.getExtent();
    if (!extent) {
      reject(op.getLoc(), "the statement has no extent; run "
                          "'stencil-infer-extents' first");
      return WalkResult::interrupt();
    }
    hull.iLow = std::min(hull.iLow, extent->getILo());
    hull.iHigh = std::max(hull.iHigh, call.domain[0] + extent->getIHi());
    hull.jLow = std::min(hull.jLow, extent->getJLo());
    hull.jHigh = std::max(hull.jHigh, call.domain[1] + extent->getJHi());
    return WalkResult::advance();
  });
  return !result.wasInterrupted();
}

bool StencilMachine::addTemporary(TemporaryOp op, const Rectangle &hull) {
  FieldMemory storage;
  storage.name = op.getName().str();
  storage.type = op.getField().getType();
  storage.format = Format::of(storage.type.getElementType());
  storage.isLocal = !isa<ProgramOp>(op->getParentOp());
  std::array<int64_t, 3> low = {hull.iLow, hull.jLow, 0},
                         high = {hull.iHigh, hull.jHigh, call.domain[2]};
  for (unsigned axis = 0; axis < 3; ++axis)
    if (storage.type.hasAxis(axis)) {
      storage.low[axis] = low[axis];
      storage.size[axis] = high[axis] - low[axis];
    }
  int64_t count = layOut(storage);
  if (count < 0 || count > options.maxElements - elements)
    return reject(op.getLoc(),
                  "temporaries have more than " + Twine(options.maxElements) +
                      " elements; the interpreter is for smaller domains");
  elements += count;
  storage.own.dtype = dtypeOf(storage.type.getElementType());
  storage.own.shape = {count};
  storage.own.bytes.resize(count * storage.format.bytes());
  storage.defined.assign(count, false);
  storageOf[op.getField()] = storages.size();
  storages.push_back(std::move(storage));
  return true;
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

bool StencilMachine::decodeOp(Operation &op, Step &step) {
  step.op = &op;
  step.run = stencilHandler(op.getName().getStringRef());
  if (!step.run)
    return reject(op.getLoc(), "the interpreter has no '" +
                                   op.getName().getStringRef() + "'");
  bool hasFormat = false;
  for (Value operand : op.getOperands()) {
    if (isa<FieldType>(operand.getType())) {
      step.storage = storageOf.lookup(operand);
      step.operands.push_back(-1);
      continue;
    }
    step.operands.push_back(slots.lookup(operand));
    if (!hasFormat && operand.getType().isIntOrIndexOrFloat()) {
      step.from = Format::of(operand.getType());
      hasFormat = true;
    }
  }
  for (Value result : op.getResults()) {
    if (isa<FieldType>(result.getType())) {
      step.storage = storageOf.lookup(result);
      continue;
    }
    if (!result.getType().isIntOrIndexOrFloat())
      return reject(op.getLoc(), "the interpreter has no values like those of "
                                 "this '" +
                                     op.getName().getStringRef() + "'");
    step.results.push_back(newSlot(result));
  }
  if (!step.results.empty())
    step.to = Format::of(op.getResult(0).getType());
  for (Region &region : op.getRegions()) {
    step.regions.emplace_back();
    if (!region.empty() && !decode(region.front(), step.regions.back()))
      return false;
  }
  return true;
}

bool StencilMachine::decode(Block &block, Code &code) {
  for (BlockArgument argument : block.getArguments())
    code.arguments.push_back(newSlot(argument));
  for (Operation &op : block) {
    if (op.hasTrait<OpTrait::IsTerminator>()) {
      for (Value operand : op.getOperands())
        code.results.push_back(slots.lookup(operand));
      continue;
    }
    if (isa<arith::ConstantOp>(op)) {
      if (!bindConstant(op))
        return false;
      continue;
    }
    code.steps.emplace_back();
    if (!decodeOp(op, code.steps.back()))
      return false;
  }
  return true;
}

/// A bound of a region; open sides reach the end of the plane.
static int64_t boundOr(BoundAttr bound, int64_t size, int64_t open) {
  return bound ? bound.at(size) : open;
}

bool StencilMachine::decodeStatement(StatementOp op, Statement &statement) {
  ExtentAttr extent = *op.getExtent();
  Rectangle &plane = statement.plane;
  plane = {extent.getILo(), call.domain[0] + extent.getIHi(), extent.getJLo(),
           call.domain[1] + extent.getJHi()};
  if (std::optional<ArrayAttr> regions = op.getRegions()) {
    statement.isLimited = true;
    for (auto region : regions->getAsRange<RegionAttr>())
      statement.regions.push_back(
          {boundOr(region.getIStart(), call.domain[0], plane.iLow),
           boundOr(region.getIEnd(), call.domain[0], plane.iHigh),
           boundOr(region.getJStart(), call.domain[1], plane.jLow),
           boundOr(region.getJEnd(), call.domain[1], plane.jHigh)});
  }
  return decode(op.getBody().front(), statement.code);
}

bool StencilMachine::setUp() {
  Rectangle hull;
  if (!bindDomain() || !hullOfExtents(hull))
    return false;
  for (auto [index, type] : llvm::enumerate(program.getArgumentTypes())) {
    auto field = dyn_cast<FieldType>(type);
    if (field ? !bindField(index, field) : !bindScalar(index))
      return false;
  }
  WalkResult walked = program.walk([&](TemporaryOp op) {
    return addTemporary(op, hull) ? WalkResult::advance()
                                  : WalkResult::interrupt();
  });
  if (walked.wasInterrupted())
    return false;
  for (FieldMemory &storage : storages)
    if (!storage.isArgument)
      storage.array = &storage.own;
  for (Operation &op : program.getBody().front())
    if (!isa<TemporaryOp, SectionOp>(op) && !bindConstant(op))
      return false;
  return true;
}
