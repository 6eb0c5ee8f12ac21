//===- PrintStatements.cpp - compute bodies as SpaDA source ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One statement a line. Completions that are awaited at once become `await`.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Sptl/Printer.h"

using namespace mlir;
using namespace spada;
using namespace spada::sptl;
using llvm::StringRef;

static bool isLoop(Operation *op) { return isa<MapOp, ForOp, ForeachOp>(op); }

/// The await that directly follows a statement and is all that uses it.
static AwaitOp directAwait(Operation &op) {
  auto next = dyn_cast_or_null<AwaitOp>(op.getNextNode());
  if (op.getNumResults() == 1 && next && op.getResult(0).hasOneUse() &&
      next.getCompletion() == op.getResult(0) && !op.hasAttr("name"))
    return next;
  return {};
}

void Printer::body(Block &block) {
  outstanding.emplace_back();
  for (Operation &op : block) {
    if (failed)
      break;
    auto await = dyn_cast<AwaitOp>(op);
    if (await && op.getPrevNode() && directAwait(*op.getPrevNode()) == await)
      continue;
    Operation *outer = current;
    current = &op;
    statement(op);
    current = outer;
  }
  outstanding.pop_back();
}

void Printer::statement(Operation &op) {
  if (isa<SendOp, SendValueOp, ReceiveOp, ForeachOp, MapOp, AsyncBlockOp,
          CloseOp>(op))
    return async(op);
  if (auto await = dyn_cast<AwaitOp>(op))
    return this->await(await);
  if (isa<AwaitAllOp>(op)) {
    outstanding.back().clear();
    line() << "awaitall\n";
  } else if (auto write = dyn_cast<WriteOp>(op)) {
    this->write(write);
  } else if (auto assign = dyn_cast<AssignOp>(op)) {
    this->assign(assign);
  } else if (isa<WhileOp>(op)) {
    fail(&op, "a loop with a condition has no form in SpaDA source");
  } else if (auto loop = dyn_cast<ForOp>(op)) {
    line();
    this->loop("for", loop.getNames(), loop.getLo(), loop.getHi(),
               loop.getStep(), loop.getBody());
  }
}

//===----------------------------------------------------------------------===//
// Completions
//===----------------------------------------------------------------------===//

void Printer::prefix(Operation &op, StringAttr name) {
  line();
  if (directAwait(op)) {
    os << "await ";
    return;
  }
  Value completion = op.getResult(0);
  std::string wanted =
      name ? checkName(&op, name.getValue()).str() : std::string("done");
  bool clash = !name || wanted == "all" ||
               params.contains(StringRef(wanted).split('#').first);
  for (Value other : outstanding.back())
    clash |= names[other] == wanted;
  // A completion of an outer body keeps its name when this body awaits it.
  for (auto &body : llvm::ArrayRef(outstanding).drop_back())
    for (Value other : body)
      clash |= names[other] == wanted;
  names[completion] = clash ? fresh(wanted) : wanted;
  outstanding.back().push_back(completion);
  os << "completion " << names[completion] << " = ";
}

