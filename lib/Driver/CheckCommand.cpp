//===- CheckCommand.cpp - spada check -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs the analyses on a program and prints their verdicts. Executes nothing.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compile.h"
#include "spada/Analysis/Check.h"
#include "spada/Driver/Driver.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

CommandSpec spada::driver::checkSpec() {
  CommandSpec spec;
  spec.name = "check";
  spec.summary = "prove routes, counts, order, races and memory, or refute";
  spec.usage = "spada check FILE.sptl -p NAME=INT ... [--target wse2|wse3]";
  spec.fileKind = "a .sptl file";
  spec.description =
      "Prints one verdict for each property: 'yes' is a proof, 'no' comes "
      "with a\ncounterexample, 'undecided' with the reason. Exit code 0: all "
      "yes; 1: some no;\n3: none no, some undecided.";
  spec.options = programOptions();
  spec.options.push_back({"--target", "-t", "NAME",
                          "whose limits hold: wse2 or wse3; default wse2"});
  spec.examples = "spada check laplacian.sptl -p I=8 -p J=8 -p K=16\n"
                  "spada check laplacian.sptl -p I=746 -p J=990 -p K=320 "
                  "--target wse3";
  return spec;
}

static StringRef verdictText(Verdict verdict) {
  switch (verdict) {
  case Verdict::Yes:
    return "yes";
  case Verdict::No:
    return "no";
  case Verdict::Undecided:
    return "undecided";
  }
  return "undecided";
}

int spada::driver::checkCommand(const CommandSpec &spec,
                                const ParsedCommand &command) {
  Errors errors("check");
  checkChoice(command, "--target", wafers(), errors);
  NamedValues parameters;
  Program program;
  if (errors.any() ||
      !prepareProgram(spec, command, program, parameters, errors))
    return exitRejected;
  Machine machine = machineOf(command.get("--target", "wse2"));
  CheckReport report;
  bool holds = succeeded(checkKernel(program.kernel(), machine, &report));
  // A reported counterexample stands in the diagnostics; here is the overview.
  outs() << program.name() << " for " << machine.name << ":\n";
  for (const CheckResult &result : report.results) {
    (outs() << "  " << result.property)
            .indent(result.property.size() < 18 ? 18 - result.property.size()
                                                : 1)
        << verdictText(result.verdict);
    if (!result.detail.empty())
      outs() << ": " << result.detail;
    outs() << "\n";
  }
  if (!holds || report.fails())
    return exitRejected;
  return report.holds() ? exitDone : exitUndecided;
}
