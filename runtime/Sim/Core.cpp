//===- Core.cpp - tasks and threads of one PE in one cycle ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The main thread runs tasks to completion; it and the microthreads take turns
// at the one datapath slot of a cycle.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

bool Strip::canRun(const Core &core, unsigned task) const {
  if (core.blocked >> task & 1)
    return false;
  const Task &info = core.program->tasks[task];
  if (info.kind == image::TaskKind::Local)
    return core.active >> task & 1;
  if (info.kind == image::TaskKind::Teardown)
    return core.teardownPending >> info.id & 1;
  return engine.inputQueues[core.firstInput + info.queue].count > 0 &&
         !(core.inputsBusy >> info.queue & 1);
}

bool Strip::pickTask(Core &core, uint64_t cycle) {
  const std::vector<uint8_t> &order = core.program->pickOrder;
  unsigned count = unsigned(order.size());
  for (unsigned i = 1; i <= count; ++i) {
    unsigned place = (core.lastPick + i) % count;
    if (!canRun(core, order[place]))
      continue;
    core.lastPick = uint8_t(place);
    startTask(core, order[place], cycle);
    return true;
  }
  return false;
}

void Strip::startTask(Core &core, unsigned number, uint64_t cycle) {
  const Task &task = core.program->tasks[number];
  core.task = uint8_t(number);
  core.inMain = false;
  core.pc = task.entry;
  core.frame = 0;
  core.frames.clear();
  core.registers.assign(core.program->frameRegisters, 0);
  if (task.kind == image::TaskKind::Local) {
    core.active &= ~(uint64_t(1) << number);
  } else if (task.kind == image::TaskKind::Teardown) {
    core.teardownPending &= ~(uint32_t(1) << task.id);
  } else {
    uint32_t word = takeInput(core, task.queue);
    if (task.payloadRegister != noRegister)
      core.registers[task.payloadRegister] = normalize(task.payloadType, word);
  }
  core.state = Core::Dispatch;
  core.readyAt = cycle + uint64_t(engine.model.machine.taskDispatchCycles);
}

void Strip::endTask(Core &core, uint64_t cycle) {
  core.state = Core::Idle;
  if (core.launched != none && core.inMain) {
    --left[core.launched];
    core.launched = none;
  }
  ++tasks;
  lastEnd = std::max(lastEnd, cycle);
  if (engine.tracing)
    trace.add({cycle, core.taskStart, cycle, core.tile, core.task, 0, 0,
               core.inMain ? TraceEvent::Main : TraceEvent::Task, false});
}

/// Takes the word at the head of an input queue; its room goes back to the
/// router or the host.
uint32_t Strip::takeInput(Core &core, unsigned place) {
  InputQueue &queue = engine.inputQueues[core.firstInput + place];
  uint32_t word = engine.inputWords[queue.firstWord + queue.head].data;
  if (++queue.head == queue.capacity)
    queue.head = 0;
  --queue.count;
  if (queue.source != none) {
    HostSource &source = engine.sources[queue.source];
    ++source.room;
    feed(core, place, source, now + 1);
  } else if (queue.channel != none) {
    Channel &channel = engine.channels[queue.channel];
    ++channel.credits[Ramp];
    channel.exhausted &= uint8_t(~(1u << Ramp));
    again |= channel.count > 0;
  }
  return word;
}

uint16_t Strip::readyOperations(const Core &core, uint64_t cycle) const {
  uint16_t ready = 0;
  for (uint16_t live = core.live; live; live &= uint16_t(live - 1)) {
    unsigned thread = unsigned(__builtin_ctz(live));
    const Operation &operation =
        engine.operations[core.firstOperation + thread];
    if (operation.startAt > cycle)
      continue;
    bool canGo = true;
    for (unsigned i = 0; i < operation.numInputs; ++i)
      canGo &=
          engine.inputQueues[core.firstInput + operation.inputs[i]].count > 0;
    if (operation.output != 0xff) {
      const OutputQueue &queue =
          engine.outputQueues[core.firstOutput + operation.output];
      canGo &= queue.count < queue.capacity;
    }
    if (canGo || operation.finished == operation.total)
      ready |= uint16_t(1u << thread);
  }
  return ready;
}

void Strip::wake(Core &core, uint64_t cycle) {
  if (core.wakeAt == cycle)
    return;
  core.wakeAt = cycle;
  post(cycle, {core.tile, 0, Event::Wake, 0});
}

/// Starts a task or a function that the host launches. Tasks go first, but not
/// for ever.
bool Strip::pickWork(Core &core, uint64_t cycle) {
  if (!core.open || core.nextCommand >= engine.commands.size())
    return pickTask(core, cycle);
  if (core.commandDue <= cycle && takeCommand(core, cycle))
    return true;
  if (!pickTask(core, cycle))
    return takeCommand(core, cycle);
  core.commandDue = std::min(core.commandDue, cycle + commandPatienceCycles);
  return true;
}

bool Strip::stepCore(Core &core, uint64_t cycle) {
  while (true) {
    if (core.state == Core::Dispatch && core.readyAt <= cycle) {
      core.state = Core::Run;
      core.taskStart = cycle;
      firstStart = std::min(firstStart, cycle);
    }
    if (core.state == Core::Run && core.readyAt <= cycle) {
      runMain(core, cycle);
      if (trap.tile <= core.tile)
        return false;
      continue;
    }
    if (core.state != Core::Idle || !pickWork(core, cycle))
      break;
  }
  bool burns = core.state == Core::Run; // readyAt is ahead
  uint16_t ready = core.live ? readyOperations(core, cycle) : 0;
  if (ready) {
    uint16_t candidates = uint16_t(ready | (burns ? 1u : 0u));
    uint16_t after = candidates & uint16_t(~0u << (core.lastServed + 1));
    unsigned thread = unsigned(__builtin_ctz(after ? after : candidates));
    core.lastServed = uint8_t(thread);
    if (!(thread == 0 && burns)) {
      if (burns)
        ++core.readyAt;
      ++busyPeCycles;
      if (!serve(core, thread, cycle))
        return false;
    }
  }
  if ((core.state == Core::Run || core.state == Core::Dispatch) &&
      core.readyAt > cycle)
    wake(core, core.readyAt);
  return ready != 0;
}
