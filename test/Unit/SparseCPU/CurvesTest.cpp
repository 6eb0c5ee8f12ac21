//===- CurvesTest.cpp - accuracy of curved activations --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Against the C library with 64 bits of precision.
//
//===----------------------------------------------------------------------===//

#include "spada/Interp/SparseInterp.h"

#include "gtest/gtest.h"

#include <cmath>
#include <limits>
#include <random>

using namespace spada::sparse;
using Exact = long double;

namespace {

/// The distribution function of normal numbers at -z, for z >= 0.
Exact normalTail(Exact z) {
  // What the rounded root and product lack is corrected in first order.
  const Exact root = std::sqrt(0.5L), product = z * root;
  Exact square = root * root, lost = std::fma(root, root, -square);
  Exact rest = (0.5L - square - lost) / (2 * root);
  rest = std::fma(z, root, -product) + z * rest;
  const Exact slope = 2 / std::sqrt(std::acos(-1.0L));
  return (std::erfc(product) - rest * slope * std::exp(-product * product)) / 2;
}

Exact exactValue(Activation activation, Exact x) {
  switch (activation) {
  case Activation::Sigmoid:
    return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x));
  case Activation::Tanh:
    return std::tanh(x);
  default:
    return x < 0 ? x * normalTail(-x) : x * (1 - normalTail(x));
  }
}

/// The largest difference, in units of the last digit.
template <typename T> Exact worst(Activation activation) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> number(-1, 1);
  Exact result = 0;
  const double ranges[] = {sizeof(T) == 4 ? 110. : 800., 10, 1.5, 0};
  for (int n = 0; n < 200000; ++n) {
    double scale = ranges[n % 4];
    if (scale == 0)
      scale = std::ldexp(1, -int(random() % (sizeof(T) == 4 ? 150 : 1070)));
    T x = number(random) * scale;
    Exact exact = exactValue(activation, x);
    T near = T(std::fabs(exact));
    Exact unit = std::nextafter(near, std::numeric_limits<T>::infinity());
    unit -= near;
    T value = activate<T>(activation, {}, x);
    result = std::max(result, std::fabs(value - exact) / unit);
  }
  return result;
}

template <typename T> void expectAccuracy() {
  EXPECT_LT(worst<T>(Activation::Sigmoid), 3);
  EXPECT_LT(worst<T>(Activation::Tanh), 3);
  EXPECT_LT(worst<T>(Activation::Gelu), 5);
  const T inf = std::numeric_limits<T>::infinity();
  EXPECT_EQ(activate<T>(Activation::Sigmoid, {}, inf), 1);
  EXPECT_EQ(activate<T>(Activation::Sigmoid, {}, -inf), 0);
  EXPECT_EQ(activate<T>(Activation::Tanh, {}, inf), 1);
  EXPECT_EQ(activate<T>(Activation::Tanh, {}, -inf), -1);
  EXPECT_EQ(activate<T>(Activation::Gelu, {}, inf), inf);
  EXPECT_EQ(activate<T>(Activation::Gelu, {}, -inf), 0);
  for (Activation activation :
       {Activation::Sigmoid, Activation::Tanh, Activation::Gelu})
    EXPECT_TRUE(std::isnan(activate<T>(activation, {}, T(NAN))));
  EXPECT_TRUE(std::signbit(activate<T>(Activation::Tanh, {}, T(-0.0))));
  EXPECT_TRUE(std::signbit(activate<T>(Activation::Gelu, {}, T(-0.0))));
}

TEST(CurvesTest, SinglePrecision) { expectAccuracy<float>(); }
TEST(CurvesTest, DoublePrecision) { expectAccuracy<double>(); }

} // namespace
