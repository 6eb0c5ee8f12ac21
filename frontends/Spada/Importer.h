//===- Importer.h - checks and builder of the SpaDA front end ---*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Walks the AST once, resolving names, checking and building IR. After an
// error it goes on with null values; the caller then drops the IR.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_SPADA_IMPORTER_H
#define SPADA_FRONTENDS_SPADA_IMPORTER_H

#include "dialects/Spada/IR/SpadaDialect.h"
#include "frontends/Spada/AST.h"
#include "frontends/Spada/Frontend.h"
#include "frontends/Spada/Messages.h"
#include "frontends/Spada/ScalarTypes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"

namespace spada::frontend {

inline Ty tyOf(ast::Scalar s) { return Ty(unsigned(Ty::F16) + unsigned(s)); }

struct FieldInfo {
  const ast::Field *decl;
  const ast::Block *place;
};

struct StreamInfo {
  const ast::StreamDecl *decl;
  const ast::Block *dataflow;
};

struct ArgumentInfo {
  const ast::Argument *decl = nullptr;
  ArgumentOp op;
  bool sent = false, received = false;
  ast::Loc against; // the first use against the declared direction
};

/// Declarations of a kernel or of one phase.
struct DeclScope {
  llvm::StringMap<llvm::SmallVector<FieldInfo, 1>> fields;
  llvm::StringMap<llvm::SmallVector<StreamInfo, 1>> streams;
};

enum class VarKind : uint8_t { Subgrid, Loop, Element, Meta };

struct Variable {
  std::string_view name;
  Ty type;
  VarKind kind;
  unsigned position; // of a subgrid variable: 0 is x
  mlir::Value value; // null after an error
};

/// One body of statements.
struct Body {
  struct Completion {
    std::string_view name;
    ast::Loc loc;
    mlir::Value value;
    bool awaited = false;
  };
  Body *parent = nullptr;
  ast::StmtKind kind = ast::StmtKind::Async; // of the statement that holds it
  llvm::SmallVector<Completion, 2> completions;
};

class Importer {
public:
  Importer(mlir::MLIRContext *context, llvm::StringRef file,
           std::string_view source, const ImportOptions &options,
           Messages &messages);

  mlir::OwningOpRef<mlir::ModuleOp>
  run(const ast::Kernel &kernel,
      llvm::ArrayRef<std::pair<std::string, int64_t>> preconditions);

private:
  // ImportKernel.cpp
  void checkParams(const ast::Kernel &kernel);
  void collect(llvm::ArrayRef<ast::Block> blocks, DeclScope &scope);
  void collectPlace(const ast::Block &block, DeclScope &scope);
  void collectDataflow(const ast::Block &block, DeclScope &scope);
  void importBlocks(llvm::ArrayRef<ast::Block> blocks);
  void importPhase(const ast::Block &block);
  void importMetaFor(const ast::Block &block, size_t variable);
  template <typename OpT>
  void importSubgrid(const ast::Block &block,
                     llvm::function_ref<void()> importBody);
  void importField(const ast::Field &field);
  void checkVars(llvm::ArrayRef<ast::TypedVar> vars);
  void checkName(const ast::Ident &name, const char *what);
  ast::Scalar indexScalar(const ast::TypedVar &var, const char *what);

  // ImportArguments.cpp
  void importArgument(const ast::Argument &argument);
  ArgumentMode checkArgument(const ast::Argument &argument);
  void settleArguments(const ast::Kernel &kernel);
  mlir::Value argumentRef(const ast::Expr &e, ArgumentInfo &info, bool isSend,
                          Ty &element);
  mlir::Value argumentIndex(const ast::Expr &e, int &lastPosition);
  mlir::Value fixedIndex(const ast::Expr &e, unsigned axis, int64_t index);
  std::optional<int64_t> onlyCoordinate(const ast::Range &range) const;
  const Variable *argumentVariable(const ast::Expr &e);

  // ImportStreams.cpp
  void importStream(const ast::StreamDecl &decl);
  void importExternStream(const ast::StreamDecl &decl);
  void checkHops(const ast::StreamDecl &decl);
  void checkOffsets(const ast::StreamDecl &decl);
  void checkMulticast(const ast::StreamDecl &decl, unsigned axis);
  mlir::Value streamOperand(const ast::Expr &e, bool isSend, Ty &element);
  mlir::Value streamSelect(const ast::Expr &e, bool isSend, Ty &element);
  bool isHostStream(const ast::Expr &e);
  bool isFixed(const ast::Expr &e) const;

