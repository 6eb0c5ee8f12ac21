//===- Python.cpp - calls of plain Python functions -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Packages compute their constants and types in small functions: assignments,
// decidable conditions and a return. Whatever goes beyond is not run.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Evaluation.h"

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

static std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

/// Functions that call functions are run this deep.
static constexpr unsigned maxCalls = 20;

Found Evaluation::run(const Place &place, const Expr &call, const Found &callee,
                      const Lookup &local) {
  const ast::Function &function = *callee.value.function;
  Found nothing = foundNothing("the call of the Python function " +
                                   quoted(function.name) + " is not evaluated",
                               place.scope.module, call.range);
  Locals locals;
  if (!function.isRead || !function.error.empty() || function.isAsync ||
      !function.decorators.empty() || calls >= maxCalls ||
      !bindParams(place, call, callee, local, locals))
    return nothing;
  Place inside = {{callee.value.module, function.parent, function.range.begin}};
  inside.locals = &locals;
  ++calls;
  std::optional<Found> result = block(inside, function.body, locals);
  --calls;
  return result && *result ? *result : nothing;
}

bool Evaluation::bindParams(const Place &place, const Expr &call,
                            const Found &callee, const Lookup &local,
                            Locals &locals) {
  const ast::Function &function = *callee.value.function;
  size_t next = 1;
  for (const ast::Param &param : function.params) {
    const Expr *value = nullptr;
    if (param.kind == ast::ParamKind::VarArgs ||
        param.kind == ast::ParamKind::VarKeywords)
      return false;
    for (size_t i = 1; i < call.args.size(); ++i)
      if (call.args[i].is(ExprKind::Keyword) && call.args[i].text == param.name)
        value = &call.args[i].args[0];
    bool takesNext = param.kind != ast::ParamKind::KeywordOnly && !value &&
                     next < call.args.size() &&
                     !call.args[next].is(ExprKind::Keyword);
    if (takesNext)
      value = &call.args[next++];
    Found found = value ? expr(place, *value, local)
                        : expr({{callee.value.module, function.parent,
                                 function.range.begin}},
                               param.value, nullptr);
    if (found)
      locals[param.name] = std::move(found);
  }
  return next == call.args.size() || call.args[next].is(ExprKind::Keyword);
}

/// What the block returns; nothing if it runs through. A value that is not
/// there means that the outcome is open.
std::optional<Found>
Evaluation::block(Place &place, const std::vector<Stmt> &body, Locals &locals) {
  for (const Stmt &stmt : body)
    if (std::optional<Found> result = step(place, stmt, locals))
      return result;
  return std::nullopt;
}

std::optional<Found> Evaluation::step(Place &place, const Stmt &stmt,
                                      Locals &locals) {
  switch (stmt.kind) {
  case StmtKind::Expr: // of no effect on what is known here
  case StmtKind::Pass:
    return std::nullopt;
  case StmtKind::Return:
    return stmt.value ? expr(place, stmt.value, nullptr) : Found();
  case StmtKind::Assign:
  case StmtKind::AnnAssign:
    if (stmt.targets.size() != 1 || !stmt.targets[0].is(ExprKind::Name))
      return Found();
    if (stmt.value)
      locals[stmt.targets[0].text] = expr(place, stmt.value, nullptr);
    return std::nullopt;
  case StmtKind::If:
    for (const ast::Clause &clause : stmt.clauses) {
      Found holds = expr(place, clause.condition, nullptr);
      if (!holds.value)
        return Found();
      if (holds.value.isTrue())
        return block(place, clause.body, locals);
    }
    return block(place, stmt.orelse, locals);
  case StmtKind::Other:
    if (stmt.text == "global" && stmt.error.empty())
      return std::nullopt;
    return Found();
  default:
    return Found();
  }
}
