//===- SemaConvert.cpp - implicit and explicit conversions ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "Program.h"
#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/bit.h"

#include <cmath>

using namespace spada;
using namespace spada::cslfront;

bool Sema::fits(int64_t value, const Type *type) const {
  return !type->isInt() ||
         (type->isU64() ? value >= 0 : wrap(value, type) == value);
}

bool Sema::fits(const Value &known, const Type *type) const {
  bool isLarge = known.type->isU64() && known.i < 0;
  return isLarge ? type->isU64() : fits(known.i, type);
}

/// May a pointer of type `from` stand where `to` is wanted?
static bool pointersAgree(const Type *from, const Type *to) {
  if (from->isConst && !to->isConst)
    return false;
  const Type *a = from->element, *b = to->element;
  if (b->is(TypeKind::Anyopaque) || a->is(TypeKind::Anyopaque))
    return true;
  if (from->kind == to->kind)
    return a == b ||
           (b->is(TypeKind::Array) && b->element == a && b->count() == 1);
  if (to->is(TypeKind::ManyPointer))
    return a == b || (a->is(TypeKind::Array) && a->element == b);
  return false;
}

static Value retyped(Value value, const Type *type) {
  value.type = type;
  return value;
}

Value Sema::coerce(Value value, const Type *type, Loc at) {
  if (!value)
    error(at, "expected a value of type '" + type->name + "', got none");
  const Type *from = value.type;
  if (from == type)
    return value;
  auto reject = [&]() -> Value {
    error(at,
          "expected a value of type '" + type->name + "', got " +
              describe(value) +
              (from->isNumeric() && type->isNumeric() ? "; convert it with @as"
                                                      : ""));
  };
  switch (type->kind) {
  case TypeKind::Int:
  case TypeKind::ComptimeInt:
    if (!value.isComptime() || !from->isIntegral())
      return reject();
    if (value.isSymbolic()) {
      if (!program->allFit(*value.symbolic, type))
        error(at, "a value of type '" + from->name + "' does not fit '" +
                      type->name + "' on every PE");
      return symbolic(
          {SymExpr::Op::Convert, Operator::None, type, 0, 0, value.symbolic},
          at);
    }
    if (!fits(value, type))
      error(at, "value " + integerText(from, value.i) + " does not fit '" +
                    type->name + "'");
    return retyped(value, type);
  case TypeKind::Float:
  case TypeKind::ComptimeFloat:
    // Sized numbers convert with @as only.
    if (!value.isComptime() || !from->isNumeric() ||
        (type->isFloat() && !from->is(TypeKind::ComptimeInt) &&
         !from->is(TypeKind::ComptimeFloat)))
      return reject();
    value = force(value, at);
    return Value::floating(
        type, roundTo(type, from->isIntegral() ? double(value.i) : value.f));
  case TypeKind::Struct:
    if (!from->is(TypeKind::Struct))
      return reject();
    if (type == types.anonStruct)
      return value;
    return coerceStruct(value, type, at);
  case TypeKind::Array: {
    if (!from->is(TypeKind::Struct) || !value.isKnown() ||
        value.aggregate->names) {
      if (from->is(TypeKind::Array) && value.isKnown() &&
          from->dims == type->dims) {
        Aggregate *result = aggregate(value.aggregate->size, false);
        for (uint32_t i = 0; i < result->size; ++i)
          result->values[i] = coerce(value.aggregate->at(i), type->element, at);
        return Value::known(type, &Value::aggregate, result);
      }
      return reject();
    }
    if (value.aggregate->size != type->count())
      error(at, llvm::Twine(value.aggregate->size) +
                    " values for an array of type '" + type->name + "'");
    Aggregate *result = aggregate(value.aggregate->size, false);
    for (uint32_t i = 0; i < result->size; ++i)
      result->values[i] = coerce(value.aggregate->at(i), type->element, at);
    settle(*result, at);
    return Value::known(type, &Value::aggregate, result);
  }
  case TypeKind::Pointer:
  case TypeKind::ManyPointer:
    if (from->is(TypeKind::Function))
      return value;
    if (!from->isPointer() || !pointersAgree(from, type))
      return reject();
    return retyped(value, type);
  case TypeKind::Function:
    if (!from->is(TypeKind::Function))
      return reject();
    return value;
  case TypeKind::LocalTaskId:
    if ((!from->is(TypeKind::Task) && !from->is(TypeKind::Function)) ||
        !program)
      return reject();
    return Value::integer(type, program->idOfTask(*value.function, at));
  case TypeKind::Type:
    return typeValue(toType(value, at));
  case TypeKind::Anyopaque:
    return value;
  default:
    return reject();
  }
}

