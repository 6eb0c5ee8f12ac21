//===- Incremental.cpp - the cost of an order that changes ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Incremental.h"

#include <algorithm>
#include <numeric>

using namespace spada::sparse;

static uint64_t mix(uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
  value = (value ^ value >> 27) * 0x94d049bb133111ebu;
  return value ^ value >> 31;
}

IncrementalCost::IncrementalCost(const Graph &graph, const Order &given,
                                 uint64_t values, Policy policy, bool keepSums)
    : graph(graph), capacity(std::max<uint64_t>(2, values - 1)), policy(policy),
      keepSums(keepSums), interval(std::clamp<uint64_t>(capacity, 32, 1024)),
      order(given.begin(), given.end()), ranks(given.size()),
      firstUse(uint64_t(graph.neurons) + 1, 0), uses(2 * given.size()),
      indexOf(2 * given.size()), into(graph.neurons, 0), hashes(given.size()),
      costs(given.size(), 0), evictedAt(2 * given.size(), none),
      victims(2 * given.size(), none), neurons(graph.neurons),
      candidates(2 * given.size() + 2),
      dirtyCandidates(policy == Policy::CleanFirst ? 2 * given.size() + 2 : 1),
      cursor(graph.neurons, none) {
  for (uint64_t c = 0; c < order.size(); ++c) {
    ++firstUse[graph.source[c] + 1];
    ++firstUse[graph.destination[c] + 1];
    ++into[graph.destination[c]];
  }
  std::partial_sum(firstUse.begin(), firstUse.end(), firstUse.begin());
  std::vector<uint32_t> next(firstUse.begin(), firstUse.end() - 1);
  for (uint64_t t = 0; t < order.size(); ++t) {
    uint32_t c = order[t];
    ranks[c] = 2 * t + (graph.source[c] > graph.destination[c]);
    for (uint32_t use : {2 * c, 2 * c + 1}) {
      indexOf[use] = next[neuronOf(use)]++;
      uses[indexOf[use]] = use;
    }
  }
  checkpoints.resize(order.size() / interval + 1);
  if (order.empty())
    return;
  run(0, order.size() - 1);
  accept();
  simulated = 0;
}

uint32_t IncrementalCost::rankOf(uint32_t v) const {
  const Neuron &neuron = neurons[v];
  if (looksAhead())
    return rankOfUse(uses[neuron.lastUse + 1]);
  uint32_t rank;
  if (policy == Policy::LRU) {
    rank = rankOfUse(uses[neuron.lastUse]);
  } else {
    uint32_t c = order[neuron.loadedAt];
    rank = rankOfUse(2 * c + (graph.destination[c] == v));
  }
  return aged(rank);
}

uint32_t IncrementalCost::neuronOfRank(uint32_t rank) const {
  uint32_t c = order[rank / 2], a = graph.source[c], b = graph.destination[c];
  return rank % 2 ? std::max(a, b) : std::min(a, b);
}

uint64_t IncrementalCost::hashOf(uint32_t v) const {
  const Neuron &neuron = neurons[v];
  uint64_t value = 2 * uint64_t(v) + neuron.dirty + 1;
  if (policy == Policy::LRU)
    value += uint64_t(ranks[uses[neuron.lastUse] / 2]) << 32;
  if (policy == Policy::FIFO)
    value += uint64_t(neuron.loadedAt) << 32;
  return mix(value);
}

void IncrementalCost::remove(uint32_t v) {
  Neuron &neuron = neurons[v];
  residents[neuron.slot] = residents.back();
  neurons[residents.back()].slot = neuron.slot;
  residents.pop_back();
  neuron.slot = none;
}

