//===- Registers.cpp - configuration registers of a PE --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registers of queues, tasks, threads and filters; those of colors are in
// Switch.cpp. The image's description says what stands where.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

static constexpr uint32_t inputConfigs = 0xf6e0, outputConfigs = 0xf700,
                          plainRegisters = 0xf720, priorities = 0xf740,
                          filterRegisters = 0xf800;
static constexpr unsigned numPriorities = 64, filterBytes = 32;
// Of a queue's register.
static constexpr unsigned colorShift = 4, colorBits = 31;
static constexpr uint16_t filterIsOff = 1u << 9;

/// The plain registers in order.
enum PlainRegister : unsigned {
  InputStatus,
  OutputStatus,
  InputFlushed,
  OutputFlushed,
  FlushInputs,
  FlushOutputs,
  MainPriority,
  ControlMask,
  ExceptionMask,
  NumPlainRegisters
};

/// The words of a filter's registers in order.
enum FilterPart : unsigned {
  FilterLimit,
  FilterLargest,
  FilterCount,
  FilterCountHigh,
  FilterDrops,
  FilterPasses,
  FilterPassesHigh,
  FilterDropCount,
  FilterDropCountHigh,
  FilterStateCount,
  FilterStateCountHigh,
  NumFilterParts
};

/// Number of the register of 16 bits in a group, or -1.
static int placeIn(uint32_t address, uint32_t first, unsigned count) {
  bool isThere = address >= first && address < first + 2 * count &&
                 (address - first) % 2 == 0;
  return isThere ? int(address - first) / 2 : -1;
}

//===----------------------------------------------------------------------===//
// Filters
//===----------------------------------------------------------------------===//

Filter *Strip::filterAt(const Core &core, unsigned color) const {
  uint32_t channel = engine.channelOf(core.tile, color);
  uint32_t lever = channel == none ? none : engine.channels[channel].lever;
  uint32_t filter = lever == none ? none : engine.levers[lever].filter;
  return filter == none ? nullptr : &engine.filters[filter];
}

static uint32_t dropCount(const Filter &filter) {
  uint64_t period = filter.limit + uint64_t(1);
  return period < filter.passes ? 0 : uint32_t(period - filter.passes);
}

/// The 32-bit value of which a part is one half.
static uint32_t valueOf(const Filter &filter, unsigned part) {
  bool drops = filter.count >= filter.passes;
  switch (part) {
  case FilterLimit:
    return filter.limit;
  case FilterLargest:
    return uint32_t(filter.passes - 1);
  case FilterCount:
    return filter.count;
  case FilterDrops:
    return drops;
  case FilterPasses:
    return uint32_t(2 * filter.passes);
  case FilterDropCount:
    return 2 * dropCount(filter);
  default:
    return 2 * (drops ? uint32_t(filter.count - filter.passes) : filter.count);
  }
}

static void setPeriod(Filter &filter, uint64_t passes, uint64_t drops) {
  filter.passes = passes;
  filter.limit = uint32_t(passes + drops == 0 ? 0 : passes + drops - 1);
}

static void setValue(Filter &filter, unsigned part, uint32_t value) {
  bool drops = filter.count >= filter.passes;
  switch (part) {
  case FilterLimit:
    filter.limit = value;
    return;
  case FilterLargest:
    filter.passes = uint64_t(value) + 1;
    return;
  case FilterCount:
    filter.count = value;
    return;
  case FilterDrops:
    if (drops != ((value & 1) != 0))
      filter.count = uint32_t(
          drops ? 0 : std::min<uint64_t>(filter.passes, uint32_t(none)));
    return;
  case FilterPasses:
    return setPeriod(filter, value / 2, dropCount(filter));
  case FilterDropCount:
    return setPeriod(filter, filter.passes, value / 2);
  default:
    filter.count = uint32_t((drops ? filter.passes : 0) + value / 2);
  }
}

/// The part that holds the low half, and where the part's bits stand.
static std::pair<unsigned, unsigned> halfOf(unsigned part) {
  bool isHigh = part == FilterCountHigh || part == FilterPassesHigh ||
                part == FilterDropCountHigh || part == FilterStateCountHigh;
  return {isHigh ? part - 1 : part, isHigh ? 16u : 0u};
}

bool Strip::writeFilter(Core &core, unsigned color, unsigned part,
                        uint16_t value) {
  Filter *filter = filterAt(core, color);
  if (!filter || part >= NumFilterParts)
    return false;
  auto [low, shift] = halfOf(part);
  bool isWide =
      low != FilterLimit && low != FilterLargest && low != FilterDrops;
  uint32_t others = isWide ? valueOf(*filter, low) & ~(0xffffu << shift) : 0;
  setValue(*filter, low, others | uint32_t(value) << shift);
  return true;
}

