//===- TreeToStmt.cpp - statements of the parse tree ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Simple statements whole, compound ones up to their colon.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/TreeToAST.h"

using namespace spada::gtscript;
using namespace spada::gtscript::ast;
using L = grammar::GTScriptLexer;
using antlr4::tree::TerminalNode;

void TreeToAST::simple(P::SimpleContext *ctx, std::vector<Stmt> &out) {
  for (P::SmallContext *one : ctx->small())
    small(one, out);
}

void TreeToAST::small(P::SmallContext *ctx, std::vector<Stmt> &out) {
  Stmt &stmt = out.emplace_back();
  stmt.range = at(ctx);
  stmt.text = textOf(ctx->start);
  if (ctx->exprStmt()) {
    exprStmt(ctx->exprStmt(), stmt);
  } else if (ctx->importStmt()) {
    importStmt(ctx->importStmt(), stmt);
  } else if (ctx->fromStmt()) {
    fromStmt(ctx->fromStmt(), stmt);
  } else if (ctx->RETURN()) {
    stmt.kind = StmtKind::Return;
    if (ctx->items())
      stmt.value = items(ctx->items());
  } else if (ctx->PASS()) {
    stmt.kind = StmtKind::Pass;
  } else if (P::AssertStmtContext *check = ctx->assertStmt()) {
    stmt.kind = StmtKind::Assert;
    stmt.value = expr(check->expr(0));
    if (check->COMMA())
      stmt.message = expr(check->expr(1));
  }
}

static Op augmentedOf(size_t type) {
  switch (type) {
  case L::ADD_ASSIGN:
    return Op::Add;
  case L::SUB_ASSIGN:
    return Op::Sub;
  case L::MUL_ASSIGN:
    return Op::Mul;
  case L::DIV_ASSIGN:
    return Op::Div;
  case L::MOD_ASSIGN:
    return Op::Mod;
  case L::POW_ASSIGN:
    return Op::Pow;
  case L::MATMUL_ASSIGN:
    return Op::MatMul;
  case L::FLOOR_ASSIGN:
    return Op::FloorDiv;
  case L::AND_ASSIGN:
    return Op::BitAnd;
  case L::OR_ASSIGN:
    return Op::BitOr;
  case L::XOR_ASSIGN:
    return Op::BitXor;
  case L::SHL_ASSIGN:
    return Op::Shl;
  default:
    return Op::Shr;
  }
}

void TreeToAST::exprStmt(P::ExprStmtContext *ctx, Stmt &stmt) {
  std::vector<P::RhsContext *> parts = ctx->rhs();
  Expr first = rhs(parts[0]);
  if (ctx->COLON()) {
    stmt.kind = StmtKind::AnnAssign;
    stmt.annotation = expr(ctx->expr());
  } else if (ctx->augmented()) {
    stmt.kind = StmtKind::AugAssign;
    stmt.op = augmentedOf(ctx->augmented()->start->getType());
  } else if (parts.size() == 1) {
    stmt.kind = StmtKind::Expr;
    stmt.value = std::move(first);
    return;
  } else {
    stmt.kind = StmtKind::Assign;
  }
  stmt.targets.push_back(std::move(first));
  for (size_t i = 1; i + 1 < parts.size(); ++i)
    stmt.targets.push_back(rhs(parts[i]));
  if (parts.size() > 1)
    stmt.value = rhs(parts.back());
}

//===----------------------------------------------------------------------===//
// Imports
//===----------------------------------------------------------------------===//

/// Blanks around the dots are dropped.
std::string_view TreeToAST::dotted(P::DottedContext *ctx) {
  std::vector<TerminalNode *> names = ctx->NAME();
  size_t begin = ctx->start->getStartIndex(),
         end = ctx->stop->getStopIndex() + 1, size = names.size() - 1;
  for (TerminalNode *name : names)
    size += textOf(name->getSymbol()).size();
  if (size == end - begin)
    return text.substr(begin, size);
  std::string joined;
  for (TerminalNode *name : names)
    joined.append(joined.empty() ? "" : ".").append(textOf(name->getSymbol()));
  return module.interned.emplace_back(std::move(joined));
}

void TreeToAST::importStmt(P::ImportStmtContext *ctx, Stmt &stmt) {
  stmt.kind = StmtKind::Import;
  for (P::ModuleAsContext *one : ctx->moduleAs()) {
    Import &import = stmt.imports.emplace_back();
    import.moduleRange = at(one->dotted());
    import.module = dotted(one->dotted());
    if (one->AS())
      import.asName = textOf(one->NAME()->getSymbol());
  }
}

