//===- RunCommand.cpp - spada run -----------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Compiles a program, runs it on host arrays and writes what came out.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compile.h"
#include "Execute.h"
#include "Report.h"
#include "StencilCommands.h"
#include "StencilProgram.h"
#include "StencilTargets.h"
#include "spada/Support/Files.h"
#include "spada/Support/Npy.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

CommandSpec spada::driver::runSpec() {
  CommandSpec spec;
  spec.name = "run";
  spec.summary = "compile a program and run it on your arrays";
  spec.usage = "spada run FILE.sptl -p NAME=INT ... [--target interp|wse2|wse3]"
               " --in ARG=FILE.npy ... --out ARG=FILE.npy ...\n"
               "       spada run FILE.py::STENCIL [--domain I,J,K] [--origin "
               "I,J,K] [-e NAME=VALUE] ... [--target cpu|interp|wse2|wse3] "
               "--in ARG=FILE.npy ... --out ARG=FILE.npy ...";
  spec.fileKind = "a .sptl file or FILE.py::STENCIL";
  spec.description =
      "Runs the kernel of FILE.sptl on the interpreter or on a simulated "
      "wafer. A stream\nargument 'stream<T, B>[X, Y]' is an array of shape "
      "(X, Y, B) and type T; without a\nbound B it has shape (X, Y, any "
      "length). Arrays are .npy files as numpy.save writes\nthem; scalars are "
      "given by --set. Without --out or -o an output is not written.\n\n"
      "A GTScript stencil is FILE.py::NAME, or FILE.py if it holds one. Its "
      "arguments are\nnamed as in the source; a field that is only written "
      "and has no --in starts as zeros\nof the shape that the domain needs. "
      "Points that are not written keep the values of\n--in. See "
      "docs/gtscript.md.";
  spec.options = programOptions();
  append_range(spec.options, stencilOptions());
  append_range(spec.options, stencilRunOptions());
  std::vector<OptionSpec> own = {
      {"--target", "-t", "NAME",
       "interp (meaning only, no cycles), wse2 or wse3 (cycle-\n"
       "accurate simulation); default wse2. For stencils also cpu,\n"
       "which is their default"},
      {"--in", "", "ARG=FILE.npy", "array for an input argument", true},
      {"--out", "", "ARG=FILE.npy", "file for an output argument", true},
      {"--set", "", "ARG=VALUE", "value of a scalar argument", true},
      {"--report", "", "FILE.json", "write what was counted (docs/report.md)"},
      {"--trace", "", "FILE.json",
       "write a timeline for ui.perfetto.dev or 'spada view'"},
      {"--threads", "", "N",
       "threads of the simulator, default 1, or of the CPU, default\n"
       "all. Results and cycles are the same for any number"},
      {"--max-cycles", "", "N", "give up after so many cycles (exit code 3)"},
      {"--directory", "-o", "DIR",
       "write everything there: ARG.npy of each output, report.json,\n"
       "csl/ and fabric.html"}};
  spec.options.insert(spec.options.end(), own.begin(), own.end());
  spec.examples =
      "spada run laplacian.sptl -p I=8 -p J=8 -p K=16 --target wse3 \\\n"
      "    --in src=src.npy --out dst=dst.npy --report report.json\n"
      "spada run axpy.sptl -p N=4 -p K=8 --set alpha=0.5 --in x=x.npy "
      "--in y=y.npy -o out\n"
      "spada run reduce.sptl -p N=16 --target interp --in a=a.npy --out "
      "sum=sum.npy\n"
      "spada run diffusion.py::laplacian --origin 1,1,0 --in phi=phi.npy --out "
      "lap=lap.npy";
  return spec;
}

namespace {
/// One run, from the command line to the files written.
class Run {
public:
  Run(const CommandSpec &spec, const ParsedCommand &command)
      : spec(spec), command(command), errors("run") {}
  int execute();

private:
  void readOptions();
  bool writeResults(const Outcome &outcome);
  void writeOutputs(const Outcome &outcome);
  void reportFailure(const Outcome &outcome);
  std::string inDirectory(StringRef name) const;
  void check(Error error) {
    if (error)
      errors.report(toString(std::move(error)));
  }

  const CommandSpec &spec;
  const ParsedCommand &command;
  Errors errors;
  NamedValues inputs, outputs, scalars, written;
  ExecuteOptions executeOptions;
  std::string directory;
  Compiled compiled;
  CompileFacts facts;
  std::vector<HostArgument> arguments;
};
} // namespace

