//===- Sema.h - from the syntax tree to the stencil dialect -----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One pass in program order: functions are expanded where they are called,
// names get their meaning, and ops are built as soon as a type is known. The
// type of a temporary is that of its first assignment, so that nothing has to
// be guessed ahead.
//
//===----------------------------------------------------------------------===//

#ifndef FRONTENDS_GTSCRIPT_SEMA_H
#define FRONTENDS_GTSCRIPT_SEMA_H

#include "frontends/GTScript/Native.h"
#include "frontends/GTScript/Types.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

#include <map>

namespace spada::gtscript {

/// A place in a file, for messages.
struct Place {
  const ast::Module *module = nullptr;
  ast::Range range;
};

/// What a name stands for inside a stencil.
struct Symbol {
  enum Kind { Field, Scalar, Constant, Failed };
  Kind kind = Failed; // Failed: an error was reported, say no more
  std::string name;   // as written
  bool isArgument = false;
  mlir::Value value; // of fields and scalars
  gtscript::Constant constant;
  Place declared;
  /// The first statement outside regions that writes it.
  std::optional<Place> written;

  stencil::FieldType field() const {
    return llvm::cast<stencil::FieldType>(value.getType());
  }
};

/// A function that is being expanded; the outermost one is the stencil.
struct Frame {
  const ast::Module *module = nullptr;
  const ast::Function *function = nullptr;
  Frame *caller = nullptr;
  ast::Range callSite; // in the caller
  std::string suffix;  // of the names of its temporaries
  llvm::StringMap<Symbol *> names;
  /// Names that the body assigns, with the first place.
  llvm::StringMap<ast::Range> assigned;
  /// Names that the body imports from `__externals__`.
  llvm::StringMap<ast::Range> externals;
};

/// A condition under which statements run.
struct Guard {
  std::function<mlir::Value()> emit;
  bool negate = false;
  Frame *frame = nullptr; // in which `emit` runs
};

/// Another frame until the end of a block.
struct FrameScope {
  FrameScope(Frame *&slot, Frame *inner) : slot(slot), outer(slot) {
    slot = inner;
  }
  ~FrameScope() { slot = outer; }
  Frame *&slot;
  Frame *outer;
};

/// An end of an interval: a constant, or a value known when the stencil runs.
struct Bound {
  stencil::Edge edge = stencil::Edge::Start;
  int64_t offset = 0;
  const ast::Expr *runtime = nullptr;
};
struct Interval {
  Bound start, end;
  ast::Range range;
  std::string str() const;
};

/// `x[1, 0, 0]`, `x[0, 0, n]`, `x.at(K=n)`, `x[0, 0, 0][1]`, `x.A[1]`.
struct Access {
  Symbol *symbol = nullptr;
  ast::Range range;
  int64_t offset[3] = {0, 0, 0};
  const ast::Expr *shift = nullptr; // a vertical offset known at run time
  const ast::Expr *level = nullptr; // an absolute level
  const ast::Expr *data = nullptr;  // a subscript or a list
  unsigned firstData = 0;           // of the arguments of `data`
  bool hasData() const { return data; }
  size_t numData() const { return data ? data->args.size() - firstData : 0; }
};

using Shape = llvm::SmallVector<int64_t, 2>;

/// All elements of data dimensions in order; one empty list without any.
std::vector<Shape> elementsOf(llvm::ArrayRef<int64_t> dims);

/// The names that a stencil and the functions which it calls import from
/// `__externals__`, sorted.
std::vector<std::string> requiredExternals(Modules &modules,
                                           const ast::Module &module,
                                           const ast::Function &function);

class Sema {
public:
  Sema(Modules &modules, const GTScriptOptions &options,
       mlir::MLIRContext *context)
      : modules(modules), options(options), context(context), builder(context) {
  }

  mlir::OwningOpRef<mlir::ModuleOp> run(const ast::Module &module,
                                        const ast::Function &function,
                                        llvm::StringRef name);

  /// Values given by options, the decorator and calls of `stencil`.
  void collectExternals(const ast::Module &module,
                        const ast::StencilCandidate &stencil);

private:
  // Externals (Frontend.cpp).
  bool readExternals(const ast::Module &module, const ast::Function &function);
  void readDictionary(const ast::Module &module, const ast::Function &function,
                      const ast::Expr &call);
  void addDecorated(const ast::Module &module, const ast::Function &function,
                    std::string_view name, const ast::Expr &value);
  void readCalls(const ast::Module &module, const ast::Function &function,
                 const std::vector<ast::Stmt> &body);

  void readMakers(const ast::Module &module, const ast::Function &function);

  // Messages (SemaNames.cpp).
  void error(const ast::Range &range, const llvm::Twine &text,
             const llvm::Twine &hint = "",
             llvm::ArrayRef<std::pair<Place, std::string>> notes = {});
  void warning(const ast::Range &range, const llvm::Twine &text,
               const llvm::Twine &hint = "");
  mlir::Location loc(const ast::Range &range);
  mlir::Location fileLoc(const Place &place);
  Place place(const ast::Range &range) { return {frame->module, range}; }

