//===- FewPack.cpp - the stream for few inputs ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// With one input a vector holds the sums of several destinations. Each adds its
// own connections in its own order. In a step every lane whose next source is
// in two neighbouring vectors of values takes it from there; the first of the
// two is that of the source furthest behind. Destinations with equal lists of
// sources go without: the value of a source is one for all lanes.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Groups.h"
#include "spada/Machine/Host.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <numeric>

using namespace spada::sparse;

/// Of a vector of the AVX-512 code.
static constexpr unsigned vectorBytes = 64;

namespace {

/// The connections into a neuron that are still to come.
class Lane {
public:
  Lane(const NetworkData &data, const GroupList &list,
       llvm::ArrayRef<uint64_t> pieces)
      : data(data), list(list), pieces(pieces) {
    skip();
  }
  bool isDone() const { return pieces.empty(); }
  uint64_t connection() const {
    return list.connection(list.pieces[pieces.front()], at);
  }
  uint32_t source() const { return list.standIn[data.source[connection()]]; }
  void next() {
    ++at;
    skip();
  }

private:
  void skip() {
    while (!pieces.empty() && at == list.pieces[pieces.front()].count) {
      pieces = pieces.drop_front();
      at = 0;
    }
  }
  const NetworkData &data;
  const GroupList &list;
  llvm::ArrayRef<uint64_t> pieces;
  uint32_t at = 0;
};

class FewPacker {
public:
  FewPacker(const NetworkData &data, const GroupList &list)
      : data(data), list(list),
        lanes(vectorBytes / (data.valueType.getIntOrFloatBitWidth() / 8)) {}
  FewInputs run();

private:
  void sortPieces();
  void findLevels();
  void takeLayer(llvm::ArrayRef<uint32_t> neurons);
  std::vector<std::vector<uint32_t>>
  findShared(llvm::ArrayRef<uint32_t> neurons, std::vector<bool> &isShared);
  void addSlice(llvm::ArrayRef<uint32_t> neurons, bool isShared);
  void startRun(uint32_t neuron, bool isShared);
  uint32_t addShared(std::vector<Lane> &all, const NetworkData::Layer &layer);
  uint32_t addSteps(std::vector<Lane> &all, const NetworkData::Layer &layer);
  void addWeight(const NetworkData::Layer &layer, const Lane *lane);
  void addCost(uint32_t steps, bool isShared);
  void chooseMost();

  Lane lane(uint32_t neuron) const {
    return Lane(data, list,
                llvm::ArrayRef<uint64_t>(order).slice(
                    first[neuron], first[neuron + 1] - first[neuron]));
  }
  static void append(std::vector<char> &stream, uint32_t value,
                     unsigned bytes) {
    const char *from = reinterpret_cast<const char *>(&value);
    stream.insert(stream.end(), from, from + bytes);
  }

  const NetworkData &data;
  const GroupList &list;
  const uint32_t lanes;
  const spada::Host host = spada::builtinHost();
  FewInputs few;
  std::vector<uint64_t> order, first; ///< pieces, those of each neuron together
  std::vector<uint32_t> level, slot;
  bool startsLayer = false, fits = true;
};
} // namespace

