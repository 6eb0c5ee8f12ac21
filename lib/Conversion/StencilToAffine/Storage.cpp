//===- Storage.cpp - scratch memory of a tile -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Shapes and addresses of the buffers that hold temporaries, and copies of
// arguments, while a tile runs. All of them lie in one piece of memory.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Tile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

/// Rows and buffers start at multiples of this: one cache line, one vector.
static constexpr int64_t alignment = 64;

/// The axis on which a version goes step by step through the caller's arrays.
static unsigned unitAxis(CpuVersion version) {
  switch (version) {
  case CpuVersion::I:
  case CpuVersion::Any:
    return 0;
  case CpuVersion::J:
    return 1;
  case CpuVersion::K:
    return 2;
  }
  return 0;
}

Type spada::cpu::storedType(Type type) {
  return type.isInteger(1) ? IntegerType::get(type.getContext(), 8) : type;
}

unsigned spada::cpu::bytesOf(Type type) {
  return std::max(1u, type.getIntOrFloatBitWidth() / 8);
}

unsigned spada::cpu::innerAxis(const Plan &plan, CpuVersion version) {
  return isStaged(plan, version) ? 0 : unitAxis(version);
}

int64_t spada::cpu::writtenVectorBytes(const Plan &plan, CpuVersion version,
                                       const StencilToAffineOptions &options) {
  if (version == CpuVersion::I || (version == CpuVersion::K && plan.isParallel))
    return options.vectorBytes;
  // Of planes there are no copies whose rows have unit stride.
  bool hasPlanes = llvm::any_of(plan.fields, [](const auto &entry) {
    const FieldFacts &facts = entry.second;
    return !facts.temporary && facts.type.hasI() && !facts.type.hasK();
  });
  return isStaged(plan, version) && !hasPlanes ? options.vectorBytes : 0;
}

MemRefType spada::cpu::argumentType(FieldType type, CpuVersion version) {
  SmallVector<int64_t> strides;
  for (unsigned axis = 0; axis < 3; ++axis)
    if (type.hasAxis(axis)) {
      bool isUnit = axis == unitAxis(version) &&
                    (version == CpuVersion::I || version == CpuVersion::K);
      strides.push_back(isUnit ? 1 : ShapedType::kDynamic);
    }
  strides.append(type.getDataDims().size(), ShapedType::kDynamic);
  SmallVector<int64_t> shape(strides.size(), ShapedType::kDynamic);
  auto layout = StridedLayoutAttr::get(type.getContext(), 0, strides);
  return MemRefType::get(shape, storedType(type.getElementType()), layout);
}

/// The axes of a buffer from the slowest to the fastest.
static std::array<unsigned, 3> axisOrder(unsigned inner) {
  switch (inner) {
  case 0:
    return {2, 1, 0};
  case 1:
    return {2, 0, 1};
  default:
    return {0, 1, 2};
  }
}

Buffer TileEmitter::layOut(Value field) const {
  const FieldFacts &facts = plan.fields.find(field)->second;
  Buffer buffer;
  buffer.halo = facts.halo;
  buffer.hasLevels = facts.type.hasK();
  if (buffer.hasLevels && inner != 2)
    buffer.window = facts.window;
  buffer.rows = rows.windows.lookup(field);
  if (buffer.window == 0) {
    buffer.levelLo = facts.levelLo;
    buffer.levelHi = facts.levelHi;
  }
  int64_t before = inner == 2 ? -buffer.levelLo : -buffer.halo.lo[inner];
  int64_t lanes = alignment / bytesOf(facts.type.getElementType());
  buffer.innerPad = llvm::divideCeil(before, lanes) * lanes;
  return buffer;
}

