//===- LLVM.h - the order of conversions to LLVM ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What code for CPUs has in common, whatever it comes from.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_PIPELINES_LLVM_H
#define SPADA_PIPELINES_LLVM_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace spada {

/// Adds the conversions of structured loops, vectors, mathematical functions
/// and OpenMP to the LLVM dialect to a pass manager anchored on the module.
void buildLoopsToLLVM(mlir::OpPassManager &pm);

/// Runs them.
mlir::LogicalResult lowerLoopsToLLVM(mlir::ModuleOp module);

} // namespace spada

#endif
