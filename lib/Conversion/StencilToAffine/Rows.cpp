//===- Rows.cpp - statements that follow each other row by row ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// If a statement touches row x + d of a field when it computes row x, and an
// earlier one touches row x + e, one of them writing, then everything the
// earlier one does to a row comes first: lag + e <= lag' + d for the row in
// question, that is lag' >= lag + d - e.
//
// Also decides what is run together, rows or levels, and which memory is asked
// for meanwhile.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Rows.h"

#include "llvm/Support/MathExtras.h"

#include <numeric>
#include <set>

using namespace mlir;
using namespace spada;
using namespace spada::cpu;
using namespace spada::stencil;

static std::vector<RowRun> splitIntoRuns(const Group &group) {
  std::vector<RowRun> runs;
  for (const Unit &unit : group.units) {
    SectionOp section = unit.section;
    if (runs.empty() || runs.back().section.getStart() != section.getStart() ||
        runs.back().section.getEnd() != section.getEnd()) {
      runs.emplace_back();
      runs.back().section = section;
    }
    for (StatementOp statement : unit.statements) {
      RowRun::Member &member = runs.back().members.emplace_back();
      member.unit = &unit;
      member.statement = statement;
    }
  }
  return runs;
}

/// True when the intervals of `runs` follow each other as levels do.
static bool areInOrder(llvm::ArrayRef<RowRun> runs, bool descends,
                       int64_t minLevels) {
  for (auto [first, second] : llvm::zip(runs, runs.drop_front()))
    if (descends ? !isBelow(second.section, first.section, minLevels)
                 : !isBelow(first.section, second.section, minLevels))
      return false;
  return true;
}

namespace {
/// What one field has seen of the members so far.
struct Seen {
  /// Largest lag - offset of reads and of writes.
  std::optional<int64_t> read, write;
};
} // namespace

/// The extent of `statement` below the tile on the axis of rows.
static int64_t lowRow(StatementOp statement, unsigned outer) {
  return outer ? statement.getExtent()->getJLo()
               : statement.getExtent()->getILo();
}

static void computeLags(RowRun &run, unsigned outer) {
  llvm::DenseMap<Value, Seen> seen;
  for (RowRun::Member &member : run.members) {
    std::vector<FieldAccess> accesses = collectAccesses(member.statement);
    for (const FieldAccess &access : accesses) {
      const Seen &before = seen[access.field];
      int64_t offset = access.offset[outer];
      if (before.write)
        member.lag = std::max(member.lag, *before.write + offset);
      if (access.isWrite && before.read)
        member.lag = std::max(member.lag, *before.read + offset);
    }
    // Each iteration starts with a member's first row or behind it.
    int64_t count = run.rowsAtOnce;
    int64_t start = member.lag + lowRow(member.statement, outer);
    member.lag += ((-start) % count + count) % count;
    for (const FieldAccess &access : accesses) {
      Seen &now = seen[access.field];
      std::optional<int64_t> &last = access.isWrite ? now.write : now.read;
      int64_t done = member.lag - access.offset[outer];
      last = std::max(last.value_or(done), done);
    }
  }
}

/// Finds what comes from memory first and which member touches it.
static void findStreams(const Plan &plan, RowRun &run, unsigned outer,
                        bool descends) {
  struct First {
    RowRun::Member *member = nullptr;
    std::array<int64_t, 3> offset;
    std::pair<int64_t, int64_t> time;
  };
  llvm::MapVector<Value, First> firsts;
  for (RowRun::Member &member : run.members)
    for (const FieldAccess &access : collectAccesses(member.statement)) {
      const FieldFacts &facts = plan.fields.find(access.field)->second;
      if ((facts.temporary && facts.window) || facts.hasDynamicLevel ||
          !facts.type.getDataDims().empty())
        continue;
      int64_t level = descends ? -access.offset[2] : access.offset[2];
      std::pair<int64_t, int64_t> time(level,
                                       access.offset[outer] - member.lag);
      First &first = firsts[access.field];
      if (!first.member || time > first.time)
        first = {&member, access.offset, time};
    }
  for (auto &[field, first] : firsts)
    first.member->streams.push_back({field, first.offset});
}

/// Rows between the first write of one and its last use.
static int64_t countRows(const RowRun &run, Value field, unsigned outer) {
  std::optional<int64_t> first, last;
  for (const RowRun::Member &member : run.members)
    for (const FieldAccess &access : collectAccesses(member.statement)) {
      if (access.field != field)
        continue;
      int64_t time = member.lag - access.offset[outer];
      first = std::min(first.value_or(time), time);
      last = std::max(last.value_or(time), time);
    }
  return *last - *first + run.rowsAtOnce;
}

