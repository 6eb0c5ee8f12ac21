//===- Specialize.cpp - copy a kernel with its values filled in -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A compile-time expression without a value (division by zero, overflow) is an
// error only where it is used: the arm of a conditional that is not taken may
// have none. The source kernel is not changed.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/Transforms/Specialize.h"

#include "mlir/IR/Matchers.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace spada;

std::optional<int64_t> spada::constantInteger(Value value) {
  IntegerAttr attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  if (attribute.getType().isInteger(1) ||
      attribute.getType().isUnsignedInteger())
    return attribute.getValue().getZExtValue();
  return attribute.getValue().getSExtValue();
}

/// Why `op` has no value for the given operands.
static std::string describeProblem(Operation &op,
                                   ArrayRef<Attribute> operands) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::is_contained(operands, Attribute())) {
    os << "this value must be known at compile time, but depends on a run-time "
          "value";
    return text;
  }
  auto number = [&](unsigned i) {
    return cast<IntegerAttr>(operands[i]).getValue().getSExtValue();
  };
  if (auto conversion = dyn_cast<CastOp>(op)) {
    if (isa<IntegerAttr>(operands[0]))
      os << number(0);
    else
      os << operands[0];
    os << " does not fit " << conversion.getResult().getType();
    return text;
  }
  auto binary = dyn_cast<BinaryOp>(op);
  if (!binary) {
    os << "the negative of " << number(0) << " overflows 64 bits";
    return text;
  }
  BinaryKind kind = binary.getKind();
  bool isDivision = kind == BinaryKind::Div || kind == BinaryKind::Rem;
  bool isShift = kind == BinaryKind::Shl || kind == BinaryKind::Shr;
  if (isDivision && number(1) == 0)
    os << "division by zero: the divisor of " << number(0) << " is 0";
  else if (kind == BinaryKind::Div)
    os << "compile-time division of " << number(0) << " by " << number(1)
       << " leaves a remainder; choose parameters for which it is exact";
  else if (isShift && (number(1) < 0 || number(1) > 62))
    os << "shift by " << number(1) << " is out of range; shift by 0 to 62";
  else
    os << stringifyBinaryKind(kind) << " of " << number(0) << " and "
       << number(1) << " overflows 64 bits";
  return text;
}

Specializer::Specializer(KernelOp kernel, const Bindings &bindings,
                         const ConcretizeOptions &options)
    : kernel(kernel), bindings(bindings), options(options),
      builder(kernel.getContext()), body(std::make_unique<Block>()) {
  for (ArgumentOp argument : kernel.getBody().getOps<ArgumentOp>())
    arguments[argument.getName()] = argument;
}

std::unique_ptr<Block> Specializer::run() {
  Block &source = kernel.getBody().front();
  for (auto [argument, value] :
       llvm::zip(source.getArguments(), bindings.params))
    mapping.map(argument, constant(value));
  specializeBody(source, body.get());
  return hasFailed ? nullptr : std::move(body);
}

Value Specializer::constant(TypedAttr value) {
  Value &result = constants[value];
  if (!result) {
    if (lastConstant)
      builder.setInsertionPointAfter(lastConstant);
    else
      builder.setInsertionPointToStart(body.get());
    result =
        builder.create<ConstantOp>(kernel.getLoc(), value.getType(), value);
    lastConstant = result.getDefiningOp();
  }
  return result;
}

/// The constant that `original` became; null when it is no integer constant.
IntegerAttr Specializer::integer(Value original) {
  IntegerAttr attribute;
  Value value = mapping.lookupOrNull(original);
  return value && matchPattern(value, m_Constant(&attribute)) ? attribute
                                                              : IntegerAttr();
}

void Specializer::specializeBody(Block &from, Block *to) {
  for (Operation &op : from)
    specializeOp(op, to);
}

