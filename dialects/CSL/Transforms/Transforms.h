//===- Transforms.h - rewrites of the CSL dialect ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Rewrites as functions, with the passes that call them.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_TRANSFORMS_TRANSFORMS_H
#define DIALECTS_CSL_TRANSFORMS_TRANSFORMS_H

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/Pass.h"

#include "llvm/ADT/DenseSet.h"

namespace spada::csl {

/// Brings a module to the form of `csl-normalize`. Verified modules stay
/// verified.
void normalize(mlir::ModuleOp module);

/// Removes pure values and loads without use, which are not printed.
void dropUnused(mlir::Operation *root);
/// Gives every symbol a name that CSL can spell. A renamed param keeps its old
/// name, by which the layout binds it, in `csl.original_name`.
void legalizeNames(mlir::ModuleOp module);
/// Replaces operations on numbers alone, and branches on them, by what they
/// give.
void foldConstants(mlir::Operation *root);
/// Variables that CSL only knows in one dimension: exported arrays (`[*]T`
/// points into rank 1 only), exported scalars, and arrays of higher rank with
/// listed initial values.
llvm::DenseSet<mlir::StringAttr> flatVariables(ProgramOp program);

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialects/CSL/Transforms/Passes.h.inc"

} // namespace spada::csl

#endif
