//===- SparseCode.h - networks on this machine's CPU ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Chooses an order, compiles in memory and runs batches.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_SPARSECODE_H
#define SPADA_DRIVER_SPARSECODE_H

#include "Execute.h"
#include "SparseAnalysis.h"
#include "spada/Target/SparseObject.h"

namespace spada::driver {

/// The options of orders and code that `spada sparse` and `spada build` share.
std::vector<OptionSpec> sparseCodeOptions();

/// What they say, with the caches of this machine; problems are reported.
SparseObjectOptions readSparseCode(const ParsedCommand &command,
                                   const SparseProgram &program,
                                   Errors &errors);

/// False after a report: `--code straight` for a network that is too large.
bool checkStraight(const SparseObjectOptions &options,
                   sparse::NetworkOp network, Errors &errors);

/// Does to the network what `--fast`, `--clean`, `--merge` and `--order` say;
/// false after a report. With `own` and `auto` the order stays.
/// \p batch  inputs of a call
bool prepareNetwork(const ParsedCommand &command, SparseProgram &program,
                    const sparse::Memory &memory, uint64_t batch,
                    Errors &errors);

/// What the code generator chose, and the lines that a tile misses in the
/// caches of this machine and in one of `--memory`.
Json explainCode(const ParsedCommand &command, SparseProgram &program,
                 const FastMemory &memory, llvm::raw_ostream &os);

/// What a run of a batch took.
struct SparseRun {
  Array outputs;
  double compileSeconds = 0, seconds = 0; ///< the least of all repetitions
  int64_t repetitions = 1;
  std::optional<int64_t> work; ///< connections times inputs computed
  sparse::PackStatistics statistics;
};

/// Runs `batch` on the target `cpu` or `interp`; nothing after a report.
std::optional<SparseRun> runNetwork(const ParsedCommand &command,
                                    SparseProgram &program, const Array &batch,
                                    Errors &errors);

} // namespace spada::driver

#endif
