//===- World.h - what a running kernel is made of ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// PEs, fields, streams, host arrays and activities, and how names are resolved
// for a PE. Statements are executed in Execute.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_INTERP_WORLD_H
#define LIB_INTERP_WORLD_H

#include "Scalar.h"
#include "spada/Interp/Interp.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

#include <deque>
#include <map>
#include <memory>
#include <tuple>

namespace spada::interp {

struct Activity;
struct PE;

/// The storage of one field on one PE.
struct Field {
  mlir::Type type;
  llvm::SmallVector<int64_t> shape;
  std::vector<Scalar> data;
};

/// All elements under way to one PE on one stream. Receivers take turns in the
/// order in which they were started.
struct Channel {
  StreamOp declaration;
  PE *receiver = nullptr;
  int64_t targetX = 0, targetY = 0;
  std::deque<Scalar> queue;
  std::deque<Activity *> receivers;
  int64_t sent = 0, received = 0;
  mlir::Operation *lastSend = nullptr;
  PE *lastSender = nullptr;
};

/// One kernel argument of streams.
struct HostArgument {
  ArgumentOp op;
  llvm::SmallVector<int64_t> dims;
  std::optional<int64_t> bound;
  Format format;
  const Array *input = nullptr;
  int64_t inputLength = 0;
  // For each stream:
  std::vector<std::vector<Scalar>> output; ///< what was sent
  std::vector<int64_t> taken;              ///< how many elements were received
  std::vector<PE *> owner;                 ///< the PE that uses it
  bool isSentTo = false, isReceivedFrom = false;
};

/// A PE's end of a stream: of one between PEs, or of one from and to the host.
struct StreamEnd {
  mlir::Type type;
  std::string name;
  StreamOp declaration; ///< null for host streams
  llvm::SmallVector<Channel *> targets;
  Channel *source = nullptr;
  HostArgument *host = nullptr;
  int64_t hostIndex = 0;
  std::deque<Activity *> hostReceivers;
  bool isClosed = false;

  std::deque<Activity *> &receivers() {
    return host ? hostReceivers : source->receivers;
  }
};

/// The end of an asynchronous statement.
struct Completion {
  bool isDone = false;
  llvm::SmallVector<Activity *, 1> waiters;
};

/// A body that is being executed. `op` owns the body; loops keep their point.
struct Cursor {
  explicit Cursor(mlir::Operation *op)
      : op(op), block(&op->getRegion(0).front()), next(block->begin()) {}

  mlir::Operation *op;
  mlir::Block *block;
  mlir::Block::iterator next;
  bool isLoop = false, isInBody = false, isStarted = false, hasPoint = false;
  llvm::SmallVector<int64_t, 2> point;
  size_t firstOutstanding = 0; ///< completions of this body's run start here
};

/// A thread of a PE: a compute body, an asynchronous body, or a receive into a
/// field.
struct Activity {
  PE *pe = nullptr;
  std::vector<Scalar> values; ///< by value number of the compute op
  llvm::SmallVector<Cursor, 4> cursors;
  llvm::SmallVector<Completion *> outstanding;
  Completion *completion = nullptr; ///< null for a compute body
  // A receive:
  ReceiveOp receive;
  Field *field = nullptr;
  int64_t first = 0, count = 0, position = 0;
  // A receive or a foreach:
  StreamEnd *stream = nullptr;
  mlir::Operation *blockedAt = nullptr;
  bool isBlocked = false, isFinished = false;
  bool waitsForElement = false; ///< blocked, and for an element of `stream`
};

/// What is known of a compute op before it runs on any PE.
struct Program {
  ComputeOp compute;
  PhaseOp phase;
  llvm::DenseMap<mlir::Value, unsigned>
      numbers; ///< place in `Activity::values`
  unsigned count = 0;
};

struct PE {
  int64_t x = 0, y = 0;
  llvm::SmallVector<Program *, 4> programs; ///< in the order of execution
  size_t position = 0;
  std::map<mlir::Operation *, Field> fields;
  std::map<mlir::Operation *, StreamEnd> ends;
  std::map<std::pair<HostArgument *, int64_t>, StreamEnd> hostEnds;
  // Of the compute body that runs now:
  llvm::StringMap<Field *> fieldsByName;
  llvm::StringMap<StreamEnd *> endsByName;
  std::deque<Completion> completions;
  std::vector<std::unique_ptr<Activity>> activities;
};

/// All declarations of one kind that a phase, or the kernel, holds.
struct Declaration {
  mlir::Operation
      *op; ///< `spada.field`, `spada.stream` or `spada.extern_stream`
  int64_t lo[2], hi[2], step[2];
  bool covers(int64_t x, int64_t y) const;
};

/// The whole run.
class World {
public:
  World(KernelOp kernel, const InterpOptions &options)
      : kernel(kernel), options(options) {}

  // Setup.cpp
  bool setUp(const std::map<std::string, Array> &inputs,
             const std::map<std::string, double> &scalars);
  mlir::Operation *resolve(const PE &pe, PhaseOp phase, mlir::StringRef name,
                           bool isField);
  Field *findField(PE &pe, mlir::StringRef name);
  StreamEnd *findStream(PE &pe, mlir::StringRef name);
  PE *peAt(int64_t x, int64_t y);

  // Execute.cpp
  /// Runs all PEs until none can go on.
  void run();

  // Report.cpp
  void trap(const PE &pe, mlir::Operation *op, const std::string &text);
  void reject(mlir::Location location, const std::string &text);
  void reportEnd();
  void takeOutputs(std::map<std::string, Array> &outputs);

  InterpResult result;

private:
  friend class Executor;
  bool setUpArguments(const std::map<std::string, Array> &inputs,
                      const std::map<std::string, double> &scalars);
  bool setUpStreamArgument(ArgumentOp op,
                           const std::map<std::string, Array> &inputs);
  bool setUpScalar(ArgumentOp op, const std::map<std::string, double> &scalars);
  void collectDeclarations();
  void setUpPrograms();
  Channel *channelTo(StreamOp op, int64_t x, int64_t y);
  void reportStalls();
  void reportLeftovers();
  InterpResult::Note describeStall(const Activity &activity);

  KernelOp kernel;
  InterpOptions options;
  int64_t width = 0, height = 0, fieldElements = 0;
  std::vector<std::unique_ptr<PE>>
      pes; ///< row by row; null where no compute block is
  std::vector<std::unique_ptr<Program>> programs;
  llvm::StringMap<std::unique_ptr<HostArgument>> arguments;
  llvm::StringMap<Scalar> scalars;
  /// By phase (null: kernel level), in textual order.
  llvm::DenseMap<mlir::Operation *, std::vector<Declaration>> declarations;
  /// Channels by scope, name, offsets and receiver.
  using ChannelKey = std::tuple<int64_t, std::string, int64_t, int64_t, int64_t,
                                int64_t, int64_t, int64_t>;
  std::map<ChannelKey, Channel> channels;
  llvm::DenseMap<mlir::Operation *, int64_t> phaseNumbers;
  std::deque<Activity *> ready;
};

/// The integer of a `spada.constant`.
int64_t integerOf(mlir::Value value);
/// "PE (3, 0)".
std::string describe(const PE &pe);
/// "file.sptl:12:5".
std::string describe(mlir::Location location);
/// Number of values from `lo` by `step` before `hi`.
int64_t tripCount(int64_t lo, int64_t hi, int64_t step);

} // namespace spada::interp

#endif
