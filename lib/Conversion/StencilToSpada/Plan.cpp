//===- Plan.cpp - vector operations, loops and receives -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Splits expressions so that as much as can be is done by vector operations,
// and so that a value that one operation needs is used as it arrives.
//
//===----------------------------------------------------------------------===//

#include "Demands.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

namespace {

class Planner {
public:
  Planner(Columns &columns, const Machine &machine, Plan &plan, bool casts)
      : columns(columns), machine(machine), plan(plan), kinds(columns),
        demands(columns, machine, casts) {}
  LogicalResult run();

private:
  void planGroup(Group &group, const SectionBody &section);
  void planMap(Assign &assign);
  void planLoop(Group &group, const SectionBody &section);
  void avoidArrays(const Assign &assign);
  void prepareScalar(const Assign &assign);
  void prepareScalar(Value value, const Assign &assign, bool isTop);
  Operation *prepareVector(Value value, const Assign &assign);
  void hold(Value value, const Assign &assign, bool mayReuse = true);
  Action vectorAction(const Assign &assign);

  // Communication.
  stencil::ReadOp remoteRead(Value value) { return demands.remoteRead(value); }
  Place placeOf(stencil::ReadOp read) { return demands.placeOf(read); }
  bool isStreamable(stencil::ReadOp read, Span levels);
  int messageFor(const Place &place, Operation *op, bool isExact = false);
  void receive(stencil::ReadOp read);
  void receive(int message);
  unsigned lineFor(int64_t dx, int64_t dy, Type element, int64_t reach);
  Column *bufferOf(const Place &place);
  bool hasRemote(Value value, bool isTop = false);

  Columns &columns;
  const Machine &machine;
  Plan &plan;
  Classifier kinds;
  Demands demands;
  /// Columns of values that are used once.
  llvm::DenseMap<Value, Column *> scratch;
};

} // namespace

//===----------------------------------------------------------------------===//
// Receiving
//===----------------------------------------------------------------------===//

unsigned Planner::lineFor(int64_t dx, int64_t dy, Type element, int64_t reach) {
  for (auto [index, line] : llvm::enumerate(plan.lines))
    if (line.dx == dx && line.dy == dy && line.element == element &&
        line.reach == reach)
      return index;
  std::string name = dx > 0 ? "east" : dx < 0 ? "west" : "";
  if (dy != 0)
    name += dy > 0 ? "south" : "north";
  if (reach > 1)
    name += "_cast";
  for (int n = 2; llvm::any_of(
           plan.lines, [&](const Line &line) { return line.name == name; });
       ++n)
    name = StringRef(name).rtrim("_0123456789").str() + "_" + std::to_string(n);
  plan.lines.push_back({name, element, dx, dy, reach});
  return plan.lines.size() - 1;
}

int Planner::messageFor(const Place &place, Operation *op, bool isExact) {
  Demand &demand = demands[place];
  if (demand.message >= 0)
    return demand.message;
  Message message;
  Place before = demands.nearer(place);
  if (before.di != 0 || before.dj != 0) {
    receive(messageFor(before, op));
    message.source = bufferOf(before);
  } else {
    message.source = const_cast<Column *>(place.column);
  }
  message.levels = demand.levels;
  message.needed = demand.needed;
  message.di = place.di, message.dj = place.dj;
  message.op = op;
  int64_t reach = demands.reachOf(place);
  SmallVector<Place> reached = {place};
  if (reach > 1) {
    reached = demands.reachedWith(place);
    for (const Place &other : reached) {
      message.levels = message.levels.hull(demands[other].levels);
      message.needed = message.needed.hull(demands[other].needed);
    }
    message.di = reached[0].di, message.dj = reached[0].dj;
  }
  message.line = lineFor(before.di - message.di, before.dj - message.dj,
                         message.source->element, reach);
  // Sending less than the column takes a copy first.
  const Column &source = *message.source;
  int64_t rate = std::max<int64_t>(
      1, machine.rate(source.element.isF32() ? "fmovs" : "mov16"));
  int64_t copy = machine.vectorStartupCycles + message.levels.size() / rate;
  if (!source.data.empty() ||
      (!isExact && source.levels.size() - message.levels.size() <= copy))
    message.levels = source.levels;
  for (const Place &each : reached) {
    plan.transfers.push_back(demands.explain(message, each));
    demands[each].message = plan.messages.size();
  }
  plan.messages.push_back(message);
  return demand.message;
}

