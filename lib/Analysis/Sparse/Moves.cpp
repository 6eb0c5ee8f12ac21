//===- Moves.cpp - changes that annealing tries ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Moves.h"

#include <algorithm>

using namespace spada::sparse;

/// Measured on networks of a few thousand connections: changes of this kind and
/// size are the ones that are kept.
static constexpr double shareOfRuns = 0.05, shareOfSwaps = 0.05,
                        shareOfNeighbours = 0.9;
static constexpr uint64_t slideReach = 64, neighbourReach = 256, runReach = 200,
                          swapReach = 600, swapWindow = 2400;

uint64_t Moves::earliest(uint32_t c) const {
  uint32_t from = graph.source[c], degree = cost.inDegree(from);
  return degree == 0 ? 0 : cost.position(cost.useOf(from, degree - 1)) + 1;
}

uint64_t Moves::latest(uint32_t c) const {
  uint32_t to = graph.destination[c], degree = cost.inDegree(to);
  return degree == cost.countUses(to)
             ? cost.size() - 1
             : cost.position(cost.useOf(to, degree)) - 1;
}

bool Moves::rotate(uint64_t first, uint64_t middle, uint64_t last) {
  if (first == middle || middle == last)
    return false;
  window.clear();
  for (uint64_t t = middle; t < last; ++t)
    window.push_back(cost.at(t));
  for (uint64_t t = first; t < middle; ++t)
    window.push_back(cost.at(t));
  return cost.propose(first, window);
}

std::optional<uint64_t> Moves::besideNeighbour(uint32_t c) {
  bool atSource = random.below(2), forward = random.below(2);
  uint32_t v = atSource ? graph.source[c] : graph.destination[c];
  uint32_t rank = atSource ? cost.rankAtSource(c) : cost.rankAtDestination(c);
  if (forward ? rank + 1 == cost.countUses(v) : rank == 0)
    return std::nullopt;
  uint64_t from = cost.position(c);
  uint64_t to = cost.position(cost.useOf(v, forward ? rank + 1 : rank - 1));
  if (std::max(to, from) - std::min(to, from) > neighbourReach)
    return std::nullopt;
  return forward ? to - random.below(2) : to + random.below(2);
}

bool Moves::slideConnection() {
  uint64_t from = random.below(cost.size()), to;
  uint32_t c = cost.at(from);
  if (random.real() < shareOfNeighbours) {
    std::optional<uint64_t> beside = besideNeighbour(c);
    if (!beside)
      return false;
    to = *beside;
  } else {
    uint64_t distance = 1 + random.below(slideReach);
    to = random.below(2) ? from + distance : from - std::min(from, distance);
  }
  if (to > from) {
    to = std::min(to, latest(c));
    return to > from && rotate(from, from + 1, to + 1);
  }
  to = std::max(to, earliest(c));
  return to < from && rotate(to, from, from + 1);
}

bool Moves::slideRun() {
  uint64_t first = random.below(cost.size()), last = first + 1;
  uint32_t v = graph.destination[cost.at(first)];
  while (first > 0 && graph.destination[cost.at(first - 1)] == v)
    --first;
  while (last < cost.size() && graph.destination[cost.at(last)] == v)
    ++last;
  uint64_t distance = 1 + random.below(runReach);
  if (random.below(2)) {
    uint64_t end =
        std::min({last + distance, latest(cost.at(first)) + 1, cost.size()});
    return end > last && rotate(first, last, end);
  }
  uint64_t start = first - std::min(first, distance);
  for (uint64_t t = first; t < last; ++t)
    start = std::max(start, earliest(cost.at(t)));
  return start < first && rotate(start, first, last);
}

uint64_t Moves::beside(uint32_t c, Span span) const {
  uint32_t from = graph.source[c], rank = cost.rankAtSource(c);
  for (uint32_t i = rank + 1; i < cost.countUses(from); ++i) {
    uint64_t at = cost.position(cost.useOf(from, i));
    if (at > span.last)
      break;
    if (at >= span.first)
      return at;
  }
  for (uint32_t i = rank; i-- > cost.inDegree(from);) {
    uint64_t at = cost.position(cost.useOf(from, i));
    if (at < span.first)
      break;
    if (at <= span.last)
      return at;
  }
  return span.last;
}

bool Moves::swapDestinations() {
  uint64_t t = random.below(cost.size()),
           other = t + 1 + random.below(swapReach);
  if (other >= cost.size())
    return false;
  uint32_t a = graph.destination[cost.at(t)],
           b = graph.destination[cost.at(other)];
  if (a == b)
    return false;
  auto spanOf = [&](uint32_t v) {
    return Span{cost.position(cost.useOf(v, 0)),
                cost.position(cost.useOf(v, cost.inDegree(v) - 1))};
  };
  Span ofA = spanOf(a), ofB = spanOf(b);
  uint64_t first = std::min(ofA.first, ofB.first);
  uint64_t last = std::max(ofA.last, ofB.last);
  if (last - first >= swapWindow)
    return false;
  // Each connection into the one goes where those into the other are, behind
  // one with its source if there is any.
  keyed.clear();
  for (uint64_t s = first; s <= last; ++s) {
    uint32_t c = cost.at(s), v = graph.destination[c];
    uint64_t at = v == a ? beside(c, ofB) : v == b ? beside(c, ofA) : s;
    keyed.push_back({2 * at + (v == a || v == b), c});
  }
  std::sort(keyed.begin(), keyed.end());
  window.clear();
  for (auto &[key, c] : keyed)
    window.push_back(c);
  return cost.propose(first, window);
}

bool Moves::propose() {
  double kind = random.real();
  if (kind < shareOfSwaps)
    return swapDestinations();
  return kind < shareOfSwaps + shareOfRuns ? slideRun() : slideConnection();
}
