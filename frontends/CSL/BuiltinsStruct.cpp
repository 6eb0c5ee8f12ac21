//===- BuiltinsStruct.cpp - arrays, structs, strings, modules -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"

using namespace spada::cslfront;

static const Type *arrayType(Sema &s, const Expr &expr) {
  const Type *type = s.evalType(expr);
  if (!type->is(TypeKind::Array))
    s.error(expr.loc, "expected an array type, got '" + type->name + "'");
  return type;
}

static Value splat(Sema &s, const Type *type, const Value &value) {
  Aggregate *result = s.aggregate(1, false);
  result->values[0] = value;
  result->size = uint32_t(type->count());
  result->isSplat = true;
  s.settle(*result, s.lastLoc);
  return Value::known(type, &Value::aggregate, result);
}

static Value zeros(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  const Type *type = arrayType(s, *call.args[0]);
  const Type *element = type->element;
  if (!element->isNumeric() && !element->is(TypeKind::Bool))
    s.error(call.loc, "@zeros needs numbers, not '" + element->name + "'");
  return splat(s, type,
               element->isFloat() ? Value::floating(element, 0)
                                  : Value::integer(element, 0));
}

static Value constants(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = arrayType(s, *call.args[0]);
  return splat(
      s, type,
      s.coerce(s.evalComptime(*call.args[1]), type->element, call.loc));
}

static Value concatStructs(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Value left = s.eval(*call.args[0]), right = s.eval(*call.args[1]);
  for (const Value &value : {left, right})
    if (!value.isKnown() || !value.type->is(TypeKind::Struct))
      s.error(call.loc,
              "@concat_structs needs two structs, got " + s.describe(value));
  const Aggregate &a = *left.aggregate, &b = *right.aggregate;
  if (a.size && b.size && !a.names != !b.names)
    s.error(call.loc, "@concat_structs cannot join a tuple and a struct with "
                      "named fields");
  Aggregate *result = s.aggregate(a.size + b.size, a.names || b.names);
  for (uint32_t i = 0; i < result->size; ++i) {
    const Aggregate &from = i < a.size ? a : b;
    uint32_t k = i < a.size ? i : i - a.size;
    if (from.names) {
      if (&from == &b && a.names && a.find(b.names[k]) >= 0)
        s.error(call.loc, "field '" + llvm::Twine(s.c.names.text(b.names[k])) +
                              "' is in both structs");
      const_cast<Name *>(result->names)[i] = from.names[k];
    }
    result->values[i] = from.at(k);
  }
  s.settle(*result, call.loc);
  return Value::known(s.types.anonStruct, &Value::aggregate, result);
}

static Value getField(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Value value = s.eval(*call.args[0]);
  std::string name = s.forceString(s.evalComptime(*call.args[1]), call.loc);
  if (value.type->is(TypeKind::Module))
    return s.member(value, s.c.names.intern(name), call.loc);
  if (!value.isKnown() || !value.type->is(TypeKind::Struct))
    s.error(call.loc, "@field needs a struct, got " + s.describe(value));
  if (std::optional<Value> field = s.field(value, name))
    return *field;
  s.error(call.loc, "the struct has no field '" + name + "'");
}

static Value hasField(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  Value value = s.eval(*call.args[0]);
  std::string name = s.forceString(s.evalComptime(*call.args[1]), call.loc);
  if (value.type->is(TypeKind::Type)) {
    Name wanted = s.c.names.intern(name);
    return s.boolean(llvm::is_contained(value.asType->names, wanted));
  }
  return s.boolean(value.isKnown() && value.type->is(TypeKind::Struct) &&
                   s.field(value, name));
}

static Value dimensions(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  const Type *type = arrayType(s, *call.args[0]);
  uint32_t rank = uint32_t(type->dims.size());
  Aggregate *result = s.aggregate(rank, false);
  for (uint32_t d = 0; d < rank; ++d)
    result->values[d] = Value::integer(s.types.u32, type->dims[d]);
  return Value::known(s.types.array(s.types.u32, {int64_t(rank)}),
                      &Value::aggregate, result);
}

static Value rank(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  return Value::integer(s.types.u16,
                        int64_t(arrayType(s, *call.args[0])->dims.size()));
}

static Value elementCount(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  return Value::integer(s.types.u32, arrayType(s, *call.args[0])->count());
}

static Value elementType(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  return s.typeValue(arrayType(s, *call.args[0])->element);
}

/// Bits of the elements behind a pointer type: 16 or 32.
static Value pointeeBits(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  const Type *type = s.evalType(*call.args[0]);
  const Type *element = type->isPointer() ? type->element : nullptr;
  if (element && element->is(TypeKind::Array))
    element = element->element;
  if (!element || !element->isNumeric() ||
      (element->bits != 16 && element->bits != 32))
    s.error(call.loc, "expected a pointer to elements of 16 or 32 bits, got a "
                      "value of type '" +
                          type->name + "'");
  return s.integer(element->bits);
}

static Value strcat(Sema &s, const Expr &call) {
  std::string text;
  for (const Expr *arg : call.args)
    text += s.forceString(s.evalComptime(*arg), arg->loc);
  s.lastLoc = call.loc;
  return s.string(text);
}

static Value strlen(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  return s.integer(
      int64_t(s.forceString(s.evalComptime(*call.args[0]), call.loc).size()));
}

static Value getArray(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  std::string text = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  Aggregate *result = s.aggregate(uint32_t(text.size()), false);
  for (uint32_t i = 0; i < text.size(); ++i)
    result->values[i] = Value::integer(s.types.u8, uint8_t(text[i]));
  return Value::known(s.types.array(s.types.u8, {int64_t(text.size())}),
                      &Value::aggregate, result);
}

static Value stringFromByte(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  int64_t byte = s.forceInt(s.evalComptime(*call.args[0]), call.loc);
  if (byte < 0 || byte > 255)
    s.error(call.loc, "a byte is 0 to 255, not " + llvm::Twine(byte));
  return s.string(std::string(1, char(byte)));
}

static Value importModule(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 2);
  std::string path = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  Value params;
  if (call.args.size() > 1)
    params = s.evalComptime(*call.args[1]);
  return s.importModule(path, params, call.loc);
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::structBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"zeros", zeros},
      {"constants", constants},
      {"concat_structs", concatStructs},
      {"field", getField},
      {"has_field", hasField},
      {"dimensions", dimensions},
      {"rank", rank},
      {"element_count", elementCount},
      {"element_type", elementType},
      {"__pointee_bits", pointeeBits},
      {"strcat", strcat},
      {"strlen", strlen},
      {"get_array", getArray},
      {"get_string_from_byte", stringFromByte},
      {"import_module", importModule},
  };
  return table;
}
