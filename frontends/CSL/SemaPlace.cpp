//===- SemaPlace.cpp - variables, elements and pointers -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What can be assigned to. Pointers are byte addresses; loads and stores
// through them are memref ops on a view of the memory there.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace spada;
using namespace spada::cslfront;

//===----------------------------------------------------------------------===//
// Naming
//===----------------------------------------------------------------------===//

Sema::Reference Sema::declReference(ModuleInstance &owner, DeclState &state,
                                    Loc at) {
  Value value = declValue(owner, state, at);
  if (state.decl->kind != DeclKind::Var)
    return {std::nullopt, value};
  Place place;
  if (program) {
    if (!state.var)
      error(at, "variable '" + llvm::Twine(c.names.text(state.decl->name)) +
                    "' belongs to the layout; a PE cannot use it");
    place.kind = Place::Global;
    place.var = state.var;
    place.type = state.var->type;
  } else {
    place.kind = Place::Slot;
    place.slot = &state.value;
    place.type = state.value.type;
  }
  return {place, {}};
}

Sema::Reference Sema::resolveName(const Expr &expr) {
  for (size_t i = locals.size(); i-- > frameBase;) {
    Local &local = locals[i];
    if (local.name != expr.name)
      continue;
    if (local.kind == Local::Constant)
      return {std::nullopt, local.value};
    Place place;
    place.type = local.type;
    if (local.kind == Local::ComptimeVar) {
      place.kind = Place::Slot;
      place.slot = &local.value;
      place.local = i;
    } else if (local.kind == Local::RunVar) {
      place.kind = Place::Local;
      place.local = i;
    } else {
      place.kind = Place::Global;
      place.var = local.var;
    }
    return {place, {}};
  }
  auto it = module->byName.find(expr.name);
  if (it != module->byName.end())
    return declReference(*module, module->states[it->second], expr.loc);
  std::string_view text = c.names.text(expr.name);
  if (const Type *type = types.named(text))
    return {std::nullopt, typeValue(type)};
  static constexpr std::string_view directions[] = {"RAMP", "NORTH", "SOUTH",
                                                    "EAST", "WEST"};
  for (int64_t i = 0; i < 5; ++i)
    if (text == directions[i])
      return {std::nullopt, Value::integer(types.direction, i)};
  if (text == "bf16" || text == "cb16")
    error(expr.loc, "type '" + llvm::Twine(text) +
                        "' is not supported; the floats of 16 bits are 'f16'");
  error(expr.loc, "nothing called '" + llvm::Twine(text) + "' is known here");
}

Sema::Reference Sema::resolveMember(const Expr &expr) {
  Reference base = resolve(*expr.callee);
  std::string_view name = c.names.text(expr.name);
  if (base.place && base.place->type->is(TypeKind::Struct) &&
      base.place->kind == Place::Slot) {
    Value &storage = *base.place->slot;
    int index = storage.aggregate ? storage.aggregate->find(expr.name) : -1;
    if (index < 0)
      error(expr.loc, "the struct has no field '" + llvm::Twine(name) + "'");
    Place place = *base.place;
    place.slot = &element(storage, uint32_t(index));
    place.type = place.slot->type;
    return {place, {}};
  }
  if (base.place && base.place->type->is(TypeKind::Struct) &&
      base.place->type->isRecord())
    return {fieldPlace(*base.place, expr.name, expr.loc), {}};
  Value value = base.place ? load(*base.place, expr.loc) : base.value;
  if (value.type->is(TypeKind::Module)) {
    ModuleInstance &owner = *value.module;
    auto it = owner.byName.find(expr.name);
    if (it == owner.byName.end())
      error(expr.loc,
            "'" + llvm::Twine(owner.source->path) + "' has no '" + name + "'");
    return declReference(owner, owner.states[it->second], expr.loc);
  }
  if (value.type->is(TypeKind::Type) && value.asType->is(TypeKind::Enum)) {
    const Type &type = *value.asType;
    for (size_t i = 0; i < type.names.size(); ++i)
      if (type.names[i] == expr.name)
        return {std::nullopt, Value::integer(&type, type.values[i])};
    error(expr.loc, "the enum has no member '" + llvm::Twine(name) + "'");
  }
  if (value.type->is(TypeKind::Struct) && value.isKnown()) {
    int index = value.aggregate->find(expr.name);
    if (index >= 0)
      return {std::nullopt, value.aggregate->at(uint32_t(index))};
    error(expr.loc, "the struct has no field '" + llvm::Twine(name) + "'");
  }
  error(expr.loc, "a value of type '" + llvm::Twine(value.type->name) +
                      "' has no member '" + name + "'");
}

