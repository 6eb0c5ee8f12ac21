//===- StencilRun.cpp - spada run FILE.py::NAME ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One call of a GTScript stencil on a target: arrays in, changed arrays out.
//
//===----------------------------------------------------------------------===//

#include "StencilCommands.h"

#include "StencilArguments.h"
#include "StencilProgram.h"
#include "StencilTargets.h"
#include "spada/Support/Npy.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::vector<OptionSpec> spada::driver::stencilRunOptions() {
  return {{"--domain", "", "I,J,K",
           "points of the domain; default: as many as the fields allow"},
          {"--origin", "", "[FIELD=]I,J,K",
           "index of the domain's first point in a field, or in all of\n"
           "them; one number for each axis of the field; default 0",
           true},
          {"--explain", "", "", "print what the target chose"},
          {"--trap-undefined", "", "",
           "stop at reads of temporaries that were not written (interp)"}};
}

namespace {
/// One call, from the command line to the files written.
class StencilRun {
public:
  StencilRun(const CommandSpec &spec, const ParsedCommand &command)
      : spec(spec), command(command), errors("run") {}
  int execute();

private:
  void readOptions();
  bool prepare();
  bool writeResults(const Outcome &outcome);
  void writeField(const CallArgument &argument);
  void print(const Outcome &outcome);
  void check(Error error) {
    if (error)
      errors.report(toString(std::move(error)));
  }

  const CommandSpec &spec;
  const ParsedCommand &command;
  Errors errors;
  GTScriptOptions importOptions;
  StencilInputs inputs;
  StencilTarget target;
  StencilProgram program;
  std::vector<CallArgument> arguments;
  StencilCall call;
  CompileFacts facts;
  NamedValues written;
};
} // namespace

void StencilRun::readOptions() {
  rejectOptions(command, {"--param", "--compat"}, "SpaDA kernels (.sptl)",
                errors);
  importOptions = readStencilOptions(command, errors);
  inputs = readStencilInputs(spec, command, errors);
  facts.file = command.files[0];
  facts.target = command.get("--target", defaultStencilTarget()).str();
  checkChoice(command, "--target", stencilTargets(), errors);
  bool onWafer = is_contained(wafers(), facts.target);
  if (!onWafer)
    for (StringRef option : {"--trace", "--max-cycles"})
      if (command.has(option))
        errors.report("option '" + option +
                          "' needs a simulated wafer, the target is '" +
                          facts.target + "'",
                      "add --target wse2 or --target wse3");
  if (facts.target == "interp" && command.has("--threads"))
    errors.report("option '--threads' makes no difference to target 'interp'");
  if (facts.target != "interp" && command.has("--trap-undefined"))
    errors.report("option '--trap-undefined' needs target 'interp', the target "
                  "is '" +
                  facts.target + "'");
  target.name = facts.target;
  target.explains = command.has("--explain");
  target.trapUndefined = command.has("--trap-undefined");
  target.execute.threads = integerOption(command, "--threads", 1, errors)
                               .value_or(facts.target == "cpu" ? 0 : 1);
  if (target.execute.threads > 1024)
    errors.report("option '--threads' expects at most 1024, got '" +
                  command.get("--threads") + "'");
  target.execute.maxCycles = integerOption(command, "--max-cycles", 1, errors);
  target.execute.tracePath = command.get("--trace").str();
}

bool StencilRun::prepare() {
  if (!program.load(StencilName::of(command.files[0]), importOptions, errors))
    return false;
  facts.kernel = program.name().str();
  arguments = callArguments(program.op());
  call = prepareCall(arguments, program.op().getMinLevels().value_or(0), inputs,
                     errors);
  StencilOptimizationOptions optimization;
  optimization.optimize = facts.target == "cpu";
  return !errors.any() && program.check(call.domain, optimization);
}

/// Writes a field to the files that the command line names for it.
void StencilRun::writeField(const CallArgument &argument) {
  auto field = call.fields.find(argument.name);
  if (argument.isScalar || field == call.fields.end())
    return;
  std::vector<std::string> paths;
  for (const auto &[name, path] : inputs.outputs)
    if (name == argument.name)
      paths.push_back(path);
  if (command.has("--directory") && argument.isWritten()) {
    SmallString<128> path(command.get("--directory"));
    sys::path::append(path, argument.name + ".npy");
    paths.push_back(path.str().str());
  }
  for (const std::string &path : paths) {
    check(writeNpy(path, field->second.array));
    written.emplace_back(argument.name, path);
  }
}

bool StencilRun::writeResults(const Outcome &outcome) {
  StringRef directory = command.get("--directory");
  if (!directory.empty())
    if (std::error_code code = sys::fs::create_directories(directory)) {
      errors.report("cannot make directory '" + directory +
                    "': " + code.message());
      return false;
    }
  if (outcome.exitCode == exitDone)
    for (const CallArgument &argument : arguments)
      writeField(argument);
  Json report = reportJson(facts, outcome, nullptr, written);
  report.erase("parameters");
  if (!outcome.cycles && !outcome.stoppedAtCycle)
    report.erase("grid");
  report["domain"] = call.domain;
  report["origins"] = Json::object();
  for (const auto &[name, field] : call.fields)
    report["origins"][name] = field.origin;
  if (command.has("--report"))
    check(writeJson(command.get("--report"), report));
  if (!directory.empty()) {
    SmallString<128> path(directory);
    sys::path::append(path, "report.json");
    check(writeJson(path, report));
  }
  return !errors.any();
}

void StencilRun::print(const Outcome &outcome) {
  if (is_contained(wafers(), facts.target)) {
    printSummary(facts, outcome, outs());
  } else {
    outs() << facts.kernel << " on " << facts.target << ": " << outcome.status
           << "\n  compiled in " << timeText(facts.compileSeconds)
           << ", run in " << timeText(outcome.simulateSeconds) << "\n";
  }
  outs() << "  domain " << call.domain[0] << " x " << call.domain[1] << " x "
         << call.domain[2] << "\n";
  for (const auto &[name, path] : written)
    outs() << "  " << name << " -> " << path << "\n";
  outs().flush();
}

int StencilRun::execute() {
  Stopwatch watch;
  readOptions();
  if (errors.any() || !prepare())
    return exitRejected;
  facts.compileSeconds = watch.seconds();
  Outcome outcome = runOnTarget(program, target, call, facts, errors);
  if (errors.any() || outcome.exitCode == exitRejected ||
      !writeResults(outcome))
    return exitRejected;
  print(outcome);
  if (outcome.exitCode != exitDone)
    errors.report(
        "stencil '" + facts.kernel + "' " + outcome.status + " on " +
            facts.target + "; no output was written" +
            (facts.target == "interp" ? "" : "\n  " + outcome.message),
        outcome.exitCode == exitUndecided ? "give a larger --max-cycles" : "");
  return outcome.exitCode;
}

int spada::driver::runStencil(const CommandSpec &spec,
                              const ParsedCommand &command) {
  return StencilRun(spec, command).execute();
}
