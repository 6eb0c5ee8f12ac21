//===- Arguments.h - host arrays and scalars of a kernel --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What a concrete kernel expects from the host, and the files and values that
// the command line gives for it, checked against each other. Runs nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_ARGUMENTS_H
#define SPADA_DRIVER_ARGUMENTS_H

#include "CommandLine.h"
#include "dialects/Spada/IR/SpadaDialect.h"
#include "spada/Support/Array.h"
#include <map>

namespace spada::driver {

/// One argument of a concrete kernel as the host sees it.
struct HostArgument {
  std::string name;
  std::string dtype;          ///< as in Array
  std::vector<int64_t> shape; ///< without the length of a streaming argument
  bool isScalar = false, isStreaming = false;
  bool isInput = false, isOutput = false;

  /// "f32 (4, 4, 8)", "f32 (1, 1, any length)", "f32 scalar".
  std::string expected() const;
};

/// Arrays by argument name.
using HostArrays = std::map<std::string, Array, std::less<>>;

/// The SpaDA name of a scalar type ("f32", "u16", "bool").
std::string dtypeName(mlir::Type type);

/// Arguments in source order; compile-time ones are gone in concrete form.
std::vector<HostArgument> hostArguments(KernelOp kernel);

/// Loads `--in` files and parses `--set` values; reports whatever is missing,
/// unknown or of the wrong type or shape.
HostArrays readArguments(llvm::ArrayRef<HostArgument> arguments,
                         const NamedValues &inputs, const NamedValues &scalars,
                         Errors &errors);

/// Reports `--out` names that are no outputs of the kernel.
void checkOutputs(llvm::ArrayRef<HostArgument> arguments,
                  const NamedValues &outputs, Errors &errors);

/// Parses `text` as one value of `dtype` into a rank-0 array.
bool parseScalar(llvm::StringRef text, llvm::StringRef dtype, Array &value,
                 std::string &error);

} // namespace spada::driver

#endif
