//===- Simulate.cpp - reads and writes of an order of connections ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs an order against a fast memory of blocks of neurons' values. Weights
// pass through a slot of their own.
//
//===----------------------------------------------------------------------===//

#include "StepSet.h"
#include "spada/Analysis/Sparse/IO.h"

#include <algorithm>
#include <limits>

using namespace spada::sparse;

namespace {

/// \tparam Step  holds twice the number of steps
template <typename Step> class Simulation {
public:
  Simulation(const Graph &graph, const Order &order, const Memory &memory,
             const std::vector<uint32_t> &place);

  IOCount run();

private:
  static constexpr Step never = std::numeric_limits<Step>::max();

  void findBlocks(const std::vector<uint32_t> &place);
  void findNextUses();
  /// Makes a block resident and takes it out of the candidates for eviction.
  void fetch(uint32_t block, uint32_t other, uint64_t step);
  void evict(uint64_t step);
  /// Ends a block's part in a step: it may be evicted again, or is dead.
  void release(uint32_t block, uint32_t other, Step next, uint64_t step);
  /// Ranks order candidates: by step, then by number.
  Step rankOf(uint64_t step, uint32_t block, uint32_t other) const {
    return 2 * step + (block > other);
  }
  StepSet &candidates(uint32_t block) {
    return memory.policy == Policy::CleanFirst && dirty[block] ? dirtyOnes
                                                               : others;
  }

  const Graph &graph;
  const Order &order;
  const Memory &memory;
  std::vector<uint32_t> blockOf;
  uint32_t blocks = 0;
  uint64_t capacity, used = 0;
  /// For each block: in fast memory; changed since it was read or written;
  /// present in slow memory at all; holds an output.
  std::vector<char> resident, dirty, stored, holdsOutput;
  /// For each block: its rank among the candidates, and when it came (FIFO).
  std::vector<Step> rank, loadedAt;
  /// For each step: the rank of the next use of its two blocks.
  std::vector<Step> nextOfSource, nextOfDestination;
  /// Ranks of resident blocks that are not in use; the last goes first.
  StepSet others, dirtyOnes;
  uint64_t reads = 0, writes = 0;
};

} // namespace

template <typename Step>
Simulation<Step>::Simulation(const Graph &graph, const Order &order,
                             const Memory &memory,
                             const std::vector<uint32_t> &place)
    : graph(graph), order(order), memory(memory), blockOf(graph.neurons),
      capacity(std::max<uint64_t>(2, (memory.values - 1) / memory.block)),
      others(2 * order.size() + 2),
      dirtyOnes(memory.policy == Policy::CleanFirst ? 2 * order.size() + 2
                                                    : 1) {
  findBlocks(place);
  findNextUses();
}

template <typename Step>
void Simulation<Step>::findBlocks(const std::vector<uint32_t> &place) {
  for (uint32_t v = 0; v < graph.neurons; ++v) {
    blockOf[v] = (place.empty() ? v : place[v]) / memory.block;
    blocks = std::max(blocks, blockOf[v] + 1);
  }
  for (auto *flags : {&resident, &dirty, &holdsOutput})
    flags->assign(blocks, 0);
  stored.assign(blocks, graph.hasBias);
  std::vector<char> hasIn(graph.neurons, 0), hasOut(graph.neurons, 0);
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    hasOut[graph.source[c]] = 1;
    hasIn[graph.destination[c]] = 1;
  }
  for (uint32_t v = 0; v < graph.neurons; ++v) {
    stored[blockOf[v]] |= !hasIn[v];
    holdsOutput[blockOf[v]] |= !hasOut[v];
  }
}

template <typename Step> void Simulation<Step>::findNextUses() {
  std::vector<Step> next(blocks, never);
  nextOfSource.resize(order.size());
  nextOfDestination.resize(order.size());
  for (uint64_t step = order.size(); step-- > 0;) {
    uint32_t from = blockOf[graph.source[order[step]]];
    uint32_t to = blockOf[graph.destination[order[step]]];
    nextOfSource[step] = next[from];
    nextOfDestination[step] = next[to];
    next[from] = rankOf(step, from, to);
    next[to] = rankOf(step, to, from);
  }
  rank.assign(blocks, never);
  loadedAt.assign(memory.policy == Policy::FIFO ? blocks : 0, never);
}

template <typename Step> void Simulation<Step>::evict(uint64_t step) {
  StepSet *from = others.empty() ? &dirtyOnes : &others;
  if (!others.empty() && !dirtyOnes.empty() &&
      dirtyOnes.last() / 2 - step > 2 * (others.last() / 2 - step))
    from = &dirtyOnes;
  uint64_t last = from->last();
  from->erase(last);
  // The rank names a step and one of its ends.
  bool ahead =
      memory.policy == Policy::MIN || memory.policy == Policy::CleanFirst;
  uint64_t c = order[ahead ? last / 2 : order.size() - 1 - last / 2];
  uint32_t a = blockOf[graph.source[c]], b = blockOf[graph.destination[c]];
  uint32_t block = last % 2 == 1 ? std::max(a, b) : std::min(a, b);
  if (dirty[block]) {
    ++writes;
    dirty[block] = 0;
    stored[block] = 1;
  }
  resident[block] = 0;
  --used;
}

template <typename Step>
void Simulation<Step>::fetch(uint32_t block, uint32_t other, uint64_t step) {
  if (resident[block]) {
    candidates(block).erase(rank[block]);
    return;
  }
  if (used == capacity)
    evict(step);
  ++used;
  resident[block] = 1;
  if (memory.policy == Policy::FIFO)
    loadedAt[block] = rankOf(order.size() - 1 - step, block, other);
  reads += stored[block];
}

template <typename Step>
void Simulation<Step>::release(uint32_t block, uint32_t other, Step next,
                               uint64_t step) {
  if (next == never) {
    writes += dirty[block] && holdsOutput[block];
    dirty[block] = 0;
    resident[block] = 0;
    --used;
    return;
  }
  switch (memory.policy) {
  case Policy::MIN:
  case Policy::CleanFirst:
    rank[block] = next;
    break;
  case Policy::LRU:
    rank[block] = rankOf(order.size() - 1 - step, block, other);
    break;
  case Policy::FIFO:
    rank[block] = loadedAt[block];
    break;
  }
  candidates(block).insert(rank[block]);
}

template <typename Step> IOCount Simulation<Step>::run() {
  for (uint64_t step = 0; step < order.size(); ++step) {
    uint32_t from = blockOf[graph.source[order[step]]];
    uint32_t to = blockOf[graph.destination[order[step]]];
    fetch(from, to, step);
    if (to != from)
      fetch(to, from, step);
    dirty[to] = 1;
    if (to == from) {
      release(to, from, nextOfDestination[step], step);
      continue;
    }
    release(from, to, nextOfSource[step], step);
    release(to, from, nextOfDestination[step], step);
  }
  uint64_t weight = memory.batch * memory.block;
  return {graph.connections() + reads * weight, writes * weight};
}

IOCount spada::sparse::simulate(const Graph &graph, const Order &order,
                                const Memory &memory,
                                const std::vector<uint32_t> &place) {
  if (order.size() < uint64_t(1) << 30)
    return Simulation<uint32_t>(graph, order, memory, place).run();
  return Simulation<uint64_t>(graph, order, memory, place).run();
}
