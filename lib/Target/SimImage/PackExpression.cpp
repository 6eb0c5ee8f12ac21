//===- PackExpression.cpp - pure values as code ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Constants, arithmetic, comparisons and conversions. One rounding and one wrap
// for each op.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

using image::Opcode;

LogicalResult BodyPacker::unsupported(Operation &op) {
  return op.emitError() << "'" << op.getName()
                        << "' cannot be packed into an image; lower it first";
}

/// Bits of a constant in a register: sign-extended integers, bits of floats.
static int64_t registerBits(TypedAttr value) {
  if (auto integer = dyn_cast<IntegerAttr>(value))
    return value.getType().isInteger(1) ? integer.getValue().getZExtValue()
                                        : integer.getValue().getSExtValue();
  return cast<FloatAttr>(value).getValue().bitcastToAPInt().getZExtValue();
}

/// Do all users read the constant as part of an address?
static bool isPartOfAddresses(arith::ConstantOp constant) {
  return constant.getType().isIntOrIndex() &&
         llvm::all_of(constant->getUses(), [](OpOperand &use) {
           Operation *user = use.getOwner();
           unsigned number = use.getOperandNumber();
           return (isa<memref::LoadOp, ElementPtrOp>(user) && number >= 1) ||
                  (isa<memref::StoreOp>(user) && number >= 2);
         });
}

