//===- ImportExprs.cpp - values of expressions ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Builds IR for expressions whose types ImportTypes.cpp has found, and inserts
// the conversions.
//
//===----------------------------------------------------------------------===//

#include "frontends/Spada/Importer.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Error.h"

using namespace mlir;
using namespace spada;
using namespace spada::frontend;
using ast::ExprKind;
using ast::Opcode;
using llvm::APInt;
using llvm::StringRef;
using llvm::Twine;

static StringRef ref(std::string_view text) { return StringRef(text); }

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

/// Value of the digits, in 128 bits; nothing when they do not fit into 64.
static std::optional<APInt> parseInt(StringRef text) {
  bool hex = text.consume_front("0x");
  text = text.ltrim('0');
  if (text.size() > (hex ? 16 : 20))
    return std::nullopt;
  APInt value(128, text.empty() ? "0" : text, hex ? 16 : 10);
  if (value.getActiveBits() > 64)
    return std::nullopt;
  return value;
}

std::optional<int64_t> Importer::literalInt(const ast::Expr &e) const {
  switch (e.kind) {
  case ExprKind::Int: {
    std::optional<APInt> value = parseInt(ref(e.text));
    if (!value || value->getActiveBits() > 62)
      return std::nullopt;
    return value->getSExtValue();
  }
  case ExprKind::Prefix: {
    std::optional<int64_t> value = literalInt(e.args[0]);
    for (const ast::Operator &op : e.ops) {
      if (!value || op.op != Opcode::Minus)
        return std::nullopt;
      value = -*value;
    }
    return value;
  }
  default:
    return std::nullopt;
  }
}

Value Importer::indexConstant(ast::Loc at, int64_t value) {
  return builder.create<ConstantOp>(loc(at), builder.getIndexType(),
                                    builder.getIndexAttr(value));
}

