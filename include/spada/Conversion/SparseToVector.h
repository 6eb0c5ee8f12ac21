//===- SparseToVector.h - code for sparse networks --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// From a `sparse.network` to a packed stream of its connections and to loops
// over vectors that run through it. A tile of the batch runs through the whole
// network before the next one starts. The value of a neuron for the columns of
// a tile is a row in a slot; slots are used again when their neuron is dead.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_CONVERSION_SPARSETOVECTOR_H
#define SPADA_CONVERSION_SPARSETOVECTOR_H

#include "dialects/Sparse/IR/SparseDialect.h"

#include "spada/Machine/Host.h"

#include "mlir/IR/BuiltinOps.h"

#include <optional>
#include <string>
#include <vector>

namespace spada::sparse {

/// Vector instructions that code is made for.
enum class VectorSet {
  Plain,  ///< x86-64 as every processor has it, or any other machine
  AVX2,   ///< 256 bits, with FMA and F16C
  AVX512, ///< 512 bits: F, BW, CD, DQ, VL
};
llvm::StringRef vectorSetName(VectorSet set); ///< `plain`, `avx2`, `avx512`
unsigned vectorSetBytes(VectorSet set);
unsigned vectorSetRegisters(VectorSet set);

struct SparseCodeOptions {
  /// No call has more inputs, so that code for wide tiles is left out; 0: any
  /// number.
  uint64_t mostInputs = 0;
  /// Columns of a tile: a multiple of 64 bytes; 0: chosen from the caches.
  unsigned tile = 0;
  uint64_t levelOneBytes = 32 << 10; ///< data cache of a core
  uint64_t levelTwoBytes = 1 << 20;
  /// Destinations with equal lists of sources that are computed together, in
  /// registers: 1, 2, 4 or 8; 0: chosen from the caches.
  unsigned destinations = 0;
  /// Indices of 32 bits even where 16 are enough.
  bool wideIndices = false;
  /// Without an order of the network: let the sums of a level wait for the
  /// next block of sources that fits the first cache.
  bool blockSources = true;
  /// Without an order: destinations with equal sources one after the other.
  bool groupClasses = true;
  /// Compute neurons that are equal by construction once, and copy.
  bool merge = false;
  /// Drop columns whose values are all zero where they stay so.
  bool skipZeros = false;
  /// Multiply values once by a common power of two instead of every time, with
  /// a check that nothing is lost. The results are the same bits.
  bool foldWeights = true;
  /// Code without loops over groups: for small networks, never, or whatever
  /// the size.
  enum class Straight { Small, Never, Always } straight = Straight::Small;
  /// A second stream for few inputs at a time, where that is faster.
  bool fewInputs = true;
  /// Use OpenMP threads; needs LLVM's OpenMP library when the code runs.
  bool useThreads = true;
};

/// How a group of connections is computed: one loop of the code for each.
struct GroupForm {
  unsigned destinations = 1; ///< with a common list of sources
  int32_t sources = -1;      ///< -1: their number is in the stream
  bool isStart = true;       ///< sums start from the bias, or from their row
  bool isEnd = true;         ///< sums are finished by the activation
  bool isSplat = false;      ///< one weight for all connections
  Activation activation = Activation::None;
  std::optional<double> cap;
  mlir::Type weightType;

  bool operator==(const GroupForm &) const = default;
};

/// Groups of one form that follow each other.
struct GroupRun {
  unsigned form = 0;
  uint32_t groups = 0;
  /// Bytes in front of the first group in the three streams.
  uint64_t indexAt = 0, weightAt = 0, biasAt = 0;
  uint64_t connections = 0;
};

/// A place where a column whose values are all zero stays so.
struct NetworkCut {
  uint32_t run = 0;            ///< the cut is in front of this run
  std::vector<uint32_t> slots; ///< all rows that are needed later
};

/// How slices of the stream for few inputs are computed. A slice is as many
/// destinations as a vector of 64 bytes has values, each in its own lane.
struct FewForm {
  /// All lanes read the same source in a step; else each lane one of those in
  /// two neighbouring vectors of values.
  bool isShared = false;
  bool isSplat = false; ///< one weight for all connections
  Activation activation = Activation::None;
  std::optional<double> cap;
  mlir::Type weightType;

