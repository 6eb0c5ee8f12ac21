//===- StepSet.h - sets of small numbers with their largest -----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_SPARSE_STEPSET_H
#define LIB_ANALYSIS_SPARSE_STEPSET_H

#include <cstdint>
#include <vector>

namespace spada::sparse {

/// A set of numbers below a limit as a tree of bits, 64 to a word: each
/// operation touches one word of a level, and there are log64 of them.
class StepSet {
public:
  explicit StepSet(uint64_t limit) {
    do {
      limit = (limit + 63) / 64;
      levels.emplace_back(limit, 0);
    } while (limit > 1);
  }

  bool empty() const { return levels.back()[0] == 0; }

  void insert(uint64_t number) {
    for (std::vector<uint64_t> &level : levels) {
      uint64_t &word = level[number / 64];
      bool wasEmpty = word == 0;
      word |= uint64_t(1) << number % 64;
      if (!wasEmpty)
        return;
      number /= 64;
    }
  }

  void erase(uint64_t number) {
    for (std::vector<uint64_t> &level : levels) {
      uint64_t &word = level[number / 64];
      word &= ~(uint64_t(1) << number % 64);
      if (word != 0)
        return;
      number /= 64;
    }
  }

  /// The largest number; the set must not be empty.
  uint64_t last() const {
    uint64_t number = 0;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level)
      number = number * 64 + (63 - __builtin_clzll((*level)[number]));
    return number;
  }

  /// The smallest number; the set must not be empty.
  uint64_t first() const {
    uint64_t number = 0;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level)
      number = number * 64 + __builtin_ctzll((*level)[number]);
    return number;
  }

private:
  std::vector<std::vector<uint64_t>> levels;
};

} // namespace spada::sparse

#endif
