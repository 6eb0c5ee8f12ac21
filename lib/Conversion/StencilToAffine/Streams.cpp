//===- Streams.cpp - rows of unit stride ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A row is run in pieces. Before each piece, the same piece of a row to come is
// asked for: processors foresee memory within a row, not the next one.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Tile.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;
using affine::AffineForOp;
using affine::AffineParallelOp;

/// Cache lines of a piece.
static constexpr int64_t pieceLines = 8;
/// The hint for the second-level cache.
static constexpr unsigned secondLevel = 2;

static int64_t widestBytes(const Plan &plan) {
  unsigned bytes = 1;
  for (const auto &[field, facts] : plan.fields)
    bytes = std::max(bytes, bytesOf(facts.type.getElementType()));
  return bytes;
}

/// Rows ahead where the tile has many of them or rows hold all levels, else
/// levels.
void TileEmitter::emitDistances() {
  Location loc = plan.program.getLoc();
  auto constant = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, value);
  };
  auto width = [&](unsigned axis) -> Value {
    Value size = b.create<arith::SubIOp>(loc, arguments.end[axis],
                                         arguments.begin[axis]);
    return b.create<arith::MaxSIOp>(loc, size, constant(1));
  };
  Value rowBytes =
      b.create<arith::MulIOp>(loc, width(inner), constant(widestBytes(plan)));
  if (inner == 2)
    rowBytes = b.create<arith::MulIOp>(loc, rowBytes, width(third));
  unsigned rowsAtOnce = 1;
  for (const std::vector<RowRun> &runs : rows.groups)
    for (const RowRun &run : runs)
      rowsAtOnce = std::max(rowsAtOnce, run.rowsAtOnce);
  Value wanted =
      b.create<arith::CeilDivSIOp>(loc, constant(options.aheadBytes), rowBytes);
  wanted = b.create<arith::MaxSIOp>(loc, wanted, constant(rowsAtOnce));
  if (inner == 2) {
    rowsAhead = wanted;
    levelsAhead = constant(0);
    return;
  }
  Value height = width(outer);
  Value isTall = b.create<arith::CmpIOp>(
      loc, arith::CmpIPredicate::sge, height,
      b.create<arith::MulIOp>(loc, wanted, constant(4)));
  Value levels = b.create<arith::CeilDivSIOp>(loc, wanted, height);
  rowsAhead = b.create<arith::SelectOp>(loc, isTall, wanted, constant(0));
  levelsAhead = b.create<arith::SelectOp>(loc, isTall, constant(0), levels);
}

/// Compares what the fields of a call take with the last cache. As strides
/// tell: copies of a tile are small.
void TileEmitter::emitIsLarge() {
  Location loc = plan.program.getLoc();
  auto constant = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, value);
  };
  Value total = constant(0);
  for (const auto &[field, facts] : plan.fields) {
    if (facts.temporary || facts.type.getAxes() != Axes::IJK)
      continue;
    auto parts =
        b.create<memref::ExtractStridedMetadataOp>(loc, memories.lookup(field));
    Value elements = constant(0);
    for (unsigned axis = 0; axis < 3; ++axis)
      elements = b.create<arith::MaxSIOp>(
          loc, elements,
          b.create<arith::MulIOp>(loc, parts.getStrides()[axis],
                                  arguments.size[axis]));
    Value bytes = b.create<arith::MulIOp>(
        loc, elements, constant(bytesOf(facts.type.getElementType())));
    total = b.create<arith::AddIOp>(loc, total, bytes);
  }
  isLarge = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, total,
                                    constant(options.lastLevelBytes));
}

/// Finds where the tile begins that is run after this one: tiles of a row
/// follow each other, then those of the next rows (EntryEmitter::emitCalls).
void TileEmitter::emitNextTile() {
  Location loc = plan.program.getLoc();
  auto choose = [&](Value condition, Value yes, Value no) -> Value {
    return b.create<arith::SelectOp>(loc, condition, yes, no);
  };
  auto isWithin = [&](unsigned axis) -> Value {
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                                   arguments.end[axis], arguments.size[axis]);
  };
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  Value hasMore = isWithin(inner), hasRows = isWithin(outer);
  Value row = choose(hasRows, arguments.end[outer], arguments.begin[outer]);
  next[inner] = choose(hasMore, arguments.end[inner], zero);
  next[outer] = choose(hasMore, arguments.begin[outer], row);
}

/// The row of the next tile to ask for at `row` of `plane`, or `behind` it.
TileEmitter::RowAhead
TileEmitter::emitNextRow(Location loc, const RowRun::Member &member,
                         const RowRun::NextRows &alternatives, Value row,
                         int64_t behind, Value plane) {
  auto emit = [&](AffineExpr expr, Value dim) {
    return affine::expandAffineExpr(b, loc, expr, dim, symbolOperands());
  };
  AffineExpr d = b.getAffineDimExpr(0), levels = sizeSymbol(2);
  int64_t steps = alternatives.size();
  AffineExpr step =
      (descends ? levels - 1 - d : d).floorDiv(member.levelsAtOnce);
  AffineExpr first = (levels * groupsBefore).floorDiv(plan.groups.size()) +
                     step.floorDiv(steps) * member.nextLevels;
  Value turn = emit(step % steps, plane);
  Value place = b.create<arith::AddIOp>(
      loc, next[outer], emit(d - beginSymbol(outer) + behind, row));
  RowAhead chosen;
  for (auto [n, alternative] : llvm::enumerate(alternatives)) {
    auto [field, offset] = alternative;
    Value level = b.create<arith::MinSIOp>(loc, emit(first + offset, plane),
                                           emit(levels - 1, plane));
    Value memory = emitRowView(loc, field, next[inner], place, level, 0).memory;
    if (n > 0) {
      Value number = b.create<arith::ConstantIndexOp>(loc, n);
      Value isNow =
          b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, turn, number);
      memory = b.create<arith::SelectOp>(loc, isNow, memory, chosen.second);
    }
    chosen = {field, memory};
  }
  return chosen;
}

