//===- Math.cpp - math functions of scalar code ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Computed in double and rounded to the type. For a square root and a quotient
// of f32 or f16 that is the correctly rounded result.
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"

#include <cmath>

using namespace spada;
using namespace spada::sim;
using image::MathFunction;

/// The larger, or smaller, one; a NaN loses against a number.
static double select(double x, double y, bool larger) {
  if (std::isnan(x))
    return y;
  if (std::isnan(y))
    return x;
  return (larger ? x < y : y < x) ? y : x;
}

static double evaluate(MathFunction function, double x, double y) {
  switch (function) {
  case MathFunction::Sqrt:
    return std::sqrt(x);
  case MathFunction::InvSqrt:
    return 1.0 / std::sqrt(x);
  case MathFunction::Inv:
    return 1.0 / x;
  case MathFunction::Exp:
    return std::exp(x);
  case MathFunction::Log:
    return std::log(x);
  case MathFunction::Sin:
    return std::sin(x);
  case MathFunction::Cos:
    return std::cos(x);
  case MathFunction::Tanh:
    return std::tanh(x);
  case MathFunction::Pow:
    return std::pow(x, y);
  case MathFunction::Ceil:
    return std::ceil(x);
  case MathFunction::Floor:
    return std::floor(x);
  case MathFunction::Abs:
    return std::fabs(x);
  case MathFunction::Max:
    return select(x, y, true);
  case MathFunction::Min:
    return select(x, y, false);
  case MathFunction::ScaleBy:
    break;
  }
  return x;
}

uint32_t sim::evaluateMath(MathFunction function, Type type, uint32_t lhs,
                           uint32_t rhs) {
  bool isHalf = type == Type::F16;
  double x = isHalf ? halfToDouble(lhs) : double(asFloat(lhs));
  double result;
  if (function == MathFunction::ScaleBy) {
    // Beyond this every value is 0 or infinite; within, double is exact.
    int exponent = int32_t(rhs) > 512    ? 512
                   : int32_t(rhs) < -512 ? -512
                                         : int32_t(rhs);
    result = std::ldexp(x, exponent);
  } else {
    double y = isHalf ? halfToDouble(rhs) : double(asFloat(rhs));
    result = evaluate(function, x, y);
  }
  return isHalf ? doubleToHalf(result) : asBits(float(result));
}
