//===- Plan.h - how each statement of a class runs --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Decides, for one class, which loops become vector operations, which transfers
// block the main thread, run on a microthread or become data tasks, and where
// the program must stop and be continued by a task. Emits nothing.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_PLAN_H
#define LIB_CONVERSION_SPADATOCSL_PLAN_H

#include "Affine.h"
#include "ClassBody.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace spada {

/// How an asynchronous statement runs.
enum class Mode {
  Inline, ///< local work done where it stands
  Sync,  ///< fabric operation that blocks the main thread (its await follows at
         ///< once)
  Async, ///< fabric operation on a microthread
  DataTask,  ///< one task run for each received element
  AsyncTask, ///< a body with communication, as tasks of its own
};

/// How a loop body over memory, or over received elements, is computed.
enum class LoopForm {
  Scalar,      ///< element by element
  Vector,      ///< each statement as vector operations over memory
  VectorInput, ///< foreach: one vector operation takes the stream, the rest
               ///< works on memory afterwards
  BufferInput, ///< foreach: receive into a temporary array, then vector
               ///< operations
  Relay, ///< foreach: one vector operation from the stream to another stream
};

/// Asynchronous operations that one await (or run of awaits) waits for.
struct WaitGroup {
  llvm::SmallVector<mlir::Operation *> operations;
  bool needsMain = false; ///< an operation was issued before the segment that
                          ///< ends at the wait
  bool inLoop = false;    ///< may be reached several times
  bool inMain = false;    ///< of the main program, not of an `async` body
  size_t slots() const { return operations.size() + needsMain; }
  size_t tasks() const { return slots() < 3 ? 1 : slots() - 1; }
};

struct LoopPlan {
  LoopForm form = LoopForm::Scalar;
  llvm::SmallVector<LoopDim> vectorDims,
      sequentialDims; ///< Vector forms; sequential ones are outer loops
};

struct Plan {
  llvm::DenseMap<mlir::Operation *, Mode> modes;
  llvm::DenseMap<mlir::Operation *, LoopPlan> loops;
  llvm::SmallVector<WaitGroup> groups;
  llvm::DenseMap<mlir::Operation *, unsigned>
      groupOf; ///< asynchronous operation -> its group
  llvm::DenseMap<mlir::Operation *, unsigned>
      waitAt; ///< await or awaitall -> group to wait for there
  llvm::DenseSet<mlir::Operation *> splitLoops; ///< `for` with a wait inside
  int finalWait = -1; ///< group awaited at the end of the program
};

/// Plans `body`. Unsupported combinations are errors at their location.
mlir::FailureOr<Plan> planBody(ClassBody &body);

/// The value's vector form: can `value` be computed by vector operations over
/// `dims`, given the fields that the loop writes and the received element (if
/// any)?
struct VectorScope {
  const ClassBody &body;
  llvm::ArrayRef<LoopDim> vectorDims;
  const llvm::StringSet<> &written; ///< fields written in the loop
  mlir::Value element;              ///< received element, or null

  /// No dependence on the vector dimensions nor on what the loop writes.
  bool isInvariant(mlir::Value value) const;
  bool isVectorisable(mlir::Value value) const;
  bool usesElement(mlir::Value value) const;
  /// A memory access or the received element: a vector operand without any
  /// operation.
  bool isVectorLeaf(mlir::Value value) const;
  /// One DSD operation on leaves computes `value`.
  bool isSingleOperation(mlir::Value value) const;
};

/// A statement, as opposed to an expression.
bool isStatement(mlir::Operation *op);

} // namespace spada

#endif
