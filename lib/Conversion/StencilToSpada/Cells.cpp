//===- Cells.cpp - which PEs do what --------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Cells.h"

#include <numeric>
#include <set>

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

/// Rows (columns) of PEs that no value is needed in leave the message out, at
/// both ends alike.
bool Cells::takesPart(const Message &message, const Rect &rect) const {
  const Line &line = plan.lines[message.line];
  auto misses = [](Span a, Span b) {
    return std::max(a.lo, b.lo) >= std::min(a.hi, b.hi);
  };
  return !(line.dy == 0 && misses(rect.j, message.needed.j)) &&
         !(line.dx == 0 && misses(rect.i, message.needed.i));
}

bool Cells::isInGrid(const Line &line, const Rect &rect, int64_t steps) const {
  return columns.grid.contains(
      {rect.i.shifted(steps * line.dx), rect.j.shifted(steps * line.dy)});
}

bool Cells::sends(const Message &message, const Cell &cell) const {
  const Line &line = plan.lines[message.line];
  return takesPart(message, cell.rect) && isInGrid(line, cell.rect, line.reach);
}

bool Cells::receives(const Message &message, const Cell &cell,
                     int64_t distance) const {
  const Line &line = plan.lines[message.line];
  return takesPart(message, cell.rect) &&
         isInGrid(line, cell.rect, -distance) &&
         isInGrid(line, cell.rect, line.reach - distance);
}

/// No PE gets a program of its own for what it need not compute; PEs that have
/// one anyway leave it out, and their messages leave sooner.
bool Cells::runs(const Assign &assign, const Cell &cell) const {
  if (assign.needed.meet(cell.rect).empty())
    return false;
  return assign.where.empty() || llvm::any_of(assign.where, [&](const Rect &r) {
           return r.contains(cell.rect);
         });
}

unsigned Cells::streamOf(const Message &message, const Cell &cell,
                         int64_t distance) const {
  const Line &line = plan.lines[message.line];
  if (line.reach == 1)
    return 0;
  int64_t at = line.dx ? cell.rect.i.lo - columns.grid.i.lo
                       : cell.rect.j.lo - columns.grid.j.lo;
  int64_t streams = line.reach + 1;
  int64_t sender = at - distance * (line.dx + line.dy);
  return ((sender % streams) + streams) % streams;
}

/// The parts of `span` whose first PEs are the `step` ones behind each other.
static std::vector<Span> everyOther(Span span, int64_t step) {
  std::vector<Span> parts;
  for (int64_t first = span.lo; first < std::min(span.hi, span.lo + step);
       ++first)
    parts.push_back({first, span.hi});
  return parts;
}

std::vector<Cell> Cells::list() const {
  const Rect &grid = columns.grid;
  std::set<int64_t> xs, ys;
  auto cut = [&](const Rect &rect) {
    xs.insert({rect.i.lo, rect.i.hi});
    ys.insert({rect.j.lo, rect.j.hi});
  };
  cut(grid);
  for (const auto &column : columns.columns)
    if (column->argument >= 0)
      cut(column->box);
  int64_t stepI = 1, stepJ = 1;
  for (const Line &line : plan.lines) {
    for (int64_t distance = 1; distance <= line.reach; ++distance) {
      int64_t dx = distance * std::abs(line.dx);
      int64_t dy = distance * std::abs(line.dy);
      xs.insert({grid.i.lo + dx, grid.i.hi - dx});
      ys.insert({grid.j.lo + dy, grid.j.hi - dy});
    }
    if (line.reach > 1) {
      int64_t &step = line.dx ? stepI : stepJ;
      step = std::lcm(step, line.reach + 1);
    }
  }
  for (const Action &action : plan.actions)
    for (const Assign &assign : action.assigns)
      for (const Rect &rect : assign.where)
        cut(rect);
  std::vector<Cell> result;
  auto inside = [](int64_t lo, int64_t hi, Span range) {
    return range.lo <= lo && hi <= range.hi;
  };
  for (auto y = ys.begin(); std::next(y) != ys.end(); ++y)
    for (auto x = xs.begin(); std::next(x) != xs.end(); ++x)
      if (inside(*x, *std::next(x), grid.i) &&
          inside(*y, *std::next(y), grid.j))
        for (Span j : everyOther({*y, *std::next(y)}, stepJ))
          for (Span i : everyOther({*x, *std::next(x)}, stepI))
            result.push_back({{i, j}, stepI, stepJ});
  return result;
}
