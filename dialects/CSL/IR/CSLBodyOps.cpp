//===- CSLBodyOps.cpp - verifiers of CSL statements -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of the ops in bodies of tasks and functions.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Builtins.h"
#include "dialects/CSL/IR/CSLDialect.h"

using namespace mlir;
using namespace spada::csl;

static InFlightDiagnostic emitUnknown(Operation *op, FlatSymbolRefAttr name,
                                      StringRef what) {
  return op->emitOpError() << "names '" << name.getValue() << "', which is no "
                           << what << " of the program";
}

LogicalResult ReturnOp::verify() {
  if (getOperation() != &getOperation()->getBlock()->back()) // (C1)
    return emitOpError() << "is not the last op of its body";
  auto function = dyn_cast<FuncOp>((*this)->getParentOp()); // (C2)
  Type expected =
      function && function.getResultType() ? *function.getResultType() : Type();
  Type given = getValue() ? getValue().getType() : Type();
  if (expected == given)
    return success();
  if (!expected)
    return emitOpError() << "returns " << given
                         << " from a body without a result";
  InFlightDiagnostic diag = emitOpError() << "returns ";
  if (given)
    diag << given;
  else
    diag << "nothing";
  return diag << " from a function of " << expected;
}

LogicalResult AddressOfOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto variable = symbols.lookupNearestSymbolFrom<VariableOp>(
      *this, getVariableAttr()); // (C1)
  if (!variable)
    return emitUnknown(*this, getVariableAttr(), "csl.variable");
  if (variable.getType() != getType()) {
    InFlightDiagnostic diag = emitOpError()
                              << "gives " << getType() << " for '"
                              << getVariable() << "' of " << variable.getType();
    diag.attachNote(variable.getLoc()) << "variable declared here";
    return diag;
  }
  return success();
}

LogicalResult ParamValueOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto param =
      symbols.lookupNearestSymbolFrom<ParamOp>(*this, getParamAttr()); // (C1)
  if (!param || !param.getType())
    return emitUnknown(*this, getParamAttr(), "typed csl.param");
  if (*param.getType() != getType()) {
    InFlightDiagnostic diag = emitOpError()
                              << "gives " << getType() << " for '" << getParam()
                              << "' of " << *param.getType();
    diag.attachNote(param.getLoc()) << "param declared here";
    return diag;
  }
  return success();
}

LogicalResult DsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *target =
      symbols.lookupNearestSymbolFrom(*this, getDsdAttr()); // (C1)
  Type expected;
  if (auto memory = dyn_cast_or_null<MemDsdOp>(target)) {
    auto base = symbols.lookupNearestSymbolFrom<VariableOp>(
        memory, memory.getBaseAttr());
    auto type = base ? dyn_cast<MemRefType>(base.getType()) : MemRefType();
    if (!type)
      return success(); // reported where it is declared
    expected = MemDsdType::get(getContext(), type.getElementType(),
                               memory.getSizes().size());
  } else if (auto fabric = dyn_cast_or_null<FabricDsdOp>(target)) {
    auto queue =
        symbols.lookupNearestSymbolFrom<QueueOp>(fabric, fabric.getQueueAttr());
    if (!queue)
      return success();
    expected =
        queue.getKind() == QueueKind::Input
            ? Type(FabinDsdType::get(getContext(), fabric.getElementType()))
            : FaboutDsdType::get(getContext(), fabric.getElementType());
  } else {
    return emitUnknown(*this, getDsdAttr(), "DSD constant");
  }
  if (expected == getType())
    return success();
  InFlightDiagnostic diag = emitOpError() << "gives " << getType() << " for '"
                                          << getDsd() << "' of " << expected;
  diag.attachNote(target->getLoc()) << "descriptor declared here";
  return diag;
}

LogicalResult SetDsdLengthOp::verify() {
  auto memory = dyn_cast<MemDsdType>(getDsd().getType()); // (C1)
  if (memory && memory.getRank() != 1)
    return emitOpError() << "sets the length of a descriptor of rank "
                         << memory.getRank() << "; only rank 1 has one";
  return success();
}

//===----------------------------------------------------------------------===//
// VectorOp
//===----------------------------------------------------------------------===//

/// Element type of any operand of a DSD operation.
static Type elementType(Type type) {
  if (auto memory = dyn_cast<MemDsdType>(type))
    return memory.getElementType();
  if (auto input = dyn_cast<FabinDsdType>(type))
    return input.getElementType();
  if (auto output = dyn_cast<FaboutDsdType>(type))
    return output.getElementType();
  if (auto memref = dyn_cast<MemRefType>(type))
    return memref.getElementType();
  return type;
}

static bool isDsd(Type type) {
  return isa<MemDsdType, FabinDsdType, FaboutDsdType>(type);
}

