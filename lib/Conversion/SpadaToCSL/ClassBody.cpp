//===- ClassBody.cpp - the merged program of one PE class -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Cloning with unique names, and arguments as fields. See ClassBody.h.
//
//===----------------------------------------------------------------------===//

#include "ClassBody.h"

#include "Affine.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

ClassBody::ClassBody(Location loc) {
  OpBuilder builder(loc.getContext());
  auto phase = builder.create<PhaseOp>(loc);
  phase.getBody().emplaceBlock();
  holder = phase;
}

ClassBody::ClassBody(ClassBody &&other)
    : fields(std::move(other.fields)), names(std::move(other.names)), streams(std::move(other.streams)),
      usesX(other.usesX), usesY(other.usesY), scalarArguments(std::move(other.scalarArguments)),
      holder(std::exchange(other.holder, nullptr)) {}

ClassBody::~ClassBody() {
  if (holder)
    holder->destroy();
}

Block &ClassBody::block() { return holder->getRegion(0).front(); }

StringRef ClassBody::addField(StringRef wanted, ClassField field) {
  std::string name = wanted.str();
  for (char &c : name)
    if (c == '#')
      c = '_';
  std::string base = name;
  for (int n = 2; !names.insert(name).second; ++n)
    name = base + "_" + std::to_string(n);
  StringRef key = names.find(name)->getKey();
  fields.insert({key, std::move(field)});
  return key;
}

Type spada::storageType(Type type) {
  MLIRContext *context = type.getContext();
  if (type.isF32() || type.isF16())
    return type;
  unsigned width = type.isIntOrFloat() ? type.getIntOrFloatBitWidth() : 64;
  if (isa<IntegerType>(type) && width <= 32)
    return IntegerType::get(context, width <= 16 ? 16 : 32);
  return {};
}

ArgumentOp spada::findArgument(KernelOp kernel, StringRef name) {
  for (auto argument : kernel.getBody().getOps<ArgumentOp>())
    if (argument.getName() == name)
      return argument;
  return {};
}

namespace {

/// Clones one compute block after another into the body.
class Joiner {
public:
  Joiner(KernelOp kernel, ClassBody &body, const ClassNames &names) : kernel(kernel), body(body), names(names) {}

  LogicalResult join(ComputeOp compute);
  LogicalResult lowerArguments();

private:
  FailureOr<StringRef> fieldFor(ComputeOp compute, StringRef name, Location loc);
  LogicalResult rename(ComputeOp compute, Operation *op);
  LogicalResult renameStream(ComputeOp compute, StreamRefOp ref);
  FailureOr<StringRef> argumentField(ArgumentOp argument, Location loc);
  LogicalResult lowerArgumentUses(Block &block, llvm::StringMap<LinearForm> &cursors);
  LogicalResult lowerArgumentUse(Operation *op, Value stream, llvm::StringMap<LinearForm> &cursors);
  int64_t elementsMoved(Block &block, StringRef argument, bool sent);

