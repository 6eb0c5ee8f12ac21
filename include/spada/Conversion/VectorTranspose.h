//===- VectorTranspose.h - squares of vectors turned around -----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_CONVERSION_VECTORTRANSPOSE_H
#define SPADA_CONVERSION_VECTORTRANSPOSE_H

#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace spada {

/// Transposes as many vectors as one has lanes, a power of two: step by step,
/// blocks of 1, 2, 4 ... lanes beside the diagonal change places.
inline void emitTranspose(mlir::OpBuilder &b, mlir::Location loc,
                          llvm::SmallVectorImpl<mlir::Value> &square) {
  int64_t lanes = square.size();
  for (int64_t distance = 1; distance < lanes; distance *= 2)
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & distance)
        continue;
      llvm::SmallVector<int64_t> upper, lower;
      for (int64_t lane = 0; lane < lanes; ++lane) {
        bool isFar = lane & distance;
        upper.push_back(isFar ? lanes + lane - distance : lane);
        lower.push_back(isFar ? lanes + lane : lane + distance);
      }
      mlir::Value first = square[i], second = square[i + distance];
      square[i] = b.create<mlir::vector::ShuffleOp>(loc, first, second, upper);
      square[i + distance] =
          b.create<mlir::vector::ShuffleOp>(loc, first, second, lower);
    }
}

} // namespace spada

#endif
