//===- EmitTransfers.cpp - sends, receives and foreach --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Each transfer is one DSD operation where the plan found one; otherwise a loop
// of one-element operations, or a data task run for each element.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "PlanLoops.h"

using namespace mlir;
using namespace spada;

unsigned ProgramEmitter::streamIndex(Value stream) {
  unsigned index = 0;
  stream.getDefiningOp<StreamRefOp>().getName().drop_front().getAsInteger(
      10, index);
  return index;
}

/// A field as one vector over its elements. The dimension's variable is null.
ProgramEmitter::VectorOperand
ProgramEmitter::wholeField(StringRef field, SmallVectorImpl<LoopDim> &dims) {
  VectorOperand operand;
  const ClassField &info = body.fields.find(field)->second;
  operand.elementType = info.elementType;
  operand.isVector = true;
  operand.base = fieldVariables[field];
  operand.address.terms[Value()] = 1;
  dims.push_back({Value(), 0, info.elements(), 1});
  return operand;
}

ProgramEmitter::VectorOperand ProgramEmitter::fabric(unsigned stream,
                                                     bool isSend,
                                                     int64_t extent,
                                                     Location loc) {
  VectorOperand operand;
  Type element = body.streams[stream].elementType;
  Type type = isSend ? Type(csl::FaboutDsdType::get(context, element))
                     : Type(csl::FabinDsdType::get(context, element));
  operand.elementType = element;
  operand.isVector = true;
  operand.value =
      b.create<csl::DsdOp>(loc, type, fabricDsd(stream, isSend, extent, loc));
  return operand;
}

/// Prepares the completion signal of a transfer that runs on a microthread.
LogicalResult ProgramEmitter::beginTransfer(Operation *op, unsigned stream,
                                            bool isSend) {
  async.reset();
  auto mode = plan.modes.find(op);
  if (mode == plan.modes.end() || mode->second != Mode::Async)
    return success();
  if (failed(prepareSignal(op)))
    return failure();
  async = signals[op];
  async->microthread =
      (isSend ? in.outputs : in.inputs).find(stream)->second.microthread;
  return success();
}

LogicalResult ProgramEmitter::emitSend(SendOp op) {
  unsigned stream = streamIndex(op.getStream());
  if (failed(beginTransfer(op, stream, true)))
    return failure();
  SmallVector<LoopDim> dims;
  VectorOperand source = wholeField(op.getField(), dims);
  llvm::StringSet<> written;
  VectorScope scope{body, dims, written, {}};
  VectorOperand target = fabric(stream, true, dims[0].trips(), op.getLoc());
  LogicalResult result = vectorOp(builtinFor("mov", source.elementType), target,
                                  {source}, scope, op);
  async.reset();
  return result;
}

LogicalResult ProgramEmitter::emitSendValue(SendValueOp op) {
  Location loc = op.getLoc();
  unsigned stream = streamIndex(op.getStream());
  Type type = body.streams[stream].elementType;
  Value value = scalar(op.getValue());
  if (!value)
    return failure();
  if (value.getType().isInteger(1))
    value = b.create<arith::ExtUIOp>(loc, type, value);
  if (failed(beginTransfer(op, stream, true)))
    return failure();
  SmallVector<LoopDim> dims = {{Value(), 0, 1, 1}};
  llvm::StringSet<> written;
  VectorScope scope{body, dims, written, {}};
  VectorOperand source;
  source.elementType = type;
  if (async) {
    // A microthread takes its operands from descriptors, so the value waits in
    // a variable of its own.
    source.base =
        declareVariable("sent", MemRefType::get({1}, type), loc).str();
    source.isVector = true;
    source.address.terms[Value()] = 1;
    b.create<memref::StoreOp>(
        loc, value, address(source.base, loc),
        ValueRange{b.create<arith::ConstantIndexOp>(loc, 0)});
  } else {
    source.value = value;
  }
  LogicalResult result =
      vectorOp(builtinFor("mov", type), fabric(stream, true, 1, loc), {source},
               scope, op);
  async.reset();
  return result;
}

