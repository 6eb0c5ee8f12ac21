//===- Frontend.cpp - files, stencils and externals -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

static SearchOptions searchOptions(const GTScriptOptions &options) {
  SearchOptions search;
  search.directories = options.searchPath;
  return search;
}

/// The file, or null after an error.
static const ast::Module *loadFile(Modules &modules, StringRef path,
                                   MLIRContext *context) {
  const ast::Module *module = modules.load(path.str());
  if (!module) {
    emitError(UnknownLoc::get(context)) << "cannot read '" << path << "'";
    return nullptr;
  }
  for (const ast::SyntaxError &bad : module->errors) {
    InFlightDiagnostic diagnostic =
        emitError(FileLineColLoc::get(context, module->path, bad.range.line,
                                      bad.range.col))
        << bad.message;
    if (!bad.hint.empty())
      diagnostic.attachNote() << "hint: " << bad.hint;
  }
  return module->errors.empty() ? module : nullptr;
}

static bool isNamed(const ast::StencilCandidate &candidate, StringRef name) {
  if (candidate.name == name)
    return true;
  StringRef last = StringRef(candidate.name);
  return last.substr(last.rfind('.') + 1) == name;
}

/// The stencil that `name` asks for, or null after an error.
static const ast::StencilCandidate *
choose(const std::vector<ast::StencilCandidate> &all, StringRef name,
       const ast::Module &module, MLIRContext *context) {
  std::vector<const ast::StencilCandidate *> found;
  for (const ast::StencilCandidate &candidate : all)
    if (name.empty() || candidate.name == name)
      found.push_back(&candidate);
  bool isWhole = !found.empty();
  for (const ast::StencilCandidate &candidate : all)
    if (!isWhole && isNamed(candidate, name))
      found.push_back(&candidate);
  // Later definitions of a name replace earlier ones, as in Python.
  bool isOne = llvm::all_of(found, [&](const ast::StencilCandidate *other) {
    return other->name == found.back()->name;
  });
  if (!found.empty() && isOne)
    return found.back();
  InFlightDiagnostic diagnostic =
      emitError(FileLineColLoc::get(context, module.path, 1, 1));
  if (all.empty()) {
    diagnostic << "the file has no stencil";
    diagnostic.attachNote() << "hint: a stencil is a function with 'with "
                               "computation(...)' in its body";
    return nullptr;
  }
  if (name.empty())
    diagnostic << "the file has " << all.size() << " stencils";
  else if (!found.empty())
    diagnostic << "the file has " << found.size() << " stencils '" << name
               << "'";
  else
    diagnostic << "the file has no stencil '" << name << "'";
  if (found.empty())
    for (const ast::StencilCandidate &candidate : all)
      found.push_back(&candidate);
  std::string list;
  for (const ast::StencilCandidate *candidate : found)
    list += (list.empty() ? "" : ", ") + candidate->name;
  diagnostic.attachNote() << "hint: choose one of " << list;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Externals
//===----------------------------------------------------------------------===//

/// Values that the user gave, as constants.
bool Sema::readExternals(const ast::Module &module,
                         const ast::Function &function) {
  for (const auto &[name, text] : options.externals) {
    ast::Module &scratch = scratches.emplace_back();
    scratch.path = "option -e " + name;
    scratch.source = text;
    std::vector<ast::SyntaxError> errors;
    made.push_back(ast::parseExpr(scratch, scratch.source, {}, errors));
    Lookup local = [](const Expr &word, std::string &) {
      if (word.isName("true") || word.isName("false"))
        return Constant::ofBool(word.text == "true");
      if (auto axes = axesNamed(word.text); axes && word.is(ExprKind::Name)) {
        Constant axis;
        axis.kind = Constant::Axis;
        axis.text = std::string(word.text);
        return axis;
      }
      return Constant();
    };
    Constant value;
    if (errors.empty() && made.back())
      value =
          modules
              .evaluate(Modules::scopeIn(module, function), made.back(), local)
              .value;
    // A word that nothing has is text: the name of a type, say.
    externalValues[name] = value ? value : Constant::ofString(text);
  }
  return true;
}

/// `externals={"A": 1}` of a decorator or of a call `stencil(...)`.
void Sema::readDictionary(const ast::Module &module,
                          const ast::Function &function, const Expr &call) {
  for (const Expr &arg : call.args) {
    if (!arg.is(ExprKind::Keyword) || arg.text != "externals")
      continue;
    const Expr &dict = arg.args[0];
    if (dict.is(ExprKind::Call) && dict.args[0].isName("dict")) {
      for (const Expr &item : dict.args)
        if (item.is(ExprKind::Keyword))
          addDecorated(module, function, item.text, item.args[0]);
    }
    if (!dict.is(ExprKind::Unsupported) || dict.text != "dict")
      continue;
    for (size_t i = 0; i + 1 < dict.args.size(); i += 2)
      if (dict.args[i].is(ExprKind::String))
        addDecorated(module, function, dict.args[i].text, dict.args[i + 1]);
  }
}

void Sema::addDecorated(const ast::Module &module,
                        const ast::Function &function, std::string_view name,
                        const Expr &value) {
  if (externalValues.contains(name))
    return;
  Scope scope{&module, function.parent, UINT32_MAX};
  if (Found found = modules.evaluate(scope, value); found.value)
    externalValues[name] = found.value;
}

/// Calls `stencil(..., definition=f, externals=...)` beside the definition.
void Sema::readCalls(const ast::Module &module, const ast::Function &function,
                     const std::vector<Stmt> &body) {
  std::function<void(const Expr &)> visit = [&](const Expr &expr) {
    if (expr.is(ExprKind::Call)) {
      std::string_view callee = ast::lastName(expr.args[0]);
      bool isStencil = callee == "stencil" || callee == "lazy_stencil";
      for (const Expr &arg : expr.args) {
        const Expr &value = arg.is(ExprKind::Keyword) ? arg.args[0] : arg;
        if (isStencil && value.isName(function.name))
          readDictionary(module, function, expr);
      }
      // `stencil(backend, externals=...)(f)`.
      const Expr &inner = expr.args[0];
      if (inner.is(ExprKind::Call) &&
          ast::lastName(inner.args[0]) == "stencil" && expr.args.size() == 2 &&
          expr.args[1].isName(function.name))
        readDictionary(module, function, inner);
    }
    for (const Expr &arg : expr.args)
      visit(arg);
  };
  for (const Stmt &stmt : body) {
    visit(stmt.value);
    readCalls(module, function, stmt.body);
  }
}

/// Numbers, words, and what is computed from them alone.
static bool isLiteral(const Expr &expr) {
  switch (expr.kind) {
  case ExprKind::Int:
  case ExprKind::Float:
  case ExprKind::Bool:
  case ExprKind::None:
  case ExprKind::String:
    return true;
  case ExprKind::Unary:
  case ExprKind::Binary:
    return llvm::all_of(expr.args, isLiteral);
  default:
    return false;
  }
}

/// Keys and literal values of `externals={"A": 1, "b": x, **more}` in calls
/// that have the name of `function` as an argument; Missing where two differ.
static void
collectLiterals(const Expr &expr, const ast::Function &function,
                llvm::StringMap<const Expr *> &values,
                llvm::function_ref<bool(const Expr &, const Expr &)> isSame) {
  const Expr *dict = nullptr;
  bool isNamed = false;
  if (expr.is(ExprKind::Call))
    for (const Expr &arg : llvm::drop_begin(expr.args)) {
      bool isKeyword = arg.is(ExprKind::Keyword);
      const Expr &value = isKeyword ? arg.args[0] : arg;
      isNamed |= value.isName(function.name);
      if (isKeyword && arg.text == "externals" &&
          value.is(ExprKind::Unsupported) && value.text == "dict")
        dict = &value;
    }
  if (dict && isNamed)
    for (size_t i = 0; i + 1 < dict->args.size(); i += 2) {
      const Expr &key = dict->args[i], &value = dict->args[i + 1];
      if (!key.is(ExprKind::String))
        continue;
      auto [entry, isNew] = values.try_emplace(key.text, &value);
      const Expr *known = entry->second;
      bool isGood = isLiteral(value) && known &&
                    (isNew || (isLiteral(*known) && isSame(*known, value)));
      if (!isGood)
        entry->second = nullptr;
    }
  for (const Expr &arg : expr.args)
    collectLiterals(arg, function, values, isSame);
}

/// Calls in functions, such as `factory.from_origin_domain(f, externals=...)`.
/// Their names have values only when Python runs: literals count, where all
/// calls agree.
void Sema::readMakers(const ast::Module &module,
                      const ast::Function &function) {
  if (function.parent != ast::noParent || function.classParent != ast::noParent)
    return;
  Scope scope{&module, ast::noParent, UINT32_MAX};
  auto isSame = [&](const Expr &a, const Expr &b) {
    Constant first = modules.evaluate(scope, a).value;
    Constant second = modules.evaluate(scope, b).value;
    return first.kind == second.kind && first.str() == second.str();
  };
  llvm::StringMap<const Expr *> values;
  for (const Stmt &stmt : module.makers)
    collectLiterals(stmt.value, function, values, isSame);
  for (const auto &entry : values)
    if (entry.second)
      addDecorated(module, function, entry.first(), *entry.second);
}

void Sema::collectExternals(const ast::Module &module,
                            const ast::StencilCandidate &stencil) {
  const ast::Function &function = module.functions[stencil.function];
  readExternals(module, function);
  if (stencil.decorator && stencil.decorator->is(ExprKind::Call))
    readDictionary(module, function, *stencil.decorator);
  readCalls(module, function,
            function.parent == ast::noParent
                ? module.body
                : module.functions[function.parent].body);
  readMakers(module, function);
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

OwningOpRef<ModuleOp> spada::importGTScript(StringRef path, StringRef stencil,
                                            const GTScriptOptions &options,
                                            MLIRContext *context) {
  context->loadDialect<stencil::StencilDialect, arith::ArithDialect,
                       math::MathDialect, scf::SCFDialect>();
  GTScriptOptions used = options;
  if (used.spadaDialect)
    used.literalFloat = 32;
  for (int bits : {used.literalInt, used.literalFloat, used.aliasFloat})
    if (bits != 32 && bits != 64) {
      emitError(UnknownLoc::get(context))
          << "literals and aliases have 32 or 64 bits, not " << bits;
      return {};
    }
  Modules modules(searchOptions(used));
  const ast::Module *module = loadFile(modules, path, context);
  if (!module)
    return {};
  std::vector<ast::StencilCandidate> all = ast::findStencils(*module);
  const ast::StencilCandidate *chosen = choose(all, stencil, *module, context);
  if (!chosen)
    return {};
  Sema sema(modules, used, context);
  sema.collectExternals(*module, *chosen);
  const ast::Function &function = module->functions[chosen->function];
  return sema.run(*module, function, chosen->name);
}

static void addImports(const std::vector<Stmt> &body,
                       std::vector<std::string> &names) {
  for (const Stmt &stmt : body) {
    for (const ast::Import &import : stmt.imports)
      if (StringRef(import.module).ends_with("__externals__"))
        for (const ast::ImportName &name : import.names)
          names.push_back(std::string(name.name));
    for (const ast::Clause &clause : stmt.clauses)
      addImports(clause.body, names);
    addImports(stmt.body, names);
    addImports(stmt.orelse, names);
  }
}

namespace {
struct Called {
  const ast::Module *module;
  const ast::Function *function;
};
} // namespace

/// Adds the GTScript functions that statements of `from` call.
static void addCalled(Modules &modules, const Called &from,
                      const std::vector<Stmt> &body,
                      std::vector<Called> &work) {
  std::function<void(const Expr &)> visit = [&](const Expr &expr) {
    std::optional<std::string> name;
    if (expr.is(ExprKind::Call))
      name = ast::dottedName(expr.args[0]);
    if (name) {
      Scope scope = Modules::scopeIn(*from.module, *from.function);
      Constant value = modules.lookup(scope, *name).value;
      bool isNew = value.is(Constant::Function) &&
                   llvm::none_of(work, [&](const Called &known) {
                     return known.function == value.function;
                   });
      if (isNew)
        work.push_back({value.module, value.function});
    }
    for (const Expr &arg : expr.args)
      visit(arg);
  };
  for (const Stmt &stmt : body) {
    visit(stmt.value);
    for (const ast::Clause &clause : stmt.clauses) {
      visit(clause.condition);
      addCalled(modules, from, clause.body, work);
    }
    addCalled(modules, from, stmt.body, work);
    addCalled(modules, from, stmt.orelse, work);
  }
}

std::vector<std::string>
gtscript::requiredExternals(Modules &modules, const ast::Module &module,
                            const ast::Function &function) {
  std::vector<std::string> names;
  std::vector<Called> work{{&module, &function}};
  for (size_t i = 0; i < work.size(); ++i) {
    Called from = work[i];
    addImports(from.function->body, names);
    addCalled(modules, from, from.function->body, work);
  }
  llvm::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool spada::listGTScript(StringRef path, const GTScriptOptions &options,
                         MLIRContext *context,
                         std::vector<GTScriptStencil> &stencils) {
  Modules modules(searchOptions(options));
  const ast::Module *module = loadFile(modules, path, context);
  if (!module)
    return false;
  for (const ast::StencilCandidate &candidate : ast::findStencils(*module)) {
    GTScriptStencil &stencil = stencils.emplace_back();
    stencil.name = candidate.name;
    const ast::Function &function = module->functions[candidate.function];
    stencil.line = function.range.line;
    stencil.externals = requiredExternals(modules, *module, function);
  }
  return true;
}
