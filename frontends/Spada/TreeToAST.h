//===- TreeToAST.h - parse tree to syntax tree ------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Turns an error-free ANTLR parse tree into the AST. Nests operators; resolves
// no names. Private to the parser library.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_SPADA_TREETOAST_H
#define SPADA_FRONTENDS_SPADA_TREETOAST_H

#include "SpadaLexer.h"
#include "SpadaParser.h"
#include "frontends/Spada/AST.h"

namespace spada::frontend::ast {

class TreeToAST {
public:
  using P = grammar::SpadaParser;
  TreeToAST(std::string_view source, Program &program,
            std::vector<SyntaxError> &errors)
      : source(source), program(program), errors(errors) {}

  void kernel(P::KernelContext *ctx);

private:
  // TreeToAST.cpp
  Argument argument(P::ArgumentContext *ctx);
  Type type(P::TypeContext *ctx);
  Type streamType(P::StreamTypeContext *ctx);
  Scalar scalar(antlr4::Token *token);
  Block block(P::BlockContext *ctx);
  std::vector<Block> blocks(P::BlocksContext *ctx);
  Field field(P::FieldContext *ctx);
  StreamDecl streamDecl(P::StreamDeclContext *ctx);
  void routing(P::RoutingContext *ctx, StreamDecl &decl);
  void hops(P::RoutingItemContext *ctx, StreamDecl &decl);
  int64_t signedInt(P::SignedIntContext *ctx);
  std::vector<TypedVar> typedVars(P::TypedVarsContext *ctx);
  std::vector<Stmt> body(P::BodyContext *ctx);
  Stmt stmt(P::StmtContext *ctx);
  void asyncOp(P::AsyncOpContext *ctx, Stmt &stmt);
  void method(P::IdentContext *name, P::SubscriptContext *subscript,
              P::IdentContext *called, P::ArgsContext *list, Stmt &stmt);

  // ExprToAST.cpp
  Ident ident(P::IdentContext *ctx);
  std::vector<Range> ranges(P::RangesContext *ctx);
  Range range(P::RangeContext *ctx);
  Expr expr(P::ExprContext *ctx);
  /// Operands and operators in turn, as `disj` and `bound` hold them.
  Expr chain(antlr4::ParserRuleContext *ctx);
  Expr nest(std::vector<Expr> &operands, std::vector<Operator> &ops,
            size_t first, size_t last);
  Expr operand(P::OperandContext *ctx);
  void measure(Expr &e);
  Expr reference(P::IdentContext *name, P::SubscriptContext *subscript,
                 uint32_t end);
  std::vector<Expr> subscript(P::SubscriptContext *ctx);
  std::vector<Expr> args(P::ArgsContext *ctx);

  Loc at(const antlr4::Token *token) const {
    return {uint32_t(token->getLine()),
            uint32_t(token->getCharPositionInLine() + 1)};
  }
  std::string_view text(const antlr4::Token *token) const {
    return source.substr(token->getStartIndex(),
                         token->getStopIndex() - token->getStartIndex() + 1);
  }
  void error(Loc loc, std::string message) {
    if (!errors.empty() && errors.back().message == message &&
        errors.back().loc.line == loc.line && errors.back().loc.col == loc.col)
      return;
    errors.push_back({loc, std::move(message)});
  }

  std::string_view source;
  Program &program;
  std::vector<SyntaxError> &errors;
};

} // namespace spada::frontend::ast

#endif
