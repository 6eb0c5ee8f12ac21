//===- Points.cpp - the code of one point ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Copies the body of a statement into its loops and turns the ops of the
// stencil dialect into loads, stores and arithmetic.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Tile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IntegerSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

void TileEmitter::emitBody(StatementOp statement) {
  SmallVector<Operation *> clones;
  IRMapping body = mapping;
  for (Operation &op : statement.getBody().front())
    clones.push_back(b.clone(op, body));
  // Fields are looked up as the program names them; variables of the point by
  // their copies.
  SmallVector<Operation *> ours;
  for (Operation *clone : clones)
    clone->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<StencilDialect>(op->getDialect()))
        ours.push_back(op);
    });
  OpBuilder::InsertionGuard guard(b);
  for (Operation *op : ours) {
    b.setInsertionPoint(op);
    lowerOp(op, statement);
  }
  for (Operation *op : llvm::reverse(ours))
    op->erase();
}

static Value lowerMod(OpBuilder &b, ModOp op) {
  Location loc = op.getLoc();
  Type type = op.getType();
  Value lhs = op.getLhs(), rhs = op.getRhs();
  Value zero = b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  if (isa<IntegerType>(type)) {
    Value rest = b.create<arith::RemSIOp>(loc, lhs, rhs);
    Value isRest =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, rest, zero);
    Value mixed = b.create<arith::XOrIOp>(loc, rest, rhs);
    Value differs =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt, mixed, zero);
    Value adjust = b.create<arith::AndIOp>(loc, isRest, differs);
    Value sum = b.create<arith::AddIOp>(loc, rest, rhs);
    return b.create<arith::SelectOp>(loc, adjust, sum, rest);
  }
  Value rest = b.create<arith::RemFOp>(loc, lhs, rhs);
  auto isBelow = [&](Value value) -> Value {
    return b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, value, zero);
  };
  Value isRest =
      b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::ONE, rest, zero);
  Value differs = b.create<arith::XOrIOp>(loc, isBelow(rest), isBelow(rhs));
  Value adjust = b.create<arith::AndIOp>(loc, isRest, differs);
  Value sum = b.create<arith::AddFOp>(loc, rest, rhs);
  return b.create<arith::SelectOp>(loc, adjust, sum, rest);
}

/// A call of a function of C's library: `name` for doubles, `namef` for floats.
static Value lowerCall(OpBuilder &b, func::FuncOp function, Operation *op,
                       StringRef name) {
  Location loc = op->getLoc();
  Type type = op->getResult(0).getType();
  Value operand = op->getOperand(0);
  Type called = type.isF64() ? type : b.getF32Type();
  if (type != called)
    operand = b.create<arith::ExtFOp>(loc, called, operand);
  std::string symbol = (name + (called.isF64() ? "" : "f")).str();
  auto module = function->getParentOfType<ModuleOp>();
  if (!module.lookupSymbol(symbol)) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    auto callee = b.create<func::FuncOp>(module.getLoc(), symbol,
                                         b.getFunctionType({called}, {called}));
    callee.setPrivate();
    callee->setAttr("llvm.readnone", b.getUnitAttr());
  }
  Value result =
      b.create<func::CallOp>(loc, symbol, called, operand).getResult(0);
  return type == called ? result : b.create<arith::TruncFOp>(loc, type, result);
}

void TileEmitter::lowerOp(Operation *op, StatementOp statement) {
  llvm::TypeSwitch<Operation *>(op)
      .Case<ReadOp>([&](ReadOp read) { lowerRead(read); })
      .Case<WriteOp>([&](WriteOp write) { lowerWrite(write, statement); })
      .Case<TemporaryOp>([&](TemporaryOp local) { lowerLocal(local); })
      .Case<LevelOp>([&](LevelOp level) {
        level.getResult().replaceAllUsesWith(point[2]);
      })
      .Case<ModOp>([&](ModOp mod) {
        mod.getResult().replaceAllUsesWith(lowerMod(b, mod));
      })
      .Case<GammaOp>([&](GammaOp gamma) {
        Value result = lowerCall(b, function, gamma, "tgamma");
        gamma.getResult().replaceAllUsesWith(result);
      })
      .Case<ErfcOp>([&](ErfcOp erfc) {
        Value result = lowerCall(b, function, erfc, "erfc");
        erfc.getResult().replaceAllUsesWith(result);
      });
}

