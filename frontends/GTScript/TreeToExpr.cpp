//===- TreeToExpr.cpp - operators of the parse tree -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Nests the flat operator lists of the grammar by Python's precedence. What is
// not GTScript becomes Unsupported with its spelling.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/TreeToAST.h"

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using L = grammar::GTScriptLexer;
using antlr4::tree::TerminalNode;

std::string_view ast::spelling(Op op) {
  static constexpr std::string_view names[] = {
      "",  "+",  "-",  "*",  "/",   "%",  "@",   "**",     "<",  "<=",
      ">", ">=", "==", "!=", "and", "or", "not", "-",      "+",  "//",
      "&", "|",  "^",  "<<", ">>",  "~",  "is",  "is not", "in", "not in"};
  return names[size_t(op)];
}

bool TreeToAST::endsWithComma(const antlr4::ParserRuleContext *ctx) {
  return leaf(ctx->children.back()) == L::COMMA;
}

Expr TreeToAST::make(ExprKind kind, Range range, std::vector<Expr> args) {
  Expr result;
  result.kind = kind;
  result.range = range;
  for (const Expr &arg : args)
    result.depth = std::max(result.depth, arg.depth + 1);
  if (result.depth > maxDepth)
    fail(range,
         "expression is nested deeper than " + std::to_string(maxDepth) +
             " levels",
         "give a part of it a name");
  result.args = std::move(args);
  return result;
}

Expr TreeToAST::unsupported(std::string_view what, Range range,
                            std::vector<Expr> args) {
  Expr result = make(ExprKind::Unsupported, range, std::move(args));
  result.text = what;
  return result;
}

Expr TreeToAST::operation(ExprKind kind, Op op, Range opRange, Range range,
                          std::vector<Expr> args) {
  bool isKnown = op <= lastOfGTScript;
  Expr result =
      make(isKnown ? kind : ExprKind::Unsupported, range, std::move(args));
  result.op = op;
  result.opRange = opRange;
  if (!isKnown)
    result.text = spelling(op);
  return result;
}

Expr TreeToAST::items(P::ItemsContext *ctx) {
  std::vector<Expr> all;
  for (P::ItemContext *one : ctx->item())
    all.push_back(item(one));
  if (all.size() == 1 && !endsWithComma(ctx))
    return std::move(all[0]);
  return make(ExprKind::Tuple, at(ctx), std::move(all));
}

Expr TreeToAST::item(P::ItemContext *ctx) {
  if (ctx->namedExpr())
    return named(ctx->namedExpr());
  return unsupported("*", at(ctx), list(expr(ctx->expr())));
}

Expr TreeToAST::named(P::NamedExprContext *ctx) {
  Expr first = expr(ctx->expr(0));
  if (!ctx->WALRUS())
    return first;
  return unsupported(":=", at(ctx), list(first, expr(ctx->expr(1))));
}

Expr TreeToAST::rhs(P::RhsContext *ctx) {
  return ctx->items() ? items(ctx->items()) : unsupported("yield", at(ctx));
}

Expr TreeToAST::expr(P::ExprContext *ctx) {
  std::vector<P::DisjContext *> parts = ctx->disj();
  // value if condition else value if condition else value: from the right.
  Expr result = disj(parts.back());
  for (size_t i = parts.size() - 1; i >= 2 && error.message.empty(); i -= 2) {
    Expr value = disj(parts[i - 2]), condition = disj(parts[i - 1]);
    Range range = join(value.range, result.range),
          opRange = at(ctx->IF((i - 2) / 2)->getSymbol());
    result = make(ExprKind::Ternary, range, list(value, condition, result));
    result.opRange = opRange;
  }
  return result;
}

Expr TreeToAST::disj(P::DisjContext *ctx) {
  if (ctx->lambda())
    return unsupported("lambda", at(ctx));
  if (ctx->conj().size() == 1)
    return conj(ctx->conj(0));
  std::vector<Expr> args;
  for (P::ConjContext *one : ctx->conj())
    args.push_back(conj(one));
  return operation(ExprKind::BoolOp, Op::Or, at(ctx->OR(0)->getSymbol()),
                   at(ctx), std::move(args));
}

Expr TreeToAST::conj(P::ConjContext *ctx) {
  if (ctx->inversion().size() == 1)
    return inversion(ctx->inversion(0));
  std::vector<Expr> args;
  for (P::InversionContext *one : ctx->inversion())
    args.push_back(inversion(one));
  return operation(ExprKind::BoolOp, Op::And, at(ctx->AND(0)->getSymbol()),
                   at(ctx), std::move(args));
}

Expr TreeToAST::inversion(P::InversionContext *ctx) {
  Expr result = comparison(ctx->comparison());
  std::vector<TerminalNode *> nots = ctx->NOT();
  for (size_t i = nots.size(); i > 0 && error.message.empty(); --i) {
    Range opRange = at(nots[i - 1]->getSymbol());
    Range range = join(opRange, result.range);
    result = operation(ExprKind::Unary, Op::Not, opRange, range, list(result));
  }
  return result;
}

