//===- PrintExprs.cpp - expressions as SpaDA source -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The language has no conversion operator: the importer inserts conversions
// where types meet. So each expression is checked to give back its casts.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Sptl/Printer.h"

#include "llvm/ADT/SmallString.h"

using namespace mlir;
using namespace spada;
using namespace spada::sptl;
using namespace spada::frontend;
using llvm::StringRef;

/// Deeper values are no expression that a person or a parser could follow.
static constexpr unsigned maxNesting = 12000;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

static OpClass classOf(BinaryOp op) {
  switch (op.getKind()) {
  case BinaryKind::And:
  case BinaryKind::Or:
    return op.getLhs().getType().isInteger(1) ? OpClass::Logic : OpClass::Bits;
  case BinaryKind::Xor:
    return OpClass::Bits;
  case BinaryKind::Shl:
  case BinaryKind::Shr:
    return OpClass::Shift;
  case BinaryKind::Div:
  case BinaryKind::Rem:
    return OpClass::Division;
  default:
    return op.getKind() >= BinaryKind::Eq && op.getKind() <= BinaryKind::Ge
               ? OpClass::Compare
               : OpClass::Arithmetic;
  }
}

/// What is printed for `value`: the operand of a conversion.
static Value peel(Value value) {
  auto cast = value.getDefiningOp<CastOp>();
  return cast ? cast.getOperand() : value;
}

Ty Printer::natural(Value value) {
  value = peel(value);
  Operation *op = value.getDefiningOp();
  if (!op)
    return tyOf(value.getType());
  auto it = types.find(value);
  if (it != types.end())
    return it->second;
  if (++nesting > maxNesting) {
    fail(op, "is nested too deep to be written in source");
    return Ty::Error;
  }
  Ty type = naturalOf(op);
  --nesting;
  types[value] = type;
  return type;
}

/// Mirrors `Importer::isCompileTime`.
static bool isCompileTime(Value value, unsigned depth = 0) {
  Operation *op = value.getDefiningOp();
  if (!op || depth > maxNesting)
    return value.getType().isIndex();
  return isa<ConstantOp, BinaryOp, UnaryOp, SelectOp, CastOp>(op) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isCompileTime(operand, depth + 1);
         });
}

Ty Printer::selectOf(SelectOp op) {
  return choiceOf(natural(op.getWhenTrue()), natural(op.getWhenFalse()),
                  isCompileTime(op.getCondition()));
}

Ty Printer::naturalOf(Operation *op) {
  if (auto constant = dyn_cast<ConstantOp>(op)) {
    Ty type = tyOf(constant.getType());
    return isFloatTy(type) ? Ty::Real : type == Ty::Bool ? type : Ty::Int;
  }
  if (auto binary = dyn_cast<BinaryOp>(op)) {
    Ty meet = meetOf(classOf(binary), natural(binary.getLhs()),
                     natural(binary.getRhs()), compileTime);
    return classOf(binary) == OpClass::Compare && meet != Ty::Error ? Ty::Bool
                                                                    : meet;
  }
  if (auto unary = dyn_cast<UnaryOp>(op)) {
    Ty type = natural(unary.getOperand());
    if (unary.getKind() == UnaryKind::Not)
      return unary.getType().isInteger(1) ? Ty::Bool
             : type == Ty::Int            ? Ty::Index
             : type == Ty::Choice         ? Ty::I32
                                          : type;
    return type == Ty::Int ? Ty::Index : signOf(type, compileTime);
  }
  if (auto select = dyn_cast<SelectOp>(op))
    return selectOf(select);
  if (auto fmac = dyn_cast<FmacOp>(op))
    return fmacOf(natural(fmac.getA()), natural(fmac.getB()),
                  natural(fmac.getC()));
  if (isa<ReadOp, ScalarRefOp>(op))
    return tyOf(op->getResult(0).getType());
  return Ty::Error;
}

