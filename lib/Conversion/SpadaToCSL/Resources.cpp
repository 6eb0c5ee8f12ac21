//===- Resources.cpp - queues and microthreads of a class -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Greedy over intervals of statement numbers. See Resources.h.
//
//===----------------------------------------------------------------------===//

#include "Resources.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

namespace {

using Interval = std::pair<unsigned, unsigned>;

/// Everything on one color in one direction.
struct Line {
  int64_t color;
  bool isSend;
  std::string name;
  Operation *first;
  SmallVector<unsigned> streams;
  SmallVector<Interval>
      uses; ///< statements during which a transfer may be under way
  SmallVector<Interval>
      async; ///< of those, on a microthread chosen by this line
  int64_t queue = -1, microthread = -1;
};

bool overlap(ArrayRef<Interval> a, ArrayRef<Interval> b) {
  for (auto [aLo, aHi] : a)
    for (auto [bLo, bHi] : b)
      if (aLo <= bHi && bLo <= aHi)
        return true;
  return false;
}

/// Numbers the statements and collects the lines.
class Collector {
public:
  Collector(EmitterInput &input, function_ref<int64_t(unsigned, bool)> colorOf,
            function_ref<std::string(unsigned)> nameOf)
      : input(input), colorOf(colorOf), nameOf(nameOf) {}

  SmallVector<Line, 0> lines;

  void collect() {
    input.body.block().walk<WalkOrder::PreOrder>(
        [&](Operation *op) { number[op] = next++; });
    input.body.block().walk([&](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<SendOp, SendValueOp>(
              [&](auto send) { add(op, send.getStream(), true, true); })
          .Case<ReceiveOp>(
              [&](auto receive) { add(op, receive.getStream(), false, true); })
          .Case<ForeachOp>([&](ForeachOp foreach) {
            bool relay =
                input.plan.loops.find(op)->second.form == LoopForm::Relay;
            add(op, foreach.getStream(), false, !relay);
            if (relay)
              for (auto send : foreach.getBody().front().getOps<SendValueOp>())
                relayOwner[send] = op;
          });
    });
    for (auto [send, owner] : relayOwner)
      if (input.plan.modes.find(owner)->second == Mode::Async)
        for (Line &line : lines)
          if (line.isSend &&
              llvm::is_contained(line.streams,
                                 streamOf(cast<SendValueOp>(send).getStream())))
            line.async.push_back(extent(owner));
  }

private:
  static unsigned streamOf(Value stream) {
    unsigned index = 0;
    stream.getDefiningOp<StreamRefOp>().getName().drop_front().getAsInteger(
        10, index);
    return index;
  }

  /// From the issue of `op` to its wait; loops around both are taken whole.
  Interval extent(Operation *op) {
    Interval interval = {number[op], number[op]};
    if (auto group = input.plan.groupOf.find(op);
        group != input.plan.groupOf.end()) {
      interval.second = next;
      for (auto [wait, index] : input.plan.waitAt)
        if (index == group->second)
          interval.second = number[wait];
    }
    for (Operation *parent = op->getParentOp(); parent && !isa<PhaseOp>(parent);
         parent = parent->getParentOp()) {
      if (!isa<AsyncBlockOp>(parent))
        continue;
      Interval outer = extent(parent);
      interval = {std::min(interval.first, outer.first),
                  std::max(interval.second, outer.second)};
    }
    return interval;
  }

  void add(Operation *op, Value stream, bool isSend, bool ownsMicrothread) {
    unsigned index = streamOf(stream);
    int64_t color = colorOf(index, isSend);
    auto line = llvm::find_if(
        lines, [&](Line &l) { return l.color == color && l.isSend == isSend; });
    if (line == lines.end()) {
      lines.push_back({color, isSend, nameOf(index), op, {}, {}, {}});
      line = std::prev(lines.end());
    }
    if (!llvm::is_contained(line->streams, index))
      line->streams.push_back(index);
    line->uses.push_back(extent(op));
    auto mode = input.plan.modes.find(op);
    if (ownsMicrothread && mode != input.plan.modes.end() &&
        mode->second == Mode::Async)
      line->async.push_back(extent(op));
  }

