//===- PackControl.cpp - loops and branches as jumps ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Structured control flow of one task or function. Values that leave a region
// are copied to the places of the op's results.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

using image::Opcode;

void BodyPacker::defineScalars(ValueRange values) {
  for (Value value : values)
    if (!isDsd(value.getType()))
      define(value);
}

void BodyPacker::defineCarried(Value value, Value init) {
  define(value, init);
  open(value);
}

void BodyPacker::leaveRegion(ValueRange results, ValueRange values) {
  for (auto [result, value] : llvm::zip_equal(results, values)) {
    if (!isDsd(result.getType()))
      continue;
    if (!slots.contains(result))
      define(result, value);
    open(result);
  }
  moveAll(results, values);
}

LogicalResult BodyPacker::packFor(scf::ForOp op) {
  Type type = op.getInductionVar().getType();
  IntegerAttr lower, upper, step;
  bool knownStep = matchPattern(op.getStep(), m_Constant(&step));
  bool knownUpper = matchPattern(op.getUpperBound(), m_Constant(&upper));
  bool knownLower = matchPattern(op.getLowerBound(), m_Constant(&lower));
  auto number = [](IntegerAttr value) {
    return value.getValue().getSExtValue();
  };
  unsigned width = type.isIndex() ? 16 : type.getIntOrFloatBitWidth();
  bool fits = knownUpper && knownStep &&
              llvm::isIntN(width, number(upper) + number(step) - 1);
  if (knownUpper && knownStep && !fits)
    return op.emitError() << "'scf.for' runs to " << number(upper)
                          << " in steps of " << number(step) << ", beyond "
                          << width << " bits, the width of its variable";
  // The last step may leave the type's range unless the bounds say that it
  // cannot.
  bool wide = type.isInteger(64);
  image::Type counter = fits || wide ? *imageType(type) : image::Type::I32;
  for (auto [argument, init] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getInitArgs()))
    defineCarried(argument, init);
  moveAll(op.getRegionIterArgs(), op.getInitArgs());
  define(op.getInductionVar());
  Register variable = reg(op.getInductionVar());
  copyScalar(variable, op.getLowerBound(), wide ? image::Type::I32 : counter);
  auto compare = [&](Opcode jump) {
    Register more = file.take();
    emit(Opcode::CmpLtS, counter, more, variable, reg(op.getUpperBound()));
    file.release(more);
    return emit(jump, image::Type::I1, noRegister, more);
  };
  std::optional<uint32_t> skip;
  if (!(knownLower && knownUpper && number(lower) < number(upper)))
    skip = compare(Opcode::JumpIfNot);
  uint32_t head = here();
  LogicalResult body = packBlock(*op.getBody(), [&](Operation &yield) {
    moveAll(op.getRegionIterArgs(), yield.getOperands());
    return success();
  });
  if (failed(body))
    return failure();
  location = program.locations.add(op.getLoc());
  emit(Opcode::Add, counter, variable, variable, reg(op.getStep()));
  patch(compare(Opcode::JumpIf), head);
  if (skip)
    patch(*skip, here());
  release(op.getInductionVar());
  for (auto [argument, result] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getResults())) {
    alias(result, argument);
    release(argument);
  }
  return success();
}

LogicalResult BodyPacker::packIf(scf::IfOp op) {
  defineScalars(op.getResults());
  auto yield = [&](Operation &end) {
    leaveRegion(op.getResults(), end.getOperands());
    return success();
  };
  uint32_t toElse = emit(Opcode::JumpIfNot, image::Type::I1, noRegister,
                         reg(op.getCondition()));
  if (failed(packBlock(op.getThenRegion().front(), yield)))
    return failure();
  bool hasElse = !op.getElseRegion().empty() &&
                 (op.getNumResults() ||
                  !llvm::hasSingleElement(op.getElseRegion().front()));
  if (!hasElse) {
    patch(toElse, here());
    return success();
  }
  uint32_t toEnd = emit(Opcode::Jump, image::Type::I32, noRegister);
  patch(toElse, here());
  if (failed(packBlock(op.getElseRegion().front(), yield)))
    return failure();
  patch(toEnd, here());
  return success();
}

LogicalResult BodyPacker::packSwitch(scf::IndexSwitchOp op) {
  // An index that is an integer in the same register is compared as that.
  Value argument = op.getArg();
  if (Operation *cast = argument.getDefiningOp();
      isa_and_nonnull<arith::IndexCastOp, arith::IndexCastUIOp>(cast) &&
      !cast->getOperand(0).getType().isIndex() &&
      reg(cast->getOperand(0)) == reg(argument))
    argument = cast->getOperand(0);
  image::Type type = *imageType(argument.getType());
  unsigned width = type == image::Type::I1 ? 1 : 8 * imageTypeBytes(type);
  defineScalars(op.getResults());
  auto yield = [&](Operation &end) {
    leaveRegion(op.getResults(), end.getOperands());
    return success();
  };
  SmallVector<uint32_t> toEnd;
  for (auto [value, region] :
       llvm::zip_equal(op.getCases(), op.getCaseRegions())) {
    location = program.locations.add(op.getLoc());
    if (!llvm::isIntN(width, value) && !llvm::isUIntN(width, value))
      continue; // never taken
    int64_t bits =
        type == image::Type::I1 ? value & 1 : llvm::SignExtend64(value, width);
    Register wanted = emitConst(type, bits), equal = file.take();
    emit(Opcode::CmpEq, type, equal, reg(argument), wanted);
    releaseRange(wanted, registersOf(argument.getType()));
    file.release(equal);
    uint32_t next = emit(Opcode::JumpIfNot, image::Type::I1, noRegister, equal);
    if (failed(packBlock(region.front(), yield)))
      return failure();
    toEnd.push_back(emit(Opcode::Jump, image::Type::I32, noRegister));
    patch(next, here());
  }
  if (failed(packBlock(op.getDefaultRegion().front(), yield)))
    return failure();
  for (uint32_t jump : toEnd)
    patch(jump, here());
  return success();
}

LogicalResult BodyPacker::packWhile(scf::WhileOp op) {
  for (auto [argument, init] :
       llvm::zip_equal(op.getBeforeArguments(), op.getInits()))
    defineCarried(argument, init);
  moveAll(op.getBeforeArguments(), op.getInits());
  defineScalars(op.getResults());
  uint32_t head = here(), leave = 0;
  LogicalResult before = packBlock(*op.getBeforeBody(), [&](Operation &end) {
    auto condition = cast<scf::ConditionOp>(end);
    leaveRegion(op.getResults(), condition.getArgs());
    leave = emit(Opcode::JumpIfNot, image::Type::I1, noRegister,
                 reg(condition.getCondition()));
    return success();
  });
  if (failed(before))
    return failure();
  for (auto [argument, result] :
       llvm::zip_equal(op.getAfterArguments(), op.getResults()))
    alias(argument, result);
  LogicalResult after = packBlock(*op.getAfterBody(), [&](Operation &yield) {
    moveAll(op.getBeforeArguments(), yield.getOperands());
    return success();
  });
  if (failed(after))
    return failure();
  emit(Opcode::Jump, image::Type::I32, noRegister, noRegister, noRegister,
       noRegister, head);
  patch(leave, here());
  for (Value argument : op.getBeforeArguments())
    release(argument);
  for (Value argument : op.getAfterArguments())
    release(argument);
  return success();
}
