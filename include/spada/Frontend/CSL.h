//===- CSL.h - CSL source to the csl dialect --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads a layout file with everything that it imports and gives one module: a
// `csl.layout` and one `csl.program` for each kind of PE. PEs that differ only
// in numbers which their code does not need at compile time share a program.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTEND_CSL_H
#define SPADA_FRONTEND_CSL_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spada {

struct CSLOptions {
  std::string arch = "wse2"; ///< "wse2" or "wse3"
  int64_t fabricWidth = 0, fabricHeight = 0;
  int64_t offsetX = 0, offsetY = 0;
  std::vector<std::pair<std::string, int64_t>> params; ///< of the root file
  std::vector<std::pair<std::string, int64_t>> colors;
  std::vector<std::string> importPaths;
  int64_t maxInlinedIterations = 50;
  /// Of the evaluator, for the layout and for each program.
  uint64_t maxSteps = 2'000'000'000;
  /// Text of a file, or none; replaced in tests.
  std::function<std::optional<std::string>(const std::string &path)> readFile{};
  /// Where `@comptime_print` goes.
  std::function<void(const std::string &line)> print{};
};

/// A name that the host sees.
struct CSLExport {
  std::string name;
  std::string type; ///< as CSL spells it: "[*]f32", "fn(i16)void"
  bool isFunction = false, isMutable = false, isColor = false;
  int64_t color = -1;
  std::vector<std::string> inputs; ///< parameter types of a function
};

/// Where words of the host go in or come out.
struct CSLStream {
  std::string name;
  bool isInput = false;
  int64_t color = 0, x = 0, y = 0, width = 1, height = 1;
};

struct CSLResult {
  mlir::OwningOpRef<mlir::ModuleOp> module; ///< null after an error
  int64_t width = 0, height = 0;
  std::vector<CSLExport> exports; ///< in the order of the layout block
  // Of a layout in JSON:
  std::vector<CSLStream> streams;
  std::vector<std::pair<std::string, int64_t>> colors; ///< by id
};

/// Compiles the layout file `path`. Errors go to the context's diagnostics;
/// their locations name files and lines of CSL.
CSLResult importCSL(const std::string &path, const CSLOptions &options,
                    mlir::MLIRContext &context);

/// Compiles the layout that the JSON file `path` describes
/// (docs/sdk-layout-json.md). Sets the architecture and the fabric's size in
/// `options` to the file's. Errors name places in the file.
CSLResult importSdkLayout(const std::string &path, CSLOptions &options,
                          mlir::MLIRContext &context);

/// `--import-csl` of spada-translate.
void registerImportCSLTranslation();

} // namespace spada

#endif
