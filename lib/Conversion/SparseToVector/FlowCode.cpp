//===- FlowCode.cpp - columns that are dropped on the way -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The network in steps between its cuts. Behind each cut a tile waits for
// columns: a step moves those of its columns that are not all zero there, and
// when the tile is full the next step runs, so that what was written is still
// near. The outputs of a column that is dropped are zero.
//
// Memory of a thread, behind its state: the arguments of the call and counts,
// then for each step the numbers of its columns and the columns that live, then
// the rows of all steps.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

using namespace mlir;
using namespace spada::sparse;

namespace {
/// Positions in a thread's memory, in bytes.
struct FlowLayout {
  explicit FlowLayout(const PackedNetwork &packed)
      : steps(packed.cuts.size() + 1), tile(packed.tile) {
    counts = stateBytes + 64;
    pointers = counts + 8 * steps;
    masks = pointers + 8 * steps;
    columns = masks + 8 * mostMasks;
    live = columns + 8 * steps * tile;
    rows = llvm::alignTo(live + 8 * steps * tile, 64);
    bytes = rows + steps * llvm::alignTo(packed.tileBytes(), 64);
  }
  /// Arguments of the call.
  static constexpr int64_t y = stateBytes, yStride = stateBytes + 8,
                           work = workAt;
  static constexpr unsigned mostMasks = 8; ///< vectors of a row
  int64_t steps, tile;
  int64_t counts, pointers, masks, columns, live, rows, bytes;
};
} // namespace

int64_t spada::sparse::threadBytes(const PackedNetwork &packed) {
  if (!packed.cuts.empty())
    return FlowLayout(packed).bytes;
  return stateBytes + std::max<int64_t>(llvm::alignTo(packed.tileBytes(), 64),
                                        fewBytes(packed));
}

/// Writes the columns of `step` that are not zero to its list of those that
/// live, and gives their number.
Value KernelCode::emitLive(Value context, Value step) {
  FlowLayout layout(packed);
  Value count = load(i64, at(at(context, layout.counts), times(step, 8)), 8);
  Value slots =
      load(pointerType, at(at(context, layout.pointers), times(step, 8)), 8);
  Value table = at(addressOf(names.stream("cuts")), times(step, 32));
  Value first = load(i64, at(table, 16), 8), size = load(i64, at(table, 24), 8);
  Value list = at(addressOf(names.stream("cut_slots")), first);
  Value live = at(at(context, layout.live), times(step, 8 * layout.tile));
  Value zeros = zero(bitsType);
  auto all = loop(
      number(0), count, lanes, {number(0)},
      [&](Value column, ValueRange found) -> SmallVector<Value> {
        Value columnBytes = times(column, valueBytes);
        Value seen =
            loop(number(0), size, 1, {zeros},
                 [&](Value n, ValueRange now) -> SmallVector<Value> {
                   Value slot = load(b.getI32Type(), at(list, times(n, 4)), 4);
                   slot = b.create<arith::ExtUIOp>(loc, i64, slot);
                   Value bits =
                       load(bitsType, at(row(slots, slot), columnBytes),
                            lanes * valueBytes);
                   return {b.create<arith::OrIOp>(loc, now[0], bits)};
                 })
                .front();
        Value position = found[0];
        for (unsigned lane = 0; lane < lanes; ++lane) {
          Value bits =
              b.create<vector::ExtractOp>(loc, seen, ArrayRef<int64_t>{lane});
          Value isLive = compare(arith::CmpIPredicate::ne, bits, zero(bitType));
          Value which = add(column, number(lane));
          Value exists = compare(arith::CmpIPredicate::slt, which, count);
          isLive = b.create<arith::AndIOp>(loc, isLive, exists);
          auto kept = b.create<scf::IfOp>(loc, TypeRange{i64}, isLive, true);
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPointToStart(kept.thenBlock());
          store(which, at(live, times(position, 8)), 8);
          b.create<scf::YieldOp>(loc, add(position, number(1)));
          b.setInsertionPointToStart(kept.elseBlock());
          auto dead = b.create<scf::IfOp>(loc, exists, false);
          b.create<scf::YieldOp>(loc, position);
          b.setInsertionPointToStart(dead.thenBlock());
          Value numbers =
              at(at(context, layout.columns), times(step, 8 * layout.tile));
          emitClear(context, load(i64, at(numbers, times(which, 8)), 8));
          b.setInsertionPointAfter(dead);
          position = kept.getResult(0);
        }
        return {position};
      });
  return all.front();
}

