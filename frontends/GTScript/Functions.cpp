//===- Functions.cpp - definitions and what is GTScript in them -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Functions and classes with their scopes, and which functions are stencils.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Reader.h"

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using L = grammar::GTScriptLexer;

std::string Reader::qualified(std::string_view name) const {
  std::string outer;
  if (parentClass != noParent)
    outer = root.classes[parentClass].qualified + ".";
  else if (parentFunction != noParent)
    outer = root.functions[parentFunction].qualified + ".";
  return outer + std::string(name);
}

static uint32_t lastToken(const Line &line) {
  const Line *at = &line;
  while (!at->block.empty())
    at = &at->block.back();
  return at->last;
}

/// Whether a word of the language stands in the definition or makes it one.
bool Reader::mayHoldGTScript(const Line &line, const Function &function) const {
  if (callTargets.count(function.name))
    return true;
  for (const Expr &decorator : function.decorators) {
    const Expr &name =
        decorator.is(ExprKind::Call) ? decorator.args[0] : decorator;
    for (std::string_view word :
         {"stencil", "lazy_stencil", "function", "lazy_function"})
      if (lastName(name) == word)
        return true;
  }
  // Short functions may compute the constants of a file.
  bool isOutermost = parentFunction == noParent && parentClass == noParent;
  if (isOutermost && lastToken(line) - line.first < 300)
    return true;
  for (uint32_t i = line.first, end = lastToken(line); i < end; ++i)
    if (typeAt(i) == L::NAME &&
        (textAt(i) == "computation" || textAt(i) == "function" ||
         textAt(i) == "lazy_function" || callTargets.count(textAt(i))))
      return true;
  return false;
}

/// `with ... computation(` in the block, not in definitions inside it.
bool Reader::hasComputation(const std::vector<Line> &block) const {
  for (const Line &line : block) {
    size_t type = typeAt(line.first);
    if (type == L::DEF || type == L::CLASS || type == L::ASYNC)
      continue;
    if (type == L::WITH)
      for (uint32_t i = line.first; i + 1 < line.last; ++i)
        if (typeAt(i) == L::NAME && textAt(i) == "computation" &&
            typeAt(i + 1) == L::LPAREN)
          return true;
    if (hasComputation(line.block))
      return true;
  }
  return false;
}

/// Statements such as `self.f = factory.from_dims_halo(f, externals={"N": 1})`.
void Reader::readMakers(const std::vector<Line> &block) {
  for (const Line &line : block) {
    bool isMaker = false;
    for (uint32_t i = line.first; i + 1 < line.last; ++i)
      isMaker |= typeAt(i) == L::NAME && textAt(i) == "externals" &&
                 typeAt(i + 1) == L::ASSIGN;
    P::LineContext *tree = isMaker ? parseLine(line) : nullptr;
    if (tree && tree->simple()) {
      size_t before = root.makers.size();
      TreeToAST convert(root);
      convert.simple(tree->simple(), root.makers);
      if (!convert.error.message.empty())
        root.makers.erase(root.makers.begin() + before, root.makers.end());
    }
    readMakers(line.block);
  }
}

