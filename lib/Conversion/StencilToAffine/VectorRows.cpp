//===- VectorRows.cpp - rows as vectors, a few rows at a time -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A statement without control flow is run for vectors of points of some rows
// that follow each other, or of some levels of a sweep: what one of them reads,
// the next one often reads or has written too.
// Vectors start where what is stored is aligned; masks cut off what lies before
// and behind a row. All loads come before all stores.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Tile.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <map>
#include <set>

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

//===----------------------------------------------------------------------===//
// Which statements
//===----------------------------------------------------------------------===//

/// Does `op` do for each lane what it does for a number?
static bool isLaneWise(Operation *op) {
  auto isNumber = [](Type type) { return type.isIntOrFloat(); };
  if (!llvm::all_of(op->getOperandTypes(), isNumber) ||
      !llvm::all_of(op->getResultTypes(), isNumber) || op->getNumRegions())
    return false;
  if (isa<math::SqrtOp, math::AbsFOp, math::FloorOp, math::CeilOp,
          math::TruncOp, math::CopySignOp>(op))
    return true;
  return isa<arith::ArithDialect>(op->getDialect()) &&
         (isa<arith::ConstantOp>(op) ||
          OpTrait::hasElementwiseMappableTraits(op));
}

static bool isPlainField(Value field, unsigned inner, unsigned bytes) {
  FieldType type = cast<FieldType>(field.getType());
  Type element = type.getElementType();
  return type.hasAxis(inner) && type.getDataDims().empty() &&
         !element.isInteger(1) && bytesOf(element) == bytes;
}

unsigned spada::cpu::countLanes(const Plan &plan, StatementOp statement,
                                unsigned inner, int64_t vectorBytes) {
  if (vectorBytes == 0 || statement.getRegions())
    return 0;
  unsigned bytes = 0;
  llvm::SmallDenseSet<Value> written;
  for (Operation &op : statement.getBody().front()) {
    Value field;
    if (auto read = dyn_cast<ReadOp>(op)) {
      field = read.getField();
      if (read.getShift() || read.getLevel() || written.contains(field))
        return 0;
    } else if (auto write = dyn_cast<WriteOp>(op)) {
      field = write.getField();
      // What is stored must lie in its row as the others do, to be aligned.
      if (write.getShift() || !written.insert(field).second ||
          (inner == 2 && write.getDk() != 0))
        return 0;
    } else if (isLaneWise(&op)) {
      continue;
    } else {
      return 0;
    }
    auto facts = plan.fields.find(field);
    if (facts == plan.fields.end())
      return 0;
    if (bytes == 0)
      bytes = bytesOf(facts->second.type.getElementType());
    if ((bytes != 4 && bytes != 8) || !isPlainField(field, inner, bytes) ||
        (written.contains(field) && !facts->second.temporary &&
         !statement.getExtent()->isZero()))
      return 0;
  }
  return written.empty() ? 0 : vectorBytes / bytes;
}

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

/// The row of `field` that `offset` leads to from the row of a step. Axes that
/// the field lacks do not count.
static TileEmitter::RowKey keyOf(Value field, ArrayRef<int64_t> offset,
                                 RowStep step, unsigned inner) {
  unsigned outer = outerAxis(inner), third = thirdAxis(inner);
  FieldType type = cast<FieldType>(field.getType());
  return {field.getAsOpaquePointer(),
          type.hasAxis(outer) ? offset[outer] + step.rows : 0,
          type.hasAxis(third) ? offset[third] + step.planes : 0};
}

namespace {
/// The code of some points of a few rows.
class LaneEmitter {
public:
  LaneEmitter(OpBuilder &b, const RowRun::Member &member,
              ArrayRef<RowStep> steps, const IRMapping &program, unsigned inner,
              const TileEmitter::RowViews &views, Value x)
      : b(b), statement(member.statement), steps(steps), program(program),
        lanes(member.lanes), inner(inner), views(views), x(x) {}

  /// Loads and computes; `mask` may be null.
  void compute(Value mask);
  /// Stores what was computed.
  void store(Value mask, llvm::function_ref<bool(Value)> goesAround);

private:
  Value view(Value field, ArrayRef<int64_t> offset, RowStep step) const {
    return views.at(keyOf(field, offset, step, inner)).memory;
  }
  Value at(Location loc, int64_t offset);
  Value load(ReadOp read, RowStep step, Value mask);
  Value spread(Value value, const IRMapping &lanewise);

