//===- TreeToAST.cpp - declarations of the parse tree ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/TreeToAST.h"

using namespace spada::cslfront;
using L = grammar::CSLLexer;
using antlr4::Token;
using antlr4::tree::TerminalNode;

static std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

void TreeToAST::file(P::FileContext *ctx) {
  for (P::TopDeclContext *part : ctx->topDecl())
    source.decls.push_back(topDecl(part));
}

Decl *TreeToAST::topDecl(P::TopDeclContext *ctx) {
  if (P::VariableContext *inner = ctx->variable()) {
    Decl *result = variable(inner);
    qualifiers(ctx, result);
    return result;
  }
  if (P::FunctionContext *inner = ctx->function()) {
    Decl *result = function(inner);
    qualifiers(ctx, result);
    return result;
  }
  Loc loc = at(ctx->start);
  P::IdentContext *ident = ctx->ident();
  if (!ident) {
    bool isLayout = ctx->start->getType() == L::LAYOUT;
    Decl *result = make(isLayout ? DeclKind::Layout : DeclKind::Comptime, loc);
    result->body = block(ctx->block());
    return result;
  }
  bool isTask = ctx->start->getType() == L::TASK;
  Decl *result =
      make(isTask ? DeclKind::Task : DeclKind::Param, at(ident->start));
  result->name = name(ident);
  if (P::TypeExprContext *type = ctx->typeExpr())
    result->type = typeExpr(type);
  if (P::ExprContext *value = ctx->expr())
    result->value = expr(value);
  if (isTask) {
    parameters(ctx->parameters(), result);
    for (P::AttributeContext *part : ctx->attribute())
      attribute(part, result);
    result->body = block(ctx->block());
  }
  return result;
}

/// The words before `const`, `var` or `fn`.
void TreeToAST::qualifiers(P::TopDeclContext *ctx, Decl *decl) {
  bool isFunction = decl->kind == DeclKind::Function;
  for (size_t i = 0; i + 1 < ctx->children.size(); ++i) {
    Token *token = static_cast<TerminalNode *>(ctx->children[i])->getSymbol();
    bool *flag = token->getType() == L::EXPORT   ? &decl->isExport
                 : token->getType() == L::EXTERN ? &decl->isExtern
                 : token->getType() == L::INLINE ? &decl->isInline
                                                 : &decl->isNoinline;
    if (*flag)
      error(at(token), quoted(text(token)) + " is written twice");
    *flag = true;
    if (!isFunction && (decl->isInline || decl->isNoinline))
      error(at(token), quoted(text(token)) + " is for functions, but " +
                           quoted(names.text(decl->name)) + " is a variable");
  }
  Loc start = at(ctx->start);
  if (decl->isExport && decl->isExtern)
    error(start, quoted(names.text(decl->name)) +
                     " cannot be both 'export' and 'extern'; hint: 'export' "
                     "defines, 'extern' refers to a definition elsewhere");
  if (decl->isInline && decl->isNoinline)
    error(start, quoted(names.text(decl->name)) +
                     " cannot be both 'inline' and 'noinline'");
  if (isFunction && decl->isExtern == (decl->body != nullptr))
    error(decl->loc,
          decl->isExtern
              ? "extern function " + quoted(names.text(decl->name)) +
                    " has a body; hint: end the declaration with ';'"
              : "function " + quoted(names.text(decl->name)) +
                    " has no body; hint: only an 'extern' function has none");
  if (!isFunction && decl->isExtern && decl->value)
    error(decl->value->loc, "extern variable " +
                                quoted(names.text(decl->name)) +
                                " has an initial value; hint: give it where "
                                "the variable is defined");
}

Decl *TreeToAST::variable(P::VariableContext *ctx) {
  P::IdentContext *ident = ctx->ident();
  bool isConst = ctx->start->getType() == L::CONST;
  Decl *result =
      make(isConst ? DeclKind::Const : DeclKind::Var, at(ident->start));
  result->name = name(ident);
  if (P::TypeExprContext *type = ctx->typeExpr())
    result->type = typeExpr(type);
  for (P::AttributeContext *part : ctx->attribute())
    attribute(part, result);
  if (P::ExprContext *value = ctx->expr())
    result->value = expr(value);
  return result;
}

Decl *TreeToAST::function(P::FunctionContext *ctx) {
  P::IdentContext *ident = ctx->ident();
  Decl *result = make(DeclKind::Function, at(ident->start));
  result->name = name(ident);
  parameters(ctx->parameters(), result);
  for (P::AttributeContext *part : ctx->attribute())
    attribute(part, result);
  result->type = typeExpr(ctx->typeExpr());
  if (P::BlockContext *inner = ctx->block())
    result->body = block(inner);
  return result;
}

void TreeToAST::parameters(P::ParametersContext *ctx, Decl *decl) {
  for (P::ParameterContext *part : ctx->parameter()) {
    P::IdentContext *ident = part->ident();
    Parameter parameter;
    parameter.name = name(ident);
    parameter.loc = at(ident->start);
    parameter.isComptime = part->COMPTIME() != nullptr;
    parameter.isAnytype = part->ANYTYPE() != nullptr;
    if (P::TypeExprContext *type = part->typeExpr())
      parameter.type = typeExpr(type);
    decl->parameters.push_back(parameter);
  }
}

void TreeToAST::attribute(P::AttributeContext *ctx, Decl *decl) {
  Expr *&slot = ctx->ALIGN()         ? decl->align
                : ctx->LINKSECTION() ? decl->linksection
                                     : decl->linkname;
  if (slot)
    error(at(ctx->start), quoted(text(ctx->start)) + " is given twice");
  slot = expr(ctx->expr());
}
