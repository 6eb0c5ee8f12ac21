//===- SemaCall.cpp - GTScript functions, expanded where they are called --===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A parameter stands for the caller's name if the argument is one (or a
// constant) and the body does not assign it; else it is a temporary that gets
// the argument first.
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Sema.h"

using namespace mlir;
using namespace spada;
using namespace spada::gtscript;
using ast::Expr;
using ast::ExprKind;
using ast::Stmt;
using ast::StmtKind;

/// Calls in calls; far more than any program has.
static constexpr unsigned maxCallDepth = 64;
/// Calls in one stencil. Bodies may grow exponentially with nested calls.
static constexpr unsigned maxCalls = 20000;

/// The function that a call names, or null: then it is built in, or nothing.
const Constant *Sema::calledFunction(const Expr &call) {
  const Expr &callee = call.args[0];
  if (!ast::dottedName(callee))
    return nullptr;
  std::string reason;
  Constant value = constantOf(callee, reason);
  if (!value.is(Constant::Function))
    return nullptr;
  functions.push_back(std::move(value));
  return &functions.back();
}

/// Expands the calls inside `expr`, in the order of evaluation.
void Sema::inlineCalls(const Expr &expr) {
  if (expr.is(ExprKind::Call)) {
    for (size_t i = 1; i < expr.args.size(); ++i)
      inlineCalls(expr.args[i]);
    if (calledFunction(expr) && !calls->count(&expr))
      (*calls)[&expr] = inlineCall(expr, nullptr, expr.range);
    // `f(x).at(K=...)`.
    inlineCalls(expr.args[0]);
    return;
  }
  for (const Expr &arg : expr.args)
    inlineCalls(arg);
}

bool Sema::checkRecursion(const Expr &call, const ast::Function &function) {
  std::string cycle(function.name);
  for (Frame *at = frame; at; at = at->caller) {
    if (at->function != &function) {
      cycle = std::string(at->function->name) + " -> " + cycle;
      continue;
    }
    error(call.range, "function '" + Twine(function.name) + "' calls itself",
          at == frame ? "" : std::string(function.name) + " -> " + cycle);
    return false;
  }
  if (callDepth < maxCallDepth && numCalls < maxCalls)
    return true;
  error(call.range,
        callDepth < maxCallDepth
            ? "the stencil expands to more than " + Twine(maxCalls) + " calls"
            : "more than " + Twine(maxCallDepth) + " calls inside each other");
  return false;
}

static void findReturns(const std::vector<Stmt> &body,
                        std::vector<const Stmt *> &found) {
  for (const Stmt &stmt : body) {
    if (stmt.kind == StmtKind::Return)
      found.push_back(&stmt);
    for (const ast::Clause &clause : stmt.clauses)
      findReturns(clause.body, found);
    findReturns(stmt.body, found);
    findReturns(stmt.orelse, found);
  }
}

const Stmt *Sema::findReturn(const Expr &call, const ast::Function &function) {
  std::vector<const Stmt *> returns;
  findReturns(function.body, returns);
  std::string name(function.name);
  if (returns.size() == 1 && returns[0] == &function.body.back() &&
      returns[0]->value)
    return returns[0];
  const ast::Range &where =
      returns.empty() ? function.nameRange : returns[0]->range;
  if (returns.empty())
    error(where, "function '" + name + "' has no 'return'",
          "its last statement returns the result");
  else if (returns.size() > 1)
    error(returns[1]->range, "function '" + name + "' has a second 'return'",
          "assign the result in the branches and return it once at the end",
          {{place(where), "the first one"}});
  else
    error(where, returns[0]->value
                     ? "'return' is not the last statement of '" + name + "'"
                     : "'return' of '" + name + "' has no value");
  return nullptr;
}

/// Binds one parameter; `actual` is an expression of the frame at hand.
bool Sema::bindArgument(const ast::Param &param, const Expr &actual,
                        const ast::Range &range, Frame &callee) {
  bool isAssigned = callee.assigned.contains(param.name);
  if (!isAssigned && actual.is(ExprKind::Name))
    if (Symbol *symbol = find(actual.text)) {
      callee.names[param.name] = symbol;
      return symbol->kind != Symbol::Failed;
    }
  if (Constant constant = fold(actual);
      constant && !isAssigned && !constant.is(Constant::Axis)) {
    // Arithmetic on constants has the types of run-time arithmetic.
    bool isPlain = constant.isNumber() && !actual.is(ExprKind::Binary) &&
                   !actual.is(ExprKind::Call) && !actual.is(ExprKind::Ternary);
    if (isPlain || constant.is(Constant::None) ||
        constant.is(Constant::Function)) {
      Symbol *symbol =
          makeSymbol(Symbol::Constant, std::string(param.name), range);
      symbol->constant = constant;
      callee.names[param.name] = symbol;
      return true;
    }
  }
  Expr &name = made.emplace_back();
  name.kind = ExprKind::Name;
  name.text = param.name;
  name.range = param.range;
  assign(name, &callee, actual, param.range);
  Symbol *&bound = callee.names[param.name];
  if (!bound)
    bound = makeSymbol(Symbol::Failed, std::string(param.name), range);
  return bound->kind != Symbol::Failed;
}

