//===- SpadaFolders.cpp - folding of SpaDA expressions --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Constant arithmetic. Compile-time integers have 64 bits: what overflows,
// divides by zero or leaves a remainder is not folded, so that
// `spada-concretize` can report it. Scalars wrap or round in their own format.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/IR/SpadaDialect.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APSInt.h"

#include <optional>

using namespace mlir;
using namespace spada;
using llvm::APFloat;
using llvm::APInt;
using llvm::APSInt;

static constexpr auto nearest = llvm::RoundingMode::NearestTiesToEven;

static bool isComparison(BinaryKind kind) {
  return kind >= BinaryKind::Eq && kind <= BinaryKind::Ge;
}

template <typename T>
static bool compare(BinaryKind kind, const T &lhs, const T &rhs) {
  switch (kind) {
  case BinaryKind::Eq:
    return lhs == rhs;
  case BinaryKind::Ne:
    return !(lhs == rhs);
  case BinaryKind::Lt:
    return lhs < rhs;
  case BinaryKind::Le:
    return lhs <= rhs;
  case BinaryKind::Gt:
    return lhs > rhs;
  default:
    return lhs >= rhs;
  }
}

//===----------------------------------------------------------------------===//
// Compile-time integers
//===----------------------------------------------------------------------===//

static std::optional<int64_t> checkedShiftLeft(int64_t lhs, int64_t rhs) {
  if (rhs < 0 || rhs > 62)
    return std::nullopt;
  int64_t result;
  if (__builtin_mul_overflow(lhs, int64_t(1) << rhs, &result))
    return std::nullopt;
  return result;
}

static std::optional<int64_t> checkedRemainder(int64_t lhs, int64_t rhs) {
  if (rhs == 0)
    return std::nullopt;
  if (rhs == -1)
    return 0;
  int64_t remainder = lhs % rhs;
  return remainder != 0 && (remainder < 0) != (rhs < 0) ? remainder + rhs
                                                        : remainder;
}

static std::optional<int64_t> checkedDivision(int64_t lhs, int64_t rhs) {
  if (rhs == 0 || (rhs == -1 && lhs == INT64_MIN) ||
      checkedRemainder(lhs, rhs) != 0)
    return std::nullopt;
  return lhs / rhs;
}

