//===- FormCode.cpp - the loops over groups -------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A function for each form of groups. The sums of a group stay in registers;
// a row of a source is loaded once for all destinations.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace spada::sparse;

KernelCode::KernelCode(ModuleOp module, const CodeNames &names,
                       const PackedNetwork &packed, VectorSet set,
                       unsigned vectors)
    : CodeBuilder(module), names(names), packed(packed), set(set),
      vectors(vectors), valueType(cast<FloatType>(packed.valueType)) {
  valueBytes = valueType.getWidth() / 8;
  lanes = vectorSetBytes(set) / valueBytes;
  indexBytes = packed.isWide ? 4 : 2;
  pitch = packed.rowBytes();
  unrolledOperations = spada::builtinHost().unrolledOperations;
  vectorType = VectorType::get({lanes}, valueType);
  bitType = b.getIntegerType(valueType.getWidth());
  bitsType = VectorType::get({lanes}, bitType);
  indexType = b.getIntegerType(8 * indexBytes);
}

std::string KernelCode::name(const std::string &what) const {
  return names.network + "_" + what + "_" + vectorSetName(set).str() + "_" +
         std::to_string(columns());
}

std::string KernelCode::formName(unsigned form, Mode mode) const {
  return modeName("form" + std::to_string(form), mode);
}

Value KernelCode::scalarConstant(double value) {
  return b.create<arith::ConstantOp>(loc, b.getFloatAttr(valueType, value));
}

Value KernelCode::constant(double value) {
  auto attribute = DenseElementsAttr::get(
      vectorType, Attribute(b.getFloatAttr(valueType, value)));
  return b.create<arith::ConstantOp>(loc, attribute);
}

/// The index `elements` behind `base`, as a number.
Value KernelCode::indexAt(Value base, int64_t elements) {
  Value index = load(indexType, at(base, elements * indexBytes), indexBytes);
  return b.create<arith::ExtUIOp>(loc, i64, index);
}

/// A weight as it is stored, as a value of the network's type.
Value KernelCode::widen(Value weight) {
  Type type = weight.getType();
  if (type == valueType)
    return weight;
  if (type.isBF16()) {
    // The upper half of an f32.
    Type i32 = b.getI32Type();
    weight = b.create<arith::BitcastOp>(loc, b.getI16Type(), weight);
    weight = b.create<arith::ExtUIOp>(loc, i32, weight);
    Value sixteen = b.create<arith::ConstantIntOp>(loc, 16, 32);
    weight = b.create<arith::ShLIOp>(loc, weight, sixteen);
    weight = b.create<arith::BitcastOp>(loc, b.getF32Type(), weight);
    if (valueType.isF32())
      return weight;
  }
  if (type.isF16() && set == VectorSet::Plain)
    weight = widenHalf(weight);
  if (weight.getType() == valueType)
    return weight;
  return b.create<arith::ExtFOp>(loc, valueType, weight);
}

/// An f16 as f32, without the instructions that not every processor has.
Value KernelCode::widenHalf(Value weight) {
  Type i32 = b.getI32Type(), f32 = b.getF32Type();
  auto integer = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIntOp>(loc, value, 32);
  };
  auto both = [&](Value x, int64_t mask) -> Value {
    return b.create<arith::AndIOp>(loc, x, integer(mask));
  };
  auto shifted = [&](Value x, int64_t by) -> Value {
    return b.create<arith::ShLIOp>(loc, x, integer(by));
  };
  Value bits = b.create<arith::BitcastOp>(loc, b.getI16Type(), weight);
  bits = b.create<arith::ExtUIOp>(loc, i32, bits);
  Value magnitude = both(bits, 0x7FFF);
  Value sign = shifted(both(bits, 0x8000), 16);
  // The exponents differ by 127 - 15; a product gets small numbers right.
  Value moved = shifted(magnitude, 13);
  Value factor = b.create<arith::ConstantOp>(loc, b.getF32FloatAttr(0x1p112f));
  Value number = b.create<arith::BitcastOp>(loc, f32, moved);
  number = b.create<arith::MulFOp>(loc, number, factor);
  Value finite = b.create<arith::BitcastOp>(loc, i32, number);
  Value special = b.create<arith::OrIOp>(loc, moved, integer(0x7F800000));
  Value isSpecial =
      compare(arith::CmpIPredicate::uge, magnitude, integer(0x7C00));
  Value result = b.create<arith::SelectOp>(loc, isSpecial, special, finite);
  result = b.create<arith::OrIOp>(loc, result, sign);
  return b.create<arith::BitcastOp>(loc, f32, result);
}