Value Importer::emitLiteral(const ast::Expr &e, bool negative, Ty type) {
  Type mlir = mlirType(type);
  auto make = [&](TypedAttr attr) -> Value {
    return builder.create<ConstantOp>(loc(e.loc), mlir, attr);
  };
  if (isFloatTy(type)) {
    auto floating = cast<FloatType>(mlir);
    std::string text =
        e.text.substr(0, 2) == "0x"
            ? llvm::toString(parseInt(ref(e.text)).value_or(APInt(128, 0)), 10,
                             false)
            : std::string(e.text);
    llvm::APFloat value(floating.getFloatSemantics());
    auto status =
        value.convertFromString(text, llvm::APFloat::rmNearestTiesToEven);
    if (!status || (*status & llvm::APFloat::opOverflow)) {
      if (!status)
        llvm::consumeError(status.takeError());
      error(e.loc, "literal '" + Twine(ref(e.text)) + "' does not fit '" +
                       nameOf(type) + "'");
      return {};
    }
    if (negative)
      value.changeSign();
    return make(FloatAttr::get(floating, value));
  }
  std::optional<APInt> value = parseInt(ref(e.text));
  unsigned width = widthOf(type);
  bool hex = e.text.substr(0, 2) == "0x";
  bool fits = value.has_value();
  if (fits && negative)
    value->negate();
  if (fits && isUnsignedTy(type))
    fits = !value->isNegative() && value->getActiveBits() <= width;
  else if (fits)
    fits = value->getSignificantBits() <= width ||
           (hex && !negative && value->getActiveBits() <= width);
  if (!fits) {
    error(e.loc, "literal '" + Twine(negative ? "-" : "") + ref(e.text) +
                     "' does not fit '" + nameOf(type) + "'");
    return {};
  }
  return make(IntegerAttr::get(mlir, value->trunc(width)));
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

Value Importer::convert(Value value, Ty from, Ty to, ast::Loc at) {
  if (!value || from == to)
    return value;
  if (isLossy(from, to))
    messages.warn(at, "implicit conversion from '" + Twine(nameOf(from)) +
                          "' to '" + nameOf(to) + "' may lose information");
  if (from == Ty::Index && to == Ty::Bool)
    return builder.create<BinaryOp>(loc(at), builder.getI1Type(),
                                    BinaryKind::Ne, value,
                                    indexConstant(at, 0));
  return builder.create<CastOp>(loc(at), mlirType(to), value);
}

Value Importer::emit(const ast::Expr &e, Ty want) {
  Ty type = resolve(Ty(e.ty), want);
  if (type == Ty::Error || type == Ty::Unknown)
    return {};
  return convert(emitAs(e, type), type, want, e.loc);
}

/// `type` is the resolved type of `e`.
Value Importer::emitAs(const ast::Expr &e, Ty type) {
  switch (e.kind) {
  case ExprKind::Int:
  case ExprKind::Float:
    return emitLiteral(e, false, type);
  case ExprKind::Bool:
    return builder.create<ConstantOp>(loc(e.loc), builder.getI1Type(),
                                      builder.getBoolAttr(e.text == "true"));
  case ExprKind::Ref:
    return emitRef(e);
  case ExprKind::Call: {
    Value parts[3];
    for (auto [i, arg] : llvm::enumerate(e.args))
      if (!(parts[i] = emit(arg, type)))
        return {};
    return builder.create<FmacOp>(loc(e.loc), mlirType(type), parts[0],
                                  parts[1], parts[2]);
  }
  case ExprKind::Prefix:
    return emitPrefix(e, type);
  case ExprKind::Chain:
    return emitChain(e, type);
  case ExprKind::Select:
    return emitSelect(e, type);
  }
  return {};
}

bool Importer::emitIndices(llvm::ArrayRef<ast::Expr> subscripts,
                           llvm::SmallVectorImpl<Value> &indices) {
  for (const ast::Expr &part : subscripts) {
    indices.push_back(emit(part, subscriptOf(Ty(part.ty))));
    if (!indices.back())
      return false;
  }
  return true;
}

Value Importer::emitRef(const ast::Expr &e) {
  StringRef name = ref(e.text);
  if (const Variable *variable = findVariable(e.text))
    return variable->value;
  if (auto param = params.find(name); param != params.end())
    return param->second;
  if (const FieldInfo *field = findField(e)) {
    llvm::SmallVector<Value> indices;
    size_t rank = field->decl->type.dims.size();
    if (!e.hasArgs && rank)
      indices = *iteration(rank);
    else if (!emitIndices(e.args, indices))
      return {};
    if (llvm::is_contained(indices, Value()))
      return {};
    return builder.create<ReadOp>(loc(e.loc),
                                  mlirType(field->decl->type.element),
                                  builder.getStringAttr(name), indices);
  }
  return builder.create<ScalarRefOp>(
      loc(e.loc), mlirType(arguments.lookup(name).decl->type.element),
      builder.getStringAttr(name));
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static BinaryKind kindOf(Opcode op) {
  static constexpr BinaryKind kinds[] = {
      BinaryKind::Or,  BinaryKind::And, BinaryKind::Lt,  BinaryKind::Gt,
      BinaryKind::Eq,  BinaryKind::Ge,  BinaryKind::Le,  BinaryKind::Ne,
      BinaryKind::Or,  BinaryKind::Xor, BinaryKind::And, BinaryKind::Shl,
      BinaryKind::Shr, BinaryKind::Add, BinaryKind::Sub, BinaryKind::Mul,
      BinaryKind::Div, BinaryKind::Rem};
  return kinds[unsigned(op)];
}

static bool isComparison(Opcode op) {
  return op >= Opcode::Lt && op <= Opcode::Ne;
}

Value Importer::emitBinary(const ast::Operator &op, Value lhs, Value rhs) {
  if (!lhs || !rhs)
    return {};
  Type type = isComparison(op.op) ? builder.getI1Type() : lhs.getType();
  return builder.create<BinaryOp>(loc(op.loc), type, kindOf(op.op), lhs, rhs);
}

Value Importer::emitPrefix(const ast::Expr &e, Ty type) {
  const ast::Expr &inner = e.args[0];
  bool negative = false, signs = true;
  for (const ast::Operator &op : e.ops) {
    signs &= op.op == Opcode::Minus;
    negative ^= op.op == Opcode::Minus;
  }
  if (signs && (inner.kind == ExprKind::Int || inner.kind == ExprKind::Float))
    return emitLiteral(inner, negative, type);
  // Going outwards, each operator works in the type of what is inside it.
  Ty current = Ty(inner.ty);
  if (current == Ty::Int)
    current = Ty::Index;
  current = resolve(current, type);
  Value result = emit(inner, current);
  for (const ast::Operator &op : llvm::reverse(e.ops)) {
    if (!result)
      return {};
    Ty next = op.op == Opcode::Not     ? Ty::Bool
              : op.op == Opcode::Minus ? signOf(current, compileTime)
                                       : current;
    result = convert(result, current, next, op.loc);
    current = next;
    if (result)
      result = builder.create<UnaryOp>(
          loc(op.loc), result.getType(),
          op.op == Opcode::Minus ? UnaryKind::Neg : UnaryKind::Not, result);
  }
  return convert(result, current, type, e.loc);
}

/// Right-associated: all operands first, then the operators from the right.
Value Importer::emitChain(const ast::Expr &e, Ty type) {
  size_t count = e.ops.size();
  llvm::SmallVector<Ty> meet(count); // where the operands of each op meet
  Ty suffix = Ty(e.args.back().ty);
  for (size_t i = count; i-- > 0;) {
    meet[i] = chainOperandTy(e.ops[i], Ty(e.args[i].ty), suffix);
    suffix = isComparison(e.ops[i].op) ? Ty::Bool : meet[i];
  }
  llvm::SmallVector<Value> operands;
  for (size_t i = 0; i <= count; ++i) {
    if (i < count)
      type = meet[i] = resolve(meet[i], type);
    operands.push_back(emit(e.args[i], type));
  }
  if (llvm::is_contained(operands, Value()))
    return {};
  Value result = operands.back();
  for (size_t i = count; i-- > 0;) {
    result = emitBinary(e.ops[i], operands[i], result);
    Ty has = isComparison(e.ops[i].op) ? Ty::Bool : meet[i];
    if (i)
      result = convert(result, has, meet[i - 1], e.ops[i].loc);
  }
  return result;
}

/// As if each choice but the first stood in parentheses.
Value Importer::emitSelect(const ast::Expr &e, Ty type) {
  size_t count = e.args.size() / 2;
  llvm::SmallVector<Ty> meet(count);
  Ty suffix = Ty(e.args.back().ty);
  for (size_t i = count; i-- > 0;)
    suffix = meet[i] = choiceOf(Ty(e.args[2 * i].ty), suffix,
                                isCompileTime(e.args[2 * i + 1]));
  llvm::SmallVector<Value> parts;
  for (auto [i, part] : llvm::enumerate(e.args)) {
    if (i % 2 == 0 && i / 2 < count)
      type = meet[i / 2] = resolve(meet[i / 2], type);
    parts.push_back(emit(part, i % 2 ? Ty::Bool : type));
    if (!parts.back())
      return {};
  }
  Value result = parts.back();
  for (size_t i = count; i-- > 0;) {
    ast::Loc at = e.args[2 * i].loc;
    result = builder.create<SelectOp>(loc(at), parts[2 * i + 1], parts[2 * i],
                                      result);
    if (i)
      result = convert(result, meet[i], meet[i - 1], at);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

Value Importer::value(const ast::Expr &e, Ty want) {
  return annotate(e) == Ty::Error ? Value() : emit(e, want);
}

Value Importer::index(const ast::Expr &e) {
  bool outer = compileTime;
  compileTime = true;
  Ty type = annotate(e);
  Value result;
  if (type == Ty::Real || isFloatTy(type))
    error(e.loc, "'" + Twine(textOf(e)) +
                     "' is a float where a compile-time integer is needed");
  else if (type != Ty::Error)
    result = emit(e, Ty::Index);
  compileTime = outer;
  return result;
}

bool Importer::range(const ast::Range &range, Value &lo, Value &hi, Value &step,
                     bool allowNegative, const char *what) {
  lo = index(range.lo);
  if (range.hi) {
    hi = index(*range.hi);
  } else if (lo) {
    std::optional<int64_t> literal = literalInt(range.lo);
    hi = literal ? indexConstant(range.loc, *literal + 1)
                 : builder
                       .create<BinaryOp>(loc(range.loc), builder.getIndexType(),
                                         BinaryKind::Add, lo,
                                         indexConstant(range.loc, 1))
                       .getResult();
  }
  if (!range.step) {
    step = indexConstant(range.loc, 1);
    return lo && hi;
  }
  step = index(*range.step);
  std::optional<int64_t> literal = literalInt(*range.step);
  if (literal && (*literal == 0 || (*literal < 0 && !allowNegative))) {
    error(range.step->loc,
          "step of a " + Twine(what) + " is " + Twine(*literal) + "; hint: " +
              (allowNegative ? "a step is not 0" : "a step is at least 1"));
    return false;
  }
  return lo && hi && step;
}