  EmitterInput &input;
  function_ref<int64_t(unsigned, bool)> colorOf;
  function_ref<std::string(unsigned)> nameOf;
  DenseMap<Operation *, unsigned> number;
  llvm::MapVector<Operation *, Operation *> relayOwner;
  unsigned next = 0;
};

} // namespace

/// Gives each line of `order` a queue. Returns one that finds none.
static Line *chooseQueues(SmallVectorImpl<Line> &lines, ArrayRef<Line *> order,
                          const Machine &machine) {
  for (Line &line : lines)
    line.queue = -1;
  for (Line *line : order) {
    ArrayRef<int64_t> candidates =
        line->isSend ? machine.outputQueues : machine.inputQueues;
    bool mayShare = line->isSend && !machine.outputQueueBoundToColor;
    auto fits = [&](int64_t queue, bool shared) {
      return llvm::all_of(lines, [&](Line &other) {
        if (other.queue != queue)
          return true;
        if (other.isSend == line->isSend)
          return shared && !overlap(other.uses, line->uses);
        return !machine.microthreadIsQueue ||
               !overlap(other.async, line->async);
      });
    };
    for (bool shared : {false, mayShare}) {
      for (int64_t queue : candidates)
        if (line->queue < 0 && fits(queue, shared))
          line->queue = queue;
    }
    if (line->queue < 0)
      return line;
  }
  return nullptr;
}

static LogicalResult rejectLine(const Line &line, ArrayRef<Line> lines,
                                const Machine &machine) {
  size_t queues =
      line.isSend ? machine.outputQueues.size() : machine.inputQueues.size();
  auto diag = line.first->emitError()
              << "too many streams at once for the "
              << (line.isSend ? "output" : "input") << " queues of "
              << machine.name << " (" << queues << "): '" << line.name
              << "' finds none free; held by";
  int shown = 0;
  for (const Line &other : lines)
    if (other.queue >= 0 && other.isSend == line.isSend && ++shown <= 8)
      diag << (shown > 1 ? ", '" : " '") << other.name << "'";
  diag.attachNote() << "hint: await some transfers before others start, or "
                       "use fewer streams on one PE";
  return diag;
}

LogicalResult spada::assignQueues(EmitterInput &input,
                                  function_ref<int64_t(unsigned, bool)> colorOf,
                                  function_ref<std::string(unsigned)> nameOf) {
  const Machine &machine = input.machine;
  Collector collector(input, colorOf, nameOf);
  collector.collect();
  SmallVector<Line, 0> &lines = collector.lines;
  // Lines that run on microthreads choose first: on WSE-2 their queue numbers
  // must differ across directions too.
  SmallVector<Line *> order;
  for (bool async : {true, false})
    for (Line &line : lines)
      if (line.async.empty() != async)
        order.push_back(&line);
  Line *left = chooseQueues(lines, order, machine);
  if (left) { // fewer queues can send: those first
    SmallVector<Line *> sends, receives;
    for (Line *line : order)
      (line->isSend ? sends : receives).push_back(line);
    sends.append(receives);
    order = std::move(sends);
    left = chooseQueues(lines, order, machine);
  }
  if (left)
    return rejectLine(*left, lines, machine);
  if (!machine.microthreadIsQueue) {
    for (Line *line : order) {
      if (line->async.empty())
        continue;
      // The host-copy library uses the lowest microthreads.
      for (int64_t number = machine.microthreads - 1;
           number >= 1 && line->microthread < 0; --number)
        if (llvm::none_of(lines, [&](Line &other) {
              return other.microthread == number &&
                     overlap(other.async, line->async);
            }))
          line->microthread = number;
      if (line->microthread < 0)
        return line->first->emitError()
               << "more transfers at once than the " << machine.microthreads - 1
               << " microthreads of " << machine.name
               << "; await some transfers before others start";
    }
  }
  for (const Line &line : lines)
    for (unsigned stream : line.streams)
      (line.isSend ? input.outputs : input.inputs)[stream] = {
          line.color, line.queue, line.microthread};
  return success();
}
