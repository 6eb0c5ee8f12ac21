//===- Native.h - the functions that GTScript has built in ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef FRONTENDS_GTSCRIPT_NATIVE_H
#define FRONTENDS_GTSCRIPT_NATIVE_H

#include "frontends/GTScript/Constant.h"

#include "mlir/IR/Builders.h"

namespace spada::gtscript {

struct Native {
  enum Kind : uint8_t {
    Cast,      // to `type`
    CastInt,   // to an integer, to a float of literal precision
    CastFloat, //
    Same,      // abs, min, max, floor ...: integers stay integers
    Numeric,   // mod: as Same, but not on bools
    Floating,  // sqrt ...: integers become float32
    Predicate, // isnan ...: a bool
  };
  std::string_view name;
  Kind kind;
  unsigned arity;
  Scalar type = Scalar::None;
};

/// The native function `name`, or null.
const Native *findNative(std::string_view name);
/// All names, for suggestions.
llvm::ArrayRef<Native> allNatives();

/// Applies a function that is no cast to arguments of one type, which is a
/// float for `Floating`.
mlir::Value emitNative(mlir::OpBuilder &builder, mlir::Location loc,
                       const Native &native, mlir::ValueRange args);

} // namespace spada::gtscript

#endif
