//===- Functions.cpp - functions that PEs have no library for -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Each function is a polynomial near its zeros and elsewhere an expression in
// exp, log, sqrt, sin and pow. The coefficients are weighted fits of our own
// in long double, rounded to 32 bits. docs/stencils-on-the-wafer.md states the
// errors.
//
//===----------------------------------------------------------------------===//

#include "Functions.h"

using namespace mlir;
using namespace spada;

//===----------------------------------------------------------------------===//
// Fits
//===----------------------------------------------------------------------===//

// f(x) = x + x z P(z) with z = x x.
static constexpr float asinTerms[] = {
    0.16666659712791443F,  0.07500510662794113F,
    0.04451572149991989F,  0.03181759640574455F,
    0.014402671717107296F, 0.03756510466337204F}; // to 1/2
static constexpr float atanTerms[] = {
    -0.333333283662796F,   0.1999969184398651F,   -0.14280129969120026F,
    0.11060239374637604F,  -0.0881882831454277F,  0.06759525835514069F,
    -0.04494578763842583F, 0.022759776562452316F, -0.007422369904816151F,
    0.001134824356995523F}; // to 1
static constexpr float sinhTerms[] = {
    0.1666666716337204F, 0.008333350531756878F, 0.0001983606634894386F,
    2.8174399631097913e-06F}; // to 1
static constexpr float asinhTerms[] = {
    -0.1666666567325592F,   0.07499939948320389F,   -0.04463198781013489F,
    0.030283337458968163F,  -0.021847659721970558F, 0.015567994676530361F,
    -0.009853314608335495F, 0.004835013300180435F,  -0.0015459267888218164F,
    0.00023338416940532625F}; // to 1
static constexpr float atanhTerms[] = {
    0.3333333432674408F,    0.20000028610229492F, 0.14284470677375793F,
    0.11136796325445175F,   0.08800269663333893F, 0.09574012282453537F,
    -0.001405150513164699F, 0.17889508605003357F}; // to 1/2
// asinh(1.5 + h) = asinh(1.5) + h P(h) to 1/2.
static constexpr float asinhMiddle[] = {
    0.5547001957893372F,     -0.12800772488117218F,   0.030634289607405663F,
    -0.004544863943010569F,  -0.0013042925857007504F, 0.0016517051262781024F,
    -0.0009641131036914885F, 0.0003821996215265244F,  -7.639995601493865e-05F};
// acosh(1 + t) = s + s t P(t) to 1, with s = sqrt(2 t).
static constexpr float acoshTerms[] = {
    -0.08333329856395721F,   0.018749190494418144F,   -0.005573507864028215F,
    0.0018699130741879344F,  -0.0006304532289505005F, 0.00017471352475695312F,
    -2.6700185117078945e-05F};
// erf(x) = x + x P(z) to 1.
static constexpr float erfTerms[] = {
    0.12837916612625122F,    -0.37612637877464294F,  0.11283782869577408F,
    -0.02686544507741928F,   0.0052210744470357895F, -0.0008484708378091455F,
    0.00011270524555584416F, -9.68008316704072e-06F};
// erfc(x) exp(x x) (1 + 2 x) = P((x - 2.5) / (x + 2.5)) from 0.5 to 10.5.
static constexpr float erfcTerms[] = {
    1.2648382186889648F,    -0.12235677242279053F,  -0.09902449697256088F,
    0.15763042867183685F,   -0.10296806693077087F,  0.03275380656123161F,
    0.0009400388225913048F, -0.004340791143476963F, 0.00046471445239149034F,
    0.0005237941513769329F, -5.435627463157289e-05F};
// gamma(1.5 + h) = P(h) to 1/2.
static constexpr float gammaTerms[] = {
    0.8862269520759583F,    0.03233828395605087F,  0.41481390595436096F,
    -0.10728581994771957F,  0.14462760090827942F,  -0.0777202919125557F,
    0.058873653411865234F,  -0.03625769913196564F, 0.024071549996733665F,
    -0.023749856278300285F, 0.016841396689414978F};
// gamma(x) = sqrt(2 pi) x^(x - 1/2) exp(-x) P(1 / x) from 8 on.
static constexpr float stirlingTerms[] = {
    1.0F, 0.0833333432674408F, 0.003472844837233424F, -0.0027031630743294954F};

// Constants as a float and what it lacks.
static constexpr double pi = 3.14159265358979323846;
static constexpr double piLow =
    pi - static_cast<double>(static_cast<float>(pi));
static constexpr double halfPi = pi / 2, halfPiLow = piLow / 2;
static constexpr double asinhOfMiddle = 1.19476321728710930411;
static constexpr double ln2 = 0.69314718055994530942;
static constexpr double perLn10 = 0.43429448190325182765;
static constexpr double perLn10Low =
    perLn10 - static_cast<double>(static_cast<float>(perLn10));