void Reader::function(const Line &line, std::vector<Expr> decorators,
                      std::vector<Stmt> &out) {
  Stmt &stmt = out.emplace_back();
  stmt.kind = StmtKind::Def;
  stmt.function = uint32_t(root.functions.size());
  stmt.range = rangeOfHeader(line);
  stmt.text = textAt(line.first);
  uint32_t index = stmt.function;
  Function &function = root.functions.emplace_back();
  size_t name = line.first + (typeAt(line.first) == L::ASYNC) + 1;
  if (name < line.last && typeAt(name) == L::NAME) {
    function.name = textAt(name);
    function.nameRange = rangeOf(tokens[name].get());
  } else {
    function.nameRange = rangeOf(tokens[line.first].get());
  }
  function.qualified = qualified(function.name);
  function.range = stmt.range;
  function.decorators = std::move(decorators);
  function.parent = parentFunction;
  function.classParent = parentClass;

  P::LineContext *tree = parseLine(line);
  TreeToAST convert(root);
  if (tree && tree->compound()) {
    convert.functionHeader(tree->compound()->header()->functionHeader(),
                           function);
    inlineBody(line, tree->compound(), convert, function.body);
  }
  const SyntaxError &error = tree ? convert.error : lineError;
  function.error = error.message;
  function.hint = error.hint;
  function.errorRange = error.range;
  function.hasComputation = hasComputation(line.block);
  function.isRead = mayHoldGTScript(line, function);
  if (parentFunction == noParent)
    readMakers(line.block);
  if (!function.isRead)
    return;
  std::swap(parentFunction, index);
  uint32_t outerClass = std::exchange(parentClass, noParent);
  body(line.block, function.body);
  parentFunction = index;
  parentClass = outerClass;
}

void Reader::classOf(const Line &line, std::vector<Expr> decorators,
                     std::vector<Stmt> &out) {
  size_t name = line.first + 1;
  P::LineContext *tree = parseLine(line);
  bool isClass = tree && tree->compound();
  if (!isClass) {
    other(line, lineError, out);
    return;
  }
  Stmt &stmt = out.emplace_back();
  stmt.kind = StmtKind::Class;
  stmt.classIndex = uint32_t(root.classes.size());
  stmt.range = rangeOfHeader(line);
  stmt.text = textAt(line.first);
  uint32_t index = stmt.classIndex;
  Class &result = root.classes.emplace_back();
  result.name = textAt(name);
  result.qualified = qualified(result.name);
  result.range = stmt.range;
  result.decorators = std::move(decorators);
  result.parent = parentFunction;
  result.classParent = parentClass;
  TreeToAST convert(root);
  convert.classHeader(tree->compound()->header()->classHeader(), result);
  inlineBody(line, tree->compound(), convert, result.body);
  std::swap(parentClass, index);
  body(line.block, result.body);
  parentClass = index;
}

//===----------------------------------------------------------------------===//
// Errors and stencils of a module
//===----------------------------------------------------------------------===//

static void collectErrors(const std::vector<Stmt> &body,
                          std::vector<SyntaxError> &errors) {
  for (const Stmt &stmt : body) {
    if (!stmt.error.empty())
      errors.push_back({stmt.errorRange, stmt.error, stmt.hint});
    for (const Clause &clause : stmt.clauses)
      collectErrors(clause.body, errors);
    collectErrors(stmt.body, errors);
    collectErrors(stmt.orelse, errors);
  }
}

std::vector<SyntaxError> ast::errorsIn(const Module &module,
                                       const Function &function) {
  std::vector<SyntaxError> errors;
  if (!function.error.empty())
    errors.push_back({function.errorRange, function.error, function.hint});
  collectErrors(function.body, errors);
  return errors;
}

static const Expr *
decoratorNamed(const Function &function,
               std::initializer_list<std::string_view> words) {
  for (const Expr &decorator : function.decorators) {
    const Expr &name =
        decorator.is(ExprKind::Call) ? decorator.args[0] : decorator;
    for (std::string_view word : words)
      if (lastName(name) == word)
        return &decorator;
  }
  return nullptr;
}

const Expr *ast::functionDecorator(const Function &function) {
  return decoratorNamed(function, {"function", "lazy_function"});
}

std::vector<StencilCandidate> ast::findStencils(const Module &module) {
  std::vector<StencilCandidate> found;
  for (uint32_t i = 0; i < module.functions.size(); ++i) {
    const Function &function = module.functions[i];
    const Expr *decorator =
        decoratorNamed(function, {"stencil", "lazy_stencil"});
    if (decorator || (function.hasComputation && !functionDecorator(function)))
      found.push_back({i, function.qualified, decorator});
  }
  return found;
}
