//===- Windows.cpp - windows of independent connections -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A window is a set of connections none of which depends on another one of it,
// so that they can be grouped by destination without changing a sum: those into
// one neuron stay in their order.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Groups.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace spada::sparse;

static std::optional<double> uniformWeight(const Numbers &weights) {
  if (weights.size() == 0)
    return std::nullopt;
  double first = weights.real(0);
  if (weights.isSplat())
    return first;
  for (uint64_t c = 1; c < weights.size(); ++c)
    if (weights.real(c) != first)
      return std::nullopt;
  return first;
}

NetworkData::NetworkData(NetworkOp network)
    : inputs(network.getInputs()), neurons(inputs),
      valueType(network.getValueType()), outputs(network.getOutputNeurons()) {
  uint64_t connections = 0;
  source.reserve(network.countConnections());
  for (LayerOp op : network.getLayers()) {
    Layer layer{op,
                *Numbers::of(op.getRows()),
                *Numbers::of(op.getColumns()),
                *Numbers::of(op.getWeights()),
                *Numbers::of(op.getBias()),
                neurons,
                uint32_t(op.getNeurons()),
                connections,
                {},
                {}};
    // Weights that are wider than the sums are rounded once.
    bool isWider = layer.weights.type().isF64() && !valueType.isF64();
    layer.storedType = isWider ? valueType : layer.weights.type();
    layer.uniform = uniformWeight(layer.weights);
    for (uint64_t c = 0; c < layer.columns.size(); ++c) {
      uint32_t from = layer.columns.integer(c);
      readsEarlierLayers &= from < neurons;
      source.push_back(from);
    }
    layerIndex.insert(layerIndex.end(), layer.neurons, layers.size());
    neurons += layer.neurons;
    connections += layer.columns.size();
    layers.push_back(layer);
  }
}

std::pair<uint64_t, uint64_t> NetworkData::into(uint32_t neuron) const {
  const Layer &layer = layerOf(neuron);
  uint32_t row = neuron - layer.firstNeuron;
  return {layer.firstConnection + layer.rows.integer(row),
          layer.firstConnection + layer.rows.integer(row + 1)};
}

WindowMaker::WindowMaker(NetworkOp network, const NetworkData &data,
                         const SparseCodeOptions &options, uint64_t rowBytes)
    : network(network), data(data), options(options), rowBytes(rowBytes),
      progressOf(data.neurons - data.inputs) {}

void WindowMaker::run(GroupList &list,
                      llvm::function_ref<void(std::vector<Piece> &)> take) {
  if (network.getOrder())
    runInOrder(list, take);
  else
    runByLevel(take);
}

//===----------------------------------------------------------------------===//
// The order of the network
//===----------------------------------------------------------------------===//

namespace {
/// The connections of the window that grows.
class OpenWindow {
public:
  OpenWindow(const NetworkData &data, GroupList &list,
             llvm::function_ref<void(std::vector<Piece> &)> take,
             uint64_t maxSources)
      : data(data), list(list), take(take), maxSources(maxSources),
        missing(data.neurons, 0), seenIn(data.neurons, 0),
        pieceIn(data.neurons, 0), pieceOf(data.neurons, 0) {
    for (uint32_t v = data.inputs; v < data.neurons; ++v) {
      auto [first, end] = data.into(v);
      missing[v] = end - first;
      if (first == end)
        lone.push_back({v, 0, 0, true, true});
    }
    if (!lone.empty())
      take(lone);
  }

  void add(uint64_t connection, uint32_t from, uint32_t to) {
    bool isRevisit = pieceIn[to] == number && to != last;
    bool isFull = isRevisit && sources + (seenIn[from] != number) > maxSources;
    if (pieceIn[from] == number || isFull)
      flush();
    if (seenIn[from] != number) {
      seenIn[from] = number;
      ++sources;
    }
    if (pieceIn[to] != number) {
      pieceIn[to] = number;
      pieceOf[to] = pieces.size();
      auto [first, end] = data.into(to);
      pieces.push_back({to, 0, 0, missing[to] == end - first, false});
    }
    ++pieces[pieceOf[to]].count;
    --missing[to];
    window.push_back({connection, pieceOf[to]});
    last = to;
  }

