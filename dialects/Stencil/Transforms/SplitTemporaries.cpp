//===- SplitTemporaries.cpp - one temporary for each value ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Walks the accesses of a temporary in program order; where all of it is
// overwritten, a new temporary takes over.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"
#include "spada/Analysis/StencilAccesses.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILSPLITTEMPORARIESPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

static StatementOp statementOf(const FieldAccess &access) {
  return access.op->getParentOfType<StatementOp>();
}

static SectionOp sectionOf(const FieldAccess &access) {
  return access.op->getParentOfType<SectionOp>();
}

/// True when no access reads a level that its section does not visit: then a
/// section that writes its own levels overwrites all that is read.
static bool staysInOneInterval(ArrayRef<FieldAccess> accesses) {
  LevelRange first = LevelRange::get(sectionOf(accesses.front()));
  return llvm::all_of(accesses, [&](const FieldAccess &access) {
    return !access.hasVerticalOffset() &&
           LevelRange::get(sectionOf(access)) == first;
  });
}

/// True when `access` stores to every point that is ever read.
static bool overwritesAll(const FieldAccess &access, bool oneInterval) {
  SectionOp section = sectionOf(access);
  return access.isWrite && !access.isConditional && section.isParallel() &&
         !statementOf(access).getRegions() && (oneInterval || section.isFull());
}

/// The number of temporaries added for `temporary`.
static unsigned split(TemporaryOp temporary, ArrayRef<FieldAccess> accesses) {
  bool oneInterval = staysInOneInterval(accesses);
  unsigned versions = 0;
  Value current = temporary.getField();
  for (auto [index, access] : llvm::enumerate(accesses)) {
    if (index > 0 && overwritesAll(access, oneInterval)) {
      OpBuilder b(temporary->getContext());
      b.setInsertionPointAfter(current.getDefiningOp());
      auto next = cast<TemporaryOp>(b.clone(*temporary));
      next.setName((temporary.getName() + "_" + Twine(++versions)).str());
      current = next.getField();
    }
    access.op->replaceUsesOfWith(temporary.getField(), current);
  }
  return versions;
}

namespace {
struct SplitTemporariesPass
    : spada::stencil::impl::StencilSplitTemporariesPassBase<
          SplitTemporariesPass> {
  void runOnOperation() override {
    ProgramOp program = getOperation();
    llvm::MapVector<Value, SmallVector<FieldAccess>> accesses;
    for (const FieldAccess &access : collectAccesses(program))
      accesses[access.field].push_back(access);
    for (auto &[field, list] : accesses) {
      auto temporary = field.getDefiningOp<TemporaryOp>();
      FieldType type = cast<FieldType>(field.getType());
      if (temporary && isa<ProgramOp>(temporary->getParentOp()) &&
          type.getAxes() == Axes::IJK && type.getDataDims().empty())
        numSplit += split(temporary, list);
    }
  }
};
} // namespace