Sema::Reference Sema::resolveIndex(const Expr &expr) {
  Reference base = resolve(*expr.callee);
  llvm::SmallVector<Value, 2> indices;
  for (const Expr *index : expr.args)
    indices.push_back(eval(*index));
  if (base.place && base.place->type->is(TypeKind::Array))
    return {indexed(*base.place, indices, expr.loc), {}};
  if (base.place && base.place->type->is(TypeKind::Struct) &&
      base.place->kind == Place::Slot)
    return {std::nullopt, indexValue(*base.place->slot, indices, expr.loc)};
  Value value = base.place ? load(*base.place, expr.loc) : base.value;
  if (value.type->isPointer()) {
    Place place = pointed(value, expr.loc);
    return {indexed(place, indices, expr.loc), {}};
  }
  bool known = value.isKnown() &&
               llvm::all_of(indices, [](Value i) { return i.isComptime(); });
  if (!known && value.isKnown() && value.type->is(TypeKind::Array) &&
      emitting()) {
    Place place(Place::Global, value.type);
    place.isConst = true;
    place.var = inMemory(value, expr.loc);
    return {indexed(place, indices, expr.loc), {}};
  }
  return {std::nullopt, indexValue(value, indices, expr.loc)};
}

Sema::Reference Sema::resolve(const Expr &expr) {
  switch (expr.kind) {
  case ExprKind::Name:
    return resolveName(expr);
  case ExprKind::Member:
    return resolveMember(expr);
  case ExprKind::Index:
    return resolveIndex(expr);
  case ExprKind::Deref: {
    Value pointer = eval(*expr.callee);
    if (!pointer.type->is(TypeKind::Pointer))
      error(expr.loc,
            "'.*' needs a pointer to one item, not a value of type '" +
                pointer.type->name + "'");
    return {pointed(pointer, expr.loc), {}};
  }
  default:
    return {std::nullopt, eval(expr)};
  }
}

Place Sema::pointed(const Value &pointer, Loc at) {
  Place place;
  place.type = pointer.type->element;
  place.isConst = pointer.type->isConst;
  if (pointer.isKnown() && pointer.pointer->bytes == 0 &&
      pointer.pointer->var && pointer.pointer->var->type == place.type) {
    place.kind = Place::Global;
    place.var = pointer.pointer->var;
    return place;
  }
  place.kind = Place::Pointed;
  place.pointer = pointer;
  if (pointer.type->is(TypeKind::ManyPointer)) // an array without a bound
    place.type = types.array(pointer.type->element, {-1});
  return place;
}

uint32_t Sema::linearIndex(const std::vector<int64_t> &dims,
                           llvm::ArrayRef<Value> indices, Loc at) {
  int64_t linear = 0;
  for (size_t d = 0; d < dims.size(); ++d) {
    int64_t i = forceInt(indices[d], at);
    if (i < 0 || i >= dims[d])
      error(at, "subscript " + llvm::Twine(i) +
                    " is outside of a dimension of " + llvm::Twine(dims[d]) +
                    " elements");
    linear = linear * dims[d] + i;
  }
  return uint32_t(linear);
}

Place Sema::indexed(Place base, llvm::ArrayRef<Value> indices, Loc at) {
  if (!base.type->is(TypeKind::Array))
    error(at, "a value of type '" + base.type->name + "' has no elements");
  const std::vector<int64_t> &dims = base.type->dims;
  if (indices.size() != dims.size())
    error(at, llvm::Twine(indices.size()) + " subscripts for an array of " +
                  llvm::Twine(dims.size()) + " dimensions");
  for (size_t d = 0; d < dims.size(); ++d) {
    if (!indices[d].type->isIntegral())
      error(at, "a subscript is an integer, not of type '" +
                    indices[d].type->name + "'");
    if (indices[d].isKnown() && dims[d] >= 0 &&
        (indices[d].i < 0 || indices[d].i >= dims[d]))
      error(at, "subscript " + llvm::Twine(indices[d].i) +
                    " is outside of a dimension of " + llvm::Twine(dims[d]) +
                    " elements");
  }
  if (base.kind == Place::Slot) {
    base.slot = &element(*base.slot, linearIndex(dims, indices, at));
    base.type = base.type->element;
    return base;
  }
  base.arrayType = base.type;
  base.type = base.type->element;
  base.indices.assign(indices.begin(), indices.end());
  return base;
}