  OpBuilder &b;
  StatementOp statement;
  ArrayRef<RowStep> steps;
  const IRMapping &program;
  unsigned lanes, inner;
  const TileEmitter::RowViews &views;
  Value x;
  /// What is known of memory, by row and offset in it.
  std::map<std::tuple<const void *, int64_t>, Value> known;
  struct Result {
    WriteOp write;
    Value view, value;
  };
  SmallVector<Result> results;
};
} // namespace

Value LaneEmitter::at(Location loc, int64_t offset) {
  if (offset == 0)
    return x;
  Value constant = b.create<arith::ConstantIndexOp>(loc, offset);
  return b.create<arith::AddIOp>(loc, x, constant);
}

Value LaneEmitter::load(ReadOp read, RowStep step, Value mask) {
  Location loc = read.getLoc();
  ArrayRef<int64_t> offset = read.getOffset();
  Value memory = view(read.getField(), offset, step);
  Value &loaded = known[{memory.getAsOpaquePointer(), offset[inner]}];
  if (loaded)
    return loaded;
  Type element = cast<MemRefType>(memory.getType()).getElementType();
  auto type = VectorType::get(lanes, element);
  Value index = at(loc, offset[inner]);
  if (!mask)
    return loaded = b.create<vector::LoadOp>(loc, type, memory, index);
  Value zero = b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  return loaded = b.create<vector::MaskedLoadOp>(loc, type, memory, index, mask,
                                                 zero);
}

/// A vector of `value`, in all lanes where it is one number.
Value LaneEmitter::spread(Value value, const IRMapping &lanewise) {
  value = lanewise.lookupOrDefault(program.lookupOrDefault(value));
  if (isa<VectorType>(value.getType()))
    return value;
  auto type = VectorType::get(lanes, value.getType());
  if (auto constant = value.getDefiningOp<arith::ConstantOp>())
    return b.create<arith::ConstantOp>(
        value.getLoc(), DenseElementsAttr::get(type, constant.getValue()));
  return b.create<vector::BroadcastOp>(value.getLoc(), type, value);
}

void LaneEmitter::compute(Value mask) {
  for (RowStep step : steps) {
    IRMapping values;
    for (Operation &op : statement.getBody().front()) {
      if (auto read = dyn_cast<ReadOp>(op)) {
        values.map(read.getResult(), load(read, step, mask));
        continue;
      }
      if (auto write = dyn_cast<WriteOp>(op)) {
        Value memory =
            view(write.getField(), {0, 0, int64_t(write.getDk())}, step);
        Value value = spread(write.getValue(), values);
        results.push_back({write, memory, value});
        known[{memory.getAsOpaquePointer(), 0}] = value;
        continue;
      }
      if (isa<arith::ConstantOp>(op)) {
        b.clone(op, values);
        continue;
      }
      OperationState state(op.getLoc(), op.getName());
      for (Value operand : op.getOperands())
        state.operands.push_back(spread(operand, values));
      for (Type type : op.getResultTypes())
        state.types.push_back(VectorType::get(lanes, type));
      state.addAttributes(op.getAttrs());
      values.map(op.getResults(), b.create(state)->getResults());
    }
  }
  // A row behind the last one is stored where that one is, and before it.
  if (steps.back().rows)
    std::reverse(results.begin(), results.end());
}

void LaneEmitter::store(Value mask,
                        llvm::function_ref<bool(Value)> goesAround) {
  for (Result &result : results) {
    Location loc = result.write.getLoc();
    if (mask) {
      b.create<vector::MaskedStoreOp>(loc, result.view, x, mask, result.value);
      continue;
    }
    auto store = b.create<vector::StoreOp>(loc, result.value, result.view, x);
    if (goesAround(result.write.getField()))
      store.setNontemporal(true);
  }
}

/// The lanes of a vector at `x` that lie within [0, width).
static Value emitMask(OpBuilder &b, Location loc, unsigned lanes, Value x,
                      Value width) {
  auto type = VectorType::get(lanes, b.getI64Type());
  SmallVector<int64_t> numbers = llvm::to_vector(llvm::seq<int64_t>(0, lanes));
  auto spread = [&](Value value) -> Value {
    value = b.create<arith::IndexCastOp>(loc, b.getI64Type(), value);
    return b.create<vector::BroadcastOp>(loc, type, value);
  };
  Value lane = b.create<arith::ConstantOp>(
      loc, DenseElementsAttr::get(type, ArrayRef<int64_t>(numbers)));
  Value place = b.create<arith::AddIOp>(loc, spread(x), lane);
  // Unsigned: what lies before the row is large.
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult, place,
                                 spread(width));
}

