//===- Diagnose.cpp - who waits for what ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The text of a deadlock report, one wait a line, in the order of PEs. Looks
// only; changes nothing.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

static constexpr size_t maxLines = 8;

namespace {
/// Collects lines up to the limit and counts the rest.
struct Lines {
  void add(const std::string &line) {
    if (count++ < maxLines)
      text += "\n  " + line;
  }
  std::string str() const {
    return text + (count > maxLines
                       ? "\n  and " + std::to_string(count - maxLines) + " more"
                       : "");
  }
  std::string text;
  size_t count = 0;
};
} // namespace

static std::string at(const Model &model, uint32_t location) {
  std::string where = model.locationText(location);
  return where.empty() ? "" : ", at " + where;
}

static std::string portsText(unsigned ports) {
  std::string text;
  for (unsigned port = 0; port < numPorts; ++port)
    if (ports >> port & 1)
      text += (text.empty() ? "" : " and ") + std::string(portNames[port]);
  return text.empty() ? "nowhere" : text;
}

/// Whether all wavelets of the channel wait for another route.
static bool isHeld(const Engine &engine, const Channel &channel) {
  return channel.count > 0 && !(engine.waitingPorts(channel) & channel.rx);
}

/// Wavelets that wait for a switch or for the end of a teardown.
static void describeHeld(const Engine &engine, Lines &lines) {
  for (const Channel &channel : engine.channels) {
    if (!isHeld(engine, channel))
      continue;
    std::string state = "takes from " + portsText(channel.rx);
    if (channel.isTornDown)
      state = "is in teardown";
    else if (channel.lever != none)
      state += " in switch position " +
               std::to_string(engine.levers[channel.lever].position);
    lines.add(engine.model.peName(channel.tile) + ": color " +
              std::to_string(channel.color) + " holds " +
              std::to_string(channel.count) +
              (channel.count == 1 ? " wavelet from " : " wavelets from ") +
              portsText(engine.waitingPorts(channel)) + " and " + state);
  }
}

/// Why an output queue does not empty.
static std::string outputWait(const Engine &engine, const Core &core,
                              const Operation &operation) {
  const OutputQueueInfo &info = core.program->outputQueues[operation.output];
  unsigned color = operation.cursors[0].color;
  std::string text = "room in output queue " + std::to_string(info.number) +
                     " (color " + std::to_string(color) + ")";
  // Follow the color to the first router whose wavelets reach a ramp where
  // nobody takes them.
  uint32_t number = engine.channelOf(core.tile, color);
  for (unsigned step = 0; number != none && step < engine.channels.size();
       ++step) {
    const Channel &channel = engine.channels[number];
    if (isHeld(engine, channel))
      return text + ", whose wavelets are held at " +
             engine.model.peName(channel.tile);
    unsigned stuck = channel.tx & channel.exhausted;
    if (stuck & 1)
      return text + ", whose wavelets are not taken at " +
             engine.model.peName(channel.tile);
    if (!stuck)
      break;
    unsigned port = unsigned(__builtin_ctz(stuck));
    uint32_t link = engine.linkOf(channel, port);
    number = link == none ? none : engine.channels[link].neighbor[port];
  }
  return text;
}

static std::string queueText(const Engine &engine, const Core &core,
                             unsigned place) {
  const InputQueueInfo &queue = core.program->inputQueues[place];
  uint32_t channel = engine.channelOf(core.tile, queue.color);
  bool isTornDown = channel != none && engine.channels[channel].isTornDown;
  return " input queue " + std::to_string(queue.number) + " (color " +
         std::to_string(queue.color) + (isTornDown ? ", in teardown)" : ")");
}

static const InputWord *headOf(const Engine &engine, const Core &core,
                               unsigned place) {
  const InputQueue &queue = engine.inputQueues[core.firstInput + place];
  return queue.count ? &engine.inputWords[queue.firstWord + queue.head]
                     : nullptr;
}

/// The FIFOs that are full, or empty.
static std::string fifoWait(const Engine &engine, const Core &core,
                            const Operation &operation) {
  for (unsigned i = 0; i <= operation.numSources; ++i) {
    const Cursor &cursor = operation.cursors[i];
    if (cursor.kind != Cursor::Fifo)
      continue;
    const FifoInfo &info = core.program->fifos[cursor.place];
    uint32_t count = engine.fifos[core.firstFifo + cursor.place].count;
    if (i == 0 && count == info.elements)
      return "room in FIFO '" + info.name + "'";
    if (i > 0 && count == 0)
      return "an element in FIFO '" + info.name + "'";
  }
  return {};
}

