//===- Constant.cpp - compile-time values of a Python file ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Constant.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Op;

std::string_view gtscript::spelling(Scalar type) {
  static constexpr std::array<std::string_view, 9> names = {
      "none",  "bool",    "int8",    "int16",  "int32",
      "int64", "float16", "float32", "float64"};
  return names[size_t(type)];
}

Scalar gtscript::scalarNamed(std::string_view name) {
  static constexpr std::pair<std::string_view, Scalar> names[] = {
      {"bool", Scalar::Bool},    {"bool_", Scalar::Bool},
      {"int8", Scalar::I8},      {"byte", Scalar::I8},
      {"int16", Scalar::I16},    {"short", Scalar::I16},
      {"int32", Scalar::I32},    {"intc", Scalar::I32},
      {"int64", Scalar::I64},    {"int_", Scalar::I64},
      {"longlong", Scalar::I64}, {"intp", Scalar::I64},
      {"float16", Scalar::F16},  {"half", Scalar::F16},
      {"float32", Scalar::F32},  {"single", Scalar::F32},
      {"float64", Scalar::F64},  {"double", Scalar::F64},
      {"float_", Scalar::F64}};
  for (const auto &[known, type] : names)
    if (known == name)
      return type;
  return Scalar::None;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Constant Constant::ofInt(int64_t value, Scalar type) {
  Constant result;
  result.kind = Int;
  result.integer = value;
  result.type = type;
  return result;
}
Constant Constant::ofFloat(double value, Scalar type) {
  Constant result;
  result.kind = Float;
  result.number = value;
  result.type = type;
  return result;
}
Constant Constant::ofBool(bool value) {
  Constant result;
  result.kind = Bool;
  result.integer = value;
  return result;
}
Constant Constant::ofNone() {
  Constant result;
  result.kind = None;
  return result;
}
Constant Constant::ofString(std::string text) {
  Constant result;
  result.kind = String;
  result.text = std::move(text);
  return result;
}
Constant Constant::ofPosition(unsigned axis, bool fromEnd, int64_t offset) {
  Constant result;
  result.kind = AxisPosition;
  result.axis = uint8_t(axis);
  result.fromEnd = fromEnd;
  result.integer = offset;
  return result;
}

bool Constant::isTrue() const {
  switch (kind) {
  case Bool:
  case Int:
    return integer != 0;
  case Float:
    return number != 0;
  case String:
    return !text.empty();
  case Tuple:
    return !items.empty();
  case Missing:
  case None:
    return false;
  default:
    return true;
  }
}

static std::string floatText(double value) {
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return std::string(buffer, end);
}

std::string Constant::str() const {
  switch (kind) {
  case Missing:
    return "?";
  case None:
    return "None";
  case Bool:
    return integer ? "True" : "False";
  case Int:
    return std::to_string(integer);
  case Float:
    return floatText(number);
  case String:
    return '"' + text + '"';
  case Tuple:
    return "a tuple";
  case Axis:
    return text;
  case AxisPosition: {
    int64_t offset = integer + (fromEnd ? 1 : 0);
    std::string result =
        std::string(1, "IJK"[axis]) + (fromEnd ? "[-1]" : "[0]");
    if (offset > 0)
      result += " + " + std::to_string(offset);
    if (offset < 0)
      result += " - " + std::to_string(-offset);
    return result;
  }
  case Function:
    return "function " + std::string(function->name);
  case Class:
    return "class " + std::string(classDef->name);
  case Type:
    return "a type";
  case Module:
    return "module " + module->path;
  }
  return "?";
}

Constant gtscript::convert(const Constant &value, Scalar type,
                           std::string &reason) {
  if (!value.isNumber()) {
    reason = value.str() + " is no number";
    return {};
  }
  if (type == Scalar::Bool)
    return Constant::ofBool(value.isTrue());
  if (type == Scalar::F32)
    return Constant::ofFloat(float(value.asFloat()), type);
  if (isFloat(type) || type == Scalar::None)
    return Constant::ofFloat(value.asFloat(), type);
  int64_t integer = value.integer;
  if (value.is(Constant::Float)) {
    double whole = std::trunc(value.number);
    if (!(whole >= -0x1p63 && whole < 0x1p63)) {
      reason =
          value.str() + " does not fit into " + std::string(spelling(type));
      return {};
    }
    integer = int64_t(whole);
  }
  unsigned bits = 8u << (unsigned(type) - unsigned(Scalar::I8));
  int64_t most = std::numeric_limits<int64_t>::max() >> (64 - bits);
  if (integer > most || integer < -most - 1) {
    reason = value.str() + " does not fit into " + std::string(spelling(type));
    return {};
  }
  return Constant::ofInt(integer, type);
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// The NumPy type of a result: the wider one of two typed operands; an untyped
/// operand does not count unless it is a float beside an integer.
static Scalar resultType(const Constant &a, const Constant &b) {
  if (a.type == Scalar::None && b.type == Scalar::None)
    return Scalar::None;
  Scalar type = std::max(a.type, b.type);
  bool isUntypedFloat = (a.is(Constant::Float) && a.type == Scalar::None) ||
                        (b.is(Constant::Float) && b.type == Scalar::None);
  if (isInteger(type) && isUntypedFloat)
    return Scalar::F64;
  if (isFloat(type) && a.type != Scalar::None && b.type != Scalar::None &&
      (isInteger(a.type) || isInteger(b.type)))
    return Scalar::F64;
  return type;
}

static Constant rounded(double value, Scalar type) {
  return Constant::ofFloat(type == Scalar::F32 ? double(float(value)) : value,
                           type);
}

static Constant powerOfInts(int64_t base, int64_t exponent, Scalar type,
                            std::string &reason) {
  if (exponent < 0) {
    if (base == 0) {
      reason = "division by zero";
      return {};
    }
    return Constant::ofFloat(std::pow(double(base), double(exponent)), type);
  }
  int64_t result = 1;
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) && __builtin_mul_overflow(result, base, &result)) {
      reason = "the power does not fit into 64 bits";
      return {};
    }
    if (exponent > 1 && __builtin_mul_overflow(base, base, &base)) {
      reason = "the power does not fit into 64 bits";
      return {};
    }
  }
  return Constant::ofInt(result, type);
}

