//===- Emit.cpp - the plan as a SpaDA kernel ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Decides nothing: kernel arguments, fields, streams, and for each rectangle of
// PEs the statements of its actions.
//
//===----------------------------------------------------------------------===//

#include "Emit.h"

#include "Cells.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

namespace {

/// The name of a column's array; arguments keep theirs for the host.
std::string arrayName(const Column &column) { return column.name; }

class Emitter {
public:
  Emitter(const Plan &plan, const Columns &columns, WaferKernel &result)
      : plan(plan), columns(columns), result(result), program(columns.program),
        cells(plan, columns), b(program.getContext()) {}
  void run();

private:
  Value index(int64_t value);
  void makeArguments();
  void makeArray(const Column &column, WaferArgument &entry);
  void makePlace();
  void makeDataflow();
  void makeCompute(const Cell &cell);
  void emit(const Action &action, const Cell &cell);
  void emitReceive(const Message &message, const Cell &cell);
  void emitLevel(const Action &action);
  void emitAssigns(ArrayRef<Assign> assigns, Value level);
  void emitLoop(const Action &action);
  void emitMap(const Action &action);
  void emitStream(const Action &action, const Cell &cell);
  void emitPack(const Message &message);
  template <typename Op>
  Op block(const Cell &cell, llvm::function_ref<void(Block &)> fill);
  void transferArguments(const Rect &cell, Block &block, bool in);
  Value streamOf(const Message &message, const Cell &cell, int64_t distance);
  Block &loopBody(mlir::Region &region, ArrayRef<Type> types);

  const Plan &plan;
  const Columns &columns;
  WaferKernel &result;
  stencil::ProgramOp program;
  Cells cells;
  OpBuilder b;
  Location loc = UnknownLoc::get(b.getContext());
  llvm::DenseMap<int, Value> completions; ///< of sends, in this block
};

} // namespace

