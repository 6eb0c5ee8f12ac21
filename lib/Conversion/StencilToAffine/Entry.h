//===- Entry.h - the function that runs all tiles ---------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Chooses the size of tiles at run time and calls the tile function for each.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOAFFINE_ENTRY_H
#define LIB_CONVERSION_STENCILTOAFFINE_ENTRY_H

#include "lib/Conversion/StencilToAffine/Tile.h"

namespace spada::cpu {

/// Adds both functions of `version` before the program.
void emitVersion(Plan &plan, CpuVersion version,
                 const StencilToAffineOptions &options);

} // namespace spada::cpu

#endif
