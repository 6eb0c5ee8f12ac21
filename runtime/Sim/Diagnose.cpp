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
  std::string text;
  size_t count = 0;
};
} // namespace

static std::string at(const Model &model, uint32_t location) {
  std::string where = model.locationText(location);
  return where.empty() ? "" : ", at " + where;
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
    unsigned stuck = channel.tx & channel.exhausted;
    if (stuck & 1)
      return text + ", whose wavelets are not taken at " +
             engine.model.peName(channel.tile);
    if (!stuck)
      break;
    number = channel.neighbor[__builtin_ctz(stuck)];
  }
  return text;
}

static void describeOperations(const Engine &engine, const Core &core,
                               Lines &lines) {
  for (uint16_t live = core.live; live; live &= uint16_t(live - 1)) {
    unsigned thread = unsigned(__builtin_ctz(live));
    const Operation &operation =
        engine.operations[core.firstOperation + thread];
    const VectorOperation &info = *operation.info;
    std::string waits;
    for (unsigned i = 0; i < operation.numInputs; ++i) {
      if (engine.inputQueues[core.firstInput + operation.inputs[i]].count)
        continue;
      const InputQueueInfo &queue =
          core.program->inputQueues[operation.inputs[i]];
      waits += (waits.empty() ? "" : " and ") +
               std::string("a wavelet on input queue ") +
               std::to_string(queue.number) + " (color " +
               std::to_string(queue.color) + ")";
    }
    if (waits.empty() && operation.output != 0xff)
      waits = outputWait(engine, core, operation);
    lines.add(
        engine.model.peName(core.tile) + ": operation '" +
        std::string(info.builtin->name) + "'" +
        (info.isAsync ? " on microthread " + std::to_string(info.microthread)
                      : "") +
        " waits for " + waits + ", " + std::to_string(operation.finished) +
        " of " + std::to_string(operation.total) + " elements done" +
        at(engine.model, info.location));
  }
}

static void describeTasks(const Engine &engine, const Core &core,
                          Lines &lines) {
  const Program &program = *core.program;
  bool any = core.live != 0;
  for (size_t i = 0; i < program.tasks.size(); ++i) {
    const Task &task = program.tasks[i];
    bool blocked = core.blocked >> i & 1;
    std::string waits;
    if (task.kind == image::TaskKind::Local) {
      if (blocked && core.active >> i & 1)
        waits = "is active but blocked; nothing unblocks it";
    } else {
      const InputQueueInfo &queue = program.inputQueues[task.queue];
      unsigned words = engine.inputQueues[core.firstInput + task.queue].count;
      std::string name = " on input queue " + std::to_string(queue.number) +
                         " (color " + std::to_string(queue.color) + ")";
      if (blocked && words)
        waits = "is blocked with " + std::to_string(words) + " wavelets" + name;
      else if (!blocked)
        waits = "waits for a wavelet" + name;
    }
    if (waits.empty())
      continue;
    any = true;
    lines.add(engine.model.peName(core.tile) + ": task '" + task.name + "' " +
              waits + at(engine.model, task.location));
  }
  if (!any)
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
    if (!core.done)
      describeTasks(engine, core, lines);
    waiting += lines.count > before;
  }
  std::string text = "deadlock: nothing can happen any more, " +
                     std::to_string(waiting) + " PEs wait" + lines.text;
  if (lines.count > maxLines)
    text += "\n  and " + std::to_string(lines.count - maxLines) + " more";
  return text;
}