static std::string operationWait(const Engine &engine, const Core &core,
                                 unsigned thread, const Operation &operation) {
  std::string waits;
  for (unsigned i = 0; i < operation.numInputs; ++i) {
    const InputWord *head = headOf(engine, core, operation.inputs[i]);
    if (head && !head->control)
      continue;
    waits += (waits.empty() ? "" : " and ") +
             std::string(head ? "the control task of a wavelet on"
                              : "a wavelet on") +
             queueText(engine, core, operation.inputs[i]);
  }
  if (waits.empty() && core.blockedThreads >> thread & 1)
    return "its microthread, which is blocked";
  if (waits.empty())
    waits = fifoWait(engine, core, operation);
  if (waits.empty() && operation.output != 0xff)
    waits = outputWait(engine, core, operation);
  return waits;
}

static void describeOperations(const Engine &engine, const Core &core,
                               Lines &lines) {
  for (uint16_t live = core.live; live; live &= uint16_t(live - 1)) {
    unsigned thread = unsigned(__builtin_ctz(live));
    const Operation &operation =
        engine.operations[core.firstOperation + thread];
    const VectorOperation &info = *operation.info;
    bool isEndless = operation.total == none;
    lines.add(engine.model.peName(core.tile) + ": operation '" +
              std::string(info.builtin->name) + "'" +
              (operation.isAsync
                   ? " on microthread " + std::to_string(operation.microthread)
                   : "") +
              " waits for " + operationWait(engine, core, thread, operation) +
              ", " + std::to_string(operation.finished) +
              (isEndless ? "" : " of " + std::to_string(operation.total)) +
              " elements done" + at(engine.model, info.location));
  }
}

/// Why a task does not run; empty: it has nothing to do. Of a program that has
/// ended, data tasks may go on waiting.
static std::string taskWait(const Engine &engine, const Core &core,
                            const Task &task) {
  const Program &program = *core.program;
  bool blocked = core.blocked >> task.id & 1;
  switch (task.kind) {
  case image::TaskKind::Local:
    return blocked && core.active >> task.id & 1
               ? "is active but blocked; nothing unblocks it"
               : "";
  case image::TaskKind::Data: {
    unsigned words = engine.inputQueues[core.firstInput + task.queue].count;
    std::string queue = " on" + queueText(engine, core, task.queue);
    if (blocked)
      return words ? "is blocked with " + std::to_string(words) + " wavelets" +
                         queue
                   : "";
    return core.done ? "" : "waits for a wavelet" + queue;
  }
  case image::TaskKind::Control:
    for (unsigned place = 0; place < program.inputQueues.size(); ++place) {
      const InputWord *head = headOf(engine, core, place);
      if (head && head->control &&
          (head->data >> 16 & 0x3f) +
                  program.inputQueues[place].controlOffset ==
              task.id)
        return "is named by a control wavelet on" +
               queueText(engine, core, place) + ", which is blocked";
    }
    return {};
  case image::TaskKind::Teardown:
  case image::TaskKind::QueueEmpty:
    return {};
  }
  return {};
}

static void describeTasks(const Engine &engine, const Core &core,
                          Lines &lines) {
  const Program &program = *core.program;
  bool any = core.live != 0;
  for (const Task &task : program.tasks) {
    std::string waits = taskWait(engine, core, task);
    if (waits.empty())
      continue;
    any = true;
    lines.add(engine.model.peName(core.tile) + ": task '" + task.name + "' " +
              waits + at(engine.model, task.location));
  }
  if (!any && !core.done)
    lines.add(engine.model.peName(core.tile) +
              ": no task is active and none will be; the program of '" +
              program.name + "' has not ended");
}

std::string sim::describeWaits(const Engine &engine) {
  Lines lines;
  size_t waiting = 0;
  for (const Core &core : engine.cores) {
    if (core.done && !core.live)
      continue;
    size_t before = lines.count;
    describeOperations(engine, core, lines);
    describeTasks(engine, core, lines);
    waiting += lines.count > before;
  }
  for (const Core &core : engine.cores) {
    if (!core.done || core.live)
      continue;
    size_t before = lines.count;
    describeTasks(engine, core, lines);
    waiting += lines.count > before;
  }
  std::string text = "deadlock: nothing can happen any more, " +
                     std::to_string(waiting) + " PEs wait" + lines.str();
  Lines held;
  describeHeld(engine, held);
  return text + held.str();
}
