//===- Flatten.cpp - statements as assignments ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Conditions become guards. Values that several assignments need, or that are
// needed after what they were read from has changed, get a column of their own.
// This keeps the order of one point: each assignment runs for all levels before
// the next one, which is the same because points do not depend on each other.
//
//===----------------------------------------------------------------------===//

#include "Flatten.h"

#include "Expressions.h"

#include "spada/Analysis/StencilExtents.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

namespace {

class Flattener {
public:
  Flattener(Columns &out, SectionBody &section) : out(out), section(section) {}
  LogicalResult run(stencil::StatementOp statement);

private:
  LogicalResult block(Block &block, ArrayRef<Guard> guards);
  LogicalResult write(stencil::WriteOp op, ArrayRef<Guard> guards);
  LogicalResult branch(scf::IfOp op, ArrayRef<Guard> guards);
  LogicalResult loop(scf::WhileOp op, ArrayRef<Guard> guards);
  LogicalResult checkLoop(scf::WhileOp op, size_t first);
  void hold(Value value);
  bool isUsedTwice(Value value);
  bool isChangedBeforeUse(stencil::ReadOp read);
  void setPlace(stencil::StatementOp statement);

  Columns &out;
  SectionBody &section;
  SmallVector<Rect> where;
  Rect plane;                                   ///< of the statement's extent
  unsigned depth = 0;                           ///< of loops
  llvm::DenseMap<Operation *, unsigned> number; ///< of the statement's ops
};

unsigned countWrites(scf::IfOp op) {
  unsigned count = 0;
  op.walk([&](stencil::WriteOp) { ++count; });
  return count;
}

/// The stores, and the conditions of loops, that depend on `value`.
void collectStores(Value value, llvm::SmallPtrSetImpl<Operation *> &stores,
                   llvm::SmallPtrSetImpl<Operation *> &seen) {
  for (Operation *user : value.getUsers()) {
    if (!seen.insert(user).second)
      continue;
    if (isa<stencil::WriteOp, scf::ConditionOp>(user)) {
      stores.insert(user);
      continue;
    }
    if (auto choice = dyn_cast<scf::IfOp>(user))
      choice.walk([&](Operation *inner) {
        if (isa<stencil::WriteOp, scf::ConditionOp>(inner))
          stores.insert(inner);
      });
    Operation *next = isa<scf::YieldOp>(user) ? user->getParentOp() : user;
    for (Value result : next->getResults())
      collectStores(result, stores, seen);
  }
}

/// A loop around both `a` and `b` that `outside` is not in.
bool shareLoop(Operation *a, Operation *b, Operation *outside) {
  for (auto loop = a->getParentOfType<scf::WhileOp>(); loop;
       loop = loop->getParentOfType<scf::WhileOp>())
    if (loop->isAncestor(b) && !loop->isAncestor(outside))
      return true;
  return false;
}

} // namespace

bool Flattener::isUsedTwice(Value value) {
  unsigned uses = 0;
  for (OpOperand &use : value.getUses()) {
    auto choice = dyn_cast<scf::IfOp>(use.getOwner());
    uses += choice ? countWrites(choice) + choice.getNumResults() : 1;
  }
  return uses > 1;
}

/// Some store to the field stands between the read and a use of its value.
bool Flattener::isChangedBeforeUse(stencil::ReadOp read) {
  SmallVector<stencil::WriteOp> changes;
  for (Operation *user : read.getField().getUsers())
    if (auto write = dyn_cast<stencil::WriteOp>(user);
        write && write.getField() == read.getField() && number.count(write) &&
        number[write] > number[read])
      changes.push_back(write);
  if (changes.empty())
    return false;
  llvm::SmallPtrSet<Operation *, 8> stores, seen;
  collectStores(read, stores, seen);
  return llvm::any_of(stores, [&](Operation *store) {
    return llvm::any_of(changes, [&](stencil::WriteOp change) {
      return number[store] > number[change] || shareLoop(store, change, read);
    });
  });
}

/// Assigns `value` to a column of its own.
void Flattener::hold(Value value) {
  Column &column =
      out.add("t", value.getType(), section.levels, true, value.getLoc());
  column.isWritten = true;
  Assign assign;
  assign.target = &column;
  assign.value = value;
  assign.levels = section.levels;
  assign.op = value.getDefiningOp();
  assign.depth = depth;
  assign.where = where;
  assign.needed = plane;
  section.assigns.push_back(std::move(assign));
  out.held[value] = &column;
}

