//===- StencilToSpada.h - from stencils to SpaDA kernels --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The lowering of a `stencil.program` with a fixed domain to a `spada.kernel`:
// one column of the domain on each PE, values of other columns received from
// the PEs that own them. The work does not grow with the number of PEs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_CONVERSION_STENCILTOSPADA_H
#define SPADA_CONVERSION_STENCILTOSPADA_H

#include "dialects/Stencil/IR/StencilDialect.h"
#include "spada/Machine/Machine.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/SmallVector.h"

#include <array>
#include <memory>
#include <string>

namespace spada {

/// One argument of the kernel, and where its values stand in the program's
/// argument. The host array of the kernel has the axes
/// `[i, j, data dimensions..., level]`; a field without axis I (or J) is
/// repeated for every PE, one without axis K has one level.
struct WaferArgument {
  std::string name;      ///< of the kernel's argument
  unsigned argument = 0; ///< index in the program's arguments
  std::string source;    ///< name of the program's argument
  bool isScalar = false; ///< the members below say nothing
  bool isSpread = false; ///< a scalar, as an array with one element on each PE
  bool isInput = false;  ///< copied to the wafer
  bool isOutput = false; ///< copied back
  bool hasI = false, hasJ = false, hasK = false; ///< axes of the field
  /// The box `lo <= p < hi` of points that the array covers, in coordinates of
  /// the domain (its first point is 0, 0, 0).
  std::array<int64_t, 3> lo{}, hi{};
  llvm::SmallVector<int64_t> dataDims;
};

/// How one value of another column reaches a PE, and what it costs.
struct WaferTransfer {
  std::string field;
  int64_t di = 0, dj = 0;
  int64_t levels = 0;
  std::string how;         ///< "one hop", "forwarded from ...", "direct ..."
  int64_t cycles = 0;      ///< estimate for the way chosen
  int64_t alternative = 0; ///< estimate for the other way; 0: none
  std::string alternativeName; ///< what the other way is
};

/// The kernel that a program became.
struct WaferKernel {
  std::string name;
  int64_t originI = 0, originJ = 0; ///< domain coordinates of PE (0, 0)
  int64_t width = 0, height = 0;    ///< PEs
  llvm::SmallVector<WaferArgument> arguments; ///< in the kernel's order
  llvm::SmallVector<WaferTransfer> transfers;
  int64_t columnBytes = 0; ///< arrays of one PE, before any share storage
  int64_t cycles = 0;      ///< estimate for one PE
};

struct StencilToSpadaOptions {
  std::string arch = "wse2"; ///< name of a built-in machine
};

/// Adds the kernel of `program` behind it. `program` has a `domain` and went
/// through `stencil-infer-extents`. On failure an error has been reported at
/// the operation at fault and nothing has been added.
mlir::FailureOr<WaferKernel>
convertStencilToSpada(stencil::ProgramOp program,
                      const StencilToSpadaOptions &options);

/// The decisions as text for people, one line each.
std::string explain(const WaferKernel &kernel, const Machine &machine);

/// Makes `stencil-to-spada` known to `spada-opt`.
void registerStencilToSpadaPass();

/// The pass `stencil-to-spada`: replaces every program of the module.
std::unique_ptr<mlir::Pass>
createStencilToSpadaPass(const StencilToSpadaOptions &options = {});

} // namespace spada

#endif
