//===- Router.cpp - one cycle of a router and of the ramp into it ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Each output takes one wavelet per cycle; the color that has waited longest
// since its last turn goes first. A multicast leaves when all its outputs can
// take it.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

void Strip::failForward(const Channel &channel, unsigned port) {
  std::string wavelet = "a wavelet of color " + std::to_string(channel.color);
  fail(channel.tile,
       port == Ramp
           ? wavelet +
                 " reaches the ramp, but no input queue is bound to the color"
           : wavelet + " leaves to the " + portNames[port] +
                 ", where no route takes it");
}

unsigned Engine::waitingPorts(const Channel &channel) const {
  unsigned ports = 0;
  for (unsigned i = 0; i < channel.count; ++i)
    ports |= 1u << slots[channel.slotAt(i)].port;
  return ports;
}

/// Of a wavelet that is special, or at a channel whose route can change.
bool Strip::chooseSpecial(Choice &choice, const Slot &slot) const {
  const Channel &channel = *choice.channel;
  unsigned outputs = channel.tx;
  bool isForCore =
      !(slot.flags & ControlFlag) || !(firstCommand(slot.data) & 4);
  unsigned swapped = 0;
  if (channel.lever != none) {
    const Lever &lever = engine.levers[channel.lever];
    swapped = lever.swapped & outputs;
    if (lever.filter != none && outputs & 1)
      isForCore = isForCore && passesFilter(engine.filters[lever.filter], slot);
  }
  if (!isForCore)
    outputs &= ~1u;
  choice.outputs = uint8_t(outputs);
  if (swapped) {
    uint32_t other = engine.channelOf(channel.tile, channel.color ^ 1u);
    if (other != none && swapped & engine.channels[other].exhausted)
      return false;
    outputs &= ~swapped;
  }
  return !(outputs & channel.exhausted);
}

/// Finds the first wavelet of the channel that can go on; each port is a line
/// of its own.
bool Strip::chooseMessage(Choice &choice) const {
  const Channel &channel = *choice.channel;
  const Crossing &crossing =
      engine.crossings[engine.levers[channel.lever].crossing];
  unsigned seen = 0;
  for (choice.offset = 0; choice.offset < channel.count; ++choice.offset) {
    const Slot &slot = engine.slots[channel.slotAt(choice.offset)];
    if (seen >> slot.port & 1)
      continue;
    seen |= 1u << slot.port;
    unsigned way = crossing.wayOf[slot.port];
    if (way == Crossing::noPort) {
      way = wayOfMessage(slot.data);
      if (crossing.holder[way] != Crossing::noPort)
        continue;
    }
    choice.outputs = uint8_t(1u << way);
    if (!(channel.exhausted & choice.outputs))
      return true;
  }
  return false;
}

/// Finds the first wavelet of the channel that its route takes; one is known to
/// be there. Returns whether all its outputs can take it.
bool Strip::choose(Choice &choice) const {
  const Channel &channel = *choice.channel;
  if (channel.carriesMessages)
    return chooseMessage(choice);
  const Slot *slot = &engine.slots[channel.firstSlot + channel.head];
  choice.offset = 0;
  while (!(channel.rx >> slot->port & 1))
    slot = &engine.slots[channel.slotAt(++choice.offset)];
  if (slot->flags != 0 || channel.lever != none)
    return chooseSpecial(choice, *slot);
  choice.outputs = channel.tx;
  return !(channel.tx & channel.exhausted);
}

/// Sends a copy of a wavelet out by one port.
inline void Strip::send(const Channel &channel, const Slot &slot,
                        uint32_t passedOn, unsigned port, uint64_t cycle) {
  Tile &tile = engine.tiles[channel.tile];
  ++engine.linkWavelets[uint64_t(channel.tile) * numPorts + port];
  if (engine.tracing)
    trace.countWavelet(cycle, port);
  if (port == Ramp) {
    if (channel.inputPlace == 0xff)
      failForward(channel, port);
    else
      post(cycle + rampLatency, {tile.core, slot.data, Event::Deliver,
                                 channel.inputPlace, slot.flags});
    return;
  }
  ++hops;
  if (!(channel.open >> port & 1))
    return failForward(channel, port);
  postNeighbor(channel.neighbor[port], cycle + hopLatency,
               {channel.neighbor[port], passedOn, Event::Arrive,
                oppositePort[port], slot.flags & unsigned(ControlFlag)});
}

/// Takes a wavelet out of the channel's buffer.
static inline Slot takeSlot(std::vector<Slot> &slots, Channel &channel,
                            unsigned offset) {
  Slot slot = slots[channel.slotAt(offset)];
  for (; offset > 0; --offset) // those before it stay
    slots[channel.slotAt(offset)] = slots[channel.slotAt(offset - 1)];
  if (++channel.head == channel.capacity)
    channel.head = 0;
  --channel.count;
  return slot;
}