static constexpr double rootOfTwoPi = 2.50662827463100050242;

static double lowPart(double value) {
  return value - static_cast<double>(static_cast<float>(value));
}

//===----------------------------------------------------------------------===//
// Trigonometry
//===----------------------------------------------------------------------===//

/// `x z P(z)`.
static Value oddTail(FloatCode &f, Value x, ArrayRef<float> terms) {
  Value z = f.mul(x, x);
  return f.mul(x, f.mul(z, f.polynomial(z, terms)));
}

static Value odd(FloatCode &f, Value x, ArrayRef<float> terms) {
  return f.add(x, oddTail(f, x, terms));
}

/// `pi / 2 - (x + tail)`.
static Value complement(FloatCode &f, Value x, Value tail) {
  return f.sub(f.number(halfPi), f.add(x, f.sub(tail, f.number(halfPiLow))));
}

/// Beyond 1/2, asin and acos are those of `s = sqrt((1 - |x|) / 2)`.
static Value asin(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x);
  return f.choose(
      f.notAbove(a, f.number(0.5)), [&] { return odd(f, x, asinTerms); },
      [&] {
        Value z = f.mul(f.sub(f.number(1), a), f.number(0.5));
        Value s = f.call<math::SqrtOp>(z);
        Value tail = f.mul(s, f.mul(z, f.polynomial(z, asinTerms)));
        Value r = f.sub(f.sub(f.number(halfPi), f.mul(f.number(2), s)),
                        f.sub(f.mul(f.number(2), tail), f.number(halfPiLow)));
        return f.withSign(r, x);
      });
}

static Value acos(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x);
  return f.choose(
      f.notAbove(a, f.number(0.5)),
      [&] { return complement(f, x, oddTail(f, x, asinTerms)); },
      [&] {
        Value z = f.mul(f.sub(f.number(1), a), f.number(0.5));
        Value s = f.call<math::SqrtOp>(z);
        Value tail = f.mul(s, f.mul(z, f.polynomial(z, asinTerms)));
        Value right = f.mul(f.number(2), f.add(s, tail));
        Value left = f.sub(f.sub(f.number(pi), f.mul(f.number(2), s)),
                           f.sub(f.mul(f.number(2), tail), f.number(piLow)));
        return f.select(f.less(x, f.number(0)), left, right);
      });
}

static Value atan(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x);
  Value r = f.choose(
      f.less(f.number(1), a),
      [&] {
        Value t = f.div(f.number(1), a);
        return complement(f, t, oddTail(f, t, atanTerms));
      },
      [&] { return odd(f, a, atanTerms); });
  return f.withSign(r, x);
}

//===----------------------------------------------------------------------===//
// Exponentials and logarithms
//===----------------------------------------------------------------------===//

/// `(exp(a) + sign exp(-a)) / 2`; in two factors where exp(a) is too large.
static Value hyperbolic(FloatCode &f, Value a, bool isSine) {
  Value half = f.number(0.5);
  return f.choose(
      f.less(f.number(88), a),
      [&] {
        Value w = f.call<math::ExpOp>(f.mul(half, a));
        return f.mul(f.mul(half, w), w);
      },
      [&] {
        Value e = f.call<math::ExpOp>(a), up = f.mul(half, e),
              down = f.div(half, e);
        return isSine ? f.sub(up, down) : f.add(up, down);
      });
}

static Value sinh(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x);
  Value r = f.choose(
      f.less(a, f.number(1)), [&] { return odd(f, a, sinhTerms); },
      [&] { return hyperbolic(f, a, true); });
  return f.withSign(r, x);
}

/// `log(a + sqrt(a a + sign))`, or `log(2 a)` where a a is too large.
static Value largeArea(FloatCode &f, Value a, double sign) {
  return f.choose(
      f.less(a, f.number(1e4)),
      [&] {
        Value root = f.call<math::SqrtOp>(f.add(f.mul(a, a), f.number(sign)));
        return f.call<math::LogOp>(f.add(a, root));
      },
      [&] { return f.add(f.call<math::LogOp>(a), f.number(ln2)); });
}

static Value asinh(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x);
  Value r = f.choose(
      f.less(a, f.number(1)), [&] { return odd(f, a, asinhTerms); },
      [&] {
        return f.choose(
            f.less(a, f.number(2)),
            [&] {
              Value h = f.sub(a, f.number(1.5));
              Value part = f.mul(h, f.polynomial(h, asinhMiddle));
              return f.add(f.number(asinhOfMiddle),
                           f.add(part, f.number(lowPart(asinhOfMiddle))));
            },
            [&] { return largeArea(f, a, 1); });
      });
  return f.withSign(r, x);
}

