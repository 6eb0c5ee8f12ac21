//===- NormalizeOps.cpp - operators as CSL spells them --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The printer's spellings, read back: unordered comparisons are negations of
// ordered ones, casts of booleans go through integers, and so on.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/NormalForm.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static Value negate(OpBuilder &b, Location loc, Value value) {
  Value ones = b.create<arith::ConstantOp>(loc, b.getBoolAttr(true));
  return b.create<arith::XOrIOp>(loc, value, ones);
}

static Value spellCompare(OpBuilder &b, arith::CmpFOp op) {
  using enum arith::CmpFPredicate;
  Location loc = op.getLoc();
  Value left = op.getLhs(), right = op.getRhs();
  auto compare = [&](arith::CmpFPredicate predicate) -> Value {
    return b.create<arith::CmpFOp>(loc, predicate, left, right);
  };
  auto either = [&]() -> Value {
    return b.create<arith::OrIOp>(loc, compare(OLT), compare(OGT));
  };
  switch (op.getPredicate()) {
  case ULT:
    return negate(b, loc, compare(OGE));
  case ULE:
    return negate(b, loc, compare(OGT));
  case UGT:
    return negate(b, loc, compare(OLE));
  case UGE:
    return negate(b, loc, compare(OLT));
  case ONE:
    return either();
  case UEQ:
    return negate(b, loc, either());
  default:
    return {};
  }
}

static Value spellBoolCast(OpBuilder &b, Operation *op) {
  Value from = op->getOperand(0);
  Type to = op->getResult(0).getType();
  Location loc = op->getLoc();
  auto zero = [&](Type type) {
    return b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
  };
  if (isa<arith::TruncIOp>(op) && to.isInteger(1)) {
    Type type = from.getType();
    Value one = b.create<arith::ConstantOp>(loc, b.getIntegerAttr(type, 1));
    return b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne,
                                   b.create<arith::AndIOp>(loc, from, one),
                                   zero(type));
  }
  if (!from.getType().isInteger(1))
    return {};
  if (isa<arith::ExtSIOp>(op))
    return b.create<arith::SubIOp>(loc, zero(to),
                                   b.create<arith::ExtUIOp>(loc, to, from));
  if (!isa<arith::UIToFPOp, arith::SIToFPOp>(op))
    return {};
  Value number = b.create<arith::SIToFPOp>(
      loc, to, b.create<arith::ExtUIOp>(loc, b.getI16Type(), from));
  return isa<arith::UIToFPOp>(op) ? number
                                  : b.create<arith::NegFOp>(loc, number);
}

void spada::csl::spellOperators(Operation *root) {
  root->walk([](Operation *op) {
    OpBuilder b(op);
    Value spelled =
        llvm::TypeSwitch<Operation *, Value>(op)
            .Case<arith::CmpFOp>(
                [&](arith::CmpFOp compare) { return spellCompare(b, compare); })
            .Case<arith::CmpIOp>([&](arith::CmpIOp compare) {
              bool isXor = compare.getLhs().getType().isInteger(1) &&
                           compare.getPredicate() == arith::CmpIPredicate::ne;
              return isXor ? b.create<arith::XOrIOp>(op->getLoc(),
                                                     compare.getLhs(),
                                                     compare.getRhs())
                                 .getResult()
                           : Value();
            })
            .Case<arith::TruncIOp, arith::ExtSIOp, arith::UIToFPOp,
                  arith::SIToFPOp>([&](auto) { return spellBoolCast(b, op); })
            .Case<MemberCallOp>([&](MemberCallOp call) {
              if (call.getMember() == "unblock_cmd_stream" &&
                  call.getArgs().empty() && !call.getResult()) {
                b.create<HostUnblockOp>(op->getLoc());
                op->erase();
              }
              return Value();
            })
            .Default([](Operation *) { return Value(); });
    if (!spelled)
      return;
    op->getResult(0).replaceAllUsesWith(spelled);
    op->erase();
  });
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// What an op gives that only has numbers as operands, or a number on the side
/// that decides.
static Value foldOp(OpBuilder &b, Operation *op) {
  bool isBool =
      op->getNumResults() == 1 && op->getResult(0).getType().isInteger(1);
  BoolAttr left;
  if (isBool && isa<arith::AndIOp, arith::OrIOp>(op) &&
      matchPattern(op->getOperand(0), m_Constant(&left)))
    return left.getValue() == isa<arith::AndIOp>(op) ? op->getOperand(1)
                                                     : op->getOperand(0);
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    BoolAttr condition;
    if (matchPattern(select.getCondition(), m_Constant(&condition)))
      return condition.getValue() ? select.getTrueValue()
                                  : select.getFalseValue();
    return {};
  }
  if (!isa<arith::ArithDialect>(op->getDialect()) ||
      isa<arith::ConstantOp>(op) || op->getNumResults() != 1)
    return {};
  SmallVector<Attribute> operands;
  for (Value operand : op->getOperands()) {
    Attribute number;
    if (!matchPattern(operand, m_Constant(&number)))
      return {};
    operands.push_back(number);
  }
  SmallVector<OpFoldResult> results;
  if (failed(op->fold(operands, results)) || results.size() != 1)
    return {};
  if (auto value = dyn_cast<Value>(results[0]))
    return value == op->getResult(0) ? Value() : value;
  return b.create<arith::ConstantOp>(
      op->getLoc(), cast<TypedAttr>(cast<Attribute>(results[0])));
}

