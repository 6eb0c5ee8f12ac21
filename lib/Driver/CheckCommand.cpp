//===- CheckCommand.cpp - spada check -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs the analyses on a program, and the interpreter for progress, and prints
// the verdicts. Compiles nothing.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "Commands.h"
#include "Compile.h"
#include "StencilCommands.h"
#include "StencilProgram.h"
#include "spada/Analysis/Check.h"
#include "spada/Driver/Driver.h"
#include "spada/Interp/Interp.h"
#include "spada/Support/Npy.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

CommandSpec spada::driver::checkSpec() {
  CommandSpec spec;
  spec.name = "check";
  spec.summary = "prove routes, order, races, memory and progress, or refute";
  spec.usage = "spada check FILE.sptl -p NAME=INT ... [--target wse2|wse3]\n"
               "       spada check FILE.py[::STENCIL] [--domain I,J,K] [-e "
               "NAME=VALUE] ...";
  spec.fileKind = "a .sptl file or FILE.py::STENCIL";
  spec.description =
      "Prints one verdict for each property: 'yes' is a proof, 'no' comes "
      "with a\ncounterexample, 'undecided' with the reason. Exit code 0: all "
      "yes; 1: some no;\n3: none no, some undecided. 'progress' means that no "
      "PE "
      "waits for ever when streams\nbuffer without bound; a kernel's "
      "communication does not depend on its data, so one run\nof the "
      "interpreter "
      "decides it.\n\nFor GTScript stencils (FILE.py: all of the file): every "
      "rule of the language, races,\nlevels that are read but never written, "
      "and the table of arguments with access and halo.";
  spec.options = programOptions();
  append_range(spec.options, stencilOptions());
  spec.options.push_back(
      {"--domain", "", "I,J,K", "also check reads in regions for this domain"});
  spec.options.push_back({"--target", "-t", "NAME",
                          "whose limits hold: wse2 or wse3; default wse2"});
  spec.examples = "spada check laplacian.sptl -p I=8 -p J=8 -p K=16\n"
                  "spada check laplacian.sptl -p I=746 -p J=990 -p K=320 "
                  "--target wse3\n"
                  "spada check diffusion.py";
  return spec;
}

/// Largest kernel that is run to decide progress.
static constexpr int64_t mostPes = 1 << 14, mostElements = 1 << 22;

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

/// Runs the kernel on zeros to see whether every wait ends.
static CheckResult checkProgress(KernelOp kernel) {
  CheckResult result{"progress", Verdict::Undecided, "", kernel.getLoc()};
  std::map<std::string, Array> inputs, outputs;
  std::map<std::string, double> scalars;
  for (const HostArgument &argument : hostArguments(kernel)) {
    if (argument.isStreaming) {
      result.detail = "argument '" + argument.name +
                      "' is streaming: it depends on how much the host sends";
      return result;
    }
    int64_t count = elementCount(argument.shape);
    if (count < 0 || count > mostElements) {
      result.detail = "argument '" + argument.name + "' has more than " +
                      std::to_string(mostElements) +
                      " elements; check smaller parameters";
      return result;
    }
    Array zeros{argument.dtype, argument.shape,
                std::vector<uint8_t>(count * elementBytes(argument.dtype))};
    if (argument.isScalar)
      scalars[argument.name] = 0;
    else if (argument.isInput)
      inputs[argument.name] = std::move(zeros);
  }
  InterpOptions options;
  options.maxPEs = mostPes;
  options.maxFieldElements = mostElements;
  InterpResult run = interpret(kernel, inputs, scalars, outputs, options);
  if (run.status == InterpResult::Finished)
    result.verdict = Verdict::Yes;
  else if (run.status == InterpResult::Deadlocked)
    result.verdict = Verdict::No;
  if (run.status == InterpResult::Trapped)
    result.detail = "the run on zeros ends early: ";
  result.detail += run.message;
  if (run.status == InterpResult::Deadlocked)
    run.emitDiagnostics(kernel.getLoc());
  return result;
}

static void printVerdict(const CheckResult &result) {
  (outs() << "  " << result.property)
          .indent(result.property.size() < 18 ? 18 - result.property.size() : 1)
      << verdictText(result.verdict);
  if (!result.detail.empty())
    outs() << ": " << result.detail;
  outs() << "\n";
}

int spada::driver::checkCommand(const CommandSpec &spec,
                                const ParsedCommand &command) {
  if (namesStencil(command.files[0]))
    return checkStencil(spec, command);
  Errors errors("check");
  rejectStencilOptions(command, errors);
  checkChoice(command, "--target", wafers(), errors);
  NamedValues parameters;
  Program program;
  if (errors.any() ||
      !prepareProgram(spec, command, program, parameters, errors))
    return exitRejected;
  Machine machine = machineOf(command.get("--target", "wse2"));
  CheckReport report;
  // Counterexamples stand in the diagnostics; here is the overview.
  bool holds = succeeded(checkKernel(program.kernel(), machine, &report));
  report.results.push_back(checkProgress(program.kernel()));
  outs() << program.name() << " for " << machine.name << ":\n";
  for (const CheckResult &result : report.results)
    printVerdict(result);
  outs().flush();
  if (!holds || report.fails())
    return exitRejected;
  return report.holds() ? exitDone : exitUndecided;
}
