//===- TileCode.cpp - a tile of the batch through the network -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Columns of the tile become rows of slots and back by transposing blocks of
// one vector by one vector in registers.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"
#include "spada/Conversion/VectorTranspose.h"

using namespace mlir;
using namespace spada::sparse;

/// The row of an input in the tile at `slots`.
Value KernelCode::inputRow(Value slots, Value input) {
  Value table = addressOf(names.stream("input_slots"));
  Value slot = load(b.getI32Type(), at(table, times(input, 4)), 4);
  return row(slots, b.create<arith::ExtUIOp>(loc, i64, slot));
}

/// Stores some columns of an input, times the common weight for sums.
Value KernelCode::storeInput(Mode mode, Value value, Value place,
                             Value smallest) {
  if (mode == Mode::Sums) {
    smallest = trackSmallest(smallest, value);
    value = b.create<arith::MulFOp>(loc, value, constant(*packed.scale));
  }
  store(value, place, lanes * valueBytes);
  return smallest;
}

/// All inputs of as many columns as a vector has lanes; those are at `from`.
Value KernelCode::loadColumns(Mode mode, ArrayRef<Value> from, Value slots,
                              Value columnBytes, Value smallest) {
  int64_t inputs = packed.inputSlots.size(), whole = inputs / lanes * lanes;
  auto blocks = loop(
      number(0), number(whole), lanes, {smallest},
      [&](Value input, ValueRange carried) -> SmallVector<Value> {
        SmallVector<Value> square;
        for (Value base : from)
          square.push_back(
              load(vectorType, at(base, times(input, valueBytes)), valueBytes));
        emitTranspose(b, loc, square);
        Value smallest = carried[0];
        for (unsigned lane = 0; lane < lanes; ++lane) {
          Value place = inputRow(slots, add(input, number(lane)));
          smallest =
              storeInput(mode, square[lane], at(place, columnBytes), smallest);
        }
        return {smallest};
      });
  return loop(number(whole), number(inputs), 1, {blocks[0]},
              [&](Value input, ValueRange carried) -> SmallVector<Value> {
                Value gathered = constant(0);
                for (unsigned lane = 0; lane < lanes; ++lane) {
                  Value value =
                      load(valueType, at(from[lane], times(input, valueBytes)),
                           valueBytes);
                  gathered = b.create<vector::InsertOp>(
                      loc, value, gathered, ArrayRef<int64_t>{lane});
                }
                Value place = at(inputRow(slots, input), columnBytes);
                return {storeInput(mode, gathered, place, carried[0])};
              })
      .front();
}

/// `NAME_load(x, stride, count, slots, state)`: columns that the batch does not
/// have repeat the last one.
void KernelCode::emitLoad(Mode mode) {
  auto op = function(modeName("load", mode),
                     {pointerType, i64, i64, pointerType, pointerType}, {});
  auto arguments = op.getArguments();
  Value x = arguments[0], slots = arguments[3];
  Value strideBytes = times(arguments[1], valueBytes);
  Value lastColumn = add(arguments[2], number(-1));
  Value smallest = load(bitsType, arguments[4], stateBytes);
  smallest = loop(number(0), number(columns()), lanes, {smallest},
                  [&](Value column, ValueRange now) -> SmallVector<Value> {
                    SmallVector<Value> from;
                    for (unsigned lane = 0; lane < lanes; ++lane) {
                      Value which =
                          least(add(column, number(lane)), lastColumn);
                      from.push_back(at(x, times(which, strideBytes)));
                    }
                    return {loadColumns(mode, from, slots,
                                        times(column, valueBytes), now[0])};
                  })
                 .front();
  store(smallest, arguments[4], stateBytes);
  finish();
}

