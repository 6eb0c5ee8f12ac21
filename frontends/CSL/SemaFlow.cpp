//===- SemaFlow.cpp - run-time control flow -------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Structured ops from structured statements: a scalar variable is an SSA value,
// branches and loops give the new ones as results. 'return', 'break' and
// 'continue' away from the end of their list set flags that guard what follows.
//
//===----------------------------------------------------------------------===//

#include "Numbers.h"
#include "Program.h"
#include "Sema.h"
#include "Walk.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace spada::cslfront;

static Flow combine(Flow a, Flow b) {
  if (a.kind == b.kind && a.label == b.label)
    return a;
  return {Flow::Partial};
}

static bool leaves(const Flow &flow) {
  return flow.kind == Flow::Return || flow.kind == Flow::Break ||
         flow.kind == Flow::Continue;
}

namespace {
/// Two blocks, each with the values that the locals have at its end.
class Branches {
public:
  explicit Branches(Sema &sema) : sema(sema), start(sema.runVars()) {}

  /// Emits to the end of a block.
  Flow emit(unsigned branch, llvm::function_ref<Flow()> body) {
    sema.setRunVars(ends[branch].empty() ? start : ends[branch]);
    Saved<unsigned> depth(sema.branchDepth, sema.branchDepth + 1);
    mlir::OpBuilder inner = sema.atEnd(*blocks[branch]);
    Saved<mlir::OpBuilder *> scope(sema.opBuilder, &inner);
    Flow flow = body();
    ends[branch] = sema.runVars();
    return flow;
  }

  /// Joins the blocks to an scf.if.
  void finish(const Value &condition, Loc at) {
    std::vector<size_t> changed;
    for (size_t i = 0; i < start.size(); ++i)
      if (!ends[0][i].isSame(ends[1][i]))
        changed.push_back(i);
    llvm::SmallVector<mlir::Type> types;
    for (unsigned branch : {0u, 1u}) {
      mlir::OpBuilder inner = sema.atEnd(*blocks[branch]);
      Saved<mlir::OpBuilder *> scope(sema.opBuilder, &inner);
      llvm::SmallVector<mlir::Value> results;
      for (size_t i : changed) {
        results.push_back(sema.materializeValue(ends[branch][i], at));
        if (branch == 0)
          types.push_back(results.back().getType());
      }
      inner.create<mlir::scf::YieldOp>(sema.location(at), results);
    }
    sema.setRunVars(start);
    auto op = sema.builder().create<mlir::scf::IfOp>(
        sema.location(at), types, sema.materializeValue(condition, at), false,
        false);
    op.getThenRegion().push_back(blocks[0].release());
    if (!changed.empty() || blocks[1]->getOperations().size() > 1)
      op.getElseRegion().push_back(blocks[1].release());
    sema.setRunVars(ends[0]);
    for (auto [i, result] : llvm::zip(changed, op.getResults()))
      local(i).value = sema.runTime(local(i).type, result);
  }

private:
  Local &local(size_t i) { return sema.locals[sema.frameBase + i]; }
  Sema &sema;
  std::unique_ptr<mlir::Block> blocks[2] = {std::make_unique<mlir::Block>(),
                                            std::make_unique<mlir::Block>()};
  std::vector<Value> start, ends[2];
};
} // namespace

std::vector<Value> Sema::runVars() const {
  std::vector<Value> result;
  for (size_t i = frameBase; i < locals.size(); ++i)
    result.push_back(locals[i].kind == Local::RunVar ? locals[i].value
                                                     : Value());
  return result;
}

void Sema::setRunVars(const std::vector<Value> &values) {
  for (size_t i = 0; i < values.size(); ++i)
    if (locals[frameBase + i].kind == Local::RunVar)
      locals[frameBase + i].value = values[i];
}

Flow Sema::genIf(const Value &condition, llvm::function_ref<Flow()> first,
                 llvm::function_ref<Flow()> second, Loc at) {
  Branches branches(*this);
  Flow a = branches.emit(0, first), b = branches.emit(1, second);
  branches.finish(condition, at);
  return combine(a, b);
}

Flow Sema::genIfThenRest(const Value &condition, const Stmt &stmt,
                         llvm::ArrayRef<Stmt *> rest, bool &done) {
  Branches branches(*this);
  Flow a = branches.emit(0, [&] { return execBody(*stmt.body[0]); });
  Flow b = branches.emit(1, [&] {
    return stmt.body.size() > 1 ? execBody(*stmt.body[1]) : Flow{};
  });
  auto continueIn = [&](unsigned branch) {
    return branches.emit(branch, [&] {
      LocalScope scope(*this);
      return execList(rest);
    });
  };
  done = leaves(a) || leaves(b);
  if (leaves(a) && b.kind == Flow::Normal)
    b = continueIn(1);
  else if (leaves(b) && a.kind == Flow::Normal)
    a = continueIn(0);
  else if (!(leaves(a) && leaves(b)))
    done = false;
  branches.finish(condition, stmt.loc);
  return combine(a, b);
}

