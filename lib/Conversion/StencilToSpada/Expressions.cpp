//===- Expressions.cpp - what a PE can compute ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Checks and kinds of values. Their spada form is built in Translate.cpp.
//
//===----------------------------------------------------------------------===//

#include "Expressions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

static std::string typeName(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static bool isWaferType(Type type) {
  return type.isF32() || type.isF16() || type.isInteger(1) ||
         type.isInteger(8) || type.isInteger(16) || type.isInteger(32);
}

static void addHint(InFlightDiagnostic &diag, Type type) {
  if (isa<FloatType>(type))
    diag.attachNote() << "hint: PEs compute in 16 and 32 bits; use float32 "
                         "fields and '--literal-float 32'";
  else
    diag.attachNote() << "hint: PEs compute in 16 and 32 bits; use int32 and "
                         "'--literal-int 32'";
}

LogicalResult wafer::checkWaferType(Type type, Location loc, StringRef what,
                                    StringRef name) {
  if (isWaferType(type))
    return success();
  auto diag = emitError(loc)
              << what << " '" << name << "' has type '" << typeName(type)
              << "', which the wafer does not have";
  addHint(diag, type);
  return diag;
}

std::optional<MathKind> wafer::mathFunction(Operation *op) {
  return llvm::TypeSwitch<Operation *, std::optional<MathKind>>(op)
      .Case<math::SqrtOp>([](auto) { return MathKind::Sqrt; })
      .Case<math::ExpOp>([](auto) { return MathKind::Exp; })
      .Case<math::LogOp>([](auto) { return MathKind::Log; })
      .Case<math::SinOp>([](auto) { return MathKind::Sin; })
      .Case<math::CosOp>([](auto) { return MathKind::Cos; })
      .Case<math::TanhOp>([](auto) { return MathKind::Tanh; })
      .Case<math::FloorOp>([](auto) { return MathKind::Floor; })
      .Case<math::CeilOp>([](auto) { return MathKind::Ceil; })
      .Case<math::AbsFOp>([](auto) { return MathKind::Abs; })
      .Case<math::PowFOp>([](auto) { return MathKind::Pow; })
      .Case<math::AsinOp>([](auto) { return MathKind::Asin; })
      .Case<math::AcosOp>([](auto) { return MathKind::Acos; })
      .Case<math::AtanOp>([](auto) { return MathKind::Atan; })
      .Case<math::SinhOp>([](auto) { return MathKind::Sinh; })
      .Case<math::CoshOp>([](auto) { return MathKind::Cosh; })
      .Case<math::AsinhOp>([](auto) { return MathKind::Asinh; })
      .Case<math::AcoshOp>([](auto) { return MathKind::Acosh; })
      .Case<math::AtanhOp>([](auto) { return MathKind::Atanh; })
      .Case<math::Log10Op>([](auto) { return MathKind::Log10; })
      .Case<math::CbrtOp>([](auto) { return MathKind::Cbrt; })
      .Case<math::ErfOp>([](auto) { return MathKind::Erf; })
      .Case<stencil::ErfcOp>([](auto) { return MathKind::Erfc; })
      .Case<stencil::GammaOp>([](auto) { return MathKind::Gamma; })
      .Default([](Operation *) { return std::nullopt; });
}

/// Ops with a scalar form on a PE.
static bool isKnown(Operation *op) {
  if (isa<arith::ConstantOp, arith::AddFOp, arith::SubFOp, arith::MulFOp,
          arith::DivFOp, arith::NegFOp, arith::MaximumFOp, arith::MinimumFOp,
          arith::MaxNumFOp, arith::MinNumFOp, arith::CmpFOp, arith::SelectOp,
          arith::ExtFOp, arith::TruncFOp>(op))
    return true;
  if (isa<arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::FloorDivSIOp,
          arith::MaxSIOp, arith::MinSIOp, arith::CmpIOp, arith::AndIOp,
          arith::OrIOp, arith::XOrIOp, arith::ExtSIOp, arith::ExtUIOp,
          arith::TruncIOp, arith::SIToFPOp, arith::UIToFPOp, arith::FPToSIOp,
          arith::IndexCastOp>(op))
    return true;
  return isa<stencil::ReadOp, stencil::ModOp, stencil::LevelOp, math::FPowIOp,
             math::TanOp, math::TruncOp, math::RoundOp, math::RoundEvenOp>(
             op) ||
         mathFunction(op);
}

/// A level, or what it is compared with, that the front end computes in 64
/// bits; 32 hold it as well. A float that they do not hold stops the PE.
static bool isBoundOfLevels(Operation *op) {
  if (op->getNumResults() != 1 || !op->getResult(0).getType().isInteger(64) ||
      !llvm::all_of(op->getUsers(),
                    [](Operation *user) { return isa<arith::CmpIOp>(user); }))
    return false;
  IntegerAttr number;
  if (matchPattern(op, m_Constant(&number)))
    return llvm::isInt<32>(number.getInt());
  Type from = op->getNumOperands() == 1 ? op->getOperand(0).getType() : Type();
  if (isa<arith::ExtUIOp>(op))
    return from.getIntOrFloatBitWidth() < 32;
  return (isa<arith::ExtSIOp>(op) && from.getIntOrFloatBitWidth() <= 32) ||
         isa<arith::IndexCastOp, arith::FPToSIOp>(op);
}

LogicalResult wafer::checkExpression(Operation *op) {
  if (isBoundOfLevels(op))
    return success();
  for (Type type : op->getResultTypes()) {
    if (type.isIndex() || isWaferType(type))
      continue;
    auto diag = op->emitError("this is computed in '")
                << typeName(type) << "', which the wafer does not have";
    addHint(diag, type);
    return diag;
  }
  if (isKnown(op))
    return success();
  auto diag = op->emitError("function '")
              << op->getName().stripDialect() << "' has no form on the wafer";
  return diag;
}

bool wafer::dependsOnPoint(Value value, const Columns &columns) {
  bool found = false;
  forEachValue(value, columns, [&](Value inner) {
    found |= columns.held.count(inner) ||
             isa_and_nonnull<stencil::ReadOp, stencil::LevelOp>(
                 inner.getDefiningOp());
  });
  return found;
}

bool wafer::mayTrapOutside(Operation *op) {
  if (auto read = dyn_cast<stencil::ReadOp>(op)) {
    bool fixed = llvm::all_of(read.getData(), [](Value v) {
      return v.getDefiningOp<arith::ConstantOp>();
    });
    return read.getShift() || read.getLevel() || !fixed;
  }
  if (auto write = dyn_cast<stencil::WriteOp>(op)) {
    bool fixed = llvm::all_of(write.getData(), [](Value v) {
      return v.getDefiningOp<arith::ConstantOp>();
    });
    return write.getShift() || !fixed;
  }
  if (auto mod = dyn_cast<stencil::ModOp>(op))
    return mod.getType().isInteger();
  return isa<arith::FloorDivSIOp, arith::FPToSIOp, scf::WhileOp>(op);
}

//===----------------------------------------------------------------------===//
// Classifier
//===----------------------------------------------------------------------===//

static bool isVectorFloat(Type type) { return type.isF32() || type.isF16(); }

bool Classifier::isVectorOp(Operation *op) {
  if (op->getNumResults() != 1)
    return false;
  Type type = op->getResult(0).getType();
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::NegFOp,
          arith::ExtFOp, arith::TruncFOp>(op))
    return isVectorFloat(type);
  if (isa<arith::AddIOp, arith::SubIOp, arith::AndIOp, arith::OrIOp,
          arith::XOrIOp>(op))
    return type.isInteger(16);
  if (isa<arith::SIToFPOp>(op))
    return isVectorFloat(type) && op->getOperand(0).getType().isInteger(16);
  return false;
}

