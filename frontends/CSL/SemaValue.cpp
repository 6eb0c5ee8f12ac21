//===- SemaValue.cpp - making and looking at values -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "Program.h"
#include "Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

using namespace spada;
using namespace spada::cslfront;

Sema::Sema(Compilation &c, Layout *layout, Program *program)
    : c(c), types(c.types), layout(layout), program(program) {}

void Sema::error(Loc at, const llvm::Twine &message) const {
  CompileError error{at, message.str(), {}};
  for (size_t i = callStack.size(); i-- > 0;) {
    if (callStack.size() > 12 && i > 6 && i + 6 < callStack.size())
      continue;
    error.notes.push_back(
        {callStack[i].first,
         "in the call of '" +
             std::string(c.names.text(callStack[i].second->name)) + "' here"});
  }
  throw error;
}

void Sema::step(Loc at, uint64_t work) {
  constexpr ptrdiff_t maxStack = ptrdiff_t(4) << 20;
  lastLoc = at;
  steps += work;
  if (steps > c.options.maxSteps)
    error(at, "compile-time evaluation takes more than " +
                  llvm::Twine(c.options.maxSteps) + " steps");
  if (c.stackStart - static_cast<const char *>(__builtin_frame_address(0)) >
      maxStack)
    error(at, "expressions, statements and calls are nested too deeply here");
}

//===----------------------------------------------------------------------===//
// Known values
//===----------------------------------------------------------------------===//

Value Sema::force(Value value, Loc at) {
  if (!value)
    error(at, "a value is needed here");
  if (value.isRunTime())
    error(at, "this value is needed at compile time, but it is only known when "
              "the program runs");
  if (!value.isSymbolic())
    return value;
  if (std::optional<int64_t> same = program->common(*value.symbolic))
    return Value::integer(value.type, *same);
  throw SplitGroup{value.symbolic};
}

int64_t Sema::forceInt(const Value &value, Loc at) {
  Value known = force(value, at);
  if (known.type->isFloating() && std::fabs(known.f) < 9e18 &&
      known.f == double(int64_t(known.f)))
    return int64_t(known.f);
  if (!known.type->isIntLike())
    error(at, "expected an integer, got " + describe(known));
  return known.i;
}

bool Sema::forceBool(const Value &value, Loc at) {
  Value known = force(value, at);
  if (!known.type->is(TypeKind::Bool))
    error(at, "expected a value of type 'bool', got " + describe(known));
  return known.i != 0;
}

std::string Sema::forceString(const Value &value, Loc at) {
  Value known = force(value, at);
  if (!known.type->is(TypeKind::ComptimeString))
    error(at, "expected a string, got " + describe(known));
  return *known.text;
}

Value Sema::string(std::string text) {
  constexpr size_t most = size_t(1) << 20;
  step(lastLoc, text.size() / 64);
  if (text.size() > most)
    error(lastLoc, "a string of " + llvm::Twine(text.size()) +
                       " bytes; at most " + llvm::Twine(most) +
                       " are possible");
  return Value::known<const std::string *>(
      types.comptimeString, &Value::text,
      &*c.strings.insert(std::move(text)).first);
}

Aggregate *Sema::aggregate(uint32_t size, bool named) {
  step(lastLoc, size);
  Aggregate *result = c.arena.make<Aggregate>(1);
  result->size = size;
  result->values = c.arena.make<Value>(size);
  if (named)
    result->names = c.arena.make<Name>(size);
  return result;
}

void Sema::settle(Aggregate &aggregate, Loc at) {
  constexpr uint64_t maxDepth = 200, maxWeight = uint64_t(1) << 24;
  uint32_t stored = aggregate.isSplat ? 1 : aggregate.size;
  uint64_t repeat = aggregate.isSplat ? aggregate.size : 1;
  aggregate.weight = 1;
  for (uint32_t i = 0; i < stored; ++i) {
    const Value &value = aggregate.values[i];
    aggregate.weight += repeat;
    if (!value.isKnown() ||
        !(value.type->is(TypeKind::Struct) || value.type->is(TypeKind::Array)))
      continue;
    aggregate.depth = std::max(aggregate.depth, value.aggregate->depth + 1);
    aggregate.weight += repeat * value.aggregate->weight;
    if (aggregate.depth > maxDepth || aggregate.weight > maxWeight)
      error(at, "a struct or array with more than " + llvm::Twine(maxDepth) +
                    " levels or " + llvm::Twine(maxWeight) + " values");
  }
}

const Type *Sema::bounded(const Type *type, Loc at) const {
  if (type->name.size() > 1000)
    error(at, "the type is made of too many others");
  return type;
}

Value Sema::symbolic(SymExpr expr, Loc at) {
  constexpr uint32_t most = 500;
  for (const SymExpr *operand : {expr.a, expr.b})
    if (operand)
      expr.weight += operand->weight;
  Value value(expr.type, Value::Form::Symbolic);
  value.symbolic = &c.symbolics.emplace_back(expr);
  return expr.weight > most ? force(value, at) : value;
}

Value Sema::structValue(llvm::ArrayRef<std::pair<Name, Value>> fields) {
  Aggregate *result = aggregate(uint32_t(fields.size()), true);
  for (uint32_t i = 0; i < fields.size(); ++i) {
    const_cast<Name *>(result->names)[i] = fields[i].first;
    result->values[i] = fields[i].second;
  }
  settle(*result, lastLoc);
  return Value::known(types.anonStruct, &Value::aggregate, result);
}