/// Mirrors how the importer emits the text of `value` where it wants `want`.
void Printer::check(Value value, Ty want) {
  Value inner = peel(value);
  Ty type = resolve(natural(inner), want);
  bool hasCast = inner != value;
  bool same = tyOf(inner.getType()) == type && tyOf(value.getType()) == want &&
              hasCast == (type != want) &&
              !(type == Ty::Index && want == Ty::Bool);
  if (!same) {
    Operation *op = value.getDefiningOp() ? value.getDefiningOp() : current;
    return fail(op, "has a conversion that SpaDA source cannot say: " +
                        nameOf(type) + " where " + nameOf(want) +
                        " is needed; hint: keep the value in a field of its "
                        "type");
  }
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void Printer::expr(Value value, Ty want, bool nested) {
  if (failed)
    return;
  if (++nesting > maxNesting)
    return fail(current, "is nested too deep to be written in source");
  check(value, want);
  if (!failed)
    exprOf(peel(value), nested);
  --nesting;
}

void Printer::exprOf(Value value, bool nested) {
  Operation *op = value.getDefiningOp();
  if (!op) {
    auto it = names.find(value);
    if (it == names.end() ||
        (assignment && value.getParentBlock() == &assignment.getBody().front()))
      return fail(current, "uses a variable that has no name in source");
    os << it->second;
    return;
  }
  if (auto constant = dyn_cast<ConstantOp>(op))
    this->constant(constant);
  else if (auto read = dyn_cast<ReadOp>(op)) {
    checkMoment(read);
    element(read, read.getField(), read.getIndices());
  } else if (auto ref = dyn_cast<ScalarRefOp>(op))
    os << checkName(ref, ref.getName());
  else if (auto binary = dyn_cast<BinaryOp>(op))
    this->binary(binary, nested);
  else if (auto unary = dyn_cast<UnaryOp>(op))
    this->unary(unary);
  else if (auto select = dyn_cast<SelectOp>(op))
    this->select(select, nested);
  else if (auto fmac = dyn_cast<FmacOp>(op)) {
    Ty type = tyOf(fmac.getType());
    os << "fmac(";
    llvm::interleaveComma(op->getOperands(), os,
                          [&](Value part) { expr(part, type); });
    os << ")";
  } else
    fail(op, "is no expression of SpaDA");
}

static StringRef spelling(BinaryOp op) {
  static constexpr llvm::StringLiteral words[] = {
      "+",  "-", "*",  "/",  "%",  "==", "!=", "<",
      "<=", ">", ">=", "<<", ">>", "&",  "|",  "^"};
  if (classOf(op) == OpClass::Logic)
    return op.getKind() == BinaryKind::And ? "and" : "or";
  return words[unsigned(op.getKind())];
}

/// Whether `a op b op c` is read as `a op (b op c)` without doubt.
static bool chains(BinaryKind kind) {
  return kind == BinaryKind::Add || kind == BinaryKind::Mul ||
         (kind >= BinaryKind::And && kind <= BinaryKind::Xor);
}

void Printer::binary(BinaryOp op, bool nested) {
  if (nested)
    os << "(";
  unsigned outer = nesting;
  while (!failed) {
    Ty meet = resolve(meetOf(classOf(op), natural(op.getLhs()),
                             natural(op.getRhs()), compileTime),
                      tyOf(op.getType()));
    expr(op.getLhs(), meet, true);
    os << " " << spelling(op) << " ";
    Value rest = op.getRhs();
    auto next = peel(rest).getDefiningOp<BinaryOp>();
    if (!next || !chains(op.getKind()) || next.getKind() != op.getKind() ||
        classOf(next) != classOf(op)) {
      expr(rest, meet, true);
      break;
    }
    check(rest, meet);
    op = next;
  }
  nesting = outer;
  if (nested)
    os << ")";
}

void Printer::unary(UnaryOp op) {
  Value operand = op.getOperand();
  Ty type = natural(operand);
  bool isNot = op.getKind() == UnaryKind::Not;
  bool isBool = op.getType().isInteger(1);
  Ty want =
      isNot && isBool
          ? Ty::Bool
          : resolve(signOf(type == Ty::Int ? Ty::Index : type, compileTime),
                    tyOf(op.getType()));
  // A sign before a literal would become part of it; so does one before 0.
  auto literal = peel(operand).getDefiningOp<ConstantOp>();
  auto integer =
      literal ? dyn_cast<IntegerAttr>(literal.getValue()) : IntegerAttr();
  bool isZero = integer && !isNot && integer.getValue().isZero() &&
                !integer.getType().isInteger(1);
  os << (!isNot   ? "-"
         : isBool ? "(not "
                  : "~")
     << (literal ? "(" : "") << (isZero ? "-" : "");
  expr(operand, want, true);
  os << (literal ? ")" : "") << (isNot && isBool ? ")" : "");
}

void Printer::select(SelectOp op, bool nested) {
  if (nested)
    os << "(";
  unsigned outer = nesting;
  while (!failed) {
    Ty type = resolve(selectOf(op), tyOf(op.getType()));
    expr(op.getWhenTrue(), type, true);
    os << " if ";
    expr(op.getCondition(), Ty::Bool, true);
    os << " else ";
    Value rest = op.getWhenFalse();
    auto next = peel(rest).getDefiningOp<SelectOp>();
    if (!next) {
      expr(rest, type, true);
      break;
    }
    check(rest, type);
    op = next;
  }
  nesting = outer;
  if (nested)
    os << ")";
}

void Printer::constant(ConstantOp op) {
  if (auto integer = dyn_cast<IntegerAttr>(op.getValue())) {
    if (integer.getType().isInteger(1)) {
      os << (integer.getValue().isZero() ? "false" : "true");
      return;
    }
    integer.getValue().print(os, !integer.getType().isUnsignedInteger());
    return;
  }
  llvm::APFloat value = cast<FloatAttr>(op.getValue()).getValue();
  if (!value.isFinite())
    return fail(op, "is no finite number, which SpaDA source cannot say");
  llvm::SmallString<32> text;
  value.toString(text, /*FormatPrecision=*/0, /*FormatMaxPadding=*/4);
  StringRef digits(text);
  size_t exponent = digits.find_first_of("eE");
  StringRef mantissa = digits.substr(0, exponent);
  os << mantissa << (mantissa.contains('.') ? "" : ".0");
  if (exponent != StringRef::npos)
    os << digits.substr(exponent);
}

void Printer::element(Operation *op, StringRef field, ValueRange indices) {
  os << checkName(op, field);
  if (indices.empty())
    return;
  if (assignment) {
    auto point = assignment.getBody().front().getArguments();
    if (indices.size() == point.size() &&
        std::equal(indices.begin(), indices.end(), point.begin()))
      return;
  }
  os << "[";
  llvm::interleaveComma(indices, os, [&](Value index) {
    expr(index, subscriptOf(natural(index)));
  });
  os << "]";
}

/// A read is printed where it is used: nothing may change the field between.
void Printer::checkMoment(ReadOp op) {
  Operation *user = current;
  while (user && user->getBlock() != op->getBlock())
    user = user->getParentOp();
  if (user && user != current)
    return fail(op, "is used in an inner body, which source would read anew; "
                    "hint: keep the value in a field");
  for (Operation *between = op->getNextNode(); between && between != user;
       between = between->getNextNode())
    if (!isa<ConstantOp, ReadOp, ScalarRefOp, BinaryOp, UnaryOp, SelectOp,
             FmacOp, CastOp, StreamRefOp, ArgumentRefOp>(between))
      return fail(op, "is used after another statement, where source would "
                      "read anew; hint: keep the value in a field");
}
