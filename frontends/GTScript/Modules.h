//===- Modules.h - files, their imports and constants ------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Says what a name means outside stencils: finds files that imports name and
// folds what stands there. Runs no Python: what is not plainly a constant, a
// type or a function is undecided, with the reason.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_MODULES_H
#define SPADA_FRONTENDS_GTSCRIPT_MODULES_H

#include "frontends/GTScript/AST.h"
#include "frontends/GTScript/Constant.h"

#include <functional>
#include <map>

namespace spada::gtscript {

/// Where a name is used: in a file, maybe inside a function, seeing what stands
/// before byte `position`.
struct Scope {
  const ast::Module *module = nullptr;
  uint32_t function = ast::noParent;
  uint32_t position = UINT32_MAX;
};

/// Why there is no value.
struct Reason {
  std::string message; // "module 'ndsl.constants' is not found"
  std::string hint;
  const ast::Module *module = nullptr; // where, if known
  ast::Range range;
  /// The name is bound nowhere, or a module that it comes from is not there.
  bool isMissing = false;
};

struct Found {
  /// A number, None, a string, a tuple (lists too), an axis or a position on
  /// one, a function, a class, a module, or a type: then `typeExpr` is to be
  /// read in `typeScope`. Members of enums are their values.
  Constant value;
  /// Else, if not empty, something of the language or of Python by its one
  /// name: "gtscript.Field", "gtscript.PARALLEL", "gtscript.sqrt",
  /// "numpy.float64", "builtins.int", "typing.Any".
  std::string builtin;
  Scope typeScope;
  Reason reason; // if there is neither

  explicit operator bool() const { return value || !builtin.empty(); }
};

namespace modules {
class Evaluation;
}

struct SearchOptions {
  std::vector<std::string> directories; // of `-I`, in order
  /// Text of a file, nothing if there is none; the disk if not set.
  std::function<std::optional<std::string>(const std::string &)> read;
  /// What `os.environ` is taken to hold; never that of this process.
  std::map<std::string, std::string> environment;
};

class Modules {
public:
  explicit Modules(SearchOptions options = {});
  ~Modules();
  Modules(const Modules &) = delete;
  Modules &operator=(const Modules &) = delete;

  /// The file at `path`, read once; null if there is none. Its syntax errors
  /// are in `errors` of the module.
  const ast::Module *load(const std::string &path);

  /// What `name` ("a", "constants.GRAV") means in `scope`. Names of the
  /// language, of NumPy and of Python itself are builtins, also where their
  /// packages are absent.
  Found lookup(const Scope &scope, std::string_view name);

  /// The value of an expression of `scope`. `local`, if set, is asked first for
  /// every name (Name or Attribute): Missing without a reason leaves it to the
  /// scope.
  Found evaluate(const Scope &scope, const ast::Expr &expr,
                 const Lookup &local = nullptr);

  /// The file of module `name` as `from` imports it; null if not found.
  const ast::Module *findModule(const ast::Module &from, std::string_view name,
                                unsigned level = 0);
  /// Where modules were looked for, for a message: "'a', 'b' and 3 more".
  std::string describeSearchPath(const ast::Module &from) const;

  /// The scope of names inside `function`: its closure.
  static Scope scopeIn(const ast::Module &module,
                       const ast::Function &function);

private:
  friend class modules::Evaluation;
  struct State;
  std::unique_ptr<State> state;
};

} // namespace spada::gtscript

#endif