/// Replaces a branch on a number by what it takes.
static void foldBranch(scf::IfOp op) {
  BoolAttr condition;
  if (!matchPattern(op.getCondition(), m_Constant(&condition)))
    return;
  Region &taken =
      condition.getValue() ? op.getThenRegion() : op.getElseRegion();
  if (!taken.empty()) {
    Block &block = taken.front();
    op->replaceAllUsesWith(block.getTerminator()->getOperands());
    block.getTerminator()->erase();
    op->getBlock()->getOperations().splice(op->getIterator(),
                                           block.getOperations());
  }
  op.erase();
}

void spada::csl::foldConstants(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk([&](Operation *op) { ops.push_back(op); });
  SmallVector<scf::IfOp> branches;
  for (Operation *op : ops) {
    if (auto branch = dyn_cast<scf::IfOp>(op)) {
      branches.push_back(branch);
      continue;
    }
    OpBuilder b(op);
    Value folded = foldOp(b, op);
    if (!folded)
      continue;
    op->getResult(0).replaceAllUsesWith(folded);
    op->erase();
  }
  for (scf::IfOp branch : branches) // inner ones first
    foldBranch(branch);
}

//===----------------------------------------------------------------------===//
// Subscripts
//===----------------------------------------------------------------------===//

/// Must this operand be of type `index`?
static bool isSubscript(OpOperand &use) {
  if (!use.get().getType().isIndex())
    return false;
  Operation *user = use.getOwner();
  unsigned number = use.getOperandNumber();
  return (isa<memref::LoadOp, ElementPtrOp>(user) && number >= 1) ||
         (isa<memref::StoreOp>(user) && number >= 2) ||
         isa<scf::IndexSwitchOp>(user);
}

/// Each subscript its own number or cast right before the access; these go to
/// `kept`.
static void detachSubscripts(Operation *root,
                             llvm::SmallPtrSetImpl<Operation *> &kept) {
  SmallVector<OpOperand *> subscripts;
  root->walk([&](Operation *op) {
    for (OpOperand &use : op->getOpOperands())
      if (isSubscript(use))
        subscripts.push_back(&use);
  });
  for (OpOperand *use : subscripts) {
    Operation *user = use->getOwner();
    OpBuilder b(user);
    Value value = use->get();
    APInt number;
    Operation *subscript;
    if (matchPattern(value, m_ConstantInt(&number))) {
      subscript = b.create<arith::ConstantIndexOp>(user->getLoc(),
                                                   number.getSExtValue());
    } else {
      Operation *cast = value.getDefiningOp();
      // 16 bits of memory are addressed; the sign plays no part.
      if (isa_and_nonnull<arith::IndexCastOp>(cast) ||
          (isa_and_nonnull<arith::IndexCastUIOp>(cast) &&
           cast->getOperand(0).getType().isInteger(16)))
        value = cast->getOperand(0);
      else if (isa_and_nonnull<arith::IndexCastUIOp>(cast)) {
        kept.insert(cast);
        continue;
      }
      subscript =
          b.create<arith::IndexCastOp>(user->getLoc(), b.getIndexType(), value);
    }
    kept.insert(subscript);
    use->set(subscript->getResult(0));
  }
}

/// A cast whose types were `index` on some side before.
static void replaceCast(Operation *op, bool isUnsigned) {
  OpBuilder b(op);
  Value from = op->getOperand(0), to = op->getResult(0);
  unsigned fromBits = from.getType().getIntOrFloatBitWidth(),
           toBits = to.getType().getIntOrFloatBitWidth();
  Value value = from;
  if (toBits < fromBits)
    value = b.create<arith::TruncIOp>(op->getLoc(), to.getType(), from);
  else if (toBits > fromBits)
    value = isUnsigned
                ? b.create<arith::ExtUIOp>(op->getLoc(), to.getType(), from)
                      .getResult()
                : b.create<arith::ExtSIOp>(op->getLoc(), to.getType(), from)
                      .getResult();
  to.replaceAllUsesWith(value);
  op->erase();
}

void spada::csl::removeIndexType(Operation *root) {
  llvm::SmallPtrSet<Operation *, 16> kept;
  detachSubscripts(root, kept);
  auto i16 = IntegerType::get(root->getContext(), 16);
  SmallVector<Operation *> casts;
  root->walk([&](Operation *op) {
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (BlockArgument argument : block.getArguments())
          if (argument.getType().isIndex())
            argument.setType(i16);
    if (kept.contains(op))
      return;
    if (isa<arith::IndexCastOp, arith::IndexCastUIOp>(op))
      casts.push_back(op);
    for (Value result : op->getResults())
      if (result.getType().isIndex())
        result.setType(i16);
    auto constant = dyn_cast<arith::ConstantOp>(op);
    auto number =
        constant ? dyn_cast<IntegerAttr>(constant.getValue()) : IntegerAttr();
    if (number && number.getType().isIndex())
      constant.setValueAttr(
          IntegerAttr::get(i16, number.getValue().sextOrTrunc(16)));
  });
  for (Operation *cast : casts)
    replaceCast(cast, isa<arith::IndexCastUIOp>(cast));
}
