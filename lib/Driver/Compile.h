//===- Compile.h - from concrete form to CSL and an image -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The steps that `run`, `build` and `view` share, timed, with the numbers that
// reports show. The passes are ordered in Pipelines.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_DRIVER_COMPILE_H
#define SPADA_DRIVER_COMPILE_H

#include "Fabric.h"
#include "Program.h"
#include "Report.h"

namespace spada::driver {

/// What a program became.
struct Compiled {
  std::map<std::string, std::string> csl; ///< text by file name
  std::vector<uint8_t> image;
  Fabric fabric;
};

/// The targets that have CSL: names of the built-in machines.
std::vector<llvm::StringRef> wafers();

/// What is wanted beside CSL text and the layout.
struct CompileWants {
  bool image = false;
  bool streamNames = false; ///< in Fabric::colorNames, for pictures
};

/// Takes a concrete `program` to CSL text. Fills the counts and adds the
/// seconds of `facts`, without those spent on names.
mlir::LogicalResult compile(Program &program, CompileWants wants,
                            Compiled &compiled, CompileFacts &facts);

/// Seconds since the program began to do something, for reports.
class Stopwatch {
public:
  Stopwatch();
  double seconds() const;

private:
  double start;
};

} // namespace spada::driver

#endif
