//===- Schedule.cpp - order of pure ops -----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Names and numbers stand before each use. Every other pure op stands where the
// first statement needs it, in the order of the statement's operands. A load
// stays between the statements that it stood between, which may write.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/NormalForm.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

static bool isLoad(Operation *op) { return isa<memref::LoadOp, LoadDsdOp>(op); }

/// Names and numbers, which text repeats at every use.
static bool isLeaf(Operation *op) {
  return isa<arith::ConstantOp, AddressOfOp, ParamValueOp, DsdOp, DsrOp,
             FifoRefOp>(op) ||
         (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op) &&
          op->getResult(0).getType().isIndex());
}

static bool isMovable(Operation *op) {
  return op->getNumRegions() == 0 && op->getNumResults() > 0 &&
         (isLoad(op) || isMemoryEffectFree(op));
}

namespace {
/// One block.
class Scheduler {
public:
  explicit Scheduler(Block &block) : block(block) {}
  void run();

private:
  void collect();
  /// Calls `use` with the ops of this block that `op` or code in it needs.
  void forOperands(Operation *op, llvm::function_ref<void(Operation *)> use);
  void rank(Operation *op, size_t statement);
  void place(Operation *op, Operation *before);

  struct Info {
    size_t segment = 0;   ///< a load's: the statement behind it
    size_t firstUser = 0; ///< the first statement that needs it
    bool ranked = false, placed = false;
  };
  Block &block;
  SmallVector<Operation *> statements;
  llvm::DenseMap<Operation *, Info> movable;
  SmallVector<Operation *> ranked; ///< in the order of their first need
};
} // namespace

void Scheduler::collect() {
  for (Operation &op : block) {
    if (isMovable(&op))
      movable[&op].segment = statements.size();
    else
      statements.push_back(&op);
  }
}

void Scheduler::forOperands(Operation *op,
                            llvm::function_ref<void(Operation *)> use) {
  auto operands = [&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (Operation *definition = operand.getDefiningOp())
        if (movable.contains(definition))
          use(definition);
  };
  if (op->getNumRegions() == 0)
    return operands(op);
  op->walk<WalkOrder::PreOrder>(operands);
}

void Scheduler::rank(Operation *op, size_t statement) {
  Info &info = movable[op];
  if (std::exchange(info.ranked, true))
    return;
  forOperands(op, [&](Operation *operand) { rank(operand, statement); });
  movable[op].firstUser = statement;
  ranked.push_back(op);
}

void Scheduler::place(Operation *op, Operation *before) {
  if (std::exchange(movable[op].placed, true))
    return;
  forOperands(op, [&](Operation *operand) { place(operand, before); });
  if (before)
    op->moveBefore(before);
  else
    op->moveBefore(&block, block.end());
}

void Scheduler::run() {
  collect();
  for (auto [number, statement] : llvm::enumerate(statements)) {
    size_t at = number;
    forOperands(statement, [&](Operation *operand) { rank(operand, at); });
  }
  SmallVector<SmallVector<Operation *>> waiting(statements.size() + 1);
  for (Operation *op : ranked)
    if (const Info &info = movable[op];
        isLoad(op) && info.firstUser > info.segment)
      waiting[info.segment].push_back(op);
  for (auto [number, statement] : llvm::enumerate(statements)) {
    for (Operation *load : waiting[number])
      place(load, statement);
    forOperands(statement,
                [&](Operation *operand) { place(operand, statement); });
  }
  // What nothing needs is not printed either.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (movable.contains(&op) && op.use_empty())
      op.erase();
}

/// One leaf for each use, in the user's block.
static void repeatLeaves(Operation *root) {
  SmallVector<Operation *> leaves;
  root->walk([&](Operation *op) {
    if (isLeaf(op))
      leaves.push_back(op);
  });
  for (Operation *leaf : leaves) {
    for (OpOperand &use :
         llvm::make_early_inc_range(leaf->getResult(0).getUses())) {
      OpBuilder b(use.getOwner());
      use.set(b.clone(*leaf)->getResult(0));
    }
    leaf->erase();
  }
}

void spada::csl::schedule(Operation *root) {
  repeatLeaves(root);
  root->walk([&](Operation *op) { // inner blocks first
    for (Region &region : op->getRegions())
      for (Block &block : region)
        Scheduler(block).run();
  });
}
