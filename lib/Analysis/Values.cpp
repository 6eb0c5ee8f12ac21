//===- Values.cpp - compile-time facts of single operations ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Constants, sizes, trip counts and the meaning of stream operands. Nothing
// here looks at PEs.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace spada {

using namespace detail;

std::optional<int64_t> constantValue(Value value) {
  if (!value)
    return std::nullopt;
  while (auto cast = value.getDefiningOp<CastOp>()) {
    if (!isa<IntegerType, IndexType>(cast.getType()))
      return std::nullopt;
    value = cast.getOperand();
  }
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return std::nullopt;
  auto attribute = dyn_cast<IntegerAttr>(constant.getValue());
  if (!attribute)
    return std::nullopt;
  Type type = attribute.getType();
  if (type.isUnsignedInteger() || type.isInteger(1))
    return static_cast<int64_t>(attribute.getValue().getZExtValue());
  return attribute.getValue().getSExtValue();
}

std::optional<int64_t> fieldElements(FieldOp field) {
  int64_t elements = 1;
  for (Value dim : field.getDims()) {
    std::optional<int64_t> size = constantValue(dim);
    if (!size || *size < 0 ||
        __builtin_mul_overflow(elements, *size, &elements))
      return std::nullopt;
  }
  return elements;
}

std::optional<int64_t> fieldBytes(FieldOp field) {
  std::optional<int64_t> elements = fieldElements(field);
  int64_t bits = field.getElementType().getIntOrFloatBitWidth();
  // A bool takes one byte.
  int64_t bytes = 0;
  if (!elements || __builtin_mul_overflow(*elements, (bits + 7) / 8, &bytes))
    return std::nullopt;
  return bytes;
}

std::optional<int64_t> tripCount(ValueRange lo, ValueRange hi,
                                 ValueRange step) {
  int64_t total = 1;
  for (auto [l, h, s] : llvm::zip(lo, hi, step)) {
    auto low = constantValue(l), high = constantValue(h), by = constantValue(s);
    if (!low || !high || !by || *by == 0)
      return std::nullopt;
    int64_t distance = *by > 0 ? *high - *low : *low - *high;
    int64_t stride = *by > 0 ? *by : -*by;
    int64_t count = distance <= 0 ? 0 : (distance - 1) / stride + 1;
    if (__builtin_mul_overflow(total, count, &total))
      return std::nullopt;
  }
  return total;
}

Operation *resolveStream(Value stream) {
  while (stream) {
    Operation *op = stream.getDefiningOp();
    if (!op || isa<StreamRefOp, ArgumentRefOp>(op))
      return op;
    auto select = dyn_cast<SelectOp>(op);
    if (!select)
      return nullptr;
    std::optional<int64_t> condition = constantValue(select.getCondition());
    if (!condition)
      return nullptr;
    stream = *condition ? select.getWhenTrue() : select.getWhenFalse();
  }
  return nullptr;
}

Value detail::streamOperand(Operation *op) {
  if (auto send = dyn_cast<SendOp>(op))
    return send.getStream();
  if (auto send = dyn_cast<SendValueOp>(op))
    return send.getStream();
  if (auto receive = dyn_cast<ReceiveOp>(op))
    return receive.getStream();
  if (auto foreach = dyn_cast<ForeachOp>(op))
    return foreach.getStream();
  if (auto close = dyn_cast<CloseOp>(op))
    return close.getStream();
  return Value();
}

std::optional<Role> detail::roleOf(Operation *op) {
  if (isa<SendOp, SendValueOp>(op))
    return Role::Send;
  if (isa<ReceiveOp, ForeachOp>(op))
    return Role::Receive;
  return std::nullopt;
}

std::string detail::withVerb(const Region &region, StringRef verb) {
  std::string text = region.describe();
  bool one = StringRef(text).starts_with("PE ");
  return text + " " + verb.str() + (one ? "s" : "");
}

bool detail::isSynchronous(Operation *op) {
  for (; op && !isa<ComputeOp>(op); op = op->getParentOp()) {
    if (isa<ForOp>(op))
      continue;
    if (op->getNumResults() != 1)
      return false;
    // Expressions between a statement and its await do not start anything.
    Operation *next = op->getNextNode();
    while (next && isMemoryEffectFree(next))
      next = next->getNextNode();
    auto await = dyn_cast_or_null<AwaitOp>(next);
    if (!await || await.getCompletion() != op->getResult(0))
      return false;
  }
  return true;
}

} // namespace spada
