//===- Incremental.h - the cost of an order that changes --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Simulates only what a change of the order affects. For each step the hash of
// the state behind it is kept, and every some hundred steps the state itself. A
// change is simulated from the state before the first step that can differ to
// the first step behind the change whose state is the old one.
//
// A policy that looks ahead may decide differently before the change. Under MIN
// a decision at step t changes only if its victim is next used in the change
// and another candidate of then is now used later; for each use that a neuron
// misses the step of its eviction is kept, which tells both. Under CleanFirst
// the simulation starts where the first neuron of the change was touched
// before.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_SPARSE_INCREMENTAL_H
#define LIB_ANALYSIS_SPARSE_INCREMENTAL_H

#include "StepSet.h"
#include "spada/Analysis/Sparse/IO.h"

namespace spada::sparse {

/// An order with its cost in values of neurons (weights not counted). Fewer
/// than 2^29 connections; blocks of one value.
class IncrementalCost {
public:
  IncrementalCost(const Graph &graph, const Order &order, uint64_t values,
                  Policy policy, bool keepSums);

  uint64_t cost() const { return total; }
  uint64_t size() const { return order.size(); }
  uint32_t at(uint64_t step) const { return order[step]; }
  uint32_t position(uint32_t connection) const { return ranks[connection] / 2; }
  /// Steps simulated so far.
  uint64_t simulatedSteps() const { return simulated; }

  /// The connections that touch a neuron, in the order: first those into it.
  uint32_t countUses(uint32_t neuron) const {
    return firstUse[neuron + 1] - firstUse[neuron];
  }
  uint32_t useOf(uint32_t neuron, uint32_t i) const {
    return uses[firstUse[neuron] + i] / 2;
  }
  uint32_t inDegree(uint32_t neuron) const { return into[neuron]; }
  /// How many uses of its source (of its destination) precede a connection.
  uint32_t rankAtSource(uint32_t c) const {
    return indexOf[2 * c] - firstUse[graph.source[c]];
  }
  uint32_t rankAtDestination(uint32_t c) const {
    return indexOf[2 * c + 1] - firstUse[graph.destination[c]];
  }

  /// Replaces the steps from `first` by `window`, a permutation of them. False,
  /// and nothing has changed, when that is not legal or changes sums that are
  /// to be kept. Then one of `accept` and `reject` must follow.
  bool propose(uint64_t first, const std::vector<uint32_t> &window);
  /// How much more the proposed order costs.
  int64_t change() const { return difference; }
  void accept();
  void reject();

private:
  static constexpr uint32_t none = UINT32_MAX;

  /// What a checkpoint knows of a resident neuron: the index of its last use in
  /// `uses`, and when it was loaded.
  struct Resident {
    uint32_t neuron, lastUse, loadedAt;
    bool dirty;
  };
  struct Neuron {
    uint32_t slot = none; ///< in `residents`; none if not resident
    uint32_t lastUse = 0, loadedAt = 0;
    uint32_t rank = 0; ///< among the candidates for eviction
    bool dirty = false;
  };

  /// A neuron that is touched in the change: its first use there, before it;
  /// the index of that use.
  struct Affected {
    uint32_t neuron, use, index;
    /// Its last touch before the change, its eviction after that, its new rank.
    uint32_t touched = none, evicted = none, rank = 0;
  };

  bool place(uint64_t first, const std::vector<uint32_t> &window);
  void load(uint64_t checkpoint);
  void save(std::vector<Resident> &state) const;
  /// The first step that may differ when `before` has been replaced.
  uint64_t findStart(uint64_t first);
  bool decidesOtherwise(const Affected &victim) const;
  void moveVictims();
  /// Simulates from `start` until the state is the old one behind `last`.
  void run(uint64_t start, uint64_t last);
  void step(uint64_t t);
  void fetch(uint32_t use, uint64_t t);
  void evict(uint64_t t, uint32_t end);
  void release(uint32_t v, uint32_t index);
  void remove(uint32_t v);
  /// A step and one of its ends as a number: ends count by their neurons.
  uint32_t rankOfUse(uint32_t use) const { return ranks[use / 2] ^ (use & 1); }
  uint32_t rankOf(uint32_t v) const;
  /// The oldest step first, but of its ends still the larger neuron; its own
  /// inverse.
  uint32_t aged(uint32_t rank) const {
    return 2 * (order.size() - 1 - rank / 2) + rank % 2;
  }
  uint32_t neuronOf(uint32_t use) const {
    return use % 2 ? graph.destination[use / 2] : graph.source[use / 2];
  }
  uint32_t neuronOfRank(uint32_t rank) const;
  uint64_t hashOf(uint32_t v) const;
  StepSet &candidatesLike(uint32_t v) {
    return policy == Policy::CleanFirst && neurons[v].dirty ? dirtyCandidates
                                                            : candidates;
  }
  bool looksAhead() const {
    return policy == Policy::MIN || policy == Policy::CleanFirst;
  }

  const Graph &graph;
  uint64_t capacity;
  Policy policy;
  bool keepSums;
  uint64_t total = 0, simulated = 0, interval;

  /// The connections by step; twice the step of each connection, plus one if
  /// its source has the larger number.
  std::vector<uint32_t> order, ranks;
  /// Uses of each neuron, 2 * connection + (1 for its destination); where each
  /// use stands in that list.
  std::vector<uint32_t> firstUse, uses, indexOf, into;

  // Of the accepted order.
  std::vector<uint64_t> hashes;
  std::vector<uint8_t> costs;
  /// For each use the step at which its neuron was evicted before; for each
  /// step the uses of the evicted, by the end that came instead.
  std::vector<uint32_t> evictedAt, victims;
  std::vector<std::vector<Resident>> checkpoints;

  // The running simulation.
  std::vector<Neuron> neurons;
  std::vector<uint32_t> residents;
  StepSet candidates, dirtyCandidates;
  uint64_t hash = 0;
  uint8_t stepCost = 0;

  // Of the proposed order.
  uint64_t proposedFirst = 0, runStart = 0;
  int64_t difference = 0;
  std::vector<uint32_t> before;
  std::vector<uint64_t> newHashes;
  std::vector<uint8_t> newCosts;
  std::vector<uint32_t> newVictims;
  std::vector<std::vector<Resident>> newCheckpoints;
  uint64_t countNewCheckpoints = 0;
  std::vector<uint32_t> cursor;
  std::vector<Affected> affected;
};

} // namespace spada::sparse

#endif