Value Sema::indexValue(const Value &base, llvm::ArrayRef<Value> indices,
                       Loc at) {
  if (!base)
    error(at, "the variable has no value yet");
  if (!base.isKnown() ||
      !(base.type->is(TypeKind::Array) || base.type->is(TypeKind::Struct)))
    error(at, "a value of type '" + base.type->name + "' has no elements");
  if (base.type->is(TypeKind::Array)) {
    const std::vector<int64_t> &dims = base.type->dims;
    if (indices.size() != dims.size())
      error(at, llvm::Twine(indices.size()) + " subscripts for an array of " +
                    llvm::Twine(dims.size()) + " dimensions");
    return base.aggregate->at(linearIndex(dims, indices, at));
  }
  if (indices.size() != 1)
    error(at, llvm::Twine(indices.size()) + " subscripts for a tuple");
  int64_t i = forceInt(indices[0], at);
  if (i < 0 || i >= base.aggregate->size)
    error(at, "subscript " + llvm::Twine(i) + " is outside of a tuple of " +
                  llvm::Twine(base.aggregate->size) + " values");
  return base.aggregate->at(uint32_t(i));
}

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

mlir::Value Sema::memrefOf(const Place &place, Loc at) {
  if (place.kind == Place::Global)
    return program->address(builder(), *place.var, at);
  mlir::Value pointer = materializeValue(place.pointer, at);
  mlir::Type element = mlirType(place.type, at);
  llvm::SmallVector<int64_t> shape;
  // What a pointer names is seen as one dimension; the subscript is linear.
  if (place.arrayType)
    shape.push_back(place.arrayType->dims[0] < 0 ? mlir::ShapedType::kDynamic
                                                 : place.arrayType->count());
  return builder().create<csl::FromPtrOp>(
      location(at), mlir::MemRefType::get(shape, element), pointer);
}

llvm::SmallVector<mlir::Value> Sema::indexOperands(const Place &place, Loc at) {
  llvm::SmallVector<mlir::Value> operands;
  mlir::Type indexType = builder().getIndexType();
  for (const Value &index : place.indices) {
    if (index.isKnown()) {
      operands.push_back(builder().create<mlir::arith::ConstantIndexOp>(
          location(at), index.i));
      continue;
    }
    // Addresses have 16 bits.
    mlir::Value value = materializeValue(
        index.type->bytes() > 4 ? convert(index, types.u32, at) : index, at);
    if (index.type->isInt() && !index.type->isSigned)
      operands.push_back(builder().create<mlir::arith::IndexCastUIOp>(
          location(at), indexType, value));
    else
      operands.push_back(builder().create<mlir::arith::IndexCastOp>(
          location(at), indexType, value));
  }
  if (place.kind == Place::Pointed && operands.size() > 1)
    return {linearIndex(place, operands, at)};
  return operands;
}

mlir::Value Sema::linearIndex(const Place &place,
                              llvm::ArrayRef<mlir::Value> operands, Loc at) {
  mlir::Value linear = operands.front();
  for (size_t d = 1; d < operands.size(); ++d) {
    mlir::Value dim = builder().create<mlir::arith::ConstantIndexOp>(
        location(at), place.arrayType->dims[d]);
    linear = builder().create<mlir::arith::AddIOp>(
        location(at),
        builder().create<mlir::arith::MulIOp>(location(at), linear, dim),
        operands[d]);
  }
  return linear;
}

Value Sema::load(const Place &place, Loc at) {
  switch (place.kind) {
  case Place::Slot:
    if (!*place.slot)
      error(at, "the variable has no value yet");
    if (place.slot->isRunTime() && !emitting())
      break;
    return place.slot->isKnown() && (place.type->is(TypeKind::Array) ||
                                     place.type->is(TypeKind::Struct))
               ? copyAggregate(*place.slot)
               : *place.slot;
  case Place::Local: {
    if (!emitting())
      break;
    const Value &value = locals[place.local].value;
    if (!value)
      error(at, "the variable has no value yet");
    if (value.type->is(TypeKind::Array) || value.type->is(TypeKind::Struct))
      return value;
    return runTime(place.type, materializeValue(value, at));
  }
  case Place::Global:
    if (!emitting()) {
      if (place.type->isDsd() && place.var->dsd)
        return Value::known(place.type, &Value::dsd, place.var->dsd);
      break;
    }
    if (place.type->isDsd())
      return program->loadDsd(builder(), *place.var, at);
    [[fallthrough]];
  case Place::Pointed: {
    if (!emitting())
      break;
    if (place.type->is(TypeKind::Array))
      return arrayValue(place, at);
    if (place.type->isRecord())
      return loadStruct(place, at);
    mlir::Value memory = memrefOf(place, at);
    return runTime(place.type,
                   builder().create<mlir::memref::LoadOp>(
                       location(at), memory, indexOperands(place, at)));
  }
  }
  error(at, "this variable's value is only known when the program runs");
}

