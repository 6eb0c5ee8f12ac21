//===- ProgramDecls.cpp - declarations of a program -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Variables, descriptors, queues and params come into being when code refers to
// them; queues and tasks meet when everything is known.
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace spada;
using namespace spada::cslfront;

//===----------------------------------------------------------------------===//
// Names, types and places
//===----------------------------------------------------------------------===//

mlir::Location Program::location(Loc at) {
  if (at.line == 0 || at.file >= c.sources.size())
    return mlir::UnknownLoc::get(&c.context);
  return mlir::FileLineColLoc::get(&c.context, c.sources[at.file]->path,
                                   at.line, at.column);
}

std::string Program::uniqueName(const std::string &wanted) {
  std::string name = wanted;
  for (unsigned i = 1; !usedNames.insert(name).second; ++i)
    name = wanted + "_" + std::to_string(i);
  return name;
}

mlir::OpBuilder Program::declBuilder() {
  mlir::OpBuilder builder(&c.context);
  builder.setInsertionPointToEnd(&op.getBody().front());
  return builder;
}

mlir::Type Program::mlirType(const Type *type, Loc at) {
  mlir::MLIRContext *context = &c.context;
  mlir::Type none = mlir::NoneType::get(context);
  switch (type->kind) {
  case TypeKind::Bool:
    return mlir::IntegerType::get(context, 1);
  case TypeKind::Int:
    return mlir::IntegerType::get(context, type->bits);
  case TypeKind::Float:
    return type->bits == 16 ? mlir::Type(mlir::Float16Type::get(context))
                            : mlir::Type(mlir::Float32Type::get(context));
  case TypeKind::Enum:
    return mlirType(type->element, at);
  case TypeKind::Pointer:
  case TypeKind::ManyPointer:
    return csl::PtrType::get(context);
  case TypeKind::Direction:
    return mlir::IntegerType::get(context, 16);
  case TypeKind::Mem1dDsd:
  case TypeKind::CircbufDsd:
    return csl::MemDsdType::get(context, none, 1);
  case TypeKind::Mem4dDsd:
    return csl::MemDsdType::get(context, none, 4);
  case TypeKind::FabinDsd:
    return csl::FabinDsdType::get(context, none);
  case TypeKind::FaboutDsd:
    return csl::FaboutDsdType::get(context, none);
  default:
    if (type->isId())
      return mlir::IntegerType::get(context, 16);
    sema->error(at, "a value of type '" + type->name +
                        "' cannot exist when the program runs");
  }
}

Value Program::zero(Sema &s, const Type *type, Loc at) {
  if (type->isFloat())
    return Value::floating(type, 0);
  if (type->isIntLike())
    return Value::integer(type, 0);
  if (type->isPointer()) {
    mlir::Value zero = s.builder().create<mlir::arith::ConstantOp>(
        location(at), s.builder().getI16IntegerAttr(0));
    return s.runTime(type,
                     s.builder().create<csl::PtrCastOp>(
                         location(at), csl::PtrType::get(&c.context), zero));
  }
  if (type->isDsd()) // there is none; whoever uses it sees that
    return {};
  s.error(at, "a variable of type '" + type->name + "' needs a value");
}

//===----------------------------------------------------------------------===//
// Variables
//===----------------------------------------------------------------------===//

static mlir::Attribute scalarAttr(mlir::Type type, const Value &value) {
  if (auto integer = mlir::dyn_cast<mlir::IntegerType>(type))
    return mlir::IntegerAttr::get(
        type, llvm::APInt(integer.getWidth(), uint64_t(value.i)));
  return mlir::FloatAttr::get(type, value.f);
}

/// Can memory hold the value from the start?
static bool isNumber(const Value &value) {
  return value.type->isIntLike() || value.type->isFloat();
}

static bool isZero(const Value &value) {
  return value.type->isFloat() ? value.f == 0 && !std::signbit(value.f)
                               : value.i == 0;
}

bool Program::startsWith(GlobalVar &var, llvm::ArrayRef<int64_t> indices,
                         const Value &value) {
  if (!value.isSymbolic() || value.type->bytes() > 4 || common(*value.symbolic))
    return false;
  mlir::OpBuilder &builder = startup();
  mlir::Location loc = location(var.loc);
  llvm::SmallVector<mlir::Value> operands;
  for (int64_t index : indices)
    operands.push_back(
        builder.create<mlir::arith::ConstantIndexOp>(loc, index));
  builder.create<mlir::memref::StoreOp>(
      loc, paramValue(builder, *value.symbolic, var.loc),
      address(builder, var, var.loc), operands);
  return true;
}

