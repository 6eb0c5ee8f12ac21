//===- SimImage.h - pack the csl dialect for the simulator ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// From one module with a `csl.layout` to the image of
// runtime/include/spada/Sim/Image.fbs: what is simulated is what is printed.
// Packing only: nothing is optimised here.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TARGET_SIMIMAGE_H
#define SPADA_TARGET_SIMIMAGE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"

#include <cstdint>
#include <vector>

namespace spada {

/// Packs `module`. `machineText` is a machine description as JSON; empty means
/// the built-in one of the layout's architecture. Fails with a diagnostic when
/// the module breaks a limit of the machine, its memory included, or holds an
/// op that the image cannot say.
mlir::LogicalResult packSimImage(mlir::ModuleOp module,
                                 std::vector<uint8_t> &image,
                                 llvm::StringRef machineText = {});

/// Prints the tables of an image. Fails when `image` is damaged.
mlir::LogicalResult dumpSimImage(llvm::ArrayRef<uint8_t> image,
                                 llvm::raw_ostream &os);

/// `--emit-sim-image` and `--dump-sim-image` of spada-translate.
void registerEmitSimImageTranslation();

} // namespace spada

#endif
