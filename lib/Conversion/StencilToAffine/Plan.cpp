//===- Plan.cpp - what the loops of a program look like -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A unit joins the loop over levels of the units before it when every pair of
// accesses to one field, one of them a write, keeps its order.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Plan.h"

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

/// A ring of levels longer than this is kept as a volume.
static constexpr int64_t maxWindow = 5;

void Halo::include(ExtentAttr extent, ArrayRef<int64_t> offset) {
  const int64_t low[] = {extent.getILo(), extent.getJLo()};
  const int64_t high[] = {extent.getIHi(), extent.getJHi()};
  for (unsigned axis = 0; axis < 2; ++axis) {
    lo[axis] = std::min(lo[axis], low[axis] + offset[axis]);
    hi[axis] = std::max(hi[axis], high[axis] + offset[axis]);
  }
}

static bool isProgramField(Value field) {
  Operation *op = field.getDefiningOp();
  return !op || isa<ProgramOp>(op->getParentOp());
}

std::vector<FieldAccess> spada::cpu::collectAccesses(StatementOp statement) {
  std::vector<FieldAccess> all;
  statement.walk([&](Operation *op) {
    FieldAccess access;
    access.isConditional =
        op->getParentOp() != statement || statement.getRegions();
    if (auto read = dyn_cast<ReadOp>(op)) {
      access.field = read.getField();
      access.hasDynamicLevel = read.getShift() || read.getLevel();
      llvm::copy(read.getOffset(), access.offset.begin());
    } else if (auto write = dyn_cast<WriteOp>(op)) {
      access.field = write.getField();
      access.isWrite = true;
      access.hasDynamicLevel = static_cast<bool>(write.getShift());
      access.offset[2] = write.getDk();
    } else {
      return;
    }
    if (isProgramField(access.field))
      all.push_back(access);
  });
  return all;
}

bool spada::cpu::isBelow(SectionOp a, SectionOp b, int64_t minLevels) {
  BoundAttr end = a.getEnd(), start = b.getStart();
  if (end.getEdge() == start.getEdge())
    return end.getOffset() <= start.getOffset();
  return end.getEdge() == Edge::Start &&
         end.getOffset() <= minLevels + start.getOffset();
}

namespace {
/// The directions in which two units may share a loop.
struct Directions {
  bool ascending = true, descending = true;
};
} // namespace

static void restrict(Directions &directions, const FieldAccess &first,
                     const FieldAccess &second) {
  if (first.field != second.field || (!first.isWrite && !second.isWrite))
    return;
  bool hasLevels = cast<FieldType>(first.field.getType()).hasK();
  if (!hasLevels || first.hasDynamicLevel || second.hasDynamicLevel) {
    directions = {false, false};
    return;
  }
  // Level l is touched by the first in iteration l - d1, by the second in
  // iteration l - d2.
  directions.ascending &= first.offset[2] >= second.offset[2];
  directions.descending &= first.offset[2] <= second.offset[2];
}

static Directions compare(const Unit &first, const Unit &second,
                          int64_t minLevels) {
  Directions directions;
  for (const FieldAccess &a : first.accesses)
    for (const FieldAccess &b : second.accesses)
      restrict(directions, a, b);
  SectionOp one = first.section, two = second.section;
  directions.ascending |= isBelow(one, two, minLevels);
  directions.descending |= isBelow(two, one, minLevels);
  return directions;
}

static void addUnit(Plan &plan, Unit unit) {
  Order order = unit.section.getOrder();
  Directions directions{order != Order::Backward, order != Order::Forward};
  if (!plan.groups.empty()) {
    Group &group = plan.groups.back();
    Directions joint{directions.ascending && group.canAscend,
                     directions.descending && group.canDescend};
    int64_t minLevels = plan.program.getMinLevels().value_or(0);
    for (const Unit &other : group.units) {
      if (!joint.ascending && !joint.descending)
        break;
      Directions pair = compare(other, unit, minLevels);
      joint.ascending &= pair.ascending;
      joint.descending &= pair.descending;
    }
    if (joint.ascending || joint.descending) {
      group.units.push_back(std::move(unit));
      group.canAscend = joint.ascending;
      group.canDescend = joint.descending;
      return;
    }
  }
  Group group;
  group.canAscend = directions.ascending;
  group.canDescend = directions.descending;
  group.units.push_back(std::move(unit));
  plan.groups.push_back(std::move(group));
}

