//===- StencilToAffine.cpp - stencil programs as loop nests ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The conversion and its pass.
//
//===----------------------------------------------------------------------===//

#include "spada/Conversion/StencilToAffine.h"

#include "lib/Conversion/StencilToAffine/Entry.h"
#include "spada/Machine/Host.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

StringRef spada::cpuVersionName(CpuVersion version) {
  switch (version) {
  case CpuVersion::I:
    return "i";
  case CpuVersion::K:
    return "k";
  case CpuVersion::J:
    return "j";
  case CpuVersion::Any:
    return "any";
  }
  return "";
}

StencilToAffineOptions::StencilToAffineOptions() {
  static const Host host = builtinHost();
  levelOneBytes = host.levelOneBytes;
  levelTwoBytes = host.levelTwoBytes;
  lastLevelBytes = host.levelThreeBytes;
  lineBytes = host.lineBytes;
  aheadBytes = host.aheadBytes;
  rowTileCaches = host.rowTileCaches;
  rowsAtOnce = host.rowsAtOnce;
  rowAddresses = host.rowAddresses;
  rowOperations = host.rowOperations;
}

/// The versions to make for `plan`.
static std::vector<CpuVersion>
chooseVersions(const cpu::Plan &plan, const StencilToAffineOptions &options) {
  std::vector<CpuVersion> versions = options.versions;
  unsigned ops = 0;
  ProgramOp program = plan.program;
  program.walk([&](Operation *) { ++ops; });
  bool hasK = cpu::canStage(plan) ? ops <= options.mostOps : plan.isParallel;
  auto found = llvm::find(versions, CpuVersion::K);
  if (hasK || found == versions.end())
    return versions;
  if (llvm::is_contained(versions, CpuVersion::Any))
    versions.erase(found);
  else
    *found = CpuVersion::Any;
  return versions;
}

LogicalResult
spada::convertStencilToAffine(ModuleOp module,
                              const StencilToAffineOptions &options) {
  for (auto program : llvm::make_early_inc_range(module.getOps<ProgramOp>())) {
    FailureOr<cpu::Plan> plan = cpu::makePlan(program);
    if (failed(plan))
      return failure();
    for (CpuVersion version : chooseVersions(*plan, options))
      cpu::emitVersion(*plan, version, options);
    program.erase();
  }
  return success();
}

namespace {
class StencilToAffinePass
    : public PassWrapper<StencilToAffinePass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StencilToAffinePass)
  StencilToAffinePass() = default;
  StencilToAffinePass(const StencilToAffinePass &other)
      : PassWrapper(other), options(other.options) {}
  explicit StencilToAffinePass(const StencilToAffineOptions &options)
      : options(options) {}

  StringRef getArgument() const override { return "stencil-to-affine"; }
  StringRef getDescription() const override {
    return "turn stencil programs with extents into loop nests";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<affine::AffineDialect, arith::ArithDialect,
                    func::FuncDialect, math::MathDialect, memref::MemRefDialect,
                    scf::SCFDialect, vector::VectorDialect>();
  }
  void runOnOperation() override {
    for (const std::string &name : names) {
      bool known = false;
      for (CpuVersion version :
           {CpuVersion::I, CpuVersion::K, CpuVersion::J, CpuVersion::Any})
        if (cpuVersionName(version) == name) {
          chosen.push_back(version);
          known = true;
        }
      if (!known) {
        getOperation().emitError("unknown version '")
            << name << "' of CPU code; known are 'i', 'k', 'j' and 'any'";
        return signalPassFailure();
      }
    }
    if (!chosen.empty())
      options.versions = chosen;
    if (mostOps)
      options.mostOps = mostOps;
    if (vectorBytes)
      options.vectorBytes = vectorBytes;
    if (failed(convertStencilToAffine(getOperation(), options)))
      signalPassFailure();
  }

private:
  StencilToAffineOptions options;
  std::vector<CpuVersion> chosen;
  ListOption<std::string> names{*this, "versions",
                                llvm::cl::desc("i, k, j, any")};
  Option<unsigned> mostOps{
      *this, "most-ops",
      llvm::cl::desc("of programs with code of their own for k"),
      llvm::cl::init(0)};
  Option<int64_t> vectorBytes{
      *this, "vector-bytes",
      llvm::cl::desc("of vectors with masks; 0 leaves vectors to LLVM"),
      llvm::cl::init(0)};
};
} // namespace

std::unique_ptr<Pass>
spada::createStencilToAffinePass(const StencilToAffineOptions &options) {
  return std::make_unique<StencilToAffinePass>(options);
}

void spada::registerStencilToAffinePass() {
  PassRegistration<StencilToAffinePass>();
}
