//===- EmitScalar.cpp - scalar SpaDA expressions as arith -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Expressions, loads and stores of one element. Narrow integers and bools are
// kept in 16-bit words.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

/// The type in which expressions of a SpaDA type are computed.
static Type computeType(Type type) {
  if (type.isIndex())
    return IntegerType::get(type.getContext(), 16);
  return type.isInteger(1) ? type : storageType(type);
}

Value ProgramEmitter::constant(Type type, int64_t value, Location loc) {
  return b.create<arith::ConstantOp>(loc, type, b.getIntegerAttr(type, value));
}

Value ProgramEmitter::address(StringRef variable, Location loc) {
  return b.create<csl::AddressOfOp>(loc, variables.find(variable)->second,
                                    variable);
}

Value ProgramEmitter::loopVariable(Value variable, Location loc) {
  if (Value value = loopValues.lookup(variable))
    return value;
  auto it = loopVariables.find(variable);
  return b.create<memref::LoadOp>(loc, address(it->second, loc));
}

/// A linear form as an i16 value.
Value ProgramEmitter::linear(const LinearForm &form, Location loc) {
  Type i16 = b.getI16Type();
  Value sum;
  auto add = [&](Value term, bool negative) {
    if (sum && negative)
      sum = b.create<arith::SubIOp>(loc, sum, term);
    else
      sum = sum ? b.create<arith::AddIOp>(loc, sum, term).getResult() : term;
  };
  for (auto [variable, coefficient] : form.terms) {
    Value term = loopVariable(variable, loc);
    bool negative = sum && coefficient < 0;
    int64_t factor = negative ? -coefficient : coefficient;
    if (factor != 1)
      term = b.create<arith::MulIOp>(loc, term, constant(i16, factor, loc));
    add(term, negative);
  }
  if (!sum || form.constant)
    add(constant(i16, sum ? std::abs(form.constant) : form.constant, loc),
        form.constant < 0);
  return sum;
}

/// Row-major element index of a field access, as `index`.
Value ProgramEmitter::elementIndex(StringRef field, ValueRange indices,
                                   Location loc) {
  const ClassField &info = body.fields.find(field)->second;
  Value position;
  if (auto form = linearAddress(indices, info.shape);
      form && llvm::all_of(form->terms, [&](auto &term) {
        return loopValues.count(term.first) || loopVariables.count(term.first);
      })) {
    position = linear(*form, loc);
  } else {
    Type i16 = b.getI16Type();
    for (auto [d, index] : llvm::enumerate(indices)) {
      Value part = scalar(index);
      if (part.getType().isInteger(32))
        part = b.create<arith::TruncIOp>(loc, i16, part);
      if (position) {
        position = b.create<arith::MulIOp>(loc, position,
                                           constant(i16, info.shape[d], loc));
        position = b.create<arith::AddIOp>(loc, position, part);
      } else {
        position = part;
      }
    }
  }
  return b.create<arith::IndexCastOp>(loc, b.getIndexType(), position);
}

Value ProgramEmitter::loadField(StringRef field, ValueRange indices, Type type,
                                Location loc) {
  Value base = address(fieldVariables[field], loc);
  Value stored;
  if (cast<MemRefType>(base.getType()).getRank() == 0) {
    stored = b.create<memref::LoadOp>(loc, base);
  } else {
    Value position = indices.empty()
                         ? b.create<arith::ConstantIndexOp>(loc, 0).getResult()
                         : elementIndex(field, indices, loc);
    stored = b.create<memref::LoadOp>(loc, base, position);
  }
  if (type.isInteger(1))
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, stored,
                                   constant(stored.getType(), 0, loc));
  return stored;
}

void ProgramEmitter::storeField(StringRef field, ValueRange indices,
                                Value value, Type type, Location loc) {
  Value base = address(fieldVariables[field], loc);
  Value stored =
      value.getType().isInteger(1)
          ? b.create<arith::ExtUIOp>(
                 loc, body.fields.find(field)->second.elementType, value)
                .getResult()
          : value;
  if (cast<MemRefType>(base.getType()).getRank() == 0) {
    b.create<memref::StoreOp>(loc, stored, base);
    return;
  }
  Value position = indices.empty()
                       ? b.create<arith::ConstantIndexOp>(loc, 0).getResult()
                       : elementIndex(field, indices, loc);
  b.create<memref::StoreOp>(loc, stored, base, position);
}

/// Wraps an i16 value to the 8 bits of `type`; other values pass.
static Value wrapNarrow(OpBuilder &b, Value value, Type type, Location loc) {
  if (!type.isInteger(8) || !value.getType().isInteger(16))
    return value;
  Value narrow = b.create<arith::TruncIOp>(loc, b.getI8Type(), value);
  if (type.isUnsignedInteger())
    return b.create<arith::ExtUIOp>(loc, b.getI16Type(), narrow);
  return b.create<arith::ExtSIOp>(loc, b.getI16Type(), narrow);
}