Value Sema::leftFlag(bool withContinue, Loc at) {
  Value left = boolean(false);
  auto add = [&](size_t index) {
    const Value &flag = locals[index].value;
    if (flag.isKnown() && !flag.i)
      return;
    if (flag.isKnown() || (left.isKnown() && !left.i)) {
      left = flag;
      return;
    }
    if (!left.isKnown())
      left = binary(Operator::BitOr, left, flag, at);
  };
  if (frame && frame->mayReturnEarly)
    add(frame->returnedLocal);
  for (size_t i = loops.size(); i-- > 0;)
    if (loops[i].isEmitted) {
      add(loops[i].brokenLocal);
      if (withContinue || i + 1 != loops.size())
        add(loops[i].continuedLocal);
    }
  return left;
}

Flow Sema::guardRest(llvm::ArrayRef<Stmt *> rest) {
  Loc at = rest.front()->loc;
  Value left = leftFlag(true, at);
  if (left.isKnown())
    return left.i ? Flow{Flow::Partial} : execList(rest);
  Flow flow;
  genIf(
      unary(Operator::Not, left, at),
      [&] {
        LocalScope scope(*this);
        return flow = execList(rest);
      },
      [] { return Flow{}; }, at);
  // Outside of loops all paths have returned when the rest does.
  bool inLoop = llvm::any_of(loops, [](const Loop &l) { return l.isEmitted; });
  return flow.kind == Flow::Return && !inLoop ? flow : Flow{Flow::Partial};
}

std::vector<size_t> Sema::carriedLocals(const Stmt &stmt) {
  StmtFacts facts = factsOf(stmt);
  std::vector<size_t> result;
  for (size_t i = frameBase; i < locals.size(); ++i) {
    const Local &local = locals[i];
    if (local.kind != Local::RunVar)
      continue;
    bool carried = local.name && facts.assigned.count(local.name);
    if (frame && facts.returns && frame->isEmitted)
      carried |=
          (frame->mayReturnEarly && i == frame->returnedLocal) ||
          (!frame->result->is(TypeKind::Void) && i == frame->resultLocal);
    for (const Loop &loop : loops)
      if (loop.isEmitted)
        carried |=
            (facts.breaks && (i == loop.brokenLocal ||
                              (loop.resultLocal && i == loop.resultLocal))) ||
            (facts.continues && loop.label && i == loop.continuedLocal &&
             &loop != &loops.back());
    if (carried)
      result.push_back(i);
  }
  return result;
}

size_t Sema::addRunVar(const Type *type, Value value) {
  Local local;
  local.kind = Local::RunVar;
  local.type = type;
  local.value = value;
  locals.push_back(local);
  return locals.size() - 1;
}

void Sema::setCarried(llvm::ArrayRef<size_t> carried, mlir::ValueRange values) {
  for (auto [i, value] : llvm::zip(carried, values))
    locals[i].value = runTime(locals[i].type, value);
}

llvm::SmallVector<mlir::Value>
Sema::carriedValues(llvm::ArrayRef<size_t> carried, Loc at) {
  llvm::SmallVector<mlir::Value> result;
  for (size_t i : carried)
    result.push_back(materializeValue(locals[i].value, at));
  return result;
}

/// The loop itself: `carried` go around; `body` runs the statement.
void Sema::emitWhile(llvm::ArrayRef<size_t> carried,
                     llvm::function_ref<Value()> condition,
                     llvm::function_ref<void()> body, Loc at) {
  llvm::SmallVector<mlir::Value> start = carriedValues(carried, at);
  mlir::Location loc = location(at);
  llvm::SmallVector<mlir::Type> types(mlir::ValueRange(start).getTypes());
  llvm::SmallVector<mlir::Location> locs(types.size(), loc);
  auto before = std::make_unique<mlir::Block>(),
       after = std::make_unique<mlir::Block>();
  before->addArguments(types, locs);
  after->addArguments(types, locs);
  {
    KeepLocals keep(*this);
    mlir::OpBuilder inner = atEnd(*before);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    setCarried(carried, before->getArguments());
    Value left = leftFlag(false, at), goOn;
    if (left.isKnown())
      goOn = left.i ? boolean(false) : condition();
    else
      goOn = chooseRunTime(
          left, [&] { return boolean(false); }, [&] { return condition(); },
          at);
    mlir::Value flag = materializeValue(goOn, at);
    inner.create<mlir::scf::ConditionOp>(loc, flag, carriedValues(carried, at));
  }
  {
    KeepLocals keep(*this);
    mlir::OpBuilder inner = atEnd(*after);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    setCarried(carried, after->getArguments());
    Saved<unsigned> depth(branchDepth, branchDepth + 1);
    body();
    inner.create<mlir::scf::YieldOp>(loc, carriedValues(carried, at));
  }
  auto op = builder().create<mlir::scf::WhileOp>(loc, types, start);
  op.getBefore().push_back(before.release());
  op.getAfter().push_back(after.release());
  setCarried(carried, op.getResults());
}

