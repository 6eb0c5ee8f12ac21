//===- Activations.cpp - what neurons make of their sums ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace spada::sparse;

Value spada::sparse::emitActivation(OpBuilder &b, Location loc,
                                    Activation activation,
                                    std::optional<double> cap, Value sum) {
  auto type = cast<VectorType>(sum.getType());
  auto constant = [&](double value) -> Value {
    Attribute number = b.getFloatAttr(type.getElementType(), value);
    return b.create<arith::ConstantOp>(loc,
                                       DenseElementsAttr::get(type, number));
  };
  auto less = arith::CmpFPredicate::OLT;
  switch (activation) {
  case Activation::None:
    return sum;
  case Activation::Relu: {
    Value isNegative = b.create<arith::CmpFOp>(loc, less, sum, constant(0));
    sum = b.create<arith::SelectOp>(loc, isNegative, constant(0), sum);
    if (!cap)
      return sum;
    Value isAbove = b.create<arith::CmpFOp>(loc, less, constant(*cap), sum);
    return b.create<arith::SelectOp>(loc, isAbove, constant(*cap), sum);
  }
  case Activation::Sigmoid: {
    Value power = b.create<arith::NegFOp>(loc, sum);
    power = b.create<math::ExpOp>(loc, power);
    power = b.create<arith::AddFOp>(loc, constant(1), power);
    return b.create<arith::DivFOp>(loc, constant(1), power);
  }
  case Activation::Tanh:
    return b.create<math::TanhOp>(loc, sum);
  case Activation::Gelu: {
    Value half = b.create<arith::DivFOp>(loc, sum, constant(2));
    Value part = b.create<arith::MulFOp>(loc, sum, constant(M_SQRT1_2));
    part = b.create<math::ErfOp>(loc, part);
    part = b.create<arith::AddFOp>(loc, constant(1), part);
    return b.create<arith::MulFOp>(loc, half, part);
  }
  }
  llvm_unreachable("covered switch");
}
