//===- Emit.cpp - the plan as a SpaDA kernel ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Decides nothing: kernel arguments, fields, streams, and for each rectangle of
// PEs the statements of its actions.
//
//===----------------------------------------------------------------------===//

#include "Emit.h"

#include <set>

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
        b(program.getContext()) {}
  void run();

private:
  Value index(int64_t value);
  void makeArguments();
  void makeArray(const Column &column, WaferArgument &entry);
  void makePlace();
  void makeDataflow();
  std::vector<Rect> cells();
  void makeCompute(const Rect &cell);
  void emit(const Action &action, const Rect &cell);
  void emitLevel(const Action &action);
  void emitAssigns(ArrayRef<Assign> assigns, Value level);
  void emitLoop(const Action &action);
  void emitMap(const Action &action);
  void emitStream(const Action &action);
  void emitPack(const Message &message);
  template <typename Op>
  Op block(const Rect &rect, llvm::function_ref<void(Block &)> fill);
  void transferArguments(const Rect &cell, Block &block, bool in);
  bool takesPart(const Message &message, const Rect &cell);
  bool sends(const Message &message, const Rect &cell);
  bool receives(const Message &message, const Rect &cell);
  bool runs(const Assign &assign, const Rect &cell);
  Value streamOf(const Message &message);
  Block &loopBody(mlir::Region &region, ArrayRef<Type> types);

  const Plan &plan;
  const Columns &columns;
  WaferKernel &result;
  stencil::ProgramOp program;
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
Op Emitter::block(const Rect &rect, llvm::function_ref<void(Block &)> fill) {
  int64_t x = columns.grid.i.lo, y = columns.grid.j.lo;
  Value xLo = index(rect.i.lo - x), xHi = index(rect.i.hi - x),
        xStep = index(1), yLo = index(rect.j.lo - y),
        yHi = index(rect.j.hi - y), yStep = index(1);
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
  block<PlaceOp>(columns.grid, [&](Block &) {
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

void Emitter::makeDataflow() {
  if (plan.lines.empty())
    return;
  block<DataflowOp>(columns.grid, [&](Block &) {
    for (const Line &line : plan.lines)
      b.create<StreamOp>(loc, line.name, line.element, Value(), index(line.dx),
                         Value(), index(line.dy), Value(), DenseI64ArrayAttr(),
                         Value(), Value());
  });
}

//===----------------------------------------------------------------------===//
// Which PEs do what
//===----------------------------------------------------------------------===//

/// Rows (columns) of PEs that no value is needed in leave the message out, at
/// both ends alike.
bool Emitter::takesPart(const Message &message, const Rect &cell) {
  const Line &line = plan.lines[message.line];
  auto misses = [](Span a, Span b) {
    return std::max(a.lo, b.lo) >= std::min(a.hi, b.hi);
  };
  return !(line.dy == 0 && misses(cell.j, message.needed.j)) &&
         !(line.dx == 0 && misses(cell.i, message.needed.i));
}

bool Emitter::sends(const Message &message, const Rect &cell) {
  const Line &line = plan.lines[message.line];
  return takesPart(message, cell) &&
         columns.grid.contains(
             {cell.i.shifted(line.dx), cell.j.shifted(line.dy)});
}

bool Emitter::receives(const Message &message, const Rect &cell) {
  const Line &line = plan.lines[message.line];
  return takesPart(message, cell) &&
         columns.grid.contains(
             {cell.i.shifted(-line.dx), cell.j.shifted(-line.dy)});
}

/// No PE gets a program of its own for what it need not compute; PEs that have
/// one anyway leave it out, and their messages leave sooner.
bool Emitter::runs(const Assign &assign, const Rect &cell) {
  if (assign.needed.meet(cell).empty())
    return false;
  return assign.where.empty() ||
         llvm::any_of(assign.where,
                      [&](const Rect &rect) { return rect.contains(cell); });
}

/// Rectangles whose PEs take part in the same actions.
std::vector<Rect> Emitter::cells() {
  std::set<int64_t> xs, ys;
  auto cut = [&](const Rect &rect) {
    xs.insert({rect.i.lo, rect.i.hi});
    ys.insert({rect.j.lo, rect.j.hi});
  };
  const Rect &grid = columns.grid;
  cut(grid);
  for (const auto &column : columns.columns)
    if (column->argument >= 0)
      cut(column->box);
  for (const Line &line : plan.lines) {
    xs.insert({grid.i.lo + std::abs(line.dx), grid.i.hi - std::abs(line.dx)});
    ys.insert({grid.j.lo + std::abs(line.dy), grid.j.hi - std::abs(line.dy)});
  }
  for (const Action &action : plan.actions)
    for (const Assign &assign : action.assigns)
      for (const Rect &rect : assign.where)
        cut(rect);
  std::vector<Rect> result;
  auto inside = [](int64_t lo, int64_t hi, Span range) {
    return range.lo <= lo && hi <= range.hi;
  };
  for (auto y = ys.begin(); std::next(y) != ys.end(); ++y)
    for (auto x = xs.begin(); std::next(x) != xs.end(); ++x)
      if (inside(*x, *std::next(x), grid.i) &&
          inside(*y, *std::next(y), grid.j))
        result.push_back({{*x, *std::next(x)}, {*y, *std::next(y)}});
  return result;
}

//===----------------------------------------------------------------------===//
// Actions
//===----------------------------------------------------------------------===//

Value Emitter::streamOf(const Message &message) {
  const Line &line = plan.lines[message.line];
  return b.create<StreamRefOp>(
      loc, StreamType::get(b.getContext(), line.element), line.name);
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

void Emitter::emitStream(const Action &action) {
  const Message &message = plan.messages[action.message];
  Value stream = streamOf(message);
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

void Emitter::emit(const Action &action, const Rect &cell) {
  const Message *message =
      action.message < 0 ? nullptr : &plan.messages[action.message];
  if (!action.assigns.empty())
    loc = action.assigns.front().op->getLoc();
  else if (message)
    loc = message->op->getLoc();
  switch (action.kind) {
  case ActionKind::Map:
    if (runs(action.assigns.front(), cell))
      emitMap(action);
    return;
  case ActionKind::Loop: {
    Action part = action;
    llvm::erase_if(part.assigns,
                   [&](const Assign &a) { return !runs(a, cell); });
    if (!part.assigns.empty())
      emitLoop(part);
    return;
  }
  case ActionKind::Stream:
    if (receives(*message, cell))
      emitStream(action);
    return;
  case ActionKind::Receive:
    if (receives(*message, cell)) {
      Value stream = streamOf(*message);
      auto op = b.create<ReceiveOp>(loc, CompletionType::get(b.getContext()),
                                    arrayName(*message->buffer), ValueRange(),
                                    stream, StringAttr());
      b.create<AwaitOp>(loc, op.getCompletion());
    }
    return;
  case ActionKind::Pack:
    if (sends(*message, cell))
      emitPack(*message);
    return;
  case ActionKind::Send:
    if (sends(*message, cell)) {
      Value stream = streamOf(*message);
      const Column &column =
          message->packed ? *message->packed : *message->source;
      completions[action.message] =
          b.create<SendOp>(loc, CompletionType::get(b.getContext()),
                           arrayName(column), stream, StringAttr());
    }
    return;
  case ActionKind::Await:
    if (sends(*message, cell))
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

void Emitter::makeCompute(const Rect &cell) {
  loc = program.getLoc();
  completions.clear();
  block<ComputeOp>(cell, [&](Block &body) {
    transferArguments(cell, body, true);
    for (const Action &action : plan.actions)
      emit(action, cell);
    loc = program.getLoc();
    if (!completions.empty())
      b.create<AwaitAllOp>(loc);
    transferArguments(cell, body, false);
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
  for (const Rect &cell : cells())
    makeCompute(cell);
}

void wafer::emitKernel(const Plan &plan, const Columns &columns,
                       WaferKernel &result) {
  Emitter(plan, columns, result).run();
}