static Value acosh(FloatCode &f, Value x) {
  Value t = f.sub(x, f.number(1));
  return f.choose(
      f.less(t, f.number(1)),
      [&] {
        Value s = f.call<math::SqrtOp>(f.mul(f.number(2), t));
        return f.add(s, f.mul(s, f.mul(t, f.polynomial(t, acoshTerms))));
      },
      [&] { return largeArea(f, x, -1); });
}

static Value atanh(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x), one = f.number(1);
  Value r = f.choose(
      f.less(a, f.number(0.5)), [&] { return odd(f, a, atanhTerms); },
      [&] {
        Value quotient = f.div(f.add(one, a), f.sub(one, a));
        return f.mul(f.number(0.5), f.call<math::LogOp>(quotient));
      });
  return f.withSign(r, x);
}

static Value log10(FloatCode &f, Value x) {
  Value l = f.call<math::LogOp>(x);
  Value r = f.add(f.mul(l, f.number(perLn10)), f.mul(l, f.number(perLn10Low)));
  Value isFinite = f.less(f.call<math::AbsFOp>(l), f.infinity());
  return f.select(isFinite, r, l);
}

/// By logarithm, and one step of Newton.
static Value cbrt(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x), third = f.number(1.0 / 3.0);
  Value isProper = f.both(f.less(f.number(0), a), f.less(a, f.infinity()));
  return f.choose(
      isProper,
      [&] {
        Value y = f.call<math::ExpOp>(f.mul(f.call<math::LogOp>(a), third));
        Value step = f.sub(y, f.div(a, f.mul(y, y)));
        return f.withSign(f.sub(y, f.mul(step, third)), x);
      },
      [&] { return x; });
}

//===----------------------------------------------------------------------===//
// Error functions and gamma
//===----------------------------------------------------------------------===//

static Value smallErf(FloatCode &f, Value x) {
  return f.add(x, f.mul(x, f.polynomial(f.mul(x, x), erfTerms)));
}

/// erfc from 1/2 on. The square of `a` is taken exactly, as two numbers.
static Value tailOfErfc(FloatCode &f, Value a) {
  Value far = f.number(11), two = f.number(2);
  a = f.select(f.less(far, a), far, a);
  Value t = f.div(f.sub(a, f.number(2.5)), f.add(a, f.number(2.5)));
  Value square = f.mul(a, a), spread = f.mul(a, f.number(4097));
  Value high = f.sub(spread, f.sub(spread, a)), low = f.sub(a, high);
  Value rest = f.add(
      f.add(f.sub(f.mul(high, high), square), f.mul(f.mul(two, high), low)),
      f.mul(low, low));
  Value e = f.call<math::ExpOp>(f.neg(square));
  e = f.sub(e, f.mul(e, rest));
  return f.div(f.mul(e, f.polynomial(t, erfcTerms)),
               f.add(f.number(1), f.mul(two, a)));
}

static Value erf(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x), one = f.number(1);
  return f.choose(
      f.notAbove(one, a),
      [&] { return f.withSign(f.sub(one, tailOfErfc(f, a)), x); },
      [&] { return smallErf(f, x); });
}

static Value erfc(FloatCode &f, Value x) {
  Value a = f.call<math::AbsFOp>(x), one = f.number(1);
  Value isFar = f.notAbove(
      f.select(f.less(x, f.number(0)), f.number(1), f.number(0.5)), a);
  return f.choose(
      isFar,
      [&] {
        Value tail = tailOfErfc(f, a);
        return f.select(f.less(x, f.number(0)), f.sub(f.number(2), tail), tail);
      },
      [&] { return f.sub(one, smallErf(f, x)); });
}

/// gamma of a number above 0.
static Value gammaAbove(FloatCode &f, Value x) {
  Value one = f.number(1), eight = f.number(8);
  auto shifted = [&]() -> Value { // gamma(y + 1) = y gamma(y)
    Value isSmall = f.less(x, one);
    Value start = f.select(isSmall, f.add(x, one), x);
    SmallVector<Value> state = f.repeat(
        {start, one},
        [&](ValueRange now) { return f.notAbove(f.number(2), now[0]); },
        [&](ValueRange now) -> SmallVector<Value> {
          Value y = f.sub(now[0], one);
          return {y, f.mul(now[1], y)};
        });
    Value h = f.sub(state[0], f.number(1.5));
    Value r = f.mul(f.polynomial(h, gammaTerms), state[1]);
    return f.select(isSmall, f.div(r, x), r);
  };
  auto stirling = [&]() -> Value {
    Value half = f.mul(f.number(0.5), x);
    Value w = f.pow(x, f.sub(half, f.number(0.25)));
    Value series = f.polynomial(f.div(one, x), stirlingTerms);
    Value scaled = f.mul(f.call<math::ExpOp>(f.neg(x)),
                         f.mul(f.number(rootOfTwoPi), series));
    return f.mul(f.mul(w, scaled), w);
  };
  return f.choose(f.less(x, eight), shifted, [&] {
    return f.choose(
        f.less(f.number(36), x), [&] { return f.infinity(); }, stirling);
  });
}

