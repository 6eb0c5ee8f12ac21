//===- SemaStmt.cpp - statements ------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Interprets, or emits when there is a builder. Conditions known at compile
// time choose a branch in both cases. Run-time control flow is in SemaFlow.cpp.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Sema.h"

using namespace spada::cslfront;

Flow Sema::exec(const Stmt &stmt) {
  step(stmt.loc);
  switch (stmt.kind) {
  case StmtKind::Decl:
    return execDecl(*stmt.decl);
  case StmtKind::Block: {
    if (stmt.label && !emitting()) {
      Loop loop;
      loop.label = stmt.label;
      loop.isBlock = true;
      loops.push_back(loop);
      LocalScope scope(*this);
      Flow flow = execList(stmt.body);
      loops.pop_back();
      if (flow.kind == Flow::Break && flow.label == stmt.label)
        return {};
      return flow;
    }
    if (stmt.label) {
      BlockResult given;
      return genBlock(stmt, nullptr, given);
    }
    LocalScope scope(*this);
    return execList(stmt.body);
  }
  case StmtKind::If: {
    Value condition = coerce(eval(*stmt.expr), types.boolType, stmt.expr->loc);
    if (condition.isComptime()) {
      if (forceBool(condition, stmt.loc))
        return execBody(*stmt.body[0]);
      return stmt.body.size() > 1 ? execBody(*stmt.body[1]) : Flow{};
    }
    return genIf(
        condition, [&] { return execBody(*stmt.body[0]); },
        [&] { return stmt.body.size() > 1 ? execBody(*stmt.body[1]) : Flow{}; },
        stmt.loc);
  }
  case StmtKind::While:
    return execWhile(stmt);
  case StmtKind::For:
    return execFor(stmt);
  case StmtKind::Switch:
    return execSwitch(stmt);
  case StmtKind::Return: {
    if (!frame)
      error(stmt.loc, "'return' outside of a function");
    bool isVoid = !frame->result || frame->result->is(TypeKind::Void);
    if (emitting() && !frame->isEmitted && !isVoid &&
        branchDepth != frame->branchDepth)
      error(stmt.loc, "a value of type '" + frame->result->name +
                          "' cannot be returned under a run-time condition");
    if (isVoid != !stmt.expr) {
      if (!isVoid || !eval(*stmt.expr).type->is(TypeKind::Void))
        error(stmt.loc, isVoid
                            ? "a value is returned, but the function gives none"
                            : "'return' without a value, but the function "
                              "gives one of type '" +
                                  llvm::Twine(frame->result->name) + "'");
    } else if (!isVoid) {
      Value value =
          coerce(eval(*stmt.expr, frame->result), frame->result, stmt.loc);
      if (frame->isEmitted)
        locals[frame->resultLocal].value = value;
      else
        frame->value = value;
    }
    if (frame->isEmitted && frame->mayReturnEarly)
      locals[frame->returnedLocal].value = boolean(true);
    return {Flow::Return};
  }
  case StmtKind::Break:
  case StmtKind::Continue: {
    bool isBreak = stmt.kind == StmtKind::Break;
    if (stmt.expr)
      blockValue = eval(*stmt.expr);
    for (size_t i = loops.size(); i-- > 0;) {
      if (stmt.label && loops[i].label != stmt.label)
        continue;
      if (!stmt.label && loops[i].isBlock)
        continue;
      ++loops[i].breaks;
      if (loops[i].isEmitted && isBreak && loops[i].resultLocal)
        locals[loops[i].resultLocal].value =
            coerce(blockValue, locals[loops[i].resultLocal].type, stmt.loc);
      if (loops[i].isEmitted)
        locals[isBreak ? loops[i].brokenLocal : loops[i].continuedLocal].value =
            boolean(true);
      return {isBreak ? Flow::Break : Flow::Continue, loops[i].label};
    }
    if (stmt.label)
      error(stmt.loc, "no loop or block around this is labelled '" +
                          llvm::Twine(c.names.text(stmt.label)) + "'");
    error(stmt.loc, isBreak ? "'break' outside of a loop"
                            : "'continue' outside of a loop");
  }
  case StmtKind::Comptime: {
    Saved<mlir::OpBuilder *> interpreting(opBuilder, nullptr);
    return execBody(*stmt.body[0]);
  }
  case StmtKind::Assign:
    return execAssign(stmt);
  case StmtKind::Expr:
    eval(*stmt.expr);
    return {};
  case StmtKind::Empty:
    return {};
  }
  return {};
}

Flow Sema::execBody(const Stmt &stmt) {
  LocalScope scope(*this);
  return exec(stmt);
}

