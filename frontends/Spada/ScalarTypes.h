//===- ScalarTypes.h - types of SpaDA expressions ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The rules by which untyped literals, compile-time integers and scalars meet.
// Shared by the importer and by the printer back to source.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_SPADA_SCALARTYPES_H
#define SPADA_FRONTENDS_SPADA_SCALARTYPES_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace mlir {
class Type;
} // namespace mlir

namespace spada::frontend {

/// `Int` and `Real` are untyped literals, which take the type of their
/// surroundings; `Index` is compile-time integer arithmetic; `Choice` is one
/// of several such integers, chosen at run time.
enum class Ty : uint8_t {
  Unknown,
  Error,
  Int,
  Real,
  Index,
  Choice,
  F16,
  F32,
  F64,
  I8,
  I16,
  I32,
  U8,
  U16,
  U32,
  Bool
};

inline bool isFloatTy(Ty t) { return t >= Ty::F16 && t <= Ty::F64; }
inline bool isIntTy(Ty t) { return t >= Ty::I8 && t <= Ty::U32; }
inline bool isUnsignedTy(Ty t) { return t >= Ty::U8 && t <= Ty::U32; }
inline bool isConcrete(Ty t) { return t >= Ty::F16; }
inline bool isFlexibleInt(Ty t) { return t == Ty::Int || t == Ty::Index; }
/// Bits of a type; 64 for what is computed at compile time, 1 for bool.
unsigned widthOf(Ty t);
/// As written in source.
llvm::StringRef nameOf(Ty t);
/// `Error` when it is none of SpaDA's.
Ty tyOf(mlir::Type type);

/// The type of `a if c else b`; `compileTime` is whether `c` is.
Ty choiceOf(Ty a, Ty b, bool compileTime);

/// The type that both operands of an arithmetic operator are brought to.
/// `forBools` is what two bools, or a bool and a compile-time integer, give.
Ty unify(Ty a, Ty b, Ty forBools);

/// `Division` keeps to integers where its operands do; of the others it does
/// not matter.
enum class OpClass : uint8_t {
  Logic,
  Compare,
  Bits,
  Shift,
  Division,
  Arithmetic
};
/// The type in which the operands of a binary operator meet.
Ty meetOf(OpClass op, Ty lhs, Ty rhs, bool compileTime);
/// The type in which the operands of `fmac` meet.
Ty fmacOf(Ty a, Ty b, Ty c);
/// The type of `-x`.
Ty signOf(Ty operand, bool compileTime);
/// The type of an index expression that has type `t`.
Ty subscriptOf(Ty t);
/// What a flexible type becomes where `want` is needed.
Ty resolve(Ty type, Ty want);
/// Whether some value of `from` has no equal in `to`.
bool isLossy(Ty from, Ty to);

} // namespace spada::frontend

#endif
