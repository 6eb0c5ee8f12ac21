//===- Stencil.h - the order of passes on stencils --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Phase builder for programs of the stencil dialect.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_PIPELINES_STENCIL_H
#define SPADA_PIPELINES_STENCIL_H

#include "spada/Conversion/StencilToAffine.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace spada {

/// Names of the optimisations, in the order in which they run first.
llvm::ArrayRef<llvm::StringLiteral> stencilOptimizations();

struct StencilOptimizationOptions {
  /// Off: extents and checks only.
  bool optimize = true;
  /// Run parallel sections level by level where that merges them with
  /// sequential ones: good for caches, bad for vectors of levels.
  bool mixed = true;
  /// Names of optimisations that are left out, to measure what they do.
  std::vector<std::string> without;
  /// Most operations (`stencil-inline-temporaries`) to do again at a point
  /// instead of keeping one temporary.
  unsigned recompute = 20;
};

/// Adds extents, checks and optimisations to a pass manager anchored on the
/// module. The result means the same bit for bit.
void buildStencilOptimization(mlir::OpPassManager &pm,
                              const StencilOptimizationOptions &options = {});

/// Lowers the programs of `module`, which have extents, to the LLVM dialect
/// with the functions that callers use.
mlir::LogicalResult lowerStencilToLLVM(mlir::ModuleOp module,
                                       const StencilToAffineOptions &loops,
                                       bool useThreads);

/// Makes `--stencil-optimize` known to `spada-opt`.
void registerStencilPipelines();

} // namespace spada

#endif
