//===- CSL.h - print the csl dialect as CSL text ----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// From one module with a `csl.layout` to the vendor's source files and
// `metadata.json`. Printing only: nothing is optimised here.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TARGET_CSL_H
#define SPADA_TARGET_CSL_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

#include <map>
#include <string>

namespace spada {

struct Machine;

/// Looks of the text; never its meaning.
struct EmitCSLOptions {
  bool locations =
      true; ///< `// file.sptl:12:5` where the source position changes
};

/// Text by file name: `layout.csl`, `<program>.csl` for each program,
/// `metadata.json`.
using CSLFiles = std::map<std::string, std::string>;

/// Prints `module`, which stays as it is. Fails with a diagnostic when the
/// module breaks a limit of its target or holds an op that CSL cannot say.
mlir::LogicalResult emitCSL(mlir::ModuleOp module, CSLFiles &files,
                            const EmitCSLOptions &options = {});

/// The same into `directory`, which is made when it is missing.
mlir::LogicalResult emitCSLToDirectory(mlir::ModuleOp module,
                                       llvm::StringRef directory,
                                       const EmitCSLOptions &options = {});

/// Whose colors, queues and task ids a module may use: those that a compiler
/// hands out, which leaves the host-copy library its own, or all of the
/// hardware's, for programs that people wrote.
enum class CSLLimits { Compiler, Hardware };

/// Checks the whole-module rules and the limits of `machine` that op verifiers
/// cannot know: colors, queues, task ids, complete and disjoint tiles, one
/// route for each PE and color, exports that match.
mlir::LogicalResult checkCSL(mlir::ModuleOp module, const Machine &machine,
                             CSLLimits limits = CSLLimits::Compiler);

/// Makes names legal in CSL (keywords, characters, clashes) and marks what has
/// no direct CSL form. The emitter runs it on its own copy.
void prepareCSLForEmission(mlir::ModuleOp module);

/// `--emit-csl` of spada-translate.
void registerEmitCSLTranslation();

} // namespace spada

#endif
