//===- Functions.h - functions that PEs have no library for -----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Float functions as CSL functions of the program, in 32 bits: `+ - * /`,
// comparisons and the functions that the `math` library of CSL has.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_SPADATOCSL_FUNCTIONS_H
#define LIB_CONVERSION_SPADATOCSL_FUNCTIONS_H

#include "dialects/CSL/IR/CSLDialect.h"
#include "dialects/Spada/IR/SpadaDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace spada {

/// Arithmetic of f32 values, written short.
class FloatCode {
public:
  using Code = llvm::function_ref<mlir::Value()>;
  FloatCode(mlir::OpBuilder &b, mlir::Location loc) : b(b), loc(loc) {}

  mlir::Value number(double value);
  mlir::Value infinity();
  mlir::Value add(mlir::Value x, mlir::Value y) {
    return b.create<mlir::arith::AddFOp>(loc, x, y);
  }
  mlir::Value sub(mlir::Value x, mlir::Value y) {
    return b.create<mlir::arith::SubFOp>(loc, x, y);
  }
  mlir::Value mul(mlir::Value x, mlir::Value y) {
    return b.create<mlir::arith::MulFOp>(loc, x, y);
  }
  mlir::Value div(mlir::Value x, mlir::Value y) {
    return b.create<mlir::arith::DivFOp>(loc, x, y);
  }
  mlir::Value neg(mlir::Value x) {
    return b.create<mlir::arith::NegFOp>(loc, x);
  }
  template <typename Op> mlir::Value call(mlir::Value x) {
    return b.create<Op>(loc, x);
  }
  mlir::Value pow(mlir::Value x, mlir::Value y) {
    return b.create<mlir::math::PowFOp>(loc, x, y);
  }
  mlir::Value less(mlir::Value x, mlir::Value y);
  mlir::Value notAbove(mlir::Value x, mlir::Value y);
  mlir::Value equal(mlir::Value x, mlir::Value y);
  mlir::Value differ(mlir::Value x, mlir::Value y); ///< of i1
  mlir::Value isNot(mlir::Value x);                 ///< of i1
  mlir::Value both(mlir::Value x, mlir::Value y);   ///< of i1
  mlir::Value select(mlir::Value c, mlir::Value x, mlir::Value y) {
    return b.create<mlir::arith::SelectOp>(loc, c, x, y);
  }
  /// Only one side is computed.
  mlir::Value choose(mlir::Value c, Code yes, Code no);
  /// Repeats `step` on `state` as long as `test` holds.
  llvm::SmallVector<mlir::Value>
  repeat(mlir::ValueRange state,
         llvm::function_ref<mlir::Value(mlir::ValueRange)> test,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::ValueRange)>
             step);
  /// `c[0] + c[1] x + c[2] x x + ...` by Horner's rule.
  mlir::Value polynomial(mlir::Value x, llvm::ArrayRef<float> c);
  /// `value`, negative where `sign` is.
  mlir::Value withSign(mlir::Value value, mlir::Value sign);

private:
  mlir::OpBuilder &b;
  mlir::Location loc;
};

/// True for functions of CSL's `math` library.
bool isLibraryFunction(MathKind kind);

/// The value of another function at `x`.
mlir::Value expandFunction(MathKind kind, FloatCode &code, mlir::Value x);

/// The remainder of `x` by `y` with the sign of `y`, exact.
mlir::Value expandRemainder(FloatCode &code, mlir::Value x, mlir::Value y);

} // namespace spada

#endif