Flow Sema::execList(llvm::ArrayRef<Stmt *> stmts, size_t from) {
  for (size_t i = from; i < stmts.size(); ++i) {
    const Stmt &stmt = *stmts[i];
    // What follows an 'if' of which one branch leaves belongs to the other.
    if (emitting() && stmt.kind == StmtKind::If && i + 1 < stmts.size()) {
      Value condition =
          coerce(eval(*stmt.expr), types.boolType, stmt.expr->loc);
      Flow flow;
      if (condition.isComptime()) {
        if (forceBool(condition, stmt.loc))
          flow = execBody(*stmt.body[0]);
        else if (stmt.body.size() > 1)
          flow = execBody(*stmt.body[1]);
      } else {
        bool done = false;
        flow = genIfThenRest(condition, stmt, stmts.slice(i + 1), done);
        if (done)
          return flow;
      }
      if (flow.kind == Flow::Partial)
        return guardRest(stmts.slice(i + 1));
      if (flow.kind != Flow::Normal)
        return flow;
      continue;
    }
    Flow flow = exec(stmt);
    if (flow.kind == Flow::Partial && i + 1 < stmts.size())
      return guardRest(stmts.slice(i + 1));
    if (flow.kind != Flow::Normal)
      return flow;
  }
  return {};
}

Flow Sema::execDecl(const Decl &decl) {
  const Type *type = decl.type ? evalType(*decl.type) : nullptr;
  Value value;
  std::optional<Place> source; // of an array to copy
  if (decl.value && decl.kind == DeclKind::Var)
    source = arrayInMemory(*decl.value);
  if (source)
    type = type ? type : source->type;
  else if (decl.value)
    value = eval(*decl.value, type);
  if (type && value)
    value = coerce(value, type, decl.loc);
  std::string_view name = c.names.text(decl.name);
  Local local;
  local.name = decl.name;
  if (decl.kind == DeclKind::Const) {
    if (!value)
      error(decl.loc, "constant '" + llvm::Twine(name) + "' needs a value");
    if (value.isKnown() && value.type->isDsd() && value.dsd->wantedName.empty())
      const_cast<DsdConst *>(value.dsd)->wantedName = std::string(name);
    local.type = value.type;
    local.value = value;
    locals.push_back(local);
    return {};
  }
  if (decl.kind != DeclKind::Var)
    error(decl.loc, "only 'const' and 'var' can be declared here");
  if (!type) {
    if (!value)
      error(decl.loc,
            "variable '" + llvm::Twine(name) + "' needs a type or a value");
    if (emitting() && value.type == types.anonStruct) {
      type = recordType(value, decl.loc);
      value = coerce(value, type, decl.loc);
    } else if (emitting()) {
      value = runTimeType(value, decl.loc);
    }
    type = value.type;
  }
  local.type = type;
  local.value = value;
  bool isRecord = emitting() && type->isRecord();
  if (!emitting() || (type->isComptimeOnly() && !isRecord)) {
    if (emitting() && type->is(TypeKind::Array)) {
      error(decl.loc, "an array of type '" + type->name +
                          "' cannot be a variable when the program runs");
    } else if (emitting() && type->is(TypeKind::Struct)) {
      error(decl.loc, "a struct with a field that memory cannot hold cannot "
                      "be a variable when the program runs");
    }
    local.kind = Local::ComptimeVar;
    if (value)
      local.value = copyAggregate(value);
    locals.push_back(local);
    return {};
  }
  if (isRecord || type->is(TypeKind::Array) || program->isAddressTaken(decl)) {
    local.kind = Local::Memory;
    GlobalVar &var = c.variables.emplace_back();
    var.type = type;
    var.loc = decl.loc;
    var.name = std::string(name);
    if (decl.align)
      var.align = forceInt(evalComptime(*decl.align), decl.align->loc);
    local.var = &var;
    locals.push_back(local);
    Place place(Place::Global, type);
    place.var = &var;
    if (source)
      copyArray(place, *source, decl.loc);
    else if (value)
      store(place, value, decl.loc);
    return {};
  }
  local.kind = Local::RunVar;
  if (value && type->isDsd())
    local.value = runTime(type, materializeValue(value, decl.loc));
  if (!value)
    local.value = program->zero(*this, type, decl.loc);
  locals.push_back(local);
  return {};
}

