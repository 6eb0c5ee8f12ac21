//===- Numbers.h - arithmetic on compile-time numbers -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_NUMBERS_H
#define SPADA_FRONTENDS_CSL_NUMBERS_H

#include "Types.h"

namespace spada::cslfront {

/// `value` modulo the type's range; comptime_int and bool are left alone.
int64_t wrap(int64_t value, const Type *type);

/// `value` rounded once to the type; comptime_float is left alone.
double roundTo(const Type *type, double value);

/// Bits of a value of an f16 or f32 type, and back.
uint64_t floatBits(const Type *type, double value);
double floatOfBits(const Type *type, uint64_t bits);

/// Integer operation with exact result in `result`; false when it does not fit
/// 64 bits, or the right side is not allowed (division by zero, shift count).
bool integerOperation(Operator op, int64_t left, int64_t right,
                      int64_t &result);
bool compareIntegers(Operator op, int64_t left, int64_t right);
/// The same of numbers of type u64, whose bits are given.
bool unsignedOperation(Operator op, uint64_t left, uint64_t right,
                       uint64_t &result);
bool compareUnsigned(Operator op, uint64_t left, uint64_t right);
/// The number in decimal digits.
std::string integerText(const Type *type, int64_t value);
bool compareFloats(Operator op, double left, double right);

} // namespace spada::cslfront

#endif
