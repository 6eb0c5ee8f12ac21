//===- TreeToStmt.cpp - statements of the parse tree ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/TreeToAST.h"

using namespace spada::cslfront;
using L = grammar::CSLLexer;
using antlr4::Token;
using antlr4::tree::TerminalNode;

Stmt *TreeToAST::block(P::BlockContext *ctx) {
  Stmt *result = make(StmtKind::Block, at(ctx->start));
  for (P::StmtContext *part : ctx->stmt())
    result->body.push_back(stmt(part));
  return result;
}

Stmt *TreeToAST::stmt(P::StmtContext *ctx) {
  if (P::VariableContext *inner = ctx->variable()) {
    Stmt *result = make(StmtKind::Decl, at(ctx->start));
    result->decl = variable(inner);
    return result;
  }
  Stmt *result;
  if (P::CompoundContext *inner = ctx->compound())
    result = compound(inner);
  else if (P::JumpContext *inner = ctx->jump())
    result = jump(inner);
  else if (P::LabelledContext *inner = ctx->labelled())
    result = labelled(ctx->chain(), inner);
  else
    result = assignment(ctx->chain(), ctx->assignOp(), ctx->expr());
  return comptimeStmt(ctx->COMPTIME(), result);
}

Stmt *TreeToAST::comptimeStmt(TerminalNode *keyword, Stmt *inner) {
  if (!keyword)
    return inner;
  Token *token = keyword->getSymbol();
  if (inner->kind == StmtKind::Return || inner->kind == StmtKind::Break ||
      inner->kind == StmtKind::Continue)
    error(at(token), "'comptime' cannot stand before a jump");
  Stmt *result = make(StmtKind::Comptime, at(token));
  result->body.push_back(inner);
  return result;
}

Stmt *TreeToAST::body(P::StmtContext *ctx, std::string_view of) {
  if (ctx->variable())
    error(at(ctx->start), "a declaration cannot be the body of '" +
                              std::string(of) + "'; hint: put it in '{ }'");
  return stmt(ctx);
}

Stmt *TreeToAST::labelled(P::ChainContext *name, P::LabelledContext *ctx) {
  Stmt *result;
  if (P::BlockContext *inner = ctx->block())
    result = block(inner);
  else if (P::WhileLoopContext *loop = ctx->whileLoop())
    result = whileStmt(loop);
  else
    result = forStmt(ctx->forLoop());
  if (name)
    result->label = label(name);
  return result;
}

Stmt *TreeToAST::compound(P::CompoundContext *ctx) {
  if (P::BlockContext *inner = ctx->block())
    return block(inner);
  if (P::IfStmtContext *inner = ctx->ifStmt())
    return ifStmt(inner);
  if (P::WhileLoopContext *inner = ctx->whileLoop())
    return whileStmt(inner);
  if (P::ForLoopContext *inner = ctx->forLoop())
    return forStmt(inner);
  if (P::SwitchExprContext *inner = ctx->switchExpr())
    return switchStmt(inner);
  return make(StmtKind::Empty, at(ctx->start));
}

static Operator assignedOperator(size_t tokenType) {
  switch (tokenType) {
  case L::ADD_TO:
    return Operator::Add;
  case L::SUB_TO:
    return Operator::Sub;
  case L::MUL_TO:
    return Operator::Mul;
  case L::DIV_TO:
    return Operator::Div;
  case L::REM_TO:
    return Operator::Rem;
  case L::SHL_TO:
    return Operator::Shl;
  case L::SHR_TO:
    return Operator::Shr;
  case L::AND_TO:
    return Operator::BitAnd;
  case L::OR_TO:
    return Operator::BitOr;
  case L::XOR_TO:
    return Operator::BitXor;
  default:
    return Operator::None;
  }
}

void TreeToAST::checkTarget(const Expr *target, Token *op) {
  switch (target->kind) {
  case ExprKind::Name:
  case ExprKind::Builtin:
  case ExprKind::Member:
  case ExprKind::Deref:
  case ExprKind::Index:
    return;
  default:
    error(target->loc, "the left side of '" + std::string(text(op)) +
                           "' is not a place in memory; hint: assign to a "
                           "variable, an element 'a[i]', a member 'a.b' or "
                           "a pointee 'p.*'");
  }
}

Stmt *TreeToAST::jump(P::JumpContext *ctx) {
  size_t keyword = ctx->start->getType();
  Stmt *result = make(keyword == L::RETURN  ? StmtKind::Return
                      : keyword == L::BREAK ? StmtKind::Break
                                            : StmtKind::Continue,
                      at(ctx->start));
  if (P::IdentContext *label = ctx->ident())
    result->label = name(label);
  if (P::ExprContext *value = ctx->expr())
    result->expr = expr(value);
  return result;
}