void IncrementalCost::load(uint64_t checkpoint) {
  while (!residents.empty()) {
    uint32_t v = residents.back();
    candidatesLike(v).erase(neurons[v].rank);
    remove(v);
  }
  hash = 0;
  for (const Resident &resident : checkpoints[checkpoint]) {
    uint32_t v = resident.neuron;
    neurons[v] = {uint32_t(residents.size()), resident.lastUse,
                  resident.loadedAt, 0, resident.dirty};
    residents.push_back(v);
    neurons[v].rank = rankOf(v);
    candidatesLike(v).insert(neurons[v].rank);
    hash += hashOf(v);
  }
}

void IncrementalCost::save(std::vector<Resident> &state) const {
  state.clear();
  for (uint32_t v : residents)
    state.push_back(
        {v, neurons[v].lastUse, neurons[v].loadedAt, neurons[v].dirty});
}

void IncrementalCost::evict(uint64_t t, uint32_t end) {
  StepSet *from = candidates.empty() ? &dirtyCandidates : &candidates;
  if (!candidates.empty() && !dirtyCandidates.empty() &&
      dirtyCandidates.last() / 2 - t > 2 * (candidates.last() / 2 - t))
    from = &dirtyCandidates;
  uint32_t rank = from->last();
  from->erase(rank);
  uint32_t v = neuronOfRank(looksAhead() ? rank : aged(rank));
  newVictims[newVictims.size() - 2 + end] = uses[neurons[v].lastUse + 1];
  stepCost += neurons[v].dirty;
  hash -= hashOf(v);
  remove(v);
}

void IncrementalCost::fetch(uint32_t use, uint64_t t) {
  uint32_t v = neuronOf(use), index = indexOf[use];
  Neuron &neuron = neurons[v];
  if (neuron.slot != none) {
    candidatesLike(v).erase(neuron.rank);
    if (policy == Policy::LRU)
      hash -= hashOf(v);
    neuron.lastUse = index;
    if (policy == Policy::LRU)
      hash += hashOf(v);
    return;
  }
  if (residents.size() == capacity)
    evict(t, use % 2);
  neuron = {uint32_t(residents.size()), index, uint32_t(t), 0, false};
  residents.push_back(v);
  hash += hashOf(v);
  stepCost += graph.hasBias || into[v] == 0 || index != firstUse[v];
}

void IncrementalCost::release(uint32_t v, uint32_t index) {
  Neuron &neuron = neurons[v];
  if (index + 1 == firstUse[v + 1]) {
    bool isOutput = into[v] == countUses(v);
    stepCost += neuron.dirty && isOutput;
    hash -= hashOf(v);
    remove(v);
    return;
  }
  neuron.rank = rankOf(v);
  candidatesLike(v).insert(neuron.rank);
}

void IncrementalCost::step(uint64_t t) {
  uint32_t c = order[t], from = graph.source[c], to = graph.destination[c];
  stepCost = 0;
  newVictims.resize(newVictims.size() + 2, none);
  fetch(2 * c, t);
  fetch(2 * c + 1, t);
  if (!neurons[to].dirty) {
    hash -= hashOf(to);
    neurons[to].dirty = true;
    hash += hashOf(to);
  }
  release(from, indexOf[2 * c]);
  release(to, indexOf[2 * c + 1]);
}

void IncrementalCost::run(uint64_t start, uint64_t last) {
  runStart = start / interval * interval;
  load(runStart / interval);
  newHashes.clear();
  newCosts.clear();
  newVictims.clear();
  countNewCheckpoints = 0;
  difference = 0;
  for (uint64_t t = runStart; t < order.size(); ++t) {
    if (t > runStart && t % interval == 0) {
      if (newCheckpoints.size() == countNewCheckpoints)
        newCheckpoints.emplace_back();
      save(newCheckpoints[countNewCheckpoints++]);
    }
    step(t);
    newHashes.push_back(hash);
    newCosts.push_back(stepCost);
    difference += stepCost - costs[t];
    if (t >= last && hash == hashes[t])
      break;
  }
  simulated += newCosts.size();
}

