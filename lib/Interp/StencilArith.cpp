//===- StencilArith.cpp - arithmetic of point-wise code -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One function for each op of `arith`, and the remainder. + - * / are computed
// in double and rounded once, which is exact rounding for f32 and f16; integers
// wrap.
//
//===----------------------------------------------------------------------===//

#include "StencilMachine.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace spada;
using namespace spada::interp;

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

template <double (*fn)(double, double)>
static bool floats(StencilMachine &machine, const Step &step) {
  machine.result(step) =
      roundTo(step.to, fn(machine.operand(step, 0).number(),
                          machine.operand(step, 1).number()));
  return true;
}

static double add(double a, double b) { return a + b; }
static double subtract(double a, double b) { return a - b; }
static double multiply(double a, double b) { return a * b; }
static double divide(double a, double b) { return a / b; }
static double cRemainder(double a, double b) { return std::fmod(a, b); }
static double maxNum(double a, double b) { return std::fmax(a, b); }
static double minNum(double a, double b) { return std::fmin(a, b); }

/// NaN if either is; -0 is less than +0.
static double maximum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return a + b;
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
static double minimum(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return a + b;
  if (a == b)
    return std::signbit(a) ? a : b;
  return a < b ? a : b;
}

/// Python's `%`: the result, zero included, has the sign of the divisor.
static double pythonRemainder(double a, double b) {
  double rest = std::fmod(a, b);
  if (rest == 0)
    return std::copysign(0.0, b);
  return !std::isnan(rest) && (rest < 0) != (b < 0) ? rest + b : rest;
}

static bool negate(StencilMachine &machine, const Step &step) {
  machine.result(step) = Scalar::ofFloat(-machine.operand(step, 0).number());
  return true;
}

