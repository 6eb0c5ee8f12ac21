//===- StencilToAffine.cpp - stencil programs as loop nests ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The conversion and its pass.
//
//===----------------------------------------------------------------------===//

#include "spada/Conversion/StencilToAffine.h"

#include "lib/Conversion/StencilToAffine/Copies.h"
#include "lib/Conversion/StencilToAffine/Entry.h"
#include "lib/Conversion/StencilToAffine/Tile.h"
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
  levelsAtOnce = host.levelsAtOnce;
  nextTileFields = host.nextTileFields;
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

/// Where `version` works: `in place` or on copies.
static StringRef describePlace(const cpu::Plan &plan, CpuVersion version) {
  if (cpu::isStaged(plan, version) || cpu::runsOnCopies(plan, version))
    return "on copies of tiles with unit stride on I";
  return version == CpuVersion::Any ? "in place, element by element"
                                    : "in place";
}

std::string spada::describeVersions(ProgramOp program,
                                    const StencilToAffineOptions &options) {
  FailureOr<cpu::Plan> plan = cpu::makePlan(program);
  std::string text;
  llvm::raw_string_ostream os(text);
  if (failed(plan))
    return text;
  for (CpuVersion version : chooseVersions(*plan, options)) {
    bool isAny = version == CpuVersion::Any;
    CpuVersion tile =
        cpu::runsOnCopies(*plan, version) ? CpuVersion::I : version;
    unsigned inner = cpu::innerAxis(*plan, tile);
    cpu::RowPlan rows = cpu::planRows(
        *plan, inner, cpu::writtenVectorBytes(*plan, tile, options), options);
    unsigned all = 0, vectors = 0, several = 0, levels = 0;
    for (const std::vector<cpu::RowRun> &runs : rows.groups)
      for (const cpu::RowRun &run : runs)
        for (const cpu::RowRun::Member &member : run.members) {
          ++all;
          vectors += member.lanes > 0;
          several += member.rowsAtOnce > 1;
          levels += member.levelsAtOnce > 1;
        }
    os << "  "
       << (isAny ? std::string("other strides")
                 : "unit stride on " + cpuVersionName(version).upper())
       << ": " << describePlace(*plan, version) << "; " << vectors << " of "
       << all << " statements as vectors along "
       << "IJK"[inner];
    if (several)
      os << ", " << several << " of them " << options.rowsAtOnce
         << " rows at once";
    if (levels)
      os << ", " << levels << " of them " << options.levelsAtOnce
         << " levels at once";
    if (rows.nextTileBytes && version == CpuVersion::I)
      os << "; the next tile is asked for meanwhile";
    os << '\n';
  }
  return text;
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
