//===- EmitTasks.cpp - statements, waits and tasks ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A wait for n transfers is a chain of local tasks: the first is activated by
// one and unblocked by another, each further one is activated by its
// predecessor and unblocked by the next transfer. What follows the wait is the
// last one's body.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

LogicalResult ProgramEmitter::emitFrom(Block::iterator it, Block::iterator end,
                                       const Continuation &then) {
  for (; it != end; ++it) {
    Operation *op = &*it;
    if (!isStatement(op))
      continue;
    auto rest = [this, next = std::next(it), end, then] {
      return emitFrom(next, end, then);
    };
    if (isa<AwaitOp, AwaitAllOp>(op)) {
      if (auto wait = plan.waitAt.find(op); wait != plan.waitAt.end())
        return waitFor(wait->second, rest, op->getLoc());
      continue;
    }
    if (plan.splitLoops.contains(op))
      return emitSplitFor(cast<ForOp>(op), 0, rest);
    if (failed(emitStatement(op)))
      return failure();
  }
  return then();
}

LogicalResult ProgramEmitter::emitBody(Block &block) {
  return emitFrom(block.begin(), block.end(), [] { return success(); });
}

LogicalResult ProgramEmitter::emitStatement(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<WriteOp>([&](WriteOp write) -> LogicalResult {
        sharedValues.emplace();
        Value value = scalar(write.getValue());
        if (value)
          storeField(write.getField(), write.getIndices(), value,
                     write.getValue().getType(), op->getLoc());
        sharedValues.reset();
        return success(bool(value));
      })
      .Case<ForOp, MapOp>([&](Operation *loop) -> LogicalResult {
        auto it = plan.loops.find(loop);
        if (it != plan.loops.end() && it->second.form == LoopForm::Vector)
          return emitMemoryLoop(loop);
        return emitLoopNest(
            loopDims(loop),
            [&] { return emitBody(loop->getRegion(0).front()); }, op->getLoc());
      })
      .Case<WhileOp>([&](WhileOp loop) { return emitWhile(loop); })
      .Case<AsyncBlockOp>([&](AsyncBlockOp block) -> LogicalResult {
        if (plan.modes.find(op)->second == Mode::AsyncTask)
          return emitAsyncTask(block);
        return emitBody(block.getBody().front());
      })
      .Case<SendOp>([&](SendOp send) { return emitSend(send); })
      .Case<SendValueOp>([&](SendValueOp send) { return emitSendValue(send); })
      .Case<ReceiveOp>([&](ReceiveOp receive) { return emitReceive(receive); })
      .Case<ForeachOp>([&](ForeachOp foreach) { return emitForeach(foreach); })
      .Case<CloseOp>([](CloseOp) {
        return success();
      }) // every stream has a color of its own in its phase
      .Default([](Operation *other) {
        return other->emitError("statement has no CSL form");
      });
}

/// The expressions of the condition in the loop's first part, the statements
/// behind it in its second.
LogicalResult ProgramEmitter::emitWhile(WhileOp op) {
  Block &body = op.getBody().front();
  auto condition = *body.getOps<ConditionOp>().begin();
  auto loop = b.create<scf::WhileOp>(op.getLoc(), TypeRange(), ValueRange());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&loop.getBefore());
  sharedValues.emplace();
  Value holds = scalar(condition.getCondition());
  sharedValues.reset();
  if (!holds)
    return failure();
  b.create<scf::ConditionOp>(op.getLoc(), holds, ValueRange());
  b.createBlock(&loop.getAfter());
  if (failed(emitFrom(std::next(condition->getIterator()), body.end(),
                      [] { return success(); })))
    return failure();
  b.create<scf::YieldOp>(op.getLoc());
  return success();
}

/// When there are more waits than task ids, waits of the main program share
/// tasks.
void ProgramEmitter::chooseTaskSharing() {
  size_t wanted = 0;
  for (const WaitGroup &group : plan.groups)
    wanted += group.tasks();
  for (auto [op, mode] : plan.modes)
    wanted += mode == Mode::AsyncTask;
  if (wanted > in.taskIds.size())
    stepVariable =
        declareVariable("step", MemRefType::get({}, decl.getI16Type()),
                        in.kernel.getLoc())
            .str();
}