bool Sema::bindArguments(const Expr &call, const Constant &function,
                         Frame &callee) {
  const std::vector<ast::Param> &params = function.function->params;
  std::string name(function.function->name);
  std::vector<const Expr *> actuals(params.size());
  size_t next = 0;
  for (size_t i = 1; i < call.args.size(); ++i) {
    const Expr &arg = call.args[i];
    size_t index = next;
    if (arg.is(ExprKind::Keyword)) {
      for (index = 0; index < params.size(); ++index)
        if (params[index].name == arg.text)
          break;
      if (index == params.size()) {
        error(arg.range,
              "function '" + name + "' has no parameter '" + Twine(arg.text) +
                  "'",
              "",
              {{Place{callee.module, function.function->nameRange},
                "defined here"}});
        return false;
      }
    } else {
      ++next;
      bool fits =
          index < params.size() && params[index].kind <= ast::ParamKind::Normal;
      if (!fits) {
        error(arg.range, "too many arguments for function '" + name + "'", "",
              {{Place{callee.module, function.function->nameRange},
                "defined here"}});
        return false;
      }
    }
    if (actuals[index]) {
      error(arg.range, "parameter '" + Twine(params[index].name) + "' of '" +
                           name + "' is given twice");
      return false;
    }
    actuals[index] = arg.is(ExprKind::Keyword) ? &arg.args[0] : &arg;
  }
  for (size_t i = 0; i < params.size(); ++i) {
    if (actuals[i]) {
      if (!bindArgument(params[i], *actuals[i], actuals[i]->range, callee))
        return false;
      continue;
    }
    if (!params[i].value) {
      error(call.range,
            "call of '" + name + "' lacks an argument for '" +
                Twine(params[i].name) + "'",
            "", {{Place{callee.module, params[i].range}, "declared here"}});
      return false;
    }
    FrameScope scope(frame, &callee);
    if (!bindArgument(params[i], params[i].value, params[i].range, callee))
      return false;
  }
  return true;
}

/// Expands a call; the result goes to `target`, or to a new temporary that is
/// returned. Null after an error.
Symbol *Sema::inlineCall(const Expr &call, const Expr *target,
                         const ast::Range &range) {
  Constant function = *calledFunction(call);
  const ast::Function &definition = *function.function;
  if (!checkRecursion(call, definition))
    return nullptr;
  Frame callee;
  callee.module = function.module;
  callee.function = &definition;
  callee.caller = frame;
  callee.callSite = call.range;
  callee.suffix =
      "__" + std::string(definition.name) + "_" + std::to_string(++numCalls);
  for (size_t i = 1; target && i < call.args.size(); ++i)
    inlineCalls(call.args[i]);
  if (definition.hasComputation || !ast::functionDecorator(definition)) {
    error(call.range,
          "'" + Twine(definition.name) +
              (definition.hasComputation
                   ? "' is a stencil and cannot be called from another"
                   : "' is no GTScript function"),
          definition.hasComputation ? ""
                                    : "decorate it with @gtscript.function",
          {{Place{callee.module, definition.nameRange}, "defined here"}});
    return nullptr;
  }
  const Stmt *result = nullptr;
  {
    FrameScope scope(frame, &callee);
    for (const ast::SyntaxError &bad :
         ast::errorsIn(*function.module, definition))
      error(bad.range, bad.message, bad.hint);
    collectNames(definition.body, callee);
    result = findReturn(call, definition);
  }
  if (!result || !bindArguments(call, function, callee))
    return nullptr;
  FrameScope scope(frame, &callee);
  ++callDepth;
  for (const Stmt &stmt : definition.body)
    if (&stmt != result)
      statement(stmt);
  std::map<const Expr *, Symbol *> results, *outer = calls;
  calls = &results;
  Symbol *value = returnValue(*result, call, target, range);
  calls = outer;
  --callDepth;
  return value;
}

Symbol *Sema::returnValue(const Stmt &result, const Expr &call,
                          const Expr *target, const ast::Range &range) {
  const Expr &value = result.value;
  Frame *caller = frame->caller;
  size_t values = value.is(ExprKind::Tuple) ? value.args.size() : 1;
  bool isTuple =
      target && (target->is(ExprKind::Tuple) || target->is(ExprKind::List));
  size_t targets = isTuple ? target->args.size() : 1;
  if (values != targets) {
    std::string name(frame->function->name);
    FrameScope scope(frame, caller);
    error(
        range,
        "function '" + name + "' has " + Twine(values) + " results, but " +
            Twine(targets) +
            (target ? targets == 1 ? " target" : " targets" : " is used here"),
        target ? "" : "assign the results to names first");
    return nullptr;
  }
  if (target) {
    for (size_t i = 0; i < values; ++i)
      assign(isTuple ? target->args[i] : *target, caller,
             value.is(ExprKind::Tuple) ? value.args[i] : value, range);
    return nullptr;
  }
  Expr &name = made.emplace_back();
  name.kind = ExprKind::Name;
  name.text = "return"; // no name of a program
  name.range = call.range;
  assign(name, frame, value, result.range);
  Symbol *symbol = find(name.text);
  return symbol && symbol->kind != Symbol::Failed ? symbol : nullptr;
}
