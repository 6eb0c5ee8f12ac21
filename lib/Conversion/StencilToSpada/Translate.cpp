//===- Translate.cpp - point-wise values as SpaDA expressions -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One spada expression for each op of the arith, math and stencil dialects that
// Expressions.cpp lets through.
//
//===----------------------------------------------------------------------===//

#include "Expressions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

Type wafer::spadaType(Type type) {
  return type.isIndex() || type.isInteger(64)
             ? IntegerType::get(type.getContext(), 32)
             : type;
}

Value Translator::constant(Type type, int64_t value, Location loc) {
  return b.create<ConstantOp>(loc, type, b.getIntegerAttr(type, value));
}

Value Translator::binary(BinaryKind kind, Value x, Value y, Location loc) {
  bool compares = kind >= BinaryKind::Eq && kind <= BinaryKind::Ge;
  Type type = compares ? Type(b.getI1Type()) : x.getType();
  return b.create<BinaryOp>(loc, type, kind, x, y);
}

Value Translator::logicalNot(Value x, Location loc) {
  return b.create<UnaryOp>(loc, x.getType(), UnaryKind::Not, x);
}

Value Translator::select(Value c, Value x, Value y, Location loc) {
  return b.create<SelectOp>(loc, x.getType(), c, x, y);
}

