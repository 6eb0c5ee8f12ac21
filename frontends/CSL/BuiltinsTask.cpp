//===- BuiltinsTask.cpp - ids, queues, tasks and their state --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

using namespace spada;
using namespace spada::cslfront;

//===----------------------------------------------------------------------===//
// Ids
//===----------------------------------------------------------------------===//

/// An id from a number; what is known is checked against the range.
static Value makeId(Sema &s, const Expr &call, TypeKind kind, int64_t lowest,
                    int64_t highest) {
  checkArguments(s, call, 1, 1);
  Value number = s.eval(*call.args[0]);
  const Type *type = s.types.simple(kind);
  if (!number.type->isIntegral())
    s.error(call.loc, "expected an integer, got " + s.describe(number));
  if (number.isKnown() && (number.i < lowest || number.i > highest))
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) + "(" +
                          llvm::Twine(number.i) + ")': the number must be " +
                          llvm::Twine(lowest) + " to " + llvm::Twine(highest) +
                          " on " + s.c.options.arch);
  if (number.isRunTime())
    number = s.convert(number, s.types.u16, call.loc);
  if (number.isSymbolic())
    return s.convert(number, type, call.loc);
  number.type = type;
  return number;
}

static Value getColor(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::Color, 0, 23);
}
static Value getLocalTaskId(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::LocalTaskId, s.c.isWse3() ? 8 : 0, 30);
}
/// Ids above those that programs have.
static Value getLibraryTaskId(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::LocalTaskId, 32, 63);
}
static Value getControlTaskId(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::ControlTaskId, 0, 63);
}
static Value getInputQueue(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::InputQueue, 0, 7);
}
static Value getOutputQueue(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::OutputQueue, 0, s.c.isWse3() ? 7 : 5);
}
static Value getUtId(Sema &s, const Expr &call) {
  return makeId(s, call, TypeKind::UtId, 0, 7);
}

static Value getDataTaskId(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  Value from = s.eval(*call.args[0]);
  TypeKind wanted = s.c.isWse3() ? TypeKind::InputQueue : TypeKind::Color;
  if (!from.type->is(wanted))
    s.error(call.loc, "@get_data_task_id needs a value of type '" +
                          s.types.simple(wanted)->name + "' on " +
                          s.c.options.arch + ", got " + s.describe(from));
  const Type *type = s.types.simple(TypeKind::DataTaskId);
  if (from.isSymbolic())
    return s.convert(from, type, call.loc);
  from.type = type;
  return from;
}

//===----------------------------------------------------------------------===//
// Binding
//===----------------------------------------------------------------------===//

static void needComptimeBlock(Sema &s, const Expr &call) {
  if (!s.program || s.emitting())
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' belongs into a comptime block of a PE program");
}

static Value bind(Sema &s, const Expr &call, csl::TaskKind kind,
                  TypeKind idKind) {
  checkArguments(s, call, 2, 2);
  needComptimeBlock(s, call);
  Value task = s.eval(*call.args[0]), id = s.eval(*call.args[1]);
  if (!task.type->is(TypeKind::Task))
    s.error(call.args[0]->loc, "expected a task, got " + s.describe(task));
  if (!id.type->is(idKind))
    s.error(call.args[1]->loc, "expected a value of type '" +
                                   s.types.simple(idKind)->name + "', got " +
                                   s.describe(id));
  size_t parameters = task.function->decl->parameters.size();
  if (kind == csl::TaskKind::Local && parameters)
    s.error(call.loc, "a local task has no parameters, this one has " +
                          llvm::Twine(parameters));
  if (kind == csl::TaskKind::Data && !parameters)
    s.error(call.loc, "a data task has at least one parameter");
  s.program->bindTask(*task.function, kind, s.forceInt(id, call.loc), call.loc);
  return s.voidValue();
}

static Value bindLocalTask(Sema &s, const Expr &call) {
  return bind(s, call, csl::TaskKind::Local, TypeKind::LocalTaskId);
}
static Value bindDataTask(Sema &s, const Expr &call) {
  return bind(s, call, csl::TaskKind::Data, TypeKind::DataTaskId);
}
static Value bindControlTask(Sema &s, const Expr &call) {
  return bind(s, call, csl::TaskKind::Control, TypeKind::ControlTaskId);
}

static Value setTeardownHandler(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  needComptimeBlock(s, call);
  Value handler = s.eval(*call.args[0]), color = s.eval(*call.args[1]);
  if (!handler.type->isFunctionLike() ||
      !handler.function->decl->parameters.empty())
    s.error(call.args[0]->loc, "expected a function without parameters, got " +
                                   s.describe(handler));
  if (!color.type->is(TypeKind::Color))
    s.error(call.args[1]->loc, "expected a color, got " + s.describe(color));
  s.program->bindTask(*handler.function, csl::TaskKind::Teardown,
                      s.forceInt(color, call.loc), call.loc);
  return s.voidValue();
}

