//===- SemaChoice.cpp - both sides of a choice at once --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Which code may run although it was not asked for. 'and', 'or' and 'if' as a
// value need no branch then.
//
//===----------------------------------------------------------------------===//

#include "Sema.h"

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"

using namespace spada::cslfront;

/// Does the access stay inside of a module variable, whatever the PE's state?
static bool isInside(mlir::memref::LoadOp load) {
  if (!load.getMemRef().getDefiningOp<spada::csl::AddressOfOp>())
    return false;
  mlir::MemRefType type = load.getMemRefType();
  for (auto [d, index] : llvm::enumerate(load.getIndices())) {
    llvm::APInt number;
    if (!mlir::matchPattern(index, mlir::m_ConstantInt(&number)) ||
        number.isNegative() || number.getSExtValue() >= type.getDimSize(d))
      return false;
  }
  return true;
}

bool Sema::isSpeculatable(mlir::Block &block) {
  return llvm::all_of(block, [](mlir::Operation &op) {
    if (auto load = mlir::dyn_cast<mlir::memref::LoadOp>(op))
      return isInside(load);
    namespace arith = mlir::arith;
    return !mlir::isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp,
                      arith::RemUIOp>(op) &&
           op.getNumRegions() == 0 && mlir::isMemoryEffectFree(&op);
  });
}

void Sema::spliceHere(mlir::Block &block) {
  mlir::OpBuilder &b = builder();
  b.getInsertionBlock()->getOperations().splice(b.getInsertionPoint(),
                                                block.getOperations());
}
