//===- SemaExpr.cpp - expressions -----------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace spada::cslfront;

Value Sema::evalComptime(const Expr &expr) {
  Saved<mlir::OpBuilder *> interpreting(opBuilder, nullptr);
  Value value = eval(expr);
  if (value.isRunTime())
    error(expr.loc, "this value is needed at compile time, but it is only "
                    "known when the program runs");
  return value;
}

Value Sema::eval(const Expr &expr, const Type *expected) {
  step(expr.loc);
  Value value = evalKind(expr, expected);
  if (!value.type)
    error(expr.loc, "a value is needed here");
  return value;
}

Value Sema::evalKind(const Expr &expr, const Type *expected) {
  switch (expr.kind) {
  case ExprKind::Int:
    return literal(expr);
  case ExprKind::Float:
    return Value::floating(types.comptimeFloat, expr.floatValue);
  case ExprKind::String:
    return string(std::string(expr.text));
  case ExprKind::Bool:
    return boolean(expr.intValue != 0);
  case ExprKind::VoidValue:
    return voidValue();
  case ExprKind::Name:
  case ExprKind::Member:
  case ExprKind::Deref:
  case ExprKind::Index: {
    Reference reference = resolve(expr);
    return reference.place ? load(*reference.place, expr.loc) : reference.value;
  }
  case ExprKind::Builtin:
    return builtin(expr);
  case ExprKind::Call:
    return evalCall(expr);
  case ExprKind::Unary: {
    if (expr.op == Operator::Negate && expr.args[0]->kind == ExprKind::Int &&
        expr.args[0]->intValue == INT64_MIN)
      return integer(INT64_MIN);
    if (expr.op != Operator::AddressOf)
      return unary(expr.op, eval(*expr.args[0]), expr.loc);
    Reference reference = resolve(*expr.args[0]);
    if (!reference.place) {
      if (reference.value && reference.value.isKnown() &&
          reference.value.type->is(TypeKind::Array) && program) {
        Place place(Place::Global, reference.value.type);
        place.var = materialize(reference.value, expr.loc, "constant");
        place.isConst = true;
        return addressOf(place, expr.loc);
      }
      if (reference.value && reference.value.type->is(TypeKind::Function))
        return reference.value;
      error(expr.loc, "'&' needs a variable");
    }
    return addressOf(*reference.place, expr.loc);
  }
  case ExprKind::Binary: {
    // Long chains lean to the left.
    llvm::SmallVector<const Expr *> chain{&expr};
    while (chain.back()->args[0]->kind == ExprKind::Binary)
      chain.push_back(chain.back()->args[0]);
    Value value = eval(*chain.back()->args[0]);
    for (const Expr *link : llvm::reverse(chain))
      value = evalBinary(*link, value);
    return value;
  }
  case ExprKind::If:
    return evalIf(expr, expected);
  case ExprKind::Switch:
    return evalSwitch(expr, expected);
  case ExprKind::Tuple:
  case ExprKind::Struct:
    return evalAggregate(expr);
  case ExprKind::TypedTuple:
  case ExprKind::TypedStruct:
    return evalTyped(expr);
  case ExprKind::TensorAccess:
    return evalTensorAccess(expr);
  case ExprKind::Block:
    return evalBlock(*expr.body[0], expected);
  case ExprKind::Comptime:
    return evalComptime(*expr.args[0]);
  case ExprKind::ArrayType: {
    std::vector<int64_t> dims;
    for (const Expr *size : expr.args) {
      int64_t dim = forceInt(evalComptime(*size), size->loc);
      if (dim < 0 || dim > (int64_t(1) << 31))
        error(size->loc,
              "an array cannot have " + llvm::Twine(dim) + " elements");
      dims.push_back(dim);
    }
    int64_t count = 1;
    constexpr int64_t most = 1 << 24;
    for (int64_t dim : dims)
      if (__builtin_mul_overflow(count, dim, &count) || count > most)
        error(expr.loc, "an array of more than " + llvm::Twine(most) +
                            " elements; no PE has memory for it");
    const Type *element = evalType(*expr.callee);
    if (element->is(TypeKind::Array))
      error(expr.loc, "the elements of an array cannot be arrays; write "
                      "[N, M]T");
    return typeValue(bounded(types.array(element, std::move(dims)), expr.loc));
  }
  case ExprKind::PointerType:
  case ExprKind::ManyPointerType:
    return typeValue(
        bounded(types.pointer(evalType(*expr.callee), expr.isConst,
                              expr.kind == ExprKind::ManyPointerType),
                expr.loc));
  case ExprKind::FunctionType: {
    std::vector<const Type *> params;
    for (const Expr *param : expr.args)
      params.push_back(evalType(*param));
    return typeValue(bounded(
        types.function(std::move(params), evalType(*expr.callee)), expr.loc));
  }
  case ExprKind::TaskType:
    return typeValue(types.simple(TypeKind::Task));
  case ExprKind::EnumType:
    return typeValue(enumType(expr));
  case ExprKind::StructType:
    return typeValue(structType(expr));
  }
  return {};
}