  // Names (SemaNames.cpp).
  Symbol *find(std::string_view name);
  Constant constantOf(const ast::Expr &expr, std::string &reason);
  Constant fold(const ast::Expr &expr, std::string *reason = nullptr,
                const ast::Expr **blame = nullptr);
  const Lookup &lookup();
  void unknownName(const ast::Expr &name, const std::string &reason);
  std::string suggestion(std::string_view name);
  Symbol *makeSymbol(Symbol::Kind kind, std::string name, ast::Range range);
  void collectNames(const std::vector<ast::Stmt> &body, Frame &frame);
  void checkImports(const ast::Stmt &stmt);
  void importExternals(const ast::Stmt &stmt, Frame &frame);

  // The stencil (Sema.cpp).
  bool declareParams(const ast::Function &function);
  TypeDesc paramType(const ast::Param &param);
  bool setDefault(const ast::Param &param, const TypeDesc &type,
                  mlir::DictionaryAttr &attrs);
  void stencilBody(const std::vector<ast::Stmt> &body);
  void declareTemporary(const ast::Stmt &stmt);

  // Computations (SemaInterval.cpp).
  void computation(const ast::Stmt &with);
  bool headItems(const ast::Stmt &with, std::optional<stencil::Order> &order,
                 const ast::Expr *&interval, const ast::Expr *&horizontal);
  std::optional<stencil::Order> readOrder(const ast::Expr &call);
  std::optional<Interval> readInterval(const ast::Expr &call);
  std::optional<Bound> readBound(const ast::Expr &expr, bool isEnd);
  bool isRuntimeBound(const ast::Expr &expr);
  void checkIntervals(llvm::ArrayRef<Interval> intervals);
  void section(const ast::Stmt &with, const Interval &interval,
               const ast::Expr *horizontal);
  mlir::Value runtimeBound(const ast::Expr &expr);
  bool pushRuntimeGuards(const ast::Stmt &with, const Interval &interval);
  Symbol *freezeBound(const ast::Expr &expr, const ast::Stmt &with);

  // Regions (SemaRegion.cpp).
  std::optional<llvm::SmallVector<stencil::RegionAttr>>
  readHorizontal(const ast::Expr &call);
  bool readRange(const ast::Expr &expr, unsigned axis,
                 stencil::BoundAttr &start, stencil::BoundAttr &end);
  bool readRegionBound(const ast::Expr &expr, unsigned axis, bool isEnd,
                       stencil::BoundAttr &bound);
  void region(const ast::Stmt &with);

  // Statements (SemaStmt.cpp).
  void block(const std::vector<ast::Stmt> &body);
  void statement(const ast::Stmt &stmt);
  void rejectOther(const ast::Stmt &stmt);
  void group(llvm::function_ref<void()> body);
  void point(mlir::Location loc, llvm::function_ref<void()> body);
  mlir::Value emitGuards(mlir::Location loc, llvm::ArrayRef<Guard> conditions);
  void ifStmt(const ast::Stmt &stmt, size_t clause);
  void branch(const ast::Stmt &stmt, size_t clause, bool isElse);
  void pointIf(const ast::Stmt &stmt, size_t clause);
  void scalarIf(const ast::Stmt &stmt, size_t clause);
  void fieldIf(const ast::Stmt &stmt, size_t clause);
  bool inlinedCondition(const ast::Expr &call, bool &value);
  mlir::Value condition(const ast::Expr &expr, llvm::StringRef what);
  bool dependsOnField(const ast::Expr &expr);
  void whileStmt(const ast::Stmt &stmt);
  void checkWhile(mlir::Operation *loop, const ast::Range &range);
  void compileAssert(const ast::Expr &call);
  void expressionStmt(const ast::Stmt &stmt);

  // Assignments (SemaAssign.cpp).
  void assignStmt(const ast::Stmt &stmt);
  void assignTuple(const ast::Expr &target, const ast::Expr &value,
                   const ast::Range &range);
  void assign(const ast::Expr &target, Frame *targetFrame,
              const ast::Expr &value, const ast::Range &range,
              const ast::Expr *annotation = nullptr);
  bool prepareTarget(const ast::Expr &target, const ast::Expr *annotation,
                     Access &access, std::string &name, TypeDesc &type);
  Symbol *firstAssigned(const std::string &name, mlir::Value value,
                        const TypeDesc &declared, const ast::Range &range);
  bool checkUnrolling(llvm::ArrayRef<int64_t> dims, const ast::Range &range);
  bool readTarget(const ast::Expr &target, Access &access, std::string &name);
  bool checkTarget(const Access &access);
  Symbol *newTemporary(std::string name, mlir::Type type, ast::Range range,
                       Frame *owner);
  bool localType(const ast::Expr &annotation, TypeDesc &type);
  void store(const Access &access, mlir::Value value,
             llvm::ArrayRef<int64_t> element, const ast::Range &range);

