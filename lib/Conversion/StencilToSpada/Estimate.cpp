//===- Estimate.cpp - cycles of a plan ------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Sums up what each action takes on one PE. Waits for slower neighbours are
// those for the first element of each message only.
//
//===----------------------------------------------------------------------===//

#include "Plan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

namespace {

/// What the expressions of an assignment consist of.
struct Work {
  int64_t operations = 0, accesses = 0, slow = 0;
};

class Estimator {
public:
  Estimator(const Plan &plan, const Columns &columns, const Machine &machine)
      : plan(plan), columns(columns), machine(machine) {}
  int64_t of(const Action &action) const;

private:
  Work workOf(const Assign &assign) const;
  int64_t vectorOperation(int64_t levels, Type type) const;
  int64_t firstElement(const Message &message) const;
  int64_t levelByLevel(const Action &action) const;

  const Plan &plan;
  const Columns &columns;
  const Machine &machine;
};

} // namespace

static bool isSlow(Operation *op) {
  if (isa<arith::DivFOp, arith::FloorDivSIOp, stencil::ModOp>(op))
    return true;
  if (isa<math::AbsFOp, math::FloorOp, math::CeilOp>(op))
    return false;
  return op->getName().getDialectNamespace() == "math" ||
         isa<stencil::ErfcOp, stencil::GammaOp>(op);
}

Work Estimator::workOf(const Assign &assign) const {
  Work work;
  work.accesses = assign.target ? 1 + assign.isConditional() : 0;
  forEachValue(assign, columns, [&](Value value) {
    Operation *op = value.getDefiningOp();
    bool isOwn = assign.isHold() && value == assign.value;
    if (!op || op->hasTrait<OpTrait::ConstantLike>())
      return;
    if (isa<stencil::ReadOp>(op) || (!isOwn && columns.held.count(value)))
      ++work.accesses;
    else if (isSlow(op))
      ++work.slow;
    else
      ++work.operations;
  });
  return work;
}

int64_t Estimator::vectorOperation(int64_t levels, Type type) const {
  int64_t rate = std::max<int64_t>(1, machine.rate(type.isF32()   ? "fadds"
                                                   : type.isF16() ? "faddh"
                                                                  : "add16"));
  return machine.vectorStartupCycles + (levels + rate - 1) / rate;
}

int64_t Estimator::firstElement(const Message &message) const {
  const Line &line = plan.lines[message.line];
  int64_t hops = (std::abs(line.dx) + std::abs(line.dy)) * line.reach;
  return 2 * machine.rampLatencyCycles + hops * machine.hopLatencyCycles;
}

int64_t Estimator::levelByLevel(const Action &action) const {
  // The loop counts, compares and branches.
  int64_t cycles = 2 * machine.scalarCycles + machine.branchTakenCycles;
  for (const Assign &assign : action.assigns) {
    Work work = workOf(assign);
    cycles += work.operations * machine.scalarFloatCycles +
              work.accesses * machine.memoryAccessCycles +
              work.slow * machine.scalarDivideCycles;
  }
  return cycles * action.levels.size();
}

int64_t Estimator::of(const Action &action) const {
  int64_t levels = action.levels.size();
  const Message *message =
      action.message < 0 ? nullptr : &plan.messages[action.message];
  switch (action.kind) {
  case ActionKind::Loop:
    return levelByLevel(action);
  case ActionKind::Map:
  case ActionKind::Stream: {
    if (!action.isVector)
      return levelByLevel(action);
    int64_t operations =
        std::max<int64_t>(1, workOf(action.assigns.front()).operations);
    Type type = action.assigns.front().target->element;
    if (action.kind == ActionKind::Map)
      return operations * vectorOperation(levels, type);
    return firstElement(*message) + machine.vectorStartupCycles + levels +
           (operations - 1) * vectorOperation(levels, type);
  }
  case ActionKind::Receive:
    return firstElement(*message) +
           (1 + message->farther.size()) *
               (machine.vectorStartupCycles +
                levels * ShapedType::getNumElements(message->buffer->data));
  case ActionKind::Pack:
    return vectorOperation(levels, message->source->element);
  case ActionKind::Send: // shares the core with what goes on meanwhile
    return machine.vectorStartupCycles +
           levels * ShapedType::getNumElements(message->source->data);
  case ActionKind::Await:
    return machine.taskDispatchCycles;
  }
  return 0;
}

int64_t wafer::estimateCycles(const Plan &plan, const Columns &columns,
                              const Machine &machine) {
  Estimator estimator(plan, columns, machine);
  int64_t cycles = 0;
  for (const Action &action : plan.actions)
    cycles += estimator.of(action);
  return cycles;
}
