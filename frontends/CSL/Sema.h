//===- Sema.h - meaning of CSL ----------------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One evaluator walks over the tree. Code that runs at compile time (the layout
// block, comptime blocks, file-level constants) is interpreted; bodies of tasks
// and functions become ops of the csl dialect, with everything that is known at
// compile time folded in and branches not taken never looked at. Errors are
// thrown as CompileError inside this library and caught at its border.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_SEMA_H
#define SPADA_FRONTENDS_CSL_SEMA_H

#include "Compilation.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <functional>
#include <set>

namespace spada::cslfront {

class Layout;
class Program;

/// How a statement ends.
struct Flow {
  enum Kind : uint8_t {
    Normal,
    Return,
    Break,
    Continue,
    Partial ///< some run-time path left the enclosing list; flags say which
  } kind = Normal;
  Name label = 0;
};

/// A variable or constant of a function or block.
struct Local {
  enum Kind : uint8_t {
    Constant,    ///< value
    ComptimeVar, ///< value is the storage
    RunVar,      ///< value is the current one
    Memory       ///< var
  } kind = Constant;
  Name name = 0;
  const Type *type = nullptr;
  Value value;
  GlobalVar *var = nullptr;
};

/// Something that can be assigned to or pointed at.
struct Place {
  enum Kind : uint8_t {
    Slot,   ///< compile-time storage
    Local,  ///< a RunVar
    Global, ///< a module variable
    Pointed ///< what a pointer names
  } kind = Slot;
  const Type *type = nullptr;
  Value *slot = nullptr;
  size_t local = 0;
  GlobalVar *var = nullptr;
  Value pointer;
  const Type *arrayType = nullptr; ///< of what the indices index; null: none
  llvm::SmallVector<Value, 2> indices;
  bool isConst = false;

  Place() = default;
  Place(Kind kind, const Type *type) : kind(kind), type(type) {}
};

class Sema {
public:
  Sema(Compilation &c, Layout *layout, Program *program);

  // SemaDecl.cpp: modules and declarations.
  ModuleInstance *instantiate(Source &source, Loc at);
  Value declValue(ModuleInstance &module, DeclState &state, Loc at);
  Value member(const Value &base, Name name, Loc at);
  Value importModule(const std::string &path, Value params, Loc at);
  /// Imports of a file in a program count even when nothing names them.
  void resolveImports(ModuleInstance &module);
  void runBlocks(ModuleInstance &module, DeclKind kind);
  const FunctionRef *functionRef(ModuleInstance &module, DeclState &state);
  GlobalVar *variableOf(ModuleInstance &module, DeclState &state, Loc at);
  /// A module variable that holds a compile-time value.
  GlobalVar *materialize(const Value &value, Loc at, llvm::StringRef name);

  // SemaType.cpp.
  const Type *evalType(const Expr &expr);
  const Type *toType(const Value &value, Loc at);
  Value typeValue(const Type *type);
  const Type *enumType(const Expr &expr);
  const Type *structType(const Expr &expr);

  // SemaExpr.cpp.
  /// `expected` tells a run-time choice between literals its type.
  Value eval(const Expr &expr, const Type *expected = nullptr);
  Value evalKind(const Expr &expr, const Type *expected);
  Value evalComptime(const Expr &expr); ///< must be known when compiling
  Value evalBinary(const Expr &expr, Value left);
  /// Can the block's ops run where they were not asked for: no effect, no
  /// trap?
  static bool isSpeculatable(mlir::Block &block);
  /// Moves the block's ops to where the builder stands.
  void spliceHere(mlir::Block &block);
  Value evalIf(const Expr &expr, const Type *expected);
  Value evalSwitch(const Expr &expr, const Type *expected = nullptr);
  /// The value of arm `i` or of one behind it, chosen when the program runs.
  Value chooseArm(const Expr &expr, const Value &value, size_t i,
                  const Type *expected);
  Value evalTensorAccess(const Expr &expr);
  Value evalAggregate(const Expr &expr);
  Value evalTyped(const Expr &expr);
  Value evalBlock(const Stmt &block, const Type *expected = nullptr);
  Value chooseRunTime(const Value &condition, llvm::function_ref<Value()> first,
                      llvm::function_ref<Value()> second, Loc at,
                      const Type *expected = nullptr);

