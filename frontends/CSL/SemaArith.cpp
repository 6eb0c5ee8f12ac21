//===- SemaArith.cpp - operators ------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "Program.h"
#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spada;
using namespace spada::cslfront;
using namespace mlir::arith;

static bool isComparison(Operator op) {
  return op >= Operator::Eq && op <= Operator::Ge;
}

bool Sema::equal(const Value &left, const Value &right) const {
  if (left.type->isFloating())
    return left.f == right.f;
  switch (left.type->kind) {
  case TypeKind::ComptimeString:
    return *left.text == *right.text;
  case TypeKind::Type:
    return left.asType == right.asType;
  case TypeKind::Function:
  case TypeKind::Task:
    return left.function->decl == right.function->decl &&
           left.function->module == right.function->module;
  case TypeKind::Pointer:
  case TypeKind::ManyPointer:
    return left.pointer->var == right.pointer->var &&
           left.pointer->bytes == right.pointer->bytes;
  default:
    return left.i == right.i;
  }
}

Value Sema::compareValues(Operator op, const Value &left, const Value &right,
                          Loc at) {
  return binary(op, left, right, at);
}

Value Sema::unary(Operator op, Value value, Loc at) {
  const Type *type = value.type;
  bool ok = op == Operator::Not      ? type->is(TypeKind::Bool)
            : op == Operator::Invert ? type->isIntegral()
                                     : type->isNumeric();
  if (!ok)
    error(at, "'" + llvm::Twine(operatorText(op)) +
                  "' cannot be used on a value of type '" + type->name + "'");
  if (value.isSymbolic()) {
    return symbolic({SymExpr::Op::Unary, op, type, 0, 0, value.symbolic}, at);
  }
  if (value.isKnown()) {
    if (op == Operator::Negate && type->is(TypeKind::ComptimeInt) &&
        value.i == INT64_MIN)
      error(at, "the negative of " + llvm::Twine(value.i) +
                    " does not fit 64 bits");
    if (type->isFloating())
      value.f = -value.f;
    else if (op == Operator::Not)
      value.i = !value.i;
    else
      value.i =
          wrap(op == Operator::Negate ? int64_t(-uint64_t(value.i)) : ~value.i,
               type);
    return value;
  }
  mlir::Value operand = mlirValue(value);
  mlir::Location loc = location(at);
  if (type->isFloat())
    return runTime(type, builder().create<NegFOp>(loc, operand));
  auto constant = [&](int64_t i) -> mlir::Value {
    return builder().create<ConstantOp>(
        loc, builder().getIntegerAttr(operand.getType(), i));
  };
  if (op == Operator::Negate)
    return runTime(type, builder().create<SubIOp>(loc, constant(0), operand));
  mlir::Value ones = op == Operator::Not
                         ? mlir::Value(builder().create<ConstantOp>(
                               loc, builder().getBoolAttr(true)))
                         : constant(-1);
  return runTime(type, builder().create<XOrIOp>(loc, operand, ones));
}

static CmpIPredicate predicate(Operator op, bool isSigned) {
  switch (op) {
  case Operator::Eq:
    return CmpIPredicate::eq;
  case Operator::Ne:
    return CmpIPredicate::ne;
  case Operator::Lt:
    return isSigned ? CmpIPredicate::slt : CmpIPredicate::ult;
  case Operator::Gt:
    return isSigned ? CmpIPredicate::sgt : CmpIPredicate::ugt;
  case Operator::Le:
    return isSigned ? CmpIPredicate::sle : CmpIPredicate::ule;
  default:
    return isSigned ? CmpIPredicate::sge : CmpIPredicate::uge;
  }
}

static CmpFPredicate floatPredicate(Operator op) {
  switch (op) {
  case Operator::Eq:
    return CmpFPredicate::OEQ;
  case Operator::Ne:
    return CmpFPredicate::UNE;
  case Operator::Lt:
    return CmpFPredicate::OLT;
  case Operator::Gt:
    return CmpFPredicate::OGT;
  case Operator::Le:
    return CmpFPredicate::OLE;
  default:
    return CmpFPredicate::OGE;
  }
}

