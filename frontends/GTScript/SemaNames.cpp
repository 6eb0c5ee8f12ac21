//===- SemaNames.cpp - what names stand for, and messages about them ------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

Location Sema::fileLoc(const Place &place) {
  return FileLineColLoc::get(context,
                             place.module ? place.module->path : "options",
                             place.range.line, place.range.col);
}

Location Sema::loc(const ast::Range &range) {
  Location result = fileLoc(place(range));
  for (Frame *at = frame; at->caller; at = at->caller)
    result =
        CallSiteLoc::get(result, fileLoc({at->caller->module, at->callSite}));
  return result;
}

void Sema::error(const ast::Range &range, const Twine &text, const Twine &hint,
                 ArrayRef<std::pair<Place, std::string>> notes) {
  failed = true;
  InFlightDiagnostic diagnostic = emitError(fileLoc(place(range))) << text;
  if (!hint.isTriviallyEmpty() && !hint.str().empty())
    diagnostic.attachNote() << "hint: " << hint;
  for (const auto &[where, note] : notes)
    diagnostic.attachNote(fileLoc(where)) << note;
  for (Frame *at = frame; at && at->caller; at = at->caller)
    diagnostic.attachNote(fileLoc({at->caller->module, at->callSite}))
        << "'" << at->function->name << "' is called here";
}

