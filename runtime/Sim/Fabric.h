//===- Fabric.h - state of the routers --------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Channels, switches and filters, and what they do by themselves.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_FABRIC_H
#define SPADA_SIM_FABRIC_H

#include "Model.h"

#include <limits>

namespace spada::sim {

constexpr uint64_t never = std::numeric_limits<uint64_t>::max();

/// One color at one router: the wavelets that wait there, in order of arrival.
/// Each port has a share of the room, so that wavelets that wait for a switch
/// do not hold up those from other ports.
struct Channel {
  uint32_t tile = 0;
  uint32_t neighbor[numPorts] = {
      none, none, none, none,
      none};              ///< same color next door; none: nothing goes between
  uint32_t firstSlot = 0; ///< in Engine::slots
  uint32_t lever = none;  ///< in Engine::levers; none: its route is fixed
  /// The current route, as port bits; in teardown it takes from nowhere.
  uint8_t color = 0, rx = 0, tx = 0;
  uint8_t open = 0; ///< ports where the next router can take wavelets; the bit
                    ///< of the ramp: the core can send
  uint8_t head = 0, count = 0, capacity = 0;
  uint8_t credits[numPorts] =
      {};                    ///< wavelets that may still be sent to a tx port
  uint8_t exhausted = 0;     ///< tx ports without credits
  uint8_t injectCredits = 0; ///< wavelets that the core may still send here
  uint8_t inputPlace = 0xff; ///< input queue behind the ramp
  uint8_t arrivalPorts = 0;  ///< ports of the arrivals in arrivalCycle
  bool isTornDown = false;
  bool isSwapTarget = false;    ///< another color leaves on this one
  bool carriesMessages = false; ///< see Crossing
  uint32_t lastGrant = 0;       ///< cycle, low bits
  uint64_t arrivalCycle = never;

  /// Where the wavelet is that stands `offset` places behind the head.
  uint32_t slotAt(unsigned offset) const {
    unsigned at = head + offset;
    return firstSlot + (at >= capacity ? at - capacity : at);
  }
};

/// State of a filter between a router and an input queue.
struct Filter {
  FilterInfo info;
  uint32_t count = 0, limit = 0;
  uint64_t passes = 0; ///< counts below it pass
  bool onSecondLimit = false, isOff = false;
  bool isBypassed = false; ///< the queue does not want it
};

/// What can change the route of a channel: its switch and the configuration
/// registers of its color.
struct Lever {
  uint8_t rx = 0, tx = 0; ///< base route
  SwitchPosition positions[numPositions - 1];
  uint8_t position = 0;
  image::PopMode popMode = image::PopMode::NoPop;
  bool ring = false;
  uint8_t swapped = 0;      ///< ports where wavelets leave on the other color
  uint16_t colorWord = 0;   ///< register as written, without the teardown bit
  uint16_t switchWord = 0;  ///< register as written, without the position
  uint32_t filter = none;   ///< in Engine::filters
  uint32_t crossing = none; ///< in Engine::crossings
};

/// The messages that cross a router on a color that carries messages. The
/// header, the first wavelet of a message, says which way it goes; the others
/// that come in at that port go the same way, up to the one with the control
/// bit. No other message goes out by that port until then.
struct Crossing {
  static constexpr uint8_t noPort = 0xff;
  uint8_t wayOf[numPorts] = {noPort, noPort, noPort, noPort, noPort};
  uint8_t holder[numPorts] = {noPort, noPort, noPort, noPort, noPort};
};

/// What travels with the 32 bits of a wavelet.
enum WaveletFlag : uint8_t {
  ControlFlag = 1,
  AdvanceFlag = 2 ///< the router it enters by the ramp advances its switch
};

struct Slot {
  uint32_t data = 0;
  uint8_t port = 0;
  uint8_t flags = 0;
};

struct Tile {
  uint64_t stamp = never; ///< last cycle for which it was put on an active list
  uint32_t firstChannel = 0;
  uint32_t colors = 0;  ///< colors with a channel
  uint32_t pending = 0; ///< colors with waiting wavelets
  uint32_t core = none;
};

/// Base route, switch position and so on of a channel as it starts.
Lever initialLever(ColorRoute route, const RouteSettings &settings);
/// The registers of a color that nothing has changed.
uint16_t initialColorWord(unsigned rx, unsigned tx);

/// Commands of a control wavelet.
enum class SwitchCommand : uint8_t { Nop, Advance, Reset, Teardown };
/// The first command: the low two bits; bit 2: not for the core.
constexpr unsigned firstCommand(uint32_t data) { return data >> 22 & 7; }
/// The wavelet without its first command.
uint32_t popCommand(uint32_t data);

// The header of a message: its length and how far it has to go east and south,
// or, where negative, west and north. Each hop takes one off.
constexpr unsigned messageEastShift = 9, messageSouthShift = 20;
/// First along the row, then along the column, then down the ramp.
Port wayOfMessage(uint32_t header);
/// The header behind one hop.
uint32_t headerBehind(uint32_t header, Port way);

/// Whether the filter lets a wavelet through to the core.
bool passesFilter(const Filter &filter, const Slot &slot);
/// Counts a wavelet that was held to the filter.
void countInFilter(Filter &filter, const Slot &slot);

} // namespace spada::sim

#endif
