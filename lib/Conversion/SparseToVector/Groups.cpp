//===- Groups.cpp - groups of pieces with equal sources -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Inside a window destinations that share a list of sources come together, so
// that a row that is read serves several sums in registers. Groups of one form
// follow each other: their loop has no branch that depends on the network.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Groups.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <numeric>

using namespace spada::sparse;

namespace {
class GroupMaker {
public:
  GroupMaker(const NetworkData &data, const SparseCodeOptions &options,
             GroupList &list)
      : data(data), options(options), list(list) {
    list.standIn.resize(data.neurons);
    std::iota(list.standIn.begin(), list.standIn.end(), 0);
  }

  void take(std::vector<Piece> &pieces);

private:
  using Class = std::vector<uint32_t>; ///< positions of pieces

  uint32_t sourceOf(const Piece &piece, uint32_t n) const {
    return list.standIn[data.source[list.connection(piece, n)]];
  }
  bool isSameList(const Piece &a, const Piece &b) const;
  std::vector<Class> findClasses(const std::vector<Piece> &pieces) const;
  void chain(const std::vector<Piece> &pieces, std::vector<Class> &classes);
  void mergeEqual(const std::vector<Piece> &pieces, Class &positions);
  bool isEqual(const Piece &a, const Piece &b) const;
  unsigned formOf(const Piece &piece, unsigned destinations);

  const NetworkData &data;
  const SparseCodeOptions &options;
  GroupList &list;
};
} // namespace

bool GroupMaker::isSameList(const Piece &a, const Piece &b) const {
  if (a.count != b.count || a.isStart != b.isStart || a.isEnd != b.isEnd ||
      data.layerIndex[a.neuron - data.inputs] !=
          data.layerIndex[b.neuron - data.inputs])
    return false;
  for (uint32_t n = 0; n < a.count; ++n)
    if (sourceOf(a, n) != sourceOf(b, n))
      return false;
  return true;
}

/// Pieces with equal sources, in the order of the first of each class.
std::vector<GroupMaker::Class>
GroupMaker::findClasses(const std::vector<Piece> &pieces) const {
  std::vector<Class> classes;
  llvm::DenseMap<uint64_t, uint32_t> byHash;
  byHash.reserve(pieces.size());
  for (uint32_t p = 0; p < pieces.size(); ++p) {
    const Piece &piece = pieces[p];
    uint64_t hash =
        llvm::hash_combine(piece.count, piece.isStart, piece.isEnd,
                           data.layerIndex[piece.neuron - data.inputs]);
    for (uint32_t n = 0; n < piece.count; ++n)
      hash = (hash ^ sourceOf(piece, n)) * 0x9E3779B97F4A7C15ull + (hash >> 29);
    // Two values are not keys of the map.
    auto [place, isNew] = byHash.try_emplace(hash >> 2, classes.size());
    if (!isNew && isSameList(pieces[classes[place->second].front()], piece))
      classes[place->second].push_back(p);
    else
      classes.push_back({p});
  }
  return classes;
}

/// After each class the one that shares most sources with it.
void GroupMaker::chain(const std::vector<Piece> &pieces,
                       std::vector<Class> &classes) {
  llvm::DenseMap<uint32_t, std::vector<uint32_t>> readers;
  for (uint32_t c = 0; c < classes.size(); ++c) {
    const Piece &piece = pieces[classes[c].front()];
    for (uint32_t n = 0; n < piece.count; ++n)
      readers[sourceOf(piece, n)].push_back(c);
  }
  // Sources that everybody reads say nothing.
  constexpr size_t mostReaders = 64;
  std::vector<bool> isDone(classes.size(), false);
  std::vector<uint32_t> shared(classes.size(), 0), touched;
  std::vector<Class> ordered;
  uint32_t current = 0, first = 0;
  while (ordered.size() < classes.size()) {
    isDone[current] = true;
    const Piece &piece = pieces[classes[current].front()];
    for (uint32_t n = 0; n < piece.count; ++n) {
      const auto &all = readers[sourceOf(piece, n)];
      if (all.size() <= mostReaders)
        for (uint32_t c : all)
          if (!isDone[c] && shared[c]++ == 0)
            touched.push_back(c);
    }
    ordered.push_back(std::move(classes[current]));
    uint32_t best = classes.size();
    for (uint32_t c : touched)
      if (best == classes.size() || shared[c] > shared[best] ||
          (shared[c] == shared[best] && c < best))
        best = c;
    for (uint32_t c : touched)
      shared[c] = 0;
    touched.clear();
    while (best == classes.size() && first < classes.size()) {
      if (!isDone[first])
        best = first;
      ++first;
    }
    if (best < classes.size())
      current = best;
  }
  classes = std::move(ordered);
}