//===----------------------------------------------------------------------===//
// Queues
//===----------------------------------------------------------------------===//

/// Bits 0 to 7: the queue is empty; 8 to 15: it is full.
uint16_t Strip::readQueues(const Core &core, bool outputs) const {
  const Program &program = *core.program;
  unsigned empty = 0, full = 0;
  for (unsigned number = 0; number < maxQueues; ++number) {
    unsigned place =
        (outputs ? program.outputPlace : program.inputPlace)[number];
    unsigned count = 0, capacity = 1;
    if (place != 0xff && outputs) {
      const OutputQueue &queue = engine.outputQueues[core.firstOutput + place];
      count = queue.count;
      capacity = queue.capacity;
    } else if (place != 0xff) {
      const InputQueue &queue = engine.inputQueues[core.firstInput + place];
      count = queue.count;
      capacity = queue.capacity - unsigned(rampLatency); // without the ramp
    }
    empty |= unsigned(count == 0) << number;
    full |= unsigned(count >= capacity) << number;
  }
  return uint16_t(empty | full << maxQueues);
}

/// The queue takes the wavelets of another color from now on.
bool Strip::rebindInput(Core &core, unsigned place, unsigned color) {
  InputQueue &queue = engine.inputQueues[core.firstInput + place];
  uint32_t number = engine.channelOf(core.tile, color);
  auto isBound = [&] {
    return queue.channel != none &&
           engine.channels[queue.channel].inputPlace == place;
  };
  if (number == queue.channel && isBound())
    return true;
  unsigned onTheWay = 0;
  if (isBound()) {
    Channel &old = engine.channels[queue.channel];
    onTheWay = unsigned(queue.capacity) - old.credits[Ramp];
    old.inputPlace = 0xff;
    old.credits[Ramp] = 0;
    old.exhausted |= 1u << Ramp;
  }
  std::string name =
      "input queue " + std::to_string(core.program->inputQueues[place].number);
  if (onTheWay != 0 || core.inputsBusy >> place & 1) {
    fail(core.tile, name + " gets another color while it " +
                        (onTheWay ? "holds wavelets" : "is in use"));
    return true;
  }
  queue.channel = number;
  if (number == none)
    return true;
  Channel &channel = engine.channels[number];
  if (channel.inputPlace != 0xff) {
    fail(core.tile, name + " gets color " + std::to_string(color) +
                        ", which another input queue has");
    return true;
  }
  channel.inputPlace = uint8_t(place);
  channel.credits[Ramp] = queue.capacity;
  channel.exhausted &= uint8_t(~(1u << Ramp));
  again |= channel.count > 0;
  return true;
}

/// A store to the register of a queue.
bool Strip::rebind(Core &core, bool output, unsigned number, uint16_t value) {
  const Program &program = *core.program;
  unsigned place = (output ? program.outputPlace : program.inputPlace)[number];
  unsigned color = value >> colorShift & colorBits;
  if (place == 0xff || color >= numColors)
    return false;
  if (!output) {
    if (Filter *filter = filterAt(core, color))
      filter->isBypassed = value & filterIsOff;
    return rebindInput(core, place, color);
  }
  OutputQueue &queue = engine.outputQueues[core.firstOutput + place];
  if (!engine.model.machine.outputQueueBoundToColor)
    return true;
  unsigned now = queue.color == 0xff ? program.outputQueues[place].color
                                     : unsigned(queue.color);
  if (now != color && (queue.count > 0 || core.outputsBusy >> place & 1))
    fail(core.tile, "output queue " + std::to_string(number) +
                        " gets another color while it " +
                        (queue.count ? "holds wavelets" : "is in use"));
  queue.color = uint8_t(color);
  return true;
}

//===----------------------------------------------------------------------===//
// Exceptions
//===----------------------------------------------------------------------===//

/// Underflow and inexact.
static constexpr unsigned unseenExceptions = 1u << 3 | 1u << 5;

bool Strip::failException(const Core &core, unsigned exceptions,
                          uint32_t location) {
  const char *name = exceptions & divisionException  ? "FP_DIV_BY_0"
                     : exceptions & invalidException ? "FP_INVALID"
                                                     : "FP_OVERFLOW";
  fail(core.tile, std::string("the exception ") + name + " stops the PE",
       location);
  return false;
}

/// Whether an element raises an exception that stops the PE; traps then.
bool Strip::raises(const Core &core, const Operation &operation,
                   const uint32_t *values, uint32_t result) {
  FloatOperand operands[3];
  for (unsigned i = 0; i < operation.numSources; ++i)
    operands[i] = {operation.cursors[i + 1].type, values[i]};
  unsigned exceptions = floatExceptions(operands, operation.numSources,
                                        {operation.cursors[0].type, result}) &
                        ~unsigned(core.masked);
  if (exceptions)
    failException(core, exceptions, operation.info->location);
  return exceptions != 0;
}

