//===- Evaluate.cpp - constant expressions of a Python file
//----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Constant.h"

#include <cmath>

using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Op;

static Constant rounded(double value, Scalar type) {
  return Constant::ofFloat(type == Scalar::F32 ? double(float(value)) : value,
                           type);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

using MathFunction = double (*)(double);

static MathFunction mathNamed(std::string_view name) {
  static constexpr std::pair<std::string_view, MathFunction> functions[] = {
      {"sqrt", std::sqrt},   {"sin", std::sin},     {"cos", std::cos},
      {"tan", std::tan},     {"asin", std::asin},   {"acos", std::acos},
      {"atan", std::atan},   {"sinh", std::sinh},   {"cosh", std::cosh},
      {"tanh", std::tanh},   {"exp", std::exp},     {"log", std::log},
      {"log10", std::log10}, {"log2", std::log2},   {"floor", std::floor},
      {"ceil", std::ceil},   {"trunc", std::trunc}, {"arcsin", std::asin},
      {"arccos", std::acos}, {"arctan", std::atan}};
  for (const auto &[known, function] : functions)
    if (known == name)
      return function;
  return nullptr;
}

static Constant leastOrMost(bool least, const std::vector<Constant> &args,
                            std::string &reason) {
  const std::vector<Constant> &list =
      args.size() == 1 && args[0].is(Constant::Tuple) ? args[0].items : args;
  Constant best;
  for (const Constant &arg : list) {
    if (!arg.isNumber()) {
      reason = arg.str() + " is no number";
      return {};
    }
    bool isBetter =
        least ? arg.asFloat() < best.asFloat() : arg.asFloat() > best.asFloat();
    if (!best || isBetter)
      best = arg;
  }
  if (!best)
    reason = "no numbers to choose from";
  return best;
}

static Constant roundedToEven(const Constant &value) {
  return value.is(Constant::Float)
             ? Constant::ofInt(int64_t(std::nearbyint(value.number)))
             : value;
}

static Constant call(std::string_view name, const std::vector<Constant> &args,
                     std::string &reason) {
  if (name == "min" || name == "max")
    return leastOrMost(name == "min", args, reason);
  if ((name == "pow" || name == "power") && args.size() == 2)
    return combine(Op::Pow, args[0], args[1], reason);
  if (args.size() != 1) {
    reason = "'" + std::string(name) + "' has no value at compile time";
    return {};
  }
  const Constant &arg = args[0];
  if (name == "len" && arg.is(Constant::Tuple))
    return Constant::ofInt(int64_t(arg.items.size()));
  Scalar type = scalarNamed(name);
  if (name == "int" || type != Scalar::None || name == "float") {
    Constant result = convert(arg, name == "int" ? Scalar::I64 : type, reason);
    if (name == "int" || name == "float")
      result.type = Scalar::None;
    return result;
  }
  if (!arg.isNumber()) {
    reason = "'" + std::string(name) + "' needs a number";
    return {};
  }
  if (name == "abs" || name == "fabs" || name == "absolute")
    return arg.asFloat() < 0 ? combine(Op::Neg, arg, reason) : arg;
  if (name == "round" && std::fabs(arg.asFloat()) < 0x1p62)
    return roundedToEven(arg);
  if (MathFunction function = mathNamed(name)) {
    double value = function(arg.asFloat());
    bool isWhole = (name == "floor" || name == "ceil" || name == "trunc") &&
                   std::fabs(value) < 0x1p62 && arg.type == Scalar::None;
    if (isWhole)
      return Constant::ofInt(int64_t(value));
    return rounded(value, isFloat(arg.type) ? arg.type : Scalar::None);
  }
  reason = "'" + std::string(name) + "' has no value at compile time";
  return {};
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

namespace {
struct Evaluator {
  const Lookup &lookup;
  std::string &reason;
  const Lookup *special = nullptr;
  const Expr *blame = nullptr;

  Constant operator()(const Expr &expr) {
    Constant result = visit(expr);
    if (!result && !blame)
      blame = &expr;
    return result;
  }

private:
  Constant visit(const Expr &expr);
  Constant visitOperator(const Expr &expr);
  Constant visitCall(const Expr &expr);
  Constant visitSubscript(const Expr &expr);
  Constant visitSequence(const Expr &expr);
};
} // namespace

Constant Evaluator::visitOperator(const Expr &expr) {
  if (expr.is(ExprKind::BoolOp)) {
    Constant value;
    for (const Expr &arg : expr.args) {
      value = (*this)(arg);
      if (!value || value.isTrue() == (expr.op == Op::Or))
        return value;
    }
    return value;
  }
  Constant left = (*this)(expr.args[0]);
  if (!left)
    return left;
  if (expr.args.size() == 1)
    return combine(expr.op, left, reason);
  Constant right = (*this)(expr.args[1]);
  if (!right)
    return right;
  switch (expr.op) {
  case Op::Lt:
  case Op::Le:
  case Op::Gt:
  case Op::Ge:
  case Op::Eq:
  case Op::Ne:
  case Op::Is:
  case Op::IsNot:
  case Op::In:
  case Op::NotIn:
    return compare(expr.op, left, right, reason);
  default:
    return combine(expr.op, left, right, reason);
  }
}

Constant Evaluator::visitCall(const Expr &expr) {
  std::vector<Constant> args;
  for (size_t i = 1; i < expr.args.size(); ++i) {
    if (expr.args[i].is(ExprKind::Keyword)) {
      reason = "the call has no value at compile time";
      return {};
    }
    Constant arg = (*this)(expr.args[i]);
    if (!arg)
      return arg;
    args.push_back(std::move(arg));
  }
  std::string_view name = ast::lastName(expr.args[0]);
  if (name.empty()) {
    reason = "the call has no value at compile time";
    return {};
  }
  return call(name, args, reason);
}

/// `I[0]` and `K[-1]`; an element of a tuple.
Constant Evaluator::visitSubscript(const Expr &expr) {
  Constant base = (*this)(expr.args[0]);
  if (!base)
    return base;
  Constant index;
  if (expr.args.size() == 2)
    index = (*this)(expr.args[1]);
  if (!index.is(Constant::Int)) {
    if (reason.empty())
      reason = "the index is no integer at compile time";
    return {};
  }
  if (base.is(Constant::Axis) && base.text.size() == 1)
    return Constant::ofPosition(unsigned(base.text[0] - 'I'), index.integer < 0,
                                index.integer);
  int64_t size = int64_t(base.items.size());
  int64_t at = index.integer + (index.integer < 0 ? size : 0);
  if (base.is(Constant::Tuple) && at >= 0 && at < size)
    return base.items[size_t(at)];
  reason = base.str() + " has no element " + index.str();
  return {};
}

Constant Evaluator::visitSequence(const Expr &expr) {
  Constant result;
  result.kind = Constant::Tuple;
  for (const Expr &arg : expr.args) {
    result.items.push_back((*this)(arg));
    if (!result.items.back())
      return {};
  }
  return result;
}

Constant Evaluator::visit(const Expr &expr) {
  if (special && (expr.is(ExprKind::Call) || expr.is(ExprKind::Subscript))) {
    Constant known = (*special)(expr, reason);
    if (known || !reason.empty())
      return known;
  }
  switch (expr.kind) {
  case ExprKind::Int:
    if (std::optional<int64_t> value = ast::intValue(expr.text))
      return Constant::ofInt(*value);
    reason = "the integer does not fit into 64 bits";
    return {};
  case ExprKind::Float:
    if (std::optional<double> value = ast::floatValue(expr.text))
      return Constant::ofFloat(*value);
    reason = "the number cannot be read";
    return {};
  case ExprKind::Bool:
    return Constant::ofBool(expr.text == "True");
  case ExprKind::None:
    return Constant::ofNone();
  case ExprKind::String:
    return Constant::ofString(std::string(expr.text));
  case ExprKind::Name:
  case ExprKind::Attribute:
    return lookup(expr, reason);
  case ExprKind::Unary:
  case ExprKind::Binary:
  case ExprKind::Compare:
  case ExprKind::BoolOp:
    return visitOperator(expr);
  case ExprKind::Ternary: {
    Constant condition = (*this)(expr.args[1]);
    if (!condition)
      return condition;
    return (*this)(expr.args[condition.isTrue() ? 0 : 2]);
  }
  case ExprKind::Call:
    return visitCall(expr);
  case ExprKind::Subscript:
    return visitSubscript(expr);
  case ExprKind::Tuple:
  case ExprKind::List:
    return visitSequence(expr);
  case ExprKind::Unsupported:
    if (expr.op != Op::None && !expr.args.empty() && expr.args.size() <= 2)
      return visitOperator(expr);
    break;
  default:
    break;
  }
  reason = "the expression has no value at compile time";
  return {};
}

Constant gtscript::evaluate(const Expr &expr, const Lookup &lookup,
                            std::string &reason, const Expr **blame,
                            const Lookup *special) {
  Evaluator evaluator{lookup, reason, special};
  Constant result = evaluator(expr);
  if (blame)
    *blame = evaluator.blame;
  return result;
}
