//===- Concretize.cpp - from a parametric kernel to its concrete form -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
#include "dialects/Spada/Transforms/Transforms.h"
using namespace mlir;
namespace spada {
#define GEN_PASS_DEF_SPADACONCRETIZEPASS
#include "dialects/Spada/Transforms/Passes.h.inc"
} // namespace spada
using namespace spada;
namespace {
struct ConcretizePass : spada::impl::SpadaConcretizePassBase<ConcretizePass> {
  using SpadaConcretizePassBase::SpadaConcretizePassBase;
  void runOnOperation() override { }
};
} // namespace