/// The only run that uses `field`, or null.
static const RowRun *findUser(const RowPlan &plan, Value field) {
  const RowRun *user = nullptr;
  for (const std::vector<RowRun> &runs : plan.groups)
    for (const RowRun &run : runs)
      for (const RowRun::Member &member : run.members)
        for (const FieldAccess &access : member.unit->accesses)
          if (access.field == field) {
            if (user && user != &run)
              return nullptr;
            user = &run;
          }
  return user;
}

/// False for what processors foresee: one statement over independent levels
/// that reads on and on, and not several rows of a field in turns.
static bool jumps(const Plan &plan, const RowRun &run, unsigned outer) {
  if (run.members.size() > 1 || !plan.isParallel)
    return true;
  std::set<std::pair<const void *, int64_t>> rows;
  std::set<const void *> fields;
  for (const FieldAccess &access :
       collectAccesses(run.members.front().statement)) {
    rows.insert({access.field.getAsOpaquePointer(), access.offset[outer]});
    fields.insert(access.field.getAsOpaquePointer());
  }
  return rows.size() > fields.size() + 1;
}

static size_t countOps(StatementOp statement) {
  Block &body = statement.getBody().front();
  return std::distance(body.begin(), body.end());
}

/// Rows that `count` neighbours of a statement on `axis` touch.
static size_t countAddresses(StatementOp statement, unsigned inner,
                             unsigned axis, unsigned count) {
  std::set<std::tuple<const void *, int64_t, int64_t>> rows;
  for (const FieldAccess &access : collectAccesses(statement))
    for (unsigned n = 0; n < count; ++n) {
      std::array<int64_t, 3> offset = access.offset;
      if (cast<FieldType>(access.field.getType()).hasAxis(axis))
        offset[axis] += n;
      rows.insert({access.field.getAsOpaquePointer(), offset[outerAxis(inner)],
                   offset[thirdAxis(inner)]});
    }
  return rows.size();
}

/// Do `count` neighbours on `axis` touch fewer rows than each by itself?
static bool shares(StatementOp statement, unsigned inner, unsigned axis,
                   unsigned count) {
  return countAddresses(statement, inner, axis, count) <
         count * countAddresses(statement, inner, axis, 1);
}

/// Rows that `statement` computes together best.
static unsigned countRowsAtOnce(StatementOp statement, unsigned inner,
                                const StencilToAffineOptions &options) {
  unsigned outer = outerAxis(inner), count = options.rowsAtOnce;
  bool fits = countOps(statement) <= size_t(options.rowOperations) &&
              countAddresses(statement, inner, outer, count) <=
                  size_t(options.rowAddresses);
  return fits && shares(statement, inner, outer, count) ? count : 1;
}

/// Levels that the only statement of a part of a sweep is run for together:
/// what one of them reads or writes, the next one often reads too.
static unsigned countLevelsAtOnce(const RowRun &run, unsigned inner,
                                  const StencilToAffineOptions &options) {
  SectionOp section = run.section;
  const RowRun::Member &member = run.members.front();
  if (!run.hasOwnLevels || section.isParallel() || run.members.size() > 1 ||
      !member.lanes || member.rowsAtOnce > 1)
    return 1;
  StatementOp statement = member.statement;
  unsigned count = options.levelsAtOnce;
  BoundAttr start = section.getStart(), end = section.getEnd();
  bool hasFewLevels = start.getEdge() == end.getEdge() &&
                      end.getOffset() - start.getOffset() < count;
  if (hasFewLevels || countOps(statement) > size_t(options.rowOperations))
    return 1;
  std::vector<FieldAccess> accesses = collectAccesses(statement);
  for (const FieldAccess &write : accesses)
    for (const FieldAccess &read : accesses)
      // Other points of what another level writes must have been written.
      if (write.isWrite && read.field == write.field &&
          (read.offset[0] || read.offset[1]))
        return 1;
  return shares(statement, inner, 2, count) ? count : 1;
}

static void chooseVectors(const Plan &plan, RowRun &run, unsigned inner,
                          int64_t vectorBytes,
                          const StencilToAffineOptions &options) {
  for (RowRun::Member &member : run.members) {
    member.lanes = countLanes(plan, member.statement, inner, vectorBytes);
    if (!member.lanes)
      continue;
    if (jumps(plan, run, outerAxis(inner)))
      member.rowsAtOnce = countRowsAtOnce(member.statement, inner, options);
    run.rowsAtOnce = std::max(run.rowsAtOnce, member.rowsAtOnce);
  }
  run.members.front().levelsAtOnce = countLevelsAtOnce(run, inner, options);
}

