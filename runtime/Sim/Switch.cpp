//===- Switch.cpp - what changes a route ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Commands of control wavelets, filters, and configuration registers. A
// control wavelet is forwarded by the route that it finds; then its first
// command changes the route for those behind it.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

//===----------------------------------------------------------------------===//
// Control wavelets
//===----------------------------------------------------------------------===//

// Commands are three bits each: bits 22 to 29 and then 0 to 15 of the wavelet.
uint32_t sim::popCommand(uint32_t data) {
  constexpr uint32_t highBits = 0x3fc00000, lowBits = 0xffff;
  uint32_t list = (data & highBits) >> 22 | (data & lowBits) << 8;
  constexpr uint32_t lastCommand = 7u << 21;
  list = list >> 3 | (list & lastCommand); // the last one stays where it was
  return (data & ~(highBits | lowBits)) | (list << 22 & highBits) | list >> 8;
}

void Engine::select(Channel &channel) {
  if (channel.lever != none) {
    const Lever &lever = levers[channel.lever];
    channel.rx = lever.rx;
    channel.tx = lever.tx;
    // A side that a position leaves alone stays as the positions before it had
    // made it.
    for (unsigned i = 0; i < lever.position; ++i) {
      SwitchPosition position = lever.positions[i];
      channel.rx = position.rx ? position.rx : channel.rx;
      channel.tx = position.tx ? position.tx : channel.tx;
    }
  }
  if (channel.isTornDown)
    channel.rx = 0;
}

/// Goes to the next valid position; returns whether the position has changed.
bool Strip::advanceSwitch(Channel &channel) {
  if (channel.lever == none)
    return false;
  Lever &lever = engine.levers[channel.lever];
  unsigned from = lever.position, to = from + 1;
  while (to < numPositions && !lever.positions[to - 1].isValid())
    ++to;
  if (to == numPositions)
    to = lever.ring ? 0 : from;
  lever.position = uint8_t(to);
  engine.select(channel);
  return to != from;
}

/// Returns whether the position has changed.
bool Strip::runCommand(Channel &channel, uint32_t command, uint64_t cycle) {
  switch (SwitchCommand(command & 3)) {
  case SwitchCommand::Nop:
    return false;
  case SwitchCommand::Advance:
    return advanceSwitch(channel);
  case SwitchCommand::Reset: {
    if (channel.lever == none)
      return false;
    Lever &lever = engine.levers[channel.lever];
    bool changes = lever.position != 0;
    lever.position = 0;
    engine.select(channel);
    return changes;
  }
  case SwitchCommand::Teardown: {
    channel.isTornDown = true;
    engine.select(channel);
    uint32_t core = engine.tiles[channel.tile].core;
    if (core != none) // behind what has gone down the ramp before
      post(cycle + rampLatency, {core, 0, Event::Teardown, channel.color});
    return false;
  }
  }
  return false;
}

static bool pops(image::PopMode mode, unsigned command, bool hasChanged) {
  switch (mode) {
  case image::PopMode::NoPop:
    return false;
  case image::PopMode::AlwaysPop:
    return true;
  case image::PopMode::PopOnAdvance:
    return hasChanged;
  case image::PopMode::PopOnAdvanceNop:
    return hasChanged || SwitchCommand(command & 3) == SwitchCommand::Nop;
  }
  return false;
}

/// What a wavelet does to its channel as it leaves; returns what the next
/// routers get.
uint32_t Strip::passSpecial(Channel &channel, const Slot &slot,
                            uint64_t cycle) {
  // A wavelet that the filter keeps from the ramp counts as well; one that is
  // not for the core does not get to the filter.
  bool isControl = slot.flags & ControlFlag;
  unsigned command = isControl ? firstCommand(slot.data) : 0;
  if (channel.lever != none && channel.tx & 1 && !(command & 4)) {
    const Lever &lever = engine.levers[channel.lever];
    if (lever.filter != none)
      countInFilter(engine.filters[lever.filter], slot);
  }
  uint32_t passedOn = slot.data;
  if (isControl) {
    bool hasChanged = runCommand(channel, command, cycle);
    if (channel.lever != none &&
        pops(engine.levers[channel.lever].popMode, command, hasChanged))
      passedOn = popCommand(slot.data);
  }
  if (slot.flags & AdvanceFlag && slot.port == Ramp)
    advanceSwitch(channel);
  return passedOn;
}

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

