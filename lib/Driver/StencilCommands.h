//===- StencilCommands.h - commands on GTScript stencils --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The halves of `run`, `build` and `check` that take `FILE.py::NAME`.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_STENCILCOMMANDS_H
#define SPADA_DRIVER_STENCILCOMMANDS_H

#include "CommandLine.h"
#include "Compile.h"

namespace spada::driver {

/// Options that only make sense when a stencil is run.
std::vector<OptionSpec> stencilRunOptions();

/// Options of `build` for stencils.
std::vector<OptionSpec> stencilBuildOptions();

/// Compiles a kernel, writes its CSL and what else the options of `build` ask
/// for to the directory, and prints the facts.
int writeSources(Program &program, const ParsedCommand &command,
                 CompileFacts &facts, Errors &errors);

int runStencil(const CommandSpec &spec, const ParsedCommand &command);
int buildStencil(const CommandSpec &spec, const ParsedCommand &command);
int checkStencil(const CommandSpec &spec, const ParsedCommand &command);

} // namespace spada::driver

#endif