//===----------------------------------------------------------------------===//
// All registers
//===----------------------------------------------------------------------===//

std::optional<uint16_t> Strip::readConfig(const Core &core,
                                          uint32_t address) const {
  int place = placeIn(address, plainRegisters, NumPlainRegisters);
  switch (place) {
  case InputStatus:
  case OutputStatus:
    return readQueues(core, place == OutputStatus);
  case InputFlushed:
    return uint16_t(core.flushed & 0xff);
  case OutputFlushed:
    return uint16_t(core.flushed >> maxQueues);
  case FlushInputs:
    return uint16_t(core.flushWanted & 0xff);
  case FlushOutputs:
    return uint16_t(core.flushWanted >> maxQueues);
  case MainPriority:
    return uint16_t(core.mainRank - 1);
  case ControlMask:
    return uint16_t(core.controlMask);
  case ExceptionMask:
    return core.masked;
  default:
    break;
  }
  place = placeIn(address, priorities, numPriorities);
  if (place >= 0)
    return uint16_t(core.highPriority >> place & 1);
  for (bool output : {false, true}) {
    place = placeIn(address, output ? outputConfigs : inputConfigs, maxQueues);
    if (place < 0)
      continue;
    const Program &program = *core.program;
    unsigned queue =
        (output ? program.outputPlace : program.inputPlace)[size_t(place)];
    if (queue == 0xff)
      return std::nullopt;
    unsigned color;
    if (output) {
      color = engine.outputQueues[core.firstOutput + queue].color;
      color = color == 0xff ? program.outputQueues[queue].color : color;
    } else {
      uint32_t channel = engine.inputQueues[core.firstInput + queue].channel;
      color = channel == none ? program.inputQueues[queue].color
                              : engine.channels[channel].color;
    }
    const Filter *filter = output ? nullptr : filterAt(core, color);
    return uint16_t(color << colorShift |
                    (filter && filter->isBypassed ? filterIsOff : 0u));
  }
  place = placeIn(address, filterRegisters, numColors * filterBytes / 2);
  if (place < 0)
    return readColorConfig(core, address);
  const Filter *filter = filterAt(core, unsigned(place) / (filterBytes / 2));
  unsigned part = unsigned(place) % (filterBytes / 2);
  if (!filter || part >= NumFilterParts)
    return std::nullopt;
  auto [low, shift] = halfOf(part);
  return uint16_t(valueOf(*filter, low) >> shift);
}

/// A store to a plain register; false: it can only be read.
bool Strip::writePlain(Core &core, unsigned number, uint16_t value) {
  uint16_t queues = value & 0xff;
  switch (number) {
  case InputFlushed:
    core.flushed &= uint16_t(~queues);
    return true;
  case OutputFlushed:
    core.flushed &= uint16_t(~(queues << maxQueues));
    return true;
  case FlushInputs:
    core.flushWanted |= queues;
    return true;
  case FlushOutputs:
    core.flushWanted |= uint16_t(queues << maxQueues);
    return true;
  case MainPriority:
    core.mainRank = uint8_t((value & 3) + 1);
    return true;
  case ControlMask:
    core.controlMask = uint8_t(value & 0x3f);
    return true;
  case ExceptionMask:
    if (~value & unseenExceptions)
      fail(core.tile, "exceptions for underflow and for inexact results are "
                      "not supported; mask them");
    core.masked = value;
    return true;
  default:
    return false;
  }
}

bool Strip::writeConfig(Core &core, uint32_t address, uint16_t value) {
  int place = placeIn(address, plainRegisters, NumPlainRegisters);
  if (place >= 0)
    return writePlain(core, unsigned(place), value);
  place = placeIn(address, priorities, numPriorities);
  if (place >= 0) {
    uint64_t bit = uint64_t(1) << place;
    core.highPriority =
        value & 1 ? core.highPriority | bit : core.highPriority & ~bit;
    return true;
  }
  for (bool output : {false, true}) {
    place = placeIn(address, output ? outputConfigs : inputConfigs, maxQueues);
    if (place >= 0)
      return rebind(core, output, unsigned(place), value);
  }
  place = placeIn(address, filterRegisters, numColors * filterBytes / 2);
  if (place >= 0)
    return writeFilter(core, unsigned(place) / (filterBytes / 2),
                       unsigned(place) % (filterBytes / 2), value);
  return writeColorConfig(core, address, value);
}
