//===- BuiltinsVector.cpp - DSD operations --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

#include "dialects/CSL/IR/Builtins.h"

using namespace spada;
using namespace spada::cslfront;
using csl::ElementClass;

/// The type of a class's elements where nothing else says it.
static mlir::Type typeOfClass(mlir::MLIRContext *context, ElementClass c) {
  switch (c) {
  case ElementClass::F16:
    return mlir::Float16Type::get(context);
  case ElementClass::F32:
    return mlir::Float32Type::get(context);
  case ElementClass::Any32:
    return mlir::IntegerType::get(context, 32);
  default:
    return mlir::IntegerType::get(context, 16);
  }
}

static mlir::Type elementType(mlir::Type dsd) {
  if (auto memory = mlir::dyn_cast<csl::MemDsdType>(dsd))
    return memory.getElementType();
  if (auto input = mlir::dyn_cast<csl::FabinDsdType>(dsd))
    return input.getElementType();
  return mlir::cast<csl::FaboutDsdType>(dsd).getElementType();
}

mlir::Type spada::cslfront::withElement(mlir::Type dsd, mlir::Type element) {
  mlir::MLIRContext *context = dsd.getContext();
  if (auto memory = mlir::dyn_cast<csl::MemDsdType>(dsd))
    return csl::MemDsdType::get(context, element, memory.getRank());
  if (mlir::isa<csl::FabinDsdType>(dsd))
    return csl::FabinDsdType::get(context, element);
  return csl::FaboutDsdType::get(context, element);
}

static Value scalarOf(Sema &s, Value value, ElementClass wanted, Loc at) {
  TypeContext &types = s.types;
  switch (wanted) {
  case ElementClass::F16:
    return s.coerce(value, types.f16, at);
  case ElementClass::F32:
    return s.coerce(value, types.f32, at);
  case ElementClass::I16:
  case ElementClass::Any16:
    if (value.type->is(TypeKind::ComptimeInt))
      return s.coerce(
          value,
          s.fits(s.forceInt(value, at), types.i16) ? types.i16 : types.u16, at);
    if (value.type->is(TypeKind::ComptimeFloat) &&
        wanted == ElementClass::Any16)
      return s.coerce(value, types.f16, at);
    break;
  case ElementClass::Any:
    return s.runTimeType(value, at);
  case ElementClass::Any32:
    if (value.type->is(TypeKind::ComptimeInt))
      return s.coerce(
          value,
          s.fits(s.forceInt(value, at), types.i32) ? types.i32 : types.u32, at);
    if (value.type->is(TypeKind::ComptimeFloat))
      return s.coerce(value, types.f32, at);
    break;
  }
  int64_t bytes = wanted == ElementClass::Any32 ? 4 : 2;
  bool isWord = value.type->isInt() || value.type->isFloat() ||
                value.type->isId() || value.type->is(TypeKind::Enum);
  if (value.isComptime() && value.type->isInt() && value.type->bytes() != bytes)
    return s.coerce(value, bytes == 4 ? types.i32 : types.i16, at);
  if (!isWord || value.type->bytes() != bytes ||
      (wanted == ElementClass::I16 && value.type->isFloat()))
    s.error(at, "the operation needs a scalar of " + csl::describe(wanted) +
                    ", got " + s.describe(value));
  return value;
}

/// One operand of the operation. `fabric` is the element type that fabric
/// descriptors get.
static mlir::Value operandOf(Sema &s, const Value &value, ElementClass wanted,
                             mlir::Type fabric, Loc at) {
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(at);
  const Type &type = *value.type;
  if (type.isDsr()) {
    if (const DsdConst *fifo = fifoOf(s, value, at))
      return b.create<csl::FifoRefOp>(loc, s.program->symbolOf(*fifo));
    return b.create<csl::DsrOp>(loc, dsrFile(type), uint64_t(value.i));
  }
  if (type.is(TypeKind::Fifo))
    return b.create<csl::FifoRefOp>(loc, s.program->symbolOf(*value.dsd));
  if (type.is(TypeKind::CircbufDsd))
    s.error(at, "a circbuf_dsd cannot be an operand; load it with "
                "@load_to_dsr_xdsr and use the register");
  if (type.isDsd()) {
    if (value.isKnown() && !value.dsd->base)
      s.program->useFabricDsd(*value.dsd, fabric);
    mlir::Value dsd = s.materializeValue(value, at);
    mlir::Type element = elementType(dsd.getType());
    if (!mlir::isa<mlir::NoneType>(element) && !csl::isOfClass(element, wanted))
      dsd = b.create<csl::CastDsdOp>(loc, withElement(dsd.getType(), fabric),
                                     dsd);
    return dsd;
  }
  if (type.isPointer()) {
    if (value.isKnown() && value.pointer->bytes == 0 &&
        !value.pointer->var->type->is(TypeKind::Array) &&
        csl::isOfClass(s.mlirType(value.pointer->var->type, at), wanted))
      return s.program->address(b, *value.pointer->var, at);
    return s.materializeValue(value, at);
  }
  return s.materializeValue(scalarOf(s, value, wanted, at), at);
}

