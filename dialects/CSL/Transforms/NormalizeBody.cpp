//===- NormalizeBody.cpp - normal form of code ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/NormalForm.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

/// Removes what the loop carries around without changing it.
static void dropUnchanged(scf::ForOp op) {
  SmallVector<Value> inits, yields;
  SmallVector<unsigned> kept;
  for (auto [i, argument] : llvm::enumerate(op.getRegionIterArgs())) {
    Value yielded = op.getYieldedValues()[i];
    if (yielded == argument) {
      argument.replaceAllUsesWith(op.getInitArgs()[i]);
      op.getResult(i).replaceAllUsesWith(op.getInitArgs()[i]);
      continue;
    }
    kept.push_back(i);
    inits.push_back(op.getInitArgs()[i]);
    yields.push_back(yielded);
  }
  if (kept.size() == op.getNumResults())
    return;
  OpBuilder b(op);
  auto loop = b.create<scf::ForOp>(op.getLoc(), op.getLowerBound(),
                                   op.getUpperBound(), op.getStep(), inits);
  Block &from = *op.getBody(), &to = *loop.getBody();
  to.clear();
  op.getInductionVar().replaceAllUsesWith(loop.getInductionVar());
  for (auto [i, old] : llvm::enumerate(kept)) {
    op.getRegionIterArg(old).replaceAllUsesWith(loop.getRegionIterArg(i));
    op.getResult(old).replaceAllUsesWith(loop.getResult(i));
  }
  Operation *end = from.getTerminator();
  end->setOperands(yields);
  to.getOperations().splice(to.end(), from.getOperations());
  op.erase();
}

/// A value that both branches yield is not a matter of the branch.
static bool sameNumber(Value a, Value b) {
  Attribute left, right;
  return a == b || (matchPattern(a, m_Constant(&left)) &&
                    matchPattern(b, m_Constant(&right)) && left == right);
}

static scf::IfOp dropEqualResults(scf::IfOp op) {
  SmallVector<Value> yields[2];
  SmallVector<Type> types;
  SmallVector<unsigned> kept;
  for (unsigned i = 0; i < op.getNumResults(); ++i) {
    Value a = op.thenYield().getOperand(i), b = op.elseYield().getOperand(i);
    if (sameNumber(a, b)) {
      if (Operation *number = a.getDefiningOp();
          number && isa<arith::ConstantOp>(number))
        number->moveBefore(op);
      op.getResult(i).replaceAllUsesWith(a);
      continue;
    }
    kept.push_back(i);
    types.push_back(a.getType());
    yields[0].push_back(a);
    yields[1].push_back(b);
  }
  if (kept.size() == op.getNumResults())
    return op;
  OpBuilder b(op);
  auto branch = b.create<scf::IfOp>(op.getLoc(), types, op.getCondition());
  branch.getThenRegion().takeBody(op.getThenRegion());
  branch.getElseRegion().takeBody(op.getElseRegion());
  branch.thenYield()->setOperands(yields[0]);
  branch.elseYield()->setOperands(yields[1]);
  for (auto [i, old] : llvm::enumerate(kept))
    op.getResult(old).replaceAllUsesWith(branch.getResult(i));
  op.erase();
  return branch;
}

static void simplifyBranch(scf::IfOp op) {
  if (op.getNumResults())
    op = dropEqualResults(op);
  if (op.getNumResults() || op.getElseRegion().empty())
    return;
  if (llvm::hasSingleElement(op.getElseRegion().front())) {
    op.getElseRegion().front().erase();
    return;
  }
  if (!llvm::hasSingleElement(op.getThenRegion().front()))
    return;
  OpBuilder b(op);
  Value ones = b.create<arith::ConstantOp>(op.getLoc(), b.getBoolAttr(true));
  op.getConditionMutable().assign(
      b.create<arith::XOrIOp>(op.getLoc(), op.getCondition(), ones));
  op.getThenRegion().takeBody(op.getElseRegion());
}

void spada::csl::dropUnused(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty() && op->getNumRegions() == 0 &&
        op->getNumResults() > 0 &&
        (isa<memref::LoadOp, LoadDsdOp>(op) || isMemoryEffectFree(op)))
      op->erase();
}