/// The value of an arithmetic operator on compile-time integers, or nothing
/// when it has none.
static std::optional<int64_t> evaluateIndex(BinaryKind kind, int64_t lhs,
                                            int64_t rhs) {
  int64_t result;
  switch (kind) {
  case BinaryKind::Add:
    return __builtin_add_overflow(lhs, rhs, &result) ? std::nullopt
                                                     : std::optional(result);
  case BinaryKind::Sub:
    return __builtin_sub_overflow(lhs, rhs, &result) ? std::nullopt
                                                     : std::optional(result);
  case BinaryKind::Mul:
    return __builtin_mul_overflow(lhs, rhs, &result) ? std::nullopt
                                                     : std::optional(result);
  case BinaryKind::Div:
    return checkedDivision(lhs, rhs);
  case BinaryKind::Rem:
    return checkedRemainder(lhs, rhs);
  case BinaryKind::Shl:
    return checkedShiftLeft(lhs, rhs);
  case BinaryKind::Shr:
    return rhs < 0 || rhs > 63 ? std::nullopt : std::optional(lhs >> rhs);
  case BinaryKind::And:
    return lhs & rhs;
  case BinaryKind::Or:
    return lhs | rhs;
  case BinaryKind::Xor:
    return lhs ^ rhs;
  default:
    return std::nullopt;
  }
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

/// `bool` and the unsigned types are unsigned.
static bool isUnsignedType(Type type) {
  return type.isInteger(1) || type.isUnsignedInteger();
}

static APSInt asInteger(Attribute value) {
  auto integer = cast<IntegerAttr>(value);
  return APSInt(integer.getValue(), isUnsignedType(integer.getType()));
}

/// Floor division or the remainder with the sign of the divisor; nothing for a
/// division by zero.
static std::optional<APInt> divide(BinaryKind kind, const APSInt &lhs,
                                   const APSInt &rhs) {
  if (rhs == 0)
    return std::nullopt;
  if (lhs.isUnsigned())
    return kind == BinaryKind::Div ? lhs.udiv(rhs) : lhs.urem(rhs);
  APInt quotient = lhs.sdiv(rhs), remainder = lhs.srem(rhs);
  bool adjusts = remainder != 0 && remainder.isNegative() != rhs.isNegative();
  if (kind == BinaryKind::Div)
    return adjusts ? quotient - 1 : quotient;
  return adjusts ? remainder + rhs : remainder;
}

static std::optional<APInt> evaluateInteger(BinaryKind kind, const APSInt &lhs,
                                            const APSInt &rhs) {
  bool isShift = kind == BinaryKind::Shl || kind == BinaryKind::Shr;
  if (isShift && (rhs.isNegative() || rhs.uge(lhs.getBitWidth())))
    return std::nullopt;
  switch (kind) {
  case BinaryKind::Add:
    return APInt(lhs) + rhs;
  case BinaryKind::Sub:
    return APInt(lhs) - rhs;
  case BinaryKind::Mul:
    return APInt(lhs) * rhs;
  case BinaryKind::Div:
  case BinaryKind::Rem:
    return divide(kind, lhs, rhs);
  case BinaryKind::Shl:
    return lhs.shl(rhs);
  case BinaryKind::Shr:
    return lhs.isUnsigned() ? lhs.lshr(rhs) : lhs.ashr(rhs);
  case BinaryKind::And:
    return APInt(lhs) & rhs;
  case BinaryKind::Or:
    return APInt(lhs) | rhs;
  case BinaryKind::Xor:
    return APInt(lhs) ^ rhs;
  default:
    return std::nullopt;
  }
}

static std::optional<APFloat> evaluateFloat(BinaryKind kind, APFloat lhs,
                                            const APFloat &rhs) {
  switch (kind) {
  case BinaryKind::Add:
    lhs.add(rhs, nearest);
    return lhs;
  case BinaryKind::Sub:
    lhs.subtract(rhs, nearest);
    return lhs;
  case BinaryKind::Mul:
    lhs.multiply(rhs, nearest);
    return lhs;
  case BinaryKind::Div:
    lhs.divide(rhs, nearest);
    return lhs;
  case BinaryKind::Rem:
    lhs.mod(rhs);
    if (!lhs.isNaN() && !lhs.isZero() && lhs.isNegative() != rhs.isNegative())
      lhs.add(rhs, nearest);
    return lhs;
  default:
    return std::nullopt;
  }
}

//===----------------------------------------------------------------------===//
// Folders
//===----------------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

static OpFoldResult foldIntegers(BinaryKind kind, IntegerAttr lhs,
                                 IntegerAttr rhs) {
  Type type = lhs.getType();
  if (isComparison(kind))
    return BoolAttr::get(type.getContext(),
                         compare(kind, asInteger(lhs), asInteger(rhs)));
  if (type.isIndex()) {
    auto result = evaluateIndex(kind, lhs.getInt(), rhs.getInt());
    return result ? IntegerAttr::get(type, *result) : OpFoldResult();
  }
  auto result = evaluateInteger(kind, asInteger(lhs), asInteger(rhs));
  return result ? IntegerAttr::get(type, *result) : OpFoldResult();
}

OpFoldResult BinaryOp::fold(FoldAdaptor adaptor) {
  auto lhsInteger = dyn_cast_if_present<IntegerAttr>(adaptor.getLhs());
  auto rhsInteger = dyn_cast_if_present<IntegerAttr>(adaptor.getRhs());
  if (lhsInteger && rhsInteger)
    return foldIntegers(getKind(), lhsInteger, rhsInteger);
  auto lhs = dyn_cast_if_present<FloatAttr>(adaptor.getLhs());
  auto rhs = dyn_cast_if_present<FloatAttr>(adaptor.getRhs());
  if (!lhs || !rhs)
    return {};
  if (isComparison(getKind()))
    return BoolAttr::get(getContext(),
                         compare(getKind(), lhs.getValue(), rhs.getValue()));
  auto result = evaluateFloat(getKind(), lhs.getValue(), rhs.getValue());
  return result ? FloatAttr::get(lhs.getType(), *result) : OpFoldResult();
}

OpFoldResult UnaryOp::fold(FoldAdaptor adaptor) {
  if (auto value = dyn_cast_if_present<FloatAttr>(adaptor.getOperand()))
    return getKind() == UnaryKind::Neg
               ? FloatAttr::get(value.getType(), -value.getValue())
               : OpFoldResult();
  auto value = dyn_cast_if_present<IntegerAttr>(adaptor.getOperand());
  if (!value)
    return {};
  if (getKind() == UnaryKind::Not)
    return IntegerAttr::get(value.getType(), ~value.getValue());
  if (value.getType().isIndex() && value.getValue().isMinSignedValue())
    return {};
  return IntegerAttr::get(value.getType(), -value.getValue());
}

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (auto condition = dyn_cast_if_present<IntegerAttr>(adaptor.getCondition()))
    return condition.getValue().isZero() ? getWhenFalse() : getWhenTrue();
  return getWhenTrue() == getWhenFalse() ? OpFoldResult(getWhenTrue())
                                         : OpFoldResult();
}

static OpFoldResult castFloat(const APFloat &value, Type target) {
  if (auto type = dyn_cast<FloatType>(target)) {
    APFloat result = value;
    bool losesInfo;
    result.convert(type.getFloatSemantics(), nearest, &losesInfo);
    return FloatAttr::get(type, result);
  }
  if (target.isInteger(1))
    return BoolAttr::get(target.getContext(), !value.isZero());
  unsigned width = target.isIndex() ? 64 : target.getIntOrFloatBitWidth();
  APSInt result(width, isUnsignedType(target));
  bool isExact;
  if (value.convertToInteger(result, APFloat::rmTowardZero, &isExact) &
      APFloat::opInvalidOp)
    return {};
  return IntegerAttr::get(target, result);
}

static OpFoldResult castInteger(IntegerAttr value, Type target) {
  APSInt number = asInteger(value);
  if (auto type = dyn_cast<FloatType>(target)) {
    APFloat result(type.getFloatSemantics());
    result.convertFromAPInt(number, number.isSigned(), nearest);
    return FloatAttr::get(type, result);
  }
  if (target.isInteger(1))
    return BoolAttr::get(target.getContext(), number != 0);
  if (target.isIndex())
    return IntegerAttr::get(target, number.extOrTrunc(64));
  APSInt result = number.extOrTrunc(target.getIntOrFloatBitWidth());
  result.setIsUnsigned(isUnsignedType(target));
  // A compile-time integer must fit; run-time ones wrap.
  if (value.getType().isIndex() && !APSInt::isSameValue(number, result))
    return {};
  return IntegerAttr::get(target, result);
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getOperand().getType() == getResult().getType())
    return getOperand();
  if (auto value = dyn_cast_if_present<FloatAttr>(adaptor.getOperand()))
    return castFloat(value.getValue(), getResult().getType());
  if (auto value = dyn_cast_if_present<IntegerAttr>(adaptor.getOperand()))
    return castInteger(value, getResult().getType());
  return {};
}
