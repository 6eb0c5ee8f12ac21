//===- Passes.h - registration of the conversion passes ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registration only; each conversion has its own header.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_CONVERSION_PASSES_H
#define SPADA_CONVERSION_PASSES_H

namespace spada {

/// Registers `spada-to-csl`.
void registerConversionPasses();

} // namespace spada

#endif
