//===- Sptl.h - print the spada dialect as SpaDA source ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The inverse of the SpaDA front end: reading the text back gives the same
// kernel, up to locations and attributes that the language has no words for.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TARGET_SPTL_H
#define SPADA_TARGET_SPTL_H

#include "dialects/Spada/IR/SpadaDialect.h"

namespace spada {

/// Prints `kernel`. Fails with a diagnostic, having printed nothing, when the
/// language cannot say something of it: a conversion that no context implies,
/// or a value that is used after what it was read from may have changed.
mlir::LogicalResult exportSptl(KernelOp kernel, llvm::raw_ostream &os);

/// `--export-sptl` for mlir-translate style tools.
void registerExportSptlTranslation();

} // namespace spada

#endif