  void flush() {
    uint64_t at = list.connections.size();
    for (Piece &piece : pieces) {
      piece.first = at;
      piece.isEnd = missing[piece.neuron] == 0;
      at += piece.count;
    }
    list.connections.resize(at);
    std::vector<uint64_t> next;
    for (const Piece &piece : pieces)
      next.push_back(piece.first);
    for (auto [connection, piece] : window)
      list.connections[next[piece]++] = connection;
    if (!pieces.empty())
      take(pieces);
    pieces.clear();
    window.clear();
    sources = 0;
    ++number;
  }

private:
  const NetworkData &data;
  GroupList &list;
  llvm::function_ref<void(std::vector<Piece> &)> take;
  uint64_t maxSources;
  std::vector<uint64_t> missing; ///< connections into a neuron still to come
  std::vector<uint64_t> seenIn, pieceIn; ///< numbers of windows
  std::vector<uint32_t> pieceOf;
  std::vector<Piece> pieces, lone;
  std::vector<std::pair<uint64_t, uint32_t>> window;
  uint64_t number = 1, sources = 0;
  uint32_t last = std::numeric_limits<uint32_t>::max();
};
} // namespace

void WindowMaker::runInOrder(
    GroupList &list, llvm::function_ref<void(std::vector<Piece> &)> take) {
  Numbers order = *Numbers::of(*network.getOrder());
  std::vector<uint32_t> destination(data.source.size());
  for (uint32_t v = data.inputs; v < data.neurons; ++v)
    for (auto [c, end] = data.into(v); c < end; ++c)
      destination[c] = v;
  list.connections.reserve(order.size());
  uint64_t rows = std::max<uint64_t>(1, options.levelOneBytes / 2 / rowBytes);
  OpenWindow window(data, list, take, rows);
  for (uint64_t step = 0; step < order.size(); ++step) {
    uint64_t c = order.integer(step);
    window.add(c, data.source[c], destination[c]);
  }
  window.flush();
}

//===----------------------------------------------------------------------===//
// An order of our own
//===----------------------------------------------------------------------===//

void WindowMaker::runByLevel(
    llvm::function_ref<void(std::vector<Piece> &)> take) {
  if (data.readsEarlierLayers) {
    auto neuronsOf = [](const NetworkData::Layer &layer) {
      std::vector<uint32_t> neurons(layer.neurons);
      std::iota(neurons.begin(), neurons.end(), layer.firstNeuron);
      return neurons;
    };
    for (size_t l = 0; l < data.layers.size(); ++l) {
      std::vector<uint32_t> neurons = neuronsOf(data.layers[l]);
      if (l + 1 < data.layers.size() &&
          takeStreamed(neurons, neuronsOf(data.layers[l + 1]), take))
        ++l;
      else
        takeLevel(neurons, take);
    }
    return;
  }
  std::vector<uint32_t> level = levels(graphOf(network));
  std::vector<uint32_t> neurons(data.neurons - data.inputs);
  std::iota(neurons.begin(), neurons.end(), data.inputs);
  llvm::sort(neurons, [&](uint32_t a, uint32_t b) {
    return std::pair(level[a], a) < std::pair(level[b], b);
  });
  for (uint64_t begin = 0; begin < neurons.size();) {
    uint64_t end = begin;
    while (end < neurons.size() && level[neurons[end]] == level[neurons[begin]])
      ++end;
    takeLevel({neurons.begin() + begin, neurons.begin() + end}, take);
    begin = end;
  }
}

/// True when neurons of the level share lists of sources.
static bool hasClasses(const NetworkData &data,
                       const std::vector<uint32_t> &neurons) {
  std::vector<uint64_t> hashes;
  for (uint32_t v : neurons) {
    auto [first, end] = data.into(v);
    if (first != end)
      hashes.push_back(llvm::hash_combine_range(data.source.begin() + first,
                                                data.source.begin() + end));
  }
  uint64_t size = hashes.size();
  llvm::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return 2 * hashes.size() <= size;
}

