//===- EmitExpression.cpp - CSL expressions of pure ops -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Types, literals, operators with correct parentheses, conversions. Signless
// integers are signed in CSL; unsigned operations go through the unsigned type
// of the same width. Where the text of a value ends up is EmitBody's matter.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

void Expression::depend(const Expression &other) {
  readsMemory |= other.readsMemory;
  mayTrap |= other.mayTrap;
  variables.append(other.variables);
}

std::string spada::cslType(Type type) {
  if (type.isIndex())
    return "i16";
  if (type.isInteger(1))
    return "bool";
  if (type.isF16() || type.isF32() || type.isInteger(8) || type.isInteger(16) ||
      type.isInteger(32) || type.isInteger(64))
    return (type.isF16() || type.isF32() ? "f" : "i") +
           std::to_string(type.getIntOrFloatBitWidth());
  if (auto memory = dyn_cast<MemDsdType>(type))
    return memory.getRank() == 1 ? "mem1d_dsd" : "mem4d_dsd";
  if (isa<FabinDsdType>(type))
    return "fabin_dsd";
  if (isa<FaboutDsdType>(type))
    return "fabout_dsd";
  return "";
}

std::string spada::typeAnnotation(Type type) {
  return type.isIntOrIndexOrFloat() ? ": " + cslType(type) : "";
}

static unsigned widthOf(Type type) {
  return type.isIndex() ? 16 : type.getIntOrFloatBitWidth();
}
std::string spada::cslUnsigned(Type type) {
  return "u" + std::to_string(widthOf(type));
}

/// Shortest decimal text that reads back as `value` of its own format.
static std::string floatText(const APFloat &value) {
  bool half = &value.getSemantics() == &APFloat::IEEEhalf();
  double wide = half ? static_cast<double>(APFloat(value).convertToFloat())
                     : value.convertToFloat();
  for (int digits = 1; digits <= 9; ++digits) {
    std::string text;
    llvm::raw_string_ostream(text) << llvm::format("%.*g", digits, wide);
    APFloat back(value.getSemantics());
    auto status = back.convertFromString(text, APFloat::rmNearestTiesToEven);
    if (!status) {
      llvm::consumeError(status.takeError());
      continue;
    }
    if (back.bitwiseIsEqual(value) || digits == 9)
      return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  }
  return "";
}

Expression spada::cslLiteral(TypedAttr value) {
  auto negative = [](std::string text) {
    Precedence precedence =
        text.front() == '-' ? Precedence::Sum : Precedence::Postfix;
    return Expression{std::move(text), precedence, /*literal=*/true};
  };
  if (auto integer = dyn_cast<IntegerAttr>(value)) {
    if (value.getType().isInteger(1))
      return Expression{integer.getValue().isZero() ? "false" : "true"};
    return negative(std::to_string(integer.getValue().getSExtValue()));
  }
  APFloat number = cast<FloatAttr>(value).getValue();
  if (number.isFinite())
    return negative(floatText(number));
  // There is no literal for these.
  std::string bits = std::to_string(number.bitcastToAPInt().getZExtValue());
  return Expression{"@bitcast(" + cslType(value.getType()) + ", @as(" +
                    cslUnsigned(value.getType()) + ", " + bits + "))"};
}

/// `value` as operand of an operator whose other side is a literal too:
/// comptime arithmetic does not wrap.
Expression BodyEmitter::getTyped(Value value) {
  Expression expression = get(value);
  if (!expression.literal)
    return expression;
  return Expression{"@as(" + cslType(value.getType()) + ", " + expression.text +
                    ")"};
}

Expression BodyEmitter::buildBinary(Operation &op, StringRef sign,
                                    Precedence precedence) {
  Expression left = get(op.getOperand(0)), right = get(op.getOperand(1));
  if (left.literal && right.literal)
    left = getTyped(op.getOperand(0));
  // Operators associate to the left; comparisons do not associate.
  Precedence above = static_cast<Precedence>(static_cast<int>(precedence) + 1);
  Expression result;
  result.text =
      left.in(precedence == Precedence::Comparison ? above : precedence) + " " +
      sign.str() + " " + right.in(above);
  result.precedence = precedence;
  result.depend(left);
  result.depend(right);
  return result;
}

