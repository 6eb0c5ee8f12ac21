//===- Builder.h - the steps of the flow analysis ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the steps of `analyze` share while they fill a KernelAnalysis. Private
// to the library; the result type is in Flows.h.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_BUILDER_H
#define LIB_ANALYSIS_BUILDER_H

#include "spada/Analysis/Flows.h"

#include <map>

namespace spada::detail {

/// One dataflow block.
struct DataflowInfo {
  DataflowOp op;
  std::optional<unsigned> phase; ///< none: kernel level
  Region region;
};

/// A statement of a compute block that sends, receives or closes, and the
/// number of its elements when it is countable (per run of the block).
struct StreamStatement {
  mlir::Operation *op = nullptr;
  unsigned compute = 0;
  mlir::Operation *stream = nullptr; ///< StreamRefOp or ArgumentRefOp
  std::optional<Role> role;          ///< none: close
};

/// All such statements, in textual order; `stream` is null where it cannot be
/// known at compile time.
std::vector<StreamStatement> statementsOf(const KernelAnalysis &analysis);

/// The part of a compute block's PEs on which `name` in `role` is `flow`.
struct FlowUse {
  unsigned compute = 0;
  std::string name;
  Role role = Role::Send;
  Region region;
  unsigned flow = 0;
};

/// PEs that agree on a count; no count: it cannot be computed.
struct CountPiece {
  Region region;
  std::optional<int64_t> count;
  mlir::Operation *op = nullptr; ///< a statement that contributes
};
using CountPieces = std::vector<CountPiece>;

/// Adds `count` on the PEs of `region`.
void addCount(CountPieces &pieces, Region region, std::optional<int64_t> count,
              mlir::Operation *op);

/// What only some of the PEs of a region resolve a name to.
template <typename OpT> struct Resolved {
  OpT op;
  Region region;
};

/// State of one run of `analyze`.
struct Builder {
  Builder(KernelAnalysis &result, const Machine &machine,
          const AnalysisOptions &options)
      : result(result), machine(machine), options(options) {}

  KernelAnalysis &result;
  const Machine &machine;
  const AnalysisOptions &options;

  std::vector<DataflowInfo> dataflows; ///< textual order
  std::vector<StreamStatement> statements;
  std::vector<FlowUse> uses;
  std::map<unsigned, mlir::Operation *> closes; ///< a close of each flow
  /// First statement of a flow in each role.
  std::map<std::pair<unsigned, Role>, mlir::Operation *> firstStatement;

  // The steps, in order. Each reports its errors.
  mlir::LogicalResult collectBlocks();
  mlir::LogicalResult collectStatements();
  mlir::LogicalResult collectFlows();
  mlir::LogicalResult checkFields();
  mlir::LogicalResult checkEdges();
  mlir::LogicalResult countElements();
  mlir::LogicalResult splitFlows();
  mlir::LogicalResult checkChannels();
  mlir::LogicalResult allocateColors();
  mlir::LogicalResult buildClasses();
  mlir::LogicalResult assignQueues();

  /// The stream declarations that `name` means in `phase`, by PE; reports an
  /// error at `at` when a PE has none, or two different ones.
  mlir::FailureOr<std::vector<Resolved<StreamOp>>>
  resolveStreamName(unsigned phase, llvm::StringRef name, const Region &region,
                    mlir::Operation *at);
  /// Index of the flow of a declaration as `phase` uses it, made if needed.
  mlir::FailureOr<unsigned> flowOf(unsigned phase, StreamOp declaration);

private:
  mlir::LogicalResult addBlock(mlir::Operation &op,
                               std::optional<unsigned> phase);
  void findRepresentatives();
  mlir::LogicalResult addUse(const StreamStatement &statement);
  mlir::LogicalResult splitFlow(unsigned flow);
  mlir::LogicalResult reportSelfConflict(const Flow &flow, unsigned index);
};

/// The fields that `name` means in `phase` on `region`, by PE. PEs without one
/// are left out.
std::vector<Resolved<FieldOp>> resolveField(const KernelAnalysis &analysis,
                                            unsigned phase,
                                            llvm::StringRef name,
                                            const Region &region);

/// The field that a statement or expression names; empty when it has none.
llvm::StringRef fieldOf(mlir::Operation *op);

/// Elements that one statement moves, in one run of it and of the loops that
/// hold it, on the PEs of `region`.
CountPieces countStatement(const KernelAnalysis &analysis,
                           const StreamStatement &statement,
                           const Region &region);

/// The path of a declaration; reports wrong offsets and hops.
mlir::FailureOr<Path> pathOf(StreamOp op);

/// Unit step of a port other than the ramp, the port that faces it, its name.
std::pair<int64_t, int64_t> stepOf(Port port);
Port opposite(Port port);
llvm::StringRef portName(Port port);

/// True when the paths of two different senders meet.
bool pathsMeet(const Region &senders, const Path &path);
/// The routes of `senders` along `path`; they may overlap when paths meet.
std::vector<RouteEntry> routesOf(const Region &senders, const Path &path);
/// For messages: `WEST -> RAMP, EAST`.
std::string describeRoute(const RouteEntry &route);

/// For messages: `PE [0, 0] sends`, `PEs [0:2, 0] send`.
std::string withVerb(const Region &region, llvm::StringRef verb);

/// True when `op` is complete before the next statement of its compute block
/// starts: awaited at once, as is everything around it.
bool isSynchronous(mlir::Operation *op);

/// The stream that an asynchronous statement sends on, receives from or
/// closes; null when it has none.
mlir::Value streamOperand(mlir::Operation *op);
std::optional<Role> roleOf(mlir::Operation *op);

} // namespace spada::detail

#endif
