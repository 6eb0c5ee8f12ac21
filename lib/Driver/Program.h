//===- Program.h - a kernel from file to csl --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Loads a program, binds its parameters and takes it through the phases, for
// all commands alike. Diagnostics go to standard error with source lines.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_PROGRAM_H
#define SPADA_DRIVER_PROGRAM_H

#include "CommandLine.h"
#include "dialects/Spada/IR/SpadaDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "spada/Machine/Machine.h"
#include "spada/Pipelines/Pipelines.h"
#include "llvm/Support/SourceMgr.h"
#include <memory>

namespace mlir {
class SourceMgrDiagnosticHandler;
} // namespace mlir

namespace spada::driver {

/// The options that all commands on a program share: `-p` and `--compat`.
std::vector<OptionSpec> programOptions();

/// One program on its way from source to csl.
class Program {
public:
  Program();
  ~Program();

  /// Parses `path` ("-" is standard input; .mlir holds the spada dialect).
  mlir::LogicalResult load(llvm::StringRef path, bool compat, Errors &errors);

  /// Parses a file of IR whatever it holds, and gives it away.
  mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef path);
  /// Takes over a module of this context that holds a kernel.
  void adopt(mlir::OwningOpRef<mlir::ModuleOp> module);

  /// Checks `values` against the kernel's parameters.
  void checkParameters(const NamedValues &values, Errors &errors);

  /// Goes on from the phase reached to `phase`.
  mlir::LogicalResult advance(Phase phase, const NamedValues &values,
                              llvm::StringRef arch);

  mlir::ModuleOp module() { return root.get(); }
  /// The kernel; null once the module is csl.
  KernelOp kernel();
  llvm::StringRef name() const { return kernelName; }
  mlir::MLIRContext &context() { return *mlirContext; }

private:
  std::unique_ptr<mlir::MLIRContext> mlirContext;
  llvm::SourceMgr sources;
  std::unique_ptr<mlir::SourceMgrDiagnosticHandler> handler;
  mlir::OwningOpRef<mlir::ModuleOp> root;
  Phase reached = Phase::Input;
  std::string kernelName;
};

/// The built-in machine `arch`, which is one of builtinMachineNames().
Machine machineOf(llvm::StringRef arch);

/// Loads the file, checks the parameters given by `-p` and goes to concrete
/// form. False: everything has been reported.
bool prepareProgram(const CommandSpec &spec, const ParsedCommand &command,
                    Program &program, NamedValues &parameters, Errors &errors);

} // namespace spada::driver

#endif
