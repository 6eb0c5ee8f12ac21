//===- Bound.cpp - what a statement gives a name --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Assignments, imports and definitions. Circles end with a reason.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Evaluation.h"

using namespace spada;
using namespace spada::gtscript;
using namespace spada::gtscript::modules;
using ast::Expr;
using ast::ExprKind;
using ast::StmtKind;

static std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

Found Evaluation::bound(const Place &place, const Binding &binding,
                        std::string_view name) {
  if (auto known = state.values.find(&binding); known != state.values.end())
    return known->second;
  const ast::Module &module = *place.scope.module;
  const ast::Stmt &stmt = *binding.stmt;
  if (!state.active.insert(&binding).second)
    return foundNothing(quoted(name) + " depends on itself", &module,
                        stmt.range);
  Found found;
  switch (stmt.kind) {
  case StmtKind::Def:
    found.value.kind = Constant::Function;
    found.value.function = &module.functions[stmt.function];
    found.value.module = &module;
    break;
  case StmtKind::Class:
    found.value.kind = Constant::Class;
    found.value.classDef = &module.classes[stmt.classIndex];
    found.value.module = &module;
    break;
  case StmtKind::Import:
    found = binding.name ? imported(place, binding)
                         : importedModule(module, binding, name);
    break;
  default:
    found = assigned(place, binding);
  }
  state.active.erase(&binding);
  state.values[&binding] = found;
  return found;
}

//===----------------------------------------------------------------------===//
// Assignments
//===----------------------------------------------------------------------===//

Found Evaluation::assigned(const Place &place, const Binding &binding) {
  Place before = place;
  before.scope.position = binding.stmt->range.begin;
  const ast::Stmt &stmt = *binding.stmt;
  if (stmt.kind == StmtKind::AugAssign) {
    Expr &sum = state.made.emplace_back();
    sum.kind = stmt.op > ast::lastOfGTScript ? ExprKind::Unsupported
                                             : ExprKind::Binary;
    sum.op = stmt.op;
    sum.range = stmt.range;
    sum.args = {stmt.targets[0], stmt.value};
    return expr(before, sum, nullptr);
  }
  // `a, b = 1, 2`: only the element is of interest.
  const Expr *value = &stmt.value;
  size_t at = 0;
  for (; at < binding.path.size(); ++at) {
    bool isSequence = value->is(ExprKind::Tuple) || value->is(ExprKind::List);
    if (!isSequence || binding.path[at] >= value->args.size())
      break;
    value = &value->args[binding.path[at]];
  }
  Found found = expr(before, *value, nullptr);
  for (; at < binding.path.size() && found; ++at) {
    uint32_t index = binding.path[at];
    if (!found.value.is(Constant::Tuple) || index >= found.value.items.size())
      return foundNothing(found.value.str() + " has no element " +
                              std::to_string(index),
                          place.scope.module, stmt.range);
    Constant item = found.value.items[index];
    found = settled(item, before.scope);
  }
  return found;
}

//===----------------------------------------------------------------------===//
// Imports
//===----------------------------------------------------------------------===//

static Found ofModule(const FileData &file) {
  Found found;
  found.value.kind = Constant::Module;
  found.value.module = file.tree.get();
  return found;
}

static Found notFound(const ast::Module &from, const ast::Import &import,
                      const std::string &roots) {
  std::string name = std::string(import.level, '.');
  name += import.module;
  Found found = foundNothing("module " + quoted(name) + " is not found", &from,
                             import.moduleRange, true);
  found.reason.hint = "looked in " + roots +
                      "; give the folder that holds it with '-I', or the "
                      "value with '-e NAME=VALUE'";
  return found;
}

/// `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
Found Evaluation::importedModule(const ast::Module &from,
                                 const Binding &binding,
                                 std::string_view name) {
  const ast::Import &import = *binding.import;
  std::string_view full = import.asName.empty() ? name : import.module;
  if (std::string builtin = builtinModule(full); !builtin.empty())
    return foundBuiltin(builtin);
  if (FileData *file = state.find(from, full, 0))
    return ofModule(*file);
  if (std::string builtin = absentModule(full); !builtin.empty())
    return foundBuiltin(builtin);
  if (!import.asName.empty())
    return notFound(from, import, state.describeRoots(from));
  // A package without a file of its own, or one that is absent: the next
  // attribute shows.
  Found found = foundBuiltin(std::string(full));
  found.typeScope.module = &from;
  return found;
}

Found Evaluation::imported(const Place &place, const Binding &binding) {
  const ast::Module &from = *place.scope.module;
  const ast::Import &import = *binding.import;
  std::string_view name = binding.name->name;
  if (import.level == 0)
    if (std::string builtin = builtinModule(import.module); !builtin.empty())
      return builtinAttribute(builtin, name);
  if (FileData *file = state.find(from, import.module, import.level)) {
    if (++state.depth > 100) {
      --state.depth;
      return foundNothing("imports of " + quoted(name) +
                              " lead through too many files",
                          &from, binding.name->range);
    }
    Found found = inModule(*file->tree, name);
    --state.depth;
    return found;
  }
  std::string inner(import.module);
  inner += inner.empty() ? "" : ".";
  inner += name;
  if (FileData *file = state.find(from, inner, import.level))
    return ofModule(*file);
  if (std::string builtin = absentModule(inner); !builtin.empty())
    return foundBuiltin(builtin);
  if (std::string builtin = absentModule(import.module); !builtin.empty())
    return builtinAttribute(builtin, name);
  return notFound(from, import, state.describeRoots(from));
}

/// A name that `from x import *` brings; nothing if `x` has none such.
Found Evaluation::star(const Place &place, const Binding &binding,
                       std::string_view name) {
  const ast::Module &from = *place.scope.module;
  const ast::Import &import = *binding.import;
  Found nothing = foundNothing("", nullptr, {}, true);
  if (name.substr(0, 1) == "_")
    return nothing;
  if (std::string builtin = builtinModule(import.module); !builtin.empty()) {
    // Python's own names are not hidden by modules that have none such.
    bool isOwn =
        builtin != "gtscript" || builtinName(name) || !isLanguageName(name);
    return isOwn ? nothing : builtinAttribute(builtin, name);
  }
  FileData *file = state.find(from, import.module, import.level);
  if (!file)
    return nothing;
  auto key =
      std::make_pair((const ast::Module *)file->tree.get(), std::string(name));
  if (!state.activeStars.insert(key).second)
    return nothing;
  Place there = {{file->tree.get()}};
  Found found = inBlock(there, file->tree->body, name);
  state.activeStars.erase(key);
  return found;
}
