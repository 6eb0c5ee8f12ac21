//===- Emit.h - the plan as a SpaDA kernel ----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One compute block for each rectangle of PEs that take part in the same
// actions.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_EMIT_H
#define LIB_CONVERSION_STENCILTOSPADA_EMIT_H

#include "Plan.h"

namespace spada::wafer {

/// Adds the kernel behind the program and fills `result`.
void emitKernel(const Plan &plan, const Columns &columns, WaferKernel &result);

} // namespace spada::wafer

#endif