static mlir::Value runTimeBinary(mlir::OpBuilder &b, mlir::Location loc,
                                 Operator op, mlir::Value left,
                                 mlir::Value right, const Type *type) {
  bool isSigned = type->isSigned;
  if (type->isFloat())
    switch (op) {
    case Operator::Add:
      return b.create<AddFOp>(loc, left, right);
    case Operator::Sub:
      return b.create<SubFOp>(loc, left, right);
    case Operator::Mul:
      return b.create<MulFOp>(loc, left, right);
    case Operator::Div:
      return b.create<DivFOp>(loc, left, right);
    default:
      return isComparison(op) ? mlir::Value(b.create<CmpFOp>(
                                    loc, floatPredicate(op), left, right))
                              : mlir::Value();
    }
  if (isComparison(op))
    return b.create<CmpIOp>(loc, predicate(op, isSigned), left, right);
  if (!type->isInt())
    return {};
  switch (op) {
  case Operator::Add:
    return b.create<AddIOp>(loc, left, right);
  case Operator::Sub:
    return b.create<SubIOp>(loc, left, right);
  case Operator::Mul:
    return b.create<MulIOp>(loc, left, right);
  case Operator::Div:
    return isSigned ? b.create<DivSIOp>(loc, left, right).getResult()
                    : b.create<DivUIOp>(loc, left, right).getResult();
  case Operator::Rem:
    return isSigned ? b.create<RemSIOp>(loc, left, right).getResult()
                    : b.create<RemUIOp>(loc, left, right).getResult();
  case Operator::BitAnd:
    return b.create<AndIOp>(loc, left, right);
  case Operator::BitOr:
    return b.create<OrIOp>(loc, left, right);
  case Operator::BitXor:
    return b.create<XOrIOp>(loc, left, right);
  case Operator::Shl:
    return b.create<ShLIOp>(loc, left, right);
  case Operator::Shr:
    return isSigned ? b.create<ShRSIOp>(loc, left, right).getResult()
                    : b.create<ShRUIOp>(loc, left, right).getResult();
  default:
    return {};
  }
}

/// Brings both sides to one type; false when they have none in common.
bool Sema::unify(Operator op, Value &left, Value &right, Loc at) {
  if (left.type == right.type)
    return true;
  if (op == Operator::Shl || op == Operator::Shr) {
    if (!left.type->isIntegral() || !right.type->isIntegral())
      return false;
    if (left.type->is(TypeKind::ComptimeInt) && !right.isComptime())
      left = coerce(left, right.type, at);
    else if (!left.type->is(TypeKind::ComptimeInt))
      right = right.isComptime() ? coerce(right, left.type, at)
                                 : convert(right, left.type, at);
    return true;
  }
  const Type *a = left.type, *b = right.type;
  if (a->isFunctionLike() && b->isFunctionLike())
    return true;
  bool toRight = a->is(TypeKind::ComptimeInt) ||
                 (a->is(TypeKind::ComptimeFloat) && b->isFloat());
  bool toLeft = b->is(TypeKind::ComptimeInt) ||
                (b->is(TypeKind::ComptimeFloat) && a->isFloat());
  if (toRight && b->isNumeric() && !(a->isFloating() && !b->isFloating())) {
    left = coerce(left, b, at);
    return true;
  }
  if (toLeft && a->isNumeric() && !(b->isFloating() && !a->isFloating())) {
    right = coerce(right, a, at);
    return true;
  }
  // Sized integers known now: the one that holds both.
  if (a->isInt() && b->isInt()) {
    if (right.isComptime() &&
        (right.isSymbolic() ? program->allFit(*right.symbolic, a)
                            : fits(right, a))) {
      right = coerce(right, a, at);
      return true;
    }
    if (left.isComptime() &&
        (left.isSymbolic() ? program->allFit(*left.symbolic, b)
                           : fits(left, b))) {
      left = coerce(left, b, at);
      return true;
    }
    return false;
  }
  if (a->isPointer() && b->isPointer())
    return a->element == b->element;
  if (a->isFloating() && b->isFloating() && left.isKnown() && right.isKnown()) {
    right = coerce(right, a, at);
    return true;
  }
  return false;
}

Value Sema::symbolicBinary(Operator op, const Value &left, const Value &right,
                           Loc at) {
  auto expr = [&](const Value &value) -> const SymExpr * {
    if (value.isSymbolic())
      return value.symbolic;
    SymExpr &constant = c.symbolics.emplace_back();
    constant = {SymExpr::Op::Constant, Operator::None, value.type, value.i};
    return &constant;
  };
  const SymExpr *a = expr(left), *b = expr(right);
  const Type *type = isComparison(op) ? types.boolType : left.type;
  Value result = symbolic({SymExpr::Op::Binary, op, type, 0, 0, a, b}, at);
  if (!isComparison(op))
    program->checkBinary(*result.symbolic, left.type, at);
  return result;
}