Value ProgramEmitter::convert(Value value, Type from, Type to, Location loc) {
  Type target = computeType(to);
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  bool fromUnsigned = from.isUnsignedInteger() || from.isInteger(1);
  if (from == to)
    return value;
  if (to.isInteger(1)) {
    if (fromFloat)
      return b.create<arith::CmpFOp>(
          loc, arith::CmpFPredicate::UNE, value,
          b.create<arith::ConstantOp>(loc, b.getFloatAttr(from, 0.0)));
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, value,
                                   constant(value.getType(), 0, loc));
  }
  if (fromFloat && toFloat) {
    if (target.getIntOrFloatBitWidth() >
        value.getType().getIntOrFloatBitWidth())
      return b.create<arith::ExtFOp>(loc, target, value);
    return b.create<arith::TruncFOp>(loc, target, value);
  }
  if (fromFloat) {
    Value integer =
        to.isUnsignedInteger() && target.isInteger(32)
            ? b.create<arith::FPToUIOp>(loc, target, value).getResult()
            : b.create<arith::FPToSIOp>(loc, target, value).getResult();
    return wrapNarrow(b, integer, to, loc);
  }
  if (toFloat) {
    if (value.getType().isInteger(1))
      value = b.create<arith::ExtUIOp>(loc, b.getI16Type(), value);
    return fromUnsigned
               ? b.create<arith::UIToFPOp>(loc, target, value).getResult()
               : b.create<arith::SIToFPOp>(loc, target, value).getResult();
  }
  unsigned have = value.getType().getIntOrFloatBitWidth(),
           want = target.getIntOrFloatBitWidth();
  if (want > have)
    value = fromUnsigned
                ? b.create<arith::ExtUIOp>(loc, target, value).getResult()
                : b.create<arith::ExtSIOp>(loc, target, value).getResult();
  else if (want < have)
    value = b.create<arith::TruncIOp>(loc, target, value);
  return wrapNarrow(b, value, to, loc);
}

static arith::CmpIPredicate integerPredicate(BinaryKind kind, bool isUnsigned) {
  switch (kind) {
  case BinaryKind::Eq:
    return arith::CmpIPredicate::eq;
  case BinaryKind::Ne:
    return arith::CmpIPredicate::ne;
  case BinaryKind::Lt:
    return isUnsigned ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt;
  case BinaryKind::Le:
    return isUnsigned ? arith::CmpIPredicate::ule : arith::CmpIPredicate::sle;
  case BinaryKind::Gt:
    return isUnsigned ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt;
  default:
    return isUnsigned ? arith::CmpIPredicate::uge : arith::CmpIPredicate::sge;
  }
}

static arith::CmpFPredicate floatPredicate(BinaryKind kind) {
  switch (kind) {
  case BinaryKind::Eq:
    return arith::CmpFPredicate::OEQ;
  case BinaryKind::Ne:
    return arith::CmpFPredicate::UNE;
  case BinaryKind::Lt:
    return arith::CmpFPredicate::OLT;
  case BinaryKind::Le:
    return arith::CmpFPredicate::OLE;
  case BinaryKind::Gt:
    return arith::CmpFPredicate::OGT;
  default:
    return arith::CmpFPredicate::OGE;
  }
}

/// Floor division and the remainder with the divisor's sign, from the machine's
/// truncating ones.
static Value floorDivision(OpBuilder &b, bool wantRemainder, Value x, Value y,
                           Location loc) {
  Value zero =
      b.create<arith::ConstantOp>(loc, b.getIntegerAttr(x.getType(), 0));
  Value remainder = b.create<arith::RemSIOp>(loc, x, y);
  Value inexact =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, remainder, zero);
  Value signs =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::slt,
                              b.create<arith::XOrIOp>(loc, remainder, y), zero);
  Value adjust = b.create<arith::AndIOp>(loc, inexact, signs);
  if (wantRemainder)
    return b.create<arith::SelectOp>(
        loc, adjust, b.create<arith::AddIOp>(loc, remainder, y), remainder);
  Value quotient = b.create<arith::DivSIOp>(loc, x, y);
  Value one =
      b.create<arith::ConstantOp>(loc, b.getIntegerAttr(x.getType(), 1));
  return b.create<arith::SelectOp>(
      loc, adjust, b.create<arith::SubIOp>(loc, quotient, one), quotient);
}

