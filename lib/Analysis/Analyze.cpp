//===- Analyze.cpp - the steps of the flow analysis in order --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Only the order. A step runs when all before it have succeeded.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

using namespace mlir;

namespace spada {

using namespace detail;

FailureOr<KernelAnalysis> analyze(KernelOp kernel, const Machine &machine,
                                  const AnalysisOptions &options) {
  KernelAnalysis result;
  result.kernel = kernel;
  Builder builder(result, machine, options);
  if (failed(builder.collectBlocks()) || failed(builder.checkFields()) ||
      failed(builder.collectStatements()) || failed(builder.collectFlows()) ||
      failed(builder.checkEdges()) || failed(builder.countElements()) ||
      failed(builder.splitFlows()) || failed(builder.checkChannels()) ||
      failed(builder.allocateColors()) || failed(builder.buildClasses()) ||
      failed(builder.assignQueues()))
    return failure();
  return result;
}

} // namespace spada