Value Sema::evalBinary(const Expr &expr, Value left) {
  const Expr &other = *expr.args[1];
  if (expr.op != Operator::And && expr.op != Operator::Or)
    return binary(expr.op, left, eval(other), expr.loc);
  left = coerce(left, types.boolType, expr.loc);
  bool isAnd = expr.op == Operator::And;
  auto right = [&] { return coerce(eval(other), types.boolType, other.loc); };
  if (left.isComptime())
    return forceBool(left, expr.loc) == isAnd ? right() : boolean(!isAnd);
  // Both sides at once when that cannot be noticed.
  auto side = std::make_unique<mlir::Block>();
  Value second;
  std::vector<Value> start = runVars();
  {
    mlir::OpBuilder inner = atEnd(*side);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    second = right();
    second = runTime(types.boolType, materializeValue(second, other.loc));
  }
  std::vector<Value> end = runVars();
  setRunVars(start);
  bool assigns = !llvm::all_of_zip(
      start, end, [](const Value &a, const Value &b) { return a.isSame(b); });
  if (!assigns && isSpeculatable(*side)) {
    spliceHere(*side);
    return binary(isAnd ? Operator::BitAnd : Operator::BitOr, left, second,
                  expr.loc);
  }
  auto fromSide = [&] {
    spliceHere(*side);
    setRunVars(end);
    return second;
  };
  return chooseRunTime(
      left, [&] { return isAnd ? fromSide() : boolean(true); },
      [&] { return isAnd ? boolean(false) : fromSide(); }, expr.loc);
}

