//===- Curves.h - sigmoid, tanh and gelu, step by step ----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One definition for the interpreter, which computes numbers, and for the code
// generator, which emits the same operations on vectors: both give the same
// bits. `Math` says what an operation is:
//
//   Real, Integer          numbers of one type, and integers as wide
//   isDouble()             64 bits, else 32
//   real(c), integer(c)    constants
//   add, subtract, multiply, divide, fma(a, b, c) = a * b + c, each rounded
//   magnitude(x), withSign(x, y)       |x|; |x| with the sign of y
//   ifLess(a, b, x, y)     x where a < b, else y; y where one is no number
//   bits(x), fromBits(i)   the same bits as another type
//   addInteger, subtractInteger, shiftLeft(i, n), shiftRight(i, n), signed
//
// Sigmoid and tanh are within 3 units of the last digit of the exact value,
// gelu within 5, down to the smallest numbers. Polynomials interpolate in
// Chebyshev's points.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SUPPORT_CURVES_H
#define SPADA_SUPPORT_CURVES_H

#include <cstddef>
#include <cstdint>
#include <utility>

namespace spada {

template <typename Math> class Curves {
public:
  using Real = typename Math::Real;
  using Integer = typename Math::Integer;

  explicit Curves(Math &m) : m(m) {}

  /// 1 / (1 + exp(-x)).
  Real sigmoid(Real x) {
    // exp(-|x|) vanishes beside everything behind the limit.
    Power power = exponential(
        m.subtract(m.real(0), atMost(m.magnitude(x), 104, 746)), nullptr);
    Real value =
        m.multiply(m.fma(power.first, power.rest, power.first), power.second);
    Real one = m.real(1), sum = m.add(one, value);
    return m.divide(m.ifLess(x, m.real(0), value, one), sum);
  }

  /// (exp(2 x) - 1) / (exp(2 x) + 1).
  Real tanh(Real x) {
    Real size = atMost(m.magnitude(x), 10, 20);
    Reduced reduced = reduce(m.add(size, size), nullptr);
    Real scale = powerOfTwo(reduced.exponent);
    Real less =
        m.fma(scale, expMinusOne(reduced.rest), m.subtract(scale, m.real(1)));
    return m.withSign(m.divide(less, m.add(less, m.real(2))), x);
  }

  /// x * Phi(x), Phi the distribution function of normal numbers. With
  /// z = |x|, Phi(-z) = exp(-z * z / 2) * tail(z).
  Real gelu(Real x) {
    Real z = atMost(m.magnitude(x), 14.5, 39);
    Real square = m.multiply(z, z);
    Real lost =
        m.multiply(m.fma(z, z, m.subtract(m.real(0), square)), m.real(-0.5));
    Power power = exponential(m.multiply(square, m.real(-0.5)), &lost);
    Real value = m.fma(power.first, power.rest, power.first);
    value = m.multiply(m.multiply(z, tail(z)), value);
    value = m.multiply(value, power.second);
    return m.subtract(m.ifLess(x, m.real(0), m.real(0), x), value);
  }

private:
  /// x = exponent * log(2) + rest.
  struct Reduced {
    Integer exponent;
    Real rest;
  };
  /// exp(x) = (first + first * rest) * second, powers of two that are normal
  /// numbers even where exp(x) is not.
  struct Power {
    Real first, second, rest;
  };

  Real atMost(Real x, double limit, double wideLimit) {
    Real most = m.real(m.isDouble() ? wideLimit : limit);
    return m.ifLess(most, x, most, x);
  }

  template <size_t n, size_t wide>
  Real polynomial(Real x, const double (&narrow)[n],
                  const double (&precise)[wide]) {
    const double *terms = m.isDouble() ? precise : narrow;
    size_t at = (m.isDouble() ? wide : n) - 1;
    Real sum = m.real(terms[at]);
    while (at-- > 0)
      sum = m.fma(sum, x, m.real(terms[at]));
    return sum;
  }

  /// \p lost  if not null: what is to be added to x.
  Reduced reduce(Real x, const Real *lost) {
    bool isDouble = m.isDouble();
    // Behind the addition the last bits are those of the nearest integer.
    Real shift = m.real(isDouble ? 0x1.8p52 : 0x1.8p23);
    Real shifted = m.fma(
        x, m.real(isDouble ? 0x1.71547652b82fep+0 : 0x1.715476p+0), shift);
    Real whole = m.subtract(shifted, shift);
    Integer exponent = m.subtractInteger(m.bits(shifted), m.bits(shift));
    Real rest =
        m.fma(whole, m.real(isDouble ? -0x1.62e42fefa38p-1 : -0x1.62ep-1), x);
    rest =
        m.fma(whole, m.real(isDouble ? -0x1.ef35793c7673p-45 : -0x1.0bfbe8p-15),
              rest);
    if (lost)
      rest = m.add(rest, *lost);
    return {exponent, rest};
  }

  Real powerOfTwo(Integer exponent) {
    bool isDouble = m.isDouble();
    Integer bias = m.integer(isDouble ? 1023 : 127);
    return m.fromBits(
        m.shiftLeft(m.addInteger(exponent, bias), isDouble ? 52 : 23));
  }

  Power exponential(Real x, const Real *lost) {
    Reduced reduced = reduce(x, lost);
    Integer half = m.shiftRight(reduced.exponent, 1);
    return {powerOfTwo(half),
            powerOfTwo(m.subtractInteger(reduced.exponent, half)),
            expMinusOne(reduced.rest)};
  }

  /// exp(x) - 1 for |x| <= log(2) / 2.
  Real expMinusOne(Real x) {
    static constexpr double narrow[] = {0x1p-1,         0x1.555556p-3,
                                        0x1.5554eap-5,  0x1.1110ep-7,
                                        0x1.6d4324p-10, 0x1.a124f2p-13};
    static constexpr double wide[] = {0x1p-1,
                                      0x1.5555555555555p-3,
                                      0x1.5555555555557p-5,
                                      0x1.1111111111111p-7,
                                      0x1.6c16c16c15a68p-10,
                                      0x1.a01a01a0196acp-13,
                                      0x1.a01a01a9e991bp-16,
                                      0x1.71de3a5aa7bb7p-19,
                                      0x1.27e4d41966f2fp-22,
                                      0x1.ae642c82e33d5p-26,
                                      0x1.1f7f2776cfaf2p-29,
                                      0x1.61bfaa228dde5p-33};
    return m.fma(m.multiply(x, x), polynomial(x, narrow, wide), x);
  }

  /// Phi(-z) * exp(z * z / 2): a polynomial of (z - 4) / (z + 4), over 1 + z.
  Real tail(Real z) {
    static constexpr double narrow[] = {
        0x1.e361eap-2,  -0x1.8c18fp-4,  0x1.cabd6ap-7, 0x1.d49536p-6,
        -0x1.07c388p-5, 0x1.25ebecp-6,  -0x1.47d86p-8, -0x1.3b180cp-12,
        0x1.6a67ccp-11, -0x1.13a72p-14, -0x1.36186p-14};
    static constexpr double wide[] = {
        0x1.e361ea6fba141p-2,   -0x1.8c18f2086e349p-4,  0x1.cabd72a60f8e4p-7,
        0x1.d4969f10dfdbap-6,   -0x1.07c3c2582be60p-5,  0x1.25dd720607130p-6,
        -0x1.47d5fc747c5bep-8,  -0x1.2b7f5e21dc7d5p-12, 0x1.6c538315921d0p-11,
        -0x1.8c11ab7ae4335p-14, -0x1.707bb65ad4fb4p-14, 0x1.648343e709296p-16,
        0x1.c9402f0f1ee28p-17,  -0x1.cc8b3aa38ebcep-19, -0x1.5ec7826162312p-19,
        0x1.aff2e829d1fb2p-22,  0x1.28c14309bea5dp-21,  0x1.5d9b80e796930p-28,
        -0x1.ddd5e9dbd62aap-24, -0x1.96be7ba65fdf6p-26, 0x1.25b676071a9fbp-26,
        0x1.23b492a257e71p-27,  -0x1.c44a8a96afb08p-31, -0x1.79b7299482a66p-30,
        -0x1.27d09cdb8ab3cp-32};
    Real four = m.real(4);
    Real place = m.divide(m.subtract(z, four), m.add(z, four));
    return m.divide(polynomial(place, narrow, wide), m.add(z, m.real(1)));
  }

  Math &m;
};

} // namespace spada

#endif