  KernelOp kernel;
  ClassBody &body;
  const ClassNames &names;
  llvm::DenseMap<Operation *, StringRef> fieldNames;
  llvm::StringMap<StringRef> argumentFields;
};

FailureOr<StringRef> Joiner::fieldFor(ComputeOp compute, StringRef name, Location loc) {
  FieldOp decl = names.field(compute, name);
  if (!decl)
    return emitError(loc) << "no field '" << name << "' is placed on these PEs";
  auto [it, isNew] = fieldNames.insert({decl, StringRef()});
  if (!isNew)
    return it->second;
  Type type = storageType(decl.getElementType());
  if (!type)
    return emitError(decl.getLoc()) << "field '" << name << "' has element type " << decl.getElementType()
                                    << ", which CSL does not have; use f32 or i32";
  ClassField field{type, decl.getElementType(), {}, decl.getLoc()};
  for (Value dim : decl.getDims())
    field.shape.push_back(*integerOf(dim));
  it->second = body.addField(name, std::move(field));
  return it->second;
}

LogicalResult Joiner::renameStream(ComputeOp compute, StreamRefOp ref) {
  OpBuilder builder(ref);
  // A stream may be sent on and received from by the same statement list; each use names its own direction.
  for (OpOperand &use : llvm::make_early_inc_range(ref.getResult().getUses())) {
    Operation *user = use.getOwner();
    bool isSend = isa<SendOp, SendValueOp>(user);
    if (isa<CloseOp>(user))
      continue;
    int64_t flow = names.flow(compute, ref.getName(), isSend);
    if (flow < 0)
      return user->emitError() << "stream '" << ref.getName() << "' is not declared on these PEs";
    size_t index = 0;
    while (index < body.streams.size() && !(body.streams[index].flow == flow && body.streams[index].argument.empty()))
      ++index;
    if (index == body.streams.size())
      body.streams.push_back({flow, "", storageType(cast<StreamType>(ref.getType()).getElementType())});
    if (!body.streams[index].elementType)
      return user->emitError() << "stream '" << ref.getName() << "' carries "
                               << cast<StreamType>(ref.getType()).getElementType()
                               << ", which does not fit a 32-bit wavelet; use f32 or i32";
    auto unique = builder.create<StreamRefOp>(ref.getLoc(), ref.getType(), "#" + std::to_string(index));
    use.set(unique);
  }
  return success();
}

LogicalResult Joiner::rename(ComputeOp compute, Operation *op) {
  if (auto ref = dyn_cast<StreamRefOp>(op))
    return renameStream(compute, ref);
  if (auto ref = dyn_cast<ScalarRefOp>(op)) {
    if (!ref.getName().starts_with("pe."))
      body.scalarArguments.insert(ref.getNameAttr());
    return success();
  }
  auto attr = op->getAttrOfType<StringAttr>("field");
  if (!attr)
    return success();
  auto name = fieldFor(compute, attr, op->getLoc());
  if (failed(name))
    return failure();
  op->setAttr("field", StringAttr::get(op->getContext(), *name));
  return success();
}

LogicalResult Joiner::join(ComputeOp compute) {
  OpBuilder builder = OpBuilder::atBlockEnd(&body.block());
  if (!body.block().empty())
    builder.create<AwaitAllOp>(compute.getLoc());
  IRMapping map;
  for (unsigned d = 0; d < 2; ++d) {
    BlockArgument coordinate = compute.getBody().getArgument(d);
    if (coordinate.use_empty())
      continue;
    map.map(coordinate, builder.create<ScalarRefOp>(compute.getLoc(), coordinate.getType(), d ? "pe.y" : "pe.x"));
  }
  SmallVector<Operation *> clones;
  for (Operation &op : compute.getBody().front())
    clones.push_back(builder.clone(op, map));
  bool ok = true;
  for (Operation *clone : clones) {
    SmallVector<Operation *> nested;
    clone->walk([&](Operation *op) { nested.push_back(op); });
    for (Operation *op : nested)
      ok &= succeeded(rename(compute, op));
  }
  return success(ok);
}

FailureOr<StringRef> Joiner::argumentField(ArgumentOp argument, Location loc) {
  auto [it, isNew] = argumentFields.try_emplace(argument.getName());
  if (!isNew)
    return it->second;
  Type type = storageType(argument.getElementType());
  if (!type)
    return argument.emitError() << "argument '" << argument.getName() << "' has element type "
                                << argument.getElementType() << ", which CSL does not have; use f32 or i32";
  ClassField field{type, argument.getElementType(), {*integerOf(argument.getBound())}, argument.getLoc()};
  field.isArgument = true;
  it->second = body.addField(argument.getName(), std::move(field));
  return it->second;
}

static StringRef argumentName(Value stream) {
  auto ref = stream.getDefiningOp<ArgumentRefOp>();
  return ref ? ref.getName() : StringRef();
}

static Value streamOperand(Operation *op) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<SendOp, SendValueOp, ReceiveOp, ForeachOp>([](auto o) { return o.getStream(); })
      .Default(Value());
}

static std::string cursorKey(StringRef argument, bool isSend) { return (argument + (isSend ? ">" : "<")).str(); }

/// Elements that one run of `block` moves from or to `argument`.
int64_t Joiner::elementsMoved(Block &block, StringRef argument, bool sent) {
  int64_t total = 0;
  for (Operation &op : block) {
    int64_t inner = 0;
    for (Region &region : op.getRegions())
      if (!region.empty())
        inner += elementsMoved(region.front(), argument, sent);
    int64_t trips = 1;
    if (isa<ForOp, MapOp, ForeachOp>(op))
      for (const LoopDim &dim : loopDims(&op))
        trips *= dim.trips();
    total += inner * trips;
    Value stream = streamOperand(&op);
    if (!stream || argumentName(stream) != argument || isa<SendOp, SendValueOp>(op) != sent)
      continue;
    if (auto send = dyn_cast<SendOp>(op))
      total += body.fields.find(send.getField())->second.elements();
    else if (auto receive = dyn_cast<ReceiveOp>(op))
      total += receive.getIndices().empty() ? body.fields.find(receive.getField())->second.elements() : 1;
    else
      total += isa<ForeachOp>(op) ? trips : 1;
  }
  return total;
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
      term = b.create<BinaryOp>(loc, index, BinaryKind::Mul, term,
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
    lo.push_back(b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(0)));
    hi.push_back(b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(size)));
    step.push_back(b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(1)));
    names.push_back(b.getStringAttr("k" + std::to_string(d)));
  }
  auto map = b.create<MapOp>(loc, CompletionType::get(b.getContext()), lo, hi, step, b.getArrayAttr(names),
                             StringAttr());
  Block &block = map.getBody().emplaceBlock();
  for (size_t d = 0; d < shape.size(); ++d)
    block.addArgument(b.getI32Type(), loc);
  OpBuilder inner = OpBuilder::atBlockEnd(&block);
  fill(inner, block.getArguments());
  return map;
}