/// `value` seen as unsigned integer.
static Expression asUnsigned(const Expression &value, Type type) {
  Expression result;
  if (value.literal) {
    int64_t number = 0;
    StringRef(value.text).getAsInteger(10, number);
    uint64_t mask = ~uint64_t(0) >> (64 - widthOf(type));
    result.text = "@as(" + cslUnsigned(type) + ", " +
                  std::to_string(static_cast<uint64_t>(number) & mask) + ")";
  } else {
    result.text = "@bitcast(" + cslUnsigned(type) + ", " + value.text + ")";
  }
  result.depend(value);
  return result;
}

Expression BodyEmitter::buildUnsigned(Operation &op, StringRef sign,
                                      Precedence precedence) {
  Type type = op.getOperand(0).getType();
  Expression left = asUnsigned(get(op.getOperand(0)), type),
             right = asUnsigned(get(op.getOperand(1)), type);
  Precedence above = static_cast<Precedence>(static_cast<int>(precedence) + 1);
  Expression result;
  result.text = left.text + " " + sign.str() + " " + right.in(above);
  result.precedence = precedence;
  if (precedence != Precedence::Comparison) {
    result.text = "@bitcast(" + cslType(type) + ", " + result.text + ")";
    result.precedence = Precedence::Postfix;
  }
  result.depend(left);
  result.depend(right);
  return result;
}

Expression BodyEmitter::buildShift(Operation &op, StringRef sign,
                                   bool logical) {
  Type type = op.getOperand(0).getType();
  Expression value = get(op.getOperand(0)), count = get(op.getOperand(1));
  Expression left =
      logical ? asUnsigned(value, type) : getTyped(op.getOperand(0));
  Expression result;
  std::string distance =
      count.literal ? count.text
                    : "@as(" + cslUnsigned(type) + ", " + count.text + ")";
  result.text = left.in(Precedence::Shift) + " " + sign.str() + " " + distance;
  result.precedence = Precedence::Shift;
  if (logical) {
    result.text = "@bitcast(" + cslType(type) + ", " + result.text + ")";
    result.precedence = Precedence::Postfix;
  }
  result.depend(left);
  result.depend(count);
  return result;
}

Expression BodyEmitter::buildCompare(arith::CmpIOp op) {
  using enum arith::CmpIPredicate;
  switch (op.getPredicate()) {
  case eq:
    return buildBinary(*op, "==", Precedence::Comparison);
  case ne:
    return buildBinary(*op, "!=", Precedence::Comparison);
  case slt:
    return buildBinary(*op, "<", Precedence::Comparison);
  case sle:
    return buildBinary(*op, "<=", Precedence::Comparison);
  case sgt:
    return buildBinary(*op, ">", Precedence::Comparison);
  case sge:
    return buildBinary(*op, ">=", Precedence::Comparison);
  case ult:
    return buildUnsigned(*op, "<", Precedence::Comparison);
  case ule:
    return buildUnsigned(*op, "<=", Precedence::Comparison);
  case ugt:
    return buildUnsigned(*op, ">", Precedence::Comparison);
  case uge:
    return buildUnsigned(*op, ">=", Precedence::Comparison);
  }
  return {};
}