Value Sema::coerceStruct(const Value &value, const Type *type, Loc at) {
  const Aggregate &from = *value.aggregate;
  if (from.size != type->names.size())
    error(at, llvm::Twine(from.size) + " fields for a struct of " +
                  llvm::Twine(type->names.size()));
  Aggregate *result = aggregate(from.size, true);
  for (uint32_t i = 0; i < from.size; ++i) {
    int index = from.names ? from.find(type->names[i]) : int(i);
    if (index < 0)
      error(at, "field '" + llvm::Twine(c.names.text(type->names[i])) +
                    "' of the struct is missing");
    const_cast<Name *>(result->names)[i] = type->names[i];
    result->values[i] = coerce(from.at(uint32_t(index)), type->types[i], at);
  }
  settle(*result, at);
  return Value::known(type, &Value::aggregate, result);
}

Value Sema::runTimeType(Value value, Loc at) {
  if (value.type->is(TypeKind::ComptimeInt)) {
    int64_t i = forceInt(value, at);
    return coerce(value,
                  fits(i, types.i16)   ? types.i16
                  : fits(i, types.i32) ? types.i32
                  : fits(i, types.u32) ? types.u32
                                       : types.integer(64, true),
                  at);
  }
  if (value.type->is(TypeKind::ComptimeFloat))
    return coerce(value, types.f32, at);
  return value;
}

//===----------------------------------------------------------------------===//
// Explicit conversions
//===----------------------------------------------------------------------===//

/// Width class of the integers that stand for a type at run time.
static const Type *integerOf(const Type *type, TypeContext &types) {
  if (type->is(TypeKind::Enum))
    return type->element;
  if (type->is(TypeKind::Bool) || type->isInt())
    return type;
  return types.u16; // ids and directions
}

static mlir::Value convertRunTime(mlir::OpBuilder &b, mlir::Location loc,
                                  mlir::Value value, const Type *from,
                                  const Type *to, mlir::Type target) {
  using namespace mlir::arith;
  if (to->is(TypeKind::Bool)) {
    if (from->is(TypeKind::Bool))
      return value;
    mlir::Value zero =
        b.create<ConstantOp>(loc, b.getZeroAttr(value.getType()));
    if (from->isFloat())
      return b.create<CmpFOp>(loc, CmpFPredicate::UNE, value, zero);
    return b.create<CmpIOp>(loc, CmpIPredicate::ne, value, zero);
  }
  if (to->isFloat()) {
    if (from->isFloat())
      return from->bits == to->bits ? value
             : from->bits < to->bits
                 ? b.create<ExtFOp>(loc, target, value).getResult()
                 : b.create<TruncFOp>(loc, target, value).getResult();
    return from->isSigned ? b.create<SIToFPOp>(loc, target, value).getResult()
                          : b.create<UIToFPOp>(loc, target, value).getResult();
  }
  if (from->isFloat())
    return to->isSigned ? b.create<FPToSIOp>(loc, target, value).getResult()
                        : b.create<FPToUIOp>(loc, target, value).getResult();
  unsigned fromBits = value.getType().getIntOrFloatBitWidth(),
           toBits = target.getIntOrFloatBitWidth();
  if (fromBits == toBits)
    return value;
  if (toBits < fromBits)
    return b.create<TruncIOp>(loc, target, value);
  return from->isSigned ? b.create<ExtSIOp>(loc, target, value).getResult()
                        : b.create<ExtUIOp>(loc, target, value).getResult();
}

