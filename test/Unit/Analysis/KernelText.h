//===- KernelText.h - kernels in concrete form for tests --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Writes the text of small kernels, parses it and keeps its diagnostics. Not a
// front end: the text is the dialect's own.
//
//===----------------------------------------------------------------------===//

#ifndef TEST_UNIT_ANALYSIS_KERNELTEXT_H
#define TEST_UNIT_ANALYSIS_KERNELTEXT_H

#include "spada/Analysis/Check.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <string>

namespace spada::test {

/// `%c12` for 12, `%m3` for -3; between -64 and 1024.
std::string constant(int64_t value);

/// Blocks; `x` and `y` are SpaDA ranges such as "3", "0:8" or "1:8:2".
std::string place(std::string x, std::string y, std::string fields);
std::string dataflow(std::string x, std::string y, std::string streams);
std::string compute(std::string x, std::string y, std::string body);
std::string phase(std::string blocks);

/// `spada.field NAME f32`, with dims when `size` is not 0.
std::string field(std::string name, int64_t size = 0);
/// A stream of f32 by (dx, dy); `rest` holds `hops` and `channel`.
std::string stream(std::string name, int64_t dx, int64_t dy,
                   std::string rest = "");
std::string awaitSend(std::string fieldName, std::string streamName);
std::string awaitReceive(std::string fieldName, std::string streamName);

/// A parsed kernel and what has been reported since.
class Kernel {
public:
  /// The kernel's body, in the text form of the dialect.
  explicit Kernel(const std::string &body);

  KernelOp op() { return kernel; }
  bool parsed() { return kernel != nullptr; }
  mlir::FailureOr<KernelAnalysis> analyzeFor(const Machine &machine);
  bool checkFor(const Machine &machine, CheckReport &report);

  /// All diagnostics with their notes, one a line.
  std::string messages;

private:
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler handler;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  KernelOp kernel;
};

Machine machineNamed(const char *name);

} // namespace spada::test

#endif
