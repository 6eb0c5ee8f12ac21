//===- Builtins.h - the DSD operations of CSL -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One table of the DSD operations that `csl.vector` knows: sources and element
// types. No rates: those are the machine's.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_IR_BUILTINS_H
#define DIALECTS_CSL_IR_BUILTINS_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/StringRef.h"

namespace spada::csl {

/// What the elements of an operand may be.
enum class ElementClass { I16, F16, F32, Any16, Any32, Any };

/// One DSD operation. `sources` counts the operands behind the destination.
struct Builtin {
  llvm::StringLiteral name;
  unsigned sources;
  ElementClass destination;
  ElementClass first;
  ElementClass others;        ///< second and third source
  bool scalarLast = false;    ///< the last source is a scalar (multiply-add)
  bool scalarForm = false;    ///< works without any vector
  bool hasDestination = true; ///< else the operands are the sources
};

/// The operation called `name`, without the `@`; null when there is none.
const Builtin *findBuiltin(llvm::StringRef name);

/// Is `type` of the class? The type `none` (not known) is of each.
bool isOfClass(mlir::Type type, ElementClass elementClass);

/// "f32", "a 16-bit type", ...
llvm::StringRef describe(ElementClass elementClass);

} // namespace spada::csl

#endif
