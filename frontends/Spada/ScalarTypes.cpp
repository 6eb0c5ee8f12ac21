//===- ScalarTypes.cpp - types of SpaDA expressions -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Tables and rules only; knows no expression.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/ScalarTypes.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace spada;
using namespace spada::frontend;
using llvm::StringRef;

unsigned frontend::widthOf(Ty t) {
  static constexpr unsigned widths[] = {0,  0, 64, 64, 64, 64, 16, 32,
                                        64, 8, 16, 32, 8,  16, 32, 1};
  return widths[unsigned(t)];
}

StringRef frontend::nameOf(Ty t) {
  static constexpr llvm::StringLiteral names[] = {
      "unknown", "error", "integer", "float", "compile-time integer",
      "integer", "f16",   "f32",     "f64",   "i8",
      "i16",     "i32",   "u8",      "u16",   "u32",
      "bool"};
  return names[unsigned(t)];
}

Ty frontend::tyOf(mlir::Type type) {
  if (type.isIndex())
    return Ty::Index;
  if (type.isF16())
    return Ty::F16;
  if (type.isF32())
    return Ty::F32;
  if (type.isF64())
    return Ty::F64;
  if (type.isInteger(1))
    return Ty::Bool;
  auto integer = mlir::dyn_cast<mlir::IntegerType>(type);
  if (!integer || integer.isSigned())
    return Ty::Error;
  for (Ty t : {Ty::I8, Ty::I16, Ty::I32, Ty::U8, Ty::U16, Ty::U32})
    if (integer.getWidth() == widthOf(t) &&
        integer.isUnsigned() == isUnsignedTy(t))
      return t;
  return Ty::Error;
}

static Ty signedOf(unsigned width) {
  return width <= 8 ? Ty::I8 : width <= 16 ? Ty::I16 : Ty::I32;
}

Ty frontend::unify(Ty a, Ty b, Ty forBools) {
  if (a == Ty::Error || b == Ty::Error)
    return Ty::Error;
  if (isFlexibleInt(a) && isFlexibleInt(b))
    return Ty::Index;
  if (a == Ty::Real || b == Ty::Real) {
    Ty other = a == Ty::Real ? b : a;
    return !isConcrete(other) ? Ty::Real : isFloatTy(other) ? other : Ty::F32;
  }
  if (!isConcrete(a) && !isConcrete(b))
    return Ty::Choice;
  if (!isConcrete(a))
    std::swap(a, b);
  if (!isConcrete(b))
    return a == Ty::Bool ? forBools : a;
  if (a == b)
    return a == Ty::Bool ? forBools : a;
  if (a == Ty::Bool)
    return b;
  if (b == Ty::Bool)
    return a;
  if (isFloatTy(a) || isFloatTy(b)) {
    if (isFloatTy(a) && isFloatTy(b))
      return widthOf(a) > widthOf(b) ? a : b;
    return isFloatTy(a) ? a : b;
  }
  if (isUnsignedTy(a) == isUnsignedTy(b))
    return widthOf(a) > widthOf(b) ? a : b;
  if (isUnsignedTy(a))
    std::swap(a, b); // `b` is the unsigned one.
  return widthOf(a) > widthOf(b) ? a : signedOf(widthOf(b) * 2);
}

Ty frontend::meetOf(OpClass op, Ty lhs, Ty rhs, bool compileTime) {
  if (lhs == Ty::Error || rhs == Ty::Error)
    return Ty::Error;
  if (op == OpClass::Logic)
    return Ty::Bool;
  bool both = lhs == Ty::Bool && rhs == Ty::Bool;
  if (both && (op == OpClass::Compare || op == OpClass::Bits))
    return Ty::Bool;
  Ty type = unify(lhs, rhs, compileTime ? Ty::Index : Ty::I32);
  bool anyInt = op == OpClass::Arithmetic || op == OpClass::Compare;
  return type == Ty::Choice && !anyInt ? Ty::I32 : type;
}

Ty frontend::choiceOf(Ty a, Ty b, bool compileTime) {
  Ty type = unify(a, b, Ty::Bool);
  return isFlexibleInt(type) && !compileTime ? Ty::Choice : type;
}

Ty frontend::fmacOf(Ty a, Ty b, Ty c) {
  // Literals come last, so that their own look does not matter.
  Ty known = Ty::Unknown, literal = Ty::Unknown;
  for (Ty t : {a, b, c}) {
    if (t == Ty::Error)
      return t;
    Ty &to = isConcrete(t) ? known : literal;
    to = to == Ty::Unknown ? t : unify(to, t, Ty::I32);
  }
  Ty type = known == Ty::Unknown     ? literal
            : literal == Ty::Unknown ? known
                                     : unify(known, literal, Ty::I32);
  bool isFree = isFlexibleInt(type) || type == Ty::Choice || type == Ty::Bool;
  return isFree ? Ty::Choice : type;
}

Ty frontend::signOf(Ty operand, bool compileTime) {
  if (operand == Ty::Bool)
    return compileTime ? Ty::Index : Ty::I32;
  return operand;
}

Ty frontend::subscriptOf(Ty t) {
  if (isFlexibleInt(t))
    return Ty::Index;
  return t == Ty::Bool || t == Ty::Choice ? Ty::I32 : t;
}

Ty frontend::resolve(Ty type, Ty want) {
  if (type == Ty::Int)
    return isConcrete(want) && want != Ty::Bool ? want : Ty::Index;
  if (type == Ty::Choice)
    return isConcrete(want) && want != Ty::Bool ? want : Ty::I32;
  if (type == Ty::Real)
    return isFloatTy(want) ? want : Ty::F32;
  return type;
}

/// Whole numbers up to 2^bits are exact.
static unsigned mantissaOf(Ty t) {
  return t == Ty::F16 ? 11 : t == Ty::F32 ? 24 : 53;
}

bool frontend::isLossy(Ty from, Ty to) {
  if (from == to || from == Ty::Bool || !isConcrete(from))
    return false;
  if (to == Ty::Bool)
    return true;
  if (isFloatTy(from))
    return !isFloatTy(to) || widthOf(to) < widthOf(from);
  unsigned bits = widthOf(from) - !isUnsignedTy(from);
  if (isFloatTy(to))
    return bits > mantissaOf(to);
  if (isUnsignedTy(to))
    return !isUnsignedTy(from) || widthOf(to) < widthOf(from);
  return widthOf(to) - 1 < bits;
}
