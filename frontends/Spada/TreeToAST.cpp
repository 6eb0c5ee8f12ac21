//===- TreeToAST.cpp - blocks and statements of the parse tree ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Everything of the AST but expressions, which ExprToAST.cpp makes.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/TreeToAST.h"

#include <charconv>

using namespace spada::frontend;
using namespace spada::frontend::ast;
using L = grammar::SpadaLexer;
using antlr4::Token;
using antlr4::tree::TerminalNode;

void TreeToAST::kernel(P::KernelContext *ctx) {
  Kernel &kernel = program.kernel;
  kernel.loc = at(ctx->start);
  kernel.hasAt = ctx->AT() != nullptr;
  // The name, when there is one, stands before the first '<'.
  size_t less = ctx->LT()->getSymbol()->getTokenIndex();
  for (P::IdentContext *name : ctx->ident()) {
    if (name->start->getTokenIndex() < less)
      kernel.name = ident(name);
    else
      kernel.params.push_back(ident(name));
  }
  for (P::ArgumentContext *arg : ctx->argument())
    kernel.arguments.push_back(argument(arg));
  kernel.blocks = blocks(ctx->blocks());
}

Argument TreeToAST::argument(P::ArgumentContext *ctx) {
  Argument result;
  result.type = type(ctx->type());
  auto once = [&](bool &flag, Token *token) {
    if (flag)
      error(at(token), "'" + std::string(text(token)) + "' is written twice");
    flag = true;
  };
  for (size_t i = 1; i + 1 < ctx->children.size(); ++i) {
    Token *token = static_cast<TerminalNode *>(ctx->children[i])->getSymbol();
    if (token->getType() == L::READONLY)
      once(result.readOnly, token);
    else if (token->getType() == L::WRITEONLY)
      once(result.writeOnly, token);
    else
      once(result.compileTime, token);
  }
  result.name = ident(ctx->ident());
  return result;
}

Scalar TreeToAST::scalar(Token *token) {
  static constexpr std::pair<std::string_view, Scalar> names[] = {
      {"f16", Scalar::F16},  {"f32", Scalar::F32}, {"f64", Scalar::F64},
      {"i8", Scalar::I8},    {"i16", Scalar::I16}, {"i32", Scalar::I32},
      {"u8", Scalar::U8},    {"u16", Scalar::U16}, {"u32", Scalar::U32},
      {"bool", Scalar::Bool}};
  std::string_view word = text(token);
  for (auto [name, kind] : names)
    if (word == name)
      return kind;
  error(at(token), "type '" + std::string(word) +
                       "' is not supported; hint: the widest integers are "
                       "'i32' and 'u32'");
  return Scalar::I32;
}

Type TreeToAST::streamType(P::StreamTypeContext *ctx) {
  Type result;
  result.isStream = true;
  result.loc = at(ctx->start);
  result.element = scalar(ctx->SCALAR()->getSymbol());
  if (P::BoundContext *bound = ctx->bound())
    result.bound = chain(bound);
  return result;
}

Type TreeToAST::type(P::TypeContext *ctx) {
  Type result;
  if (P::StreamTypeContext *stream = ctx->streamType()) {
    result = streamType(stream);
  } else {
    result.loc = at(ctx->start);
    result.element = scalar(ctx->start);
  }
  for (P::ExprContext *dim : ctx->expr())
    result.dims.push_back(expr(dim));
  return result;
}

std::vector<Block> TreeToAST::blocks(P::BlocksContext *ctx) {
  std::vector<Block> result;
  for (P::BlockContext *part : ctx->block())
    result.push_back(block(part));
  return result;
}

Block TreeToAST::block(P::BlockContext *ctx) {
  Block result;
  result.loc = at(ctx->start);
  if (P::TypedVarsContext *vars = ctx->typedVars()) {
    result.vars = typedVars(vars);
    result.ranges = ranges(ctx->ranges());
  }
  switch (ctx->start->getType()) {
  case L::PLACE:
    result.kind = BlockKind::Place;
    for (P::FieldContext *part : ctx->field())
      result.fields.push_back(field(part));
    break;
  case L::DATAFLOW:
    result.kind = BlockKind::Dataflow;
    for (P::StreamDeclContext *part : ctx->streamDecl())
      result.streams.push_back(streamDecl(part));
    break;
  case L::COMPUTE:
    result.kind = BlockKind::Compute;
    result.body = body(ctx->body());
    break;
  case L::PHASE:
    result.kind = BlockKind::Phase;
    result.blocks = blocks(ctx->blocks());
    break;
  default:
    result.kind = BlockKind::MetaFor;
    result.blocks = blocks(ctx->blocks());
    break;
  }
  return result;
}

Field TreeToAST::field(P::FieldContext *ctx) {
  Field result;
  result.loc = at(ctx->start);
  result.isExtern = ctx->EXTERN() != nullptr;
  result.type = type(ctx->type());
  result.name = ident(ctx->ident());
  return result;
}

StreamDecl TreeToAST::streamDecl(P::StreamDeclContext *ctx) {
  StreamDecl result;
  result.loc = at(ctx->start);
  result.type = streamType(ctx->streamType());
  result.name = ident(ctx->ident(0));
  result.isExtern = ctx->EXTERN_STREAM() != nullptr;
  if (result.isExtern)
    result.direction = ident(ctx->ident(1));
  for (P::OffsetContext *part : ctx->offset()) {
    P::RangeContext *multicast = part->range();
    result.isMulticast.push_back(multicast != nullptr);
    if (multicast) {
      result.offsets.push_back(range(multicast));
    } else {
      Range single;
      single.loc = at(part->start);
      single.lo = expr(part->expr());
      result.offsets.push_back(std::move(single));
    }
  }
  if (P::RoutingContext *items = ctx->routing())
    routing(items, result);
  return result;
}

