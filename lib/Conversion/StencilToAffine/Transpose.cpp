//===- Transpose.cpp - matrices turned around -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Blocks are turned around in registers, what is left over element by element.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Transpose.h"

#include "lib/Conversion/StencilToAffine/Tile.h"
#include "spada/Conversion/VectorTranspose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;

/// One row of a block.
static constexpr int64_t blockBytes = 64;

namespace {
/// Builds `to[c][r] = from[r][c]`, both with unit stride on their last axis.
class TransposeBuilder {
public:
  TransposeBuilder(func::FuncOp function, Type element)
      : function(function), element(element), b(function.getContext()),
        loc(function.getLoc()) {}

  void build();

private:
  Value constant(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  Value shifted(Value index, int64_t by) {
    return b.create<arith::AddIOp>(loc, index, constant(by));
  }
  /// Loops over all elements in steps of `step`, with the builder left inside.
  std::pair<Value, Value> emitLoops(int64_t step);
  void emitBlocks();

  func::FuncOp function;
  Type element;
  OpBuilder b;
  Location loc;
  Value from, to, rows, columns, ahead;
};
} // namespace

std::pair<Value, Value> TransposeBuilder::emitLoops(int64_t step) {
  Value zero = constant(0), stride = constant(step);
  auto outer = b.create<scf::ForOp>(loc, zero, rows, stride);
  b.setInsertionPointToStart(outer.getBody());
  auto inner = b.create<scf::ForOp>(loc, zero, columns, stride);
  b.setInsertionPointToStart(inner.getBody());
  return {outer.getInductionVar(), inner.getInductionVar()};
}

/// The last blocks overlap the ones before them. What comes `ahead` columns
/// later is asked for.
void TransposeBuilder::emitBlocks() {
  int64_t lanes = blockBytes / bytesOf(element);
  auto [row, column] = emitLoops(lanes);
  row = b.create<arith::MinSIOp>(loc, row, shifted(rows, -lanes));
  column = b.create<arith::MinSIOp>(loc, column, shifted(columns, -lanes));
  auto type = VectorType::get({lanes}, element);
  SmallVector<Value> block;
  Value next = b.create<arith::AddIOp>(loc, column, ahead);
  for (int64_t n = 0; n < lanes; ++n)
    b.create<memref::PrefetchOp>(loc, from, ValueRange{shifted(row, n), next},
                                 /*isWrite=*/false, /*localityHint=*/2,
                                 /*isDataCache=*/true);
  for (int64_t n = 0; n < lanes; ++n)
    block.push_back(b.create<vector::LoadOp>(
        loc, type, from, ValueRange{shifted(row, n), column}));
  emitTranspose(b, loc, block);
  for (int64_t n = 0; n < lanes; ++n)
    b.create<vector::StoreOp>(loc, block[n], to,
                              ValueRange{shifted(column, n), row});
}

void TransposeBuilder::build() {
  Block *body = function.addEntryBlock();
  from = body->getArgument(0);
  to = body->getArgument(1);
  rows = body->getArgument(2);
  columns = body->getArgument(3);
  ahead = body->getArgument(4);
  b.setInsertionPointToStart(body);
  int64_t lanes = blockBytes / bytesOf(element);
  Value least = b.create<arith::MinSIOp>(loc, rows, columns);
  Value isWide = b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, least,
                                         constant(lanes));
  // Many elements to a vector take too many steps.
  if (lanes > 16)
    isWide = b.create<arith::ConstantIntOp>(loc, 0, 1);
  auto choice = b.create<scf::IfOp>(loc, isWide, /*withElseRegion=*/true);
  b.create<func::ReturnOp>(loc);
  b.setInsertionPointToStart(choice.thenBlock());
  if (lanes <= 16)
    emitBlocks();
  b.setInsertionPointToStart(choice.elseBlock());
  auto [row, column] = emitLoops(1);
  Value value = b.create<memref::LoadOp>(loc, from, ValueRange{row, column});
  b.create<memref::StoreOp>(loc, value, to, ValueRange{column, row});
}

MemRefType spada::cpu::matrixType(Type element) {
  auto layout = StridedLayoutAttr::get(
      element.getContext(), ShapedType::kDynamic, {ShapedType::kDynamic, 1});
  return MemRefType::get({ShapedType::kDynamic, ShapedType::kDynamic}, element,
                         layout);
}

func::FuncOp
spada::cpu::getViewFunction(ModuleOp module, StringRef name, Type element,
                            Type view,
                            llvm::function_ref<void(func::FuncOp)> build) {
  std::string full;
  llvm::raw_string_ostream(full) << name << "_" << element;
  if (auto known = module.lookupSymbol<func::FuncOp>(full))
    return known;
  OpBuilder b(module.getBodyRegion());
  Type index = b.getIndexType();
  auto function = b.create<func::FuncOp>(
      module.getLoc(), full,
      b.getFunctionType({view, view, index, index, index}, {}));
  function.setPrivate();
  build(function);
  return function;
}

func::FuncOp spada::cpu::getTranspose(ModuleOp module, Type element) {
  return getViewFunction(module, "spada_transpose", element,
                         matrixType(element), [&](func::FuncOp function) {
                           TransposeBuilder(function, element).build();
                         });
}