Value KernelCode::trackSmallest(Value smallest, Value value) {
  Value bits = b.create<arith::BitcastOp>(loc, bitsType, value);
  auto splat = [&](uint64_t number) -> Value {
    APInt wide(bitType.getWidth(), number);
    return b.create<arith::ConstantOp>(loc,
                                       DenseElementsAttr::get(bitsType, wide));
  };
  // Without the sign; zero becomes the largest number.
  uint64_t magnitude = (uint64_t(1) << (bitType.getWidth() - 1)) - 1;
  bits = b.create<arith::AndIOp>(loc, bits, splat(magnitude));
  bits = b.create<arith::SubIOp>(loc, bits, splat(1));
  return b.create<arith::MinUIOp>(loc, smallest, bits);
}

KernelCode::Sums KernelCode::startSums(const Form &form, ArrayRef<Value> rows,
                                       Value column) {
  Sums sums;
  unsigned vectorBytes = lanes * valueBytes;
  for (unsigned d = 0; d < form.form.destinations; ++d) {
    Value bias;
    if (form.form.isStart)
      bias = b.create<vector::BroadcastOp>(
          loc, vectorType,
          load(valueType, at(form.bias, d * valueBytes), valueBytes));
    for (unsigned v = 0; v < form.block; ++v) {
      Value sum = bias;
      if (!sum)
        sum = load(vectorType, at(at(rows[d], column), v * vectorBytes),
                   vectorBytes);
      sums.push_back(sum);
    }
  }
  return sums;
}

/// Adds one source to all sums.
/// \p index, \p weight  numbers of its index and of its first weight behind
/// the place of `reader`.
void KernelCode::addSource(const Form &form, Reader &reader, int64_t index,
                           int64_t weight, Value column, Sums &sums) {
  unsigned vectorBytes = lanes * valueBytes;
  Value source = at(row(form.slots, readIndex(reader, index)), column);
  SmallVector<Value> values;
  for (unsigned v = 0; v < form.block; ++v)
    values.push_back(
        load(vectorType, at(source, v * vectorBytes), vectorBytes));
  for (unsigned d = 0; d < form.form.destinations; ++d) {
    Value factor = form.splat;
    if (!factor)
      factor = readWeight(form, reader, weight + d);
    for (unsigned v = 0; v < form.block; ++v) {
      Value &sum = sums[d * form.block + v];
      // Half of the additions are multiplications by one: processors with
      // units of their own for additions do both at a time.
      bool isPlainSum = form.mode == Mode::Sums &&
                        ((d + v) % 2 == 0 || set == VectorSet::Plain);
      if (isPlainSum)
        sum = b.create<arith::AddFOp>(loc, values[v], sum);
      else
        sum = b.create<math::FmaOp>(loc, values[v], factor, sum);
    }
  }
}

/// Adds all sources, some in each step of a loop.
void KernelCode::addLoop(const Form &form, Value column, Sums &sums) {
  constexpr int64_t step = 4;
  unsigned destinations = form.form.destinations;
  int64_t weightBytes = 0;
  if (!form.form.isSplat)
    weightBytes =
        destinations * form.form.weightType.getIntOrFloatBitWidth() / 8;
  bool isFixed = form.form.sources >= 0;
  Value count =
      isFixed ? number(form.form.sources) : indexAt(form.index, destinations);
  Value first = at(form.index, (destinations + !isFixed) * indexBytes);
  auto body = [&](Value s, int64_t sources, ValueRange carried) {
    Sums next(carried);
    Reader reader{at(first, times(s, indexBytes)),
                  at(form.weight, times(s, weightBytes)),
                  {},
                  {}};
    for (int64_t n = 0; n < sources; ++n)
      addSource(form, reader, n, n * destinations, column, next);
    return next;
  };
  Value whole =
      isFixed ? number(form.form.sources / step * step)
              : b.create<arith::AndIOp>(loc, count, number(-step)).getResult();
  sums = loop(number(0), whole, step, sums, [&](Value s, ValueRange carried) {
    return body(s, step, carried);
  });
  sums = loop(whole, count, 1, sums,
              [&](Value s, ValueRange carried) { return body(s, 1, carried); });
}

