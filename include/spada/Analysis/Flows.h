//===- Flows.h - who sends what to whom, over which color and queue -*- C++
//-*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The communication structure of a kernel in concrete form: flows, their split
// into conflict-free sub-flows, routes, colors, PE classes and queues.
// Read-only: the IR is not changed. Cost does not depend on the number of PEs.
//
// Reading order for a code generator: `classes` (which PEs run one program),
// `PEClass::uses` (which sub-flow a send or receive of a compute block is),
// `subflows` (color and routes of each), `PEClass::inputs` and `outputs`
// (queues).
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_FLOWS_H
#define SPADA_ANALYSIS_FLOWS_H

#include "dialects/Spada/IR/SpadaDialect.h"
#include "spada/Analysis/Region.h"
#include "spada/Machine/Machine.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace spada {

/// Router ports, numbered like `csl::Direction`.
enum class Port : int64_t {
  Ramp = 0,
  North = 1,
  South = 2,
  East = 3,
  West = 4
};

/// One compute block; `index` in KernelAnalysis::computes is textual order,
/// which is also phase order. Of the compute blocks of one phase with equal
/// bodies (as unrolled loops make them) the first stands for all: classes list
/// only representatives, whose own `region` need not hold the class.
struct ComputeInfo {
  ComputeOp op;
  unsigned phase = 0; ///< index in KernelAnalysis::phases
  Region region;
  unsigned representative = 0; ///< index in KernelAnalysis::computes
};

/// One place block.
struct PlaceInfo {
  PlaceOp op;
  std::optional<unsigned> phase; ///< none: kernel level
  Region region;
};

/// The same configuration of one color on every PE of `pes`. `rx` and `tx` are
/// Port numbers, ascending, never empty.
struct RouteEntry {
  Region pes;
  llvm::SmallVector<int64_t, 1> rx;
  llvm::SmallVector<int64_t, 2> tx;
};

/// `length` unit steps through port `port`.
struct PathSegment {
  Port port;
  int64_t length = 0;
};

/// The path from any sender of a flow to its last receiver; it depends on the
/// offsets only. A PE at `position` steps from the sender receives when
/// `firstReceiver <= position`; `length` is the position of the last receiver.
struct Path {
  llvm::SmallVector<PathSegment, 2> segments;
  int64_t firstReceiver = 0, length = 0;
};

/// One stream as one phase uses it. Declarations of one name with equal element
/// type, bound, offsets, hops and channel are one stream. Declarations that
/// nothing uses make no flow.
struct Flow {
  unsigned phase = 0;
  std::string name; ///< name of the stream in the source
  llvm::SmallVector<StreamOp, 1> declarations; ///< the first one stands for all
  mlir::Type elementType;
  int64_t dx = 0, dy = 0; ///< offset of the last receiver
  bool multicast = false;
  std::optional<int64_t> bound, channel; ///< absent: unbounded, automatic
  Path path;
  Region senders, receivers;
  Region relays;                   ///< PEs that only pass the stream on
  std::optional<int64_t> elements; ///< on each edge, where it can be computed
                                   ///< and is the same everywhere
  bool counted = false; ///< the counts of all its PEs could be computed
  llvm::SmallVector<unsigned, 2>
      subflows; ///< indices in KernelAnalysis::subflows
  mlir::Location location() const {
    return StreamOp(declarations.front()).getLoc();
  }
};

/// A part of a flow in which no PE needs two routes: some of the senders, with
/// their receivers and paths.
struct SubFlow {
  unsigned flow = 0; ///< index in KernelAnalysis::flows
  Region senders, receivers;
  Region pes; ///< every PE that has a route: senders, relays and receivers
  std::vector<RouteEntry> routes; ///< disjoint, together exactly `pes`
  int64_t color = -1;             ///< a number of Machine::programColors
};

/// The color of an unbounded (streaming) kernel argument; nothing else uses it.
struct HostStream {
  ArgumentOp argument;
  StreamDirection direction = StreamDirection::In;
  int64_t color = -1;
};

enum class Role { Send, Receive };

