//===- Execute.cpp - activities take turns --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The scheduler, loops and streams. What each statement does is in
// Statements.cpp.
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include <algorithm>

using namespace mlir;
using namespace spada;
using namespace spada::interp;

//===----------------------------------------------------------------------===//
// Turns
//===----------------------------------------------------------------------===//

void World::run() { Executor(*this).run(); }

void Executor::run() {
  for (std::unique_ptr<PE> &pe : world.pes)
    if (pe)
      startBody(*pe);
  while (!world.ready.empty() && isRunning()) {
    Activity *activity = world.ready.front();
    world.ready.pop_front();
    runActivity(*activity);
    if (activity->isFinished)
      retire(*activity);
  }
}

/// Starts the compute body that comes next on `pe`, if any: bodies run one
/// after the other, each with all its statements complete.
void Executor::startBody(PE &pe) {
  pe.fieldsByName.clear();
  pe.endsByName.clear();
  pe.completions.clear();
  pe.activities.clear();
  if (pe.position == pe.programs.size())
    return;
  Program &program = *pe.programs[pe.position];
  auto activity = std::make_unique<Activity>();
  activity->pe = &pe;
  activity->values.resize(program.count);
  Block &body = program.compute.getBody().front();
  Cursor cursor(program.compute);
  cursor.isInBody = true;
  activity->cursors.push_back(cursor);
  int64_t coordinates[2] = {pe.x, pe.y};
  for (auto [variable, coordinate] :
       llvm::zip(body.getArguments(), coordinates))
    setValue(*activity, variable,
             wrapTo(Format::of(variable.getType()), coordinate));
  world.ready.push_back(activity.get());
  pe.activities.push_back(std::move(activity));
}

void Executor::runActivity(Activity &activity) {
  while (!activity.isFinished && !activity.isBlocked && isRunning())
    step(activity);
}

void Executor::step(Activity &activity) {
  if (activity.receive)
    return stepReceive(activity);
  if (!activity.cursors.back().isInBody && !enterBody(activity))
    return;
  size_t depth = activity.cursors.size() - 1;
  Cursor &cursor = activity.cursors[depth];
  if (cursor.next == cursor.block->end())
    return leaveBody(activity);
  Operation &op = *cursor.next;
  ++world.result.counts.operations;
  // A statement that waits is executed again; it may have pushed a cursor.
  if (execute(activity, op))
    ++activity.cursors[depth].next;
}

void Executor::stepReceive(Activity &activity) {
  while (activity.position < activity.count) {
    Scalar element;
    if (take(activity, *activity.stream, activity.receive, element) !=
        Take::Taken)
      return;
    activity.field->data[activity.first + activity.position++] = element;
  }
  finish(activity);
}

/// Ends an activity and tells those who wait for it.
void Executor::finish(Activity &activity) {
  activity.isFinished = true;
  if (activity.stream) {
    auto &receivers = activity.stream->receivers();
    receivers.erase(std::remove(receivers.begin(), receivers.end(), &activity),
                    receivers.end());
    if (!receivers.empty() && receivers.front()->waitsForElement)
      wake(receivers.front());
  }
  if (activity.completion)
    complete(*activity.completion);
}

/// Frees a finished activity; after a compute body the next one starts.
void Executor::retire(Activity &activity) {
  PE &pe = *activity.pe;
  if (!activity.completion) {
    ++pe.position;
    return startBody(pe);
  }
  auto it = std::find_if(pe.activities.begin(), pe.activities.end(),
                         [&](const std::unique_ptr<Activity> &other) {
                           return other.get() == &activity;
                         });
  pe.activities.erase(it);
}

/// A new activity for the asynchronous statement `op`.
Activity &Executor::spawn(Activity &parent, Operation *op) {
  auto activity = std::make_unique<Activity>();
  activity->pe = parent.pe;
  activity->completion = &addCompletion(parent, op->getResult(0));
  if (op->getNumRegions() != 0) {
    activity->values = parent.values;
    Cursor cursor(op);
    cursor.isLoop = !isa<AsyncBlockOp>(op);
    cursor.isInBody = !cursor.isLoop;
    activity->cursors.push_back(cursor);
  }
  world.ready.push_back(activity.get());
  parent.pe->activities.push_back(std::move(activity));
  return *parent.pe->activities.back();
}

void Executor::complete(Completion &completion) {
  completion.isDone = true;
  for (Activity *waiter : completion.waiters)
    wake(waiter);
  completion.waiters.clear();
}

/// True when `completion` is done; else blocks `activity` until it is.
bool Executor::waitFor(Activity &activity, Operation *op,
                       Completion &completion) {
  if (completion.isDone)
    return true;
  completion.waiters.push_back(&activity);
  activity.isBlocked = true;
  activity.waitsForElement = false;
  activity.blockedAt = op;
  return false;
}

