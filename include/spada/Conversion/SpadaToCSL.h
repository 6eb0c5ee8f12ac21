//===- SpadaToCSL.h - from concrete SpaDA to CSL ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The lowering of `spada.kernel`s in concrete form to a `csl.layout` and its
// `csl.program`s, one for each PE class. The work does not grow with the number
// of PEs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_CONVERSION_SPADATOCSL_H
#define SPADA_CONVERSION_SPADATOCSL_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <memory>
#include <string>

namespace spada {

struct SpadaToCSLOptions {
  std::string arch = "wse2"; ///< name of a built-in machine
};

/// Replaces each kernel of `module` by its layout and programs. On failure an
/// error has been reported and the module is not to be used further.
mlir::LogicalResult convertSpadaToCSL(mlir::ModuleOp module,
                                      const SpadaToCSLOptions &options);

/// The pass `spada-to-csl`.
std::unique_ptr<mlir::Pass>
createSpadaToCSLPass(const SpadaToCSLOptions &options = {});

} // namespace spada

#endif
