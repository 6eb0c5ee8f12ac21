//===- SemaExpr.cpp - expressions at a point ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Values with data dimensions are built one element at a time.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

/// The data dimensions of a value; none for scalars.
Shape Sema::shapeOf(const Expr &expr) {
  auto ofField = [](const Symbol *symbol) -> Shape {
    if (!symbol || symbol->kind != Symbol::Field)
      return {};
    return Shape(symbol->field().getDataDims());
  };
  switch (expr.kind) {
  case ExprKind::Name:
    return ofField(find(expr.text));
  case ExprKind::Call:
    if (calls && calls->count(&expr))
      return ofField((*calls)[&expr]);
    return {};
  case ExprKind::Attribute: {
    if (expr.text != "T")
      return {};
    Shape shape = shapeOf(expr.args[0]);
    std::reverse(shape.begin(), shape.end());
    return shape;
  }
  case ExprKind::Subscript: {
    const Expr &base = expr.args[0];
    if (base.is(ExprKind::Name) || base.is(ExprKind::Call))
      return shapeOf(base);
    return {};
  }
  case ExprKind::Unary:
    return expr.op == ast::Op::Not ? Shape() : shapeOf(expr.args[0]);
  case ExprKind::Binary: {
    Shape left = shapeOf(expr.args[0]), right = shapeOf(expr.args[1]);
    if (expr.op == ast::Op::MatMul)
      return left.size() == 2 ? Shape{left[0]} : Shape();
    return left.empty() ? right : left;
  }
  default:
    return {};
  }
}

/// `a @ b`, row `element[0]`.
Value Sema::matmul(const Expr &expr, ArrayRef<int64_t> element) {
  Shape left = shapeOf(expr.args[0]), right = shapeOf(expr.args[1]);
  if (left.size() != 2 || right.size() != 1 || left[1] != right[0]) {
    error(expr.range,
          "'@' multiplies an n x m matrix and a vector of m elements");
    return {};
  }
  if (element.size() != 1) {
    error(expr.range, "a vector stands where a scalar is needed",
          "assign it to a field with data dimensions");
    return {};
  }
  Value sum;
  for (int64_t i = 0; i < right[0]; ++i) {
    Value a = this->expr(expr.args[0], {element[0], i});
    Value b = this->expr(expr.args[1], {i});
    Value product = a && b ? arithmetic(ast::Op::Mul, a, b, expr) : Value();
    if (!product)
      return {};
    sum = sum ? arithmetic(ast::Op::Add, sum, product, expr) : product;
    if (!sum)
      return {};
  }
  return sum;
}

//===----------------------------------------------------------------------===//
// Names and literals
//===----------------------------------------------------------------------===//

/// `expr` says where, and what is written.
Value Sema::constantValue(const Constant &value, const Expr &expr) {
  Location at = loc(expr.range);
  switch (value.kind) {
  case Constant::Bool:
    return builder.create<arith::ConstantOp>(
        at, builder.getBoolAttr(value.integer != 0));
  case Constant::Int: {
    Type type =
        value.type == Scalar::None ? literalInt() : typeOf(value.type, context);
    std::string reason;
    if (!gtscript::convert(value, scalarOf(type), reason)) {
      error(expr.range, reason);
      return {};
    }
    if (isa<FloatType>(type))
      return builder.create<arith::ConstantOp>(
          at, builder.getFloatAttr(type, double(value.integer)));
    return builder.create<arith::ConstantOp>(
        at, builder.getIntegerAttr(type, value.integer));
  }
  case Constant::Float: {
    Type type = value.type == Scalar::None ? literalFloat()
                                           : typeOf(value.type, context);
    if (!isa<FloatType>(type)) // `float` retyped as an integer
      type = builder.getF64Type();
    return builder.create<arith::ConstantOp>(
        at, builder.getFloatAttr(type, value.number));
  }
  case Constant::Axis:
    if (value.text == "K")
      return builder.create<arith::IndexCastOp>(
          at, literalInt(), builder.create<stencil::LevelOp>(at));
    error(expr.range, value.text + " cannot be used as a value", "only K can");
    return {};
  case Constant::Function:
    error(expr.range, "a function is no value", "call it");
    return {};
  case Constant::None:
    error(expr.range, "None is no value of a field",
          "an optional argument is tested with 'if __INLINED(...)'");
    return {};
  default:
    error(expr.range, value.str() + " is no number");
    return {};
  }
}

