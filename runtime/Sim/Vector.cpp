//===- Vector.cpp - elements of vector operations -------------------------===//
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

/// Of an operation on memory, which has to end soon.
static constexpr uint32_t mostElementsAtOnce = 1 << 24;

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

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

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
    if (cursor.hasHalf) {
      cursor.hasHalf = false;
      value = normalize(cursor.type, cursor.half);
      return true;
    }
    value = operation.flags & TransformsControl ? takeTransformed(core, cursor)
                                                : takeInput(core, cursor.place);
    if (cursor.packs) {
      cursor.hasHalf = true;
      cursor.half = value >> 16;
    }
    value = normalize(cursor.type, value);
    return true;
  case Cursor::Fifo:
    value = normalize(cursor.type, pop(core, cursor));
    return true;
  default:
    break;
  }
  if (isOutside(core, cursor))
    return failElement(core, operation, operand);
  value = 0;
  std::memcpy(&value, core.memory + cursor.address, typeBytes(cursor.type));
  value = normalize(cursor.type, value);
  if (operation.flags & ZeroesSource && operand == operation.zeroSource)
    std::memset(core.memory + cursor.address, 0, typeBytes(cursor.type));
  advance(cursor, operation.dimensions[operand]);
  return true;
}

/// Bits of data that stand for a control wavelet.
static constexpr uint32_t controlMark = 0xc0000000;

/// Takes a wavelet; one of control becomes data with a mark, and the core's
/// mask changes the number of its task.
uint32_t Strip::takeTransformed(Core &core, const Cursor &cursor) {
  bool isControl = cursor.transforms && headOf(core, cursor.place).control;
  uint32_t word = takeInput(core, cursor.place);
  return isControl ? (word | controlMark) ^ uint32_t(core.controlMask) << 16
                   : word;
}

/// Puts a word into the operation's output queue.
void Strip::emit(Core &core, Operation &operation, uint32_t word) {
  const Cursor &cursor = operation.cursors[0];
  OutputQueue &queue = engine.outputQueues[core.firstOutput + cursor.place];
  unsigned at = queue.head + queue.count;
  at -= at >= queue.capacity ? queue.capacity : 0;
  bool isLast = operation.finished + 1 == operation.total;
  uint32_t advance = isLast && operation.flags & AdvancesSwitch
                         ? uint32_t(AdvanceFlag) << targetFlagsShift
                         : 0;
  if (cursor.transforms && (word & controlMark) == controlMark) {
    word &= ~controlMark;
    advance |= uint32_t(ControlFlag) << targetFlagsShift;
  }
  engine.outputWords[queue.firstWord + at] = {word, cursor.value | advance};
  ++queue.count;
  core.outputsPending |= uint8_t(1u << cursor.place);
  again = true;
}