/// A row of `field` from the point `first` on, and its address.
TileEmitter::RowView TileEmitter::emitRowView(Location loc, Value field,
                                              Value first, Value row,
                                              Value plane,
                                              int64_t planeOffset) {
  std::array<Value, 3> here = point;
  std::array<int64_t, 3> distance = {0, 0, 0};
  point[inner] = first;
  point[outer] = row;
  point[third] = plane;
  distance[third] = planeOffset;
  Address address = resolve(loc, field, distance, Value(), {});
  point = here;
  auto indices = affine::expandAffineMap(b, loc, address.map, address.operands);
  auto parts = b.create<memref::ExtractStridedMetadataOp>(loc, address.memory);
  Value offset = parts.getOffset();
  for (auto [index, stride] : llvm::zip(*indices, parts.getStrides()))
    offset = b.create<arith::AddIOp>(
        loc, offset, b.create<arith::MulIOp>(loc, index, stride));
  auto old = cast<MemRefType>(address.memory.getType());
  auto type = MemRefType::get(
      {ShapedType::kDynamic}, old.getElementType(),
      StridedLayoutAttr::get(context(), ShapedType::kDynamic, {1}));
  Value size = b.create<arith::SubIOp>(loc, arguments.end[inner], first);
  Value memory = b.create<memref::ReinterpretCastOp>(
      loc, type, parts.getBaseBuffer(), OpFoldResult(offset),
      ArrayRef<OpFoldResult>{size}, ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  Value start = b.create<memref::ExtractAlignedPointerAsIndexOp>(
      loc, parts.getBaseBuffer());
  Value bytes =
      b.create<arith::ConstantIndexOp>(loc, bytesOf(old.getElementType()));
  start = b.create<arith::AddIOp>(loc, start,
                                  b.create<arith::MulIOp>(loc, offset, bytes));
  return {memory, start};
}

/// True for what the program only writes, and not to copies.
bool TileEmitter::isOnlyWritten(Value field) const {
  const FieldFacts &facts = plan.fields.find(field)->second;
  return !staged && !facts.temporary && !facts.isRead;
}

SmallVector<RowStep> TileEmitter::rowSteps(const RowRun::Member &member) const {
  SmallVector<RowStep> steps;
  for (int64_t level = 0; level < member.levelsAtOnce; ++level)
    for (int64_t row = 0; row < member.rowsAtOnce; ++row)
      steps.push_back({row, descends ? -level : level});
  return steps;
}

/// The rows that the steps of `member` from `row` of `plane` on touch.
TileEmitter::RowViews TileEmitter::emitRowViews(const RowRun::Member &member,
                                                Value first, Value row,
                                                Value plane) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  std::vector<FieldAccess> accesses = collectAccesses(statement);
  llvm::DenseMap<Value, int64_t> farthest;
  for (const FieldAccess &access : accesses) {
    int64_t &far = farthest.try_emplace(access.field, INT64_MIN).first->second;
    far = std::max(far, access.offset[outer]);
  }
  AffineExpr end = boundsOf(member, std::nullopt, outer).upper.front();
  Value last = affine::expandAffineExpr(b, loc, end - 1, {}, symbolOperands());
  RowViews views;
  for (const FieldAccess &access : accesses)
    for (RowStep step : rowSteps(member)) {
      RowKey key = keyOf(access.field, access.offset, step, inner);
      auto [name, offset, planeOffset] = key;
      RowView &view = views[key];
      if (view.memory)
        continue;
      auto shift = [&](Value base, int64_t by) -> Value {
        if (by == 0)
          return base;
        Value constant = b.create<arith::ConstantIndexOp>(loc, by);
        return b.create<arith::AddIOp>(loc, base, constant);
      };
      // Rows behind the last one need not exist.
      int64_t far = farthest.lookup(access.field);
      Value place = shift(row, offset);
      if (offset > std::min<int64_t>(far, access.offset[outer]) ||
          step.rows > 0)
        place = b.create<arith::MinSIOp>(loc, place, shift(last, far));
      view = emitRowView(loc, access.field, first, place, plane, planeOffset);
    }
  return views;
}

/// Where vectors that are aligned for the first store begin, before the row,
/// and whether all that is only written is aligned then.
std::pair<Value, Value> TileEmitter::emitAlignment(const RowRun::Member &member,
                                                   const RowViews &views) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  auto constant = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, value);
  };
  int64_t bytes = options.vectorBytes / member.lanes;
  Value before, around;
  for (const FieldAccess &access : collectAccesses(statement)) {
    if (!access.isWrite)
      continue;
    for (RowStep step : rowSteps(member)) {
      Value start =
          views.at(keyOf(access.field, access.offset, step, inner)).start;
      Value past = b.create<arith::AndIOp>(loc, start,
                                           constant(options.vectorBytes - 1));
      if (!before)
        before = past;
      if (!isOnlyWritten(access.field))
        continue;
      Value element = b.create<arith::AndIOp>(loc, past, constant(bytes - 1));
      Value rest = b.create<arith::OrIOp>(
          loc, element, b.create<arith::XOrIOp>(loc, past, before));
      Value isAligned = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq,
                                                rest, constant(0));
      if (!around)
        around = isLarge;
      around = b.create<arith::AndIOp>(loc, around, isAligned);
    }
  }
  before = b.create<arith::DivUIOp>(loc, before, constant(bytes));
  return {b.create<arith::SubIOp>(loc, constant(0), before), around};
}

