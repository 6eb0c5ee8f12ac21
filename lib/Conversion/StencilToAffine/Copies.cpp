//===- Copies.cpp - tiles on copies of their arguments --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A copy holds what the tile touches of a field and lies in the tile's scratch.
// The tile gets it as an array of the whole domain: the address where the first
// point of the domain would be, though that may lie outside of the copy.
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

/// Rows of copies start at multiples of this: one cache line, one vector.
static constexpr int64_t alignment = 64;

std::pair<Value, Value> spada::cpu::emitTouched(OpBuilder &b, const Plan &plan,
                                                Value field, unsigned axis,
                                                bool back, ValueRange symbols) {
  ProgramOp program = plan.program;
  Location loc = program.getLoc();
  const FieldFacts &facts = plan.fields.find(field)->second;
  AffineExpr low = b.getAffineSymbolExpr(3 + axis),
             high = b.getAffineSymbolExpr(6 + axis);
  if (axis == 2) {
    low = low + facts.levelLo;
    high = high + facts.levelHi;
  } else if (!back) {
    low = low + facts.halo.lo[axis];
    high = high + facts.halo.hi[axis];
  }
  SmallVector<AffineExpr> lower = {low}, upper = {high};
  unsigned number = cast<BlockArgument>(field).getArgNumber();
  if (BoundaryAttr halo = program.getArgBoundary(number)) {
    const int64_t below[] = {halo.getILower(), halo.getJLower(),
                             halo.getKLower()};
    const int64_t above[] = {halo.getIUpper(), halo.getJUpper(),
                             halo.getKUpper()};
    lower.push_back(b.getAffineConstantExpr(-below[axis]));
    upper.push_back(b.getAffineSymbolExpr(axis) + above[axis]);
  }
  return {b.create<affine::AffineMaxOp>(
              loc, AffineMap::get(0, 9, lower, b.getContext()), symbols),
          b.create<affine::AffineMinOp>(
              loc, AffineMap::get(0, 9, upper, b.getContext()), symbols)};
}

bool spada::cpu::runsOnCopies(const Plan &plan, CpuVersion version) {
  return version == CpuVersion::Any && canStage(plan);
}

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

/// Three axes, J, I and K, of any strides.
static MemRefType boxType(Type element) {
  SmallVector<int64_t> dynamic(3, ShapedType::kDynamic);
  auto layout = StridedLayoutAttr::get(element.getContext(),
                                       ShapedType::kDynamic, dynamic);
  return MemRefType::get(dynamic, element, layout);
}

namespace {
/// Builds `to[j][i][k] = from[j][i][k]`.
class BoxBuilder {
public:
  BoxBuilder(func::FuncOp function, Type element)
      : function(function), element(element), b(function.getContext()),
        loc(function.getLoc()) {}

  void build();

private:
  using Metadata = memref::ExtractStridedMetadataOp;
  Value constant(int64_t value) {
    return b.create<arith::ConstantIndexOp>(loc, value);
  }
  Value emitLoop(Value count);
  Value emitMatrix(Metadata data, Value number, unsigned rowAxis,
                   unsigned columnAxis);
  /// Turns planes around if `source` has unit stride in `from` and `target` has
  /// it in `to`. Leaves the builder where they have not.
  void emitTurned(Metadata from, Metadata to, unsigned source, unsigned target);
  void emitSingly();

  func::FuncOp function;
  Type element;
  OpBuilder b;
  Location loc;
  std::array<Value, 3> size;
};
} // namespace

/// Leaves the builder inside.
Value BoxBuilder::emitLoop(Value count) {
  auto loop = b.create<scf::ForOp>(loc, constant(0), count, constant(1));
  b.setInsertionPointToStart(loop.getBody());
  return loop.getInductionVar();
}