Value Translator::cast(Value operand, Type to, Location loc) {
  if (operand.getType() == to)
    return operand;
  return b.create<CastOp>(loc, to, operand);
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

SmallVector<Value> Translator::indices(const Column &column, int64_t dk,
                                       Value shift, Value at, ValueRange data,
                                       Location loc) {
  SmallVector<Value> result;
  Type i16 = b.getI16Type(), i32 = b.getI32Type();
  for (Value index : data) {
    if (auto number = index.getDefiningOp<arith::ConstantOp>())
      result.push_back(constant(
          i16, cast_or_null<IntegerAttr>(number.getValue()).getInt(), loc));
    else
      result.push_back(translate(index));
  }
  if (column.isVariable)
    return {};
  if (!column.hasK) { // one element, unless there are data dimensions
    if (column.data.empty())
      result.push_back(constant(i16, 0, loc));
    return result;
  }
  int64_t add = dk - column.levels.lo;
  Value position;
  if (at) {
    position = translate(at);
    add = -column.levels.lo;
  } else if (shift) {
    position =
        binary(BinaryKind::Add, cast(level, i32, loc), translate(shift), loc);
  } else {
    position = level;
  }
  if (add != 0)
    position = binary(add < 0 ? BinaryKind::Sub : BinaryKind::Add, position,
                      constant(position.getType(), std::abs(add), loc), loc);
  result.push_back(position);
  return result;
}

Value Translator::read(stencil::ReadOp op) {
  if (op == streamed)
    return element;
  Column *column = columns.fields.lookup(op.getField());
  ValueRange data = op.getData();
  if (auto it = buffers.find(op); it != buffers.end()) {
    column = it->second;
    if (column->data.empty())
      data = {};
  }
  return b.create<spada::ReadOp>(op.getLoc(), op.getType(), column->name,
                                 indices(*column, op.getOffset()[2],
                                         op.getShift(), op.getLevel(), data,
                                         op.getLoc()));
}

Value Translator::guards(const Assign &assign) {
  Location loc = assign.op->getLoc();
  Value condition;
  for (const Guard &guard : assign.guards) {
    Value one = translate(guard.condition);
    if (guard.negated)
      one = logicalNot(one, loc);
    condition = condition ? binary(BinaryKind::And, condition, one, loc) : one;
  }
  return condition;
}

Value Translator::condition(const Assign &assign) {
  Value outer = guards(assign), own = translate(assign.value);
  return outer ? binary(BinaryKind::And, outer, own, assign.op->getLoc()) : own;
}

Value Translator::guarded(const Assign &assign) {
  Location loc = assign.op->getLoc();
  Value value = translate(assign.value, assign.isHold());
  Value condition = guards(assign);
  if (!condition)
    return value;
  Value old = b.create<spada::ReadOp>(
      loc, assign.target->element, assign.target->name,
      indices(*assign.target, assign.dk, assign.shift, {}, assign.data, loc));
  return select(condition, value, old, loc);
}

void Translator::store(const Assign &assign) {
  Location loc = assign.op->getLoc();
  Value value = guarded(assign);
  b.create<spada::WriteOp>(
      loc, assign.target->name,
      indices(*assign.target, assign.dk, assign.shift, {}, assign.data, loc),
      value);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// `max`: keep the left operand where it is not less, or is NaN.
Value Translator::extremum(Operation *op, BinaryKind keep) {
  Location loc = op->getLoc();
  Value x = translate(op->getOperand(0)), y = translate(op->getOperand(1));
  Value left = binary(keep, x, y, loc);
  if (isa<arith::MaximumFOp, arith::MinimumFOp>(op)) {
    left = binary(BinaryKind::Or, left, binary(BinaryKind::Ne, x, x, loc), loc);
  } else if (isa<arith::MaxNumFOp, arith::MinNumFOp>(op)) {
    left = binary(BinaryKind::Or, left, binary(BinaryKind::Ne, y, y, loc), loc);
  }
  return select(left, x, y, loc);
}

Value Translator::compare(Operation *op) {
  Location loc = op->getLoc();
  Value x = translate(op->getOperand(0)), y = translate(op->getOperand(1));
  auto make = [&](BinaryKind kind) { return binary(kind, x, y, loc); };
  if (auto integers = dyn_cast<arith::CmpIOp>(op)) {
    switch (integers.getPredicate()) {
    case arith::CmpIPredicate::eq:
      return make(BinaryKind::Eq);
    case arith::CmpIPredicate::ne:
      return make(BinaryKind::Ne);
    case arith::CmpIPredicate::slt:
    case arith::CmpIPredicate::ult:
      return make(BinaryKind::Lt);
    case arith::CmpIPredicate::sle:
    case arith::CmpIPredicate::ule:
      return make(BinaryKind::Le);
    case arith::CmpIPredicate::sgt:
    case arith::CmpIPredicate::ugt:
      return make(BinaryKind::Gt);
    default:
      return make(BinaryKind::Ge);
    }
  }
  using P = arith::CmpFPredicate;
  auto isOrdered = [&] {
    return binary(BinaryKind::And, binary(BinaryKind::Eq, x, x, loc),
                  binary(BinaryKind::Eq, y, y, loc), loc);
  };
  switch (cast<arith::CmpFOp>(op).getPredicate()) {
  case P::OEQ:
    return make(BinaryKind::Eq);
  case P::OGT:
    return make(BinaryKind::Gt);
  case P::OGE:
    return make(BinaryKind::Ge);
  case P::OLT:
    return make(BinaryKind::Lt);
  case P::OLE:
    return make(BinaryKind::Le);
  case P::UNE:
    return make(BinaryKind::Ne);
  case P::ONE:
    return binary(BinaryKind::And, make(BinaryKind::Ne), isOrdered(), loc);
  case P::UEQ:
    return binary(BinaryKind::Or, make(BinaryKind::Eq),
                  logicalNot(isOrdered(), loc), loc);
  case P::UGT:
    return logicalNot(make(BinaryKind::Le), loc);
  case P::UGE:
    return logicalNot(make(BinaryKind::Lt), loc);
  case P::ULT:
    return logicalNot(make(BinaryKind::Ge), loc);
  case P::ULE:
    return logicalNot(make(BinaryKind::Gt), loc);
  case P::ORD:
    return isOrdered();
  case P::UNO:
    return logicalNot(isOrdered(), loc);
  case P::AlwaysTrue:
    return constant(b.getI1Type(), 1, loc);
  case P::AlwaysFalse:
    return constant(b.getI1Type(), 0, loc);
  }
  return {};
}

Value Translator::function(MathKind kind, Value x, Location loc) {
  return b.create<MathOp>(loc, x.getType(), kind, x, Value());
}

/// A float to an integer power: products when the power is small and the base
/// is at hand.
Value Translator::power(Operation *op) {
  Location loc = op->getLoc();
  Value base = op->getOperand(0);
  IntegerAttr number;
  bool isAtHand = columns.held.count(base) || isa<BlockArgument>(base) ||
                  base.getDefiningOp<stencil::ReadOp>();
  bool isConstant = matchPattern(op->getOperand(1), m_Constant(&number));
  if (isConstant && isAtHand && number.getInt() >= 1 && number.getInt() <= 4) {
    Value product = translate(base);
    for (int64_t n = 1; n < number.getInt(); ++n)
      product = binary(BinaryKind::Mul, product, translate(base), loc);
    return product;
  }
  Value x = translate(base);
  return b.create<MathOp>(loc, x.getType(), MathKind::Pow, x,
                          cast(translate(op->getOperand(1)), x.getType(), loc));
}

/// Functions that a PE's library does not have but that are exact, or as good
/// as the library, in terms of others.
Value Translator::composed(Operation *op) {
  Location loc = op->getLoc();
  auto x = [&] { return translate(op->getOperand(0)); };
  Type type = op->getResult(0).getType();
  auto number = [&](double value) -> Value {
    return b.create<ConstantOp>(loc, type, b.getFloatAttr(type, value));
  };
  auto floor = [&](Value v) { return function(MathKind::Floor, v, loc); };
  if (isa<math::TanOp>(op))
    return binary(BinaryKind::Div, function(MathKind::Sin, x(), loc),
                  function(MathKind::Cos, x(), loc), loc);
  Value isNegative = binary(BinaryKind::Lt, x(), number(0), loc);
  if (isa<math::TruncOp>(op))
    return select(isNegative, function(MathKind::Ceil, x(), loc), floor(x()),
                  loc);
  // The part above the next lower whole number is exact.
  auto low = [&] { return floor(x()); };
  auto part = [&] { return binary(BinaryKind::Sub, x(), low(), loc); };
  auto half = [&](BinaryKind kind) {
    return binary(kind, part(), number(0.5), loc);
  };
  Value tieGoesUp;
  if (isa<math::RoundOp>(op)) {
    tieGoesUp = logicalNot(isNegative, loc);
  } else {
    Value scaled = binary(BinaryKind::Mul, low(), number(0.5), loc);
    Value again = binary(BinaryKind::Mul, low(), number(0.5), loc);
    tieGoesUp = binary(BinaryKind::Ne, floor(scaled), again, loc);
  }
  Value up = binary(
      BinaryKind::Or, half(BinaryKind::Gt),
      binary(BinaryKind::And, half(BinaryKind::Eq), tieGoesUp, loc), loc);
  return select(up, binary(BinaryKind::Add, low(), number(1), loc), low(), loc);
}

/// A remainder of zero has the sign of the divisor too.
Value Translator::remainder(Operation *op) {
  Location loc = op->getLoc();
  Value y = translate(op->getOperand(1));
  Value rest = binary(BinaryKind::Rem, translate(op->getOperand(0)), y, loc);
  auto type = dyn_cast<FloatType>(rest.getType());
  if (!type)
    return rest;
  auto number = [&](double value) -> Value {
    return b.create<ConstantOp>(loc, type, b.getFloatAttr(type, value));
  };
  Value isZero = binary(BinaryKind::Eq, rest, number(0), loc);
  Value isBelow = binary(BinaryKind::Lt, y, number(0), loc);
  return select(isZero, select(isBelow, number(-0.0), number(0), loc), rest,
                loc);
}

static std::optional<BinaryKind> binaryKind(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<BinaryKind>>(op)
      .Case<arith::AddFOp, arith::AddIOp>([](auto) { return BinaryKind::Add; })
      .Case<arith::SubFOp, arith::SubIOp>([](auto) { return BinaryKind::Sub; })
      .Case<arith::MulFOp, arith::MulIOp>([](auto) { return BinaryKind::Mul; })
      .Case<arith::DivFOp, arith::FloorDivSIOp>(
          [](auto) { return BinaryKind::Div; })
      .Case<arith::AndIOp>([](auto) { return BinaryKind::And; })
      .Case<arith::OrIOp>([](auto) { return BinaryKind::Or; })
      .Case<arith::XOrIOp>([](auto) { return BinaryKind::Xor; })
      .Default([](Operation *) { return std::nullopt; });
}

Value Translator::ofOp(Operation *op, Value value) {
  Location loc = op->getLoc();
  if (auto number = dyn_cast<arith::ConstantOp>(op)) {
    if (auto integer = dyn_cast<IntegerAttr>(number.getValue());
        integer &&
        (integer.getType().isIndex() || integer.getType().isInteger(64)))
      return constant(b.getI32Type(), integer.getInt(), loc);
    auto typed = cast<TypedAttr>(number.getValue());
    return b.create<ConstantOp>(loc, typed.getType(), typed);
  }
  if (auto kind = binaryKind(op))
    return binary(*kind, translate(op->getOperand(0)),
                  translate(op->getOperand(1)), loc);
  if (auto kind = mathFunction(op)) {
    Value x = translate(op->getOperand(0)), y;
    if (op->getNumOperands() > 1)
      y = translate(op->getOperand(1));
    return b.create<MathOp>(loc, x.getType(), *kind, x, y);
  }
  if (isa<math::FPowIOp>(op))
    return power(op);
  if (isa<math::TanOp, math::TruncOp, math::RoundOp, math::RoundEvenOp>(op))
    return composed(op);
  auto castOp = [&] {
    return cast(translate(op->getOperand(0)), spadaType(value.getType()), loc);
  };
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<stencil::ReadOp>([&](auto o) { return read(o); })
      .Case<stencil::LevelOp>(
          [&](auto) { return cast(level, b.getI32Type(), loc); })
      .Case<arith::NegFOp>([&](auto) {
        Value x = translate(op->getOperand(0));
        return b.create<UnaryOp>(loc, x.getType(), UnaryKind::Neg, x);
      })
      .Case<arith::CmpFOp, arith::CmpIOp>([&](auto) { return compare(op); })
      .Case<arith::MaximumFOp, arith::MaxNumFOp, arith::MaxSIOp>(
          [&](auto) { return extremum(op, BinaryKind::Ge); })
      .Case<arith::MinimumFOp, arith::MinNumFOp, arith::MinSIOp>(
          [&](auto) { return extremum(op, BinaryKind::Le); })
      .Case<arith::SelectOp>([&](auto) {
        return select(translate(op->getOperand(0)),
                      translate(op->getOperand(1)),
                      translate(op->getOperand(2)), loc);
      })
      .Case<scf::IfOp>([&](auto) {
        SmallVector<Value> parts = operandsOf(value);
        return select(translate(parts[0]), translate(parts[1]),
                      translate(parts[2]), loc);
      })
      .Case<stencil::ModOp>([&](auto) { return remainder(op); })
      .Default([&](Operation *) { return castOp(); });
}

Value Translator::translate(Value value, bool isTop) {
  if (!isTop)
    if (auto held = columns.held.find(value); held != columns.held.end())
      return b.create<spada::ReadOp>(
          value.getLoc(), held->second->element, held->second->name,
          indices(*held->second, 0, {}, {}, {}, value.getLoc()));
  if (auto argument = dyn_cast<BlockArgument>(value))
    return b.create<ScalarRefOp>(value.getLoc(), value.getType(),
                                 stencil::ProgramOp(columns.program)
                                     .getArgName(argument.getArgNumber()));
  return ofOp(value.getDefiningOp(), value);
}
