//===- Types.cpp - types of CSL -------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Types.h"

#include <algorithm>

using namespace spada::cslfront;

int64_t Type::bytes() const {
  switch (kind) {
  case TypeKind::Bool:
    return 1;
  case TypeKind::Int:
  case TypeKind::Float:
    return bits / 8;
  case TypeKind::Enum:
    return element->bytes();
  case TypeKind::Pointer:
  case TypeKind::ManyPointer:
  case TypeKind::Direction:
    return 2;
  case TypeKind::Array:
    return count() * element->bytes();
  default:
    return isId() ? 2 : 0;
  }
}

static int64_t roundUp(int64_t value, int64_t to) {
  return (value + to - 1) / to * to;
}

int64_t Type::alignment() const {
  if (kind == TypeKind::Array)
    return element->alignment();
  int64_t result = 1;
  for (const Type *field : types)
    result = std::max(result, field->alignment());
  return kind == TypeKind::Struct ? result : std::clamp<int64_t>(bytes(), 1, 4);
}

int64_t Type::fieldOffset(size_t field) const {
  int64_t offset = 0;
  for (size_t i = 0; i < field; ++i)
    offset = roundUp(offset, types[i]->alignment()) + types[i]->memoryBytes();
  return roundUp(offset, types[field]->alignment());
}

int64_t Type::memoryBytes() const {
  if (kind == TypeKind::Array)
    return count() * element->memoryBytes();
  if (kind != TypeKind::Struct)
    return bytes();
  for (const Type *field : types)
    if (field->memoryBytes() <= 0)
      return 0;
  if (types.empty())
    return 0;
  return roundUp(fieldOffset(types.size() - 1) + types.back()->memoryBytes(),
                 alignment());
}

TypeContext::TypeContext() {
  static constexpr struct {
    TypeKind kind;
    const char *name;
  } names[] = {
      {TypeKind::Void, "void"},
      {TypeKind::Bool, "bool"},
      {TypeKind::ComptimeInt, "comptime_int"},
      {TypeKind::ComptimeFloat, "comptime_float"},
      {TypeKind::ComptimeString, "comptime_string"},
      {TypeKind::Type, "type"},
      {TypeKind::Struct, "comptime_struct"},
      {TypeKind::Task, "task() void"},
      {TypeKind::Color, "color"},
      {TypeKind::LocalTaskId, "local_task_id"},
      {TypeKind::DataTaskId, "data_task_id"},
      {TypeKind::ControlTaskId, "control_task_id"},
      {TypeKind::InputQueue, "input_queue"},
      {TypeKind::OutputQueue, "output_queue"},
      {TypeKind::UtId, "ut_id"},
      {TypeKind::Direction, "direction"},
      {TypeKind::Mem1dDsd, "mem1d_dsd"},
      {TypeKind::Mem4dDsd, "mem4d_dsd"},
      {TypeKind::FabinDsd, "fabin_dsd"},
      {TypeKind::FaboutDsd, "fabout_dsd"},
      {TypeKind::CircbufDsd, "circbuf_dsd"},
      {TypeKind::DsrDest, "dsr_dest"},
      {TypeKind::DsrSrc0, "dsr_src0"},
      {TypeKind::DsrSrc1, "dsr_src1"},
      {TypeKind::DsrFifoDest, "dsr_fifo_dest"},
      {TypeKind::DsrFifoSrc1, "dsr_fifo_src1"},
      {TypeKind::Xdsr, "xdsr"},
      {TypeKind::Sr, "sr"},
      {TypeKind::Fifo, "fifo"},
      {TypeKind::Module, "imported_module"},
      {TypeKind::Range, "range"},
      {TypeKind::Anyopaque, "anyopaque"},
      {TypeKind::Unbound, "unbound param"},
  };
  simples.resize(size_t(TypeKind::Unbound) + 1);
  for (auto [kind, name] : names) {
    Type type(kind);
    type.name = name;
    simples[size_t(kind)] = byName[name] = make(type);
  }
  byName.erase("unbound param");
  byName.erase("range");
  byName.erase("fifo");
  byName.erase("task() void");
  for (unsigned bits : {8u, 16u, 32u, 64u})
    for (bool isSigned : {false, true}) {
      Type type(TypeKind::Int);
      type.bits = uint8_t(bits);
      type.isSigned = isSigned;
      type.name = (isSigned ? "i" : "u") + std::to_string(bits);
      byName[type.name] = make(type);
    }
  for (unsigned bits : {16u, 32u}) {
    Type type(TypeKind::Float);
    type.bits = uint8_t(bits);
    type.name = "f" + std::to_string(bits);
    byName[type.name] = make(type);
  }
  voidType = simple(TypeKind::Void);
  boolType = simple(TypeKind::Bool);
  i8 = named("i8");
  u8 = named("u8");
  i16 = named("i16");
  u16 = named("u16");
  i32 = named("i32");
  u32 = named("u32");
  f16 = named("f16");
  f32 = named("f32");
  comptimeInt = simple(TypeKind::ComptimeInt);
  comptimeFloat = simple(TypeKind::ComptimeFloat);
  comptimeString = simple(TypeKind::ComptimeString);
  typeType = simple(TypeKind::Type);
  anonStruct = simple(TypeKind::Struct);
  direction = simple(TypeKind::Direction);
  color = simple(TypeKind::Color);
}

