//===- SemaAssign.cpp - assignments and temporaries -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

/// What stands left of `=`; `access.symbol` is null for a new name.
bool Sema::readTarget(const Expr &target, Access &access, std::string &name) {
  const Expr *base = &target;
  while (base->is(ExprKind::Subscript))
    base = &base->args[0];
  if (base->is(ExprKind::Attribute) && base->text == "A") {
    error(target.range, "a table is read-only, and '.A' is for reading",
          "write the element of a field as x[0, 0, 0][n]");
    return false;
  }
  if (!base->is(ExprKind::Name)) {
    error(target.range, "this cannot be assigned to",
          "a target is a name, maybe with offsets and data indices");
    return false;
  }
  name = std::string(base->text);
  Symbol *symbol = find(name);
  access.range = target.range;
  if (!symbol) {
    if (frame->externals.contains(name)) {
      error(target.range, "external '" + name + "' is read-only",
            "assign to a temporary of another name");
      return false;
    }
    if (base == &target)
      return true;
    bool hasData = base != &target.args[0];
    if (hasData)
      error(target.range,
            "temporary '" + name + "' has data dimensions but no declaration",
            "write '" + name +
                ": Field[(float64, (n,))] = 0.0' before the "
                "computations");
    for (size_t i = 1; !hasData && i < target.args.size(); ++i) {
      Constant index = fold(target.args[i]);
      bool isZero = index.is(Constant::Int) && index.integer == 0;
      if (target.args[i].is(ExprKind::Ellipsis) || isZero)
        continue;
      error(target.range, "'" + name + "' is first assigned at an offset",
            "assign to '" + name + "' itself before");
      return false;
    }
    return !hasData;
  }
  if (symbol->kind == Symbol::Failed)
    return false;
  if (symbol->kind == Symbol::Scalar) {
    error(target.range, "scalar parameter '" + name + "' is read-only",
          "assign to a temporary of another name",
          {{symbol->declared, "'" + name + "' is a parameter"}});
    return false;
  }
  return readAccess(target, access, /*isTarget=*/true);
}

bool Sema::checkTarget(const Access &access) {
  const Symbol &symbol = *access.symbol;
  stencil::FieldType type = symbol.field();
  if (access.offset[0] != 0 || access.offset[1] != 0) {
    error(access.range, "a target has no offset in I or J",
          "read the neighbours instead of writing them");
    return false;
  }
  bool isParallel = *order == stencil::Order::Parallel;
  if ((access.offset[2] != 0 || access.shift) && isParallel) {
    error(access.range, "a target has no offset in K in a PARALLEL computation",
          "choose FORWARD or BACKWARD");
    return false;
  }
  if (type.getAxes() == stencil::Axes::None) {
    error(access.range, "table '" + symbol.name + "' is read-only", "",
          {{symbol.declared, "declared here"}});
    return false;
  }
  if (type.hasI() && type.hasJ() && (type.hasK() || !isParallel))
    return true;
  std::string axes = stencil::stringifyAxes(type.getAxes()).str();
  if (type.hasI() && type.hasJ())
    error(access.range,
          "field '" + symbol.name + "' with axes " + axes +
              " is written in a PARALLEL computation",
          "every level would write the same points; choose FORWARD or "
          "BACKWARD, where the last level written wins",
          {{symbol.declared, "declared here"}});
  else
    error(access.range,
          "field '" + symbol.name + "' with axes " + axes + " is read-only",
          "fields with axes IJK can be written, and those with axes IJ in "
          "FORWARD and BACKWARD computations",
          {{symbol.declared, "declared here"}});
  return false;
}

Symbol *Sema::newTemporary(std::string name, Type type, ast::Range range,
                           Frame *owner) {
  std::string full = name == "return" ? "result" : name; // of a function
  full += owner ? owner->suffix : "";
  unsigned count = temporaryNames[full]++;
  if (count)
    full += "__" + std::to_string(count);
  OpBuilder::InsertionGuard restore(builder);
  if (lastTemporary)
    builder.setInsertionPointAfter(lastTemporary);
  else
    builder.setInsertionPointToStart(&program.getBody().front());
  auto op = builder.create<stencil::TemporaryOp>(loc(range), type, full);
  lastTemporary = op;
  Symbol *symbol = makeSymbol(Symbol::Field, std::move(name), range);
  symbol->value = op.getField();
  return symbol;
}

