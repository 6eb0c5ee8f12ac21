//===- Affine.h - affine accesses to fields ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Index expressions as linear forms over loop variables, and accesses to fields
// as linear addresses. Decides nothing about vectorisation.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_AFFINE_H
#define LIB_CONVERSION_SPADATOCSL_AFFINE_H

#include "dialects/Spada/IR/SpadaDialect.h"
#include "spada/Analysis/Flows.h"

#include "llvm/ADT/MapVector.h"
#include <optional>

namespace spada {

/// constant + sum of coefficient * variable; variables are loop variables
/// (block arguments).
struct LinearForm {
  int64_t constant = 0;
  llvm::SmallMapVector<mlir::Value, int64_t, 4> terms;

  void add(const LinearForm &other, int64_t factor);
  int64_t coefficient(mlir::Value variable) const;
  bool operator==(const LinearForm &other) const;
};

/// `value` as a linear form, or nothing when it is not affine in block
/// arguments.
std::optional<LinearForm> linearForm(mlir::Value value);

/// Row-major address, in elements, of `indices` in an array of `shape`; nothing
/// when an index is not affine.
std::optional<LinearForm> linearAddress(mlir::ValueRange indices,
                                        llvm::ArrayRef<int64_t> shape);

/// Trip count of a constant range; steps may be negative.
int64_t tripCount(int64_t lo, int64_t hi, int64_t step);

/// One loop variable with its constant range.
struct LoopDim {
  mlir::Value variable;
  int64_t lo, hi, step;
  int64_t trips() const { return tripCount(lo, hi, step); }
};

/// The dimensions of a `spada.for`, `spada.map` or ranged `spada.foreach` (its
/// index variables only).
llvm::SmallVector<LoopDim> loopDims(mlir::Operation *loop);

} // namespace spada

#endif
