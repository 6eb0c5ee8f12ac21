//===- Concretize.cpp - from a parametric kernel to its concrete form -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Binds values, specialises, gathers free compute blocks into phases and
// measures the grid. No PE is enumerated.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/Transforms/Specialize.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;

namespace spada {
#define GEN_PASS_DEF_SPADACONCRETIZEPASS
#include "dialects/Spada/Transforms/Passes.h.inc"
} // namespace spada

using namespace spada;

bool spada::isConcrete(KernelOp kernel) {
  return kernel.getParamNames().empty() &&
         kernel->hasAttrOfType<DenseI64ArrayAttr>("grid");
}

/// Moves each run of free compute blocks into one new phase, at the place of
/// the first of them.
static void gatherPhases(Block &body) {
  OpBuilder builder(body.getParent()->getContext());
  PhaseOp phase;
  for (Operation &op : llvm::make_early_inc_range(body)) {
    if (isa<PhaseOp>(op)) {
      phase = nullptr;
      continue;
    }
    auto compute = dyn_cast<ComputeOp>(op);
    if (!compute)
      continue;
    if (!phase) {
      builder.setInsertionPoint(compute);
      phase = builder.create<PhaseOp>(compute.getLoc());
      phase.getBody().emplaceBlock();
    }
    compute->moveBefore(&phase.getBody().front(),
                        phase.getBody().front().end());
  }
}

static void dropEmptyPhases(Block &body) {
  for (PhaseOp phase : llvm::make_early_inc_range(body.getOps<PhaseOp>()))
    if (phase.getBody().front().empty())
      phase.erase();
}

/// Erases constants and references that folding left without users, such as the
/// stream of an arm not taken.
static void dropDeadExpressions(Block &body) {
  SmallVector<Operation *> ops;
  for (Operation &op : body)
    op.walk<WalkOrder::PreOrder>(
        [&](Operation *nested) { ops.push_back(nested); });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}

/// Width and height of the rectangle that holds all blocks; it must start at
/// (0, 0).
static FailureOr<std::array<int64_t, 2>> measureGrid(KernelOp kernel) {
  std::array<int64_t, 2> least = {INT64_MAX, INT64_MAX}, extent = {0, 0};
  kernel.walk([&](SubgridOpInterface block) {
    Value ranges[2][3] = {{block.getXLo(), block.getXHi(), block.getXStep()},
                          {block.getYLo(), block.getYHi(), block.getYStep()}};
    for (unsigned axis = 0; axis < 2; ++axis) {
      int64_t lo = *constantInteger(ranges[axis][0]),
              hi = *constantInteger(ranges[axis][1]);
      int64_t step = *constantInteger(ranges[axis][2]);
      least[axis] = std::min(least[axis], lo);
      extent[axis] =
          std::max(extent[axis], lo + (hi - 1 - lo) / step * step + 1);
    }
  });
  if (extent[0] == 0)
    return kernel.emitError() << "no block of kernel '" << kernel.getSymName()
                              << "' covers a PE with these parameters";
  if (least[0] != 0 || least[1] != 0)
    return kernel.emitError() << "the blocks of kernel '" << kernel.getSymName()
                              << "' start at (" << least[0] << ", " << least[1]
                              << "); together they must start at (0, 0)";
  return extent;
}

LogicalResult spada::concretize(KernelOp kernel,
                                ArrayRef<ParameterValue> values,
                                const ConcretizeOptions &options) {
  if (isConcrete(kernel))
    return success();
  FailureOr<Bindings> bindings = bindValues(kernel, values);
  if (failed(bindings))
    return failure();
  std::unique_ptr<Block> body = Specializer(kernel, *bindings, options).run();
  if (!body)
    return failure();

  Builder builder(kernel.getContext());
  kernel->setAttr("bindings", bindings->toDictionary(kernel));
  kernel.setParamNamesAttr(builder.getStrArrayAttr({}));
  kernel.removePreconditionsAttr();
  Region &region = kernel.getBody();
  region.front().dropAllDefinedValueUses();
  region.front().erase();
  region.push_back(body.release());
  gatherPhases(region.front());
  dropEmptyPhases(region.front());
  dropDeadExpressions(region.front());

  FailureOr<std::array<int64_t, 2>> grid = measureGrid(kernel);
  if (failed(grid))
    return failure();
  kernel->setAttr("grid", builder.getDenseI64ArrayAttr(*grid));
  return success();
}

LogicalResult
spada::concretize(KernelOp kernel,
                  ArrayRef<std::pair<std::string, int64_t>> values,
                  const ConcretizeOptions &options) {
  SmallVector<ParameterValue> texts;
  for (auto &[name, value] : values)
    texts.emplace_back(name, std::to_string(value));
  return concretize(kernel, texts, options);
}

namespace {
class ConcretizePass
    : public spada::impl::SpadaConcretizePassBase<ConcretizePass> {
public:
  using SpadaConcretizePassBase::SpadaConcretizePassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<ParameterValue> values;
    for (const std::string &text : params) {
      FailureOr<ParameterValue> value = parseParameterValue(text);
      if (failed(value)) {
        module.emitError() << "parameter '" << text
                           << "' has no value; write NAME=VALUE";
        return signalPassFailure();
      }
      values.push_back(*value);
    }
    ConcretizeOptions options;
    options.maxIterations = maxIterations;
    for (KernelOp kernel : module.getOps<KernelOp>())
      if (failed(concretize(kernel, values, options)))
        signalPassFailure();
  }
};
} // namespace
