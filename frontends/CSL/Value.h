//===- Value.h - values of the CSL evaluator --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What an expression gives: a value known at compile time, one that differs
// between the PEs of a program (symbolic), or one that exists when the program
// runs. Aggregates are made in an arena and are not changed once they are
// shared; assignments copy.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_VALUE_H
#define SPADA_FRONTENDS_CSL_VALUE_H

#include "Types.h"

#include <optional>

namespace spada::cslfront {

struct Aggregate;
struct DsdConst;
struct FunctionRef;
struct GlobalVar;
struct ModuleInstance;
struct PointerValue;
struct RangeValue;
struct SymExpr;

struct Value {
  enum class Form : uint8_t {
    None,     ///< no value
    Known,    ///< at compile time
    Symbolic, ///< an integer for each PE: symbolic
    RunTime   ///< an mlir::Value: runtime
  };
  const Type *type = nullptr;
  Form form = Form::None;
  union {
    int64_t i = 0; ///< IntLike types; ids of DSRs; u64 keeps its bits
    double f;
    const std::string *text;
    const Type *asType;
    Aggregate *aggregate;        ///< structs, tuples, arrays
    const FunctionRef *function; ///< functions and tasks
    ModuleInstance *module;
    const PointerValue *pointer;
    const DsdConst *dsd; ///< DSDs and FIFOs
    const RangeValue *range;
    const SymExpr *symbolic;
    void *runtime; ///< opaque mlir::Value
  };

  Value() = default;
  explicit Value(const Type *type, Form form = Form::None)
      : type(type), form(form) {}

  bool isKnown() const { return form == Form::Known; }
  bool isSymbolic() const { return form == Form::Symbolic; }
  bool isRunTime() const { return form == Form::RunTime; }
  bool isComptime() const { return isKnown() || isSymbolic(); }
  /// The same known value, or the same run-time one.
  bool isSame(const Value &other) const {
    if (form != other.form || type != other.type)
      return false;
    return isRunTime() ? runtime == other.runtime : i == other.i;
  }
  explicit operator bool() const { return form != Form::None; }

  static Value integer(const Type *type, int64_t i) {
    Value value(type, Form::Known);
    value.i = i;
    return value;
  }
  static Value floating(const Type *type, double f) {
    Value value(type, Form::Known);
    value.f = f;
    return value;
  }
  template <typename T>
  static Value known(const Type *type, T Value::*member, T payload) {
    Value value(type, Form::Known);
    value.*member = payload;
    return value;
  }
};

/// A struct (names), tuple or array (no names). Arrays may hold one value for
/// all elements.
struct Aggregate {
  uint32_t size = 0;
  uint32_t depth = 1;  ///< of aggregates in aggregates
  uint64_t weight = 1; ///< values in it, at all depths
  bool isSplat = false;
  const Name *names = nullptr;
  Value *values = nullptr;

  const Value &at(uint32_t i) const { return values[isSplat ? 0 : i]; }
  /// The field's index; -1 when there is none.
  int find(Name name) const {
    for (uint32_t i = 0; names && i < size; ++i)
      if (names[i] == name)
        return int(i);
    return -1;
  }
};

/// Thrown when the values of a compilation need too much memory.
struct ArenaFull {};

/// Memory for aggregates that can be given back to a mark.
class Arena {
public:
  static constexpr size_t maxBytes = size_t(4) << 30;
  struct Mark {
    size_t chunk, used;
  };
  void *take(size_t bytes);
  template <typename T> T *make(size_t count) {
    T *first = static_cast<T *>(take(sizeof(T) * count));
    for (size_t i = 0; i < count; ++i)
      new (first + i) T();
    return first;
  }
  Mark mark() const { return {chunk, used}; }
  void release(Mark mark) {
    chunk = mark.chunk;
    used = mark.used;
  }

private:
  static constexpr size_t chunkBytes = size_t(1) << 20;
  std::vector<std::pair<std::unique_ptr<char[]>, size_t>> chunks;
  size_t chunk = 0, used = 0, total = 0;
};

/// A function or task of a module.
struct FunctionRef {
  ModuleInstance *module = nullptr;
  const Decl *decl = nullptr;
};

/// A compile-time pointer into a module variable.
struct PointerValue {
  GlobalVar *var = nullptr;
  int64_t bytes = 0; ///< from the start of the variable
};

struct RangeValue {
  Value start, stop, step; ///< of the range's element type; may be run-time
};

/// A compile-time descriptor or FIFO. Its symbol is made on first use.
struct DsdConst {
  const Type *type = nullptr;
  Loc loc;
  // Memory: elements base[bytes / size + sum i_d * strides[d]], outermost
  // first.
  GlobalVar *base = nullptr;
  int64_t bytes = 0;
  std::vector<int64_t> sizes, strides;
  const Type *element = nullptr; ///< null: not known
  bool indexOffset = false;
  int64_t wrap = 0; ///< of a circular buffer: elements
  // Fabric.
  int64_t extent = 1;
  int color = -1, queue = -1;
  bool control = false, advanceSwitch = false, controlTransform = false;
  int zeroSource = 0, simd = 0, priority = 0;
  // FIFO; its priority is above.
  int activatePush = -1, activatePop = -1; ///< local task ids
  mutable std::string symbol;
  std::string wantedName;
};

/// An integer that depends on the PE.
struct SymExpr {
  enum class Op : uint8_t { Leaf, X, Y, Constant, Binary, Unary, Convert };
  Op op = Op::Constant;
  Operator opcode = Operator::None;
  const Type *type = nullptr;
  int64_t number = 0; ///< Leaf: its place; Constant: the value
  Name name = 0;      ///< Leaf: the param's name
  const SymExpr *a = nullptr, *b = nullptr;
  uint32_t weight = 1; ///< nodes, each as often as it is reached
};

} // namespace spada::cslfront

#endif
