//===- StencilPoint.cpp - accesses and control flow of one point ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads and writes with all their checks, levels, variables, and the `scf` ops
// that may stand in a statement.
//
//===----------------------------------------------------------------------===//

#include "StencilMachine.h"

#include <cmath>

using namespace mlir;
using namespace spada;
using namespace spada::interp;
using namespace spada::stencil;

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

static std::string pointText(const std::array<int64_t, 3> &at) {
  return "(" + std::to_string(at[0]) + ", " + std::to_string(at[1]) + ", " +
         std::to_string(at[2]) + ")";
}

std::optional<int64_t>
StencilMachine::locate(const Step &step, const FieldMemory &storage, int64_t di,
                       int64_t dj, int64_t level, OperandRange data) {
  std::array<int64_t, 3> at = {point[0] + di, point[1] + dj, level};
  int64_t position = 0;
  for (unsigned axis = 0; axis < 3; ++axis) {
    if (!storage.type.hasAxis(axis))
      continue;
    int64_t low = storage.low[axis], high = low + storage.size[axis];
    if (at[axis] < low || at[axis] >= high) {
      trap(step, "access to '" + storage.name + "' at " + pointText(at) +
                     ", which has " + StringRef("ijk").substr(axis, 1) +
                     " from " + Twine(low) + " to " + Twine(high - 1));
      return std::nullopt;
    }
    position += (at[axis] - low) * storage.stride[axis];
  }
  for (auto [dim, operand] : llvm::enumerate(data)) {
    int64_t index = value(slotOf(operand)).integer();
    int64_t size = storage.type.getDataDims()[dim];
    if (index < 0 || index >= size) {
      trap(step, "data index " + Twine(index) + " of '" + storage.name +
                     "', whose dimension " + Twine(dim) + " has size " +
                     Twine(size));
      return std::nullopt;
    }
    position += index * storage.dataStride[dim];
  }
  return position;
}

static bool read(StencilMachine &machine, const Step &step) {
  auto op = cast<stencil::ReadOp>(step.op);
  const FieldMemory &storage = machine.storages[step.storage];
  ArrayRef<int64_t> offset = op.getOffset();
  int64_t level = machine.point[2] + offset[2];
  if (op.getShift())
    level += machine.value(machine.slotOf(op.getShift())).integer();
  if (op.getLevel())
    level = machine.value(machine.slotOf(op.getLevel())).integer();
  std::optional<int64_t> position =
      machine.locate(step, storage, offset[0], offset[1], level, op.getData());
  if (!position)
    return false;
  Scalar &result = machine.result(step);
  if (storage.isArgument || storage.defined[*position]) {
    result = loadElement(*storage.array, storage.format, *position);
    return true;
  }
  if (machine.options.trapUndefined)
    return machine.trap(step, "read of '" + storage.name +
                                  "', which was not written there before");
  result = storage.format.isFloat ? Scalar::ofFloat(std::nan("")) : Scalar();
  return true;
}

static bool write(StencilMachine &machine, const Step &step) {
  auto op = cast<stencil::WriteOp>(step.op);
  FieldMemory &storage = machine.storages[step.storage];
  if (storage.isArgument && !machine.isInDomain())
    return true;
  int64_t level = machine.point[2] + op.getDk();
  if (op.getShift())
    level += machine.value(machine.slotOf(op.getShift())).integer();
  std::optional<int64_t> position =
      machine.locate(step, storage, 0, 0, level, op.getData());
  if (!position)
    return false;
  storeElement(*storage.array, storage.format, *position,
               machine.operand(step, 0));
  if (!storage.isArgument)
    storage.defined[*position] = true;
  return true;
}

/// A variable of the point begins undefined.
static bool temporary(StencilMachine &machine, const Step &step) {
  machine.storages[step.storage].defined.assign(1, false);
  return true;
}

static bool level(StencilMachine &machine, const Step &step) {
  machine.result(step) = Scalar::ofInteger(machine.point[2]);
  return true;
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// Copies slots at once, so that sources may be targets as well.
static void copy(StencilMachine &machine, ArrayRef<int> from,
                 ArrayRef<int> to) {
  SmallVector<Scalar> values;
  for (int slot : from)
    values.push_back(machine.value(slot));
  for (auto [slot, value] : llvm::zip(to, values))
    machine.value(slot) = value;
}

static bool ifOp(StencilMachine &machine, const Step &step) {
  const Code &branch = step.regions[machine.operand(step, 0).integer() ? 0 : 1];
  if (!machine.runCode(branch))
    return false;
  copy(machine, branch.results, step.results);
  return true;
}

static bool whileOp(StencilMachine &machine, const Step &step) {
  const Code &before = step.regions[0], &after = step.regions[1];
  copy(machine, step.operands, before.arguments);
  for (int64_t turn = 0; turn < machine.options.maxIterations; ++turn) {
    if (!machine.runCode(before))
      return false;
    ArrayRef<int> passed = ArrayRef(before.results).drop_front();
    if (!machine.value(before.results[0]).integer()) {
      copy(machine, passed, step.results);
      return true;
    }
    copy(machine, passed, after.arguments);
    if (!machine.runCode(after))
      return false;
    copy(machine, after.results, before.arguments);
  }
  return machine.trap(step, "the loop has not ended after " +
                                Twine(machine.options.maxIterations) +
                                " iterations");
}

static bool forOp(StencilMachine &machine, const Step &step) {
  const Code &body = step.regions[0];
  int64_t low = machine.operand(step, 0).integer(),
          high = machine.operand(step, 1).integer(),
          stride = machine.operand(step, 2).integer();
  if (stride < 1)
    return machine.trap(step, "a loop with step " + Twine(stride));
  copy(machine, ArrayRef(step.operands).drop_front(3),
       ArrayRef(body.arguments).drop_front());
  for (int64_t at = low; at < high; at += stride) {
    machine.value(body.arguments[0]) = Scalar::ofInteger(at);
    if (!machine.runCode(body))
      return false;
    copy(machine, body.results, ArrayRef(body.arguments).drop_front());
  }
  copy(machine, ArrayRef(body.arguments).drop_front(), step.results);
  return true;
}

void interp::addPointHandlers(HandlerTable &table) {
  table["stencil.read"] = read;
  table["stencil.write"] = write;
  table["stencil.temporary"] = temporary;
  table["stencil.level"] = level;
  table["scf.if"] = ifOp;
  table["scf.while"] = whileOp;
  table["scf.for"] = forOp;
}
