//===- Plan.cpp - how each statement of a class runs ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Modes of asynchronous statements and the waits between tasks. See Plan.h.
//
//===----------------------------------------------------------------------===//

#include "Plan.h"

#include "PlanLoops.h"

using namespace mlir;
using namespace spada;

namespace {

class Planner {
public:
  Planner(ClassBody &body, Plan &plan) : body(body), plan(plan) {}

  /// `mainBusy`: other work needs the main thread meanwhile. `inMain`: not in
  /// the body of an asynchronous block.
  LogicalResult planBlock(Block &block, bool mainBusy, bool inLoop, bool inMain,
                          bool isTop);

private:
  bool isAwaitedAtOnce(Operation *op);
  FailureOr<Mode> modeOf(Operation *op, bool mainBusy);
  bool communicates(Operation *op);

  ClassBody &body;
  Plan &plan;
};

Value completionOf(Operation *op) {
  if (op->getNumResults() == 1 &&
      isa<CompletionType>(op->getResult(0).getType()))
    return op->getResult(0);
  return {};
}

/// A transfer over the fabric somewhere in `op`.
bool Planner::communicates(Operation *op) {
  return op
      ->walk([](Operation *inner) {
        return isa<SendOp, SendValueOp, ReceiveOp, ForeachOp>(inner)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// The next statements are awaits and one of them waits for `op`.
bool Planner::isAwaitedAtOnce(Operation *op) {
  for (Operation *next = op->getNextNode(); next; next = next->getNextNode()) {
    if (!isStatement(next))
      continue;
    if (isa<AwaitAllOp>(next))
      return true;
    auto await = dyn_cast<AwaitOp>(next);
    if (!await)
      return false;
    if (await.getCompletion() == completionOf(op))
      return true;
  }
  return isa<PhaseOp>(
      op->getParentOp()); // the end of the program awaits everything
}

FailureOr<Mode> Planner::modeOf(Operation *op, bool mainBusy) {
  if (isa<CloseOp>(op))
    return Mode::Inline;
  if (isa<MapOp>(op)) {
    if (communicates(op))
      return op->emitError(
          "a 'map' body cannot communicate; use 'for' or 'foreach'");
    plan.loops[op] = planMemoryLoop(op, body);
    return Mode::Inline;
  }
  bool blocking = isAwaitedAtOnce(op) && !mainBusy;
  if (isa<AsyncBlockOp>(op))
    return communicates(op) && !blocking ? Mode::AsyncTask : Mode::Inline;
  if (auto foreach = dyn_cast<ForeachOp>(op)) {
    LoopPlan loop = planForeach(foreach, body);
    plan.loops[op] = loop;
    if (foreach.getLo().empty())
      return Mode::DataTask;
    if (loop.form == LoopForm::Scalar)
      return blocking ? Mode::Sync : Mode::DataTask;
  }
  return blocking ? Mode::Sync : Mode::Async;
}

LogicalResult Planner::planBlock(Block &block, bool mainBusy, bool inLoop,
                                 bool inMain, bool isTop) {
  // Outstanding operations with the segment in which each was issued.
  llvm::MapVector<Operation *, unsigned> outstanding;
  unsigned segment = 0;
  auto needsMainThread = [&](Operation *op) {
    return plan.modes[op] == Mode::DataTask ||
           plan.modes[op] == Mode::AsyncTask;
  };
  auto makeGroup = [&](ArrayRef<Operation *> members) {
    WaitGroup group;
    group.inLoop = inLoop;
    group.inMain = inMain;
    for (Operation *op : members) {
      group.needsMain |= outstanding[op] != segment;
      group.operations.push_back(op);
      plan.groupOf[op] = plan.groups.size();
    }
    for (Operation *op : members)
      outstanding.erase(op);
    plan.groups.push_back(std::move(group));
    ++segment;
    return static_cast<unsigned>(plan.groups.size() - 1);
  };

  for (auto it = block.begin(), end = block.end(); it != end; ++it) {
    Operation *op = &*it;
    if (!isStatement(op))
      continue;
    if (isa<AwaitOp, AwaitAllOp>(op)) {
      SmallVector<Operation *> members;
      auto take = [&](Operation *await) {
        if (auto one = dyn_cast<AwaitOp>(await)) {
          Operation *awaited = one.getCompletion().getDefiningOp();
          if (outstanding.count(awaited) &&
              !llvm::is_contained(members, awaited))
            members.push_back(awaited);
        } else {
          for (auto &entry : outstanding)
            if (!llvm::is_contained(members, entry.first))
              members.push_back(entry.first);
        }
      };
      take(op);
      auto next = std::next(it);
      for (; next != end &&
             (!isStatement(&*next) || isa<AwaitOp, AwaitAllOp>(*next));
           ++next)
        if (isStatement(&*next)) {
          take(&*next);
          it = next;
        }
      if (!members.empty())
        plan.waitAt[op] = makeGroup(members);
      continue;
    }
    if (auto loop = dyn_cast<ForOp>(op)) {
      bool busy = mainBusy || llvm::any_of(outstanding, [&](auto &e) {
                    return needsMainThread(e.first);
                  });
      size_t before = plan.groups.size();
      if (!communicates(op)) {
        plan.loops[op] = planMemoryLoop(op, body);
        if (plan.loops[op].form == LoopForm::Vector)
          continue;
      }
      if (failed(planBlock(loop.getBody().front(), busy, true, inMain, false)))
        return failure();
      if (plan.groups.size() != before) {
        plan.splitLoops.insert(op);
        ++segment;
      }
      continue;
    }
    if (!completionOf(op))
      continue;
    bool busy = mainBusy || llvm::any_of(outstanding, [&](auto &e) {
                  return needsMainThread(e.first);
                });
    FailureOr<Mode> mode = modeOf(op, busy);
    if (failed(mode))
      return failure();
    plan.modes[op] = *mode;
    if (*mode == Mode::AsyncTask ||
        (*mode == Mode::Inline && isa<AsyncBlockOp>(op))) {
      size_t before = plan.groups.size();
      if (failed(planBlock(op->getRegion(0).front(),
                           busy || *mode == Mode::AsyncTask, inLoop,
                           inMain && *mode == Mode::Inline, false)))
        return failure();
      if (*mode == Mode::Inline && plan.groups.size() != before)
        return op->emitError("this 'async' body waits in its middle; await "
                             "each transfer where it is issued");
    }
    if ((isa<ForeachOp>(op) && plan.loops[op].form == LoopForm::Scalar) ||
        isa<MapOp>(op)) {
      // Bodies that run element by element: nested transfers block the task
      // they are in.
      size_t before = plan.groups.size();
      if (failed(
              planBlock(op->getRegion(0).front(), false, true, inMain, false)))
        return failure();
      if (plan.groups.size() != before)
        return op->emitError("transfers inside this body overlap; await each "
                             "of them where it is issued");
    }
    if (auto foreach = dyn_cast<ForeachOp>(op);
        foreach && foreach.getLo().empty()) {
      // The host decides when it ends, so nothing can wait for it.
      for (Operation *next = op->getNextNode(); next;
           next = next->getNextNode())
        if (isStatement(next) && !isa<AwaitOp, AwaitAllOp, ForeachOp>(next))
          return next->emitError("statement after a foreach without range "
                                 "never runs; move it into the body");
      continue;
    }
    if (*mode == Mode::Async || *mode == Mode::DataTask ||
        *mode == Mode::AsyncTask)
      outstanding[op] = segment;
  }
  if (!outstanding.empty()) {
    if (!isTop)
      return outstanding.begin()->first->emitError(
          "asynchronous statement is not awaited in its block");
    SmallVector<Operation *> members;
    for (auto &entry : outstanding)
      members.push_back(entry.first);
    plan.finalWait = makeGroup(members);
  }
  return success();
}

} // namespace

FailureOr<Plan> spada::planBody(ClassBody &body) {
  Plan plan;
  Planner planner(body, plan);
  if (failed(planner.planBlock(body.block(), false, false, true, true)))
    return failure();
  return plan;
}
