//===- Boxes.h - sets of PEs as strided rectangles --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The one way in which a set of PEs becomes boxes: equal sets give equal boxes.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_IR_BOXES_H
#define DIALECTS_CSL_IR_BOXES_H

#include <cstdint>
#include <vector>

namespace spada::csl {

struct Box {
  int64_t xLo, xHi, xStep, yLo, yHi, yStep;
};

/// Disjoint boxes that cover exactly the PEs, numbered `y * width + x` and
/// sorted. Linear in the number of PEs.
std::vector<Box> coverWithBoxes(const std::vector<uint32_t> &pes,
                                int64_t width);

} // namespace spada::csl

#endif