bool IncrementalCost::place(uint64_t first,
                            const std::vector<uint32_t> &window) {
  affected.clear();
  for (uint64_t i = 0; i < window.size(); ++i)
    for (uint32_t use : {2 * order[first + i], 2 * order[first + i] + 1}) {
      uint32_t v = neuronOf(use);
      if (cursor[v] != none)
        continue;
      cursor[v] = indexOf[use];
      affected.push_back({v, use, indexOf[use]});
    }
  bool legal = true;
  for (uint64_t i = 0; i < window.size(); ++i) {
    uint32_t c = window[i];
    order[first + i] = c;
    ranks[c] = 2 * (first + i) + (graph.source[c] > graph.destination[c]);
    for (uint32_t use : {2 * c, 2 * c + 1}) {
      uint32_t v = neuronOf(use), index = cursor[v]++;
      uses[index] = use;
      indexOf[use] = index;
      uint32_t rank = index - firstUse[v];
      legal &= (use % 2 == 1) == (rank < into[v]);
      if (keepSums && use % 2 == 1 && rank > 0)
        legal &= uses[index - 1] / 2 < c;
    }
  }
  for (const Affected &a : affected)
    cursor[a.neuron] = none;
  return legal;
}

bool IncrementalCost::decidesOtherwise(const Affected &victim) const {
  for (const Affected &other : affected)
    if (other.rank > victim.rank && other.touched < victim.evicted &&
        other.evicted >= victim.evicted)
      return true;
  return false;
}

uint64_t IncrementalCost::findStart(uint64_t first) {
  uint64_t start = first;
  if (!looksAhead())
    return start;
  for (Affected &a : affected) {
    a.rank = rankOfUse(uses[a.index]);
    // Not touched before: no candidate at any earlier step.
    a.touched =
        a.index == firstUse[a.neuron] ? none : ranks[uses[a.index - 1] / 2] / 2;
    a.evicted = evictedAt[a.use];
    if (policy == Policy::CleanFirst)
      start = std::min<uint64_t>(start, a.touched);
  }
  if (policy == Policy::MIN)
    for (const Affected &a : affected)
      if (a.evicted < start && decidesOtherwise(a))
        start = a.evicted;
  return start;
}

bool IncrementalCost::propose(uint64_t first,
                              const std::vector<uint32_t> &window) {
  proposedFirst = first;
  before.assign(order.begin() + first, order.begin() + first + window.size());
  if (!place(first, window)) {
    place(first, before);
    return false;
  }
  run(findStart(first), first + window.size() - 1);
  return true;
}

void IncrementalCost::moveVictims() {
  // Decisions that were made again are forgotten; those of earlier steps stay,
  // but the next use of the neuron may be another one now.
  uint64_t first = 2 * runStart;
  for (uint64_t i = 0; i < newVictims.size(); ++i)
    if (victims[first + i] != none)
      evictedAt[victims[first + i]] = none;
  for (Affected &a : affected) {
    a.evicted = evictedAt[a.use];
    evictedAt[a.use] = none;
  }
  for (const Affected &a : affected) {
    if (a.evicted == none)
      continue;
    uint32_t use = uses[a.index];
    evictedAt[use] = a.evicted;
    for (uint64_t i : {2 * uint64_t(a.evicted), 2 * uint64_t(a.evicted) + 1})
      if (victims[i] == a.use)
        victims[i] = use;
  }
  for (uint64_t i = 0; i < newVictims.size(); ++i) {
    victims[first + i] = newVictims[i];
    if (newVictims[i] != none)
      evictedAt[newVictims[i]] = runStart + i / 2;
  }
}

void IncrementalCost::accept() {
  std::copy(newHashes.begin(), newHashes.end(), hashes.begin() + runStart);
  std::copy(newCosts.begin(), newCosts.end(), costs.begin() + runStart);
  if (policy == Policy::MIN)
    moveVictims();
  for (uint64_t i = 0; i < countNewCheckpoints; ++i)
    std::swap(checkpoints[runStart / interval + 1 + i], newCheckpoints[i]);
  total += difference;
}

void IncrementalCost::reject() { place(proposedFirst, before); }
