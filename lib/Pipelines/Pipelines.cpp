//===- Pipelines.cpp - the order of passes --------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Phase builders and the legality passes that end them. No rewrites.
//
//===----------------------------------------------------------------------===//

#include "spada/Pipelines/Pipelines.h"

#include "dialects/CSL/IR/CSLDialect.h"
#include "dialects/CSL/Transforms/Transforms.h"
#include "dialects/Spada/Transforms/Transforms.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "spada/Conversion/SpadaToCSL.h"

using namespace mlir;
using namespace spada;

static constexpr StringRef names[] = {"input", "spada", "csl"};

ArrayRef<StringRef> spada::phaseNames() { return names; }

StringRef spada::phaseName(Phase phase) {
  return names[static_cast<size_t>(phase)];
}

std::optional<Phase> spada::parsePhase(StringRef name) {
  for (size_t n = 0; n < std::size(names); ++n)
    if (names[n] == name)
      return static_cast<Phase>(n);
  return std::nullopt;
}

LogicalResult spada::verifyPhase(ModuleOp module, Phase phase) {
  bool failed = false;
  if (phase == Phase::Spada)
    module.walk([&](KernelOp kernel) {
      if (isConcrete(kernel))
        return;
      failed = true;
      kernel.emitError("kernel '")
          << kernel.getSymName()
          << "' is not in concrete form after phase 'spada'";
    });
  if (phase == Phase::CSL)
    for (Operation &op : *module.getBody()) {
      if (!isa_and_nonnull<SpadaDialect>(op.getDialect()))
        continue;
      failed = true;
      op.emitError("'") << op.getName() << "' is left after phase 'csl'";
    }
  return failure(failed);
}

namespace {
/// Ends a phase: fails when the module is not what the phase promises.
class VerifyPhasePass
    : public PassWrapper<VerifyPhasePass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(VerifyPhasePass)
  explicit VerifyPhasePass(Phase phase) : phase(phase) {}

  StringRef getArgument() const override {
    return phase == Phase::Spada ? "verify-spada" : "verify-csl";
  }
  StringRef getDescription() const override {
    return phase == Phase::Spada ? "every kernel is in concrete form"
                                 : "no op of the spada dialect is left";
  }
  void runOnOperation() override {
    if (failed(verifyPhase(getOperation(), phase)))
      signalPassFailure();
    markAllAnalysesPreserved();
  }

private:
  Phase phase;
};

/// Options of the registered pipelines.
struct TextOptions : public PassPipelineOptions<TextOptions> {
  ListOption<std::string> params{*this, "params",
                                 llvm::cl::desc("NAME=VALUE, ...")};
  Option<std::string> arch{*this, "arch", llvm::cl::desc("wse2 or wse3"),
                           llvm::cl::init("wse2")};
};
} // namespace

static std::unique_ptr<Pass> createVerifyPhasePass(Phase phase) {
  return std::make_unique<VerifyPhasePass>(phase);
}

static void buildSpadaPhase(OpPassManager &pm, const PipelineOptions &options) {
  std::vector<std::string> params;
  for (const auto &[name, value] : options.params)
    params.push_back(name + "=" + value);
  SpadaConcretizePassOptions concretizeOptions;
  concretizeOptions.params = params;
  pm.addPass(createSpadaConcretizePass(concretizeOptions));
  pm.addPass(createVerifyPhasePass(Phase::Spada));
}

static void buildCSLPhase(OpPassManager &pm, const PipelineOptions &options) {
  SpadaToCSLOptions toCSL;
  toCSL.arch = options.arch;
  pm.addPass(createSpadaToCSLPass(toCSL));
  pm.addPass(csl::createCSLFoldPass());
  pm.addPass(createVerifyPhasePass(Phase::CSL));
}

void spada::buildPipeline(OpPassManager &pm, const PipelineOptions &options) {
  auto includes = [&](Phase phase) {
    return options.startAfter < phase && phase <= options.stopAfter;
  };
  if (includes(Phase::Spada))
    buildSpadaPhase(pm, options);
  if (includes(Phase::CSL))
    buildCSLPhase(pm, options);
}

LogicalResult spada::runPipeline(ModuleOp module,
                                 const PipelineOptions &options) {
  PassManager pm(module.getContext());
  buildPipeline(pm, options);
  return pm.run(module);
}

std::string spada::pipelineText(const PipelineOptions &options) {
  OpPassManager pm(ModuleOp::getOperationName());
  buildPipeline(pm, options);
  std::string text;
  llvm::raw_string_ostream os(text);
  pm.printAsTextualPipeline(os);
  return text;
}

void spada::registerPipelines() {
  for (Phase phase : {Phase::Spada, Phase::CSL}) {
    registerPass([phase] { return createVerifyPhasePass(phase); });
    std::string name = ("phase-" + phaseName(phase)).str();
    std::string summary = ("from an imported program to the end of phase '" +
                           phaseName(phase) + "'")
                              .str();
    PassPipelineRegistration<TextOptions>(
        name, summary, [phase](OpPassManager &pm, const TextOptions &text) {
          PipelineOptions options;
          options.stopAfter = phase;
          options.arch = text.arch;
          for (const std::string &param : text.params) {
            auto [name, value] = StringRef(param).split('=');
            options.params.emplace_back(name.str(), value.str());
          }
          buildPipeline(pm, options);
        });
  }
}
