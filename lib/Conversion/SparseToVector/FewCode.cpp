//===- FewCode.cpp - code for few inputs at a time ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs through the stream of FewPack.cpp. One step of a slice is one
// permutation of two vectors of values and one multiplication and addition for
// each input; all inputs share the indices and weights that are read.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace spada::sparse;

namespace {
/// Values of one input are this far behind those of the one before. The last
/// step may read a vector behind the last slot.
int64_t inputPitch(const PackedNetwork &packed) {
  int64_t bytes = packed.valueType.getIntOrFloatBitWidth() / 8;
  return llvm::alignTo(packed.few.slots * bytes, 64) + 64;
}

class FewCode : CodeBuilder {
public:
  FewCode(ModuleOp module, const CodeNames &names, const PackedNetwork &packed,
          VectorSet set, unsigned inputs)
      : CodeBuilder(module), names(names), packed(packed), few(packed.few),
        set(set), inputs(inputs), valueType(packed.valueType),
        valueBytes(valueType.getIntOrFloatBitWidth() / 8),
        lanes(64 / valueBytes), pitch(inputPitch(packed)),
        vectorType(VectorType::get({lanes}, valueType)) {}

  void emit();

private:
  std::string name(const std::string &what) const {
    return names.network + "_" + what + std::to_string(inputs) + "_" +
           vectorSetName(set).str();
  }
  std::string formName(unsigned form) const {
    return name("few_form" + std::to_string(form) + "_");
  }
  /// Where the stream stands.
  struct Place {
    Value index, weight, bias, target;
  };
  using Sums = SmallVector<Value>;
  Value widen(Value weights);
  Value loadWeights(const FewForm &form, Value at);
  Value loadScalar(IntegerType type, Value address);
  Value pick(Value values, Value place, Value begin);
  Value emitSteps(const FewForm &form, const Place &now, Value values,
                  Value splat, Value count, Sums &sums);
  Place emitSlice(const FewForm &form, const Place &now, Value values,
                  Value splat);
  void emitForm(unsigned number);
  void emitRuns();
  void emitOutputs(Value y, Value values);

  const CodeNames &names;
  const PackedNetwork &packed;
  const FewInputs &few;
  VectorSet set;
  unsigned inputs; ///< at a time
  Type valueType;
  unsigned valueBytes, lanes;
  int64_t pitch;
  VectorType vectorType;
};
} // namespace

/// Weights as they are stored, as values of the network's type.
Value FewCode::widen(Value weights) {
  auto stored = cast<VectorType>(weights.getType());
  if (stored == vectorType)
    return weights;
  if (stored.getElementType().isBF16()) {
    // The upper half of an f32.
    auto words = stored.clone(b.getI32Type());
    Value bits =
        b.create<arith::BitcastOp>(loc, stored.clone(b.getI16Type()), weights);
    bits = b.create<arith::ExtUIOp>(loc, words, bits);
    auto sixteen =
        DenseElementsAttr::get(words, b.getI32IntegerAttr(16).getValue());
    bits = b.create<arith::ShLIOp>(loc, bits,
                                   b.create<arith::ConstantOp>(loc, sixteen));
    weights =
        b.create<arith::BitcastOp>(loc, stored.clone(b.getF32Type()), bits);
    if (valueType.isF32())
      return weights;
  }
  return b.create<arith::ExtFOp>(loc, vectorType, weights);
}

Value FewCode::loadWeights(const FewForm &form, Value address) {
  unsigned bytes = form.weightType.getIntOrFloatBitWidth() / 8;
  return widen(load(VectorType::get({lanes}, form.weightType), address, bytes));
}

/// An unsigned number, as i64.
Value FewCode::loadScalar(IntegerType type, Value address) {
  return b.create<arith::ExtUIOp>(loc, i64,
                                  load(type, address, type.getWidth() / 8));
}