Flow Sema::execAssign(const Stmt &stmt) {
  if (stmt.target->kind == ExprKind::Name &&
      c.names.text(stmt.target->name) == "_") {
    eval(*stmt.expr);
    return {};
  }
  Reference reference = resolve(*stmt.target);
  if (!reference.place && stmt.target->kind == ExprKind::Name)
    error(stmt.loc, "'" + llvm::Twine(c.names.text(stmt.target->name)) +
                        "' is a constant or a parameter and cannot be "
                        "assigned to");
  if (!reference.place)
    error(stmt.loc, "what stands before '=' is not a variable");
  Place place = *reference.place;
  if (stmt.op == Operator::None && place.type->is(TypeKind::Array))
    if (std::optional<Place> source = arrayInMemory(*stmt.expr)) {
      copyArray(place, *source, stmt.loc);
      return {};
    }
  Value value = eval(*stmt.expr, place.type);
  if (stmt.op != Operator::None) {
    Value old = load(place, stmt.loc);
    const Type *type = old.type;
    value = binary(stmt.op, old, value, stmt.loc);
    if (value.type != type)
      value = coerce(value, type, stmt.loc);
  }
  store(place, value, stmt.loc);
  return {};
}

/// Does the flow leave the loop? Afterwards `flow` is what the loop gives.
static bool leavesLoop(Flow &flow, Name label) {
  bool mine = flow.label == label || flow.label == 0;
  if (flow.kind == Flow::Normal)
    return false;
  if (flow.kind == Flow::Continue && mine) {
    flow = {};
    return false;
  }
  if (flow.kind == Flow::Break && mine)
    flow = {};
  return true;
}

Flow Sema::execWhile(const Stmt &stmt) {
  if (emitting() && !stmt.isInline) {
    KeepLocals keep(*this);
    mlir::Block scratch;
    mlir::OpBuilder inner = atEnd(scratch);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    Value first = eval(*stmt.expr);
    if (first.isKnown() && first.type->is(TypeKind::Bool) && !first.i)
      return {};
  }
  if (emitting() && !stmt.isInline)
    return genWhile(
        [&] {
          return coerce(eval(*stmt.expr), types.boolType, stmt.expr->loc);
        },
        stmt);
  Loop loop;
  loop.label = stmt.label;
  loops.push_back(loop);
  Flow flow;
  for (int64_t count = 0;; ++count) {
    Value condition = coerce(eval(*stmt.expr), types.boolType, stmt.expr->loc);
    if (condition.isRunTime())
      error(stmt.expr->loc, "the condition of an inline 'while' must be known "
                            "at compile time");
    if (!forceBool(condition, stmt.loc))
      break;
    if (emitting() && count >= c.options.maxInlinedIterations)
      error(stmt.loc, "the inline loop runs more than " +
                          llvm::Twine(c.options.maxInlinedIterations) +
                          " times; raise --max-inlined-iterations");
    flow = execBody(*stmt.body[0]);
    if (leavesLoop(flow, stmt.label))
      break;
    if (stmt.step)
      exec(*stmt.step);
  }
  loops.pop_back();
  return flow;
}

/// One round of an inline loop in code that runs, unless flags say that an
/// earlier one has left.
Flow Sema::execInlined(const Stmt &body) {
  locals[loops.back().continuedLocal].value = boolean(false);
  Value left = leftFlag(false, body.loc);
  if (left.isKnown())
    return left.i ? Flow{Flow::Partial} : exec(body);
  genIf(
      unary(Operator::Not, left, body.loc), [&] { return exec(body); },
      [] { return Flow{}; }, body.loc);
  return {Flow::Partial};
}