const Type *TypeContext::make(Type type) {
  auto [it, isNew] = byKey.try_emplace(type.name, nullptr);
  if (isNew) {
    types.push_back(std::move(type));
    it->second = &types.back();
  }
  return it->second;
}

const Type *TypeContext::named(std::string_view name) const {
  auto it = byName.find(name);
  return it == byName.end() ? nullptr : it->second;
}

const Type *TypeContext::integer(unsigned bits, bool isSigned) {
  return named((isSigned ? "i" : "u") + std::to_string(bits));
}

/// Types of one name are told apart by their address in the key.
static std::string keyOf(const Type *type) {
  if (type->is(TypeKind::Enum) ||
      (type->is(TypeKind::Struct) && type->name != "comptime_struct"))
    return type->name + "@" + std::to_string(reinterpret_cast<size_t>(type));
  return type->name;
}

const Type *TypeContext::array(const Type *element, std::vector<int64_t> dims) {
  std::string text = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? "," : "") + std::to_string(dims[i]);
  text += "]";
  std::string key = text + keyOf(element);
  if (auto it = byKey.find(key); it != byKey.end())
    return it->second;
  Type type(TypeKind::Array);
  type.element = element;
  type.dims = std::move(dims);
  type.name = text + element->name;
  types.push_back(std::move(type));
  return byKey[key] = &types.back();
}

const Type *TypeContext::pointer(const Type *element, bool isConst, bool many) {
  std::string text = many ? "[*]" : "*";
  if (isConst)
    text += "const ";
  std::string key = text + keyOf(element);
  if (auto it = byKey.find(key); it != byKey.end())
    return it->second;
  Type type(many ? TypeKind::ManyPointer : TypeKind::Pointer);
  type.element = element;
  type.isConst = isConst;
  type.name = text + element->name;
  types.push_back(std::move(type));
  return byKey[key] = &types.back();
}

const Type *TypeContext::function(std::vector<const Type *> params,
                                  const Type *result) {
  std::string text = "fn(", key = "fn(";
  for (size_t i = 0; i < params.size(); ++i) {
    text += (i ? ", " : "") + params[i]->name;
    key += (i ? ", " : "") + keyOf(params[i]);
  }
  text += ")" + result->name;
  key += ")" + keyOf(result);
  if (auto it = byKey.find(key); it != byKey.end())
    return it->second;
  Type type(TypeKind::Function);
  type.params = std::move(params);
  type.element = result;
  type.name = std::move(text);
  types.push_back(std::move(type));
  return byKey[key] = &types.back();
}

Type *TypeContext::fresh(TypeKind kind, std::string name) {
  Type type(kind);
  type.name = std::move(name);
  types.push_back(std::move(type));
  return &types.back();
}