Value ProgramEmitter::scalarBinary(BinaryOp op) {
  Location loc = op.getLoc();
  Type type = op.getLhs().getType();
  Value x = scalar(op.getLhs()), y = scalar(op.getRhs());
  if (!x || !y)
    return {};
  bool isFloat = isa<FloatType>(type), isUnsigned = type.isUnsignedInteger();
  auto narrow = [&](Value v) { return wrapNarrow(b, v, type, loc); };
  switch (op.getKind()) {
  case BinaryKind::Add:
    return isFloat ? b.create<arith::AddFOp>(loc, x, y).getResult()
                   : narrow(b.create<arith::AddIOp>(loc, x, y));
  case BinaryKind::Sub:
    return isFloat ? b.create<arith::SubFOp>(loc, x, y).getResult()
                   : narrow(b.create<arith::SubIOp>(loc, x, y));
  case BinaryKind::Mul:
    return isFloat ? b.create<arith::MulFOp>(loc, x, y).getResult()
                   : narrow(b.create<arith::MulIOp>(loc, x, y));
  case BinaryKind::Div:
    if (isFloat)
      return b.create<arith::DivFOp>(loc, x, y);
    return isUnsigned ? b.create<arith::DivUIOp>(loc, x, y).getResult()
                      : narrow(floorDivision(b, false, x, y, loc));
  case BinaryKind::Rem:
    if (isFloat)
      return callFunction(
          "remainder", {x, y},
          [](FloatCode &code, ValueRange arguments) {
            return expandRemainder(code, arguments[0], arguments[1]);
          },
          loc);
    if (isUnsigned)
      return b.create<arith::RemUIOp>(loc, x, y);
    return narrow(floorDivision(b, true, x, y, loc));
  case BinaryKind::Shl:
    return narrow(b.create<arith::ShLIOp>(loc, x, y));
  case BinaryKind::Shr:
    return isUnsigned ? b.create<arith::ShRUIOp>(loc, x, y).getResult()
                      : b.create<arith::ShRSIOp>(loc, x, y);
  case BinaryKind::And:
    return b.create<arith::AndIOp>(loc, x, y);
  case BinaryKind::Or:
    return b.create<arith::OrIOp>(loc, x, y);
  case BinaryKind::Xor:
    return b.create<arith::XOrIOp>(loc, x, y);
  default:
    if (isFloat)
      return b.create<arith::CmpFOp>(loc, floatPredicate(op.getKind()), x, y);
    return b.create<arith::CmpIOp>(
        loc, integerPredicate(op.getKind(), isUnsigned || type.isInteger(1)), x,
        y);
  }
}

/// Calls the program's function `name`, which `expand` makes at its first use.
/// It has 32 bits.
Value ProgramEmitter::callFunction(
    StringRef name, ArrayRef<Value> arguments,
    function_ref<Value(FloatCode &, ValueRange)> expand, Location loc) {
  Type f32 = b.getF32Type(), type = arguments.front().getType();
  std::string &symbol = symbolCache[("function:" + name).str()];
  if (symbol.empty()) {
    symbol = freshName(name);
    Location here = in.kernel.getLoc();
    auto function = tail.create<csl::FuncOp>(here, symbol, TypeAttr::get(f32));
    Block &body = function.getBody().emplaceBlock();
    for (size_t i = 0; i < arguments.size(); ++i)
      body.addArgument(f32, here);
    OpBuilder inside = OpBuilder::atBlockEnd(&body);
    FloatCode code(inside, here);
    inside.create<csl::ReturnOp>(here, expand(code, body.getArguments()));
  }
  SmallVector<Value> wide;
  for (Value argument : arguments)
    wide.push_back(type == f32 ? argument
                               : b.create<arith::ExtFOp>(loc, f32, argument));
  Value result = b.create<csl::CallOp>(
                      loc, f32, FlatSymbolRefAttr::get(context, symbol), wide)
                     .getResult();
  return type == f32 ? result : b.create<arith::TruncFOp>(loc, type, result);
}

Value ProgramEmitter::scalarMath(MathOp op) {
  Location loc = op.getLoc();
  Value x = scalar(op.getOperand()), y;
  if (op.getExponent())
    y = scalar(op.getExponent());
  if (!x || (op.getExponent() && !y))
    return {};
  switch (op.getKind()) {
  case MathKind::Sqrt:
    return b.create<math::SqrtOp>(loc, x);
  case MathKind::Exp:
    return b.create<math::ExpOp>(loc, x);
  case MathKind::Log:
    return b.create<math::LogOp>(loc, x);
  case MathKind::Sin:
    return b.create<math::SinOp>(loc, x);
  case MathKind::Cos:
    return b.create<math::CosOp>(loc, x);
  case MathKind::Tanh:
    return b.create<math::TanhOp>(loc, x);
  case MathKind::Floor:
    return b.create<math::FloorOp>(loc, x);
  case MathKind::Ceil:
    return b.create<math::CeilOp>(loc, x);
  case MathKind::Abs:
    return b.create<math::AbsFOp>(loc, x);
  case MathKind::Pow:
    return b.create<math::PowFOp>(loc, x, y);
  default:
    return callFunction(
        stringifyMathKind(op.getKind()), {x},
        [&](FloatCode &code, ValueRange arguments) {
          return expandFunction(op.getKind(), code, arguments[0]);
        },
        loc);
  }
}

