//===- CSLBodyOps.cpp - verifiers of CSL statements -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of the ops in bodies of tasks and functions.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Builtins.h"
#include "dialects/CSL/IR/Verify.h"

using namespace mlir;
using namespace spada::csl;

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
  Operation *target =
      symbols.lookupNearestSymbolFrom(*this, getVariableAttr()); // (C1)
  if (isa_and_nonnull<PointerOp>(target)) {
    Type expected = MemRefType::get({}, PtrType::get(getContext()));
    if (getType() == expected)
      return success();
    return emitOpError() << "gives " << getType() << " for '" << getVariable()
                         << "', which is a pointer: " << expected;
  }
  auto variable = dyn_cast_or_null<VariableOp>(target);
  if (!variable)
    return emitUnknown(*this, getVariableAttr(), "csl.variable or csl.pointer");
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

//===----------------------------------------------------------------------===//
// VectorOp
//===----------------------------------------------------------------------===//

/// Element type of any operand of a DSD operation; none when it is not known.
static Type elementType(Type type) {
  if (isa<DsrType, FifoType, PtrType>(type))
    return NoneType::get(type.getContext());
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

/// A vector: what an operation goes through element by element.
static bool isVector(Type type) {
  return isDsd(type) || isa<DsrType, FifoType>(type);
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
  if (builtin.hasDestination &&
      !isa<MemDsdType, FaboutDsdType, MemRefType, DsrType, FifoType, PtrType>(
          destination))
    return op.emitOpError() << "writes to " << destination
                            << "; the destination is a memory or fabric output "
                               "descriptor or a scalar variable";
  bool anyVector = isVector(destination) || builtin.scalarForm;
  auto sources = operands.drop_front(builtin.hasDestination).getTypes();
  for (auto [index, type] : llvm::enumerate(sources)) {
    if (isa<FaboutDsdType>(type))
      return op.emitOpError() << "reads from fabric output in source " << index;
    bool scalar = builtin.scalarLast && index + 1 == builtin.sources;
    if (scalar && isVector(type))
      return op.emitOpError()
             << "'" << builtin.name
             << "' takes a scalar as its last source, not " << type;
    if (builtin.scalarLast && !scalar && !isVector(type))
      return op.emitOpError()
             << "'" << builtin.name
             << "' takes descriptors as its first sources, not " << type;
    anyVector |= isVector(type);
  }
  if (!anyVector)
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
  unsigned firstSource = builtin->hasDestination;
  if (operands.size() != builtin->sources + firstSource) {
    InFlightDiagnostic diag = emitOpError() << "'" << builtin->name << "' has "
                                            << operands.size() << " operands; ";
    if (builtin->hasDestination)
      diag << "a destination and ";
    return diag << builtin->sources << " sources are needed";
  }
  for (auto [index, type] : llvm::enumerate(operands.getTypes())) { // (C3)
    ElementClass wanted = index < firstSource    ? builtin->destination
                          : index == firstSource ? builtin->first
                                                 : builtin->others;
    if (!isOfClass(elementType(type), wanted))
      return emitOpError() << "'" << builtin->name << "' has operand " << index
                           << " of " << type << "; elements of "
                           << describe(wanted) << " are needed";
  }
  if (failed(verifyForms(*this, *builtin)))
    return failure();
  bool queued = llvm::any_of(operands.getTypes(), [](Type type) {
    return isFabric(type) || isa<DsrType, FifoType>(type);
  });
  if (getAsync() && !queued) // (C1)
    return emitOpError() << "is async without a fabric operand; only those run "
                            "on a microthread";
  return verifyCompletion(*this);
}

LogicalResult spada::csl::verifyTask(Operation *op,
                                     SymbolTableCollection &symbols,
                                     FlatSymbolRefAttr name, bool local) {
  if (!name)
    return success();
  auto task = lookup<TaskOp>(op, symbols, name, "csl.task");
  if (!task)
    return failure();
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
  return verifyCompletionTasks(*this, symbols);
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

LogicalResult SetStateOp::verify() {
  if (getAction() == StateAction::Activate && // (C1)
      getKind() > StateKind::Control)
    return emitOpError() << "activates a " << stringifyStateKind(getKind())
                         << "; only tasks are activated";
  return success();
}

LogicalResult PrintOp::verify() {
  size_t specifiers = 0; // (C1)
  StringRef text = getFormat();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{')
      continue;
    if (text.substr(i).starts_with("{{")) {
      ++i;
      continue;
    }
    if (text.size() < i + 3 || text[i + 2] != '}' ||
        StringRef("duXbf").find(text[i + 1]) == StringRef::npos)
      return emitOpError() << "has '" << text.substr(i, 3)
                           << "' in its format; use {d}, {u}, {X}, {b}, {f}, "
                              "or {{ for a brace";
    ++specifiers;
  }
  if (specifiers == getValues().size())
    return success();
  return emitOpError() << "has " << specifiers << " specifiers in its format "
                       << "and " << getValues().size() << " values";
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
