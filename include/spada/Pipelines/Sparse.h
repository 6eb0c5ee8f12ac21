//===- Sparse.h - the order of passes on sparse networks --------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Phase builder for networks of the sparse dialect.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_PIPELINES_SPARSE_H
#define SPADA_PIPELINES_SPARSE_H

#include <cstdint>
#include <string>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace spada {

struct SparseOptimizationOptions {
  /// Remove what does not change the outputs.
  bool clean = true;
  /// Make one of neurons that are equal by construction; only in networks that
  /// are `fast`.
  bool merge = false;
  /// A construction of orders, `auto` for the cheapest or `anneal`; empty:
  /// leave the order alone.
  std::string order;
  uint64_t memory = 1000; ///< values, each for the whole batch
  uint64_t batch = 1;
  std::string policy = "MIN";
  uint64_t size = 0; ///< destinations of a block or class; 0: by `memory`
};

/// Adds passes on networks to a pass manager anchored on the module.
void buildSparseOptimization(mlir::OpPassManager &pm,
                             const SparseOptimizationOptions &options = {});

/// Makes `--sparse-optimize` known to `spada-opt`.
void registerSparsePipelines();

} // namespace spada

#endif