void Executor::wake(Activity *activity) {
  if (!activity->isBlocked)
    return;
  activity->isBlocked = false;
  activity->waitsForElement = false;
  world.ready.push_back(activity);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

static OperandRange startsOf(Operation *op) {
  if (auto loop = dyn_cast<ForOp>(op))
    return loop.getLo();
  if (auto loop = dyn_cast<MapOp>(op))
    return loop.getLo();
  return cast<ForeachOp>(op).getLo();
}

/// Start, stop and step of range `axis` of a loop.
static std::array<int64_t, 3> rangeOf(Operation *op, unsigned axis) {
  OperandRange starts = startsOf(op);
  unsigned first = starts.getBeginOperandIndex(), count = starts.size();
  return {integerOf(op->getOperand(first + axis)),
          integerOf(op->getOperand(first + count + axis)),
          integerOf(op->getOperand(first + 2 * count + axis))};
}

/// Moves to the next point, last range fastest; false at the end. Without
/// ranges: a map or for has one point, a foreach has as many as there are
/// elements.
bool Executor::nextPoint(const Activity &activity, Cursor &cursor) {
  if (isa<WhileOp>(cursor.op))
    return true;
  unsigned axes = startsOf(cursor.op).size();
  bool isFirst = !cursor.isStarted;
  cursor.isStarted = true;
  if (axes == 0)
    return isFirst || isa<ForeachOp>(cursor.op);
  if (isFirst) {
    for (unsigned axis = 0; axis < axes; ++axis) {
      auto [lo, hi, step] = rangeOf(cursor.op, axis);
      cursor.point.push_back(lo);
      if (tripCount(lo, hi, step) == 0)
        return false;
    }
    return true;
  }
  for (unsigned axis = axes; axis-- > 0;) {
    auto [lo, hi, step] = rangeOf(cursor.op, axis);
    int64_t &value = cursor.point[axis];
    value += step;
    if (step > 0 ? value < hi : value > hi)
      return true;
    value = lo;
  }
  return false;
}

/// Begins the next run of a loop's body; false when there is none or its
/// element has not come.
bool Executor::enterBody(Activity &activity) {
  Cursor &cursor = activity.cursors.back();
  bool isOver = !cursor.hasPoint && !nextPoint(activity, cursor);
  cursor.hasPoint = true;
  Scalar element;
  if (!isOver && isa<ForeachOp>(cursor.op)) {
    Take outcome = take(activity, *activity.stream, cursor.op, element);
    if (outcome == Take::Waits)
      return false;
    isOver = outcome == Take::Ended;
  }
  if (isOver) {
    activity.cursors.pop_back();
    if (activity.cursors.empty())
      finish(activity);
    return false;
  }
  for (auto [position, value] : llvm::enumerate(cursor.point)) {
    BlockArgument variable = cursor.block->getArgument(position);
    setValue(activity, variable, wrapTo(Format::of(variable.getType()), value));
  }
  if (isa<ForeachOp>(cursor.op))
    setValue(activity, cursor.block->getArguments().back(), element);
  cursor.next = cursor.block->begin();
  cursor.isInBody = true;
  cursor.hasPoint = false;
  cursor.firstOutstanding = activity.outstanding.size();
  return true;
}

/// Ends a run of a body when all that it started is complete.
void Executor::leaveBody(Activity &activity) {
  Cursor &cursor = activity.cursors.back();
  for (size_t i = cursor.firstOutstanding; i < activity.outstanding.size(); ++i)
    if (!waitFor(activity, cursor.op, *activity.outstanding[i]))
      return;
  activity.outstanding.resize(cursor.firstOutstanding);
  if (cursor.isLoop) {
    cursor.isInBody = false;
    return;
  }
  activity.cursors.pop_back();
  finish(activity);
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

/// Queues `activity` behind the receivers that `stream` already has.
void Executor::takeTurn(Activity &activity, StreamEnd &stream) {
  activity.stream = &stream;
  stream.receivers().push_back(&activity);
}

Executor::Take Executor::take(Activity &activity, StreamEnd &stream,
                              Operation *op, Scalar &element) {
  if (stream.isClosed) {
    trap(activity, op, "receive on '" + stream.name + "' after its close");
    return Take::Waits;
  }
  bool isFirst = stream.receivers().front() == &activity;
  if (isFirst && stream.host)
    return takeFromHost(activity, stream, op, element);
  if (!isFirst || stream.source->queue.empty()) {
    activity.isBlocked = true;
    activity.waitsForElement = true;
    activity.blockedAt = op;
    return Take::Waits;
  }
  element = stream.source->queue.front();
  stream.source->queue.pop_front();
  ++stream.source->received;
  ++world.result.counts.elementsReceived;
  return Take::Taken;
}

Executor::Take Executor::takeFromHost(Activity &activity, StreamEnd &stream,
                                      Operation *op, Scalar &element) {
  HostArgument &argument = *stream.host;
  int64_t &taken = argument.taken[stream.hostIndex];
  if (taken >= argument.inputLength) {
    auto foreach = dyn_cast<ForeachOp>(op);
    if (foreach && foreach.getLo().empty())
      return Take::Ended;
    trap(activity, op,
         "receives element " + std::to_string(taken + 1) + " of argument '" +
             stream.name + "', which has " +
             std::to_string(argument.inputLength) + " for this PE");
    return Take::Waits;
  }
  element = loadElement(*argument.input, argument.format,
                        stream.hostIndex * argument.inputLength + taken);
  ++taken;
  ++world.result.counts.hostElementsIn;
  return Take::Taken;
}

bool Executor::put(Activity &activity, StreamEnd &stream, Operation *op,
                   Scalar element) {
  if (stream.isClosed)
    return trap(activity, op, "send on '" + stream.name + "' after its close");
  if (HostArgument *argument = stream.host) {
    std::vector<Scalar> &output = argument->output[stream.hostIndex];
    if (argument->bound &&
        static_cast<int64_t>(output.size()) >= *argument->bound)
      return trap(activity, op,
                  "sends element " + std::to_string(output.size() + 1) +
                      " to argument '" + stream.name + "', which has " +
                      std::to_string(*argument->bound) + " for this PE");
    output.push_back(element);
    ++world.result.counts.hostElementsOut;
    return true;
  }
  for (Channel *channel : stream.targets) {
    channel->queue.push_back(element);
    ++channel->sent;
    channel->lastSend = op;
    channel->lastSender = activity.pe;
    ++world.result.counts.elementsSent;
    if (!channel->receivers.empty() &&
        channel->receivers.front()->waitsForElement)
      wake(channel->receivers.front());
  }
  return true;
}
