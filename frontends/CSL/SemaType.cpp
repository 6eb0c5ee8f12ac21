//===- SemaType.cpp - type expressions ------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Sema.h"

#include "llvm/ADT/STLExtras.h"

using namespace spada::cslfront;

Value Sema::typeValue(const Type *type) {
  return Value::known(types.typeType, &Value::asType, type);
}

const Type *Sema::toType(const Value &value, Loc at) {
  if (value && value.type->is(TypeKind::Type))
    return value.asType;
  if (value && value.type->is(TypeKind::Void)) // `{}`
    return types.voidType;
  error(at, "expected a type, got " + describe(value));
}

const Type *Sema::evalType(const Expr &expr) {
  return toType(evalComptime(expr), expr.loc);
}

const Type *Sema::enumType(const Expr &expr) {
  const Type *&known =
      c.localTypes[{&expr, std::to_string(reinterpret_cast<size_t>(module))}];
  if (known)
    return known;
  Type *type = types.fresh(TypeKind::Enum, "enum");
  type->element = expr.callee ? evalType(*expr.callee) : types.u16;
  if (!type->element->isInt())
    error(expr.loc, "an enum is of an integer type, not of '" +
                        type->element->name + "'");
  int64_t next = 0;
  for (const Field &field : expr.fields) {
    if (llvm::is_contained(type->names, field.name))
      error(field.loc, "'" + llvm::Twine(c.names.text(field.name)) +
                           "' stands twice in the enum");
    if (field.value)
      next = forceInt(evalComptime(*field.value), field.loc);
    if (!fits(next, type->element))
      error(field.loc, "value " + llvm::Twine(next) + " of '" +
                           c.names.text(field.name) + "' does not fit '" +
                           type->element->name + "'");
    if (llvm::is_contained(type->values, next))
      error(field.loc, "value " + llvm::Twine(next) + " of '" +
                           c.names.text(field.name) +
                           "' belongs to another member of the enum");
    type->names.push_back(field.name);
    type->values.push_back(next);
    next = int64_t(uint64_t(next) + 1);
  }
  return known = type;
}

const Type *Sema::structType(const Expr &expr) {
  // Instances with the same captured types are one type.
  std::vector<const Type *> fieldTypes;
  std::string key;
  for (const Field &field : expr.fields) {
    fieldTypes.push_back(evalType(*field.value));
    key += fieldTypes.back()->name + ";";
  }
  const Type *&known = c.localTypes[{&expr, key}];
  if (known)
    return known;
  Type *type = types.fresh(TypeKind::Struct, "struct");
  for (const Field &field : expr.fields)
    type->names.push_back(field.name);
  type->types = std::move(fieldTypes);
  return known = type;
}
