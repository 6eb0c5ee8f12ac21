//===- Native.cpp - the functions that GTScript has built in --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Native.h"

#include "dialects/Stencil/IR/StencilDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;

llvm::ArrayRef<Native> gtscript::allNatives() {
  static constexpr Native natives[] = {
      {"abs", Native::Same, 1},
      {"min", Native::Same, 2},
      {"max", Native::Same, 2},
      {"mod", Native::Numeric, 2},
      {"sin", Native::Floating, 1},
      {"cos", Native::Floating, 1},
      {"tan", Native::Floating, 1},
      {"asin", Native::Floating, 1},
      {"acos", Native::Floating, 1},
      {"atan", Native::Floating, 1},
      {"sinh", Native::Floating, 1},
      {"cosh", Native::Floating, 1},
      {"tanh", Native::Floating, 1},
      {"asinh", Native::Floating, 1},
      {"acosh", Native::Floating, 1},
      {"atanh", Native::Floating, 1},
      {"sqrt", Native::Floating, 1},
      {"exp", Native::Floating, 1},
      {"log", Native::Floating, 1},
      {"log10", Native::Floating, 1},
      {"gamma", Native::Floating, 1},
      {"cbrt", Native::Floating, 1},
      {"isfinite", Native::Predicate, 1},
      {"isinf", Native::Predicate, 1},
      {"isnan", Native::Predicate, 1},
      {"floor", Native::Same, 1},
      {"ceil", Native::Same, 1},
      {"trunc", Native::Same, 1},
      {"round", Native::Floating, 1},
      {"round_away_from_zero", Native::Floating, 1},
      {"erf", Native::Floating, 1},
      {"erfc", Native::Floating, 1},
      {"int32", Native::Cast, 1, Scalar::I32},
      {"int64", Native::Cast, 1, Scalar::I64},
      {"float32", Native::Cast, 1, Scalar::F32},
      {"float64", Native::Cast, 1, Scalar::F64},
      {"int", Native::CastInt, 1},
      {"float", Native::CastFloat, 1}};
  return natives;
}

const Native *gtscript::findNative(std::string_view name) {
  for (const Native &native : allNatives())
    if (native.name == name)
      return &native;
  return nullptr;
}

template <class Op>
static Value make(OpBuilder &builder, Location loc, ValueRange args) {
  return builder.create<Op>(loc, args[0]);
}

using Maker = Value (*)(OpBuilder &, Location, ValueRange);

static Maker floatingMaker(std::string_view name) {
  static constexpr std::pair<std::string_view, Maker> makers[] = {
      {"sin", make<math::SinOp>},
      {"cos", make<math::CosOp>},
      {"tan", make<math::TanOp>},
      {"asin", make<math::AsinOp>},
      {"acos", make<math::AcosOp>},
      {"atan", make<math::AtanOp>},
      {"sinh", make<math::SinhOp>},
      {"cosh", make<math::CoshOp>},
      {"tanh", make<math::TanhOp>},
      {"asinh", make<math::AsinhOp>},
      {"acosh", make<math::AcoshOp>},
      {"atanh", make<math::AtanhOp>},
      {"sqrt", make<math::SqrtOp>},
      {"exp", make<math::ExpOp>},
      {"log", make<math::LogOp>},
      {"log10", make<math::Log10Op>},
      {"gamma", make<stencil::GammaOp>},
      {"cbrt", make<math::CbrtOp>},
      {"abs", make<math::AbsFOp>},
      {"floor", make<math::FloorOp>},
      {"ceil", make<math::CeilOp>},
      {"trunc", make<math::TruncOp>},
      {"round", make<math::RoundEvenOp>},
      {"round_away_from_zero", make<math::RoundOp>},
      {"erf", make<math::ErfOp>},
      {"erfc", make<stencil::ErfcOp>}};
  for (const auto &[known, maker] : makers)
    if (known == name)
      return maker;
  return nullptr;
}

/// `isnan` and its kind by comparisons; integers are always finite.
static Value predicate(OpBuilder &builder, Location loc, std::string_view name,
                       Value arg) {
  auto floatType = dyn_cast<FloatType>(arg.getType());
  if (!floatType)
    return builder.create<arith::ConstantOp>(
        loc, builder.getBoolAttr(name == "isfinite"));
  if (name == "isnan")
    return builder.create<arith::CmpFOp>(loc, arith::CmpFPredicate::UNO, arg,
                                         arg);
  Value magnitude = builder.create<math::AbsFOp>(loc, arg);
  Value infinity = builder.create<arith::ConstantOp>(
      loc, builder.getFloatAttr(floatType, llvm::APFloat::getInf(
                                               floatType.getFloatSemantics())));
  return builder.create<arith::CmpFOp>(
      loc,
      name == "isinf" ? arith::CmpFPredicate::OEQ : arith::CmpFPredicate::OLT,
      magnitude, infinity);
}

static Value smaller(OpBuilder &builder, Location loc, bool isMin,
                     ValueRange args) {
  Type type = args[0].getType();
  if (isa<FloatType>(type))
    return isMin ? builder.create<arith::MinimumFOp>(loc, args[0], args[1])
                       .getResult()
                 : builder.create<arith::MaximumFOp>(loc, args[0], args[1])
                       .getResult();
  if (type.isInteger(1))
    return isMin ? builder.create<arith::AndIOp>(loc, args[0], args[1])
                       .getResult()
                 : builder.create<arith::OrIOp>(loc, args[0], args[1])
                       .getResult();
  return isMin
             ? builder.create<arith::MinSIOp>(loc, args[0], args[1]).getResult()
             : builder.create<arith::MaxSIOp>(loc, args[0], args[1])
                   .getResult();
}

Value gtscript::emitNative(OpBuilder &builder, Location loc,
                           const Native &native, ValueRange args) {
  if (native.kind == Native::Predicate)
    return predicate(builder, loc, native.name, args[0]);
  if (native.name == "min" || native.name == "max")
    return smaller(builder, loc, native.name == "min", args);
  if (native.name == "mod")
    return builder.create<stencil::ModOp>(loc, args[0].getType(), args[0],
                                          args[1]);
  if (isa<FloatType>(args[0].getType()))
    return floatingMaker(native.name)(builder, loc, args);
  if (native.name == "abs" && !args[0].getType().isInteger(1))
    return builder.create<math::AbsIOp>(loc, args[0]);
  return args[0]; // integers are whole already
}
