//===- ConcreteChecks.cpp - rules that need numbers -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What a verifier cannot say before parameters have values. Each op is looked
// at alone; edges are an analysis.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/Transforms/Specialize.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <cstdlib>

using namespace mlir;
using namespace spada;

using Arguments = llvm::StringMap<ArgumentOp>;

/// More elements in one array than any PE or host transfer can have; keeps
/// sizes far from overflow.
static constexpr int64_t mostElements = int64_t(1) << 31;

static LogicalResult checkPositive(Operation *op, StringRef what,
                                   StringRef name, OperandRange values) {
  int64_t elements = 1;
  for (Value value : values) {
    int64_t number = *constantInteger(value);
    if (number < 1)
      return op->emitError() << what << " of '" << name << "' is " << number
                             << "; it must be at least 1";
    if (number > mostElements / elements)
      return op->emitError() << "'" << name << "' has more than "
                             << mostElements << " elements";
    elements *= number;
  }
  return success();
}

static LogicalResult checkBound(Operation *op, StringRef what, StringRef name,
                                Value value, int64_t least) {
  if (!value || *constantInteger(value) >= least)
    return success();
  return op->emitError() << what << " of '" << name << "' is "
                         << *constantInteger(value) << "; it must be at least "
                         << least;
}

static LogicalResult checkArgument(ArgumentOp op) {
  if (failed(checkBound(op, "bound", op.getName(), op.getBound(), 1)))
    return failure();
  return checkPositive(op, "dimension", op.getName(), op.getDims());
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

static LogicalResult checkMulticast(StreamOp op, StringRef axis, int64_t first,
                                    int64_t stop, int64_t other) {
  bool isForward = first >= 1 && first < stop,
       isBackward = first <= -1 && stop < first;
  if (!isForward && !isBackward)
    return op.emitError() << "multicast range [" << first << ":" << stop
                          << "] of '" << op.getName() << "' along " << axis
                          << " reaches no PE or the sender itself; use [a:b] "
                             "with 1 <= a < b or b < a <= -1";
  if (other != 0)
    return op.emitError() << "multicast stream '" << op.getName()
                          << "' moves by " << other
                          << " on the other axis too; that offset must be 0";
  return success();
}

static LogicalResult checkHops(StreamOp op, int64_t dx, int64_t dy) {
  auto hops = op.getHops();
  if (!hops)
    return success();
  int64_t x = 0, y = 0;
  for (size_t i = 0; i + 1 < hops->size(); i += 2) {
    x += (*hops)[i];
    y += (*hops)[i + 1];
  }
  if (x != dx || y != dy)
    return op.emitError() << "hops of '" << op.getName() << "' lead to (" << x
                          << ", " << y << "), but its offset is (" << dx << ", "
                          << dy << ")";
  return success();
}

static LogicalResult checkStream(StreamOp op) {
  if (failed(checkBound(op, "bound", op.getName(), op.getBound(), 1)) ||
      failed(checkBound(op, "channel", op.getName(), op.getChannel(), 0)) ||
      failed(checkBound(op, "count", op.getName(), op.getCount(), 1)))
    return failure();
  if (op.getBound() && op.getCount() &&
      *constantInteger(op.getBound()) != *constantInteger(op.getCount()))
    return op.emitError() << "stream '" << op.getName() << "' has bound "
                          << *constantInteger(op.getBound()) << " and count "
                          << *constantInteger(op.getCount())
                          << "; they must be equal";
  int64_t dx = *constantInteger(op.getDx()), dy = *constantInteger(op.getDy());
  // Offsets are added to coordinates later on.
  if (!llvm::isInt<31>(dx) || !llvm::isInt<31>(dy))
    return op.emitError() << "offset (" << dx << ", " << dy << ") of '"
                          << op.getName() << "' is too large";
  if (op.getDxStop())
    return checkMulticast(op, "x", dx, *constantInteger(op.getDxStop()), dy);
  if (op.getDyStop())
    return checkMulticast(op, "y", dy, *constantInteger(op.getDyStop()), dx);
  return checkHops(op, dx, dy);
}

//===----------------------------------------------------------------------===//
// Loops and subgrid variables
//===----------------------------------------------------------------------===//

static LogicalResult checkFits(Operation *op, StringRef name, Type type,
                               int64_t value) {
  unsigned width = type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isInteger(1) || type.isUnsignedInteger();
  bool fits = isUnsigned ? value >= 0 && llvm::isUIntN(width, value)
                         : llvm::isIntN(width, value);
  if (fits)
    return success();
  return op->emitError() << "variable '" << name << "' of type " << type
                         << " cannot hold " << value << "; use a wider type";
}

/// \p isOrdered  a `for`, which may count down.
template <typename Loop>
static LogicalResult checkLoop(Loop op, bool isOrdered) {
  for (auto [position, lo, hi, step] :
       llvm::enumerate(op.getLo(), op.getHi(), op.getStep())) {
    StringRef name = cast<StringAttr>(op.getNames()[position]).getValue();
    int64_t first = *constantInteger(lo), stop = *constantInteger(hi),
            by = *constantInteger(step);
    if (by == 0 || (by < 0 && !isOrdered))
      return op.emitError()
             << "step of '" << name << "' is " << by
             << (isOrdered ? "; it must not be 0" : "; it must be at least 1");
    if (by > 0 ? first >= stop : first <= stop)
      continue;
    // The last value: `stop - 1` rounded towards `first`.
    __int128 distance = __int128(stop) - first,
             trips = (distance + by + (by > 0 ? -1 : 1)) / by;
    Type type = op.getBody().getArgument(position).getType();
    if (failed(checkFits(op, name, type, first)) ||
        failed(checkFits(op, name, type, int64_t(first + (trips - 1) * by))))
      return failure();
  }
  return success();
}

static LogicalResult checkCompute(ComputeOp op) {
  Value stops[] = {op.getXHi(), op.getYHi()};
  for (auto [variable, name, stop] :
       llvm::zip(op.getBody().getArguments(),
                 op.getNames().getAsValueRange<StringAttr>(), stops))
    if (!variable.use_empty() && failed(checkFits(op, name, variable.getType(),
                                                  *constantInteger(stop) - 1)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// The subgrid variable (0 or 1) that `index` is, plus or minus constants;
/// nothing for other expressions.
static std::optional<unsigned> subgridVariable(Value index, ComputeOp compute) {
  while (true) {
    if (auto variable = dyn_cast<BlockArgument>(index))
      return variable.getOwner() == &compute.getBody().front()
                 ? std::optional(variable.getArgNumber())
                 : std::nullopt;
    if (auto cast = index.getDefiningOp<CastOp>()) {
      index = cast.getOperand();
      continue;
    }
    auto binary = index.getDefiningOp<BinaryOp>();
    if (!binary)
      return std::nullopt;
    if ((binary.getKind() == BinaryKind::Add ||
         binary.getKind() == BinaryKind::Sub) &&
        constantInteger(binary.getRhs()))
      index = binary.getLhs();
    else if (binary.getKind() == BinaryKind::Add &&
             constantInteger(binary.getLhs()))
      index = binary.getRhs();
    else
      return std::nullopt;
  }
}

static LogicalResult checkArgumentIndices(ArgumentRefOp op,
                                          ArgumentOp argument) {
  if (op.getIndices().size() > argument.getDims().size())
    return op.emitError() << "argument '" << op.getName() << "' has "
                          << argument.getDims().size()
                          << " dims, but is indexed with "
                          << op.getIndices().size();
  // A body is checked before its compute block is put into the kernel, so the
  // parent chain ends there.
  auto compute = op->getParentOfType<ComputeOp>();
  if (!compute)
    return op.emitError() << "argument '" << op.getName()
                          << "' is used outside of a compute block";
  for (auto [position, index] : llvm::enumerate(op.getIndices())) {
    std::optional<unsigned> variable = subgridVariable(index, compute);
    if (!variable)
      return op.emitError()
             << "index " << position << " of argument '" << op.getName()
             << "' must be a subgrid variable, plus or minus a constant";
    if (argument.getDims().size() == 2 && *variable != position)
      return op.emitError()
             << "index " << position << " of argument '" << op.getName()
             << "' is the other axis's variable; write x first, then y";
  }
  return success();
}

static LogicalResult checkArgumentRef(ArgumentRefOp op,
                                      const Arguments &arguments) {
  ArgumentOp argument = arguments.lookup(op.getName());
  if (!argument)
    return op.emitError() << "the kernel has no argument '" << op.getName()
                          << "'";
  auto report = [&](const Twine &text) {
    InFlightDiagnostic diagnostic =
        op.emitError() << "argument '" << op.getName() << "' " << text;
    diagnostic.attachNote(argument.getLoc()) << "declared here";
    return diagnostic;
  };
  if (argument.getMode() == ArgumentMode::Scalar ||
      argument.getMode() == ArgumentMode::CompileTime)
    return report("is a scalar; it cannot be sent to or received from");
  Type element = cast<StreamType>(op.getType()).getElementType();
  if (element != argument.getElementType())
    return report("is used with another element type than declared")
           << ": " << element << " and " << argument.getElementType();
  return checkArgumentIndices(op, argument);
}

LogicalResult spada::checkConcrete(Operation *op, const Arguments &arguments) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case([](ArgumentOp op) { return checkArgument(op); })
      .Case([](FieldOp op) {
        return checkPositive(op, "dimension", op.getName(), op.getDims());
      })
      .Case([](StreamOp op) { return checkStream(op); })
      .Case([](ExternStreamOp op) {
        return checkBound(op, "bound", op.getName(), op.getBound(), 1);
      })
      .Case([](ComputeOp op) { return checkCompute(op); })
      .Case([](ForOp op) { return checkLoop(op, true); })
      .Case([](MapOp op) { return checkLoop(op, false); })
      .Case([](ForeachOp op) { return checkLoop(op, false); })
      .Case([&](ArgumentRefOp op) { return checkArgumentRef(op, arguments); })
      .Default(success());
}
