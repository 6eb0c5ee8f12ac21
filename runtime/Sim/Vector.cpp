//===- Vector.cpp - vector operations -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// An operation on memory alone is done at issue and charged its cycles; one
// with a fabric operand moves one element whenever it gets the datapath.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <cstring>

using namespace spada;
using namespace spada::sim;

/// Sets the cursor on the first element of `operand`.
void Strip::openCursor(Core &core, const Operand &operand, Cursor &cursor,
                       CursorDimensions &dimensions) {
  cursor.type = operand.type;
  cursor.rank = 1;
  cursor.step = 0;
  switch (operand.kind) {
  case image::OperandKind::Register:
    cursor.kind = Cursor::Value;
    cursor.value = core.registers[core.frame + operand.value];
    return;
  case image::OperandKind::Address:
    cursor.kind = Cursor::Scalar;
    cursor.address = operand.value;
    return;
  default:
    break;
  }
  const Dsd &dsd = core.dsds[operand.value];
  if (dsd.kind != image::DsdKind::Memory) {
    bool isInput = dsd.kind == image::DsdKind::FabricIn;
    cursor.kind = isInput ? Cursor::Input : Cursor::Output;
    cursor.place = isInput ? core.program->inputPlace[dsd.queue]
                           : core.program->outputPlace[dsd.queue];
    cursor.color = dsd.color;
    return;
  }
  cursor.kind = Cursor::Memory;
  cursor.address = int32_t(dsd.address);
  cursor.rank = dsd.rank;
  for (unsigned i = 0; i < dsd.rank; ++i) {
    dimensions.steps[i] = int64_t(dsd.strides[i]) * typeBytes(dsd.type);
    dimensions.sizes[i] = dsd.sizes[i];
    dimensions.index[i] = 0;
  }
  cursor.step = dimensions.steps[dsd.rank - 1u];
}

/// Goes to the next element; the outermost dimension has no end of its own.
static inline void advance(Cursor &cursor, CursorDimensions &dimensions) {
  cursor.address += cursor.step;
  for (unsigned i = cursor.rank - 1u;
       i > 0 && ++dimensions.index[i] >= dimensions.sizes[i]; --i) {
    cursor.address += dimensions.steps[i - 1] -
                      dimensions.steps[i] * int64_t(dimensions.index[i]);
    dimensions.index[i] = 0;
  }
}

/// Length rule: first source, second source, destination; the first that is a
/// vector of nonzero length.
static uint64_t elementsOf(const Core &core, const VectorOperation &info) {
  for (const Operand *operand :
       {&info.sources[0], &info.sources[1], &info.destination})
    if (operand->kind == image::OperandKind::Slot)
      if (uint64_t length = core.dsds[operand->value].length())
        return length;
  return info.destination.kind == image::OperandKind::Slot ? 0 : 1;
}

/// Takes the thread and the queues of a fabric operation.
bool Strip::claim(Core &core, Operation &operation) {
  const VectorOperation &info = *operation.info;
  auto clash = [&](const std::string &what) {
    fail(core.tile,
         "operation '" + std::string(info.builtin->name) + "' uses " + what +
             " while another operation is live on it",
         info.location);
    return false;
  };
  for (unsigned i = 1; i <= operation.numSources; ++i) {
    const Cursor &source = operation.cursors[i];
    if (source.kind != Cursor::Input)
      continue;
    if (core.inputsBusy >> source.place & 1)
      return clash(
          "input queue " +
          std::to_string(core.program->inputQueues[source.place].number));
    core.inputsBusy |= uint8_t(1u << source.place);
    operation.inputs[operation.numInputs++] = source.place;
  }
  Cursor &destination = operation.cursors[0];
  if (destination.kind != Cursor::Output)
    return true;
  if (core.outputsBusy >> destination.place & 1)
    return clash(
        "output queue " +
        std::to_string(core.program->outputQueues[destination.place].number));
  uint32_t channel = engine.channelOf(core.tile, destination.color);
  const HostSink *sink = engine.findSink(core.tile, destination.color);
  destination.value =
      sink ? uint32_t(sink - engine.sinks.data()) | sinkFlag : channel;
  if (!sink && (channel == none || !(engine.channels[channel].open & 1))) {
    fail(core.tile,
         "operation '" + std::string(info.builtin->name) + "' sends on color " +
             std::to_string(destination.color) +
             ", which no route takes from the ramp",
         info.location);
    return false;
  }
  core.outputsBusy |= uint8_t(1u << destination.place);
  operation.output = destination.place;
  return true;
}

/// Whether two memory sources are read from the same bank.
static bool banksClash(const Machine &machine, const Operation &operation) {
  if (machine.readBankWords == 0)
    return false;
  const Cursor *first = nullptr;
  for (unsigned i = 1; i <= operation.numSources; ++i) {
    const Cursor &source = operation.cursors[i];
    if (source.kind != Cursor::Memory)
      continue;
    if (first &&
        (first->address / 2 - source.address / 2) % machine.readBankWords == 0)
      return true;
    first = &source;
  }
  return false;
}