Value ProgramEmitter::scalar(Value value) {
  if (!sharedValues || value.hasOneUse() || !value.getDefiningOp())
    return computeScalar(value);
  if (Value known = sharedValues->lookup(value))
    return known;
  Value computed = computeScalar(value);
  (*sharedValues)[value] = computed;
  return computed;
}

Value ProgramEmitter::computeScalar(Value value) {
  Location loc = value.getLoc();
  if (Value known = elementValues.lookup(value))
    return known;
  if (isa<BlockArgument>(value)) {
    if (auto it = loopVariables.find(value);
        it != loopVariables.end() && !loopValues.count(value)) {
      Value loaded = b.create<memref::LoadOp>(loc, address(it->second, loc));
      return convert(loaded, loaded.getType(), computeType(value.getType()),
                     loc);
    }
    return convert(loopValues.lookup(value), b.getI16Type(),
                   computeType(value.getType()), loc);
  }
  Operation *def = value.getDefiningOp();
  Type type = computeType(value.getType());
  if (auto op = dyn_cast<ConstantOp>(def)) {
    if (auto number = dyn_cast<FloatAttr>(op.getValue()))
      return b.create<arith::ConstantOp>(loc, number);
    return constant(type, *constantValue(value), loc);
  }
  if (auto op = dyn_cast<ScalarRefOp>(def)) {
    if (op.getName().starts_with("pe.")) {
      Value coordinate = b.create<csl::ParamValueOp>(
          loc, b.getI16Type(), op.getName() == "pe.x" ? "pe_x" : "pe_y");
      return convert(coordinate, b.getI16Type(), value.getType(), loc);
    }
    Value loaded = b.create<memref::LoadOp>(
        loc, address(fieldVariables[("arg." + op.getName()).str()], loc));
    if (value.getType().isInteger(1))
      return convert(loaded, loaded.getType(), value.getType(), loc);
    return loaded;
  }
  if (auto op = dyn_cast<ReadOp>(def))
    return loadField(op.getField(), op.getIndices(), value.getType(), loc);
  if (auto op = dyn_cast<BinaryOp>(def))
    return scalarBinary(op);
  if (auto op = dyn_cast<MathOp>(def))
    return scalarMath(op);
  if (auto op = dyn_cast<UnaryOp>(def)) {
    Value x = scalar(op.getOperand());
    if (!x)
      return {};
    if (op.getKind() == UnaryKind::Not) {
      Value ones =
          constant(x.getType(), x.getType().isInteger(1) ? 1 : -1, loc);
      return wrapNarrow(b, b.create<arith::XOrIOp>(loc, x, ones),
                        value.getType(), loc);
    }
    if (isa<FloatType>(x.getType()))
      return b.create<arith::NegFOp>(loc, x);
    return wrapNarrow(
        b, b.create<arith::SubIOp>(loc, constant(x.getType(), 0, loc), x),
        value.getType(), loc);
  }
  if (auto op = dyn_cast<SelectOp>(def)) {
    Value c = scalar(op.getCondition()), x = scalar(op.getWhenTrue()),
          y = scalar(op.getWhenFalse());
    return c && x && y ? b.create<arith::SelectOp>(loc, c, x, y).getResult()
                       : Value();
  }
  if (auto op = dyn_cast<FmacOp>(def)) {
    Value x = scalar(op.getA()), y = scalar(op.getB()), z = scalar(op.getC());
    if (!x || !y || !z)
      return {};
    if (isa<FloatType>(type))
      return b.create<arith::AddFOp>(loc, x,
                                     b.create<arith::MulFOp>(loc, y, z));
    return wrapNarrow(
        b, b.create<arith::AddIOp>(loc, x, b.create<arith::MulIOp>(loc, y, z)),
        value.getType(), loc);
  }
  if (auto op = dyn_cast<CastOp>(def)) {
    if (auto number = constantValue(op.getOperand());
        number && !isa<FloatType>(type) && !type.isInteger(1))
      return constant(type, *number, loc);
    if (auto number = constantValue(op.getOperand());
        number && isa<FloatType>(type))
      return b.create<arith::ConstantOp>(
          loc, b.getFloatAttr(type, static_cast<double>(*number)));
    Value x = scalar(op.getOperand());
    Type from = op.getOperand().getType();
    if (from.isIndex())
      from = b.getI16Type();
    return x ? convert(x, from, value.getType(), loc) : Value();
  }
  emitError(loc) << "'" << def->getName()
                 << "' has no CSL form in a scalar expression";
  return {};
}
