//===- Statements.cpp - what each op does ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One function for each op of a compute body. Waiting and turns are in
// Execute.cpp.
//
//===----------------------------------------------------------------------===//

#include "Executor.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::interp;

bool Executor::execute(Activity &activity, Operation &op) {
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case([&](ReadOp op) { return executeRead(activity, op); })
      .Case([&](BinaryOp op) { return executeBinary(activity, op); })
      .Case([&](WriteOp op) { return executeWrite(activity, op); })
      .Case([&](FmacOp op) { return executeFmac(activity, op); })
      .Case([&](SelectOp op) { return executeSelect(activity, op); })
      .Case([&](CastOp op) { return executeCast(activity, op); })
      .Case([&](UnaryOp op) { return executeUnary(activity, op); })
      .Case([&](MathOp op) { return executeMath(activity, op); })
      .Case([&](ScalarRefOp op) { return executeScalarRef(activity, op); })
      .Case([&](AssignOp op) { return executeAssign(activity, op); })
      .Case([&](StreamRefOp op) { return executeStreamRef(activity, op); })
      .Case([&](ArgumentRefOp op) { return executeArgumentRef(activity, op); })
      .Case([&](SendOp op) { return executeSend(activity, op); })
      .Case([&](SendValueOp op) { return executeSendValue(activity, op); })
      .Case([&](ReceiveOp op) { return executeReceive(activity, op); })
      .Case([&](ForeachOp op) { return executeForeach(activity, op); })
      .Case([&](MapOp op) { return executeMap(activity, op); })
      .Case([&](ForOp op) { return executeFor(activity, op); })
      .Case([&](WhileOp op) { return executeWhile(activity, op); })
      .Case([&](ConditionOp op) { return executeCondition(activity, op); })
      .Case([&](AsyncBlockOp op) { return executeAsync(activity, op); })
      .Case([&](CloseOp op) { return executeClose(activity, op); })
      .Case([&](AwaitOp op) { return executeAwait(activity, op); })
      .Case([&](AwaitAllOp op) { return executeAwaitAll(activity, op); })
      .Case([&](ConstantOp op) { return true; })
      .Default([&](Operation *op) {
        return trap(activity, op,
                    "'" + op->getName().getStringRef().str() +
                        "' is no statement of SpaDA");
      });
}

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

bool Executor::trap(Activity &activity, Operation *op,
                    const std::string &text) {
  world.trap(*activity.pe, op, text);
  return false;
}

Scalar Executor::valueOf(const Activity &activity, Value value) const {
  if (auto constant = value.getDefiningOp<ConstantOp>())
    return evaluateConstant(constant.getValue());
  const Program &program = *activity.pe->programs[activity.pe->position];
  return activity.values[program.numbers.lookup(value)];
}

void Executor::setValue(Activity &activity, Value value, Scalar scalar) {
  const Program &program = *activity.pe->programs[activity.pe->position];
  activity.values[program.numbers.lookup(value)] = scalar;
}

StreamEnd &Executor::streamOf(const Activity &activity, Value value) const {
  return *reinterpret_cast<StreamEnd *>(valueOf(activity, value).bits);
}

Completion &Executor::addCompletion(Activity &activity, Value result) {
  Completion &completion = activity.pe->completions.emplace_back();
  activity.outstanding.push_back(&completion);
  setValue(activity, result, {reinterpret_cast<int64_t>(&completion)});
  return completion;
}

Field *Executor::fieldOf(Activity &activity, Operation *op, StringRef name) {
  Field *field = world.findField(*activity.pe, name);
  if (!field)
    trap(activity, op, "no field '" + name.str() + "' is placed here");
  return field;
}

bool Executor::checkType(Activity &activity, Operation *op, StringRef what,
                         Type type, Type expected) {
  if (type == expected)
    return true;
  return trap(activity, op,
              what.str() + " has type " + dtypeOf(expected) +
                  ", but is used as " + dtypeOf(type));
}