static Op compareOf(TreeToAST::P::CompareOpContext *ctx) {
  if (ctx->IN())
    return ctx->NOT() ? Op::NotIn : Op::In;
  switch (ctx->start->getType()) {
  case L::LT:
    return Op::Lt;
  case L::LE:
    return Op::Le;
  case L::GT:
    return Op::Gt;
  case L::GE:
    return Op::Ge;
  case L::EQ:
    return Op::Eq;
  case L::NE:
    return Op::Ne;
  default:
    return ctx->NOT() ? Op::IsNot : Op::Is;
  }
}

Expr TreeToAST::comparison(P::ComparisonContext *ctx) {
  std::vector<Expr> args;
  for (P::ArithContext *one : ctx->arith())
    args.push_back(arith(one));
  if (args.size() == 1)
    return std::move(args[0]);
  if (args.size() > 2)
    return unsupported("comparison chain", at(ctx), std::move(args));
  P::CompareOpContext *op = ctx->compareOp(0);
  return operation(ExprKind::Compare, compareOf(op), at(op), at(ctx),
                   std::move(args));
}

namespace {
struct BinaryOp {
  Op op;
  int level;
};
} // namespace

static BinaryOp binaryOf(size_t type) {
  switch (type) {
  case L::PIPE:
    return {Op::BitOr, 1};
  case L::CARET:
    return {Op::BitXor, 2};
  case L::AMP:
    return {Op::BitAnd, 3};
  case L::SHL:
    return {Op::Shl, 4};
  case L::SHR:
    return {Op::Shr, 4};
  case L::PLUS:
    return {Op::Add, 5};
  case L::MINUS:
    return {Op::Sub, 5};
  case L::STAR:
    return {Op::Mul, 6};
  case L::SLASH:
    return {Op::Div, 6};
  case L::FLOOR:
    return {Op::FloorDiv, 6};
  case L::PERCENT:
    return {Op::Mod, 6};
  default:
    return {Op::MatMul, 6};
  }
}

/// Operands wait until an operator that binds less tightly comes.
Expr TreeToAST::arith(P::ArithContext *ctx) {
  std::vector<P::FactorContext *> factors = ctx->factor();
  std::vector<Expr> operands;
  std::vector<std::pair<BinaryOp, Range>> pending;
  auto reduce = [&](int level) {
    while (!pending.empty() && pending.back().first.level >= level) {
      auto [binary, opRange] = pending.back();
      pending.pop_back();
      std::vector<Expr> args =
          list(operands[operands.size() - 2], operands.back());
      operands.resize(operands.size() - 2);
      Range range = join(args[0].range, args[1].range);
      operands.push_back(operation(ExprKind::Binary, binary.op, opRange, range,
                                   std::move(args)));
    }
  };
  operands.push_back(factor(factors[0]));
  for (size_t i = 1; i < factors.size() && error.message.empty(); ++i) {
    const antlr4::Token *token = ctx->binaryOp(i - 1)->start;
    BinaryOp binary = binaryOf(token->getType());
    reduce(binary.level);
    pending.push_back({binary, at(token)});
    operands.push_back(factor(factors[i]));
  }
  reduce(0);
  return std::move(operands[0]);
}

static Op prefixOf(size_t type) {
  return type == L::MINUS ? Op::Neg : type == L::PLUS ? Op::Pos : Op::Invert;
}

/// `-a ** -b` is `-(a ** (-b))`.
Expr TreeToAST::factor(P::FactorContext *ctx) {
  Expr result = primary(ctx->primary());
  if (ctx->POW()) {
    std::vector<Expr> args = list(result, factor(ctx->factor()));
    Range range = join(args[0].range, args[1].range);
    result = operation(ExprKind::Binary, Op::Pow, at(ctx->POW()->getSymbol()),
                       range, std::move(args));
  }
  size_t prefixes = 0;
  while (leaf(ctx->children[prefixes]))
    ++prefixes;
  for (size_t i = prefixes; i > 0 && error.message.empty(); --i) {
    const antlr4::Token *token = symbol(ctx->children[i - 1]);
    Range range = join(at(token), result.range);
    result = operation(ExprKind::Unary, prefixOf(token->getType()), at(token),
                       range, list(result));
  }
  return result;
}

Expr TreeToAST::targets(P::TargetsContext *ctx) {
  std::vector<Expr> all;
  for (P::TargetContext *one : ctx->target()) {
    Expr target = arith(one->arith());
    all.push_back(one->STAR() ? unsupported("*", at(one), list(target))
                              : std::move(target));
  }
  if (all.size() == 1 && !endsWithComma(ctx))
    return std::move(all[0]);
  return make(ExprKind::Tuple, at(ctx), std::move(all));
}
