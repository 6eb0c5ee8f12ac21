//===- CpuPasses.h - from loops to what LLVM takes --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The signature of a stencil program as its callers see it, and the passes
// between the loops of `stencil-to-affine` and MLIR's own conversions to LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TARGET_CPUPASSES_H
#define SPADA_TARGET_CPUPASSES_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "mlir/Pass/Pass.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace spada {

/// An argument of a program, as callers need to know it.
struct StencilArgument {
  std::string name;
  bool isField = true;
  bool isOptional = false; ///< a field that may be absent
  std::array<bool, 3> axes = {false, false, false};
  std::vector<int64_t> dataDims;
  std::string type; ///< `bool`, `int8` ... `int64`, `float16` ... `float64`
  bool isRead = true, isWritten = true;
  /// The halo for I, J and K: points below and above the domain.
  std::array<int64_t, 3> lower = {0, 0, 0}, upper = {0, 0, 0};
  std::string defaultValue; ///< of a scalar, as C and Python write it; or empty

  /// Strides that a call passes: one for each axis and data dimension.
  unsigned numStrides() const;
};

struct StencilSignature {
  std::string name;
  std::vector<StencilArgument> arguments;
  int64_t minLevels = 0;
};

/// What callers of `program` need to know.
StencilSignature describeProgram(stencil::ProgramOp program);

/// Turns loops over tiles into OpenMP worksharing loops or into plain ones.
std::unique_ptr<mlir::Pass> createCpuTileLoopsPass(bool useThreads);

/// Adds `NAME_call` for each of the converted programs `signatures`.
std::unique_ptr<mlir::Pass>
createCpuCallEntryPass(std::vector<StencilSignature> signatures,
                       bool useThreads);

/// Turns `scf.parallel` into loops; the innermost ones are marked for LLVM.
std::unique_ptr<mlir::Pass> createCpuPointLoopsPass();

} // namespace spada

#endif