static LinearForm plus(LinearForm base, ValueRange variables, ArrayRef<int64_t> shape) {
  int64_t stride = 1;
  for (size_t d = variables.size(); d-- > 0;) {
    base.terms[variables[d]] += stride;
    stride *= shape[d];
  }
  return base;
}

LogicalResult Joiner::lowerArgumentUse(Operation *op, Value stream, llvm::StringMap<LinearForm> &cursors) {
  auto ref = stream.getDefiningOp<ArgumentRefOp>();
  ArgumentOp argument = findArgument(kernel, ref.getName());
  if (!argument.getBound()) {
    size_t index = body.streams.size();
    body.streams.push_back({-1, ref.getName().str(), storageType(argument.getElementType())});
    OpBuilder builder(op);
    auto unique = builder.create<StreamRefOp>(ref.getLoc(), ref.getType(), "#" + std::to_string(index));
    op->replaceUsesOfWith(stream, unique);
    return success();
  }
  auto field = argumentField(argument, op->getLoc());
  if (failed(field))
    return failure();
  // Elements taken from and given to a `readwrite` argument are counted apart.
  LinearForm &cursor = cursors[cursorKey(ref.getName(), isa<SendOp, SendValueOp>(op))];
  OpBuilder b(op);
  Location loc = op->getLoc();
  Type element = argument.getElementType();
  int64_t bound = *integerOf(argument.getBound());
  auto checkRoom = [&](int64_t count) -> LogicalResult {
    if (cursor.terms.empty() && cursor.constant + count > bound)
      return op->emitError() << "argument '" << ref.getName() << "' has " << bound << " elements for each PE, but "
                             << cursor.constant + count << " are moved; declare it as stream<" << element << ", "
                             << cursor.constant + count << ">";
    return success();
  };
  Operation *result = nullptr;
  if (auto send = dyn_cast<SendOp>(op)) {
    ClassField source = body.fields.find(send.getField())->second;
    if (failed(checkRoom(source.elements())))
      return failure();
    result = buildMap(b, loc, source.shape, [&](OpBuilder &in, ValueRange k) {
      Value value = in.create<ReadOp>(loc, element, send.getField(), k);
      in.create<WriteOp>(loc, *field, ValueRange{materialize(in, loc, plus(cursor, k, source.shape))}, value);
    });
    cursor.constant += source.elements();
  } else if (auto receive = dyn_cast<ReceiveOp>(op)) {
    ClassField target = body.fields.find(receive.getField())->second;
    bool whole = receive.getIndices().empty();
    SmallVector<int64_t> shape = whole ? target.shape : SmallVector<int64_t>{};
    int64_t count = ShapedType::getNumElements(shape);
    if (failed(checkRoom(count)))
      return failure();
    result = buildMap(b, loc, shape, [&](OpBuilder &in, ValueRange k) {
      Value value = in.create<ReadOp>(loc, element, *field, ValueRange{materialize(in, loc, plus(cursor, k, shape))});
      in.create<WriteOp>(loc, receive.getField(), whole ? k : ValueRange(receive.getIndices()), value);
    });
    cursor.constant += count;
  } else if (auto sendValue = dyn_cast<SendValueOp>(op)) {
    if (failed(checkRoom(1)))
      return failure();
    result = buildMap(b, loc, {}, [&](OpBuilder &in, ValueRange) {
      in.create<WriteOp>(loc, *field, ValueRange{materialize(in, loc, cursor)}, sendValue.getValue());
    });
    cursor.constant += 1;
  } else {
    // A loop over the argument: sequential, the element read from memory.
    auto foreach = cast<ForeachOp>(op);
    SmallVector<LoopDim> dims = loopDims(op);
    if (dims.empty())
      return op->emitError() << "foreach over the bounded argument '" << ref.getName()
                             << "' has no range; write 'foreach i32 k, ... in [0:" << bound << "], receive(...)'";
    LinearForm position = cursor;
    int64_t stride = 1;
    bool unitSteps = true;
    for (size_t d = dims.size(); d-- > 0;) {
      unitSteps &= dims[d].step == 1;
      position.terms[dims[d].variable] += stride;
      position.constant -= stride * dims[d].lo;
      stride *= dims[d].trips();
    }
    if (!unitSteps)
      return op->emitError() << "foreach over the argument '" << ref.getName()
                             << "' has a step other than 1; use step 1 and compute the index in the body";
    if (failed(checkRoom(stride)))
      return failure();
    SmallVector<Attribute> loopNames(foreach.getNames().begin(), foreach.getNames().begin() + dims.size());
    auto map = b.create<MapOp>(loc, foreach.getCompletion().getType(), foreach.getLo(), foreach.getHi(),
                               foreach.getStep(), b.getArrayAttr(loopNames), StringAttr());
    map->setAttr("sequential", b.getUnitAttr());
    map.getBody().takeBody(foreach.getBody());
    Block &block = map.getBody().front();
    BlockArgument item = block.getArgument(dims.size());
    for (OpOperand &use : llvm::make_early_inc_range(item.getUses())) {
      OpBuilder at(use.getOwner());
      use.set(at.create<ReadOp>(loc, item.getType(), *field, ValueRange{materialize(at, loc, position)}));
    }
    block.eraseArgument(dims.size());
    result = map;
    cursor.constant += stride;
  }
  op->getResult(0).replaceAllUsesWith(result->getResult(0));
  op->erase();
  return success();
}