void Strip::forward(Tile &tile, const Choice &choice, uint64_t cycle) {
  Channel &channel = *choice.channel;
  Slot slot = takeSlot(engine.slots, channel, choice.offset);
  channel.lastGrant = uint32_t(cycle);
  uint32_t passedOn = slot.data;
  bool isSpecial = slot.flags != 0 || channel.lever != none;
  if (channel.carriesMessages)
    passedOn = passMessage(channel, slot, choice.outputs);
  else if (isSpecial)
    passedOn = passSpecial(channel, slot, cycle);
  for (unsigned outputs = choice.outputs; outputs; outputs &= outputs - 1) {
    unsigned port = unsigned(__builtin_ctz(outputs));
    Channel *link = &channel;
    if (isSpecial) {
      uint32_t number = engine.linkOf(channel, port);
      if (number == none) {
        failForward(channel, port);
        continue;
      }
      link = &engine.channels[number];
    }
    if (--link->credits[port] == 0)
      link->exhausted |= uint8_t(1u << port);
    send(*link, slot, passedOn, port, cycle);
  }
  if (channel.count == 0 ||
      (!(channel.rx >> engine.slots[channel.firstSlot + channel.head].port &
         1) &&
       !(engine.waitingPorts(channel) & channel.rx)))
    tile.pending &= ~(1u << channel.color);
  if (slot.port == Ramp)
    ++channel.injectCredits;
  else
    postNeighbor(channel.neighbor[slot.port], cycle + 1,
                 {channel.neighbor[slot.port], 0, Event::Credit,
                  oppositePort[slot.port]});
}

bool Strip::stepRouter(Tile &tile, uint64_t cycle) {
  auto channelOf = [&](uint32_t colors) {
    uint32_t below = (colors & -colors) - 1;
    return &engine.channels[tile.firstChannel +
                            uint32_t(__builtin_popcount(tile.colors & below))];
  };
  auto canGoOn = [&](Choice choice) {
    return tile.pending >> choice.channel->color & 1 && choose(choice);
  };
  if ((tile.pending & (tile.pending - 1)) == 0) { // one color
    Choice choice{channelOf(tile.pending), 0, 0};
    if (!choose(choice))
      return false;
    forward(tile, choice, cycle);
    return canGoOn(choice);
  }
  Choice ready[numColors];
  unsigned count = 0;
  for (uint32_t colors = tile.pending; colors; colors &= colors - 1) {
    Choice choice{channelOf(colors), 0, 0};
    if (!choose(choice))
      continue;
    unsigned at = count++;
    for (;
         at > 0 && ready[at - 1].channel->lastGrant > choice.channel->lastGrant;
         --at)
      ready[at] = ready[at - 1];
    ready[at] = choice;
  }
  bool more = false;
  uint8_t taken = 0;
  for (unsigned i = 0; i < count; ++i) {
    if (ready[i].outputs & taken) {
      more = true;
      continue;
    }
    taken |= ready[i].outputs;
    forward(tile, ready[i], cycle);
    more |= canGoOn(ready[i]);
  }
  return more;
}

/// Sends the head of `queue` into the ramp or to the host if there is room.
bool Strip::drainOne(Core &core, OutputQueue &queue, uint64_t cycle) {
  OutputWord word = engine.outputWords[queue.firstWord + queue.head];
  if (word.target & sinkFlag) {
    giveHost(engine.sinks[word.target & targetMask], word.data);
  } else {
    uint32_t number = word.target & targetMask;
    Channel &channel = engine.channels[number];
    if (channel.injectCredits == 0)
      return false;
    --channel.injectCredits;
    post(cycle + rampLatency, {number, word.data, Event::Arrive, Ramp,
                               word.target >> targetFlagsShift & 3});
  }
  if (++queue.head == queue.capacity)
    queue.head = 0;
  --queue.count;
  return true;
}

bool Strip::drain(Core &core, uint64_t cycle) {
  unsigned count = unsigned(core.program->outputQueues.size());
  for (unsigned i = 1; i <= count; ++i) {
    unsigned place = (core.lastDrained + i) % count;
    if (!(core.outputsPending >> place & 1))
      continue;
    OutputQueue &queue = engine.outputQueues[core.firstOutput + place];
    if (!drainOne(core, queue, cycle))
      continue;
    core.lastDrained = uint8_t(place);
    if (queue.count == 0)
      core.outputsPending &= uint8_t(~(1u << place));
    return core.outputsPending != 0;
  }
  return false; // the router gives credits only in a cycle in which it steps,
                // and then drain is tried again
}
