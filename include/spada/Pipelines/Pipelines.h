//===- Pipelines.h - the order of passes ------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Named phases from an imported program to the csl dialect. The only place
// that orders passes; it holds no rewrite.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_PIPELINES_PIPELINES_H
#define SPADA_PIPELINES_PIPELINES_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace spada {

/// What has been done to a module, in order.
enum class Phase {
  Input, ///< as imported: parametric `spada`
  Spada, ///< `spada` in concrete form
  CSL,   ///< the `csl` dialect, ready to print and to pack
};

/// Names of the phases in order: "input", "spada", "csl".
llvm::ArrayRef<llvm::StringRef> phaseNames();
llvm::StringRef phaseName(Phase phase);
std::optional<Phase> parsePhase(llvm::StringRef name);

struct PipelineOptions {
  Phase startAfter = Phase::Input; ///< what the module already is
  Phase stopAfter = Phase::CSL;
  /// Values of parameters and compile-time arguments.
  std::vector<std::pair<std::string, std::string>> params;
  std::string arch = "wse2";
};

/// Adds the passes after `options.startAfter` up to `options.stopAfter` to a
/// pass manager anchored on the module. Each phase ends with its
/// `verify-<phase>` pass.
void buildPipeline(mlir::OpPassManager &pm, const PipelineOptions &options);

/// Runs them on an imported module.
mlir::LogicalResult runPipeline(mlir::ModuleOp module,
                                const PipelineOptions &options);

/// The passes as `spada-opt --pass-pipeline` takes them.
std::string pipelineText(const PipelineOptions &options);

/// True when `module` may be handed on as the result of `phase`; else an error
/// has been reported.
mlir::LogicalResult verifyPhase(mlir::ModuleOp module, Phase phase);

/// Makes `--phase-spada`, `--phase-csl` and the `verify-<phase>` passes known
/// to `spada-opt`.
void registerPipelines();

} // namespace spada

#endif
