//===- Staging.cpp - arguments with the wrong axis contiguous -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sweeps over levels want unit stride on I. Where the caller's arrays have it
// on K, a tile copies what it reads to buffers, turned around, and copies back
// what it writes. Only what the boundary of a field allows is touched.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Copies.h"
#include "lib/Conversion/StencilToAffine/Transpose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

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

/// The part of `field` on `axis` that a tile copies.
std::pair<Value, Value> TileEmitter::stagedRange(Value field, unsigned axis,
                                                 bool back) {
  return emitTouched(b, plan, field, axis, back, symbolOperands());
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
