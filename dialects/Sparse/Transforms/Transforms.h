//===- Transforms.h - rewrites of the sparse dialect ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Rewrites as functions, with the passes that call them.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPARSE_TRANSFORMS_TRANSFORMS_H
#define DIALECTS_SPARSE_TRANSFORMS_TRANSFORMS_H

#include "dialects/Sparse/IR/SparseDialect.h"
#include "spada/Analysis/Sparse/Network.h"

#include "mlir/Pass/Pass.h"

namespace spada::sparse {

/// What a rewrite removed.
struct RemovedCount {
  uint64_t connections = 0, neurons = 0;
};

/// Removes what does not change the outputs, see `sparse-clean`.
RemovedCount cleanNetwork(NetworkOp network);

/// Merges equal neurons of a `fast` network, see `sparse-merge`.
RemovedCount mergeNeurons(NetworkOp network);

/// Sets the order of the connections, a permutation of their numbers; an empty
/// one removes the attribute.
void setOrder(NetworkOp network, Order order);

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialects/Sparse/Transforms/Passes.h.inc"

} // namespace spada::sparse

#endif
