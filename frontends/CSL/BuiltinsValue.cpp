//===- BuiltinsValue.cpp - types, conversions, asserts --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

using namespace spada;
using namespace spada::cslfront;

static Value as(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  return s.convert(s.eval(*call.args[1], type), type, call.loc);
}

static Value bitcast(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  return s.bitcast(s.eval(*call.args[1]), type, call.loc);
}

static Value ptrcast(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  const Type *type = s.evalType(*call.args[0]);
  Value value = s.eval(*call.args[1]);
  if (!type->isPointer() || !value.type->isPointer())
    s.error(call.loc, "@ptrcast from '" + value.type->name + "' to '" +
                          type->name + "': both must be pointers");
  value.type = type;
  return value;
}

/// The type of an expression that is not executed.
static Value typeOf(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  auto look = [&] {
    Sema::Reference operand = s.resolve(*call.args[0]);
    const Type *type = operand.place ? operand.place->type : operand.value.type;
    if (!type)
      s.error(call.loc, "the operand of @type_of has no type");
    return s.typeValue(type);
  };
  // A body that runs later may use its variables in a type.
  if (!s.emitting() && !(s.frame && s.frame->isEmitted))
    return look();
  KeepLocals keep(s);
  mlir::Block scratch;
  mlir::OpBuilder inner = s.atEnd(scratch);
  Saved<mlir::OpBuilder *> scope(s.opBuilder, &inner);
  return look();
}

static Value isSameType(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  return s.boolean(s.evalType(*call.args[0]) == s.evalType(*call.args[1]));
}

static Value getInt(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  Value value = s.eval(*call.args[0]);
  const Type *type = value.type;
  if (type->isIntegral())
    return value;
  if (!type->isIntLike())
    s.error(call.loc, "@get_int needs an id, an enum or an integer, got " +
                          s.describe(value));
  return s.convert(
      value, type->is(TypeKind::Enum) ? type->element : s.types.u16, call.loc);
}

static Value makeRange(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 4);
  const Type *type = s.evalType(*call.args[0]);
  if (!type->isIntegral())
    s.error(call.loc,
            "@range goes over an integer type, not over '" + type->name + "'");
  auto argument = [&](size_t i) {
    return s.coerce(s.eval(*call.args[i]), type, call.args[i]->loc);
  };
  if (call.args.size() == 3)
    s.error(call.loc, "@range takes a stop, or a start, a stop and a step");
  bool full = call.args.size() == 4;
  RangeValue range;
  range.start = full ? argument(1) : Value::integer(type, 0);
  range.stop = argument(full ? 2 : 1);
  range.step = full ? argument(3) : Value::integer(type, 1);
  if (range.step.isKnown() && range.step.i == 0)
    s.error(call.loc, "the step of a range cannot be 0");
  if (!s.emitting()) {
    // Ranges of layout loops live as long as their expression.
    RangeValue *copy = s.c.arena.make<RangeValue>(1);
    *copy = range;
    return Value::known<const RangeValue *>(s.types.simple(TypeKind::Range),
                                            &Value::range, copy);
  }
  return Value::known<const RangeValue *>(s.types.simple(TypeKind::Range),
                                          &Value::range,
                                          &s.c.ranges.emplace_back(range));
}

template <Value RangeValue::*part>
static Value rangePart(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  Value range = s.eval(*call.args[0]);
  if (!range.type->is(TypeKind::Range))
    s.error(call.loc, "expected a range, got " + s.describe(range));
  return range.range->*part;
}

static Value comptimeAssert(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 2);
  Value condition =
      s.coerce(s.evalComptime(*call.args[0]), s.types.boolType, call.loc);
  if (s.forceBool(condition, call.loc))
    return s.voidValue();
  std::string message;
  if (call.args.size() > 1)
    message = ": " + s.forceString(s.evalComptime(*call.args[1]), call.loc);
  s.error(call.loc, "comptime assertion failed" + message);
}

static Value runTimeAssert(Sema &s, const Expr &call) {
  if (!s.emitting())
    return comptimeAssert(s, call);
  checkArguments(s, call, 1, 2);
  Value condition = s.coerce(s.eval(*call.args[0]), s.types.boolType, call.loc);
  if (condition.isKnown() && condition.i)
    return s.voidValue();
  std::string message = "assertion failed";
  if (call.args.size() > 1)
    message += ": " + s.forceString(s.evalComptime(*call.args[1]), call.loc);
  s.builder().create<csl::AssertOp>(
      s.location(call.loc), s.materializeValue(condition, call.loc), message);
  return s.voidValue();
}

static std::string textOf(Sema &s, const Value &value) {
  if (!value.isKnown())
    return "(known when the program runs)";
  const Type &type = *value.type;
  if (type.is(TypeKind::ComptimeString))
    return *value.text;
  if (type.is(TypeKind::Bool))
    return value.i ? "true" : "false";
  if (type.isFloating())
    return std::to_string(value.f);
  if (type.is(TypeKind::Type))
    return value.asType->name;
  if (type.is(TypeKind::Enum))
    for (size_t i = 0; i < type.values.size(); ++i)
      if (type.values[i] == value.i)
        return std::string(s.c.names.text(type.names[i]));
  if (type.isIntLike())
    return std::to_string(value.i);
  if (type.is(TypeKind::Struct) || type.is(TypeKind::Array)) {
    s.step(s.lastLoc, value.aggregate->size);
    std::string text = "{";
    for (uint32_t i = 0; i < value.aggregate->size; ++i) {
      text += i ? ", " : "";
      if (value.aggregate->names)
        text += "." + std::string(s.c.names.text(value.aggregate->names[i])) +
                " = ";
      text += textOf(s, value.aggregate->at(i));
    }
    return text + "}";
  }
  return type.name;
}

static Value comptimePrint(Sema &s, const Expr &call) {
  std::string line;
  for (const Expr *arg : call.args) {
    Value value = s.evalComptime(*arg);
    line += (line.empty() ? "" : " ") +
            textOf(s, value.isSymbolic() ? s.force(value, arg->loc) : value);
  }
  if (s.c.options.print && !s.blockDepth)
    s.c.options.print(s.c.sources[call.loc.file]->path + ":" +
                      std::to_string(call.loc.line) + ": " + line);
  return s.voidValue();
}

static Value isArch(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  std::string arch = s.forceString(s.evalComptime(*call.args[0]), call.loc);
  if (arch != "wse1" && arch != "wse2" && arch != "wse3")
    s.error(call.loc,
            "there is no architecture '" + arch + "'; known are wse2 and wse3");
  return s.boolean(arch == s.c.options.arch);
}

static Value isComptime(Sema &s, const Expr &call) {
  checkArguments(s, call, 0, 0);
  return s.boolean(!s.emitting());
}

static Value fp16(Sema &s, const Expr &call) {
  checkArguments(s, call, 0, 0);
  return s.typeValue(s.types.f16);
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::valueBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"as", as},
      {"bitcast", bitcast},
      {"ptrcast", ptrcast},
      {"type_of", typeOf},
      {"is_same_type", isSameType},
      {"get_int", getInt},
      {"range", makeRange},
      {"range_start", rangePart<&RangeValue::start>},
      {"range_stop", rangePart<&RangeValue::stop>},
      {"range_step", rangePart<&RangeValue::step>},
      {"comptime_assert", comptimeAssert},
      {"assert", runTimeAssert},
      {"comptime_print", comptimePrint},
      {"is_arch", isArch},
      {"is_comptime", isComptime},
      {"fp16", fp16},
  };
  return table;
}
