//===- EliminateDead.cpp - remove what no argument depends on -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Marks backwards from the writes to arguments, then sweeps. Temporaries that
// only feed themselves go too.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILELIMINATEDEADPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

namespace {
class Sweeper {
public:
  explicit Sweeper(ProgramOp program) : program(program) {}

  /// The number of ops removed.
  unsigned run();

private:
  void mark();
  void markOp(Operation *op);
  void markValue(Value value);
  void markField(Value field);
  void sweepStatement(StatementOp statement);
  void sweepSection(SectionOp section);

  ProgramOp program;
  DenseSet<Operation *> liveOps;
  DenseSet<Value> liveFields;
  SmallVector<Operation *> worklist;
  unsigned removed = 0;
};
} // namespace

void Sweeper::markOp(Operation *op) {
  if (op && !isa<StatementOp, SectionOp, ProgramOp>(op) &&
      liveOps.insert(op).second)
    worklist.push_back(op);
}

void Sweeper::markValue(Value value) {
  if (Operation *op = value.getDefiningOp())
    markOp(op);
  else
    markOp(value.getParentBlock()->getParentOp());
}

/// Every write counts: which of them a read sees is not asked here.
void Sweeper::markField(Value field) {
  if (!liveFields.insert(field).second)
    return;
  for (Operation *user : field.getUsers())
    if (isa<WriteOp>(user))
      markOp(user);
}

void Sweeper::mark() {
  program.walk([&](WriteOp write) {
    if (isa<BlockArgument>(write.getField()))
      markOp(write);
  });
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val();
    for (Value operand : op->getOperands()) {
      if (!isa<FieldType>(operand.getType()))
        markValue(operand);
      else if (isa<ReadOp>(op))
        markField(operand);
    }
    // A branch or loop decides whether what is in it runs.
    markOp(op->getParentOp());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        if (block.mightHaveTerminator())
          markOp(block.getTerminator());
  }
}

void Sweeper::sweepStatement(StatementOp statement) {
  // What is in a dead op goes with it.
  SmallVector<Operation *> dead;
  statement->walk<WalkOrder::PostOrder>([&](Operation *op) {
    Operation *parent = op->getParentOp();
    if (op != statement && !isa<TemporaryOp>(op) && !liveOps.contains(op) &&
        (parent == statement || liveOps.contains(parent)))
      dead.push_back(op);
  });
  // Users come before what they use.
  for (Operation *op : llvm::reverse(dead)) {
    op->dropAllReferences();
    op->dropAllUses();
    op->erase();
    ++removed;
  }
  SmallVector<TemporaryOp> variables;
  statement->walk([&](TemporaryOp variable) {
    if (variable->use_empty())
      variables.push_back(variable);
  });
  for (TemporaryOp variable : variables)
    variable.erase();
}

void Sweeper::sweepSection(SectionOp section) {
  for (auto statement :
       llvm::make_early_inc_range(section.getBody().getOps<StatementOp>())) {
    sweepStatement(statement);
    if (!statement.getBody().front().empty())
      continue;
    // The next one now begins the group.
    auto next = dyn_cast_or_null<StatementOp>(statement->getNextNode());
    if (next && !statement.getJoined())
      next.setJoined(false);
    statement.erase();
    ++removed;
  }
}

unsigned Sweeper::run() {
  mark();
  for (auto section :
       llvm::make_early_inc_range(program.getBody().getOps<SectionOp>())) {
    sweepSection(section);
    if (section.getBody().front().empty())
      section.erase();
  }
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(program.getBody().front())))
    if (op.getNumRegions() == 0 && op.use_empty()) {
      op.erase();
      ++removed;
    }
  return removed;
}

unsigned spada::stencil::eliminateDead(ProgramOp program) {
  return Sweeper(program).run();
}

namespace {
struct EliminateDead
    : spada::stencil::impl::StencilEliminateDeadPassBase<EliminateDead> {
  void runOnOperation() override {
    numRemoved += eliminateDead(getOperation());
  }
};
} // namespace