  // ImportStatements.cpp, ImportLoops.cpp
  void importBody(llvm::ArrayRef<ast::Stmt> stmts, Body &body);
  void importStmt(const ast::Stmt &stmt, Body &body);
  void importSend(const ast::Stmt &stmt, Body &body);
  void importReceive(const ast::Stmt &stmt, Body &body);
  void importMethod(const ast::Stmt &stmt, Body &body);
  void importAsync(const ast::Stmt &stmt, Body &body);
  void importAwait(const ast::Stmt &stmt, Body &body);
  void importAwaitAll(const ast::Stmt &stmt, Body &body);
  void importAssign(const ast::Stmt &stmt);
  void importWholeAssign(const ast::Stmt &stmt, const FieldInfo &field);
  struct Bounds;
  Bounds importRanges(llvm::ArrayRef<ast::Range> ranges, const char *what);
  struct LoopHead;
  LoopHead importLoopHead(const ast::Stmt &stmt, const char *what);
  void importMap(const ast::Stmt &stmt, Body &body);
  void importFor(const ast::Stmt &stmt, Body &body);
  void importForeach(const ast::Stmt &stmt, Body &body);
  struct ForeachParts;
  bool splitForeach(const ast::Stmt &stmt, ForeachParts &parts);
  void importLoopBody(const ast::Stmt &stmt, mlir::Region &region,
                      llvm::ArrayRef<const ast::TypedVar *> vars,
                      llvm::ArrayRef<Ty> types, bool hasElement, Body &body);
  mlir::StringAttr completionName(const ast::Stmt &stmt, Body &body);
  void finishAsync(const ast::Stmt &stmt, mlir::Value completion, Body &body);
  bool checkPrefix(const ast::Stmt &stmt);
  void checkAwaited(const Body &body);
  bool checkTarget(const ast::Expr &target, const FieldInfo *&field);

  // ImportTypes.cpp: types, names of values
  Ty annotate(const ast::Expr &e);
  Ty annotateRef(const ast::Expr &e);
  Ty annotateField(const ast::Expr &e, const FieldInfo &field);
  Ty annotateChain(const ast::Expr &e);
  Ty annotatePrefix(const ast::Expr &e);
  Ty annotateSelect(const ast::Expr &e);
  Ty annotateCall(const ast::Expr &e);
  /// Made of literals, parameters and variables of compile-time loops; for
  /// annotated expressions.
  bool isCompileTime(const ast::Expr &e) const;
  void checkChain(const ast::Expr &e, Ty type);
  Ty chainOperandTy(const ast::Operator &op, Ty lhs, Ty rhs);
  const Variable *findVariable(std::string_view name) const;
  const FieldInfo *findField(const ast::Expr &e);
  const StreamInfo *findStream(const ast::Expr &e);
  template <typename Info>
  const Info *pick(const ast::Expr &e, llvm::ArrayRef<Info> candidates,
                   llvm::function_ref<bool(const Info &, const Info &)> same,
                   llvm::function_ref<const ast::Block *(const Info &)> block,
                   llvm::function_ref<ast::Loc(const Info &)> where,
                   const char *what);
  const llvm::SmallVector<mlir::Value> *iteration(size_t rank) const;

  // ImportExprs.cpp: values
  /// Value of an annotated expression, converted to `want`; null on error.
  mlir::Value emit(const ast::Expr &e, Ty want);
  mlir::Value emitAs(const ast::Expr &e, Ty type);
  mlir::Value emitLiteral(const ast::Expr &e, bool negative, Ty type);
  mlir::Value emitRef(const ast::Expr &e);
  mlir::Value emitPrefix(const ast::Expr &e, Ty type);
  mlir::Value emitChain(const ast::Expr &e, Ty type);
  mlir::Value emitSelect(const ast::Expr &e, Ty type);
  mlir::Value emitBinary(const ast::Operator &op, mlir::Value lhs,
                         mlir::Value rhs);
  mlir::Value convert(mlir::Value value, Ty from, Ty to, ast::Loc loc);
  /// Indices keep their own integer type.
  bool emitIndices(llvm::ArrayRef<ast::Expr> subscripts,
                   llvm::SmallVectorImpl<mlir::Value> &indices);
  /// Annotates and emits a run-time value of a concrete type.
  mlir::Value value(const ast::Expr &e, Ty want);
  /// Annotates and emits a compile-time integer.
  mlir::Value index(const ast::Expr &e);
  mlir::Value indexConstant(ast::Loc loc, int64_t value);
  /// lo, hi, step of a range; a single coordinate is `lo` to `lo + 1`.
  bool range(const ast::Range &range, mlir::Value &lo, mlir::Value &hi,
             mlir::Value &step, bool allowNegative, const char *what);
  /// The value of an expression of literals only.
  std::optional<int64_t> literalInt(const ast::Expr &e) const;

  mlir::Location loc(ast::Loc at);
  mlir::Type mlirType(Ty t);
  mlir::Type mlirType(ast::Scalar s) { return mlirType(tyOf(s)); }
  mlir::StringAttr string(std::string_view text) {
    return builder.getStringAttr(llvm::StringRef(text));
  }
  mlir::ArrayAttr names(llvm::ArrayRef<ast::TypedVar> vars);
  llvm::StringRef textOf(const ast::Expr &e) const;
  Messages::Message &error(ast::Loc at, const llvm::Twine &text) {
    return messages.error(at, text);
  }

  mlir::OpBuilder builder;
  mlir::StringAttr file;
  std::string_view source;
  ImportOptions options;
  Messages &messages;

  llvm::StringMap<mlir::Value> params;
  llvm::StringMap<ast::Loc> paramLocs;
  llvm::StringMap<ArgumentInfo> arguments;
  const ast::Argument *firstStreamArgument = nullptr;
  DeclScope kernelScope;
  DeclScope *phaseScope = nullptr;
  const ast::Block *block = nullptr; // place, dataflow or compute
  llvm::SmallVector<Variable> variables;
  llvm::SmallVector<llvm::SmallVector<mlir::Value>> iterations;
  bool compileTime = true; // in bounds and other compile-time expressions
};

} // namespace spada::frontend

#endif
