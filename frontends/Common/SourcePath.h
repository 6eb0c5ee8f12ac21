//===- SourcePath.h - files of translations ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the importers of `spada-translate` share.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_COMMON_SOURCEPATH_H
#define SPADA_FRONTENDS_COMMON_SOURCEPATH_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/SourceMgr.h"

namespace spada {

/// The path of the main file; empty, with an error that begins with `what`,
/// when its text came through a pipe.
inline llvm::StringRef requirePath(const llvm::SourceMgr &sources,
                                   const llvm::Twine &what,
                                   mlir::MLIRContext *context) {
  llvm::StringRef path =
      sources.getMemoryBuffer(sources.getMainFileID())->getBufferIdentifier();
  if (path != "<stdin>")
    return path;
  mlir::emitError(mlir::UnknownLoc::get(context))
      << what << " stand; give its path";
  return "";
}

} // namespace spada

#endif
