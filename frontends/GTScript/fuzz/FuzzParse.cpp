//===- FuzzParse.cpp - libFuzzer target of the Python reader --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Any text is read or refused, never a crash or a hang: lines, tree, stencils
// and what the names in them mean. The file may import itself as `self`.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Dump.h"
#include "frontends/GTScript/Modules.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace spada::gtscript;

[[noreturn]] static void stop(const std::string &what,
                              const std::string &text) {
  fprintf(stderr, "%s\n%s\n", what.c_str(), text.c_str());
  abort();
}

static void checkRange(const ast::Range &range, const std::string &text) {
  size_t lines = 1 + std::count(text.begin(), text.end(), '\n') +
                 std::count(text.begin(), text.end(), '\r');
  if (range.line < 1 || range.line > lines || range.col < 1 ||
      range.col > text.size() + 1 || range.begin > text.size() ||
      range.end > text.size())
    stop("a range lies outside the text", text);
}

/// Looks up every name of the expression, and its value as a whole.
static void follow(Modules &modules, const Scope &scope, const ast::Expr &expr,
                   unsigned &budget) {
  if (budget == 0)
    return;
  --budget;
  Found found = modules.evaluate(scope, expr);
  if (!found && found.reason.message.empty())
    stop("no value and no reason", scope.module->source);
  for (const ast::Expr &arg : expr.args)
    follow(modules, scope, arg, budget);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text(reinterpret_cast<const char *>(data), size);
  SearchOptions options;
  options.directories = {"lib"};
  options.read = [&](const std::string &path) -> std::optional<std::string> {
    if (path == "main.py" || path == "lib/self.py")
      return text;
    return std::nullopt;
  };
  Modules modules(options);
  const ast::Module &module = *modules.load("main.py");
  std::vector<ast::SyntaxError> errors = module.errors;
  for (const ast::Function &function : module.functions)
    for (const ast::SyntaxError &error : errorsIn(module, function))
      errors.push_back(error);
  for (const ast::SyntaxError &error : errors) {
    checkRange(error.range, text);
    if (error.message.empty() ||
        error.message.find("parser failure") != std::string::npos)
      stop(error.message, text);
  }
  if (dump(module).empty() != module.body.empty())
    stop("the tree does not print", text);
  unsigned budget = 2000;
  for (const ast::Stmt &stmt : module.body) {
    checkRange(stmt.range, text);
    follow(modules, {&module}, stmt.value, budget);
    for (const ast::Expr &target : stmt.targets)
      follow(modules, {&module}, target, budget);
  }
  for (const ast::StencilCandidate &stencil : findStencils(module)) {
    const ast::Function &function = module.functions[stencil.function];
    Scope scope = Modules::scopeIn(module, function);
    for (const ast::Param &param : function.params)
      follow(modules, scope, param.annotation, budget);
    for (const ast::Stmt &stmt : function.body)
      follow(modules, scope, stmt.value, budget);
  }
  return 0;
}
