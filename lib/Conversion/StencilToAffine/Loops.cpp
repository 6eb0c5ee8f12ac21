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
  emitAllStaging(/*back=*/false);
  bool hasVectors = writtenVectorBytes(plan, version, options);
  if (version == CpuVersion::I || (inner == 2 && hasVectors))
    emitDistances();
  if (hasVectors)
    emitIsLarge();
  if (rowsAhead && rows.nextTileBytes)
    emitNextTile();
  for (auto [group, runs] : llvm::zip(plan.groups, rows.groups)) {
    emitGroup(group, runs);
    ++groupsBefore;
  }
  emitAllStaging(/*back=*/true);
  b.create<func::ReturnOp>(plan.program.getLoc());
}

void TileEmitter::emitGroup(const Group &group, ArrayRef<RowRun> runs) {
  OpBuilder::InsertionGuard guard(b);
  descends = group.isBackward();
  if (inner == 2) {
    for (const RowRun &run : runs)
      emitRun(run, Value());
    return;
  }
  if (runs.front().hasOwnLevels) {
    for (const RowRun &run : runs)
      emitLevels(run);
    return;
  }
  SectionOp first = runs.front().section;
  Value level = emitLevelLoop(first.getLoc(), SectionOp());
  for (const RowRun &run : runs) {
    OpBuilder::InsertionGuard inLoop(b);
    emitGuard(run.section, level);
    emitRun(run, level);
  }
}

/// The levels of the tile, or of `section` in it, as counted in the direction
/// of the group.
TileEmitter::Bounds TileEmitter::levelBounds(SectionOp section) const {
  Bounds bounds{{beginSymbol(2)}, {endSymbol(2)}};
  if (section) {
    bounds.lower.push_back(boundExpr(section.getStart(), 2));
    bounds.upper.push_back(boundExpr(section.getEnd(), 2));
  }
  if (!descends)
    return bounds;
  for (AffineExpr &expr : llvm::concat<AffineExpr>(bounds.lower, bounds.upper))
    expr = sizeSymbol(2) - expr;
  std::swap(bounds.lower, bounds.upper);
  return bounds;
}

/// The level that is counted as `count`.
Value TileEmitter::emitLevel(Location loc, Value count) {
  if (!descends)
    return count;
  SmallVector<Value> operands = {count};
  operands.append(symbolOperands());
  AffineExpr level = sizeSymbol(2) - 1 - getAffineDimExpr(0, context());
  return b.create<affine::AffineApplyOp>(loc, AffineMap::get(1, 9, level),
                                         operands);
}

/// A loop over the levels of `section`, or of all, with the builder left
/// inside.
Value TileEmitter::emitLevelLoop(Location loc, SectionOp section) {
  Bounds bounds = levelBounds(section);
  SmallVector<Value> symbols = symbolOperands();
  auto loop = b.create<AffineForOp>(
      loc, symbols, AffineMap::get(0, 9, bounds.lower, context()), symbols,
      AffineMap::get(0, 9, bounds.upper, context()));
  b.setInsertionPointToStart(loop.getBody());
  return emitLevel(loc, loop.getInductionVar());
}

/// All levels of `run`, one by one or some at once and the rest one by one.
void TileEmitter::emitLevels(const RowRun &run) {
  OpBuilder::InsertionGuard guard(b);
  Location loc = SectionOp(run.section).getLoc();
  int64_t count = run.members.front().levelsAtOnce;
  if (count == 1)
    return emitRun(run, emitLevelLoop(loc, run.section));
  Bounds bounds = levelBounds(run.section);
  SmallVector<Value> symbols = symbolOperands();
  Value first = b.create<affine::AffineMaxOp>(
      loc, AffineMap::get(0, 9, bounds.lower, context()), symbols);
  Value last = b.create<affine::AffineMinOp>(
      loc, AffineMap::get(0, 9, bounds.upper, context()), symbols);
  last = b.create<arith::MaxSIOp>(loc, first, last);
  AffineExpr begin = b.getAffineSymbolExpr(0), end = b.getAffineSymbolExpr(1);
  AffineExpr middle = begin + (end - begin).floorDiv(count) * count;
  auto mapOf = [&](AffineExpr expr) { return AffineMap::get(0, 2, expr); };
  RowRun single = run;
  single.members.front().levelsAtOnce = 1;
  single.members.front().nextRows.clear();
  for (bool isSingle : {false, true}) {
    auto loop = b.create<AffineForOp>(
        loc, ValueRange{first, last}, mapOf(isSingle ? middle : begin),
        ValueRange{first, last}, mapOf(isSingle ? end : middle),
        isSingle ? 1 : count);
    OpBuilder::InsertionGuard inLoop(b);
    b.setInsertionPointToStart(loop.getBody());
    emitRun(isSingle ? single : run, emitLevel(loc, loop.getInductionVar()));
  }
}

/// Moves the builder to where `level` belongs to the interval of `section`.
void TileEmitter::emitGuard(SectionOp section, Value level) {
  AffineExpr k = getAffineDimExpr(0, context());
  AffineExpr inside[] = {k - boundExpr(section.getStart(), 2),
                         boundExpr(section.getEnd(), 2) - 1 - k};
  SmallVector<Value> operands = {level};
  operands.append(symbolOperands());
  auto guard = b.create<AffineIfOp>(
      section.getLoc(), IntegerSet::get(1, 9, inside, {false, false}), operands,
      /*withElseRegion=*/false);
  b.setInsertionPointToStart(guard.getThenBlock());
}