LogicalResult ProgramEmitter::emitReceive(ReceiveOp op) {
  Location loc = op.getLoc();
  unsigned stream = streamIndex(op.getStream());
  const ClassField &field = body.fields.find(op.getField())->second;
  SmallVector<LoopDim> dims;
  VectorOperand target = wholeField(op.getField(), dims);
  if (!op.getIndices().empty()) {
    auto position = linearAddress(op.getIndices(), field.shape);
    if (!position)
      return op.emitError() << "element of '" << op.getField()
                            << "' to receive into is not an affine index; "
                               "receive into a scalar field, then store it";
    target.address.add(*position, 1);
    dims[0].hi = 1;
  } else if (variables[target.base].getRank() == 0) {
    target.value = address(target.base, loc);
    target.base.clear();
  }
  if (failed(beginTransfer(op, stream, false)))
    return failure();
  llvm::StringSet<> written;
  VectorScope scope{body, dims, written, {}};
  LogicalResult result =
      vectorOp(builtinFor("mov", target.elementType), target,
               {fabric(stream, false, dims[0].trips(), loc)}, scope, op);
  async.reset();
  return result;
}

LogicalResult ProgramEmitter::emitForeach(ForeachOp op) {
  const LoopPlan &loop = plan.loops.find(op)->second;
  if (plan.modes.find(op)->second == Mode::DataTask)
    return emitDataTask(op);
  if (loop.form == LoopForm::Scalar)
    return emitSyncForeach(op);
  Location loc = op.getLoc();
  unsigned stream = streamIndex(op.getStream());
  int64_t count = 1;
  for (const LoopDim &dim : loop.vectorDims)
    count *= dim.trips();
  if (failed(beginTransfer(op, stream, false)))
    return failure();
  if (count == 0) {
    if (async)
      raise(op);
    async.reset();
    return success();
  }
  if (loop.form == LoopForm::BufferInput)
    return emitBufferedForeach(op);

  BlockArgument element = op.getBody().front().getArguments().back();
  elementOperands[element] = fabric(stream, false, count, loc);
  SmallVector<WriteOp> writes(op.getBody().front().getOps<WriteOp>());
  llvm::StringSet<> written;
  for (WriteOp write : writes)
    written.insert(write.getField());
  VectorScope scope{body, loop.vectorDims, written, element};
  temporariesInUse.clear();
  LogicalResult result = failure();
  if (loop.form == LoopForm::Relay) {
    auto send = *op.getBody().front().getOps<SendValueOp>().begin();
    Value sent = writes.empty() ? send.getValue() : writes[0].getValue();
    unsigned output = streamIndex(send.getStream());
    if (async) // the output's queue decides the microthread of an operation
               // that has one
      async->microthread = in.outputs.find(output)->second.microthread;
    result = evaluate(sent, fabric(output, true, count, loc), scope, op);
  } else {
    VectorOperand destination;
    destination.isVector = true;
    destination.elementType =
        body.fields.find(writes[0].getField())->second.elementType;
    destination.base = fieldVariables[writes[0].getField()];
    destination.address =
        *linearAddress(writes[0].getIndices(),
                       body.fields.find(writes[0].getField())->second.shape);
    result = evaluate(writes[0].getValue(), destination, scope, op);
  }
  elementOperands.erase(element);
  async.reset();
  return result;
}

/// Receives everything into an array, then computes over memory: at once, or
/// after the wait.
LogicalResult ProgramEmitter::emitBufferedForeach(ForeachOp op) {
  Location loc = op.getLoc();
  const LoopPlan &loop = plan.loops.find(op)->second;
  unsigned stream = streamIndex(op.getStream());
  Type type = body.streams[stream].elementType;
  int64_t count = 1;
  for (const LoopDim &dim : loop.vectorDims)
    count *= dim.trips();
  VectorOperand buffer;
  buffer.isVector = buffer.isTemporary = true;
  buffer.elementType = type;
  int64_t stride = 1;
  for (const LoopDim &dim : llvm::reverse(loop.vectorDims)) {
    buffer.address.terms[dim.variable] = stride;
    stride *= dim.trips();
  }
  std::string &name =
      symbolCache["buffer:" + std::to_string(reinterpret_cast<uintptr_t>(
                                  op.getOperation()))];
  if (name.empty())
    name =
        declareVariable("received", MemRefType::get({count}, type), loc).str();
  buffer.base = name;
  llvm::StringSet<> none;
  VectorScope receiving{body, loop.vectorDims, none, {}};
  if (failed(vectorOp(builtinFor("mov", type), buffer,
                      {fabric(stream, false, count, loc)}, receiving, op)))
    return failure();
  bool isAsync = async.has_value();
  async.reset();
  auto compute = [this, op, buffer, &loop]() mutable -> LogicalResult {
    BlockArgument element = op.getBody().front().getArguments().back();
    SmallVector<WriteOp> writes(op.getBody().front().getOps<WriteOp>());
    llvm::StringSet<> written;
    for (WriteOp write : writes)
      written.insert(write.getField());
    elementOperands[element] = buffer;
    VectorScope scope{body, loop.vectorDims, written, element};
    for (WriteOp write : writes)
      if (failed(emitVectorWrite(write, scope)))
        return failure();
    elementOperands.erase(element);
    return success();
  };
  if (!isAsync)
    return compute();
  groupTasks[plan.groupOf.find(op)->second].deferred.push_back(compute);
  return success();
}

