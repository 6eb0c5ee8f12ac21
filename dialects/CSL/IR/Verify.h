//===- Verify.h - shared parts of the CSL verifiers -------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Questions about types and names that several verifiers ask. Private to
// dialects/CSL/IR.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_IR_VERIFY_H
#define DIALECTS_CSL_IR_VERIFY_H

#include "dialects/CSL/IR/CSLDialect.h"

namespace spada::csl {

inline bool isScalarType(mlir::Type type) {
  return type.isF16() || type.isF32() || type.isInteger(1) ||
         type.isInteger(8) || type.isInteger(16) || type.isInteger(32) ||
         type.isInteger(64);
}

/// A scalar that one register of the PE, or the host, takes as a word.
inline bool isWordType(mlir::Type type) {
  return isScalarType(type) && !type.isInteger(64);
}

/// Elements that travel in one wavelet.
inline bool isWaveletType(mlir::Type type) {
  return type.isF16() || type.isF32() || type.isInteger(16) ||
         type.isInteger(32);
}

inline bool isDsd(mlir::Type type) {
  return mlir::isa<MemDsdType, FabinDsdType, FaboutDsdType>(type);
}
inline bool isFabric(mlir::Type type) {
  return mlir::isa<FabinDsdType, FaboutDsdType>(type);
}

/// Emits "`op` names 'x', which is no WHAT of the program".
inline mlir::InFlightDiagnostic emitUnknown(mlir::Operation *op,
                                            mlir::FlatSymbolRefAttr name,
                                            llvm::StringRef what) {
  return op->emitOpError() << "names '" << name.getValue() << "', which is no "
                           << what << " of the program";
}

/// Finds the op that `name` denotes, or reports it.
template <typename OpTy>
OpTy lookup(mlir::Operation *op, mlir::SymbolTableCollection &symbols,
            mlir::FlatSymbolRefAttr name, llvm::StringRef what) {
  auto found = symbols.lookupNearestSymbolFrom<OpTy>(op, name);
  if (!found)
    emitUnknown(op, name, what);
  return found;
}

/// Checks that `name` denotes a task, a local one if `local`. No name is fine.
mlir::LogicalResult verifyTask(mlir::Operation *op,
                               mlir::SymbolTableCollection &symbols,
                               mlir::FlatSymbolRefAttr name, bool local);

/// The type of the DSD constant or variable `target`; null when what it refers
/// to is broken, which is reported there.
mlir::Type dsdTypeOf(mlir::Operation *target,
                     mlir::SymbolTableCollection &symbols);

/// Are both DSDs of one kind and rank?
bool sameShape(mlir::Type a, mlir::Type b);

/// Rules of what completes an operation, shared by `csl.vector` and
/// `csl.load_to_dsr`.
template <typename OpTy> mlir::LogicalResult verifyCompletion(OpTy op) {
  if (!op.getAsync() && (op.getActivate() || op.getUnblock() || op.getUt()))
    return op.emitOpError() << "has activate, unblock or ut but is not async";
  if (op.getActivate() && op.getUnblock())
    return op.emitOpError()
           << "activates '" << *op.getActivate() << "' and unblocks '"
           << *op.getUnblock() << "'; one of them is possible";
  bool names = op.getOnControl() == OnControl::Activate ||
               op.getOnControl() == OnControl::Unblock;
  if (names == op.getOnControlTask().has_value())
    return mlir::success();
  return op.emitOpError() << (names ? "does not name the task of on_control"
                                    : "names a task, which on_control only has "
                                      "for activate and unblock");
}

template <typename OpTy>
mlir::LogicalResult
verifyCompletionTasks(OpTy op, mlir::SymbolTableCollection &symbols) {
  bool activates = op.getOnControl() == OnControl::Activate;
  return mlir::failure(
      mlir::failed(verifyTask(op, symbols, op.getActivateAttr(), true)) ||
      mlir::failed(verifyTask(op, symbols, op.getUnblockAttr(), false)) ||
      mlir::failed(
          verifyTask(op, symbols, op.getOnControlTaskAttr(), activates)));
}

} // namespace spada::csl

#endif