void WindowMaker::takeLevel(
    const std::vector<uint32_t> &neurons,
    llvm::function_ref<void(std::vector<Piece> &)> take) {
  if (SourceRange range = blockedSources(neurons)) {
    takeBlocks(neurons, range, take);
    return;
  }
  std::vector<Piece> pieces;
  for (uint32_t v : neurons) {
    auto [first, end] = data.into(v);
    pieces.push_back({v, uint32_t(end - first), first, true, true});
  }
  take(pieces);
}

//===----------------------------------------------------------------------===//
// Blocks of sources
//===----------------------------------------------------------------------===//

/// The sources of `neurons`, if they are to be read in blocks whose rows fit
/// the first cache, where the sums wait for the next block. Pays when enough
/// connections of a neuron fall into one block: each block reads and writes its
/// sum once more.
WindowMaker::SourceRange
WindowMaker::blockedSources(const std::vector<uint32_t> &neurons) const {
  constexpr double leastPerBlock = 4;
  if (!options.blockSources ||
      (options.groupClasses && hasClasses(data, neurons)))
    return {};
  SourceRange range{data.neurons, 0};
  uint64_t connections = 0;
  for (uint32_t v : neurons) {
    auto [first, end] = data.into(v);
    connections += end - first;
    for (uint64_t c = first; c < end; ++c) {
      range.first = std::min(range.first, data.source[c]);
      range.end = std::max(range.end, data.source[c] + 1);
      // The order of the sum must be that of the blocks.
      if (c > first && data.source[c] < data.source[c - 1])
        return {};
    }
  }
  uint64_t blocks = range ? llvm::divideCeil(range.size(), blockRows()) : 0;
  if (blocks < 2 || connections < leastPerBlock * blocks * neurons.size())
    return {};
  return range;
}

/// The connections of `neurons` from `range`, in blocks of equal size; those
/// from sources in front of it are done.
void WindowMaker::takeBlocks(
    llvm::ArrayRef<uint32_t> neurons, SourceRange range,
    llvm::function_ref<void(std::vector<Piece> &)> take) {
  uint64_t blocks = llvm::divideCeil(range.size(), blockRows());
  for (uint64_t block = 0; block < blocks; ++block) {
    uint64_t limit = range.first + (block + 1) * range.size() / blocks;
    std::vector<Piece> pieces;
    for (uint32_t v : neurons) {
      Progress &progress = progressOf[v - data.inputs];
      auto [begin, end] = data.into(v);
      uint64_t first = begin + progress.done, next = first;
      while (next < end && data.source[next] < limit)
        ++next;
      bool isLone = begin == end && !progress.isOpen;
      if (next == first && !isLone)
        continue;
      pieces.push_back(
          {v, uint32_t(next - first), first, !progress.isOpen, next == end});
      progress = {uint32_t(next - begin), true};
    }
    if (!pieces.empty())
      take(pieces);
  }
}

/// Two layers one chunk of the first one's neurons after the other: a chunk is
/// computed and at once read by all of the second layer, whose sums wait. Pays
/// where the rows of both layers do not fit the second cache and those of a
/// chunk do. False: nothing was done.
bool WindowMaker::takeStreamed(
    const std::vector<uint32_t> &hidden, const std::vector<uint32_t> &next,
    llvm::function_ref<void(std::vector<Piece> &)> take) {
  SourceRange inputs = blockedSources(hidden), range = blockedSources(next);
  if (!inputs || !range || range.first < hidden.front())
    return false;
  uint64_t room = options.levelTwoBytes / rowBytes;
  uint64_t others = inputs.size() + next.size();
  if (others + hidden.size() <= room || others + 2 * blockRows() > room)
    return false;
  // The next chunk is written while rows of this one are not free yet.
  uint64_t chunk = llvm::alignDown((room - others) / 2, blockRows());
  llvm::ArrayRef<uint32_t> all = hidden;
  for (uint64_t begin = 0; begin < hidden.size(); begin += chunk) {
    auto some = all.slice(begin, std::min(chunk, hidden.size() - begin));
    takeBlocks(some, inputs, take);
    takeBlocks(next, {some.front(), some.back() + 1}, take);
  }
  return true;
}