/// For each lane the element of two vectors at `begin` that `place` says.
Value FewCode::pick(Value values, Value place, Value begin) {
  Value address = at(values, begin);
  Value low = load(vectorType, address, 64);
  Value high = load(vectorType, at(address, 64), 64);
  StringRef intrinsic = valueType.isF64() ? "llvm.x86.avx512.vpermi2var.pd.512"
                                          : "llvm.x86.avx512.vpermi2var.ps.512";
  SmallVector<Value> operands = {low, place, high};
  return b
      .create<LLVM::CallIntrinsicOp>(loc, TypeRange{vectorType},
                                     b.getStringAttr(intrinsic), operands)
      .getResult(0);
}

/// Adds `count` connections to each sum; gives the address behind the indices.
Value FewCode::emitSteps(const FewForm &form, const Place &now, Value values,
                         Value splat, Value count, Sums &sums) {
  Value indices = at(now.index, 4);
  unsigned weightBytes = form.weightType.getIntOrFloatBitWidth() / 8;
  auto placeType = VectorType::get({lanes}, b.getI8Type());
  auto wideType = VectorType::get({lanes}, b.getIntegerType(valueBytes * 8));
  Value places = at(indices, times(count, 2));
  sums = loop(number(0), count, 1, sums, [&](Value step, ValueRange carried) {
    Value weight = splat;
    if (!weight)
      weight =
          loadWeights(form, at(now.weight, times(step, lanes * weightBytes)));
    Value begin, place, takes;
    if (form.isShared) {
      Value slot = loadScalar(b.getI32Type(), at(indices, times(step, 4)));
      begin = times(slot, valueBytes);
    } else {
      Value vector = loadScalar(b.getI16Type(), at(indices, times(step, 2)));
      begin = times(vector, 64);
      Value bytes = load(placeType, at(places, times(step, lanes)), 1);
      takes = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, bytes,
                                      zero(placeType));
      place = b.create<arith::ExtUIOp>(loc, wideType, bytes);
    }
    Sums next;
    for (unsigned n = 0; n < inputs; ++n) {
      Value own = at(values, n * pitch);
      Value source = form.isShared
                         ? b.create<vector::BroadcastOp>(
                               loc, vectorType,
                               load(valueType, at(own, begin), valueBytes))
                         : pick(own, place, begin);
      Value sum = b.create<math::FmaOp>(loc, source, weight, carried[n]);
      if (takes)
        sum = b.create<arith::SelectOp>(loc, takes, sum, carried[n]);
      next.push_back(sum);
    }
    return next;
  });
  return at(indices, times(count, form.isShared ? 4 : 2 + int64_t(lanes)));
}

FewCode::Place FewCode::emitSlice(const FewForm &form, const Place &now,
                                  Value values, Value splat) {
  Value count = loadScalar(b.getI32Type(), now.index);
  Sums sums(inputs, load(vectorType, now.bias, 64));
  Place next = now;
  next.index = emitSteps(form, now, values, splat, count, sums);
  if (!form.isSplat) {
    unsigned bytes = form.weightType.getIntOrFloatBitWidth() / 8;
    next.weight = at(now.weight, times(count, int64_t(lanes) * bytes));
  }
  for (unsigned n = 0; n < inputs; ++n)
    store(emitActivation(b, loc, form.activation, form.cap, sums[n]),
          at(now.target, n * pitch), 64);
  next.bias = at(now.bias, 64);
  next.target = at(now.target, 64);
  return next;
}

/// `NAME_few_formF(values, indices, weights, biases, target, slices)`.
void FewCode::emitForm(unsigned number) {
  const FewForm &form = few.forms[number];
  auto op = function(
      formName(number),
      {pointerType, pointerType, pointerType, pointerType, pointerType, i64},
      {});
  auto arguments = op.getArguments();
  Value splat;
  if (form.isSplat) {
    auto one = VectorType::get({1}, form.weightType);
    Value weight =
        load(one, arguments[2], form.weightType.getIntOrFloatBitWidth() / 8);
    weight = b.create<vector::ExtractOp>(loc, weight, ArrayRef<int64_t>{0});
    Value all = b.create<vector::BroadcastOp>(
        loc, VectorType::get({lanes}, form.weightType), weight);
    splat = widen(all);
  }
  loop(this->number(0), arguments[5], 1,
       {arguments[1], arguments[2], arguments[3], arguments[4]},
       [&](Value, ValueRange now) -> SmallVector<Value> {
         Place next = emitSlice(form, {now[0], now[1], now[2], now[3]},
                                arguments[0], splat);
         return {next.index, next.weight, next.bias, next.target};
       });
  finish();
}

