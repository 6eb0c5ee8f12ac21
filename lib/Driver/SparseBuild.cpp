//===- SparseBuild.cpp - spada build NETWORK ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Writes a shared library of a sparse network, or its IR.
//
//===----------------------------------------------------------------------===//

#include "Commands.h"
#include "Compile.h"
#include "SparseCode.h"
#include "spada/Support/Files.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;
using namespace spada::sparse;

CommandSpec spada::driver::buildNetworkSpec() {
  CommandSpec spec;
  spec.name = "build";
  spec.summary = "compile a sparse network to a shared library";
  spec.usage = "spada build NETWORK -o DIR [--order NAME] [--cpu NAME]";
  spec.fileKind = "a network";
  spec.description =
      "Writes libNAME.so, NAME.h and NAME.py to DIR, all or none. The library "
      "holds the\nweights and code for every set of vector instructions, and "
      "chooses when it is loaded.\n'spada sparse --help' lists how networks "
      "are written; see docs/sparse.md.";
  spec.options = {
      {"--directory", "-o", "DIR", "where the files go; made if need be"},
      {"--target", "-t", "NAME", "cpu, the only one"},
      {"--cpu", "", "NAME",
       "make code for one processor only: a name of LLVM's, or native"},
      {"--few-inputs", "", "",
       "add a second stream of the connections, for calls with less than 16\n"
       "inputs; needs AVX-512 when it is called"},
      {"--name", "", "NAME", "of the library and its functions"},
      {"--stop-after", "", "PHASE",
       "print the IR after phase input instead (to DIR/module.mlir\n"
       "with -o)"}};
  append_range(spec.options, sparseCodeOptions());
  append_range(spec.options, memoryOptions());
  append_range(spec.options, networkOptions());
  spec.examples = "spada build layers.npz --order class -o out\n"
                  "spada build model.onnx --cpu native -o out";
  return spec;
}

static int printNetwork(SparseProgram &program, const ParsedCommand &command,
                        Errors &errors) {
  if (!command.has("--directory")) {
    program.module().print(outs());
    outs() << "\n";
    return exitDone;
  }
  std::string text;
  raw_string_ostream os(text);
  program.module().print(os);
  if (Error error = writeFilesAtomically(command.get("--directory"),
                                         {{"module.mlir", text + "\n"}})) {
    errors.report(toString(std::move(error)));
    return exitRejected;
  }
  return exitDone;
}

int spada::driver::buildNetworkCommand(const CommandSpec &spec,
                                       const ParsedCommand &command) {
  Stopwatch watch;
  Errors errors("build");
  checkChoice(command, "--target", {"cpu"}, errors);
  checkChoice(command, "--stop-after", {"input"}, errors);
  NetOptions netOptions = readNetworkOptions(command, errors);
  bool stops = command.has("--stop-after");
  if (!stops && !command.has("--directory"))
    errors.report("no directory for the files", "add -o DIR");
  SparseProgram program;
  readSparseCode(command, program, errors);
  if (errors.any() || !program.load(command.files[0], netOptions, errors))
    return exitRejected;
  if (command.has("--name"))
    program.op().setSymName(command.get("--name"));
  auto memory = readMemory(command, program.valueBytes(), errors);
  if (!memory || !prepareNetwork(command, program, memory->memory,
                                 memory->memory.batch, errors))
    return exitRejected;
  if (stops)
    return printNetwork(program, command, errors);
  SparseObjectOptions options = readSparseCode(command, program, errors);
  options.cpu = command.get("--cpu", "any").str();
  options.code.fewInputs &= command.has("--few-inputs");
  if (command.has("--few-inputs") &&
      options.set.value_or(VectorSet::AVX512) != VectorSet::AVX512) {
    errors.report("option '--few-inputs' makes code for avx512, but "
                  "'--vectors' is " +
                  command.get("--vectors"));
    return exitRejected;
  }
  if (!checkStraight(options, program.op(), errors))
    return exitRejected;
  StringRef directory = command.get("--directory");
  if (std::error_code code = sys::fs::create_directories(directory)) {
    errors.report("cannot make directory '" + directory +
                  "': " + code.message());
    return exitRejected;
  }
  if (Error error = writeSparseLibrary(program.op(), directory, options)) {
    errors.report(toString(std::move(error)));
    return exitRejected;
  }
  StringRef name = program.op().getSymName();
  outs() << name << " for cpu: lib" << name << ".so, " << name << ".h and "
         << name << ".py in " << directory << ", "
         << formatv("{0:f2}", watch.seconds()) << " s\n";
  return exitDone;
}
