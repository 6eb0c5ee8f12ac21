//===- SemaOps.cpp - types of operators and functions ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Operands are converted to the wider type in the order of `Scalar`; a
// quotient and most functions need a float, the narrowest being float32.
// Source: GTScript language reference, section 4.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;

/// The type that `dtypes` gives a Python type, or null.
static Type retyped(const GTScriptOptions &options, const char *name,
                    MLIRContext *context) {
  auto found = options.dtypes.find(name);
  if (found == options.dtypes.end())
    return {};
  StringRef text = found->second;
  return typeOf(scalarNamed(text.substr(text.rfind('.') + 1).str()), context);
}

Type Sema::literalInt() {
  if (Type type = retyped(options, "int", context))
    return type;
  return builder.getIntegerType(unsigned(options.literalInt));
}

Type Sema::literalFloat() {
  if (Type type = retyped(options, "float", context))
    return type;
  return options.literalFloat == 32 ? Type(builder.getF32Type())
                                    : Type(builder.getF64Type());
}

Value Sema::convert(Value value, Type type, Location at) {
  Type from = value.getType();
  if (from == type)
    return value;
  auto zero = [&] {
    return builder.create<arith::ConstantOp>(at, builder.getZeroAttr(from));
  };
  if (type.isInteger(1)) { // a number is true unless it is zero
    if (isa<FloatType>(from))
      return builder.create<arith::CmpFOp>(at, arith::CmpFPredicate::UNE, value,
                                           zero());
    return builder.create<arith::CmpIOp>(at, arith::CmpIPredicate::ne, value,
                                         zero());
  }
  unsigned fromBits = from.getIntOrFloatBitWidth();
  unsigned bits = type.getIntOrFloatBitWidth();
  if (isa<FloatType>(from) && isa<FloatType>(type))
    return bits > fromBits
               ? builder.create<arith::ExtFOp>(at, type, value).getResult()
               : builder.create<arith::TruncFOp>(at, type, value).getResult();
  if (isa<FloatType>(from))
    return builder.create<arith::FPToSIOp>(at, type, value);
  if (from.isInteger(1) && isa<FloatType>(type))
    return builder.create<arith::UIToFPOp>(at, type, value);
  if (isa<FloatType>(type))
    return builder.create<arith::SIToFPOp>(at, type, value);
  if (from.isInteger(1))
    return builder.create<arith::ExtUIOp>(at, type, value);
  return bits > fromBits
             ? builder.create<arith::ExtSIOp>(at, type, value).getResult()
             : builder.create<arith::TruncIOp>(at, type, value).getResult();
}

/// `a ** b`: an integer exponent of a float stays one.
Value Sema::power(Value base, Value exponent, const Expr &expr) {
  Location at = loc(expr.range);
  Scalar common =
      std::max(scalarOf(base.getType()), scalarOf(exponent.getType()));
  Type type = typeOf(common, context);
  base = convert(base, type, at);
  if (isa<FloatType>(exponent.getType()))
    return builder.create<math::PowFOp>(at, base, convert(exponent, type, at));
  if (isFloat(common)) {
    if (exponent.getType().isInteger(1))
      exponent = convert(exponent, builder.getI32Type(), at);
    return builder.create<math::FPowIOp>(at, base, exponent);
  }
  APInt constant;
  if (auto op = exponent.getDefiningOp<arith::ConstantOp>())
    if (auto value = dyn_cast<IntegerAttr>(op.getValue());
        value && value.getInt() < 0) {
      error(expr.range,
            "an integer to the power of " + Twine(value.getInt()) +
                " is no integer",
            "convert the base with float(...)");
      return {};
    }
  return builder.create<math::IPowIOp>(at, base, convert(exponent, type, at));
}

template <class Float, class Int>
static Value make(OpBuilder &builder, Location at, Value lhs, Value rhs) {
  if (isa<FloatType>(lhs.getType()))
    return builder.create<Float>(at, lhs, rhs);
  return builder.create<Int>(at, lhs, rhs);
}