void Sema::store(const Place &place, Value value, Loc at) {
  if (place.isConst)
    error(at, "what is assigned to is constant");
  if (place.kind == Place::Slot) {
    bool typed = place.type && !place.type->is(TypeKind::Unbound);
    *place.slot = copyAggregate(typed ? coerce(value, place.type, at) : value);
    if (!value.type->isIntLike() && !value.type->isFloating())
      escaped = true;
    return;
  }
  if (!emitting())
    error(at, "this variable can only be assigned to when the program runs");
  if (place.kind == Place::Local) {
    Local &local = locals[place.local];
    Value next = coerce(value, place.type, at);
    if (place.type->isDsd()) {
      mlir::Value dsd = materializeValue(next, at);
      mlir::Value old = materializeValue(local.value, at);
      if (dsd.getType() != old.getType())
        dsd =
            builder().create<csl::CastDsdOp>(location(at), old.getType(), dsd);
      next = runTime(place.type, dsd);
    }
    local.value = next;
    return;
  }
  if (place.type->isDsd())
    return program->storeDsd(*this, *place.var, coerce(value, place.type, at),
                             at);
  if (place.type->is(TypeKind::Array)) {
    // Whole arrays: element by element, of a value known now.
    Value whole = coerce(value, place.type, at);
    return storeArray(place, whole, at);
  }
  if (place.type->isRecord())
    return storeStruct(place, coerce(value, place.type, at), at);
  mlir::Value stored = materializeValue(coerce(value, place.type, at), at);
  mlir::Value memory = memrefOf(place, at);
  builder().create<mlir::memref::StoreOp>(location(at), stored, memory,
                                          indexOperands(place, at));
}

void Sema::storeArray(const Place &place, const Value &whole, Loc at) {
  if (!whole.isKnown())
    error(at, "an array can only be assigned a value known at compile time");
  const std::vector<int64_t> &dims = place.type->dims;
  int64_t count = place.type->count();
  constexpr int64_t most = 1024;
  if (count > most)
    error(at, "assigning " + llvm::Twine(count) +
                  " elements at once; more than " + llvm::Twine(most) +
                  " are to be set by a loop or a DSD "
                  "operation");
  for (int64_t i = 0; i < count; ++i) {
    llvm::SmallVector<Value, 2> indices(dims.size());
    int64_t rest = i;
    for (size_t d = dims.size(); d-- > 0; rest /= dims[d])
      indices[d] = integer(rest % dims[d]);
    store(indexed(place, indices, at), whole.aggregate->at(uint32_t(i)), at);
  }
}

Value Sema::addressOf(const Place &place, Loc at) {
  const Type *type = types.pointer(place.type, place.isConst, false);
  bool knownIndices =
      llvm::all_of(place.indices, [](const Value &i) { return i.isKnown(); });
  int64_t bytes = 0;
  if (knownIndices && place.arrayType && place.kind == Place::Global) {
    for (size_t d = 0; d < place.indices.size(); ++d)
      bytes = bytes * (d ? place.arrayType->dims[d] : 0) + place.indices[d].i;
    bytes *= place.type->memoryBytes();
  }
  if (place.kind == Place::Global && knownIndices) {
    PointerValue &pointer = c.pointers.emplace_back();
    pointer = {place.var, bytes};
    return Value::known<const PointerValue *>(type, &Value::pointer, &pointer);
  }
  if (place.kind == Place::Slot || place.kind == Place::Local || !emitting())
    error(at, "this has no address");
  if (place.type->isRecord() ||
      (place.kind == Place::Pointed && place.indices.empty())) {
    // A descriptor could not count in elements from the start of a struct.
    Value pointer = pointerTo(place, at);
    return runTime(type, materializeValue(pointer, at));
  }
  mlir::Value memory = memrefOf(place, at);
  if (place.indices.empty())
    return runTime(type, builder().create<csl::ToPtrOp>(location(at), memory));
  llvm::SmallVector<mlir::Value> operands = indexOperands(place, at);
  mlir::Value linear = linearIndex(place, operands, at);
  return runTime(
      type, builder().create<csl::ElementPtrOp>(location(at), memory, linear));
}
