//===- Machine.h - the machine model ----------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Every hardware number of a target, with its unit in the field's name; filled
// from one JSON file per device (machines/*.json), which gives the source
// beside each number. No LLVM here, and no decisions.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_MACHINE_MACHINE_H
#define SPADA_MACHINE_MACHINE_H

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spada {

/// Numbers of one wafer generation.
struct Machine {
  std::string name; ///< "wse2" or "wse3"

  // Fabric.
  int64_t fabricWidthPes = 0, fabricHeightPes = 0; ///< whole wafer
  int64_t programMaxWidthPes = 0,
          programMaxHeightPes = 0; ///< what a memcpy program may use
  int64_t memcpyOffsetXPes = 0,
          memcpyOffsetYPes =
              0;      ///< least fabric offset of the program rectangle
  double clockHz = 0; ///< clock used to convert cycles into seconds
  int64_t hopLatencyCycles = 0;     ///< router to neighbouring router
  int64_t rampLatencyCycles = 0;    ///< core to router, and router to core
  int64_t routerBufferWavelets = 0; ///< per color and input port
  int64_t switchPositions = 0; ///< route positions of one color at one router

  // Colors, queues, tasks.
  std::vector<int64_t> programColors; ///< usable by a memcpy program
  std::vector<int64_t>
      switchableColors; ///< subset of programColors with switches
  std::vector<int64_t>
      inputQueues; ///< usable by a memcpy program, in order of preference
  std::vector<int64_t>
      outputQueues; ///< usable by a memcpy program, in order of preference
  std::vector<int64_t> inputQueueDepthWavelets;  ///< by queue number
  std::vector<int64_t> outputQueueDepthWavelets; ///< by queue number
  std::vector<int64_t>
      localTaskIds; ///< usable by a memcpy program, in order of preference
  bool dataTaskIdIsColor = false; ///< WSE-2: color; WSE-3: input queue
  bool localTaskIdsShareColors =
      false; ///< WSE-2: a color in use cannot be a local task id
  bool outputQueueBoundToColor =
      false; ///< WSE-3: an output queue serves one color for the whole program
  bool microthreadIsQueue =
      false; ///< WSE-2: implied by the queue; WSE-3: explicit
  int64_t microthreads = 0;
  int64_t maxFabricInputsPerOperation = 0;
  int64_t maxLaunchParameters = 0; ///< of a function that the host calls

  // Memory.
  int64_t memoryBytes = 0; ///< code and data of one PE
  int64_t reservedBytes =
      0; ///< assumed for code, stack and the host-copy library

  // Core timing.
  /// Elements per cycle of a DSD operation by builtin name ("fadds" -> 2).
  std::map<std::string, int64_t, std::less<>> elementsPerCycle;
  /// Two memory sources whose 16-bit word addresses agree modulo this halve the
  /// rate; 0: they never do.
  int64_t readBankWords = 0;
  int64_t vectorStartupCycles =
      0; ///< from issue of a DSD operation to its first element
  int64_t taskDispatchCycles =
      0; ///< from an eligible task to its first instruction
  int64_t launchReturnCycles = 0; ///< from the end of a function that the host
                                  ///< launches to the dispatch of the next task
  int64_t hostCommandCycles = 0;  ///< from a command of the host to the next
  int64_t scalarCycles = 0;       ///< 16-bit or 32-bit scalar instruction
  int64_t scalarWideIntegerCycles = 0; ///< 32-bit integer arithmetic
  int64_t scalarFloatCycles = 0;       ///< f16 and f32 add, subtract, multiply
  int64_t scalarDivideCycles = 0;      ///< any division or remainder
  int64_t branchTakenCycles = 0;
  int64_t memoryAccessCycles = 0; ///< scalar load or store

  /// The rate of `builtin`; 1 when the table has no entry for it.
  int64_t rate(std::string_view builtin) const;

  /// Checks that the numbers fit together. On failure returns false and sets
  /// `error` to a message that names the field.
  bool validate(std::string &error) const;
};

/// Fills a machine from the text of a machine description and validates it. On
/// failure returns false and sets `error` to a message that names the missing
/// or wrong field.
bool parseMachine(std::string_view json, Machine &machine, std::string &error);

/// The built-in description of `name` ("wse2", "wse3") as JSON text; empty when
/// there is none.
std::string_view builtinMachineText(std::string_view name);

/// Names of the built-in machines.
std::vector<std::string> builtinMachineNames();

} // namespace spada

#endif
