//===- Pack.cpp - the stream of a network's connections -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Groups.h"
#include "spada/Machine/Host.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <cstring>

using namespace spada::sparse;

llvm::StringRef spada::sparse::vectorSetName(VectorSet set) {
  switch (set) {
  case VectorSet::Plain:
    return "plain";
  case VectorSet::AVX2:
    return "avx2";
  case VectorSet::AVX512:
    return "avx512";
  }
  llvm_unreachable("covered switch");
}

unsigned spada::sparse::vectorSetBytes(VectorSet set) {
  switch (set) {
  case VectorSet::Plain:
    return 16;
  case VectorSet::AVX2:
    return 32;
  case VectorSet::AVX512:
    return 64;
  }
  llvm_unreachable("covered switch");
}

unsigned spada::sparse::vectorSetRegisters(VectorSet set) {
  return set == VectorSet::AVX512 ? 32 : 16;
}

uint64_t PackedNetwork::rowBytes() const {
  return uint64_t(tile) * valueType.getIntOrFloatBitWidth() / 8;
}

/// Fills in what is to be chosen: columns of a tile and destinations of a
/// group. Long rows share an index and a weight among many columns. Where two
/// layers of them leave the second cache far behind, shorter rows and more
/// destinations for each are faster.
static SparseCodeOptions choose(const NetworkData &data,
                                SparseCodeOptions options) {
  const spada::Host host = spada::builtinHost();
  uint64_t rowBytes = host.tileRowBytes;
  unsigned bytes = data.valueType.getIntOrFloatBitWidth() / 8;
  uint64_t neurons = data.inputs, before = data.inputs;
  for (const NetworkData::Layer &layer : data.layers) {
    neurons = std::max(neurons, before + layer.neurons);
    before = layer.neurons;
  }
  bool isLarge =
      neurons * rowBytes > host.largeLayerCaches * options.levelTwoBytes;
  if (!options.tile)
    options.tile = (isLarge ? rowBytes / 2 : rowBytes) / bytes;
  options.tile = llvm::alignTo(options.tile, 64 / bytes);
  if (!options.destinations)
    options.destinations = isLarge ? 8 : 4;
  return options;
}

/// The power of two, at most one, that all weights are, if they are one.
static std::optional<double> commonScale(const NetworkData &data) {
  std::optional<double> scale;
  for (const NetworkData::Layer &layer : data.layers) {
    if (layer.columns.size() == 0)
      continue;
    if (!layer.uniform || (scale && *scale != *layer.uniform))
      return std::nullopt;
    scale = layer.uniform;
  }
  int exponent = 0;
  constexpr int mostScale = 24; // far from where numbers lose digits
  if (!scale || std::frexp(std::fabs(*scale), &exponent) != 0.5 ||
      exponent > 1 || exponent < -mostScale)
    return std::nullopt;
  return scale;
}

static void append(std::vector<char> &stream, uint64_t bits, unsigned bytes) {
  const char *data = reinterpret_cast<const char *>(&bits);
  stream.insert(stream.end(), data, data + bytes);
}

