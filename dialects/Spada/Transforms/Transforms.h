//===- Transforms.h - rewrites of the SpaDA dialect -------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Rewrites as functions, with the passes that call them. What joins SpaDA to
// another dialect is a conversion.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPADA_TRANSFORMS_TRANSFORMS_H
#define DIALECTS_SPADA_TRANSFORMS_TRANSFORMS_H

#include "dialects/Spada/IR/SpadaDialect.h"

#include "mlir/Pass/Pass.h"
#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <string>
#include <utility>

namespace spada {

/// A value given by the user for a parameter (an integer) or a compile-time
/// argument (a number of its type).
using ParameterValue = std::pair<std::string, std::string>;

/// Options of `concretize`.
struct ConcretizeOptions {
  /// Most copies of `spada.meta_for` bodies in one kernel; more is an error.
  int64_t maxIterations = 65536;
};

/// Turns `kernel` into the concrete form (see `spada-concretize`) for the given
/// values. Reports every independent error at its location; a kernel that fails
/// is not fit for use. Time is linear in the size of the concrete form; PEs are
/// never enumerated.
mlir::LogicalResult concretize(KernelOp kernel,
                               llvm::ArrayRef<ParameterValue> values,
                               const ConcretizeOptions &options = {});
/// The same for integers only.
mlir::LogicalResult
concretize(KernelOp kernel,
           llvm::ArrayRef<std::pair<std::string, int64_t>> values,
           const ConcretizeOptions &options = {});

/// Splits `NAME=VALUE`; the text must have both parts.
mlir::FailureOr<ParameterValue> parseParameterValue(llvm::StringRef text);

/// True when `kernel` says that it is in concrete form.
bool isConcrete(KernelOp kernel);

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialects/Spada/Transforms/Passes.h.inc"

} // namespace spada

#endif