FailureOr<Expression> BodyEmitter::buildCompareFloat(arith::CmpFOp op) {
  using enum arith::CmpFPredicate;
  auto plain = [&](StringRef sign) {
    return buildBinary(*op, sign, Precedence::Comparison);
  };
  // An unordered comparison is the negation of the opposite ordered one.
  auto negated = [&](StringRef sign) {
    Expression result = plain(sign);
    result.text = "!(" + result.text + ")";
    result.precedence = Precedence::Unary;
    return result;
  };
  switch (op.getPredicate()) {
  case OEQ:
    return plain("==");
  case UNE:
    return plain("!=");
  case OLT:
    return plain("<");
  case OLE:
    return plain("<=");
  case OGT:
    return plain(">");
  case OGE:
    return plain(">=");
  case ULT:
    return negated(">=");
  case ULE:
    return negated(">");
  case UGT:
    return negated("<=");
  case UGE:
    return negated("<");
  case ONE:
  case UEQ: { // both operands stand twice
    if (failed(makeSimple(op.getLhs())) || failed(makeSimple(op.getRhs())))
      return failure();
    Expression left = plain("<"), right = plain(">");
    left.text += " or " + right.text;
    left.precedence = Precedence::Or;
    if (op.getPredicate() == UEQ) {
      left.text = "!(" + left.text + ")";
      left.precedence = Precedence::Unary;
    }
    return left;
  }
  default:
    return op.emitError()
           << "'arith.cmpf' with predicate '"
           << stringifyCmpFPredicate(op.getPredicate())
           << "' has no CSL form; compare the value with itself to find NaN";
  }
}

/// 'and' and 'or' of CSL leave their right side out where the left one decides.
FailureOr<Expression> BodyEmitter::buildLogic(Operation &op, StringRef sign,
                                              Precedence precedence) {
  if (failed(makeUnconditional(op.getOperand(1))))
    return failure();
  return buildBinary(op, sign, precedence);
}

FailureOr<Expression> BodyEmitter::buildSelect(arith::SelectOp op) {
  if (failed(makeUnconditional(op.getTrueValue())) ||
      failed(makeUnconditional(op.getFalseValue())))
    return failure();
  Expression condition = get(op.getCondition());
  Expression left = getTyped(op.getTrueValue()),
             right = getTyped(op.getFalseValue());
  Expression result;
  result.text = "if (" + condition.text + ") " + left.in(Precedence::Or) +
                " else " + right.in(Precedence::Or);
  result.precedence = Precedence::Conditional;
  result.depend(condition);
  result.depend(left);
  result.depend(right);
  return result;
}

FailureOr<Expression> BodyEmitter::buildCast(Operation &op) {
  Value source = op.getOperand(0);
  Type from = source.getType(), to = op.getResult(0).getType();
  Expression value = getTyped(source);
  Expression result;
  result.depend(value);
  std::string as = "@as(" + cslType(to) + ", ";
  bool fromBool = from.isInteger(1);
  bool isUnsigned = isa<arith::ExtUIOp, arith::UIToFPOp>(op);
  if (isa<arith::BitcastOp>(op)) {
    result.text = "@bitcast(" + cslType(to) + ", " + value.text + ")";
  } else if (to.isInteger(1) && isa<arith::TruncIOp>(op)) {
    result.text = value.in(Precedence::Bits) + " & 1 != 0";
    result.precedence = Precedence::Comparison;
  } else if (to.isInteger(1)) {
    return op.emitError() << "'" << op.getName()
                          << "' to i1 has no CSL form; compare with zero";
  } else if (fromBool) {
    bool toFloat = isa<FloatType>(to);
    result.text =
        toFloat ? as + "@as(i16, " + value.text + "))" : as + value.text + ")";
    if (!isUnsigned) {
      result.text = "-" + result.text;
      result.precedence = Precedence::Unary;
    }
  } else if (isUnsigned) {
    result.text =
        as + "@bitcast(" + cslUnsigned(from) + ", " + value.text + "))";
  } else if (isa<arith::FPToUIOp>(op)) {
    result.text = "@bitcast(" + cslType(to) + ", @as(" + cslUnsigned(to) +
                  ", " + value.text + "))";
  } else if (cslType(from) == cslType(to)) { // index_cast of 16 bits
    return get(source);
  } else {
    result.text = as + value.text + ")";
  }
  return result;
}

/// Division by zero traps on a PE.
static Expression trapping(Expression division) {
  division.mayTrap = true;
  return division;
}

