//===- Tasks.cpp - which task runs next -----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local tasks by their active bit, data and control tasks by the wavelet at the
// head of a queue, teardown tasks by the router; all in turn, by id. And what
// programs do to the states of tasks, queues and threads.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

/// Runs the handlers of colors and queues.
static constexpr unsigned teardownTask = 29;

/// The id of the control task that the wavelet at the head of a queue names,
/// in the queue's own part of the table.
unsigned Strip::controlId(const Core &core, unsigned place) const {
  return (headOf(core, place).data >> 16 & 0x3f) +
         core.program->inputQueues[place].controlOffset;
}

/// Input queues (bits by place) whose head is a control wavelet for a task: not
/// blocked, and no operation there waits for it.
uint8_t Strip::controlHeads(const Core &core) const {
  if (!core.sawControl)
    return 0;
  uint8_t heads = 0;
  const std::vector<InputQueueInfo> &queues = core.program->inputQueues;
  for (unsigned place = 0; place < queues.size(); ++place)
    if (engine.inputQueues[core.firstInput + place].count > 0 &&
        headOf(core, place).control && !(core.controlTakers >> place & 1) &&
        !(core.blocked >> queues[place].stateId & 1))
      heads |= uint8_t(1u << place);
  return heads;
}

/// The first of `heads` whose wavelet names control task `id`, or 0xff.
uint8_t Strip::controlPlace(const Core &core, uint8_t heads,
                            unsigned id) const {
  for (; heads; heads &= uint8_t(heads - 1)) {
    unsigned place = unsigned(__builtin_ctz(heads));
    if (controlId(core, place) == id)
      return uint8_t(place);
  }
  return 0xff;
}

/// Traps if a control wavelet waits for a task that the program does not have
/// and no operation can take it.
void Strip::failControl(Core &core, uint8_t heads) {
  const Program &program = *core.program;
  if (program.takesControl)
    return;
  for (; heads; heads &= uint8_t(heads - 1)) {
    unsigned place = unsigned(__builtin_ctz(heads));
    unsigned id = controlId(core, place);
    if (id < 64 && program.controlTask[id] != noTask)
      continue;
    const InputQueueInfo &queue = program.inputQueues[place];
    fail(core.tile, "a control wavelet on input queue " +
                        std::to_string(queue.number) + " (color " +
                        std::to_string(queue.color) + ") names control task " +
                        std::to_string(id) + ", which program '" +
                        program.name + "' does not have");
    return;
  }
}

bool Strip::canRun(const Core &core, unsigned task, uint8_t control) const {
  const Task &info = core.program->tasks[task];
  switch (info.kind) {
  case image::TaskKind::Local:
    return (core.active & ~core.blocked) >> info.id & 1;
  case image::TaskKind::Data:
    return engine.inputQueues[core.firstInput + info.queue].count > 0 &&
           !(core.blocked >> info.id & 1) &&
           !(core.inputsBusy >> info.queue & 1) &&
           !(core.sawControl && headOf(core, info.queue).control);
  case image::TaskKind::Control:
    return control != 0 && !(core.blockedControl >> info.id & 1) &&
           controlPlace(core, control, info.id) != 0xff;
  case image::TaskKind::Teardown:
    return core.teardownPending >> info.id & 1;
  case image::TaskKind::QueueEmpty:
    return core.emptyPending >> info.id & 1;
  }
  return false;
}

/// Takes the last wavelets of messages from queues whose data tasks are next:
/// they are not for tasks.
void Strip::dropMessageEnds(Core &core) {
  for (const Task &task : core.program->tasks) {
    if (task.kind != image::TaskKind::Data || core.blocked >> task.id & 1 ||
        core.inputsBusy >> task.queue & 1)
      continue;
    while (engine.inputQueues[core.firstInput + task.queue].count > 0 &&
           headOf(core, task.queue).endsMessage)
      takeInput(core, task.queue);
  }
}