/// One loop over rows for all statements, or one for each.
void TileEmitter::emitRun(const RowRun &run, Value level) {
  if (!run.isShared) {
    for (const RowRun::Member &member : run.members)
      emitStatement(member, level, Value());
    return;
  }
  int64_t low = 0, high = 0;
  for (const RowRun::Member &member : run.members) {
    ExtentAttr extent = *StatementOp(member.statement).getExtent();
    low =
        std::min(low, (outer ? extent.getJLo() : extent.getILo()) + member.lag);
    high = std::max(high,
                    (outer ? extent.getJHi() : extent.getIHi()) + member.lag);
  }
  SectionOp section = run.section;
  Location loc = section.getLoc();
  SmallVector<Value> symbols = symbolOperands();
  OpBuilder::InsertionGuard guard(b);
  auto loop = b.create<AffineForOp>(
      loc, symbols, AffineMap::get(0, 9, beginSymbol(outer) + low), symbols,
      AffineMap::get(0, 9, endSymbol(outer) + high), run.rowsAtOnce);
  b.setInsertionPointToStart(loop.getBody());
  for (const RowRun::Member &member : run.members) {
    Value row = b.create<affine::AffineApplyOp>(
        loc, AffineMap::get(1, 0, b.getAffineDimExpr(0) - member.lag),
        ValueRange{loop.getInductionVar()});
    if (member.rowsAtOnce == run.rowsAtOnce) {
      emitStatement(member, level, row);
      continue;
    }
    OpBuilder::InsertionGuard inLoop(b);
    AffineExpr dim = b.getAffineDimExpr(0);
    auto each =
        b.create<AffineForOp>(loc, row, AffineMap::get(1, 0, dim), row,
                              AffineMap::get(1, 0, dim + run.rowsAtOnce));
    b.setInsertionPointToStart(each.getBody());
    emitStatement(member, level, each.getInductionVar());
  }
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

void TileEmitter::emitStatement(const RowRun::Member &member, Value level,
                                Value row) {
  StatementOp statement = member.statement;
  if (member.lanes) {
    emitVectorRows(member, level, row);
    return;
  }
  if (!statement.getRegions() && rowsAhead && inner != 2) {
    emitRow(member, level, row);
    return;
  }
  if (!statement.getRegions()) {
    emitPoints(member, std::nullopt, level, row);
    return;
  }
  for (unsigned n = 0; n < statement.getRegionsAttr().size(); ++n)
    emitPoints(member, n, level, row);
}

BoundAttr spada::cpu::regionBound(RegionAttr region, unsigned axis,
                                  bool isEnd) {
  if (axis == 0)
    return isEnd ? region.getIEnd() : region.getIStart();
  return isEnd ? region.getJEnd() : region.getJStart();
}

RegionAttr spada::cpu::regionOf(StatementOp statement, unsigned number) {
  return cast<RegionAttr>(statement.getRegionsAttr()[number]);
}

TileEmitter::Bounds TileEmitter::boundsOf(const RowRun::Member &member,
                                          std::optional<unsigned> region,
                                          unsigned axis) const {
  StatementOp statement = member.statement;
  SectionOp section = member.unit->section;
  ExtentAttr extent = *statement.getExtent();
  Bounds bounds{{beginSymbol(axis)}, {endSymbol(axis)}};
  if (axis == 2) {
    bounds.lower.push_back(boundExpr(section.getStart(), 2));
    bounds.upper.push_back(boundExpr(section.getEnd(), 2));
    return bounds;
  }
  bounds.lower[0] =
      bounds.lower[0] + (axis ? extent.getJLo() : extent.getILo());
  bounds.upper[0] =
      bounds.upper[0] + (axis ? extent.getJHi() : extent.getIHi());
  if (!region)
    return bounds;
  RegionAttr rectangle = regionOf(statement, *region);
  if (BoundAttr bound = regionBound(rectangle, axis, false))
    bounds.lower.push_back(boundExpr(bound, axis));
  if (BoundAttr bound = regionBound(rectangle, axis, true))
    bounds.upper.push_back(boundExpr(bound, axis));
  return bounds;
}

/// Moves the builder to where `row` belongs to what a statement computes.
void TileEmitter::emitIfRow(const RowRun::Member &member,
                            std::optional<unsigned> region, Value row) {
  StatementOp statement = member.statement;
  Bounds bounds = boundsOf(member, region, outer);
  AffineExpr dim = b.getAffineDimExpr(0);
  SmallVector<AffineExpr> inside;
  for (AffineExpr lower : bounds.lower)
    inside.push_back(dim - lower);
  for (AffineExpr upper : bounds.upper)
    inside.push_back(upper - 1 - dim);
  SmallVector<Value> operands = {row};
  operands.append(symbolOperands());
  auto guard = b.create<AffineIfOp>(
      statement.getLoc(),
      IntegerSet::get(1, 9, inside, SmallVector<bool>(inside.size(), false)),
      operands, /*withElseRegion=*/false);
  b.setInsertionPointToStart(guard.getThenBlock());
}

/// Loops over the points of a statement, or over those of `row`.
void TileEmitter::emitPoints(const RowRun::Member &member,
                             std::optional<unsigned> region, Value level,
                             Value row) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  SmallVector<unsigned> axes = {outer, 1 - outer};
  if (inner == 2)
    axes.push_back(2);
  SmallVector<Value> symbols = symbolOperands();
  OpBuilder::InsertionGuard guard(b);
  if (row) {
    axes.erase(axes.begin());
    point[outer] = row;
    emitIfRow(member, region, row);
  }
  emitPointLoops(member, region, axes);
  if (inner != 2)
    point[2] = level;
  // A point in several regions is run once.
  for (unsigned n = 0; region && n < *region; ++n)
    if (!areDisjoint(regionOf(statement, n), regionOf(statement, *region)))
      emitUnlessInside(regionOf(statement, n), loc);
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