void KernelCode::addSources(const Form &form, Reader &reader, Value column,
                            Sums &sums) {
  // Unrolled where the loop itself would cost.
  unsigned destinations = form.form.destinations;
  unsigned operations = form.form.sources * sums.size();
  bool isUnrolled = set != VectorSet::Plain && operations <= unrolledOperations;
  if (!reader.known && form.form.sources != 0 &&
      (form.form.sources < 0 || !isUnrolled))
    return addLoop(form, column, sums);
  int64_t first = destinations + reader.skipsCount;
  for (int64_t s = 0; s < form.form.sources; ++s)
    addSource(form, reader, first + s, s * destinations, column, sums);
}

/// What is stored: the value of the neuron, or its sum so far.
Value KernelCode::finishSum(const Form &form, Value sum) {
  return form.form.isEnd
             ? emitActivation(b, loc, form.form.activation, form.form.cap, sum)
             : sum;
}

Value KernelCode::computeBlock(const Form &form, Reader &reader,
                               ArrayRef<Value> rows, Value column,
                               Value smallest) {
  unsigned vectorBytes = lanes * valueBytes;
  Sums sums = startSums(form, rows, column);
  addSources(form, reader, column, sums);
  for (unsigned d = 0; d < form.form.destinations; ++d)
    for (unsigned v = 0; v < form.block; ++v) {
      Value value = finishSum(form, sums[d * form.block + v]);
      if (form.form.isEnd && form.mode == Mode::Sums) {
        smallest = trackSmallest(smallest, value);
        value = b.create<arith::MulFOp>(loc, value, constant(*packed.scale));
      }
      store(value, at(at(rows[d], column), v * vectorBytes), vectorBytes);
    }
  return smallest;
}

Value KernelCode::computeGroup(const Form &form, Reader &reader,
                               Value smallest) {
  SmallVector<Value> rows;
  for (unsigned d = 0; d < form.form.destinations; ++d)
    rows.push_back(row(form.slots, readIndex(reader, d)));
  if (form.block == vectors)
    return computeBlock(form, reader, rows, number(0), smallest);
  int64_t step = form.block * lanes * valueBytes;
  return loop(number(0), number(int64_t(vectors) * lanes * valueBytes), step,
              {smallest},
              [&](Value column, ValueRange carried) -> SmallVector<Value> {
                return {computeBlock(form, reader, rows, column, carried[0])};
              })
      .front();
}

/// Vectors of a row that are computed at a time. Half of the registers are for
/// sums.
unsigned KernelCode::blockOf(const GroupForm &form) const {
  unsigned registers = vectorSetRegisters(set) / 2;
  unsigned block = std::min(vectors, registers / form.destinations);
  while (vectors % block)
    --block;
  return block;
}

void KernelCode::emitForm(unsigned number, Mode mode) {
  const GroupForm &shape = packed.forms[number];
  auto op = function(
      formName(number, mode),
      {pointerType, pointerType, pointerType, pointerType, pointerType, i64},
      {});
  auto arguments = op.getArguments();
  Form form{shape, mode, blockOf(shape), arguments[0], {}, {}, {}, {}};
  Value weights = arguments[3];
  int64_t elementBytes = shape.weightType.getIntOrFloatBitWidth() / 8;
  if (shape.isSplat) {
    // The weight; behind it, where values carry it, the number one.
    Value address = at(weights, mode == Mode::Sums ? elementBytes : 0);
    form.splat = b.create<vector::BroadcastOp>(
        loc, vectorType, widen(load(shape.weightType, address, elementBytes)));
  }
  int64_t destinations = shape.destinations;
  Value smallest = load(bitsType, arguments[1], stateBytes);
  SmallVector<Value> carried = {arguments[2], weights, arguments[4], smallest};
  carried =
      loop(this->number(0), arguments[5], 1, carried,
           [&](Value, ValueRange now) -> SmallVector<Value> {
             form.index = now[0];
             form.weight = now[1];
             form.bias = now[2];
             Reader reader{form.index, form.weight, {}, {}};
             Value least = computeGroup(form, reader, now[3]);
             Value count = shape.sources >= 0
                               ? this->number(shape.sources)
                               : indexAt(form.index, destinations);
             Value indices =
                 add(count, this->number(destinations + (shape.sources < 0)));
             Value index = at(form.index, times(indices, indexBytes));
             Value weight = form.weight, bias = form.bias;
             if (!shape.isSplat)
               weight = at(weight, times(count, destinations * elementBytes));
             if (shape.isStart)
               bias = at(bias, destinations * valueBytes);
             return {index, weight, bias, least};
           });
  store(carried[3], arguments[1], stateBytes);
  finish();
}