Value Emitter::index(int64_t value) {
  return b.create<ConstantOp>(loc, b.getIndexType(), b.getIndexAttr(value));
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

void Emitter::makeArguments() {
  llvm::DenseMap<unsigned, const Column *> byArgument;
  for (const auto &column : columns.columns)
    if (column->argument >= 0)
      byArgument[column->argument] = column.get();
  for (unsigned i = 0; i < program.getNumArguments(); ++i) {
    Value argument = program.getArgument(i);
    auto type = dyn_cast<stencil::FieldType>(argument.getType());
    WaferArgument entry;
    entry.argument = i;
    entry.source = entry.name = program.getArgName(i).str();
    if (!type) {
      if (argument.use_empty())
        continue;
      entry.isScalar = true;
      if (const Column *column = byArgument.lookup(i)) {
        entry.isSpread = true;
        makeArray(*column, entry);
        continue;
      }
      b.create<ArgumentOp>(argument.getLoc(), entry.name, ArgumentMode::Scalar,
                           argument.getType(), Value(), ValueRange());
      result.arguments.push_back(entry);
      continue;
    }
    const Column *column = byArgument.lookup(i);
    if (!column)
      continue;
    entry.hasI = type.hasI(), entry.hasJ = type.hasJ(),
    entry.hasK = type.hasK();
    makeArray(*column, entry);
  }
}

/// An argument that is a column on each PE of its box.
void Emitter::makeArray(const Column &column, WaferArgument &entry) {
  entry.isInput = column.isInput;
  entry.isOutput = column.isOutput;
  entry.lo = {column.box.i.lo, column.box.j.lo, column.levels.lo};
  entry.hi = {column.box.i.hi, column.box.j.hi, column.levels.hi};
  entry.dataDims = column.data;
  ArgumentMode mode = entry.isInput && entry.isOutput ? ArgumentMode::ReadWrite
                      : entry.isInput                 ? ArgumentMode::ReadOnly
                                                      : ArgumentMode::WriteOnly;
  Value bound = index(column.elements());
  SmallVector<Value> dims = {index(column.box.i.size()),
                             index(column.box.j.size())};
  auto op = b.create<ArgumentOp>(column.loc, entry.name, mode, column.element,
                                 bound, dims);
  op->setAttr("stencil.lo", b.getDenseI64ArrayAttr(entry.lo));
  op->setAttr("stencil.hi", b.getDenseI64ArrayAttr(entry.hi));
  result.arguments.push_back(entry);
}

template <typename Op>
Op Emitter::block(const Cell &cell, llvm::function_ref<void(Block &)> fill) {
  const Rect &rect = cell.rect;
  int64_t x = columns.grid.i.lo, y = columns.grid.j.lo;
  Value xLo = index(rect.i.lo - x), xHi = index(rect.i.hi - x),
        xStep = index(cell.stepI), yLo = index(rect.j.lo - y),
        yHi = index(rect.j.hi - y), yStep = index(cell.stepJ);
  auto op = b.create<Op>(loc, b.getStrArrayAttr({"x", "y"}), xLo, xHi, xStep,
                         yLo, yHi, yStep);
  Block &body = op.getBody().emplaceBlock();
  Type coordinate = b.getIntegerType(16, /*isSigned=*/false);
  body.addArgument(coordinate, loc);
  body.addArgument(coordinate, loc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&body);
  fill(body);
  return op;
}

void Emitter::makePlace() {
  block<PlaceOp>({columns.grid}, [&](Block &) {
    for (const auto &column : columns.columns) {
      SmallVector<Value> dims;
      if (!column->isVariable) {
        for (int64_t size : column->data)
          dims.push_back(index(size));
        if (column->hasK || column->data.empty())
          dims.push_back(index(column->levels.size()));
      }
      b.create<FieldOp>(column->loc, arrayName(*column), column->element, dims);
      result.columnBytes +=
          (column->isVariable ? 1 : column->elements()) *
          std::max<int64_t>(column->element.getIntOrFloatBitWidth(), 16) / 8;
    }
  });
}

/// The name of a stream of a line; a multicast has several.
static std::string streamName(const Line &line, unsigned number) {
  return line.reach == 1 ? line.name : line.name + "_" + std::to_string(number);
}

void Emitter::makeDataflow() {
  if (plan.lines.empty())
    return;
  block<DataflowOp>({columns.grid}, [&](Block &) {
    for (const Line &line : plan.lines) {
      bool isCast = line.reach > 1;
      // Where a range of offsets ends.
      auto stop = [&](int64_t step) {
        return isCast && step ? index(step * (line.reach + 1)) : Value();
      };
      for (unsigned n = 0; n < (isCast ? line.reach + 1 : 1); ++n)
        b.create<StreamOp>(loc, streamName(line, n), line.element, Value(),
                           index(line.dx), stop(line.dx), index(line.dy),
                           stop(line.dy), DenseI64ArrayAttr(), Value(),
                           Value());
    }
  });
}

//===----------------------------------------------------------------------===//
// Actions
//===----------------------------------------------------------------------===//

/// The stream on which a PE of `cell` receives from the PE `distance` steps
/// away, or sends (0).
Value Emitter::streamOf(const Message &message, const Cell &cell,
                        int64_t distance) {
  const Line &line = plan.lines[message.line];
  return b.create<StreamRefOp>(
      loc, StreamType::get(b.getContext(), line.element),
      streamName(line, cells.streamOf(message, cell, distance)));
}

Block &Emitter::loopBody(mlir::Region &region, ArrayRef<Type> types) {
  Block &body = region.emplaceBlock();
  for (Type type : types)
    body.addArgument(type, loc);
  return body;
}

/// Code for one level without a loop.
void Emitter::emitLevel(const Action &action) {
  Value level = b.create<ConstantOp>(loc, b.getI16Type(),
                                     b.getI16IntegerAttr(action.levels.lo));
  emitAssigns(action.assigns, level);
}

/// Stores of one level, and the loops around them.
void Emitter::emitAssigns(ArrayRef<Assign> assigns, Value level) {
  SmallVector<OpBuilder::InsertPoint> outer;
  for (const Assign &assign : assigns) {
    Translator translator(b, columns, plan.buffers, level);
    switch (assign.form) {
    case Assign::Form::Store:
      translator.store(assign);
      break;
    case Assign::Form::While: {
      auto loop = b.create<WhileOp>(assign.op->getLoc());
      outer.push_back(b.saveInsertionPoint());
      b.setInsertionPointToStart(&loop.getBody().emplaceBlock());
      Value condition = translator.condition(assign);
      b.create<spada::ConditionOp>(assign.op->getLoc(), condition);
      break;
    }
    case Assign::Form::End:
      b.restoreInsertionPoint(outer.pop_back_val());
      break;
    }
  }
}

void Emitter::emitMap(const Action &action) {
  Value value = action.assigns.front().value;
  if (action.levels.size() == 1 && value.getDefiningOp<stencil::ReadOp>())
    return emitLevel(action);
  Value lo = index(action.levels.lo), hi = index(action.levels.hi),
        step = index(1);
  auto map = b.create<MapOp>(loc, CompletionType::get(b.getContext()), lo, hi,
                             step, b.getStrArrayAttr({"k"}), StringAttr());
  Block &body = loopBody(map.getBody(), {b.getI16Type()});
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&body);
    Translator(b, columns, plan.buffers, body.getArgument(0))
        .store(action.assigns.front());
  }
  b.create<AwaitOp>(loc, map.getCompletion());
}