static int64_t floorDiv(int64_t a, int64_t b) {
  int64_t quotient = a / b;
  return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

static Constant ofInts(Op op, int64_t a, int64_t b, Scalar type,
                       std::string &reason) {
  int64_t result = 0;
  bool overflow = false;
  switch (op) {
  case Op::Add:
    overflow = __builtin_add_overflow(a, b, &result);
    break;
  case Op::Sub:
    overflow = __builtin_sub_overflow(a, b, &result);
    break;
  case Op::Mul:
    overflow = __builtin_mul_overflow(a, b, &result);
    break;
  case Op::Pow:
    return powerOfInts(a, b, type, reason);
  case Op::FloorDiv:
  case Op::Mod:
    if (b == 0) {
      reason = "division by zero";
      return {};
    }
    if (b == -1) { // the least integer has no negative
      overflow = op == Op::FloorDiv && __builtin_sub_overflow(0, a, &result);
      break;
    }
    result = op == Op::FloorDiv ? floorDiv(a, b) : a - floorDiv(a, b) * b;
    break;
  case Op::BitAnd:
    result = a & b;
    break;
  case Op::BitOr:
    result = a | b;
    break;
  case Op::BitXor:
    result = a ^ b;
    break;
  case Op::Shl:
  case Op::Shr:
    if (b < 0 || b > 62) {
      reason = "the shift is out of range";
      return {};
    }
    if (op == Op::Shr)
      result = a >> b;
    else
      overflow = __builtin_mul_overflow(a, int64_t(1) << b, &result);
    break;
  default:
    reason = "'" + std::string(ast::spelling(op)) + "' has no value here";
    return {};
  }
  if (overflow) {
    reason = "the result does not fit into 64 bits";
    return {};
  }
  return Constant::ofInt(result, type);
}

static Constant ofFloats(Op op, double a, double b, Scalar type,
                         std::string &reason) {
  switch (op) {
  case Op::Add:
    return rounded(a + b, type);
  case Op::Sub:
    return rounded(a - b, type);
  case Op::Mul:
    return rounded(a * b, type);
  case Op::Pow:
    return rounded(std::pow(a, b), type);
  case Op::Div:
  case Op::FloorDiv:
  case Op::Mod:
    break;
  default:
    reason = "'" + std::string(ast::spelling(op)) + "' needs integers";
    return {};
  }
  if (b == 0) {
    reason = "division by zero";
    return {};
  }
  if (op == Op::Div)
    return rounded(a / b, type);
  double rest = std::fmod(a, b);
  if (rest != 0 && (rest < 0) != (b < 0))
    rest += b;
  return rounded(op == Op::Mod ? rest : std::floor((a - rest) / b + 0.5), type);
}

Constant gtscript::combine(Op op, const Constant &a, const Constant &b,
                           std::string &reason) {
  // `I[0] + 2`.
  bool isSum = op == Op::Add || op == Op::Sub;
  if (isSum && a.is(Constant::AxisPosition) && b.is(Constant::Int)) {
    Constant sum = ofInts(op, a.integer, b.integer, Scalar::None, reason);
    return sum ? Constant::ofPosition(a.axis, a.fromEnd, sum.integer) : sum;
  }
  if (op == Op::Add && b.is(Constant::AxisPosition) && a.is(Constant::Int))
    return combine(op, b, a, reason);
  if (op == Op::Add && a.is(Constant::String) && b.is(Constant::String))
    return Constant::ofString(a.text + b.text);
  if (!a.isNumber() || !b.isNumber()) {
    reason = "'" + std::string(ast::spelling(op)) + "' cannot combine " +
             a.str() + " and " + b.str();
    return {};
  }
  Scalar type = resultType(a, b);
  if (a.is(Constant::Float) || b.is(Constant::Float) || op == Op::Div)
    return ofFloats(op, a.asFloat(), b.asFloat(),
                    isInteger(type) ? Scalar::F64 : type, reason);
  return ofInts(op, a.integer, b.integer, type, reason);
}

static bool isSame(const Constant &a, const Constant &b) {
  if (a.isNumber() && b.isNumber())
    return a.is(Constant::Float) || b.is(Constant::Float)
               ? a.asFloat() == b.asFloat()
               : a.integer == b.integer;
  if (a.kind != b.kind)
    return false;
  if (a.is(Constant::AxisPosition))
    return a.axis == b.axis && a.fromEnd == b.fromEnd && a.integer == b.integer;
  return a.text == b.text && a.function == b.function &&
         a.classDef == b.classDef && a.module == b.module;
}

Constant gtscript::compare(Op op, const Constant &a, const Constant &b,
                           std::string &reason) {
  if (a.is(Constant::Axis) || b.is(Constant::Axis)) {
    reason = "the index on an axis is known only when the stencil runs";
    return {};
  }
  if (op == Op::Eq || op == Op::Is)
    return Constant::ofBool(isSame(a, b));
  if (op == Op::Ne || op == Op::IsNot)
    return Constant::ofBool(!isSame(a, b));
  if (op == Op::In || op == Op::NotIn) {
    bool found = false;
    for (const Constant &item : b.items)
      found |= isSame(a, item);
    if (!b.is(Constant::Tuple)) {
      reason = "'in' needs a tuple or a list";
      return {};
    }
    return Constant::ofBool(found == (op == Op::In));
  }
  if (!a.isNumber() || !b.isNumber()) {
    reason = "'" + std::string(ast::spelling(op)) + "' cannot compare " +
             a.str() + " and " + b.str();
    return {};
  }
  bool isFloating = a.is(Constant::Float) || b.is(Constant::Float);
  auto decide = [&](auto x, auto y) {
    switch (op) {
    case Op::Lt:
      return x < y;
    case Op::Le:
      return x <= y;
    case Op::Gt:
      return x > y;
    default:
      return x >= y;
    }
  };
  return Constant::ofBool(isFloating ? decide(a.asFloat(), b.asFloat())
                                     : decide(a.integer, b.integer));
}

Constant gtscript::combine(Op op, const Constant &a, std::string &reason) {
  if (op == Op::Not && !a.is(Constant::Axis))
    return Constant::ofBool(!a.isTrue());
  if (!a.isNumber()) {
    reason = "'" + std::string(ast::spelling(op)) + "' needs a number, not " +
             a.str();
    return {};
  }
  if (op == Op::Pos)
    return a.is(Constant::Bool) ? Constant::ofInt(a.integer) : a;
  if (op == Op::Invert && !a.is(Constant::Float))
    return Constant::ofInt(~a.integer, a.type);
  if (op != Op::Neg) {
    reason = "'" + std::string(ast::spelling(op)) + "' needs an integer";
    return {};
  }
  if (a.is(Constant::Float))
    return Constant::ofFloat(-a.number, a.type);
  return ofInts(Op::Sub, 0, a.integer, a.type, reason);
}