/// `NAME_store(y, stride, count, slots, rows)`; without `scatters` the columns
/// are the first rows of `y`.
void KernelCode::emitStore(Mode mode, bool scatters) {
  auto op = function(modeName(scatters ? "scatter" : "store", mode),
                     {pointerType, i64, i64, pointerType, pointerType}, {});
  auto arguments = op.getArguments();
  Value y = arguments[0], count = arguments[2], slots = arguments[3];
  Value strideBytes = times(arguments[1], valueBytes);
  Value table = addressOf(names.stream("output_slots"));
  int64_t outputs = packed.outputSlots.size(), whole = outputs / lanes * lanes;
  Value inverse;
  if (mode == Mode::Sums)
    inverse = constant(1 / *packed.scale);
  auto rowOf = [&](Value output, Value columnBytes) -> Value {
    Value slot = load(b.getI32Type(), at(table, times(output, 4)), 4);
    Value place = row(slots, b.create<arith::ExtUIOp>(loc, i64, slot));
    Value value = load(vectorType, at(place, columnBytes), lanes * valueBytes);
    return inverse ? b.create<arith::MulFOp>(loc, value, inverse) : value;
  };
  // Calls `take` with the address in `y` of each lane's column that exists.
  auto forColumns = [&](Value column,
                        function_ref<void(unsigned, Value)> take) {
    for (unsigned lane = 0; lane < lanes; ++lane) {
      Value which = add(column, number(lane));
      Value exists = compare(arith::CmpIPredicate::slt, which, count);
      auto guard = b.create<scf::IfOp>(loc, exists, /*withElseRegion=*/false);
      OpBuilder::InsertionGuard inside(b);
      b.setInsertionPointToStart(guard.thenBlock());
      Value number = which;
      if (scatters)
        number = load(i64, at(arguments[4], times(which, 8)), 8);
      take(lane, at(y, times(number, strideBytes)));
    }
  };
  loop(number(0), count, lanes, [&](Value column) {
    Value columnBytes = times(column, valueBytes);
    loop(number(0), number(whole), lanes, [&](Value output) {
      SmallVector<Value> square;
      for (unsigned lane = 0; lane < lanes; ++lane)
        square.push_back(rowOf(add(output, number(lane)), columnBytes));
      emitTranspose(b, loc, square);
      forColumns(column, [&](unsigned lane, Value address) {
        store(square[lane], at(address, times(output, valueBytes)), valueBytes);
      });
    });
    loop(number(whole), number(outputs), 1, [&](Value output) {
      Value values = rowOf(output, columnBytes);
      forColumns(column, [&](unsigned lane, Value address) {
        Value value =
            b.create<vector::ExtractOp>(loc, values, ArrayRef<int64_t>{lane});
        store(value, at(address, times(output, valueBytes)), valueBytes);
      });
    });
  });
  finish();
}

/// `NAME_runs(slots, state, first, end)`: the connections of these runs.
void KernelCode::emitRuns(Mode mode) {
  bool isFirst = mode == Mode::Sums || !packed.scale;
  if (isFirst && isStraight())
    return emitStraight(mode);
  for (unsigned form = 0; form < packed.forms.size(); ++form)
    emitForm(form, mode);
  auto op = function(modeName("runs", mode),
                     {pointerType, pointerType, i64, i64}, {});
  Value slots = op.getArgument(0), state = op.getArgument(1);
  Value table = addressOf(names.stream("runs"));
  Value indices = addressOf(names.stream("indices"));
  Value weights = addressOf(names.stream("weights"));
  Value biases = addressOf(names.stream("biases"));
  auto callForm = [&](unsigned form, ValueRange field) {
    call(formName(form, mode), {},
         {slots, state, at(indices, field[2]), at(weights, field[3]),
          at(biases, field[4]), field[1]});
  };
  dispatch(table, op.getArgument(2), op.getArgument(3), 5, packed.forms.size(),
           callForm);
  finish();
}

void KernelCode::resetState(Value state) {
  auto largest =
      DenseElementsAttr::get(bitsType, APInt::getAllOnes(bitType.getWidth()));
  store(b.create<arith::ConstantOp>(loc, largest), state, stateBytes);
}

/// True when there was a value so small that scaling it lost digits.
Value KernelCode::isLost(Value state) {
  Value smallest = load(bitsType, state, stateBytes);
  smallest = b.create<vector::ReductionOp>(loc, vector::CombiningKind::MINUI,
                                           smallest);
  const llvm::fltSemantics &semantics = valueType.getFloatSemantics();
  llvm::APFloat limit = llvm::APFloat::getSmallestNormalized(semantics);
  llvm::APFloat factor(std::abs(1 / *packed.scale));
  bool losesInfo;
  factor.convert(semantics, llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  limit.multiply(factor, llvm::APFloat::rmNearestTiesToEven);
  llvm::APInt bits = limit.bitcastToAPInt();
  Value bound =
      b.create<arith::ConstantOp>(loc, b.getIntegerAttr(bitType, bits - 1));
  return compare(arith::CmpIPredicate::ult, smallest, bound);
}

void KernelCode::emitTile() {
  bool hasSums = packed.scale.has_value();
  for (Mode mode : {Mode::Weights, Mode::Sums}) {
    if (mode == Mode::Sums && !hasSums)
      continue;
    emitLoad(mode);
    emitRuns(mode);
    emitStore(mode, /*scatters=*/false);
  }
  auto op = function(
      name("tile"), {pointerType, i64, pointerType, i64, i64, pointerType}, {});
  auto arguments = op.getArguments();
  Value x = arguments[0], xStride = arguments[1], y = arguments[2],
        yStride = arguments[3], count = arguments[4], state = arguments[5];
  Value slots = at(state, stateBytes);
  auto all = [&](Mode mode) {
    call(modeName("load", mode), {}, {x, xStride, count, slots, state});
    call(modeName("runs", mode), {},
         {slots, state, number(0), number(packed.runs.size())});
    call(modeName("store", mode), {}, {y, yStride, count, slots, slots});
  };
  resetState(state);
  all(hasSums ? Mode::Sums : Mode::Weights);
  if (hasSums) {
    auto again = b.create<scf::IfOp>(loc, isLost(state), false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(again.thenBlock());
    all(Mode::Weights);
  }
  finish();
}
