//===- Groups.h - connections that are processed together -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The steps behind `packNetwork`: windows of connections that do not depend on
// each other, their groups, and slots.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPARSETOVECTOR_GROUPS_H
#define LIB_CONVERSION_SPARSETOVECTOR_GROUPS_H

#include "spada/Analysis/Sparse/Network.h"
#include "spada/Conversion/SparseToVector.h"

#include <limits>

namespace spada::sparse {

/// The arrays of a network in one place. Connections have the network's
/// numbers.
struct NetworkData {
  explicit NetworkData(NetworkOp network);

  struct Layer {
    LayerOp op;
    Numbers rows, columns, weights, bias;
    uint32_t firstNeuron = 0, neurons = 0;
    uint64_t firstConnection = 0;
    mlir::Type storedType;         ///< of weights in the stream
    std::optional<double> uniform; ///< the weight of all connections
  };

  const Layer &layerOf(uint32_t neuron) const {
    return layers[layerIndex[neuron - inputs]];
  }
  /// The connections into `neuron`: the first one, and one past the last.
  std::pair<uint64_t, uint64_t> into(uint32_t neuron) const;

  std::vector<Layer> layers;
  std::vector<uint32_t> layerIndex; ///< for each neuron that is not an input
  std::vector<uint32_t> source;     ///< for each connection
  uint32_t inputs = 0, neurons = 0;
  bool readsEarlierLayers = true;
  mlir::Type valueType;
  std::vector<uint32_t> outputs;
};

/// Some connections into one neuron.
struct Piece {
  uint32_t neuron = 0, count = 0;
  uint64_t first = 0; ///< position in `GroupList::connections`
  bool isStart = true, isEnd = true;
};

/// Pieces with the same sources, one for each destination.
struct Group {
  uint64_t firstPiece = 0;
  uint32_t pieces = 1;
  uint32_t form = 0;
};

struct Window {
  uint64_t firstGroup = 0, endGroup = 0;
};

struct GroupList {
  /// Numbers of connections; empty where each stands in its own place.
  std::vector<uint64_t> connections;
  std::vector<Piece> pieces;
  std::vector<Group> groups;
  std::vector<Window> windows;
  std::vector<GroupForm> forms;
  /// For `merge`: the equal neuron that is computed instead; else itself.
  std::vector<uint32_t> standIn;

  uint64_t connection(const Piece &piece, uint32_t n) const {
    return connections.empty() ? piece.first + n : connections[piece.first + n];
  }
};

/// Cuts the connections into windows of pieces.
class WindowMaker {
public:
  WindowMaker(NetworkOp network, const NetworkData &data,
              const SparseCodeOptions &options, uint64_t rowBytes);
  /// Calls `take` with the pieces of each window, in the order in which they
  /// are processed.
  void run(GroupList &list,
           llvm::function_ref<void(std::vector<Piece> &)> take);

private:
  void runInOrder(GroupList &list,
                  llvm::function_ref<void(std::vector<Piece> &)> take);
  void runByLevel(llvm::function_ref<void(std::vector<Piece> &)> take);
  void takeLevel(const std::vector<uint32_t> &neurons,
                 llvm::function_ref<void(std::vector<Piece> &)> take);

  /// Neurons with numbers next to each other; none: there are no blocks.
  struct SourceRange {
    uint32_t first = 0, end = 0;
    uint64_t size() const { return end - first; }
    explicit operator bool() const { return first < end; }
  };
  SourceRange blockedSources(const std::vector<uint32_t> &neurons) const;
  void takeBlocks(llvm::ArrayRef<uint32_t> neurons, SourceRange range,
                  llvm::function_ref<void(std::vector<Piece> &)> take);
  bool takeStreamed(const std::vector<uint32_t> &hidden,
                    const std::vector<uint32_t> &next,
                    llvm::function_ref<void(std::vector<Piece> &)> take);
  /// Rows that fill the first cache.
  uint64_t blockRows() const {
    return std::max<uint64_t>(1, options.levelOneBytes / rowBytes);
  }

  NetworkOp network;
  const NetworkData &data;
  const SparseCodeOptions &options;
  uint64_t rowBytes;
  /// Connections of a neuron that were taken in blocks so far.
  struct Progress {
    uint32_t done = 0;
    bool isOpen = false;
  };
  std::vector<Progress> progressOf;
};

/// Windows, groups and their forms.
GroupList makeGroups(NetworkOp network, const NetworkData &data,
                     const SparseCodeOptions &options, uint64_t rowBytes);

/// Where neurons live. A stretch is some windows none of which reads a neuron
/// that another one of them writes; inputs are written in stretch 0.
struct SlotPlan {
  uint32_t slots = 0;
  std::vector<uint32_t> slot;        ///< of each neuron
  std::vector<uint64_t> stretch;     ///< in which a neuron is first touched
  std::vector<uint64_t> lastUse;     ///< the last stretch; outputs: `never`
  std::vector<uint64_t> firstWindow; ///< of each stretch but the first
  static constexpr uint64_t never = std::numeric_limits<uint64_t>::max();
};
SlotPlan assignSlots(const NetworkData &data, const GroupList &list);

/// Places where columns that are all zero can be dropped. \p firstRun  of each
/// window.
std::vector<NetworkCut> findCuts(const NetworkData &data, const GroupList &list,
                                 const SlotPlan &plan,
                                 const std::vector<uint32_t> &firstRun);

/// Appends the weight of `connection` as the streams of `layer` have it.
void appendWeight(const NetworkData::Layer &layer, uint64_t connection,
                  std::vector<char> &stream);
/// Appends `value` as `type` has it.
void appendReal(double value, mlir::Type type, std::vector<char> &stream);

/// The stream for few inputs, where it is predicted to be faster than a tile
/// for one of them.
FewInputs packFewInputs(const NetworkData &data, const GroupList &list);

} // namespace spada::sparse

#endif