/// Plane `number` of `data`: rows along `columnAxis`, one for each point of
/// `rowAxis`.
Value BoxBuilder::emitMatrix(Metadata data, Value number, unsigned rowAxis,
                             unsigned columnAxis) {
  Value stride = data.getStrides()[3 - rowAxis - columnAxis];
  Value offset = b.create<arith::AddIOp>(
      loc, data.getOffset(), b.create<arith::MulIOp>(loc, number, stride));
  SmallVector<OpFoldResult> strides = {data.getStrides()[rowAxis],
                                       b.getIndexAttr(1)};
  SmallVector<OpFoldResult> shape = {size[rowAxis], size[columnAxis]};
  return b.create<memref::ReinterpretCastOp>(
      loc, matrixType(element), data.getBaseBuffer(), OpFoldResult(offset),
      shape, strides);
}

void BoxBuilder::emitTurned(Metadata from, Metadata to, unsigned source,
                            unsigned target) {
  auto isUnit = [&](Value stride) -> Value {
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, stride,
                                   constant(1));
  };
  Value both = b.create<arith::AndIOp>(loc, isUnit(from.getStrides()[source]),
                                       isUnit(to.getStrides()[target]));
  auto choice = b.create<scf::IfOp>(loc, both, /*withElseRegion=*/true);
  b.setInsertionPointToStart(choice.thenBlock());
  Value number = emitLoop(size[3 - source - target]);
  Value first = emitMatrix(from, number, target, source);
  Value second = emitMatrix(to, number, source, target);
  func::FuncOp turn =
      getTranspose(function->getParentOfType<ModuleOp>(), element);
  // The next column often follows in memory.
  Value ahead = source == 2 ? size[2] : constant(0);
  b.create<func::CallOp>(
      loc, turn, ValueRange{first, second, size[target], size[source], ahead});
  b.setInsertionPointToStart(choice.elseBlock());
}

void BoxBuilder::emitSingly() {
  Block *body = &function.getBody().front();
  Value k = emitLoop(size[2]), j = emitLoop(size[0]), i = emitLoop(size[1]);
  Value value =
      b.create<memref::LoadOp>(loc, body->getArgument(0), ValueRange{j, i, k});
  b.create<memref::StoreOp>(loc, value, body->getArgument(1),
                            ValueRange{j, i, k});
}

void BoxBuilder::build() {
  Block *body = function.addEntryBlock();
  b.setInsertionPointToStart(body);
  for (unsigned axis = 0; axis < 3; ++axis)
    size[axis] = body->getArgument(2 + axis);
  auto from = b.create<Metadata>(loc, body->getArgument(0));
  auto to = b.create<Metadata>(loc, body->getArgument(1));
  b.create<func::ReturnOp>(loc);
  b.setInsertionPoint(body->getTerminator());
  for (unsigned axis : {2, 0}) {
    emitTurned(from, to, axis, 1);
    emitTurned(from, to, 1, axis);
  }
  emitSingly();
}

/// The function that copies boxes of `element`s. It takes both and their sizes.
static func::FuncOp getBoxCopy(ModuleOp module, Type element) {
  return getViewFunction(
      module, "spada_copy", element, boxType(element),
      [&](func::FuncOp function) { BoxBuilder(function, element).build(); });
}

//===----------------------------------------------------------------------===//
// Copies of a tile
//===----------------------------------------------------------------------===//

CopyEmitter::CopyEmitter(const Plan &plan, OpBuilder builder)
    : plan(plan), b(builder), loc(builder.getUnknownLoc()) {
  ProgramOp program = plan.program;
  loc = program.getLoc();
}

Value CopyEmitter::constant(int64_t value) {
  return b.create<arith::ConstantIndexOp>(loc, value);
}
Value CopyEmitter::add(Value x, Value y) {
  return b.create<arith::AddIOp>(loc, x, y);
}
Value CopyEmitter::sub(Value x, Value y) {
  return b.create<arith::SubIOp>(loc, x, y);
}
Value CopyEmitter::mul(Value x, Value y) {
  return b.create<arith::MulIOp>(loc, x, y);
}

/// Without axis I there is no stride that has to be one.
bool CopyEmitter::isCopied(Value field) const {
  const FieldFacts &facts = plan.fields.find(field)->second;
  return !facts.temporary && (facts.isRead || facts.isWritten) &&
         facts.type.hasI();
}