inline bool Strip::storeElement(Core &core, Operation &operation,
                                uint32_t value) {
  Cursor &cursor = operation.cursors[0];
  if (cursor.kind == Cursor::Output) {
    uint32_t word = zeroExtended(cursor.type, value) | uint32_t(cursor.address);
    if (cursor.packs) {
      bool isLast = operation.finished + 1 == operation.total;
      if (!cursor.hasHalf && !isLast) {
        cursor.hasHalf = true;
        cursor.half = word;
        return true;
      }
      word = cursor.hasHalf ? cursor.half | word << 16 : word;
      cursor.hasHalf = false;
    }
    emit(core, operation, word);
    return true;
  }
  if (cursor.kind == Cursor::Fifo) {
    push(core, cursor, value);
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
  if (operation.flags & CarriesOver) {
    uint32_t sum =
        (values[0] & 0xffff) + (values[1] & 0xffff) + operation.carry;
    operation.carry = sum >> 16;
    return storeElement(core, operation, sum);
  }
  uint32_t result =
      evaluateElement(operation.function, values[0], values[1], values[2]);
  if (core.masked != 0xffff && raises(core, operation, values, result))
    return false;
  return storeElement(core, operation, result);
}

//===----------------------------------------------------------------------===//
// FIFOs
//===----------------------------------------------------------------------===//

void Strip::push(Core &core, const Cursor &cursor, uint32_t value) {
  const FifoInfo &info = core.program->fifos[cursor.place];
  FifoState &fifo = engine.fifos[core.firstFifo + cursor.place];
  uint32_t bytes = typeBytes(info.type);
  uint32_t at = (fifo.head + fifo.count) % info.elements;
  std::memcpy(core.memory + info.address + at * bytes, &value, bytes);
  ++fifo.count;
  if (fifo.popWants && fifo.count >= fifo.popWants) {
    fifo.popWants = 0;
    if (info.activatePush != none)
      core.active |= uint64_t(1) << core.program->tasks[info.activatePush].id;
  }
}

uint32_t Strip::pop(Core &core, const Cursor &cursor) {
  const FifoInfo &info = core.program->fifos[cursor.place];
  FifoState &fifo = engine.fifos[core.firstFifo + cursor.place];
  uint32_t value = 0, bytes = typeBytes(info.type);
  std::memcpy(&value, core.memory + info.address + fifo.head * bytes, bytes);
  fifo.head = (fifo.head + 1) % info.elements;
  --fifo.count;
  if (fifo.pushWants && info.elements - fifo.count >= fifo.pushWants) {
    fifo.pushWants = 0;
    if (info.activatePop != none)
      core.active |= uint64_t(1) << core.program->tasks[info.activatePop].id;
  }
  return value;
}

/// Whether the FIFOs of an operation have an element, or room for one. Notes
/// down who has to be told when they have.
bool Strip::fifoReady(const Core &core, Operation &operation) {
  bool ready = true;
  for (unsigned i = 0; i <= operation.numSources; ++i) {
    const Cursor &cursor = operation.cursors[i];
    if (cursor.kind != Cursor::Fifo)
      continue;
    uint32_t elements = core.program->fifos[cursor.place].elements;
    FifoState &fifo = engine.fifos[core.firstFifo + cursor.place];
    uint32_t wanted =
        operation.isAsync
            ? 1
            : std::min(operation.total - operation.finished, elements);
    if (i == 0 && fifo.count == elements) {
      fifo.pushWants = wanted;
      ready = false;
    } else if (i > 0 && fifo.count == 0) {
      fifo.popWants = wanted;
      ready = false;
    }
  }
  return ready;
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

/// An operation that needs no wavelets, in one go. Returns false after a trap.
bool Strip::runAtOnce(Core &core, Operation &operation, uint64_t cycle,
                      uint64_t &cost) {
  const VectorOperation &info = *operation.info;
  if (operation.total > mostElementsAtOnce)
    return failIssue(core, info,
                     "has " + std::to_string(operation.total) +
                         " elements, more than " +
                         std::to_string(mostElementsAtOnce));
  unsigned slowness = banksClash(engine.model.machine, operation) ? 2 : 1;
  bool good = true;
  for (; operation.finished < operation.total && good; ++operation.finished) {
    if (operation.flags & UsesFifo && !fifoReady(core, operation)) {
      good = false;
      break;
    }
    if (!element(core, operation))
      return false;
  }
  cost += slowness * ((operation.finished + info.elementsPerCycle - 1) /
                      info.elementsPerCycle);
  finish(core, operation, good);
  if (engine.tracing && !inStartUp)
    trace.add({cycle, cycle, cycle + cost, core.tile,
               uint32_t(&info - core.program->vectors.data()),
               operation.finished, 0, TraceEvent::Operation, false});
  return true;
}

/// What a live operation can do now.
Strip::Gate Strip::gate(const Core &core, Operation &operation) {
  bool wait = false;
  for (unsigned i = 1; i <= operation.numSources; ++i) {
    const Cursor &cursor = operation.cursors[i];
    if (cursor.kind != Cursor::Input || cursor.hasHalf)
      continue;
    if (engine.inputQueues[core.firstInput + cursor.place].count == 0) {
      wait = true;
    } else if (core.sawControl && headOf(core, cursor.place).control &&
               operation.function != Builtin::Filter) {
      if (operation.onControl != image::OnControl::None)
        return Gate::EndByControl;
      wait |= !cursor.transforms;
    }
  }
  if (operation.output != 0xff) {
    const OutputQueue &queue =
        engine.outputQueues[core.firstOutput + operation.output];
    wait |= queue.count >= queue.capacity;
  }
  if (wait)
    return Gate::Wait;
  if (operation.flags & UsesFifo && !fifoReady(core, operation))
    return operation.isAsync ? Gate::Wait : Gate::EndByFifo;
  return Gate::Go;
}

uint16_t Strip::readyOperations(const Core &core, uint64_t cycle) {
  uint16_t ready = 0;
  for (uint16_t live = core.live & uint16_t(~core.blockedThreads); live;
       live &= uint16_t(live - 1)) {
    unsigned thread = unsigned(__builtin_ctz(live));
    Operation &operation = engine.operations[core.firstOperation + thread];
    if (operation.startAt > cycle)
      continue;
    if (operation.flags || core.sawControl) {
      if (operation.finished == operation.total ||
          gate(core, operation) != Gate::Wait)
        ready |= uint16_t(1u << thread);
      continue;
    }
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

/// Gives the datapath slot of this cycle to the operation of `thread`. Returns
/// false after a trap.
bool Strip::serve(Core &core, unsigned thread, uint64_t cycle) {
  Operation &operation = engine.operations[core.firstOperation + thread];
  if (operation.flags)
    return serveSpecial(core, thread, cycle);
  if (operation.finished < operation.total) {
    if (!element(core, operation))
      return false;
    ++operation.finished;
  }
  if (operation.finished == operation.total)
    complete(core, thread, cycle);
  return true;
}

bool Strip::serveSpecial(Core &core, unsigned thread, uint64_t cycle) {
  Operation &operation = engine.operations[core.firstOperation + thread];
  unsigned count = operation.flags & PacksHalves ? 2 : 1;
  for (unsigned i = 0; i < count && operation.finished < operation.total; ++i) {
    switch (gate(core, operation)) {
    case Gate::Wait:
      return true;
    case Gate::EndByControl:
      endByControl(core, operation);
      complete(core, thread, cycle);
      return true;
    case Gate::EndByFifo:
      complete(core, thread, cycle, /*good=*/false);
      return true;
    case Gate::Go:
      break;
    }
    if (operation.function == Builtin::Filter) {
      bool control = headOf(core, operation.inputs[0]).control;
      takeInput(core, operation.inputs[0]);
      operation.finished += control;
      continue;
    }
    if (!element(core, operation))
      return false;
    ++operation.finished;
  }
  if (operation.finished == operation.total)
    complete(core, thread, cycle);
  return true;
}

/// Takes the control wavelet that ends an operation. Its own task takes the
/// place of those of the operation.
void Strip::endByControl(Core &core, Operation &operation) {
  for (unsigned i = 0; i < operation.numInputs; ++i) {
    unsigned place = operation.inputs[i];
    if (engine.inputQueues[core.firstInput + place].count == 0 ||
        !headOf(core, place).control)
      continue;
    takeInput(core, place);
    break;
  }
  Cursor &destination = operation.cursors[0];
  if (destination.kind == Cursor::Output && destination.hasHalf) {
    destination.hasHalf = false;
    emit(core, operation, destination.half);
  }
  if (operation.onControl == image::OnControl::Terminate)
    return;
  operation.effects = Effects();
  if (operation.onControl == image::OnControl::Activate)
    operation.effects.activate(*core.program, operation.onControlTask);
  else
    operation.effects.unblock(*core.program, operation.onControlTask);
}

/// What the end of an operation changes in its PE.
void Strip::finish(Core &core, Operation &operation, bool good) {
  const Effects &effects = operation.effects;
  core.active |= effects.active;
  core.blocked &= ~effects.unblocked;
  core.blockedControl &= ~effects.unblockedControl;
  if (!operation.isAsync && operation.result != noRegister)
    core.registers[core.frame + operation.result] = good;
  leaveOperands(core, operation, good);
}

/// What an operation leaves in registers and FIFOs for the next one.
void Strip::leaveOperands(Core &core, const Operation &operation, bool good) {
  for (unsigned i = 0; i <= operation.numSources; ++i) {
    const Cursor &cursor = operation.cursors[i];
    if (operation.saved[i] != 0xff) {
      DsrState &dsr = engine.dsrs[core.firstDsr + operation.saved[i]];
      dsr.left -= std::min(dsr.left, operation.finished);
      if (cursor.kind == Cursor::Memory) {
        dsr.dsd.address = uint32_t(cursor.address) & 0xffff;
        const auto &index = operation.dimensions[i].index;
        std::copy(index, std::end(index), dsr.index);
      }
    }
    if (good || cursor.kind != Cursor::Fifo)
      continue;
    FifoState &fifo = engine.fifos[core.firstFifo + cursor.place];
    uint32_t &length = i == 0 ? fifo.writeLength : fifo.readLength;
    if (length)
      length = operation.total - operation.finished;
  }
  const Cursor &destination = operation.cursors[0];
  if (!good && destination.kind == Cursor::Scalar && operation.finished)
    std::memcpy(core.memory + destination.address, &destination.half,
                typeBytes(destination.type));
}

void Strip::complete(Core &core, unsigned thread, uint64_t cycle, bool good) {
  Operation &operation = engine.operations[core.firstOperation + thread];
  const VectorOperation &info = *operation.info;
  core.live &= uint16_t(~(1u << thread));
  for (unsigned i = 0; i < operation.numInputs; ++i) {
    uint8_t others = uint8_t(~(1u << operation.inputs[i]));
    core.inputsBusy &= others;
    core.controlTakers &= others;
  }
  if (operation.output != 0xff)
    core.outputsBusy &= uint8_t(~(1u << operation.output));
  finish(core, operation, good);
  if (!operation.isAsync) {
    core.state = Core::Run;
    core.readyAt = cycle + 1;
  }
  if (engine.tracing)
    trace.add({cycle, operation.issued, cycle + 1, core.tile,
               uint32_t(&info - core.program->vectors.data()),
               operation.finished,
               uint8_t(operation.isAsync ? 1 + operation.microthread : 0),
               TraceEvent::Operation, false});
}
