//===- Core.h - state of the core of one PE ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_CORE_H
#define SPADA_SIM_CORE_H

#include "Fabric.h"

namespace spada::sim {

struct Frame {
  uint32_t pc = 0;
  uint32_t registers = 0; ///< start of the caller's registers
  uint16_t result = noRegister;
};

struct Core {
  enum State : uint8_t { Idle, Dispatch, Run, Sync };

  const Program *program = nullptr;
  uint8_t *memory = nullptr;
  uint32_t tile = 0;
  uint32_t firstInput = 0, firstOutput = 0, firstOperation = 0;
  uint32_t firstDsr = 0, firstFifo = 0;
  uint64_t readyAt =
      0; ///< Dispatch, Run: cycle at which the main thread goes on
  State state = Idle;
  bool done = false;
  bool inMain = false; ///< the task that runs is the program's main function
  bool open = true;    ///< session: takes commands
  uint16_t task = 0;
  uint8_t lastPick = 0;
  uint8_t lastServed = 0, lastDrained = 0;
  uint8_t inputsBusy = 0, outputsBusy = 0;
  uint8_t outputsPending = 0; ///< output queues that hold something
  uint16_t live = 0;          ///< threads with an operation
  uint8_t controlTakers = 0;  ///< busy inputs whose operation takes control
  bool sawControl = false;    ///< a control wavelet has come in
  bool sawMessage = false;    ///< the end of a message has come in
  uint16_t blockedThreads = 0;
  uint64_t active = 0, blocked = 0; ///< by id of local and data tasks
  uint64_t blockedControl = 0;      ///< by id of control tasks
  uint32_t teardownPending = 0;     ///< colors whose teardown task has to run
  uint64_t highPriority = 0;        ///< by id of local and data tasks
  // Queues by number, outputs from bit 8 on.
  uint16_t flushWanted = 0, flushed = 0, emptyPending = 0;
  uint16_t masked = 0xffff; ///< exceptions that do not stop the PE
  uint8_t mainRank = 1;     ///< priority of the main thread
  uint32_t rotated[2] = {}; ///< starts of tasks that rotate
  uint64_t wakeAt = never;  ///< wake event under way
  uint64_t hostFreeAt = 0;  ///< the host hands over one word a cycle, in order
  uint64_t taskStart = 0;
  uint64_t launchEnd = 0;      ///< cycle before which no task is dispatched
  uint64_t commandDue = never; ///< tasks must wait for a command from then on
  uint32_t nextCommand = 0;
  uint32_t launched = none;   ///< command whose function runs
  uint64_t clockBase = 0;     ///< cycle at which the counter was 0
  uint64_t clockHeld = never; ///< value of the stopped counter
  uint32_t random = 0xdeadbeef;
  uint8_t controlMask = 0; ///< changes ids of control wavelets taken as data
  const int32_t *params = nullptr;
  const Dsd *dsds =
      nullptr; ///< the program's, or the core's own in Engine::ownDsds
  uint32_t pc = 0, frame = 0;
  std::vector<uint32_t> registers;
  std::vector<Frame> frames;

  // Instructions.cpp.
  /// Byte address of a LoadAt or StoreAt.
  uint32_t pointerOf(const Instruction &in) const;
  bool accessesConfig(const Instruction &in) const;
};

} // namespace spada::sim

#endif
