//===- Sparse.cpp - the order of passes on sparse networks ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Pipelines/Sparse.h"

#include "dialects/Sparse/Transforms/Transforms.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace spada;

namespace {
struct TextOptions : public PassPipelineOptions<TextOptions> {
  Option<bool> clean{*this, "clean",
                     llvm::cl::desc("remove what does not change the outputs"),
                     llvm::cl::init(true)};
  Option<bool> merge{*this, "merge",
                     llvm::cl::desc("make one of equal neurons"),
                     llvm::cl::init(false)};
  Option<std::string> order{
      *this, "order", llvm::cl::desc("kind of sparse-order; empty: none")};
  Option<uint64_t> memory{*this, "memory",
                          llvm::cl::desc("values of fast memory"),
                          llvm::cl::init(1000)};
};
} // namespace

void spada::buildSparseOptimization(OpPassManager &pm,
                                    const SparseOptimizationOptions &options) {
  OpPassManager &network = pm.nest<sparse::NetworkOp>();
  if (options.clean)
    network.addPass(sparse::createSparseCleanPass());
  if (options.merge)
    network.addPass(sparse::createSparseMergePass());
  if (options.order.empty())
    return;
  sparse::SparseOrderPassOptions order;
  order.kind = options.order;
  order.memory = options.memory;
  order.batch = options.batch;
  order.policy = options.policy;
  order.size = options.size;
  network.addPass(sparse::createSparseOrderPass(order));
}

void spada::registerSparsePipelines() {
  PassPipelineRegistration<TextOptions>(
      "sparse-optimize", "clean, merge and order sparse networks",
      [](OpPassManager &pm, const TextOptions &text) {
        SparseOptimizationOptions options;
        options.clean = text.clean;
        options.merge = text.merge;
        options.order = text.order;
        options.memory = text.memory;
        buildSparseOptimization(pm, options);
      });
}
