//===- StencilExtents.h - how far a stencil computes and reads --*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Extents of statements and fields, vertical boundaries, access kinds and the
// least number of levels of a program of the stencil dialect. Changes nothing
// and reports nothing. Source of the rules: GTScript language reference,
// sections 6 and 12.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_STENCILEXTENTS_H
#define SPADA_ANALYSIS_STENCILEXTENTS_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "llvm/ADT/DenseMap.h"

#include <optional>

namespace spada::stencil {

/// The points `lo <= x < n + hi` of one axis with `n` points.
struct AxisRange {
  int64_t lo = 0, hi = 0;

  AxisRange hull(AxisRange other) const {
    return {std::min(lo, other.lo), std::max(hi, other.hi)};
  }
  AxisRange shifted(int64_t offset) const { return {lo + offset, hi + offset}; }
  bool contains(AxisRange other) const {
    return lo <= other.lo && hi >= other.hi;
  }
  bool operator==(const AxisRange &other) const = default;
};

/// A range on I and one on J.
struct Extent {
  AxisRange i, j;

  static Extent get(ExtentAttr attr);
  ExtentAttr getAttr(mlir::MLIRContext *context) const;
  Extent hull(const Extent &other) const {
    return {i.hull(other.i), j.hull(other.j)};
  }
  Extent shifted(int64_t di, int64_t dj) const {
    return {i.shifted(di), j.shifted(dj)};
  }
  bool contains(const Extent &other) const {
    return i.contains(other.i) && j.contains(other.j);
  }
  bool operator==(const Extent &other) const = default;
};

/// True when `region` may meet the plane extended by `extent`, as far as that
/// is known without the size of the domain.
bool mayMeet(const Extent &extent, RegionAttr region);

/// What an access by `offset` of the points in both `extent` and `region` (may
/// be null) reaches; nothing when the two cannot meet.
std::optional<Extent> reach(const Extent &extent, RegionAttr region, int64_t di,
                            int64_t dj);

/// Points below and above the domain; unset where no access says anything.
struct VerticalBoundary {
  std::optional<int64_t> lower, upper;
};

/// Domains with `above < n < below` points on `axis` let `read`, in a region at
/// one edge of the domain, pass the halo at the other edge.
struct UnsafeSizes {
  ReadOp read;
  unsigned axis;
  int64_t above, below;
};

/// The findings for one program. Keys are arguments and results of
/// `stencil.temporary` in the program, not variables of a point.
struct StencilExtents {
  llvm::DenseMap<mlir::Value, Extent> fields;
  /// Where statements are computed; `groups` also counts what the statements
  /// joined with them need, which is what the reads of a group ask for.
  llvm::DenseMap<mlir::Operation *, Extent> statements, groups;
  /// Where temporaries are computed.
  llvm::DenseMap<mlir::Value, Extent> computed;
  llvm::DenseMap<mlir::Value, VerticalBoundary> vertical;
  llvm::DenseMap<mlir::Value, Access> accesses;
  int64_t minLevels = 0;
  llvm::SmallVector<UnsafeSizes, 0> unsafeSizes;

  /// The halo of a field argument; zero on axes that it does not have.
  BoundaryAttr getBoundary(mlir::BlockArgument argument) const;
};

/// Time is linear in the number of accesses times regions.
StencilExtents computeExtents(ProgramOp program);

/// Is `field` a variable of the point, declared in a statement?
bool isPointVariable(mlir::Value field);

/// The extent of a statement; zero where the attribute is absent.
Extent getExtent(StatementOp statement);

} // namespace spada::stencil

#endif
