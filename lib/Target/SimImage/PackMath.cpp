//===- PackMath.cpp - math functions as code ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Functions of the math dialect, minima and maxima.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

using image::MathFunction;
using image::Opcode;

/// The integer extremum: a comparison and a selection.
LogicalResult BodyPacker::packExtremum(Operation &op, Opcode less,
                                       bool isMaximum) {
  Value result = op.getResult(0);
  if (result.getType().isInteger(1))
    return op.emitError() << "'" << op.getName()
                          << "' on i1 cannot be packed; use and, or, xor";
  image::Type type = *imageType(result.getType());
  Register left = reg(op.getOperand(0)), right = reg(op.getOperand(1));
  define(result);
  Register isLess = file.take();
  emit(less, type, isLess, left, right);
  emit(Opcode::Select, type, reg(result), isLess, isMaximum ? right : left,
       isMaximum ? left : right);
  file.release(isLess);
  return success();
}

/// The bits of the magnitude and the bit of the sign together.
LogicalResult BodyPacker::packCopySign(Operation &op) {
  Value result = op.getResult(0);
  bool half = result.getType().isF16();
  Register magnitude = reg(op.getOperand(0)), sign = reg(op.getOperand(1));
  define(result);
  Register mask = emitConst(image::Type::I32, half ? 0x7fff : 0x7fffffff);
  Register bit = emitConst(image::Type::I32, half ? 0x8000 : INT32_MIN);
  Register kept = file.take(), taken = file.take();
  emit(Opcode::And, image::Type::I32, kept, magnitude, mask);
  emit(Opcode::And, image::Type::I32, taken, sign, bit);
  emit(Opcode::Or, image::Type::I32, reg(result), kept, taken);
  for (Register temporary : {mask, bit, kept, taken})
    file.release(temporary);
  return success();
}

/// The larger one of x and -x; the smallest number stays as it is.
LogicalResult BodyPacker::packAbsolute(Operation &op) {
  Value result = op.getResult(0);
  image::Type type = *imageType(result.getType());
  Register value = reg(op.getOperand(0));
  define(result);
  unsigned count = registersOf(result.getType());
  Register zero = emitConst(type, 0), negative = file.takeRange(count),
           isNegative = file.take();
  emit(Opcode::Sub, type, negative, zero, value);
  emit(Opcode::CmpLtS, type, isNegative, value, zero);
  emit(Opcode::Select, type, reg(result), isNegative, negative, value);
  releaseRange(zero, count);
  releaseRange(negative, count);
  file.release(isNegative);
  return success();
}

LogicalResult BodyPacker::packMath(Operation &op) {
  auto call = [&](MathFunction function) {
    Value result = op.getResult(0);
    define(result);
    emit(Opcode::Math, *imageType(result.getType()), reg(result),
         reg(op.getOperand(0)),
         op.getNumOperands() > 1 ? reg(op.getOperand(1)) : noRegister,
         noRegister, static_cast<int64_t>(function));
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<math::SqrtOp>([&](auto) { return call(MathFunction::Sqrt); })
      .Case<math::RsqrtOp>([&](auto) { return call(MathFunction::InvSqrt); })
      .Case<math::ExpOp>([&](auto) { return call(MathFunction::Exp); })
      .Case<math::LogOp>([&](auto) { return call(MathFunction::Log); })
      .Case<math::SinOp>([&](auto) { return call(MathFunction::Sin); })
      .Case<math::CosOp>([&](auto) { return call(MathFunction::Cos); })
      .Case<math::TanhOp>([&](auto) { return call(MathFunction::Tanh); })
      .Case<math::PowFOp>([&](auto) { return call(MathFunction::Pow); })
      .Case<math::CeilOp>([&](auto) { return call(MathFunction::Ceil); })
      .Case<math::FloorOp>([&](auto) { return call(MathFunction::Floor); })
      .Case<math::AbsFOp>([&](auto) { return call(MathFunction::Abs); })
      .Case<math::CopySignOp>([&](auto) { return packCopySign(op); })
      .Case<math::AbsIOp>([&](auto) { return packAbsolute(op); })
      .Case<ScaleByOp>([&](auto) { return call(MathFunction::ScaleBy); })
      .Case<InverseOp>([&](auto) { return call(MathFunction::Inv); })
      .Case<arith::MaximumFOp>([&](auto) { return call(MathFunction::Max); })
      .Case<arith::MinimumFOp>([&](auto) { return call(MathFunction::Min); })
      .Case<arith::MaxSIOp>(
          [&](auto) { return packExtremum(op, Opcode::CmpLtS, true); })
      .Case<arith::MaxUIOp>(
          [&](auto) { return packExtremum(op, Opcode::CmpLtU, true); })
      .Case<arith::MinSIOp>(
          [&](auto) { return packExtremum(op, Opcode::CmpLtS, false); })
      .Case<arith::MinUIOp>(
          [&](auto) { return packExtremum(op, Opcode::CmpLtU, false); })
      .Default([&](Operation *) { return unsupported(op); });
}
