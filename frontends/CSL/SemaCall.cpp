//===- SemaCall.cpp - calls -----------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// At compile time a call is interpreted. In code that runs it is a call of a
// function made for its compile-time arguments.
//
//===----------------------------------------------------------------------===//

#include "Program.h"
#include "Sema.h"
#include "Walk.h"

using namespace spada::cslfront;

Sema::CallScope::CallScope(Sema &sema, const FunctionRef &function, Loc at,
                           bool interpreting)
    : moduleScope(sema.module, function.module),
      base(sema.frameBase, sema.locals.size()), frame(sema.frame, nullptr),
      builder(sema.opBuilder), loops(std::move(sema.loops)), sema(sema),
      size(sema.locals.size()) {
  sema.loops.clear();
  sema.callStack.push_back({at, function.decl});
  if (interpreting)
    sema.opBuilder = nullptr;
}

Sema::CallScope::~CallScope() {
  sema.loops = std::move(loops);
  sema.locals.resize(size);
  sema.callStack.pop_back();
}

const Type *Sema::bindParameter(const Parameter &parameter, const Value &arg,
                                bool constant) {
  const Type *type = nullptr;
  if (!parameter.isAnytype) {
    Saved<mlir::OpBuilder *> interpreting(opBuilder, nullptr);
    type = evalType(*parameter.type);
  }
  Local local;
  local.kind = Local::Constant;
  local.name = parameter.name;
  local.value = type && constant ? coerce(arg, type, parameter.loc) : arg;
  local.type = type;
  locals.push_back(local);
  return type;
}

static void checkCount(Sema &sema, const FunctionRef &function, size_t count,
                       Loc at) {
  const Decl &decl = *function.decl;
  if (decl.parameters.size() != count)
    sema.error(at, "'" + llvm::Twine(sema.c.names.text(decl.name)) +
                       "' takes " + llvm::Twine(decl.parameters.size()) +
                       " arguments, " + llvm::Twine(count) + " are given");
}

Value Sema::interpret(const FunctionRef &function, llvm::ArrayRef<Value> args,
                      Loc at) {
  const Decl &decl = *function.decl;
  checkCount(*this, function, args.size(), at);
  if (callStack.size() > 500)
    error(at, "calls at compile time are nested more than 500 deep");
  if (!decl.body)
    error(at,
          "'" + llvm::Twine(c.names.text(decl.name)) + "' has no body here");
  CallScope scope(*this, function, at, true);
  for (size_t i = 0; i < args.size(); ++i)
    bindParameter(decl.parameters[i], args[i], true);
  Frame frame;
  frame.result = decl.type ? evalType(*decl.type) : types.voidType;
  this->frame = &frame;
  Flow flow = exec(*decl.body);
  if (flow.kind != Flow::Return && !frame.result->is(TypeKind::Void))
    error(decl.loc, "'" + llvm::Twine(c.names.text(decl.name)) +
                        "' ends without returning a value of type '" +
                        frame.result->name + "'");
  return frame.value ? frame.value : voidValue();
}

Value Sema::inlineCall(const FunctionRef &function, llvm::ArrayRef<Value> args,
                       const Type *result, Loc at) {
  const Decl &decl = *function.decl;
  if (callStack.size() > 100)
    error(at, "inlined calls are nested more than 100 deep");
  if (!decl.body)
    error(at,
          "'" + llvm::Twine(c.names.text(decl.name)) + "' has no body here");
  CallScope scope(*this, function, at, false);
  Saved<const Decl *> body(program->currentBody, &decl);
  for (size_t i = 0; i < args.size(); ++i)
    bindParameter(decl.parameters[i], args[i], true);
  Frame inner;
  inner.result = result;
  // What cannot be a variable is given back as it is.
  inner.isEmitted = !result->isComptimeOnly();
  inner.branchDepth = branchDepth;
  inner.mayReturnEarly = inner.isEmitted && returnsEarly(*decl.body);
  if (inner.mayReturnEarly)
    inner.returnedLocal = addRunVar(types.boolType, boolean(false));
  bool hasResult = inner.isEmitted && !result->is(TypeKind::Void);
  if (hasResult)
    inner.resultLocal = addRunVar(result, program->zero(*this, result, at));
  frame = &inner;
  Flow flow = exec(*decl.body);
  if (hasResult)
    return locals[inner.resultLocal].value;
  if (!inner.isEmitted && flow.kind != Flow::Return)
    error(decl.loc, "'" + llvm::Twine(c.names.text(decl.name)) +
                        "' gives a value of type '" + result->name +
                        "', so it must not return under run-time conditions");
  return inner.value ? inner.value : voidValue();
}