/// Of a control task that can run: the queue whose wavelet names it.
bool Strip::isHigh(const Core &core, const Task &task, uint8_t control) const {
  switch (task.kind) {
  case image::TaskKind::Local:
  case image::TaskKind::Data:
    return core.highPriority >> task.id & 1;
  case image::TaskKind::Control:
    return core.highPriority >>
               core.program->inputQueues[controlPlace(core, control, task.id)]
                   .stateId &
           1;
  case image::TaskKind::Teardown:
  case image::TaskKind::QueueEmpty:
    return core.highPriority >> teardownTask & 1;
  }
  return false;
}

/// The teardown task is activated: it calls the handlers of flushed queues.
void Strip::raiseTeardown(Core &core) {
  core.emptyPending |= core.flushed & core.program->emptyHandlers;
  if (core.program->localTask[teardownTask] != noTask)
    core.active |= uint64_t(1) << teardownTask;
}

/// Ends the flushes of queues that are empty.
void Strip::noteEmptyQueues(Core &core) {
  const Program &program = *core.program;
  uint16_t empty = 0;
  for (unsigned number = 0; number < maxQueues; ++number) {
    unsigned input = program.inputPlace[number],
             output = program.outputPlace[number];
    if (input == 0xff || engine.inputQueues[core.firstInput + input].count == 0)
      empty |= uint16_t(1u << number);
    if (output == 0xff ||
        engine.outputQueues[core.firstOutput + output].count == 0)
      empty |= uint16_t(1u << (maxQueues + number));
  }
  uint16_t ended = core.flushWanted & empty;
  if (!ended)
    return;
  core.flushWanted &= uint16_t(~ended);
  core.flushed |= ended;
  raiseTeardown(core);
}

bool Strip::pickTask(Core &core, uint64_t cycle) {
  if (core.sawMessage)
    dropMessageEnds(core);
  if (core.flushWanted)
    noteEmptyQueues(core);
  uint8_t control = controlHeads(core);
  if ((core.highPriority && pickFrom(core, cycle, control, true)) ||
      pickFrom(core, cycle, control, false))
    return true;
  if (control)
    failControl(core, control);
  return false;
}

/// Starts the next task in turn, of those with high priority or of all.
bool Strip::pickFrom(Core &core, uint64_t cycle, uint8_t control,
                     bool onlyHigh) {
  const std::vector<uint8_t> &order = core.program->pickOrder;
  unsigned count = unsigned(order.size());
  for (unsigned i = 1; i <= count; ++i) {
    unsigned place = (core.lastPick + i) % count;
    if (!canRun(core, order[place], control) ||
        (onlyHigh && !isHigh(core, core.program->tasks[order[place]], control)))
      continue;
    core.lastPick = uint8_t(place);
    startTask(core, order[place], cycle);
    return true;
  }
  return false;
}

/// Starts a task or a function that the host launches. Tasks go first, but not
/// for ever.
bool Strip::pickWork(Core &core, uint64_t cycle) {
  if (!core.open || core.nextCommand >= engine.announced)
    return pickTask(core, cycle);
  if (core.commandDue <= cycle && takeCommand(core, cycle))
    return true;
  if (!pickTask(core, cycle))
    return takeCommand(core, cycle);
  core.commandDue = std::min(core.commandDue, cycle + commandPatienceCycles);
  return true;
}

/// Puts the parts of a wavelet into the registers of its task.
static void setPayload(Core &core, const Task &task, uint32_t word) {
  if (task.payloadRegister != noRegister)
    core.registers[task.payloadRegister] = normalize(task.payloadType, word);
  if (task.payloadRegister2 != noRegister)
    core.registers[task.payloadRegister2] =
        normalize(task.payloadType2, word >> 16);
}

