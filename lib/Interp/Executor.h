//===- Executor.h - one function for each op --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Executes activities in turns. Everything that waits can be asked again, so a
// wake-up too many does no harm.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_INTERP_EXECUTOR_H
#define LIB_INTERP_EXECUTOR_H

#include "World.h"

namespace spada::interp {

class Executor {
public:
  explicit Executor(World &world) : world(world) {}
  void run();

private:
  enum class Take { Taken, Waits, Ended };

  // Activities (Execute.cpp)
  void startBody(PE &pe);
  void runActivity(Activity &activity);
  void step(Activity &activity);
  void stepReceive(Activity &activity);
  bool enterBody(Activity &activity);
  void leaveBody(Activity &activity);
  bool nextPoint(const Activity &activity, Cursor &cursor);
  void finish(Activity &activity);
  void retire(Activity &activity);
  Activity &spawn(Activity &parent, mlir::Operation *op);
  void complete(Completion &completion);
  bool waitFor(Activity &activity, mlir::Operation *op, Completion &completion);
  void wake(Activity *activity);

  // Streams (Execute.cpp)
  Take take(Activity &activity, StreamEnd &stream, mlir::Operation *op,
            Scalar &element);
  Take takeFromHost(Activity &activity, StreamEnd &stream, mlir::Operation *op,
                    Scalar &element);
  bool put(Activity &activity, StreamEnd &stream, mlir::Operation *op,
           Scalar element);
  void takeTurn(Activity &activity, StreamEnd &stream);

  // Statements and expressions (Statements.cpp). True: go on behind the op.
  bool execute(Activity &activity, mlir::Operation &op);
  bool executeSend(Activity &activity, SendOp op);
  bool executeSendValue(Activity &activity, SendValueOp op);
  bool executeReceive(Activity &activity, ReceiveOp op);
  bool executeForeach(Activity &activity, ForeachOp op);
  bool executeMap(Activity &activity, MapOp op);
  bool executeFor(Activity &activity, ForOp op);
  bool executeWhile(Activity &activity, WhileOp op);
  bool executeCondition(Activity &activity, ConditionOp op);
  bool executeAsync(Activity &activity, AsyncBlockOp op);
  bool executeClose(Activity &activity, CloseOp op);
  bool executeAwait(Activity &activity, AwaitOp op);
  bool executeAwaitAll(Activity &activity, AwaitAllOp op);
  bool executeWrite(Activity &activity, WriteOp op);
  bool executeAssign(Activity &activity, AssignOp op);
  bool executeRead(Activity &activity, ReadOp op);
  bool executeStreamRef(Activity &activity, StreamRefOp op);
  bool executeArgumentRef(Activity &activity, ArgumentRefOp op);
  bool executeScalarRef(Activity &activity, ScalarRefOp op);
  bool executeBinary(Activity &activity, BinaryOp op);
  bool executeUnary(Activity &activity, UnaryOp op);
  bool executeMath(Activity &activity, MathOp op);
  bool executeSelect(Activity &activity, SelectOp op);
  bool executeFmac(Activity &activity, FmacOp op);
  bool executeCast(Activity &activity, CastOp op);

  Scalar valueOf(const Activity &activity, mlir::Value value) const;
  void setValue(Activity &activity, mlir::Value value, Scalar scalar);
  StreamEnd &streamOf(const Activity &activity, mlir::Value value) const;
  Completion &addCompletion(Activity &activity, mlir::Value result);
  Field *fieldOf(Activity &activity, mlir::Operation *op, mlir::StringRef name);
  /// Position in `field`, or nothing after a trap.
  std::optional<int64_t> positionOf(Activity &activity, mlir::Operation *op,
                                    mlir::StringRef name, const Field &field,
                                    mlir::OperandRange indices);
  bool checkType(Activity &activity, mlir::Operation *op, mlir::StringRef what,
                 mlir::Type type, mlir::Type expected);
  bool trap(Activity &activity, mlir::Operation *op, const std::string &text);
  bool isRunning() const {
    return world.result.status == InterpResult::Finished;
  }

  World &world;
};

} // namespace spada::interp

#endif
