//===- SparseObject.h - machine code of sparse networks ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// From a `sparse.network` NAME to an object file in memory, and to a shared
// library with a C header and a Python module. T is the network's value type.
//
//   int32_t NAME_call(const T *x, int64_t x_stride, T *y, int64_t y_stride,
//                     int64_t batch, int64_t threads, void *workspace,
//                     int64_t *work);
//   int64_t NAME_workspace(int64_t batch, int64_t threads);
//
// `x` is batch x inputs, `y` batch x outputs, rows at the distance of the
// stride in elements. `threads` 0 leaves the number to OpenMP. `workspace` has
// as many bytes as `NAME_workspace` says, or is null: then each call takes and
// frees its own. `work`, if not null, becomes the number of connections times
// columns that were computed. The result is 0, or 1 without memory.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TARGET_SPARSEOBJECT_H
#define SPADA_TARGET_SPARSEOBJECT_H

#include "spada/Conversion/SparseToVector.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace spada {

struct SparseObjectOptions {
  /// A processor's name as LLVM knows it; `native`; or `any`, which makes code
  /// for all sets of vector instructions and lets the library choose.
  std::string cpu = "native";
  /// Code for this set only, whatever `cpu` has.
  std::optional<sparse::VectorSet> set;
  sparse::SparseCodeOptions code;
};

/// Sizes of this machine's caches, see localHost.
void useHostCaches(sparse::SparseCodeOptions &options);

/// Position independent machine code of `network`. Errors are reported at the
/// network and give nothing. \p statistics  if wanted: what was packed.
mlir::FailureOr<llvm::SmallVector<char, 0>>
emitSparseObject(sparse::NetworkOp network, const SparseObjectOptions &options,
                 sparse::PackStatistics *statistics = nullptr);

/// LLVM's text of the same, without the streams.
mlir::FailureOr<std::string> emitSparseLLVM(sparse::NetworkOp network,
                                            const SparseObjectOptions &options,
                                            bool optimized);

/// Writes `libNAME.so`, `NAME.h` and `NAME.py` into `folder`. They appear
/// there together, or not at all.
llvm::Error writeSparseLibrary(sparse::NetworkOp network,
                               llvm::StringRef folder,
                               const SparseObjectOptions &options);

} // namespace spada

#endif
