//===- Stencil.cpp - the order of passes on stencils ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Pipelines/Stencil.h"

#include "dialects/Stencil/Transforms/Transforms.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace spada;

namespace {
struct TextOptions : public PassPipelineOptions<TextOptions> {
  Option<bool> optimize{*this, "optimize",
                        llvm::cl::desc("more than extents and checks"),
                        llvm::cl::init(true)};
  Option<bool> mixed{
      *this, "mixed",
      llvm::cl::desc("merge parallel sections with sequential ones"),
      llvm::cl::init(true)};
  Option<unsigned> recompute{
      *this, "recompute",
      llvm::cl::desc("most operations to do again instead of a temporary"),
      llvm::cl::init(StencilOptimizationOptions().recompute)};
};
} // namespace

void spada::buildStencilOptimization(
    OpPassManager &pm, const StencilOptimizationOptions &options) {
  OpPassManager &program = pm.nest<stencil::ProgramOp>();
  program.addPass(stencil::createStencilInferExtentsPass());
  program.addPass(stencil::createStencilCheckPass());
  if (!options.optimize)
    return;
  program.addPass(stencil::createStencilExpandPowersPass());
  // Front ends write a constant for each use: fewer of them make all that
  // follows quicker.
  program.addPass(createCSEPass());
  program.addPass(stencil::createStencilSplitTemporariesPass());
  program.addPass(stencil::createStencilEliminateDeadPass());
  if (options.inlines) {
    stencil::StencilInlineTemporariesPassOptions inlining;
    inlining.limit = options.recompute;
    program.addPass(stencil::createStencilInlineTemporariesPass(inlining));
    program.addPass(stencil::createStencilEliminateDeadPass());
  }
  stencil::StencilFusePassOptions fuse;
  fuse.mixed = options.mixed;
  program.addPass(stencil::createStencilFusePass(fuse));
  program.addPass(stencil::createStencilDemoteTemporariesPass());
  program.addPass(stencil::createStencilForwardPass());
  program.addPass(createCSEPass());
  program.addPass(createCanonicalizerPass());
  program.addPass(createCSEPass());
  // What is one value now makes branches alike, and reads behind them known.
  program.addPass(stencil::createStencilForwardPass());
  program.addPass(createCanonicalizerPass());
  program.addPass(stencil::createStencilEliminateDeadPass());
  program.addPass(stencil::createStencilDemoteTemporariesPass());
}

void spada::registerStencilPipelines() {
  PassPipelineRegistration<TextOptions>(
      "stencil-optimize", "extents, checks and optimisations of stencils",
      [](OpPassManager &pm, const TextOptions &text) {
        StencilOptimizationOptions options;
        options.optimize = text.optimize;
        options.mixed = text.mixed;
        options.recompute = text.recompute;
        buildStencilOptimization(pm, options);
      });
}