static void addSection(Plan &plan, SectionOp section) {
  Unit whole{section, {}, {}};
  for (auto statement : section.getBody().getOps<StatementOp>()) {
    if (!section.isParallel()) {
      whole.statements.push_back(statement);
      llvm::append_range(whole.accesses, collectAccesses(statement));
      continue;
    }
    Unit unit{section, {statement}, collectAccesses(statement)};
    addUnit(plan, std::move(unit));
  }
  if (!whole.statements.empty())
    addUnit(plan, std::move(whole));
  plan.isParallel &= section.isParallel();
}

static void addFacts(Plan &plan, StatementOp statement) {
  plan.computed.include(*statement.getExtent(), {0, 0});
  for (const FieldAccess &access : collectAccesses(statement)) {
    FieldFacts &facts = plan.fields[access.field];
    // The first touch decides: a plain write defines every point of its levels.
    bool isFirst = !facts.isRead && !facts.isWritten;
    if (isFirst && (!access.isWrite || access.isConditional))
      facts.needsClear = true;
    (access.isWrite ? facts.isWritten : facts.isRead) = true;
    facts.hasDynamicLevel |= access.hasDynamicLevel;
    facts.halo.include(*statement.getExtent(), access.offset);
    facts.levelLo = std::min(facts.levelLo, access.offset[2]);
    facts.levelHi = std::max(facts.levelHi, access.offset[2]);
    if (!access.isWrite && (access.offset[0] || access.offset[1] ||
                            !statement.getExtent()->isZero()))
      facts.isLocal = false;
  }
}

/// How many levels of temporary `field` are alive in the only group that uses
/// it; 0 when it must be kept whole.
static int64_t findWindow(const Plan &plan, Value field) {
  const Group *only = nullptr;
  int64_t window = 1;
  for (const Group &group : plan.groups)
    for (const Unit &unit : group.units)
      for (const FieldAccess &access : unit.accesses) {
        if (access.field != field)
          continue;
        if (access.hasDynamicLevel || (only && only != &group))
          return 0;
        only = &group;
        int64_t back =
            group.isBackward() ? access.offset[2] : -access.offset[2];
        if (back < 0 || (access.isWrite && back != 0))
          return 0;
        window = std::max(window, back + 1);
      }
  return window <= maxWindow ? window : 0;
}

static bool areLevelsIndependent(const Plan &plan) {
  if (!plan.isParallel || plan.groups.size() > 1)
    return false;
  return llvm::all_of(plan.fields, [](const auto &entry) {
    const FieldFacts &facts = entry.second;
    return !facts.isWritten ||
           (!facts.hasDynamicLevel && facts.levelLo == 0 && facts.levelHi == 0);
  });
}

FailureOr<Plan> spada::cpu::makePlan(ProgramOp program) {
  Plan plan;
  plan.program = program;
  for (BlockArgument argument : program.getBody().getArguments())
    if (auto type = dyn_cast<FieldType>(argument.getType()))
      plan.fields[argument].type = type;
  for (auto temporary : program.getBody().getOps<TemporaryOp>()) {
    FieldFacts &facts = plan.fields[temporary.getField()];
    facts.type = temporary.getField().getType();
    facts.temporary = temporary;
  }
  for (auto section : program.getBody().getOps<SectionOp>())
    for (auto statement : section.getBody().getOps<StatementOp>()) {
      if (!statement.getExtent()) {
        statement.emitError("statement has no extent").attachNote()
            << "run 'stencil-infer-extents' first";
        return failure();
      }
      addFacts(plan, statement);
    }
  for (auto section : program.getBody().getOps<SectionOp>())
    addSection(plan, section);

  plan.levelsAreIndependent = areLevelsIndependent(plan);
  for (auto &[field, facts] : plan.fields) {
    if (facts.temporary)
      facts.window = facts.type.hasK() ? findWindow(plan, field) : 1;
    else if (facts.isWritten && !facts.isLocal)
      plan.tilesAreIndependent = false;
  }
  return plan;
}