/// The type after the colon of `t: float32 = ...`.
bool Sema::localType(const Expr &annotation, TypeDesc &type) {
  TypeReader reader(options, modules,
                    Modules::scopeIn(*frame->module, *frame->function),
                    lookup(), /*isParameter=*/false);
  type = reader.read(annotation);
  if (!type) {
    error(annotation.range, "invalid type of a temporary: " + reader.reason,
          reader.hint);
    return false;
  }
  if (!type.isField) {
    type.axes = stencil::Axes::IJK;
    type.isField = true;
    if (type.dims.empty())
      return true;
  }
  if (!type.dims.empty()) {
    error(annotation.range,
          "temporaries with data dimensions are declared before the "
          "computations");
    return false;
  }
  if (type.axes == stencil::Axes::IJK)
    return true;
  if (type.axes != stencil::Axes::IJ) {
    error(annotation.range,
          "a temporary cannot have axes " + stencil::stringifyAxes(type.axes),
          "temporaries have axes IJK or IJ");
    return false;
  }
  if (*order == stencil::Order::Parallel) {
    error(annotation.range,
          "an IJ temporary is written in a PARALLEL computation",
          "choose FORWARD or BACKWARD");
    return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Assignments
//===----------------------------------------------------------------------===//

/// Writes `value`; runs in the frame of the target, as `range` is.
void Sema::store(const Access &access, Value value, ArrayRef<int64_t> element,
                 const ast::Range &range) {
  stencil::FieldType type = access.symbol->field();
  Value converted = convert(value, type.getElementType(), loc(range));
  SmallVector<Value> data;
  if (!converted || !dataValues(access, element, data))
    return;
  Value shift;
  if (access.shift) {
    shift = indexValue(*access.shift, "a vertical offset");
    if (!shift)
      return;
  }
  auto write = builder.create<stencil::WriteOp>(loc(range), converted,
                                                access.symbol->value, data);
  write.setDk(access.offset[2]);
  if (shift)
    write.getShiftMutable().assign(shift);
  if (!inRegion && !access.symbol->written)
    access.symbol->written = place(access.range);
}

/// All elements of data dimensions in order; one empty list without any.
std::vector<Shape> gtscript::elementsOf(ArrayRef<int64_t> dims) {
  std::vector<Shape> result(1);
  for (int64_t size : dims) {
    std::vector<Shape> longer;
    for (const Shape &prefix : result)
      for (int64_t i = 0; i < size; ++i) {
        longer.push_back(prefix);
        longer.back().push_back(i);
      }
    result = std::move(longer);
  }
  return result;
}

/// Finds or makes what an assignment writes; runs in the frame of the target.
bool Sema::prepareTarget(const Expr &targetExpr, const Expr *annotation,
                         Access &access, std::string &name, TypeDesc &type) {
  if (!readTarget(targetExpr, access, name))
    return false;
  for (const Expr *part : {access.shift, access.data})
    if (part)
      inlineCalls(*part);
  if (!access.symbol)
    return !annotation || localType(*annotation, type);
  if (annotation) {
    error(annotation->range, "'" + name + "' has a type already", "",
          {{access.symbol->declared, "declared here"}});
    return false;
  }
  return checkTarget(access);
}

/// Assignments of all elements that one statement may stand for.
static constexpr int64_t maxUnrolled = 4096;

bool Sema::checkUnrolling(ArrayRef<int64_t> dims, const ast::Range &range) {
  int64_t count = 1;
  for (int64_t size : dims)
    count *= size;
  if (count <= maxUnrolled)
    return true;
  error(range, "this assigns " + Twine(count) + " elements at once; at most " +
                   Twine(maxUnrolled) + " are possible");
  return false;
}

static std::string shapeText(ArrayRef<int64_t> sizes) {
  if (sizes.empty())
    return "none";
  std::string result;
  for (int64_t size : sizes)
    result += (result.empty() ? "(" : ", ") + std::to_string(size);
  return result + ")";
}

/// `targetExpr`, in `targetFrame` as `range` is, gets the value of `value` in
/// the frame at hand.
void Sema::assign(const Expr &targetExpr, Frame *targetFrame, const Expr &value,
                  const ast::Range &range, const Expr *annotation) {
  inlineCalls(value);
  Frame *valueFrame = frame;
  FrameScope scope(frame, targetFrame);
  Access access;
  std::string name;
  TypeDesc type;
  if (!prepareTarget(targetExpr, annotation, access, name, type))
    return;
  Shape dims, shape;
  if (access.symbol && !access.hasData())
    dims.assign(access.symbol->field().getDataDims().begin(),
                access.symbol->field().getDataDims().end());
  {
    FrameScope inner(frame, valueFrame);
    shape = shapeOf(value);
  }
  if (!shape.empty() && !dims.empty() && shape != dims) {
    error(range, "a value with data dimensions " + shapeText(shape) +
                     " is assigned to '" + name + "' with " + shapeText(dims));
    return;
  }
  if (!checkUnrolling(dims, range))
    return;
  Location at = loc(range);
  for (const Shape &element : elementsOf(dims))
    group([&] {
      point(at, [&] {
        Value result, outerTarget = target;
        target = access.symbol ? access.symbol->value : Value();
        {
          FrameScope inner(frame, valueFrame);
          result = expr(value, element);
        }
        target = outerTarget;
        if (!access.symbol)
          access.symbol = firstAssigned(name, result, type, targetExpr.range);
        if (result)
          store(access, result, element, range);
      });
    });
}

/// The temporary that an assignment to a new name makes.
Symbol *Sema::firstAssigned(const std::string &name, Value value,
                            const TypeDesc &declared, const ast::Range &range) {
  Symbol *symbol = nullptr;
  if (value) {
    Type type = declared ? declared.get(context)
                         : stencil::FieldType::get(context, stencil::Axes::IJK,
                                                   value.getType(), {});
    symbol = newTemporary(name, type, range, frame);
  } else {
    symbol = makeSymbol(Symbol::Failed, name, range);
  }
  frame->names[name] = symbol;
  return symbol;
}

void Sema::assignTuple(const Expr &targetTuple, const Expr &value,
                       const ast::Range &range) {
  if (value.is(ExprKind::Call) && calledFunction(value)) {
    inlineCall(value, &targetTuple, range);
    return;
  }
  if (!value.is(ExprKind::Tuple) && !value.is(ExprKind::List)) {
    error(value.range,
          Twine(targetTuple.args.size()) + " targets but one value",
          "write as many values, separated by commas");
    return;
  }
  if (value.args.size() != targetTuple.args.size()) {
    error(range, Twine(targetTuple.args.size()) + " targets but " +
                     Twine(value.args.size()) + " values");
    return;
  }
  std::vector<std::string_view> written;
  for (size_t i = 0; i < value.args.size(); ++i) {
    std::function<const Expr *(const Expr &)> readsWritten =
        [&](const Expr &part) -> const Expr * {
      if (part.is(ExprKind::Name) && llvm::is_contained(written, part.text))
        return &part;
      for (const Expr &arg : part.args)
        if (const Expr *found = readsWritten(arg))
          return found;
      return nullptr;
    };
    if (const Expr *found = readsWritten(value.args[i]))
      warning(found->range,
              "'" + Twine(found->text) +
                  "' is read after the same tuple "
                  "assignment has changed it",
              "the parts are assigned from left to right; use a temporary to "
              "exchange values");
    assign(targetTuple.args[i], frame, value.args[i], range);
    const Expr *base = &targetTuple.args[i];
    while (base->is(ExprKind::Subscript))
      base = &base->args[0];
    written.push_back(base->text);
  }
}

void Sema::assignStmt(const Stmt &stmt) {
  if (stmt.targets.size() != 1) {
    error(stmt.range, "several targets of one assignment: a = b = c",
          "write one assignment for each");
    return;
  }
  const Expr &targetExpr = stmt.targets[0];
  if (stmt.kind == StmtKind::AnnAssign && !stmt.value) {
    error(stmt.range, "a temporary gets its value where it is declared",
          "write '= value' after the type");
    return;
  }
  if (targetExpr.is(ExprKind::Tuple) || targetExpr.is(ExprKind::List)) {
    assignTuple(targetExpr, stmt.value, stmt.range);
    return;
  }
  const Expr *value = &stmt.value;
  if (stmt.kind == StmtKind::AugAssign) {
    Expr &sum = made.emplace_back();
    sum.kind = stmt.op > ast::lastOfGTScript ? ExprKind::Unsupported
                                             : ExprKind::Binary;
    sum.op = stmt.op;
    sum.range = stmt.range;
    sum.opRange = stmt.range;
    sum.text = ast::spelling(stmt.op);
    sum.args.push_back(targetExpr);
    sum.args.push_back(stmt.value);
    value = &sum;
  }
  if (value->is(ExprKind::Tuple)) {
    error(value->range,
          "one target but " + Twine(value->args.size()) + " values");
    return;
  }
  if (stmt.kind == StmtKind::Assign && value->is(ExprKind::Call) &&
      calledFunction(*value)) {
    inlineCall(*value, &targetExpr, stmt.range);
    return;
  }
  assign(targetExpr, frame, *value, stmt.range,
         stmt.kind == StmtKind::AnnAssign ? &stmt.annotation : nullptr);
}