std::optional<int64_t> Executor::positionOf(Activity &activity, Operation *op,
                                            StringRef name, const Field &field,
                                            OperandRange indices) {
  if (indices.size() != field.shape.size()) {
    trap(activity, op,
         "field '" + name.str() + "' has " +
             std::to_string(field.shape.size()) +
             " dimensions, but is indexed with " +
             std::to_string(indices.size()));
    return std::nullopt;
  }
  int64_t position = 0;
  for (auto [index, size] : llvm::zip(indices, field.shape)) {
    int64_t value = valueOf(activity, index).integer();
    if (value < 0 || value >= size) {
      trap(activity, op,
           "index " + std::to_string(value) + " of field '" + name.str() +
               "' is out of bounds; it has " + std::to_string(size) +
               " elements there");
      return std::nullopt;
    }
    position = position * size + value;
  }
  return position;
}

//===----------------------------------------------------------------------===//
// Asynchronous statements
//===----------------------------------------------------------------------===//

// Channels have no bound, so a send is complete at once.
bool Executor::executeSend(Activity &activity, SendOp op) {
  Field *field = fieldOf(activity, op, op.getField());
  if (!field)
    return false;
  StreamEnd &stream = streamOf(activity, op.getStream());
  if (!checkType(activity, op, "stream '" + stream.name + "'", field->type,
                 stream.type))
    return false;
  for (Scalar element : field->data)
    if (!put(activity, stream, op, element))
      return false;
  complete(addCompletion(activity, op.getCompletion()));
  return true;
}

bool Executor::executeSendValue(Activity &activity, SendValueOp op) {
  StreamEnd &stream = streamOf(activity, op.getStream());
  if (!checkType(activity, op, "stream '" + stream.name + "'",
                 op.getValue().getType(), stream.type) ||
      !put(activity, stream, op, valueOf(activity, op.getValue())))
    return false;
  complete(addCompletion(activity, op.getCompletion()));
  return true;
}

bool Executor::executeReceive(Activity &activity, ReceiveOp op) {
  Field *field = fieldOf(activity, op, op.getField());
  if (!field)
    return false;
  StreamEnd &stream = streamOf(activity, op.getStream());
  if (!checkType(activity, op, "stream '" + stream.name + "'", field->type,
                 stream.type))
    return false;
  int64_t first = 0, count = static_cast<int64_t>(field->data.size());
  if (!op.getIndices().empty()) {
    std::optional<int64_t> position =
        positionOf(activity, op, op.getField(), *field, op.getIndices());
    if (!position)
      return false;
    first = *position;
    count = 1;
  }
  Activity &receive = spawn(activity, op);
  receive.receive = op;
  receive.field = field;
  receive.first = first;
  receive.count = count;
  takeTurn(receive, stream);
  return true;
}

bool Executor::executeForeach(Activity &activity, ForeachOp op) {
  StreamEnd &stream = streamOf(activity, op.getStream());
  Type element = cast<StreamType>(op.getStream().getType()).getElementType();
  if (!checkType(activity, op, "stream '" + stream.name + "'", element,
                 stream.type))
    return false;
  if (op.getLo().empty() && !stream.host)
    return trap(activity, op,
                "foreach over stream '" + stream.name +
                    "' needs a range; only an argument ends by "
                    "itself");
  takeTurn(spawn(activity, op), stream);
  return true;
}

bool Executor::executeMap(Activity &activity, MapOp op) {
  spawn(activity, op);
  return true;
}

bool Executor::executeAsync(Activity &activity, AsyncBlockOp op) {
  spawn(activity, op);
  return true;
}

bool Executor::executeClose(Activity &activity, CloseOp op) {
  StreamEnd &stream = streamOf(activity, op.getStream());
  if (stream.isClosed)
    return trap(activity, op, "second close of stream '" + stream.name + "'");
  stream.isClosed = true;
  complete(addCompletion(activity, op.getCompletion()));
  return true;
}