void Run::readOptions() {
  rejectStencilOptions(command, errors);
  inputs = namedValues(spec, command, "--in", errors);
  outputs = namedValues(spec, command, "--out", errors);
  scalars = namedValues(spec, command, "--set", errors);
  std::vector<StringRef> targets = wafers();
  targets.insert(targets.begin(), "interp");
  checkChoice(command, "--target", targets, errors);
  facts.target = command.get("--target", "wse2").str();
  directory = command.get("--directory").str();
  executeOptions.threads =
      integerOption(command, "--threads", 1, errors).value_or(1);
  if (executeOptions.threads > 1024)
    errors.report("option '--threads' expects at most 1024, got '" +
                  command.get("--threads") + "'");
  executeOptions.maxCycles = integerOption(command, "--max-cycles", 1, errors);
  executeOptions.tracePath = command.get("--trace").str();
  if (facts.target != "interp")
    return;
  for (StringRef option : {"--trace", "--max-cycles", "--threads"})
    if (command.has(option))
      errors.report("option '" + option +
                        "' needs a simulated wafer, the "
                        "target is 'interp'",
                    "add --target wse2 or --target wse3");
}

std::string Run::inDirectory(StringRef name) const {
  SmallString<128> path(directory);
  sys::path::append(path, name);
  return path.str().str();
}

void Run::writeOutputs(const Outcome &outcome) {
  for (const HostArgument &argument : arguments) {
    auto array = outcome.outputs.find(argument.name);
    if (!argument.isOutput || array == outcome.outputs.end())
      continue;
    std::vector<std::string> paths;
    for (const auto &[name, path] : outputs)
      if (name == argument.name)
        paths.push_back(path);
    if (!directory.empty())
      paths.push_back(inDirectory(argument.name + ".npy"));
    for (const std::string &path : paths) {
      check(writeNpy(path, array->second));
      written.emplace_back(argument.name, path);
    }
  }
}

bool Run::writeResults(const Outcome &outcome) {
  if (!directory.empty())
    if (std::error_code code = sys::fs::create_directories(directory)) {
      errors.report("cannot make directory '" + directory +
                    "': " + code.message());
      return false;
    }
  writeOutputs(outcome);
  bool hasFabric = !compiled.csl.empty();
  Json report = reportJson(facts, outcome,
                           hasFabric ? &compiled.fabric : nullptr, written);
  if (command.has("--report"))
    check(writeJson(command.get("--report"), report));
  if (directory.empty())
    return !errors.any();
  check(writeJson(inDirectory("report.json"), report));
  if (!hasFabric)
    return !errors.any();
  check(writeFilesAtomically(inDirectory("csl"), compiled.csl));
  Expected<std::string> page =
      reportPage(report, "report", "", "", /*asSvg=*/false);
  check(page.takeError());
  if (page)
    check(writeFileAtomically(inDirectory("fabric.html"),
                              [&](raw_ostream &os) { os << *page; }));
  return !errors.any();
}

/// The interpreter has reported the places already, with source lines.
void Run::reportFailure(const Outcome &outcome) {
  bool onWafer = facts.target != "interp";
  StringRef hint;
  if (outcome.status == "deadlocked" && onWafer)
    hint =
        "--target interp says whether the program can ever finish, and names "
        "streams; if it does, the wafer's buffers are too small for it";
  if (outcome.exitCode == exitUndecided)
    hint = "give a larger --max-cycles";
  errors.report("kernel '" + facts.kernel + "' " + outcome.status + " on " +
                    facts.target + "; no output was written" +
                    (onWafer ? "\n  " + outcome.message : ""),
                hint);
}

int Run::execute() {
  Stopwatch watch;
  readOptions();
  Program program;
  facts.file = command.files[0];
  if (errors.any() ||
      !prepareProgram(spec, command, program, facts.parameters, errors))
    return exitRejected;
  facts.kernel = program.name().str();
  facts.compileSeconds = watch.seconds();
  arguments = hostArguments(program.kernel());
  checkOutputs(arguments, outputs, errors);
  HostArrays arrays = readArguments(arguments, inputs, scalars, errors);
  if (errors.any())
    return exitRejected;

  Outcome outcome;
  if (facts.target == "interp") {
    outcome = interpret(program.kernel(), arguments, arrays);
  } else {
    if (failed(compile(program, {.image = true, .streamNames = true}, compiled,
                       facts)))
      return exitRejected;
    outcome =
        simulate(compiled.image, arguments, arrays, executeOptions, errors);
    compiled.fabric.links = outcome.links;
  }
  if (errors.any() || !writeResults(outcome))
    return exitRejected;
  printSummary(facts, outcome, outs());
  for (const auto &[name, path] : written)
    outs() << "  " << name << " -> " << path << "\n";
  if (!directory.empty())
    outs() << "  everything is in " << directory << "\n";
  outs().flush();
  if (outcome.exitCode != exitDone)
    reportFailure(outcome);
  return outcome.exitCode;
}

int spada::driver::runCommand(const CommandSpec &spec,
                              const ParsedCommand &command) {
  if (namesStencil(command.files[0]))
    return runStencil(spec, command);
  return Run(spec, command).execute();
}