/// Two neurons of a class whose values are equal for every input.
bool GroupMaker::isEqual(const Piece &a, const Piece &b) const {
  const NetworkData::Layer &layer = data.layerOf(a.neuron);
  if (!a.isStart || !a.isEnd)
    return false;
  auto isSame = [](double x, double y) {
    return llvm::bit_cast<uint64_t>(x) == llvm::bit_cast<uint64_t>(y);
  };
  if (!isSame(layer.bias.real(a.neuron - layer.firstNeuron),
              layer.bias.real(b.neuron - layer.firstNeuron)))
    return false;
  for (uint32_t n = 0; n < a.count && !layer.uniform; ++n)
    if (!isSame(
            layer.weights.real(list.connection(a, n) - layer.firstConnection),
            layer.weights.real(list.connection(b, n) - layer.firstConnection)))
      return false;
  return true;
}

void GroupMaker::mergeEqual(const std::vector<Piece> &pieces,
                            Class &positions) {
  Class kept;
  for (uint32_t p : positions) {
    auto twin = llvm::find_if(
        kept, [&](uint32_t k) { return isEqual(pieces[k], pieces[p]); });
    if (twin == kept.end())
      kept.push_back(p);
    else
      list.standIn[pieces[p].neuron] = pieces[*twin].neuron;
  }
  positions = std::move(kept);
}

unsigned GroupMaker::formOf(const Piece &piece, unsigned destinations) {
  const NetworkData::Layer &layer = data.layerOf(piece.neuron);
  LayerOp op = layer.op;
  GroupForm form;
  form.destinations = destinations;
  constexpr int32_t mostUnrolled = 32;
  form.sources =
      piece.count <= uint32_t(mostUnrolled) ? int32_t(piece.count) : -1;
  form.isStart = piece.isStart;
  form.isEnd = piece.isEnd;
  form.isSplat = layer.uniform.has_value();
  form.weightType = layer.storedType;
  if (form.isEnd) {
    form.activation = op.getActivation();
    if (auto cap = op.getCap())
      form.cap = cap->convertToDouble();
  }
  auto place = llvm::find(list.forms, form);
  if (place == list.forms.end())
    place = list.forms.insert(list.forms.end(), form);
  return place - list.forms.begin();
}

void GroupMaker::take(std::vector<Piece> &pieces) {
  std::vector<Class> classes;
  if (options.groupClasses)
    classes = findClasses(pieces);
  bool isShared = !classes.empty() && classes.size() < pieces.size();
  if (isShared)
    chain(pieces, classes);
  else if (classes.empty())
    for (uint32_t p = 0; p < pieces.size(); ++p)
      classes.push_back({p});

  Window window{list.groups.size(), 0};
  for (Class &positions : classes) {
    if (options.merge && positions.size() > 1)
      mergeEqual(pieces, positions);
    for (uint64_t at = 0; at < positions.size();) {
      unsigned size = options.destinations;
      while (size > positions.size() - at)
        size /= 2;
      Group group{list.pieces.size(), size, 0};
      for (unsigned i = 0; i < size; ++i)
        list.pieces.push_back(pieces[positions[at + i]]);
      group.form = formOf(list.pieces[group.firstPiece], size);
      list.groups.push_back(group);
      at += size;
    }
  }
  window.endGroup = list.groups.size();
  std::sort(list.groups.begin() + window.firstGroup, list.groups.end(),
            [](const Group &a, const Group &b) {
              return std::tie(a.form, a.firstPiece) <
                     std::tie(b.form, b.firstPiece);
            });
  list.windows.push_back(window);
}

GroupList spada::sparse::makeGroups(NetworkOp network, const NetworkData &data,
                                    const SparseCodeOptions &options,
                                    uint64_t rowBytes) {
  GroupList list;
  GroupMaker maker(data, options, list);
  WindowMaker windows(network, data, options, rowBytes);
  windows.run(list, [&](std::vector<Piece> &pieces) { maker.take(pieces); });
  return list;
}
