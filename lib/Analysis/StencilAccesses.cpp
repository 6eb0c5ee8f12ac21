//===- StencilAccesses.cpp - what a stencil touches -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/StencilAccesses.h"

#include "spada/Analysis/StencilExtents.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

std::optional<FieldAccess> stencil::getAccess(Operation *op) {
  FieldAccess access{op, Value()};
  if (auto read = dyn_cast<ReadOp>(op)) {
    access.field = read.getField();
    access.di = read.getOffset()[0];
    access.dj = read.getOffset()[1];
    access.dk = read.getOffset()[2];
    access.isAnyLevel = read.getShift() || read.getLevel();
  } else if (auto write = dyn_cast<WriteOp>(op)) {
    access.field = write.getField();
    access.dk = write.getDk();
    access.isWrite = true;
    access.isAnyLevel = write.getShift() != nullptr;
  }
  if (!access.field || isPointVariable(access.field))
    return std::nullopt;
  access.isConditional = !isa<StatementOp>(op->getParentOp());
  return access;
}

SmallVector<FieldAccess> stencil::collectAccesses(Operation *root) {
  SmallVector<FieldAccess> accesses;
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (std::optional<FieldAccess> access = getAccess(op))
      accesses.push_back(*access);
  });
  return accesses;
}

StringRef stencil::getFieldName(Value field) {
  if (auto temporary = field.getDefiningOp<TemporaryOp>())
    return temporary.getName();
  auto argument = dyn_cast<BlockArgument>(field);
  if (!argument)
    return "";
  auto program = dyn_cast<ProgramOp>(argument.getOwner()->getParentOp());
  return program ? program.getArgName(argument.getArgNumber()) : "";
}

LevelRange LevelRange::get(SectionOp section) {
  return {section.getStart().getEdge(), section.getStart().getOffset(),
          section.getEnd().getEdge(), section.getEnd().getOffset()};
}
