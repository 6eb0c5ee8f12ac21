//===- Arithmetic.cpp - exact scalar and element arithmetic ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Compiled with -ffp-contract=off. f16 sums and products are exact in double,
// so rounding them to f16 rounds once.
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"

#include <cmath>
#include <limits>

using namespace spada;
using namespace spada::sim;

double sim::halfToDouble(uint32_t bits) {
  uint64_t sign = uint64_t(bits & 0x8000) << 48;
  uint32_t exponent = (bits >> 10) & 0x1f;
  uint64_t mantissa = bits & 0x3ff;
  if (exponent == 0) {
    double magnitude = double(mantissa) * 0x1p-24;
    return sign ? -magnitude : magnitude;
  }
  uint64_t wide = exponent == 31 ? 0x7ff : uint64_t(exponent) + (1023 - 15);
  return std::bit_cast<double>(sign | (wide << 52) | (mantissa << 42));
}

uint32_t sim::doubleToHalf(double value) {
  uint64_t bits = std::bit_cast<uint64_t>(value);
  uint32_t sign = uint32_t(bits >> 48) & 0x8000;
  int exponent = int((bits >> 52) & 0x7ff);
  uint64_t mantissa = bits & ((uint64_t(1) << 52) - 1);
  if (exponent == 0x7ff)
    return sign | 0x7c00 | (mantissa ? 0x200 | uint32_t(mantissa >> 42) : 0);
  int half = exponent - 1023 + 15;
  if (half >= 31)
    return sign | 0x7c00;
  // Keep 11 bits of the significand for normal results, fewer for subnormal
  // ones.
  int shift = half >= 1 ? 42 : 43 - half;
  if (shift > 53)
    return sign;
  uint64_t significand = mantissa | (uint64_t(1) << 52);
  uint64_t kept = significand >> shift;
  uint64_t rest = significand & ((uint64_t(1) << shift) - 1);
  uint64_t tie = uint64_t(1) << (shift - 1);
  if (rest > tie || (rest == tie && (kept & 1)))
    ++kept;
  // The hidden bit of `kept` adds one to the exponent; a carry out of the
  // significand adds one more.
  uint32_t base = half >= 1 ? uint32_t(half - 1) << 10 : 0;
  return sign | (base + uint32_t(kept));
}

static double toDouble(Type type, uint32_t bits) {
  return type == Type::F16 ? halfToDouble(bits) : double(asFloat(bits));
}

static uint32_t fromDouble(Type type, double value) {
  return type == Type::F16 ? doubleToHalf(value) : asBits(float(value));
}

static uint32_t floatBinary(Opcode opcode, Type type, uint32_t lhs,
                            uint32_t rhs) {
  if (type == Type::F32) {
    float a = asFloat(lhs), b = asFloat(rhs);
    switch (opcode) {
    case Opcode::FAdd:
      return asBits(a + b);
    case Opcode::FSub:
      return asBits(a - b);
    case Opcode::FMul:
      return asBits(a * b);
    default:
      return asBits(a / b);
    }
  }
  double a = halfToDouble(lhs), b = halfToDouble(rhs);
  switch (opcode) {
  case Opcode::FAdd:
    return doubleToHalf(a + b);
  case Opcode::FSub:
    return doubleToHalf(a - b);
  case Opcode::FMul:
    return doubleToHalf(a * b);
  default:
    return doubleToHalf(a / b);
  }
}

static uint32_t compareFloats(Opcode opcode, double a, double b) {
  switch (opcode) {
  case Opcode::FCmpEq:
    return a == b;
  case Opcode::FCmpNe:
    return a != b;
  case Opcode::FCmpLt:
    return a < b;
  default:
    return a <= b;
  }
}

static uint32_t shift(Opcode opcode, Type type, uint32_t value,
                      uint32_t count) {
  unsigned bits = typeBits(type);
  uint32_t amount = zeroExtended(type, count);
  if (opcode == Opcode::ShrS)
    return uint32_t(int32_t(value) >> (amount >= bits ? 31 : amount));
  if (amount >= bits)
    return 0;
  return opcode == Opcode::Shl ? value << amount
                               : zeroExtended(type, value) >> amount;
}

static uint32_t divide(Opcode opcode, Type type, uint32_t lhs, uint32_t rhs) {
  if (opcode == Opcode::DivU)
    return zeroExtended(type, lhs) / zeroExtended(type, rhs);
  if (opcode == Opcode::RemU)
    return zeroExtended(type, lhs) % zeroExtended(type, rhs);
  int64_t a = int32_t(lhs), b = int32_t(rhs);
  return uint32_t(opcode == Opcode::DivS ? a / b : a % b);
}