/// The outputs of input `number` become zero.
void KernelCode::emitClear(Value context, Value number) {
  Value y = load(pointerType, at(context, FlowLayout::y), 8);
  Value stride = load(i64, at(context, FlowLayout::yStride), 8);
  Value begin = at(y, times(times(number, stride), valueBytes));
  loop(this->number(0), this->number(packed.outputSlots.size()), 1,
       [&](Value output) {
         store(scalarConstant(0), at(begin, times(output, valueBytes)),
               valueBytes);
       });
}

/// For each vector of a row the lanes among the `take` columns of `live`, as
/// bits; nothing where there are no instructions that use them.
SmallVector<Value> KernelCode::emitMasks(Value context, Value live,
                                         Value take) {
  FlowLayout layout(packed);
  if (set != VectorSet::AVX512 || vectors > FlowLayout::mostMasks)
    return {};
  Value masks = at(context, layout.masks);
  for (unsigned v = 0; v < vectors; ++v)
    store(number(0), at(masks, v * 8), 8);
  loop(number(0), take, 1, [&](Value n) {
    Value column = load(i64, at(live, times(n, 8)), 8);
    Value vector = b.create<arith::DivUIOp>(loc, column, number(lanes));
    Value lane = b.create<arith::RemUIOp>(loc, column, number(lanes));
    Value address = at(masks, times(vector, 8));
    Value bit = b.create<arith::ShLIOp>(loc, number(1), lane);
    store(b.create<arith::OrIOp>(loc, load(i64, address, 8), bit), address, 8);
  });
  SmallVector<Value> words;
  for (unsigned v = 0; v < vectors; ++v)
    words.push_back(load(b.getIntegerType(lanes), at(masks, v * 8), 8));
  return words;
}

/// Moves the lanes of `mask` from `source` to neighbouring places at `target`.
void KernelCode::emitCompress(Value source, Value target, Value mask) {
  auto flags = VectorType::get({lanes}, b.getI1Type());
  std::string name = "llvm.x86.avx512.mask.compress.v" + std::to_string(lanes) +
                     "f" + std::to_string(8 * valueBytes);
  Value values = load(vectorType, source, lanes * valueBytes);
  Value chosen = b.create<LLVM::BitcastOp>(loc, flags, mask);
  SmallVector<Value> operands = {values, values, chosen};
  Value dense = b.create<LLVM::CallIntrinsicOp>(loc, TypeRange{vectorType},
                                                b.getStringAttr(name), operands)
                    .getResult(0);
  // As many low lanes as the mask has bits.
  Value number = b.create<LLVM::CtPopOp>(loc, mask.getType(), mask);
  number = b.create<arith::ExtUIOp>(loc, i64, number);
  Value low = b.create<arith::ShLIOp>(loc, this->number(1), number);
  low = add(low, this->number(-1));
  low = b.create<arith::TruncIOp>(loc, mask.getType(), low);
  low = b.create<LLVM::BitcastOp>(loc, flags, low);
  b.create<LLVM::MaskedStoreOp>(loc, dense, target, low,
                                b.getI32IntegerAttr(valueBytes));
}

