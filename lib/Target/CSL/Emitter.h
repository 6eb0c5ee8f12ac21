//===- Emitter.h - parts of the CSL printer ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Expressions with their precedence, types, and the printers of bodies,
// programs and layout. Private to Target/CSL.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_TARGET_CSL_EMITTER_H
#define LIB_TARGET_CSL_EMITTER_H

#include "dialects/CSL/IR/CSLDialect.h"
#include "dialects/CSL/Transforms/Names.h"
#include "spada/Machine/Machine.h"
#include "spada/Target/CSL.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Support/IndentedOstream.h"

namespace spada {

/// Binding strength of CSL expressions, weakest first. All bit operators share
/// one level.
enum class Precedence {
  Conditional,
  Or,
  And,
  Comparison,
  Bits,
  Shift,
  Sum,
  Product,
  Unary,
  Postfix
};

/// Text of an expression and what decides where it may stand.
struct Expression {
  std::string text;
  Precedence precedence = Precedence::Postfix;
  bool literal =
      false; ///< a number: of type comptime_int or comptime_float in CSL
  bool readsMemory = false; ///< value changes when memory is written
  bool mayTrap = false;     ///< must not run where it was not asked for
  llvm::SmallVector<std::string, 1> variables{}; ///< local `var`s it reads

  /// The text, in parentheses if it binds weaker than `least`.
  std::string in(Precedence least) const {
    return precedence < least ? "(" + text + ")" : text;
  }
  /// Takes over what `other`, now a part, depends on.
  void depend(const Expression &other);
};

/// CSL's name of a scalar or descriptor type; empty when it has none.
std::string cslType(mlir::Type type);
/// `: T` behind a name. None for descriptors, whose kind follows from their
/// stride.
std::string typeAnnotation(mlir::Type type);
/// The unsigned integer type of the same width.
std::string cslUnsigned(mlir::Type type);
/// A number as CSL literal.
Expression cslLiteral(mlir::TypedAttr value);
/// Text of an array or scalar declaration's type: `[8]f32`.
std::string cslVariableType(csl::VariableOp variable);
/// Is `variable` printed as one-dimensional array whatever its rank?
bool isFlat(csl::VariableOp variable);
/// `mem1d_dsd` holds one dimension with a stride of 8 bits; everything else is
/// a `mem4d_dsd`.
bool isMem1d(csl::MemDsdOp dsd);
/// The constant that holds a task's id.
llvm::StringRef taskIdName(csl::TaskOp task);

/// Prints the statements of one task or function.
class BodyEmitter {
public:
  BodyEmitter(csl::ProgramOp program, mlir::SymbolTable &symbols,
              CSLNames &names, const Machine &machine,
              const EmitCSLOptions &options, mlir::raw_indented_ostream &os)
      : program(program), symbols(symbols), names(names), machine(machine),
        options(options), os(os) {}

  /// `value` is a parameter called `name`.
  void bindName(mlir::Value value, llvm::StringRef name) {
    expressions[value] = Expression{name.str()};
  }
  mlir::LogicalResult emitBody(mlir::Block &block);
  /// Prints `// file:line:column` when it differs from the last one.
  void emitLocation(mlir::Location location);

private:
  // Statements.
  mlir::LogicalResult emitBlock(mlir::Block &block);
  mlir::LogicalResult emitOp(mlir::Operation &op);
  mlir::LogicalResult emitStatement(mlir::Operation &op);
  mlir::LogicalResult emitStore(mlir::memref::StoreOp op);
  mlir::LogicalResult emitVector(csl::VectorOp op);
  mlir::LogicalResult emitFor(mlir::scf::ForOp op);
  mlir::LogicalResult emitIf(mlir::scf::IfOp op);
  mlir::LogicalResult emitWhile(mlir::scf::WhileOp op);
  mlir::LogicalResult emitCall(mlir::Operation *op, const std::string &callee,
                               mlir::ValueRange arguments, mlir::Value result);
  mlir::LogicalResult emitTaskState(mlir::Operation *op,
                                    llvm::StringRef builtin,
                                    llvm::StringRef task);
  mlir::LogicalResult
  declareVariables(mlir::ValueRange values, mlir::ValueRange initial,
                   llvm::SmallVectorImpl<std::string> &variables);
  mlir::LogicalResult assign(llvm::ArrayRef<std::string> variables,
                             mlir::ValueRange values);

  // Values.
  mlir::FailureOr<Expression> buildExpression(mlir::Operation &op);
  mlir::FailureOr<Expression> buildArith(mlir::Operation &op);
  Expression buildBinary(mlir::Operation &op, llvm::StringRef sign,
                         Precedence precedence);
  Expression buildUnsigned(mlir::Operation &op, llvm::StringRef sign,
                           Precedence precedence);
  Expression buildShift(mlir::Operation &op, llvm::StringRef sign,
                        bool logical);
  Expression buildCompare(mlir::arith::CmpIOp op);
  mlir::FailureOr<Expression> buildCompareFloat(mlir::arith::CmpFOp op);
  mlir::FailureOr<Expression>
  buildLogic(mlir::Operation &op, llvm::StringRef sign, Precedence precedence);
  mlir::FailureOr<Expression> buildSelect(mlir::arith::SelectOp op);
  mlir::FailureOr<Expression> buildCast(mlir::Operation &op);
  mlir::FailureOr<Expression> buildAccess(mlir::Operation *op,
                                          mlir::Value memref,
                                          mlir::ValueRange indices);
  mlir::FailureOr<csl::VariableOp> variableOf(mlir::Operation *op,
                                              mlir::Value memref);
  mlir::LogicalResult bindResult(mlir::Operation &op, Expression expression);
  mlir::LogicalResult emitConst(mlir::Value value,
                                const Expression &expression);
  mlir::LogicalResult flushLoads(mlir::Operation *before);
  mlir::LogicalResult checkType(mlir::Operation *op, mlir::Type type);
  /// The expression of `value`; materialised as a constant when `simple` asks
  /// for a name or a number.
  Expression get(mlir::Value value) { return expressions.lookup(value); }
  Expression getTyped(mlir::Value value);
  mlir::LogicalResult makeSimple(mlir::Value value);
  /// Has `value` evaluated before a choice that might leave it out.
  mlir::LogicalResult makeUnconditional(mlir::Value value) {
    return get(value).mayTrap ? makeSimple(value) : mlir::success();
  }
  std::string localName(mlir::Value value, llvm::StringRef fallback);
  csl::TaskOp task(llvm::StringRef name) {
    return symbols.lookup<csl::TaskOp>(name);
  }

  csl::ProgramOp program;
  mlir::SymbolTable &symbols;
  CSLNames &names;
  const Machine &machine;
  const EmitCSLOptions &options;
  mlir::raw_indented_ostream &os;
  llvm::DenseMap<mlir::Value, Expression> expressions;
  llvm::SmallVector<mlir::Value> pendingLoads; ///< inlined later, read memory
  std::string lastLocation;
};

/// Rejects by name what the printer has no text for.
mlir::LogicalResult checkPrintable(mlir::ModuleOp module);
/// Prints `<program>.csl`.
mlir::LogicalResult emitProgram(csl::ProgramOp program, const Machine &machine,
                                const EmitCSLOptions &options,
                                llvm::raw_ostream &os);
/// Prints `layout.csl`.
mlir::LogicalResult emitLayout(csl::LayoutOp layout,
                               mlir::SymbolTable &programs,
                               llvm::raw_ostream &os);
/// Prints `metadata.json`.
void emitMetadata(csl::LayoutOp layout, const Machine &machine,
                  llvm::raw_ostream &os);

} // namespace spada

#endif