void spada::csl::simplifyControl(Operation *root) {
  dropUnused(root); // branches may turn out to do nothing
  SmallVector<Operation *> ops;
  root->walk([&](Operation *op) { // inner ones first
    if (isa<scf::ForOp, scf::IfOp>(op))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      dropUnchanged(loop);
    else
      simplifyBranch(cast<scf::IfOp>(op));
  }
}

//===----------------------------------------------------------------------===//
// One dimension
//===----------------------------------------------------------------------===//

/// `i * stride + j + constant`, as the printer writes it.
static Value linearIndex(OpBuilder &b, Location loc, ValueRange indices,
                         MemRefType type) {
  int64_t constant = 0, stride = 1;
  SmallVector<Value> terms;
  for (unsigned d = type.getRank(); d-- > 0; stride *= type.getDimSize(d)) {
    APInt number;
    if (matchPattern(indices[d], m_ConstantInt(&number))) {
      constant += number.getSExtValue() * stride;
      continue;
    }
    Value term = indices[d];
    if (stride != 1)
      term = b.create<arith::MulIOp>(
          loc, term, b.create<arith::ConstantIndexOp>(loc, stride));
    terms.insert(terms.begin(), term);
  }
  if (constant != 0 || terms.empty())
    terms.push_back(b.create<arith::ConstantIndexOp>(loc, constant));
  Value sum = terms.front();
  for (Value term : ArrayRef(terms).drop_front())
    sum = b.create<arith::AddIOp>(loc, sum, term);
  return sum;
}

static void flattenAccesses(AddressOfOp address, MemRefType from,
                            MemRefType to) {
  address.getResult().setType(to);
  for (OpOperand &use :
       llvm::make_early_inc_range(address.getResult().getUses())) {
    Operation *user = use.getOwner();
    OpBuilder b(user);
    Location loc = user->getLoc();
    if (auto load = dyn_cast<memref::LoadOp>(user)) {
      Value index = linearIndex(b, loc, load.getIndices(), from);
      load.replaceAllUsesWith(
          b.create<memref::LoadOp>(loc, address.getResult(), index)
              .getResult());
      load.erase();
    } else if (auto store = dyn_cast<memref::StoreOp>(user)) {
      Value index = linearIndex(b, loc, store.getIndices(), from);
      b.create<memref::StoreOp>(loc, store.getValueToStore(),
                                address.getResult(), index);
      store.erase();
    }
  }
}

void spada::csl::flattenVariables(ProgramOp program) {
  llvm::DenseSet<StringAttr> flat = flatVariables(program);
  // A variable that an operation names as a whole stays what it is.
  program.walk([&](AddressOfOp address) {
    for (Operation *user : address.getResult().getUsers())
      if (!isa<memref::LoadOp, memref::StoreOp, ToPtrOp>(user))
        flat.erase(address.getVariableAttr().getAttr());
  });
  for (SymbolRefAttr variable : variablesWithData(program))
    flat.erase(variable.getLeafReference());
  for (auto variable : program.getBody().getOps<VariableOp>()) {
    if (!flat.contains(variable.getSymNameAttr()))
      continue;
    auto from = cast<MemRefType>(variable.getType());
    auto to = MemRefType::get(from.getNumElements(), from.getElementType());
    Attribute init = variable.getInitAttr();
    auto tensor = RankedTensorType::get(to.getShape(), to.getElementType());
    if (auto dense = dyn_cast_or_null<DenseElementsAttr>(init))
      variable.setInitAttr(dense.reshape(tensor));
    else if (init)
      variable.setInitAttr(DenseElementsAttr::get(tensor, init));
    variable.setTypeAttr(TypeAttr::get(to));
    program.walk([&](AddressOfOp address) {
      if (address.getVariable() == variable.getSymName())
        flattenAccesses(address, from, to);
    });
  }
}

void spada::csl::normalizeBody(Operation *callable) {
  Block &body = callable->getRegion(0).front();
  if (!body.empty())
    if (auto end = dyn_cast<ReturnOp>(body.back()); end && !end.getValue())
      end.erase();
  removeIndexType(callable);
  spellOperators(callable);
  foldConstants(callable);
  simplifyControl(callable);
  schedule(callable);
}