/// Appends `take` of the columns that live behind `step`, from `done` on, to
/// those of the next step.
void KernelCode::emitMove(Value context, Value step, Value done, Value take) {
  FlowLayout layout(packed);
  Value next = add(step, number(1));
  auto ofStep = [&](Value which, int64_t base, int64_t bytes) {
    return at(at(context, base), times(which, bytes));
  };
  Value count = load(i64, ofStep(next, layout.counts, 8), 8);
  Value from = load(pointerType, ofStep(step, layout.pointers, 8), 8);
  Value to = load(pointerType, ofStep(next, layout.pointers, 8), 8);
  Value live = at(ofStep(step, layout.live, 8 * layout.tile), times(done, 8));
  Value numbers = ofStep(step, layout.columns, 8 * layout.tile);
  Value nextNumbers =
      at(ofStep(next, layout.columns, 8 * layout.tile), times(count, 8));
  Value table = at(addressOf(names.stream("cuts")), times(step, 32));
  Value first = load(i64, at(table, 16), 8), size = load(i64, at(table, 24), 8);
  Value list = at(addressOf(names.stream("cut_slots")), first);
  loop(number(0), take, 1, [&](Value n) {
    Value column = load(i64, at(live, times(n, 8)), 8);
    Value which = load(i64, at(numbers, times(column, 8)), 8);
    store(which, at(nextNumbers, times(n, 8)), 8);
  });
  SmallVector<Value> masks = emitMasks(context, live, take);
  SmallVector<Value> places = {times(count, valueBytes)};
  for (Value mask : masks) {
    Value number = b.create<LLVM::CtPopOp>(loc, mask.getType(), mask);
    number = b.create<arith::ExtUIOp>(loc, i64, number);
    places.push_back(add(places.back(), times(number, valueBytes)));
  }
  loop(number(0), size, 1, [&](Value n) {
    Value slot = load(b.getI32Type(), at(list, times(n, 4)), 4);
    slot = b.create<arith::ExtUIOp>(loc, i64, slot);
    Value source = row(from, slot), target = row(to, slot);
    for (auto [v, mask] : llvm::enumerate(masks))
      emitCompress(at(source, v * lanes * valueBytes), at(target, places[v]),
                   mask);
    if (!masks.empty())
      return;
    target = at(target, places[0]);
    loop(number(0), take, 1, [&](Value n) {
      Value column = load(i64, at(live, times(n, 8)), 8);
      Value value =
          load(bitType, at(source, times(column, valueBytes)), valueBytes);
      store(value, at(target, times(n, valueBytes)), valueBytes);
    });
  });
  store(add(count, take), ofStep(next, layout.counts, 8), 8);
}

/// The tile of `step` becomes that of the next one, which is empty.
void KernelCode::emitSwap(Value context, Value step, Value count) {
  FlowLayout layout(packed);
  Value next = add(step, number(1));
  auto ofStep = [&](Value which, int64_t base, int64_t bytes) {
    return at(at(context, base), times(which, bytes));
  };
  Value from = ofStep(step, layout.pointers, 8);
  Value to = ofStep(next, layout.pointers, 8);
  Value rows = load(pointerType, from, 8), free = load(pointerType, to, 8);
  store(free, from, 8);
  store(rows, to, 8);
  Value numbers = ofStep(step, layout.columns, 8 * layout.tile);
  Value nextNumbers = ofStep(next, layout.columns, 8 * layout.tile);
  loop(number(0), count, 1, [&](Value n) {
    store(load(i64, at(numbers, times(n, 8)), 8), at(nextNumbers, times(n, 8)),
          8);
  });
  store(count, ofStep(next, layout.counts, 8), 8);
}