Value Sema::knownBinary(Operator op, const Value &left, const Value &right,
                        Loc at) {
  const Type *type = left.type;
  if (isComparison(op)) {
    if (type->isFloating())
      return boolean(compareFloats(op, left.f, right.f));
    if (type->isIntegral() || op != Operator::Eq)
      if (type->isIntLike() && type->isIntegral())
        return boolean(type->isU64() ? compareUnsigned(op, uint64_t(left.i),
                                                       uint64_t(right.i))
                                     : compareIntegers(op, left.i, right.i));
    return boolean(equal(left, right) == (op == Operator::Eq));
  }
  if (type->isFloating()) {
    double result = op == Operator::Add   ? left.f + right.f
                    : op == Operator::Sub ? left.f - right.f
                    : op == Operator::Mul ? left.f * right.f
                                          : left.f / right.f;
    return Value::floating(type, roundTo(type, result));
  }
  return Value::integer(type, knownInteger(op, left, right, at));
}

int64_t Sema::knownInteger(Operator op, const Value &left, const Value &right,
                           Loc at) {
  const Type *type = left.type;
  int64_t result = 0;
  bool isShift = op == Operator::Shl || op == Operator::Shr;
  if (isShift && type->isInt() && uint64_t(right.i) >= type->bits)
    error(at, "shift count " + llvm::Twine(right.i) + " is not below the " +
                  llvm::Twine(unsigned(type->bits)) + " bits of '" +
                  type->name + "'");
  uint64_t bits = 0;
  bool good =
      type->isU64() || (isShift && type->isInt() && type->bits == 64 &&
                        op == Operator::Shl)
          ? unsignedOperation(op, uint64_t(left.i), uint64_t(right.i), bits)
          : integerOperation(op, left.i, right.i, result);
  if (!good)
    error(at, right.i == 0 && (op == Operator::Div || op == Operator::Rem)
                  ? llvm::Twine("division by zero")
                  : "'" + integerText(type, left.i) + " " +
                        std::string(operatorText(op)) + " " +
                        integerText(type, right.i) + "' does not fit 64 bits");
  if (type->isInt() && type->bits == 64)
    return type->isU64() || op == Operator::Shl ? int64_t(bits) : result;
  if (op == Operator::Shl || op == Operator::BitAnd || op == Operator::BitOr ||
      op == Operator::BitXor)
    result = wrap(result, type);
  if (!fits(result, type))
    error(at, "the result " + llvm::Twine(result) + " of " +
                  llvm::Twine(left.i) + " " + operatorText(op) + " " +
                  llvm::Twine(right.i) + " does not fit '" + type->name + "'");
  return result;
}

Value Sema::binary(Operator op, Value left, Value right, Loc at) {
  const Type *a = left.type, *b = right.type;
  auto reject = [&]() -> Value {
    error(at, "'" + llvm::Twine(operatorText(op)) +
                  "' cannot be used on values of types '" + a->name +
                  "' and '" + b->name + "'" +
                  (left.type != right.type && a->isNumeric() && b->isNumeric()
                       ? "; convert one of them with @as"
                       : ""));
  };
  if (!unify(op, left, right, at))
    return reject();
  const Type *type = left.type;
  bool equality = op == Operator::Eq || op == Operator::Ne;
  bool isBitwise = op >= Operator::BitAnd && op <= Operator::Shr;
  bool boolBits = type->is(TypeKind::Bool) && op >= Operator::BitAnd &&
                  op <= Operator::BitOr;
  if (!equality && !type->isNumeric() && !boolBits)
    return reject();
  if (type->isFloating() && (isBitwise || op == Operator::Rem))
    return reject();
  if (type->is(TypeKind::Struct) || type->is(TypeKind::Array) ||
      type->is(TypeKind::Void))
    return reject();
  if (left.isComptime() && right.isComptime()) {
    if (left.isKnown() && right.isKnown())
      return knownBinary(op, left, right, at);
    if (!type->isFloating() && !type->isU64())
      return symbolicBinary(op, left, right, at);
    return knownBinary(op, force(left, at), force(right, at), at);
  }
  left = runTimeType(left, at);
  right = runTimeType(right, at);
  mlir::Value l = materializeValue(left, at), r = materializeValue(right, at);
  if (type->isPointer()) {
    mlir::Type number = builder().getI16Type();
    l = builder().create<csl::PtrCastOp>(location(at), number, l);
    r = builder().create<csl::PtrCastOp>(location(at), number, r);
  }
  const Type *arithmetic = type->is(TypeKind::Enum) ? type->element : left.type;
  if (boolBits)
    arithmetic = types.u8;
  mlir::Value result =
      runTimeBinary(builder(), location(at), op, l, r, arithmetic);
  if (!result)
    return reject();
  return runTime(isComparison(op) ? types.boolType : left.type, result);
}