void Sema::enterLoop(Name label) {
  Loop loop;
  loop.label = label;
  loop.isEmitted = true;
  loop.brokenLocal = addRunVar(types.boolType, boolean(false));
  loop.continuedLocal = addRunVar(types.boolType, boolean(false));
  loops.push_back(loop);
}

Flow Sema::genWhile(llvm::function_ref<Value()> condition, const Stmt &stmt) {
  LocalScope scope(*this);
  enterLoop(stmt.label);
  std::vector<size_t> carried = carriedLocals(stmt);
  emitWhile(
      carried, condition,
      [&] {
        execBody(*stmt.body[0]);
        if (!stmt.step)
          return;
        Value left = leftFlag(false, stmt.loc);
        if (left.isKnown()) {
          if (!left.i)
            exec(*stmt.step);
          return;
        }
        genIf(
            unary(Operator::Not, left, stmt.loc),
            [&] { return exec(*stmt.step); }, [] { return Flow{}; }, stmt.loc);
      },
      stmt.loc);
  return leaveLoop(stmt);
}

Flow Sema::leaveLoop(const Stmt &stmt) {
  loops.pop_back();
  StmtFacts facts = factsOf(stmt);
  bool outer = facts.returns;
  for (Name label : facts.labels)
    outer |= label != stmt.label;
  return outer ? Flow{Flow::Partial} : Flow{};
}

/// Can an index leave the type before the range ends?
static bool mayWrap(const RangeValue &range, const Type *type) {
  if (!range.step.isKnown())
    return true;
  int64_t step = range.step.i;
  if (step == 1 || step == -1)
    return false;
  if (type->isU64())
    return true;
  if (!range.stop.isKnown())
    return true;
  int64_t last;
  return __builtin_add_overflow(range.stop.i, step > 0 ? step - 1 : step + 1,
                                &last) ||
         wrap(last, type) != last;
}

