//===- Cells.h - which PEs do what ------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_CELLS_H
#define LIB_CONVERSION_STENCILTOSPADA_CELLS_H

#include "Plan.h"

namespace spada::wafer {

/// PEs of a rectangle that take part in the same actions: from its first one
/// every `stepI` along I and every `stepJ` along J.
struct Cell {
  Rect rect;
  int64_t stepI = 1, stepJ = 1;
};

class Cells {
public:
  Cells(const Plan &plan, const Columns &columns)
      : plan(plan), columns(columns) {}
  /// The whole grid, cut into cells.
  std::vector<Cell> list() const;
  bool sends(const Message &message, const Cell &cell) const;
  /// From the PE that is `distance` steps of the message's line away.
  bool receives(const Message &message, const Cell &cell,
                int64_t distance) const;
  bool runs(const Assign &assign, const Cell &cell) const;
  /// Which of the streams of its line a message comes on, from a PE `distance`
  /// steps away, or leaves on (0).
  unsigned streamOf(const Message &message, const Cell &cell,
                    int64_t distance) const;

private:
  bool takesPart(const Message &message, const Rect &rect) const;
  bool isInGrid(const Line &line, const Rect &rect, int64_t steps) const;

  const Plan &plan;
  const Columns &columns;
};

} // namespace spada::wafer

#endif
