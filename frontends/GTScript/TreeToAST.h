//===- TreeToAST.h - parse tree of a line to syntax tree ---------*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Turns ANTLR's tree of one logical line into statements and expressions.
// Knows no blocks and no names. Private to the parser library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_GTSCRIPT_TREETOAST_H
#define SPADA_FRONTENDS_GTSCRIPT_TREETOAST_H

#include "frontends/GTScript/Lines.h"

namespace spada::gtscript::ast {

class TreeToAST {
public:
  using P = grammar::GTScriptParser;
  using Tree = antlr4::tree::ParseTree;

  explicit TreeToAST(Module &module) : module(module), text(module.source) {}
  /// For text that does not stand in the source: all of it is at `where`.
  TreeToAST(Module &module, std::string_view text, Range where)
      : module(module), text(text), where(where) {}

  // TreeToStmt.cpp
  void simple(P::SimpleContext *ctx, std::vector<Stmt> &out);
  /// The statement of a header: everything but blocks and clauses.
  Stmt condition(P::ConditionContext *ctx);
  Stmt forHeader(P::ForHeaderContext *ctx);
  Stmt withHeader(P::WithHeaderContext *ctx);
  void functionHeader(P::FunctionHeaderContext *ctx, Function &function);
  void classHeader(P::ClassHeaderContext *ctx, Class &result);

  // TreeToExpr.cpp
  Expr items(P::ItemsContext *ctx);
  Expr named(P::NamedExprContext *ctx);

  /// The first thing that makes the line unusable; none with an empty message.
  SyntaxError error;

private:
  // TreeToStmt.cpp
  void small(P::SmallContext *ctx, std::vector<Stmt> &out);
  void exprStmt(P::ExprStmtContext *ctx, Stmt &stmt);
  void importStmt(P::ImportStmtContext *ctx, Stmt &stmt);
  void fromStmt(P::FromStmtContext *ctx, Stmt &stmt);
  void param(P::ParamContext *ctx, ParamKind &next, Function &function);
  std::string_view dotted(P::DottedContext *ctx);

  // TreeToExpr.cpp
  Expr rhs(P::RhsContext *ctx);
  Expr item(P::ItemContext *ctx);
  Expr expr(P::ExprContext *ctx);
  Expr disj(P::DisjContext *ctx);
  Expr conj(P::ConjContext *ctx);
  Expr inversion(P::InversionContext *ctx);
  Expr comparison(P::ComparisonContext *ctx);
  Expr arith(P::ArithContext *ctx);
  Expr factor(P::FactorContext *ctx);
  Expr targets(P::TargetsContext *ctx);

  // TreeToPrimary.cpp
  Expr primary(P::PrimaryContext *ctx);
  Expr trailer(P::TrailerContext *ctx, Expr base);
  Expr arg(P::ArgContext *ctx);
  Expr index(P::IndexContext *ctx);
  Expr atom(P::AtomContext *ctx);
  Expr strings(P::AtomContext *ctx);
  Expr parenthesised(P::AtomContext *ctx);
  Expr display(P::AtomContext *ctx);

  /// One node over `args`; checks its depth.
  Expr make(ExprKind kind, Range range, std::vector<Expr> args = {});
  Expr unsupported(std::string_view what, Range range,
                   std::vector<Expr> args = {});
  /// An operator's node: Unsupported for those outside GTScript.
  Expr operation(ExprKind kind, Op op, Range opRange, Range range,
                 std::vector<Expr> args);
  void fail(Range range, std::string message, std::string hint = "") {
    if (error.message.empty())
      error = {range, std::move(message), std::move(hint)};
  }

  Range at(const antlr4::Token *token) const {
    return where ? *where : rangeOf(token);
  }
  Range at(const antlr4::ParserRuleContext *ctx) const {
    return where ? *where : join(rangeOf(ctx->start), rangeOf(ctx->stop));
  }
  std::string_view textOf(const antlr4::Token *token) const {
    return text.substr(token->getStartIndex(),
                       token->getStopIndex() - token->getStartIndex() + 1);
  }
  template <typename... T> static std::vector<Expr> list(T &&...parts) {
    std::vector<Expr> all;
    all.reserve(sizeof...(parts));
    (all.push_back(std::move(parts)), ...);
    return all;
  }
  /// The token type of a leaf of the tree, else 0.
  static size_t leaf(Tree *tree) {
    auto *node = dynamic_cast<antlr4::tree::TerminalNode *>(tree);
    return node ? node->getSymbol()->getType() : 0;
  }
  static const antlr4::Token *symbol(Tree *tree) {
    return static_cast<antlr4::tree::TerminalNode *>(tree)->getSymbol();
  }
  static bool endsWithComma(const antlr4::ParserRuleContext *ctx);

  Module &module;
  std::string_view text;
  std::optional<Range> where;
};

} // namespace spada::gtscript::ast

#endif
