//===- Steps.h - steps from loop nests to LLVM's dialect --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the passes of CpuPasses.h do.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_OBJECT_STEPS_H
#define LIB_TARGET_OBJECT_STEPS_H

#include "spada/Target/CpuPasses.h"

#include "mlir/IR/BuiltinOps.h"

namespace spada::cpu {

/// Turns loops over tiles into OpenMP worksharing loops or into plain ones.
void lowerTileLoops(mlir::ModuleOp module, bool useThreads);

/// Turns `scf.parallel` into loops; the innermost ones are marked for LLVM.
void lowerPointLoops(mlir::ModuleOp module);

/// Adds `NAME_call` of a converted program; `min levels` and versions as found
/// in the module.
void addCallEntry(mlir::ModuleOp module, const StencilSignature &signature,
                  bool useThreads);

} // namespace spada::cpu

#endif
