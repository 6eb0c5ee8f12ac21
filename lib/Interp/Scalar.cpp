//===- Scalar.cpp - values and arithmetic of the interpreter --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Floats are computed in double and rounded once to their format: double has
// more than twice the digits of f32 and f16 and two more, so the result is the
// correctly rounded one for + - * /. Integers are computed in 64 bits and
// wrapped.
//
//===----------------------------------------------------------------------===//

#include "Scalar.h"

#include "llvm/ADT/bit.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace spada;

Scalar Scalar::ofFloat(double value) {
  return {llvm::bit_cast<int64_t>(value)};
}
double Scalar::number() const { return llvm::bit_cast<double>(bits); }

Format Format::of(Type type) {
  Format format;
  format.isFloat = isa<FloatType>(type);
  format.isUnsigned = type.isInteger(1) || type.isUnsignedInteger();
  format.width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  return format;
}

Scalar spada::roundTo(Format format, double value) {
  if (format.width == 16)
    return Scalar::ofFloat(static_cast<double>(static_cast<_Float16>(value)));
  if (format.width == 32)
    return Scalar::ofFloat(static_cast<double>(static_cast<float>(value)));
  return Scalar::ofFloat(value);
}

Scalar spada::wrapTo(Format format, int64_t value) {
  if (format.width >= 64)
    return {value};
  unsigned shift = 64 - format.width;
  uint64_t high = static_cast<uint64_t>(value) << shift;
  if (format.isUnsigned)
    return {static_cast<int64_t>(high >> shift)};
  return {static_cast<int64_t>(high) >> shift};
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

template <typename T> static bool compare(BinaryKind kind, T lhs, T rhs) {
  switch (kind) {
  case BinaryKind::Eq:
    return lhs == rhs;
  case BinaryKind::Ne:
    return lhs != rhs;
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

/// The remainder that has the sign of the divisor.
static double floatRemainder(double lhs, double rhs) {
  double remainder = std::fmod(lhs, rhs);
  bool adjusts = remainder != 0 && !std::isnan(remainder) &&
                 (remainder < 0) != std::signbit(rhs);
  return adjusts ? remainder + rhs : remainder;
}

static Scalar evaluateFloat(BinaryKind kind, Format format, double lhs,
                            double rhs, const char *&problem) {
  switch (kind) {
  case BinaryKind::Add:
    return roundTo(format, lhs + rhs);
  case BinaryKind::Sub:
    return roundTo(format, lhs - rhs);
  case BinaryKind::Mul:
    return roundTo(format, lhs * rhs);
  case BinaryKind::Div:
    return roundTo(format, lhs / rhs);
  case BinaryKind::Rem:
    return roundTo(format, floatRemainder(lhs, rhs));
  default:
    problem = "operator takes no floats";
    return {};
  }
}

/// Floor division and the remainder with the sign of the divisor.
static Scalar divide(BinaryKind kind, Format format, int64_t lhs, int64_t rhs,
                     const char *&problem) {
  if (rhs == 0) {
    problem = "division by zero";
    return {};
  }
  // Also keeps the least 64-bit integer from trapping the host.
  if (rhs == -1)
    return wrapTo(format,
                  kind == BinaryKind::Div
                      ? static_cast<int64_t>(-static_cast<uint64_t>(lhs))
                      : 0);
  int64_t quotient = lhs / rhs, remainder = lhs % rhs;
  bool adjusts = remainder != 0 && (remainder < 0) != (rhs < 0);
  if (kind == BinaryKind::Div)
    return wrapTo(format, adjusts ? quotient - 1 : quotient);
  return wrapTo(format, adjusts ? remainder + rhs : remainder);
}

static Scalar evaluateInteger(BinaryKind kind, Format format, int64_t lhs,
                              int64_t rhs, const char *&problem) {
  uint64_t left = static_cast<uint64_t>(lhs),
           right = static_cast<uint64_t>(rhs);
  bool isShift = kind == BinaryKind::Shl || kind == BinaryKind::Shr;
  if (isShift && (rhs < 0 || rhs >= format.width)) {
    problem = "shift amount out of range";
    return {};
  }
  switch (kind) {
  case BinaryKind::Add:
    return wrapTo(format, static_cast<int64_t>(left + right));
  case BinaryKind::Sub:
    return wrapTo(format, static_cast<int64_t>(left - right));
  case BinaryKind::Mul:
    return wrapTo(format, static_cast<int64_t>(left * right));
  case BinaryKind::Div:
  case BinaryKind::Rem:
    return divide(kind, format, lhs, rhs, problem);
  case BinaryKind::Shl:
    return wrapTo(format, static_cast<int64_t>(left << rhs));
  case BinaryKind::Shr:
    return wrapTo(format, lhs >> rhs);
  case BinaryKind::And:
    return {lhs & rhs};
  case BinaryKind::Or:
    return {lhs | rhs};
  default:
    return wrapTo(format, lhs ^ rhs);
  }
}

Scalar spada::evaluateBinary(BinaryKind kind, Format format, Scalar lhs,
                             Scalar rhs, const char *&problem) {
  bool isComparison = kind >= BinaryKind::Eq && kind <= BinaryKind::Ge;
  if (format.isFloat)
    return isComparison
               ? Scalar::ofInteger(compare(kind, lhs.number(), rhs.number()))
               : evaluateFloat(kind, format, lhs.number(), rhs.number(),
                               problem);
  return isComparison
             ? Scalar::ofInteger(compare(kind, lhs.integer(), rhs.integer()))
             : evaluateInteger(kind, format, lhs.integer(), rhs.integer(),
                               problem);
}

Scalar spada::evaluateUnary(UnaryKind kind, Format format, Scalar operand) {
  if (format.isFloat)
    return Scalar::ofFloat(-operand.number());
  if (kind == UnaryKind::Not)
    return wrapTo(format, ~operand.integer());
  return wrapTo(
      format, static_cast<int64_t>(-static_cast<uint64_t>(operand.integer())));
}

Scalar spada::evaluateMath(MathKind kind, Format format, Scalar x, Scalar y) {
  auto of = [&]() -> double {
    switch (kind) {
    case MathKind::Sqrt:
      return std::sqrt(x.number());
    case MathKind::Exp:
      return std::exp(x.number());
    case MathKind::Log:
      return std::log(x.number());
    case MathKind::Sin:
      return std::sin(x.number());
    case MathKind::Cos:
      return std::cos(x.number());
    case MathKind::Tanh:
      return std::tanh(x.number());
    case MathKind::Floor:
      return std::floor(x.number());
    case MathKind::Ceil:
      return std::ceil(x.number());
    case MathKind::Abs:
      return std::fabs(x.number());
    case MathKind::Pow:
      return std::pow(x.number(), y.number());
    case MathKind::Asin:
      return std::asin(x.number());
    case MathKind::Acos:
      return std::acos(x.number());
    case MathKind::Atan:
      return std::atan(x.number());
    case MathKind::Sinh:
      return std::sinh(x.number());
    case MathKind::Cosh:
      return std::cosh(x.number());
    case MathKind::Asinh:
      return std::asinh(x.number());
    case MathKind::Acosh:
      return std::acosh(x.number());
    case MathKind::Atanh:
      return std::atanh(x.number());
    case MathKind::Log10:
      return std::log10(x.number());
    case MathKind::Cbrt:
      return std::cbrt(x.number());
    case MathKind::Erf:
      return std::erf(x.number());
    case MathKind::Erfc:
      return std::erfc(x.number());
    case MathKind::Gamma:
      return std::tgamma(x.number());
    }
    return 0;
  };
  return roundTo(format, of());
}

Scalar spada::evaluateFmac(Format format, Scalar a, Scalar b, Scalar c) {
  const char *problem = nullptr;
  Scalar product = evaluateBinary(BinaryKind::Mul, format, b, c, problem);
  return evaluateBinary(BinaryKind::Add, format, a, product, problem);
}

Scalar spada::evaluateCast(Format from, Format to, bool toBool, Scalar operand,
                           const char *&problem) {
  if (toBool)
    return Scalar::ofInteger(from.isFloat ? operand.number() != 0
                                          : operand.integer() != 0);
  if (to.isFloat)
    return roundTo(to, from.isFloat ? operand.number()
                                    : static_cast<double>(operand.integer()));
  if (!from.isFloat)
    return wrapTo(to, operand.integer());
  double whole = std::trunc(operand.number());
  double least =
      to.isUnsigned ? 0 : -std::ldexp(1.0, static_cast<int>(to.width) - 1);
  double beyond = std::ldexp(
      1.0, static_cast<int>(to.isUnsigned ? to.width : to.width - 1));
  if (!(whole >= least && whole < beyond)) {
    problem = "float does not fit the integer type";
    return {};
  }
  return wrapTo(to, static_cast<int64_t>(whole));
}

Scalar spada::evaluateConstant(TypedAttr value) {
  if (auto number = dyn_cast<FloatAttr>(value)) {
    APFloat wide = number.getValue();
    bool losesInfo;
    wide.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                 &losesInfo);
    return Scalar::ofFloat(wide.convertToDouble());
  }
  auto integer = cast<IntegerAttr>(value);
  return wrapTo(Format::of(value.getType()),
                integer.getValue().sextOrTrunc(64).getSExtValue());
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

template <typename T> static T loadAs(const Array &array, int64_t position) {
  T value;
  std::memcpy(&value, array.bytes.data() + position * sizeof(T), sizeof(T));
  return value;
}

template <typename T>
static void storeAs(Array &array, int64_t position, T value) {
  std::memcpy(array.bytes.data() + position * sizeof(T), &value, sizeof(T));
}

Scalar spada::loadElement(const Array &array, Format format, int64_t position) {
  if (format.isFloat) {
    if (format.width == 16)
      return Scalar::ofFloat(
          static_cast<double>(loadAs<_Float16>(array, position)));
    if (format.width == 32)
      return Scalar::ofFloat(
          static_cast<double>(loadAs<float>(array, position)));
    return Scalar::ofFloat(loadAs<double>(array, position));
  }
  if (format.width == 1)
    return {loadAs<uint8_t>(array, position) != 0};
  if (format.width == 8)
    return wrapTo(format, loadAs<int8_t>(array, position));
  if (format.width == 16)
    return wrapTo(format, loadAs<int16_t>(array, position));
  if (format.width == 64)
    return {loadAs<int64_t>(array, position)};
  return wrapTo(format, loadAs<int32_t>(array, position));
}

void spada::storeElement(Array &array, Format format, int64_t position,
                         Scalar value) {
  if (format.isFloat) {
    if (format.width == 16)
      return storeAs(array, position, static_cast<_Float16>(value.number()));
    if (format.width == 32)
      return storeAs(array, position, static_cast<float>(value.number()));
    return storeAs(array, position, value.number());
  }
  if (format.width <= 8)
    return storeAs(array, position, static_cast<uint8_t>(value.integer()));
  if (format.width == 16)
    return storeAs(array, position, static_cast<uint16_t>(value.integer()));
  if (format.width == 64)
    return storeAs(array, position, value.integer());
  storeAs(array, position, static_cast<uint32_t>(value.integer()));
}
