//===- NormalForm.h - parts of csl-normalize --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Private to dialects/CSL/Transforms.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_TRANSFORMS_NORMALFORM_H
#define DIALECTS_CSL_TRANSFORMS_NORMALFORM_H

#include "dialects/CSL/Transforms/Transforms.h"

namespace spada::csl {

/// Boxes, params and order of the layout. Params with one value become
/// constants in their programs.
void normalizeLayout(mlir::ModuleOp module);
/// Ops of a task or function: operators, subscripts, order.
void normalizeBody(mlir::Operation *callable);
/// Accesses to flat variables get one subscript.
void flattenVariables(ProgramOp program);
/// Variables of `program` that have values of their own on some PEs.
llvm::SmallVector<mlir::SymbolRefAttr> variablesWithData(ProgramOp program);
/// Replaces ops that CSL spells with others.
void spellOperators(mlir::Operation *root);
/// No values of type `index` but subscripts.
void removeIndexType(mlir::Operation *root);
/// Drops values that loops carry unchanged, branches that do nothing and code
/// without use.
void simplifyControl(mlir::Operation *root);
/// Puts pure ops and loads in the order in which statements need them.
void schedule(mlir::Operation *root);

} // namespace spada::csl

#endif
