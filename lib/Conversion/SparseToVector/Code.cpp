//===- Code.cpp - the pieces that code is made of -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

using namespace mlir;
using namespace spada::sparse;

Value CodeBuilder::at(Value base, Value bytes) {
  return b.create<LLVM::GEPOp>(loc, pointerType, b.getI8Type(), base,
                               ArrayRef<LLVM::GEPArg>{bytes});
}

Value CodeBuilder::load(Type type, Value address, unsigned alignment) {
  return b.create<LLVM::LoadOp>(loc, type, address, alignment);
}

void CodeBuilder::store(Value value, Value address, unsigned alignment) {
  b.create<LLVM::StoreOp>(loc, value, address, alignment);
}

SmallVector<Value> CodeBuilder::loop(Value from, Value to, int64_t step,
                                     ArrayRef<Value> carried, LoopBody body) {
  auto op = b.create<scf::ForOp>(loc, from, to, number(step), carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(op.getBody());
  SmallVector<Value> next = body(op.getInductionVar(), op.getRegionIterArgs());
  b.setInsertionPointToEnd(op.getBody());
  if (!op.getBody()->mightHaveTerminator())
    b.create<scf::YieldOp>(loc, next);
  return op.getResults();
}

void CodeBuilder::loop(Value from, Value to, int64_t step,
                       function_ref<void(Value)> body) {
  loop(from, to, step, {}, [&](Value variable, ValueRange) {
    body(variable);
    return SmallVector<Value>{};
  });
}

void CodeBuilder::dispatch(
    Value table, Value from, Value to, unsigned fields, unsigned forms,
    llvm::function_ref<void(unsigned, mlir::ValueRange)> body) {
  loop(from, to, 1, [&](Value run) {
    Value entry = at(table, times(run, int64_t(fields) * 8));
    SmallVector<Value> numbers;
    for (int64_t f = 0; f < fields; ++f)
      numbers.push_back(load(i64, at(entry, f * 8), 8));
    SmallVector<int64_t> cases = llvm::to_vector(llvm::seq<int64_t>(0, forms));
    Value which =
        b.create<arith::IndexCastOp>(loc, b.getIndexType(), numbers[0]);
    auto choice =
        b.create<scf::IndexSwitchOp>(loc, TypeRange{}, which, cases, forms);
    OpBuilder::InsertionGuard guard(b);
    for (auto [form, region] : llvm::enumerate(choice.getCaseRegions())) {
      b.createBlock(&region);
      body(form, numbers);
      b.create<scf::YieldOp>(loc);
    }
    b.createBlock(&choice.getDefaultRegion());
    b.create<scf::YieldOp>(loc);
  });
}

func::FuncOp CodeBuilder::function(const std::string &name,
                                   ArrayRef<Type> arguments,
                                   ArrayRef<Type> results) {
  b.setInsertionPointToEnd(module.getBody());
  auto function =
      b.create<func::FuncOp>(loc, name, b.getFunctionType(arguments, results));
  b.setInsertionPointToStart(function.addEntryBlock());
  return function;
}

Value CodeBuilder::call(const std::string &name, ArrayRef<Type> results,
                        ValueRange operands) {
  if (!module.lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    SmallVector<Type> types(operands.getTypes());
    b.create<func::FuncOp>(loc, name, b.getFunctionType(types, results))
        .setPrivate();
  }
  auto call = b.create<func::CallOp>(loc, name, results, operands);
  return results.empty() ? Value() : call.getResult(0);
}