void spada::sparse::appendReal(double value, mlir::Type type,
                               std::vector<char> &stream) {
  llvm::APFloat number(value);
  bool losesInfo;
  number.convert(llvm::cast<mlir::FloatType>(type).getFloatSemantics(),
                 llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  append(stream, number.bitcastToAPInt().getZExtValue(),
         type.getIntOrFloatBitWidth() / 8);
}

void spada::sparse::appendWeight(const NetworkData::Layer &layer,
                                 uint64_t connection,
                                 std::vector<char> &stream) {
  const Numbers &weights = layer.weights;
  uint64_t at = weights.isSplat() ? 0 : connection - layer.firstConnection;
  if (layer.storedType != weights.type())
    return appendReal(weights.real(at), layer.storedType, stream);
  unsigned bytes = layer.storedType.getIntOrFloatBitWidth() / 8;
  const char *from = weights.data<char>() + at * bytes;
  stream.insert(stream.end(), from, from + bytes);
}

namespace {
/// Writes the three streams.
class StreamWriter {
public:
  StreamWriter(const NetworkData &data, const GroupList &list,
               const std::vector<uint32_t> &slot, PackedNetwork &packed)
      : data(data), list(list), slot(slot), packed(packed) {}

  void run();
  std::vector<uint32_t> firstRun; ///< of each window

private:
  void startRun(const Group &group);
  void writeGroup(const Group &group);
  void index(uint64_t value) {
    append(packed.indices, value, packed.isWide ? 4 : 2);
  }
  static void align(std::vector<char> &stream) {
    stream.resize(llvm::alignTo(stream.size(), 64));
  }

  const NetworkData &data;
  const GroupList &list;
  const std::vector<uint32_t> &slot;
  PackedNetwork &packed;
};
} // namespace

void StreamWriter::startRun(const Group &group) {
  align(packed.indices);
  align(packed.weights);
  align(packed.biases);
  GroupRun run;
  run.form = group.form;
  run.indexAt = packed.indices.size();
  run.weightAt = packed.weights.size();
  run.biasAt = packed.biases.size();
  packed.runs.push_back(run);
  if (packed.forms[group.form].isSplat) {
    const Piece &piece = list.pieces[group.firstPiece];
    const NetworkData::Layer &layer = data.layerOf(piece.neuron);
    for (double value : {*layer.uniform, 1.0})
      appendReal(value, layer.storedType, packed.weights);
  }
}

void StreamWriter::writeGroup(const Group &group) {
  const GroupForm &form = packed.forms[group.form];
  const Piece *pieces = &list.pieces[group.firstPiece];
  uint32_t count = pieces[0].count;
  const NetworkData::Layer &layer = data.layerOf(pieces[0].neuron);
  for (uint32_t p = 0; p < group.pieces; ++p)
    index(slot[pieces[p].neuron]);
  if (form.sources < 0)
    index(count);
  for (uint32_t n = 0; n < count; ++n) {
    index(slot[data.source[list.connection(pieces[0], n)]]);
    for (uint32_t p = 0; p < group.pieces && !form.isSplat; ++p)
      appendWeight(layer, list.connection(pieces[p], n), packed.weights);
  }
  if (form.isStart)
    for (uint32_t p = 0; p < group.pieces; ++p)
      appendReal(layer.bias.real(pieces[p].neuron - layer.firstNeuron),
                 data.valueType, packed.biases);
  GroupRun &run = packed.runs.back();
  ++run.groups;
  run.connections += uint64_t(count) * group.pieces;
  PackStatistics &statistics = packed.statistics;
  ++statistics.groups;
  statistics.computed += uint64_t(count) * group.pieces;
  if (group.pieces > 1)
    statistics.shared += uint64_t(count) * group.pieces;
  if (!form.isEnd)
    statistics.spills += group.pieces;
}

void StreamWriter::run() {
  for (const Window &window : list.windows) {
    firstRun.push_back(packed.runs.size());
    for (uint64_t g = window.firstGroup; g < window.endGroup; ++g) {
      const Group &group = list.groups[g];
      // Runs of one weight hold those of one layer.
      bool isNext =
          g > window.firstGroup && list.groups[g - 1].form == group.form &&
          &data.layerOf(list.pieces[group.firstPiece].neuron) ==
              &data.layerOf(list.pieces[list.groups[g - 1].firstPiece].neuron);
      if (!isNext)
        startRun(group);
      writeGroup(group);
    }
  }
  // The code reads several at a time, beyond the last one.
  constexpr uint64_t mostBeyond = 16;
  for (std::vector<char> *stream : {&packed.indices, &packed.weights})
    stream->resize(stream->size() + mostBeyond);
  packed.statistics.connections = data.source.size();
  packed.statistics.runs = packed.runs.size();
  packed.statistics.indexBytes = packed.indices.size();
  packed.statistics.weightBytes = packed.weights.size();
  packed.statistics.biasBytes = packed.biases.size();
}

/// Code without loops is faster (1.4 times for short lists of sources, 1.1 for
/// long ones) where it fits the first cache for code; much larger code is
/// slower.
static bool choosesStraight(const PackedNetwork &packed,
                            const SparseCodeOptions &options) {
  const spada::Host host = spada::builtinHost();
  uint64_t vectors = llvm::divideCeil(packed.rowBytes(), 64);
  uint64_t bytes = packed.statistics.computed * vectors * host.vectorCodeBytes;
  using Straight = SparseCodeOptions::Straight;
  return options.straight == Straight::Always ||
         (options.straight == Straight::Small &&
          bytes <= uint64_t(host.codeCacheBytes));
}

PackedNetwork spada::sparse::packNetwork(NetworkOp network,
                                         const SparseCodeOptions &given) {
  NetworkData data(network);
  SparseCodeOptions options = choose(data, given);
  PackedNetwork packed;
  packed.valueType = data.valueType;
  packed.tile = options.tile;
  if (options.foldWeights)
    packed.scale = commonScale(data);
  GroupList list = makeGroups(network, data, options, packed.rowBytes());
  SlotPlan plan = assignSlots(data, list);
  packed.slots = plan.slots;
  packed.inputSlots.assign(plan.slot.begin(), plan.slot.begin() + data.inputs);
  for (uint32_t v : data.outputs)
    packed.outputSlots.push_back(plan.slot[v]);
  constexpr uint64_t narrow = 1 << 16;
  packed.isWide = options.wideIndices || packed.slots > narrow ||
                  llvm::any_of(list.pieces, [](const Piece &piece) {
                    return piece.count >= narrow;
                  });
  packed.forms = list.forms;
  StreamWriter writer(data, list, plan.slot, packed);
  writer.run();
  if (options.skipZeros)
    packed.cuts = findCuts(data, list, plan, writer.firstRun);
  packed.isStraight = choosesStraight(packed, options);
  if (options.fewInputs && packed.cuts.empty())
    packed.few = packFewInputs(data, list);
  return packed;
}