/// Element by element on the main thread, which nothing else needs meanwhile.
LogicalResult ProgramEmitter::emitSyncForeach(ForeachOp op) {
  Location loc = op.getLoc();
  unsigned stream = streamIndex(op.getStream());
  Type type = body.streams[stream].elementType;
  BlockArgument element = op.getBody().front().getArguments().back();
  std::string variable =
      declareVariable("element", MemRefType::get({}, type), loc).str();
  return emitLoopNest(
      loopDims(op),
      [&]() -> LogicalResult {
        VectorOperand target;
        target.elementType = type;
        target.value = address(variable, loc);
        SmallVector<LoopDim> dims = {{Value(), 0, 1, 1}};
        llvm::StringSet<> written;
        VectorScope scope{body, dims, written, {}};
        if (failed(vectorOp(builtinFor("mov", type), target,
                            {fabric(stream, false, 1, loc)}, scope, op)))
          return failure();
        Value value = b.create<memref::LoadOp>(loc, address(variable, loc));
        elementValues[element] = convert(value, type, element.getType(), loc);
        LogicalResult result = emitBody(op.getBody().front());
        elementValues.erase(element);
        return result;
      },
      loc);
}

/// One task run for each element; a counter finds the last one.
LogicalResult ProgramEmitter::emitDataTask(ForeachOp op) {
  Location loc = op.getLoc();
  unsigned stream = streamIndex(op.getStream());
  Type type = body.streams[stream].elementType, i16 = b.getI16Type();
  bool unbounded = op.getLo().empty();
  if (!unbounded && failed(prepareSignal(op)))
    return failure();
  SmallVector<LoopDim> dims = loopDims(op);
  if (llvm::any_of(dims, [](const LoopDim &dim) { return dim.trips() == 0; })) {
    raise(op);
    return success();
  }
  std::string queue = queueSymbol(stream, false, loc).str();
  auto task = tail.create<csl::TaskOp>(loc, freshName("on_element"),
                                       csl::TaskKind::Data, IntegerAttr(),
                                       FlatSymbolRefAttr::get(context, queue),
                                       /*blocked=*/true, /*active=*/false);
  Block &block = task.getBody().emplaceBlock();
  Value payload = block.addArgument(type, loc);
  // One counter for each dimension, the last fastest.
  for (auto [d, dim] : llvm::enumerate(dims)) {
    loopVariables[dim.variable] =
        declareVariable("at", MemRefType::get({}, i16), loc).str();
    b.create<memref::StoreOp>(loc, constant(i16, dim.lo, loc),
                              address(loopVariables[dim.variable], loc));
  }
  b.create<csl::UnblockOp>(loc, task.getSymName());

  OpBuilder::InsertionGuard guard(b);
  setBody(task);
  BlockArgument element = op.getBody().front().getArguments().back();
  elementValues[element] = convert(payload, type, element.getType(), loc);
  if (failed(emitBody(op.getBody().front())))
    return failure();
  elementValues.erase(element);
  for (const LoopDim &dim : llvm::reverse(dims)) {
    Value variable = address(loopVariables[dim.variable], loc);
    Value next =
        b.create<arith::AddIOp>(loc, b.create<memref::LoadOp>(loc, variable),
                                constant(i16, dim.step, loc));
    Value last = constant(i16, dim.lo + dim.trips() * dim.step, loc);
    b.create<memref::StoreOp>(loc, next, variable);
    Value done =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, next, last);
    auto branch = b.create<scf::IfOp>(loc, done, /*withElseRegion=*/false);
    b.setInsertionPointToStart(&branch.getThenRegion().front());
    b.create<memref::StoreOp>(loc, constant(i16, dim.lo, loc), variable);
  }
  if (!unbounded) {
    b.create<csl::BlockOp>(loc, task.getSymName());
    raise(op);
  }
  return success();
}
