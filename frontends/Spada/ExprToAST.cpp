//===- ExprToAST.cpp - expressions of the parse tree ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Nests the flat operator lists of the grammar by level. Chains of one level
// stay flat: how they associate is the importer's business.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/TreeToAST.h"

using namespace spada::frontend;
using namespace spada::frontend::ast;
using L = grammar::SpadaLexer;
using antlr4::Token;
using antlr4::tree::TerminalNode;

/// From loose to tight; `not` stands at level 3.
static constexpr int notLevel = 3;
static int levelOf(Opcode op) {
  switch (op) {
  case Opcode::Or:
    return 1;
  case Opcode::And:
    return 2;
  case Opcode::BitOr:
    return 5;
  case Opcode::BitXor:
    return 6;
  case Opcode::BitAnd:
    return 7;
  case Opcode::Shl:
  case Opcode::Shr:
    return 8;
  case Opcode::Add:
  case Opcode::Sub:
    return 9;
  case Opcode::Mul:
  case Opcode::Div:
  case Opcode::Rem:
    return 10;
  default:
    return 4;
  }
}

static Opcode binaryOf(size_t tokenType) {
  switch (tokenType) {
  case L::OR:
    return Opcode::Or;
  case L::AND:
    return Opcode::And;
  case L::LT:
    return Opcode::Lt;
  case L::GT:
    return Opcode::Gt;
  case L::EQ:
    return Opcode::Eq;
  case L::GE:
    return Opcode::Ge;
  case L::LE:
    return Opcode::Le;
  case L::NE:
    return Opcode::Ne;
  case L::PIPE:
    return Opcode::BitOr;
  case L::CARET:
    return Opcode::BitXor;
  case L::AMP:
    return Opcode::BitAnd;
  case L::SHL:
    return Opcode::Shl;
  case L::SHR:
    return Opcode::Shr;
  case L::PLUS:
    return Opcode::Add;
  case L::MINUS:
    return Opcode::Sub;
  case L::STAR:
    return Opcode::Mul;
  case L::SLASH:
    return Opcode::Div;
  default:
    return Opcode::Rem;
  }
}

static Opcode prefixOf(size_t tokenType) {
  switch (tokenType) {
  case L::MINUS:
    return Opcode::Minus;
  case L::TILDE:
    return Opcode::Invert;
  default:
    return Opcode::Not;
  }
}

Ident TreeToAST::ident(P::IdentContext *ctx) {
  Token *name = ctx->start;
  Ident result{text(name), at(name)};
  if (ctx->children.size() < 2)
    return result;
  std::string_view version = text(ctx->stop).substr(1);
  size_t zeros = version.find_first_not_of('0');
  if (zeros == std::string_view::npos)
    return result;
  if (zeros == 0 && name->getStopIndex() + 1 == ctx->stop->getStartIndex()) {
    result.text =
        source.substr(name->getStartIndex(),
                      ctx->stop->getStopIndex() - name->getStartIndex() + 1);
    return result;
  }
  program.interned.push_back(std::string(result.text) + "#" +
                             std::string(version.substr(zeros)));
  result.text = program.interned.back();
  return result;
}

std::vector<Range> TreeToAST::ranges(P::RangesContext *ctx) {
  std::vector<Range> result;
  for (P::RangeContext *part : ctx->range())
    result.push_back(range(part));
  return result;
}

Range TreeToAST::range(P::RangeContext *ctx) {
  Range result;
  result.loc = at(ctx->start);
  const auto &parts = ctx->children;
  result.lo = expr(static_cast<P::ExprContext *>(parts[0]));
  if (parts.size() > 2)
    result.hi = expr(static_cast<P::ExprContext *>(parts[2]));
  if (parts.size() > 4)
    result.step = expr(static_cast<P::ExprContext *>(parts[4]));
  return result;
}