mlir::Attribute Program::initialValue(GlobalVar &var, mlir::Type type) {
  if (!var.init || var.init.isRunTime())
    return {};
  if (!var.type->is(TypeKind::Array)) {
    if (startsWith(var, {}, var.init))
      return {};
    Value value = sema->force(var.init, var.loc);
    if (!isNumber(value))
      sema->error(var.loc, "a variable cannot start with a value of type '" +
                               value.type->name + "'");
    return isZero(value) ? mlir::Attribute() : scalarAttr(type, value);
  }
  const Aggregate &elements = *var.init.aggregate;
  llvm::SmallVector<mlir::Attribute> attributes;
  bool allZero = true;
  uint32_t stored = elements.isSplat ? 1 : elements.size;
  for (uint32_t i = 0; i < stored; ++i) {
    if (!isNumber(elements.at(i)))
      sema->error(var.loc, "an array of values of type '" +
                               elements.at(i).type->name +
                               "' cannot have initial values");
    Value value = elements.at(i);
    if (stored <= 64 && var.type->dims.size() == 1 && !elements.isSplat &&
        startsWith(var, {i}, value))
      value = Value::integer(value.type, 0);
    value = sema->force(value, var.loc);
    allZero &= isZero(value);
    attributes.push_back(scalarAttr(type, value));
  }
  if (allZero)
    return {};
  return mlir::DenseElementsAttr::get(
      mlir::RankedTensorType::get(var.type->dims, type), attributes);
}

void Program::declare(GlobalVar &var) {
  if (!var.symbol.empty())
    return;
  mlir::OpBuilder builder = declBuilder();
  mlir::Location loc = location(var.loc);
  var.symbol = uniqueName(var.name);
  mlir::StringAttr name = builder.getStringAttr(var.symbol);
  if (var.type->isDsd()) {
    if (!var.dsd)
      sema->error(var.loc, "a descriptor variable needs a value known at "
                           "compile time");
    builder.create<csl::DsdVariableOp>(
        loc, name, mlir::TypeAttr::get(typeOf(*var.dsd)),
        mlir::FlatSymbolRefAttr::get(&c.context, symbolOf(*var.dsd)));
    return;
  }
  if (var.type->isPointer()) {
    const Type *pointee = var.type->element;
    if (pointee->is(TypeKind::Array))
      pointee = pointee->element;
    mlir::FlatSymbolRefAttr target;
    mlir::IntegerAttr offset;
    mlir::TypeAttr type;
    if (var.target) {
      declare(*var.target);
      target = mlir::FlatSymbolRefAttr::get(&c.context, var.target->symbol);
      if (int64_t bytes = var.init.pointer->bytes)
        offset = builder.getI64IntegerAttr(bytes);
    }
    const Type *own = var.target ? var.target->type : nullptr;
    if (own && own->is(TypeKind::Array))
      own = own->element;
    if (own != pointee)
      type = mlir::TypeAttr::get(pointee->isPointer() ||
                                         pointee->is(TypeKind::Struct) ||
                                         pointee->is(TypeKind::Anyopaque)
                                     ? mlir::Type(builder.getI16Type())
                                     : mlirType(pointee, var.loc));
    builder.create<csl::PointerOp>(loc, name, target, offset, type);
    return;
  }
  mlir::MemRefType type = memoryType(var.type, var.loc);
  bool storesAtStart = var.type->isRecord() || (var.type->is(TypeKind::Array) &&
                                                var.type->element->isPointer());
  mlir::IntegerAttr align;
  if (var.align)
    align = builder.getI64IntegerAttr(var.align);
  mlir::StringAttr link;
  if (!var.linkName.empty() && var.linkName != var.symbol)
    link = builder.getStringAttr(var.linkName);
  mlir::Attribute init;
  if (!storesAtStart)
    init = initialValue(var, type.getElementType());
  builder.create<csl::VariableOp>(loc, name, mlir::TypeAttr::get(type), align,
                                  mlir::dyn_cast_or_null<mlir::TypedAttr>(init),
                                  link);
  if (storesAtStart && var.init)
    storeAtStart(var);
}

/// Of a variable. Structs are words.
mlir::MemRefType Program::memoryType(const Type *type, Loc at) {
  mlir::MLIRContext *context = &c.context;
  if (type->isRecord()) {
    int64_t unit = type->alignment();
    return mlir::MemRefType::get(
        {type->memoryBytes() / unit},
        mlir::IntegerType::get(context, unsigned(8 * unit)));
  }
  if (type->is(TypeKind::Array))
    return mlir::MemRefType::get(type->dims, mlirType(type->element, at));
  return mlir::MemRefType::get({}, mlirType(type, at));
}

mlir::Value Program::address(mlir::OpBuilder &builder, GlobalVar &var, Loc at) {
  declare(var);
  return builder.create<csl::AddressOfOp>(location(at),
                                          memoryType(var.type, at), var.symbol);
}

