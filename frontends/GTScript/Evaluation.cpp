//===- Evaluation.cpp - expressions outside stencils ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Arithmetic is `evaluate`'s of Constant.h; here are the names in it and the
// calls that mean something without Python.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Evaluation.h"

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;
using ast::Expr;
using ast::ExprKind;

static constexpr unsigned maxDepth = 200;

static std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// A package that is not there shows only when nothing is left of its name.
static Found checked(Found found, const ast::Module &module, ast::Range range) {
  if (found.builtin.empty() || !found.typeScope.module)
    return found;
  return foundNothing("module " + quoted(found.builtin) + " is not found",
                      &module, range, true);
}

Found Evaluation::expr(const Place &place, const Expr &expr,
                       const Lookup &local) {
  const ast::Module *module = place.scope.module;
  if (state.depth >= maxDepth)
    return foundNothing("constants refer to each other over more than " +
                            std::to_string(maxDepth) + " levels",
                        module, expr.range);
  ++state.depth;
  Found found;
  if (expr.is(ExprKind::Name) || expr.is(ExprKind::Attribute))
    found = named(place, expr, local);
  else if (std::optional<Found> result = ran(place, expr, local))
    found = *result;
  else
    found = compound(place, expr, local);
  if (found.value.is(Constant::Type) && found.value.typeExpr != &expr)
    found = settled(found.value, found.typeScope);
  --state.depth;
  if (!found && !found.reason.module) {
    found.reason.module = module;
    found.reason.range = expr.range;
  }
  return found;
}

Found Evaluation::named(const Place &place, const Expr &expr,
                        const Lookup &local) {
  if (local) {
    std::string reason;
    Found found;
    found.value = local(expr, reason);
    if (found.value)
      return found;
    if (!reason.empty())
      return foundNothing(reason, place.scope.module, expr.range);
  }
  if (place.locals && expr.is(ExprKind::Name))
    if (auto known = place.locals->find(expr.text);
        known != place.locals->end())
      return known->second;
  if (std::optional<std::string> name = ast::dottedName(expr))
    return checked(dotted(place, *name), *place.scope.module, expr.range);
  Found base = this->expr(place, expr.args[0], local);
  return base ? attribute(base, expr.text) : base;
}

Found Evaluation::compound(const Place &place, const Expr &expr,
                           const Lookup &local) {
  // The reason of the innermost name is better than that of the expression.
  Reason inner;
  Lookup names = [&](const Expr &name, std::string &reason) {
    Found found = this->expr(place, name, local);
    if (found.value)
      return found.value;
    if (!found.builtin.empty())
      return typeOf(place, name);
    inner = found.reason;
    reason = found.reason.message;
    return Constant();
  };
  Lookup special = [&](const Expr &part, std::string &reason) {
    Constant value = part.is(ExprKind::Call) ? call(place, part, local, inner)
                                             : subscript(place, part, local);
    if (!value)
      reason = inner.message;
    return value;
  };
  std::string reason;
  const Expr *blame = nullptr;
  Found found;
  found.value = evaluate(expr, names, reason, &blame, &special);
  found.typeScope = place.scope;
  if (found.value)
    return found;
  if (!inner.message.empty() && inner.module) {
    found.reason = inner;
    return found;
  }
  return foundNothing(reason, place.scope.module,
                      blame ? blame->range : expr.range);
}

Constant Evaluation::typeOf(const Place &place, const Expr &expr) {
  Constant type;
  type.kind = Constant::Type;
  type.typeExpr = &expr;
  type.module = place.scope.module;
  return type;
}

/// Calls whose value is known by the name of the function; Missing and no
/// reason for what arithmetic knows itself.
Constant Evaluation::call(const Place &place, const Expr &expr,
                          const Lookup &local, Reason &reason) {
  const std::vector<Expr> &args = expr.args;
  Found callee = this->expr(place, args[0], local);
  const std::string &builtin = callee.builtin;
  auto value = [&](const Expr &arg) {
    Found found = this->expr(place, arg, local);
    reason = found.reason;
    return found.value;
  };
  if (builtin == "os.environ.get" || builtin == "os.getenv") {
    Constant name = args.size() > 1 ? value(args[1]) : Constant();
    auto given = state.options.environment.find(name.text);
    if (given != state.options.environment.end())
      return Constant::ofString(given->second);
    return args.size() > 2 ? value(args[2]) : Constant::ofNone();
  }
  if (builtin == "numpy.power" && args.size() == 4)
    return power(place, expr, local, reason);
  if (std::optional<Found> made = constructed(place, expr, builtin, local)) {
    reason = made->reason;
    return made->value;
  }
  if (builtin == "typing.cast" && args.size() == 3)
    return value(args[2]);
  if ((builtin == "gtscript.function" || builtin == "gtscript.lazy_function") &&
      args.size() == 2)
    return value(args[1]);
  if (builtin == "types.SimpleNamespace" || builtin == "numpy.dtype")
    return typeOf(place, expr);
  for (std::string_view known : {"builtins.", "numpy.", "math.", "gtscript."})
    if (builtin.starts_with(known))
      return {};
  if (callee.value.is(Constant::Class) && args.size() == 1 && !hasInit(callee))
    return callee.value; // an object without data of its own
  if (callee.value.is(Constant::Function)) {
    Found result = run(place, expr, callee, local);
    reason = result.reason;
    return result.value;
  }
  if (!callee)
    reason = callee.reason;
  else
    reason = {"the call has no value at compile time", "", place.scope.module,
              expr.range, false};
  return {};
}