Value Sema::symbolValue(const Symbol &symbol, const Expr &expr,
                        ArrayRef<int64_t> element) {
  switch (symbol.kind) {
  case Symbol::Failed:
    return {};
  case Symbol::Scalar:
    return symbol.value;
  case Symbol::Constant:
    return constantValue(symbol.constant, expr);
  case Symbol::Field:
    break;
  }
  Access access;
  access.symbol = const_cast<Symbol *>(&symbol);
  access.range = expr.range;
  return emitRead(access, expr, element);
}

Value Sema::nameValue(const Expr &expr, ArrayRef<int64_t> element) {
  if (expr.is(ExprKind::Name))
    if (Symbol *symbol = find(expr.text))
      return symbolValue(*symbol, expr, element);
  std::string reason;
  if (!expr.is(ExprKind::Name) && !ast::dottedName(expr)) {
    error(expr.range, "'." + Twine(expr.text) + "' has no meaning here");
    return {};
  }
  Constant value = constantOf(expr, reason);
  if (value)
    return constantValue(value, expr);
  const Expr *root = &expr;
  while (root->is(ExprKind::Attribute))
    root = &root->args[0];
  if (root != &expr && find(root->text)) {
    error(expr.range,
          "'" + Twine(root->text) + "' has no member '" + Twine(expr.text) +
              "'",
          "fields have '.A', '.T' and '.at(K=...)'");
    return {};
  }
  unknownName(expr, reason);
  return {};
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Value Sema::unary(const Expr &expr, ArrayRef<int64_t> element) {
  const Expr &operand = expr.args[0];
  bool isLiteral = operand.is(ExprKind::Int) || operand.is(ExprKind::Float);
  if (isLiteral && expr.op != ast::Op::Not)
    if (Constant value = fold(expr))
      return constantValue(value, expr);
  Value value = this->expr(operand, element);
  if (!value)
    return {};
  bool isBool = value.getType().isInteger(1);
  Location at = loc(expr.range);
  if (expr.op == ast::Op::Not) {
    if (!isBool) {
      error(expr.range, "'not' needs a bool, not " + spelling(value.getType()),
            "write a comparison, as in 'x == 0'");
      return {};
    }
    Value yes =
        builder.create<arith::ConstantOp>(at, builder.getBoolAttr(true));
    return builder.create<arith::XOrIOp>(at, value, yes);
  }
  if (isBool) {
    error(expr.range,
          "'" + Twine(ast::spelling(expr.op)) + "' needs a number, not a bool",
          expr.op == ast::Op::Neg ? "write 'not'" : "");
    return {};
  }
  if (expr.op == ast::Op::Pos)
    return value;
  if (isa<FloatType>(value.getType()))
    return builder.create<arith::NegFOp>(at, value);
  Value zero = builder.create<arith::ConstantOp>(
      at, builder.getIntegerAttr(value.getType(), 0));
  return builder.create<arith::SubIOp>(at, zero, value);
}

Value Sema::binary(const Expr &expr, ArrayRef<int64_t> element) {
  if (expr.op == ast::Op::MatMul)
    return matmul(expr, element);
  Shape left = shapeOf(expr.args[0]), right = shapeOf(expr.args[1]);
  if (!element.empty() && !left.empty() && !right.empty() && left != right) {
    error(expr.range, "the operands have different data dimensions");
    return {};
  }
  Value lhs =
      this->expr(expr.args[0], left.empty() ? ArrayRef<int64_t>() : element);
  Value rhs =
      this->expr(expr.args[1], right.empty() ? ArrayRef<int64_t>() : element);
  return lhs && rhs ? arithmetic(expr.op, lhs, rhs, expr) : Value();
}

Value Sema::boolOp(const Expr &expr) {
  Value all;
  for (const Expr &arg : expr.args) {
    Value value = this->expr(arg);
    if (!value)
      return {};
    if (!value.getType().isInteger(1)) {
      error(arg.range,
            "'" + Twine(ast::spelling(expr.op)) + "' needs bools, not " +
                spelling(value.getType()),
            "write a comparison, as in 'x != 0'");
      return {};
    }
    Location at = loc(expr.range);
    if (!all)
      all = value;
    else if (expr.op == ast::Op::And)
      all = builder.create<arith::AndIOp>(at, all, value);
    else
      all = builder.create<arith::OrIOp>(at, all, value);
  }
  return all;
}

/// Reads that a choice must not run when it goes the other way: their place is
/// known only at run time.
static bool mayMiss(Block &block) {
  bool found = false;
  block.walk([&](stencil::ReadOp read) {
    found |= read.getShift() || read.getLevel() || !read.getData().empty();
  });
  return found;
}

Value Sema::ternary(const Expr &expr) {
  Location at = loc(expr.range);
  Constant constant = fold(expr.args[1]);
  Value test;
  if (!constant.is(Constant::Bool)) {
    test = condition(expr.args[1], "a ternary");
    if (!test)
      return {};
  }
  // Both sides are built apart, since the type depends on both.
  Block sides[2];
  Value values[2];
  for (int i : {0, 1}) {
    OpBuilder::InsertionGuard restore(builder);
    builder.setInsertionPointToStart(&sides[i]);
    values[i] = this->expr(expr.args[i == 0 ? 0 : 2]);
  }
  if (!values[0] || !values[1])
    return {};
  Type type = typeOf(
      std::max(scalarOf(values[0].getType()), scalarOf(values[1].getType())),
      context);
  auto move = [&](int side) {
    Block *block = builder.getInsertionBlock();
    block->getOperations().splice(builder.getInsertionPoint(),
                                  sides[side].getOperations());
    return convert(values[side], type, at);
  };
  if (!test)
    return move(constant.isTrue() ? 0 : 1);
  if (!mayMiss(sides[0]) && !mayMiss(sides[1])) {
    Value yes = move(0), no = move(1);
    return builder.create<arith::SelectOp>(at, test, yes, no);
  }
  auto choice = builder.create<scf::IfOp>(at, ArrayRef<Type>{type}, test, true);
  OpBuilder::InsertionGuard restore(builder);
  for (int i : {0, 1}) {
    builder.setInsertionPointToEnd(i == 0 ? choice.thenBlock()
                                          : choice.elseBlock());
    Value value = move(i);
    builder.create<scf::YieldOp>(at, value);
  }
  return choice.getResult(0);
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Value Sema::call(const Expr &expr) {
  const Expr &callee = expr.args[0];
  if (callee.is(ExprKind::Attribute) && callee.text == "at") {
    Access access;
    return absoluteLevel(expr, access) ? emitRead(access, expr, {}) : Value();
  }
  if (calledFunction(expr)) {
    error(expr.range,
          "the condition of 'while' cannot call function '" +
              Twine(ast::lastName(callee)) + "'",
          "assign its result to a temporary before the loop and again at the "
          "end of the body");
    return {};
  }
  std::string name = ast::dottedName(callee).value_or("");
  std::string_view last = ast::lastName(callee);
  const Native *known = findNative(last);
  if (callee.is(ExprKind::Name) && find(callee.text)) {
    error(callee.range, "'" + name + "' is no function");
    return {};
  }
  if (known &&
      (callee.is(ExprKind::Name) || StringRef(name).starts_with("gtscript.") ||
       StringRef(name).starts_with("gt4py.")))
    return native(expr, *known);
  if (known) {
    error(callee.range, "'" + name + "' is no function of GTScript",
          "write '" + Twine(last) + "'");
    return {};
  }
  std::string hint = StringSwitch<std::string>(last)
                         .Case("pow", "write a ** b")
                         .Case("bool", "write a comparison, as in 'x != 0'")
                         .Case("select", "write a if c else b")
                         .Case("where", "write a if c else b")
                         .Case("sign", "write 1.0 if x > 0.0 else -1.0")
                         .Case("__INLINED", "it is the condition of an 'if'")
                         .Case("range", "loops over levels are written as "
                                        "computation(FORWARD)")
                         .Default(suggestion(last));
  std::string reason;
  if (!name.empty())
    constantOf(callee, reason);
  error(callee.range,
        name.empty() ? "this is no function"
                     : "unknown function '" + name + "'" +
                           (reason.empty() ? "" : ": " + reason),
        hint.empty() ? "a function is decorated with @gtscript.function; its "
                       "module is found with -I"
                     : hint);
  return {};
}

Value Sema::unsupported(const Expr &expr) {
  std::string hint = StringSwitch<std::string>(expr.text)
                         .Case("//", "write floor(a / b), or int(a / b) for "
                                     "positive integers")
                         .Case("&", "write 'and'")
                         .Case("|", "write 'or'")
                         .Case("^", "write '!=' between bools")
                         .Case("~", "write 'not'")
                         .Case("<<", "multiply by a power of two")
                         .Case(">>", "divide by a power of two and floor")
                         .Case("is", "write '=='")
                         .Case("is not", "write '!='")
                         .Case("in", "write comparisons joined by 'or'")
                         .Case("not in", "write comparisons joined by 'and'")
                         .Case("comparison chain", "write a < b and b < c")
                         .Default("");
  bool isOperator = expr.op != ast::Op::None;
  error(expr.range,
        (isOperator ? "operator '" + Twine(expr.text) + "'"
                    : "'" + Twine(expr.text) + "'") +
            " is not in GTScript",
        hint);
  return {};
}

Value Sema::expr(const Expr &expr, ArrayRef<int64_t> element) {
  switch (expr.kind) {
  case ExprKind::Int:
  case ExprKind::Float:
  case ExprKind::Bool: {
    std::string reason;
    Constant value = fold(expr, &reason);
    if (value)
      return constantValue(value, expr);
    error(expr.range, reason);
    return {};
  }
  case ExprKind::None:
    return constantValue(Constant::ofNone(), expr);
  case ExprKind::Attribute:
    if (expr.text == "T" && !shapeOf(expr.args[0]).empty()) {
      Shape turned(element.rbegin(), element.rend());
      return this->expr(expr.args[0], turned);
    }
    return nameValue(expr, element);
  case ExprKind::Name:
    return nameValue(expr, element);
  case ExprKind::Unary:
    return unary(expr, element);
  case ExprKind::Binary:
    return binary(expr, element);
  case ExprKind::Compare:
    return compare(expr);
  case ExprKind::BoolOp:
    return boolOp(expr);
  case ExprKind::Ternary:
    return ternary(expr);
  case ExprKind::Call:
    if (calls)
      if (auto found = calls->find(&expr); found != calls->end())
        return found->second ? symbolValue(*found->second, expr, element)
                             : Value();
    return call(expr);
  case ExprKind::Subscript: {
    // A parameter that stands for a constant is the same everywhere.
    if (expr.args[0].is(ExprKind::Name))
      if (Symbol *symbol = find(expr.args[0].text);
          symbol && symbol->kind == Symbol::Constant)
        return constantValue(symbol->constant, expr);
    Access access;
    return readAccess(expr, access, false) ? emitRead(access, expr, element)
                                           : Value();
  }
  case ExprKind::Unsupported:
    return unsupported(expr);
  case ExprKind::String:
    error(expr.range, "a string is no value of a field");
    return {};
  default:
    error(expr.range, "this is no value");
    return {};
  }
}