  // Calls of functions (SemaCall.cpp).
  void inlineCalls(const ast::Expr &expr);
  const Constant *calledFunction(const ast::Expr &call);
  Symbol *inlineCall(const ast::Expr &call, const ast::Expr *target,
                     const ast::Range &range);
  bool bindArguments(const ast::Expr &call, const Constant &function,
                     Frame &callee);
  bool bindArgument(const ast::Param &param, const ast::Expr &actual,
                    const ast::Range &range, Frame &callee);
  bool checkRecursion(const ast::Expr &call, const ast::Function &function);
  Symbol *returnValue(const ast::Stmt &result, const ast::Expr &call,
                      const ast::Expr *target, const ast::Range &range);
  const ast::Stmt *findReturn(const ast::Expr &call,
                              const ast::Function &function);

  // Expressions (SemaExpr.cpp, SemaOps.cpp).
  Shape shapeOf(const ast::Expr &expr);
  mlir::Value expr(const ast::Expr &expr, llvm::ArrayRef<int64_t> element = {});
  mlir::Value nameValue(const ast::Expr &expr, llvm::ArrayRef<int64_t> element);
  mlir::Value symbolValue(const Symbol &symbol, const ast::Expr &expr,
                          llvm::ArrayRef<int64_t> element);
  mlir::Value constantValue(const Constant &value, const ast::Expr &expr);
  mlir::Value unary(const ast::Expr &expr, llvm::ArrayRef<int64_t> element);
  mlir::Value binary(const ast::Expr &expr, llvm::ArrayRef<int64_t> element);
  mlir::Value matmul(const ast::Expr &expr, llvm::ArrayRef<int64_t> element);
  mlir::Value compare(const ast::Expr &expr);
  mlir::Value boolOp(const ast::Expr &expr);
  mlir::Value ternary(const ast::Expr &expr);
  mlir::Value call(const ast::Expr &expr);
  mlir::Value native(const ast::Expr &expr, const Native &native);
  mlir::Value unsupported(const ast::Expr &expr);
  mlir::Value arithmetic(ast::Op op, mlir::Value lhs, mlir::Value rhs,
                         const ast::Expr &expr);
  mlir::Value power(mlir::Value base, mlir::Value exponent,
                    const ast::Expr &expr);

  // Accesses (SemaAccess.cpp).
  bool readAccess(const ast::Expr &expr, Access &access, bool isTarget);
  bool spatialIndex(const ast::Expr &subscript, Access &access, bool isTarget);
  bool axisIndex(const ast::Expr &subscript, Access &access);
  bool axisShift(const ast::Expr &expr, unsigned &axis, int64_t &shift);
  bool usesAxisForm(const ast::Expr &subscript, const Symbol &symbol);
  bool absoluteLevel(const ast::Expr &call, Access &access);
  bool checkData(const Access &access);
  bool baseSymbol(const ast::Expr &expr, Access &access);
  mlir::Value emitRead(const Access &access, const ast::Expr &expr,
                       llvm::ArrayRef<int64_t> element);
  mlir::Value indexValue(const ast::Expr &expr, llvm::StringRef what);
  bool dataValues(const Access &access, llvm::ArrayRef<int64_t> element,
                  llvm::SmallVectorImpl<mlir::Value> &values);
  void missingData(const Symbol &symbol, const ast::Range &range);

  // Types (SemaOps.cpp).
  mlir::Type literalInt(), literalFloat();
  mlir::Value convert(mlir::Value value, mlir::Type type, mlir::Location loc);

  Modules &modules;
  const GTScriptOptions &options;
  mlir::MLIRContext *context;
  mlir::OpBuilder builder;

  stencil::ProgramOp program;
  mlir::Operation *lastTemporary = nullptr;
  stencil::SectionOp sectionOp;
  Frame *frame = nullptr;
  std::deque<Symbol> symbols;
  std::deque<ast::Expr> made;        // expressions that no source has
  std::deque<ast::Module> scratches; // text of options
  std::deque<Constant> functions;
  llvm::StringMap<unsigned> temporaryNames;
  llvm::StringMap<Constant> externalValues; // parsed options
  bool failed = false;

  // The place in the program.
  std::optional<stencil::Order> order;
  std::vector<Guard> guards;
  llvm::SmallVector<stencil::RegionAttr> regions;
  bool inRegion = false;   // of `with horizontal`
  unsigned groupDepth = 0; // statements that belong together
  bool isFirst = true;     // of a group
  unsigned pointDepth = 0; // loops `while` around
  mlir::Value target;      // of the assignment whose value is being built
  /// Results of the calls in the statement at hand.
  std::map<const ast::Expr *, Symbol *> *calls = nullptr;
  unsigned numCalls = 0;
  unsigned callDepth = 0;
  Lookup lookupFunction;
};

} // namespace spada::gtscript

#endif
