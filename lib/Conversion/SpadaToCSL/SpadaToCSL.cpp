//===- SpadaToCSL.cpp - a concrete SpaDA kernel as a csl layout -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One csl.program for each PE class, and the layout that places programs,
// routes and host arguments. The statements of a class are the emitter's.
//
//===----------------------------------------------------------------------===//

#include "spada/Conversion/SpadaToCSL.h"

#include "spada/Conversion/Passes.h"

#include "Banks.h"
#include "HostArguments.h"
#include "Resources.h"
#include "spada/Analysis/Flows.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Pass/Pass.h"

using namespace mlir;
using namespace spada;

namespace {

csl::BoxAttr boxAttr(MLIRContext *context, const StridedBox &box) {
  return csl::BoxAttr::get(context, box.xLo, box.xHi, box.xStep, box.yLo,
                           box.yHi, box.yStep);
}

/// Converts one kernel.
class KernelConverter {
public:
  KernelConverter(KernelOp kernel, const Machine &machine, OpBuilder &builder)
      : kernel(kernel), machine(machine), builder(builder),
        context(kernel.getContext()) {}

  LogicalResult convert();

private:
  LogicalResult emitClass(const PEClass &peClass);
  void emitRoutes();
  void emitHostArguments();

  KernelOp kernel;
  const Machine &machine;
  OpBuilder &builder;
  MLIRContext *context;
  KernelAnalysis analysis;
  SmallVector<HostArgument> arguments;
  csl::LayoutOp layout;
};

LogicalResult KernelConverter::emitClass(const PEClass &peClass) {
  ClassNames names;
  auto indexOf = [&](ComputeOp compute) {
    for (unsigned c : peClass.computes)
      if (analysis.computes[c].op == compute)
        return c;
    return ~0u;
  };
  names.field = [&](ComputeOp compute, StringRef name) {
    return analysis.lookupField(
        peClass, analysis.computes[indexOf(compute)].phase, name);
  };
  names.flow = [&](ComputeOp compute, StringRef name, bool isSend) -> int64_t {
    auto use = peClass.findUse(indexOf(compute), name,
                               isSend ? Role::Send : Role::Receive);
    return use ? static_cast<int64_t>(*use) : -1;
  };
  SmallVector<ComputeOp> computes;
  for (unsigned c : peClass.computes)
    computes.push_back(analysis.computes[c].op);
  FailureOr<ClassBody> body = buildClassBody(kernel, computes, names);
  if (failed(body))
    return failure();
  // Every PE of an argument's rectangle has its storage, so that one host copy
  // serves the whole rectangle.
  for (const HostArgument &argument : arguments)
    if (argument.elements > 0 &&
        peClass.region.intersects(
            spada::Region(analysis.regions, argument.box)) &&
        !body->names.contains(argument.op.getName())) {
      ClassField field{storageType(argument.op.getElementType()),
                       argument.op.getElementType(),
                       {argument.elements},
                       argument.op.getLoc()};
      field.isArgument = true;
      body->addField(argument.op.getName(), std::move(field));
    }
  eliminateCopies(*body);
  shareStorage(*body);
  FailureOr<Plan> plan = planBody(*body);
  if (failed(plan))
    return failure();

  PE first = peClass.region.first();
  EmitterInput input{kernel, machine, *body, *plan};
  input.programName =
      (kernel.getSymName() + "_" + Twine(first.x) + "_" + Twine(first.y)).str();
  auto colorOf = [&](unsigned stream, bool isSend) -> int64_t {
    const BodyStream &use = body->streams[stream];
    if (use.flow >= 0)
      return analysis.subflows[use.flow].color;
    const HostStream *host = analysis.findHostStream(
        use.argument, isSend ? StreamDirection::Out : StreamDirection::In);
    return host ? host->color : -1;
  };
  auto nameOf = [&](unsigned stream) {
    const BodyStream &use = body->streams[stream];
    return use.flow >= 0 ? analysis.flows[analysis.subflows[use.flow].flow].name
                         : use.argument;
  };
  if (failed(assignQueues(input, colorOf, nameOf)))
    return failure();
  for (int64_t id : machine.localTaskIds)
    if (!machine.localTaskIdsShareColors ||
        !llvm::is_contained(analysis.colorsUsed, id))
      input.taskIds.push_back(id);
  ProgramEmitter emitter(input, builder);
  if (failed(emitter.emit()))
    return failure();

  OpBuilder at = OpBuilder::atBlockEnd(&layout.getBody().front());
  SmallVector<NamedAttribute> params;
  if (body->usesX)
    params.push_back(at.getNamedAttr("pe_x", at.getStringAttr("x")));
  if (body->usesY)
    params.push_back(at.getNamedAttr("pe_y", at.getStringAttr("y")));
  for (const StridedBox &box : peClass.boxes)
    at.create<csl::TileCodeOp>(
        kernel.getLoc(), FlatSymbolRefAttr::get(context, input.programName),
        boxAttr(context, box), at.getDictionaryAttr(params));
  return success();
}

/// One configuration for each color and PE: flows that share a color agree
/// where they meet.
void KernelConverter::emitRoutes() {
  struct Config {
    SmallVector<int64_t> rx, tx;
    spada::Region region;
    Location loc;
  };
  llvm::MapVector<int64_t, SmallVector<Config>> byColor;
  for (const SubFlow &flow : analysis.subflows)
    for (const RouteEntry &route : flow.routes) {
      SmallVector<Config> &configs = byColor[flow.color];
      auto same = llvm::find_if(configs, [&](const Config &config) {
        return llvm::equal(config.rx, route.rx) &&
               llvm::equal(config.tx, route.tx);
      });
      if (same != configs.end())
        same->region = same->region.unite(route.pes);
      else
        configs.push_back({llvm::to_vector(ArrayRef<int64_t>(route.rx)),
                           llvm::to_vector(ArrayRef<int64_t>(route.tx)),
                           route.pes, analysis.flows[flow.flow].location()});
    }
  SmallVector<std::pair<int64_t, SmallVector<Config>>> sorted =
      byColor.takeVector();
  llvm::sort(sorted, [](auto &a, auto &b) { return a.first < b.first; });
  OpBuilder at = OpBuilder::atBlockEnd(&layout.getBody().front());
  for (auto &[color, configs] : sorted)
    for (Config &config : configs)
      for (const StridedBox &box : config.region.boxes())
        at.create<csl::ColorConfigOp>(config.loc, color, boxAttr(context, box),
                                      config.rx, config.tx);
}

void KernelConverter::emitHostArguments() {
  OpBuilder at = OpBuilder::atBlockEnd(&layout.getBody().front());
  SmallVector<Type> scalars;
  for (const HostArgument &argument : arguments) {
    ArgumentOp op = argument.op;
    Location loc = op.getLoc();
    bool isScalar = op.getMode() == ArgumentMode::Scalar;
    auto direction = argument.isOutput
                         ? (argument.isInput ? csl::HostDirection::InOut
                                             : csl::HostDirection::Out)
                         : csl::HostDirection::In;
    IntegerAttr color;
    if (argument.elements == 0 && !isScalar)
      if (const HostStream *host = analysis.findHostStream(
              op.getName(),
              argument.isOutput ? StreamDirection::Out : StreamDirection::In))
        color = at.getI64IntegerAttr(host->color);
    at.create<csl::HostArgumentOp>(
        loc, op.getName(), direction, op.getElementType(), argument.dims,
        argument.elements, argument.offsetX, argument.offsetY,
        isScalar ? csl::BoxAttr() : boxAttr(context, argument.box), color,
        isScalar);
    Type stored = storageType(op.getElementType());
    if (isScalar)
      scalars.push_back(stored);
    else if (argument.elements > 0)
      at.create<csl::ExportNameOp>(loc, op.getName(),
                                   MemRefType::get({argument.elements}, stored),
                                   true);
  }
  at.create<csl::ExportNameOp>(kernel.getLoc(), "main",
                               FunctionType::get(context, scalars, {}), false);
}

/// The variables of every program must fit beside code, stack and host-copy
/// library. Reports the largest program.
LogicalResult checkMemory(KernelOp kernel, const Machine &machine,
                          csl::LayoutOp layout) {
  auto bytesOf = [](csl::VariableOp variable) {
    auto type = cast<MemRefType>(variable.getType());
    return type.getNumElements() * type.getElementTypeBitWidth() / 8;
  };
  csl::ProgramOp largest;
  int64_t most = machine.memoryBytes - machine.reservedBytes;
  for (auto program :
       layout->getParentOfType<ModuleOp>().getOps<csl::ProgramOp>()) {
    int64_t total = 0;
    for (auto variable : program.getBody().getOps<csl::VariableOp>())
      total += bytesOf(variable);
    if (total > most) {
      most = total;
      largest = program;
    }
  }
  if (!largest)
    return success();
  SmallVector<csl::VariableOp> variables(
      largest.getBody().getOps<csl::VariableOp>());
  llvm::sort(variables, [&](csl::VariableOp a, csl::VariableOp b) {
    return std::make_pair(-bytesOf(a), a.getSymName()) <
           std::make_pair(-bytesOf(b), b.getSymName());
  });
  auto diag = kernel.emitError()
              << "fields need " << most << " bytes on each PE of class '"
              << largest.getSymName() << "'; " << machine.name << " has "
              << machine.memoryBytes - machine.reservedBytes << " for data ("
              << machine.memoryBytes << " less " << machine.reservedBytes
              << " for code, stack and host copies)";
  for (csl::VariableOp variable : ArrayRef(variables).take_front(4))
    diag.attachNote(variable.getLoc())
        << "'" << variable.getSymName() << "' takes " << bytesOf(variable)
        << " bytes";
  diag.attachNote() << "hint: spread the data over more PEs, or use f16";
  return diag;
}

LogicalResult KernelConverter::convert() {
  if (!kernel.getParamNames().empty())
    return kernel.emitError(
        "kernel has unbound parameters; run 'spada-concretize' first");
  FailureOr<KernelAnalysis> result = analyze(kernel, machine);
  if (failed(result))
    return failure();
  analysis = std::move(*result);
  if (analysis.width > machine.programMaxWidthPes ||
      analysis.height > machine.programMaxHeightPes)
    return kernel.emitError()
           << "grid of " << analysis.width << " x " << analysis.height
           << " PEs exceeds the " << machine.programMaxWidthPes << " x "
           << machine.programMaxHeightPes << " PEs that a program can use on "
           << machine.name << "; choose smaller parameters";
  if (failed(collectHostArguments(analysis, arguments)))
    return failure();
  bool streaming = llvm::any_of(arguments, [](const HostArgument &argument) {
    return argument.elements == 0 &&
           argument.op.getMode() != ArgumentMode::Scalar;
  });
  layout = builder.create<csl::LayoutOp>(kernel.getLoc(), kernel.getSymName(),
                                         machine.name, analysis.width,
                                         analysis.height, streaming);
  layout.getBody().emplaceBlock();
  bool ok = true;
  for (const PEClass &peClass : analysis.classes)
    ok &= succeeded(emitClass(peClass));
  if (!ok)
    return failure();
  emitRoutes();
  emitHostArguments();
  for (auto program :
       layout->getParentOfType<ModuleOp>().getOps<csl::ProgramOp>())
    separateBanks(program, machine);
  return checkMemory(kernel, machine, layout);
}

struct SpadaToCSLPass
    : public PassWrapper<SpadaToCSLPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SpadaToCSLPass)
  SpadaToCSLPass() = default;
  SpadaToCSLPass(const SpadaToCSLPass &other) : PassWrapper(other) {}
  explicit SpadaToCSLPass(const SpadaToCSLOptions &options) {
    arch = options.arch;
  }

  StringRef getArgument() const override { return "spada-to-csl"; }
  StringRef getDescription() const override {
    return "Lower concrete SpaDA kernels to CSL layouts and programs";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<csl::CSLDialect, arith::ArithDialect, scf::SCFDialect,
                    memref::MemRefDialect, math::MathDialect>();
  }
  void runOnOperation() override {
    SpadaToCSLOptions options;
    options.arch = arch;
    if (failed(convertSpadaToCSL(getOperation(), options)))
      signalPassFailure();
  }

  Option<std::string> arch{*this, "arch",
                           llvm::cl::desc("target machine: wse2 or wse3"),
                           llvm::cl::init("wse2")};
};

} // namespace

LogicalResult spada::convertSpadaToCSL(ModuleOp module,
                                       const SpadaToCSLOptions &options) {
  Machine machine;
  std::string error;
  std::string_view text = builtinMachineText(options.arch);
  if (text.empty())
    return module.emitError()
           << "no machine '" << options.arch << "'; known are wse2 and wse3";
  if (!parseMachine(text, machine, error))
    return module.emitError()
           << "machine description of '" << options.arch << "': " << error;
  SmallVector<KernelOp> kernels(module.getOps<KernelOp>());
  for (KernelOp kernel : kernels) {
    OpBuilder builder(kernel);
    if (failed(KernelConverter(kernel, machine, builder).convert()))
      return failure();
    kernel.erase();
  }
  return success();
}

std::unique_ptr<Pass>
spada::createSpadaToCSLPass(const SpadaToCSLOptions &options) {
  return std::make_unique<SpadaToCSLPass>(options);
}

void spada::registerConversionPasses() { PassRegistration<SpadaToCSLPass>(); }