void TreeToAST::fromStmt(P::FromStmtContext *ctx, Stmt &stmt) {
  stmt.kind = StmtKind::Import;
  Import &import = stmt.imports.emplace_back();
  import.isFrom = true;
  if (ctx->dots()) {
    import.moduleRange = at(ctx->dots());
    for (Tree *dot : ctx->dots()->children)
      import.level += leaf(dot) == L::ELLIPSIS ? 3 : 1;
  }
  if (ctx->dotted()) {
    import.moduleRange = ctx->dots()
                             ? join(import.moduleRange, at(ctx->dotted()))
                             : at(ctx->dotted());
    import.module = dotted(ctx->dotted());
  } else if (!ctx->dots()) {
    fail(at(ctx->start), "expected a module after 'from'");
  }
  if (ctx->STAR())
    import.names.push_back({at(ctx->STAR()->getSymbol()), "*", "*", false});
  for (P::NameAsContext *one : ctx->nameAs()) {
    std::string_view name = textOf(one->NAME(0)->getSymbol());
    std::string_view asName =
        one->AS() ? textOf(one->NAME(1)->getSymbol()) : name;
    import.names.push_back({at(one), name, asName, one->AS() != nullptr});
  }
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

Stmt TreeToAST::condition(P::ConditionContext *ctx) {
  Stmt stmt;
  stmt.kind = ctx->WHILE() ? StmtKind::While : StmtKind::If;
  stmt.value = named(ctx->namedExpr());
  return stmt;
}

Stmt TreeToAST::forHeader(P::ForHeaderContext *ctx) {
  Stmt stmt;
  stmt.kind = StmtKind::For;
  stmt.isAsync = ctx->ASYNC();
  stmt.targets.push_back(targets(ctx->targets()));
  stmt.value = items(ctx->items());
  return stmt;
}

Stmt TreeToAST::withHeader(P::WithHeaderContext *ctx) {
  Stmt stmt;
  stmt.kind = StmtKind::With;
  stmt.isAsync = ctx->ASYNC();
  for (P::WithItemContext *one : ctx->withItem()) {
    Expr context = named(one->namedExpr());
    Expr target;
    if (one->target()) {
      target = arith(one->target()->arith());
      if (one->target()->STAR())
        target = unsupported("*", at(one->target()), list(target));
    }
    stmt.items.push_back({std::move(context), std::move(target)});
  }
  return stmt;
}

void TreeToAST::functionHeader(P::FunctionHeaderContext *ctx,
                               Function &function) {
  function.isAsync = ctx->ASYNC();
  if (ctx->expr())
    function.returns = expr(ctx->expr());
  if (!ctx->params())
    return;
  ParamKind next = ParamKind::Normal;
  for (P::ParamContext *one : ctx->params()->param())
    param(one, next, function);
}

/// `next` is the kind of plain names from here on.
void TreeToAST::param(P::ParamContext *ctx, ParamKind &next,
                      Function &function) {
  if (ctx->SLASH()) {
    for (Param &before : function.params)
      if (before.kind == ParamKind::Normal)
        before.kind = ParamKind::PositionalOnly;
    return;
  }
  if (ctx->STAR())
    next = ParamKind::KeywordOnly;
  if (!ctx->NAME())
    return;
  Param result;
  result.kind = ctx->STAR()  ? ParamKind::VarArgs
                : ctx->POW() ? ParamKind::VarKeywords
                             : next;
  result.range = at(ctx->NAME()->getSymbol());
  result.name = textOf(ctx->NAME()->getSymbol());
  bool hasAnnotation = ctx->COLON();
  if (hasAnnotation)
    result.annotation = ctx->item() ? item(ctx->item()) : expr(ctx->expr(0));
  if (ctx->ASSIGN())
    result.value = expr(ctx->expr(hasAnnotation ? 1 : 0));
  for (const Param &other : function.params)
    if (other.name == result.name)
      fail(result.range, "parameter '" + std::string(result.name) +
                             "' stands twice in '" +
                             std::string(function.name) + "'");
  function.params.push_back(std::move(result));
}

void TreeToAST::classHeader(P::ClassHeaderContext *ctx, Class &result) {
  if (ctx->args())
    for (P::ArgContext *one : ctx->args()->arg())
      result.bases.push_back(arg(one));
}
