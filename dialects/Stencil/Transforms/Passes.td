//===- Passes.td - passes on the stencil dialect ---------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Options and documentation of the passes. The rewrites are functions in Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef STENCIL_TRANSFORMS_PASSES_TD
#define STENCIL_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def StencilInferExtentsPass : Pass<"stencil-infer-extents", "::spada::stencil::ProgramOp"> {
  let summary = "find where statements compute, and what arguments must hold";
  let description = [{
    Sets `extent` of every statement, `stencil.access` of every argument, `stencil.boundary` of every field argument and
    `min_levels` of the program, by the rules of the GTScript language reference, sections 6 and 12. A program that has
    `min_levels` is left alone: after optimisation the groups of the source are gone.

    A group of statements (one and the `joined` ones behind it) is computed where any field that it writes is needed; a
    statement that writes only arguments is computed on the domain.
  }];
}

#endif
