//===- PointLoops.cpp - loops over points, wide and narrow ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Regions at the edges of the domain are often one point wide, or two or three:
// code for vectors would be long and never run.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Tile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IntegerSet.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;
using affine::AffineForOp;
using affine::AffineIfOp;
using affine::AffineParallelOp;

/// Rows of fewer points are not worth code for vectors.
static constexpr int64_t leastVector = 4;

/// Points of the region on `axis`, if they do not depend on the domain.
static std::optional<int64_t> widthOf(RegionAttr region, unsigned axis) {
  if (axis == 2)
    return std::nullopt;
  BoundAttr start = regionBound(region, axis, false);
  BoundAttr end = regionBound(region, axis, true);
  if (!start || !end || start.getEdge() != end.getEdge())
    return std::nullopt;
  return end.getOffset() - start.getOffset();
}

/// Loops that get vectors, over points that are independent of each other.
void TileEmitter::emitWideLoops(const RowRun::Member &member,
                                std::optional<unsigned> region,
                                ArrayRef<unsigned> axes) {
  StatementOp statement = member.statement;
  SmallVector<Value> symbols = symbolOperands();
  SmallVector<AffineMap> lower, upper;
  for (unsigned axis : axes) {
    Bounds bounds = boundsOf(member, region, axis);
    lower.push_back(AffineMap::get(0, 9, bounds.lower, context()));
    upper.push_back(AffineMap::get(0, 9, bounds.upper, context()));
  }
  auto loop = b.create<AffineParallelOp>(
      statement.getLoc(), TypeRange{}, ArrayRef<arith::AtomicRMWKind>{}, lower,
      symbols, upper, symbols, SmallVector<int64_t>(axes.size(), 1));
  b.setInsertionPointToStart(loop.getBody());
  for (auto [axis, variable] : llvm::zip(axes, loop.getIVs()))
    point[axis] = variable;
}

void TileEmitter::emitNarrowLoop(const Bounds &bounds, unsigned axis,
                                 Location loc) {
  SmallVector<Value> symbols = symbolOperands();
  auto loop = b.create<AffineForOp>(
      loc, symbols, AffineMap::get(0, 9, bounds.lower, context()), symbols,
      AffineMap::get(0, 9, bounds.upper, context()));
  b.setInsertionPointToStart(loop.getBody());
  point[axis] = loop.getInductionVar();
}

/// The one index that a region has on `axis`: the last of its lower bounds.
void TileEmitter::emitSingleIndex(const Bounds &bounds, unsigned axis,
                                  Location loc) {
  SmallVector<Value> symbols = symbolOperands();
  AffineExpr index = bounds.lower.back();
  SmallVector<AffineExpr> inside;
  for (AffineExpr lower : ArrayRef(bounds.lower).drop_back())
    inside.push_back(index - lower);
  for (AffineExpr upper : ArrayRef(bounds.upper).drop_back())
    inside.push_back(upper - 1 - index);
  auto guard = b.create<AffineIfOp>(
      loc,
      IntegerSet::get(0, 9, inside, SmallVector<bool>(inside.size(), false)),
      symbols, /*withElseRegion=*/false);
  b.setInsertionPointToStart(guard.getThenBlock());
  point[axis] = b.create<affine::AffineApplyOp>(
      loc, AffineMap::get(0, 9, index), symbols);
}

void TileEmitter::emitPointLoops(const RowRun::Member &member,
                                 std::optional<unsigned> region,
                                 ArrayRef<unsigned> axes) {
  if (!region)
    return emitWideLoops(member, region, axes);
  StatementOp statement = member.statement;
  RegionAttr rectangle = regionOf(statement, *region);
  SmallVector<unsigned> loops;
  for (unsigned axis : axes) {
    if (widthOf(rectangle, axis) == 1)
      emitSingleIndex(boundsOf(member, region, axis), axis, statement.getLoc());
    else
      loops.push_back(axis);
  }
  if (loops.empty())
    return;
  int64_t width = widthOf(rectangle, axes.back()).value_or(leastVector);
  if (width >= leastVector)
    return emitWideLoops(member, region, loops);
  for (unsigned axis : loops)
    emitNarrowLoop(boundsOf(member, region, axis), axis, statement.getLoc());
}