void Emitter::emitLoop(const Action &action) {
  if (action.levels.size() == 1)
    return emitLevel(action);
  Value lo = index(action.isBackward ? action.levels.hi - 1 : action.levels.lo),
        hi = index(action.isBackward ? action.levels.lo - 1 : action.levels.hi),
        step = index(action.isBackward ? -1 : 1);
  auto loop = b.create<ForOp>(loc, lo, hi, step, b.getStrArrayAttr({"k"}),
                              StringAttr());
  Block &body = loopBody(loop.getBody(), {b.getI16Type()});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&body);
  emitAssigns(action.assigns, body.getArgument(0));
}

void Emitter::emitStream(const Action &action, const Cell &cell) {
  const Message &message = plan.messages[action.message];
  Value stream = streamOf(message, cell, 1);
  Value lo = index(action.levels.lo), hi = index(action.levels.hi),
        step = index(1);
  auto loop = b.create<ForeachOp>(loc, CompletionType::get(b.getContext()),
                                  stream, lo, hi, step,
                                  b.getStrArrayAttr({"k", "x"}), StringAttr());
  Type element = plan.lines[message.line].element;
  Block &body = loopBody(loop.getBody(), {b.getI16Type(), element});
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&body);
    Translator translator(b, columns, plan.buffers, body.getArgument(0));
    translator.streamed = action.streamed;
    translator.element = body.getArgument(1);
    translator.store(action.assigns.front());
  }
  b.create<AwaitOp>(loc, loop.getCompletion());
}

void Emitter::emitPack(const Message &message) {
  Value lo = index(message.levels.lo), hi = index(message.levels.hi),
        step = index(1);
  auto map = b.create<MapOp>(loc, CompletionType::get(b.getContext()), lo, hi,
                             step, b.getStrArrayAttr({"k"}), StringAttr());
  Block &body = loopBody(map.getBody(), {b.getI16Type()});
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&body);
    auto at = [&](const Column &column) -> Value {
      Value k = body.getArgument(0);
      if (column.levels.lo == 0)
        return k;
      Value by = b.create<ConstantOp>(
          loc, k.getType(),
          b.getIntegerAttr(k.getType(), std::abs(column.levels.lo)));
      return b.create<BinaryOp>(
          loc, k.getType(),
          column.levels.lo < 0 ? BinaryKind::Add : BinaryKind::Sub, k, by);
    };
    Value value = b.create<spada::ReadOp>(loc, message.source->element,
                                          arrayName(*message.source),
                                          ValueRange{at(*message.source)});
    b.create<spada::WriteOp>(loc, arrayName(*message.packed),
                             ValueRange{at(*message.packed)}, value);
  }
  b.create<AwaitOp>(loc, map.getCompletion());
}

/// The columns of all senders at once: none of them may wait for another one.
void Emitter::emitReceive(const Message &message, const Cell &cell) {
  SmallVector<Value> done;
  for (int64_t distance = 1; distance <= plan.lines[message.line].reach;
       ++distance) {
    if (!cells.receives(message, cell, distance))
      continue;
    Value stream = streamOf(message, cell, distance);
    done.push_back(b.create<ReceiveOp>(loc, CompletionType::get(b.getContext()),
                                       arrayName(*message.bufferAt(distance)),
                                       ValueRange(), stream, StringAttr()));
  }
  for (Value completion : done)
    b.create<AwaitOp>(loc, completion);
}