/// Where the value of a place that has a message is received.
Column *Planner::bufferOf(const Place &place) {
  const Message &message = plan.messages[demands[place].message];
  bool isCast = plan.lines[message.line].reach > 1;
  return message.bufferAt(isCast ? std::abs(place.di) + std::abs(place.dj) : 1);
}

void Planner::receive(int index) {
  Message &message = plan.messages[index];
  if (message.isReceived)
    return;
  message.isReceived = true;
  const Column &source = *message.source;
  const Line &line = plan.lines[message.line];
  for (int64_t distance = 1; distance <= line.reach; ++distance) {
    Column &buffer = columns.add(source.name + "_" + line.name, source.element,
                                 message.levels, source.hasK, source.loc);
    buffer.data = source.data;
    if (distance == 1)
      message.buffer = &buffer;
    else
      message.farther.push_back(&buffer);
  }
  Action action;
  action.kind = ActionKind::Receive;
  action.message = index;
  action.levels = message.levels;
  plan.actions.push_back(std::move(action));
}

void Planner::receive(stencil::ReadOp read) {
  receive(messageFor(placeOf(read), read));
  plan.buffers[read] = bufferOf(placeOf(read));
}

/// The operation that needs the value can take it as it arrives.
bool Planner::isStreamable(stencil::ReadOp read, Span levels) {
  const Demand &wanted = demands[placeOf(read)];
  if (wanted.uses != 1 || wanted.needsBuffer || wanted.message >= 0 ||
      demands.reachOf(placeOf(read)) > 1 || kinds(read) != Kind::Vector)
    return false;
  const Column *column = columns.fields.lookup(read.getField());
  return column->data.empty() &&
         wanted.levels == levels.shifted(read.getOffset()[2]);
}

bool Planner::hasRemote(Value value, bool isTop) {
  bool found = false;
  auto visit = [&](Value inner) {
    bool isHeld = columns.held.count(inner) && !(isTop && inner == value);
    stencil::ReadOp read = isHeld ? stencil::ReadOp() : remoteRead(inner);
    found |= read && !plan.buffers.count(read);
  };
  forEachValue(value, columns, visit, isTop);
  return found;
}

//===----------------------------------------------------------------------===//
// Vector operations
//===----------------------------------------------------------------------===//

/// Gives `value` a column, computed by vector operations on the PEs and for the
/// levels of `assign`. It takes over the column of an operand that nothing else
/// needs.
void Planner::hold(Value value, const Assign &assign, bool mayReuse) {
  Assign part;
  part.value = value;
  part.levels = assign.levels;
  part.op = value.getDefiningOp();
  part.where = assign.where;
  part.needed = assign.needed;
  Action action = vectorAction(part);
  for (Value operand : operandsOf(value))
    if (auto it = scratch.find(operand); mayReuse && it != scratch.end() &&
                                         !part.target &&
                                         it->second->levels == part.levels &&
                                         it->second->element == value.getType())
      part.target = it->second;
  if (!part.target)
    part.target =
        &columns.add("t", value.getType(), assign.levels, true, value.getLoc());
  columns.held[value] = scratch[value] = part.target;
  action.assigns.push_back(std::move(part));
  plan.actions.push_back(std::move(action));
}

