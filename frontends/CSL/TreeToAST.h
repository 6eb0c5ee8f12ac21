//===- TreeToAST.h - parse tree to syntax tree ------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Turns an error-free ANTLR parse tree into the AST. Nests operators; resolves
// no names. Private to the parser library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_TREETOAST_H
#define SPADA_FRONTENDS_CSL_TREETOAST_H

#include "CSLLexer.h"
#include "CSLParser.h"
#include "frontends/CSL/AST.h"

namespace spada::cslfront {

class TreeToAST {
public:
  using P = grammar::CSLParser;
  TreeToAST(Source &source, NameTable &names, std::vector<SyntaxError> &errors)
      : source(source), names(names), errors(errors) {}

  void file(P::FileContext *ctx);

private:
  // TreeToAST.cpp
  Decl *topDecl(P::TopDeclContext *ctx);
  void qualifiers(P::TopDeclContext *ctx, Decl *decl);
  Decl *variable(P::VariableContext *ctx);
  Decl *function(P::FunctionContext *ctx);
  void parameters(P::ParametersContext *ctx, Decl *decl);
  void attribute(P::AttributeContext *ctx, Decl *decl);

  // TreeToStmt.cpp
  Stmt *block(P::BlockContext *ctx);
  Stmt *stmt(P::StmtContext *ctx);
  /// The body of a loop or branch.
  Stmt *body(P::StmtContext *ctx, std::string_view of);
  Stmt *compound(P::CompoundContext *ctx);
  /// `block: { }` and the like; `label` may be null.
  Stmt *labelled(P::ChainContext *label, P::LabelledContext *ctx);
  Stmt *jump(P::JumpContext *ctx);
  Stmt *simple(P::SimpleContext *ctx);
  Stmt *assignment(P::ChainContext *target, P::AssignOpContext *op,
                   P::ExprContext *value);
  /// `inner` as it is where there is no keyword.
  Stmt *comptimeStmt(antlr4::tree::TerminalNode *keyword, Stmt *inner);
  void checkTarget(const Expr *target, antlr4::Token *op);
  Stmt *ifStmt(P::IfStmtContext *ctx);
  Stmt *whileStmt(P::WhileLoopContext *ctx);
  Stmt *forStmt(P::ForLoopContext *ctx);
  Stmt *switchStmt(P::SwitchExprContext *ctx);
  /// Fills `value`, or `body` where the text can only be a statement.
  void armBody(P::ArmBodyContext *ctx, Arm &arm);
  void armIf(P::ArmBodyContext *ctx, Arm &arm);

  // TreeToExpr.cpp
  Expr *expr(P::ExprContext *ctx);
  Expr *ifExpr(P::IfExprContext *ctx);
  Expr *switchExpr(P::SwitchExprContext *ctx);
  Expr *labelledBlock(antlr4::tree::ParseTree *label, P::BlockContext *ctx);
  /// The name that a label must be.
  Name label(P::ChainContext *ctx);
  Expr *tensorAccess(P::TensorAccessContext *ctx);
  Expr *comptime(antlr4::Token *keyword, Expr *inner);
  Expr *chain(P::ChainContext *ctx, P::BlockContext *block = nullptr);
  Expr *chainOperand(antlr4::tree::ParseTree *part);
  Expr *operand(P::OperandContext *ctx);
  Expr *suffix(Expr *base, P::SuffixContext *ctx);
  /// All suffixes of `ctx` applied to `base` in turn.
  template <typename Context> Expr *suffixes(Expr *base, Context *ctx);
  std::vector<Expr *> exprList(P::ExprListContext *ctx);

  // TreeToPrimary.cpp
  Expr *typeExpr(P::TypeExprContext *ctx);
  Expr *typePrefix(P::TypePrefixContext *ctx, Expr *inner);
  Expr *primary(P::PrimaryContext *ctx);
  Expr *initList(P::InitListContext *ctx, Expr *type, Loc loc);
  Expr *functionType(P::PrimaryContext *ctx);
  Expr *enumType(P::PrimaryContext *ctx);
  Expr *structType(P::PrimaryContext *ctx);
  void integer(antlr4::Token *token, Expr *e);
  void floating(antlr4::Token *token, Expr *e);
  void character(antlr4::Token *token, Expr *e);
  /// The bytes between the quotes of a string or character literal.
  std::string_view unquoted(antlr4::Token *token);
  bool escape(std::string_view &rest, std::string &to, Loc loc);

  Expr *make(ExprKind kind, Loc loc) {
    Expr *e = source.make<Expr>();
    e->kind = kind;
    e->loc = loc;
    return e;
  }
  Stmt *make(StmtKind kind, Loc loc) {
    Stmt *s = source.make<Stmt>();
    s->kind = kind;
    s->loc = loc;
    return s;
  }
  Decl *make(DeclKind kind, Loc loc) {
    Decl *d = source.make<Decl>();
    d->kind = kind;
    d->loc = loc;
    return d;
  }
  Name name(antlr4::ParserRuleContext *ctx) {
    return names.intern(text(ctx->start));
  }
  Loc at(const antlr4::Token *token) const {
    return {source.number, uint32_t(token->getLine()),
            uint32_t(token->getCharPositionInLine() + 1)};
  }
  std::string_view text(const antlr4::Token *token) const {
    return std::string_view(source.text)
        .substr(token->getStartIndex(),
                token->getStopIndex() - token->getStartIndex() + 1);
  }
  void error(Loc loc, std::string message) {
    errors.push_back({loc, std::move(message)});
  }
  /// Says no to a list of prefixes or suffixes that later stages would nest too
  /// deeply.
  bool tooMany(size_t count, const char *what, antlr4::Token *where);

  Source &source;
  NameTable &names;
  std::vector<SyntaxError> &errors;
};

} // namespace spada::cslfront

#endif