static Value initializeQueue(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 2);
  needComptimeBlock(s, call);
  Value queue = s.eval(*call.args[0]);
  bool output = queue.type->is(TypeKind::OutputQueue);
  if (!output && !queue.type->is(TypeKind::InputQueue))
    s.error(call.args[0]->loc, "expected a queue, got " + s.describe(queue));
  int64_t color = -1;
  if (call.args.size() > 1) {
    Value config = s.evalComptime(*call.args[1]);
    checkFields(s, config, {"color", "priority", "ctrl_table_id"}, call.loc);
    if (std::optional<Value> field = s.field(config, "color")) {
      if (!field->type->is(TypeKind::Color))
        s.error(call.loc, "expected a color, got " + s.describe(*field));
      color = s.forceInt(*field, call.loc);
      if (color < 0 || color > 23)
        s.error(call.loc, "color " + llvm::Twine(color) +
                              " does not exist; "
                              "colors are 0 to 23");
    }
    if (std::optional<Value> field = s.field(config, "ctrl_table_id")) {
      if (output || !s.c.isWse3())
        s.error(call.loc, "only input queues of wse3 have a '.ctrl_table_id'");
      int64_t table = s.forceInt(*field, call.loc);
      if (table < 0 || table > 7)
        s.error(call.loc,
                "control tables are 0 to 7, not " + llvm::Twine(table));
      s.program->controlTables[s.forceInt(queue, call.loc)] = table;
    }
  }
  if (color < 0 && (!output || s.c.isWse3()))
    s.error(call.loc, "the queue needs '.color' on " + s.c.options.arch);
  s.program->initializeQueue(output, s.forceInt(queue, call.loc), color,
                             call.loc);
  return s.voidValue();
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

static csl::StateKind stateKind(Sema &s, const Value &id, Loc at) {
  switch (id.type->kind) {
  case TypeKind::LocalTaskId:
    return csl::StateKind::Local;
  case TypeKind::DataTaskId:
    return s.c.isWse3() ? csl::StateKind::InputQueue : csl::StateKind::Color;
  case TypeKind::ControlTaskId:
    return csl::StateKind::Control;
  case TypeKind::Color:
    if (s.c.isWse3())
      s.error(at, "a color cannot be blocked on wse3; use its input queue");
    return csl::StateKind::Color;
  case TypeKind::InputQueue:
    if (!s.c.isWse3())
      s.error(at, "an input queue cannot be blocked on wse2; use its color");
    return csl::StateKind::InputQueue;
  case TypeKind::UtId:
    return csl::StateKind::Microthread;
  default:
    s.error(at,
            "expected a task id, a color or a queue, got " + s.describe(id));
  }
}

static Value changeState(Sema &s, const Expr &call, csl::StateAction action) {
  checkArguments(s, call, 1, 1);
  if (!s.program)
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' belongs into a PE program");
  Value id = s.eval(*call.args[0]);
  if (id.type->isFunctionLike())
    id = s.coerce(id, s.types.simple(TypeKind::LocalTaskId), call.loc);
  csl::StateKind kind = stateKind(s, id, call.loc);
  if (action == csl::StateAction::Activate &&
      !id.type->is(TypeKind::LocalTaskId))
    s.error(call.loc,
            "only a local task can be activated, not " + s.describe(id));
  if (!s.emitting()) {
    s.program->setInitialState(action, kind, s.forceInt(id, call.loc),
                               call.loc);
    return s.voidValue();
  }
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(call.loc);
  bool known = id.isComptime() && kind != csl::StateKind::Microthread;
  if (!known) {
    mlir::Value number = s.materializeValue(id, call.loc);
    b.create<csl::SetStateOp>(loc, action, kind, number);
    return s.voidValue();
  }
  csl::TaskKind taskKind = kind == csl::StateKind::Local ? csl::TaskKind::Local
                           : kind == csl::StateKind::Control
                               ? csl::TaskKind::Control
                               : csl::TaskKind::Data;
  auto task = mlir::FlatSymbolRefAttr::get(
      &s.c.context, Program::taskSymbol(taskKind, s.forceInt(id, call.loc)));
  if (action == csl::StateAction::Activate)
    b.create<csl::ActivateOp>(loc, task);
  else if (action == csl::StateAction::Block)
    b.create<csl::BlockOp>(loc, task);
  else
    b.create<csl::UnblockOp>(loc, task);
  return s.voidValue();
}

static Value activate(Sema &s, const Expr &call) {
  return changeState(s, call, csl::StateAction::Activate);
}
static Value block(Sema &s, const Expr &call) {
  return changeState(s, call, csl::StateAction::Block);
}
static Value unblock(Sema &s, const Expr &call) {
  return changeState(s, call, csl::StateAction::Unblock);
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::taskBuiltins() {
  static constexpr BuiltinEntry table[] = {
      {"get_color", getColor},
      {"get_local_task_id", getLocalTaskId},
      {"__get_library_task_id", getLibraryTaskId},
      {"get_data_task_id", getDataTaskId},
      {"get_control_task_id", getControlTaskId},
      {"get_input_queue", getInputQueue},
      {"get_output_queue", getOutputQueue},
      {"get_ut_id", getUtId},
      {"bind_local_task", bindLocalTask},
      {"bind_data_task", bindDataTask},
      {"bind_control_task", bindControlTask},
      {"set_teardown_handler", setTeardownHandler},
      {"initialize_queue", initializeQueue},
      {"activate", activate},
      {"block", block},
      {"unblock", unblock},
  };
  return table;
}
