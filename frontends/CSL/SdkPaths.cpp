//===- SdkPaths.cpp - shortest ways over the fabric -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A* over PEs and directions. Hops count first, then turns, then how many
// colors a PE has already. Ways may cross regions, but rather go around them.
//
//===----------------------------------------------------------------------===//

#include "SdkRoutes.h"

#include "llvm/ADT/DenseMap.h"

#include <algorithm>
#include <queue>

using namespace spada;
using namespace spada::cslfront;

uint8_t cslfront::oppositeSide(uint8_t side) {
  switch (side) {
  case North:
    return South;
  case South:
    return North;
  case East:
    return West;
  case West:
    return East;
  default:
    return side;
  }
}

std::optional<SdkCell> SdkRoutes::neighbor(SdkCell cell, uint8_t side) const {
  int64_t x = xOf(cell) + (side == East) - (side == West),
          y = yOf(cell) + (side == South) - (side == North);
  if (x < 0 || y < 0 || x >= columns || y >= rows)
    return std::nullopt;
  return cellOf(x, y);
}

uint8_t SdkRoutes::sideTowards(SdkCell from, SdkCell to) const {
  if (yOf(from) == yOf(to))
    return to > from ? East : West;
  return to > from ? South : North;
}

static constexpr int64_t hopCost = 1 << 16, turnCost = 64;
/// A router has this many colors that are free for all purposes.
static constexpr unsigned maxLoad = 20;

/// Cost of a way through the cell; negative: there is none.
int64_t SdkRoutes::costOf(const SdkClass &color, SdkCell cell) const {
  if (color.present[cell] || load[cell] >= maxLoad)
    return -1;
  return hopCost + load[cell] + (regionOf[cell] >= 0 ? 8 * hopCost : 0) +
         (color.touched[cell] ? 64 * hopCost : 0);
}

namespace {
struct Step {
  int64_t estimate, cost;
  uint64_t state; ///< cell * 4 + number of the direction of the last hop
  bool operator<(const Step &other) const {
    // The queue's top is its largest element.
    return std::tie(other.estimate, cost, other.state) <
           std::tie(estimate, other.cost, state);
  }
};
struct Reached {
  int64_t cost;
  uint64_t from;
};
} // namespace

std::vector<SdkCell> SdkRoutes::findPath(const Search &search) const {
  const SdkClass &color = classes[search.colorClass];
  constexpr uint64_t none = ~uint64_t(0) - 2;
  llvm::DenseMap<uint64_t, Reached> reached;
  std::priority_queue<Step> queue;
  auto estimate = [&](SdkCell cell) {
    if (!search.goal)
      return int64_t(0);
    return hopCost * (std::abs(xOf(cell) - xOf(*search.goal)) +
                      std::abs(yOf(cell) - yOf(*search.goal)));
  };
  auto expand = [&](SdkCell cell, unsigned lastSide, int64_t cost,
                    uint64_t from) {
    for (unsigned side = 0; side < 4; ++side) {
      if (from == none && !(search.startSides & sdkSides[side]))
        continue;
      std::optional<SdkCell> next = neighbor(cell, sdkSides[side]);
      if (!next || *next == search.start)
        continue;
      int64_t step = hopCost;
      if (search.goal != next)
        step = costOf(color, *next);
      else if (!(search.goalSides & oppositeSide(sdkSides[side])))
        continue;
      if (step < 0)
        continue;
      int64_t total =
          cost + step + (from != none && side != lastSide ? turnCost : 0);
      uint64_t state = uint64_t(*next) * 4 + side;
      auto [it, isNew] = reached.try_emplace(state, Reached{total, from});
      if (!isNew && it->second.cost <= total)
        continue;
      it->second = {total, from};
      queue.push({total + estimate(*next), total, state});
    }
  };
  expand(search.start, 0, 0, none);
  while (!queue.empty()) {
    Step step = queue.top();
    queue.pop();
    if (reached[step.state].cost < step.cost)
      continue;
    auto cell = SdkCell(step.state / 4);
    if (search.goal ? cell == *search.goal : isFree(color, cell)) {
      std::vector<SdkCell> path;
      for (uint64_t at = step.state; at != none; at = reached[at].from)
        path.push_back(SdkCell(at / 4));
      path.push_back(search.start);
      std::reverse(path.begin(), path.end());
      return path;
    }
    expand(cell, unsigned(step.state % 4), step.cost, step.state);
  }
  return {};
}