/// Calls the narrowest code that has `count` columns.
void KernelCode::emitRunsOf(Mode mode, ArrayRef<unsigned> narrower, Value count,
                            ValueRange operands) {
  if (narrower.empty()) {
    call(modeName("runs", mode), {}, operands);
    return;
  }
  KernelCode narrow(module, names, packed, set, narrower.front() / lanes);
  Value fits =
      compare(arith::CmpIPredicate::sle, count, number(narrow.columns()));
  auto choice = b.create<scf::IfOp>(loc, fits, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  call(narrow.modeName("runs", mode), {}, operands);
  b.setInsertionPointToStart(choice.elseBlock());
  emitRunsOf(mode, narrower.drop_front(), count, operands);
}

/// Moves `live` columns into the next tile, as many at a time as it has room
/// for; full ones go on from there.
void KernelCode::emitMoves(Mode mode, Value context, Value step, Value live) {
  FlowLayout layout(packed);
  Value next = add(step, number(1));
  Value nextAt = at(at(context, layout.counts), times(next, 8));
  auto moving = b.create<scf::WhileOp>(
      loc, TypeRange{i64}, ValueRange{number(0)},
      [&](OpBuilder &, Location, ValueRange done) {
        Value isMore = compare(arith::CmpIPredicate::slt, done[0], live);
        b.create<scf::ConditionOp>(loc, isMore, done);
      },
      [&](OpBuilder &, Location, ValueRange) {});
  b.setInsertionPointToEnd(&moving.getAfter().front());
  Value done = moving.getAfterArguments()[0];
  Value left = b.create<arith::SubIOp>(loc, live, done);
  Value room =
      b.create<arith::SubIOp>(loc, number(layout.tile), load(i64, nextAt, 8));
  Value take = least(left, room);
  emitMove(context, step, done, take);
  Value isFull = compare(arith::CmpIPredicate::eq, load(i64, nextAt, 8),
                         number(layout.tile));
  auto full = b.create<scf::IfOp>(loc, isFull, false);
  Value now = add(done, take);
  b.create<scf::YieldOp>(loc, now);
  b.setInsertionPointToStart(full.thenBlock());
  call(modeName("step", mode), {}, {context, next});
}

/// `NAME_step(context, step)`: the columns that wait there, to the end or to
/// the tile of the next step.
void KernelCode::emitStep(Mode mode, ArrayRef<unsigned> narrower) {
  FlowLayout layout(packed);
  std::string self = modeName("step", mode);
  auto op = function(self, {pointerType, i64}, {});
  Value context = op.getArgument(0), step = op.getArgument(1);
  Value countAt = at(at(context, layout.counts), times(step, 8));
  Value pointerAt = at(at(context, layout.pointers), times(step, 8));
  Value count = load(i64, countAt, 8);
  Value slots = load(pointerType, pointerAt, 8);
  Value table = at(addressOf(names.stream("cuts")), times(step, 32));
  Value first = load(i64, table, 8), end = load(i64, at(table, 8), 8);
  emitRunsOf(mode, narrower, count, {slots, context, first, end});
  // Connections of the step, behind the entries of all steps.
  Value weight = load(i64,
                      at(addressOf(names.stream("cuts")),
                         add(times(step, 8), number(layout.steps * 32))),
                      8);
  Value workAt = at(context, FlowLayout::work);
  store(add(load(i64, workAt, 8), times(weight, count)), workAt, 8);
  Value isLast =
      compare(arith::CmpIPredicate::eq, step, number(layout.steps - 1));
  auto choice = b.create<scf::IfOp>(loc, isLast, /*withElseRegion=*/true);
  finish();
  b.setInsertionPointToStart(choice.thenBlock());
  Value numbers = at(at(context, layout.columns), times(step, 8 * layout.tile));
  call(modeName("scatter", mode), {},
       {load(pointerType, at(context, FlowLayout::y), 8),
        load(i64, at(context, FlowLayout::yStride), 8), count, slots, numbers});
  store(number(0), countAt, 8);

  b.setInsertionPointToStart(choice.elseBlock());
  Value live = emitLive(context, step);
  Value next = add(step, number(1));
  Value nextAt = at(at(context, layout.counts), times(next, 8));
  store(number(0), countAt, 8);
  // Where few columns are dropped, moving would cost more than it saves.
  Value isDense =
      compare(arith::CmpIPredicate::sge, times(live, 4), times(count, 3));
  Value isFree =
      compare(arith::CmpIPredicate::eq, load(i64, nextAt, 8), number(0));
  Value stays = b.create<arith::AndIOp>(loc, isDense, isFree);
  auto either = b.create<scf::IfOp>(loc, stays, /*withElseRegion=*/true);
  b.setInsertionPointToStart(either.thenBlock());
  emitSwap(context, step, count);
  call(self, {}, {context, next});
  b.setInsertionPointToStart(either.elseBlock());
  emitMoves(mode, context, step, live);
}

/// `NAME_pass(x, xStride, count, context)`: all inputs of a thread.
void KernelCode::emitPass(Mode mode) {
  FlowLayout layout(packed);
  auto op = function(modeName("pass", mode),
                     {pointerType, i64, i64, pointerType}, {});
  auto arguments = op.getArguments();
  Value x = arguments[0], stride = arguments[1], count = arguments[2],
        context = arguments[3];
  loop(number(0), number(layout.steps), 1, [&](Value step) {
    store(number(0), at(at(context, layout.counts), times(step, 8)), 8);
    Value rows =
        at(context, add(number(layout.rows),
                        times(step, llvm::alignTo(packed.tileBytes(), 64))));
    store(rows, at(at(context, layout.pointers), times(step, 8)), 8);
  });
  loop(number(0), count, columns(), [&](Value first) {
    Value left = b.create<arith::SubIOp>(loc, count, first);
    Value size = least(left, number(columns()));
    Value slots = load(pointerType, at(context, layout.pointers), 8);
    call(modeName("load", mode), {},
         {at(x, times(times(first, stride), valueBytes)), stride, size, slots,
          context});
    store(size, at(context, layout.counts), 8);
    loop(number(0), size, 1, [&](Value n) {
      store(add(first, n), at(at(context, layout.columns), times(n, 8)), 8);
    });
    call(modeName("step", mode), {}, {context, number(0)});
  });
  // What still waits.
  loop(number(1), number(layout.steps), 1, [&](Value step) {
    Value waiting =
        load(i64, at(at(context, layout.counts), times(step, 8)), 8);
    auto some = b.create<scf::IfOp>(
        loc, compare(arith::CmpIPredicate::sgt, waiting, number(0)), false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(some.thenBlock());
    call(modeName("step", mode), {}, {context, step});
  });
  finish();
}

void KernelCode::emitFlow(ArrayRef<unsigned> narrower) {
  bool hasSums = packed.scale.has_value();
  for (Mode mode : {Mode::Weights, Mode::Sums}) {
    if (mode == Mode::Sums && !hasSums)
      continue;
    for (unsigned columns : narrower)
      KernelCode(module, names, packed, set, columns / lanes).emitRuns(mode);
    emitLoad(mode);
    emitRuns(mode);
    emitStore(mode, /*scatters=*/true);
    emitStep(mode, narrower);
    emitPass(mode);
  }
  auto op = function(
      name("flow"), {pointerType, i64, pointerType, i64, i64, pointerType}, {});
  auto arguments = op.getArguments();
  Value x = arguments[0], stride = arguments[1], count = arguments[4],
        context = arguments[5];
  store(arguments[2], at(context, FlowLayout::y), 8);
  store(arguments[3], at(context, FlowLayout::yStride), 8);
  resetState(context);
  auto pass = [&](Mode mode) {
    call(modeName("pass", mode), {}, {x, stride, count, context});
  };
  pass(hasSums ? Mode::Sums : Mode::Weights);
  if (hasSums) {
    auto again = b.create<scf::IfOp>(loc, isLost(context), false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(again.thenBlock());
    pass(Mode::Weights);
  }
  finish();
}
