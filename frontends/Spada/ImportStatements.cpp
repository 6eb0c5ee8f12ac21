//===- ImportStatements.cpp - statements of compute bodies ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Transfers, assignments and completions. Loops are in ImportLoops.cpp.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using ast::ExprKind;
using ast::StmtKind;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

void Importer::importBody(llvm::ArrayRef<ast::Stmt> stmts, Body &body) {
  for (const ast::Stmt &stmt : stmts)
    importStmt(stmt, body);
}

void Importer::importStmt(const ast::Stmt &stmt, Body &body) {
  switch (stmt.kind) {
  case StmtKind::Send:
    return importSend(stmt, body);
  case StmtKind::Receive:
    return importReceive(stmt, body);
  case StmtKind::Method:
    return importMethod(stmt, body);
  case StmtKind::Map:
    return importMap(stmt, body);
  case StmtKind::Foreach:
    return importForeach(stmt, body);
  case StmtKind::Async:
    return importAsync(stmt, body);
  case StmtKind::For:
    return importFor(stmt, body);
  case StmtKind::Await:
    return importAwait(stmt, body);
  case StmtKind::AwaitAll:
    return importAwaitAll(stmt, body);
  case StmtKind::Assign:
    return importAssign(stmt);
  }
}

//===----------------------------------------------------------------------===//
// Completions
//===----------------------------------------------------------------------===//

bool Importer::checkPrefix(const ast::Stmt &stmt) {
  if (stmt.prefix != ast::Prefix::None)
    return true;
  static constexpr llvm::StringLiteral words[] = {
      "send", "receive", "map", "foreach", "async", "close"};
  error(stmt.loc, "'" + Twine(words[unsigned(stmt.kind)]) +
                      "' has neither 'await' nor a completion; hint: write "
                      "'await' or 'completion c =' before it");
  return false;
}

StringAttr Importer::completionName(const ast::Stmt &stmt, Body &body) {
  checkPrefix(stmt);
  if (stmt.prefix != ast::Prefix::Completion)
    return {};
  checkName(stmt.completion, "completion");
  for (const Body::Completion &other : llvm::reverse(body.completions)) {
    if (other.name != stmt.completion.text)
      continue;
    if (!other.awaited)
      error(stmt.completion.loc, "completion '" +
                                     Twine(ref(stmt.completion.text)) +
                                     "' is still outstanding; hint: await it "
                                     "first, or use another name")
          .note(other.loc, "it was made here");
    break;
  }
  return string(stmt.completion.text);
}

void Importer::finishAsync(const ast::Stmt &stmt, Value completion,
                           Body &body) {
  if (stmt.prefix == ast::Prefix::Await) {
    if (completion)
      builder.create<AwaitOp>(loc(stmt.prefixLoc), completion);
    return;
  }
  if (stmt.prefix == ast::Prefix::Completion)
    body.completions.push_back(
        {stmt.completion.text, stmt.completion.loc, completion});
}

static bool isLoop(StmtKind kind) {
  return kind == StmtKind::Map || kind == StmtKind::Foreach ||
         kind == StmtKind::For;
}

void Importer::importAwait(const ast::Stmt &stmt, Body &body) {
  StringRef name = ref(stmt.completion.text);
  Body *where = &body;
  Body::Completion *found = nullptr;
  bool leavesLoop = false;
  for (; where && !found; where = where->parent) {
    for (Body::Completion &completion : llvm::reverse(where->completions))
      if (completion.name == stmt.completion.text) {
        found = &completion;
        break;
      }
    if (!found)
      leavesLoop |= where->parent && isLoop(where->kind);
  }
  if (!found) {
    error(stmt.completion.loc, "unknown completion '" + name +
                                   "'; hint: name it with 'completion " + name +
                                   " = ...'");
    return;
  }
  if (found->awaited) {
    error(stmt.completion.loc, "completion '" + name + "' is awaited twice")
        .note(found->loc, "it was made here");
    return;
  }
  if (leavesLoop) {
    error(stmt.completion.loc, "completion '" + name +
                                   "' is awaited in a loop that it was made "
                                   "outside of; hint: await it before or "
                                   "after the loop")
        .note(found->loc, "it was made here");
    return;
  }
  found->awaited = true;
  if (found->value)
    builder.create<AwaitOp>(loc(stmt.prefixLoc), found->value);
}

