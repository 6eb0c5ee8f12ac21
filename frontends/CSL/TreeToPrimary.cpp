//===- TreeToPrimary.cpp - literals and types of the parse tree -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/TreeToAST.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

using namespace spada::cslfront;
using L = grammar::CSLLexer;
using antlr4::Token;

Expr *TreeToAST::typeExpr(P::TypeExprContext *ctx) {
  Expr *result = suffixes(primary(ctx->primary()), ctx);
  std::vector<P::TypePrefixContext *> prefixes = ctx->typePrefix();
  if (!prefixes.empty() &&
      tooMany(prefixes.size(), "type prefixes", ctx->start))
    return result;
  for (size_t i = prefixes.size(); i > 0; --i)
    result = typePrefix(prefixes[i - 1], result);
  return result;
}

Expr *TreeToAST::typePrefix(P::TypePrefixContext *ctx, Expr *inner) {
  P::ExprListContext *sizes = ctx->exprList();
  ExprKind kind = sizes           ? ExprKind::ArrayType
                  : ctx->LBRACK() ? ExprKind::ManyPointerType
                                  : ExprKind::PointerType;
  Expr *result = make(kind, at(ctx->start));
  result->callee = inner;
  result->isConst = ctx->CONST() != nullptr;
  result->args = exprList(sizes);
  return result;
}

Expr *TreeToAST::primary(P::PrimaryContext *ctx) {
  Token *token = ctx->start;
  Loc loc = at(token);
  Expr *e;
  switch (token->getType()) {
  case L::INT:
    e = make(ExprKind::Int, loc);
    integer(token, e);
    return e;
  case L::FLOAT:
    e = make(ExprKind::Float, loc);
    floating(token, e);
    return e;
  case L::CHARACTER:
    e = make(ExprKind::Int, loc);
    character(token, e);
    return e;
  case L::STRING:
    e = make(ExprKind::String, loc);
    e->text = unquoted(token);
    return e;
  case L::TRUE:
  case L::FALSE:
    e = make(ExprKind::Bool, loc);
    e->intValue = token->getType() == L::TRUE;
    return e;
  case L::BUILTIN:
    e = make(ExprKind::Builtin, loc);
    e->name = names.intern(text(token).substr(1));
    e->args = exprList(ctx->exprList());
    return e;
  case L::LPAREN:
    return expr(ctx->expr());
  case L::DOT:
    return initList(ctx->initList(), nullptr, loc);
  case L::FN:
  case L::TASK:
    return functionType(ctx);
  case L::ENUM:
    return enumType(ctx);
  case L::STRUCT:
    return structType(ctx);
  default:
    e = make(ExprKind::Name, loc);
    e->name = names.intern(text(token));
    return e;
  }
}

Expr *TreeToAST::initList(P::InitListContext *ctx, Expr *type, Loc loc) {
  std::vector<P::FieldValueContext *> fields = ctx->fieldValue();
  if (fields.empty()) {
    Expr *result = make(type ? ExprKind::TypedTuple : ExprKind::Tuple, loc);
    result->callee = type;
    for (P::ExprContext *part : ctx->expr())
      result->args.push_back(expr(part));
    return result;
  }
  Expr *result = make(type ? ExprKind::TypedStruct : ExprKind::Struct, loc);
  result->callee = type;
  for (P::FieldValueContext *part : fields) {
    P::FieldNameContext *field = part->fieldName();
    result->fields.push_back(
        {name(field), at(field->start), expr(part->expr())});
  }
  return result;
}

Expr *TreeToAST::functionType(P::PrimaryContext *ctx) {
  bool isTask = ctx->start->getType() == L::TASK;
  Expr *result = make(isTask ? ExprKind::TaskType : ExprKind::FunctionType,
                      at(ctx->start));
  for (P::TypeExprContext *part : ctx->typeExpr())
    result->args.push_back(typeExpr(part));
  result->callee = result->args.back();
  result->args.pop_back();
  return result;
}

