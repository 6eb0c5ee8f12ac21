//===- BuiltinsConfig.cpp - JSON values and configuration registers -------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <nlohmann/json.hpp>

using namespace spada;
using namespace spada::cslfront;
using Json = nlohmann::ordered_json;

//===----------------------------------------------------------------------===//
// @import_comptime_value
//===----------------------------------------------------------------------===//

static Value valueOf(Sema &s, const Json &json, const Type *type, Loc at);

/// A struct whose keys are spelled "name:type".
static Value structOf(Sema &s, const Json &json, const Type *type, Loc at) {
  llvm::SmallVector<std::pair<Name, Value>> fields;
  for (const auto &[key, item] : json.items()) {
    auto [name, typeName] = llvm::StringRef(key).split(':');
    Name field = s.c.names.intern(name.str());
    const Type *wanted = nullptr;
    for (size_t i = 0; i < type->names.size(); ++i)
      if (type->names[i] == field)
        wanted = type->types[i];
    if (!typeName.empty() && !(wanted = s.types.named(typeName.str())))
      s.error(at, "the type '" + typeName + "' of the key '" + key +
                      "' is not known");
    fields.push_back({field, valueOf(s, item, wanted, at)});
  }
  Value result = s.structValue(fields);
  return type == s.types.anonStruct ? result : s.coerce(result, type, at);
}

static void flatten(Sema &s, const Json &json, const Type *element, size_t rank,
                    std::vector<Value> &values, Loc at) {
  if (rank == 0) {
    values.push_back(valueOf(s, json, element, at));
    return;
  }
  if (!json.is_array())
    s.error(at, "the JSON value has fewer dimensions than its type");
  for (const Json &item : json)
    flatten(s, item, element, rank - 1, values, at);
}

static Value arrayOf(Sema &s, const Json &json, const Type *type, Loc at) {
  std::vector<Value> values;
  flatten(s, json, type->element, type->dims.size(), values, at);
  if (int64_t(values.size()) != type->count())
    s.error(at, "the JSON value has " + llvm::Twine(values.size()) +
                    " elements, the type '" + type->name + "' has " +
                    llvm::Twine(type->count()));
  Aggregate *result = s.aggregate(uint32_t(values.size()), false);
  std::copy(values.begin(), values.end(), result->values);
  return Value::known(type, &Value::aggregate, result);
}

/// `type` may be null: what JSON itself says.
static Value valueOf(Sema &s, const Json &json, const Type *type, Loc at) {
  Value value;
  s.step(at);
  if (json.is_object())
    return structOf(
        s, json, type && type->is(TypeKind::Struct) ? type : s.types.anonStruct,
        at);
  if (json.is_array()) {
    if (type && type->is(TypeKind::Array))
      return arrayOf(s, json, type, at);
    Aggregate *tuple = s.aggregate(uint32_t(json.size()), false);
    for (uint32_t i = 0; i < tuple->size; ++i)
      tuple->values[i] = valueOf(s, json[i], nullptr, at);
    return Value::known(s.types.anonStruct, &Value::aggregate, tuple);
  }
  if (json.is_boolean())
    value = s.boolean(json.get<bool>());
  else if (json.is_number_integer())
    value = s.integer(json.get<int64_t>());
  else if (json.is_number())
    value = Value::floating(s.types.comptimeFloat, json.get<double>());
  else if (json.is_string())
    value = s.string(json.get<std::string>());
  else
    s.error(at, "null has no value in CSL");
  return type ? s.coerce(value, type, at) : value;
}

static Value importComptimeValue(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  std::string name = s.forceString(s.evalComptime(*call.args[1]), call.loc);
  std::string path = s.c.findImport(name, s.module->source, call.args[1]->loc);
  std::optional<std::string> text = s.c.readText(path);
  if (!text)
    s.error(call.args[1]->loc, "cannot read '" + path + "'");
  Json json = Json::parse(*text, nullptr, false);
  if (json.is_discarded())
    s.error(call.args[1]->loc, "'" + path + "' is not JSON");
  return valueOf(s, json, type, call.loc);
}

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

/// The register at a byte address, as a variable of 16 bits.
static mlir::Value registerAt(Sema &s, mlir::Value bytes, Loc at) {
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(at);
  mlir::Value pointer =
      b.create<csl::PtrCastOp>(loc, csl::PtrType::get(b.getContext()), bytes);
  return b.create<csl::FromPtrOp>(
      loc, mlir::MemRefType::get({}, b.getI16Type()), pointer);
}

void spada::cslfront::storeRegister(Sema &s, int64_t address, mlir::Value value,
                                    Loc at) {
  mlir::OpBuilder &b = s.builder();
  mlir::Value bytes = b.create<mlir::arith::ConstantOp>(
      s.location(at), b.getI16IntegerAttr(int16_t(address)));
  b.create<mlir::memref::StoreOp>(s.location(at), value,
                                  registerAt(s, bytes, at));
}

/// The register at a word address.
static mlir::Value registerOf(Sema &s, const Expr &address) {
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(address.loc);
  Value word = s.coerce(s.eval(address), s.types.u16, address.loc);
  mlir::Value one =
      b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(1));
  mlir::Value bytes = b.create<mlir::arith::ShLIOp>(
      loc, s.materializeValue(word, address.loc), one);
  return registerAt(s, bytes, address.loc);
}

static Value getConfig(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  if (!s.program || !s.emitting())
    s.error(call.loc, "configuration registers can only be read when the "
                      "program runs");
  mlir::Value place = registerOf(s, *call.args[0]);
  return s.runTime(s.types.u16, s.builder().create<mlir::memref::LoadOp>(
                                    s.location(call.loc), place));
}

static Value setConfig(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  if (!s.program)
    s.error(call.loc, "configuration registers belong to a PE program");
  // In a comptime block: as the program starts.
  Saved<mlir::OpBuilder *> emit(s.opBuilder);
  if (!s.emitting())
    s.opBuilder = &s.program->startup();
  mlir::Value place = registerOf(s, *call.args[0]);
  Value value = s.coerce(s.eval(*call.args[1]), s.types.u16, call.loc);
  s.builder().create<mlir::memref::StoreOp>(
      s.location(call.loc), s.materializeValue(value, call.loc), place);
  return s.voidValue();
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::configBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"import_comptime_value", importComptimeValue},
      {"get_config", getConfig},
      {"set_config", setConfig},
      {"get_config_unchecked", getConfig},
      {"set_config_unchecked", setConfig},
  };
  return table;
}
