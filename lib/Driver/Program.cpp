//===- Program.cpp - a kernel from file to csl ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// File handling and checks of parameters around front end and pipelines. No
// compiler work of its own.
//
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "frontends/Spada/Frontend.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "spada/RegisterAll.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::vector<OptionSpec> spada::driver::programOptions() {
  return {{"--param", "-p", "NAME=INT",
           "value of a kernel parameter (or compile-time argument);\n"
           "each must have one",
           true},
          {"--compat", "", "",
           "read mixed chains of -, /, %, <<, >> from the right, as the\n"
           "public SpaDA compiler does; otherwise they are rejected"}};
}

namespace {
/// Shows the source of a message. What is wrong with a whole file, or with no
/// file at all, has no line to show.
class SourceDiagnostics : public mlir::SourceMgrDiagnosticHandler {
public:
  SourceDiagnostics(SourceMgr &sources, mlir::MLIRContext *context)
      : SourceMgrDiagnosticHandler(sources, context) {
    setHandler([this](mlir::Diagnostic &diagnostic) {
      auto place = dyn_cast<mlir::FileLineColLoc>(diagnostic.getLocation());
      bool hasLine = place ? place.getLine() > 0
                           : !isa<mlir::UnknownLoc>(diagnostic.getLocation());
      if (hasLine)
        return emitDiagnostic(diagnostic);
      print(diagnostic, place ? place.getFilename().str() + ": " : "");
      for (mlir::Diagnostic &note : diagnostic.getNotes())
        print(note, place ? place.getFilename().str() + ": " : "");
    });
  }

private:
  static void print(const mlir::Diagnostic &diagnostic, const Twine &where) {
    const char *kind = "error: ";
    switch (diagnostic.getSeverity()) {
    case mlir::DiagnosticSeverity::Error:
      break;
    case mlir::DiagnosticSeverity::Warning:
      kind = "warning: ";
      break;
    case mlir::DiagnosticSeverity::Note:
      kind = "note: ";
      break;
    case mlir::DiagnosticSeverity::Remark:
      kind = "remark: ";
      break;
    }
    errs() << where << kind << diagnostic << "\n";
  }
};
} // namespace

Program::Program() {
  mlir::DialectRegistry registry;
  registerProjectDialects(registry);
  mlirContext = std::make_unique<mlir::MLIRContext>(
      registry, mlir::MLIRContext::Threading::DISABLED);
  // A message about the program shows its source, not its IR.
  mlirContext->printOpOnDiagnostic(false);
  handler = std::make_unique<SourceDiagnostics>(sources, mlirContext.get());
}

Program::~Program() = default;

KernelOp Program::kernel() {
  auto kernels = root->getOps<KernelOp>();
  return kernels.empty() ? KernelOp() : *kernels.begin();
}

mlir::LogicalResult Program::load(StringRef path, bool compat, Errors &errors) {
  if (path != "-" && sys::fs::is_directory(path)) {
    errors.report("'" + path + "' is a directory; name a .sptl file");
    return mlir::failure();
  }
  auto buffer = MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (!buffer) {
    errors.report("cannot read '" + path + "': " + buffer.getError().message());
    return mlir::failure();
  }
  sources.AddNewSourceBuffer(std::move(*buffer), SMLoc());
  if (path.ends_with(".mlir")) {
    root = mlir::parseSourceFile<mlir::ModuleOp>(sources, mlirContext.get());
  } else {
    frontend::ImportOptions options;
    options.compat = compat;
    root = frontend::importSpada(sources, mlirContext.get(), options);
  }
  if (!root)
    return mlir::failure();
  if (!kernel()) {
    errors.report("'" + path + "' holds no kernel");
    return mlir::failure();
  }
  kernelName = kernel().getSymName().str();
  return mlir::success();
}

mlir::OwningOpRef<mlir::ModuleOp> Program::parse(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return {};
  sources.AddNewSourceBuffer(std::move(*buffer), SMLoc());
  return mlir::parseSourceFile<mlir::ModuleOp>(sources, mlirContext.get());
}

void Program::adopt(mlir::OwningOpRef<mlir::ModuleOp> module) {
  root = std::move(module);
  reached = Phase::Input;
  kernelName = kernel().getSymName().str();
}

void Program::checkParameters(const NamedValues &values, Errors &errors) {
  std::vector<std::string> names, compileTime;
  for (mlir::Attribute name : kernel().getParamNames())
    names.push_back(cast<mlir::StringAttr>(name).str());
  kernel().walk([&](ArgumentOp argument) {
    if (argument.getMode() == ArgumentMode::CompileTime)
      compileTime.push_back(argument.getName().str());
  });
  std::vector<std::string> all = names;
  append_range(all, compileTime);
  std::string listing =
      all.empty() ? "it has no parameters" : "it has " + quotedList(all);
  for (const auto &[name, value] : values) {
    if (!is_contained(all, name))
      errors.report("kernel '" + kernelName + "' has no parameter '" + name +
                        "'",
                    listing);
    int64_t number = 0;
    if (is_contained(names, name) && StringRef(value).getAsInteger(0, number))
      errors.report("parameter '" + name + "' expects a whole number, got '" +
                    value + "'");
  }
  std::vector<std::string> missing;
  std::string options;
  for (const std::string &name : all)
    if (none_of(values,
                [&](const auto &given) { return given.first == name; })) {
      missing.push_back(name);
      options += (options.empty() ? "-p " : " -p ") + name +
                 (is_contained(names, name) ? "=INT" : "=VALUE");
    }
  if (!missing.empty())
    errors.report("kernel '" + kernelName + "' needs a value for " +
                      quotedList(missing),
                  "add " + options);
}

mlir::LogicalResult Program::advance(Phase phase, const NamedValues &values,
                                     StringRef arch) {
  PipelineOptions options;
  options.startAfter = reached;
  options.stopAfter = phase;
  options.params = values;
  options.arch = arch.str();
  if (failed(runPipeline(*root, options)))
    return mlir::failure();
  reached = phase;
  return mlir::success();
}

Machine spada::driver::machineOf(StringRef arch) {
  Machine machine;
  std::string error;
  // The built-in descriptions are held to parse by the unit tests of Machine.
  if (!parseMachine(builtinMachineText(arch), machine, error))
    errs() << "spada: error: machine '" << arch << "': " << error << "\n";
  return machine;
}

bool spada::driver::prepareProgram(const CommandSpec &spec,
                                   const ParsedCommand &command,
                                   Program &program, NamedValues &parameters,
                                   Errors &errors) {
  parameters = namedValues(spec, command, "--param", errors);
  if (errors.any() ||
      failed(program.load(command.files[0], command.has("--compat"), errors)))
    return false;
  program.checkParameters(parameters, errors);
  return !errors.any() &&
         succeeded(program.advance(Phase::Spada, parameters, ""));
}
