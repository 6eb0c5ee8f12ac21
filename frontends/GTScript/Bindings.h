//===- Bindings.h - what statements give names to ----------------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// An index of the names of one scope: a module, a function or a class. Private
// to the library of modules.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_BINDINGS_H
#define SPADA_FRONTENDS_GTSCRIPT_BINDINGS_H

#include "frontends/GTScript/AST.h"

#include <map>

namespace spada::gtscript::modules {

inline constexpr uint32_t noGuard = UINT32_MAX;

/// A condition for bindings to be made.
struct Guard {
  const ast::Stmt *stmt = nullptr; // If; for others the outcome is unknown
  size_t clause = 0;               // the number of clauses: `else`
  uint32_t outer = noGuard;
};

/// One statement that gives a name something.
struct Binding {
  const ast::Stmt *stmt = nullptr;       // null: a parameter
  const ast::Import *import = nullptr;   // of an Import
  const ast::ImportName *name = nullptr; // of a `from` import
  std::vector<uint32_t> path;            // elements of the value's tuples
  uint32_t position = 0;
  uint32_t guard = noGuard;
  bool isHandler = false; // made only after an exception
};

struct Bindings {
  /// In order; "*" stands for what star imports bring.
  std::map<std::string_view, std::vector<Binding>> names;
  std::vector<Guard> guards;

  /// Those of `name` and the star imports, in order.
  std::vector<const Binding *> of(std::string_view name) const;
};

Bindings bindingsOf(const ast::Module &module,
                    const std::vector<ast::Stmt> &body);

} // namespace spada::gtscript::modules

#endif