void Importer::importAwaitAll(const ast::Stmt &stmt, Body &body) {
  for (Body::Completion &completion : body.completions)
    completion.awaited = true;
  builder.create<AwaitAllOp>(loc(stmt.loc));
}

void Importer::checkAwaited(const Body &body) {
  if (!isLoop(body.kind))
    return;
  for (const Body::Completion &completion : body.completions)
    if (!completion.awaited)
      error(completion.loc, "completion '" + Twine(ref(completion.name)) +
                                "' is not awaited in its loop; hint: await it "
                                "before the body ends");
}

//===----------------------------------------------------------------------===//
// Transfers
//===----------------------------------------------------------------------===//

/// Checks that `target` is a field, or an element of one, that may be written.
bool Importer::checkTarget(const ast::Expr &target, const FieldInfo *&field) {
  field = nullptr;
  if (target.kind != ExprKind::Ref) {
    error(target.loc, "'" + Twine(textOf(target)) +
                          "' cannot be written; hint: name a field or one of "
                          "its elements");
    return false;
  }
  StringRef name = ref(target.text);
  const char *what = nullptr;
  if (findVariable(target.text))
    what = "variable";
  else if (params.count(name))
    what = "parameter";
  if (what) {
    error(target.loc,
          Twine(what) + " '" + name + "' is read-only; hint: write to a field");
    return false;
  }
  field = findField(target);
  if (field)
    return !target.hasArgs || annotate(target) != Ty::Error;
  if (arguments.count(name))
    error(target.loc,
          "argument '" + name + "' cannot be written; hint: send to it");
  else
    error(target.loc, "undefined field '" + name +
                          "'; hint: declare it in a place block of this phase "
                          "or of the kernel");
  return false;
}

static bool hasOperands(const ast::Stmt &stmt, Messages &messages) {
  if (stmt.args.size() == 2)
    return true;
  bool isSend = stmt.kind == StmtKind::Send;
  messages.error(
      stmt.loc,
      Twine("'") + (isSend ? "send" : "receive") + "' takes 2 operands, not " +
          Twine(stmt.args.size()) + "; hint: write '" +
          (isSend ? "send(value, stream)'" : "receive(field, stream)'"));
  return false;
}

void Importer::importSend(const ast::Stmt &stmt, Body &body) {
  StringAttr name = completionName(stmt, body);
  if (!hasOperands(stmt, messages))
    return finishAsync(stmt, {}, body);
  const ast::Expr &what = stmt.args[0];
  auto type = CompletionType::get(builder.getContext());
  Ty element;
  const FieldInfo *field = nullptr;
  if (what.kind == ExprKind::Ref && !what.hasArgs && !findVariable(what.text) &&
      !params.count(ref(what.text)))
    field = findField(what);
  Value completion;
  if (field && !field->decl->type.dims.empty()) {
    Value stream = streamOperand(stmt.args[1], true, element);
    Ty has = tyOf(field->decl->type.element);
    if (stream && has != element)
      error(what.loc, "field '" + Twine(ref(what.text)) + "' of '" +
                          nameOf(has) + "' is sent over a stream of '" +
                          nameOf(element) +
                          "'; hint: give both one element type")
          .note(field->decl->name.loc, "field declared here");
    if (stream)
      completion = builder.create<SendOp>(loc(stmt.loc), type,
                                          string(what.text), stream, name);
    return finishAsync(stmt, completion, body);
  }
  // The stream's type is known only after its operand, which is emitted first.
  Value stream = streamOperand(stmt.args[1], true, element);
  if (!stream)
    annotate(what);
  else if (Value sent = value(what, element))
    completion =
        builder.create<SendValueOp>(loc(stmt.loc), type, sent, stream, name);
  finishAsync(stmt, completion, body);
}