//===----------------------------------------------------------------------===//
// Synchronous statements
//===----------------------------------------------------------------------===//

bool Executor::executeFor(Activity &activity, ForOp op) {
  Cursor cursor(op);
  cursor.isLoop = true;
  activity.cursors.push_back(cursor);
  return true;
}

bool Executor::executeWhile(Activity &activity, WhileOp op) {
  Cursor cursor(op);
  cursor.isLoop = true;
  activity.cursors.push_back(cursor);
  return true;
}

/// Ends the loop: what is left of this run of the body is skipped.
bool Executor::executeCondition(Activity &activity, ConditionOp op) {
  if (valueOf(activity, op.getCondition()).integer())
    return true;
  activity.cursors.pop_back();
  return false;
}

bool Executor::executeAwait(Activity &activity, AwaitOp op) {
  auto *completion = reinterpret_cast<Completion *>(
      valueOf(activity, op.getCompletion()).bits);
  return waitFor(activity, op, *completion);
}

bool Executor::executeAwaitAll(Activity &activity, AwaitAllOp op) {
  for (Completion *completion : activity.outstanding)
    if (!waitFor(activity, op, *completion))
      return false;
  activity.outstanding.clear();
  for (Cursor &cursor : activity.cursors)
    cursor.firstOutstanding = 0;
  return true;
}

bool Executor::executeWrite(Activity &activity, WriteOp op) {
  Field *field = fieldOf(activity, op, op.getField());
  if (!field || !checkType(activity, op, "field '" + op.getField().str() + "'",
                           op.getValue().getType(), field->type))
    return false;
  std::optional<int64_t> position =
      positionOf(activity, op, op.getField(), *field, op.getIndices());
  if (!position)
    return false;
  field->data[*position] = valueOf(activity, op.getValue());
  return true;
}

