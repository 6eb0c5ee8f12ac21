//===- Random.h - the same random numbers on every machine ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Integers come from a 64-bit counter that is mixed; real numbers from sums,
// products and quotients only, whose rounding IEEE 754 fixes. The functions of
// the C library may differ in the last bit and are not used.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_RANDOM_H
#define SPADA_FRONTENDS_NET_RANDOM_H

#include <cstdint>
#include <vector>

namespace spada::net {

class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next();
  /// 0 ... end - 1; `end` is not 0.
  uint64_t below(uint64_t end);
  /// More than 0, at most 1.
  double unit();
  /// Mean 0, deviation 1: the sum of twelve uniform numbers, less 6.
  double normal();

private:
  uint64_t state;
};

/// The numbers 0 ... count - 1 in random order.
std::vector<uint32_t> shuffled(uint32_t count, Random &random);
/// The exponential of -700 ... 700 and the logarithm of positive numbers.
double expOf(double x);
double logOf(double x);

} // namespace spada::net

#endif
