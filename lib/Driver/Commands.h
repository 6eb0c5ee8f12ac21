//===- Commands.h - the commands of `spada` ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One pair of functions for each command: its options, and what it does.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_COMMANDS_H
#define SPADA_DRIVER_COMMANDS_H

#include "CommandLine.h"

namespace spada::driver {

CommandSpec runSpec();
CommandSpec buildSpec();
CommandSpec checkSpec();
CommandSpec viewSpec();
CommandSpec sparseSpec();
/// `spada build` of a network, which has options of its own.
CommandSpec buildNetworkSpec();

/// Each runs a parsed command line and gives an ExitCode.
int runCommand(const CommandSpec &spec, const ParsedCommand &command);
int buildCommand(const CommandSpec &spec, const ParsedCommand &command);
int checkCommand(const CommandSpec &spec, const ParsedCommand &command);
int viewCommand(const CommandSpec &spec, const ParsedCommand &command);
int sparseCommand(const CommandSpec &spec, const ParsedCommand &command);
int buildNetworkCommand(const CommandSpec &spec, const ParsedCommand &command);

} // namespace spada::driver

#endif
