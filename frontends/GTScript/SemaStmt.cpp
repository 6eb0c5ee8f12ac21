//===- SemaStmt.cpp - statements of sections and functions ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// An `if` on fields becomes a mask that is stored first, and masked statements
// after it.
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
// Where ops go
//===----------------------------------------------------------------------===//

/// Statements made by `body` belong together.
void Sema::group(llvm::function_ref<void()> body) {
  if (groupDepth == 0)
    isFirst = true;
  ++groupDepth;
  body();
  --groupDepth;
}

Value Sema::emitGuards(Location at, ArrayRef<Guard> conditions) {
  Value all;
  for (const Guard &guard : conditions) {
    FrameScope scope(frame, guard.frame);
    Value value = guard.emit();
    if (!value)
      return {};
    if (guard.negate) {
      Value yes =
          builder.create<arith::ConstantOp>(at, builder.getBoolAttr(true));
      value = builder.create<arith::XOrIOp>(at, value, yes);
    }
    all =
        all ? builder.create<arith::AndIOp>(at, all, value).getResult() : value;
  }
  return all;
}

/// Runs `body` with the builder inside a new statement, under the conditions
/// at hand; inside a `while`, right where the builder stands.
void Sema::point(Location at, llvm::function_ref<void()> body) {
  if (pointDepth) {
    body();
    return;
  }
  OpBuilder::InsertionGuard restore(builder);
  builder.setInsertionPointToEnd(&sectionOp.getBody().front());
  auto statement = builder.create<stencil::StatementOp>(at, !isFirst, regions);
  isFirst = false;
  builder.setInsertionPointToStart(&statement.getBody().front());
  if (!guards.empty()) {
    Value all = emitGuards(at, guards);
    if (!all)
      return;
    auto choice = builder.create<scf::IfOp>(at, all, /*withElseRegion=*/false);
    builder.setInsertionPointToStart(choice.thenBlock());
  }
  body();
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

/// Every branch is nested in the one before it.
static constexpr size_t maxClauses = 256;

void Sema::block(const std::vector<Stmt> &body) {
  for (const Stmt &stmt : body)
    statement(stmt);
}

void Sema::statement(const Stmt &stmt) {
  std::map<const Expr *, Symbol *> results, *outer = calls;
  calls = &results;
  switch (stmt.kind) {
  case StmtKind::Assign:
  case StmtKind::AugAssign:
  case StmtKind::AnnAssign:
    assignStmt(stmt);
    break;
  case StmtKind::If:
    if (stmt.clauses.size() > maxClauses)
      error(stmt.range,
            "an 'if' with more than " + Twine(maxClauses) + " branches");
    else
      ifStmt(stmt, 0);
    break;
  case StmtKind::While:
    group([&] { whileStmt(stmt); });
    break;
  case StmtKind::With:
    region(stmt);
    break;
  case StmtKind::Expr:
    expressionStmt(stmt);
    break;
  case StmtKind::Import:
    checkImports(stmt);
    break;
  case StmtKind::Pass:
    break;
  case StmtKind::Return: // of a function: the last statement, handled there
    if (!frame->caller)
      error(stmt.range, "a stencil returns nothing", "it writes its fields");
    else
      error(stmt.range, "a function has one 'return', its last statement");
    break;
  default:
    rejectOther(stmt);
  }
  calls = outer;
}

void Sema::rejectOther(const Stmt &stmt) {
  if (!stmt.error.empty()) {
    error(stmt.errorRange, stmt.error);
    return;
  }
  switch (stmt.kind) {
  case StmtKind::For:
    error(stmt.range, "'for' is no statement of GTScript",
          "loops over levels are written as computation(FORWARD) or "
          "computation(BACKWARD); loops over data dimensions are not in the "
          "language");
    return;
  case StmtKind::Assert:
    error(stmt.range, "'assert' is no statement of GTScript",
          "conditions that are known at compile time are checked with "
          "compile_assert(...)");
    return;
  case StmtKind::Def:
    error(stmt.range, "a function cannot be defined inside a stencil",
          "define it before the stencil, decorated with @gtscript.function");
    return;
  case StmtKind::Class:
    error(stmt.range, "a class cannot be defined inside a stencil");
    return;
  default:
    break;
  }
  std::string hint;
  if (stmt.text == "break" || stmt.text == "continue")
    hint = "put the condition into the condition of 'while'";
  if (stmt.text == "raise")
    hint = "conditions that are known at compile time are checked with "
           "compile_assert(...)";
  error(stmt.range, "'" + Twine(stmt.text) + "' is no statement of GTScript",
        hint);
}

void Sema::expressionStmt(const Stmt &stmt) {
  const Expr &value = stmt.value;
  if (value.is(ExprKind::String) || value.is(ExprKind::Ellipsis))
    return;
  if (value.is(ExprKind::Call)) {
    std::string_view name = ast::lastName(value.args[0]);
    if (name == "compile_assert") {
      compileAssert(value);
      return;
    }
    error(value.range,
          name == "print" ? Twine("'print' is no statement of GTScript")
                          : "the value of this call is not used",
          name == "print" ? "" : "assign it to a name");
    return;
  }
  if (value.is(ExprKind::Compare) && value.op == ast::Op::Eq)
    error(value.range, "the value of this comparison is not used",
          "an assignment is written with one '='");
  else if (value.is(ExprKind::Unsupported))
    unsupported(value);
  else
    error(value.range, "the value of this expression is not used",
          "assign it to a name");
}

void Sema::compileAssert(const Expr &call) {
  if (call.args.size() != 2) {
    error(call.range, "compile_assert takes one condition, not " +
                          Twine(call.args.size() - 1));
    return;
  }
  std::string reason;
  const Expr *blame = nullptr;
  Constant value = fold(call.args[1], &reason, &blame);
  if (!value)
    error(blame ? blame->range : call.range,
          "the condition of compile_assert is not known at compile time" +
              (reason.empty() ? "" : ": " + reason));
  else if (!value.isTrue())
    error(call.range, "assertion failed");
}

//===----------------------------------------------------------------------===//
// Conditions
//===----------------------------------------------------------------------===//

static const Expr *inlinedArgument(const Expr &expr) {
  return expr.is(ExprKind::Call) && expr.args[0].isName("__INLINED") &&
                 expr.args.size() == 2
             ? &expr.args[1]
             : nullptr;
}

/// `__INLINED(condition)`; false after an error.
bool Sema::inlinedCondition(const Expr &call, bool &value) {
  std::string reason;
  const Expr *blame = nullptr;
  Constant constant = fold(*inlinedArgument(call), &reason, &blame);
  if (constant) {
    value = constant.isTrue();
    return true;
  }
  const Expr &bad = blame ? *blame : call;
  if (ast::dottedName(bad) &&
      frame->externals.contains(
          StringRef(*ast::dottedName(bad)).split('.').first))
    unknownName(bad, reason);
  else
    error(bad.range, "the condition of __INLINED is not known at compile time" +
                         (reason.empty() ? "" : ": " + reason));
  return false;
}

/// A bool at the point.
Value Sema::condition(const Expr &condition, StringRef what) {
  Value value = expr(condition);
  if (!value)
    return {};
  if (value.getType().isInteger(1))
    return value;
  error(condition.range,
        "the condition of " + what + " must be a bool, not " +
            spelling(value.getType()),
        "write a comparison, as in 'x != 0'");
  return {};
}

bool Sema::dependsOnField(const Expr &expr) {
  if (expr.is(ExprKind::Name)) {
    if (Symbol *symbol = find(expr.text))
      return symbol->kind == Symbol::Field;
    return expr.text == "K";
  }
  if (calls && calls->count(&expr))
    return true;
  if (expr.is(ExprKind::Attribute) || expr.is(ExprKind::Keyword))
    return dependsOnField(expr.args[0]);
  bool isCall = expr.is(ExprKind::Call);
  for (size_t i = 0; i < expr.args.size(); ++i)
    if (dependsOnField(expr.args[i]) &&
        !(isCall && i == 0 && expr.args[0].is(ExprKind::Name)))
      return true;
  return false;
}

//===----------------------------------------------------------------------===//
// if
//===----------------------------------------------------------------------===//

/// The statements under a clause, or what stands after it.
void Sema::branch(const Stmt &stmt, size_t clause, bool isElse) {
  if (!isElse)
    block(stmt.clauses[clause].body);
  else if (clause + 1 < stmt.clauses.size())
    ifStmt(stmt, clause + 1);
  else
    block(stmt.orelse);
}

void Sema::ifStmt(const Stmt &stmt, size_t clause) {
  const Expr &test = stmt.clauses[clause].condition;
  if (inlinedArgument(test)) {
    bool value = false;
    if (inlinedCondition(test, value))
      branch(stmt, clause, !value);
    return;
  }
  if (test.is(ExprKind::Call) && test.args[0].isName("__INLINED")) {
    error(test.range, "__INLINED takes one condition");
    return;
  }
  // What __INLINED chooses stands there as if it were written alone; any other
  // 'if' belongs together.
  if (groupDepth == 0) {
    group([&] { ifStmt(stmt, clause); });
    return;
  }
  if (Constant constant = fold(test)) {
    if (!constant.is(Constant::Bool)) {
      error(test.range,
            "the condition of 'if' must be a bool, not " + constant.str(),
            "write a comparison, as in 'x != 0'");
      return;
    }
    branch(stmt, clause, !constant.isTrue());
    return;
  }
  inlineCalls(test);
  if (pointDepth)
    pointIf(stmt, clause);
  else
    group([&] {
      if (dependsOnField(test))
        fieldIf(stmt, clause);
      else
        scalarIf(stmt, clause);
    });
}

/// Inside a `while`: a choice at the point.
void Sema::pointIf(const Stmt &stmt, size_t clause) {
  const Expr &test = stmt.clauses[clause].condition;
  Value value = condition(test, "'if'");
  if (!value)
    return;
  bool hasElse = clause + 1 < stmt.clauses.size() || !stmt.orelse.empty();
  auto choice = builder.create<scf::IfOp>(loc(test.range), value, hasElse);
  OpBuilder::InsertionGuard restore(builder);
  builder.setInsertionPointToStart(choice.thenBlock());
  branch(stmt, clause, false);
  if (!hasElse)
    return;
  builder.setInsertionPointToStart(choice.elseBlock());
  branch(stmt, clause, true);
}

/// A condition that is the same everywhere is tested by every statement.
void Sema::scalarIf(const Stmt &stmt, size_t clause) {
  const Expr &test = stmt.clauses[clause].condition;
  size_t depth = guards.size();
  guards.push_back(
      {[this, &test] { return condition(test, "'if'"); }, false, frame});
  bool before = failed;
  branch(stmt, clause, false);
  // A condition without a value is told once.
  bool hasElse = clause + 1 < stmt.clauses.size() || !stmt.orelse.empty();
  if (hasElse && (before || !failed)) {
    guards[depth].negate = true;
    branch(stmt, clause, true);
  }
  guards.resize(depth);
}

/// Stores the mask, then runs the branches under it. The mask of an inner `if`
/// is false where the outer one does not hold, so that it stands alone.
void Sema::fieldIf(const Stmt &stmt, size_t clause) {
  const Expr &test = stmt.clauses[clause].condition;
  Location at = loc(test.range);
  std::vector<Guard> outer = guards;
  Symbol *mask = nullptr;
  guards.clear();
  point(at, [&] {
    Value value;
    if (outer.empty()) {
      value = condition(test, "'if'");
    } else if (Value conditions = emitGuards(at, outer)) {
      Type type = builder.getI1Type();
      auto choice =
          builder.create<scf::IfOp>(at, ArrayRef<Type>{type}, conditions, true);
      OpBuilder::InsertionGuard restore(builder);
      builder.setInsertionPointToStart(choice.elseBlock());
      Value no =
          builder.create<arith::ConstantOp>(at, builder.getBoolAttr(false));
      builder.create<scf::YieldOp>(at, no);
      builder.setInsertionPointToStart(choice.thenBlock());
      if (Value inner = condition(test, "'if'")) {
        builder.create<scf::YieldOp>(at, inner);
        value = choice.getResult(0);
      }
    }
    if (!value)
      return;
    mask = newTemporary("mask",
                        stencil::FieldType::get(context, stencil::Axes::IJK,
                                                builder.getI1Type(), {}),
                        test.range, nullptr);
    builder.create<stencil::WriteOp>(at, value, mask->value);
  });
  if (!mask) {
    guards = outer;
    return;
  }
  auto read = [this, mask, at]() -> Value {
    return builder.create<stencil::ReadOp>(at, mask->value);
  };
  guards = {{read, false, frame}};
  branch(stmt, clause, false);
  if (clause + 1 < stmt.clauses.size() || !stmt.orelse.empty()) {
    guards = outer;
    guards.push_back({read, true, frame});
    branch(stmt, clause, true);
  }
  guards = outer;
}

//===----------------------------------------------------------------------===//
// while
//===----------------------------------------------------------------------===//

void Sema::whileStmt(const Stmt &stmt) {
  if (stmt.hasElse) {
    error(stmt.elseRange, "'else' of 'while' is not in the language",
          "write its statements after the loop");
    return;
  }
  if (Constant constant = fold(stmt.value);
      constant && constant.is(Constant::Bool)) {
    if (constant.isTrue())
      error(stmt.value.range, "this 'while' never ends");
    return; // never runs
  }
  Location at = loc(stmt.range);
  point(at, [&] {
    auto loop = builder.create<scf::WhileOp>(
        at, TypeRange(), ValueRange(),
        [&](OpBuilder &, Location where, ValueRange) {
          ++pointDepth;
          Value value = condition(stmt.value, "'while'");
          --pointDepth;
          if (!value)
            value = builder.create<arith::ConstantOp>(
                where, builder.getBoolAttr(false));
          builder.create<scf::ConditionOp>(where, value, ValueRange());
        },
        [&](OpBuilder &, Location where, ValueRange) {
          ++pointDepth;
          block(stmt.body);
          --pointDepth;
          builder.create<scf::YieldOp>(where);
        });
    checkWhile(loop, stmt.range);
  });
}

/// A loop repeats per point: no neighbour's value of what it writes is ready.
void Sema::checkWhile(Operation *loop, const ast::Range &range) {
  llvm::DenseMap<Value, stencil::WriteOp> writes;
  loop->walk([&](stencil::WriteOp write) {
    writes.try_emplace(write.getField(), write);
  });
  loop->walk([&](stencil::ReadOp read) {
    auto write = writes.find(read.getField());
    bool isApart = read.getOffset()[0] != 0 || read.getOffset()[1] != 0;
    if (write == writes.end() || !isApart)
      return;
    failed = true;
    InFlightDiagnostic diagnostic =
        emitError(read.getLoc())
        << "a 'while' reads a neighbour's value of a field that it writes";
    diagnostic.attachNote() << "hint: copy the field to a temporary before the "
                               "loop and read the temporary";
    diagnostic.attachNote(write->second.getLoc()) << "written here";
    diagnostic.attachNote(fileLoc(place(range))) << "the loop";
  });
}
