//===- ExpandPowers.cpp - powers with known exponents ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A call of `pow` keeps a loop from getting vectors. Exponents that C's `pow`
// is exact for become the operations that are exact as well; a whole exponent
// is multiplied out in the order that defines it.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include <limits>

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILEXPANDPOWERSPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

using namespace mlir;
using namespace spada::stencil;

/// Whole exponents beyond it are left to a loop.
static constexpr int64_t mostMultiplied = 16;

namespace {
class Expander {
public:
  explicit Expander(Operation *op)
      : b(op), loc(op->getLoc()), base(op->getOperand(0)),
        type(base.getType()) {}

  Value whole(int64_t exponent);
  Value root();
  Value reciprocal(Value value) {
    return b.create<arith::DivFOp>(loc, constant(1.0), value);
  }
  Value square() { return b.create<arith::MulFOp>(loc, base, base); }

private:
  Value constant(double value) {
    return b.create<arith::ConstantOp>(loc, b.getFloatAttr(type, value));
  }

  OpBuilder b;
  Location loc;
  Value base;
  Type type;
};
} // namespace

/// By squares, lowest bit first; a negative power is one over the positive one.
Value Expander::whole(int64_t exponent) {
  Value power, factor = base;
  for (int64_t left = std::abs(exponent); left; left >>= 1) {
    if (left & 1)
      power = power ? b.create<arith::MulFOp>(loc, power, factor) : factor;
    if (left > 1)
      factor = b.create<arith::MulFOp>(loc, factor, factor);
  }
  if (!power)
    return constant(1.0);
  return exponent < 0 ? reciprocal(power) : power;
}

/// `pow(-0, 0.5)` is +0 and `pow(-inf, 0.5)` is +inf, unlike roots.
Value Expander::root() {
  Value root = b.create<math::AbsFOp>(loc, b.create<math::SqrtOp>(loc, base));
  double infinity = std::numeric_limits<double>::infinity();
  Value isLowest = b.create<arith::CmpFOp>(loc, arith::CmpFPredicate::OEQ, base,
                                           constant(-infinity));
  return b.create<arith::SelectOp>(loc, isLowest, constant(infinity), root);
}

/// What `op` equals, or null.
static Value expand(math::PowFOp op) {
  APFloat exponent(0.0);
  if (!matchPattern(op.getRhs(), m_ConstantFloat(&exponent)))
    return {};
  Expander expander(op);
  if (exponent.isExactlyValue(0.0) || exponent.isExactlyValue(1.0))
    return expander.whole(exponent.isZero() ? 0 : 1);
  if (exponent.isExactlyValue(2.0))
    return expander.square();
  if (exponent.isExactlyValue(-1.0))
    return expander.reciprocal(op.getLhs());
  if (exponent.isExactlyValue(0.5))
    return expander.root();
  return {};
}

static Value expand(math::FPowIOp op) {
  APInt exponent;
  if (!matchPattern(op.getRhs(), m_ConstantInt(&exponent)) ||
      exponent.abs().ugt(mostMultiplied))
    return {};
  return Expander(op).whole(exponent.getSExtValue());
}

unsigned spada::stencil::expandPowers(ProgramOp program) {
  unsigned expanded = 0;
  program.walk([&](Operation *op) {
    Value value;
    if (auto power = dyn_cast<math::PowFOp>(op))
      value = expand(power);
    else if (auto power = dyn_cast<math::FPowIOp>(op))
      value = expand(power);
    if (!value)
      return;
    op->getResult(0).replaceAllUsesWith(value);
    op->erase();
    ++expanded;
  });
  return expanded;
}

namespace {
struct ExpandPowers
    : spada::stencil::impl::StencilExpandPowersPassBase<ExpandPowers> {
  void runOnOperation() override { numPowers += expandPowers(getOperation()); }
};
} // namespace