Flow Sema::execFor(const Stmt &stmt) {
  Reference reference = resolve(*stmt.expr);
  Value over = reference.place ? Value() : reference.value;
  if (reference.place && !reference.place->type->is(TypeKind::Array))
    over = load(*reference.place, stmt.expr->loc);
  if (reference.place && reference.place->kind == Place::Slot)
    over = load(*reference.place, stmt.expr->loc);
  auto declare = [&](Name name, Value value) {
    if (!name)
      return;
    Local local;
    local.name = name;
    local.value = value;
    local.type = value.type;
    locals.push_back(local);
  };
  RangeValue range;
  int64_t count = 0;
  const Type *arrayType = reference.place && !over ? reference.place->type
                          : over                   ? over.type
                                                   : nullptr;
  if (over && over.type->is(TypeKind::Range)) {
    range = *over.range;
  } else if (arrayType && arrayType->is(TypeKind::Array)) {
    if (arrayType->dims.size() != 1)
      error(stmt.loc, "'for' goes over arrays of one dimension, not over '" +
                          arrayType->name + "'");
    count = arrayType->count();
    range = {Value::integer(types.u16, 0), Value::integer(types.u16, count),
             Value::integer(types.u16, 1)};
  } else {
    error(stmt.expr->loc,
          "'for' goes over a range or an array, not over " + describe(over));
  }
  bool isArray = arrayType && arrayType->is(TypeKind::Array);
  auto elementAt = [&](const Value &index) {
    if (over)
      return over.isKnown() && index.isKnown()
                 ? over.aggregate->at(uint32_t(index.i))
                 : load(indexed(
                            [&] {
                              Place place(Place::Global, over.type);
                              place.isConst = true;
                              place.var =
                                  materialize(over, stmt.loc, "constant");
                              return place;
                            }(),
                            {index}, stmt.loc),
                        stmt.loc);
    return load(indexed(*reference.place, {index}, stmt.loc), stmt.loc);
  };
  if (emitting() && !stmt.isInline)
    return genFor(stmt, range, [&](Value index, Value position) {
      declare(stmt.payload, isArray ? elementAt(index) : index);
      declare(stmt.indexPayload, isArray ? index : position);
    });
  int64_t start = forceInt(range.start, stmt.loc),
          stop = forceInt(range.stop, stmt.loc),
          step = forceInt(range.step, stmt.loc);
  LocalScope flags(*this);
  Loop loop;
  loop.label = stmt.label;
  if ((loop.isEmitted = emitting())) {
    loop.brokenLocal = addRunVar(types.boolType, boolean(false));
    loop.continuedLocal = addRunVar(types.boolType, boolean(false));
  }
  loops.push_back(loop);
  Flow flow;
  bool partial = false;
  int64_t position = 0;
  if (step == 0)
    error(stmt.loc, "the step of a range cannot be 0");
  bool isOver = step > 0 ? start >= stop : start <= stop;
  for (int64_t i = start; !isOver; ++position) {
    if (emitting() && position >= c.options.maxInlinedIterations)
      error(stmt.loc, "the inline loop runs more than " +
                          llvm::Twine(c.options.maxInlinedIterations) +
                          " times; raise --max-inlined-iterations");
    LocalScope scope(*this);
    Arena::Mark mark = c.arena.mark();
    bool outerEscaped = escaped;
    escaped = false;
    Value index = Value::integer(range.start.type, i);
    declare(stmt.payload, isArray ? elementAt(index) : index);
    declare(stmt.indexPayload,
            isArray ? index : Value::integer(types.u16, position));
    flow = emitting() ? execInlined(*stmt.body[0]) : exec(*stmt.body[0]);
    partial |= flow.kind == Flow::Partial;
    if (flow.kind == Flow::Partial)
      flow = {};
    // What the iteration made is gone unless something outside holds it.
    if (layout && !escaped && flow.kind == Flow::Normal)
      c.arena.release(mark);
    escaped |= outerEscaped;
    if (leavesLoop(flow, stmt.label))
      break;
    isOver = __builtin_add_overflow(i, step, &i) ||
             (step > 0 ? i >= stop : i <= stop);
  }
  if (partial && flow.kind == Flow::Normal)
    return leaveLoop(stmt);
  loops.pop_back();
  return flow;
}

Flow Sema::execSwitch(const Stmt &stmt) {
  const Expr &expr = *stmt.expr;
  Value value = eval(*expr.args[0]);
  auto run = [&](const Arm &arm) {
    LocalScope scope(*this);
    if (arm.value) {
      eval(*arm.value);
      return Flow{};
    }
    return exec(*arm.body);
  };
  if (value.isComptime()) {
    value = force(value, expr.loc);
    for (const Arm &arm : expr.arms) {
      bool taken = arm.values.empty();
      for (const Expr *candidate : arm.values)
        taken = taken || forceBool(compareValues(Operator::Eq, value,
                                                 evalComptime(*candidate),
                                                 candidate->loc),
                                   candidate->loc);
      if (taken)
        return run(arm);
    }
    return {};
  }
  std::function<Flow(size_t)> arms = [&](size_t i) -> Flow {
    if (i == expr.arms.size())
      return {};
    const Arm &arm = expr.arms[i];
    if (arm.values.empty())
      return run(arm);
    Value taken;
    for (const Expr *candidate : arm.values) {
      Value same = compareValues(Operator::Eq, value, evalComptime(*candidate),
                                 candidate->loc);
      taken =
          taken ? binary(Operator::BitOr, taken, same, candidate->loc) : same;
    }
    return genIf(
        taken, [&] { return run(arm); }, [&] { return arms(i + 1); }, arm.loc);
  };
  return arms(0);
}
