//===- Region.h - sets of PEs -----------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A value type for sets of PEs, kept as one strided rectangle while it is one
// and as an ISL set otherwise. Nothing here enumerates PEs: the cost of an
// operation depends on how a set is written, not on how many PEs it holds.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_REGION_H
#define SPADA_ANALYSIS_REGION_H

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

struct isl_ctx;
struct isl_set;

namespace spada {

/// `x` in `xLo, xLo + xStep, ...` below `xHi`, and `y` likewise. In *tight*
/// form (all boxes that a Region hands out) it is not empty, `xHi` is the last
/// `x` plus 1 and `xStep` is 1 when there is only one `x`; `y` likewise.
struct StridedBox {
  int64_t xLo = 0, xHi = 0, xStep = 1, yLo = 0, yHi = 0, yStep = 1;

  bool operator==(const StridedBox &) const = default;
  /// Number of different `x`, `y`; 0 for an empty range.
  int64_t countX() const {
    return xHi <= xLo ? 0 : (xHi - xLo - 1) / xStep + 1;
  }
  int64_t countY() const {
    return yHi <= yLo ? 0 : (yHi - yLo - 1) / yStep + 1;
  }
  bool contains(int64_t x, int64_t y) const {
    return x >= xLo && x < xHi && (x - xLo) % xStep == 0 && y >= yLo &&
           y < yHi && (y - yLo) % yStep == 0;
  }
};

/// A PE's coordinates.
struct PE {
  int64_t x = 0, y = 0;
  bool operator==(const PE &) const = default;
};

/// Owner of the ISL context that the regions of one analysis share. Cheap to
/// copy; regions keep it alive. Not for use from several threads at once.
class RegionContext {
public:
  RegionContext();

private:
  friend class Region;
  std::shared_ptr<isl_ctx> ctx;
};

/// A set of PEs with value semantics. All regions of one expression come from
/// one RegionContext. A default-constructed region is empty and fits every
/// context.
class Region {
public:
  Region() = default;
  /// The PEs of `box` (steps at least 1; an empty range gives the empty
  /// region).
  Region(const RegionContext &context, const StridedBox &box);
  Region(const Region &other);
  Region(Region &&other) noexcept;
  Region &operator=(Region other) noexcept;
  ~Region();

  bool empty() const { return !rectangle && !set && !decomposition; }
  Region unite(const Region &other) const;
  Region intersect(const Region &other) const;
  Region subtract(const Region &other) const;
  Region translate(int64_t dx, int64_t dy) const;
  /// Union of `translate(t * dx, t * dy)` for `t` in `from .. to` (inclusive;
  /// empty when `from > to`). One of `dx`, `dy` is 1 or -1, the other 0.
  Region sweep(int64_t dx, int64_t dy, int64_t from, int64_t to) const;
  /// The PEs whose coordinates leave the rests `rx` and `ry` when divided by
  /// `mx` and `my`.
  Region residue(int64_t mx, int64_t rx, int64_t my, int64_t ry) const;

  bool operator==(const Region &other) const;
  bool intersects(const Region &other) const;
  bool contains(int64_t x, int64_t y) const;
  bool containsAll(const Region &other) const {
    return other.subtract(*this).empty();
  }

  /// The first PE: least `y`, then least `x`. The region must not be empty.
  PE first() const;
  /// Smallest unstrided box around the region; an empty box when the region is
  /// empty.
  StridedBox boundingBox() const;
  /// Smallest tight box around the region (a strided lattice box); the region
  /// must not be empty.
  StridedBox hull() const;
  /// The one box that is exactly this region, if there is one.
  std::optional<StridedBox> asBox() const;
  /// A deterministic list of disjoint tight boxes that together are exactly
  /// this region, sorted by (yLo, xLo, yHi, xHi). Small, not always smallest.
  std::vector<StridedBox> boxes() const;
  /// For messages: `PE [3, 0]`, `PEs [0:8:2, 3]`, `PEs [0:4, 0], [9, 1] and 2
  /// more`: at most four boxes; ranges in the notation of SpaDA subgrids. `no
  /// PE` when empty.
  std::string describe() const;

private:
  Region(std::shared_ptr<isl_ctx> ctx, isl_set *set);
  static Region ofBox(std::shared_ptr<isl_ctx> ctx, StridedBox box);
  static Region ofBoxes(std::shared_ptr<isl_ctx> ctx,
                        std::vector<StridedBox> disjoint);
  isl_set *toSet() const;
  /// First of the boxes, and how many; valid while the region is.
  std::pair<const StridedBox *, size_t> boxList() const;

  std::shared_ptr<isl_ctx> ctx;
  // A box has only `rectangle`. Any other region that is not empty has its
  // boxes, its set, or both; each is made from the other when it is needed.
  std::optional<StridedBox> rectangle; ///< tight
  mutable isl_set *set = nullptr;      ///< owned; never empty
  mutable std::shared_ptr<const std::vector<StridedBox>> decomposition;
};

} // namespace spada

#endif
