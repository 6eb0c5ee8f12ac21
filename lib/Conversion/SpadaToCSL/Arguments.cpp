//===- Arguments.cpp - host arguments as fields ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Transfers from and to bounded arguments become loops over a field that holds
// the argument on the PE; each transfer takes up where the one before it
// stopped. Unbounded arguments stay streams.
//
//===----------------------------------------------------------------------===//

#include "Affine.h"
#include "ClassBody.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

static StringRef argumentName(Value stream) {
  auto ref = stream.getDefiningOp<ArgumentRefOp>();
  return ref ? ref.getName() : StringRef();
}

static Value streamOperand(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<SendOp, SendValueOp, ReceiveOp, ForeachOp>(
          [](auto o) { return o.getStream(); })
      .Default(Value());
}

static std::string cursorKey(StringRef argument, bool isSend) {
  return (argument + (isSend ? ">" : "<")).str();
}

/// Index of an argument's element as an SSA value: `form` over loop variables.
static Value materialize(OpBuilder &b, Location loc, const LinearForm &form) {
  Type index = b.getIndexType();
  Value sum = b.create<ConstantOp>(loc, index, b.getIndexAttr(form.constant));
  for (auto [variable, coefficient] : form.terms) {
    Value term = variable;
    if (term.getType() != index)
      term = b.create<CastOp>(loc, index, term);
    if (coefficient != 1)
      term = b.create<BinaryOp>(
          loc, index, BinaryKind::Mul, term,
          b.create<ConstantOp>(loc, index, b.getIndexAttr(coefficient)));
    sum = b.create<BinaryOp>(loc, index, BinaryKind::Add, sum, term);
  }
  return sum;
}

/// Builds `spada.map` over `shape`, calling `fill` with the index variables.
static MapOp buildMap(OpBuilder &b, Location loc, ArrayRef<int64_t> shape,
                      function_ref<void(OpBuilder &, ValueRange)> fill) {
  SmallVector<Value> lo, hi, step;
  SmallVector<Attribute> names;
  for (auto [d, size] : llvm::enumerate(shape)) {
    lo.push_back(
        b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(0)));
    hi.push_back(
        b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(size)));
    step.push_back(
        b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(1)));
    names.push_back(b.getStringAttr("k" + std::to_string(d)));
  }
  auto map = b.create<MapOp>(loc, CompletionType::get(b.getContext()), lo, hi,
                             step, b.getArrayAttr(names), StringAttr());
  Block &block = map.getBody().emplaceBlock();
  for (size_t d = 0; d < shape.size(); ++d)
    block.addArgument(b.getI32Type(), loc);
  OpBuilder inner = OpBuilder::atBlockEnd(&block);
  fill(inner, block.getArguments());
  return map;
}

static LinearForm plus(LinearForm base, ValueRange variables,
                       ArrayRef<int64_t> shape) {
  int64_t stride = 1;
  for (size_t d = variables.size(); d-- > 0;) {
    base.terms[variables[d]] += stride;
    stride *= shape[d];
  }
  return base;
}

namespace {

class ArgumentLowering {
public:
  ArgumentLowering(KernelOp kernel, ClassBody &body)
      : kernel(kernel), body(body) {}

  /// Position of the next element, by argument and direction.
  using Cursors = llvm::StringMap<LinearForm>;
  LogicalResult lowerBlock(Block &block, Cursors &cursors);

private:
  /// One transfer: `op` moves between `field` and the statement's own operand.
  struct Use {
    Operation *op;
    ArgumentOp argument;
    StringRef field;
    LinearForm &cursor;
  };
  FailureOr<StringRef> argumentField(ArgumentOp argument);
  int64_t elementsMoved(Block &block, StringRef argument, bool sent);
  LogicalResult enterLoop(Operation &op, Cursors &cursors);
  LogicalResult lowerTransfer(Operation *op, ArgumentRefOp ref,
                              Cursors &cursors);
  void keepStream(Operation *op, ArgumentRefOp ref, ArgumentOp argument);
  LogicalResult checkRoom(const Use &use, int64_t count);
  FailureOr<MapOp> lowerSend(SendOp send, Use use);
  FailureOr<MapOp> lowerReceive(ReceiveOp receive, Use use);
  FailureOr<MapOp> lowerSendValue(SendValueOp send, Use use);
  FailureOr<MapOp> lowerForeach(ForeachOp foreach, Use use);