/// A shared task that no wait has taken for transfers under way. Those that
/// wait for one signal and those that wait for two are kept apart.
FailureOr<csl::TaskOp> ProgramEmitter::takeTask(bool blocked, Location loc) {
  for (SharedTask &shared : sharedTasks)
    if (shared.task.getBlocked() == blocked && !shared.isTaken) {
      shared.isTaken = true;
      return shared.task;
    }
  auto task = makeTask("next_step", blocked, loc);
  if (succeeded(task))
    sharedTasks.push_back({*task, true, {}});
  return task;
}

LogicalResult ProgramEmitter::prepareGroup(unsigned index, Location loc) {
  GroupTasks &tasks = groupTasks[index];
  const WaitGroup &group = plan.groups[index];
  bool shared = !stepVariable.empty() && group.inMain;
  if (tasks.chain.empty()) {
    if (shared)
      tasks.step = steps++;
    for (size_t t = 0; t < group.tasks(); ++t) {
      auto task = shared ? takeTask(group.slots() > 1, loc)
                         : makeTask("after_wait", group.slots() > 1, loc);
      if (failed(task))
        return failure();
      tasks.chain.push_back(*task);
    }
    tasks.nextSlot = group.needsMain ? 1 : 0;
  }
  return success();
}

/// Gives the asynchronous operation its place in its group's chain.
LogicalResult ProgramEmitter::prepareSignal(Operation *op) {
  unsigned group = plan.groupOf.find(op)->second;
  if (failed(prepareGroup(group, op->getLoc())))
    return failure();
  GroupTasks &tasks = groupTasks[group];
  unsigned slot = tasks.nextSlot++;
  Signal signal;
  signal.task = tasks.chain[slot == 0 ? 0 : slot - 1];
  signal.byUnblock = slot != 0;
  signals[op] = signal;
  return success();
}

/// Triggers what waits for `op`, from the task that finishes it.
void ProgramEmitter::raise(Operation *op) {
  const Signal &signal = signals.find(op)->second;
  csl::TaskOp task = signal.task;
  if (signal.byUnblock)
    b.create<csl::UnblockOp>(op->getLoc(), task.getSymName());
  else
    b.create<csl::ActivateOp>(op->getLoc(), task.getSymName());
}

LogicalResult ProgramEmitter::waitFor(unsigned index, const Continuation &then,
                                      Location loc) {
  if (failed(prepareGroup(index, loc)))
    return failure();
  GroupTasks &tasks = groupTasks[index];
  const WaitGroup &group = plan.groups[index];
  // No task begins before this one ends.
  if (tasks.step >= 0)
    b.create<memref::StoreOp>(loc, constant(b.getI16Type(), tasks.step, loc),
                              address(stepVariable, loc));
  if (group.needsMain)
    b.create<csl::ActivateOp>(loc, tasks.chain[0].getSymName());
  auto sharedOf = [&](csl::TaskOp task) -> SharedTask & {
    return *llvm::find_if(
        sharedTasks, [&](SharedTask &shared) { return shared.task == task; });
  };
  for (auto [t, task] : llvm::enumerate(tasks.chain)) {
    bool isLast = t + 1 == tasks.chain.size();
    if (tasks.step >= 0) {
      sharedOf(task).isTaken = false;
      if (!isLast) {
        sharedOf(task).targets.push_back({tasks.step, tasks.chain[t + 1]});
        continue;
      }
      auto function = tail.create<csl::FuncOp>(
          loc, freshName("step_" + std::to_string(tasks.step)), TypeAttr());
      function.getBody().emplaceBlock();
      sharedOf(task).targets.push_back({tasks.step, function});
      setBody(function);
      continue;
    }
    setBody(task);
    if (group.inLoop && task.getBlocked())
      b.create<csl::BlockOp>(loc, task.getSymName());
    if (!isLast)
      b.create<csl::ActivateOp>(loc, tasks.chain[t + 1].getSymName());
  }
  SmallVector<Continuation> deferred = std::move(tasks.deferred);
  for (const Continuation &work : deferred)
    if (failed(work()))
      return failure();
  return then();
}

