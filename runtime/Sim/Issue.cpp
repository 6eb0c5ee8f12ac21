//===- Issue.cpp - start vector operations --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Looks up what the operands are now, takes the thread and the queues, and
// hands over to Vector.cpp.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <cstring>

using namespace spada;
using namespace spada::sim;

/// A stream of this length has no end.
static constexpr uint64_t endlessLength = 0x7fff;

bool Strip::failIssue(const Core &core, const VectorOperation &info,
                      const std::string &what) {
  fail(core.tile, "operation '" + std::string(info.builtin->name) + "' " + what,
       info.location);
  return false;
}

bool Strip::failClash(const Core &core, const Operation &operation,
                      const std::string &what, const Operation *other) {
  std::string text = "uses " + what + " while another operation is live on it";
  if (other) {
    std::string where = engine.model.locationText(other->info->location);
    text += ": '" + std::string(other->info->builtin->name) + "'" +
            (where.empty() ? "" : " at " + where) + ", " +
            std::to_string(other->finished) + " of " +
            std::to_string(other->total) + " elements done";
  }
  return failIssue(core, *operation.info, text);
}

void Effects::activate(const Program &program, uint32_t task) {
  if (task != none)
    active |= uint64_t(1) << program.tasks[task].id;
}

void Effects::unblock(const Program &program, uint32_t task) {
  if (task == none)
    return;
  const Task &info = program.tasks[task];
  uint64_t bit = uint64_t(1) << info.id;
  if (info.kind == image::TaskKind::Control)
    unblockedControl |= bit;
  else if (info.kind < image::TaskKind::Teardown)
    unblocked |= bit;
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// The descriptor of an operand, or null when it has none.
static const Dsd *dsdOf(const Engine &engine, const Core &core,
                        const Operand &operand) {
  if (operand.kind == image::OperandKind::Slot)
    return &core.dsds[operand.value];
  if (operand.kind == image::OperandKind::Dsr)
    return &engine.dsrs[core.firstDsr + operand.value].dsd;
  return nullptr;
}

/// Sets a cursor on the first element of a descriptor.
void Strip::openVector(const Core &core, const Dsd &dsd, Operation &operation,
                       unsigned index, uint32_t offset) {
  Cursor &cursor = operation.cursors[index];
  if (dsd.kind != image::DsdKind::Memory) {
    bool isInput = dsd.kind == image::DsdKind::FabricIn;
    cursor.kind = isInput ? Cursor::Input : Cursor::Output;
    cursor.place = isInput ? core.program->inputPlace[dsd.queue]
                           : core.program->outputPlace[dsd.queue];
    cursor.color = dsd.color;
    cursor.packs = dsd.simd != 0 && typeBytes(cursor.type) == 2;
    operation.flags |= cursor.packs ? PacksHalves : 0;
    cursor.transforms = dsd.controlTransform;
    operation.flags |= cursor.transforms ? TransformsControl : 0;
    cursor.address = 0;
    if (isInput)
      return;
    if (dsd.indexOffset) {
      cursor.type = typeBytes(cursor.type) == 2 ? cursor.type : Type::I16;
      cursor.address = int64_t(offset & 0xffff) << 16;
    }
    if (dsd.advanceSwitch)
      operation.flags |= AdvancesSwitch;
    if (dsd.zeroSource) {
      operation.flags |= ZeroesSource;
      operation.zeroSource = dsd.zeroSource;
    }
    cursor.value = dsd.control ? uint32_t(ControlFlag) << targetFlagsShift : 0;
    return;
  }
  CursorDimensions &dimensions = operation.dimensions[index];
  cursor.kind = Cursor::Memory;
  cursor.address = int32_t(dsd.address);
  if (dsd.indexOffset)
    cursor.address = (cursor.address + 2 * int64_t(int16_t(offset))) & 0xffff;
  cursor.rank = dsd.rank;
  for (unsigned i = 0; i < dsd.rank; ++i) {
    dimensions.steps[i] = int64_t(dsd.strides[i]) * typeBytes(cursor.type);
    dimensions.sizes[i] = dsd.sizes[i];
    dimensions.index[i] = 0;
  }
  if (dsd.wrap) { // rounds of so many elements, all in one place
    cursor.rank = 2;
    dimensions.steps[1] = dimensions.steps[0];
    dimensions.steps[0] = 0;
    dimensions.sizes[1] = dsd.wrap;
    dimensions.index[1] = 0;
  }
  cursor.step = dimensions.steps[cursor.rank - 1u];
}

/// Sets the cursor on the first element of `operand`. Returns false after a
/// trap.
bool Strip::openCursor(Core &core, const Operand &operand, Operation &operation,
                       unsigned index, uint32_t offset) {
  Cursor &cursor = operation.cursors[index];
  cursor.type = operand.type;
  cursor.rank = 1;
  cursor.step = 0;
  cursor.packs = cursor.hasHalf = cursor.transforms = false;
  operation.saved[index] = 0xff;
  switch (operand.kind) {
  case image::OperandKind::None:
    cursor.kind = Cursor::Unused;
    return true;
  case image::OperandKind::Slot:
    openVector(core, core.dsds[operand.value], operation, index, offset);
    return true;
  case image::OperandKind::Register:
    cursor.kind = Cursor::Value;
    cursor.value = core.registers[core.frame + operand.value];
    return true;
  case image::OperandKind::Pointer:
    cursor.kind = Cursor::Scalar;
    cursor.address = core.registers[core.frame + operand.value] & 0xffff;
    return true;
  case image::OperandKind::Address:
    cursor.kind = Cursor::Scalar;
    cursor.address = operand.value;
    return true;
  case image::OperandKind::Fifo:
    cursor.kind = Cursor::Fifo;
    cursor.place = uint8_t(operand.value);
    operation.flags |= UsesFifo;
    return true;
  case image::OperandKind::Dsr:
    break;
  }
  const DsrState &dsr = engine.dsrs[core.firstDsr + operand.value];
  if (!dsr.load)
    return failIssue(core, *operation.info,
                     "uses a data structure register before it is loaded");
  if (index == 0 ? dsr.dsd.kind == image::DsdKind::FabricIn
                 : dsr.dsd.kind == image::DsdKind::FabricOut)
    return failIssue(core, *operation.info,
                     "has a fabric operand of the wrong direction");
  openVector(core, dsr.dsd, operation, index, offset);
  std::copy(dsr.index, std::end(dsr.index), operation.dimensions[index].index);
  if (dsr.load->singleStep ||
      (dsr.load->saveAddress && cursor.kind == Cursor::Memory))
    operation.saved[index] = uint8_t(operand.value);
  return true;
}

/// Length rule: first source, second source, destination; the first that is a
/// vector of nonzero length.
static uint32_t elementsOf(const Engine &engine, const Core &core,
                           const Operation &operation) {
  const VectorOperation &info = *operation.info;
  bool anyVector = false, canBeEndless = operation.flags & UsesFifo;
  uint32_t steps = none;
  for (unsigned i = 0; i <= operation.numSources; ++i) {
    if (uint8_t place = operation.saved[i]; place != 0xff) {
      const DsrState &dsr = engine.dsrs[core.firstDsr + place];
      if (dsr.load->singleStep)
        steps = std::min({steps, dsr.left, 1u});
    }
    canBeEndless |= operation.cursors[i].kind == Cursor::Input ||
                    operation.cursors[i].kind == Cursor::Output;
  }
  if (steps != none)
    return steps;
  for (const Operand *operand :
       {&info.sources[0], &info.sources[1], &info.destination}) {
    uint64_t length = 0;
    if (const Dsd *dsd = dsdOf(engine, core, *operand)) {
      anyVector = true;
      length = dsd->length();
    } else if (operand->kind == image::OperandKind::Fifo) {
      const FifoState &fifo = engine.fifos[core.firstFifo + operand->value];
      length =
          operand == &info.destination ? fifo.writeLength : fifo.readLength;
    }
    if (canBeEndless && length == endlessLength)
      return none;
    if (length)
      return uint32_t(std::min<uint64_t>(length, none - 1));
  }
  return anyVector ? 0 : 1;
}

bool Strip::openOperands(Core &core, const Instruction &in,
                         Operation &operation) {
  const VectorOperation &info = *operation.info;
  uint32_t offset = in.b == noRegister ? 0 : core.registers[core.frame + in.b];
  operation.flags = 0;
  if (!openCursor(core, info.destination, operation, 0, offset))
    return false;
  for (unsigned i = 0; i < operation.numSources; ++i)
    if (!openCursor(core, info.sources[i], operation, i + 1, offset))
      return false;
  if (operation.function == Builtin::AddCarry16)
    operation.flags |= CarriesOver;
  Cursor &destination = operation.cursors[0];
  if (operation.flags & UsesFifo && destination.kind == Cursor::Scalar &&
      destination.address + typeBytes(destination.type) <=
          int64_t(core.program->memoryBytes))
    std::memcpy(&destination.half, core.memory + destination.address,
                typeBytes(destination.type));
  operation.total = elementsOf(engine, core, operation);
  return true;
}

//===----------------------------------------------------------------------===//
// Thread and queues
//===----------------------------------------------------------------------===//

/// Finds out how the operation runs: asynchrony and effects come from the loads
/// of its fabric registers, if it has any, else from itself. Returns false
/// after a trap.
bool Strip::resolve(Core &core, Operation &operation, unsigned &thread) {
  const Program &program = *core.program;
  const VectorOperation &info = *operation.info;
  auto add = [&](const Settings &settings) {
    operation.isAsync |= settings.isAsync;
    operation.effects.activate(program, settings.activate);
    operation.effects.unblock(program, settings.unblock);
    if (settings.onControl != image::OnControl::None) {
      operation.onControl = settings.onControl;
      operation.onControlTask = settings.onControlTask;
    }
    return std::pair(int(settings.microthread), settings.priority);
  };
  int microthread = -1, queue = -1;
  uint8_t priority = 0;
  bool fromRegisters = false;
  operation.isAsync = false;
  operation.effects = Effects();
  operation.onControl = image::OnControl::None;
  for (unsigned i = 0; i <= operation.numSources; ++i) {
    const Cursor &cursor = operation.cursors[i];
    if (cursor.kind == Cursor::Fifo)
      priority = std::max(priority, program.fifos[cursor.place].priority);
    if (cursor.kind != Cursor::Input && cursor.kind != Cursor::Output)
      continue;
    const Operand &operand = i == 0 ? info.destination : info.sources[i - 1];
    const Dsd &dsd = *dsdOf(engine, core, operand);
    if (queue < 0)
      queue = dsd.queue;
    priority = std::max(priority, dsd.priority);
    if (operand.kind != image::OperandKind::Dsr)
      continue;
    fromRegisters = true;
    auto [number, given] =
        add(engine.dsrs[core.firstDsr + operand.value].load->settings);
    microthread = microthread < 0 ? number : microthread;
    priority = std::max(priority, given);
  }
  bool hasThread = queue >= 0 || operation.flags & UsesFifo;
  if (!fromRegisters && hasThread) {
    auto [number, given] = add(info.settings);
    microthread = number;
    priority = std::max(priority, given);
  }
  if (operation.onControl != image::OnControl::None ||
      operation.function == Builtin::Filter ||
      operation.flags & TransformsControl)
    operation.flags |= TakesControl;
  static constexpr uint8_t ranks[4] = {1, 0, 2, 4};
  operation.priorityRank = ranks[priority];
  thread = 0;
  if (!operation.isAsync)
    return true;
  microthread = microthread < 0 ? queue : microthread;
  thread = microthread < 0 || microthread >= int(maxQueues)
               ? 0
               : program.threadOf[size_t(microthread)];
  if (thread == 0)
    return failIssue(core, info, "is asynchronous, but has no microthread");
  operation.microthread = uint8_t(microthread);
  return true;
}

/// The live operation for which `uses` holds.
template <typename Uses>
static const Operation *findLive(const Engine &engine, const Core &core,
                                 Uses &&uses) {
  for (uint16_t live = core.live; live; live &= uint16_t(live - 1)) {
    const Operation &other =
        engine.operations[core.firstOperation + unsigned(__builtin_ctz(live))];
    if (uses(other))
      return &other;
  }
  return nullptr;
}

/// Takes the queues of a fabric operation.
bool Strip::claim(Core &core, Operation &operation) {
  for (unsigned i = 1; i <= operation.numSources; ++i) {
    const Cursor &source = operation.cursors[i];
    if (source.kind != Cursor::Input)
      continue;
    uint8_t bit = uint8_t(1u << source.place);
    if (core.inputsBusy & bit)
      return failClash(
          core, operation,
          "input queue " +
              std::to_string(core.program->inputQueues[source.place].number),
          findLive(engine, core, [&](const Operation &other) {
            return std::count(other.inputs, other.inputs + other.numInputs,
                              source.place) != 0;
          }));
    if (operation.numInputs >= std::size(operation.inputs) ||
        operation.numInputs >= engine.model.machine.maxFabricInputsPerOperation)
      return failIssue(
          core, *operation.info,
          "has more fabric inputs than the " +
              std::to_string(engine.model.machine.maxFabricInputsPerOperation) +
              " that the machine allows");
    core.inputsBusy |= bit;
    core.controlTakers |= operation.flags & TakesControl ? bit : 0;
    operation.inputs[operation.numInputs++] = source.place;
  }
  return operation.cursors[0].kind != Cursor::Output ||
         claimOutput(core, operation);
}

bool Strip::claimOutput(Core &core, Operation &operation) {
  Cursor &destination = operation.cursors[0];
  uint8_t bit = uint8_t(1u << destination.place);
  if (core.outputsBusy & bit)
    return failClash(
        core, operation,
        "output queue " +
            std::to_string(
                core.program->outputQueues[destination.place].number),
        findLive(engine, core, [&](const Operation &other) {
          return other.output == destination.place;
        }));
  unsigned color = destination.color;
  if (uint8_t rebound =
          engine.outputQueues[core.firstOutput + destination.place].color;
      rebound != 0xff)
    color = rebound;
  uint32_t channel = engine.channelOf(core.tile, color);
  const HostSink *sink = engine.findSink(core.tile, color);
  if (!sink && (channel == none || !(engine.channels[channel].open & 1)))
    return failIssue(core, *operation.info,
                     "sends on color " + std::to_string(color) +
                         ", which no route takes from the ramp");
  destination.value |=
      sink ? uint32_t(sink - engine.sinks.data()) | sinkFlag : channel;
  core.outputsBusy |= bit;
  operation.output = destination.place;
  return true;
}

bool Strip::issue(Core &core, const Instruction &in, uint64_t cycle,
                  uint64_t &cost) {
  const VectorOperation &info = core.program->vectors[in.imm];
  // Opened in the place of the main thread, which is free now.
  Operation &opened = engine.operations[core.firstOperation];
  opened.info = &info;
  opened.finished = 0;
  opened.numInputs = 0;
  opened.output = 0xff;
  opened.issued = cycle;
  opened.function = info.builtin->function;
  opened.numSources = info.builtin->numSources;
  opened.result = in.a;
  opened.carry = 0;
  unsigned thread = 0;
  if (!openOperands(core, in, opened) || !resolve(core, opened, thread))
    return false;
  bool hasFabric = false;
  for (unsigned i = 0; i <= opened.numSources; ++i)
    hasFabric |= opened.cursors[i].kind == Cursor::Input ||
                 opened.cursors[i].kind == Cursor::Output;
  if (!hasFabric && !opened.isAsync)
    return runAtOnce(core, opened, cycle, cost);
  Operation &operation = engine.operations[core.firstOperation + thread];
  if (core.live >> thread & 1)
    return failClash(core, opened,
                     "microthread " + std::to_string(opened.microthread),
                     &operation);
  if (inStartUp)
    return failIssue(core, info,
                     "has a fabric operand at the start of the "
                     "program");
  if (!claim(core, opened))
    return false;
  opened.startAt = cycle + cost;
  if (thread != 0)
    operation = opened;
  core.live |= uint16_t(1u << thread);
  if (!opened.isAsync)
    core.state = Core::Sync;
  else if (in.a != noRegister)
    core.registers[core.frame + in.a] = 1;
  if (opened.startAt > cycle)
    post(opened.startAt, {core.tile, 0, Event::Wake, 0});
  return true;
}