static int32_t stepsEast(uint32_t header) {
  constexpr unsigned above = 32 - messageSouthShift;
  return int32_t(header << above) >> (above + messageEastShift);
}

static int32_t stepsSouth(uint32_t header) {
  return int32_t(header) >> messageSouthShift;
}

Port sim::wayOfMessage(uint32_t header) {
  if (int32_t steps = stepsEast(header))
    return steps > 0 ? East : West;
  if (int32_t steps = stepsSouth(header))
    return steps > 0 ? South : North;
  return Ramp;
}

uint32_t sim::headerBehind(uint32_t header, Port way) {
  constexpr uint32_t length = (1u << messageEastShift) - 1;
  uint32_t east = uint32_t(stepsEast(header)) - (way == East) + (way == West);
  uint32_t south =
      uint32_t(stepsSouth(header)) - (way == South) + (way == North);
  constexpr unsigned eastBits = messageSouthShift - messageEastShift;
  return (header & length) |
         (east & ((1u << eastBits) - 1)) << messageEastShift |
         south << messageSouthShift;
}

/// What the wavelet does to the crossing as it leaves; returns what the next
/// router gets.
uint32_t Strip::passMessage(const Channel &channel, const Slot &slot,
                            unsigned output) {
  Crossing &crossing = engine.crossings[engine.levers[channel.lever].crossing];
  unsigned way = unsigned(__builtin_ctz(output));
  bool isHeader = crossing.wayOf[slot.port] == Crossing::noPort;
  bool isLast = slot.flags & ControlFlag;
  crossing.wayOf[slot.port] = isLast ? Crossing::noPort : uint8_t(way);
  crossing.holder[way] = isLast ? Crossing::noPort : slot.port;
  return isHeader ? headerBehind(slot.data, Port(way)) : slot.data;
}

//===----------------------------------------------------------------------===//
// Filters
//===----------------------------------------------------------------------===//

static bool isCounted(const FilterInfo &info, const Slot &slot) {
  return slot.flags & ControlFlag ? info.countControl : info.countData;
}

bool sim::passesFilter(const Filter &filter, const Slot &slot) {
  const FilterInfo &info = filter.info;
  if (filter.isBypassed)
    return true;
  bool isControl = slot.flags & ControlFlag;
  if (info.kind == image::FilterKind::Range) {
    uint32_t index = slot.data >> 16;
    return isControl || (index >= info.minIndex && index <= info.maxIndex);
  }
  if (filter.isOff)
    return true;
  if (isControl && info.filterControl)
    return filter.count + uint64_t(1) == filter.passes;
  return !isCounted(info, slot) || filter.count < filter.passes;
}

void sim::countInFilter(Filter &filter, const Slot &slot) {
  const FilterInfo &info = filter.info;
  if (info.kind == image::FilterKind::Range || filter.isOff ||
      !isCounted(info, slot))
    return;
  if (filter.count < filter.limit) {
    ++filter.count;
    return;
  }
  filter.count = 0;
  if (info.kind == image::FilterKind::Counter)
    return;
  filter.isOff = filter.onSecondLimit;
  filter.onSecondLimit = true;
  filter.limit = info.limit2;
}

//===----------------------------------------------------------------------===//
// Configuration registers
//===----------------------------------------------------------------------===//

// Bits of a color's first register.
static constexpr uint16_t swapYBit = 1u << 10, swapXBit = 1u << 11,
                          teardownBit = 1u << 14;
