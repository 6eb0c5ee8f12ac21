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
#include <cmath>
#include <numeric>
#include <queue>

using namespace spada::sparse;

namespace {
constexpr uint64_t never = SlotPlan::never;

class SlotMaker {
public:
  SlotMaker(const NetworkData &data, const GroupList &list)
      : data(data), list(list), firstRead(data.neurons, never) {
    stretch.resize(data.neurons, never);
    lastUse.resize(data.neurons, 0);
    slot.resize(data.neurons, 0);
  }

  void run();
  SlotPlan plan;

private:
  void findStretches();
  void give(std::vector<uint32_t> &neurons);

  const NetworkData &data;
  const GroupList &list;
  std::vector<uint64_t> firstRead;
  std::vector<uint64_t> &stretch = plan.stretch, &lastUse = plan.lastUse;
  std::vector<uint32_t> &slot = plan.slot;
  uint32_t &slots = plan.slots;
  uint64_t stretches = 1; ///< inputs are those of stretch 0
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> free;
};
} // namespace

/// A stretch ends in front of the window that reads one of its neurons.
void SlotMaker::findStretches() {
  for (uint32_t v = 0; v < data.inputs; ++v)
    stretch[v] = 0;
  uint64_t time = 0;
  plan.firstWindow = {0, 0};
  for (const Window &window : list.windows) {
    bool isDependent = false;
    for (uint64_t g = window.firstGroup; g < window.endGroup; ++g) {
      const Piece &piece = list.pieces[list.groups[g].firstPiece];
      for (uint32_t n = 0; n < piece.count && !isDependent; ++n) {
        uint32_t from = list.standIn[data.source[list.connection(piece, n)]];
        isDependent = stretch[from] == stretches;
      }
    }
    if (isDependent) {
      ++stretches;
      plan.firstWindow.push_back(&window - list.windows.data());
    }
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

SlotPlan spada::sparse::assignSlots(const NetworkData &data,
                                    const GroupList &list) {
  SlotMaker maker(data, list);
  maker.run();
  return std::move(maker.plan);
}

//===----------------------------------------------------------------------===//
// Cuts
//===----------------------------------------------------------------------===//

/// True when neurons of `layer` are zero if all that they read is.
static bool keepsZeros(const NetworkData::Layer &layer) {
  LayerOp op = layer.op;
  if (op.getActivation() != Activation::Relu)
    return false;
  if (auto cap = op.getCap(); cap && !(cap->convertToDouble() >= 0))
    return false;
  for (uint64_t row = 0; row < layer.neurons; ++row)
    if (double bias = layer.bias.real(row);
        !(bias <= 0) || (bias == 0 && std::signbit(bias)))
      return false;
  for (uint64_t c = 0; c < layer.weights.size(); ++c)
    if (!std::isfinite(layer.weights.real(c)))
      return false;
  return true;
}

std::vector<NetworkCut>
spada::sparse::findCuts(const NetworkData &data, const GroupList &list,
                        const SlotPlan &plan,
                        const std::vector<uint32_t> &firstRun) {
  // The first stretch from which on all neurons keep zeros.
  uint64_t first = 1, end = plan.firstWindow.size();
  std::vector<bool> keeps;
  for (const NetworkData::Layer &layer : data.layers)
    keeps.push_back(keepsZeros(layer));
  for (uint64_t w = 0, stretch = 1; w < list.windows.size(); ++w) {
    while (stretch + 1 < end && plan.firstWindow[stretch + 1] <= w)
      ++stretch;
    const Window &window = list.windows[w];
    for (uint64_t g = window.firstGroup; g < window.endGroup; ++g) {
      uint32_t v = list.pieces[list.groups[g].firstPiece].neuron;
      if (!keeps[data.layerIndex[v - data.inputs]])
        first = stretch + 1;
    }
  }
  // Images die early: cuts at 1, 2, 3, 4, 6, 8, 12, 16, 24, ... stretches.
  std::vector<NetworkCut> cuts;
  for (uint64_t done = 1, step = 1, count = 0; done + 1 < end;
       done += step, step *= ++count > 3 && count % 2 == 0 ? 2 : 1) {
    if (done + 1 < first)
      continue;
    NetworkCut cut;
    cut.run = firstRun[plan.firstWindow[done + 1]];
    for (uint32_t v = 0; v < data.neurons; ++v)
      if (list.standIn[v] == v && plan.stretch[v] <= done &&
          plan.lastUse[v] > done)
        cut.slots.push_back(plan.slot[v]);
    llvm::sort(cut.slots);
    cuts.push_back(std::move(cut));
  }
  return cuts;
}
