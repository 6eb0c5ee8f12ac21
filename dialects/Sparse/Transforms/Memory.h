//===- Memory.h - options of passes as a memory -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPARSE_TRANSFORMS_MEMORY_H
#define DIALECTS_SPARSE_TRANSFORMS_MEMORY_H

#include "dialects/Sparse/IR/SparseDialect.h"
#include "spada/Analysis/Sparse/IO.h"

namespace spada::sparse {

/// The memory of a pass's options; reports what is wrong with them at the
/// network.
std::optional<Memory> readMemory(NetworkOp network, uint64_t values,
                                 uint64_t batch, llvm::StringRef policy);

} // namespace spada::sparse

#endif