/// Is it an argument of all axes, read at levels that the code knows?
static bool comesFromMemory(const FieldFacts &facts) {
  return !facts.temporary && facts.isRead && !facts.hasDynamicLevel &&
         facts.type.getAxes() == Axes::IJK && facts.type.getDataDims().empty();
}

/// Spreads the rows of the next tile over the steps of `run`: each of G groups
/// asks for one of G parts of the levels, an even number of rows a step.
static void planNextRows(const Plan &plan, RowRun &run) {
  int64_t groups = plan.groups.size();
  int64_t atOnce = run.members.front().levelsAtOnce;
  int64_t steps = groups / std::gcd(groups, atOnce);
  int64_t levels = atOnce * steps / groups;
  llvm::SmallVector<std::pair<Value, int64_t>> all;
  for (int64_t level = 0; level < levels; ++level)
    for (const auto &[field, facts] : plan.fields)
      if (comesFromMemory(facts))
        all.push_back({field, level});
  int64_t slots = llvm::divideCeil(all.size(), steps);
  for (int64_t slot = 0; slot < slots; ++slot) {
    RowRun::NextRows rows;
    for (int64_t step = 0; step < steps; ++step)
      rows.push_back(
          all[std::min<size_t>(step * slots + slot, all.size() - 1)]);
    RowRun::Member &member = run.members[slot * run.members.size() / slots];
    member.nextRows.push_back(rows);
    member.nextLevels = levels;
  }
  // Nothing else is asked for but what is only written.
  for (RowRun::Member &member : run.members)
    llvm::erase_if(member.streams, [&](const RowRun::Stream &stream) {
      return plan.fields.find(stream.field)->second.isRead;
    });
}

/// Bytes of the points of the next tile that sweeps ask for, or 0: they are
/// vectors over a few arguments of one type, and rows are read by one tile.
static int64_t measureNextTile(const Plan &plan, const RowPlan &rows,
                               unsigned inner,
                               const StencilToAffineOptions &options) {
  if (plan.isParallel || !plan.tilesAreIndependent || inner != 0)
    return 0;
  std::set<const void *> types;
  int64_t count = 0, bytes = 0;
  for (const auto &[field, facts] : plan.fields)
    if (comesFromMemory(facts)) {
      if (facts.halo.lo[1] || facts.halo.hi[1])
        return 0;
      Type element = facts.type.getElementType();
      types.insert(element.getAsOpaquePointer());
      bytes += element.getIntOrFloatBitWidth() / 8;
      ++count;
    }
  for (const std::vector<RowRun> &runs : rows.groups)
    for (const RowRun &run : runs)
      for (const RowRun::Member &member : run.members)
        if (!member.lanes)
          return 0;
  return types.size() == 1 && count <= options.nextTileFields ? bytes : 0;
}

RowPlan spada::cpu::planRows(const Plan &plan, unsigned inner,
                             int64_t vectorBytes,
                             const StencilToAffineOptions &options) {
  unsigned outer = outerAxis(inner);
  RowPlan rows;
  for (const Group &group : plan.groups) {
    rows.groups.push_back(splitIntoRuns(group));
    bool isInOrder =
        inner != 2 &&
        areInOrder(rows.groups.back(), group.isBackward(),
                   ProgramOp(plan.program).getMinLevels().value_or(0));
    for (RowRun &run : rows.groups.back()) {
      run.hasOwnLevels = isInOrder;
      run.isShared = run.members.size() > 1 && plan.tilesAreIndependent;
      chooseVectors(plan, run, inner, vectorBytes, options);
      if (run.isShared)
        computeLags(run, outer);
      if (jumps(plan, run, outer))
        findStreams(plan, run, outer, group.isBackward());
    }
  }
  rows.nextTileBytes = measureNextTile(plan, rows, inner, options);
  if (rows.nextTileBytes)
    for (std::vector<RowRun> &runs : rows.groups)
      for (RowRun &run : runs)
        planNextRows(plan, run);
  for (const auto &[field, facts] : plan.fields) {
    if (!facts.temporary || (inner != 2 && facts.window != 1))
      continue;
    const RowRun *user = findUser(rows, field);
    if (user && user->isShared)
      rows.windows[field] = llvm::PowerOf2Ceil(countRows(*user, field, outer));
  }
  return rows;
}
