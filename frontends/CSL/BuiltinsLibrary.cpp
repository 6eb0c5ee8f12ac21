//===- BuiltinsLibrary.cpp - what only the bundled libraries may use ------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Clock, coordinates, random numbers, printing and mathematics. Their names
// begin with two underscores, @random16 excepted.
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Layout.h"
#include "Numbers.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <cmath>

using namespace spada;
using namespace spada::cslfront;

static void needRunTime(Sema &s, const Expr &call) {
  if (!s.program || !s.emitting())
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' can only be used when the program runs");
}

static Value unblockCommands(Sema &s, const Expr &call) {
  needRunTime(s, call);
  s.builder().create<csl::HostUnblockOp>(s.location(call.loc));
  return s.voidValue();
}

template <SymExpr::Op op> static Value coordinate(Sema &s, const Expr &call) {
  if (!s.program)
    s.error(call.loc, "a PE's coordinates are only known in its program");
  Value value(s.types.u16, Value::Form::Symbolic);
  value.symbolic =
      &s.c.symbolics.emplace_back(SymExpr{op, Operator::None, s.types.u16});
  return value;
}

static Value readClock(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  needRunTime(s, call);
  Value pointer = s.eval(*call.args[0]);
  if (!pointer.type->isPointer())
    s.error(call.loc, "expected a pointer, got " + s.describe(pointer));
  auto clock = s.builder().create<csl::ReadClockOp>(s.location(call.loc));
  Place words = s.pointed(pointer, call.loc);
  if (!words.type->is(TypeKind::Array))
    s.error(call.loc,
            "expected a pointer to [3]u16, got " + s.describe(pointer));
  for (int64_t i = 0; i < 3; ++i)
    s.store(s.indexed(words, {s.integer(i)}, call.loc),
            s.runTime(s.types.u16, clock->getResult(unsigned(i))), call.loc);
  return s.voidValue();
}

static Value clockControl(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  needRunTime(s, call);
  std::string what = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  std::optional<csl::ClockAction> action = csl::symbolizeClockAction(what);
  if (!action)
    s.error(call.loc, "there is no clock action '" + what + "'");
  s.builder().create<csl::ClockControlOp>(s.location(call.loc), *action);
  return s.voidValue();
}

static Value random16(Sema &s, const Expr &call) {
  checkArguments(s, call, 0, 0);
  needRunTime(s, call);
  return s.runTime(s.types.u16,
                   s.builder().create<csl::RandomOp>(s.location(call.loc)));
}

static Value seedRandom(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  needRunTime(s, call);
  Value seed = s.coerce(s.eval(*call.args[0]), s.types.u32, call.loc);
  s.builder().create<csl::SeedRandomOp>(s.location(call.loc),
                                        s.materializeValue(seed, call.loc));
  return s.voidValue();
}

static Value hostColor(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  std::string way = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  Value color = s.force(s.evalComptime(*call.args[1]), call.loc);
  if (!color.type->is(TypeKind::Color))
    s.error(call.loc, "expected a color, got " + s.describe(color));
  Layout &layout = s.layout ? *s.layout : s.program->layout;
  layout.hostColors.insert({way == "out", unsigned(color.i)});
  return s.voidValue();
}

static void flatten(Sema &s, const Value &value, llvm::SmallVector<Value> &out,
                    Loc at) {
  if (!value.type->is(TypeKind::Struct)) {
    out.push_back(s.runTimeType(value, at));
    return;
  }
  for (uint32_t i = 0; i < value.aggregate->size; ++i)
    flatten(s, value.aggregate->at(i), out, at);
}

static Value print(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 16);
  needRunTime(s, call);
  std::string format = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  llvm::SmallVector<Value> values;
  for (size_t i = 1; i < call.args.size(); ++i)
    flatten(s, s.eval(*call.args[i]), values, call.loc);
  llvm::SmallVector<mlir::Value> operands;
  for (const Value &value : values)
    operands.push_back(s.materializeValue(value, call.loc));
  s.builder().create<csl::PrintOp>(s.location(call.loc), format, operands);
  return s.voidValue();
}

//===----------------------------------------------------------------------===//
// Mathematics
//===----------------------------------------------------------------------===//

static double compute(llvm::StringRef name, double x, double y) {
  if (name == "sqrt")
    return std::sqrt(x);
  if (name == "invsqrt")
    return 1 / std::sqrt(x);
  if (name == "inv")
    return 1 / x;
  if (name == "exp")
    return std::exp(x);
  if (name == "log")
    return std::log(x);
  if (name == "sin")
    return std::sin(x);
  if (name == "cos")
    return std::cos(x);
  if (name == "tanh")
    return std::tanh(x);
  if (name == "pow")
    return std::pow(x, y);
  if (name == "ceil")
    return std::ceil(x);
  if (name == "floor")
    return std::floor(x);
  if (name == "fscale")
    return std::ldexp(x, int(std::clamp(y, -5000.0, 5000.0)));
  if (name == "abs")
    return std::fabs(x);
  return name == "max" ? std::fmax(x, y) : std::fmin(x, y);
}