Value Sema::convert(Value value, const Type *type, Loc at) {
  const Type *from = value.type;
  bool simple = (from->isIntLike() || from->isFloating()) &&
                (type->isIntLike() || type->isFloating());
  if (from == type || !simple)
    return coerce(value, type, at);
  if (value.isSymbolic()) {
    if (type->isFloating() || type->is(TypeKind::Bool)) {
      if (!emitting() || type->is(TypeKind::ComptimeFloat))
        value = force(value, at);
      else
        value = runTime(from, materializeValue(value, at));
    } else {
      return symbolic(
          {SymExpr::Op::Convert, Operator::None, type, 0, 0, value.symbolic},
          at);
    }
  }
  if (value.isKnown()) {
    if (type->isFloating())
      return Value::floating(type, roundTo(type, from->isFloating() ? value.f
                                                 : from->isU64()
                                                     ? double(uint64_t(value.i))
                                                     : double(value.i)));
    if (type->is(TypeKind::Bool))
      return boolean(from->isFloating() ? value.f != 0 : value.i != 0);
    int64_t number = value.i;
    if (from->isFloating()) {
      bool isLarge = type->isU64() && value.f >= 0x1p63 && value.f < 0x1p64;
      if (!isLarge && !(std::fabs(value.f) < 0x1p63))
        error(at, "a value of type '" + from->name + "' is too large for '" +
                      type->name + "'");
      number = isLarge ? int64_t(uint64_t(value.f)) : int64_t(value.f);
    }
    const Type *wrapped =
        type->is(TypeKind::ComptimeInt) ? type : integerOf(type, types);
    if (from->is(TypeKind::ComptimeInt) && !fits(number, wrapped))
      error(at, "value " + llvm::Twine(number) + " does not fit '" +
                    type->name + "'");
    return Value::integer(type, wrap(number, wrapped));
  }
  if (type->is(TypeKind::ComptimeInt) || type->is(TypeKind::ComptimeFloat))
    return coerce(value, type, at);
  return runTime(type,
                 convertRunTime(builder(), location(at), mlirValue(value),
                                from->isFloat() ? from : integerOf(from, types),
                                type->isFloat() ? type : integerOf(type, types),
                                mlirType(type, at)));
}

Value Sema::bitcast(Value value, const Type *type, Loc at) {
  const Type *from = value.type;
  if (from->is(TypeKind::ComptimeInt) && type->bytes())
    value = coerce(value,
                   from = type->bytes() == 1   ? types.u8
                          : type->bytes() == 2 ? types.u16
                          : type->bytes() == 4 ? types.u32
                                               : types.integer(64, false),
                   at);
  else if (from->is(TypeKind::ComptimeFloat))
    value =
        coerce(value, from = types.floating(type->bytes() == 2 ? 16 : 32), at);
  if (from->is(TypeKind::Bool) || type->is(TypeKind::Bool) ||
      from->bytes() != type->bytes() || !from->bytes() ||
      from->is(TypeKind::Array) || type->is(TypeKind::Array))
    error(at, "@bitcast from '" + from->name + "' to '" + type->name +
                  "': both need to be scalars of one size");
  if (from->isPointer() && type->isPointer())
    return retyped(value, type);
  if (type->isPointer() || from->isPointer()) {
    if (!emitting())
      error(at, "a pointer can only be made of an integer when the program "
                "runs");
    mlir::Value number = materializeValue(value, at);
    mlir::Type target = type->isPointer() ? mlirType(type, at)
                                          : mlir::Type(builder().getI16Type());
    return runTime(
        type, builder().create<csl::PtrCastOp>(location(at), target, number));
  }
  if (value.isSymbolic()) {
    if (!type->isFloat())
      return convert(value, type, at);
    value = force(value, at);
  }
  if (value.isKnown()) {
    uint64_t bits =
        from->isFloat() ? floatBits(from, value.f) : uint64_t(value.i);
    if (type->isFloat())
      return Value::floating(type, floatOfBits(type, bits));
    return Value::integer(type, wrap(int64_t(bits), integerOf(type, types)));
  }
  if (from->isFloat() == type->isFloat())
    return retyped(value, type);
  return runTime(type, builder().create<mlir::arith::BitcastOp>(
                           location(at), mlirType(type, at), mlirValue(value)));
}
