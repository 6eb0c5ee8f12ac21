//===- Loops.cpp - the loops of a tile ------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Groups become loops over levels around plane-wise loops, or, where K is the
// innermost axis, statements become loops over the whole tile. The loops over
// points are `affine.parallel`: their points do not depend on each other.
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

AffineExpr TileEmitter::pointDim(unsigned axis) const {
  return getAffineDimExpr(axis, context());
}
AffineExpr TileEmitter::sizeSymbol(unsigned axis) const {
  return getAffineSymbolExpr(axis, context());
}
AffineExpr TileEmitter::beginSymbol(unsigned axis) const {
  return getAffineSymbolExpr(3 + axis, context());
}
AffineExpr TileEmitter::endSymbol(unsigned axis) const {
  return getAffineSymbolExpr(6 + axis, context());
}

SmallVector<Value> TileEmitter::symbolOperands() const {
  SmallVector<Value> operands(arguments.size.begin(), arguments.size.end());
  operands.append(arguments.begin.begin(), arguments.begin.end());
  operands.append(arguments.end.begin(), arguments.end.end());
  return operands;
}

SmallVector<Value> TileEmitter::pointOperands() const {
  SmallVector<Value> operands(point.begin(), point.end());
  operands.append(symbolOperands());
  return operands;
}

AffineExpr TileEmitter::boundExpr(BoundAttr bound, unsigned axis) const {
  AffineExpr offset = getAffineConstantExpr(bound.getOffset(), context());
  return bound.getEdge() == Edge::Start ? offset : sizeSymbol(axis) + offset;
}

void TileEmitter::emit(func::FuncOp tile) {
  function = tile;
  Block *body = tile.addEntryBlock();
  b.setInsertionPointToStart(body);
  for (unsigned axis = 0; axis < 3; ++axis) {
    arguments.size[axis] = body->getArgument(axis);
    arguments.begin[axis] = body->getArgument(3 + axis);
    arguments.end[axis] = body->getArgument(6 + axis);
  }
  Block &program = plan.program.getBody().front();
  for (auto [old, value] :
       llvm::zip(program.getArguments(), body->getArguments().drop_front(9)))
    if (isa<FieldType>(old.getType()))
      memories[old] = value;
    else
      mapping.map(old, value);
  arguments.scratch = body->getArguments().back();
  for (Operation &op : program)
    if (op.hasTrait<OpTrait::ConstantLike>())
      b.clone(op, mapping);
  emitBuffers();
  for (const Group &group : plan.groups)
    emitGroup(group);
  b.create<func::ReturnOp>(plan.program.getLoc());
}

bool TileEmitter::hasOneInterval(const Group &group) const {
  SectionOp first = group.units.front().section;
  return llvm::all_of(group.units, [&](const Unit &unit) {
    SectionOp section = unit.section;
    return section.getStart() == first.getStart() &&
           section.getEnd() == first.getEnd();
  });
}

void TileEmitter::emitGroup(const Group &group) {
  if (inner == 2) {
    for (const Unit &unit : group.units)
      emitUnit(unit, Value());
    return;
  }
  OpBuilder::InsertionGuard guard(b);
  SectionOp first = group.units.front().section;
  Value level = emitLevelLoop(group, first.getLoc());
  if (hasOneInterval(group))
    for (const Unit &unit : group.units)
      emitUnit(unit, level);
  else
    emitGuarded(group, level);
}

/// A loop over the levels of a group, with the builder left inside. Downward
/// loops count levels from the top.
Value TileEmitter::emitLevelLoop(const Group &group, Location loc) {
  SmallVector<AffineExpr> lower = {beginSymbol(2)}, upper = {endSymbol(2)};
  if (hasOneInterval(group)) {
    SectionOp section = group.units.front().section;
    lower.push_back(boundExpr(section.getStart(), 2));
    upper.push_back(boundExpr(section.getEnd(), 2));
  }
  if (group.isBackward()) {
    for (AffineExpr &expr : lower)
      expr = sizeSymbol(2) - expr;
    for (AffineExpr &expr : upper)
      expr = sizeSymbol(2) - expr;
    std::swap(lower, upper);
  }
  SmallVector<Value> symbols = symbolOperands();
  auto loop = b.create<AffineForOp>(
      loc, symbols, AffineMap::get(0, 9, lower, context()), symbols,
      AffineMap::get(0, 9, upper, context()));
  b.setInsertionPointToStart(loop.getBody());
  if (!group.isBackward())
    return loop.getInductionVar();
  SmallVector<Value> operands = {loop.getInductionVar()};
  operands.append(symbols);
  AffineExpr level = sizeSymbol(2) - 1 - getAffineDimExpr(0, context());
  return b.create<affine::AffineApplyOp>(loc, AffineMap::get(1, 9, level),
                                         operands);
}

