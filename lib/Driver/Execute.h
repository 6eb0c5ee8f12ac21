//===- Execute.h - run a program on one of the executors --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One outcome for the interpreter and the simulator, with the facts that go
// into reports. Reads and writes no files but the trace.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_EXECUTE_H
#define SPADA_DRIVER_EXECUTE_H

#include "Arguments.h"
#include "Fabric.h"
#include "spada/Driver/Driver.h"

namespace spada::driver {

struct ExecuteOptions {
  int threads = 1;
  std::optional<int64_t> maxCycles;
  std::string tracePath;
};

/// How a run ended, and what was counted. Counts are absent where the executor
/// does not have them.
struct Outcome {
  ExitCode exitCode = exitDone;
  std::string status;  ///< "finished", "deadlocked", "trapped", "out of budget"
  std::string message; ///< why it did not finish; who waits for what
  int64_t width = 0, height = 0;
  std::optional<uint64_t> cycles;         ///< of a finished run
  std::optional<uint64_t> stoppedAtCycle; ///< of any other
  std::optional<uint64_t> tasks, waveletHops, activePeCycles;
  double clockHz = 0, simulateSeconds = 0;
  std::vector<FabricLink> links;
  HostArrays outputs; ///< only of a finished run
};

/// Runs a concrete kernel with the interpreter.
Outcome interpret(KernelOp kernel, llvm::ArrayRef<HostArgument> arguments,
                  const HostArrays &inputs);

/// Runs an image. An image or array that the simulator refuses is reported to
/// `errors`.
Outcome simulate(llvm::ArrayRef<uint8_t> image,
                 llvm::ArrayRef<HostArgument> arguments,
                 const HostArrays &inputs, const ExecuteOptions &options,
                 Errors &errors);

} // namespace spada::driver

#endif
