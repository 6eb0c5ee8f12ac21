//===- EmitCSL.cpp - files and command line of the CSL printer ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Checks, prepares a copy, and calls the printers; writes directories and the
// stream of `--emit-csl`.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"

#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// The module's layout, of which there is exactly one.
static FailureOr<LayoutOp> findLayout(ModuleOp module) {
  auto layouts = module.getOps<LayoutOp>();
  if (layouts.empty())
    return module.emitError()
           << "module has no csl.layout; lower a kernel to csl first";
  LayoutOp layout = *layouts.begin();
  if (std::next(layouts.begin()) == layouts.end())
    return layout;
  InFlightDiagnostic diag =
      (*std::next(layouts.begin()))->emitError()
      << "module has a second csl.layout; one module is one program";
  diag.attachNote(layout.getLoc()) << "first one here";
  return diag;
}

LogicalResult spada::emitCSL(ModuleOp module, CSLFiles &files,
                             const EmitCSLOptions &options) {
  FailureOr<LayoutOp> layout = findLayout(module);
  if (failed(layout))
    return failure();
  Machine machine;
  std::string error;
  std::string_view description = builtinMachineText(layout->getArch());
  if (description.empty())
    return layout->emitError() << "arch '" << layout->getArch()
                               << "' is unknown; choose wse2 or wse3";
  if (!parseMachine(description, machine, error))
    return layout->emitError() << error;
  if (failed(checkCSL(module, machine)) || failed(checkPrintable(module)))
    return failure();

  OwningOpRef<ModuleOp> copy = module.clone();
  prepareCSLForEmission(*copy);
  SymbolTable programs(*copy);
  LayoutOp copiedLayout = *copy->getOps<LayoutOp>().begin();
  auto print = [&](const std::string &name, auto &&printer) -> LogicalResult {
    llvm::raw_string_ostream os(files[name]);
    return printer(os);
  };
  if (failed(print("layout.csl", [&](raw_ostream &os) {
        return emitLayout(copiedLayout, programs, os);
      })))
    return failure();
  for (auto program : copy->getOps<ProgramOp>())
    if (failed(
            print((program.getSymName() + ".csl").str(), [&](raw_ostream &os) {
              return emitProgram(program, machine, options, os);
            })))
      return failure();
  return print("metadata.json", [&](raw_ostream &os) {
    emitMetadata(copiedLayout, machine, os);
    return success();
  });
}

LogicalResult spada::emitCSLToDirectory(ModuleOp module, StringRef directory,
                                        const EmitCSLOptions &options) {
  CSLFiles files;
  if (failed(emitCSL(module, files, options)))
    return failure();
  if (std::error_code error = llvm::sys::fs::create_directories(directory))
    return emitError(UnknownLoc::get(module.getContext()))
           << "cannot make directory '" << directory
           << "': " << error.message();
  for (const auto &[name, text] : files) {
    SmallString<128> path(directory);
    llvm::sys::path::append(path, name);
    std::error_code error;
    llvm::raw_fd_ostream os(path, error);
    if (!error) {
      os << text;
      os.close();
      error = os.error();
      os.clear_error();
    }
    if (error)
      return emitError(UnknownLoc::get(module.getContext()))
             << "cannot write '" << path << "': " << error.message();
  }
  return success();
}

void spada::registerEmitCSLTranslation() {
  static llvm::cl::opt<bool> noLocations(
      "no-csl-locations",
      llvm::cl::desc("leave source positions out of the CSL text"));
  static TranslateFromMLIRRegistration registration(
      "emit-csl",
      "print a csl module as CSL files, each behind a line '//--- name'",
      [](ModuleOp module, raw_ostream &os) -> LogicalResult {
        CSLFiles files;
        EmitCSLOptions options;
        options.locations = !noLocations;
        if (failed(emitCSL(module, files, options)))
          return failure();
        // The layout names the programs, so it comes first.
        os << "//--- layout.csl\n" << files["layout.csl"];
        for (const auto &[name, text] : files)
          if (name != "layout.csl")
            os << "//--- " << name << "\n" << text;
        return success();
      },
      [](DialectRegistry &registry) {
        registry.insert<CSLDialect, arith::ArithDialect, memref::MemRefDialect,
                        scf::SCFDialect>();
      });
}
