//===- StencilToSpada.cpp - from stencils to SpaDA kernels ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The steps in order: columns, plan, kernel.
//
//===----------------------------------------------------------------------===//

#include "spada/Conversion/StencilToSpada.h"

#include "Emit.h"

using namespace mlir;
using namespace spada;

static LogicalResult findMachine(Operation *op, StringRef arch,
                                 Machine &machine) {
  std::string error;
  std::string_view text = builtinMachineText(arch.str());
  if (text.empty())
    return op->emitError() << "no machine '" << arch
                           << "'; known are wse2 and wse3";
  if (!parseMachine(text, machine, error))
    return op->emitError() << "machine description of '" << arch
                           << "': " << error;
  return success();
}

static LogicalResult checkGrid(stencil::ProgramOp program,
                               const wafer::Rect &grid,
                               const Machine &machine) {
  if (grid.i.size() <= machine.programMaxWidthPes &&
      grid.j.size() <= machine.programMaxHeightPes)
    return success();
  ArrayRef<int64_t> domain = *program.getDomain();
  return program.emitError("domain ")
         << domain[0] << " x " << domain[1] << " with its halo needs "
         << grid.i.size() << " x " << grid.j.size() << " PEs; a program on "
         << machine.name << " has at most " << machine.programMaxWidthPes
         << " x " << machine.programMaxHeightPes;
}

namespace {
/// One way to bring values to the PEs that need them.
struct Way {
  std::unique_ptr<wafer::Columns> columns;
  wafer::Plan plan;
  int64_t cycles = 0;
};
} // namespace

static std::optional<Way> findWay(stencil::ProgramOp program,
                                  const Machine &machine, bool casts) {
  FailureOr<wafer::Columns> columns = wafer::readProgram(program);
  if (failed(columns) || failed(checkGrid(program, columns->grid, machine)))
    return std::nullopt;
  Way way;
  way.columns = std::make_unique<wafer::Columns>(std::move(*columns));
  wafer::spreadScalars(*way.columns, machine.maxLaunchParameters);
  FailureOr<wafer::Plan> plan = wafer::makePlan(*way.columns, machine, casts);
  if (failed(plan))
    return std::nullopt;
  way.plan = std::move(*plan);
  way.cycles = wafer::estimateCycles(way.plan, *way.columns, machine);
  return way;
}

FailureOr<WaferKernel>
spada::convertStencilToSpada(stencil::ProgramOp program,
                             const StencilToSpadaOptions &options) {
  Machine machine;
  if (failed(findMachine(program, options.arch, machine)))
    return failure();
  std::optional<Way> best = findWay(program, machine, /*casts=*/false);
  if (!best)
    return failure();
  bool isFar = llvm::any_of(best->plan.transfers, [](const WaferTransfer &t) {
    return std::abs(t.di) + std::abs(t.dj) > 1;
  });
  std::optional<Way> cast;
  if (isFar)
    cast = findWay(program, machine, /*casts=*/true);
  if (cast && cast->plan.hasCasts() && cast->cycles < best->cycles)
    best = std::move(cast);
  WaferKernel result;
  result.cycles = best->cycles;
  wafer::emitKernel(best->plan, *best->columns, result);
  return result;
}

std::string spada::explain(const WaferKernel &kernel, const Machine &machine) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "kernel '" << kernel.name << "': " << kernel.width << " x "
     << kernel.height << " PEs, one column of the domain on each; "
     << kernel.columnBytes << " of "
     << machine.memoryBytes - machine.reservedBytes
     << " bytes before arrays share storage, about " << kernel.cycles
     << " cycles\n";
  for (const WaferTransfer &transfer : kernel.transfers) {
    os << "  " << transfer.field << "[" << transfer.di << ", " << transfer.dj
       << "], " << transfer.levels << " levels: " << transfer.how << ", about "
       << transfer.cycles << " cycles";
    if (transfer.alternative)
      os << " (" << transfer.alternativeName << ": about "
         << transfer.alternative << ")";
    os << "\n";
  }
  return text;
}

namespace {
struct StencilToSpadaPass
    : public PassWrapper<StencilToSpadaPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StencilToSpadaPass)
  StencilToSpadaPass() = default;
  StencilToSpadaPass(const StencilToSpadaPass &other) : PassWrapper(other) {}
  explicit StencilToSpadaPass(const StencilToSpadaOptions &options) {
    arch = options.arch;
  }

  StringRef getArgument() const override { return "stencil-to-spada"; }
  StringRef getDescription() const override {
    return "Lower stencil programs with a domain to SpaDA kernels";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<SpadaDialect>();
  }
  void runOnOperation() override {
    SmallVector<stencil::ProgramOp> programs(
        getOperation().getOps<stencil::ProgramOp>());
    for (stencil::ProgramOp program : programs) {
      FailureOr<WaferKernel> kernel = convertStencilToSpada(program, {arch});
      if (failed(kernel))
        return signalPassFailure();
      Machine machine;
      if (explained && succeeded(findMachine(program, arch, machine)))
        llvm::errs() << explain(*kernel, machine);
      program.erase();
    }
  }

  Option<std::string> arch{*this, "arch",
                           llvm::cl::desc("target machine: wse2 or wse3"),
                           llvm::cl::init("wse2")};
  Option<bool> explained{*this, "explain",
                         llvm::cl::desc("print what was decided")};
};
} // namespace

std::unique_ptr<Pass>
spada::createStencilToSpadaPass(const StencilToSpadaOptions &options) {
  return std::make_unique<StencilToSpadaPass>(options);
}

void spada::registerStencilToSpadaPass() {
  PassRegistration<StencilToSpadaPass>();
}