void Sema::warning(const ast::Range &range, const Twine &text,
                   const Twine &hint) {
  InFlightDiagnostic diagnostic = emitWarning(fileLoc(place(range))) << text;
  if (!hint.isTriviallyEmpty() && !hint.str().empty())
    diagnostic.attachNote() << "hint: " << hint;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

Symbol *Sema::makeSymbol(Symbol::Kind kind, std::string name,
                         ast::Range range) {
  Symbol &symbol = symbols.emplace_back();
  symbol.kind = kind;
  symbol.name = std::move(name);
  symbol.declared = place(range);
  return &symbol;
}

Symbol *Sema::find(std::string_view name) {
  auto found = frame->names.find(name);
  return found == frame->names.end() ? nullptr : found->second;
}

const Lookup &Sema::lookup() {
  if (!lookupFunction)
    lookupFunction = [this](const Expr &name, std::string &reason) {
      return constantOf(name, reason);
    };
  return lookupFunction;
}

/// The compile-time value of a name or an attribute.
Constant Sema::constantOf(const Expr &name, std::string &reason) {
  std::optional<std::string> dotted = ast::dottedName(name);
  if (!dotted)
    return {};
  StringRef root = StringRef(*dotted).split('.').first;
  if (Symbol *symbol = find(root)) {
    if (symbol->kind == Symbol::Constant && name.is(ExprKind::Name))
      return symbol->constant;
    reason = "'" + root.str() + "' is known only when the stencil runs";
    return {};
  }
  if (frame->assigned.contains(root)) {
    reason = "'" + root.str() + "' is a temporary";
    return {};
  }
  auto given = externalValues.find(*dotted);
  if (given != externalValues.end())
    return given->second;
  if (frame->externals.contains(root)) {
    reason = "external '" + root.str() + "' has no value";
    return {};
  }
  Scope scope = Modules::scopeIn(*frame->module, *frame->function);
  Found found = modules.lookup(scope, *dotted);
  if (!found && found.reason.isMissing) { // maybe bound before it is needed
    scope.position = UINT32_MAX;
    if (Found later = modules.lookup(scope, *dotted))
      found = later;
  }
  if (found.value)
    return found.value;
  if (std::optional<stencil::Axes> axes = axesNamed(ast::lastName(name));
      axes && (name.is(ExprKind::Name) || !found.builtin.empty())) {
    Constant axis;
    axis.kind = Constant::Axis;
    axis.text = stencil::stringifyAxes(*axes).str();
    return axis;
  }
  if (found.builtin.empty() && !found.reason.isMissing)
    reason = found.reason.message;
  else if (!found.reason.message.empty())
    reason = found.reason.message;
  return {};
}

Constant Sema::fold(const Expr &expr, std::string *reason, const Expr **blame) {
  std::string scratch;
  return evaluate(expr, lookup(), reason ? *reason : scratch, blame);
}

/// "did you mean 'x'?" for a name that nothing has, or an empty string.
std::string Sema::suggestion(std::string_view name) {
  StringRef wanted = name;
  if (wanted.size() < 3)
    return "";
  unsigned best = std::max<unsigned>(1, unsigned(wanted.size()) / 3) + 1;
  std::string found;
  auto consider = [&](StringRef candidate) {
    unsigned distance = wanted.edit_distance(candidate, true, best);
    if (distance < best || (distance == best && candidate < found)) {
      best = distance;
      found = candidate.str();
    }
  };
  std::vector<StringRef> names;
  for (const auto &entry : frame->names)
    names.push_back(entry.getKey());
  for (const auto &entry : frame->externals)
    names.push_back(entry.getKey());
  for (const Native &native : allNatives())
    names.push_back(native.name);
  for (const ast::Function &function : frame->module->functions)
    names.push_back(function.name);
  llvm::sort(names);
  for (StringRef candidate : names)
    if (candidate != wanted)
      consider(candidate);
  return found.empty() ? "" : "did you mean '" + found + "'?";
}

void Sema::unknownName(const Expr &name, const std::string &reason) {
  std::string dotted = ast::dottedName(name).value_or(std::string(name.text));
  StringRef root = StringRef(dotted).split('.').first;
  auto external = frame->externals.find(root);
  if (external != frame->externals.end()) {
    Frame *stencil = frame;
    while (stencil->caller)
      stencil = stencil->caller;
    std::vector<std::string> all =
        requiredExternals(modules, *stencil->module, *stencil->function);
    std::erase_if(all, [&](const std::string &other) {
      return externalValues.contains(other);
    });
    error(name.range, "external '" + root + "' has no value",
          "give it with -e " + root + "=VALUE; '" + stencil->function->name +
              "' still needs " + llvm::join(all, ", "),
          {{Place{frame->module, external->second}, "imported here"}});
    return;
  }
  auto assigned = frame->assigned.find(root);
  if (assigned != frame->assigned.end()) {
    error(name.range,
          "'" + root + "' is read before anything is assigned to it", "",
          {{Place{frame->module, assigned->second}, "first assigned here"}});
    return;
  }
  std::string hint = suggestion(root);
  if (hint.empty())
    hint = "a value from outside can be given with -e " + dotted + "=VALUE";
  error(name.range,
        "unknown name '" + dotted + "'" + (reason.empty() ? "" : ": " + reason),
        hint);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

static void collectTarget(const Expr &target, Frame &frame) {
  if (target.is(ExprKind::Tuple) || target.is(ExprKind::List)) {
    for (const Expr &element : target.args)
      collectTarget(element, frame);
    return;
  }
  const Expr *base = &target;
  while (base->is(ExprKind::Subscript) || base->is(ExprKind::Attribute))
    base = &base->args[0];
  if (base->is(ExprKind::Name))
    frame.assigned.try_emplace(base->text, base->range);
}

void Sema::collectNames(const std::vector<Stmt> &body, Frame &frame) {
  for (const Stmt &stmt : body) {
    switch (stmt.kind) {
    case StmtKind::Assign:
    case StmtKind::AugAssign:
    case StmtKind::AnnAssign:
      for (const Expr &target : stmt.targets)
        collectTarget(target, frame);
      break;
    case StmtKind::Import:
      importExternals(stmt, frame);
      break;
    case StmtKind::If:
      for (const ast::Clause &clause : stmt.clauses)
        collectNames(clause.body, frame);
      break;
    default:
      break;
    }
    collectNames(stmt.body, frame);
    collectNames(stmt.orelse, frame);
  }
}

static bool isModule(std::string_view name, std::string_view wanted) {
  return name == wanted || name == "gt4py.cartesian." + std::string(wanted);
}

void Sema::importExternals(const Stmt &stmt, Frame &frame) {
  for (const ast::Import &import : stmt.imports)
    if (import.isFrom && isModule(import.module, "__externals__"))
      for (const ast::ImportName &name : import.names)
        frame.externals.try_emplace(name.name, name.range);
}

void Sema::checkImports(const Stmt &stmt) {
  for (const ast::Import &import : stmt.imports) {
    if (!import.isFrom || (!isModule(import.module, "__externals__") &&
                           !isModule(import.module, "__gtscript__"))) {
      error(stmt.range,
            "a stencil cannot import '" + Twine(import.module) + "'",
            "only names of __externals__ and __gtscript__ are imported inside "
            "stencils and functions; move this to the top of the file");
      continue;
    }
    for (const ast::ImportName &name : import.names) {
      if (name.hasAs || name.name == "*")
        error(name.range, "names of '" + Twine(import.module) +
                              "' keep their names and are listed one by one");
      // A default that only the language gives needs no value.
      if (isModule(import.module, "__externals__") &&
          !externalValues.contains(name.name) && find(name.name))
        error(name.range, "'" + Twine(name.name) +
                              "' is a parameter and an external at once");
    }
  }
}
