//===- InferExtents.cpp - write the findings about extents into a program -===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "spada/Analysis/StencilExtents.h"

using namespace mlir;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILINFEREXTENTSPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

void spada::stencil::inferExtents(ProgramOp program) {
  if (program.getMinLevels())
    return;
  StencilExtents extents = computeExtents(program);
  MLIRContext *context = program.getContext();
  program.walk([&](StatementOp statement) {
    statement.setExtentAttr(
        extents.statements.lookup(statement).getAttr(context));
  });
  for (BlockArgument argument : program.getArguments()) {
    auto kind = extents.accesses.find(argument);
    Access access =
        kind == extents.accesses.end() ? Access::None : kind->second;
    program.setArgAttr(argument.getArgNumber(), "stencil.access",
                       AccessAttr::get(context, access));
    if (isa<FieldType>(argument.getType()))
      program.setArgAttr(argument.getArgNumber(), "stencil.boundary",
                         extents.getBoundary(argument));
  }
  program.setMinLevels(extents.minLevels);
}

namespace {
struct InferExtents
    : spada::stencil::impl::StencilInferExtentsPassBase<InferExtents> {
  void runOnOperation() override { inferExtents(getOperation()); }
};
} // namespace
