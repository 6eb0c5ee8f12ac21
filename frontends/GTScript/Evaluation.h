//===- Evaluation.h - names to values ----------------------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What `Modules` keeps, and how it follows names. Private to the library of
// modules.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_EVALUATION_H
#define SPADA_FRONTENDS_GTSCRIPT_EVALUATION_H

#include "frontends/GTScript/Bindings.h"
#include "frontends/GTScript/Modules.h"

#include <map>
#include <set>

namespace spada::gtscript {
namespace modules {

struct FileData {
  std::string name; // dotted name of the first import; empty for main files
  std::string directory;
  std::unique_ptr<ast::Module> tree;
  std::map<const void *, Bindings> bindings; // by body
};

} // namespace modules

struct Modules::State {
  SearchOptions options;
  std::string mainDirectory; // of the first file
  std::map<std::string, std::unique_ptr<modules::FileData>>
      files; // null: no such file
  std::map<const ast::Module *, modules::FileData *> data;
  std::map<const modules::Binding *, Found> values;
  std::map<const ast::Expr *, std::optional<bool>> conditions;
  std::set<const modules::Binding *> active;
  std::set<std::pair<const ast::Module *, std::string>> activeStars;
  std::deque<ast::Expr> made; // of augmented assignments
  unsigned depth = 0;

  modules::FileData *file(const std::string &path, std::string_view name);
  modules::FileData *find(const ast::Module &from, std::string_view name,
                          unsigned level);
  std::vector<std::string> roots(const ast::Module &from,
                                 std::string_view first) const;
  std::string describeRoots(const ast::Module &from) const;
  const modules::Bindings &bindingsOf(const ast::Module &module,
                                      const std::vector<ast::Stmt> &body);
};

namespace modules {

/// Where an expression stands: a scope, or the body of a class in it.
struct Place {
  Scope scope;
  uint32_t classIndex = ast::noParent;
  /// Of the Python function whose body is run.
  const std::map<std::string_view, Found> *locals = nullptr;
};

class Evaluation {
public:
  explicit Evaluation(Modules::State &state) : state(state) {}

  // Names.cpp
  Found dotted(const Place &place, std::string_view name);
  Found name(const Place &place, std::string_view name);
  Found attribute(const Found &base, std::string_view name);

  // Evaluate.cpp
  Found expr(const Place &place, const ast::Expr &expr, const Lookup &local);

private:
  // Names.cpp
  Found inBlock(const Place &place, const std::vector<ast::Stmt> &body,
                std::string_view name);
  std::optional<Found> choose(const Place &place, const Bindings &bindings,
                              const std::vector<const Binding *> &all,
                              std::string_view name);
  std::optional<bool> isMade(const Place &place, const Bindings &bindings,
                             const Binding &binding);
  std::optional<bool> condition(const Place &place, const ast::Stmt &stmt,
                                size_t clause);
  Found inModule(const ast::Module &module, std::string_view name);
  Found inClass(const Found &base, std::string_view name);
  std::optional<Found> param(const ast::Module &module, uint32_t function,
                             std::string_view name);

  // Bound.cpp
  Found bound(const Place &place, const Binding &binding,
              std::string_view name);
  Found assigned(const Place &place, const Binding &binding);
  Found imported(const Place &place, const Binding &binding);
  Found importedModule(const ast::Module &from, const Binding &binding,
                       std::string_view name);
  Found star(const Place &place, const Binding &binding, std::string_view name);

  // Evaluate.cpp
  Found named(const Place &place, const ast::Expr &expr, const Lookup &local);
  Found compound(const Place &place, const ast::Expr &expr,
                 const Lookup &local);
  Constant typeOf(const Place &place, const ast::Expr &expr);
  Constant call(const Place &place, const ast::Expr &expr, const Lookup &local,
                Reason &reason);
  Constant subscript(const Place &place, const ast::Expr &expr,
                     const Lookup &local);
  std::optional<Found> ran(const Place &place, const ast::Expr &expr,
                           const Lookup &local);
  Constant power(const Place &place, const ast::Expr &expr, const Lookup &local,
                 Reason &reason);
  std::optional<Found> constructed(const Place &place, const ast::Expr &expr,
                                   const std::string &builtin,
                                   const Lookup &local);
  bool hasInit(const Found &base);
  Found settled(const Constant &value, const Scope &scope);

  // Python.cpp
  using Locals = std::map<std::string_view, Found>;
  Found run(const Place &place, const ast::Expr &call, const Found &callee,
            const Lookup &local);
  bool bindParams(const Place &place, const ast::Expr &call,
                  const Found &callee, const Lookup &local, Locals &locals);
  std::optional<Found> block(Place &place, const std::vector<ast::Stmt> &body,
                             Locals &locals);
  std::optional<Found> step(Place &place, const ast::Stmt &stmt,
                            Locals &locals);

  Modules::State &state;
  unsigned calls = 0; // that are being run
};

// Builtins.cpp
/// The builtin for module `name` whatever files there are, or "".
std::string builtinModule(std::string_view name);
/// The builtin for a module that is often absent, or "".
std::string absentModule(std::string_view name);
Found builtinAttribute(const std::string &base, std::string_view name);
/// A name of Python's own; nothing for others.
/// Whether `from gt4py.cartesian.gtscript import *` binds `name`.
bool isLanguageName(std::string_view name);
std::optional<Found> builtinName(std::string_view name);

Found foundBuiltin(std::string name);
Found foundNothing(std::string message, const ast::Module *module,
                   ast::Range range, bool isMissing = false);

} // namespace modules
} // namespace spada::gtscript

#endif
