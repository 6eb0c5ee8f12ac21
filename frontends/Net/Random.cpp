//===- Random.cpp - the same random numbers on every machine --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Random.h"

#include <cmath>
#include <utility>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF
#endif

using namespace spada::net;

/// SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014.
uint64_t Random::next() {
  uint64_t z = state += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

uint64_t Random::below(uint64_t end) {
  // Numbers past the last whole multiple of `end` would favour small results.
  uint64_t surplus = (UINT64_MAX % end + 1) % end;
  uint64_t value = next();
  while (surplus && value > UINT64_MAX - surplus)
    value = next();
  return value % end;
}

double Random::unit() {
  return double((next() >> 11) + 1) / double(1ull << 53);
}

double Random::normal() {
  int64_t sum = 0;
  for (int i = 0; i < 6; ++i) {
    uint64_t two = next();
    sum += int64_t(two >> 32) + int64_t(two & UINT32_MAX);
  }
  return double(sum - 6 * (int64_t(1) << 32)) / double(int64_t(1) << 32);
}

std::vector<uint32_t> spada::net::shuffled(uint32_t count, Random &random) {
  std::vector<uint32_t> numbers(count);
  for (uint32_t i = 0; i < count; ++i)
    numbers[i] = i;
  for (uint32_t i = count; i > 1; --i)
    std::swap(numbers[i - 1], numbers[random.below(i)]);
  return numbers;
}

double spada::net::expOf(double x) {
  constexpr double ln2 = 0.693147180559945309417;
  int power = int(x / ln2 + (x < 0 ? -0.5 : 0.5));
  double r = x - power * ln2, term = 1, sum = 1;
  for (int i = 1; i < 20; ++i)
    sum += term = term * r / i;
  return std::ldexp(sum, power);
}

double spada::net::logOf(double x) {
  constexpr double ln2 = 0.693147180559945309417;
  int power = 0;
  double m = std::frexp(x, &power); // 0.5 ... 1
  double y = (m - 0.75) / (m + 0.75), square = y * y;
  // log m = log 0.75 + 2 artanh y, |y| <= 1 / 5.
  constexpr double logThreeQuarters = -0.287682072451780927439;
  double sum = 0;
  for (int i = 23; i >= 1; i -= 2)
    sum = sum * square + 1.0 / i;
  return power * ln2 + logThreeQuarters + 2 * y * sum;
}
