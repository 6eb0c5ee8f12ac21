//===- HostArguments.h - where arguments live on the wafer ------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The rectangle of PEs, and the offset between argument index and PE, of each
// kernel argument.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_HOSTARGUMENTS_H
#define LIB_CONVERSION_SPADATOCSL_HOSTARGUMENTS_H

#include "spada/Analysis/Flows.h"

namespace spada {

struct HostArgument {
  mutable ArgumentOp op;
  bool isInput = false, isOutput = false;
  llvm::SmallVector<int64_t, 2>
      dims;             ///< two, for arrays of streams and single streams alike
  int64_t elements = 0; ///< 0: unbounded
  int64_t offsetX = 0, offsetY = 0; ///< PE = index + offset
  StridedBox box;                   ///< PEs that hold the argument
};

/// In the kernel's order. Uses that disagree on the offset, or reach outside
/// the argument, are errors.
mlir::LogicalResult
collectHostArguments(const KernelAnalysis &analysis,
                     llvm::SmallVectorImpl<HostArgument> &arguments);

} // namespace spada

#endif
