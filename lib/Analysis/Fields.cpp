//===- Fields.cpp - are fields declared where they are used ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Each field that a compute block names exists on all of its PEs, and holds
// what its streams carry. Indices are not looked at.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace spada {

using namespace detail;

StringRef detail::fieldOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case<SendOp, ReceiveOp, ReadOp, WriteOp, AssignOp>(
          [](auto access) { return access.getField(); })
      .Default([](Operation *) { return StringRef(); });
}

static LogicalResult checkDeclared(const KernelAnalysis &analysis,
                                   const ComputeInfo &info, Operation *op,
                                   StringRef name) {
  Region rest = info.region;
  for (auto &part : resolveField(analysis, info.phase, name, info.region))
    rest = rest.subtract(part.region);
  if (rest.empty())
    return success();
  return op->emitError() << "field '" << name << "' is not declared on "
                         << rest.describe()
                         << "; declare it in a place block that covers them";
}

/// Signedness is a matter of the source; size and kind must agree.
static bool sameWords(Type a, Type b) {
  return a.getIntOrFloatBitWidth() == b.getIntOrFloatBitWidth() &&
         isa<FloatType>(a) == isa<FloatType>(b);
}

static LogicalResult checkElementType(const KernelAnalysis &analysis,
                                      const ComputeInfo &info, Operation *op) {
  Value stream = streamOperand(op);
  if (!stream || !isa<SendOp, ReceiveOp>(op))
    return success();
  Type carried = cast<StreamType>(stream.getType()).getElementType();
  for (auto &part :
       resolveField(analysis, info.phase, fieldOf(op), info.region)) {
    Type held = part.op.getElementType();
    if (sameWords(held, carried))
      continue;
    auto error = op->emitError()
                 << "field '" << fieldOf(op) << "' holds " << held
                 << ", but the stream carries " << carried;
    error.attachNote(part.op.getLoc()) << "field declared here";
    return failure();
  }
  return success();
}

LogicalResult Builder::checkFields() {
  bool failed = false;
  for (ComputeInfo &info : result.computes) {
    llvm::StringSet<> seen;
    info.op.walk<WalkOrder::PreOrder>([&](Operation *op) {
      StringRef name = fieldOf(op);
      if (name.empty())
        return;
      if (seen.insert(name).second)
        failed |= mlir::failed(checkDeclared(result, info, op, name));
      failed |= mlir::failed(checkElementType(result, info, op));
    });
  }
  return failure(failed);
}

} // namespace spada
