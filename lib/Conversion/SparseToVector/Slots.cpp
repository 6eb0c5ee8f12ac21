//===- Slots.cpp - rows of neurons ----------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A neuron has a slot from the first window that touches it to the last one
// that reads it. Neurons that are written in the same stretch of windows take
// free slots in the order in which they are read for the first time: rows that
// are read together lie together.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Groups.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <numeric>
#include <queue>

using namespace spada::sparse;

namespace {
constexpr uint64_t never = std::numeric_limits<uint64_t>::max();

class SlotMaker {
public:
  SlotMaker(const NetworkData &data, const GroupList &list)
      : data(data), list(list), stretch(data.neurons, never),
        firstRead(data.neurons, never), lastUse(data.neurons, 0) {
    slot.resize(data.neurons, 0);
  }

  void run();
  std::vector<uint32_t> slot;
  uint32_t slots = 0;

private:
  void findStretches();
  void give(std::vector<uint32_t> &neurons);

  const NetworkData &data;
  const GroupList &list;
  std::vector<uint64_t> stretch; ///< in which a neuron is written
  std::vector<uint64_t> firstRead, lastUse;
  uint64_t stretches = 1; ///< inputs are those of stretch 0
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> free;
};
} // namespace

/// A stretch ends in front of the window that reads one of its neurons.
void SlotMaker::findStretches() {
  for (uint32_t v = 0; v < data.inputs; ++v)
    stretch[v] = 0;
  uint64_t time = 0;
  for (const Window &window : list.windows) {
    bool isDependent = false;
    for (uint64_t g = window.firstGroup; g < window.endGroup; ++g) {
      const Piece &piece = list.pieces[list.groups[g].firstPiece];
      for (uint32_t n = 0; n < piece.count && !isDependent; ++n) {
        uint32_t from = list.standIn[data.source[list.connection(piece, n)]];
        isDependent = stretch[from] == stretches;
      }
    }
    stretches += isDependent;
    for (uint64_t g = window.firstGroup; g < window.endGroup; ++g) {
      const Group &group = list.groups[g];
      for (uint32_t p = 0; p < group.pieces; ++p) {
        const Piece &piece = list.pieces[group.firstPiece + p];
        if (stretch[piece.neuron] == never)
          stretch[piece.neuron] = stretches;
        lastUse[piece.neuron] = stretches;
      }
      const Piece &piece = list.pieces[group.firstPiece];
      for (uint32_t n = 0; n < piece.count; ++n) {
        uint32_t from = list.standIn[data.source[list.connection(piece, n)]];
        firstRead[from] = std::min(firstRead[from], time++);
        lastUse[from] = stretches;
      }
    }
  }
  ++stretches;
  for (uint32_t v : data.outputs)
    lastUse[list.standIn[v]] = never;
}

/// Gives slots to `neurons`, all of one stretch.
void SlotMaker::give(std::vector<uint32_t> &neurons) {
  llvm::sort(neurons, [&](uint32_t a, uint32_t b) {
    return std::pair(firstRead[a], a) < std::pair(firstRead[b], b);
  });
  std::vector<uint32_t> taken;
  while (taken.size() < neurons.size() && !free.empty()) {
    taken.push_back(free.top());
    free.pop();
  }
  while (taken.size() < neurons.size())
    taken.push_back(slots++);
  for (auto [neuron, place] : llvm::zip(neurons, taken))
    slot[neuron] = place;
}

void SlotMaker::run() {
  findStretches();
  // Neurons by the stretch in which they are written, and by their last use.
  std::vector<std::vector<uint32_t>> written(stretches), dying(stretches);
  for (uint32_t v = 0; v < data.neurons; ++v) {
    if (list.standIn[v] != v)
      continue;
    written[stretch[v]].push_back(v);
    if (lastUse[v] != never)
      dying[lastUse[v]].push_back(v);
  }
  for (uint64_t s = 0; s < stretches; ++s) {
    give(written[s]);
    // A row that is read in a stretch must not be written in it.
    for (uint32_t v : dying[s])
      free.push(slot[v]);
  }
  for (uint32_t v = 0; v < data.neurons; ++v)
    slot[v] = slot[list.standIn[v]];
}

std::vector<uint32_t> spada::sparse::assignSlots(const NetworkData &data,
                                                 const GroupList &list,
                                                 PackedNetwork &packed) {
  SlotMaker maker(data, list);
  maker.run();
  packed.slots = maker.slots;
  packed.inputSlots.assign(maker.slot.begin(),
                           maker.slot.begin() + data.inputs);
  for (uint32_t v : data.outputs)
    packed.outputSlots.push_back(maker.slot[v]);
  return std::move(maker.slot);
}
