//===- SparseBatch.h - inputs and outputs of a network ----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Batches as files have them: `.npy` arrays, images of the Graph Challenge, and
// the categories of their outputs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_SPARSEBATCH_H
#define SPADA_DRIVER_SPARSEBATCH_H

#include "SparseProgram.h"
#include "spada/Support/Array.h"

namespace spada::driver {

/// The options `--in`, `--images`, `--random` and `--limit`.
std::vector<OptionSpec> batchOptions();

/// True when the command line gives inputs.
bool hasBatch(const ParsedCommand &command);

/// The inputs, `batch x inputs` in the network's value type; nothing after a
/// report.
std::optional<Array> readBatch(const ParsedCommand &command,
                               SparseProgram &program, Errors &errors);

/// Numbers, from 1, of the inputs that have an output which is not zero; the
/// Graph Challenge calls them categories.
std::vector<uint64_t> categoriesOf(const Array &outputs);

/// Compares `found` with those of the file `path` up to number `limit`;
/// \returns whether they are equal; a difference is reported.
bool checkCategories(llvm::ArrayRef<uint64_t> found, uint64_t limit,
                     llvm::StringRef path, SparseProgram &program,
                     Errors &errors);

} // namespace spada::driver

#endif
