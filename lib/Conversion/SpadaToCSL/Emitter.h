//===- Emitter.h - one class as a csl.program -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Turns a planned class body into a `csl.program`. The statements after a wait
// go on in the task that the wait's operations trigger, so emission is in
// continuation-passing style. Decisions are in the plan; resources in
// Resources.h.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_EMITTER_H
#define LIB_CONVERSION_SPADATOCSL_EMITTER_H

#include "Functions.h"
#include "Plan.h"
#include "dialects/CSL/IR/CSLDialect.h"
#include "spada/Machine/Machine.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/StringMap.h"

namespace spada {

/// Queue, microthread and color of one stream direction of the class.
struct StreamEnd {
  int64_t color = -1, queue = -1;
  int64_t microthread = -1; ///< explicit (WSE-3); -1: implied by the queue
};

/// What the emitter needs from the rest of the kernel.
struct EmitterInput {
  mutable KernelOp kernel;
  const Machine &machine;
  ClassBody &body;
  const Plan &plan;
  std::string programName = {};
  llvm::DenseMap<unsigned, StreamEnd> inputs{},
      outputs{}; ///< by index in body.streams
  llvm::SmallVector<int64_t>
      taskIds{}; ///< free local task ids of this class, in order
};

class ProgramEmitter {
public:
  ProgramEmitter(const EmitterInput &input, mlir::OpBuilder &moduleBuilder);
  mlir::LogicalResult emit();

private:
  using Continuation = std::function<mlir::LogicalResult()>;
  struct VectorOperand {
    mlir::Value value; ///< csl DSD, scalar, or null for a memory access not yet
                       ///< made a DSD
    bool isVector = false;
    bool isTemporary =
        false;        ///< addressed by iteration number, not by loop variable
    std::string base; ///< memory access
    LinearForm address;
    mlir::Type elementType;
  };

  // Declarations (Emitter.cpp).
  void declareProlog();
  void declareFields();
  mlir::LogicalResult declareMain();
  std::string freshName(llvm::StringRef wanted);
  llvm::StringRef declareVariable(llvm::StringRef wanted, mlir::MemRefType type,
                                  mlir::Location loc);
  llvm::StringRef memDsd(llvm::StringRef base, int64_t offset,
                         llvm::ArrayRef<int64_t> sizes,
                         llvm::ArrayRef<int64_t> strides, mlir::Location loc);
  llvm::StringRef colorSymbol(int64_t color, mlir::Location loc);
  llvm::StringRef queueSymbol(unsigned stream, bool isSend, mlir::Location loc);
  llvm::StringRef fabricDsd(unsigned stream, bool isSend, int64_t extent,
                            mlir::Location loc);
  mlir::FailureOr<csl::TaskOp> makeTask(llvm::StringRef wanted, bool blocked,
                                        mlir::Location loc);
  void setBody(mlir::Operation *owner);

  // Statements and tasks (EmitTasks.cpp).
  mlir::LogicalResult emitFrom(mlir::Block::iterator it,
                               mlir::Block::iterator end,
                               const Continuation &then);
  mlir::LogicalResult emitStatement(mlir::Operation *op);
  mlir::LogicalResult emitSplitFor(ForOp loop, unsigned dim,
                                   const Continuation &then);
  mlir::LogicalResult emitWhile(WhileOp op);
  mlir::LogicalResult emitAsyncTask(AsyncBlockOp op);
  mlir::LogicalResult prepareSignal(mlir::Operation *op);
  mlir::LogicalResult prepareGroup(unsigned group, mlir::Location loc);
  mlir::LogicalResult waitFor(unsigned group, const Continuation &then,
                              mlir::Location loc);
  void chooseTaskSharing();
  mlir::FailureOr<csl::TaskOp> takeTask(bool blocked, mlir::Location loc);
  void
  emitDispatch(llvm::ArrayRef<std::pair<int64_t, mlir::Operation *>> targets,
               mlir::Value step, mlir::Location loc);
  void finishSharedTasks();
  void raise(mlir::Operation *asyncOp);

  // Transfers (EmitTransfers.cpp).
  unsigned streamIndex(mlir::Value stream);
  mlir::LogicalResult beginTransfer(mlir::Operation *op, unsigned stream,
                                    bool isSend);
  mlir::LogicalResult emitSend(SendOp op);
  mlir::LogicalResult emitSendValue(SendValueOp op);
  mlir::LogicalResult emitReceive(ReceiveOp op);
  mlir::LogicalResult emitForeach(ForeachOp op);
  mlir::LogicalResult emitBufferedForeach(ForeachOp op);
  mlir::LogicalResult emitSyncForeach(ForeachOp op);
  mlir::LogicalResult emitDataTask(ForeachOp op);
  mlir::LogicalResult emitBody(mlir::Block &block);

  // Loops and vector operations (EmitVector.cpp).
  mlir::LogicalResult emitLoopNest(llvm::ArrayRef<LoopDim> dims,
                                   const Continuation &body,
                                   mlir::Location loc);
  mlir::LogicalResult emitMemoryLoop(mlir::Operation *loop);
  mlir::LogicalResult emitVectorWrite(WriteOp write, const VectorScope &scope);

