//===- Staging.cpp - arguments with the wrong axis contiguous -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sweeps over levels want unit stride on I. Where the caller's arrays have it
// on K, a tile copies what it reads to buffers, turned around, and copies back
// what it writes. Only what the boundary of a field allows is touched.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Tile.h"

#include "spada/Conversion/VectorTranspose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

bool spada::cpu::canStage(const Plan &plan) {
  return llvm::none_of(plan.fields, [](const auto &entry) {
    const FieldFacts &facts = entry.second;
    return !facts.temporary && facts.hasDynamicLevel;
  });
}

bool spada::cpu::isStaged(const Plan &plan, CpuVersion version) {
  return version == CpuVersion::K && !plan.isParallel;
}

bool TileEmitter::isStagedField(Value field) const {
  const FieldFacts &facts = plan.fields.find(field)->second;
  return staged && !facts.temporary && (facts.isRead || facts.isWritten) &&
         facts.type.hasI() && facts.type.hasK() &&
         facts.type.getDataDims().empty();
}

//===----------------------------------------------------------------------===//
// Turning blocks around
//===----------------------------------------------------------------------===//

static constexpr int64_t vectorBytes = 64;

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
  int64_t lanes = vectorBytes / bytesOf(element);
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
  int64_t lanes = vectorBytes / bytesOf(element);
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

/// A matrix with unit stride on its second axis.
static MemRefType matrixType(Type element) {
  auto layout = StridedLayoutAttr::get(
      element.getContext(), ShapedType::kDynamic, {ShapedType::kDynamic, 1});
  return MemRefType::get({ShapedType::kDynamic, ShapedType::kDynamic}, element,
                         layout);
}

/// The function that turns matrices of `element`s around, made when needed.
static func::FuncOp getTranspose(ModuleOp module, Type element) {
  std::string name;
  llvm::raw_string_ostream(name) << "spada_transpose_" << element;
  if (auto known = module.lookupSymbol<func::FuncOp>(name))
    return known;
  OpBuilder b(module.getBodyRegion());
  Type matrix = matrixType(element), index = b.getIndexType();
  auto function = b.create<func::FuncOp>(
      module.getLoc(), name,
      b.getFunctionType({matrix, matrix, index, index, index}, {}));
  function.setPrivate();
  TransposeBuilder(function, element).build();
  return function;
}

//===----------------------------------------------------------------------===//
// Copies of a tile
//===----------------------------------------------------------------------===//

/// The part of `field` on `axis` that a tile copies.
std::pair<Value, Value> TileEmitter::stagedRange(Value field, unsigned axis,
                                                 bool back) {
  Location loc = plan.program.getLoc();
  const FieldFacts &facts = plan.fields.find(field)->second;
  const Buffer &buffer = buffers.find(field)->second;
  AffineExpr low = beginSymbol(axis), high = endSymbol(axis);
  if (axis == 2) {
    low = low + buffer.levelLo;
    high = high + buffer.levelHi;
  } else if (!back) {
    low = low + facts.halo.lo[axis];
    high = high + facts.halo.hi[axis];
  }
  SmallVector<AffineExpr> lower = {low}, upper = {high};
  unsigned number = cast<BlockArgument>(field).getArgNumber();
  if (BoundaryAttr halo = plan.program.getArgBoundary(number)) {
    const int64_t below[] = {halo.getILower(), halo.getJLower(),
                             halo.getKLower()};
    const int64_t above[] = {halo.getIUpper(), halo.getJUpper(),
                             halo.getKUpper()};
    lower.push_back(getAffineConstantExpr(-below[axis], context()));
    upper.push_back(sizeSymbol(axis) + above[axis]);
  }
  SmallVector<Value> symbols = symbolOperands();
  return {b.create<affine::AffineMaxOp>(
              loc, AffineMap::get(0, 9, lower, context()), symbols),
          b.create<affine::AffineMinOp>(
              loc, AffineMap::get(0, 9, upper, context()), symbols)};
}

/// The matrix of `memory` that starts at `indices`.
Value TileEmitter::emitMatrix(Value memory, ArrayRef<Value> indices,
                              unsigned rowDim, ArrayRef<Value> sizes) {
  Location loc = plan.program.getLoc();
  auto data = b.create<memref::ExtractStridedMetadataOp>(loc, memory);
  Value offset = data.getOffset();
  for (auto [index, stride] : llvm::zip(indices, data.getStrides()))
    offset = b.create<arith::AddIOp>(
        loc, offset, b.create<arith::MulIOp>(loc, index, stride));
  Type element = cast<MemRefType>(memory.getType()).getElementType();
  SmallVector<OpFoldResult> strides = {data.getStrides()[rowDim],
                                       b.getIndexAttr(1)};
  SmallVector<OpFoldResult> shape(sizes.begin(), sizes.end());
  return b.create<memref::ReinterpretCastOp>(
      loc, matrixType(element), data.getBaseBuffer(), OpFoldResult(offset),
      shape, strides);
}

/// Copies `field` to its buffer, or back.
void TileEmitter::emitStaging(Value field, bool back) {
  Location loc = plan.program.getLoc();
  const Buffer &buffer = buffers.find(field)->second;
  bool hasJ = cast<FieldType>(field.getType()).hasJ();
  auto sub = [&](Value x, Value y) -> Value {
    return b.create<arith::SubIOp>(loc, x, y);
  };
  auto constant = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, value);
  };
  auto [iBegin, iEnd] = stagedRange(field, 0, back);
  auto [kBegin, kEnd] = stagedRange(field, 2, back);
  Value width = sub(iEnd, iBegin), levels = sub(kEnd, kBegin);
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Value> from = {iBegin}, to;
  to.push_back(sub(sub(kBegin, arguments.begin[2]), constant(buffer.levelLo)));
  if (hasJ) {
    auto [jBegin, jEnd] = stagedRange(field, 1, back);
    auto rows = b.create<scf::ForOp>(loc, jBegin, jEnd, constant(1));
    b.setInsertionPointToStart(rows.getBody());
    Value j = rows.getInductionVar();
    from.push_back(j);
    to.push_back(sub(sub(j, arguments.begin[1]), constant(buffer.halo.lo[1])));
  } else {
    to.push_back(constant(-buffer.halo.lo[1]));
  }
  from.push_back(kBegin);
  to.push_back(
      sub(sub(iBegin, arguments.begin[0]), constant(-buffer.innerPad)));
  Value theirs = emitMatrix(memories.lookup(field), from, 0, {width, levels});
  Value ours = emitMatrix(buffer.memory, to, 0, {levels, width});
  Type element = cast<MemRefType>(buffer.memory.getType()).getElementType();
  func::FuncOp turn =
      getTranspose(function->getParentOfType<ModuleOp>(), element);
  // The next column often follows in memory.
  SmallVector<Value> operands = {theirs, ours, width, levels, levels};
  if (back)
    operands = {ours, theirs, levels, width, constant(0)};
  b.create<func::CallOp>(loc, turn, operands);
}

void TileEmitter::emitAllStaging(bool back) {
  for (const auto &[field, facts] : plan.fields)
    if (isStagedField(field) && (!back || facts.isWritten))
      emitStaging(field, back);
}
