//===- SparseProgram.h - a sparse network from file to IR -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The options that say what a network's file does not, and loading. Diagnostics
// go to standard error.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_SPARSEPROGRAM_H
#define SPADA_DRIVER_SPARSEPROGRAM_H

#include "Program.h"
#include "dialects/Sparse/IR/SparseDialect.h"
#include "spada/Frontend/Net.h"

namespace spada::driver {

/// True when the text of the command line names a network: a file with the
/// ending of one, a generator, or an `.mlir` file of the sparse dialect.
bool namesNetwork(llvm::StringRef text);

/// Options of a network's file: types, activations, biases.
std::vector<OptionSpec> networkOptions();

/// What they say; problems are reported.
NetOptions readNetworkOptions(const ParsedCommand &command, Errors &errors);

/// Bytes: a number with an optional unit, `64KiB`, `2MiB`, `1.5MB`.
std::optional<double> parseBytes(llvm::StringRef text);

/// One network on its way to a target.
class SparseProgram {
public:
  /// Imports the network; false after a report.
  bool load(llvm::StringRef spec, const NetOptions &options, Errors &errors);

  sparse::NetworkOp op();
  mlir::ModuleOp module() { return *root; }
  mlir::MLIRContext &context() { return holder.context(); }
  /// Inputs that run through the network together; 0 leaves it to the code
  /// generator.
  unsigned tile = 0;
  /// Bytes of a neuron's value.
  unsigned valueBytes() { return op().getValueType().isF64() ? 8 : 4; }

private:
  Program holder; ///< of the context and its diagnostics
  mlir::OwningOpRef<mlir::ModuleOp> root;
};

} // namespace spada::driver

#endif