/// The startup function stores what memory cannot hold from the start.
void Program::storeAtStart(GlobalVar &var) {
  Saved<mlir::OpBuilder *> emit(sema->opBuilder, &startup());
  Place place(Place::Global, var.type);
  place.var = &var;
  sema->store(place, var.init, var.loc);
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

mlir::Type Program::typeOf(const DsdConst &dsd) {
  mlir::MLIRContext *context = &c.context;
  mlir::Type none = mlir::NoneType::get(context);
  mlir::Type element = dsd.element ? mlirType(dsd.element, dsd.loc) : none;
  switch (dsd.type->kind) {
  case TypeKind::Mem1dDsd:
  case TypeKind::Mem4dDsd:
  case TypeKind::CircbufDsd:
    return csl::MemDsdType::get(context, element, unsigned(dsd.sizes.size()));
  case TypeKind::FabinDsd:
    return csl::FabinDsdType::get(
        context, fabricElement.try_emplace(&dsd, none).first->second);
  default:
    return csl::FaboutDsdType::get(
        context, fabricElement.try_emplace(&dsd, none).first->second);
  }
}

void Program::useFabricDsd(const DsdConst &dsd, mlir::Type element) {
  fabricElement.try_emplace(&dsd, element);
}

std::string Program::symbolOf(const DsdConst &dsd) {
  if (dsd.symbol.empty()) {
    dsd.symbol = uniqueName(dsd.wantedName.empty() ? "dsd" : dsd.wantedName);
    if (dsd.base)
      declare(*dsd.base);
    usedDsds.push_back(&dsd);
  }
  return dsd.symbol;
}

Value Program::loadDsd(mlir::OpBuilder &builder, GlobalVar &var, Loc at) {
  declare(var);
  Value value(var.type, Value::Form::RunTime);
  value.runtime =
      builder.create<csl::LoadDsdOp>(location(at), typeOf(*var.dsd), var.symbol)
          .getResult()
          .getAsOpaquePointer();
  return value;
}

void Program::storeDsd(Sema &s, GlobalVar &var, const Value &value, Loc at) {
  declare(var);
  mlir::Value dsd = s.materializeValue(value, at);
  mlir::Type type = typeOf(*var.dsd);
  if (dsd.getType() != type)
    dsd = s.builder().create<csl::CastDsdOp>(location(at), type, dsd);
  s.builder().create<csl::StoreDsdOp>(location(at), dsd, var.symbol);
}

void Program::declareDsds() {
  mlir::OpBuilder builder = declBuilder();
  auto flag = [&](bool set) {
    return set ? builder.getUnitAttr() : mlir::UnitAttr();
  };
  auto optional = [&](int64_t number) {
    return number ? builder.getI64IntegerAttr(number) : mlir::IntegerAttr();
  };
  for (size_t i = 0; i < usedDsds.size(); ++i) {
    const DsdConst &dsd = *usedDsds[i];
    mlir::Location loc = location(dsd.loc);
    mlir::StringAttr name = builder.getStringAttr(dsd.symbol);
    if (dsd.type->is(TypeKind::Fifo)) {
      auto task = [&](int id) {
        return id < 0 ? mlir::FlatSymbolRefAttr()
                      : mlir::FlatSymbolRefAttr::get(
                            &c.context, taskSymbol(csl::TaskKind::Local, id));
      };
      builder.create<csl::FifoOp>(
          loc, name, mlir::FlatSymbolRefAttr::get(&c.context, dsd.base->symbol),
          task(dsd.activatePush), task(dsd.activatePop),
          optional(dsd.priority));
      continue;
    }
    if (dsd.base) {
      const Type *element = dsd.base->type->is(TypeKind::Array)
                                ? dsd.base->type->element
                                : dsd.base->type;
      int64_t offset = dsd.bytes / std::max<int64_t>(element->bytes(), 1);
      int64_t low = offset, high = offset;
      llvm::SmallVector<int64_t> sizes;
      for (size_t d = 0; d < dsd.sizes.size(); ++d) {
        sizes.push_back(std::max<int64_t>(dsd.sizes[d], 1));
        int64_t reached = dsd.wrap ? dsd.wrap : sizes[d];
        int64_t reach = dsd.strides[d] * (reached - 1);
        (reach < 0 ? low : high) += reach;
      }
      int64_t count =
          dsd.base->type->is(TypeKind::Array) ? dsd.base->type->count() : 0;
      bool unchecked = low < 0 || high >= count;
      builder.create<csl::MemDsdOp>(
          loc, name, mlir::FlatSymbolRefAttr::get(&c.context, dsd.base->symbol),
          builder.getI64IntegerAttr(offset),
          builder.getDenseI64ArrayAttr(sizes),
          builder.getDenseI64ArrayAttr(dsd.strides), flag(unchecked),
          flag(dsd.indexOffset), optional(dsd.wrap));
      continue;
    }
    bool output = dsd.type->is(TypeKind::FaboutDsd);
    int64_t color = dsd.color;
    int64_t number = queueFor(output, dsd.queue, color, dsd.loc);
    mlir::Type type = typeOf(dsd);
    mlir::Type element =
        output ? mlir::cast<csl::FaboutDsdType>(type).getElementType()
               : mlir::cast<csl::FabinDsdType>(type).getElementType();
    builder.create<csl::FabricDsdOp>(
        loc, name,
        mlir::FlatSymbolRefAttr::get(&c.context,
                                     queueSymbol(output, number, color)),
        mlir::TypeAttr::get(element),
        builder.getI64IntegerAttr(std::clamp<int64_t>(dsd.extent, 0, 65535)),
        flag(dsd.control), flag(dsd.advanceSwitch), flag(dsd.indexOffset),
        optional(dsd.zeroSource), optional(dsd.simd), optional(dsd.priority),
        flag(dsd.controlTransform));
  }
}
