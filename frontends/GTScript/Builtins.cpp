//===- Builtins.cpp - names that no file explains -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One name for each thing of the language, of NumPy and of Python, whatever
// way a program imports it.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Evaluation.h"

#include <algorithm>
#include <cmath>

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;

Found modules::foundBuiltin(std::string name) {
  Found found;
  found.builtin = std::move(name);
  return found;
}

Found modules::foundNothing(std::string message, const ast::Module *module,
                            ast::Range range, bool isMissing) {
  Found found;
  found.reason = {std::move(message), "", module, range, isMissing};
  return found;
}

static Found foundConstant(Constant value) {
  Found found;
  found.value = std::move(value);
  return found;
}

static bool isAnyOf(std::string_view name,
                    std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string modules::builtinModule(std::string_view name) {
  static constexpr std::string_view language[] = {
      "gt4py.cartesian.gtscript", "gt4py.gtscript", "__gtscript__",
      "gt4py.cartesian.__gtscript__", "gt4py.__gtscript__"};
  if (std::find(std::begin(language), std::end(language), name) !=
      std::end(language))
    return "gtscript";
  static constexpr std::string_view known[] = {"gt4py",
                                               "numpy",
                                               "math",
                                               "typing",
                                               "enum",
                                               "os",
                                               "types",
                                               "builtins",
                                               "__future__",
                                               "dataclasses",
                                               "collections",
                                               "functools",
                                               "typing_extensions"};
  std::string_view first = name.substr(0, name.find('.'));
  if (std::find(std::begin(known), std::end(known), first) == std::end(known))
    return "";
  return first == "typing_extensions" ? "typing" : std::string(name);
}

std::string modules::absentModule(std::string_view name) {
  return name == "ndsl.dsl.gt4py" ? "gtscript" : "";
}

/// Words of the language that `gt4py` itself offers in some programs.
static bool isLanguageWord(std::string_view name) {
  return isAnyOf(name, {"computation", "interval", "horizontal", "region",
                        "PARALLEL", "FORWARD", "BACKWARD", "Field", "stencil",
                        "function", "lazy_stencil", "externals", "I", "J", "K",
                        "IJ", "IK", "JK", "IJK"});
}

bool modules::isLanguageName(std::string_view name) {
  return isLanguageWord(name) ||
         isAnyOf(name, {"abs",      "min",           "max",
                        "mod",      "sin",           "cos",
                        "tan",      "asin",          "acos",
                        "atan",     "sinh",          "cosh",
                        "tanh",     "asinh",         "acosh",
                        "atanh",    "sqrt",          "exp",
                        "log",      "log10",         "cbrt",
                        "gamma",    "isnan",         "isinf",
                        "isfinite", "floor",         "ceil",
                        "trunc",    "round",         "erf",
                        "erfc",     "int32",         "int64",
                        "float32",  "float64",       "GlobalTable",
                        "Sequence", "__INLINED",     "compile_assert",
                        "enum",     "lazy_function", "round_away_from_zero"});
}

static bool isAxes(std::string_view name) {
  return isAnyOf(name, {"I", "J", "K", "IJ", "IK", "JK", "IJK"});
}

Found modules::builtinAttribute(const std::string &base,
                                std::string_view name) {
  if (base == "gt4py" && isLanguageWord(name))
    return builtinAttribute("gtscript", name);
  if (base == "gtscript" && isAxes(name)) {
    Constant axis;
    axis.kind = Constant::Axis;
    axis.text = name;
    return foundConstant(std::move(axis));
  }
  if (base == "numpy" || base == "math") {
    static constexpr std::pair<std::string_view, double> numbers[] = {
        {"pi", M_PI},      {"e", M_E},
        {"tau", 2 * M_PI}, {"inf", HUGE_VAL},
        {"nan", NAN},      {"euler_gamma", 0.57721566490153286061}};
    for (auto [known, value] : numbers)
      if (known == name)
        return foundConstant(Constant::ofFloat(value));
  }
  if (base == "typing" && name == "TYPE_CHECKING")
    return foundConstant(Constant::ofBool(false));
  std::string full = base + "." + std::string(name);
  std::string module = builtinModule(full);
  return foundBuiltin(module.empty() ? full : module);
}

std::optional<Found> modules::builtinName(std::string_view name) {
  static constexpr std::string_view names[] = {
      "abs",    "bool",    "complex", "dict",         "enumerate",
      "float",  "getattr", "hasattr", "int",          "isinstance",
      "len",    "list",    "map",     "max",          "min",
      "object", "pow",     "print",   "property",     "range",
      "round",  "set",     "sorted",  "staticmethod", "str",
      "sum",    "super",   "tuple",   "type",         "zip"};
  if (std::find(std::begin(names), std::end(names), name) == std::end(names))
    return std::nullopt;
  return foundBuiltin("builtins." + std::string(name));
}
