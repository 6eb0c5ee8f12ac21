//===- StencilBuild.cpp - spada build FILE.py::NAME -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Compiles a GTScript stencil for a wafer, or prints its IR.
//
//===----------------------------------------------------------------------===//

#include "StencilCommands.h"

#include "StencilArguments.h"
#include "StencilProgram.h"
#include "StencilTargets.h"
#include "spada/Support/Files.h"
#include "spada/Target/Object.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::vector<OptionSpec> spada::driver::stencilBuildOptions() {
  return {{"--domain", "", "I,J,K", "points of the domain; needed for a wafer"},
          {"--explain", "", "", "print what the target chose"},
          {"--cpu", "", "NAME",
           "processor of a library for the CPU; default native"},
          {"--tile", "", "I,J,K",
           "points that the CPU runs at a time; 0, the default, leaves a size "
           "to the caches"},
          {"--code", "", "LIST",
           "leave out what makes code fast, to measure it; with commas:\n"
           "no-powers, no-split, no-dead, no-inline, no-fuse, no-demote,\n"
           "no-forward"}};
}

/// Prints the stencil dialect, or writes it to DIR/module.mlir.
static int printStencil(StencilProgram &program, const ParsedCommand &command,
                        Errors &errors) {
  std::string text;
  raw_string_ostream os(text);
  program.module().print(os, mlir::OpPrintingFlags().useLocalScope());
  text += "\n";
  if (!command.has("--directory")) {
    outs() << text;
    return exitDone;
  }
  if (Error error = writeFilesAtomically(command.get("--directory"),
                                         {{"module.mlir", text}})) {
    errors.report(toString(std::move(error)));
    return exitRejected;
  }
  return exitDone;
}

static int buildForWafer(StencilProgram &program, const ParsedCommand &command,
                         CompileFacts &facts, Errors &errors) {
  WaferKernel kernel;
  if (!buildWaferKernel(program, facts.target, command.has("--explain"),
                        kernel))
    return exitRejected;
  program.takeOp()->destroy();
  Program &spada = program.asKernel();
  if (failed(spada.advance(Phase::Spada, {}, "")))
    return exitRejected;
  return writeSources(spada, command, facts, errors);
}

/// A shared library, a C header and a Python module.
static int buildForCpu(StencilProgram &program, const ParsedCommand &command,
                       CompileFacts &facts, CpuCodeOptions options,
                       Errors &errors) {
  Stopwatch watch;
  options.cpu = command.get("--cpu", "native").str();
  options.useThreads = !findOpenMPLibrary().empty();
  useHostCaches(options.loops);
  if (command.has("--explain"))
    outs()
        << "cpu: by the strides of the arrays of a call; unit stride on I is "
           "the fastest, as 'allocate' of the Python module gives\n"
        << describeCode(program.op(), options);
  StringRef directory = command.get("--directory");
  if (std::error_code code = sys::fs::create_directories(directory)) {
    errors.report("cannot make directory '" + directory +
                  "': " + code.message());
    return exitRejected;
  }
  if (Error error = writeStencilLibrary(program.module(), facts.kernel,
                                        directory, options)) {
    errors.report(toString(std::move(error)));
    return exitRejected;
  }
  outs() << facts.kernel << " for cpu: lib" << facts.kernel << ".so, "
         << facts.kernel << ".h and " << facts.kernel << ".py in " << directory
         << ", " << formatv("{0:f2}", facts.compileSeconds + watch.seconds())
         << " s\n";
  return exitDone;
}

/// What `--tile` says.
static void readTile(const ParsedCommand &command, CpuCodeOptions &options,
                     Errors &errors) {
  if (!command.has("--tile"))
    return;
  StringRef text = command.get("--tile");
  std::vector<int64_t> sizes = parseNumbers(text, "--tile", 3, errors);
  if (sizes.size() == 3 && all_of(sizes, [](int64_t n) { return n >= 0; }))
    copy(sizes, options.loops.tile.begin());
  else if (!sizes.empty())
    errors.report("option '--tile' expects I,J,K, each at least 0, got '" +
                  text + "'");
}

/// What `--code` leaves out.
static void readCodeList(const ParsedCommand &command,
                         StencilOptimizationOptions &options, Errors &errors) {
  SmallVector<StringRef> names;
  command.get("--code").split(names, ',', -1, /*KeepEmpty=*/false);
  for (StringRef given : names) {
    StringRef name = given;
    if (name.consume_front("no-") &&
        is_contained(stencilOptimizations(), name)) {
      options.without.push_back(name.str());
      continue;
    }
    std::string known;
    for (StringRef each : stencilOptimizations())
      known += (known.empty() ? "no-" : ", no-") + each.str();
    errors.report("option '--code' expects " + known + "; got '" + given + "'");
  }
}

int spada::driver::buildStencil(const CommandSpec &spec,
                                const ParsedCommand &command) {
  Stopwatch watch;
  Errors errors("build");
  rejectOptions(command,
                {"--param", "--compat", "--dump-pass-pipeline", "--module"},
                "SpaDA kernels (.sptl)", errors);
  GTScriptOptions options = readStencilOptions(command, errors);
  CompileFacts facts;
  facts.file = command.files[0];
  facts.target = command.get("--target", "cpu").str();
  std::vector<StringRef> targets = wafers();
  targets.insert(targets.begin(), "cpu");
  checkChoice(command, "--target", targets, errors);
  checkChoice(command, "--stop-after", {"input"}, errors);
  std::vector<int64_t> domain = parseDomain(command, errors);
  CpuCodeOptions cpuOptions;
  readTile(command, cpuOptions, errors);
  bool stops = command.has("--stop-after"), onCpu = facts.target == "cpu";
  if (onCpu && command.has("--image"))
    errors.report("option '--image' needs a wafer, the target is 'cpu'",
                  "add --target wse2 or --target wse3");
  StencilOptimizationOptions optimization;
  optimization.optimize = onCpu && !stops;
  readCodeList(command, optimization, errors);
  for (StringRef option : {"--cpu", "--tile", "--code"})
    if (!onCpu && command.has(option))
      errors.report("option '" + option +
                    "' needs target 'cpu', the target is '" + facts.target +
                    "'");
  if (!stops && !onCpu && !command.has("--domain"))
    errors.report("a wafer needs the domain that it is compiled for",
                  "add --domain I,J,K");
  if (!stops && !command.has("--directory"))
    errors.report("no directory for the files", "add -o DIR");
  StencilProgram program;
  if (errors.any() ||
      !program.load(StencilName::of(command.files[0]), options, errors) ||
      !program.check(domain, optimization))
    return exitRejected;
  if (stops)
    return printStencil(program, command, errors);
  facts.kernel = program.name().str();
  facts.compileSeconds = watch.seconds();
  if (onCpu)
    return buildForCpu(program, command, facts, cpuOptions, errors);
  return buildForWafer(program, command, facts, errors);
}
