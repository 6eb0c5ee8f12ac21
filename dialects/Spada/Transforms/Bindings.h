//===- Bindings.h - values of parameters and compile-time arguments -*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// From what the user gave, as text, to attributes of the right types. Nothing
// here rewrites the kernel.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPADA_TRANSFORMS_BINDINGS_H
#define DIALECTS_SPADA_TRANSFORMS_BINDINGS_H

#include "dialects/Spada/Transforms/Transforms.h"

#include "llvm/ADT/MapVector.h"

namespace spada {

/// The values of one kernel.
struct Bindings {
  /// One `index` attribute for each parameter, in order.
  llvm::SmallVector<mlir::IntegerAttr> params;
  /// Compile-time arguments by name, in order of declaration.
  llvm::MapVector<mlir::StringRef, mlir::TypedAttr> arguments;

  /// All of them by name, parameters as `i64`: the attribute `bindings`.
  mlir::DictionaryAttr toDictionary(KernelOp kernel) const;
};

/// Fails when a value is missing, malformed, given twice or below its
/// precondition; warns of unknown names.
mlir::FailureOr<Bindings> bindValues(KernelOp kernel,
                                     llvm::ArrayRef<ParameterValue> values);

} // namespace spada

#endif