Stmt *TreeToAST::assignment(P::ChainContext *target, P::AssignOpContext *op,
                            P::ExprContext *value) {
  Loc loc = at(target->start);
  Stmt *result = make(op ? StmtKind::Assign : StmtKind::Expr, loc);
  if (!op) {
    result->expr = chain(target);
    return result;
  }
  result->op = assignedOperator(op->start->getType());
  result->target = chain(target);
  checkTarget(result->target, op->start);
  result->expr = expr(value);
  return result;
}

Stmt *TreeToAST::simple(P::SimpleContext *ctx) {
  if (P::JumpContext *inner = ctx->jump())
    return jump(inner);
  return assignment(ctx->chain(), ctx->assignOp(), ctx->expr());
}

Stmt *TreeToAST::ifStmt(P::IfStmtContext *ctx) {
  Stmt *result = make(StmtKind::If, at(ctx->start));
  result->expr = expr(ctx->expr());
  P::CompoundContext *inner = ctx->compound();
  Stmt *then = inner ? compound(inner) : simple(ctx->simple());
  result->body.push_back(comptimeStmt(ctx->COMPTIME(), then));
  if (P::StmtContext *other = ctx->stmt())
    result->body.push_back(body(other, "else"));
  return result;
}

Stmt *TreeToAST::whileStmt(P::WhileLoopContext *ctx) {
  Stmt *result = make(StmtKind::While, at(ctx->start));
  result->isInline = ctx->INLINE() != nullptr;
  result->expr = expr(ctx->expr());
  if (P::SimpleContext *step = ctx->simple()) {
    if (step->jump())
      error(at(step->start), "'" + std::string(text(step->start)) +
                                 "' cannot be the step of a loop; hint: put "
                                 "it at the end of the body");
    result->step = simple(step);
  }
  result->body.push_back(body(ctx->stmt(), "while"));
  return result;
}

Stmt *TreeToAST::forStmt(P::ForLoopContext *ctx) {
  Stmt *result = make(StmtKind::For, at(ctx->start));
  result->isInline = ctx->INLINE() != nullptr;
  result->expr = expr(ctx->expr());
  auto payload = [&](P::IdentContext *ident) {
    return ident && text(ident->start) != "_" ? name(ident) : Name(0);
  };
  result->payload = payload(ctx->ident(0));
  result->indexPayload = payload(ctx->ident(1));
  result->body.push_back(body(ctx->stmt(), "for"));
  return result;
}

Stmt *TreeToAST::switchStmt(P::SwitchExprContext *ctx) {
  Stmt *result = make(StmtKind::Switch, at(ctx->start));
  result->expr = switchExpr(ctx);
  return result;
}

void TreeToAST::armBody(P::ArmBodyContext *ctx, Arm &arm) {
  P::ChainContext *first = ctx->chain();
  if (P::LabelledContext *inner = ctx->labelled()) {
    if (first && inner->block())
      arm.value = chain(first, inner->block());
    else
      arm.body = labelled(first, inner);
  } else if (ctx->IF()) {
    armIf(ctx, arm);
  } else if (P::SwitchExprContext *choice = ctx->switchExpr()) {
    arm.value = switchExpr(choice);
  } else if (P::TensorAccessContext *access = ctx->tensorAccess()) {
    arm.value = tensorAccess(access);
  } else if (P::JumpContext *inner = ctx->jump()) {
    arm.body = comptimeStmt(ctx->COMPTIME(), jump(inner));
  } else if (P::AssignOpContext *op = ctx->assignOp()) {
    Stmt *inner = assignment(first, op, ctx->expr());
    arm.body = comptimeStmt(ctx->COMPTIME(), inner);
  } else {
    arm.value = chain(first);
    if (ctx->COMPTIME())
      arm.value = comptime(ctx->start, arm.value);
  }
}

/// A value when all branches are, otherwise a statement.
void TreeToAST::armIf(P::ArmBodyContext *ctx, Arm &arm) {
  Loc loc = at(ctx->start);
  Expr *condition = expr(ctx->expr());
  std::vector<Arm> branches;
  bool isValue = true;
  for (P::ArmBodyContext *part : ctx->armBody()) {
    armBody(part, branches.emplace_back());
    isValue &= branches.back().value != nullptr;
  }
  if (isValue) {
    arm.value = make(ExprKind::If, loc);
    arm.value->args.push_back(condition);
    for (const Arm &branch : branches)
      arm.value->args.push_back(branch.value);
    return;
  }
  arm.body = make(StmtKind::If, loc);
  arm.body->expr = condition;
  for (const Arm &branch : branches) {
    Stmt *part = branch.body;
    if (!part) {
      part = make(StmtKind::Expr, branch.value->loc);
      part->expr = branch.value;
    }
    arm.body->body.push_back(part);
  }
}