LogicalResult Flattener::write(stencil::WriteOp op, ArrayRef<Guard> guards) {
  Column *target = out.fields.lookup(op.getField());
  if (!target)
    return success(); // its interval has no levels
  target->isWritten = true;
  Assign assign;
  assign.target = target;
  assign.value = op.getValue();
  assign.guards.assign(guards.begin(), guards.end());
  assign.dk = op.getDk();
  assign.shift = op.getShift();
  assign.data.assign(op.getData().begin(), op.getData().end());
  assign.levels = section.levels;
  assign.op = op;
  assign.depth = depth;
  assign.where = where;
  assign.needed = plane;
  // The halo of an argument is never changed.
  if (target->argument >= 0 && !out.domain.contains(target->box)) {
    if (assign.where.empty())
      assign.where.push_back(out.domain);
    for (Rect &rect : assign.where)
      rect = rect.meet(out.domain);
    llvm::erase_if(assign.where, [](const Rect &r) { return r.empty(); });
    if (assign.where.empty())
      return success();
  }
  section.assigns.push_back(std::move(assign));
  return success();
}

LogicalResult Flattener::branch(scf::IfOp op, ArrayRef<Guard> guards) {
  for (auto [region, negated] :
       {std::pair(&op.getThenRegion(), false), {&op.getElseRegion(), true}}) {
    if (region->empty())
      continue;
    SmallVector<Guard> inner(guards);
    inner.push_back({op.getCondition(), negated});
    if (failed(block(region->front(), inner)))
      return failure();
  }
  return success();
}

/// The condition is computed anew each time; the guards around the loop belong
/// to it.
LogicalResult Flattener::loop(scf::WhileOp op, ArrayRef<Guard> guards) {
  if (op->getNumOperands() != 0 || op->getNumResults() != 0)
    return op.emitError("a loop that hands on values has no form on the wafer");
  bool ok = true;
  for (Operation &inner : op.getBeforeBody()->without_terminator())
    ok &= succeeded(checkExpression(&inner));
  if (!ok)
    return failure();
  size_t first = section.assigns.size();
  ++depth;
  Assign begin;
  begin.form = Assign::Form::While;
  begin.value = op.getConditionOp().getCondition();
  begin.guards.assign(guards.begin(), guards.end());
  begin.levels = section.levels;
  begin.op = op;
  begin.depth = depth;
  begin.where = where;
  begin.needed = plane;
  Assign end = begin;
  end.form = Assign::Form::End;
  end.value = {};
  end.guards.clear();
  section.assigns.push_back(std::move(begin));
  if (failed(block(*op.getAfterBody(), {})))
    return failure();
  section.assigns.push_back(std::move(end));
  --depth;
  return checkLoop(op, first);
}

/// A PE runs a loop as a whole or not at all.
LogicalResult Flattener::checkLoop(scf::WhileOp op, size_t first) {
  for (size_t i = first; i < section.assigns.size(); ++i) {
    Assign &assign = section.assigns[i];
    if (assign.where == where)
      continue;
    auto diag = op.emitError("this 'while' sets '")
                << assign.target->name
                << "', which has no values outside the domain, and others that "
                   "are needed there";
    diag.attachNote(assign.op->getLoc()) << "set here";
    diag.attachNote() << "hint: let the loop set a temporary, and assign the "
                         "argument after it";
    return diag;
  }
  return success();
}

