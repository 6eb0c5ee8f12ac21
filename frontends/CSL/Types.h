//===- Types.h - types of CSL -----------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Types are unique: two types are the same when their addresses are.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_TYPES_H
#define SPADA_FRONTENDS_CSL_TYPES_H

#include "AST.h"

#include <map>
#include <string>
#include <vector>

namespace spada::cslfront {

enum class TypeKind : uint8_t {
  Void,
  Bool,
  Int,   // bits, isSigned
  Float, // bits: 16 or 32
  ComptimeInt,
  ComptimeFloat,
  ComptimeString,
  Type,
  Struct,      // anonymous (comptime_struct) or named: fields
  Array,       // element, dims
  Pointer,     // element, isConst
  ManyPointer, // element, isConst
  Function,    // params, element (result)
  Task,
  Enum, // element (integer type), fields with their values
  // Identifiers of hardware; 16-bit numbers.
  Color,
  LocalTaskId,
  DataTaskId,
  ControlTaskId,
  InputQueue,
  OutputQueue,
  UtId,
  Direction,
  // Descriptors and registers.
  Mem1dDsd,
  Mem4dDsd,
  FabinDsd,
  FaboutDsd,
  CircbufDsd,
  DsrDest,
  DsrSrc0,
  DsrSrc1,
  DsrFifoDest,
  DsrFifoSrc1,
  Xdsr,
  Sr,
  Fifo,
  Module,
  Range,
  Anyopaque,
  /// The value of a `param` without a value that nobody may look at.
  Unbound,
};

struct Type {
  TypeKind kind;
  uint8_t bits = 0;
  bool isSigned = false;
  bool isConst = false;
  const Type *element = nullptr;
  std::vector<int64_t> dims;
  std::vector<const Type *> params;
  std::vector<Name> names;         ///< fields of a named struct or an enum
  std::vector<const Type *> types; ///< of the fields of a named struct
  std::vector<int64_t> values;     ///< of the members of an enum
  std::string name;                ///< how messages call it

  explicit Type(TypeKind kind) : kind(kind) {}
  bool is(TypeKind k) const { return kind == k; }
  bool isInt() const { return kind == TypeKind::Int; }
  /// An integer whose values may be above those of int64_t.
  bool isU64() const { return isInt() && bits == 64 && !isSigned; }
  bool isFloat() const { return kind == TypeKind::Float; }
  bool isIntegral() const {
    return kind == TypeKind::Int || kind == TypeKind::ComptimeInt;
  }
  bool isFloating() const {
    return kind == TypeKind::Float || kind == TypeKind::ComptimeFloat;
  }
  bool isNumeric() const { return isIntegral() || isFloating(); }
  bool isId() const {
    return kind >= TypeKind::Color && kind <= TypeKind::UtId;
  }
  bool isDsd() const {
    return kind >= TypeKind::Mem1dDsd && kind <= TypeKind::CircbufDsd;
  }
  bool isDsr() const {
    return kind >= TypeKind::DsrDest && kind <= TypeKind::DsrFifoSrc1;
  }
  /// Of any file, extended and stride registers too.
  bool isRegister() const {
    return kind >= TypeKind::DsrDest && kind <= TypeKind::Sr;
  }
  bool isFunctionLike() const {
    return kind == TypeKind::Function || kind == TypeKind::Task;
  }
  bool isPointer() const {
    return kind == TypeKind::Pointer || kind == TypeKind::ManyPointer;
  }
  /// Values are one integer: bool, integers, enums, ids, directions.
  bool isIntLike() const {
    return kind == TypeKind::Bool || isIntegral() || kind == TypeKind::Enum ||
           isId() || kind == TypeKind::Direction;
  }
  /// Values never exist at run time.
  bool isComptimeOnly() const {
    switch (kind) {
    case TypeKind::ComptimeInt:
    case TypeKind::ComptimeFloat:
    case TypeKind::ComptimeString:
    case TypeKind::Type:
    case TypeKind::Function:
    case TypeKind::Task:
    case TypeKind::Module:
    case TypeKind::Fifo:
    case TypeKind::Struct:
      return true;
    case TypeKind::Array:
      return element->isComptimeOnly() || element->isId();
    default:
      return isRegister();
    }
  }
  /// Elements of an array, all dimensions.
  int64_t count() const {
    int64_t product = 1;
    for (int64_t dim : dims)
      product *= dim;
    return product;
  }
  /// Bytes of a value in memory; 0 when it cannot be there.
  int64_t bytes() const;
  /// A struct, or an array of them, that memory can hold.
  bool isRecord() const {
    return (kind == TypeKind::Struct ||
            (kind == TypeKind::Array && element->kind == TypeKind::Struct)) &&
           memoryBytes() > 0;
  }
  /// As bytes(); the fields of a struct stand in order, each at a multiple of
  /// its alignment.
  int64_t memoryBytes() const;
  int64_t alignment() const;
  /// From the start of a struct to a field.
  int64_t fieldOffset(size_t field) const;
};

/// Makes and keeps types.
class TypeContext {
public:
  TypeContext();

  const Type *simple(TypeKind kind) const { return simples[size_t(kind)]; }
  const Type *integer(unsigned bits, bool isSigned);
  const Type *floating(unsigned bits) { return bits == 16 ? f16 : f32; }
  const Type *array(const Type *element, std::vector<int64_t> dims);
  const Type *pointer(const Type *element, bool isConst, bool many);
  const Type *function(std::vector<const Type *> params, const Type *result);
  /// A new enum or struct type of its own identity.
  Type *fresh(TypeKind kind, std::string name);
  /// The type with a predeclared name ("u16", "color", ...); null otherwise.
  const Type *named(std::string_view name) const;

  const Type *voidType, *boolType, *i16, *u16, *i32, *u32, *i8, *u8, *f16, *f32,
      *comptimeInt, *comptimeFloat, *comptimeString, *typeType, *anonStruct,
      *direction, *color;

private:
  const Type *make(Type type);
  std::deque<Type> types;
  std::vector<const Type *> simples;
  std::map<std::string, const Type *, std::less<>> byKey, byName;
};

} // namespace spada::cslfront

#endif