/// The result of a Python function may be a builtin, such as a type.
std::optional<Found> Evaluation::ran(const Place &place, const Expr &expr,
                                     const Lookup &local) {
  if (!expr.is(ExprKind::Call))
    return std::nullopt;
  Found callee = this->expr(place, expr.args[0], local);
  if (!callee.value.is(Constant::Function))
    return std::nullopt;
  return run(place, expr, callee, local);
}

/// `np.power(a, b, dtype=T)`.
Constant Evaluation::power(const Place &place, const Expr &expr,
                           const Lookup &local, Reason &reason) {
  Expr &power = state.made.emplace_back();
  power.kind = ExprKind::Binary;
  power.op = ast::Op::Pow;
  power.range = expr.range;
  power.args = {expr.args[1], expr.args[2]};
  Found result = this->expr(place, power, local);
  const Expr &type = expr.args[3];
  bool isType = type.is(ExprKind::Keyword) && type.text == "dtype";
  std::string_view name = "?";
  Found named = isType ? this->expr(place, type.args[0], local) : Found();
  if (named.builtin.starts_with("numpy."))
    name = std::string_view(named.builtin).substr(6);
  if (result.value && scalarNamed(name) != Scalar::None)
    return convert(result.value, scalarNamed(name), reason.message);
  reason = {"the power has no value at compile time", "", place.scope.module,
            expr.range, false};
  return {};
}

/// Numbers by their constructors, whatever name the program gave those.
std::optional<Found> Evaluation::constructed(const Place &place,
                                             const Expr &expr,
                                             const std::string &builtin,
                                             const Lookup &local) {
  bool isPython = builtin == "builtins.int" || builtin == "builtins.float";
  std::string_view name = builtin;
  name.remove_prefix(name.rfind('.') + 1);
  Scalar type =
      builtin.starts_with("numpy.") ? scalarNamed(name) : Scalar::None;
  if ((type == Scalar::None && !isPython) || expr.args.size() != 2 ||
      expr.args[1].is(ExprKind::Keyword))
    return std::nullopt;
  Found found = this->expr(place, expr.args[1], local);
  if (!found.value)
    return found;
  if (found.value.is(Constant::String) && isPython) {
    std::optional<double> real = ast::floatValue(found.value.text);
    std::optional<int64_t> whole = ast::intValue(found.value.text);
    bool isInt = builtin == "builtins.int";
    if (isInt ? whole.has_value() : real.has_value())
      found.value = isInt ? Constant::ofInt(*whole) : Constant::ofFloat(*real);
    return found;
  }
  if (isPython)
    return std::nullopt;
  std::string why;
  found.value = convert(found.value, type, why);
  if (!found.value)
    return foundNothing(why, place.scope.module, expr.range);
  return found;
}

/// What stood for a builtin in a tuple is that builtin again.
Found Evaluation::settled(const Constant &value, const Scope &scope) {
  bool isName =
      value.is(Constant::Type) && (value.typeExpr->is(ExprKind::Name) ||
                                   value.typeExpr->is(ExprKind::Attribute));
  if (isName)
    return expr({{value.module}}, *value.typeExpr, nullptr);
  Found found;
  found.value = value;
  found.typeScope = scope;
  return found;
}

bool Evaluation::hasInit(const Found &base) {
  return inClass(base, "__init__").value.is(Constant::Function);
}

/// Types, and members of enums by name: `Version["GFS"]`.
Constant Evaluation::subscript(const Place &place, const Expr &expr,
                               const Lookup &local) {
  bool isNamed =
      expr.args[0].is(ExprKind::Name) || expr.args[0].is(ExprKind::Attribute);
  if (!isNamed)
    return {};
  Found base = this->expr(place, expr.args[0], local);
  if (!base.builtin.empty())
    return typeOf(place, expr);
  if (!base.value.is(Constant::Class) || expr.args.size() != 2)
    return {};
  Found index = this->expr(place, expr.args[1], local);
  if (!index.value.is(Constant::String))
    return {};
  return inClass(base, index.value.text).value;
}
