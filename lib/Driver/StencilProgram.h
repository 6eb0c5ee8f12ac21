//===- StencilProgram.h - a GTScript stencil from file to IR ----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Names like `file.py::stencil`, the options that say what a Python file does
// not, and loading. Diagnostics go to standard error with source lines.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_STENCILPROGRAM_H
#define SPADA_DRIVER_STENCILPROGRAM_H

#include "Program.h"
#include "dialects/Stencil/IR/StencilDialect.h"
#include "spada/Frontend/GTScript.h"
#include "spada/Pipelines/Stencil.h"

namespace spada::driver {

/// `path`, or `path::name`.
struct StencilName {
  std::string path, name;
  bool isPython = false;

  static StencilName of(llvm::StringRef text);
};

/// True when the file of the command line holds stencils: it ends in `.py`,
/// has a `::NAME`, or is an `.mlir` file of the stencil dialect.
bool namesStencil(llvm::StringRef text);

/// Options of a Python file: externals, search path, types, precisions.
std::vector<OptionSpec> stencilOptions();

/// What they say; problems are reported.
GTScriptOptions readStencilOptions(const ParsedCommand &command,
                                   Errors &errors);

/// Reports options of the command line that make no sense for the kind of file:
/// those in `foreign` are for `what`.
void rejectOptions(const ParsedCommand &command,
                   llvm::ArrayRef<llvm::StringRef> foreign,
                   llvm::StringRef what, Errors &errors);

/// Reports the options of stencils on a command line for a SpaDA kernel.
void rejectStencilOptions(const ParsedCommand &command, Errors &errors);

/// One stencil on its way to a target.
class StencilProgram {
public:
  /// Imports the stencil and infers its extents; false after a report.
  bool load(const StencilName &name, const GTScriptOptions &options,
            Errors &errors);
  /// Fixes the size of the domain (empty: any) and looks for races and
  /// undefined values; then optimises as wanted.
  bool check(llvm::ArrayRef<int64_t> domain,
             const StencilOptimizationOptions &options);

  stencil::ProgramOp op();
  mlir::ModuleOp module() { return *root; }
  llvm::StringRef name() { return op().getSymName(); }
  mlir::MLIRContext &context() { return holder.context(); }
  /// Takes the stencil out of the module.
  stencil::ProgramOp takeOp();
  /// Gives the module away as a program of the spada dialect.
  Program &asKernel();

private:
  bool loadIR(const StencilName &name, Errors &errors);

  Program holder; ///< of the context and its diagnostics
  mlir::OwningOpRef<mlir::ModuleOp> root;
};

} // namespace spada::driver

#endif
