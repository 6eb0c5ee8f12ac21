//===- GTScript.h - GTScript stencils to the stencil dialect ----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads one stencil of a Python file, with the functions and constants that it
// uses, and gives a module with one `stencil.program`. No Python runs.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTEND_GTSCRIPT_H
#define SPADA_FRONTEND_GTSCRIPT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace spada {

struct GTScriptOptions {
  std::vector<std::string> searchPath; ///< folders with imported modules
  /// Name and value: a number, `true`, `None`, "text", `I[0]+1`, `K[-1]`, the
  /// name of a GTScript function of the file. A dotted name stands for an
  /// attribute of a module.
  std::vector<std::pair<std::string, std::string>> externals;
  int literalInt = 64, literalFloat = 64; ///< bits of untyped literals
  int aliasFloat = 64;       ///< bits of `Float`, `FloatField`, ...
  bool spadaDialect = false; ///< `np.ndarray` fields, float32 by default
  /// Types of names in annotations: "Field[IJ, float32]", "float32". `float`
  /// and `int` retype literals too.
  std::map<std::string, std::string> dtypes;
  /// Annotations of parameters that have none in the source.
  std::map<std::string, std::string> types;
};

/// Adds what the JSON file `path` says, { "name": value, ... }, to `externals`.
/// The error, or an empty string.
std::string readExternals(const std::string &path, GTScriptOptions &options);
/// Adds `NAME=VALUE` or `NAME=@file.json` (the member NAME of the file, or the
/// whole file with NAME `*`). The error, or an empty string.
std::string addExternal(const std::string &text, GTScriptOptions &options);
/// Reads { "parameter": "annotation", ... }. The error, or an empty string.
std::string readTypes(const std::string &path,
                      std::map<std::string, std::string> &types);

/// Imports `stencil` of the file `path`; an empty name means its only stencil.
/// Errors go to the context's diagnostics; their locations are places in
/// Python files. Null after an error.
mlir::OwningOpRef<mlir::ModuleOp> importGTScript(llvm::StringRef path,
                                                 llvm::StringRef stencil,
                                                 const GTScriptOptions &options,
                                                 mlir::MLIRContext *context);

/// A stencil of a file: its name, the line of its `def` and the names that it
/// and the functions of the file which it calls import from `__externals__`.
struct GTScriptStencil {
  std::string name;
  unsigned line = 0;
  std::vector<std::string> externals;
};

/// The stencils of a file in source order; false if it cannot be read.
bool listGTScript(llvm::StringRef path, const GTScriptOptions &options,
                  mlir::MLIRContext *context,
                  std::vector<GTScriptStencil> &stencils);

/// `--import-gtscript` of spada-translate.
void registerImportGTScriptTranslation();

} // namespace spada

#endif