/// All values are computed before the first is written.
bool Executor::executeAssign(Activity &activity, AssignOp op) {
  Field *field = fieldOf(activity, op, op.getField());
  if (!field)
    return false;
  Block &body = op.getBody().front();
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (body.getNumArguments() != field->shape.size())
    return trap(activity, op,
                "field '" + op.getField().str() + "' has " +
                    std::to_string(field->shape.size()) +
                    " dimensions, but is assigned over " +
                    std::to_string(body.getNumArguments()));
  if (!checkType(activity, op, "field '" + op.getField().str() + "'",
                 yield.getValue().getType(), field->type))
    return false;
  std::vector<Scalar> results;
  results.reserve(field->data.size());
  for (int64_t position = 0;
       position < static_cast<int64_t>(field->data.size()); ++position) {
    int64_t rest = position;
    for (unsigned axis = body.getNumArguments(); axis-- > 0;
         rest /= field->shape[axis])
      setValue(activity, body.getArgument(axis),
               Scalar::ofInteger(rest % field->shape[axis]));
    for (Operation &nested : body.without_terminator()) {
      if (!isa<ReadOp, BinaryOp, UnaryOp, MathOp, SelectOp, FmacOp, CastOp,
               ConstantOp, ScalarRefOp>(nested))
        return trap(activity, &nested,
                    "'" + nested.getName().getStringRef().str() +
                        "' is no expression");
      ++world.result.counts.operations;
      if (!execute(activity, nested))
        return false;
    }
    results.push_back(valueOf(activity, yield.getValue()));
  }
  field->data = std::move(results);
  return true;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

bool Executor::executeRead(Activity &activity, ReadOp op) {
  Field *field = fieldOf(activity, op, op.getField());
  if (!field || !checkType(activity, op, "field '" + op.getField().str() + "'",
                           op.getType(), field->type))
    return false;
  std::optional<int64_t> position =
      positionOf(activity, op, op.getField(), *field, op.getIndices());
  if (!position)
    return false;
  setValue(activity, op, field->data[*position]);
  return true;
}

bool Executor::executeStreamRef(Activity &activity, StreamRefOp op) {
  StreamEnd *stream = world.findStream(*activity.pe, op.getName());
  if (!stream)
    return trap(activity, op,
                "no stream '" + op.getName().str() +
                    "' between PEs is declared here");
  setValue(activity, op, {reinterpret_cast<int64_t>(stream)});
  return true;
}

bool Executor::executeArgumentRef(Activity &activity, ArgumentRefOp op) {
  PE &pe = *activity.pe;
  auto it = world.arguments.find(op.getName());
  if (it == world.arguments.end())
    return trap(activity, op,
                "the kernel has no stream argument '" + op.getName().str() +
                    "'");
  HostArgument &argument = *it->second;
  int64_t position = 0;
  for (auto [axis, size] : llvm::enumerate(argument.dims)) {
    // Indices at the end may be left out.
    int64_t index = axis < op.getIndices().size()
                        ? valueOf(activity, op.getIndices()[axis]).integer()
                        : 0;
    if (index < 0 || index >= size)
      return trap(activity, op,
                  "index " + std::to_string(index) + " of argument '" +
                      op.getName().str() +
                      "' is out of bounds; its dimension is " +
                      std::to_string(size));
    position = position * size + index;
  }
  PE *&owner = argument.owner[position];
  if (owner && owner != &pe)
    return trap(activity, op,
                "argument '" + op.getName().str() +
                    "' is used with the same index by " + describe(*owner) +
                    "; each of its streams belongs to one PE");
  owner = &pe;
  StreamEnd &end = pe.hostEnds[{&argument, position}];
  end.type = argument.op.getElementType();
  end.name = op.getName().str();
  end.host = &argument;
  end.hostIndex = position;
  setValue(activity, op, {reinterpret_cast<int64_t>(&end)});
  return true;
}

bool Executor::executeScalarRef(Activity &activity, ScalarRefOp op) {
  auto it = world.scalars.find(op.getName());
  if (it == world.scalars.end())
    return trap(activity, op,
                "the kernel has no scalar argument '" + op.getName().str() +
                    "'");
  setValue(activity, op, it->second);
  return true;
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

bool Executor::executeBinary(Activity &activity, BinaryOp op) {
  const char *problem = nullptr;
  Scalar result = evaluateBinary(
      op.getKind(), Format::of(op.getLhs().getType()),
      valueOf(activity, op.getLhs()), valueOf(activity, op.getRhs()), problem);
  if (problem)
    return trap(activity, op, problem);
  setValue(activity, op, result);
  return true;
}

bool Executor::executeUnary(Activity &activity, UnaryOp op) {
  setValue(activity, op,
           evaluateUnary(op.getKind(), Format::of(op.getType()),
                         valueOf(activity, op.getOperand())));
  return true;
}

bool Executor::executeMath(Activity &activity, MathOp op) {
  Scalar x = valueOf(activity, op.getOperand());
  Scalar y = op.getExponent() ? valueOf(activity, op.getExponent()) : x;
  setValue(activity, op,
           evaluateMath(op.getKind(), Format::of(op.getType()), x, y));
  return true;
}

bool Executor::executeSelect(Activity &activity, SelectOp op) {
  bool condition = valueOf(activity, op.getCondition()).integer() != 0;
  setValue(activity, op,
           valueOf(activity, condition ? op.getWhenTrue() : op.getWhenFalse()));
  return true;
}

bool Executor::executeFmac(Activity &activity, FmacOp op) {
  setValue(activity, op,
           evaluateFmac(Format::of(op.getType()), valueOf(activity, op.getA()),
                        valueOf(activity, op.getB()),
                        valueOf(activity, op.getC())));
  return true;
}

bool Executor::executeCast(Activity &activity, CastOp op) {
  const char *problem = nullptr;
  Scalar result = evaluateCast(
      Format::of(op.getOperand().getType()), Format::of(op.getType()),
      op.getType().isInteger(1), valueOf(activity, op.getOperand()), problem);
  if (problem)
    return trap(activity, op, problem);
  setValue(activity, op, result);
  return true;
}