Value Sema::arithmetic(ast::Op op, Value lhs, Value rhs, const Expr &expr) {
  Scalar common = std::max(scalarOf(lhs.getType()), scalarOf(rhs.getType()));
  if (common == Scalar::Bool) {
    error(expr.range,
          "'" + Twine(ast::spelling(op)) + "' needs numbers, not bools",
          "combine bools with 'and' and 'or'");
    return {};
  }
  if (op == ast::Op::Pow)
    return power(lhs, rhs, expr);
  if (op == ast::Op::Div)
    common = std::max(common, Scalar::F32);
  Location at = loc(expr.range);
  Type type = typeOf(common, context);
  lhs = convert(lhs, type, at);
  rhs = convert(rhs, type, at);
  switch (op) {
  case ast::Op::Add:
    return make<arith::AddFOp, arith::AddIOp>(builder, at, lhs, rhs);
  case ast::Op::Sub:
    return make<arith::SubFOp, arith::SubIOp>(builder, at, lhs, rhs);
  case ast::Op::Mul:
    return make<arith::MulFOp, arith::MulIOp>(builder, at, lhs, rhs);
  case ast::Op::Div:
    return builder.create<arith::DivFOp>(at, lhs, rhs);
  case ast::Op::Mod:
    return builder.create<stencil::ModOp>(at, type, lhs, rhs);
  default:
    error(expr.range, "'" + Twine(ast::spelling(op)) + "' is not in GTScript");
    return {};
  }
}

Value Sema::compare(const Expr &expr) {
  Value lhs = this->expr(expr.args[0]);
  Value rhs = this->expr(expr.args[1]);
  if (!lhs || !rhs)
    return {};
  Location at = loc(expr.range);
  Type type = typeOf(std::max(scalarOf(lhs.getType()), scalarOf(rhs.getType())),
                     context);
  lhs = convert(lhs, type, at);
  rhs = convert(rhs, type, at);
  using F = arith::CmpFPredicate;
  using I = arith::CmpIPredicate;
  struct Row {
    ast::Op op;
    F ofFloats;
    I ofInts, ofBools;
  };
  static constexpr Row rows[] = {{ast::Op::Lt, F::OLT, I::slt, I::ult},
                                 {ast::Op::Le, F::OLE, I::sle, I::ule},
                                 {ast::Op::Gt, F::OGT, I::sgt, I::ugt},
                                 {ast::Op::Ge, F::OGE, I::sge, I::uge},
                                 {ast::Op::Eq, F::OEQ, I::eq, I::eq},
                                 {ast::Op::Ne, F::UNE, I::ne, I::ne}};
  for (const Row &row : rows) {
    if (row.op != expr.op)
      continue;
    if (isa<FloatType>(type))
      return builder.create<arith::CmpFOp>(at, row.ofFloats, lhs, rhs);
    return builder.create<arith::CmpIOp>(
        at, type.isInteger(1) ? row.ofBools : row.ofInts, lhs, rhs);
  }
  return {};
}

Value Sema::native(const Expr &expr, const Native &native) {
  size_t given = expr.args.size() - 1;
  for (const Expr &arg : expr.args)
    if (arg.is(ExprKind::Keyword)) {
      error(arg.range, "'" + Twine(native.name) + "' takes no named arguments");
      return {};
    }
  if (given != native.arity) {
    bool isChoice = native.name == "min" || native.name == "max";
    error(expr.range,
          "'" + Twine(native.name) + "' takes " + Twine(native.arity) +
              (native.arity == 1 ? " argument" : " arguments") + ", not " +
              Twine(given),
          isChoice && given > 2 ? "write " + std::string(native.name) + "(a, " +
                                      std::string(native.name) + "(b, c))"
                                : "");
    return {};
  }
  Location at = loc(expr.range);
  SmallVector<Value> args;
  Scalar common = Scalar::Bool;
  for (size_t i = 1; i <= given; ++i) {
    Value value = this->expr(expr.args[i]);
    if (!value)
      return {};
    args.push_back(value);
    common = std::max(common, scalarOf(value.getType()));
  }
  switch (native.kind) {
  case Native::Cast:
    return convert(args[0], typeOf(native.type, context), at);
  case Native::CastInt:
    return convert(args[0],
                   builder.getIntegerType(unsigned(options.literalInt)), at);
  case Native::CastFloat:
    return convert(args[0],
                   options.literalFloat == 32 ? Type(builder.getF32Type())
                                              : Type(builder.getF64Type()),
                   at);
  case Native::Floating:
    common = std::max(common, Scalar::F32);
    break;
  case Native::Numeric:
    if (common == Scalar::Bool) {
      error(expr.range, "'" + Twine(native.name) + "' needs numbers");
      return {};
    }
    break;
  default:
    break;
  }
  for (Value &arg : args)
    arg = convert(arg, typeOf(common, context), at);
  return emitNative(builder, at, native, args);
}
