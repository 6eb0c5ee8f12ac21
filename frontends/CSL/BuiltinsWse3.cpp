//===- BuiltinsWse3.cpp - control tables, rotations, flushes, filters -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What only wse3 has, and the numbers of filters.
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace spada;
using namespace spada::cslfront;

static void needWse3(Sema &s, const Expr &call) {
  if (!s.c.isWse3())
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' exists on wse3 only");
}

static void needBlock(Sema &s, const Expr &call) {
  if (!s.program || s.emitting())
    s.error(call.loc, "'@" + llvm::Twine(s.c.names.text(call.name)) +
                          "' belongs into a comptime block of a PE program");
}

static bool isOutputQueue(Sema &s, const Value &queue, Loc at) {
  bool output = queue.type->is(TypeKind::OutputQueue);
  if (!output && !queue.type->is(TypeKind::InputQueue))
    s.error(at, "expected a queue, got " + s.describe(queue));
  return output;
}

static Value setControlTaskTable(Sema &s, const Expr &call) {
  checkArguments(s, call, 0, 1);
  needWse3(s, call);
  needBlock(s, call);
  int64_t stride = 1;
  if (!call.args.empty()) {
    Value config = s.evalComptime(*call.args[0]);
    checkFields(s, config, {"instructions", "stride"}, call.loc);
    int64_t instructions = intField(s, config, "instructions", 4, call.loc);
    if (instructions != 2 && instructions != 4 && instructions != 8)
      s.error(call.loc, "an entry of the control task table has 2, 4 or 8 "
                        "instructions, not " +
                            llvm::Twine(instructions));
    stride = intField(s, config, "stride", 1, call.loc);
    if (stride < 1 || stride > 7)
      s.error(call.loc, "the stride of the control task table is 1 to 7, not " +
                            llvm::Twine(stride));
  }
  if (s.program->hasControlTable)
    s.error(call.loc, "the control task table is set twice");
  s.program->hasControlTable = true;
  s.program->controlStride = stride;
  return s.voidValue();
}

static Value bindRotatingTasks(Sema &s, const Expr &call) {
  checkArguments(s, call, 4, 4);
  needWse3(s, call);
  needBlock(s, call);
  Value main = s.eval(*call.args[0]), alt = s.eval(*call.args[1]),
        id = s.eval(*call.args[2]), config = s.evalComptime(*call.args[3]);
  for (const Value *task : {&main, &alt})
    if (!task->type->is(TypeKind::Task))
      s.error(call.loc, "expected a task, got " + s.describe(*task));
  if (main.function->decl->parameters.empty())
    s.error(call.args[0]->loc, "a data task has at least one parameter");
  if (!alt.function->decl->parameters.empty())
    s.error(call.args[1]->loc,
            "the task that takes a turn has no parameters, this one has " +
                llvm::Twine(alt.function->decl->parameters.size()));
  if (!id.type->is(TypeKind::DataTaskId))
    s.error(call.args[2]->loc,
            "expected a value of type 'data_task_id', got " + s.describe(id));
  checkFields(s, config, {"limit", "init"}, call.loc);
  int64_t limit = intField(s, config, "limit", -1, call.loc),
          init = intField(s, config, "init", 0, call.loc);
  if (limit < 0 || limit > 65535)
    s.error(call.loc, "rotating tasks need a '.limit' of 0 to 65535");
  if (init < 0 || init > limit)
    s.error(call.loc, "'.init' is 0 to the limit " + llvm::Twine(limit) +
                          ", not " + llvm::Twine(init));
  s.program->bindRotation(*main.function, *alt.function,
                          s.forceInt(id, call.loc), limit, init, call.loc);
  return s.voidValue();
}

static Value setEmptyQueueHandler(Sema &s, const Expr &call) {
  checkArguments(s, call, 2, 2);
  needWse3(s, call);
  needBlock(s, call);
  Value handler = s.eval(*call.args[0]), queue = s.eval(*call.args[1]);
  if (!handler.type->isFunctionLike())
    s.error(call.args[0]->loc,
            "expected a function, got " + s.describe(handler));
  if (!handler.function->decl->parameters.empty())
    s.error(call.args[0]->loc, "the handler of a queue has no parameters");
  bool output = isOutputQueue(s, queue, call.args[1]->loc);
  int64_t number = s.forceInt(queue, call.loc);
  s.program->bindTask(*handler.function, csl::TaskKind::QueueEmpty,
                      number + (output ? 8 : 0), call.loc);
  return s.voidValue();
}

/// A store to the register that asks for flushes.
static Value queueFlush(Sema &s, const Expr &call) {
  constexpr int64_t flushInputs = 0xf728, flushOutputs = 0xf72a;
  checkArguments(s, call, 1, 1);
  needWse3(s, call);
  if (!s.program || !s.emitting())
    s.error(call.loc, "'@queue_flush' can only be used when the program runs");
  Value queue = s.eval(*call.args[0]);
  bool output = isOutputQueue(s, queue, call.loc);
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(call.loc);
  mlir::Value number = s.materializeValue(queue, call.loc);
  mlir::Value one =
      b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(1));
  mlir::Value bit = b.create<mlir::arith::ShLIOp>(loc, one, number);
  storeRegister(s, output ? flushOutputs : flushInputs, bit, call.loc);
  return s.voidValue();
}

/// Every color has a filter of its own: its number is that of the color.
static Value getFilterId(Sema &s, const Expr &call) {
  checkArguments(s, call, 1, 1);
  if (!s.program)
    s.error(call.loc, "'@get_filter_id' belongs into a PE program");
  Value color = s.force(s.evalComptime(*call.args[0]), call.loc);
  if (!color.type->is(TypeKind::Color))
    s.error(call.loc, "expected a color, got " + s.describe(color));
  s.program->filterUses.push_back({color.i, call.loc});
  return Value::integer(s.types.u16, color.i);
}

static Value rebindsQueues(Sema &s, const Expr &call) {
  checkArguments(s, call, 0, 0);
  if (s.program)
    s.program->rebindsQueues = true;
  return s.voidValue();
}

llvm::ArrayRef<BuiltinEntry> spada::cslfront::wse3Builtins() {
  static constexpr BuiltinEntry table[] = {
      {"set_control_task_table", setControlTaskTable},
      {"bind_rotating_tasks", bindRotatingTasks},
      {"set_empty_queue_handler", setEmptyQueueHandler},
      {"queue_flush", queueFlush},
      {"get_filter_id", getFilterId},
      {"__rebinds_queues", rebindsQueues},
  };
  return table;
}