void Strip::startTask(Core &core, unsigned number, uint64_t cycle) {
  const Program &program = *core.program;
  uint8_t rotation = program.tasks[number].rotation;
  bool rotates = rotation != 0xff &&
                 core.rotated[rotation] == program.rotations[rotation].limit;
  if (rotation != 0xff)
    core.rotated[rotation] = rotates ? 0 : core.rotated[rotation] + 1;
  if (rotates) // the wavelet stays for the next start
    number = program.rotations[rotation].other;
  const Task &task = program.tasks[number];
  core.task = uint16_t(number);
  core.inMain = false;
  core.pc = task.entry;
  core.frame = 0;
  core.frames.clear();
  core.registers.assign(core.program->frameRegisters, 0);
  switch (task.kind) {
  case image::TaskKind::Local:
    core.active &= ~(uint64_t(1) << task.id);
    break;
  case image::TaskKind::Data:
    setPayload(core, task, takeInput(core, task.queue));
    break;
  case image::TaskKind::Control:
    if (rotates)
      break;
    setPayload(
        core, task,
        takeInput(core, controlPlace(core, controlHeads(core), task.id)));
    break;
  case image::TaskKind::Teardown:
    core.teardownPending &= ~(1u << task.id);
    break;
  case image::TaskKind::QueueEmpty:
    core.emptyPending &= uint16_t(~(1u << task.id));
    break;
  }
  core.state = Core::Dispatch;
  core.readyAt = std::max(cycle, core.launchEnd) +
                 uint64_t(engine.model.machine.taskDispatchCycles);
}

void Strip::endTask(Core &core, uint64_t cycle) {
  core.state = Core::Idle;
  if (core.inMain)
    core.launchEnd = cycle + uint64_t(engine.model.machine.launchReturnCycles);
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

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

static void setBit(uint64_t &bits, unsigned id, bool value) {
  bits = value ? bits | uint64_t(1) << id : bits & ~(uint64_t(1) << id);
}

/// Activates, blocks or unblocks what `id` names. Returns false after a trap.
bool Strip::setTaskState(Core &core, const Instruction &in,
                         image::StateKind kind, unsigned id) {
  const Program &program = *core.program;
  static constexpr const char *names[] = {"local task",   "data task",
                                          "control task", "color",
                                          "input queue",  "microthread"};
  auto failState = [&](const std::string &what) {
    fail(core.tile,
         what + " " + names[unsigned(kind)] + " " + std::to_string(id),
         in.location);
    return false;
  };
  if (id >= 64)
    return failState("there is no");
  if (in.opcode == Opcode::Activate) {
    if (kind != image::StateKind::Local)
      return failState("only local tasks can be activated, not");
    if (program.localTask[id] == noTask)
      return failState("program '" + program.name +
                       "' activates, but does not have,");
    core.active |= uint64_t(1) << id;
    return true;
  }
  bool blocks = in.opcode == Opcode::Block;
  bool idsAreColors = engine.model.machine.dataTaskIdIsColor;
  switch (kind) {
  case image::StateKind::Local:
  case image::StateKind::Data:
    setBit(core.blocked, id, blocks);
    return true;
  case image::StateKind::Control:
    setBit(core.blockedControl, id, blocks);
    return true;
  case image::StateKind::Color:
    if (idsAreColors)
      setBit(core.blocked, id, blocks);
    else if (id < numColors && program.inputPlaceOfColor[id] != 0xff)
      setBit(core.blocked,
             program.inputQueues[program.inputPlaceOfColor[id]].number, blocks);
    return true;
  case image::StateKind::InputQueue:
    if (!idsAreColors)
      setBit(core.blocked, id, blocks);
    else if (id < maxQueues && program.inputPlace[id] != 0xff)
      setBit(core.blocked, program.inputQueues[program.inputPlace[id]].color,
             blocks);
    return true;
  case image::StateKind::Microthread: {
    if (id >= maxQueues)
      return failState("there is no");
    uint16_t bit = uint16_t(1u << program.threadOf[id] & ~1u);
    core.blockedThreads = uint16_t(blocks ? core.blockedThreads | bit
                                          : core.blockedThreads & ~bit);
    return true;
  }
  }
  return true;
}

/// Activate, Block and Unblock.
bool Strip::setState(Core &core, const Instruction &in) {
  if (in.b != noRegister)
    return setTaskState(core, in, image::StateKind(in.imm),
                        core.registers[core.frame + in.b] & 0xffff);
  const Task &task = core.program->tasks[size_t(in.imm)];
  switch (task.kind) {
  case image::TaskKind::Local:
    return setTaskState(core, in, image::StateKind::Local, task.id);
  case image::TaskKind::Data:
    return setTaskState(core, in, image::StateKind::Data, task.id);
  default:
    return setTaskState(core, in, image::StateKind::Control, task.id);
  }
}
