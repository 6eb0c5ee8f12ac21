//===- Copies.h - tiles on copies of their arguments ------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The tile of version I serves arrays of any strides: it runs on copies, with
// unit stride on I, of what it touches.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOAFFINE_COPIES_H
#define LIB_CONVERSION_STENCILTOAFFINE_COPIES_H

#include "lib/Conversion/StencilToAffine/Tile.h"

namespace spada::cpu {

/// The part of `field` on `axis` that a tile touches, or, with `back`, that is
/// its own; not more than the boundary of the field. `symbols` are the sizes,
/// begins and ends of the tile.
std::pair<mlir::Value, mlir::Value>
emitTouched(mlir::OpBuilder &b, const Plan &plan, mlir::Value field,
            unsigned axis, bool back, mlir::ValueRange symbols);

/// True when `version` runs the tile of version I on copies.
bool runsOnCopies(const Plan &plan, CpuVersion version);

class CopyEmitter {
public:
  CopyEmitter(const Plan &plan, mlir::OpBuilder builder);

  /// Bytes of copies for a tile of the given size.
  mlir::Value emitScratchBytes(const std::array<mlir::Value, 3> &width);

  /// Fills the body of `tile`: it copies, calls `inner` and copies back.
  void emit(mlir::func::FuncOp tile, mlir::func::FuncOp inner);

private:
  /// Rows of one copy: data dimensions, K, J and I from the slowest.
  struct Shape {
    mlir::Value row, rows, levels; ///< elements, rows and levels
    mlir::Value bytes;             ///< of all
    int64_t pad = 0;               ///< elements before the first point of a row
  };
  /// One array. Strides are in elements; none where the field lacks the axis.
  struct View {
    mlir::Value memory; ///< whose first element is the first of the domain
    mlir::Value offset;
    std::array<mlir::Value, 3> strides;
    llvm::SmallVector<mlir::Value> dataStrides;
  };

  bool isCopied(mlir::Value field) const;
  Shape emitShape(mlir::Value field, const std::array<mlir::Value, 3> &width);
  View viewOfCopy(mlir::Value field, const Shape &shape, mlir::Value start);
  View viewOfArray(mlir::Value field);
  mlir::Value emitArgument(const View &copy, mlir::Value field);
  mlir::Value emitBox(View view, const std::array<mlir::Value, 3> &first,
                      const std::array<mlir::Value, 3> &sizes);
  void emitMove(mlir::Value field, View from, View to, bool back);

  mlir::Value constant(int64_t value);
  mlir::Value add(mlir::Value x, mlir::Value y);
  mlir::Value sub(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, mlir::Value y);

  const Plan &plan;
  mlir::OpBuilder b;
  mlir::Location loc;
  mlir::func::FuncOp function;
  mlir::ValueRange symbols; ///< sizes, begins and ends
  mlir::Value scratch;
};

} // namespace spada::cpu

#endif