/// Takes values of other PEs out of the expression, except for one that the
/// last operation can take as it arrives: that read is the result.
Operation *Planner::prepareVector(Value value, const Assign &assign) {
  if (stencil::ReadOp read = remoteRead(value)) {
    if (!plan.buffers.count(read))
      receive(read);
    return nullptr;
  }
  // Scalar operands, however deep they are.
  forEachValue(
      value, columns,
      [&](Value inner) {
        if (stencil::ReadOp read = remoteRead(inner);
            read && !columns.held.count(inner) && !plan.buffers.count(read) &&
            kinds(inner) == Kind::Invariant)
          receive(read);
      },
      /*isTop=*/true);
  Operation *def = value.getDefiningOp();
  if (!def || !hasRemote(value, true))
    return nullptr;
  auto streamable = [&](Value v) {
    stencil::ReadOp read =
        columns.held.count(v) ? stencil::ReadOp() : remoteRead(v);
    return read && assign.where.empty() && !plan.buffers.count(read) &&
                   isStreamable(read, assign.levels)
               ? read
               : stencil::ReadOp();
  };
  auto isInvariant = [&](Value v) { return kinds(v) == Kind::Invariant; };
  auto isScaled = [&](Value v, llvm::function_ref<bool(Value)> test) {
    auto product = v.getDefiningOp<arith::MulFOp>();
    return product && !columns.held.count(v) &&
           ((test(product.getLhs()) && isInvariant(product.getRhs())) ||
            (test(product.getRhs()) && isInvariant(product.getLhs())));
  };
  auto isLeaf = [&](Value v) {
    return columns.held.count(v) || v.getDefiningOp<stencil::ReadOp>();
  };
  // The read that arrives: an operand, or a scaled operand of a sum.
  stencil::ReadOp taken;
  Value takenOperand;
  bool isSum = isa<arith::AddFOp, arith::SubFOp>(def);
  for (Value operand : def->getOperands()) {
    if (taken)
      break;
    if ((taken = streamable(operand)))
      takenOperand = operand;
  }
  if (!taken && isSum)
    for (Value operand : def->getOperands()) {
      bool isSecond = operand == def->getOperand(1);
      if (taken || (isa<arith::SubFOp>(def) && !isSecond) ||
          !isScaled(operand, [&](Value v) { return bool(streamable(v)); }))
        continue;
      auto product = operand.getDefiningOp<arith::MulFOp>();
      taken = streamable(product.getLhs());
      if (!taken)
        taken = streamable(product.getRhs());
      takenOperand = operand;
    }
  for (Value operand : def->getOperands()) {
    if (operand == takenOperand || columns.held.count(operand))
      continue;
    if (stencil::ReadOp read = remoteRead(operand)) {
      receive(read);
      continue;
    }
    if (isLeaf(operand) || isInvariant(operand))
      continue;
    bool staysInside =
        taken && takenOperand.getDefiningOp() == taken && isSum &&
        isScaled(operand, isLeaf) && !hasRemote(operand) &&
        (isa<arith::AddFOp>(def) || operand == def->getOperand(1));
    if (hasRemote(operand) || (taken && !staysInside))
      hold(operand, assign);
  }
  return taken;
}

/// What vector operations need before they store the assignment's value.
Action Planner::vectorAction(const Assign &assign) {
  Action action;
  if (assign.isHold() || !columns.held.count(assign.value))
    action.streamed = prepareVector(assign.value, assign);
  action.levels = assign.levels;
  action.isVector = true;
  if (action.streamed) {
    action.kind = ActionKind::Stream;
    action.message = messageFor(placeOf(cast<stencil::ReadOp>(action.streamed)),
                                action.streamed, /*isExact=*/true);
    plan.messages[action.message].isReceived = true;
  }
  return action;
}

/// Computes by vector operations what can be, and receives what is needed,
/// before a loop over the levels.
void Planner::prepareScalar(Value value, const Assign &assign, bool isTop) {
  if (!isTop && columns.held.count(value))
    return;
  if (stencil::ReadOp read = remoteRead(value)) {
    if (!plan.buffers.count(read))
      receive(read);
  } else if (Operation *def = value.getDefiningOp();
             def && Classifier::isVectorOp(def) &&
             kinds(value) == Kind::Vector && !isTop) {
    hold(value, assign);
    return;
  }
  for (Value operand : operandsOf(value))
    prepareScalar(operand, assign, false);
}

void Planner::prepareScalar(const Assign &assign) {
  if (assign.value)
    prepareScalar(assign.value, assign, assign.isHold());
  for (const Guard &guard : assign.guards)
    prepareScalar(guard.condition, assign, false);
  if (assign.shift)
    prepareScalar(assign.shift, assign, false);
  for (Value index : assign.data)
    prepareScalar(index, assign, false);
}