std::vector<Value> TileEmitter::emitShape(Location loc, const Buffer &buffer,
                                          FieldType type,
                                          const std::array<Value, 3> &width) {
  auto constant = [&](int64_t value) -> Value {
    return b.create<arith::ConstantIndexOp>(loc, value);
  };
  std::vector<Value> shape;
  for (int64_t size : type.getDataDims())
    shape.push_back(constant(size));
  int64_t lanes = alignment / bytesOf(type.getElementType());
  for (unsigned axis : axisOrder(inner)) {
    if (axis == 2 && !buffer.hasLevels) {
      // A row of one element keeps the rank the same for every version.
      if (inner == 2)
        shape.push_back(constant(1));
      continue;
    }
    if (axis == 2 && buffer.window) {
      shape.push_back(constant(buffer.window));
      continue;
    }
    if (axis == outer && buffer.rows) {
      shape.push_back(constant(buffer.rows));
      continue;
    }
    AffineExpr size = getAffineSymbolExpr(0, context());
    size = axis == 2 ? size + (buffer.levelHi - buffer.levelLo)
                     : size + (buffer.halo.hi[axis] - buffer.halo.lo[axis]);
    if (axis == inner) {
      int64_t before = axis == 2 ? -buffer.levelLo : -buffer.halo.lo[axis];
      size = (size + (buffer.innerPad - before)).ceilDiv(lanes) * lanes;
    }
    shape.push_back(b.create<affine::AffineApplyOp>(
        loc, AffineMap::get(0, 1, size), ValueRange{width[axis]}));
  }
  return shape;
}

Value TileEmitter::emitBytes(Location loc, ValueRange shape, Type element) {
  Value bytes = b.create<arith::ConstantIndexOp>(loc, bytesOf(element));
  for (Value size : shape)
    bytes = b.create<arith::MulIOp>(loc, bytes, size);
  AffineExpr symbol = getAffineSymbolExpr(0, context());
  return b.create<affine::AffineApplyOp>(
      loc, AffineMap::get(0, 1, symbol.ceilDiv(alignment) * alignment),
      ValueRange{bytes});
}

std::vector<Value> TileEmitter::bufferedFields() const {
  std::vector<Value> fields;
  for (const auto &[field, facts] : plan.fields)
    if (isStagedField(field) ||
        (facts.temporary && (facts.isRead || facts.isWritten)))
      fields.push_back(field);
  return fields;
}

Value TileEmitter::emitScratchBytes(Location loc,
                                    const std::array<Value, 3> &width) {
  Value total = b.create<arith::ConstantIndexOp>(loc, 0);
  for (Value field : bufferedFields()) {
    FieldType type = cast<FieldType>(field.getType());
    std::vector<Value> shape = emitShape(loc, layOut(field), type, width);
    Value bytes = emitBytes(loc, shape, storedType(type.getElementType()));
    total = b.create<arith::AddIOp>(loc, total, bytes);
  }
  return total;
}

void TileEmitter::emitBuffers() {
  std::array<Value, 3> width;
  Location loc = plan.program.getLoc();
  for (unsigned axis = 0; axis < 3; ++axis)
    width[axis] = b.create<arith::SubIOp>(loc, arguments.end[axis],
                                          arguments.begin[axis]);
  Value offset = b.create<arith::ConstantIndexOp>(loc, 0);
  for (Value field : bufferedFields()) {
    const FieldFacts &facts = plan.fields.find(field)->second;
    Type element = storedType(facts.type.getElementType());
    Buffer buffer = layOut(field);
    std::vector<Value> shape = emitShape(loc, buffer, facts.type, width);
    SmallVector<int64_t> sizes(shape.size(), ShapedType::kDynamic);
    buffer.memory = b.create<memref::ViewOp>(
        loc, MemRefType::get(sizes, element), arguments.scratch, offset, shape);
    Value bytes = emitBytes(loc, shape, element);
    offset = b.create<arith::AddIOp>(loc, offset, bytes);
    buffers[field] = buffer;
    if (facts.temporary && facts.needsClear)
      emitClear(loc, buffer.memory);
  }
}

void TileEmitter::emitClear(Location loc, Value memory) {
  auto type = cast<MemRefType>(memory.getType());
  SmallVector<AffineMap> lower, upper;
  SmallVector<Value> sizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    lower.push_back(b.getConstantAffineMap(0));
    upper.push_back(
        AffineMap::get(0, type.getRank(), getAffineSymbolExpr(dim, context())));
    sizes.push_back(b.create<memref::DimOp>(loc, memory, dim));
  }
  auto loop = b.create<affine::AffineParallelOp>(
      loc, TypeRange{}, ArrayRef<arith::AtomicRMWKind>{}, lower, ValueRange{},
      upper, sizes, SmallVector<int64_t>(type.getRank(), 1));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value zero =
      b.create<arith::ConstantOp>(loc, b.getZeroAttr(type.getElementType()));
  b.create<affine::AffineStoreOp>(loc, zero, memory, loop.getIVs());
}