static LogicalResult verifyForms(VectorOp op, const Builtin &builtin) { // (C4)
  OperandRange operands = op.getOperands_();
  auto bad = [](Type type) {
    auto memref = dyn_cast<MemRefType>(type);
    return memref && memref.getRank() != 0;
  };
  for (auto [index, type] : llvm::enumerate(operands.getTypes()))
    if (bad(type))
      return op.emitOpError() << "has operand " << index << " of " << type
                              << "; only a scalar variable can be named, "
                                 "arrays need a descriptor";
  Type destination = operands.front().getType();
  if (!isa<MemDsdType, FaboutDsdType, MemRefType>(destination))
    return op.emitOpError() << "writes to " << destination
                            << "; the destination is a memory or fabric output "
                               "descriptor or a scalar variable";
  bool anyDsd = isDsd(destination);
  for (auto [index, type] : llvm::enumerate(operands.drop_front().getTypes())) {
    if (isa<FaboutDsdType>(type))
      return op.emitOpError() << "reads from fabric output in source " << index;
    bool scalar = builtin.scalarLast && index + 1 == builtin.sources;
    if (scalar && isDsd(type))
      return op.emitOpError()
             << "'" << builtin.name
             << "' takes a scalar as its last source, not " << type;
    if (builtin.scalarLast && !scalar && !isDsd(type))
      return op.emitOpError()
             << "'" << builtin.name
             << "' takes descriptors as its first sources, not " << type;
    anyDsd |= isDsd(type);
  }
  if (!anyDsd)
    return op.emitOpError()
           << "has no descriptor among its operands; use scalar code";
  return success();
}

LogicalResult VectorOp::verify() {
  const Builtin *builtin = findBuiltin(getBuiltin()); // (C2)
  if (!builtin)
    return emitOpError() << "calls '" << getBuiltin()
                         << "', which is no known DSD operation";
  OperandRange operands = getOperands_();
  if (operands.size() != builtin->sources + 1)
    return emitOpError() << "'" << builtin->name << "' has " << operands.size()
                         << " operands; a destination and " << builtin->sources
                         << " sources are needed";
  for (auto [index, type] : llvm::enumerate(operands.getTypes())) { // (C3)
    ElementClass wanted = index == 0   ? builtin->destination
                          : index == 1 ? builtin->first
                                       : builtin->others;
    if (!isOfClass(elementType(type), wanted))
      return emitOpError() << "'" << builtin->name << "' has operand " << index
                           << " of " << type << "; elements of "
                           << describe(wanted) << " are needed";
  }
  if (failed(verifyForms(*this, *builtin)))
    return failure();
  bool fabric = llvm::any_of(operands.getTypes(), [](Type type) {
    return isa<FabinDsdType, FaboutDsdType>(type);
  });
  if (getAsync() && !fabric) // (C1)
    return emitOpError() << "is async without a fabric operand; only those run "
                            "on a microthread";
  if (!getAsync() && (getActivate() || getUnblock() || getUt()))
    return emitOpError() << "has activate, unblock or ut but is not async";
  if (getActivate() && getUnblock())
    return emitOpError() << "activates '" << *getActivate()
                         << "' and unblocks '" << *getUnblock()
                         << "'; one of them is possible";
  return success();
}

/// Checks that `name` denotes a task, a local one if `local`.
static LogicalResult verifyTask(Operation *op, SymbolTableCollection &symbols,
                                FlatSymbolRefAttr name, bool local) {
  auto task = symbols.lookupNearestSymbolFrom<TaskOp>(op, name);
  if (!task)
    return emitUnknown(op, name, "csl.task");
  if (!local || task.getKind() == TaskKind::Local)
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "activates '" << name.getValue()
                            << "', which is no local task; wavelets trigger it";
  diag.attachNote(task.getLoc()) << "task declared here";
  return diag;
}

LogicalResult
VectorOp::verifySymbolUses(SymbolTableCollection &symbols) { // (C5)
  if (getActivateAttr() &&
      failed(verifyTask(*this, symbols, getActivateAttr(), true)))
    return failure();
  if (getUnblockAttr() &&
      failed(verifyTask(*this, symbols, getUnblockAttr(), false)))
    return failure();
  return success();
}

LogicalResult
ActivateOp::verifySymbolUses(SymbolTableCollection &symbols) { // (C1)
  return verifyTask(*this, symbols, getTaskAttr(), true);
}
LogicalResult
BlockOp::verifySymbolUses(SymbolTableCollection &symbols) { // (C1)
  return verifyTask(*this, symbols, getTaskAttr(), false);
}
LogicalResult
UnblockOp::verifySymbolUses(SymbolTableCollection &symbols) { // (C1)
  return verifyTask(*this, symbols, getTaskAttr(), false);
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee =
      symbols.lookupNearestSymbolFrom<FuncOp>(*this, getCalleeAttr()); // (C1)
  if (!callee)
    return emitUnknown(*this, getCalleeAttr(), "csl.func");
  TypeRange wanted = callee.getBody().front().getArgumentTypes();
  Type result = callee.getResultType() ? *callee.getResultType() : Type();
  Type given = getResult() ? getResult().getType() : Type();
  if (wanted == getArgs().getTypes() && result == given)
    return success();
  InFlightDiagnostic diag = emitOpError()
                            << "calls '" << getCallee()
                            << "' with other types than it declares";
  diag.attachNote(callee.getLoc()) << "function declared here";
  return diag;
}

LogicalResult MemberCallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<ImportOp>(*this,
                                                 getModuleAttr())) // (C1)
    return emitUnknown(*this, getModuleAttr(), "csl.import");
  return success();
}