static constexpr unsigned popModeShift = 12;
// Bits of its second register.
static constexpr uint16_t ringBit = 1u << 12, positionBits = 3u << 13;
static constexpr unsigned positionShift = 13, positionWidth = 4;
static constexpr uint16_t sideBit = 8; // of one position: takes, not sends
static constexpr uint16_t noDirection = 5;

static constexpr uint32_t colorRegisters = 0xfe40, switchRegisters = 0xfe80,
                          otherSideRegisters = 0xfec0;

/// Registers number the ports the other way round than the image.
static unsigned mirrored(unsigned ports) {
  unsigned result = 0;
  for (unsigned port = 0; port < numPorts; ++port)
    result |= (ports >> port & 1) << (numPorts - 1 - port);
  return result;
}

uint16_t sim::initialColorWord(unsigned rx, unsigned tx) {
  return uint16_t(mirrored(tx) | mirrored(rx) << numPorts);
}

static uint16_t positionCode(SwitchPosition position) {
  if (!position.isValid())
    return noDirection;
  unsigned ports = mirrored(position.rx ? position.rx : position.tx);
  return uint16_t(unsigned(__builtin_ctz(ports)) |
                  (position.rx ? sideBit : 0u));
}

static SwitchPosition positionOf(uint16_t code) {
  unsigned direction = code & 7;
  if (direction >= noDirection)
    return {};
  uint8_t port = uint8_t(mirrored(1u << direction));
  return code & sideBit ? SwitchPosition{port, 0} : SwitchPosition{0, port};
}

static uint8_t swappedPorts(bool x, bool y) {
  return uint8_t((x ? 1u << East | 1u << West : 0u) |
                 (y ? 1u << North | 1u << South : 0u));
}

Lever sim::initialLever(ColorRoute route, const RouteSettings &settings) {
  Lever lever;
  lever.rx = uint8_t(route.rx);
  lever.tx = uint8_t(route.tx);
  std::copy(std::begin(settings.positions), std::end(settings.positions),
            lever.positions);
  lever.position = settings.position;
  lever.popMode = settings.popMode;
  lever.ring = settings.ring;
  lever.swapped = swappedPorts(settings.swapX, settings.swapY);
  lever.colorWord = uint16_t(initialColorWord(route.rx, route.tx) |
                             (settings.swapX ? swapXBit : 0u) |
                             (settings.swapY ? swapYBit : 0u) |
                             unsigned(settings.popMode) << popModeShift);
  lever.switchWord = settings.ring ? ringBit : 0;
  for (unsigned i = 0; i < numPositions - 1; ++i)
    lever.switchWord |=
        uint16_t(positionCode(settings.positions[i]) << i * positionWidth);
  return lever;
}

void Strip::writeColor(Channel &channel, uint16_t value) {
  Lever &lever = engine.levers[channel.lever];
  constexpr unsigned ports = (1u << numPorts) - 1;
  lever.colorWord = value & uint16_t(~teardownBit);
  lever.tx = uint8_t(mirrored(value & ports));
  lever.rx = uint8_t(mirrored(value >> numPorts & ports));
  lever.swapped = swappedPorts(value & swapXBit, value & swapYBit);
  lever.popMode = image::PopMode(value >> popModeShift & 3);
  channel.isTornDown = value & teardownBit;
}

void Strip::writeSwitch(Channel &channel, uint16_t value) {
  Lever &lever = engine.levers[channel.lever];
  for (unsigned i = 0; i < numPositions - 1; ++i) {
    unsigned shift = i * positionWidth;
    constexpr unsigned codeBits = (1u << positionWidth) - 1;
    // A position that is written as it was keeps what the register cannot say.
    if (((value ^ lever.switchWord) >> shift & codeBits) != 0)
      lever.positions[i] = positionOf(value >> shift & codeBits);
  }
  lever.switchWord = value & uint16_t(~positionBits);
  lever.ring = value & ringBit;
  lever.position = uint8_t((value & positionBits) >> positionShift);
}