LogicalResult BodyPacker::packExpression(Operation &op) {
  auto load = [&](Value result, Opcode opcode, int64_t imm) {
    define(result);
    emit(opcode, *imageType(result.getType()), reg(result), noRegister,
         noRegister, noRegister, imm);
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<AddressOfOp>(
          [](auto) { return success(); }) // read where it is used
      .Case<arith::ConstantOp>(
          [&](arith::ConstantOp constant) -> LogicalResult {
            int64_t bits = registerBits(constant.getValue());
            if (op.getResult(0).getType().isIndex() && !llvm::isInt<16>(bits))
              return op.emitError()
                     << "index " << bits
                     << " does not fit 16 bits, the width of indices on a PE";
            if (isPartOfAddresses(constant))
              return success();
            define(op.getResult(0));
            emitConstTo(*imageType(op.getResult(0).getType()),
                        reg(op.getResult(0)), bits);
            return success();
          })
      .Case<ParamValueOp>([&](ParamValueOp param) {
        return load(param.getResult(), Opcode::Param,
                    program.params.lookup(param.getParam()));
      })
      .Case<DsdOp, LoadDsdOp, CastDsdOp, IncrementDsdOffsetOp, SetDsdLengthOp,
            SetDsdStrideOp, SetDsdBaseAddrOp, DsdLengthOp, DsdElementPtrOp,
            DsrLengthOp>([&](auto) { return packDescriptor(op); })
      .Case<ToPtrOp, ElementPtrOp, FromPtrOp, PtrAddOp, PtrCastOp>(
          [&](auto) { return packPointer(op); })
      .Case<DsrOp, FifoRefOp>(
          [](auto) { return success(); }) // read where they are used
      .Case<ReadClockOp>([&](ReadClockOp clock) {
        for (Value part : clock.getResults())
          define(part);
        emit(Opcode::Clock, image::Type::I16, reg(clock.getLow()),
             reg(clock.getMiddle()), reg(clock.getHigh()));
        return success();
      })
      .Case<RandomOp>([&](RandomOp random) {
        return load(random.getResult(), Opcode::Random, 0);
      })
      .Case<memref::LoadOp>([&](auto load) { return packLoad(load); })
      .Default([&](Operation *) { return packArith(op); });
}

LogicalResult BodyPacker::packCompare(arith::CmpIOp op) {
  using enum arith::CmpIPredicate;
  Register left = reg(op.getLhs()), right = reg(op.getRhs());
  image::Type type = *imageType(op.getLhs().getType());
  define(op.getResult());
  auto compare = [&](Opcode opcode, bool swapped) {
    emit(opcode, type, reg(op.getResult()), swapped ? right : left,
         swapped ? left : right);
    return success();
  };
  if (type == image::Type::I1 && op.getPredicate() != eq &&
      op.getPredicate() != ne)
    return op.emitError() << "'arith.cmpi' orders i1; use and, or, xor";
  switch (op.getPredicate()) {
  case eq:
    return compare(Opcode::CmpEq, false);
  case ne:
    return compare(Opcode::CmpNe, false);
  case slt:
    return compare(Opcode::CmpLtS, false);
  case sle:
    return compare(Opcode::CmpLeS, false);
  case sgt:
    return compare(Opcode::CmpLtS, true);
  case sge:
    return compare(Opcode::CmpLeS, true);
  case ult:
    return compare(Opcode::CmpLtU, false);
  case ule:
    return compare(Opcode::CmpLeU, false);
  case ugt:
    return compare(Opcode::CmpLtU, true);
  case uge:
    return compare(Opcode::CmpLeU, true);
  }
  return failure();
}

LogicalResult BodyPacker::packCompareFloat(arith::CmpFOp op) {
  using enum arith::CmpFPredicate;
  Register left = reg(op.getLhs()), right = reg(op.getRhs());
  image::Type type = *imageType(op.getLhs().getType());
  define(op.getResult());
  Register result = reg(op.getResult());
  auto ordered = [&](Opcode opcode, bool swapped) {
    emit(opcode, type, result, swapped ? right : left, swapped ? left : right);
    return success();
  };
  // An unordered comparison is the negation of the opposite ordered one.
  auto negate = [&](LogicalResult packed) {
    Register one = emitConst(image::Type::I1, 1);
    emit(Opcode::Xor, image::Type::I1, result, result, one);
    file.release(one);
    return packed;
  };
  auto lessOrGreater = [&] {
    Register greater = file.take();
    emit(Opcode::FCmpLt, type, greater, right, left);
    emit(Opcode::FCmpLt, type, result, left, right);
    emit(Opcode::Or, image::Type::I1, result, result, greater);
    file.release(greater);
    return success();
  };
  switch (op.getPredicate()) {
  case OEQ:
    return ordered(Opcode::FCmpEq, false);
  case UNE:
    return ordered(Opcode::FCmpNe, false);
  case OLT:
    return ordered(Opcode::FCmpLt, false);
  case OLE:
    return ordered(Opcode::FCmpLe, false);
  case OGT:
    return ordered(Opcode::FCmpLt, true);
  case OGE:
    return ordered(Opcode::FCmpLe, true);
  case ULT:
    return negate(ordered(Opcode::FCmpLe, true));
  case ULE:
    return negate(ordered(Opcode::FCmpLt, true));
  case UGT:
    return negate(ordered(Opcode::FCmpLe, false));
  case UGE:
    return negate(ordered(Opcode::FCmpLt, false));
  case ONE:
    return lessOrGreater();
  case UEQ:
    return negate(lessOrGreater());
  default:
    return op.emitError()
           << "'arith.cmpf' with predicate '"
           << stringifyCmpFPredicate(op.getPredicate())
           << "' cannot be packed; compare the value with itself to find NaN";
  }
}

/// Is an index from 32 bits only used to access elements? Then it needs no
/// instruction of its own: what is beyond 16 bits is beyond the memory too.
static bool onlyIndexes(Value index) {
  Operation *cast = index.getDefiningOp();
  return index.getType().isIndex() &&
         cast->getOperand(0).getType().isInteger(32) &&
         llvm::all_of(index.getUsers(), [](Operation *user) {
           return isa<memref::LoadOp, memref::StoreOp, ElementPtrOp,
                      scf::IndexSwitchOp>(user);
         });
}

LogicalResult BodyPacker::packCast(Operation &op) {
  Value source = op.getOperand(0), result = op.getResult(0);
  image::Type from = *imageType(source.getType()),
              to = *imageType(result.getType());
  if (to == image::Type::I1 && !isa<arith::TruncIOp>(op))
    return op.emitError() << "'" << op.getName()
                          << "' to i1 cannot be packed; compare with zero";
  auto convert = [&](Opcode opcode, image::Type type, image::Type other) {
    define(result);
    emit(opcode, type, reg(result), reg(source), noRegister, noRegister,
         static_cast<int64_t>(other));
    return success();
  };
  auto same = [&] {
    alias(result, source);
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<arith::ExtSIOp>(
          [&](auto) { return convert(Opcode::SignExtend, from, to); })
      .Case<arith::ExtUIOp>(
          [&](auto) { return convert(Opcode::ZeroExtend, from, to); })
      .Case<arith::TruncIOp>(
          [&](auto) { return convert(Opcode::Truncate, to, from); })
      .Case<arith::SIToFPOp>(
          [&](auto) { return convert(Opcode::IntToFloatS, to, from); })
      .Case<arith::UIToFPOp>(
          [&](auto) { return convert(Opcode::IntToFloatU, to, from); })
      .Case<arith::FPToSIOp>(
          [&](auto) { return convert(Opcode::FloatToIntS, to, from); })
      .Case<arith::FPToUIOp>(
          [&](auto) { return convert(Opcode::FloatToIntU, to, from); })
      .Case<arith::ExtFOp, arith::TruncFOp>(
          [&](auto) { return convert(Opcode::FloatToFloat, to, from); })
      .Case<arith::IndexCastOp, arith::IndexCastUIOp>([&](auto) {
        if (from == to || onlyIndexes(result))
          return same();
        Opcode extend = isa<arith::IndexCastOp>(op) ? Opcode::SignExtend
                                                    : Opcode::ZeroExtend;
        bool wider = imageTypeBytes(from) < imageTypeBytes(to);
        return wider ? convert(extend, from, to)
                     : convert(Opcode::Truncate, to, from);
      })
      .Case<arith::BitcastOp>([&](auto) {
        if (imageTypeBytes(from) >= 4 || from == to)
          return same();
        // 16 bits: integers are kept sign-extended, floats are not.
        return isa<FloatType>(result.getType())
                   ? convert(Opcode::ZeroExtend, image::Type::I16,
                             image::Type::I32)
                   : convert(Opcode::Truncate, image::Type::I16,
                             image::Type::I32);
      })
      .Default([&](Operation *) { return unsupported(op); });
}

LogicalResult BodyPacker::packArith(Operation &op) {
  auto binary = [&](Opcode opcode, bool allowBool = false) -> LogicalResult {
    Type type = op.getResult(0).getType();
    if (type.isInteger(1) && !allowBool)
      return op.emitError() << "'" << op.getName()
                            << "' on i1 cannot be packed; use and, or, xor";
    define(op.getResult(0));
    emit(opcode, *imageType(type), reg(op.getResult(0)), reg(op.getOperand(0)),
         reg(op.getOperand(1)));
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<arith::AddIOp>([&](auto) { return binary(Opcode::Add); })
      .Case<arith::SubIOp>([&](auto) { return binary(Opcode::Sub); })
      .Case<arith::MulIOp>([&](auto) { return binary(Opcode::Mul); })
      .Case<arith::DivSIOp>([&](auto) { return binary(Opcode::DivS); })
      .Case<arith::DivUIOp>([&](auto) { return binary(Opcode::DivU); })
      .Case<arith::RemSIOp>([&](auto) { return binary(Opcode::RemS); })
      .Case<arith::RemUIOp>([&](auto) { return binary(Opcode::RemU); })
      .Case<arith::AndIOp>([&](auto) { return binary(Opcode::And, true); })
      .Case<arith::OrIOp>([&](auto) { return binary(Opcode::Or, true); })
      .Case<arith::XOrIOp>([&](auto) { return binary(Opcode::Xor, true); })
      .Case<arith::ShLIOp>([&](auto) { return binary(Opcode::Shl); })
      .Case<arith::ShRSIOp>([&](auto) { return binary(Opcode::ShrS); })
      .Case<arith::ShRUIOp>([&](auto) { return binary(Opcode::ShrU); })
      .Case<arith::AddFOp>([&](auto) { return binary(Opcode::FAdd); })
      .Case<arith::SubFOp>([&](auto) { return binary(Opcode::FSub); })
      .Case<arith::MulFOp>([&](auto) { return binary(Opcode::FMul); })
      .Case<arith::DivFOp>([&](auto) { return binary(Opcode::FDiv); })
      .Case<arith::NegFOp>([&](auto) {
        define(op.getResult(0));
        emit(Opcode::FNeg, *imageType(op.getResult(0).getType()),
             reg(op.getResult(0)), reg(op.getOperand(0)));
        return success();
      })
      .Case<arith::CmpIOp>([&](auto compare) { return packCompare(compare); })
      .Case<arith::CmpFOp>(
          [&](auto compare) { return packCompareFloat(compare); })
      .Case<arith::SelectOp>([&](arith::SelectOp select) -> LogicalResult {
        if (isDsd(select.getType()))
          return packSelectDsd(select);
        define(select.getResult());
        emit(Opcode::Select, *imageType(select.getType()),
             reg(select.getResult()), reg(select.getCondition()),
             reg(select.getTrueValue()), reg(select.getFalseValue()));
        return success();
      })
      .Case<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
            arith::UIToFPOp, arith::FPToSIOp, arith::FPToUIOp, arith::ExtFOp,
            arith::TruncFOp, arith::IndexCastOp, arith::IndexCastUIOp,
            arith::BitcastOp>([&](auto) { return packCast(op); })
      .Default([&](Operation *) { return packMath(op); });
}