Value Sema::chooseRunTime(const Value &condition,
                          llvm::function_ref<Value()> first,
                          llvm::function_ref<Value()> second, Loc at,
                          const Type *expected) {
  auto region = std::make_unique<mlir::Block>(),
       other = std::make_unique<mlir::Block>();
  auto branch = [&](mlir::Block &block, llvm::function_ref<Value()> make) {
    mlir::OpBuilder inner = atEnd(block);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    return make();
  };
  // Blocks with a value may assign to variables.
  std::vector<Value> start = runVars();
  Value a = branch(*region, first);
  std::vector<Value> ends[2] = {runVars(), {}};
  setRunVars(start);
  Value b = branch(*other, second);
  ends[1] = runVars();
  setRunVars(start);
  std::vector<size_t> changed;
  for (size_t i = 0; i < start.size(); ++i)
    if (!ends[0][i].isSame(ends[1][i]))
      changed.push_back(i);
  std::vector<Value> both = start;
  for (size_t i = 0; i < start.size(); ++i)
    if (ends[0][i].isSame(ends[1][i]))
      both[i] = ends[0][i];
  setRunVars(both);
  for (Value *value : {&a, &b}) {
    if (expected && value->type->isNumeric() && value->isComptime())
      *value = coerce(*value, expected, at);
    // A literal takes the type of the other branch.
    const Type *other = (value == &a ? b : a).type;
    if (value->type->is(TypeKind::ComptimeInt) && other->isNumeric() &&
        !other->is(TypeKind::ComptimeInt))
      *value = coerce(*value, other, at);
    *value = runTimeType(*value, at);
  }
  const Type *type = a.type;
  if (a.type != b.type) {
    if (b.isKnown())
      b = coerce(b, a.type, at);
    else if (a.isKnown())
      a = coerce(a, type = b.type, at);
    else
      error(at, "the branches have types '" + a.type->name + "' and '" +
                    b.type->name + "'");
  }
  if (changed.empty() && (type->isIntLike() || type->isFloat())) {
    // Numbers that cost nothing to have both.
    branch(*region, [&] { return a = runTime(type, materializeValue(a, at)); });
    branch(*other, [&] { return b = runTime(type, materializeValue(b, at)); });
    if (isSpeculatable(*region) && isSpeculatable(*other)) {
      mlir::Value flag = materializeValue(condition, at);
      spliceHere(*region);
      spliceHere(*other);
      return runTime(type, builder().create<mlir::arith::SelectOp>(
                               location(at), flag, mlirValue(a), mlirValue(b)));
    }
  }
  auto finish = [&](mlir::Block &block, const Value &value,
                    const std::vector<Value> &end) {
    mlir::OpBuilder inner = atEnd(block);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    llvm::SmallVector<mlir::Value> results{materializeValue(value, at)};
    for (size_t i : changed)
      results.push_back(materializeValue(end[i], at));
    inner.create<mlir::scf::YieldOp>(location(at), results);
    return llvm::SmallVector<mlir::Type>(mlir::ValueRange(results).getTypes());
  };
  auto resultTypes = finish(*region, a, ends[0]);
  if (finish(*other, b, ends[1]) != resultTypes)
    error(at, "the branches have descriptors of different kinds");
  auto op = builder().create<mlir::scf::IfOp>(
      location(at), resultTypes, materializeValue(condition, at), false, false);
  op.getThenRegion().push_back(region.release());
  op.getElseRegion().push_back(other.release());
  for (auto [i, result] : llvm::zip(changed, op.getResults().drop_front()))
    locals[frameBase + i].value = runTime(locals[frameBase + i].type, result);
  return runTime(type, op.getResult(0));
}

Value Sema::evalIf(const Expr &expr, const Type *expected) {
  Value condition =
      coerce(eval(*expr.args[0]), types.boolType, expr.args[0]->loc);
  if (condition.isComptime()) {
    if (forceBool(condition, expr.loc))
      return eval(*expr.args[1], expected);
    if (expr.args.size() < 3)
      error(expr.loc, "the condition is false and there is no 'else' to give a "
                      "value");
    return eval(*expr.args[2], expected);
  }
  if (expr.args.size() < 3)
    error(expr.loc, "a run-time 'if' that gives a value needs an 'else'");
  return chooseRunTime(
      condition, [&] { return eval(*expr.args[1], expected); },
      [&] { return eval(*expr.args[2], expected); }, expr.loc, expected);
}

Value Sema::evalBlock(const Stmt &block, const Type *expected) {
  if (emitting())
    return genBlockValue(block, expected);
  LocalScope scope(*this);
  Loop loop;
  loop.label = block.label;
  loop.isBlock = true;
  loops.push_back(loop);
  Saved<Value> result(blockValue, Value());
  Flow flow = execList(block.body);
  loops.pop_back();
  if (flow.kind != Flow::Break || flow.label != block.label)
    error(block.loc, "the block ends without 'break :" +
                         llvm::Twine(c.names.text(block.label)) + "'");
  return blockValue;
}

