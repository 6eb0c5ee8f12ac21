//===- StencilMath.cpp - functions of point-wise code ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One function for each op of `math`: the C library's, in f32 the one for
// floats. f16 is computed in f32 and rounded.
//
//===----------------------------------------------------------------------===//

#include "StencilMachine.h"

#include <cmath>

using namespace mlir;
using namespace spada;
using namespace spada::interp;

using Float1 = float (*)(float);
using Double1 = double (*)(double);
using Float2 = float (*)(float, float);
using Double2 = double (*)(double, double);

template <Float1 narrow, Double1 wide>
static bool unary(StencilMachine &machine, const Step &step) {
  double operand = machine.operand(step, 0).number();
  machine.result(step) =
      step.to.width == 64
          ? Scalar::ofFloat(wide(operand))
          : roundTo(step.to, narrow(static_cast<float>(operand)));
  return true;
}

template <Float2 narrow, Double2 wide>
static bool binary(StencilMachine &machine, const Step &step) {
  double a = machine.operand(step, 0).number(),
         b = machine.operand(step, 1).number();
  machine.result(step) = step.to.width == 64
                             ? Scalar::ofFloat(wide(a, b))
                             : roundTo(step.to, narrow(static_cast<float>(a),
                                                       static_cast<float>(b)));
  return true;
}

static bool fusedMultiplyAdd(StencilMachine &machine, const Step &step) {
  double a = machine.operand(step, 0).number(),
         b = machine.operand(step, 1).number(),
         c = machine.operand(step, 2).number();
  machine.result(step) =
      step.to.width == 64 ? Scalar::ofFloat(std::fma(a, b, c))
                          : roundTo(step.to, std::fma(static_cast<float>(a),
                                                      static_cast<float>(b),
                                                      static_cast<float>(c)));
  return true;
}

static bool absoluteInteger(StencilMachine &machine, const Step &step) {
  int64_t value = machine.operand(step, 0).integer();
  uint64_t bits = static_cast<uint64_t>(value);
  machine.result(step) =
      wrapTo(step.to, static_cast<int64_t>(value < 0 ? -bits : bits));
  return true;
}

/// Square and multiply, every product rounded; the reciprocal at the end.
static bool powerOfFloat(StencilMachine &machine, const Step &step) {
  double base = machine.operand(step, 0).number();
  int64_t exponent = machine.operand(step, 1).integer();
  uint64_t left = exponent < 0 ? -static_cast<uint64_t>(exponent)
                               : static_cast<uint64_t>(exponent);
  auto rounded = [&](double value) { return roundTo(step.to, value).number(); };
  double power = 1;
  while (left) {
    if (left & 1)
      power = rounded(power * base);
    left >>= 1;
    if (left)
      base = rounded(base * base);
  }
  machine.result(step) = roundTo(step.to, exponent < 0 ? 1 / power : power);
  return true;
}

static bool powerOfInteger(StencilMachine &machine, const Step &step) {
  int64_t exponent = machine.operand(step, 1).integer();
  if (exponent < 0)
    return machine.trap(step, "integer power with exponent " + Twine(exponent));
  uint64_t base = static_cast<uint64_t>(machine.operand(step, 0).integer());
  uint64_t power = 1;
  for (uint64_t left = static_cast<uint64_t>(exponent); left; left >>= 1) {
    if (left & 1)
      power *= base;
    base *= base;
  }
  machine.result(step) = wrapTo(step.to, static_cast<int64_t>(power));
  return true;
}

static float inverseRootF(float x) { return 1.0F / std::sqrt(x); }
static double inverseRoot(double x) { return 1.0 / std::sqrt(x); }

void interp::addMathHandlers(HandlerTable &table) {
  table["math.absf"] = unary<fabsf, fabs>;
  table["math.sqrt"] = unary<sqrtf, sqrt>;
  table["math.rsqrt"] = unary<inverseRootF, inverseRoot>;
  table["math.cbrt"] = unary<cbrtf, cbrt>;
  table["math.exp"] = unary<expf, exp>;
  table["math.exp2"] = unary<exp2f, exp2>;
  table["math.expm1"] = unary<expm1f, expm1>;
  table["math.log"] = unary<logf, log>;
  table["math.log2"] = unary<log2f, log2>;
  table["math.log10"] = unary<log10f, log10>;
  table["math.log1p"] = unary<log1pf, log1p>;
  table["math.sin"] = unary<sinf, sin>;
  table["math.cos"] = unary<cosf, cos>;
  table["math.tan"] = unary<tanf, tan>;
  table["math.asin"] = unary<asinf, asin>;
  table["math.acos"] = unary<acosf, acos>;
  table["math.atan"] = unary<atanf, atan>;
  table["math.sinh"] = unary<sinhf, sinh>;
  table["math.cosh"] = unary<coshf, cosh>;
  table["math.tanh"] = unary<tanhf, tanh>;
  table["math.asinh"] = unary<asinhf, asinh>;
  table["math.acosh"] = unary<acoshf, acosh>;
  table["math.atanh"] = unary<atanhf, atanh>;
  table["math.erf"] = unary<erff, erf>;
  table["stencil.erfc"] = unary<erfcf, erfc>;
  table["stencil.gamma"] = unary<tgammaf, tgamma>;
  table["math.floor"] = unary<floorf, floor>;
  table["math.ceil"] = unary<ceilf, ceil>;
  table["math.trunc"] = unary<truncf, trunc>;
  table["math.round"] = unary<roundf, round>;
  table["math.roundeven"] = unary<roundevenf, roundeven>;
  table["math.atan2"] = binary<atan2f, atan2>;
  table["math.copysign"] = binary<copysignf, copysign>;
  table["math.powf"] = binary<powf, pow>;
  table["math.fma"] = fusedMultiplyAdd;
  table["math.absi"] = absoluteInteger;
  table["math.fpowi"] = powerOfFloat;
  table["math.ipowi"] = powerOfInteger;
}