  KernelOp kernel;
  ClassBody &body;
  llvm::StringMap<StringRef> fields;
};

} // namespace

FailureOr<StringRef> ArgumentLowering::argumentField(ArgumentOp argument) {
  auto [it, isNew] = fields.try_emplace(argument.getName());
  if (!isNew)
    return it->second;
  Type type = storageType(argument.getElementType());
  if (!type)
    return argument.emitError()
           << "argument '" << argument.getName() << "' has element type "
           << argument.getElementType()
           << ", which CSL does not have; use f32 or i32";
  ClassField field{type,
                   argument.getElementType(),
                   {*constantValue(argument.getBound())},
                   argument.getLoc()};
  field.isArgument = true;
  it->second = body.addField(argument.getName(), std::move(field));
  return it->second;
}

/// Elements that one run of `block` moves from or to `argument`.
int64_t ArgumentLowering::elementsMoved(Block &block, StringRef argument,
                                        bool sent) {
  int64_t total = 0;
  for (Operation &op : block) {
    int64_t inner = 0;
    for (mlir::Region &region : op.getRegions())
      if (!region.empty())
        inner += elementsMoved(region.front(), argument, sent);
    int64_t trips = 1;
    if (isa<ForOp, MapOp, ForeachOp>(op))
      for (const LoopDim &dim : loopDims(&op))
        trips *= dim.trips();
    total += inner * trips;
    Value stream = streamOperand(&op);
    if (!stream || argumentName(stream) != argument ||
        isa<SendOp, SendValueOp>(op) != sent)
      continue;
    if (auto send = dyn_cast<SendOp>(op))
      total += body.fields.find(send.getField())->second.elements();
    else if (auto receive = dyn_cast<ReceiveOp>(op))
      total += receive.getIndices().empty()
                   ? body.fields.find(receive.getField())->second.elements()
                   : 1;
    else
      total += isa<ForeachOp>(op) ? trips : 1;
  }
  return total;
}

/// An unbounded argument is a stream of the class.
void ArgumentLowering::keepStream(Operation *op, ArgumentRefOp ref,
                                  ArgumentOp argument) {
  size_t index = body.streams.size();
  body.streams.push_back(
      {-1, ref.getName().str(), storageType(argument.getElementType())});
  OpBuilder builder(op);
  auto unique = builder.create<StreamRefOp>(ref.getLoc(), ref.getType(),
                                            "#" + std::to_string(index));
  op->replaceUsesOfWith(ref, unique);
}

LogicalResult ArgumentLowering::checkRoom(const Use &use, int64_t count) {
  ArgumentOp argument = use.argument;
  int64_t bound = *constantValue(argument.getBound());
  if (!use.cursor.terms.empty() || use.cursor.constant + count <= bound)
    return success();
  return use.op->emitError()
         << "argument '" << argument.getName() << "' has " << bound
         << " elements for each PE, but " << use.cursor.constant + count
         << " are moved; declare it as stream<" << argument.getElementType()
         << ", " << use.cursor.constant + count << ">";
}

FailureOr<MapOp> ArgumentLowering::lowerSend(SendOp send, Use use) {
  const ClassField &source = body.fields.find(send.getField())->second;
  if (failed(checkRoom(use, source.elements())))
    return failure();
  OpBuilder b(send);
  Location loc = send.getLoc();
  MapOp map = buildMap(b, loc, source.shape, [&](OpBuilder &in, ValueRange k) {
    Value value = in.create<ReadOp>(loc, use.argument.getElementType(),
                                    send.getField(), k);
    in.create<WriteOp>(
        loc, use.field,
        ValueRange{materialize(in, loc, plus(use.cursor, k, source.shape))},
        value);
  });
  use.cursor.constant += source.elements();
  return map;
}

