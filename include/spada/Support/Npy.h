//===- Npy.h - numpy array files --------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads and writes .npy files whose elements are SpaDA scalars. Not for .npz
// archives, structured, big-endian or object arrays: those are refused by name.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SUPPORT_NPY_H
#define SPADA_SUPPORT_NPY_H

#include "spada/Support/Array.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace spada {

/// Bytes of one element of `dtype` in an Array; 0 when it is no SpaDA scalar.
int64_t elementBytes(llvm::StringRef dtype);

/// The number of elements of `shape`; -1 on overflow or a negative dimension.
int64_t elementCount(llvm::ArrayRef<int64_t> shape);

/// `shape` as numpy prints it: "()", "(4,)", "(4, 5)".
std::string shapeText(llvm::ArrayRef<int64_t> shape);

/// Reads versions 1, 2 and 3 of the format, C and Fortran order. The result is
/// row-major. Errors name the file.
llvm::Expected<Array> readNpy(llvm::StringRef path);

/// The same from the bytes of a file; `name` is for messages only.
llvm::Expected<Array> parseNpy(llvm::StringRef contents, llvm::StringRef name);

/// Writes version 1, C order; the file appears whole or not at all.
llvm::Error writeNpy(llvm::StringRef path, const Array &array);

} // namespace spada

#endif
