//===- Rows.cpp - statements that follow each other row by row ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// If a statement touches row x + d of a field when it computes row x, and an
// earlier one touches row x + e, one of them writing, then everything the
// earlier one does to a row comes first: lag + e <= lag' + d for the row in
// question, that is lag' >= lag + d - e.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/StencilToAffine/Rows.h"

#include "llvm/Support/MathExtras.h"

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
}

RowPlan spada::cpu::planRows(const Plan &plan, unsigned inner,
                             int64_t vectorBytes,
                             const StencilToAffineOptions &options) {
  unsigned outer = outerAxis(inner);
  RowPlan rows;
  for (const Group &group : plan.groups) {
    rows.groups.push_back(splitIntoRuns(group));
    for (RowRun &run : rows.groups.back()) {
      run.isShared = run.members.size() > 1 && plan.tilesAreIndependent;
      chooseVectors(plan, run, inner, vectorBytes, options);
      if (run.isShared)
        computeLags(run, outer);
      if (jumps(plan, run, outer))
        findStreams(plan, run, outer, group.isBackward());
    }
  }
  for (const auto &[field, facts] : plan.fields) {
    if (!facts.temporary || (inner != 2 && facts.window != 1))
      continue;
    const RowRun *user = findUser(rows, field);
    if (user && user->isShared)
      rows.windows[field] = llvm::PowerOf2Ceil(countRows(*user, field, outer));
  }
  return rows;
}
