//===- Bindings.cpp - what statements give names to -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Bindings.h"

#include <algorithm>
#include <iterator>

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;
using namespace spada::gtscript::ast;

namespace {

class Collector {
public:
  Collector(const Module &module, Bindings &bindings)
      : module(module), bindings(bindings) {}

  void body(const std::vector<Stmt> &stmts, uint32_t guard, bool isHandler) {
    for (const Stmt &stmt : stmts)
      one(stmt, guard, isHandler);
  }

private:
  uint32_t addGuard(const Stmt &stmt, size_t clause, uint32_t outer) {
    bindings.guards.push_back({&stmt, clause, outer});
    return uint32_t(bindings.guards.size() - 1);
  }

  void add(std::string_view name, const Stmt &stmt, Binding binding) {
    binding.stmt = &stmt;
    binding.position = stmt.range.begin;
    bindings.names[name].push_back(std::move(binding));
  }

  void target(const Expr &expr, const Stmt &stmt, const Binding &binding) {
    if (expr.is(ExprKind::Name)) {
      add(expr.text, stmt, binding);
    } else if (expr.is(ExprKind::Tuple) || expr.is(ExprKind::List)) {
      for (uint32_t i = 0; i < expr.args.size(); ++i) {
        Binding inner = binding;
        inner.path.push_back(i);
        target(expr.args[i], stmt, inner);
      }
    }
  }

  void import(const Stmt &stmt, const Binding &binding) {
    for (const Import &import : stmt.imports) {
      Binding made = binding;
      made.import = &import;
      if (!import.isFrom) {
        std::string_view bound = import.asName;
        if (bound.empty())
          bound = import.module.substr(0, import.module.find('.'));
        add(bound, stmt, made);
      }
      for (const ImportName &name : import.names) {
        made.name = &name;
        add(name.asName, stmt, made);
      }
    }
  }

  /// Loops and whatever else leaves open whether its body runs.
  void unknown(const Stmt &stmt, uint32_t guard, bool isHandler) {
    uint32_t inner = addGuard(stmt, 0, guard);
    Binding binding;
    binding.guard = inner;
    for (const Expr &expr : stmt.targets)
      target(expr, stmt, binding);
    body(stmt.body, inner, isHandler);
    body(stmt.orelse, inner, isHandler);
  }

  void one(const Stmt &stmt, uint32_t guard, bool isHandler) {
    Binding binding;
    binding.guard = guard;
    binding.isHandler = isHandler;
    switch (stmt.kind) {
    case StmtKind::AnnAssign:
      if (!stmt.value)
        return;
      [[fallthrough]];
    case StmtKind::Assign:
    case StmtKind::AugAssign:
      for (const Expr &expr : stmt.targets)
        target(expr, stmt, binding);
      return;
    case StmtKind::Import:
      return import(stmt, binding);
    case StmtKind::Def:
      return add(module.functions[stmt.function].name, stmt, binding);
    case StmtKind::Class:
      return add(module.classes[stmt.classIndex].name, stmt, binding);
    case StmtKind::If:
      for (size_t i = 0; i < stmt.clauses.size(); ++i)
        body(stmt.clauses[i].body, addGuard(stmt, i, guard), isHandler);
      return body(stmt.orelse, addGuard(stmt, stmt.clauses.size(), guard),
                  isHandler);
    case StmtKind::While:
    case StmtKind::For:
      return unknown(stmt, guard, isHandler);
    case StmtKind::With:
      return body(stmt.body, guard, isHandler);
    case StmtKind::Other:
      if (stmt.text != "try")
        return unknown(stmt, guard, isHandler);
      body(stmt.body, guard, isHandler);
      for (const Clause &handler : stmt.clauses)
        body(handler.body, guard, true);
      return body(stmt.orelse, guard, isHandler);
    default:
      return;
    }
  }

  const Module &module;
  Bindings &bindings;
};

} // namespace

std::vector<const Binding *> Bindings::of(std::string_view name) const {
  std::vector<const Binding *> own, stars, all;
  for (auto [key, list] : {std::pair{name, &own}, {"*", &stars}})
    if (auto known = names.find(key); known != names.end())
      for (const Binding &binding : known->second)
        list->push_back(&binding);
  std::merge(own.begin(), own.end(), stars.begin(), stars.end(),
             std::back_inserter(all), [](const Binding *a, const Binding *b) {
               return a->position < b->position;
             });
  return all;
}

Bindings modules::bindingsOf(const Module &module,
                             const std::vector<Stmt> &body) {
  Bindings bindings;
  Collector(module, bindings).body(body, noGuard, false);
  return bindings;
}
