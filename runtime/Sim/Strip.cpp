//===- Strip.cpp - time, events and active tiles of a strip ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A wheel of events for the near future, a map for the rest, and the list of
// tiles that go on in the next cycle.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

Strip::Strip(Engine &engine, uint32_t firstTile, uint32_t lastTile)
    : firstTile(firstTile), lastTile(lastTile), engine(engine),
      hopLatency(uint64_t(engine.model.machine.hopLatencyCycles)),
      rampLatency(uint64_t(engine.model.machine.rampLatencyCycles)) {}

void Strip::receive(unsigned parity) {
  auto take = [&](std::vector<Mail> &box) {
    for (const Mail &item : box)
      post(item.cycle, item.event);
    box.clear();
  };
  if (number > 0)
    take(engine.strips[number - 1]->mail[parity][1]);
  if (number + 1 < engine.strips.size())
    take(engine.strips[number + 1]->mail[parity][0]);
}

uint64_t Strip::nextCycle() const {
  if (!next.empty())
    return now + 1;
  uint64_t best = later.empty() ? never : later.begin()->first;
  for (unsigned step = 0; step <= wheelSize / 64; ++step) {
    // Words of the bitmap from the one of now + 1 on; the first and last are
    // the same word, cut in two.
    unsigned start = (now + 1) % wheelSize;
    unsigned word = (start / 64 + step) % (wheelSize / 64);
    uint64_t bits = occupied[word];
    if (step == 0)
      bits &= ~uint64_t(0) << (start % 64);
    else if (step == wheelSize / 64)
      bits &= ~(~uint64_t(0) << (start % 64));
    if (bits) {
      unsigned bucket = word * 64 + unsigned(__builtin_ctzll(bits));
      uint64_t cycle = now + 1 + (bucket - start) % wheelSize;
      return std::min(best, cycle);
    }
  }
  return best;
}

void Strip::run(uint64_t cycle) {
  now = cycle;
  std::swap(current, next);
  next.clear();
  mailCycle = never;
  if (!later.empty() && later.begin()->first == cycle) {
    for (const Event &event : later.begin()->second)
      apply(event, cycle);
    later.erase(later.begin());
  }
  unsigned bucket = cycle % wheelSize;
  if (occupied[bucket / 64] >> (bucket % 64) & 1) {
    for (const Event &event : wheel[bucket])
      apply(event, cycle);
    wheel[bucket].clear();
    spare.emplace_back().swap(wheel[bucket]);
    occupied[bucket / 64] &= ~(uint64_t(1) << (bucket % 64));
  }
  activePeCycles += current.size();
  for (size_t i = 0; i < current.size(); ++i)
    step(current[i], cycle);
  current.clear();
}

void Strip::apply(const Event &event, uint64_t cycle) {
  switch (event.kind()) {
  case Event::Arrive:
    return applyArrival(event, cycle);
  case Event::Credit: {
    Channel &channel = engine.channels[event.target];
    ++channel.credits[event.port()];
    channel.exhausted &= uint8_t(~(1u << event.port()));
    if (channel.count || channel.isSwapTarget)
      activate(channel.tile, cycle);
    return;
  }
  case Event::Deliver: {
    Core &core = engine.cores[event.target];
    InputQueue &queue = engine.inputQueues[core.firstInput + event.port()];
    unsigned at = queue.head + queue.count;
    at -= at >= queue.capacity ? queue.capacity : 0;
    bool isControl = event.flags() & ControlFlag;
    bool endsMessage = isControl && queue.channel != none &&
                       engine.channels[queue.channel].carriesMessages;
    engine.inputWords[queue.firstWord + at] = {
        event.data, isControl && !endsMessage, endsMessage};
    core.sawControl |= isControl && !endsMessage;
    core.sawMessage |= endsMessage;
    ++queue.count;
    return activate(core.tile, cycle);
  }
  case Event::Teardown: {
    Core &core = engine.cores[event.target];
    core.teardownPending |= 1u << event.port();
    raiseTeardown(core);
    return activate(core.tile, cycle);
  }
  case Event::Wake:
    return activate(event.target, cycle);
  }
}

void Strip::applyArrival(const Event &event, uint64_t cycle) {
  Channel &channel = engine.channels[event.target];
  unsigned port = event.port(), at = channel.count++;
  uint8_t bit = uint8_t(1u << port);
  if (channel.arrivalCycle == cycle) {
    channel.arrivalPorts |= bit;
    unsigned taken = channel.arrivalPorts & channel.rx;
    if (taken & bit && taken & (taken - 1) && !channel.carriesMessages)
      failCollision(channel);
    // Those that have to wait do so in the order of ports, whatever strip they
    // come from.
    for (unsigned other = unsigned(__builtin_popcount(channel.arrivalPorts));
         --other > 0 && engine.slots[channel.slotAt(at - 1)].port > port; --at)
      engine.slots[channel.slotAt(at)] = engine.slots[channel.slotAt(at - 1)];
  } else {
    channel.arrivalCycle = cycle;
    channel.arrivalPorts = bit;
  }
  engine.slots[channel.slotAt(at)] = {event.data, uint8_t(port),
                                      uint8_t(event.flags())};
  if (channel.rx & bit)
    engine.tiles[channel.tile].pending |= 1u << channel.color;
  activate(channel.tile, cycle);
}

void Strip::failCollision(const Channel &channel) {
  std::string ports;
  for (unsigned port = 0; port < numPorts; ++port)
    if (channel.arrivalPorts & channel.rx & 1u << port)
      ports += (ports.empty() ? "" : " and ") + std::string(portNames[port]);
  if (trap.tile == channel.tile) // a third port: say it anew
    trap = Trap();
  fail(channel.tile, "two wavelets of color " + std::to_string(channel.color) +
                         " arrive at the router from " + ports +
                         " in one cycle; give one of them another color, or "
                         "order the senders");
}

void Strip::fail(uint32_t tile, std::string message, uint32_t location) {
  // The trap of the lowest tile counts, whatever the order of stepping.
  if (trap.tile <= tile)
    return;
  std::string where = engine.model.locationText(location);
  trap = {tile, "cycle " + std::to_string(now + ahead) + ", " +
                    engine.model.peName(tile) + ": " + message +
                    (where.empty() ? "" : ", at " + where)};
}

void Strip::step(uint32_t tile, uint64_t cycle) {
  Tile &t = engine.tiles[tile];
  again = false;
  if (t.pending)
    again |= stepRouter(t, cycle);
  if (t.core != none) {
    Core &core = engine.cores[t.core];
    if (core.outputsPending)
      again |= drain(core, cycle);
    bool more = stepCore(core, cycle);
    again |= more;
  }
  if (again) {
    t.stamp = cycle + 1;
    next.push_back(tile);
  }
}
