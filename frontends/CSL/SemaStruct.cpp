//===- SemaStruct.cpp - structs and whole arrays in memory ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A struct value is known field by field, whatever the fields are; a variable
// of a struct type is a piece of memory that its fields are found in by
// pointers. Arrays are copied by loops.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace spada;
using namespace spada::cslfront;

/// Elements of an array that become a value of its own.
static constexpr int64_t mostElements = 64;

//===----------------------------------------------------------------------===//
// Structs
//===----------------------------------------------------------------------===//

Value Sema::pointerTo(const Place &place, Loc at) {
  const Type *type = types.pointer(place.type, place.isConst, false);
  mlir::OpBuilder &b = builder();
  mlir::Location loc = location(at);
  if (place.indices.empty() && place.kind == Place::Pointed) {
    Value pointer = place.pointer;
    pointer.type = type;
    return pointer;
  }
  bool isKnown =
      place.kind == Place::Global &&
      llvm::all_of(place.indices, [](const Value &i) { return i.isKnown(); });
  if (isKnown)
    return addressOf(place, at);
  mlir::Value start =
      place.kind == Place::Pointed
          ? materializeValue(place.pointer, at)
          : b.create<csl::ToPtrOp>(loc, program->address(b, *place.var, at));
  mlir::Value linear = linearIndex(place, indexOperands(place, at), at);
  mlir::Value bytes = b.create<mlir::arith::MulIOp>(
      loc, b.create<mlir::arith::IndexCastOp>(loc, b.getI16Type(), linear),
      b.create<mlir::arith::ConstantOp>(
          loc, b.getI16IntegerAttr(int16_t(place.type->memoryBytes()))));
  return runTime(type, b.create<csl::PtrAddOp>(loc, start, bytes));
}

Place Sema::fieldPlace(const Place &record, Name field, Loc at) {
  const Type &type = *record.type;
  size_t i = 0;
  while (i < type.names.size() && type.names[i] != field)
    ++i;
  if (i == type.names.size())
    error(at,
          "the struct has no field '" + llvm::Twine(c.names.text(field)) + "'");
  if (!emitting())
    error(at, "this variable's value is only known when the program runs");
  Place place(Place::Pointed, type.types[i]);
  place.isConst = record.isConst;
  place.pointer = pointerTo(record, at);
  int64_t offset = type.fieldOffset(i);
  const Type *pointer = types.pointer(place.type, place.isConst, false);
  if (place.pointer.isKnown()) {
    PointerValue &moved = c.pointers.emplace_back(*place.pointer.pointer);
    moved.bytes += offset;
    place.pointer =
        Value::known<const PointerValue *>(pointer, &Value::pointer, &moved);
  } else if (offset) {
    mlir::Value bytes = builder().create<mlir::arith::ConstantOp>(
        location(at), builder().getI16IntegerAttr(int16_t(offset)));
    place.pointer =
        runTime(pointer, builder().create<csl::PtrAddOp>(
                             location(at), mlirValue(place.pointer), bytes));
  }
  return place;
}

Value Sema::loadStruct(const Place &place, Loc at) {
  const Type &type = *place.type;
  Aggregate *result = aggregate(uint32_t(type.names.size()), true);
  for (uint32_t i = 0; i < result->size; ++i) {
    const_cast<Name *>(result->names)[i] = type.names[i];
    result->values[i] = load(fieldPlace(place, type.names[i], at), at);
  }
  settle(*result, at);
  return Value::known(&type, &Value::aggregate, result);
}

void Sema::storeStruct(const Place &place, const Value &value, Loc at) {
  for (uint32_t i = 0; i < value.aggregate->size; ++i)
    store(fieldPlace(place, value.aggregate->names[i], at),
          value.aggregate->at(i), at);
}