Value Sema::evalAggregate(const Expr &expr) {
  bool named = expr.kind == ExprKind::Struct;
  uint32_t size = uint32_t(named ? expr.fields.size() : expr.args.size());
  Aggregate *result = aggregate(size, named);
  for (uint32_t i = 0; i < size; ++i) {
    if (named) {
      if (result->find(expr.fields[i].name) >= 0)
        error(expr.fields[i].loc,
              "field '" + llvm::Twine(c.names.text(expr.fields[i].name)) +
                  "' stands twice");
      const_cast<Name *>(result->names)[i] = expr.fields[i].name;
    }
    const Expr &value = named ? *expr.fields[i].value : *expr.args[i];
    result->values[i] = eval(value);
  }
  settle(*result, expr.loc);
  return Value::known(types.anonStruct, &Value::aggregate, result);
}

Value Sema::evalTyped(const Expr &expr) {
  const Type *type = evalType(*expr.callee);
  Expr literal = expr;
  literal.kind =
      expr.kind == ExprKind::TypedTuple ? ExprKind::Tuple : ExprKind::Struct;
  return coerce(evalAggregate(literal), type, expr.loc);
}

Value Sema::chooseArm(const Expr &expr, const Value &value, size_t i,
                      const Type *expected) {
  if (i == expr.arms.size())
    error(expr.loc, "a 'switch' over a run-time value that gives a value needs "
                    "an 'else'");
  const Arm &arm = expr.arms[i];
  auto give = [&] {
    return arm.value ? eval(*arm.value, expected)
                     : evalBlock(*arm.body, expected);
  };
  if (arm.values.empty())
    return give();
  Value taken;
  for (const Expr *candidate : arm.values) {
    Value same = compareValues(Operator::Eq, value, evalComptime(*candidate),
                               candidate->loc);
    taken = taken ? binary(Operator::BitOr, taken, same, candidate->loc) : same;
  }
  return chooseRunTime(
      taken, give, [&] { return chooseArm(expr, value, i + 1, expected); },
      arm.loc, expected);
}

Value Sema::evalSwitch(const Expr &expr, const Type *expected) {
  Value value = eval(*expr.args[0]);
  if (!value.isComptime())
    return chooseArm(expr, value, 0, expected);
  value = force(value, expr.loc);
  for (const Arm &arm : expr.arms) {
    bool taken = arm.values.empty();
    for (const Expr *candidate : arm.values)
      taken |=
          forceBool(compareValues(Operator::Eq, value, evalComptime(*candidate),
                                  candidate->loc),
                    candidate->loc);
    if (!taken)
      continue;
    if (arm.value)
      return eval(*arm.value);
    return evalBlock(*arm.body);
  }
  error(expr.loc, "no arm of the 'switch' is for " + describe(value));
}

/// A linear expression in the induction variables.
static bool linear(Sema &sema, const Expr &expr,
                   llvm::ArrayRef<Field> variables, std::vector<Value> &sum,
                   const Value &scale) {
  auto add = [&](size_t i, const Value &value) {
    sum[i] = sema.binary(Operator::Add, sum[i], value, expr.loc);
  };
  if (expr.kind == ExprKind::Name)
    for (size_t i = 0; i < variables.size(); ++i)
      if (variables[i].name == expr.name) {
        add(i, scale);
        return true;
      }
  auto uses = [&](auto &self, const Expr &e) -> bool {
    if (e.kind == ExprKind::Name)
      for (const Field &variable : variables)
        if (variable.name == e.name)
          return true;
    for (const Expr *arg : e.args)
      if (self(self, *arg))
        return true;
    return e.callee && self(self, *e.callee);
  };
  if (!uses(uses, expr)) {
    Value value = sema.eval(expr);
    if (value.isKnown() && value.type->isInt())
      value = sema.integer(value.i);
    add(variables.size(), sema.binary(Operator::Mul, scale, value, expr.loc));
    return true;
  }
  if (expr.kind == ExprKind::Unary && expr.op == Operator::Negate)
    return linear(sema, *expr.args[0], variables, sum,
                  sema.unary(Operator::Negate, scale, expr.loc));
  if (expr.kind != ExprKind::Binary)
    return false;
  const Expr &left = *expr.args[0], &right = *expr.args[1];
  if (expr.op == Operator::Add)
    return linear(sema, left, variables, sum, scale) &&
           linear(sema, right, variables, sum, scale);
  if (expr.op == Operator::Sub)
    return linear(sema, left, variables, sum, scale) &&
           linear(sema, right, variables, sum,
                  sema.unary(Operator::Negate, scale, expr.loc));
  if (expr.op != Operator::Mul)
    return false;
  bool leftUses = uses(uses, left);
  if (leftUses && uses(uses, right))
    return false;
  Value factor =
      sema.force(sema.evalComptime(leftUses ? right : left), expr.loc);
  if (!factor.type->isIntegral())
    return false;
  return linear(
      sema, leftUses ? left : right, variables, sum,
      sema.binary(Operator::Mul, scale, sema.integer(factor.i), expr.loc));
}

