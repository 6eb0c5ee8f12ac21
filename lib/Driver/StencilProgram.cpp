//===- StencilProgram.cpp - a GTScript stencil from file to IR ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// File handling and options around the front end and the passes that every
// target needs. No compiler work of its own.
//
//===----------------------------------------------------------------------===//

#include "StencilProgram.h"

#include "StencilCommands.h"
#include "dialects/Stencil/Transforms/Transforms.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

StencilName StencilName::of(StringRef text) {
  auto [path, name] = text.rsplit("::");
  return {path.str(), name.str(), path.ends_with(".py")};
}

bool spada::driver::namesStencil(StringRef text) {
  StencilName name = StencilName::of(text);
  if (name.isPython || !name.name.empty())
    return true;
  if (!text.ends_with(".mlir"))
    return false;
  auto buffer = MemoryBuffer::getFile(text, /*IsText=*/true);
  return buffer && (*buffer)->getBuffer().contains("stencil.program");
}

std::vector<OptionSpec> spada::driver::stencilOptions() {
  return {
      {"--external", "-e", "NAME=VALUE",
       "value of an external: a number, true, None, I[0]+1, the name\n"
       "of a function of the file; NAME=@FILE.json takes it from a file",
       true},
      {"--include", "-I", "DIR", "folder with modules that the file imports",
       true},
      {"--types", "", "FILE.json",
       "annotations of parameters that have none, by name"},
      {"--dtype", "", "NAME=TYPE",
       "type of a name in annotations; float and int retype literals", true},
      {"--literal-float", "", "32|64", "bits of float literals; default 64"},
      {"--literal-int", "", "32|64", "bits of integer literals; default 64"},
      {"--float", "", "32|64",
       "bits of the aliases Float, FloatField, ...; default 64"},
      {"--dialect", "", "NAME",
       "gt4py (default), or spada: np.ndarray fields, float32"}};
}

static int widthOption(const ParsedCommand &command, StringRef name,
                       Errors &errors) {
  checkChoice(command, name, {"32", "64"}, errors);
  return command.get(name, "64") == "32" ? 32 : 64;
}

GTScriptOptions spada::driver::readStencilOptions(const ParsedCommand &command,
                                                  Errors &errors) {
  GTScriptOptions options;
  options.searchPath = command.all("--include");
  for (const std::string &folder : options.searchPath)
    if (!sys::fs::is_directory(folder))
      errors.report("'" + folder + "', given by '--include', is no directory");
  for (const std::string &text : command.all("--external")) {
    std::string error = addExternal(text, options);
    if (!error.empty())
      errors.report("option '--external': " + error);
  }
  if (command.has("--types")) {
    std::string error = readTypes(command.get("--types").str(), options.types);
    if (!error.empty())
      errors.report("option '--types': " + error);
  }
  for (const std::string &text : command.all("--dtype")) {
    auto [name, type] = StringRef(text).split('=');
    if (name.empty() || type.empty())
      errors.report("option '--dtype' expects NAME=TYPE, got '" + text + "'");
    options.dtypes[name.str()] = type.str();
  }
  checkChoice(command, "--dialect", {"gt4py", "spada"}, errors);
  options.spadaDialect = command.get("--dialect") == "spada";
  options.literalFloat = widthOption(command, "--literal-float", errors);
  options.literalInt = widthOption(command, "--literal-int", errors);
  options.aliasFloat = widthOption(command, "--float", errors);
  return options;
}

void spada::driver::rejectOptions(const ParsedCommand &command,
                                  ArrayRef<StringRef> foreign, StringRef what,
                                  Errors &errors) {
  for (StringRef name : foreign)
    if (command.has(name))
      errors.report("option '" + name + "' is for " + what + ", not for '" +
                    command.files[0] + "'");
}

void spada::driver::rejectStencilOptions(const ParsedCommand &command,
                                         Errors &errors) {
  std::vector<OptionSpec> options = stencilOptions();
  append_range(options, stencilRunOptions());
  for (const OptionSpec &option : options)
    rejectOptions(command, option.name, "GTScript stencils (.py)", errors);
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

stencil::ProgramOp StencilProgram::op() {
  auto programs = root->getOps<stencil::ProgramOp>();
  return programs.empty() ? stencil::ProgramOp() : *programs.begin();
}

/// Keeps the program `name` of an `.mlir` file, or the only one.
bool StencilProgram::loadIR(const StencilName &name, Errors &errors) {
  root = holder.parse(name.path);
  if (!root)
    return false;
  std::vector<std::string> names;
  SmallVector<mlir::Operation *> others;
  for (auto program : root->getOps<stencil::ProgramOp>()) {
    names.push_back(program.getSymName().str());
    if (!name.name.empty() && name.name != names.back())
      others.push_back(program);
  }
  bool isOne =
      name.name.empty() ? names.size() == 1 : others.size() + 1 == names.size();
  if (!isOne) {
    errors.report(
        name.name.empty()
            ? "'" + name.path + "' holds " + Twine(names.size()) +
                  " stencils; name one"
            : "'" + name.path + "' has no stencil '" + name.name + "'",
        names.empty() ? "it has none" : "it has " + quotedList(names));
    return false;
  }
  for (mlir::Operation *other : others)
    other->erase();
  return true;
}

bool StencilProgram::load(const StencilName &name,
                          const GTScriptOptions &options, Errors &errors) {
  if (!sys::fs::exists(name.path) || sys::fs::is_directory(name.path)) {
    errors.report(
        "cannot read '" + name.path + "': " +
        (sys::fs::exists(name.path) ? "it is a directory" : "no such file"));
    return false;
  }
  // Conversions build ops of dialects that the source has none of.
  context().loadAllAvailableDialects();
  if (name.isPython)
    root = importGTScript(name.path, name.name, options, &context());
  else if (!loadIR(name, errors))
    return false;
  if (!root)
    return false;
  mlir::PassManager passes(&context());
  passes.addNestedPass<stencil::ProgramOp>(
      stencil::createStencilInferExtentsPass());
  passes.enableVerifier(false);
  return succeeded(passes.run(*root)) && op();
}

bool StencilProgram::check(ArrayRef<int64_t> domain,
                           const StencilOptimizationOptions &options) {
  if (!domain.empty())
    op().setDomain(domain);
  mlir::PassManager passes(&context());
  buildStencilOptimization(passes, options);
  // Once at the end: after each pass it takes longer than most of them.
  passes.enableVerifier(false);
  return succeeded(passes.run(*root)) && succeeded(mlir::verify(*root));
}

stencil::ProgramOp StencilProgram::takeOp() {
  stencil::ProgramOp program = op();
  program->remove();
  return program;
}

Program &StencilProgram::asKernel() {
  holder.adopt(std::move(root));
  return holder;
}