/// A variable of the point: zero until it is written, so that runs repeat.
void TileEmitter::lowerLocal(TemporaryOp op) {
  Location loc = op.getLoc();
  Type element = storedType(op.getField().getType().getElementType());
  Value memory;
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&function.getBody().front());
    memory = b.create<memref::AllocaOp>(loc, MemRefType::get({}, element));
  }
  Value zero = b.create<arith::ConstantOp>(loc, b.getZeroAttr(element));
  b.create<memref::StoreOp>(loc, zero, memory, ValueRange{});
  locals[op.getField()] = memory;
}

static Value fromStored(OpBuilder &b, Location loc, Value value, Type type) {
  if (value.getType() == type)
    return value;
  Value zero = b.create<arith::ConstantOp>(loc, b.getZeroAttr(value.getType()));
  return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, value, zero);
}

static Value toStored(OpBuilder &b, Location loc, Value value) {
  Type stored = storedType(value.getType());
  if (stored == value.getType())
    return value;
  return b.create<arith::ExtUIOp>(loc, stored, value);
}

std::vector<AffineExpr>
TileEmitter::indexExprs(Value field, ArrayRef<int64_t> offset) const {
  FieldType type = cast<FieldType>(field.getType());
  std::vector<AffineExpr> exprs;
  auto found = buffers.find(field);
  if (found == buffers.end()) {
    for (unsigned axis = 0; axis < 3; ++axis)
      if (type.hasAxis(axis))
        exprs.push_back(pointDim(axis) + offset[axis]);
    return exprs;
  }
  const Buffer &buffer = found->second;
  static constexpr unsigned orders[3][3] = {{2, 1, 0}, {2, 0, 1}, {0, 1, 2}};
  for (unsigned axis : orders[inner]) {
    if (axis == 2 && !buffer.hasLevels) {
      if (inner == 2)
        exprs.push_back(getAffineConstantExpr(0, context()));
      continue;
    }
    AffineExpr expr = pointDim(axis) + offset[axis];
    if (axis == 2 && buffer.window) {
      exprs.push_back(buffer.window == 1 ? getAffineConstantExpr(0, context())
                                         : expr % buffer.window);
      continue;
    }
    if (axis == outer && buffer.rows) {
      exprs.push_back(expr % buffer.rows);
      continue;
    }
    int64_t before = axis == 2 ? -buffer.levelLo : -buffer.halo.lo[axis];
    exprs.push_back(expr - beginSymbol(axis) +
                    (axis == inner ? buffer.innerPad : before));
  }
  return exprs;
}

Value TileEmitter::fieldIndex(Location loc, AffineExpr expr) {
  SmallVector<Value> operands = pointOperands();
  AffineMap map = AffineMap::get(3, 9, expr);
  affine::canonicalizeMapAndOperands(&map, &operands);
  return b.create<affine::AffineApplyOp>(loc, map, operands);
}

/// The level of a run-time access; null where it is known from the point.
Value TileEmitter::dynamicLevel(Location loc, Value shift, Value level,
                                int64_t dk) {
  if (level)
    return level;
  if (!shift)
    return Value();
  Value sum = b.create<arith::AddIOp>(loc, point[2], shift);
  if (dk == 0)
    return sum;
  Value constant = b.create<arith::ConstantIndexOp>(loc, dk);
  return b.create<arith::AddIOp>(loc, sum, constant);
}