/// Below 0 by `gamma(x) gamma(1 - x) sin(pi x) = pi`.
static Value gamma(FloatCode &f, Value x) {
  Value zero = f.number(0), one = f.number(1);
  auto reflected = [&]() -> Value {
    Value whole = f.call<math::FloorOp>(f.add(x, f.number(0.5)));
    Value part = f.sub(x, whole), half = f.mul(whole, f.number(0.5));
    Value isEven = f.equal(f.call<math::FloorOp>(half), half);
    Value s = f.call<math::SinOp>(f.mul(part, f.number(pi)));
    Value r = f.div(f.number(pi), f.mul(s, gammaAbove(f, f.sub(one, x))));
    r = f.select(isEven, r, f.neg(r));
    Value noValue = f.div(part, part); // at whole numbers
    return f.select(f.equal(part, zero), noValue, r);
  };
  return f.choose(
      f.less(zero, x), [&] { return gammaAbove(f, x); },
      [&] {
        Value isPole = f.equal(x, zero);
        return f.choose(
            isPole, [&] { return f.div(one, x); },
            [&] {
              Value isFar = f.both(f.less(x, f.number(-42)),
                                   f.less(f.neg(f.infinity()), x));
              Value isWhole = f.equal(f.call<math::FloorOp>(x), x);
              return f.choose(
                  f.both(isFar, f.isNot(isWhole)), [&] { return zero; },
                  reflected);
            });
      });
}

//===----------------------------------------------------------------------===//
// Remainder
//===----------------------------------------------------------------------===//

/// Long division: every product by two and every difference is exact.
Value spada::expandRemainder(FloatCode &f, Value x, Value y) {
  Value a = f.call<math::AbsFOp>(x), m = f.call<math::AbsFOp>(y),
        zero = f.number(0), half = f.number(0.5);
  Value isProper = f.both(f.less(a, f.infinity()), f.less(zero, m));
  auto subtract = [&]() -> Value {
    Value largest = f.repeat(
        {m}, [&](ValueRange now) { return f.notAbove(now[0], f.mul(half, a)); },
        [&](ValueRange now) -> SmallVector<Value> {
          return {f.add(now[0], now[0])};
        })[0];
    return f.repeat(
        {a, largest}, [&](ValueRange now) { return f.notAbove(m, now[1]); },
        [&](ValueRange now) -> SmallVector<Value> {
          Value takes = f.notAbove(now[1], now[0]);
          return {f.select(takes, f.sub(now[0], now[1]), now[0]),
                  f.mul(half, now[1])};
        })[0];
  };
  auto divide = [&]() -> Value {
    Value rest = f.choose(f.notAbove(m, a), subtract, [&] { return a; });
    rest = f.withSign(rest, x);
    Value isOther = f.differ(f.less(rest, zero), f.less(y, zero));
    Value moved = f.select(isOther, f.add(rest, y), rest);
    return f.select(f.equal(rest, zero), rest, moved);
  };
  return f.choose(isProper, divide,
                  [&] { return f.div(f.sub(x, x), f.sub(y, y)); });
}

//===----------------------------------------------------------------------===//
// All
//===----------------------------------------------------------------------===//

bool spada::isLibraryFunction(MathKind kind) { return kind <= MathKind::Pow; }

Value spada::expandFunction(MathKind kind, FloatCode &f, Value x) {
  switch (kind) {
  case MathKind::Asin:
    return asin(f, x);
  case MathKind::Acos:
    return acos(f, x);
  case MathKind::Atan:
    return atan(f, x);
  case MathKind::Sinh:
    return sinh(f, x);
  case MathKind::Cosh:
    return hyperbolic(f, f.call<math::AbsFOp>(x), false);
  case MathKind::Asinh:
    return asinh(f, x);
  case MathKind::Acosh:
    return acosh(f, x);
  case MathKind::Atanh:
    return atanh(f, x);
  case MathKind::Log10:
    return log10(f, x);
  case MathKind::Cbrt:
    return cbrt(f, x);
  case MathKind::Erf:
    return erf(f, x);
  case MathKind::Erfc:
    return erfc(f, x);
  case MathKind::Gamma:
    return gamma(f, x);
  default:
    return {};
  }
}