void Specializer::specializeOp(Operation &op, Block *to) {
  if (isa<ConstantOp, BinaryOp, UnaryOp, SelectOp, CastOp>(op))
    return specializeExpression(op, to);
  if (auto reference = dyn_cast<ScalarRefOp>(op))
    return specializeScalarRef(reference, to);
  if (auto argument = dyn_cast<ArgumentOp>(op);
      argument && argument.getMode() == ArgumentMode::CompileTime)
    return;
  if (!checkOperands(op))
    return;
  if (auto loop = dyn_cast<MetaForOp>(op))
    return unroll(loop, to);
  if (auto block = dyn_cast<SubgridOpInterface>(op))
    return specializeBlock(block, to);
  copy(op, to);
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

/// True when an operand without a value leaves `op` without one too.
bool Specializer::propagateProblem(Operation &op) {
  problems.erase(op.getResult(0));
  auto inherit = [&](Value operand) {
    auto it = problems.find(operand);
    if (it == problems.end())
      return false;
    Problem problem = it->second;
    problems[op.getResult(0)] = problem;
    return true;
  };
  if (auto select = dyn_cast<SelectOp>(op)) {
    if (inherit(select.getCondition()))
      return true;
    if (IntegerAttr condition = integer(select.getCondition()))
      return inherit(condition.getValue().isZero() ? select.getWhenFalse()
                                                   : select.getWhenTrue());
  }
  return llvm::any_of(op.getOperands(), inherit);
}

/// Maps the result of `op` when it folds.
bool Specializer::mapFolded(Operation &op, ArrayRef<Attribute> operands) {
  SmallVector<OpFoldResult, 1> results;
  if (failed(op.fold(operands, results)) || results.empty())
    return false;
  if (auto value = dyn_cast<Value>(results[0]))
    mapping.map(op.getResult(0), mapping.lookup(value));
  else
    mapping.map(op.getResult(0),
                constant(cast<TypedAttr>(cast<Attribute>(results[0]))));
  return true;
}

void Specializer::specializeExpression(Operation &op, Block *to) {
  if (propagateProblem(op))
    return;
  SmallVector<Attribute> operands;
  for (Value operand : op.getOperands()) {
    Attribute attribute;
    // An arm that is not taken may have no value at all.
    if (Value mapped = mapping.lookupOrNull(operand))
      matchPattern(mapped, m_Constant(&attribute));
    operands.push_back(attribute);
  }
  if (mapFolded(op, operands))
    return;
  Value result = op.getResult(0);
  if (isa<StreamType>(result.getType())) {
    op.emitError() << "which stream this conditional means must be known at "
                      "compile time, but its condition depends "
                      "on a run-time value";
    problems[result] = {&op, ""};
    reported.insert(&op);
    hasFailed = true;
    return;
  }
  auto isIndex = [](Type type) { return type.isIndex(); };
  if (isIndex(result.getType()) || llvm::any_of(op.getOperandTypes(), isIndex))
    problems[result] = {&op, describeProblem(op, operands)};
  else
    copy(op, to);
}

void Specializer::specializeScalarRef(ScalarRefOp op, Block *to) {
  ArgumentOp argument = arguments.lookup(op.getName());
  bool isScalar = argument && (argument.getMode() == ArgumentMode::Scalar ||
                               argument.getMode() == ArgumentMode::CompileTime);
  if (!isScalar || argument.getElementType() != op.getType()) {
    InFlightDiagnostic diagnostic = op.emitError();
    if (!argument)
      diagnostic << "kernel '" << kernel.getSymName() << "' has no argument '"
                 << op.getName() << "'";
    else if (!isScalar)
      diagnostic
          << "argument '" << op.getName()
          << "' is a stream and has no value of its own; receive from it";
    else
      diagnostic << "argument '" << op.getName() << "' has type "
                 << argument.getElementType() << ", but is used as "
                 << op.getType();
    if (argument)
      diagnostic.attachNote(argument.getLoc()) << "declared here";
    problems[op] = {op, ""};
    reported.insert(op);
    hasFailed = true;
    return;
  }
  auto it = bindings.arguments.find(op.getName());
  if (it == bindings.arguments.end())
    copy(*op, to);
  else
    mapping.map(op.getResult(), constant(it->second));
}

bool Specializer::checkOperands(Operation &op) {
  bool isGood = true;
  for (Value operand : op.getOperands()) {
    auto it = problems.find(operand);
    if (it == problems.end())
      continue;
    isGood = false;
    hasFailed = true;
    Operation *culprit = it->second.culprit;
    if (!reported.insert(culprit).second)
      continue;
    InFlightDiagnostic diagnostic = culprit->emitError() << it->second.reason;
    diagnostic.attachNote(op.getLoc())
        << "needed by this '" << op.getName() << "'";
  }
  // What a broken statement defines is broken too, but not worth a report of
  // its own.
  if (!isGood)
    for (Value result : op.getResults()) {
      problems[result] = {&op, ""};
      reported.insert(&op);
    }
  return isGood;
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

Operation *Specializer::copy(Operation &op, Block *to) {
  Operation *result = op.cloneWithoutRegions(mapping);
  to->push_back(result);
  for (auto [from, region] : llvm::zip(op.getRegions(), result->getRegions())) {
    Block *block = new Block();
    region.push_back(block);
    for (BlockArgument argument : from.front().getArguments())
      mapping.map(argument,
                  block->addArgument(argument.getType(), argument.getLoc()));
    specializeBody(from.front(), block);
  }
  if (!hasFailed && failed(checkConcrete(result, arguments)))
    hasFailed = true;
  return result;
}

void Specializer::specializeBlock(SubgridOpInterface op, Block *to) {
  struct Axis {
    StringRef name;
    Value lo, hi, step;
  };
  bool isEmpty = false;
  for (const Axis &axis :
       {Axis{"x", op.getXLo(), op.getXHi(), op.getXStep()},
        Axis{"y", op.getYLo(), op.getYHi(), op.getYStep()}}) {
    int64_t lo = integer(axis.lo).getInt(), hi = integer(axis.hi).getInt(),
            step = integer(axis.step).getInt();
    if (step < 1) {
      op.emitError() << "step of " << axis.name << " is " << step
                     << "; it must be at least 1";
      hasFailed = true;
      return;
    }
    isEmpty |= lo >= hi;
    if (lo < hi && lo < 0) {
      op.emitError() << axis.name << " starts at " << lo
                     << "; coordinates of PEs start at 0";
      hasFailed = true;
      return;
    }
  }
  if (!isEmpty)
    copy(*op, to);
}

void Specializer::unroll(MetaForOp op, Block *to) {
  int64_t lo = integer(op.getLo()).getInt(), hi = integer(op.getHi()).getInt(),
          step = integer(op.getStep()).getInt();
  if (step == 0) {
    op.emitError() << "step of compile-time loop '" << op.getName()
                   << "' is 0; it must not be";
    hasFailed = true;
    return;
  }
  __int128 distance = step > 0 ? __int128(hi) - lo : __int128(lo) - hi;
  __int128 stride = step > 0 ? __int128(step) : -__int128(step);
  __int128 trips = distance <= 0 ? 0 : (distance + stride - 1) / stride;
  if (trips > options.maxIterations - iterations) {
    op.emitError() << "compile-time loop '" << op.getName() << "' from " << lo
                   << " to " << hi << " by " << step << " exceeds the "
                   << options.maxIterations
                   << " iterations that one kernel may have";
    hasFailed = true;
    return;
  }
  iterations += int64_t(trips);
  Block &source = op.getBody().front();
  for (int64_t trip = 0; trip < int64_t(trips); ++trip) {
    // A loop variable is a number of its source type only in name: parameter
    // expressions have 64 bits.
    mapping.map(source.getArgument(0),
                constant(builder.getIndexAttr(lo + trip * step)));
    specializeBody(source, to);
    // Later iterations would report the same again.
    if (hasFailed)
      return;
  }
}
