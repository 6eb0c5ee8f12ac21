//===- Arithmetic.h - exact scalar and element arithmetic -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Values of the machine as 32-bit patterns: conversions, scalar instructions,
// elements of vector operations. Every floating-point operation rounds once;
// nothing is contracted. No state, no timing.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_ARITHMETIC_H
#define SPADA_SIM_ARITHMETIC_H

#include "spada/Sim/Image_generated.h"

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace spada::sim {

using image::Opcode;
using image::Type;

inline float asFloat(uint32_t bits) { return std::bit_cast<float>(bits); }
inline uint32_t asBits(float value) { return std::bit_cast<uint32_t>(value); }

/// f16 bits (low half) to double, exactly.
double halfToDouble(uint32_t bits);
/// Rounds to f16, to nearest even; the result is in the low half.
uint32_t doubleToHalf(double value);

/// Size in memory.
inline uint32_t typeBytes(Type type) {
  return type <= Type::I8                         ? 1
         : type == Type::I16 || type == Type::F16 ? 2
         : type == Type::I64                      ? 8
                                                  : 4;
}
/// The number of value bits.
inline unsigned typeBits(Type type) {
  return type == Type::I1 ? 1 : 8 * typeBytes(type);
}
inline bool isFloat(Type type) {
  return type == Type::F16 || type == Type::F32;
}

/// Brings a pattern into register form: integers sign extended, I1 0 or 1, f16
/// in the low half.
inline uint32_t normalize(Type type, uint32_t bits) {
  switch (type) {
  case Type::I1:
    return bits & 1;
  case Type::I8:
    return uint32_t(int32_t(int8_t(bits)));
  case Type::I16:
    return uint32_t(int32_t(int16_t(bits)));
  case Type::F16:
    return bits & 0xffff;
  default:
    return bits;
  }
}

/// The low bits of `bits` that belong to `type`, others zero.
inline uint32_t zeroExtended(Type type, uint32_t bits) {
  return typeBits(type) == 32 ? bits : bits & ((1u << typeBits(type)) - 1);
}

/// Sums, products, bits and comparisons of integers: what needs no more than
/// the size of a word. Words are sign extended, which keeps the unsigned order.
template <typename Word>
constexpr Word evaluateWords(Opcode opcode, Word lhs, Word rhs) {
  using Signed = std::make_signed_t<Word>;
  switch (opcode) {
  case Opcode::Add:
    return lhs + rhs;
  case Opcode::Sub:
    return lhs - rhs;
  case Opcode::Mul:
    return lhs * rhs;
  case Opcode::And:
    return lhs & rhs;
  case Opcode::Or:
    return lhs | rhs;
  case Opcode::Xor:
    return lhs ^ rhs;
  case Opcode::CmpEq:
    return lhs == rhs;
  case Opcode::CmpNe:
    return lhs != rhs;
  case Opcode::CmpLtS:
    return Signed(lhs) < Signed(rhs);
  case Opcode::CmpLeS:
    return Signed(lhs) <= Signed(rhs);
  case Opcode::CmpLtU:
    return lhs < rhs;
  default: // CmpLeU
    return lhs <= rhs;
  }
}

/// Operations with two sources; the caller rules out division by zero.
uint32_t evaluateBinary(Opcode opcode, Type type, uint32_t lhs, uint32_t rhs);
/// FNeg and the conversions; `other` is the type in `imm`.
uint32_t evaluateUnary(Opcode opcode, Type type, Type other, uint32_t value);

/// The same of I64, or between I64 and another type. Values in 32 bits are in
/// register form, in the low half.
uint64_t evaluateWideBinary(Opcode opcode, uint64_t lhs, uint64_t rhs);
uint64_t evaluateWideUnary(Opcode opcode, Type type, Type other,
                           uint64_t value);

/// Math of a float type; `rhs` where the function has two operands.
uint32_t evaluateMath(image::MathFunction function, Type type, uint32_t lhs,
                      uint32_t rhs);

/// Element functions of the vector operations.
enum class Builtin : uint8_t {
  Mov,
  Add16,
  Sub16,
  And16,
  Or16,
  Xor16,
  Sll16,
  Slr16,
  Sar16,
  Clz,
  Ctz,
  Popcnt,
  AddH,
  SubH,
  MulH,
  MaxH,
  AddS,
  SubS,
  MulS,
  MaxS,
  MacH,
  MacS,
  AddHS,
  MacHS,
  NegH,
  NegS,
  AbsH,
  AbsS,
  HalfToSingle,
  SingleToHalf,
  HalfToInt,
  SingleToInt,
  IntToHalf,
  IntToSingle,
  AddCarry16, ///< here without the carry
  NormH,
  NormS,
  ScaleH,
  ScaleS,
  Filter ///< dfilt: no elements
};

/// What an operand of a vector operation may be.
enum class ElementClass : uint8_t { Half, Single, Int16, Any16, Any32, Any };

struct BuiltinInfo {
  std::string_view name;
  Builtin function;
  uint8_t numSources;
  ElementClass destination;
  ElementClass sources[3];
};

/// The builtin called `name`, or null.
const BuiltinInfo *findBuiltin(std::string_view name);
/// Whether an operand of `type` fits.
bool fits(ElementClass elementClass, Type type);
/// A type that does.
Type typeOfClass(ElementClass elementClass);

/// One element; `a`, `b`, `c` are in register form, so is the result before it
/// is cut to the destination's type.
uint32_t evaluateElement(Builtin function, uint32_t a, uint32_t b, uint32_t c);

/// Bits of exceptions in the exception mask.
constexpr unsigned overflowException = 1u << 4, invalidException = 1u << 6,
                   divisionException = 1u << 7;

/// An operand of an arithmetic operation on floats.
struct FloatOperand {
  Type type;
  uint32_t bits;
};
/// The exceptions of an operation: overflow and invalid.
unsigned floatExceptions(const FloatOperand *operands, unsigned count,
                         FloatOperand result);
/// Of an instruction of `type` on floats; 0 for others.
unsigned scalarExceptions(Opcode opcode, Type type, Type from, uint32_t lhs,
                          uint32_t rhs, uint32_t result);

} // namespace spada::sim

#endif