/// Directions of the sides that the switch register does not name.
static uint16_t otherSides(const Lever &lever) {
  unsigned word = 0;
  for (unsigned i = 0; i < numPositions - 1; ++i) {
    SwitchPosition position = lever.positions[i];
    unsigned ports = position.rx && position.tx ? mirrored(position.tx) : 0;
    word |= (ports ? unsigned(__builtin_ctz(ports)) : noDirection)
            << i * positionWidth;
  }
  return uint16_t(word);
}

void Strip::writeOtherSides(Channel &channel, uint16_t value) {
  Lever &lever = engine.levers[channel.lever];
  uint16_t before = otherSides(lever);
  for (unsigned i = 0; i < numPositions - 1; ++i) {
    unsigned shift = i * positionWidth;
    unsigned direction = value >> shift & 7;
    SwitchPosition &position = lever.positions[i];
    if (direction == (before >> shift & 7u) || !position.isValid())
      continue;
    uint8_t port = direction >= noDirection
                       ? uint8_t(0)
                       : uint8_t(mirrored(1u << direction));
    bool namesInput = lever.switchWord >> shift & sideBit;
    (namesInput ? position.tx : position.rx) = port;
  }
}

namespace {
/// A configuration register.
struct Register {
  unsigned color;
  uint32_t group; ///< address of its group
};
} // namespace

static std::optional<Register> findRegister(uint32_t address) {
  for (uint32_t first : {colorRegisters, switchRegisters, otherSideRegisters}) {
    if (address >= first && address < first + 2 * numColors &&
        (address - first) % 2 == 0)
      return Register{(address - first) / 2, first};
  }
  return std::nullopt;
}

static uint64_t registerKey(uint32_t tile, uint32_t address) {
  return uint64_t(tile) << 16 | address;
}

std::optional<uint16_t> Strip::readColorConfig(const Core &core,
                                               uint32_t address) const {
  std::optional<Register> found = findRegister(address);
  if (!found)
    return std::nullopt;
  uint32_t number = engine.channelOf(core.tile, found->color);
  if (number == none) {
    auto written = unusedConfig.find(registerKey(core.tile, address));
    if (written != unusedConfig.end())
      return written->second;
    return found->group == colorRegisters ? uint16_t(0)
                                          : initialLever({}, {}).switchWord;
  }
  const Channel &channel = engine.channels[number];
  Lever lever =
      channel.lever == none
          ? initialLever(engine.model.routes[core.tile][found->color], {})
          : engine.levers[channel.lever];
  if (found->group == otherSideRegisters)
    return otherSides(lever);
  if (found->group == switchRegisters)
    return uint16_t(lever.switchWord | unsigned(lever.position)
                                           << positionShift);
  return uint16_t(lever.colorWord | (channel.isTornDown ? teardownBit : 0u));
}

bool Strip::writeColorConfig(Core &core, uint32_t address, uint16_t value) {
  std::optional<Register> found = findRegister(address);
  if (!found)
    return false;
  uint32_t number = engine.channelOf(core.tile, found->color);
  if (number == none || engine.channels[number].lever == none) {
    unusedConfig[registerKey(core.tile, address)] = value;
    return true;
  }
  Channel &channel = engine.channels[number];
  if (found->group == otherSideRegisters)
    writeOtherSides(channel, value);
  else if (found->group == switchRegisters)
    writeSwitch(channel, value);
  else
    writeColor(channel, value);
  engine.select(channel);
  Tile &tile = engine.tiles[core.tile];
  uint32_t bit = 1u << channel.color;
  if (engine.waitingPorts(channel) & channel.rx) {
    tile.pending |= bit;
    again = true;
  } else {
    tile.pending &= ~bit;
  }
  return true;
}
