//===- Frontend.h - SpaDA source to IR --------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The one door of the SpaDA front end: text in, checked `spada` dialect out.
// Runs no pass and binds no parameter.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_SPADA_FRONTEND_H
#define SPADA_FRONTENDS_SPADA_FRONTEND_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace llvm {
class SourceMgr;
} // namespace llvm

namespace spada::frontend {

struct ImportOptions {
  /// Read operator chains as the public compiler does: right-associated, also
  /// where that differs from the usual reading.
  bool compat = false;
};

/// Parses and checks the main buffer of `sources`. Null after an error; every
/// independent error is reported through the context, sorted by location.
mlir::OwningOpRef<mlir::ModuleOp> importSpada(llvm::SourceMgr &sources,
                                              mlir::MLIRContext *context,
                                              const ImportOptions &options);

} // namespace spada::frontend

namespace spada {

/// `--import-spada` for mlir-translate style tools, with `--compat`.
void registerImportSpadaTranslation();

} // namespace spada

#endif