void TileEmitter::emitVectorRows(const RowRun::Member &member, Value plane,
                                 Value row) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  SmallVector<Value> symbols = symbolOperands();
  OpBuilder::InsertionGuard guard(b);
  if (row) {
    emitIfRow(member, std::nullopt, row);
  } else {
    Bounds bounds = boundsOf(member, std::nullopt, outer);
    auto loop = b.create<affine::AffineForOp>(
        loc, symbols, AffineMap::get(0, 9, bounds.lower, context()), symbols,
        AffineMap::get(0, 9, bounds.upper, context()), member.rowsAtOnce);
    b.setInsertionPointToStart(loop.getBody());
    row = loop.getInductionVar();
  }
  if (!plane) {
    Bounds bounds = boundsOf(member, std::nullopt, third);
    auto loop = b.create<affine::AffineForOp>(
        loc, symbols, AffineMap::get(0, 9, bounds.lower, context()), symbols,
        AffineMap::get(0, 9, bounds.upper, context()));
    b.setInsertionPointToStart(loop.getBody());
    plane = loop.getInductionVar();
  }
  Bounds bounds = boundsOf(member, std::nullopt, inner);
  Value first = b.create<affine::AffineMaxOp>(
      loc, AffineMap::get(0, 9, bounds.lower, context()), symbols);
  Value end = b.create<affine::AffineMinOp>(
      loc, AffineMap::get(0, 9, bounds.upper, context()), symbols);
  // An interval of levels may lie outside of the tile.
  Value width =
      b.create<arith::MaxSIOp>(loc, b.create<arith::SubIOp>(loc, end, first),
                               b.create<arith::ConstantIndexOp>(loc, 0));
  RowViews views = emitRowViews(member, first, row, plane);
  auto ahead = emitRowsAhead(member, first, row, plane);
  auto [start, around] = emitAlignment(member, views);
  Value step = b.create<arith::ConstantIndexOp>(loc, member.lanes);
  auto loop = b.create<scf::ForOp>(loc, start, width, step);
  b.setInsertionPointToStart(loop.getBody());
  emitLanes(member, views, ahead, loop.getInductionVar(), width, around);
}

/// The vectors of some rows at `x`.
void TileEmitter::emitLanes(const RowRun::Member &member, const RowViews &views,
                            ArrayRef<RowAhead> ahead, Value x, Value width,
                            Value around) {
  StatementOp statement = member.statement;
  Location loc = statement.getLoc();
  auto prefetch = [&](bool written) {
    for (auto [field, memory] : ahead)
      if (written == (around && isOnlyWritten(field)))
        b.create<memref::PrefetchOp>(loc, memory, x, /*isWrite=*/false,
                                     /*localityHint=*/2, /*isDataCache=*/true);
  };
  prefetch(false);
  Value lanes = b.create<arith::ConstantIndexOp>(loc, member.lanes);
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  Value isBehind =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sle,
                              b.create<arith::AddIOp>(loc, x, lanes), width);
  Value isIn = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, x, zero);
  auto whole = b.create<scf::IfOp>(
      loc, b.create<arith::AndIOp>(loc, isIn, isBehind), /*withElse=*/true);

  b.setInsertionPointToStart(whole.elseBlock());
  Value mask = emitMask(b, loc, member.lanes, x, width);
  auto nowhere = [](Value) { return false; };
  SmallVector<RowStep> steps = rowSteps(member);
  LaneEmitter part(b, member, steps, mapping, inner, views, x);
  part.compute(mask);
  part.store(mask, nowhere);

  b.setInsertionPointToStart(whole.thenBlock());
  LaneEmitter all(b, member, steps, mapping, inner, views, x);
  all.compute(Value());
  if (!around)
    return all.store(Value(), nowhere);
  auto choice = b.create<scf::IfOp>(loc, around, /*withElse=*/true);
  b.setInsertionPointToStart(choice.thenBlock());
  all.store(Value(), [&](Value field) { return isOnlyWritten(field); });
  b.setInsertionPointToStart(choice.elseBlock());
  prefetch(true);
  all.store(Value(), nowhere);
}