FailureOr<MapOp> ArgumentLowering::lowerReceive(ReceiveOp receive, Use use) {
  bool whole = receive.getIndices().empty();
  SmallVector<int64_t> shape;
  if (whole)
    shape = body.fields.find(receive.getField())->second.shape;
  int64_t count = ShapedType::getNumElements(shape);
  if (failed(checkRoom(use, count)))
    return failure();
  OpBuilder b(receive);
  Location loc = receive.getLoc();
  MapOp map = buildMap(b, loc, shape, [&](OpBuilder &in, ValueRange k) {
    Value value = in.create<ReadOp>(
        loc, use.argument.getElementType(), use.field,
        ValueRange{materialize(in, loc, plus(use.cursor, k, shape))});
    in.create<WriteOp>(loc, receive.getField(),
                       whole ? k : ValueRange(receive.getIndices()), value);
  });
  use.cursor.constant += count;
  return map;
}

FailureOr<MapOp> ArgumentLowering::lowerSendValue(SendValueOp send, Use use) {
  if (failed(checkRoom(use, 1)))
    return failure();
  OpBuilder b(send);
  Location loc = send.getLoc();
  MapOp map = buildMap(b, loc, {}, [&](OpBuilder &in, ValueRange) {
    in.create<WriteOp>(loc, use.field,
                       ValueRange{materialize(in, loc, use.cursor)},
                       send.getValue());
  });
  use.cursor.constant += 1;
  return map;
}

/// A loop over the argument: sequential, the element read from memory where it
/// is used.
FailureOr<MapOp> ArgumentLowering::lowerForeach(ForeachOp foreach, Use use) {
  Location loc = foreach.getLoc();
  SmallVector<LoopDim> dims = loopDims(foreach);
  if (dims.empty())
    return foreach.emitError()
           << "foreach over the bounded argument '" << use.argument.getName()
           << "' has no range; write 'foreach i32 k, ... in [0:"
           << *constantValue(use.argument.getBound()) << "], receive(...)'";
  LinearForm position = use.cursor;
  int64_t stride = 1;
  for (const LoopDim &dim : llvm::reverse(dims)) {
    if (dim.step != 1)
      return foreach.emitError()
             << "foreach over the argument '" << use.argument.getName()
             << "' has step " << dim.step
             << "; use step 1 and compute the index in the body";
    position.terms[dim.variable] += stride;
    position.constant -= stride * dim.lo;
    stride *= dim.trips();
  }
  if (failed(checkRoom(use, stride)))
    return failure();
  OpBuilder b(foreach);
  SmallVector<Attribute> names(foreach.getNames().begin(),
                               foreach.getNames().begin() + dims.size());
  auto map = b.create<MapOp>(
      loc, foreach.getCompletion().getType(), foreach.getLo(), foreach.getHi(),
      foreach.getStep(), b.getArrayAttr(names), StringAttr());
  map->setAttr("sequential", b.getUnitAttr());
  map.getBody().takeBody(foreach.getBody());
  Block &block = map.getBody().front();
  BlockArgument item = block.getArgument(dims.size());
  for (OpOperand &operand : llvm::make_early_inc_range(item.getUses())) {
    OpBuilder at(operand.getOwner());
    operand.set(at.create<ReadOp>(loc, item.getType(), use.field,
                                  ValueRange{materialize(at, loc, position)}));
  }
  block.eraseArgument(dims.size());
  use.cursor.constant += stride;
  return map;
}

