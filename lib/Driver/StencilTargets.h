//===- StencilTargets.h - the executors of GTScript stencils ----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One function for all targets: the same call, changed in place, and an
// Outcome.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_STENCILTARGETS_H
#define SPADA_DRIVER_STENCILTARGETS_H

#include "Compile.h"
#include "StencilProgram.h"
#include "spada/Conversion/StencilToSpada.h"
#include "spada/Interp/StencilInterp.h"

namespace spada::driver {

/// Where a stencil runs, and how.
struct StencilTarget {
  std::string name;
  bool explains = false;      ///< prints what was chosen
  bool trapUndefined = false; ///< of the interpreter
  ExecuteOptions execute;
};

/// "interp", "cpu", and the wafers.
std::vector<llvm::StringRef> stencilTargets();
llvm::StringRef defaultStencilTarget();

/// Runs `program`, which has been checked for the domain of `call`.
Outcome runOnTarget(StencilProgram &program, const StencilTarget &target,
                    StencilCall &call, CompileFacts &facts, Errors &errors);

/// Adds the kernel of a checked `program` for a wafer to its module; false
/// after a report.
bool buildWaferKernel(StencilProgram &program, llvm::StringRef arch,
                      bool explains, WaferKernel &kernel);

/// The value of a scalar argument: given, its default, or zero if it is not
/// used.
Array scalarValue(stencil::ProgramOp program, unsigned index,
                  const StencilCall &call);

/// `runOnTarget` for cpu.
Outcome runOnCpu(StencilProgram &program, const StencilTarget &target,
                 StencilCall &call, CompileFacts &facts, Errors &errors);

/// `runOnTarget` for wse2 and wse3.
Outcome runOnWafer(StencilProgram &program, const StencilTarget &target,
                   StencilCall &call, CompileFacts &facts, Errors &errors);

} // namespace spada::driver

#endif