void FewPacker::sortPieces() {
  first.assign(data.neurons + 1, 0);
  for (const Piece &piece : list.pieces)
    ++first[piece.neuron + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  order.resize(list.pieces.size());
  std::vector<uint64_t> next(first.begin(), first.end() - 1);
  for (const Group &group : list.groups)
    for (uint64_t p = group.firstPiece, end = p + group.pieces; p < end; ++p)
      order[next[list.pieces[p].neuron]++] = p;
}

void FewPacker::findLevels() {
  level.assign(data.neurons, 1);
  std::fill_n(level.begin(), data.inputs, 0);
  for (const Group &group : list.groups)
    for (uint64_t p = group.firstPiece, end = p + group.pieces; p < end; ++p) {
      const Piece &piece = list.pieces[p];
      uint32_t &own = level[piece.neuron];
      for (uint32_t n = 0; n < piece.count; ++n) {
        uint32_t from = list.standIn[data.source[list.connection(piece, n)]];
        own = std::max(own, level[from] + 1);
      }
    }
}

void FewPacker::addCost(uint32_t steps, bool isShared) {
  double one = isShared ? host.sharedStepSums : host.laneStepSums;
  double further = isShared ? host.sharedInputSums : host.laneInputSums;
  // A slice ends with a branch that nobody foresees.
  double sumsPerSecond =
      host.multiplyAddsPerSecond * sizeof(float) / vectorBytes;
  double slice = host.missedBranchSeconds * sumsPerSecond;
  few.oneCost += slice + one * steps;
  few.twoCost += slice + (one + further) * steps;
  few.fourCost += slice + (one + 3 * further) * steps;
}

void FewPacker::addWeight(const NetworkData::Layer &layer, const Lane *lane) {
  if (layer.uniform)
    return;
  if (lane)
    appendWeight(layer, lane->connection(), few.weights);
  else
    few.weights.resize(few.weights.size() +
                       layer.storedType.getIntOrFloatBitWidth() / 8);
}

uint32_t FewPacker::addShared(std::vector<Lane> &all,
                              const NetworkData::Layer &layer) {
  uint32_t steps = 0;
  while (!all[0].isDone()) {
    append(few.indices, slot[all[0].source()], 4);
    for (uint32_t l = 0; l < lanes; ++l) {
      addWeight(layer, l < all.size() ? &all[l] : nullptr);
      if (l < all.size())
        all[l].next();
    }
    ++steps;
  }
  return steps;
}

uint32_t FewPacker::addSteps(std::vector<Lane> &all,
                             const NetworkData::Layer &layer) {
  std::vector<char> places;
  uint32_t steps = 0;
  while (true) {
    uint32_t least = std::numeric_limits<uint32_t>::max();
    for (const Lane &one : all)
      if (!one.isDone())
        least = std::min(least, slot[one.source()]);
    if (least == std::numeric_limits<uint32_t>::max())
      break;
    uint32_t vector = least / lanes;
    fits &= vector < 1 << 16;
    append(few.indices, vector, 2);
    for (uint32_t l = 0; l < lanes; ++l) {
      Lane *one = l < all.size() && !all[l].isDone() ? &all[l] : nullptr;
      uint32_t place = one ? slot[one->source()] - vector * lanes : 2 * lanes;
      if (place >= 2 * lanes)
        one = nullptr;
      places.push_back(one ? char(place | 0x80) : 0);
      addWeight(layer, one);
      if (one)
        one->next();
    }
    ++steps;
  }
  few.indices.insert(few.indices.end(), places.begin(), places.end());
  return steps;
}

void FewPacker::startRun(uint32_t neuron, bool isShared) {
  const NetworkData::Layer &layer = data.layerOf(neuron);
  LayerOp op = layer.op;
  FewForm form;
  form.isShared = isShared;
  form.isSplat = layer.uniform.has_value();
  form.activation = op.getActivation();
  form.weightType = layer.storedType;
  if (auto cap = op.getCap())
    form.cap = cap->convertToDouble();
  auto place = llvm::find(few.forms, form);
  if (place == few.forms.end())
    place = few.forms.insert(few.forms.end(), form);
  unsigned number = place - few.forms.begin();
  if (!startsLayer && few.runs.back().form == number)
    return;
  startsLayer = false;
  for (std::vector<char> *stream : {&few.indices, &few.weights, &few.biases})
    stream->resize(llvm::alignTo(stream->size(), 64));
  few.runs.push_back({number, 0, few.slots, few.indices.size(),
                      few.weights.size(), few.biases.size()});
  if (layer.uniform)
    appendReal(*layer.uniform, layer.storedType, few.weights);
}

/// The sums of at most `lanes` neurons of one layer.
void FewPacker::addSlice(llvm::ArrayRef<uint32_t> neurons, bool isShared) {
  startRun(neurons.front(), isShared);
  const NetworkData::Layer &layer = data.layerOf(neurons.front());
  std::vector<Lane> all;
  for (uint32_t l = 0; l < lanes; ++l) {
    if (l < neurons.size()) {
      all.push_back(lane(neurons[l]));
      slot[neurons[l]] = few.slots + l;
    }
    uint32_t neuron = neurons[std::min<size_t>(l, neurons.size() - 1)];
    appendReal(layer.bias.real(neuron - layer.firstNeuron), data.valueType,
               few.biases);
  }
  size_t header = few.indices.size();
  append(few.indices, 0, 4);
  uint32_t steps = isShared ? addShared(all, layer) : addSteps(all, layer);
  std::copy_n(reinterpret_cast<const char *>(&steps), 4,
              few.indices.begin() + header);
  addCost(steps, isShared);
  few.slots += lanes;
  ++few.runs.back().slices;
}

/// Slices of neurons that have one list of sources.
std::vector<std::vector<uint32_t>>
FewPacker::findShared(llvm::ArrayRef<uint32_t> neurons,
                      std::vector<bool> &isShared) {
  llvm::DenseMap<uint64_t, uint32_t> byHash;
  std::vector<std::vector<uint32_t>> classes, slices;
  auto isSame = [&](uint32_t a, uint32_t b) {
    Lane one = lane(a), other = lane(b);
    for (; !one.isDone() && !other.isDone(); one.next(), other.next())
      if (one.source() != other.source())
        return false;
    return one.isDone() && other.isDone();
  };
  for (uint32_t n = 0; n < neurons.size(); ++n) {
    uint64_t hash = 0;
    for (Lane one = lane(neurons[n]); !one.isDone(); one.next())
      hash = (hash ^ one.source()) * 0x9E3779B97F4A7C15ull + (hash >> 29);
    // Two values are not keys of the map.
    auto [place, isNew] = byHash.try_emplace(hash >> 2, classes.size());
    if (isNew)
      classes.push_back({n});
    else if (auto &own = classes[place->second];
             isSame(neurons[own.front()], neurons[n]))
      own.push_back(n);
  }
  for (const std::vector<uint32_t> &own : classes)
    for (size_t at = 0; own.size() - at >= lanes / 2; at += lanes) {
      slices.emplace_back();
      size_t end = std::min<size_t>(at + lanes, own.size());
      for (size_t n = at; n < end; ++n) {
        slices.back().push_back(neurons[own[n]]);
        isShared[own[n]] = true;
      }
      if (end == own.size())
        break;
    }
  return slices;
}

void FewPacker::takeLayer(llvm::ArrayRef<uint32_t> neurons) {
  startsLayer = true;
  std::vector<bool> isShared(neurons.size(), false);
  for (const std::vector<uint32_t> &slice : findShared(neurons, isShared))
    addSlice(slice, true);
  std::vector<uint32_t> rest;
  for (auto [neuron, shared] : llvm::zip(neurons, isShared))
    if (!shared)
      rest.push_back(neuron);
  for (size_t at = 0; at < rest.size(); at += lanes)
    addSlice(llvm::ArrayRef(rest).slice(
                 at, std::min<size_t>(lanes, rest.size() - at)),
             false);
}

/// A tile of fewer columns than a vector has takes as long as with all of them.
void FewPacker::chooseMost() {
  for (const Group &group : list.groups)
    few.tileCost +=
        list.pieces[group.firstPiece].count *
        (host.tileSourceSums + host.tileDestinationSums * group.pieces);
  for (unsigned count = 1; count < lanes; ++count) {
    double rest[] = {0, few.oneCost, few.twoCost, few.fourCost};
    double cost = count / 4 * few.fourCost + rest[count % 4];
    if (!(cost < few.tileCost))
      break;
    few.most = count;
  }
}

FewInputs FewPacker::run() {
  sortPieces();
  findLevels();
  slot.assign(data.neurons, 0);
  std::iota(slot.begin(), slot.begin() + data.inputs, 0);
  few.slots = llvm::alignTo(data.inputs, lanes);
  std::vector<uint32_t> neurons;
  for (uint32_t v = data.inputs; v < data.neurons; ++v)
    if (list.standIn[v] == v)
      neurons.push_back(v);
  auto key = [&](uint32_t v) {
    return std::tuple(level[v], data.layerIndex[v - data.inputs], v);
  };
  llvm::sort(neurons, [&](uint32_t a, uint32_t b) { return key(a) < key(b); });
  auto isNext = [&](uint32_t a, uint32_t b) {
    return level[a] == level[b] && &data.layerOf(a) == &data.layerOf(b);
  };
  for (size_t at = 0, end = 0; at < neurons.size() && fits; at = end) {
    while (end < neurons.size() && isNext(neurons[at], neurons[end]))
      ++end;
    takeLayer(llvm::ArrayRef(neurons).slice(at, end - at));
  }
  for (uint32_t v : data.outputs)
    few.outputSlots.push_back(slot[list.standIn[v]]);
  chooseMost();
  return few.most && fits ? std::move(few) : FewInputs();
}

FewInputs spada::sparse::packFewInputs(const NetworkData &data,
                                       const GroupList &list) {
  return FewPacker(data, list).run();
}