FailureOr<Expression> BodyEmitter::buildArith(Operation &op) {
  bool isBool =
      op.getNumResults() == 1 && op.getResult(0).getType().isInteger(1);
  auto binary = [&](StringRef sign,
                    Precedence precedence) -> FailureOr<Expression> {
    if (isBool)
      return op.emitError() << "'" << op.getName()
                            << "' on i1 has no CSL form; use and, or, xor";
    return buildBinary(op, sign, precedence);
  };
  auto bits = [&](StringRef sign, StringRef boolSign,
                  Precedence boolPrecedence) -> FailureOr<Expression> {
    return isBool ? buildLogic(op, boolSign, boolPrecedence)
                  : buildBinary(op, sign, Precedence::Bits);
  };
  return llvm::TypeSwitch<Operation *, FailureOr<Expression>>(&op)
      .Case<arith::AddIOp, arith::AddFOp>(
          [&](auto) { return binary("+", Precedence::Sum); })
      .Case<arith::SubIOp, arith::SubFOp>(
          [&](auto) { return binary("-", Precedence::Sum); })
      .Case<arith::MulIOp, arith::MulFOp>(
          [&](auto) { return binary("*", Precedence::Product); })
      .Case<arith::DivFOp>(
          [&](auto) { return binary("/", Precedence::Product); })
      .Case<arith::DivSIOp, arith::RemSIOp>([&](auto) -> FailureOr<Expression> {
        auto division =
            binary(isa<arith::DivSIOp>(op) ? "/" : "%", Precedence::Product);
        if (failed(division))
          return failure();
        return trapping(*division);
      })
      .Case<arith::DivUIOp>([&](auto) {
        return trapping(buildUnsigned(op, "/", Precedence::Product));
      })
      .Case<arith::RemUIOp>([&](auto) {
        return trapping(buildUnsigned(op, "%", Precedence::Product));
      })
      .Case<arith::AndIOp>(
          [&](auto) { return bits("&", "and", Precedence::And); })
      .Case<arith::OrIOp>([&](auto) { return bits("|", "or", Precedence::Or); })
      .Case<arith::XOrIOp>(
          [&](auto) { return bits("^", "!=", Precedence::Comparison); })
      .Case<arith::ShLIOp>([&](auto) { return buildShift(op, "<<", false); })
      .Case<arith::ShRSIOp>([&](auto) { return buildShift(op, ">>", false); })
      .Case<arith::ShRUIOp>([&](auto) { return buildShift(op, ">>", true); })
      .Case<arith::NegFOp>([&](auto) {
        Expression value = getTyped(op.getOperand(0)), result;
        result.text = "-" + value.in(Precedence::Postfix);
        result.precedence = Precedence::Unary;
        result.depend(value);
        return result;
      })
      .Case<arith::CmpIOp>([&](arith::CmpIOp compare) -> FailureOr<Expression> {
        bool equality = llvm::is_contained(
            {arith::CmpIPredicate::eq, arith::CmpIPredicate::ne},
            compare.getPredicate());
        if (compare.getLhs().getType().isInteger(1) && !equality)
          return op.emitError() << "'arith.cmpi' orders i1, which has no CSL "
                                   "form; use and, or, xor";
        return buildCompare(compare);
      })
      .Case<arith::CmpFOp>(
          [&](auto compare) { return buildCompareFloat(compare); })
      .Case<arith::SelectOp>([&](auto select) { return buildSelect(select); })
      .Case<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp, arith::SIToFPOp,
            arith::UIToFPOp, arith::FPToSIOp, arith::FPToUIOp, arith::ExtFOp,
            arith::TruncFOp, arith::IndexCastOp, arith::BitcastOp>(
          [&](auto) { return buildCast(op); })
      .Default([&](Operation *) -> FailureOr<Expression> {
        return op.emitError()
               << "'" << op.getName() << "' has no CSL form; lower it first";
      });
}