/// Arrays of arguments cannot be moved to another memory bank. The last
/// operation therefore takes what it combines with one from a column of its
/// own, not from the argument that it stores into.
void Planner::avoidArrays(const Assign &assign) {
  Operation *def = assign.value.getDefiningOp();
  if (assign.target->argument < 0 || !def || columns.held.count(assign.value) ||
      def->getNumOperands() != 2 || !Classifier::isVectorOp(def))
    return;
  for (unsigned side : {0, 1}) {
    auto read = def->getOperand(side).getDefiningOp<stencil::ReadOp>();
    const Column *column =
        read ? columns.fields.lookup(read.getField()) : nullptr;
    Value other = def->getOperand(1 - side);
    Operation *inner = other.getDefiningOp();
    if (column && column->argument >= 0 && !columns.held.count(read) &&
        !columns.held.count(other) && inner && Classifier::isVectorOp(inner) &&
        kinds(other) == Kind::Vector && !hasRemote(assign.value, true)) {
      for (Value part : inner->getOperands())
        if (Operation *op = part.getDefiningOp();
            op && !columns.held.count(part) && Classifier::isVectorOp(op) &&
            kinds(part) == Kind::Vector)
          hold(part, assign);
      hold(other, assign, /*mayReuse=*/false);
    }
  }
}

void Planner::planMap(Assign &assign) {
  Type type = assign.target->element;
  bool isVector = assign.guards.empty() && !assign.shift &&
                  assign.target->hasK &&
                  (type.isF32() || type.isF16() || type.isInteger(16)) &&
                  llvm::all_of(assign.data, [](Value v) {
                    return v.getDefiningOp<arith::ConstantOp>();
                  });
  Kind kind = kinds(assign.value);
  if (assign.isHold()) { // of the value itself, not of the column for it
    kind = Kind::Vector;
    for (Value operand : operandsOf(assign.value))
      if (kinds(operand) == Kind::Scalar)
        kind = Kind::Scalar;
    Operation *def = assign.value.getDefiningOp();
    if (!isa<stencil::ReadOp>(def) && !Classifier::isVectorOp(def))
      kind = Kind::Scalar;
  }
  if (isVector && kind == Kind::Vector && !isa<scf::IfOp>(assign.op)) {
    avoidArrays(assign);
    Action action = vectorAction(assign);
    action.assigns.push_back(assign);
    plan.actions.push_back(std::move(action));
    return;
  }
  prepareScalar(assign);
  Action action;
  action.levels = assign.levels;
  action.assigns.push_back(assign);
  plan.actions.push_back(std::move(action));
}

void Planner::planLoop(Group &group, const SectionBody &section) {
  for (const Assign &assign : group.assigns)
    if (assign.target)
      kinds.changing.insert(assign.target);
  for (const Assign &assign : group.assigns)
    prepareScalar(assign);
  Action action;
  action.kind = ActionKind::Loop;
  action.levels = section.levels;
  action.isBackward = section.order == stencil::Order::Backward;
  action.assigns = std::move(group.assigns);
  plan.actions.push_back(std::move(action));
}

void Planner::planGroup(Group &group, const SectionBody &section) {
  kinds.clear();
  Group copy = group;
  if (group.isLoop)
    planLoop(group, section);
  else
    planMap(group.assigns.front());
  demands.endGroup(copy);
}

LogicalResult Planner::run() {
  std::vector<std::pair<const SectionBody *, std::vector<Group>>> sections;
  for (const SectionBody &section : columns.sections) {
    auto groups = orderSection(section, columns);
    if (failed(groups))
      return failure();
    sections.push_back({&section, std::move(*groups)});
  }
  for (auto &[section, groups] : sections)
    for (const Group &group : groups) {
      demands.collect(group);
      demands.endGroup(group);
    }
  demands.chooseLines();
  demands.restart();
  for (auto &[section, groups] : sections)
    for (Group &group : groups)
      planGroup(group, *section);
  return success();
}

FailureOr<Plan> wafer::makePlan(Columns &columns, const Machine &machine,
                                bool casts) {
  Plan plan;
  if (failed(Planner(columns, machine, plan, casts).run()))
    return failure();
  placeSends(plan, columns, machine);
  demoteColumns(plan, columns);
  return plan;
}