  // SemaPlace.cpp.
  struct Reference {
    std::optional<Place> place; ///< else value
    Value value;
  };
  Reference resolve(const Expr &expr);
  Reference resolveName(const Expr &expr);
  Reference resolveMember(const Expr &expr);
  Reference resolveIndex(const Expr &expr);
  Reference declReference(ModuleInstance &owner, DeclState &state, Loc at);
  Value load(const Place &place, Loc at);
  void store(const Place &place, Value value, Loc at);
  Value addressOf(const Place &place, Loc at);
  void storeArray(const Place &place, const Value &whole, Loc at);
  mlir::Value memrefOf(const Place &place, Loc at);
  llvm::SmallVector<mlir::Value> indexOperands(const Place &place, Loc at);
  /// Of the subscripts of an array, row-major.
  mlir::Value linearIndex(const Place &place,
                          llvm::ArrayRef<mlir::Value> operands, Loc at);
  Place pointed(const Value &pointer, Loc at);
  /// Row-major place of an element; subscripts must be known and inside.
  uint32_t linearIndex(const std::vector<int64_t> &dims,
                       llvm::ArrayRef<Value> indices, Loc at);
  Place indexed(Place base, llvm::ArrayRef<Value> indices, Loc at);
  Value indexValue(const Value &base, llvm::ArrayRef<Value> indices, Loc at);

  // SemaStruct.cpp: structs and whole arrays when the program runs.
  /// A pointer to what stands in memory.
  Value pointerTo(const Place &place, Loc at);
  Place fieldPlace(const Place &record, Name field, Loc at);
  Value loadStruct(const Place &place, Loc at);
  void storeStruct(const Place &place, const Value &value, Loc at);
  Value arrayValue(const Place &place, Loc at);
  void copyArray(const Place &to, const Place &from, Loc at);
  /// The array in memory that an expression names, when the program runs.
  std::optional<Place> arrayInMemory(const Expr &expr);
  /// A variable that holds the array.
  GlobalVar *inMemory(const Value &array, Loc at);
  /// A run-time value, also inside a struct or a small array.
  static bool holdsRunTime(const Value &value);
  /// The type of a variable that starts with an anonymous struct.
  const Type *recordType(const Value &value, Loc at);

  // SemaConvert.cpp.
  Value coerce(Value value, const Type *type, Loc at); ///< implicit
  Value coerceStruct(const Value &value, const Type *type, Loc at);
  Value convert(Value value, const Type *type, Loc at); ///< @as
  Value bitcast(Value value, const Type *type, Loc at);
  bool fits(int64_t value, const Type *type) const;
  bool fits(const Value &known, const Type *type) const;
  /// A value without compile-time type for an untyped variable.
  Value runTimeType(Value value, Loc at);

  // SemaArith.cpp.
  Value unary(Operator op, Value value, Loc at);
  Value binary(Operator op, Value left, Value right, Loc at);
  bool unify(Operator op, Value &left, Value &right, Loc at);
  Value symbolicBinary(Operator op, const Value &left, const Value &right,
                       Loc at);
  Value knownBinary(Operator op, const Value &left, const Value &right, Loc at);
  int64_t knownInteger(Operator op, const Value &left, const Value &right,
                       Loc at);
  Value compareValues(Operator op, const Value &left, const Value &right,
                      Loc at);
  bool equal(const Value &left, const Value &right) const;

  // SemaCall.cpp.
  Value callFunction(const FunctionRef &function, llvm::ArrayRef<Value> args,
                     Loc at);
  Value interpret(const FunctionRef &function, llvm::ArrayRef<Value> args,
                  Loc at);
  Value evalCall(const Expr &expr);
  /// Emits the function's body here.
  Value inlineCall(const FunctionRef &function, llvm::ArrayRef<Value> args,
                   const Type *result, Loc at);
  /// Adds a parameter to the locals; gives its type, null for anytype.
  const Type *bindParameter(const Parameter &parameter, const Value &arg,
                            bool constant);
  class CallScope;

