//===- FloatCode.cpp - arithmetic of f32 values, written short ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// See Functions.h.
//
//===----------------------------------------------------------------------===//

#include "Functions.h"

#include <limits>

using namespace mlir;
using namespace spada;

Value FloatCode::number(double value) {
  return b.create<arith::ConstantOp>(
      loc, b.getF32FloatAttr(static_cast<float>(value)));
}

Value FloatCode::infinity() {
  return number(std::numeric_limits<float>::infinity());
}

Value FloatCode::less(Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, x, y);
}

Value FloatCode::notAbove(Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLE, x, y);
}

Value FloatCode::equal(Value x, Value y) {
  return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OEQ, x, y);
}

Value FloatCode::differ(Value x, Value y) {
  return b.create<arith::XOrIOp>(loc, x, y);
}

Value FloatCode::isNot(Value x) {
  return differ(x, b.create<arith::ConstantOp>(loc, b.getBoolAttr(true)));
}

Value FloatCode::both(Value x, Value y) {
  return b.create<arith::AndIOp>(loc, x, y);
}

Value FloatCode::choose(Value c, Code yes, Code no) {
  auto branch = b.create<scf::IfOp>(loc, b.getF32Type(), c, true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  b.create<scf::YieldOp>(loc, yes());
  b.setInsertionPointToStart(branch.elseBlock());
  b.create<scf::YieldOp>(loc, no());
  return branch.getResult(0);
}

SmallVector<Value>
FloatCode::repeat(ValueRange state, function_ref<Value(ValueRange)> test,
                  function_ref<SmallVector<Value>(ValueRange)> step) {
  auto loop = b.create<scf::WhileOp>(loc, state.getTypes(), state);
  SmallVector<Location> locs(state.size(), loc);
  OpBuilder::InsertionGuard guard(b);
  Block *before = b.createBlock(&loop.getBefore(), {}, state.getTypes(), locs);
  b.create<scf::ConditionOp>(loc, test(before->getArguments()),
                             before->getArguments());
  Block *after = b.createBlock(&loop.getAfter(), {}, state.getTypes(), locs);
  b.create<scf::YieldOp>(loc, step(after->getArguments()));
  return SmallVector<Value>(loop.getResults());
}

Value FloatCode::polynomial(Value x, ArrayRef<float> c) {
  Value sum = number(c.back());
  for (float term : llvm::reverse(c.drop_back()))
    sum = add(mul(sum, x), number(term));
  return sum;
}

Value FloatCode::withSign(Value value, Value sign) {
  return select(less(sign, number(0)), neg(value), value);
}