/// Goes to the target of the current step by halving.
void ProgramEmitter::emitDispatch(
    ArrayRef<std::pair<int64_t, Operation *>> targets, Value step,
    Location loc) {
  if (targets.size() == 1) {
    Operation *target = targets.front().second;
    if (auto task = dyn_cast<csl::TaskOp>(target))
      b.create<csl::ActivateOp>(loc, task.getSymName());
    else
      b.create<csl::CallOp>(
          loc, TypeRange(),
          FlatSymbolRefAttr::get(cast<csl::FuncOp>(target).getSymNameAttr()),
          ValueRange());
    return;
  }
  size_t half = targets.size() / 2;
  Value below = b.create<arith::CmpIOp>(
      loc, arith::CmpIPredicate::slt, step,
      constant(b.getI16Type(), targets[half].first, loc));
  auto branch = b.create<scf::IfOp>(loc, below, /*withElseRegion=*/true);
  b.setInsertionPointToStart(&branch.getThenRegion().front());
  emitDispatch(targets.take_front(half), step, loc);
  b.setInsertionPointToStart(&branch.getElseRegion().front());
  emitDispatch(targets.drop_front(half), step, loc);
}

void ProgramEmitter::finishSharedTasks() {
  for (SharedTask &shared : sharedTasks) {
    Location loc = shared.task.getLoc();
    setBody(shared.task);
    if (shared.task.getBlocked())
      b.create<csl::BlockOp>(loc, shared.task.getSymName());
    Value step = b.create<memref::LoadOp>(loc, address(stepVariable, loc));
    llvm::sort(shared.targets, llvm::less_first());
    emitDispatch(shared.targets, step, loc);
  }
}

/// A loop with a wait in its body: the variable lives in memory, and the loop's
/// head is a function that the end of the body calls again.
LogicalResult ProgramEmitter::emitSplitFor(ForOp loop, unsigned dim,
                                           const Continuation &then) {
  Location loc = loop.getLoc();
  SmallVector<LoopDim> dims = loopDims(loop);
  if (dim == dims.size())
    return emitFrom(loop.getBody().front().begin(),
                    loop.getBody().front().end(), then);
  const LoopDim range = dims[dim];
  Type i16 = b.getI16Type();
  StringRef name = cast<StringAttr>(loop.getNames()[dim]).getValue();
  std::string variable =
      declareVariable(name.take_until([](char c) { return c == '#'; }),
                      MemRefType::get({}, i16), loc)
          .str();
  loopVariables[range.variable] = variable;
  auto makeFunction = [&](StringRef suffix) {
    auto function = tail.create<csl::FuncOp>(
        loc, freshName(variable + ("_" + suffix).str()), TypeAttr());
    function.getBody().emplaceBlock();
    return function;
  };
  csl::FuncOp head = makeFunction("head"), inner = makeFunction("body"),
              after = makeFunction("after");
  auto call = [this, loc](csl::FuncOp function) {
    b.create<csl::CallOp>(loc, TypeRange(),
                          FlatSymbolRefAttr::get(function.getSymNameAttr()),
                          ValueRange());
  };
  b.create<memref::StoreOp>(loc, constant(i16, range.lo, loc),
                            address(variable, loc));
  call(head);

  setBody(head);
  Value now = b.create<memref::LoadOp>(loc, address(variable, loc));
  Value more = b.create<arith::CmpIOp>(
      loc,
      range.step > 0 ? arith::CmpIPredicate::slt : arith::CmpIPredicate::sgt,
      now, constant(i16, range.hi, loc));
  auto branch = b.create<scf::IfOp>(loc, more, /*withElseRegion=*/true);
  b.setInsertionPointToStart(&branch.getThenRegion().front());
  call(inner);
  b.setInsertionPointToStart(&branch.getElseRegion().front());
  call(after);

  setBody(inner);
  if (failed(emitSplitFor(
          loop, dim + 1,
          [this, loc, range, variable, head, i16]() mutable -> LogicalResult {
            Value old = b.create<memref::LoadOp>(loc, address(variable, loc));
            Value next = b.create<arith::AddIOp>(
                loc, old, constant(i16, range.step, loc));
            b.create<memref::StoreOp>(loc, next, address(variable, loc));
            b.create<csl::CallOp>(loc, TypeRange(),
                                  FlatSymbolRefAttr::get(head.getSymNameAttr()),
                                  ValueRange());
            return success();
          })))
    return failure();
  setBody(after);
  return then();
}

LogicalResult ProgramEmitter::emitAsyncTask(AsyncBlockOp op) {
  if (failed(prepareSignal(op)))
    return failure();
  auto task = makeTask("async", false, op.getLoc());
  if (failed(task))
    return failure();
  b.create<csl::ActivateOp>(op.getLoc(), task->getSymName());
  OpBuilder::InsertionGuard guard(b);
  setBody(*task);
  Block &block = op.getBody().front();
  return emitFrom(block.begin(), block.end(), [this, op]() -> LogicalResult {
    raise(op);
    return success();
  });
}
