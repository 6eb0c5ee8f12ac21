//===- Transpose.h - matrices turned around ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A function that copies a matrix to another one with its axes exchanged.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOAFFINE_TRANSPOSE_H
#define LIB_CONVERSION_STENCILTOAFFINE_TRANSPOSE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace spada::cpu {

/// The function `NAME_ELEMENT(view, view, index, index, index)` of `module`,
/// filled with `build` when it is not there yet.
mlir::func::FuncOp
getViewFunction(mlir::ModuleOp module, llvm::StringRef name, mlir::Type element,
                mlir::Type view,
                llvm::function_ref<void(mlir::func::FuncOp)> build);

/// A matrix with unit stride on its second axis.
mlir::MemRefType matrixType(mlir::Type element);

/// The function that turns matrices of `element`s around, made when needed. It
/// takes both matrices, rows and columns of the first, and how many columns
/// ahead memory is asked for.
mlir::func::FuncOp getTranspose(mlir::ModuleOp module, mlir::Type element);

} // namespace spada::cpu

#endif