Value Sema::copyAggregate(const Value &value) {
  if (!value.isKnown() ||
      (!value.type->is(TypeKind::Struct) && !value.type->is(TypeKind::Array)))
    return value;
  const Aggregate &from = *value.aggregate;
  Aggregate *to = c.arena.make<Aggregate>(1);
  *to = from;
  uint32_t stored = from.isSplat ? 1 : from.size;
  step(lastLoc, stored);
  to->values = c.arena.make<Value>(stored);
  for (uint32_t i = 0; i < stored; ++i)
    to->values[i] = copyAggregate(from.values[i]);
  Value result = value;
  result.aggregate = to;
  return result;
}

Value &Sema::element(Value &storage, uint32_t i) {
  if (!storage)
    error({}, "the variable has no value yet");
  Aggregate &aggregate = *storage.aggregate;
  if (aggregate.isSplat) {
    Value splat = aggregate.values[0];
    step(lastLoc, aggregate.size);
    aggregate.values = c.arena.make<Value>(aggregate.size);
    for (uint32_t k = 0; k < aggregate.size; ++k)
      aggregate.values[k] = copyAggregate(splat);
    aggregate.isSplat = false;
    escaped = true;
  }
  return aggregate.values[i];
}

std::optional<Value> Sema::field(const Value &value, llvm::StringRef name) {
  int index = value.aggregate->find(c.names.intern(name));
  if (index < 0)
    return std::nullopt;
  return value.aggregate->at(uint32_t(index));
}

std::string Sema::describe(const Value &value) const {
  if (!value)
    return "nothing";
  std::string type = "type '" + value.type->name + "'";
  if (!value.isKnown())
    return "a value of " + type;
  if (value.type->isIntegral())
    return integerText(value.type, value.i) + " of " + type;
  return "a value of " + type;
}

//===----------------------------------------------------------------------===//
// Run-time values
//===----------------------------------------------------------------------===//

Value Sema::runTime(const Type *type, mlir::Value value) {
  Value result(type, Value::Form::RunTime);
  result.runtime = value.getAsOpaquePointer();
  return result;
}

mlir::Type Sema::mlirType(const Type *type, Loc at) {
  return program->mlirType(type, at);
}

mlir::Location Sema::location(Loc at) { return program->location(at); }

Value Sema::literal(const Expr &expr) {
  bool isLarge = expr.isConst; // above 2^63-1
  return isLarge ? Value::integer(types.integer(64, false), expr.intValue)
                 : integer(expr.intValue);
}

/// A param of the program; of 64 bits what a smaller one becomes, or else the
/// same number on all its PEs.
mlir::Value Sema::materializeSymbolic(const Value &value, Loc at) {
  if (value.type->bytes() <= 4)
    return program->paramValue(builder(), *value.symbolic, at);
  const SymExpr *from = value.symbolic->a;
  if (value.symbolic->op != SymExpr::Op::Convert || !from->type->isInt() ||
      from->type->bits > 32)
    return materializeValue(force(value, at), at);
  mlir::Value small = program->paramValue(builder(), *from, at);
  return mlirValue(convert(runTime(from->type, small), value.type, at));
}

mlir::Value Sema::materializeValue(const Value &value, Loc at) {
  if (!value)
    error(at, "a value is needed here");
  if (!emitting())
    error(at, "this is only known when the program runs");
  if (value.isRunTime())
    return mlirValue(value);
  if (value.isSymbolic())
    return materializeSymbolic(value, at);
  const Type &type = *value.type;
  mlir::Location loc = location(at);
  if (type.is(TypeKind::ComptimeInt) || type.is(TypeKind::ComptimeFloat))
    return materializeValue(runTimeType(value, at), at);
  if (type.isIntLike()) {
    mlir::Type target = mlirType(&type, at);
    return builder().create<mlir::arith::ConstantOp>(
        loc, mlir::IntegerAttr::get(target,
                                    llvm::APInt(target.getIntOrFloatBitWidth(),
                                                uint64_t(value.i))));
  }
  if (type.isFloat())
    return builder().create<mlir::arith::ConstantOp>(
        loc, mlir::FloatAttr::get(mlirType(&type, at), value.f));
  if (type.isPointer()) {
    mlir::Value memory = program->address(builder(), *value.pointer->var, at);
    mlir::Value pointer = builder().create<csl::ToPtrOp>(loc, memory);
    if (!value.pointer->bytes)
      return pointer;
    mlir::Value bytes = builder().create<mlir::arith::ConstantOp>(
        loc, builder().getI16IntegerAttr(int16_t(value.pointer->bytes)));
    return builder().create<csl::PtrAddOp>(loc, pointer, bytes);
  }
  if (type.isDsd()) {
    std::string symbol = program->symbolOf(*value.dsd);
    mlir::Value dsd =
        builder().create<csl::DsdOp>(loc, program->typeOf(*value.dsd), symbol);
    for (int64_t size : value.dsd->sizes)
      if (size == 0 && value.dsd->sizes.size() == 1)
        dsd = builder().create<csl::SetDsdLengthOp>(
            loc, dsd,
            builder().create<mlir::arith::ConstantOp>(
                loc, builder().getI16IntegerAttr(0)));
    return dsd;
  }
  error(at, "a value of type '" + type.name +
                "' cannot exist when the program runs");
}
