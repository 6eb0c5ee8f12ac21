//===- CSLMemoryOps.cpp - verifiers of pointers and descriptors -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of the ops that say where data is.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Verify.h"

using namespace mlir;
using namespace spada::csl;

Type spada::csl::dsdTypeOf(Operation *target, SymbolTableCollection &symbols) {
  MLIRContext *context = target->getContext();
  if (auto memory = dyn_cast<MemDsdOp>(target)) {
    auto base = symbols.lookupNearestSymbolFrom<VariableOp>(
        memory, memory.getBaseAttr());
    auto type = base ? dyn_cast<MemRefType>(base.getType()) : MemRefType();
    if (!type)
      return {};
    Type element = type.getElementType();
    if (isa<PtrType>(element))
      element = IntegerType::get(context, 16);
    return MemDsdType::get(context, element, memory.getSizes().size());
  }
  if (auto fabric = dyn_cast<FabricDsdOp>(target)) {
    auto queue =
        symbols.lookupNearestSymbolFrom<QueueOp>(fabric, fabric.getQueueAttr());
    if (!queue)
      return {};
    if (queue.getKind() == QueueKind::Input)
      return FabinDsdType::get(context, fabric.getElementType());
    return FaboutDsdType::get(context, fabric.getElementType());
  }
  if (auto variable = dyn_cast<DsdVariableOp>(target))
    return variable.getType();
  return {};
}

bool spada::csl::sameShape(Type a, Type b) {
  if (a.getTypeID() != b.getTypeID())
    return false;
  auto memory = dyn_cast<MemDsdType>(a);
  return !memory || memory.getRank() == cast<MemDsdType>(b).getRank();
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

LogicalResult FromPtrOp::verify() {
  auto type = dyn_cast<MemRefType>(getType()); // (C1)
  if (type && type.getRank() <= 1 && type.getLayout().isIdentity() &&
      !type.getMemorySpace() &&
      (isScalarType(type.getElementType()) ||
       isa<PtrType>(type.getElementType())))
    return success();
  return emitOpError() << "gives " << getType()
                       << "; a memref of rank 0 or 1 of a run-time scalar or "
                          "pointer is possible";
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

LogicalResult DsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Operation *target =
      symbols.lookupNearestSymbolFrom(*this, getDsdAttr()); // (C1)
  if (!isa_and_nonnull<MemDsdOp, FabricDsdOp>(target))
    return emitUnknown(*this, getDsdAttr(), "DSD constant");
  Type expected = dsdTypeOf(target, symbols);
  if (!expected || expected == getType()) // null: reported where it is declared
    return success();
  InFlightDiagnostic diag = emitOpError() << "gives " << getType() << " for '"
                                          << getDsd() << "' of " << expected;
  diag.attachNote(target->getLoc()) << "descriptor declared here";
  return diag;
}

/// (C1) of csl.load_dsd and csl.store_dsd.
static LogicalResult verifyDsdVariable(Operation *op,
                                       SymbolTableCollection &symbols,
                                       FlatSymbolRefAttr name, Type given) {
  auto variable = lookup<DsdVariableOp>(op, symbols, name, "csl.dsd_variable");
  if (!variable)
    return failure();
  if (variable.getType() == given)
    return success();
  InFlightDiagnostic diag = op->emitOpError()
                            << "has " << given << " for '" << name.getValue()
                            << "' of " << variable.getType();
  diag.attachNote(variable.getLoc()) << "descriptor variable declared here";
  return diag;
}

LogicalResult LoadDsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyDsdVariable(*this, symbols, getVariableAttr(), getType());
}
LogicalResult StoreDsdOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyDsdVariable(*this, symbols, getVariableAttr(),
                           getValue().getType());
}

LogicalResult IncrementDsdOffsetOp::verify() {
  Type element = getElementType() ? *getElementType()
                                  : getDsd().getType().getElementType();
  if (isScalarType(element)) // (C1)
    return success();
  return emitOpError() << "counts elements of " << element
                       << "; name a run-time scalar after 'of'";
}

LogicalResult SetDsdLengthOp::verify() {
  auto memory = dyn_cast<MemDsdType>(getDsd().getType()); // (C1)
  if (memory && memory.getRank() != 1)
    return emitOpError() << "sets the length of a descriptor of rank "
                         << memory.getRank() << "; only rank 1 has one";
  return success();
}

LogicalResult SetDsdStrideOp::verify() {
  if (getDsd().getType().getRank() != 1) // (C1)
    return emitOpError() << "sets the stride of a descriptor of rank "
                         << getDsd().getType().getRank()
                         << "; only rank 1 has one";
  return success();
}

LogicalResult CastDsdOp::verify() {
  if (sameShape(getDsd().getType(), getType())) // (C1)
    return success();
  return emitOpError() << "makes " << getDsd().getType() << " a " << getType()
                       << "; only the element type may differ";
}

LogicalResult DsdElementPtrOp::verify() {
  if (isScalarType(getElementType()))
    return success();
  return emitOpError() << "counts elements of " << getElementType()
                       << ", which is no run-time scalar";
}

//===----------------------------------------------------------------------===//
// Registers and FIFOs
//===----------------------------------------------------------------------===//

LogicalResult FifoRefOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return success(lookup<FifoOp>(*this, symbols, getFifoAttr(), "csl.fifo") !=
                 nullptr); // (C1)
}

LogicalResult
SetFifoLengthOp::verifySymbolUses(SymbolTableCollection &symbols) { // (C1)
  return success(lookup<FifoOp>(*this, symbols, getFifoAttr(), "csl.fifo") !=
                 nullptr);
}

LogicalResult LoadToDsrOp::verify() {
  Type type = getDsd().getType();
  if (getAsync() && !isFabric(type)) // (C1)
    return emitOpError() << "loads " << type
                         << " async; only fabric descriptors are";
  if (failed(verifyCompletion(*this)))
    return failure();
  if (isa<FabinDsdType>(type) && getFile() == DsrFile::Dest) // (C2)
    return emitOpError() << "loads fabric input to a destination register; "
                            "use src0 or src1";
  if (isa<FaboutDsdType>(type) && getFile() != DsrFile::Dest)
    return emitOpError() << "loads fabric output to a source register; "
                            "use dest";
  return success();
}

LogicalResult
LoadToDsrOp::verifySymbolUses(SymbolTableCollection &symbols) { // (C3)
  return verifyCompletionTasks(*this, symbols);
}
