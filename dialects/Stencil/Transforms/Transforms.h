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

/// Reports what makes the result depend on the order of points, on values that
/// nobody wrote, or on memory outside of arrays; see `stencil-check`.
mlir::LogicalResult checkProgram(ProgramOp program);

/// Reports reads in regions that pass the halo in a domain of these sizes.
mlir::LogicalResult checkDomain(ProgramOp program,
                                llvm::ArrayRef<int64_t> domain);

/// Removes what no argument depends on; returns the number of ops removed.
unsigned eliminateDead(ProgramOp program);

/// Multiplies powers out, see `stencil-expand-powers`; returns their number.
unsigned expandPowers(ProgramOp program);

/// What `fuse` did.
struct FuseCount {
  unsigned sections = 0, statements = 0;
};
/// Merges sections and statements, see `stencil-fuse`. With `mixed`, parallel
/// sections become sequential where that merges them.
FuseCount fuse(ProgramOp program, bool mixed);

/// What `forwardValues` did.
struct ForwardCount {
  unsigned reads = 0, writes = 0, branches = 0;
};
/// Keeps stored values in SSA form within bodies, see `stencil-forward`.
ForwardCount forwardValues(ProgramOp program);

/// What `demoteTemporaries` did.
struct DemoteCount {
  unsigned variables = 0, planes = 0, columns = 0;
};
/// Makes temporaries small, see `stencil-demote-temporaries`.
DemoteCount demoteTemporaries(ProgramOp program);

/// Replaces reads of temporaries by what defines them, see
/// `stencil-inline-temporaries`; returns the number of temporaries.
unsigned inlineTemporaries(ProgramOp program, unsigned limit);

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialects/Stencil/Transforms/Passes.h.inc"

} // namespace spada::stencil

#endif