Expr TreeToAST::expr(P::ExprContext *ctx) {
  const auto &parts = ctx->children;
  if (parts.size() == 1)
    return chain(static_cast<P::DisjContext *>(parts[0]));
  Expr result;
  result.kind = ExprKind::Select;
  for (size_t i = 0; i < parts.size(); i += 2)
    result.args.push_back(chain(static_cast<P::DisjContext *>(parts[i])));
  result.loc = result.args.front().loc;
  result.begin = result.args.front().begin;
  result.end = result.args.back().end;
  measure(result);
  return result;
}

/// Chains associate to the right, so each operator in them counts.
void TreeToAST::measure(Expr &e) {
  constexpr uint32_t most = 10000;
  e.depth = 0;
  size_t each = e.kind == ExprKind::Select ? 2 : 1;
  for (size_t i = 0; i < e.args.size(); ++i)
    e.depth = std::max(e.depth, uint32_t(i / each) + e.args[i].depth);
  e.depth += 1 + (e.kind == ExprKind::Prefix ? e.ops.size() : 0);
  if (e.depth <= most)
    return;
  error(e.loc, "expression has more than " + std::to_string(most) +
                   " operators in a row; hint: split it over several "
                   "assignments");
  e.depth = 0;
}

Expr TreeToAST::chain(antlr4::ParserRuleContext *ctx) {
  const auto &parts = ctx->children;
  if (parts.size() == 1) {
    Expr only = operand(static_cast<P::OperandContext *>(parts[0]));
    if (only.kind != ExprKind::Prefix || only.ops.size() < 2)
      return only;
  }
  std::vector<Expr> operands;
  std::vector<Operator> ops;
  operands.reserve(parts.size() / 2 + 1);
  ops.reserve(parts.size() / 2);
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i % 2 == 0) {
      operands.push_back(operand(static_cast<P::OperandContext *>(parts[i])));
      continue;
    }
    Token *token = static_cast<TerminalNode *>(parts[i])->getSymbol();
    ops.push_back({binaryOf(token->getType()), at(token)});
  }
  return nest(operands, ops, 0, operands.size() - 1);
}

static size_t leadingNots(const Expr &e) {
  if (e.kind != ExprKind::Prefix || e.paren)
    return 0;
  size_t count = 0;
  while (count < e.ops.size() && e.ops[count].op == Opcode::Not)
    ++count;
  return count;
}

/// Splits off the `not`s in front of an operand.
static std::vector<Operator> takeNots(Expr &e, size_t count) {
  std::vector<Operator> nots(e.ops.begin(), e.ops.begin() + count);
  e.ops.erase(e.ops.begin(), e.ops.begin() + count);
  if (e.ops.empty()) {
    Expr inner = std::move(e.args[0]);
    e = std::move(inner);
  }
  return nots;
}

Expr TreeToAST::nest(std::vector<Expr> &operands, std::vector<Operator> &ops,
                     size_t first, size_t last) {
  int level = 99;
  for (size_t i = first; i < last; ++i)
    level = std::min(level, levelOf(ops[i].op));
  if (level > notLevel) {
    for (size_t i = first + 1; i <= last; ++i)
      if (leadingNots(operands[i]))
        error(operands[i].loc,
              "'not' binds looser than the operator before it; hint: write "
              "parentheses around the 'not'");
    if (size_t nots = leadingNots(operands[first])) {
      Expr result;
      result.kind = ExprKind::Prefix;
      result.loc = operands[first].loc;
      result.begin = operands[first].begin;
      result.ops = takeNots(operands[first], nots);
      result.args.push_back(nest(operands, ops, first, last));
      result.end = result.args[0].end;
      measure(result);
      return result;
    }
  }
  if (first == last) {
    Expr &e = operands[first];
    if (e.kind == ExprKind::Prefix && !e.paren)
      for (const Operator &op : e.ops)
        if (op.op == Opcode::Not)
          error(op.loc, "'not' binds looser than the operator before it; hint: "
                        "write parentheses around the 'not'");
    return std::move(e);
  }
  Expr result;
  result.kind = ExprKind::Chain;
  for (size_t i = first, begin = first; i <= last; ++i)
    if (i == last || levelOf(ops[i].op) == level) {
      result.args.push_back(nest(operands, ops, begin, i));
      begin = i + 1;
      if (i != last)
        result.ops.push_back(ops[i]);
    }
  result.loc = result.args.front().loc;
  result.begin = result.args.front().begin;
  result.end = result.args.back().end;
  measure(result);
  return result;
}

