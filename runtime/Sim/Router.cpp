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

void Strip::forward(Tile &tile, Channel &channel, uint64_t cycle) {
  Slot slot = engine.slots[channel.firstSlot + channel.head];
  if (++channel.head == channel.capacity)
    channel.head = 0;
  if (--channel.count == 0)
    tile.pending &= ~(1u << channel.color);
  channel.lastGrant = cycle;
  for (unsigned outputs = channel.tx; outputs; outputs &= outputs - 1) {
    unsigned port = unsigned(__builtin_ctz(outputs));
    if (--channel.credits[port] == 0)
      channel.exhausted |= uint8_t(1u << port);
    ++engine.linkWavelets[uint64_t(channel.tile) * numPorts + port];
    if (engine.tracing)
      trace.countWavelet(cycle, port);
    if (port == Ramp) {
      if (channel.inputPlace == 0xff)
        failForward(channel, port);
      else
        post(cycle + rampLatency, {tile.core, slot.data, Event::Deliver,
                                   channel.inputPlace, slot.flags});
      continue;
    }
    ++hops;
    if (channel.neighbor[port] == none)
      failForward(channel, port);
    else
      postNeighbor(channel.neighbor[port], cycle + hopLatency,
                   {channel.neighbor[port], slot.data, Event::Arrive,
                    oppositePort[port], slot.flags & unsigned(ControlFlag)});
  }
  if (slot.port == Ramp)
    ++channel.injectCredits;
  else
    postNeighbor(channel.neighbor[slot.port], cycle + 1,
                 {channel.neighbor[slot.port], 0, Event::Credit,
                  oppositePort[slot.port]});
}

bool Strip::stepRouter(Tile &tile, uint64_t cycle) {
  if ((tile.pending & (tile.pending - 1)) == 0) { // one color
    Channel &channel =
        engine
            .channels[tile.firstChannel +
                      uint32_t(__builtin_popcount(
                          tile.colors & ((tile.pending & -tile.pending) - 1)))];
    if (channel.tx & channel.exhausted)
      return false;
    forward(tile, channel, cycle);
    return channel.count && !(channel.tx & channel.exhausted);
  }
  Channel *ready[numColors];
  unsigned count = 0;
  for (uint32_t colors = tile.pending; colors; colors &= colors - 1) {
    uint32_t below = (colors & -colors) - 1;
    Channel *channel =
        &engine.channels[tile.firstChannel +
                         uint32_t(__builtin_popcount(tile.colors & below))];
    if (channel->tx & channel->exhausted)
      continue;
    unsigned at = count++;
    for (; at > 0 && ready[at - 1]->lastGrant > channel->lastGrant; --at)
      ready[at] = ready[at - 1];
    ready[at] = channel;
  }
  bool more = false;
  uint8_t taken = 0;
  for (unsigned i = 0; i < count; ++i) {
    Channel &channel = *ready[i];
    if (channel.tx & taken) {
      more = true;
      continue;
    }
    taken |= channel.tx;
    forward(tile, channel, cycle);
    more |= channel.count && !(channel.tx & channel.exhausted);
  }
  return more;
}

/// Sends the head of `queue` into the ramp or to the host if there is room.
bool Strip::drainOne(Core &core, OutputQueue &queue, uint64_t cycle) {
  OutputWord word = engine.outputWords[queue.firstWord + queue.head];
  if (word.target & sinkFlag) {
    engine.sinks[word.target & targetMask].words.push_back(word.data);
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
