//===- Numbers.cpp - arithmetic on compile-time numbers -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"

#include "llvm/ADT/APFloat.h"

#include <limits>
#include <type_traits>

using namespace spada::cslfront;

int64_t spada::cslfront::wrap(int64_t value, const Type *type) {
  if (!type->isInt() || type->bits == 64)
    return value;
  uint64_t mask = (uint64_t(1) << type->bits) - 1, low = uint64_t(value) & mask;
  if (type->isSigned && low >> (type->bits - 1))
    low |= ~mask;
  return int64_t(low);
}

static const llvm::fltSemantics &semantics(const Type *type) {
  return type->bits == 16 ? llvm::APFloat::IEEEhalf()
                          : llvm::APFloat::IEEEsingle();
}

double spada::cslfront::roundTo(const Type *type, double value) {
  if (!type->isFloat())
    return value;
  if (type->bits == 32)
    return double(float(value));
  llvm::APFloat number(value);
  bool lossy;
  number.convert(semantics(type), llvm::APFloat::rmNearestTiesToEven, &lossy);
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &lossy);
  return number.convertToDouble();
}

uint64_t spada::cslfront::floatBits(const Type *type, double value) {
  llvm::APFloat number(value);
  bool lossy;
  number.convert(semantics(type), llvm::APFloat::rmNearestTiesToEven, &lossy);
  return number.bitcastToAPInt().getZExtValue();
}

double spada::cslfront::floatOfBits(const Type *type, uint64_t bits) {
  llvm::APFloat number(
      semantics(type),
      llvm::APInt(type->bits, bits & ((uint64_t(1) << type->bits) - 1)));
  bool lossy;
  number.convert(llvm::APFloat::IEEEdouble(),
                 llvm::APFloat::rmNearestTiesToEven, &lossy);
  return number.convertToDouble();
}

/// What signed and unsigned numbers share: all but the shifts.
template <typename T>
static bool operate(Operator op, T left, T right, T &result) {
  switch (op) {
  case Operator::Add:
    return !__builtin_add_overflow(left, right, &result);
  case Operator::Sub:
    return !__builtin_sub_overflow(left, right, &result);
  case Operator::Mul:
    return !__builtin_mul_overflow(left, right, &result);
  case Operator::Div:
  case Operator::Rem:
    if (right == 0 || (std::is_signed_v<T> && right == T(-1) &&
                       left == std::numeric_limits<T>::min()))
      return false;
    result = op == Operator::Div ? left / right : left % right;
    return true;
  case Operator::BitAnd:
    result = left & right;
    return true;
  case Operator::BitOr:
    result = left | right;
    return true;
  case Operator::BitXor:
    result = left ^ right;
    return true;
  default:
    return false;
  }
}

bool spada::cslfront::integerOperation(Operator op, int64_t left, int64_t right,
                                       int64_t &result) {
  switch (op) {
  case Operator::Shl:
    if (right < 0 || right > 62)
      return false;
    result = int64_t(uint64_t(left) << right);
    return (result >> right) == left;
  case Operator::Shr:
    if (right < 0 || right > 63)
      return false;
    result = left >> right;
    return true;
  default:
    return operate(op, left, right, result);
  }
}

bool spada::cslfront::unsignedOperation(Operator op, uint64_t left,
                                        uint64_t right, uint64_t &result) {
  if (op != Operator::Shl && op != Operator::Shr)
    return operate(op, left, right, result);
  if (right > 63)
    return false;
  result = op == Operator::Shl ? left << right : left >> right;
  return true;
}

template <typename T> static bool compare(Operator op, T left, T right) {
  switch (op) {
  case Operator::Eq:
    return left == right;
  case Operator::Ne:
    return left != right;
  case Operator::Lt:
    return left < right;
  case Operator::Gt:
    return left > right;
  case Operator::Le:
    return left <= right;
  default:
    return left >= right;
  }
}

bool spada::cslfront::compareIntegers(Operator op, int64_t left,
                                      int64_t right) {
  return compare(op, left, right);
}

bool spada::cslfront::compareUnsigned(Operator op, uint64_t left,
                                      uint64_t right) {
  return compare(op, left, right);
}

std::string spada::cslfront::integerText(const Type *type, int64_t value) {
  return type->isU64() ? std::to_string(uint64_t(value))
                       : std::to_string(value);
}

bool spada::cslfront::compareFloats(Operator op, double left, double right) {
  return compare(op, left, right);
}
