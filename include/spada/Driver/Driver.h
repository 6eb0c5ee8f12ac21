//===- Driver.h - the `spada` command line ----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Everything that `spada` does, as one function. The parts are private to
// lib/Driver; compiler work is in Pipelines, execution in Interp and runtime.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_DRIVER_H
#define SPADA_DRIVER_DRIVER_H

namespace spada {

/// Exit codes of every command.
enum ExitCode : int {
  exitDone = 0,      ///< done
  exitRejected = 1,  ///< input or command line rejected
  exitWrong = 2,     ///< the program ran wrongly: deadlock, trap, violation
  exitUndecided = 3, ///< undecided or out of budget
};

/// Runs `spada` with the arguments of main. \returns an ExitCode.
int driverMain(int argc, char **argv);

/// Runs `cslc` with the arguments of main. \returns an ExitCode.
int cslcMain(int argc, char **argv);

} // namespace spada

#endif