  // SemaStmt.cpp.
  Flow exec(const Stmt &stmt);
  Flow execList(llvm::ArrayRef<Stmt *> stmts, size_t from = 0);
  Flow execDecl(const Decl &decl);
  Flow execAssign(const Stmt &stmt);
  Flow execFor(const Stmt &stmt);
  Flow execWhile(const Stmt &stmt);
  Flow execInlined(const Stmt &body);
  Flow execSwitch(const Stmt &stmt);
  Flow execBody(const Stmt &stmt); ///< in a scope of its own

  // SemaFlow.cpp: run-time control flow.
  Flow genIf(const Value &condition, llvm::function_ref<Flow()> first,
             llvm::function_ref<Flow()> second, Loc at);
  /// An 'if' with the statements behind it; `done` when they are emitted too.
  Flow genIfThenRest(const Value &condition, const Stmt &stmt,
                     llvm::ArrayRef<Stmt *> rest, bool &done);
  Flow genWhile(llvm::function_ref<Value()> condition, const Stmt &stmt);
  Flow genFor(const Stmt &stmt, const RangeValue &range,
              llvm::function_ref<void(Value index, Value position)> bind);
  void emitWhile(llvm::ArrayRef<size_t> carried,
                 llvm::function_ref<Value()> condition,
                 llvm::function_ref<void()> body, Loc at);
  /// A loop in code that runs, with its flags.
  void enterLoop(Name label);
  Flow leaveLoop(const Stmt &stmt);
  /// Values of the function's run-time variables; none for other locals.
  std::vector<Value> runVars() const;
  void setRunVars(const std::vector<Value> &values);
  size_t addRunVar(const Type *type, Value value);
  void setCarried(llvm::ArrayRef<size_t> carried, mlir::ValueRange values);
  llvm::SmallVector<mlir::Value> carriedValues(llvm::ArrayRef<size_t> carried,
                                               Loc at);
  Flow guardRest(llvm::ArrayRef<Stmt *> rest);
  /// What the 'break's out of a labelled block give.
  struct BlockResult {
    unsigned breaks = 0;
    Value value;
  };
  Flow genBlock(const Stmt &stmt, const Type *result, BlockResult &given);
  Value genBlockValue(const Stmt &block, const Type *expected);

  Value builtin(const Expr &expr); ///< Builtins.cpp

  // Values.
  Value force(Value value, Loc at); ///< symbolic to known
  int64_t forceInt(const Value &value, Loc at);
  bool forceBool(const Value &value, Loc at);
  std::string forceString(const Value &value, Loc at);
  Value integer(int64_t i) const {
    return Value::integer(types.comptimeInt, i);
  }
  Value boolean(bool b) const { return Value::integer(types.boolType, b); }
  Value voidValue() const { return Value::integer(types.voidType, 0); }
  Value string(std::string text);
  Aggregate *aggregate(uint32_t size, bool named);
  /// Notes how large the filled aggregate is; too large is an error.
  void settle(Aggregate &aggregate, Loc at);
  /// The type, unless its name says that it is too large.
  const Type *bounded(const Type *type, Loc at) const;
  /// A number that depends on the PE; a long expression is evaluated.
  Value symbolic(SymExpr expr, Loc at);
  Value structValue(llvm::ArrayRef<std::pair<Name, Value>> fields);
  Value copyAggregate(const Value &value);
  /// Element `i` of storage, made a value of its own if it was shared.
  Value &element(Value &storage, uint32_t i);
  std::optional<Value> field(const Value &value, llvm::StringRef name);
  std::string describe(const Value &value) const;