bool Strip::issue(Core &core, const VectorOperation &info, uint64_t cycle,
                  uint64_t &cost) {
  unsigned thread = info.isAsync ? info.thread : 0;
  if (core.live >> thread & 1) {
    fail(core.tile,
         "operation '" + std::string(info.builtin->name) +
             "' starts on microthread " + std::to_string(info.microthread) +
             ", which is still busy",
         info.location);
    return false;
  }
  Operation &operation = engine.operations[core.firstOperation + thread];
  operation.info = &info;
  operation.total =
      uint32_t(std::min<uint64_t>(elementsOf(core, info), 0xffffffff));
  operation.finished = 0;
  operation.numInputs = 0;
  operation.output = 0xff;
  operation.issued = cycle;
  operation.function = info.builtin->function;
  operation.numSources = info.builtin->numSources;
  openCursor(core, info.destination, operation.cursors[0],
             operation.dimensions[0]);
  for (unsigned i = 0; i < operation.numSources; ++i)
    openCursor(core, info.sources[i], operation.cursors[i + 1],
               operation.dimensions[i + 1]);
  if (!info.hasFabric) {
    unsigned slowness = banksClash(engine.model.machine, operation) ? 2 : 1;
    for (; operation.finished < operation.total; ++operation.finished)
      if (!element(core, operation))
        return false;
    cost += slowness * ((operation.total + info.elementsPerCycle - 1) /
                        info.elementsPerCycle);
    if (engine.tracing)
      trace.add({cycle, cycle, cycle + cost, core.tile,
                 uint32_t(&info - core.program->vectors.data()),
                 operation.total, 0, TraceEvent::Operation, false});
    return true;
  }
  if (!claim(core, operation))
    return false;
  operation.startAt = cycle + cost;
  core.live |= uint16_t(1u << thread);
  if (!info.isAsync)
    core.state = Core::Sync;
  if (operation.startAt > cycle)
    post(operation.startAt, {core.tile, 0, Event::Wake, 0});
  return true;
}

/// Traps because the element is outside the memory; returns false.
bool Strip::failElement(const Core &core, const Operation &operation,
                        unsigned operand) {
  fail(core.tile,
       "operation '" + std::string(operation.info->builtin->name) + "' " +
           (operand == 0 ? "writes" : "reads") + " address " +
           std::to_string(operation.cursors[operand].address) +
           ", the program has " + std::to_string(core.program->memoryBytes) +
           " bytes",
       operation.info->location);
  return false;
}

static inline bool isOutside(const Core &core, const Cursor &cursor) {
  return cursor.address < 0 || cursor.address + typeBytes(cursor.type) >
                                   int64_t(core.program->memoryBytes);
}

inline bool Strip::loadElement(Core &core, Operation &operation,
                               unsigned operand, uint32_t &value) {
  Cursor &cursor = operation.cursors[operand];
  switch (cursor.kind) {
  case Cursor::Value:
    value = cursor.value;
    return true;
  case Cursor::Input:
    value = normalize(cursor.type, takeInput(core, cursor.place));
    return true;
  default:
    break;
  }
  if (isOutside(core, cursor))
    return failElement(core, operation, operand);
  value = 0;
  std::memcpy(&value, core.memory + cursor.address, typeBytes(cursor.type));
  value = normalize(cursor.type, value);
  advance(cursor, operation.dimensions[operand]);
  return true;
}

inline bool Strip::storeElement(Core &core, Operation &operation,
                                uint32_t value) {
  Cursor &cursor = operation.cursors[0];
  if (cursor.kind == Cursor::Output) {
    OutputQueue &queue = engine.outputQueues[core.firstOutput + cursor.place];
    unsigned at = queue.head + queue.count;
    at -= at >= queue.capacity ? queue.capacity : 0;
    engine.outputWords[queue.firstWord + at] = {
        zeroExtended(cursor.type, value), cursor.value};
    ++queue.count;
    core.outputsPending |= uint8_t(1u << cursor.place);
    again = true;
    return true;
  }
  if (isOutside(core, cursor))
    return failElement(core, operation, 0);
  value = normalize(cursor.type, value);
  std::memcpy(core.memory + cursor.address, &value, typeBytes(cursor.type));
  advance(cursor, operation.dimensions[0]);
  return true;
}

/// One element. Returns false after a trap.
bool Strip::element(Core &core, Operation &operation) {
  uint32_t values[3] = {};
  for (unsigned i = 0; i < operation.numSources; ++i)
    if (!loadElement(core, operation, i + 1, values[i]))
      return false;
  return storeElement(
      core, operation,
      evaluateElement(operation.function, values[0], values[1], values[2]));
}

/// Gives the datapath slot of this cycle to the operation of `thread`. Returns
/// false after a trap.
bool Strip::serve(Core &core, unsigned thread, uint64_t cycle) {
  Operation &operation = engine.operations[core.firstOperation + thread];
  if (operation.finished < operation.total) {
    if (!element(core, operation))
      return false;
    ++operation.finished;
  }
  if (operation.finished == operation.total)
    complete(core, thread, cycle);
  return true;
}

void Strip::complete(Core &core, unsigned thread, uint64_t cycle) {
  Operation &operation = engine.operations[core.firstOperation + thread];
  const VectorOperation &info = *operation.info;
  core.live &= uint16_t(~(1u << thread));
  for (unsigned i = 0; i < operation.numInputs; ++i)
    core.inputsBusy &= uint8_t(~(1u << operation.inputs[i]));
  if (operation.output != 0xff)
    core.outputsBusy &= uint8_t(~(1u << operation.output));
  if (info.activate != none)
    core.active |= uint64_t(1) << info.activate;
  if (info.unblock != none)
    core.blocked &= ~(uint64_t(1) << info.unblock);
  if (!info.isAsync) {
    core.state = Core::Run;
    core.readyAt = cycle + 1;
  }
  if (engine.tracing)
    trace.add({cycle, operation.issued, cycle + 1, core.tile,
               uint32_t(&info - core.program->vectors.data()), operation.total,
               uint8_t(info.isAsync ? 1 + info.microthread : 0),
               TraceEvent::Operation, false});
}