  bool operator==(const FewForm &) const = default;
};

/// Slices of one form that follow each other.
struct FewRun {
  unsigned form = 0;
  uint32_t slices = 0, firstSlot = 0;
  /// Bytes in front of the first slice in the three streams.
  uint64_t indexAt = 0, weightAt = 0, biasAt = 0;
};

/// A network as the code for few inputs reads it. Every neuron has its own
/// slot; inputs have the first ones.
struct FewInputs {
  /// Calls with at most so many inputs use this stream; 0: there is none.
  unsigned most = 0;
  /// Predicted time in sums of vectors: one input, two, four, and a tile.
  double oneCost = 0, twoCost = 0, fourCost = 0, tileCost = 0;
  uint32_t slots = 0;
  std::vector<uint32_t> outputSlots;
  std::vector<FewForm> forms;
  std::vector<FewRun> runs;
  /// For each slice the number of its steps in 32 bits. Shared: the slots of
  /// the sources in 32 bits. Else for each step the number of the first vector
  /// in 16 bits, then for each step and lane the place of the source in both
  /// vectors in 8 bits, negative where the lane does not rest.
  std::vector<char> indices;
  std::vector<char> weights; ///< for each step and lane; or one for a run
  std::vector<char> biases;  ///< for each lane

  uint64_t bytes() const {
    return indices.size() + weights.size() + biases.size();
  }
};

struct PackStatistics {
  uint64_t connections = 0, computed = 0; ///< fewer with `merge`
  uint64_t groups = 0, runs = 0;
  uint64_t shared = 0; ///< connections in groups of several destinations
  uint64_t spills = 0; ///< sums that are stored before they are finished
  uint64_t indexBytes = 0, weightBytes = 0, biasBytes = 0;
  double bytesPerConnection() const {
    return connections ? double(indexBytes + weightBytes + biasBytes) /
                             double(connections)
                       : 0;
  }
};

/// A network as its code reads it.
struct PackedNetwork {
  mlir::Type valueType;
  unsigned tile = 0;   ///< columns
  bool isWide = false; ///< indices of 32 bits, else 16
  uint32_t slots = 0;
  std::vector<uint32_t> inputSlots, outputSlots;
  std::vector<GroupForm> forms;
  std::vector<GroupRun> runs;
  std::vector<NetworkCut> cuts;
  /// All weights are this power of two: values are stored multiplied by it and
  /// only added up.
  std::optional<double> scale;
  /// For each group the slots of the destinations and then (after their number
  /// where the form has none) those of the sources.
  std::vector<char> indices;
  /// For each group and source the weights into its destinations; for runs
  /// with one weight only that.
  std::vector<char> weights;
  std::vector<char> biases; ///< for each group that starts sums
  FewInputs few;
  bool isStraight = false; ///< whole tiles run without loops over groups
  PackStatistics statistics;

  uint64_t rowBytes() const;
  /// Bytes of the rows of one tile.
  uint64_t tileBytes() const { return slots * rowBytes(); }
};

/// Packs the connections of `network` in its order, or, without one, in an
/// order of its own. Never changes a sum unless the network is `fast`.
PackedNetwork packNetwork(NetworkOp network, const SparseCodeOptions &options);

/// Lines of 64 bytes that one tile of a long batch misses in a fully
/// associative cache of `cacheBytes` under LRU: rows, streams, and the inputs
/// and outputs themselves. \p set  the vectors that move those
uint64_t predictMisses(const PackedNetwork &packed, uint64_t cacheBytes,
                       VectorSet set);

/// What a tile of a long batch takes on one core of `host`: arithmetic or rows
/// from the first cache, then the lines that the caches miss, then branches.
double predictSeconds(const PackedNetwork &packed, const Host &host,
                      VectorSet set);

/// Code of `NAME_call` and `NAME_workspace` (see SparseObject.h) for each of
/// `sets` in one module, in the dialects arith, scf, vector, func, omp and
/// llvm. The streams are declared as `NAME_indices` and so on.
mlir::OwningOpRef<mlir::ModuleOp>
lowerPackedNetwork(mlir::MLIRContext *context, llvm::StringRef name,
                   const PackedNetwork &packed, llvm::ArrayRef<VectorSet> sets,
                   const SparseCodeOptions &options);

} // namespace spada::sparse

#endif
