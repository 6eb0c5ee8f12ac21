//===- Core.cpp - the threads of one PE in one cycle ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The main thread runs tasks to completion; it and the microthreads take turns
// at the one datapath slot of a cycle.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

/// Takes the word at the head of an input queue; its room goes back to the
/// router or the host.
uint32_t Strip::takeInput(Core &core, unsigned place) {
  InputQueue &queue = engine.inputQueues[core.firstInput + place];
  uint32_t word = engine.inputWords[queue.firstWord + queue.head].data;
  if (++queue.head == queue.capacity)
    queue.head = 0;
  --queue.count;
  if (queue.source != none) {
    HostSource &source = engine.sources[queue.source];
    ++source.room;
    feed(core, place, source, now + 1);
  } else if (queue.channel != none) {
    Channel &channel = engine.channels[queue.channel];
    ++channel.credits[Ramp];
    channel.exhausted &= uint8_t(~(1u << Ramp));
    again |= channel.count > 0;
  }
  return word;
}

void Strip::wake(Core &core, uint64_t cycle) {
  if (core.wakeAt == cycle)
    return;
  core.wakeAt = cycle;
  post(cycle, {core.tile, 0, Event::Wake, 0});
}

/// Those of `candidates` (bit 0: the main thread) that nobody goes before.
uint16_t Strip::firstInPriority(const Core &core, uint16_t candidates) const {
  uint16_t first = 0;
  unsigned best = 0;
  for (uint16_t left = candidates; left; left &= uint16_t(left - 1)) {
    unsigned thread = unsigned(__builtin_ctz(left));
    bool isLive = core.live >> thread & 1;
    unsigned rank =
        isLive ? engine.operations[core.firstOperation + thread].priorityRank
               : core.mainRank;
    if (rank > best || first == 0) {
      best = rank;
      first = 0;
    }
    if (rank == best)
      first |= uint16_t(1u << thread);
  }
  return first;
}

/// Gives the datapath slot of this cycle to one of the threads that want it.
void Strip::shareDatapath(Core &core, uint16_t ready, uint64_t cycle) {
  bool burns = core.state == Core::Run; // readyAt is ahead
  uint16_t candidates = uint16_t(ready | (burns ? 1u : 0u));
  if (core.program->hasPriorities || core.mainRank != 1)
    candidates = firstInPriority(core, candidates);
  uint16_t after = candidates & uint16_t(~0u << (core.lastServed + 1));
  unsigned thread = unsigned(__builtin_ctz(after ? after : candidates));
  core.lastServed = uint8_t(thread);
  if (thread == 0 && burns)
    return;
  if (burns)
    ++core.readyAt;
  ++busyPeCycles;
  serve(core, thread, cycle);
}

/// Returns whether the core has work in the next cycle.
bool Strip::stepCore(Core &core, uint64_t cycle) {
  while (true) {
    if (core.state == Core::Dispatch && core.readyAt <= cycle) {
      core.state = Core::Run;
      core.taskStart = cycle;
      firstStart = std::min(firstStart, cycle);
    }
    if (core.state == Core::Run && core.readyAt <= cycle) {
      runMain(core, cycle);
      if (trap.tile <= core.tile)
        return false;
      continue;
    }
    if (core.state != Core::Idle || !pickWork(core, cycle))
      break;
  }
  uint16_t ready = core.live ? readyOperations(core, cycle) : 0;
  if (ready) {
    shareDatapath(core, ready, cycle);
    if (trap.tile <= core.tile)
      return false;
  }
  if ((core.state == Core::Run || core.state == Core::Dispatch) &&
      core.readyAt > cycle)
    wake(core, core.readyAt);
  return ready != 0;
}
