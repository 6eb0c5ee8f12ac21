//===- Activations.cpp - what neurons make of their sums ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Curves are those of the interpreter, with an operation on vectors for each of
// its operations on numbers.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/SparseToVector/Code.h"
#include "spada/Support/Curves.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace spada::sparse;

namespace {
/// Operations on vectors, as `spada::Curves` wants them.
class VectorMath {
public:
  using Real = Value;
  using Integer = Value;

  VectorMath(OpBuilder &b, Location loc, VectorType type)
      : b(b), loc(loc), type(type),
        width(type.getElementType().getIntOrFloatBitWidth()),
        bitsType(type.clone(b.getIntegerType(width))) {}

  bool isDouble() const { return width == 64; }
  Value real(double value) {
    Attribute number = b.getFloatAttr(type.getElementType(), value);
    return b.create<arith::ConstantOp>(loc,
                                       DenseElementsAttr::get(type, number));
  }
  Value integer(int64_t value) {
    Attribute number = b.getIntegerAttr(bitsType.getElementType(), value);
    return b.create<arith::ConstantOp>(
        loc, DenseElementsAttr::get(bitsType, number));
  }
  Value add(Value x, Value y) { return b.create<arith::AddFOp>(loc, x, y); }
  Value subtract(Value x, Value y) {
    return b.create<arith::SubFOp>(loc, x, y);
  }
  Value multiply(Value x, Value y) {
    return b.create<arith::MulFOp>(loc, x, y);
  }
  Value divide(Value x, Value y) { return b.create<arith::DivFOp>(loc, x, y); }
  Value fma(Value x, Value y, Value z) {
    return b.create<math::FmaOp>(loc, x, y, z);
  }
  Value magnitude(Value x) { return b.create<math::AbsFOp>(loc, x); }
  Value withSign(Value x, Value y) {
    return b.create<math::CopySignOp>(loc, x, y);
  }
  Value ifLess(Value x, Value y, Value yes, Value no) {
    Value isLess =
        b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OLT, x, y);
    return b.create<arith::SelectOp>(loc, isLess, yes, no);
  }
  Value bits(Value x) { return b.create<arith::BitcastOp>(loc, bitsType, x); }
  Value fromBits(Value x) { return b.create<arith::BitcastOp>(loc, type, x); }
  Value addInteger(Value x, Value y) {
    return b.create<arith::AddIOp>(loc, x, y);
  }
  Value subtractInteger(Value x, Value y) {
    return b.create<arith::SubIOp>(loc, x, y);
  }
  Value shiftLeft(Value x, int by) {
    return b.create<arith::ShLIOp>(loc, x, integer(by));
  }
  Value shiftRight(Value x, int by) {
    return b.create<arith::ShRSIOp>(loc, x, integer(by));
  }

private:
  OpBuilder &b;
  Location loc;
  VectorType type;
  unsigned width;
  VectorType bitsType;
};
} // namespace

Value spada::sparse::emitActivation(OpBuilder &b, Location loc,
                                    Activation activation,
                                    std::optional<double> cap, Value sum) {
  VectorMath math(b, loc, cast<VectorType>(sum.getType()));
  spada::Curves<VectorMath> curves(math);
  switch (activation) {
  case Activation::None:
    return sum;
  case Activation::Relu: {
    Value zero = math.real(0);
    sum = math.ifLess(sum, zero, zero, sum);
    if (!cap)
      return sum;
    Value most = math.real(*cap);
    return math.ifLess(most, sum, most, sum);
  }
  case Activation::Sigmoid:
    return curves.sigmoid(sum);
  case Activation::Tanh:
    return curves.tanh(sum);
  case Activation::Gelu:
    return curves.gelu(sum);
  }
  llvm_unreachable("covered switch");
}