CopyEmitter::Shape CopyEmitter::emitShape(Value field,
                                          const std::array<Value, 3> &width) {
  const FieldFacts &facts = plan.fields.find(field)->second;
  int64_t bytes = bytesOf(facts.type.getElementType());
  int64_t lanes = alignment / bytes;
  Shape shape;
  shape.pad = llvm::divideCeil(-facts.halo.lo[0], lanes) * lanes;
  AffineExpr row = b.getAffineSymbolExpr(0) + (facts.halo.hi[0] + shape.pad);
  shape.row = b.create<affine::AffineApplyOp>(
      loc, AffineMap::get(0, 1, row.ceilDiv(lanes) * lanes),
      ValueRange{width[0]});
  shape.rows = shape.levels = constant(1);
  if (facts.type.hasJ())
    shape.rows = add(width[1], constant(facts.halo.hi[1] - facts.halo.lo[1]));
  if (facts.type.hasK())
    shape.levels = add(width[2], constant(facts.levelHi - facts.levelLo));
  for (int64_t count : facts.type.getDataDims())
    bytes *= count;
  // The same points of all copies in as many sets of the first-level cache.
  shape.bytes =
      add(mul(mul(shape.row, constant(bytes)), mul(shape.rows, shape.levels)),
          constant(5 * alignment));
  return shape;
}

Value CopyEmitter::emitScratchBytes(const std::array<Value, 3> &width) {
  Value total = constant(0);
  for (const auto &[field, facts] : plan.fields)
    if (isCopied(field))
      total = add(total, emitShape(field, width).bytes);
  return total;
}

/// The copy that lies `start` bytes after the begin of the scratch.
CopyEmitter::View CopyEmitter::viewOfCopy(Value field, const Shape &shape,
                                          Value start) {
  const FieldFacts &facts = plan.fields.find(field)->second;
  Type element = storedType(facts.type.getElementType());
  View view;
  view.offset = constant(0);
  Value plane = mul(shape.row, shape.rows);
  Value first = sub(constant(shape.pad), symbols[3]);
  auto addAxis = [&](unsigned axis, Value stride, int64_t lo) {
    view.strides[axis] = stride;
    Value before = sub(constant(-lo), symbols[3 + axis]);
    first = add(first, mul(before, stride));
  };
  view.strides[0] = constant(1);
  if (facts.type.hasJ())
    addAxis(1, shape.row, facts.halo.lo[1]);
  if (facts.type.hasK())
    addAxis(2, plane, facts.levelLo);
  Value stride = mul(plane, shape.levels);
  for (int64_t count : llvm::reverse(facts.type.getDataDims())) {
    view.dataStrides.insert(view.dataStrides.begin(), stride);
    stride = mul(stride, constant(count));
  }
  Value shift = add(start, mul(first, constant(bytesOf(element))));
  view.memory = b.create<memref::ViewOp>(
      loc, MemRefType::get({ShapedType::kDynamic}, element), scratch, shift,
      ValueRange{stride});
  return view;
}

CopyEmitter::View CopyEmitter::viewOfArray(Value field) {
  unsigned number = cast<BlockArgument>(field).getArgNumber();
  auto type = cast<FieldType>(field.getType());
  auto data = b.create<memref::ExtractStridedMetadataOp>(
      loc, function.getArgument(9 + number));
  View view;
  view.memory = data.getBaseBuffer();
  view.offset = data.getOffset();
  unsigned dim = 0;
  for (unsigned axis = 0; axis < 3; ++axis)
    if (type.hasAxis(axis))
      view.strides[axis] = data.getStrides()[dim++];
  llvm::append_range(view.dataStrides, data.getStrides().drop_front(dim));
  return view;
}

/// The copy as version I takes it.
Value CopyEmitter::emitArgument(const View &copy, Value field) {
  auto type = argumentType(cast<FieldType>(field.getType()), CpuVersion::I);
  SmallVector<OpFoldResult> strides = {b.getIndexAttr(1)};
  for (Value stride : ArrayRef(copy.strides).drop_front())
    if (stride)
      strides.push_back(stride);
  llvm::append_range(strides, copy.dataStrides);
  // No access checks the size.
  SmallVector<OpFoldResult> shape(type.getRank(), OpFoldResult(symbols[0]));
  return b.create<memref::ReinterpretCastOp>(
      loc, type, copy.memory, OpFoldResult(b.getIndexAttr(0)), shape, strides);
}