  // Run-time values.
  mlir::Value materializeValue(const Value &value, Loc at);
  mlir::Value materializeSymbolic(const Value &value, Loc at);
  Value literal(const Expr &expr);
  Value runTime(const Type *type, mlir::Value value);
  mlir::Value mlirValue(const Value &value) const {
    return mlir::Value::getFromOpaquePointer(value.runtime);
  }
  mlir::Type mlirType(const Type *type, Loc at);
  mlir::Location location(Loc at);
  mlir::OpBuilder &builder() {
    if (!opBuilder)
      error(lastLoc, "this is only known when the program runs");
    return *opBuilder;
  }
  /// A builder for a block that need not stand anywhere yet.
  mlir::OpBuilder atEnd(mlir::Block &block) const {
    mlir::OpBuilder result(&c.context);
    result.setInsertionPointToEnd(&block);
    return result;
  }
  bool emitting() const { return opBuilder != nullptr; }
  /// Counts work. Too much of it, or too deep a nesting, is an error.
  void step(Loc at, uint64_t work = 1);

  [[noreturn]] void error(Loc at, const llvm::Twine &message) const;

  Compilation &c;
  TypeContext &types;
  Layout *layout;
  Program *program;
  ModuleInstance *module = nullptr; ///< whose names are in scope
  std::deque<Local> locals;         ///< references to what stays are kept
  size_t frameBase = 0;
  mlir::OpBuilder *opBuilder = nullptr; ///< null: interpreting

  /// What a running function gives back, and its flags.
  struct Frame {
    const Type *result = nullptr;
    Value value;              ///< interpreted
    size_t resultLocal = 0;   ///< emitted: RunVar of the result
    size_t returnedLocal = 0; ///< emitted: RunVar, set when it has returned
    bool isEmitted = false;
    bool mayReturnEarly = false;
    unsigned branchDepth = 0; ///< when it began
  } *frame = nullptr;
  struct Loop {
    Name label = 0;
    size_t brokenLocal = 0, continuedLocal = 0; ///< RunVars; emitted loops only
    bool isEmitted = false;
    bool isBlock = false;   ///< only 'break' with the label leaves it
    size_t resultLocal = 0; ///< RunVar of what an emitted block gives; 0: none
    unsigned breaks = 0;    ///< that leave it
  };
  std::vector<Loop> loops;
  Value blockValue;         ///< what the last 'break :label value' gave
  unsigned branchDepth = 0; ///< run-time branches and loops around the code
  unsigned blockDepth = 0;  ///< blocks with a value that are tried out
  std::vector<std::pair<Loc, const Decl *>> callStack;
  uint64_t steps = 0;
  Loc lastLoc; ///< of the expression that is evaluated
  std::map<std::pair<const Source *, std::string>, std::string> importCache;
  size_t imports = 0;
  bool escaped = false; ///< a value outlives the layout loop's iteration

private:
  Value leftFlag(bool withContinue, Loc at);
  std::vector<size_t> carriedLocals(const Stmt &stmt);
};

/// Restores a value at the end of a scope.
template <typename T> class Saved {
public:
  explicit Saved(T &variable) : variable(variable), old(variable) {}
  Saved(T &variable, T value) : Saved(variable) { variable = value; }
  ~Saved() { variable = old; }

private:
  T &variable, old;
};

/// A function's parameters and names while it is interpreted or its signature
/// is looked at.
class Sema::CallScope {
public:
  CallScope(Sema &sema, const FunctionRef &function, Loc at, bool interpreting);
  ~CallScope();

private:
  Saved<ModuleInstance *> moduleScope;
  Saved<size_t> base;
  Saved<Frame *> frame;
  Saved<mlir::OpBuilder *> builder;
  std::vector<Loop> loops;
  Sema &sema;
  size_t size;
};

/// Keeps what happens in a block away from the locals outside of it.
class KeepLocals {
public:
  explicit KeepLocals(Sema &sema) : sema(sema) {
    for (const Local &local : sema.locals)
      values.push_back(local.value);
  }
  ~KeepLocals() {
    for (size_t i = 0; i < values.size(); ++i)
      if (sema.locals[i].kind == Local::RunVar)
        sema.locals[i].value = values[i];
  }

private:
  Sema &sema;
  std::vector<Value> values;
};

/// Removes locals at the end of a scope.
class LocalScope {
public:
  explicit LocalScope(Sema &sema) : sema(sema), size(sema.locals.size()) {}
  ~LocalScope() { sema.locals.resize(size); }

private:
  Sema &sema;
  size_t size;
};

} // namespace spada::cslfront

#endif
