//===- BuildCommand.cpp - spada build -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Compiles a program and writes CSL sources, or the IR after a phase.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compile.h"
#include "StencilCommands.h"
#include "StencilProgram.h"
#include "spada/Driver/Driver.h"
#include "spada/Support/Files.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

CommandSpec spada::driver::buildSpec() {
  CommandSpec spec;
  spec.name = "build";
  spec.summary = "compile a program to CSL sources";
  spec.usage = "spada build FILE.sptl -p NAME=INT ... [--target wse2|wse3] "
               "-o DIR\n"
               "       spada build FILE.py::STENCIL [--target cpu|wse2|wse3] "
               "[--domain I,J,K] [-e NAME=VALUE] ... -o DIR\n"
               "       spada build NETWORK ... -o DIR; 'spada build NETWORK "
               "--help' explains";
  spec.fileKind = "a .sptl file or FILE.py::STENCIL";
  spec.description =
      "Writes layout.csl, one .csl file for each class of PEs and "
      "metadata.json (host\narguments and where they live) to DIR. Nothing "
      "is written when anything fails.\n\nA GTScript stencil is compiled to a "
      "shared "
      "library with a C header and a Python\nmodule (target cpu, the default), "
      "or for a wafer and one size of the domain.";
  spec.options = programOptions();
  std::vector<OptionSpec> own = {
      {"--target", "-t", "NAME",
       "wse2 or wse3; default wse2. For stencils also cpu, their\n"
       "default"},
      {"--directory", "-o", "DIR", "where the files go; made if need be"},
      {"--module", "", "", "also write module.mlir, the csl dialect"},
      {"--image", "", "", "also write program.spimage for the simulator"},
      {"--stop-after", "", "PHASE",
       "print the IR after phase input, spada or csl instead of CSL\n"
       "(to DIR/module.mlir with -o)"},
      {"--dump-pass-pipeline", "", "",
       "print the passes as 'spada-opt --pass-pipeline' takes them,\n"
       "and do nothing else"}};
  spec.options.insert(spec.options.end(), own.begin(), own.end());
  append_range(spec.options, stencilOptions());
  append_range(spec.options, stencilBuildOptions());
  spec.examples =
      "spada build laplacian.sptl -p I=746 -p J=990 -p K=320 --target wse2 "
      "-o out\n"
      "spada build laplacian.sptl -p I=4 -p J=4 -p K=8 --stop-after spada";
  return spec;
}

/// The IR; files keep the source locations, for a terminal they are noise.
static std::string moduleText(mlir::ModuleOp module, bool withLocations) {
  std::string text;
  raw_string_ostream os(text);
  mlir::OpPrintingFlags flags;
  if (withLocations)
    flags.enableDebugInfo(true);
  else
    flags.useLocalScope();
  module.print(os, flags);
  return text + "\n";
}

/// `--stop-after`: prints the module, or writes it to the directory.
static int printModule(Program &program, const ParsedCommand &command,
                       Errors &errors) {
  std::string text = moduleText(program.module(), command.has("--directory"));
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

int spada::driver::writeSources(Program &program, const ParsedCommand &command,
                                CompileFacts &facts, Errors &errors) {
  Compiled compiled;
  if (failed(
          compile(program, {.image = command.has("--image")}, compiled, facts)))
    return exitRejected;
  size_t sources = compiled.csl.size();
  if (command.has("--module"))
    compiled.csl["module.mlir"] = moduleText(program.module(), true);
  if (command.has("--image"))
    compiled.csl["program.spimage"] =
        std::string(compiled.image.begin(), compiled.image.end());
  StringRef directory = command.get("--directory");
  if (Error error = writeFilesAtomically(directory, compiled.csl)) {
    errors.report(toString(std::move(error)));
    return exitRejected;
  }
  outs() << facts.kernel << " for " << facts.target << ": " << sources
         << " files in " << directory << ", " << *facts.cslLines
         << " lines of CSL, " << *facts.peClasses << " PE classes, "
         << *facts.colors << " colors, " << *facts.bytesPerPe
         << " bytes per PE, " << formatv("{0:f2}", facts.compileSeconds)
         << " s\n";
  return exitDone;
}

int spada::driver::buildCommand(const CommandSpec &spec,
                                const ParsedCommand &command) {
  if (namesStencil(command.files[0]))
    return buildStencil(spec, command);
  Stopwatch watch;
  Errors errors("build");
  rejectStencilOptions(command, errors);
  checkChoice(command, "--target", wafers(), errors);
  checkChoice(command, "--stop-after", phaseNames(), errors);
  std::optional<Phase> stop = parsePhase(command.get("--stop-after"));
  CompileFacts facts;
  facts.file = command.files[0];
  facts.target = command.get("--target", "wse2").str();
  facts.parameters = namedValues(spec, command, "--param", errors);
  if (errors.any())
    return exitRejected;
  if (command.has("--dump-pass-pipeline")) {
    PipelineOptions options;
    options.stopAfter = stop.value_or(Phase::CSL);
    options.params = facts.parameters;
    options.arch = facts.target;
    outs() << pipelineText(options) << "\n";
    return exitDone;
  }
  if (!stop && !command.has("--directory")) {
    errors.report("no directory for the CSL files", "add -o DIR");
    return exitRejected;
  }
  Program program;
  if (failed(program.load(facts.file, command.has("--compat"), errors)))
    return exitRejected;
  facts.kernel = program.name().str();
  if (stop == Phase::Input)
    return printModule(program, command, errors);
  program.checkParameters(facts.parameters, errors);
  if (errors.any() ||
      failed(program.advance(Phase::Spada, facts.parameters, facts.target)))
    return exitRejected;
  if (stop == Phase::CSL &&
      failed(program.advance(Phase::CSL, facts.parameters, facts.target)))
    return exitRejected;
  if (stop)
    return printModule(program, command, errors);
  facts.compileSeconds = watch.seconds();
  return writeSources(program, command, facts, errors);
}