  VectorOperand wholeField(llvm::StringRef field,
                           llvm::SmallVectorImpl<LoopDim> &dims);
  VectorOperand fabric(unsigned stream, bool isSend, int64_t extent,
                       mlir::Location loc);
  VectorOperand leaf(mlir::Value value, const VectorScope &scope);
  VectorOperand temporary(mlir::Type elementType, llvm::ArrayRef<LoopDim> dims,
                          mlir::Location loc);
  mlir::LogicalResult evaluate(mlir::Value value,
                               const VectorOperand &destination,
                               const VectorScope &scope,
                               mlir::Operation *owner);
  VectorOperand evaluateToOperand(mlir::Value value,
                                  const VectorOperand &scratch,
                                  bool scratchFree, const VectorScope &scope,
                                  mlir::Operation *owner);
  mlir::LogicalResult vectorOp(llvm::StringRef builtin,
                               const VectorOperand &destination,
                               llvm::ArrayRef<VectorOperand> sources,
                               const VectorScope &scope,
                               mlir::Operation *owner);
  bool readsField(mlir::Value value, llvm::StringRef base);

  // Scalars (EmitScalar.cpp).
  mlir::Value scalar(mlir::Value value);
  mlir::Value computeScalar(mlir::Value value);
  mlir::Value scalarBinary(BinaryOp op);
  mlir::Value scalarMath(MathOp op);
  mlir::Value callFunction(
      llvm::StringRef name, llvm::ArrayRef<mlir::Value> arguments,
      llvm::function_ref<mlir::Value(FloatCode &, mlir::ValueRange)> expand,
      mlir::Location loc);
  mlir::Value convert(mlir::Value value, mlir::Type from, mlir::Type to,
                      mlir::Location loc);
  mlir::Value constant(mlir::Type type, int64_t value, mlir::Location loc);
  mlir::Value linear(const LinearForm &form, mlir::Location loc);
  mlir::Value elementIndex(llvm::StringRef field, mlir::ValueRange indices,
                           mlir::Location loc);
  mlir::Value loadField(llvm::StringRef field, mlir::ValueRange indices,
                        mlir::Type type, mlir::Location loc);
  void storeField(llvm::StringRef field, mlir::ValueRange indices,
                  mlir::Value value, mlir::Type type, mlir::Location loc);
  mlir::Value address(llvm::StringRef variable, mlir::Location loc);
  mlir::Value loopVariable(mlir::Value variable, mlir::Location loc);

  const EmitterInput &in;
  ClassBody &body;
  const Plan &plan;
  mlir::MLIRContext *context;
  mlir::OpBuilder b;    ///< at the statement being emitted
  mlir::OpBuilder decl; ///< end of the declarations
  mlir::OpBuilder tail; ///< end of the program: functions and tasks
  csl::ProgramOp program;
  csl::FuncOp main;

  llvm::StringSet<> names;
  llvm::StringMap<mlir::MemRefType> variables;
  llvm::StringMap<std::string> fieldVariables; ///< class field -> csl variable
  llvm::StringMap<std::string>
      symbolCache; ///< descriptor, queue, color by content
  llvm::DenseMap<mlir::Value, mlir::Value>
      loopValues; ///< loop variable -> i16 value valid here
  llvm::DenseMap<mlir::Value, std::string>
      loopVariables; ///< loop variable or element kept in a csl variable
  llvm::DenseMap<mlir::Value, mlir::Value>
      elementValues; ///< received element -> scalar value valid here
  llvm::DenseMap<mlir::Value, VectorOperand>
      elementOperands; ///< received element -> vector operand
  /// Values with several uses in the statement that is being emitted.
  std::optional<llvm::DenseMap<mlir::Value, mlir::Value>> sharedValues;
  struct GroupTasks {
    llvm::SmallVector<csl::TaskOp> chain;
    unsigned nextSlot = 0;
    int64_t step = -1; ///< value of the step variable under which shared tasks
                       ///< serve this group
    llvm::SmallVector<Continuation>
        deferred; ///< memory work of transfers, done after the wait
  };
  llvm::SmallVector<GroupTasks> groupTasks;
  /// A task that serves one wait after another; the step variable tells it
  /// which.
  struct SharedTask {
    csl::TaskOp task;
    bool isTaken = false;
    llvm::SmallVector<std::pair<int64_t, mlir::Operation *>>
        targets; ///< step -> function to call or task to activate
  };
  llvm::SmallVector<SharedTask> sharedTasks;
  std::string stepVariable; ///< empty: every wait has tasks of its own
  int64_t steps = 0;
  /// What the end of an asynchronous operation triggers.
  struct Signal {
    csl::TaskOp task;
    bool byUnblock = false;
    int64_t microthread = -1;
  };
  llvm::DenseMap<mlir::Operation *, Signal> signals;
  std::optional<Signal>
      async; ///< set while a transfer on a microthread is emitted
  unsigned nextTaskId = 0;
  llvm::StringMap<unsigned> temporariesInUse;
};

/// CSL builtin of `kind` ("mov", "add", ...) for an element type; empty when
/// there is none.
llvm::StringRef builtinFor(llvm::StringRef kind, mlir::Type type);

} // namespace spada

#endif
