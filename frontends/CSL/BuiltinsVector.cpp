//===- BuiltinsVector.cpp - DSD operations and @map -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

#include "dialects/CSL/IR/Builtins.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

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

static mlir::Type withElement(mlir::Type dsd, mlir::Type element) {
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
  if (type.isDsr())
    return b.create<csl::DsrOp>(loc,
                                type.is(TypeKind::DsrDest) ? csl::DsrFile::Dest
                                : type.is(TypeKind::DsrSrc0)
                                    ? csl::DsrFile::Src0
                                    : csl::DsrFile::Src1,
                                uint64_t(value.i));
  if (type.is(TypeKind::Fifo))
    return b.create<csl::FifoRefOp>(loc, s.program->symbolOf(*value.dsd));
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
    if (hasDestination && i == 1 && info.sources > 1 &&
        value.type->is(TypeKind::Fifo))
      s.error(call.args[i]->loc, "a FIFO is the destination or the last source "
                                 "of '@" +
                                     name + "', not the first of " +
                                     llvm::Twine(info.sources) + " sources");
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
    hasFifo |= values[i].type->is(TypeKind::Fifo);
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

//===----------------------------------------------------------------------===//
// @map
//===----------------------------------------------------------------------===//

namespace {
/// Element `index` of an operand of @map.
class MapElement {
public:
  MapElement(Sema &s, const Value &dsd, Loc at) : s(s), dsd(dsd), at(at) {}

  mlir::Value load(mlir::Value index, const Type *type) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    mlir::Type element = s.mlirType(type, at);
    mlir::Value descriptor = s.materializeValue(dsd, at);
    if (!dsd.type->is(TypeKind::FabinDsd))
      return b.create<mlir::memref::LoadOp>(loc,
                                            memory(descriptor, index, element));
    // One wavelet into a variable.
    GlobalVar &var = s.c.variables.emplace_back();
    var.type = type;
    var.name = "map_element";
    mlir::Value target = s.program->address(b, var, at);
    descriptor = b.create<csl::CastDsdOp>(
        loc, withElement(descriptor.getType(), element), descriptor);
    mlir::Value one =
        b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(1));
    descriptor = b.create<csl::SetDsdLengthOp>(loc, descriptor, one);
    move(type, target, descriptor);
    return b.create<mlir::memref::LoadOp>(loc, target);
  }

  void store(mlir::Value index, mlir::Value value, const Type *type) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    mlir::Value descriptor = s.materializeValue(dsd, at);
    mlir::Type element = s.mlirType(type, at);
    if (!dsd.type->is(TypeKind::FaboutDsd)) {
      b.create<mlir::memref::StoreOp>(loc, value,
                                      memory(descriptor, index, element));
      return;
    }
    descriptor = b.create<csl::CastDsdOp>(
        loc, withElement(descriptor.getType(), element), descriptor);
    mlir::Value one =
        b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(1));
    move(type, b.create<csl::SetDsdLengthOp>(loc, descriptor, one), value);
  }

private:
  mlir::Value memory(mlir::Value descriptor, mlir::Value index,
                     mlir::Type element) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    mlir::Value pointer = b.create<csl::DsdElementPtrOp>(
        loc, descriptor, index, mlir::TypeAttr::get(element));
    return b.create<csl::FromPtrOp>(loc, mlir::MemRefType::get({}, element),
                                    pointer);
  }

  void move(const Type *type, mlir::Value to, mlir::Value from) {
    mlir::OpBuilder &b = s.builder();
    const char *name = type->isFloat() ? (type->bits == 16 ? "fmovh" : "fmovs")
                       : type->bytes() == 4 ? "mov32"
                                            : "mov16";
    b.create<csl::VectorOp>(s.location(at), b.getStringAttr(name),
                            mlir::ValueRange{to, from}, mlir::UnitAttr(),
                            mlir::FlatSymbolRefAttr(),
                            mlir::FlatSymbolRefAttr(), mlir::IntegerAttr());
  }

  Sema &s;
  Value dsd;
  Loc at;
};
} // namespace

Value spada::cslfront::mapBuiltin(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 16);
  if (!s.program || !s.emitting())
    s.error(call.loc, "@map can only be used when the program runs");
  Value callback = s.eval(*call.args[0]);
  if (!callback.type->is(TypeKind::Function) || !callback.isKnown())
    s.error(call.args[0]->loc,
            "expected a function, got " + s.describe(callback));
  const FunctionRef &function = *callback.function;
  size_t inputs = function.decl->parameters.size();
  llvm::SmallVector<Value, 4> values;
  for (size_t i = 1; i < call.args.size(); ++i) {
    values.push_back(s.eval(*call.args[i]));
    if (values.back().type->isDsr() || values.back().type->is(TypeKind::Fifo))
      s.error(call.args[i]->loc, "@map with an operand of type '" +
                                     values.back().type->name +
                                     "' is not supported");
  }
  if (values.size() != inputs && values.size() != inputs + 1)
    s.error(call.loc, "@map of a function with " + llvm::Twine(inputs) +
                          " parameters and " + llvm::Twine(values.size()) +
                          " operands");
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(call.loc);
  // As long as the shortest vector.
  mlir::Value length;
  for (const Value &value : values) {
    if (!value.type->isDsd())
      continue;
    mlir::Value mine =
        b.create<csl::DsdLengthOp>(loc, s.materializeValue(value, call.loc));
    length = length
                 ? b.create<mlir::arith::MinUIOp>(loc, length, mine).getResult()
                 : mine;
  }
  if (!length)
    s.error(call.loc, "@map needs at least one descriptor");
  auto constant = [&](int16_t i) -> mlir::Value {
    return b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(i));
  };
  auto loop = b.create<mlir::scf::ForOp>(loc, constant(0), length, constant(1));
  mlir::OpBuilder inner(loop.getBody()->getTerminator());
  Saved<mlir::OpBuilder *> scope(s.opBuilder, &inner);
  mlir::Value index = loop.getInductionVar();
  llvm::SmallVector<Value, 4> args;
  Saved<ModuleInstance *> module(s.module, function.module);
  for (size_t i = 0; i < inputs; ++i) {
    const Parameter &parameter = function.decl->parameters[i];
    if (!values[i].type->isDsd()) {
      args.push_back(values[i]);
      continue;
    }
    const Type *type;
    if (!parameter.isAnytype)
      type = s.evalType(*parameter.type);
    else if (values[i].isKnown() && values[i].dsd->element)
      type = values[i].dsd->element;
    else
      s.error(parameter.loc, "@map cannot tell the type of this anytype "
                             "parameter");
    args.push_back(
        s.runTime(type, MapElement(s, values[i], call.loc).load(index, type)));
  }
  Value result = s.callFunction(function, args, call.loc);
  if (values.size() == inputs)
    return s.voidValue();
  if (!result || result.type->is(TypeKind::Void))
    s.error(call.loc, "the function of @map gives no value for the output");
  const Value &output = values.back();
  if (output.type->isDsd())
    MapElement(s, output, call.loc)
        .store(index, s.materializeValue(result, call.loc), result.type);
  else
    s.store(s.pointed(output, call.loc), result, call.loc);
  return s.voidValue();
}