Expr TreeToAST::operand(P::OperandContext *ctx) {
  const auto &parts = ctx->children;
  std::vector<Operator> prefixes;
  size_t i = 0;
  auto tokenAt = [&](size_t index) {
    return static_cast<TerminalNode *>(parts[index])->getSymbol();
  };
  Expr result;
  // An `ident` is the only rule that may stand first, and it never ends here.
  P::IdentContext *name = ctx->ident();
  for (; parts[i] != name; ++i) {
    size_t type = tokenAt(i)->getType();
    if (type != L::PLUS && type != L::MINUS && type != L::TILDE &&
        type != L::NOT)
      break;
    if (type != L::PLUS) // changes nothing, and is not kept
      prefixes.push_back({prefixOf(type), at(tokenAt(i))});
  }
  if (name) {
    if (P::ArgsContext *list = ctx->args()) {
      result.kind = ExprKind::Call;
      Ident callee = ident(name);
      result.text = callee.text;
      result.loc = callee.loc;
      result.begin = name->start->getStartIndex();
      result.end = ctx->stop->getStopIndex() + 1;
      result.args = args(list);
      measure(result);
    } else {
      result = reference(name, ctx->subscript(), ctx->stop->getStopIndex() + 1);
    }
  } else if (tokenAt(i)->getType() == L::LPAREN) {
    result = expr(ctx->expr());
    result.paren = true;
    result.loc = at(tokenAt(i));
    result.begin = tokenAt(i)->getStartIndex();
    result.end = ctx->stop->getStopIndex() + 1;
  } else {
    Token *token = tokenAt(i);
    result.kind =
        token->getType() == L::FLOAT ? ExprKind::Float : ExprKind::Int;
    result.text = text(token);
    result.loc = at(token);
    result.begin = token->getStartIndex();
    result.end = token->getStopIndex() + 1;
  }
  if (prefixes.empty())
    return result;
  Expr prefixed;
  prefixed.kind = ExprKind::Prefix;
  prefixed.loc = prefixes.front().loc;
  prefixed.begin = ctx->start->getStartIndex();
  prefixed.end = result.end;
  prefixed.ops = std::move(prefixes);
  prefixed.args.push_back(std::move(result));
  measure(prefixed);
  return prefixed;
}

Expr TreeToAST::reference(P::IdentContext *name, P::SubscriptContext *sub,
                          uint32_t end) {
  Expr result;
  Ident id = ident(name);
  result.kind = ExprKind::Ref;
  if (!sub && (id.text == "true" || id.text == "false"))
    result.kind = ExprKind::Bool;
  result.text = id.text;
  result.loc = id.loc;
  result.begin = name->start->getStartIndex();
  result.end = end;
  if (sub) {
    result.hasArgs = true;
    result.args = subscript(sub);
    measure(result);
  }
  return result;
}

std::vector<Expr> TreeToAST::subscript(P::SubscriptContext *ctx) {
  std::vector<Expr> result;
  for (P::RangeContext *part : ctx->range()) {
    if (part->children.size() > 1)
      error(at(part->start),
            "ranges in subscripts are not supported; hint: move part of a "
            "field with a loop, or place it as a field of its own");
    result.push_back(expr(static_cast<P::ExprContext *>(part->children[0])));
  }
  return result;
}

std::vector<Expr> TreeToAST::args(P::ArgsContext *ctx) {
  std::vector<Expr> result;
  for (P::ExprContext *part : ctx->expr())
    result.push_back(expr(part));
  return result;
}