void TileEmitter::lowerRead(ReadOp op) {
  Location loc = op.getLoc();
  Type type = op.getType();
  Value value;
  if (auto found = locals.find(op.getField()); found != locals.end()) {
    value = b.create<memref::LoadOp>(loc, found->second, ValueRange{});
  } else {
    Address address = resolve(
        loc, op.getField(), op.getOffset(),
        dynamicLevel(loc, op.getShift(), op.getLevel(), op.getOffset()[2]),
        op.getData());
    if (address.indices.empty())
      value = b.create<affine::AffineLoadOp>(loc, address.memory, address.map,
                                             address.operands);
    else
      value = b.create<memref::LoadOp>(loc, address.memory, address.indices);
  }
  op.getResult().replaceAllUsesWith(fromStored(b, loc, value, type));
}

void TileEmitter::lowerWrite(WriteOp op, StatementOp statement) {
  Location loc = op.getLoc();
  Value value = toStored(b, loc, op.getValue());
  if (auto found = locals.find(op.getField()); found != locals.end()) {
    b.create<memref::StoreOp>(loc, value, found->second, ValueRange{});
    return;
  }
  const FieldFacts &facts = plan.fields.find(op.getField())->second;
  if (!facts.temporary && !statement.getExtent()->isZero())
    emitIfInTile(loc);
  Address address = resolve(
      loc, op.getField(), {0, 0, static_cast<int64_t>(op.getDk())},
      dynamicLevel(loc, op.getShift(), Value(), op.getDk()), op.getData());
  if (address.indices.empty())
    b.create<affine::AffineStoreOp>(loc, value, address.memory, address.map,
                                    address.operands);
  else
    b.create<memref::StoreOp>(loc, value, address.memory, address.indices);
}

/// Moves the builder to where the point belongs to the tile itself.
void TileEmitter::emitIfInTile(Location loc) {
  SmallVector<AffineExpr> inside;
  for (unsigned axis = 0; axis < 2; ++axis) {
    inside.push_back(pointDim(axis) - beginSymbol(axis));
    inside.push_back(endSymbol(axis) - 1 - pointDim(axis));
  }
  auto guard = b.create<affine::AffineIfOp>(
      loc, IntegerSet::get(3, 9, inside, SmallVector<bool>(4, false)),
      pointOperands(), /*withElseRegion=*/false);
  b.setInsertionPointToStart(guard.getThenBlock());
}

TileEmitter::Address TileEmitter::resolve(Location loc, Value field,
                                          ArrayRef<int64_t> offset, Value level,
                                          ValueRange data) {
  FieldType type = cast<FieldType>(field.getType());
  auto found = buffers.find(field);
  bool isBuffer = found != buffers.end();
  Address address;
  address.memory = isBuffer ? found->second.memory : memories.lookup(field);

  // Data indices stand before the axes in a buffer, after them otherwise.
  SmallVector<AffineExpr> dataExprs;
  bool isAffine = !level;
  for (Value index : data) {
    auto constant = index.getDefiningOp<arith::ConstantIndexOp>();
    isAffine &= static_cast<bool>(constant);
    dataExprs.push_back(
        getAffineConstantExpr(constant ? constant.value() : 0, context()));
  }
  std::vector<AffineExpr> exprs = indexExprs(field, offset);
  if (isAffine) {
    exprs.insert(isBuffer ? exprs.begin() : exprs.end(), dataExprs.begin(),
                 dataExprs.end());
    address.map = AffineMap::get(3, 9, exprs, context());
    address.operands = pointOperands();
    affine::canonicalizeMapAndOperands(&address.map, &address.operands);
    return address;
  }
  SmallVector<Value> indices;
  for (AffineExpr expr : exprs)
    indices.push_back(fieldIndex(loc, expr));
  if (level) {
    unsigned at = isBuffer ? (inner == 2 ? 2 : 0) : type.hasI() + type.hasJ();
    if (isBuffer) {
      Value begin = b.create<arith::SubIOp>(loc, level, arguments.begin[2]);
      Value before = b.create<arith::ConstantIndexOp>(
          loc, inner == 2 ? found->second.innerPad : -found->second.levelLo);
      level = b.create<arith::AddIOp>(loc, begin, before);
    }
    indices[at] = level;
  }
  indices.insert(isBuffer ? indices.begin() : indices.end(), data.begin(),
                 data.end());
  address.indices = indices;
  return address;
}
