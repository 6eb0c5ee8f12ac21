//===- TreeToExpr.cpp - operators and suffixes of the parse tree ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Nests the flat operator lists of the grammar by level, without recursion, so
// that their length is not limited by the stack.
//
//===----------------------------------------------------------------------===//

#include "frontends/CSL/TreeToAST.h"

using namespace spada::cslfront;
using L = grammar::CSLLexer;
using antlr4::Token;
using antlr4::tree::ParseTree;
using antlr4::tree::TerminalNode;

static constexpr int comparisonLevel = 3;

/// From loose to tight.
static int levelOf(Operator op) {
  switch (op) {
  case Operator::Or:
    return 1;
  case Operator::And:
    return 2;
  case Operator::BitAnd:
  case Operator::BitXor:
  case Operator::BitOr:
    return 4;
  case Operator::Shl:
  case Operator::Shr:
    return 5;
  case Operator::Add:
  case Operator::Sub:
    return 6;
  case Operator::Mul:
  case Operator::Div:
  case Operator::Rem:
    return 7;
  default:
    return comparisonLevel;
  }
}

static Operator binaryOf(size_t tokenType) {
  static constexpr std::pair<size_t, Operator> table[] = {
      {L::OR, Operator::Or},      {L::AND, Operator::And},
      {L::EQ, Operator::Eq},      {L::NE, Operator::Ne},
      {L::LT, Operator::Lt},      {L::GT, Operator::Gt},
      {L::LE, Operator::Le},      {L::GE, Operator::Ge},
      {L::AMP, Operator::BitAnd}, {L::CARET, Operator::BitXor},
      {L::PIPE, Operator::BitOr}, {L::SHL, Operator::Shl},
      {L::SHR, Operator::Shr},    {L::PLUS, Operator::Add},
      {L::MINUS, Operator::Sub},  {L::STAR, Operator::Mul},
      {L::SLASH, Operator::Div},  {L::PERCENT, Operator::Rem}};
  for (auto [type, op] : table)
    if (type == tokenType)
      return op;
  return Operator::None;
}

static Operator prefixOf(size_t tokenType) {
  switch (tokenType) {
  case L::MINUS:
    return Operator::Negate;
  case L::BANG:
    return Operator::Not;
  case L::TILDE:
    return Operator::Invert;
  default:
    return Operator::AddressOf;
  }
}

std::string_view spada::cslfront::operatorText(Operator op) {
  static constexpr std::string_view texts[] = {
      "or", "and", "==", "!=", "<", ">", "<=", ">=", "&", "^", "|", "<<",
      ">>", "+",   "-",  "*",  "/", "%", "-",  "!",  "~", "&", ""};
  return texts[size_t(op)];
}

Name NameTable::intern(std::string_view text) {
  if (text.empty())
    return 0;
  auto found = numbers.find(text);
  if (found != numbers.end())
    return found->second;
  Name number = Name(texts.size());
  numbers.emplace(texts.emplace_back(text), number);
  return number;
}

bool TreeToAST::tooMany(size_t count, const char *what, Token *where) {
  constexpr size_t most = 256;
  if (count <= most)
    return false;
  error(at(where), std::to_string(count) + " " + what + " in a row; at most " +
                       std::to_string(most) +
                       " are allowed; hint: name a part of the expression");
  return true;
}

std::vector<Expr *> TreeToAST::exprList(P::ExprListContext *ctx) {
  std::vector<Expr *> result;
  if (ctx)
    for (P::ExprContext *part : ctx->expr())
      result.push_back(expr(part));
  return result;
}

Expr *TreeToAST::expr(P::ExprContext *ctx) {
  if (P::ChainContext *inner = ctx->chain())
    return chain(inner, ctx->block());
  if (P::IfExprContext *inner = ctx->ifExpr())
    return ifExpr(inner);
  if (P::SwitchExprContext *inner = ctx->switchExpr())
    return switchExpr(inner);
  if (P::TensorAccessContext *inner = ctx->tensorAccess())
    return tensorAccess(inner);
  if (P::ExprContext *inner = ctx->expr())
    return comptime(ctx->start, expr(inner));
  return make(ExprKind::VoidValue, at(ctx->start));
}

Expr *TreeToAST::comptime(Token *keyword, Expr *inner) {
  Expr *result = make(ExprKind::Comptime, at(keyword));
  result->args.push_back(inner);
  return result;
}

Expr *TreeToAST::ifExpr(P::IfExprContext *ctx) {
  Expr *result = make(ExprKind::If, at(ctx->start));
  for (P::ExprContext *part : ctx->expr())
    result->args.push_back(expr(part));
  return result;
}

Name TreeToAST::label(P::ChainContext *ctx) {
  Expr *only = chain(ctx);
  if (only->kind != ExprKind::Name || ctx->start != ctx->stop) {
    error(at(ctx->start), "the label before ':' is not a name");
    return 0;
  }
  return only->name;
}

/// A block whose label was read as an operand.
Expr *TreeToAST::labelledBlock(ParseTree *label, P::BlockContext *ctx) {
  auto *operand = static_cast<antlr4::ParserRuleContext *>(label);
  Expr *result = make(ExprKind::Block, at(operand->start));
  Stmt *inner = block(ctx);
  Expr *name = chainOperand(label);
  if (name->kind == ExprKind::Name && operand->start == operand->stop)
    inner->label = name->name;
  else
    error(at(operand->start), "the label before ':' is not a name");
  result->body.push_back(inner);
  return result;
}