/// A scalar source that is the variable behind the destination pointer is read
/// for each element: a running reduction. The pointer, or nothing.
static Value destinationAgain(Sema &s, const Expr &expr,
                              llvm::ArrayRef<Value> values) {
  const Value &destination = values.front();
  bool named = expr.kind == ExprKind::Name || expr.kind == ExprKind::Index ||
               expr.kind == ExprKind::Member || expr.kind == ExprKind::Deref;
  if (!named || !destination.type->isPointer() || !destination.isKnown())
    return {};
  Sema::Reference reference = s.resolve(expr);
  if (!reference.place)
    return {};
  const Place &place = *reference.place;
  bool inMemory =
      place.kind == Place::Global && !place.type->is(TypeKind::Array) &&
      llvm::all_of(place.indices, [](const Value &i) { return i.isKnown(); });
  if (!inMemory)
    return {};
  Value pointer = s.addressOf(place, expr.loc);
  bool same = pointer.isKnown() &&
              pointer.pointer->var == destination.pointer->var &&
              pointer.pointer->bytes == destination.pointer->bytes;
  return same ? destination : Value();
}

/// FIFOs and registers have their places: the destination is operand 0.
static void checkPlace(Sema &s, const Value &value, size_t operand,
                       const csl::Builtin &info, Loc at) {
  bool isFifo = value.type->is(TypeKind::Fifo) ||
                (value.type->isDsr() && fifoOf(s, value, at));
  if (isFifo && operand == 1 && info.sources > 1)
    s.error(at, "a FIFO is the destination or the last source of '@" +
                    llvm::Twine(info.name) + "', not the first of " +
                    llvm::Twine(info.sources) + " sources");
  if (!value.type->isDsr())
    return;
  csl::DsrFile wrong = operand == 0 ? csl::DsrFile::Src1 : csl::DsrFile::Dest;
  if (dsrFile(*value.type) == wrong)
    s.error(at, "a register of type '" + value.type->name + "' cannot be a " +
                    (operand == 0 ? "destination" : "source"));
}

Value spada::cslfront::vectorBuiltin(Sema &s, const Expr &call) {
  std::string name(s.c.names.text(call.name));
  const csl::Builtin &info = *csl::findBuiltin(name);
  bool hasDestination = info.hasDestination;
  size_t count = info.sources + (hasDestination ? 1 : 0);
  if (!s.program || !s.emitting())
    s.error(call.loc, "'@" + name + "' can only be used when the program runs");
  if (call.args.size() != count && call.args.size() != count + 1)
    s.error(call.loc, "'@" + name + "' takes " + llvm::Twine(count) +
                          " operands and an optional config, " +
                          llvm::Twine(call.args.size()) + " are given");
  llvm::SmallVector<Value, 4> values;
  for (size_t i = 0; i < count; ++i) {
    Value value = i > 0 ? destinationAgain(s, *call.args[i], values) : Value();
    if (!value)
      value = s.eval(*call.args[i]);
    if (!value)
      s.error(call.args[i]->loc, "an operand is needed here");
    if (hasDestination)
      checkPlace(s, value, i, info, call.args[i]->loc);
    values.push_back(value);
  }
  auto classOf = [&](size_t i) {
    if (!hasDestination)
      return info.first;
    return i == 0 ? info.destination : i == 1 ? info.first : info.others;
  };
  // Moves of any type of a width: what memory or a scalar says.
  mlir::Type known;
  for (size_t i = 0; i < count; ++i) {
    const Value &value = values[i];
    const Type *element = nullptr;
    if (value.type->isDsd() && value.isKnown() && value.dsd->base)
      element = value.dsd->element;
    else if (value.type->isInt() || value.type->isFloat())
      element = value.type;
    else if (value.type->isPointer())
      element = value.type->element;
    if (value.type->isDsd() && value.isRunTime()) {
      mlir::Type type = elementType(s.mlirValue(value).getType());
      if (!mlir::isa<mlir::NoneType>(type) && !known)
        known = type;
    }
    if (element && (element->isInt() || element->isFloat()) && !known)
      known = s.mlirType(element, call.loc);
  }
  OperationConfig config;
  if (call.args.size() > count)
    config = operationConfig(s, s.eval(*call.args[count]), call.loc);
  llvm::SmallVector<mlir::Value, 4> operands;
  bool hasFifo = false;
  for (size_t i = 0; i < count; ++i) {
    ElementClass wanted = classOf(i);
    mlir::Type fabric = known && csl::isOfClass(known, wanted)
                            ? known
                            : typeOfClass(&s.c.context, wanted);
    operands.push_back(
        operandOf(s, values[i], wanted, fabric, call.args[i]->loc));
    hasFifo |= mlir::isa<csl::FifoType>(operands.back().getType());
  }
  llvm::SmallVector<mlir::Type, 1> result;
  bool hasResult = hasFifo && !config.isAsync;
  if (hasResult)
    result.push_back(s.builder().getI1Type());
  mlir::OpBuilder &b = s.builder();
  auto op = b.create<csl::VectorOp>(
      s.location(call.loc), hasResult ? result[0] : mlir::Type(),
      b.getStringAttr(name), operands, config.index,
      config.isAsync ? b.getUnitAttr() : mlir::UnitAttr(), config.activate,
      config.unblock, config.ut, config.onControl, config.onControlTask,
      config.priority);
  return hasResult ? s.runTime(s.types.boolType, op.getResult())
                   : s.boolean(true);
}