void Emitter::emit(const Action &action, const Cell &cell) {
  const Message *message =
      action.message < 0 ? nullptr : &plan.messages[action.message];
  if (!action.assigns.empty())
    loc = action.assigns.front().op->getLoc();
  else if (message)
    loc = message->op->getLoc();
  switch (action.kind) {
  case ActionKind::Map:
    if (cells.runs(action.assigns.front(), cell))
      emitMap(action);
    return;
  case ActionKind::Loop: {
    Action part = action;
    llvm::erase_if(part.assigns,
                   [&](const Assign &a) { return !cells.runs(a, cell); });
    if (!part.assigns.empty())
      emitLoop(part);
    return;
  }
  case ActionKind::Stream:
    if (cells.receives(*message, cell, 1))
      emitStream(action, cell);
    return;
  case ActionKind::Receive:
    emitReceive(*message, cell);
    return;
  case ActionKind::Pack:
    if (cells.sends(*message, cell))
      emitPack(*message);
    return;
  case ActionKind::Send:
    if (cells.sends(*message, cell)) {
      Value stream = streamOf(*message, cell, 0);
      const Column &column =
          message->packed ? *message->packed : *message->source;
      completions[action.message] =
          b.create<SendOp>(loc, CompletionType::get(b.getContext()),
                           arrayName(column), stream, StringAttr());
    }
    return;
  case ActionKind::Await:
    if (cells.sends(*message, cell))
      b.create<AwaitOp>(loc, completions.lookup(action.message));
    return;
  }
}

void Emitter::transferArguments(const Rect &cell, Block &block, bool in) {
  for (const auto &column : columns.columns) {
    if (column->argument < 0 || !(in ? column->isInput : column->isOutput) ||
        !column->box.contains(cell))
      continue;
    Location at = column->loc;
    SmallVector<Value> position;
    int64_t offsets[] = {column->box.i.lo - columns.grid.i.lo,
                         column->box.j.lo - columns.grid.j.lo};
    for (auto [d, lo] : llvm::enumerate(offsets)) {
      Value coordinate = block.getArgument(d);
      Type type = coordinate.getType();
      if (lo != 0) {
        Value by = b.create<ConstantOp>(at, type, b.getIntegerAttr(type, lo));
        coordinate =
            b.create<BinaryOp>(at, type, BinaryKind::Sub, coordinate, by);
      }
      position.push_back(coordinate);
    }
    std::string name = program.getArgName(column->argument).str();
    Value stream = b.create<ArgumentRefOp>(
        at, StreamType::get(b.getContext(), column->element), name, position);
    Type completion = CompletionType::get(b.getContext());
    Value done;
    if (in)
      done = b.create<ReceiveOp>(at, completion, arrayName(*column),
                                 ValueRange(), stream, StringAttr());
    else
      done = b.create<SendOp>(at, completion, arrayName(*column), stream,
                              StringAttr());
    b.create<AwaitOp>(at, done);
  }
}

void Emitter::makeCompute(const Cell &cell) {
  loc = program.getLoc();
  completions.clear();
  block<ComputeOp>(cell, [&](Block &body) {
    transferArguments(cell.rect, body, true);
    for (const Action &action : plan.actions)
      emit(action, cell);
    loc = program.getLoc();
    if (!completions.empty())
      b.create<AwaitAllOp>(loc);
    transferArguments(cell.rect, body, false);
  });
}

void Emitter::run() {
  loc = program.getLoc();
  b.setInsertionPointAfter(program);
  auto kernel = b.create<KernelOp>(loc, program.getSymNameAttr(),
                                   b.getStrArrayAttr({}), DictionaryAttr());
  b.setInsertionPointToStart(&kernel.getBody().emplaceBlock());
  result.name = program.getSymName().str();
  result.originI = columns.grid.i.lo, result.originJ = columns.grid.j.lo;
  result.width = columns.grid.i.size(), result.height = columns.grid.j.size();
  result.transfers = plan.transfers;
  makeArguments();
  makePlace();
  auto phase = b.create<PhaseOp>(loc);
  b.setInsertionPointToStart(&phase.getBody().emplaceBlock());
  makeDataflow();
  for (const Cell &cell : cells.list())
    makeCompute(cell);
}

void wafer::emitKernel(const Plan &plan, const Columns &columns,
                       WaferKernel &result) {
  Emitter(plan, columns, result).run();
}