Expr *TreeToAST::switchExpr(P::SwitchExprContext *ctx) {
  Expr *result = make(ExprKind::Switch, at(ctx->start));
  result->args.push_back(expr(ctx->expr()));
  bool hasElse = false;
  for (P::ArmContext *part : ctx->arm()) {
    Arm arm;
    arm.loc = at(part->start);
    for (P::ExprContext *value : part->expr())
      arm.values.push_back(expr(value));
    if (arm.values.empty() && hasElse)
      error(arm.loc, "'switch' has two 'else' arms");
    hasElse |= arm.values.empty();
    armBody(part->armBody(), arm);
    result->arms.push_back(std::move(arm));
  }
  return result;
}

Expr *TreeToAST::tensorAccess(P::TensorAccessContext *ctx) {
  Expr *result = make(ExprKind::TensorAccess, at(ctx->start));
  std::vector<P::IdentContext *> variables = ctx->ident();
  std::vector<Expr *> extents = exprList(ctx->exprList());
  if (variables.size() != extents.size())
    error(result->loc, "the access has a different number of induction "
                       "variables, " +
                           std::to_string(variables.size()) +
                           ", and of extents, " +
                           std::to_string(extents.size()) +
                           "; hint: write '|i, j|{n, m} -> a[i, j]'");
  for (size_t i = 0; i < std::min(variables.size(), extents.size()); ++i)
    result->fields.push_back(
        {name(variables[i]), at(variables[i]->start), extents[i]});
  Expr *access = typeExpr(ctx->typeExpr());
  if (access->kind == ExprKind::Index) {
    result->callee = access->callee;
    result->args = access->args;
    return result;
  }
  error(access->loc, "expected an array element such as 'a[i]' after '->'");
  result->callee = access;
  return result;
}

Expr *TreeToAST::chainOperand(ParseTree *part) {
  if (auto *inner = dynamic_cast<P::OperandContext *>(part))
    return operand(inner);
  if (auto *inner = dynamic_cast<P::IfExprContext *>(part))
    return ifExpr(inner);
  return switchExpr(static_cast<P::SwitchExprContext *>(part));
}

/// Binary operators. With a `block` the last operand is its label.
Expr *TreeToAST::chain(P::ChainContext *ctx, P::BlockContext *block) {
  const std::vector<ParseTree *> &parts = ctx->children;
  auto operandAt = [&](size_t i) {
    return block && i + 1 == parts.size() ? labelledBlock(parts[i], block)
                                          : chainOperand(parts[i]);
  };
  if (parts.size() == 1)
    return operandAt(0);
  std::vector<Expr *> operands;
  std::vector<std::pair<Operator, Token *>> pending;
  auto reduce = [&] {
    auto [op, token] = pending.back();
    Expr *e = make(ExprKind::Binary, at(token));
    e->op = op;
    e->args = {operands.end()[-2], operands.back()};
    operands.resize(operands.size() - 2);
    operands.push_back(e);
    pending.pop_back();
  };
  operands.push_back(operandAt(0));
  for (size_t i = 1; i + 1 < parts.size(); i += 2) {
    Token *token = static_cast<TerminalNode *>(parts[i])->getSymbol();
    Operator op = binaryOf(token->getType());
    int level = levelOf(op);
    while (!pending.empty() && levelOf(pending.back().first) >= level) {
      if (level == comparisonLevel &&
          levelOf(pending.back().first) == comparisonLevel)
        error(at(token), "'" + std::string(text(token)) +
                             "' follows another comparison; hint: combine "
                             "comparisons with 'and' or use parentheses");
      reduce();
    }
    pending.push_back({op, token});
    operands.push_back(operandAt(i + 1));
  }
  while (!pending.empty())
    reduce();
  return operands.front();
}

template <typename Context>
Expr *TreeToAST::suffixes(Expr *base, Context *ctx) {
  std::vector<P::SuffixContext *> parts = ctx->suffix();
  if (!parts.empty() &&
      tooMany(parts.size(), "calls, subscripts and members", ctx->start))
    return base;
  for (P::SuffixContext *part : parts)
    base = suffix(base, part);
  return base;
}
template Expr *TreeToAST::suffixes(Expr *, P::TypeExprContext *);

Expr *TreeToAST::suffix(Expr *base, P::SuffixContext *ctx) {
  if (P::FieldNameContext *field = ctx->fieldName()) {
    Expr *result = make(ExprKind::Member, at(field->start));
    result->callee = base;
    result->name = name(field);
    return result;
  }
  ExprKind kind = ctx->DOT_STAR() ? ExprKind::Deref
                  : ctx->LPAREN() ? ExprKind::Call
                                  : ExprKind::Index;
  Expr *result = make(kind, base->loc);
  result->callee = base;
  result->args = exprList(ctx->exprList());
  return result;
}

Expr *TreeToAST::operand(P::OperandContext *ctx) {
  Expr *result = typeExpr(ctx->typeExpr());
  if (P::InitListContext *list = ctx->initList())
    result = suffixes(initList(list, result, result->loc), ctx);
  size_t prefixes = 0;
  while (dynamic_cast<TerminalNode *>(ctx->children[prefixes]))
    ++prefixes;
  if (tooMany(prefixes, "prefix operators", ctx->start))
    return result;
  for (size_t i = prefixes; i > 0; --i) {
    auto *node = static_cast<TerminalNode *>(ctx->children[i - 1]);
    Expr *outer = make(ExprKind::Unary, at(node->getSymbol()));
    outer->op = prefixOf(node->getSymbol()->getType());
    outer->args.push_back(result);
    result = outer;
  }
  return result;
}
