//===- TreeToPrimary.cpp - names, literals, calls, subscripts -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The operands of expressions and the literals' values.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/TreeToAST.h"

#include <charconv>

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using L = grammar::GTScriptLexer;

//===----------------------------------------------------------------------===//
// Values of literals and names
//===----------------------------------------------------------------------===//

static std::string withoutUnderscores(std::string_view text) {
  std::string digits;
  for (char c : text)
    if (c != '_')
      digits += c;
  return digits;
}

std::optional<int64_t> ast::intValue(std::string_view text) {
  std::string digits = withoutUnderscores(text);
  int base = 10;
  if (digits.size() > 2 && digits[0] == '0' &&
      isalpha((unsigned char)digits[1])) {
    char letter = char(tolower(digits[1]));
    base = letter == 'x' ? 16 : letter == 'o' ? 8 : 2;
    digits.erase(0, 2);
  }
  int64_t value = 0;
  const char *end = digits.data() + digits.size();
  auto [stop, code] = std::from_chars(digits.data(), end, value, base);
  if (code != std::errc() || stop != end)
    return std::nullopt;
  return value;
}

std::optional<double> ast::floatValue(std::string_view text) {
  if (text.size() > 2 && text[0] == '0' && isalpha((unsigned char)text[1]) &&
      tolower(text[1]) != 'e') {
    std::optional<int64_t> value = intValue(text);
    return value ? std::optional<double>(double(*value)) : std::nullopt;
  }
  std::string digits = withoutUnderscores(text);
  double value = 0;
  const char *end = digits.data() + digits.size();
  auto [stop, code] = std::from_chars(digits.data(), end, value);
  if (stop != end)
    return std::nullopt;
  // Python's literals overflow to infinity and underflow to zero.
  if (code == std::errc::result_out_of_range)
    return strtod(digits.c_str(), nullptr);
  return code == std::errc() ? std::optional<double>(value) : std::nullopt;
}

std::optional<std::string> ast::dottedName(const Expr &expr) {
  if (expr.is(ExprKind::Name))
    return std::string(expr.text);
  if (!expr.is(ExprKind::Attribute))
    return std::nullopt;
  std::optional<std::string> base = dottedName(expr.args[0]);
  if (base)
    base->append(".").append(expr.text);
  return base;
}

std::string_view ast::lastName(const Expr &expr) {
  bool isName = expr.is(ExprKind::Name) || expr.is(ExprKind::Attribute);
  return isName && dottedName(expr) ? expr.text : std::string_view();
}

//===----------------------------------------------------------------------===//
// Trailers
//===----------------------------------------------------------------------===//

Expr TreeToAST::primary(P::PrimaryContext *ctx) {
  Expr result = atom(ctx->atom());
  for (P::TrailerContext *one : ctx->trailer()) {
    if (!error.message.empty())
      break;
    result = trailer(one, std::move(result));
  }
  if (ctx->AWAIT())
    return unsupported("await", at(ctx), list(result));
  return result;
}

Expr TreeToAST::trailer(P::TrailerContext *ctx, Expr base) {
  Range range = join(base.range, at(ctx));
  std::vector<Expr> args = list(base);
  if (ctx->DOT()) {
    Expr result = make(ExprKind::Attribute, range, std::move(args));
    result.text = textOf(ctx->NAME()->getSymbol());
    result.opRange = at(ctx->NAME()->getSymbol());
    return result;
  }
  bool isCall = ctx->LPAREN();
  if (isCall && ctx->args())
    for (P::ArgContext *one : ctx->args()->arg())
      args.push_back(arg(one));
  for (P::IndexContext *one : ctx->index())
    args.push_back(index(one));
  Expr result = make(isCall ? ExprKind::Call : ExprKind::Subscript, range,
                     std::move(args));
  result.opRange = at(ctx->start);
  result.trailingComma =
      !isCall && leaf(ctx->children[ctx->children.size() - 2]) == L::COMMA;
  return result;
}

Expr TreeToAST::arg(P::ArgContext *ctx) {
  if (ctx->comprehension())
    return unsupported("generator expression", at(ctx));
  if (ctx->namedExpr())
    return named(ctx->namedExpr());
  std::vector<Expr> args = list(expr(ctx->expr()));
  if (!ctx->NAME())
    return unsupported(ctx->STAR() ? "*" : "**", at(ctx), std::move(args));
  Expr result = make(ExprKind::Keyword, at(ctx), std::move(args));
  result.text = textOf(ctx->NAME()->getSymbol());
  result.opRange = at(ctx->NAME()->getSymbol());
  return result;
}

