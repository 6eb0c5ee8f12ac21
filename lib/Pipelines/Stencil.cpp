//===- Stencil.cpp - the order of passes on stencils ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Pipelines/Stencil.h"

#include "dialects/Stencil/Transforms/Transforms.h"
#include "spada/Pipelines/LLVM.h"
#include "spada/Target/CpuPasses.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
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
  ListOption<std::string> without{*this, "without",
                                  llvm::cl::desc("optimisations to leave out")};
};
} // namespace

llvm::ArrayRef<llvm::StringLiteral> spada::stencilOptimizations() {
  static constexpr llvm::StringLiteral names[] = {
      "powers", "split", "dead", "inline", "fuse", "demote", "forward"};
  return names;
}

/// MLIR's simplifications from the inside of branches to the outside: the other
/// way each branch is walked once more for each one around it, only to see
/// whether anybody needs it. There are no blocks to merge.
static std::unique_ptr<Pass> createSimplifyPass() {
  GreedyRewriteConfig config;
  config.useTopDownTraversal = false;
  config.enableRegionSimplification = GreedySimplifyRegionLevel::Disabled;
  return createCanonicalizerPass(config);
}

void spada::buildStencilOptimization(
    OpPassManager &pm, const StencilOptimizationOptions &options) {
  OpPassManager &program = pm.nest<stencil::ProgramOp>();
  program.addPass(stencil::createStencilInferExtentsPass());
  program.addPass(stencil::createStencilCheckPass());
  if (!options.optimize)
    return;
  auto add = [&](llvm::StringRef name, std::unique_ptr<Pass> pass) {
    if (!llvm::is_contained(options.without, name))
      program.addPass(std::move(pass));
  };
  add("powers", stencil::createStencilExpandPowersPass());
  // Front ends write a constant for each use: fewer of them make all that
  // follows quicker.
  program.addPass(createCSEPass());
  add("split", stencil::createStencilSplitTemporariesPass());
  add("dead", stencil::createStencilEliminateDeadPass());
  stencil::StencilInlineTemporariesPassOptions inlining;
  inlining.limit = options.recompute;
  add("inline", stencil::createStencilInlineTemporariesPass(inlining));
  add("dead", stencil::createStencilEliminateDeadPass());
  stencil::StencilFusePassOptions fuse;
  fuse.mixed = options.mixed;
  add("fuse", stencil::createStencilFusePass(fuse));
  add("demote", stencil::createStencilDemoteTemporariesPass());
  add("forward", stencil::createStencilForwardPass());
  program.addPass(createCSEPass());
  program.addPass(createSimplifyPass());
  program.addPass(createCSEPass());
  // What is one value now makes branches alike, and reads behind them known.
  add("forward", stencil::createStencilForwardPass());
  program.addPass(createSimplifyPass());
  add("dead", stencil::createStencilEliminateDeadPass());
  add("demote", stencil::createStencilDemoteTemporariesPass());
}

LogicalResult spada::lowerStencilToLLVM(ModuleOp module,
                                        const StencilToAffineOptions &loops,
                                        bool useThreads) {
  std::vector<StencilSignature> signatures;
  for (auto program : module.getOps<stencil::ProgramOp>())
    signatures.push_back(describeProgram(program));
  PassManager pm(module.getContext());
  pm.addPass(createStencilToAffinePass(loops));
  pm.addPass(createCpuTileLoopsPass(useThreads));
  pm.addPass(createCpuCallEntryPass(std::move(signatures), useThreads));
  pm.addPass(createLowerAffinePass());
  pm.addPass(createCpuPointLoopsPass());
  buildLoopsToLLVM(pm);
  // LLVM checks the result; checks between the passes take an eighth of the
  // time of a large stencil.
  pm.enableVerifier(false);
  return pm.run(module);
}

void spada::registerStencilPipelines() {
  PassPipelineRegistration<TextOptions>(
      "stencil-optimize", "extents, checks and optimisations of stencils",
      [](OpPassManager &pm, const TextOptions &text) {
        StencilOptimizationOptions options;
        options.optimize = text.optimize;
        options.mixed = text.mixed;
        options.recompute = text.recompute;
        options.without.assign(text.without.begin(), text.without.end());
        buildStencilOptimization(pm, options);
      });
}