LogicalResult Joiner::lowerArgumentUses(Block &block, llvm::StringMap<LinearForm> &cursors) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    if (isa<ForOp, MapOp, ForeachOp, AsyncBlockOp>(op)) {
      Block &inner = op.getRegion(0).front();
      llvm::StringMap<LinearForm> innerCursors;
      llvm::StringMap<int64_t> moved;
      int64_t trips = 1;
      SmallVector<LoopDim> dims;
      if (!isa<AsyncBlockOp>(op))
        dims = loopDims(&op);
      for (const LoopDim &dim : dims)
        trips *= dim.trips();
      inner.walk([&](ArgumentRefOp ref) {
        for (bool sent : {false, true})
          moved[cursorKey(ref.getName(), sent)] = elementsMoved(inner, ref.getName(), sent);
      });
      for (auto &entry : moved) {
        LinearForm form = cursors[entry.first()];
        int64_t stride = entry.second;
        for (const LoopDim &dim : llvm::reverse(dims)) {
          if (stride % dim.step != 0)
            return op.emitError() << "argument '" << entry.first().drop_back() << "' is used in a loop with step "
                                  << dim.step << "; use step 1 and compute the index in the body";
          form.terms[dim.variable] += stride / dim.step;
          form.constant -= stride / dim.step * dim.lo;
          stride *= dim.trips();
        }
        innerCursors[entry.first()] = form;
      }
      if (failed(lowerArgumentUses(inner, innerCursors)))
        return failure();
      for (auto &entry : moved)
        cursors[entry.first()].constant += entry.second * trips;
    }
    Value stream = streamOperand(&op);
    if (stream && !argumentName(stream).empty() && failed(lowerArgumentUse(&op, stream, cursors)))
      return failure();
  }
  return success();
}

LogicalResult Joiner::lowerArguments() {
  llvm::StringMap<LinearForm> cursors;
  return lowerArgumentUses(body.block(), cursors);
}

/// Whole-array assignments become maps, so that there is one kind of parallel loop.
void lowerAssignments(ClassBody &body) {
  SmallVector<AssignOp> assigns;
  body.block().walk([&](AssignOp op) { assigns.push_back(op); });
  for (AssignOp assign : assigns) {
    OpBuilder b(assign);
    auto map = buildMap(b, assign.getLoc(), body.fields.find(assign.getField())->second.shape,
                        [](OpBuilder &, ValueRange) {});
    map.getBody().takeBody(assign.getBody());
    auto yield = cast<YieldOp>(map.getBody().front().getTerminator());
    OpBuilder in(yield);
    in.create<WriteOp>(assign.getLoc(), assign.getField(), map.getBody().getArguments(), yield.getValue());
    yield.erase();
    b.create<AwaitOp>(assign.getLoc(), map.getCompletion());
    assign.erase();
  }
}

/// Expressions that nothing uses any more.
void eraseDeadExpressions(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    for (mlir::Region &region : op.getRegions())
      if (!region.empty())
        eraseDeadExpressions(region.front());
    if (op.getNumResults() == 1 && op.use_empty() && !isa<CompletionType>(op.getResult(0).getType()))
      op.erase();
  }
}

} // namespace

FailureOr<ClassBody> spada::buildClassBody(KernelOp kernel, ArrayRef<ComputeOp> computes, const ClassNames &names) {
  ClassBody body(kernel.getLoc());
  Joiner joiner(kernel, body, names);
  bool ok = true;
  for (ComputeOp compute : computes)
    ok &= succeeded(joiner.join(compute));
  if (!ok || failed(joiner.lowerArguments()))
    return failure();
  lowerAssignments(body);
  eraseDeadExpressions(body.block());
  body.block().walk([&](ScalarRefOp ref) {
    body.usesX |= ref.getName() == "pe.x";
    body.usesY |= ref.getName() == "pe.y";
  });
  return body;
}