void Printer::await(AwaitOp op) {
  Value completion = op.getCompletion();
  auto it = names.find(completion);
  bool found = false;
  for (auto &body : outstanding) {
    found |= llvm::is_contained(body, completion);
    llvm::erase(body, completion);
  }
  for (Operation *outer = op->getParentOp();
       completion.getDefiningOp() &&
       outer != completion.getDefiningOp()->getParentOp();
       outer = outer->getParentOp())
    if (isLoop(outer))
      found = false;
  if (!found || it == names.end())
    return fail(op, "awaits a completion that is not outstanding here");
  line() << "await " << it->second << "\n";
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Printer::async(Operation &op) {
  prefix(op, op.getAttrOfType<StringAttr>("name"));
  if (auto send = dyn_cast<SendOp>(op)) {
    os << "send(" << checkName(send, send.getField()) << ", ";
    streamOperand(send.getStream());
    os << ")\n";
  } else if (auto send = dyn_cast<SendValueOp>(op)) {
    os << "send(";
    expr(send.getValue(), frontend::tyOf(send.getValue().getType()));
    os << ", ";
    streamOperand(send.getStream());
    os << ")\n";
  } else if (auto receive = dyn_cast<ReceiveOp>(op)) {
    os << "receive(";
    element(receive, receive.getField(), receive.getIndices());
    os << ", ";
    streamOperand(receive.getStream());
    os << ")\n";
  } else if (auto close = dyn_cast<CloseOp>(op)) {
    if (close.getStream().getDefiningOp<SelectOp>())
      return fail(close, "closes a stream that is chosen by a condition");
    streamOperand(close.getStream());
    os << ".close()\n";
  } else if (auto foreach = dyn_cast<ForeachOp>(op)) {
    this->foreach (foreach);
  } else if (auto map = dyn_cast<MapOp>(op)) {
    loop("map", map.getNames(), map.getLo(), map.getHi(), map.getStep(),
         map.getBody());
  } else if (auto block = dyn_cast<AsyncBlockOp>(op)) {
    os << "async {\n";
    ++depth;
    body(block.getBody().front());
    closeBrace();
  }
}

void Printer::loop(StringRef word, ArrayAttr names, ValueRange lo,
                   ValueRange hi, ValueRange step, Region &region) {
  os << word << " ";
  typedVars(names, region.front().getArguments());
  os << " in ";
  ranges(lo, hi, step);
  os << " {\n";
  ++depth;
  body(region.front());
  closeBrace();
}

void Printer::foreach (ForeachOp op) {
  Block &contents = op.getBody().front();
  os << "foreach ";
  typedVars(op.getNames(), contents.getArguments());
  os << " in ";
  if (!op.getLo().empty()) {
    ranges(op.getLo(), op.getHi(), op.getStep());
    os << ", ";
  }
  os << "receive(";
  streamOperand(op.getStream());
  os << ") {\n";
  ++depth;
  body(contents);
  closeBrace();
}

void Printer::write(WriteOp op) {
  line();
  element(op, op.getField(), op.getIndices());
  os << " = ";
  expr(op.getValue(), frontend::tyOf(op.getValue().getType()));
  os << "\n";
}

void Printer::assign(AssignOp op) {
  Block &contents = op.getBody().front();
  // Inside a map or foreach of this rank the name would mean one element.
  for (Operation *outer = op->getParentOp(); outer;
       outer = outer->getParentOp()) {
    auto map = dyn_cast<MapOp>(outer);
    auto foreach = dyn_cast<ForeachOp>(outer);
    size_t count = map       ? map.getLo().size()
                   : foreach ? foreach.getLo().size()
                             : 0;
    if (count && count == contents.getNumArguments())
      return fail(op, "assigns a whole array in a loop of the same rank");
  }
  auto yield = dyn_cast<YieldOp>(contents.back());
  if (!yield)
    return;
  line() << checkName(op, op.getField()) << " = ";
  assignment = op;
  current = yield;
  expr(yield.getValue(), frontend::tyOf(yield.getValue().getType()));
  assignment = {};
  os << "\n";
}

void Printer::streamOperand(Value value) {
  Operation *def = value.getDefiningOp();
  if (auto ref = dyn_cast_or_null<StreamRefOp>(def)) {
    os << checkName(ref, ref.getName());
  } else if (auto ref = dyn_cast_or_null<ArgumentRefOp>(def)) {
    os << checkName(ref, ref.getName());
    if (ref.getIndices().empty())
      return;
    os << "[";
    llvm::interleaveComma(ref.getIndices(), os, [&](Value index) {
      expr(index, frontend::tyOf(index.getType()));
    });
    os << "]";
  } else if (auto choice = dyn_cast_or_null<SelectOp>(def)) {
    streamOperand(choice.getWhenTrue());
    os << " if ";
    expr(choice.getCondition(), Ty::Bool, /*nested=*/true);
    os << " else ";
    streamOperand(choice.getWhenFalse());
  } else {
    fail(current, "has a stream operand that is no name");
  }
}