/// Rows of memory to ask for while `member` runs.
SmallVector<TileEmitter::RowAhead>
TileEmitter::emitRowsAhead(const RowRun::Member &member, Value first, Value row,
                           Value plane) {
  Location loc = StatementOp(member.statement).getLoc();
  SmallVector<RowAhead> ahead;
  if (!rowsAhead)
    return ahead;
  for (const RowRun::NextRows &alternatives : member.nextRows)
    for (int64_t n = 0; n < member.rowsAtOnce; ++n)
      ahead.push_back(emitNextRow(loc, member, alternatives, row, n, plane));
  for (const RowRun::Stream &stream : member.streams) {
    FieldType type = cast<FieldType>(stream.field.getType());
    if (!type.hasAxis(inner))
      continue;
    Value later =
        descends ? b.create<arith::SubIOp>(loc, plane, levelsAhead).getResult()
                 : b.create<arith::AddIOp>(loc, plane, levelsAhead).getResult();
    for (RowStep step : rowSteps(member)) {
      if (step.rows && !type.hasAxis(outer))
        continue;
      Value offset = b.create<arith::ConstantIndexOp>(
          loc, stream.offset[outer] + step.rows);
      Value place = b.create<arith::AddIOp>(
          loc, b.create<arith::AddIOp>(loc, row, rowsAhead), offset);
      RowView view = emitRowView(loc, stream.field, first, place, later,
                                 stream.offset[third] + step.planes);
      ahead.push_back({stream.field, view.memory});
    }
  }
  return ahead;
}

/// The points of `row`, or of all rows, of a statement without regions.
void TileEmitter::emitRow(const RowRun::Member &member, Value level,
                          Value row) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  SmallVector<Value> symbols = symbolOperands();
  auto mapOf = [&](ArrayRef<AffineExpr> exprs, unsigned dims = 0) {
    return AffineMap::get(dims, 9, exprs, context());
  };
  OpBuilder::InsertionGuard guard(b);
  if (row) {
    emitIfRow(member, std::nullopt, row);
  } else {
    Bounds rows = boundsOf(member, std::nullopt, outer);
    auto loop = b.create<AffineForOp>(loc, symbols, mapOf(rows.lower), symbols,
                                      mapOf(rows.upper));
    b.setInsertionPointToStart(loop.getBody());
    row = loop.getInductionVar();
  }
  Bounds bounds = boundsOf(member, std::nullopt, inner);
  AffineMap lower = mapOf(bounds.lower), upper = mapOf(bounds.upper);
  SmallVector<Value> lowerOperands = symbols, upperOperands = symbols;
  point = {Value(), row, level};
  if (!member.streams.empty()) {
    int64_t step = pieceLines * options.lineBytes / widestBytes(plan);
    auto pieces =
        b.create<AffineForOp>(loc, symbols, lower, symbols, upper, step);
    b.setInsertionPointToStart(pieces.getBody());
    AffineExpr first = b.getAffineDimExpr(0);
    SmallVector<AffineExpr> ends(bounds.upper);
    ends.push_back(first + step);
    lower = mapOf(first, 1);
    upper = mapOf(ends, 1);
    lowerOperands.insert(lowerOperands.begin(), pieces.getInductionVar());
    upperOperands = lowerOperands;
    emitPrefetch(member, pieces.getInductionVar(), ends);
  }
  auto loop = b.create<AffineParallelOp>(
      loc, TypeRange{}, ArrayRef<arith::AtomicRMWKind>{},
      ArrayRef<AffineMap>{lower}, lowerOperands, ArrayRef<AffineMap>{upper},
      upperOperands, ArrayRef<int64_t>{1});
  b.setInsertionPointToStart(loop.getBody());
  point = {loop.getIVs()[0], row, level};
  emitBody(statement);
}

/// Asks for what the piece at `first` touches in a row to come.
void TileEmitter::emitPrefetch(const RowRun::Member &member, Value first,
                               ArrayRef<AffineExpr> upper) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  SmallVector<Value> operands = {first};
  operands.append(symbolOperands());
  OpBuilder::InsertionGuard guard(b);
  std::array<Value, 3> here = point;
  AffineExpr dim = b.getAffineDimExpr(0), ahead = b.getAffineSymbolExpr(0);
  auto shift = [&](Value base, Value by, bool down) -> Value {
    return b.create<affine::AffineApplyOp>(
        loc, AffineMap::get(1, 1, down ? dim - ahead : dim + ahead),
        ValueRange{base, by});
  };
  point[outer] = shift(here[outer], rowsAhead, false);
  point[2] = shift(here[2], levelsAhead, descends);
  auto lines =
      b.create<AffineForOp>(loc, ValueRange{first}, AffineMap::get(1, 0, dim),
                            operands, AffineMap::get(1, 9, upper, context()),
                            options.lineBytes / widestBytes(plan));
  b.setInsertionPointToStart(lines.getBody());
  point[inner] = lines.getInductionVar();
  for (const RowRun::Stream &stream : member.streams) {
    if (!cast<FieldType>(stream.field.getType()).hasAxis(inner))
      continue;
    Address address = resolve(loc, stream.field, stream.offset, Value(), {});
    b.create<affine::AffinePrefetchOp>(loc, address.memory, address.map,
                                       address.operands, /*isWrite=*/false,
                                       secondLevel, /*isDataCache=*/true);
  }
  point = here;
}
