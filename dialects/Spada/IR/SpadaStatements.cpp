//===- SpadaStatements.cpp - verifiers of statements and expressions ------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules only: what a name stands for is known to `spada-concretize` and
// to the analyses.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/IR/SpadaDialect.h"

using namespace mlir;
using namespace spada;

static bool isIntegerOrIndex(Type type) {
  return isa<IntegerType, IndexType>(type);
}

static LogicalResult checkIndices(Operation *op, StringRef name,
                                  ValueRange indices) {
  for (auto [position, index] : llvm::enumerate(indices))
    if (!isIntegerOrIndex(index.getType()))
      return op->emitOpError()
             << "indexes '" << name << "' with a value of type "
             << index.getType() << " at position " << position
             << "; use an integer";
  return success();
}

/// `lo`, `hi`, `step` equally long; integer variables, one for each range, then
/// `extra` more block arguments.
static LogicalResult checkRanges(Operation *op, Block &body, ValueRange lo,
                                 ValueRange hi, ValueRange step,
                                 ArrayAttr names, unsigned extra) {
  if (lo.size() != hi.size() || lo.size() != step.size())
    return op->emitOpError()
           << "has " << lo.size() << " starts, " << hi.size() << " stops and "
           << step.size() << " steps; they must be equally many";
  if (body.getNumArguments() != lo.size() + extra ||
      names.size() != lo.size() + extra)
    return op->emitOpError()
           << "has " << body.getNumArguments() << " block arguments and "
           << names.size() << " names; its ranges ask for "
           << lo.size() + extra;
  for (BlockArgument variable : body.getArguments().take_front(lo.size()))
    if (!isa<IntegerType>(variable.getType()))
      return op->emitOpError() << "has a loop variable of type "
                               << variable.getType() << "; use an integer type";
  return success();
}

LogicalResult ArgumentRefOp::verify() {
  return checkIndices(*this, getName(), getIndices());
} // C1
LogicalResult ReadOp::verify() {
  return checkIndices(*this, getField(), getIndices());
} // C1
LogicalResult WriteOp::verify() {
  return checkIndices(*this, getField(), getIndices());
} // C1
LogicalResult ReceiveOp::verify() {
  return checkIndices(*this, getField(), getIndices());
} // C1

LogicalResult SendValueOp::verify() {
  Type element = cast<StreamType>(getStream().getType()).getElementType();
  if (getValue().getType() != element) // C1
    return emitOpError() << "sends " << getValue().getType()
                         << " into a stream of " << element
                         << "; cast the value before sending";
  return success();
}

LogicalResult ForeachOp::verify() {
  Block &body = getBody().front();
  if (failed(checkRanges(*this, body, getLo(), getHi(), getStep(), getNames(),
                         1))) // C1, C3
    return failure();
  Type element = cast<StreamType>(getStream().getType()).getElementType();
  Type variable = body.getArguments().back().getType();
  if (variable != element) // C2
    return emitOpError() << "takes elements of type " << variable
                         << " from a stream of " << element;
  return success();
}

LogicalResult MapOp::verify() { // C1, C2
  return checkRanges(*this, getBody().front(), getLo(), getHi(), getStep(),
                     getNames(), 0);
}

LogicalResult ForOp::verify() { // C1, C2
  return checkRanges(*this, getBody().front(), getLo(), getHi(), getStep(),
                     getNames(), 0);
}

LogicalResult WhileOp::verify() {
  Block &body = getBody().front();
  unsigned conditions = 0;
  for (Operation &op : body) {
    conditions += isa<ConditionOp>(op);
    if (isa<ConditionOp>(op) || (op.getNumResults() == 1 && isPure(&op)) ||
        isa<ReadOp>(op))
      continue;
    if (conditions == 0) // C1
      return op.emitOpError() << "stands before the 'spada.condition' of its "
                                 "loop; only expressions do";
    if (!isa<WriteOp, ForOp, WhileOp>(op)) // C2
      return op.emitOpError() << "does not belong into 'spada.while', which "
                                 "holds assignments and loops";
  }
  if (conditions != 1) // C1
    return emitOpError() << "has " << conditions
                         << " 'spada.condition'; it needs one";
  return success();
}

LogicalResult AssignOp::verify() {
  for (BlockArgument variable : getBody().front().getArguments())
    if (!variable.getType().isSignlessInteger(32)) // C1
      return emitOpError() << "has a block argument of type "
                           << variable.getType() << "; it must be i32";
  return success();
}

LogicalResult BinaryOp::verify() {
  BinaryKind kind = getKind();
  bool isComparison = kind >= BinaryKind::Eq && kind <= BinaryKind::Ge;
  Type operand = getLhs().getType(), result = getResult().getType();
  if (isComparison && !result.isInteger(1)) // C1
    return emitOpError() << stringifyBinaryKind(kind) << " gives " << result
                         << "; a comparison gives i1";
  if (!isComparison && result != operand)
    return emitOpError() << stringifyBinaryKind(kind) << " of " << operand
                         << " gives " << result << "; the types must be equal";
  if (kind >= BinaryKind::Shl && isa<FloatType>(operand)) // C2
    return emitOpError() << stringifyBinaryKind(kind) << " takes " << operand
                         << "; it needs integers";
  return success();
}

LogicalResult UnaryOp::verify() {
  if (getKind() == UnaryKind::Not &&
      isa<FloatType>(getOperand().getType())) // C1
    return emitOpError() << "not takes " << getOperand().getType()
                         << "; it needs a bool or an integer";
  return success();
}

LogicalResult MathOp::verify() {
  if (!isa<FloatType>(getType())) // C1
    return emitOpError() << stringifyMathKind(getKind()) << " of " << getType()
                         << "; it needs a float";
  if ((getKind() == MathKind::Pow) != bool(getExponent())) // C2
    return emitOpError() << stringifyMathKind(getKind()) << " takes "
                         << (getExponent() ? "one operand, not two"
                                           : "two operands, not one");
  return success();
}