void TreeToAST::routing(P::RoutingContext *ctx, StreamDecl &decl) {
  bool seen[3] = {};
  for (P::RoutingItemContext *item : ctx->routingItem()) {
    size_t kind = item->start->getType();
    bool &twice = seen[kind == L::HOPS ? 0 : kind == L::CHANNEL ? 1 : 2];
    if (twice)
      error(at(item->start),
            "'" + std::string(text(item->start)) + "' is given twice");
    twice = true;
    if (kind == L::HOPS) {
      hops(item, decl);
      continue;
    }
    Expr value = expr(item->expr());
    bool isAuto = value.kind == ExprKind::Ref && !value.hasArgs &&
                  !value.paren && value.text == "auto";
    if (!isAuto)
      (kind == L::CHANNEL ? decl.channel : decl.count) = std::move(value);
  }
}

void TreeToAST::hops(P::RoutingItemContext *ctx, StreamDecl &decl) {
  decl.hasHops = true;
  decl.hopsLoc = at(ctx->start);
  for (P::HopContext *hop : ctx->hop())
    decl.hops.push_back({at(hop->start), signedInt(hop->signedInt(0)),
                         signedInt(hop->signedInt(1))});
}

int64_t TreeToAST::signedInt(P::SignedIntContext *ctx) {
  std::string_view digits = text(ctx->stop);
  bool hex = ctx->stop->getType() == L::HEX;
  if (hex)
    digits.remove_prefix(2);
  int64_t value = 0;
  auto [end, code] = std::from_chars(
      digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (code != std::errc()) {
    error(at(ctx->stop), "number '" + std::string(digits) + "' is too large");
    return 0;
  }
  return text(ctx->start) == "-" ? -value : value;
}

std::vector<TypedVar> TreeToAST::typedVars(P::TypedVarsContext *ctx) {
  std::vector<TypedVar> result;
  for (P::TypedVarContext *part : ctx->typedVar())
    result.push_back(
        {scalar(part->start), at(part->start), ident(part->ident())});
  return result;
}

std::vector<Stmt> TreeToAST::body(P::BodyContext *ctx) {
  std::vector<Stmt> result;
  for (P::StmtContext *part : ctx->stmt())
    result.push_back(stmt(part));
  return result;
}

Stmt TreeToAST::stmt(P::StmtContext *ctx) {
  Stmt result;
  result.loc = result.prefixLoc = at(ctx->start);
  P::AsyncOpContext *op = ctx->asyncOp();
  P::MethodContext *call = ctx->method();
  if (op || call) {
    if (ctx->children[0] != op)
      result.prefix = ctx->COMPLETION() ? Prefix::Completion : Prefix::Await;
    if (P::IdentContext *name = ctx->ident(0))
      result.completion = ident(name);
    if (op)
      asyncOp(op, result);
    else
      method(call->ident(0), call->subscript(), call->ident(1), call->args(),
             result);
    return result;
  }
  P::IdentContext *name = ctx->ident(0);
  if (P::BodyContext *inner = ctx->body()) {
    result.kind = StmtKind::For;
    result.vars = typedVars(ctx->typedVars());
    result.ranges = ranges(ctx->ranges());
    result.body = body(inner);
  } else if (P::ExprContext *value = ctx->expr()) {
    P::SubscriptContext *sub = ctx->subscript();
    result.kind = StmtKind::Assign;
    result.target = reference(
        name, sub, (sub ? sub->stop : name->stop)->getStopIndex() + 1);
    result.target.kind = ExprKind::Ref;
    result.args.push_back(expr(value));
  } else if (ctx->DOT()) {
    method(name, ctx->subscript(), ctx->ident(1), ctx->args(), result);
  } else if (!name) {
    result.kind = StmtKind::AwaitAll;
  } else {
    result.kind = StmtKind::Await;
    result.completion = ident(name);
    if (result.completion.text == "all")
      result.kind = StmtKind::AwaitAll;
  }
  return result;
}

void TreeToAST::method(P::IdentContext *name, P::SubscriptContext *sub,
                       P::IdentContext *called, P::ArgsContext *list,
                       Stmt &stmt) {
  stmt.kind = StmtKind::Method;
  stmt.loc = at(name->start);
  stmt.target =
      reference(name, sub, (sub ? sub->stop : name->stop)->getStopIndex() + 1);
  stmt.target.kind = ExprKind::Ref;
  stmt.method = ident(called);
  stmt.args = args(list);
}

void TreeToAST::asyncOp(P::AsyncOpContext *ctx, Stmt &stmt) {
  stmt.loc = at(ctx->start);
  if (P::ArgsContext *list = ctx->args()) {
    bool isSend = ctx->start->getType() == L::SEND;
    stmt.kind = isSend ? StmtKind::Send : StmtKind::Receive;
    stmt.args = args(list);
    return;
  }
  stmt.body = body(ctx->body());
  if (ctx->ASYNC()) {
    stmt.kind = StmtKind::Async;
    return;
  }
  stmt.vars = typedVars(ctx->typedVars());
  if (P::RangesContext *parts = ctx->ranges()) {
    stmt.kind = StmtKind::Map;
    stmt.ranges = ranges(parts);
    return;
  }
  stmt.kind = StmtKind::Foreach;
  for (P::GeneratorContext *part : ctx->generator()) {
    Generator generator;
    generator.loc = at(part->start);
    generator.isReceive = part->args() != nullptr;
    if (generator.isReceive)
      generator.args = args(part->args());
    else
      generator.ranges = ranges(part->ranges());
    stmt.generators.push_back(std::move(generator));
  }
}