/// The part of `view` from point `first` on.
Value CopyEmitter::emitBox(View view, const std::array<Value, 3> &first,
                           const std::array<Value, 3> &sizes) {
  SmallVector<OpFoldResult> strides, shape;
  for (unsigned axis : {1, 0, 2}) {
    Value stride = view.strides[axis];
    if (stride)
      view.offset = add(view.offset, mul(first[axis], stride));
    strides.push_back(stride ? stride : constant(0));
    shape.push_back(sizes[axis]);
  }
  Type element = cast<MemRefType>(view.memory.getType()).getElementType();
  return b.create<memref::ReinterpretCastOp>(loc, boxType(element), view.memory,
                                             OpFoldResult(view.offset), shape,
                                             strides);
}

void CopyEmitter::emitMove(Value field, View from, View to, bool back) {
  auto type = cast<FieldType>(field.getType());
  std::array<Value, 3> first, sizes;
  for (unsigned axis = 0; axis < 3; ++axis) {
    first[axis] = constant(0);
    sizes[axis] = constant(1);
    if (!type.hasAxis(axis))
      continue;
    auto [low, high] = emitTouched(b, plan, field, axis, back, symbols);
    first[axis] = low;
    sizes[axis] = sub(high, low);
  }
  OpBuilder::InsertionGuard guard(b);
  for (auto [dim, count] : llvm::enumerate(type.getDataDims())) {
    auto loop =
        b.create<scf::ForOp>(loc, constant(0), constant(count), constant(1));
    b.setInsertionPointToStart(loop.getBody());
    for (View *view : {&from, &to})
      view->offset = add(view->offset,
                         mul(loop.getInductionVar(), view->dataStrides[dim]));
  }
  Value source = emitBox(from, first, sizes),
        target = emitBox(to, first, sizes);
  func::FuncOp copy = getBoxCopy(function->getParentOfType<ModuleOp>(),
                                 storedType(type.getElementType()));
  b.create<func::CallOp>(
      loc, copy, ValueRange{source, target, sizes[1], sizes[0], sizes[2]});
}

void CopyEmitter::emit(func::FuncOp tile, func::FuncOp inner) {
  function = tile;
  Block *body = tile.addEntryBlock();
  b.setInsertionPointToStart(body);
  symbols = body->getArguments().take_front(9);
  scratch = body->getArguments().back();
  std::array<Value, 3> width;
  for (unsigned axis = 0; axis < 3; ++axis)
    width[axis] = sub(symbols[6 + axis], symbols[3 + axis]);
  SmallVector<Value> operands(body->getArguments());
  llvm::SmallVector<std::tuple<Value, View, View>> written;
  Value start = constant(0);
  for (const auto &[field, facts] : plan.fields) {
    if (!isCopied(field))
      continue;
    Shape shape = emitShape(field, width);
    View copy = viewOfCopy(field, shape, start), array = viewOfArray(field);
    start = add(start, shape.bytes);
    emitMove(field, array, copy, /*back=*/false);
    operands[9 + cast<BlockArgument>(field).getArgNumber()] =
        emitArgument(copy, field);
    if (facts.isWritten)
      written.push_back({field, copy, array});
  }
  Value rest = sub(b.create<memref::DimOp>(loc, scratch, 0), start);
  operands.back() =
      b.create<memref::ViewOp>(loc, cast<MemRefType>(scratch.getType()),
                               scratch, start, ValueRange{rest});
  // Nobody touches what is left with other strides.
  for (auto [operand, type] : llvm::zip(operands, inner.getArgumentTypes()))
    if (operand.getType() != type)
      operand = b.create<memref::CastOp>(loc, type, operand);
  b.create<func::CallOp>(loc, inner, operands);
  for (auto [field, copy, array] : written)
    emitMove(field, copy, array, /*back=*/true);
  b.create<func::ReturnOp>(loc);
}