/// What the stream `name` is in one compute block of one class.
struct StreamUse {
  unsigned compute = 0; ///< index in KernelAnalysis::computes
  std::string name;
  Role role = Role::Send;
  unsigned subflow = 0; ///< index in KernelAnalysis::subflows
};

/// A queue of a class's program. Different colors have different queues, except
/// where `shared` is set: several colors on one WSE-2 output queue whose sends
/// are never outstanding together.
struct QueueUse {
  int64_t color = -1, queue = -1;
  bool shared = false;
};

/// PEs that run the same program: same place and compute blocks, same sub-flow
/// in each role for each use of a stream.
struct PEClass {
  Region region;
  std::vector<StridedBox> boxes; ///< region.boxes()
  llvm::SmallVector<unsigned, 4>
      places; ///< indices in KernelAnalysis::places, textual order
  llvm::SmallVector<unsigned, 4>
      computes; ///< indices in KernelAnalysis::computes, phase order; those of
                ///< one phase run one after the other with an awaitall between
  std::vector<StreamUse> uses; ///< sorted by (compute, name, role)
  std::vector<QueueUse> inputs,
      outputs; ///< ascending color; only colors that the program uses
  int64_t fieldBytes = 0; ///< sum over its fields, before liveness planning

  /// Index of the sub-flow, or none: this class's `compute` does not use the
  /// stream in that role.
  std::optional<unsigned> findUse(unsigned compute, llvm::StringRef name,
                                  Role role) const;
  std::optional<int64_t> inputQueue(int64_t color) const;
  std::optional<int64_t> outputQueue(int64_t color) const;
};

struct AnalysisOptions {
  /// Colors of Machine::programColors, from the end of the list, that must stay
  /// free.
  unsigned reservedColors = 0;
};

/// The result. Holds no pointers into itself; copyable; IR must outlive it.
struct KernelAnalysis {
  KernelOp kernel;
  RegionContext regions;
  int64_t width = 0, height = 0; ///< grid `[0, width) x [0, height)`: smallest
                                 ///< that holds every block
  std::vector<PhaseOp> phases;   ///< textual order
  std::vector<PlaceInfo> places; ///< textual order
  std::vector<ComputeInfo> computes;   ///< textual order
  std::vector<Flow> flows;             ///< by phase, then first use
  std::vector<SubFlow> subflows;       ///< by flow, then first sender
  std::vector<HostStream> hostStreams; ///< by argument, in before out
  std::vector<PEClass>
      classes; ///< partition of the grid, by first PE (y, then x)
  std::vector<int64_t> colorsUsed; ///< ascending, with those of host streams

  const HostStream *findHostStream(llvm::StringRef argument,
                                   StreamDirection direction) const;
  /// The field that `name` means in phase `phase` on the PEs of `peClass`; null
  /// when there is none.
  FieldOp lookupField(const PEClass &peClass, unsigned phase,
                      llvm::StringRef name) const;
  /// Index of the class that holds the PE.
  std::optional<unsigned> classOf(int64_t x, int64_t y) const;
};

/// Analyses `kernel`, which must be in concrete form. On failure, an error has
/// been reported at the operation at fault.
mlir::FailureOr<KernelAnalysis> analyze(KernelOp kernel, const Machine &machine,
                                        const AnalysisOptions &options = {});

/// The value of a compile-time integer operand, when it is one
/// (`spada.constant`).
std::optional<int64_t> constantValue(mlir::Value value);

/// Number of elements of a field (1 for a scalar) and its size in bytes; none
/// when a dimension is not constant.
std::optional<int64_t> fieldElements(FieldOp field);
std::optional<int64_t> fieldBytes(FieldOp field);

/// Number of points of the ranges of a `for`, `map` or ranged `foreach`;
/// negative steps count down. None when a bound is not constant.
std::optional<int64_t> tripCount(mlir::ValueRange lo, mlir::ValueRange hi,
                                 mlir::ValueRange step);

/// What a stream operand names: a stream of this PE (`spada.stream_ref`) or a
/// kernel argument (`spada.argument_ref`), through `spada.select`s whose
/// condition is constant. Null when it cannot be known.
mlir::Operation *resolveStream(mlir::Value stream);

} // namespace spada

#endif