static bool compareFloats(StencilMachine &machine, const Step &step) {
  using Kind = arith::CmpFPredicate;
  double a = machine.operand(step, 0).number(),
         b = machine.operand(step, 1).number();
  bool unordered = std::isnan(a) || std::isnan(b), holds = false;
  switch (cast<arith::CmpFOp>(step.op).getPredicate()) {
  case Kind::AlwaysFalse:
    break;
  case Kind::AlwaysTrue:
    holds = true;
    break;
  case Kind::OEQ:
    holds = a == b;
    break;
  case Kind::UEQ:
    holds = unordered || a == b;
    break;
  case Kind::ONE:
    holds = !unordered && a != b;
    break;
  case Kind::UNE:
    holds = a != b;
    break;
  case Kind::OGT:
    holds = a > b;
    break;
  case Kind::UGT:
    holds = !(a <= b);
    break;
  case Kind::OGE:
    holds = a >= b;
    break;
  case Kind::UGE:
    holds = !(a < b);
    break;
  case Kind::OLT:
    holds = a < b;
    break;
  case Kind::ULT:
    holds = !(a >= b);
    break;
  case Kind::OLE:
    holds = a <= b;
    break;
  case Kind::ULE:
    holds = !(a > b);
    break;
  case Kind::ORD:
    holds = !unordered;
    break;
  case Kind::UNO:
    holds = unordered;
    break;
  }
  machine.result(step) = Scalar::ofInteger(holds);
  return true;
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

/// The operand as a signed number; an i1 is 0 or -1.
static int64_t signedOf(StencilMachine &machine, const Step &step, unsigned n) {
  Format format = step.from;
  format.isUnsigned = false;
  return wrapTo(format, machine.operand(step, n).integer()).integer();
}

static uint64_t unsignedOf(StencilMachine &machine, const Step &step,
                           unsigned n) {
  Format format = step.from;
  format.isUnsigned = true;
  return static_cast<uint64_t>(
      wrapTo(format, machine.operand(step, n).integer()).integer());
}

static bool setInteger(StencilMachine &machine, const Step &step,
                       uint64_t value) {
  machine.result(step) = wrapTo(step.to, static_cast<int64_t>(value));
  return true;
}

template <uint64_t (*fn)(uint64_t, uint64_t)>
static bool integers(StencilMachine &machine, const Step &step) {
  return setInteger(
      machine, step,
      fn(unsignedOf(machine, step, 0), unsignedOf(machine, step, 1)));
}

static uint64_t addBits(uint64_t a, uint64_t b) { return a + b; }
static uint64_t subtractBits(uint64_t a, uint64_t b) { return a - b; }
static uint64_t multiplyBits(uint64_t a, uint64_t b) { return a * b; }
static uint64_t andBits(uint64_t a, uint64_t b) { return a & b; }
static uint64_t orBits(uint64_t a, uint64_t b) { return a | b; }
static uint64_t xorBits(uint64_t a, uint64_t b) { return a ^ b; }
static uint64_t mostBits(uint64_t a, uint64_t b) { return std::max(a, b); }
static uint64_t leastBits(uint64_t a, uint64_t b) { return std::min(a, b); }

template <int64_t (*fn)(int64_t, int64_t)>
static bool signedIntegers(StencilMachine &machine, const Step &step) {
  return setInteger(machine, step,
                    static_cast<uint64_t>(fn(signedOf(machine, step, 0),
                                             signedOf(machine, step, 1))));
}
static int64_t most(int64_t a, int64_t b) { return std::max(a, b); }
static int64_t least(int64_t a, int64_t b) { return std::min(a, b); }

/// Where the quotient is rounded to.
enum class Rounding { TowardZero, Down, Up };

template <Rounding rounding, bool wantsRemainder>
static bool divideIntegers(StencilMachine &machine, const Step &step) {
  int64_t a = signedOf(machine, step, 0), b = signedOf(machine, step, 1);
  if (b == 0)
    return machine.trap(step, "integer division of " + Twine(a) + " by zero");
  // Keeps the least 64-bit integer from trapping the host.
  if (b == -1)
    return setInteger(machine, step,
                      wantsRemainder ? 0 : -static_cast<uint64_t>(a));
  int64_t quotient = a / b, rest = a % b;
  bool isNegative = (a < 0) != (b < 0);
  int64_t step1 = 0;
  if (rest != 0 && rounding == Rounding::Down && isNegative)
    step1 = -1;
  if (rest != 0 && rounding == Rounding::Up && !isNegative)
    step1 = 1;
  return setInteger(machine, step,
                    static_cast<uint64_t>(wantsRemainder ? rest - step1 * b
                                                         : quotient + step1));
}

template <bool wantsRemainder>
static bool divideUnsigned(StencilMachine &machine, const Step &step) {
  uint64_t a = unsignedOf(machine, step, 0), b = unsignedOf(machine, step, 1);
  if (b == 0)
    return machine.trap(step, "integer division of " + Twine(a) + " by zero");
  return setInteger(machine, step, wantsRemainder ? a % b : a / b);
}

enum class Shift { Left, Signed, Unsigned };

template <Shift kind>
static bool shift(StencilMachine &machine, const Step &step) {
  uint64_t amount = unsignedOf(machine, step, 1);
  if (amount >= step.from.width)
    return machine.trap(step, "shift by " + Twine(amount) + " bits");
  uint64_t bits = unsignedOf(machine, step, 0);
  if (kind == Shift::Left)
    return setInteger(machine, step, bits << amount);
  if (kind == Shift::Unsigned)
    return setInteger(machine, step, bits >> amount);
  return setInteger(
      machine, step,
      static_cast<uint64_t>(signedOf(machine, step, 0) >> amount));
}

static bool compareIntegers(StencilMachine &machine, const Step &step) {
  using Kind = arith::CmpIPredicate;
  int64_t a = signedOf(machine, step, 0), b = signedOf(machine, step, 1);
  uint64_t ua = unsignedOf(machine, step, 0), ub = unsignedOf(machine, step, 1);
  bool holds = false;
  switch (cast<arith::CmpIOp>(step.op).getPredicate()) {
  case Kind::eq:
    holds = a == b;
    break;
  case Kind::ne:
    holds = a != b;
    break;
  case Kind::slt:
    holds = a < b;
    break;
  case Kind::sle:
    holds = a <= b;
    break;
  case Kind::sgt:
    holds = a > b;
    break;
  case Kind::sge:
    holds = a >= b;
    break;
  case Kind::ult:
    holds = ua < ub;
    break;
  case Kind::ule:
    holds = ua <= ub;
    break;
  case Kind::ugt:
    holds = ua > ub;
    break;
  case Kind::uge:
    holds = ua >= ub;
    break;
  }
  machine.result(step) = Scalar::ofInteger(holds);
  return true;
}

//===----------------------------------------------------------------------===//
// Conversions and selection
//===----------------------------------------------------------------------===//

static bool selectOp(StencilMachine &machine, const Step &step) {
  bool holds = machine.operand(step, 0).integer() != 0;
  machine.result(step) = machine.operand(step, holds ? 1 : 2);
  return true;
}

static bool signExtend(StencilMachine &machine, const Step &step) {
  return setInteger(machine, step,
                    static_cast<uint64_t>(signedOf(machine, step, 0)));
}

static bool zeroExtend(StencilMachine &machine, const Step &step) {
  return setInteger(machine, step, unsignedOf(machine, step, 0));
}

/// Rounds once, also from 64-bit integers to f32.
template <typename T>
static bool setFloat(StencilMachine &machine, const Step &step, T value) {
  machine.result(step) =
      step.to.width == 64
          ? Scalar::ofFloat(static_cast<double>(value))
          : roundTo(step.to, static_cast<double>(static_cast<float>(value)));
  return true;
}

static bool fromSigned(StencilMachine &machine, const Step &step) {
  return setFloat(machine, step, signedOf(machine, step, 0));
}

static bool fromUnsigned(StencilMachine &machine, const Step &step) {
  return setFloat(machine, step, unsignedOf(machine, step, 0));
}

static bool roundFloat(StencilMachine &machine, const Step &step) {
  machine.result(step) = roundTo(step.to, machine.operand(step, 0).number());
  return true;
}

/// Toward zero. What does not fit gives the least integer, as CPUs do for 32
/// and 64 bits.
static bool toSigned(StencilMachine &machine, const Step &step) {
  double whole = std::trunc(machine.operand(step, 0).number());
  double limit = std::ldexp(1.0, static_cast<int>(step.to.width) - 1);
  if (whole >= -limit && whole < limit)
    return setInteger(machine, step,
                      static_cast<uint64_t>(static_cast<int64_t>(whole)));
  return setInteger(machine, step, uint64_t(1) << (step.to.width - 1));
}

static bool toUnsigned(StencilMachine &machine, const Step &step) {
  double whole = std::trunc(machine.operand(step, 0).number());
  if (whole >= 0 && whole < std::ldexp(1.0, static_cast<int>(step.to.width)))
    return setInteger(machine, step, static_cast<uint64_t>(whole));
  return setInteger(machine, step, std::numeric_limits<uint64_t>::max());
}

/// `stencil.mod`
static bool mod(StencilMachine &machine, const Step &step) {
  return step.to.isFloat ? floats<pythonRemainder>(machine, step)
                         : divideIntegers<Rounding::Down, true>(machine, step);
}

void interp::addArithHandlers(HandlerTable &table) {
  table["arith.addf"] = floats<add>;
  table["arith.subf"] = floats<subtract>;
  table["arith.mulf"] = floats<multiply>;
  table["arith.divf"] = floats<divide>;
  table["arith.remf"] = floats<cRemainder>;
  table["arith.maximumf"] = floats<maximum>;
  table["arith.minimumf"] = floats<minimum>;
  table["arith.maxnumf"] = floats<maxNum>;
  table["arith.minnumf"] = floats<minNum>;
  table["arith.negf"] = negate;
  table["arith.cmpf"] = compareFloats;
  table["arith.addi"] = integers<addBits>;
  table["arith.subi"] = integers<subtractBits>;
  table["arith.muli"] = integers<multiplyBits>;
  table["arith.andi"] = integers<andBits>;
  table["arith.ori"] = integers<orBits>;
  table["arith.xori"] = integers<xorBits>;
  table["arith.maxui"] = integers<mostBits>;
  table["arith.minui"] = integers<leastBits>;
  table["arith.maxsi"] = signedIntegers<most>;
  table["arith.minsi"] = signedIntegers<least>;
  table["arith.divsi"] = divideIntegers<Rounding::TowardZero, false>;
  table["arith.remsi"] = divideIntegers<Rounding::TowardZero, true>;
  table["arith.floordivsi"] = divideIntegers<Rounding::Down, false>;
  table["arith.ceildivsi"] = divideIntegers<Rounding::Up, false>;
  table["arith.divui"] = divideUnsigned<false>;
  table["arith.remui"] = divideUnsigned<true>;
  table["arith.shli"] = shift<Shift::Left>;
  table["arith.shrsi"] = shift<Shift::Signed>;
  table["arith.shrui"] = shift<Shift::Unsigned>;
  table["arith.cmpi"] = compareIntegers;
  table["arith.select"] = selectOp;
  table["arith.extsi"] = signExtend;
  table["arith.index_cast"] = signExtend;
  table["arith.extui"] = zeroExtend;
  table["arith.index_castui"] = zeroExtend;
  table["arith.trunci"] = zeroExtend;
  table["arith.sitofp"] = fromSigned;
  table["arith.uitofp"] = fromUnsigned;
  table["arith.extf"] = roundFloat;
  table["arith.truncf"] = roundFloat;
  table["arith.fptosi"] = toSigned;
  table["arith.fptoui"] = toUnsigned;
  table["stencil.mod"] = mod;
}