/// `NAME_few_runs(values)`: the whole network.
void FewCode::emitRuns() {
  for (unsigned form = 0; form < few.forms.size(); ++form)
    emitForm(form);
  auto op = function(name("few_runs"), {pointerType}, {});
  Value values = op.getArgument(0);
  Value table = addressOf(names.stream("few_runs"));
  Value streams[] = {addressOf(names.stream("few_indices")),
                     addressOf(names.stream("few_weights")),
                     addressOf(names.stream("few_biases"))};
  auto callForm = [&](unsigned form, ValueRange field) {
    SmallVector<Value> operands = {values};
    for (unsigned s = 0; s < 3; ++s)
      operands.push_back(at(streams[s], field[3 + s]));
    operands.push_back(at(values, times(field[2], valueBytes)));
    operands.push_back(field[1]);
    call(formName(form), {}, operands);
  };
  dispatch(table, number(0), number(few.runs.size()), 6, few.forms.size(),
           callForm);
  finish();
}

void FewCode::emitOutputs(Value y, Value values) {
  uint64_t outputs = few.outputSlots.size();
  bool isDense = true;
  for (uint64_t n = 1; n < outputs; ++n)
    isDense &= few.outputSlots[n] == few.outputSlots[0] + n;
  if (outputs && isDense) {
    b.create<LLVM::MemcpyOp>(
        loc, y, at(values, int64_t(few.outputSlots[0]) * valueBytes),
        number(outputs * valueBytes), /*isVolatile=*/false);
    return;
  }
  Value table = addressOf(names.stream("few_outputs"));
  loop(number(0), number(outputs), 1, [&](Value output) {
    Value slot = loadScalar(b.getI32Type(), at(table, times(output, 4)));
    Value value =
        load(valueType, at(values, times(slot, valueBytes)), valueBytes);
    store(value, at(y, times(output, valueBytes)), valueBytes);
  });
}

/// `NAME_few(x, xStride, y, yStride, count, workspace)`; inputs that the call
/// does not have repeat the last one.
void FewCode::emit() {
  emitRuns();
  auto op = function(
      name("few"), {pointerType, i64, pointerType, i64, i64, pointerType}, {});
  auto arguments = op.getArguments();
  Value values = at(arguments[5], stateBytes), count = arguments[4];
  auto rowOf = [&](unsigned base, Value n) {
    return at(arguments[base],
              times(times(n, arguments[base + 1]), valueBytes));
  };
  Value last = add(count, number(-1));
  for (unsigned n = 0; n < inputs; ++n)
    b.create<LLVM::MemcpyOp>(loc, at(values, n * pitch),
                             rowOf(0, least(number(n), last)),
                             number(packed.inputSlots.size() * valueBytes),
                             /*isVolatile=*/false);
  call(name("few_runs"), {}, {values});
  loop(number(0), count, 1,
       [&](Value n) { emitOutputs(rowOf(2, n), at(values, times(n, pitch))); });
  finish();
}

bool spada::sparse::hasFewCode(const PackedNetwork &packed, VectorSet set) {
  return packed.few.most > 0 && set == VectorSet::AVX512;
}

int64_t spada::sparse::fewBytes(const PackedNetwork &packed) {
  return packed.few.most ? 4 * inputPitch(packed) : 0;
}

void spada::sparse::emitFewCode(ModuleOp module, const CodeNames &names,
                                const PackedNetwork &packed, VectorSet set,
                                unsigned inputs) {
  FewCode(module, names, packed, set, inputs).emit();
}