Value Sema::evalTensorAccess(const Expr &expr) {
  size_t rank = expr.fields.size();
  Reference base = resolve(*expr.callee);
  Value pointer;
  const Type *array = nullptr;
  if (base.place && base.place->type->is(TypeKind::Array)) {
    array = base.place->type;
    pointer = addressOf(*base.place, expr.loc);
  } else {
    Value value = base.place ? load(*base.place, expr.loc) : base.value;
    if (value.isKnown() && value.type->is(TypeKind::Array)) {
      array = value.type;
      Place place(Place::Global, array);
      place.isConst = true;
      place.var = materialize(value, expr.loc,
                              expr.callee->kind == ExprKind::Name
                                  ? c.names.text(expr.callee->name)
                                  : std::string_view("constant"));
      pointer = addressOf(place, expr.loc);
    } else if (value.type->isPointer()) {
      pointer = value;
      array = value.type->element;
      if (!array->is(TypeKind::Array))
        array = types.array(array, {1});
    } else {
      error(expr.loc, "a tensor access needs an array, not a value of type '" +
                          value.type->name + "'");
    }
  }
  if (expr.args.size() != array->dims.size())
    error(expr.loc, llvm::Twine(expr.args.size()) +
                        " subscripts for an array of " +
                        llvm::Twine(array->dims.size()) + " dimensions");
  // Row-major linear index: coefficients of the variables, then the constant.
  std::vector<Value> sum(rank + 1, integer(0));
  int64_t scale = 1;
  for (size_t d = expr.args.size(); d-- > 0;) {
    if (!linear(*this, *expr.args[d], expr.fields, sum, integer(scale)))
      error(expr.args[d]->loc, "a subscript of a tensor access must be linear "
                               "in the induction variables");
    scale *= array->dims[d];
  }
  Aggregate *extent = aggregate(uint32_t(rank), false),
            *stride = aggregate(uint32_t(rank), false);
  std::vector<int64_t> sizes(rank), steps(rank);
  for (size_t i = 0; i < rank; ++i) {
    extent->values[i] = eval(*expr.fields[i].value);
    steps[i] = forceInt(sum[i], expr.loc);
    if (rank > 1)
      sizes[i] = forceInt(extent->values[i], expr.loc);
    constexpr int64_t most = 1 << 24;
    if (steps[i] < -most || steps[i] > most || sizes[i] < 0 || sizes[i] > most)
      error(expr.loc, "a tensor access with extent " + llvm::Twine(sizes[i]) +
                          " and stride " + llvm::Twine(steps[i]) +
                          "; both must be at most " + llvm::Twine(most));
  }
  // Strides are incremental, innermost first.
  for (size_t d = 0; d < rank; ++d) {
    size_t dim = rank - 1 - d;
    int64_t step = steps[dim];
    for (size_t inner = dim + 1; inner < rank; ++inner)
      step -= steps[inner] * (sizes[inner] - 1);
    stride->values[d] = integer(step);
  }
  auto name = [&](const char *text) { return c.names.intern(text); };
  return structValue(
      {{name("base_address"), pointer},
       {name("offset"), sum[rank]},
       {name("stride"),
        Value::known(types.anonStruct, &Value::aggregate, stride)},
       {name("extent"),
        Value::known(types.anonStruct, &Value::aggregate, extent)}});
}