Value Sema::callFunction(const FunctionRef &function,
                         llvm::ArrayRef<Value> args, Loc at) {
  if (function.decl->kind == DeclKind::Task)
    error(at, "'" + llvm::Twine(c.names.text(function.decl->name)) +
                  "' is a task; activate it instead of calling it");
  checkCount(*this, function, args.size(), at);
  if (!emitting())
    return interpret(function, args, at);
  const Decl &decl = *function.decl;
  Specialization wanted{function};
  const Type *result;
  llvm::SmallVector<mlir::Value> operands;
  {
    CallScope scope(*this, function, at, false);
    for (size_t i = 0; i < args.size(); ++i) {
      const Parameter &parameter = decl.parameters[i];
      const Type *type = bindParameter(parameter, args[i], false);
      Value arg =
          type ? coerce(args[i], type, at)
               : (args[i].type->isComptimeOnly() ? args[i]
                                                 : runTimeType(args[i], at));
      // comptime_int and friends of an anytype parameter stay known.
      bool constant = parameter.isComptime || arg.type->isComptimeOnly() ||
                      (!type && args[i].isKnown());
      if (constant && arg.isRunTime())
        error(at, "argument '" + llvm::Twine(c.names.text(parameter.name)) +
                      "' must be known at compile time");
      if (constant)
        arg = force(!type ? args[i] : arg, at);
      locals.back().value = arg;
      wanted.args.push_back(constant ? arg : Value(arg.type));
      if (!constant)
        operands.push_back(materializeValue(arg, at));
    }
    {
      Saved<mlir::OpBuilder *> interpreting(opBuilder, nullptr);
      result = decl.type ? evalType(*decl.type) : types.voidType;
    }
  }
  bool known =
      llvm::none_of(args, [](const Value &arg) { return holdsRunTime(arg); });
  bool comptimeResult = result->isComptimeOnly() || result->isId() ||
                        result->is(TypeKind::Direction);
  // What memory can hold may come from there.
  bool isRecord = result->is(TypeKind::Struct) && result->memoryBytes() > 0;
  if (comptimeResult && known && !isRecord)
    return interpret(function, args, at);
  // A struct is no operand; its fields are used where they are.
  bool spreads = llvm::any_of(args, [](const Value &arg) {
    return !arg.isRunTime() && holdsRunTime(arg);
  });
  if (decl.isInline || spreads || result->isComptimeOnly() || result->isDsd())
    return inlineCall(function, args, result, at);
  if (decl.isExtern || !decl.body)
    error(at,
          "'" + llvm::Twine(c.names.text(decl.name)) + "' has no body here");
  return program->emitCall(*this, wanted, operands, result, at);
}

Value Sema::evalCall(const Expr &expr) {
  Value callee = eval(*expr.callee);
  if (!callee || !callee.type->isFunctionLike() || !callee.isKnown())
    error(expr.loc,
          "expected a function known at compile time, got " + describe(callee));
  llvm::SmallVector<Value, 8> args;
  for (const Expr *arg : expr.args)
    args.push_back(eval(*arg));
  return callFunction(*callee.function, args, expr.loc);
}