/// Units with different intervals: each run of equal ones has its condition.
void TileEmitter::emitGuarded(const Group &group, Value level) {
  SectionOp open;
  OpBuilder::InsertPoint outside = b.saveInsertionPoint();
  for (const Unit &unit : group.units) {
    SectionOp section = unit.section;
    if (!open || open.getStart() != section.getStart() ||
        open.getEnd() != section.getEnd()) {
      b.restoreInsertionPoint(outside);
      AffineExpr k = getAffineDimExpr(0, context());
      AffineExpr inside[] = {k - boundExpr(section.getStart(), 2),
                             boundExpr(section.getEnd(), 2) - 1 - k};
      SmallVector<Value> operands = {level};
      operands.append(symbolOperands());
      auto guard = b.create<AffineIfOp>(
          section.getLoc(), IntegerSet::get(1, 9, inside, {false, false}),
          operands, /*withElseRegion=*/false);
      outside = b.saveInsertionPoint();
      b.setInsertionPointToStart(guard.getThenBlock());
      open = section;
    }
    emitUnit(unit, level);
  }
  b.restoreInsertionPoint(outside);
}

void TileEmitter::emitUnit(const Unit &unit, Value level) {
  for (StatementOp statement : unit.statements)
    emitStatement(unit, statement, level);
}

/// True when no domain lets the two rectangles share a point.
static bool areDisjoint(RegionAttr a, RegionAttr b) {
  auto isBefore = [](BoundAttr end, BoundAttr start) {
    return end && start && end.getEdge() == start.getEdge() &&
           end.getOffset() <= start.getOffset();
  };
  return isBefore(a.getIEnd(), b.getIStart()) ||
         isBefore(b.getIEnd(), a.getIStart()) ||
         isBefore(a.getJEnd(), b.getJStart()) ||
         isBefore(b.getJEnd(), a.getJStart());
}

void TileEmitter::emitStatement(const Unit &unit, StatementOp statement,
                                Value level) {
  if (!statement.getRegions()) {
    emitPoints(unit, statement, std::nullopt, level);
    return;
  }
  for (unsigned n = 0; n < statement.getRegionsAttr().size(); ++n)
    emitPoints(unit, statement, n, level);
}

static BoundAttr regionBound(RegionAttr region, unsigned axis, bool isEnd) {
  if (axis == 0)
    return isEnd ? region.getIEnd() : region.getIStart();
  return isEnd ? region.getJEnd() : region.getJStart();
}

void TileEmitter::emitPoints(const Unit &unit, StatementOp statement,
                             std::optional<unsigned> region, Value level) {
  auto getRegion = [&](unsigned n) {
    return cast<RegionAttr>(statement.getRegionsAttr()[n]);
  };
  ExtentAttr extent = *statement.getExtent();
  const int64_t low[] = {extent.getILo(), extent.getJLo()};
  const int64_t high[] = {extent.getIHi(), extent.getJHi()};
  static constexpr unsigned orders[3][3] = {{1, 0, 2}, {0, 1, 2}, {0, 1, 2}};
  unsigned depth = inner == 2 ? 3 : 2;

  SmallVector<AffineMap> lower, upper;
  for (unsigned n = 0; n < depth; ++n) {
    unsigned axis = orders[inner][n];
    SmallVector<AffineExpr> lo = {beginSymbol(axis)}, hi = {endSymbol(axis)};
    if (axis == 2) {
      SectionOp section = unit.section;
      lo.push_back(boundExpr(section.getStart(), 2));
      hi.push_back(boundExpr(section.getEnd(), 2));
    } else {
      lo[0] = lo[0] + low[axis];
      hi[0] = hi[0] + high[axis];
      if (region) {
        if (BoundAttr bound = regionBound(getRegion(*region), axis, false))
          lo.push_back(boundExpr(bound, axis));
        if (BoundAttr bound = regionBound(getRegion(*region), axis, true))
          hi.push_back(boundExpr(bound, axis));
      }
    }
    lower.push_back(AffineMap::get(0, 9, lo, context()));
    upper.push_back(AffineMap::get(0, 9, hi, context()));
  }

  OpBuilder::InsertionGuard guard(b);
  SmallVector<Value> symbols = symbolOperands();
  auto loop = b.create<AffineParallelOp>(
      statement.getLoc(), TypeRange{}, ArrayRef<arith::AtomicRMWKind>{}, lower,
      symbols, upper, symbols, SmallVector<int64_t>(depth, 1));
  b.setInsertionPointToStart(loop.getBody());
  for (unsigned n = 0; n < depth; ++n)
    point[orders[inner][n]] = loop.getIVs()[n];
  if (depth == 2)
    point[2] = level;
  // A point in several regions is run once.
  for (unsigned n = 0; region && n < *region; ++n)
    if (!areDisjoint(getRegion(n), getRegion(*region)))
      emitUnlessInside(getRegion(n), statement.getLoc());
  emitBody(statement);
}

/// Moves the builder to where the point is outside of `region`.
void TileEmitter::emitUnlessInside(RegionAttr region, Location loc) {
  SmallVector<AffineExpr> inside;
  for (unsigned axis = 0; axis < 2; ++axis) {
    if (BoundAttr start = regionBound(region, axis, false))
      inside.push_back(pointDim(axis) - boundExpr(start, axis));
    if (BoundAttr end = regionBound(region, axis, true))
      inside.push_back(boundExpr(end, axis) - 1 - pointDim(axis));
  }
  if (inside.empty())
    inside.push_back(getAffineConstantExpr(0, context()));
  auto guard = b.create<AffineIfOp>(
      loc,
      IntegerSet::get(3, 9, inside, SmallVector<bool>(inside.size(), false)),
      pointOperands(), /*withElseRegion=*/true);
  b.setInsertionPointToStart(guard.getElseBlock());
}