LogicalResult ArgumentLowering::lowerTransfer(Operation *op, ArgumentRefOp ref,
                                              Cursors &cursors) {
  ArgumentOp argument = findArgument(kernel, ref.getName());
  if (!argument.getBound()) {
    keepStream(op, ref, argument);
    return success();
  }
  auto field = argumentField(argument);
  if (failed(field))
    return failure();
  // Elements taken from and given to a `readwrite` argument are counted apart.
  Use use{op, argument, *field,
          cursors[cursorKey(ref.getName(), isa<SendOp, SendValueOp>(op))]};
  FailureOr<MapOp> map = failure();
  if (auto send = dyn_cast<SendOp>(op))
    map = lowerSend(send, use);
  else if (auto receive = dyn_cast<ReceiveOp>(op))
    map = lowerReceive(receive, use);
  else if (auto value = dyn_cast<SendValueOp>(op))
    map = lowerSendValue(value, use);
  else
    map = lowerForeach(cast<ForeachOp>(op), use);
  if (failed(map))
    return failure();
  op->getResult(0).replaceAllUsesWith(map->getCompletion());
  op->erase();
  return success();
}

/// Lowers the body of a loop, in which every position depends on the loop's
/// variables.
LogicalResult ArgumentLowering::enterLoop(Operation &op, Cursors &cursors) {
  Block &inner = op.getRegion(0).front();
  SmallVector<LoopDim> dims;
  if (!isa<AsyncBlockOp>(op))
    dims = loopDims(&op);
  int64_t trips = 1;
  for (const LoopDim &dim : dims)
    trips *= dim.trips();
  llvm::StringMap<int64_t> moved; // in one iteration
  inner.walk([&](ArgumentRefOp ref) {
    for (bool sent : {false, true})
      moved[cursorKey(ref.getName(), sent)] =
          elementsMoved(inner, ref.getName(), sent);
  });
  Cursors innerCursors;
  for (auto &entry : moved) {
    LinearForm form = cursors[entry.first()];
    int64_t stride = entry.second;
    for (const LoopDim &dim : llvm::reverse(dims)) {
      if (stride % dim.step != 0)
        return op.emitError()
               << "argument '" << entry.first().drop_back()
               << "' is used in a loop with step " << dim.step
               << "; use step 1 and compute the index in the body";
      form.terms[dim.variable] += stride / dim.step;
      form.constant -= stride / dim.step * dim.lo;
      stride *= dim.trips();
    }
    innerCursors[entry.first()] = form;
  }
  if (failed(lowerBlock(inner, innerCursors)))
    return failure();
  for (auto &entry : moved)
    cursors[entry.first()].constant += entry.second * trips;
  return success();
}

LogicalResult ArgumentLowering::lowerBlock(Block &block, Cursors &cursors) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (isa<ForOp, MapOp, ForeachOp, AsyncBlockOp>(op) &&
        failed(enterLoop(op, cursors)))
      return failure();
    Value stream = streamOperand(&op);
    if (!stream)
      continue;
    if (auto ref = stream.getDefiningOp<ArgumentRefOp>();
        ref && failed(lowerTransfer(&op, ref, cursors)))
      return failure();
  }
  return success();
}

LogicalResult spada::lowerArguments(KernelOp kernel, ClassBody &body) {
  ArgumentLowering::Cursors cursors;
  return ArgumentLowering(kernel, body).lowerBlock(body.block(), cursors);
}

/// Whole-array assignments become maps, so that there is one kind of parallel
/// loop.
void spada::lowerAssignments(ClassBody &body) {
  SmallVector<AssignOp> assigns;
  body.block().walk([&](AssignOp op) { assigns.push_back(op); });
  for (AssignOp assign : assigns) {
    OpBuilder b(assign);
    auto map = buildMap(b, assign.getLoc(),
                        body.fields.find(assign.getField())->second.shape,
                        [](OpBuilder &, ValueRange) {});
    map.getBody().takeBody(assign.getBody());
    auto yield = cast<YieldOp>(map.getBody().front().getTerminator());
    OpBuilder in(yield);
    in.create<WriteOp>(assign.getLoc(), assign.getField(),
                       map.getBody().getArguments(), yield.getValue());
    yield.erase();
    b.create<AwaitOp>(assign.getLoc(), map.getCompletion());
    assign.erase();
  }
}