uint32_t sim::evaluateBinary(Opcode opcode, Type type, uint32_t lhs,
                             uint32_t rhs) {
  switch (opcode) {
  case Opcode::FAdd:
  case Opcode::FSub:
  case Opcode::FMul:
  case Opcode::FDiv:
    return floatBinary(opcode, type, lhs, rhs);
  case Opcode::FCmpEq:
  case Opcode::FCmpNe:
  case Opcode::FCmpLt:
  case Opcode::FCmpLe:
    return compareFloats(opcode, toDouble(type, lhs), toDouble(type, rhs));
  case Opcode::Shl:
  case Opcode::ShrS:
  case Opcode::ShrU:
    return normalize(type, shift(opcode, type, lhs, rhs));
  case Opcode::DivS:
  case Opcode::DivU:
  case Opcode::RemS:
  case Opcode::RemU:
    return normalize(type, divide(opcode, type, lhs, rhs));
  default:
    return normalize(type, evaluateWords(opcode, lhs, rhs));
  }
}

/// Towards zero; values that do not fit become the nearest integer that does,
/// NaN becomes 0.
static uint32_t toInteger(double value, double least, double most) {
  if (std::isnan(value))
    return 0;
  double cut = std::trunc(value);
  return uint32_t(int64_t(cut < least ? least : cut > most ? most : cut));
}

static uint32_t floatToInteger(Opcode opcode, Type type, double value) {
  double span = std::ldexp(1.0, int(typeBits(type)));
  if (opcode == Opcode::FloatToIntU || type == Type::I1)
    return normalize(type, toInteger(value, 0, span - 1));
  return normalize(type, toInteger(value, -span / 2, span / 2 - 1));
}