const Type *Sema::recordType(const Value &value, Loc at) {
  if (!value.isKnown() || !value.aggregate->names)
    error(at, "a tuple cannot be a variable when the program runs; give it "
              "an array type");
  Type *type = types.fresh(TypeKind::Struct, "struct");
  for (uint32_t i = 0; i < value.aggregate->size; ++i) {
    Value field = value.aggregate->at(i);
    type->names.push_back(value.aggregate->names[i]);
    type->types.push_back(field.type == types.anonStruct
                              ? recordType(field, at)
                              : runTimeType(field, at).type);
  }
  return type;
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

std::optional<Place> Sema::arrayInMemory(const Expr &expr) {
  const Expr *root = &expr;
  while (root->kind == ExprKind::Member || root->kind == ExprKind::Deref)
    root = root->callee;
  if (!emitting() || root->kind != ExprKind::Name)
    return std::nullopt;
  Reference reference = resolve(expr);
  if (!reference.place || !reference.place->type->is(TypeKind::Array) ||
      reference.place->kind < Place::Global ||
      reference.place->type->dims[0] < 0)
    return std::nullopt;
  return reference.place;
}

Value Sema::arrayValue(const Place &place, Loc at) {
  int64_t count = place.type->count();
  if (count < 0 || count > mostElements)
    error(at, "an array of more than " + llvm::Twine(mostElements) +
                  " elements is only copied from variable to variable when "
                  "the program runs; use a pointer to it");
  Aggregate *result = aggregate(uint32_t(count), false);
  const std::vector<int64_t> &dims = place.type->dims;
  for (int64_t i = 0; i < count; ++i) {
    llvm::SmallVector<Value, 2> indices(dims.size());
    int64_t rest = i;
    for (size_t d = dims.size(); d-- > 0; rest /= dims[d])
      indices[d] = integer(rest % dims[d]);
    result->values[i] = load(indexed(place, indices, at), at);
  }
  settle(*result, at);
  return Value::known(place.type, &Value::aggregate, result);
}

bool Sema::holdsRunTime(const Value &value) {
  if (value.isRunTime())
    return true;
  if (!value.isKnown())
    return false;
  bool isArray =
      value.type->is(TypeKind::Array) && value.aggregate->size <= mostElements;
  if (!isArray && !value.type->is(TypeKind::Struct))
    return false;
  for (uint32_t i = 0; i < value.aggregate->size; ++i)
    if (holdsRunTime(value.aggregate->at(i)))
      return true;
  return false;
}

GlobalVar *Sema::inMemory(const Value &array, Loc at) {
  if (!holdsRunTime(array))
    return materialize(array, at, "constant");
  GlobalVar &var = c.variables.emplace_back();
  var.type = array.type;
  var.loc = at;
  var.name = "copy";
  Place place(Place::Global, array.type);
  place.var = &var;
  store(place, array, at);
  return &var;
}

/// Copies word by word, so that the type of the elements does not matter.
void Sema::copyArray(const Place &to, const Place &from, Loc at) {
  if (to.isConst)
    error(at, "what is assigned to is constant");
  if (to.type != from.type)
    error(at, "expected a value of type '" + to.type->name +
                  "', got a value of type '" + from.type->name + "'");
  mlir::OpBuilder &b = builder();
  mlir::Location loc = location(at);
  int64_t bytes = to.type->memoryBytes();
  int64_t unit = to.type->alignment();
  auto word = mlir::MemRefType::get({mlir::ShapedType::kDynamic},
                                    b.getIntegerType(unsigned(8 * unit)));
  auto view = [&](const Place &place) -> mlir::Value {
    Value pointer =
        place.kind == Place::Pointed
            ? pointerTo(place, at)
            : runTime(place.type,
                      b.create<csl::ToPtrOp>(
                          loc, program->address(b, *place.var, at)));
    return b.create<csl::FromPtrOp>(loc, word, materializeValue(pointer, at));
  };
  mlir::Value source = view(from), target = view(to);
  auto constant = [&](int64_t i) -> mlir::Value {
    return b.create<mlir::arith::ConstantIndexOp>(loc, i);
  };
  auto loop = b.create<mlir::scf::ForOp>(loc, constant(0),
                                         constant(bytes / unit), constant(1));
  mlir::OpBuilder inner(loop.getBody()->getTerminator());
  mlir::Value index = loop.getInductionVar();
  mlir::Value value = inner.create<mlir::memref::LoadOp>(loc, source, index);
  inner.create<mlir::memref::StoreOp>(loc, value, target, index);
}
