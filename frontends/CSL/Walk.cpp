//===- Walk.cpp - facts about a statement's text --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Walk.h"

using namespace spada::cslfront;

namespace {
struct Walker {
  StmtFacts facts;

  void expr(const Expr *e) {
    if (!e)
      return;
    if (e->kind == ExprKind::Unary && e->op == Operator::AddressOf) {
      const Expr *root = e->args[0];
      while (root->kind == ExprKind::Member || root->kind == ExprKind::Index)
        root = root->callee;
      if (root->kind == ExprKind::Name)
        facts.addressTaken.insert(root->name);
    }
    expr(e->callee);
    // Long chains of operators lean to the left.
    while (e->kind == ExprKind::Binary) {
      expr(e->args[1]);
      e = e->args[0];
      if (e->kind != ExprKind::Binary)
        return expr(e);
    }
    for (const Expr *arg : e->args)
      expr(arg);
    for (const Field &field : e->fields)
      expr(field.value);
    for (const Arm &arm : e->arms) {
      for (const Expr *value : arm.values)
        expr(value);
      expr(arm.value);
      stmt(arm.body);
    }
    for (const Stmt *inner : e->body)
      stmt(inner);
  }

  void stmt(const Stmt *s) {
    if (!s)
      return;
    if (s->kind == StmtKind::Assign && s->target->kind == ExprKind::Name)
      facts.assigned.insert(s->target->name);
    facts.returns |= s->kind == StmtKind::Return;
    facts.breaks |= s->kind == StmtKind::Break;
    facts.continues |= s->kind == StmtKind::Continue;
    if ((s->kind == StmtKind::Break || s->kind == StmtKind::Continue) &&
        s->label)
      facts.labels.insert(s->label);
    expr(s->expr);
    expr(s->target);
    stmt(s->step);
    if (s->decl)
      expr(s->decl->value);
    for (const Stmt *inner : s->body)
      stmt(inner);
  }
};
} // namespace

StmtFacts spada::cslfront::factsOf(const Stmt &stmt) {
  Walker walker;
  walker.stmt(&stmt);
  return std::move(walker.facts);
}

bool spada::cslfront::endsInReturn(const Stmt &stmt) {
  switch (stmt.kind) {
  case StmtKind::Return:
    return true;
  case StmtKind::Block:
    return !stmt.label && !stmt.body.empty() && endsInReturn(*stmt.body.back());
  case StmtKind::If:
    return stmt.body.size() > 1 && endsInReturn(*stmt.body[0]) &&
           endsInReturn(*stmt.body[1]);
  case StmtKind::While:
    return stmt.expr->kind == ExprKind::Bool && stmt.expr->intValue != 0 &&
           !factsOf(*stmt.body[0]).breaks;
  case StmtKind::Switch: // an enum's members may all have an arm
    for (const Arm &arm : stmt.expr->arms)
      if (!arm.body || !endsInReturn(*arm.body))
        return false;
    return true;
  default:
    return false;
  }
}

bool spada::cslfront::returnsEarly(const Stmt &body) {
  for (size_t i = 0; i < body.body.size(); ++i) {
    const Stmt &stmt = *body.body[i];
    if (stmt.kind == StmtKind::Return && i + 1 == body.body.size())
      continue;
    if (factsOf(stmt).returns)
      return true;
  }
  return false;
}