Flow Sema::genFor(const Stmt &stmt, const RangeValue &range,
                  llvm::function_ref<void(Value, Value)> bind) {
  Loc at = stmt.loc;
  LocalScope scope(*this);
  enterLoop(stmt.label);
  StmtFacts facts = factsOf(stmt);
  const Type *type = range.start.type;
  if (type->is(TypeKind::ComptimeInt))
    type = types.i16;
  bool isKnown = range.start.isKnown() && range.stop.isKnown();
  int64_t most = int64_t((uint64_t(1) << (type->bits - 1)) - 1);
  bool inSigned = type->isSigned ||
                  (isKnown && range.start.i <= most && range.stop.i <= most);
  bool leavesOuter = llvm::any_of(
      facts.labels, [&](Name label) { return label != stmt.label; });
  bool plain = !facts.returns && !facts.breaks && !leavesOuter &&
               range.step.isKnown() && range.step.i > 0 &&
               ((inSigned && !mayWrap(range, type)) || type->bits < 32);
  // A loop over everything, with a counter that cannot wrap.
  const Type *counter =
      plain && (!inSigned || mayWrap(range, type)) ? types.i32 : type;
  auto number = [&](const Value &value) {
    return counter == type ? coerce(value, type, at)
                           : convert(coerce(value, type, at), counter, at);
  };
  auto indexOf = [&](const Value &value) {
    Value index = counter == type ? value : convert(value, type, at);
    Value position;
    if (stmt.indexPayload) {
      bool simple = range.start.isKnown() && range.start.i == 0 &&
                    range.step.isKnown() && range.step.i == 1;
      position = simple ? index
                        : binary(Operator::Div,
                                 binary(Operator::Sub, index,
                                        coerce(range.start, type, at), at),
                                 coerce(range.step, type, at), at);
      position = convert(position, types.u16, at);
    }
    LocalScope names(*this);
    bind(index, position);
    exec(*stmt.body[0]);
  };
  if (plain) {
    std::vector<size_t> carried = carriedLocals(stmt);
    mlir::Value lower = materializeValue(number(range.start), at),
                upper = materializeValue(number(range.stop), at),
                step =
                    materializeValue(Value::integer(counter, range.step.i), at);
    auto op = builder().create<mlir::scf::ForOp>(
        location(at), lower, upper, step, carriedValues(carried, at));
    op.getBody()->clear();
    {
      KeepLocals keep(*this);
      mlir::OpBuilder inner(op.getBody(), op.getBody()->end());
      Saved<mlir::OpBuilder *> emit(opBuilder, &inner);
      setCarried(carried, op.getRegionIterArgs());
      Saved<unsigned> depth(branchDepth, branchDepth + 1);
      indexOf(runTime(counter, op.getInductionVar()));
      inner.create<mlir::scf::YieldOp>(location(at),
                                       carriedValues(carried, at));
    }
    setCarried(carried, op.getResults());
    return leaveLoop(stmt);
  }
  counter = type;
  size_t index = addRunVar(type, coerce(range.start, type, at));
  Value stop = coerce(range.stop, type, at),
        step = coerce(range.step, type, at);
  size_t wrapped = addRunVar(types.boolType, boolean(false));
  std::vector<size_t> carried = carriedLocals(stmt);
  carried.push_back(index);
  bool guards = mayWrap(range, type);
  if (guards)
    carried.push_back(wrapped);
  // `a` is before `b` in the direction of the step.
  auto isBefore = [&](const Value &a, const Value &b) {
    if (step.isKnown())
      return binary(step.i > 0 ? Operator::Lt : Operator::Gt, a, b, at);
    return chooseRunTime(
        binary(Operator::Gt, step, Value::integer(type, 0), at),
        [&] { return binary(Operator::Lt, a, b, at); },
        [&] { return binary(Operator::Gt, a, b, at); }, at);
  };
  emitWhile(
      carried,
      [&] {
        Value inside = isBefore(locals[index].value, stop);
        return guards
                   ? binary(Operator::BitAnd, inside,
                            unary(Operator::Not, locals[wrapped].value, at), at)
                   : inside;
      },
      [&] {
        indexOf(locals[index].value);
        Value old = locals[index].value;
        locals[index].value = binary(Operator::Add, old, step, at);
        if (guards)
          locals[wrapped].value = isBefore(locals[index].value, old);
      },
      at);
  return leaveLoop(stmt);
}

//===----------------------------------------------------------------------===//
// Labelled blocks
//===----------------------------------------------------------------------===//

Flow Sema::genBlock(const Stmt &stmt, const Type *result, BlockResult &given) {
  LocalScope scope(*this);
  Loop loop;
  loop.label = stmt.label;
  loop.isEmitted = loop.isBlock = true;
  loop.brokenLocal = addRunVar(types.boolType, boolean(false));
  loop.continuedLocal = addRunVar(types.boolType, boolean(false));
  if (result)
    loop.resultLocal =
        addRunVar(result, program->zero(*this, result, stmt.loc));
  loops.push_back(loop);
  Saved<Value> outer(blockValue, Value());
  Flow flow = execList(stmt.body);
  given.breaks = loops.back().breaks;
  given.value = result ? locals[loop.resultLocal].value : blockValue;
  loops.pop_back();
  if (flow.kind == Flow::Break && flow.label == stmt.label)
    return {};
  StmtFacts facts = factsOf(stmt);
  bool leaves = facts.returns || facts.breaks || facts.continues;
  return flow.kind == Flow::Partial && !leaves ? Flow{} : flow;
}

Value Sema::genBlockValue(const Stmt &block, const Type *expected) {
  // Once to see how many of its 'break's count and what they give, then again.
  if (blockDepth >= 6)
    error(block.loc, "blocks that give a value are nested more than 6 deep");
  BlockResult given;
  {
    Saved<unsigned> depth(blockDepth, blockDepth + 1);
    KeepLocals keep(*this);
    mlir::Block scratch;
    mlir::OpBuilder inner = atEnd(scratch);
    Saved<mlir::OpBuilder *> scope(opBuilder, &inner);
    genBlock(block, nullptr, given);
    if (given.breaks && !given.value)
      error(block.loc, "'break :" + llvm::Twine(c.names.text(block.label)) +
                           "' gives no value");
    if (given.breaks > 1 && !expected)
      expected = runTimeType(given.value, block.loc).type;
  }
  if (!given.breaks)
    error(block.loc, "the block ends without 'break :" +
                         llvm::Twine(c.names.text(block.label)) + "'");
  genBlock(block, given.breaks > 1 ? expected : nullptr, given);
  return given.value;
}