Expr *TreeToAST::enumType(P::PrimaryContext *ctx) {
  Expr *result = make(ExprKind::EnumType, at(ctx->start));
  if (P::TypeExprContext *base = ctx->typeExpr(0))
    result->callee = typeExpr(base);
  for (P::EnumFieldContext *part : ctx->enumField()) {
    P::ExprContext *value = part->expr();
    result->fields.push_back({name(part->fieldName()), at(part->start),
                              value ? expr(value) : nullptr});
  }
  return result;
}

Expr *TreeToAST::structType(P::PrimaryContext *ctx) {
  Expr *result = make(ExprKind::StructType, at(ctx->start));
  for (P::StructFieldContext *part : ctx->structField())
    result->fields.push_back(
        {name(part->fieldName()), at(part->start), typeExpr(part->typeExpr())});
  return result;
}

void TreeToAST::integer(Token *token, Expr *e) {
  std::string_view digits = text(token);
  int base = 10;
  if (digits.size() > 2 && (digits[1] == 'x' || digits[1] == 'b')) {
    base = digits[1] == 'x' ? 16 : 2;
    digits.remove_prefix(2);
  }
  uint64_t value = 0;
  auto [end, code] = std::from_chars(
      digits.data(), digits.data() + digits.size(), value, base);
  if (code != std::errc())
    error(e->loc,
          "integer '" + std::string(text(token)) + "' needs more than 64 bits");
  e->intValue = int64_t(value);
  e->isConst = value > uint64_t(INT64_MAX);
}

void TreeToAST::floating(Token *token, Expr *e) {
  std::string digits(text(token));
  e->floatValue = std::strtod(digits.c_str(), nullptr);
  if (std::isinf(e->floatValue))
    error(e->loc,
          "float '" + digits + "' is too large; the largest is about 1.8e308");
}

/// The value of a hexadecimal digit, or -1.
static int hexDigit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Appends what an escape stands for; `rest` starts behind its backslash.
bool TreeToAST::escape(std::string_view &rest, std::string &to, Loc loc) {
  static constexpr std::pair<char, char> table[] = {{'n', '\n'},  {'r', '\r'},
                                                    {'t', '\t'},  {'\\', '\\'},
                                                    {'\'', '\''}, {'"', '"'}};
  char kind = rest.front();
  rest.remove_prefix(1);
  for (auto [letter, value] : table)
    if (letter == kind) {
      to += value;
      return true;
    }
  if (kind != 'x') {
    std::string shown = kind > 0x20 && kind < 0x7f ? std::string(1, kind) : "";
    error(loc, "unknown escape '\\" + shown +
                   R"('; hint: there are \n, \r, \t, \\, \', \" and \xNN)");
    return false;
  }
  if (rest.size() < 2 || hexDigit(rest[0]) < 0 || hexDigit(rest[1]) < 0) {
    error(loc, R"(escape '\x' needs two hexadecimal digits, as in '\x0a')");
    return false;
  }
  to += char(hexDigit(rest[0]) * 16 + hexDigit(rest[1]));
  rest.remove_prefix(2);
  return true;
}

std::string_view TreeToAST::unquoted(Token *token) {
  std::string_view rest = text(token);
  rest = rest.substr(1, rest.size() - 2);
  if (rest.find('\\') == std::string_view::npos)
    return rest;
  const char *first = rest.data();
  std::string result;
  while (!rest.empty()) {
    Loc loc = at(token);
    loc.column += uint32_t(rest.data() - first) + 1;
    char c = rest.front();
    rest.remove_prefix(1);
    if (c != '\\')
      result += c;
    else if (!escape(rest, result, loc))
      break;
  }
  return source.keep(std::move(result));
}

void TreeToAST::character(Token *token, Expr *e) {
  size_t before = errors.size();
  std::string_view bytes = unquoted(token);
  if (bytes.size() == 1)
    e->intValue = uint8_t(bytes[0]);
  else if (errors.size() == before)
    error(e->loc, "character literal " + std::string(text(token)) + " holds " +
                      std::to_string(bytes.size()) +
                      " bytes instead of one; hint: a string is written with "
                      "'\"'");
}
