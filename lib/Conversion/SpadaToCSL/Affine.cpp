//===- Affine.cpp - affine accesses to fields -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// See Affine.h.
//
//===----------------------------------------------------------------------===//

#include "Affine.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

void LinearForm::add(const LinearForm &other, int64_t factor) {
  constant += factor * other.constant;
  for (auto [variable, coefficient] : other.terms) {
    int64_t &term = terms[variable];
    term += factor * coefficient;
  }
  terms.remove_if([](auto &term) { return term.second == 0; });
}

int64_t LinearForm::coefficient(Value variable) const {
  auto it = terms.find(variable);
  return it == terms.end() ? 0 : it->second;
}

bool LinearForm::operator==(const LinearForm &other) const {
  if (constant != other.constant || terms.size() != other.terms.size())
    return false;
  for (auto [variable, coefficient] : terms)
    if (other.coefficient(variable) != coefficient)
      return false;
  return true;
}

std::optional<LinearForm> spada::linearForm(Value value) {
  LinearForm form;
  if (auto constant = constantValue(value)) {
    form.constant = *constant;
    return form;
  }
  if (isa<BlockArgument>(value)) {
    form.terms[value] = 1;
    return form;
  }
  if (auto cast = value.getDefiningOp<CastOp>()) {
    // Loop variables are small; a cast between integer types keeps their value.
    if (isa<FloatType>(cast.getOperand().getType()) ||
        isa<FloatType>(cast.getType()))
      return std::nullopt;
    return linearForm(cast.getOperand());
  }
  if (auto unary = value.getDefiningOp<UnaryOp>()) {
    if (unary.getKind() != UnaryKind::Neg)
      return std::nullopt;
    auto inner = linearForm(unary.getOperand());
    if (!inner)
      return std::nullopt;
    form.add(*inner, -1);
    return form;
  }
  auto binary = value.getDefiningOp<BinaryOp>();
  if (!binary)
    return std::nullopt;
  auto lhs = linearForm(binary.getLhs()), rhs = linearForm(binary.getRhs());
  if (!lhs || !rhs)
    return std::nullopt;
  switch (binary.getKind()) {
  case BinaryKind::Add:
    lhs->add(*rhs, 1);
    return lhs;
  case BinaryKind::Sub:
    lhs->add(*rhs, -1);
    return lhs;
  case BinaryKind::Mul:
    if (rhs->terms.empty()) {
      form.add(*lhs, rhs->constant);
      return form;
    }
    if (lhs->terms.empty()) {
      form.add(*rhs, lhs->constant);
      return form;
    }
    return std::nullopt;
  case BinaryKind::Shl:
    if (!rhs->terms.empty() || rhs->constant < 0 || rhs->constant > 30)
      return std::nullopt;
    form.add(*lhs, int64_t(1) << rhs->constant);
    return form;
  default:
    return std::nullopt;
  }
}

std::optional<LinearForm> spada::linearAddress(ValueRange indices,
                                               ArrayRef<int64_t> shape) {
  LinearForm address;
  int64_t stride = 1;
  for (size_t d = indices.size(); d-- > 0;) {
    auto index = linearForm(indices[d]);
    if (!index)
      return std::nullopt;
    address.add(*index, stride);
    stride *= shape[d];
  }
  return address;
}

int64_t spada::tripCount(int64_t lo, int64_t hi, int64_t step) {
  if (step > 0)
    return hi > lo ? (hi - lo + step - 1) / step : 0;
  return lo > hi ? (lo - hi - step - 1) / -step : 0;
}

SmallVector<LoopDim> spada::loopDims(Operation *loop) {
  SmallVector<LoopDim> dims;
  auto collect = [&](auto op) {
    for (size_t d = 0; d < op.getLo().size(); ++d)
      dims.push_back(
          {op.getBody().getArgument(d), *constantValue(op.getLo()[d]),
           *constantValue(op.getHi()[d]), *constantValue(op.getStep()[d])});
  };
  llvm::TypeSwitch<Operation *>(loop).Case<ForOp, MapOp, ForeachOp>(collect);
  return dims;
}