uint32_t sim::evaluateUnary(Opcode opcode, Type type, Type other,
                            uint32_t value) {
  switch (opcode) {
  case Opcode::FNeg:
    return value ^ (type == Type::F16 ? 0x8000u : 0x80000000u);
  case Opcode::SignExtend:
    return normalize(other, type == Type::I1 ? 0u - (value & 1) : value);
  case Opcode::ZeroExtend:
    return normalize(other, zeroExtended(type, value));
  case Opcode::IntToFloatS:
    return fromDouble(type, other == Type::I1 ? -double(value & 1)
                                              : double(int32_t(value)));
  case Opcode::IntToFloatU:
    return fromDouble(type, double(zeroExtended(other, value)));
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
    return floatToInteger(opcode, type, toDouble(other, value));
  case Opcode::FloatToFloat:
    return fromDouble(type, toDouble(other, value));
  default: // Truncate
    return normalize(type, value);
  }
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

using enum ElementClass;

static constexpr BuiltinInfo builtins[] = {
    {"mov16", Builtin::Mov, 1, Any16, {Any16}},
    {"mov32", Builtin::Mov, 1, Any32, {Any32}},
    {"fmovh", Builtin::Mov, 1, Any16, {Any16}},
    {"fmovs", Builtin::Mov, 1, Any32, {Any32}},
    {"add16", Builtin::Add16, 2, Int16, {Int16, Int16}},
    {"sub16", Builtin::Sub16, 2, Int16, {Int16, Int16}},
    {"and16", Builtin::And16, 2, Int16, {Int16, Int16}},
    {"or16", Builtin::Or16, 2, Int16, {Int16, Int16}},
    {"xor16", Builtin::Xor16, 2, Int16, {Int16, Int16}},
    {"sll16", Builtin::Sll16, 2, Int16, {Int16, Int16}},
    {"slr16", Builtin::Slr16, 2, Int16, {Int16, Int16}},
    {"sar16", Builtin::Sar16, 2, Int16, {Int16, Int16}},
    {"clz", Builtin::Clz, 1, Int16, {Int16}},
    {"ctz", Builtin::Ctz, 1, Int16, {Int16}},
    {"popcnt", Builtin::Popcnt, 1, Int16, {Int16}},
    {"faddh", Builtin::AddH, 2, Half, {Half, Half}},
    {"fsubh", Builtin::SubH, 2, Half, {Half, Half}},
    {"fmulh", Builtin::MulH, 2, Half, {Half, Half}},
    {"fmaxh", Builtin::MaxH, 2, Half, {Half, Half}},
    {"fadds", Builtin::AddS, 2, Single, {Single, Single}},
    {"fsubs", Builtin::SubS, 2, Single, {Single, Single}},
    {"fmuls", Builtin::MulS, 2, Single, {Single, Single}},
    {"fmaxs", Builtin::MaxS, 2, Single, {Single, Single}},
    {"fmach", Builtin::MacH, 3, Half, {Half, Half, Half}},
    {"fmacs", Builtin::MacS, 3, Single, {Single, Single, Single}},
    {"faddhs", Builtin::AddHS, 2, Single, {Half, Half}},
    {"fmachs", Builtin::MacHS, 3, Single, {Single, Half, Half}},
    {"fnegh", Builtin::NegH, 1, Half, {Half}},
    {"fnegs", Builtin::NegS, 1, Single, {Single}},
    {"fabsh", Builtin::AbsH, 1, Half, {Half}},
    {"fabss", Builtin::AbsS, 1, Single, {Single}},
    {"fh2s", Builtin::HalfToSingle, 1, Single, {Half}},
    {"fs2h", Builtin::SingleToHalf, 1, Half, {Single}},
    {"fh2xp16", Builtin::HalfToInt, 1, Int16, {Half}},
    {"fs2xp16", Builtin::SingleToInt, 1, Int16, {Single}},
    {"xp162fh", Builtin::IntToHalf, 1, Half, {Int16}},
    {"xp162fs", Builtin::IntToSingle, 1, Single, {Int16}},
    {"addc16", Builtin::AddCarry16, 2, Int16, {Int16, Int16}},
    {"fnormh", Builtin::NormH, 1, Half, {Half}},
    {"fnorms", Builtin::NormS, 1, Single, {Single}},
    {"fscaleh", Builtin::ScaleH, 2, Half, {Half, Int16}},
    {"fscales", Builtin::ScaleS, 2, Single, {Single, Int16}},
    {"dfilt", Builtin::Filter, 1, Any32, {Any}},
};

const BuiltinInfo *sim::findBuiltin(std::string_view name) {
  for (const BuiltinInfo &info : builtins)
    if (info.name == name)
      return &info;
  return nullptr;
}

bool sim::fits(ElementClass elementClass, Type type) {
  switch (elementClass) {
  case Half:
    return type == Type::F16;
  case Single:
    return type == Type::F32;
  case Int16:
    return type <= Type::I16;
  case Any16:
    return type <= Type::I16 || type == Type::F16;
  case Any32:
    return type == Type::I32 || type == Type::F32;
  case Any:
    return true;
  }
  return false;
}

Type sim::typeOfClass(ElementClass elementClass) {
  switch (elementClass) {
  case Half:
    return Type::F16;
  case Single:
    return Type::F32;
  case Int16:
  case Any16:
    return Type::I16;
  default:
    return Type::I32;
  }
}

/// The significand, in [1, 2) with the value's sign; 0, infinities and NaN
/// stay.
static double significandOf(double value) {
  if (value == 0 || !std::isfinite(value))
    return value;
  int exponent;
  return 2 * std::frexp(value, &exponent);
}

/// The larger one; a NaN loses against a number.
template <typename T> static T larger(T a, T b) {
  return std::isnan(a) || a < b ? b : a;
}

static uint32_t evaluateInteger(Builtin function, uint32_t a, uint32_t b) {
  uint16_t word = uint16_t(a);
  switch (function) {
  case Builtin::Add16:
  case Builtin::AddCarry16:
    return a + b;
  case Builtin::Sub16:
    return a - b;
  case Builtin::And16:
    return a & b;
  case Builtin::Or16:
    return a | b;
  case Builtin::Xor16:
    return a ^ b;
  case Builtin::Sll16:
    return shift(Opcode::Shl, Type::I16, a, b);
  case Builtin::Slr16:
    return shift(Opcode::ShrU, Type::I16, a, b);
  case Builtin::Sar16:
    return shift(Opcode::ShrS, Type::I16, a, b);
  case Builtin::Clz:
    return uint32_t(std::countl_zero(word));
  case Builtin::Ctz:
    return uint32_t(std::countr_zero(word));
  default:
    return uint32_t(std::popcount(word));
  }
}

static uint32_t evaluateHalf(Builtin function, uint32_t a, uint32_t b,
                             uint32_t c) {
  double x = halfToDouble(a), y = halfToDouble(b);
  switch (function) {
  case Builtin::AddH:
    return doubleToHalf(x + y);
  case Builtin::SubH:
    return doubleToHalf(x - y);
  case Builtin::MulH:
    return doubleToHalf(x * y);
  case Builtin::MaxH:
    return doubleToHalf(larger(x, y));
  case Builtin::AddHS:
    return asBits(float(x + y));
  default: // MacH: the product rounds, then the sum
    return doubleToHalf(x + halfToDouble(doubleToHalf(y * halfToDouble(c))));
  }
}

uint32_t sim::evaluateElement(Builtin function, uint32_t a, uint32_t b,
                              uint32_t c) {
  switch (function) {
  case Builtin::Mov:
    return a;
  case Builtin::AddS:
    return asBits(asFloat(a) + asFloat(b));
  case Builtin::SubS:
    return asBits(asFloat(a) - asFloat(b));
  case Builtin::MulS:
    return asBits(asFloat(a) * asFloat(b));
  case Builtin::MaxS:
    return asBits(larger(asFloat(a), asFloat(b)));
  case Builtin::MacS: {
    float product = asFloat(b) * asFloat(c);
    return asBits(asFloat(a) + product);
  }
  case Builtin::MacHS: {
    float product = float(halfToDouble(b) * halfToDouble(c));
    return asBits(asFloat(a) + product);
  }
  case Builtin::AddH:
  case Builtin::SubH:
  case Builtin::MulH:
  case Builtin::MaxH:
  case Builtin::MacH:
  case Builtin::AddHS:
    return evaluateHalf(function, a, b, c);
  case Builtin::NegH:
    return a ^ 0x8000u;
  case Builtin::NegS:
    return a ^ 0x80000000u;
  case Builtin::AbsH:
    return a & 0x7fffu;
  case Builtin::AbsS:
    return a & 0x7fffffffu;
  case Builtin::HalfToSingle:
    return asBits(float(halfToDouble(a)));
  case Builtin::SingleToHalf:
    return doubleToHalf(double(asFloat(a)));
  case Builtin::HalfToInt:
    return floatToInteger(Opcode::FloatToIntS, Type::I16, halfToDouble(a));
  case Builtin::SingleToInt:
    return floatToInteger(Opcode::FloatToIntS, Type::I16, double(asFloat(a)));
  case Builtin::IntToHalf:
    return doubleToHalf(double(int16_t(a)));
  case Builtin::IntToSingle:
    return asBits(float(int16_t(a)));
  case Builtin::NormH:
    return doubleToHalf(significandOf(halfToDouble(a)));
  case Builtin::NormS:
    return asBits(float(significandOf(double(asFloat(a)))));
  case Builtin::ScaleH:
    return doubleToHalf(std::ldexp(halfToDouble(a), int16_t(b)));
  case Builtin::ScaleS:
    return asBits(std::ldexp(asFloat(a), int16_t(b)));
  default:
    return evaluateInteger(function, a, b);
  }
}

//===----------------------------------------------------------------------===//
// Exceptions
//===----------------------------------------------------------------------===//

unsigned sim::floatExceptions(const FloatOperand *operands, unsigned count,
                              FloatOperand result) {
  if (!isFloat(result.type))
    return 0;
  double value = toDouble(result.type, result.bits);
  if (std::isfinite(value))
    return 0;
  for (unsigned i = 0; i < count; ++i) {
    if (!isFloat(operands[i].type))
      continue;
    double operand = toDouble(operands[i].type, operands[i].bits);
    if (std::isnan(operand) || (std::isinf(value) && std::isinf(operand)))
      return 0; // nothing new
  }
  return std::isnan(value) ? invalidException : overflowException;
}

unsigned sim::scalarExceptions(Opcode opcode, Type type, Type from,
                               uint32_t lhs, uint32_t rhs, uint32_t result) {
  bool isBinary = opcode >= Opcode::FAdd && opcode <= Opcode::FDiv;
  if (!isFloat(type) || (!isBinary && opcode != Opcode::FloatToFloat))
    return 0;
  if (opcode == Opcode::FDiv && toDouble(type, rhs) == 0) {
    double value = toDouble(type, lhs);
    if (std::isfinite(value) && value != 0)
      return divisionException;
  }
  FloatOperand operands[] = {{isBinary ? type : from, lhs}, {type, rhs}};
  return floatExceptions(operands, isBinary ? 2 : 1, {type, result});
}
