//===- PlanLoops.h - which loops become vector operations -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The loop half of the plan; the task half is in Plan.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_PLANLOOPS_H
#define LIB_CONVERSION_SPADATOCSL_PLANLOOPS_H

#include "Plan.h"

namespace spada {

/// The form of a `for` or `map` nest without communication, rooted at `loop`.
LoopPlan planMemoryLoop(mlir::Operation *loop, const ClassBody &body);

/// The form of a ranged foreach over a stream.
LoopPlan planForeach(ForeachOp foreach, const ClassBody &body);

/// The writes of the perfect nest rooted at `loop`.
llvm::SmallVector<WriteOp> nestWrites(mlir::Operation *loop);

/// `e` when the write is the accumulation `x = x + e` into a scalar field, else
/// null.
mlir::Value accumulated(WriteOp write);

} // namespace spada

#endif