LogicalResult Flattener::block(Block &block, ArrayRef<Guard> guards) {
  for (Operation &op : block) {
    if (isa<scf::YieldOp>(op))
      continue;
    if (auto temporary = dyn_cast<stencil::TemporaryOp>(op)) {
      Type element = temporary.getField().getType().getElementType();
      if (failed(checkWaferType(element, op.getLoc(), "variable",
                                temporary.getName())))
        return failure();
      Column &column = out.add(temporary.getName(), element, section.levels,
                               true, op.getLoc());
      out.fields[temporary.getField()] = &column;
      continue;
    }
    if (auto store = dyn_cast<stencil::WriteOp>(op)) {
      if (failed(write(store, guards)))
        return failure();
      continue;
    }
    if (auto repeat = dyn_cast<scf::WhileOp>(op)) {
      if (failed(loop(repeat, guards)))
        return failure();
      continue;
    }
    if (auto choice = dyn_cast<scf::IfOp>(op)) {
      if (failed(branch(choice, guards)))
        return failure();
    } else if (failed(checkExpression(&op))) {
      return failure();
    }
    for (Value result : op.getResults()) {
      auto read = result.getDefiningOp<stencil::ReadOp>();
      bool isSimple = read || isa<stencil::LevelOp>(op) ||
                      op.hasTrait<OpTrait::ConstantLike>() ||
                      result.getType().isIndex();
      bool wanted = read ? isChangedBeforeUse(read)
                         : !isSimple && isUsedTwice(result) &&
                               dependsOnPoint(result, out);
      if (wanted)
        hold(result);
    }
  }
  return success();
}

/// Where the statement must run: nowhere else when something outside could go
/// wrong there.
void Flattener::setPlace(stencil::StatementOp statement) {
  stencil::Extent extent = stencil::getExtent(statement);
  plane = {{extent.i.lo, out.ni + extent.i.hi},
           {extent.j.lo, out.nj + extent.j.hi}};
  std::optional<ArrayAttr> regions = statement.getRegions();
  if (!regions) {
    bool mayTrap = false;
    statement.walk([&](Operation *op) { mayTrap |= mayTrapOutside(op); });
    if (mayTrap)
      where.push_back(plane);
    return;
  }
  for (auto region : regions->getAsRange<stencil::RegionAttr>()) {
    auto at = [](stencil::BoundAttr bound, int64_t size, int64_t open) {
      return bound ? bound.at(size) : open;
    };
    Rect rect = {{at(region.getIStart(), out.ni, plane.i.lo),
                  at(region.getIEnd(), out.ni, plane.i.hi)},
                 {at(region.getJStart(), out.nj, plane.j.lo),
                  at(region.getJEnd(), out.nj, plane.j.hi)}};
    rect = rect.meet(plane);
    if (!rect.empty())
      where.push_back(rect);
  }
}

LogicalResult Flattener::run(stencil::StatementOp statement) {
  unsigned next = 0;
  statement.walk<WalkOrder::PreOrder>(
      [&](Operation *op) { number[op] = next++; });
  setPlace(statement);
  if (statement.getRegions() && where.empty())
    return success(); // meets nothing
  return block(statement.getBody().front(), {});
}

/// True when every level of an argument that is written is stored without
/// condition, so that its old values are not needed.
static bool isOverwritten(const Column &column, const Columns &columns) {
  if (!column.data.empty() || !(column.box == columns.domain))
    return false;
  SmallVector<bool> stored(column.levels.size(), false);
  for (const SectionBody &section : columns.sections)
    for (const Assign &assign : section.assigns) {
      bool everywhere = assign.where.empty() ||
                        llvm::any_of(assign.where, [&](const Rect &r) {
                          return r.contains(columns.domain);
                        });
      if (assign.target != &column || assign.isConditional() || assign.shift ||
          !everywhere)
        continue;
      Span range = column.hasK ? assign.levels.shifted(assign.dk) : Span{0, 1};
      for (int64_t k = range.lo; k < range.hi; ++k)
        if (k >= column.levels.lo && k < column.levels.hi)
          stored[k - column.levels.lo] = true;
    }
  return llvm::all_of(stored, [](bool b) { return b; });
}

LogicalResult wafer::flatten(Columns &columns) {
  bool ok = true;
  for (auto op : columns.program.getBody().getOps<stencil::SectionOp>()) {
    SectionBody section;
    section.op = op;
    section.order = op.getOrder();
    section.levels = {std::max<int64_t>(op.getStart().at(columns.nk), 0),
                      std::min(op.getEnd().at(columns.nk), columns.nk)};
    if (section.levels.empty())
      continue;
    columns.sections.push_back(std::move(section));
    for (auto statement : op.getBody().getOps<stencil::StatementOp>())
      ok &=
          succeeded(Flattener(columns, columns.sections.back()).run(statement));
  }
  for (auto &column : columns.columns)
    if (column->isOutput && !column->isInput)
      column->isInput = !isOverwritten(*column, columns);
  return success(ok);
}
