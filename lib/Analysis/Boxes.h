//===- Boxes.h - strided boxes and their ISL sets ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Arithmetic of strided boxes and the decomposition of ISL sets into them.
// Private to the library; Region is the public type.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_BOXES_H
#define LIB_ANALYSIS_BOXES_H

#include "spada/Analysis/Region.h"

#include <isl/set.h>

namespace spada::detail {

/// One axis of a tight box: `lo, lo + step, ..., last`; step 1 when `lo ==
/// last`.
struct Progression {
  int64_t lo = 0, last = 0, step = 1;
  bool operator==(const Progression &) const = default;
};

Progression xOf(const StridedBox &box);
Progression yOf(const StridedBox &box);
StridedBox makeBox(const Progression &x, const Progression &y);

/// `box` in tight form; none when it is empty.
std::optional<StridedBox> tighten(const StridedBox &box);

/// `value` modulo `modulus`, in `[0, modulus)`.
int64_t positiveModulo(int64_t value, int64_t modulus);

/// The common members of two progressions, which are again one.
std::optional<Progression> intersect(const Progression &a,
                                     const Progression &b);
std::optional<StridedBox> intersect(const StridedBox &a, const StridedBox &b);

/// The one progression that is the union, when there is one.
std::optional<Progression> unite(const Progression &a, const Progression &b);
std::optional<StridedBox> unite(const StridedBox &a, const StridedBox &b);

/// Appends disjoint boxes that are `a` without `b`. False, and nothing
/// appended, when they would be many.
bool subtract(const StridedBox &a, const StridedBox &b,
              std::vector<StridedBox> &result);

/// ISL set of a box, in the unnamed space `{ [x, y] }`.
isl_set *setOfBox(isl_ctx *ctx, const StridedBox &box);

/// Smallest unstrided box around a set that is not empty.
StridedBox boundsOf(isl_set *set);

/// The box that is exactly the set, when ISL can see that there is one.
std::optional<StridedBox> boxOfSet(isl_set *set);

/// The order of lists of boxes: (yLo, xLo, yHi, xHi), then steps.
bool before(const StridedBox &a, const StridedBox &b);

/// Joins pairs of disjoint boxes that make one box, until there are none; then
/// sorts.
void mergeBoxes(std::vector<StridedBox> &boxes);

/// Disjoint tight boxes that together are exactly the set, merged and sorted.
/// Takes the set.
std::vector<StridedBox> decompose(isl_set *set);

} // namespace spada::detail

#endif
