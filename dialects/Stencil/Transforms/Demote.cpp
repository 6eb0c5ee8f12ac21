//===- Demote.cpp - keep only as much of a temporary as is alive ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Temporaries whose values never leave a body become variables of the point;
// the others learn how much of them has to be kept.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "spada/Analysis/StencilAccesses.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILDEMOTETEMPORARIESPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

using Users = DenseSet<Operation *>;

/// Follows the paths of `block`: does a write to the field with these users
/// stand before each read? `isSet` says so for the start and then for the end.
static bool isSetBeforeReads(Block &block, const Users &users,
                             const Users &parents, bool &isSet) {
  for (Operation &op : block) {
    if (users.contains(&op)) {
      if (!isa<WriteOp>(op) && !isSet)
        return false;
      isSet = true;
      continue;
    }
    if (!parents.contains(&op))
      continue;
    if (auto branch = dyn_cast<scf::IfOp>(op)) {
      bool inThen = isSet, inElse = isSet;
      if (!isSetBeforeReads(*branch.thenBlock(), users, parents, inThen) ||
          (branch.elseBlock() &&
           !isSetBeforeReads(*branch.elseBlock(), users, parents, inElse)))
        return false;
      isSet = inThen && inElse;
      continue;
    }
    // Of a loop, the condition runs at least once, and first.
    bool inside = isSet;
    for (Region &region : op.getRegions())
      for (Block &inner : region) {
        if (!isSetBeforeReads(inner, users, parents, inside))
          return false;
        if (&region == &op.getRegion(0) && isa<scf::WhileOp>(op))
          isSet = inside;
      }
  }
  return true;
}

/// The ops around `users`, up to their statements.
static Users collectParents(const Users &users) {
  Users parents;
  for (Operation *user : users)
    for (Operation *parent = user->getParentOp(); !isa<StatementOp>(parent);
         parent = parent->getParentOp())
      if (!parents.insert(parent).second)
        break;
  return parents;
}

static void makeVariable(TemporaryOp temporary, StatementOp statement,
                         ArrayRef<Operation *> users) {
  OpBuilder builder = OpBuilder::atBlockBegin(&statement.getBody().front());
  auto type =
      FieldType::get(temporary.getContext(), Axes::None,
                     temporary.getField().getType().getElementType(), {});
  auto variable = builder.create<TemporaryOp>(temporary.getLoc(), type,
                                              temporary.getNameAttr());
  for (Operation *user : users)
    user->replaceUsesOfWith(temporary.getField(), variable.getField());
}

namespace {
struct Uses {
  llvm::MapVector<StatementOp, SmallVector<Operation *>> statements;
  llvm::SetVector<Operation *> sections;
  bool isOwnColumn = true, isOwnLevel = true;
};
} // namespace

static Uses collectUses(TemporaryOp temporary) {
  Uses uses;
  // Users are listed last to first.
  SmallVector<Operation *> users(temporary->getUsers());
  for (Operation *user : llvm::reverse(users)) {
    auto statement = user->getParentOfType<StatementOp>();
    uses.statements[statement].push_back(user);
    uses.sections.insert(statement->getParentOp());
    FieldAccess access = *getAccess(user);
    uses.isOwnColumn &= !access.hasHorizontalOffset();
    uses.isOwnLevel &= !access.hasVerticalOffset();
  }
  return uses;
}

static bool canBeVariable(TemporaryOp temporary, const Uses &uses) {
  FieldType type = temporary.getField().getType();
  if (!uses.isOwnColumn || !uses.isOwnLevel || !type.getDataDims().empty())
    return false;
  // Each element is met once by one statement, so that nothing is carried.
  if (uses.statements.size() == 1 && type.hasK())
    return true;
  for (const auto &[statement, ops] : uses.statements) {
    Users users(ops.begin(), ops.end());
    bool isSet = false;
    if (!isSetBeforeReads(StatementOp(statement).getBody().front(), users,
                          collectParents(users), isSet))
      return false;
  }
  return true;
}

DemoteCount spada::stencil::demoteTemporaries(ProgramOp program) {
  DemoteCount count;
  for (auto temporary :
       llvm::make_early_inc_range(program.getBody().getOps<TemporaryOp>())) {
    Uses uses = collectUses(temporary);
    if (canBeVariable(temporary, uses)) {
      for (const auto &[statement, users] : uses.statements)
        makeVariable(temporary, statement, users);
      temporary.erase();
      ++count.variables;
      continue;
    }
    Storage storage = Storage::Volume;
    if (temporary.getField().getType().hasK()) {
      if (uses.isOwnLevel && uses.sections.size() == 1)
        storage = Storage::Plane;
      else if (uses.isOwnColumn)
        storage = Storage::Column;
    }
    temporary.setStorage(storage);
    count.planes += storage == Storage::Plane;
    count.columns += storage == Storage::Column;
  }
  return count;
}

namespace {
struct Demote : spada::stencil::impl::StencilDemoteTemporariesPassBase<Demote> {
  void runOnOperation() override {
    DemoteCount count = demoteTemporaries(getOperation());
    numVariables += count.variables;
    numPlanes += count.planes;
    numColumns += count.columns;
  }
};
} // namespace
