//===- Simulate.cpp - reads and writes of an order of connections ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs an order against a fast memory of blocks of neurons' values. Weights
// pass through a slot of their own.
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/Sparse/IO.h"

#include <algorithm>
#include <limits>
#include <set>

using namespace spada::sparse;

namespace {

constexpr uint64_t never = std::numeric_limits<uint64_t>::max();

class Simulation {
public:
  Simulation(const Graph &graph, const Order &order, const Memory &memory,
             const std::vector<uint32_t> &place);

  IOCount run();

private:
  /// Makes a block resident and takes it out of the candidates for eviction.
  void fetch(uint32_t block, uint64_t step);
  void evict(uint64_t step);
  /// Ends a block's part in a step: it may be evicted again, or is dead.
  void release(uint32_t block, uint64_t step);
  uint64_t rankAt(uint32_t block, uint64_t step) const;
  auto &candidates(uint32_t block) {
    return memory.policy == Policy::CleanFirst && dirty[block] ? dirtyOnes
                                                               : others;
  }

  const Graph &graph;
  const Order &order;
  const Memory &memory;
  std::vector<uint32_t> blockOf;
  uint64_t capacity, used = 0;
  /// For each block: in fast memory; changed since it was read or written;
  /// present in slow memory at all; holds an output.
  std::vector<char> resident, dirty, stored, holdsOutput;
  /// For each block: the step of the next use, when it came, its key below.
  std::vector<uint64_t> next, loadedAt, rank;
  std::vector<uint64_t> nextOfSource, nextOfDestination;
  /// Resident blocks that are not in use; the last is evicted first.
  std::set<std::pair<uint64_t, uint32_t>> others, dirtyOnes;
  uint64_t reads = 0, writes = 0;
};

} // namespace

Simulation::Simulation(const Graph &graph, const Order &order,
                       const Memory &memory, const std::vector<uint32_t> &place)
    : graph(graph), order(order), memory(memory), blockOf(graph.neurons),
      capacity(std::max<uint64_t>(2, (memory.values - 1) / memory.block)) {
  uint32_t blocks = 0;
  for (uint32_t v = 0; v < graph.neurons; ++v) {
    blockOf[v] = (place.empty() ? v : place[v]) / memory.block;
    blocks = std::max(blocks, blockOf[v] + 1);
  }
  for (auto *flags : {&resident, &dirty, &holdsOutput})
    flags->assign(blocks, 0);
  stored.assign(blocks, graph.hasBias);
  for (auto *steps : {&next, &loadedAt, &rank})
    steps->assign(blocks, never);

  std::vector<char> hasIn(graph.neurons, 0), hasOut(graph.neurons, 0);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    hasOut[graph.source[c]] = 1;
    hasIn[graph.destination[c]] = 1;
  }
  for (uint32_t v = 0; v < graph.neurons; ++v) {
    stored[blockOf[v]] |= !hasIn[v];
    holdsOutput[blockOf[v]] |= !hasOut[v];
  }
  nextOfSource.resize(order.size());
  nextOfDestination.resize(order.size());
  for (uint64_t step = order.size(); step-- > 0;) {
    uint32_t from = blockOf[graph.source[order[step]]];
    uint32_t to = blockOf[graph.destination[order[step]]];
    nextOfSource[step] = next[from];
    nextOfDestination[step] = next[to];
    next[from] = next[to] = step;
  }
}

uint64_t Simulation::rankAt(uint32_t block, uint64_t step) const {
  switch (memory.policy) {
  case Policy::MIN:
  case Policy::CleanFirst:
    return next[block];
  case Policy::LRU:
    return never - step;
  case Policy::FIFO:
    return never - loadedAt[block];
  }
  return 0;
}

void Simulation::evict(uint64_t step) {
  auto *from = others.empty() ? &dirtyOnes : &others;
  if (!others.empty() && !dirtyOnes.empty() &&
      dirtyOnes.rbegin()->first - step > 2 * (others.rbegin()->first - step))
    from = &dirtyOnes;
  auto victim = std::prev(from->end());
  uint32_t block = victim->second;
  from->erase(victim);
  if (dirty[block]) {
    ++writes;
    dirty[block] = 0;
    stored[block] = 1;
  }
  resident[block] = 0;
  --used;
}

void Simulation::fetch(uint32_t block, uint64_t step) {
  if (resident[block]) {
    candidates(block).erase({rank[block], block});
    return;
  }
  if (used == capacity)
    evict(step);
  ++used;
  resident[block] = 1;
  loadedAt[block] = step;
  reads += stored[block];
}

void Simulation::release(uint32_t block, uint64_t step) {
  if (next[block] != never) {
    rank[block] = rankAt(block, step);
    candidates(block).insert({rank[block], block});
    return;
  }
  writes += dirty[block] && holdsOutput[block];
  dirty[block] = 0;
  resident[block] = 0;
  --used;
}

IOCount Simulation::run() {
  for (uint64_t step = 0; step < order.size(); ++step) {
    uint32_t from = blockOf[graph.source[order[step]]];
    uint32_t to = blockOf[graph.destination[order[step]]];
    fetch(from, step);
    if (to != from)
      fetch(to, step);
    dirty[to] = 1;
    next[from] = nextOfSource[step];
    next[to] = nextOfDestination[step];
    release(from, step);
    if (to != from)
      release(to, step);
  }
  uint64_t weight = memory.batch * memory.block;
  return {graph.connections() + reads * weight, writes * weight};
}

IOCount spada::sparse::simulate(const Graph &graph, const Order &order,
                                const Memory &memory,
                                const std::vector<uint32_t> &place) {
  return Simulation(graph, order, memory, place).run();
}