static mlir::Value floatOp(mlir::OpBuilder &b, mlir::Location loc,
                           llvm::StringRef name, mlir::Value x, mlir::Value y) {
  using namespace mlir;
  if (name == "sqrt")
    return b.create<math::SqrtOp>(loc, x);
  if (name == "invsqrt")
    return b.create<math::RsqrtOp>(loc, x);
  if (name == "inv") {
    auto one =
        b.create<arith::ConstantOp>(loc, b.getFloatAttr(x.getType(), 1.0));
    return b.create<arith::DivFOp>(loc, one, x);
  }
  if (name == "exp")
    return b.create<math::ExpOp>(loc, x);
  if (name == "log")
    return b.create<math::LogOp>(loc, x);
  if (name == "sin")
    return b.create<math::SinOp>(loc, x);
  if (name == "cos")
    return b.create<math::CosOp>(loc, x);
  if (name == "tanh")
    return b.create<math::TanhOp>(loc, x);
  if (name == "pow")
    return b.create<math::PowFOp>(loc, x, y);
  if (name == "ceil")
    return b.create<math::CeilOp>(loc, x);
  if (name == "floor")
    return b.create<math::FloorOp>(loc, x);
  if (name == "abs")
    return b.create<math::AbsFOp>(loc, x);
  if (name == "max")
    return b.create<arith::MaximumFOp>(loc, x, y);
  if (name == "min")
    return b.create<arith::MinimumFOp>(loc, x, y);
  return {};
}

static mlir::Value integerOp(mlir::OpBuilder &b, mlir::Location loc,
                             llvm::StringRef name, bool isSigned, mlir::Value x,
                             mlir::Value y) {
  using namespace mlir;
  if (name == "abs")
    return isSigned ? b.create<math::AbsIOp>(loc, x).getResult() : x;
  if (name == "max")
    return isSigned ? b.create<arith::MaxSIOp>(loc, x, y).getResult()
                    : b.create<arith::MaxUIOp>(loc, x, y).getResult();
  if (name == "min")
    return isSigned ? b.create<arith::MinSIOp>(loc, x, y).getResult()
                    : b.create<arith::MinUIOp>(loc, x, y).getResult();
  return {};
}

static Value mathematics(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 3);
  std::string name = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  Value x = s.eval(*call.args[1]), y;
  if (call.args.size() > 2)
    y = s.eval(*call.args[2]);
  bool scales = name == "fscale";
  for (const Value &value : {x, y})
    if (value && !value.type->isNumeric())
      s.error(call.loc,
              "'" + name + "' needs numbers, got " + s.describe(value));
  if (y && !scales && x.type != y.type) {
    if (y.isKnown())
      y = s.coerce(y, x.type, call.loc);
    else
      x = s.coerce(x, y.type, call.loc);
  }
  const Type *type = x.type;
  if (x.isComptime() && (!y || y.isComptime())) {
    x = s.force(x, call.loc);
    if (y)
      y = s.force(y, call.loc);
    if (type->isIntegral()) {
      if (name != "abs" && (!y || (name != "max" && name != "min")))
        s.error(call.loc,
                "there is no function '" + name + "' on '" + type->name + "'");
      int64_t result = name == "abs" ? (x.i < 0 ? int64_t(-uint64_t(x.i)) : x.i)
                       : (name == "max") == (x.i > y.i) ? x.i
                                                        : y.i;
      return Value::integer(type, result);
    }
    double second = !y ? 0 : y.type->isFloating() ? y.f : double(y.i);
    return Value::floating(type, roundTo(type, compute(name, x.f, second)));
  }
  needRunTime(s, call);
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(call.loc);
  mlir::Value first = s.materializeValue(x, call.loc);
  if (scales) {
    // x * 2^y as the vector operation of one element.
    Value exponent = s.coerce(y, s.types.i16, call.loc);
    GlobalVar &var = s.c.variables.emplace_back();
    var.type = type;
    var.name = "scaled";
    mlir::Value target = s.program->address(b, var, call.loc);
    b.create<csl::VectorOp>(
        loc, b.getStringAttr(type->bits == 16 ? "fscaleh" : "fscales"),
        mlir::ValueRange{target, first, s.materializeValue(exponent, call.loc)},
        mlir::UnitAttr(), mlir::FlatSymbolRefAttr(), mlir::FlatSymbolRefAttr(),
        mlir::IntegerAttr());
    return s.runTime(type, b.create<mlir::memref::LoadOp>(loc, target));
  }
  mlir::Value second = y ? s.materializeValue(y, call.loc) : mlir::Value();
  mlir::Value result =
      type->isFloat() ? floatOp(b, loc, name, first, second)
                      : integerOp(b, loc, name, type->isSigned, first, second);
  if (!result)
    s.error(call.loc,
            "there is no function '" + name + "' on '" + type->name + "'");
  return s.runTime(type, result);
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::libraryBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"__unblock_cmd_stream", unblockCommands},
      {"__get_x_coord", coordinate<SymExpr::Op::X>},
      {"__get_y_coord", coordinate<SymExpr::Op::Y>},
      {"__read_clock", readClock},
      {"__clock_control", clockControl},
      {"random16", random16},
      {"__seed_random", seedRandom},
      {"__host_color", hostColor},
      {"__print", print},
      {"__math", mathematics},
  };
  return table;
}