Expr TreeToAST::index(P::IndexContext *ctx) {
  if (ctx->STAR())
    return unsupported("*", at(ctx), list(expr(ctx->expr())));
  Expr lower;
  if (ctx->namedExpr())
    lower = named(ctx->namedExpr());
  P::SliceEndContext *end = ctx->sliceEnd();
  if (!end)
    return lower;
  return make(ExprKind::Slice, at(ctx),
              list(lower, end->upper ? expr(end->upper) : Expr(),
                   end->step ? expr(end->step) : Expr()));
}

//===----------------------------------------------------------------------===//
// Atoms
//===----------------------------------------------------------------------===//

static ExprKind literalOf(size_t type) {
  switch (type) {
  case L::NAME:
    return ExprKind::Name;
  case L::INT:
    return ExprKind::Int;
  case L::FLOAT:
    return ExprKind::Float;
  case L::ELLIPSIS:
    return ExprKind::Ellipsis;
  case L::NONE:
    return ExprKind::None;
  default:
    return ExprKind::Bool;
  }
}

Expr TreeToAST::atom(P::AtomContext *ctx) {
  switch (ctx->start->getType()) {
  case L::STRING:
    return strings(ctx);
  case L::IMAGINARY:
    return unsupported("complex number", at(ctx));
  case L::LPAREN:
    return parenthesised(ctx);
  case L::LBRACK:
  case L::LBRACE:
    return display(ctx);
  default: {
    Expr result = make(literalOf(ctx->start->getType()), at(ctx));
    result.text = textOf(ctx->start);
    return result;
  }
  }
}

Expr TreeToAST::strings(P::AtomContext *ctx) {
  std::string_view value;
  std::string joined;
  for (antlr4::tree::TerminalNode *node : ctx->STRING()) {
    std::string_view literal = textOf(node->getSymbol());
    std::string prefix = stringPrefix(literal);
    for (auto [letter, name] :
         {std::pair{'f', "f-string"}, {'t', "t-string"}, {'b', "bytes"}})
      if (prefix.find(letter) != prefix.npos)
        return unsupported(name, at(ctx));
    value = stringValue(literal, module.interned);
    joined += value;
  }
  Expr result = make(ExprKind::String, at(ctx));
  result.text = ctx->STRING().size() == 1
                    ? value
                    : module.interned.emplace_back(std::move(joined));
  return result;
}

Expr TreeToAST::parenthesised(P::AtomContext *ctx) {
  if (ctx->yield())
    return unsupported("yield", at(ctx));
  if (ctx->comprehension())
    return unsupported("generator expression", at(ctx));
  std::vector<Expr> all;
  for (P::ItemContext *one : ctx->item())
    all.push_back(item(one));
  Expr result;
  if (all.size() == 1 && ctx->COMMA().empty())
    result = std::move(all[0]);
  else
    result = make(ExprKind::Tuple, at(ctx), std::move(all));
  result.range = at(ctx);
  result.paren = true;
  return result;
}

/// Lists, dicts, sets and their comprehensions.
Expr TreeToAST::display(P::AtomContext *ctx) {
  bool isList = ctx->LBRACK();
  bool isDict = !isList && ctx->entry().empty();
  std::vector<Expr> all;
  for (P::ItemContext *one : ctx->item())
    all.push_back(item(one));
  for (P::EntryContext *entry : ctx->entry()) {
    isDict |= entry->COLON() || entry->POW();
    if (entry->namedExpr())
      all.push_back(named(entry->namedExpr()));
    else if (entry->POW())
      all.push_back(Expr());
    if (entry->expr())
      all.push_back(entry->STAR()
                        ? unsupported("*", at(entry), list(expr(entry->expr())))
                        : expr(entry->expr()));
  }
  std::string_view name = isList ? "list" : isDict ? "dict" : "set";
  if (ctx->comprehension())
    return unsupported(
        module.interned.emplace_back(std::string(name) + " comprehension"),
        at(ctx));
  if (isList)
    return make(ExprKind::List, at(ctx), std::move(all));
  return unsupported(name, at(ctx), std::move(all));
}
