//===- Driver.cpp - the `spada` command line ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Picks the command. What commands do is in files of their own.
//
//===----------------------------------------------------------------------===//

#include "spada/Driver/Driver.h"

#include "Commands.h"
#include "SparseProgram.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

namespace {
struct Command {
  CommandSpec (*spec)();
  int (*run)(const CommandSpec &, const ParsedCommand &);
};
} // namespace

static const Command commands[] = {{runSpec, runCommand},
                                   {buildSpec, buildCommand},
                                   {checkSpec, checkCommand},
                                   {viewSpec, viewCommand},
                                   {sparseSpec, sparseCommand}};

/// `build` reads another command line when it names a network.
static Command commandFor(const Command &command, ArrayRef<std::string> args) {
  if (command.run == buildCommand && any_of(args, namesNetwork))
    return {buildNetworkSpec, buildNetworkCommand};
  return command;
}

static void printOverview(raw_ostream &os) {
  os << "spada: compile dataflow programs, stencils and sparse networks, and "
        "run them\n\nUsage: spada COMMAND ...\n\nCommands:\n";
  for (const Command &command : commands) {
    CommandSpec spec = command.spec();
    (os << "  " << spec.name).indent(10 - spec.name.size())
        << spec.summary << "\n";
  }
  os << "\nOptions:\n  --help    show this text; 'spada COMMAND --help' "
        "explains a command\n  --version show the version\n\n"
        "Example:\n  spada run copy.sptl -p N=4 -p K=8 --target wse2 "
        "--in src=a.npy --out dst=b.npy\n";
}

int spada::driverMain(int argc, char **argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  if (args.empty()) {
    printOverview(errs());
    return exitRejected;
  }
  if (args[0] == "--help" || args[0] == "-h" || args[0] == "help") {
    printOverview(outs());
    return exitDone;
  }
  if (args[0] == "--version") {
    outs() << "spada " SPADA_VERSION "\n";
    return exitDone;
  }
  SmallVector<StringRef> names;
  for (const Command &each : commands) {
    names.push_back(each.spec().name);
    if (names.back() != args[0])
      continue;
    Command command = commandFor(each, ArrayRef(args).drop_front());
    CommandSpec spec = command.spec();
    Errors errors(spec.name);
    ParsedCommand parsed =
        parseCommand(spec, ArrayRef(args).drop_front(), errors);
    if (parsed.wantsHelp) {
      printHelp(spec, outs());
      return exitDone;
    }
    return errors.any() ? exitRejected : command.run(spec, parsed);
  }
  StringRef near = closest(args[0], names);
  Errors("").report("unknown command '" + args[0] + "'",
                    near.empty() ? "'spada --help' lists the commands"
                                 : "did you mean '" + near + "'?");
  return exitRejected;
}
