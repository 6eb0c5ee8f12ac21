//===- Boxes.cpp - sets of PEs as strided rectangles ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Boxes.h"

#include <algorithm>
#include <compare>
#include <map>
#include <tuple>

using namespace spada::csl;

namespace {
/// PEs of one row at equal distances.
struct Run {
  int64_t lo, last, step;
  auto operator<=>(const Run &) const = default;
};
} // namespace

/// End of the arithmetic sequence that starts at `begin`; its distance goes to
/// `step`.
template <typename Get>
static size_t endOfSequence(size_t begin, size_t count, int64_t &step,
                            Get get) {
  size_t end = begin + 1;
  step = end < count ? get(end) - get(begin) : 1;
  while (end < count && get(end) - get(end - 1) == step)
    ++end;
  if (end - begin == 1)
    step = 1;
  return end;
}

std::vector<Box> spada::csl::coverWithBoxes(const std::vector<uint32_t> &pes,
                                            int64_t width) {
  std::map<Run, std::vector<int64_t>> rows;
  for (size_t i = 0; i < pes.size();) {
    int64_t y = pes[i] / width, step = 1;
    size_t rowEnd = i;
    while (rowEnd < pes.size() && pes[rowEnd] / width == y)
      ++rowEnd;
    auto x = [&](size_t at) { return int64_t(pes[at]) % width; };
    size_t end = endOfSequence(i, rowEnd, step, x);
    rows[{x(i), x(end - 1), step}].push_back(y);
    i = end;
  }
  std::vector<Box> boxes;
  for (const auto &[run, ys] : rows)
    for (size_t i = 0; i < ys.size();) {
      int64_t step = 1;
      size_t end =
          endOfSequence(i, ys.size(), step, [&](size_t at) { return ys[at]; });
      boxes.push_back(
          {run.lo, run.last + 1, run.step, ys[i], ys[end - 1] + 1, step});
      i = end;
    }
  std::sort(boxes.begin(), boxes.end(), [](const Box &a, const Box &b) {
    return std::tie(a.yLo, a.xLo) < std::tie(b.yLo, b.xLo);
  });
  return boxes;
}
