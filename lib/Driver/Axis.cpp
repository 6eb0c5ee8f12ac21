//===- Axis.cpp - which PEs of a large fabric are worth showing -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Long uniform stretches become gaps; the ends of every box stay. Not to scale
// on purpose: a border one PE wide is what matters on a wafer of 750 x 994.
//
//===----------------------------------------------------------------------===//

#include "Picture.h"

#include <set>

using namespace spada::driver;

/// Adds the coordinates around both ends of a strided span; `detail` 0 keeps
/// the ends alone, 1 their neighbours, 2 also one more stride.
static void addSpan(const std::array<int64_t, 3> &span, int detail,
                    std::set<int64_t> &keep) {
  auto [lo, hi, step] = span;
  if (hi <= lo)
    return;
  int64_t last = lo + (hi - 1 - lo) / step * step;
  keep.insert({lo, last});
  if (detail >= 1)
    keep.insert({lo - 1, lo + 1, last - 1, last + 1});
  if (detail >= 2)
    keep.insert({std::min(lo + step, last), std::max(last - step, lo)});
}

static std::vector<AxisCell> withGaps(int64_t size,
                                      const std::set<int64_t> &keep) {
  std::vector<AxisCell> cells;
  int64_t next = 0;
  auto skipTo = [&](int64_t end) {
    // A gap takes the room of a PE, so one PE is shown instead.
    if (end - next == 1)
      cells.push_back({next, 0});
    else if (end > next)
      cells.push_back({next, end - next});
    next = end;
  };
  for (int64_t coordinate : keep) {
    if (coordinate < 0 || coordinate >= size)
      continue;
    skipTo(coordinate);
    cells.push_back({coordinate, 0});
    next = coordinate + 1;
  }
  skipTo(size);
  return cells;
}

std::vector<AxisCell> spada::driver::chooseAxis(
    int64_t size, const std::vector<std::array<int64_t, 3>> &spans,
    const std::vector<int64_t> &marks, size_t small, size_t most) {
  std::set<int64_t> keep;
  if (size <= static_cast<int64_t>(small)) {
    for (int64_t n = 0; n < size; ++n)
      keep.insert(n);
    return withGaps(size, keep);
  }
  for (int detail = 2; detail >= 0; --detail) {
    keep = {0, size - 1};
    keep.insert(marks.begin(), marks.end());
    for (const auto &span : spans)
      addSpan(span, detail, keep);
    std::vector<AxisCell> cells = withGaps(size, keep);
    if (cells.size() <= most)
      return cells;
  }
  // Too many changes to show all: as many as fit from both ends of the axis.
  std::vector<AxisCell> cells;
  for (size_t side = most / 2; side > 0; --side) {
    std::set<int64_t> ends(keep.begin(), std::next(keep.begin(), side));
    ends.insert(std::prev(keep.end(), side), keep.end());
    cells = withGaps(size, ends);
    if (cells.size() <= most)
      break;
  }
  return cells;
}