Kind Classifier::kindOfColumn(const Column &column, Type type) const {
  if (changing.contains(&column))
    return Kind::Scalar;
  if (!column.hasK || column.isVariable)
    return column.data.empty() ? Kind::Invariant : Kind::Scalar;
  return isVectorFloat(type) || type.isInteger(16) || type.isInteger(32)
             ? Kind::Vector
             : Kind::Scalar;
}

Kind Classifier::kindOf(Value value) {
  if (auto held = columns.held.find(value); held != columns.held.end())
    return kindOfColumn(*held->second, value.getType());
  Operation *def = value.getDefiningOp();
  if (!def || def->hasTrait<OpTrait::ConstantLike>())
    return Kind::Invariant;
  if (auto read = dyn_cast<stencil::ReadOp>(def)) {
    const Column *column = columns.fields.lookup(read.getField());
    bool fixed = llvm::all_of(read.getData(), [](Value v) {
      return v.getDefiningOp<arith::ConstantOp>();
    });
    if (!column || read.getShift() || read.getLevel() || !fixed)
      return Kind::Scalar;
    if (column->hasK && !changing.contains(column))
      return isVectorFloat(value.getType()) || value.getType().isInteger(16) ||
                     value.getType().isInteger(32)
                 ? Kind::Vector
                 : Kind::Scalar;
    return changing.contains(column) ? Kind::Scalar : Kind::Invariant;
  }
  if (isa<stencil::LevelOp, scf::IfOp>(def))
    return Kind::Scalar;
  bool allInvariant = true, allVector = true;
  for (Value operand : def->getOperands()) {
    Kind kind = (*this)(operand);
    allInvariant &= kind == Kind::Invariant;
    allVector &= kind != Kind::Scalar;
  }
  if (allInvariant)
    return value.getType().isIndex() ? Kind::Scalar : Kind::Invariant;
  return allVector && isVectorOp(def) ? Kind::Vector : Kind::Scalar;
}

Kind Classifier::operator()(Value value) {
  if (auto it = known.find(value); it != known.end())
    return it->second;
  Kind kind = kindOf(value);
  known[value] = kind;
  return kind;
}
