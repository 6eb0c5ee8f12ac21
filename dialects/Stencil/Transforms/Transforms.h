//===- Transforms.h - rewrites of the stencil dialect -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Rewrites as functions, with the passes that call them. What joins stencils to
// another dialect is a conversion.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_STENCIL_TRANSFORMS_TRANSFORMS_H
#define DIALECTS_STENCIL_TRANSFORMS_TRANSFORMS_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "mlir/Pass/Pass.h"

namespace spada::stencil {

/// Sets the attributes that `stencil-infer-extents` documents.
void inferExtents(ProgramOp program);

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialects/Stencil/Transforms/Passes.h.inc"

} // namespace spada::stencil

#endif
