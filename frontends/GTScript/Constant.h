//===- Constant.h - compile-time values of a Python file --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Numbers, axis positions, functions and types that names stand for before a
// stencil runs, and Python's arithmetic on them.
//
//===----------------------------------------------------------------------===//

#ifndef FRONTENDS_GTSCRIPT_CONSTANT_H
#define FRONTENDS_GTSCRIPT_CONSTANT_H

#include "frontends/GTScript/AST.h"

#include <functional>

namespace spada::gtscript {

/// Data types in the order of promotion.
enum class Scalar : uint8_t { None, Bool, I8, I16, I32, I64, F16, F32, F64 };

inline bool isInteger(Scalar type) {
  return type >= Scalar::I8 && type <= Scalar::I64;
}
inline bool isFloat(Scalar type) { return type >= Scalar::F16; }
/// "bool", "int32", "float64".
std::string_view spelling(Scalar type);
/// The type that NumPy (or C) calls `name`: "float32", "bool_", "double".
/// `None` for other names, and for `int` and `float`, whose width varies.
Scalar scalarNamed(std::string_view name);

struct Constant {
  enum Kind : uint8_t {
    Missing,
    None,
    Bool,         // integer
    Int,          // integer
    Float,        // number
    String,       // text
    Tuple,        // items
    Axis,         // text: "I", "K", "IJ"
    AxisPosition, // axis, fromEnd, integer: `I[0] + 2` is {0, false, 2},
                  // `K[-1]` is {2, true, -1}
    Function,     // function of module
    Class,        // classDef of module
    Type,         // type: an expression of module
    Module,       // module
  };
  Kind kind = Missing;
  Scalar type = Scalar::None; // of a NumPy scalar
  bool fromEnd = false;
  uint8_t axis = 0;
  int64_t integer = 0;
  double number = 0;
  std::string text;
  std::vector<Constant> items;
  const ast::Function *function = nullptr;
  const ast::Class *classDef = nullptr;
  const ast::Expr *typeExpr = nullptr;
  const ast::Module *module = nullptr;

  explicit operator bool() const { return kind != Missing; }
  bool is(Kind k) const { return kind == k; }
  bool isNumber() const { return kind == Bool || kind == Int || kind == Float; }
  /// As a float: of a number.
  double asFloat() const { return kind == Float ? number : double(integer); }
  /// Python's truth value.
  bool isTrue() const;
  /// As in messages: "3", "True", "I[0] + 2".
  std::string str() const;

  static Constant ofInt(int64_t value, Scalar type = Scalar::None);
  static Constant ofFloat(double value, Scalar type = Scalar::None);
  static Constant ofBool(bool value);
  static Constant ofNone();
  static Constant ofString(std::string text);
  static Constant ofPosition(unsigned axis, bool fromEnd, int64_t offset);
};

/// Python's `a op b` and `op a`; Missing, with the reason, if there is none.
Constant combine(ast::Op op, const Constant &a, const Constant &b,
                 std::string &reason);
Constant combine(ast::Op op, const Constant &a, std::string &reason);
/// `a < b`, `a is b`, `a in b`.
Constant compare(ast::Op op, const Constant &a, const Constant &b,
                 std::string &reason);

/// The value of a name or of attributes of one; Missing, with the reason, if
/// there is none.
using Lookup =
    std::function<Constant(const ast::Expr &name, std::string &reason)>;

/// Evaluates `expr` as Python would; Missing, with the reason and the part that
/// is to blame, if it has no value at compile time. Never runs long: values are
/// at most 64 bits wide.
/// `special`, if set, is asked first for calls and subscripts; Missing without
/// a reason leaves them to this function.
Constant evaluate(const ast::Expr &expr, const Lookup &lookup,
                  std::string &reason, const ast::Expr **blame = nullptr,
                  const Lookup *special = nullptr);

/// `value` converted to `type`, as `np.float32(value)` does; Missing if it does
/// not fit.
Constant convert(const Constant &value, Scalar type, std::string &reason);

} // namespace spada::gtscript

#endif
