//===- PrintArray.h - arrays of attributes, and as text ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the passes that run programs for tests share.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_INTERP_PRINTARRAY_H
#define LIB_INTERP_PRINTARRAY_H

#include "spada/Support/Array.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/raw_ostream.h"

namespace spada {

/// The array that a `dense` attribute spells.
Array arrayOf(mlir::DenseElementsAttr dense);

/// `name: f32[2, 3] = 1 2 3 4 5 6`.
void printArray(llvm::raw_ostream &os, llvm::StringRef name, const Array &array,
                mlir::MLIRContext *context);

} // namespace spada

#endif