void Importer::importReceive(const ast::Stmt &stmt, Body &body) {
  StringAttr name = completionName(stmt, body);
  if (!hasOperands(stmt, messages))
    return finishAsync(stmt, {}, body);
  const ast::Expr &target = stmt.args[0];
  const FieldInfo *field;
  bool valid = checkTarget(target, field);
  llvm::SmallVector<Value> indices;
  valid = valid && emitIndices(target.args, indices);
  Ty element;
  Value stream = streamOperand(stmt.args[1], false, element);
  Value completion;
  if (valid && stream) {
    Ty has = tyOf(field->decl->type.element);
    if (has != element)
      error(target.loc, "field '" + Twine(ref(target.text)) + "' of '" +
                            nameOf(has) + "' receives from a stream of '" +
                            nameOf(element) +
                            "'; hint: give both one element type")
          .note(field->decl->name.loc, "field declared here");
    completion = builder.create<ReceiveOp>(
        loc(stmt.loc), CompletionType::get(builder.getContext()),
        string(target.text), indices, stream, name);
  }
  finishAsync(stmt, completion, body);
}

void Importer::importMethod(const ast::Stmt &stmt, Body &body) {
  if (stmt.method.text != "close" || !stmt.args.empty()) {
    error(stmt.method.loc, "unknown operation '" +
                               Twine(ref(stmt.method.text)) +
                               "' of a stream; hint: 'close()' is the only "
                               "one");
    return finishAsync(stmt, {}, body);
  }
  StringAttr name = completionName(stmt, body);
  Ty element;
  bool isSend = false;
  auto argument = arguments.find(ref(stmt.target.text));
  if (argument != arguments.end())
    isSend = argument->second.decl->writeOnly;
  if (const StreamInfo *info = findStream(stmt.target))
    isSend = info->decl->isExtern && info->decl->direction.text == "out";
  Value stream = streamOperand(stmt.target, isSend, element);
  Value completion;
  if (stream)
    completion = builder.create<CloseOp>(
        loc(stmt.loc), CompletionType::get(builder.getContext()), stream, name);
  finishAsync(stmt, completion, body);
}

void Importer::importAsync(const ast::Stmt &stmt, Body &body) {
  StringAttr name = completionName(stmt, body);
  auto op = builder.create<AsyncBlockOp>(
      loc(stmt.loc), CompletionType::get(builder.getContext()), name);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&op.getBody());
    Body inner;
    inner.parent = &body;
    inner.kind = StmtKind::Async;
    importBody(stmt.body, inner);
  }
  finishAsync(stmt, op.getCompletion(), body);
}

//===----------------------------------------------------------------------===//
// Assignment
//===----------------------------------------------------------------------===//

void Importer::importAssign(const ast::Stmt &stmt) {
  const ast::Expr &target = stmt.target;
  const FieldInfo *field;
  if (!checkTarget(target, field)) {
    // Names in the value are still checked, unless they need the target.
    if (!field && !iteration(1))
      return;
    annotate(stmt.args[0]);
    return;
  }
  size_t rank = field->decl->type.dims.size();
  llvm::SmallVector<Value> indices;
  if (!target.hasArgs && rank) {
    const llvm::SmallVector<Value> *point = iteration(rank);
    if (!point)
      return importWholeAssign(stmt, *field);
    indices = *point;
  } else if (!emitIndices(target.args, indices)) {
    return;
  }
  Value stored = value(stmt.args[0], tyOf(field->decl->type.element));
  if (stored && !llvm::is_contained(indices, Value()))
    builder.create<WriteOp>(loc(target.loc), string(target.text), indices,
                            stored);
}

void Importer::importWholeAssign(const ast::Stmt &stmt,
                                 const FieldInfo &field) {
  auto op = builder.create<AssignOp>(loc(stmt.loc), string(stmt.target.text));
  OpBuilder::InsertionGuard guard(builder);
  mlir::Block *body = builder.createBlock(&op.getBody());
  llvm::SmallVector<Value> point;
  for (size_t i = 0; i < field.decl->type.dims.size(); ++i)
    point.push_back(body->addArgument(builder.getI32Type(), loc(stmt.loc)));
  iterations.push_back(std::move(point));
  Value element = value(stmt.args[0], tyOf(field.decl->type.element));
  if (element)
    builder.create<YieldOp>(loc(stmt.args[0].loc), element);
  iterations.pop_back();
}
