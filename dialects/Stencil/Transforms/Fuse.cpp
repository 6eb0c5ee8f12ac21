//===- Fuse.cpp - merge sections and statements ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Order is kept wherever two statements touch the same field in a way that
// other points or levels could see.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "spada/Analysis/StencilAccesses.h"
#include "spada/Analysis/StencilExtents.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILFUSEPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

//===----------------------------------------------------------------------===//
// Statements of one section
//===----------------------------------------------------------------------===//

namespace {
/// The last of the clusters so far that touch a field.
struct LastUse {
  int write = -1, centered = -1, offset = -1; ///< `offset`: reads elsewhere
};

/// Packs the statements of a section into as few as the order allows.
class StatementFuser {
public:
  explicit StatementFuser(SectionOp section)
      : isParallel(section.isParallel()), section(section) {}

  unsigned run();

private:
  /// Is `access` at the point's own place, so that two bodies run one after
  /// the other at a point give what two planes give?
  bool isOwn(const FieldAccess &access) const {
    return !access.hasHorizontalOffset() &&
           !(isParallel && access.hasVerticalOffset());
  }
  int firstPlace(ArrayRef<FieldAccess> accesses) const;
  void note(ArrayRef<FieldAccess> accesses, int place);

  bool isParallel;
  SectionOp section;
  SmallVector<StatementOp> clusters;
  DenseMap<Value, LastUse> uses;
  /// The last cluster that computes at the same points.
  DenseMap<std::pair<Attribute, Attribute>, int> latest;
};
} // namespace

/// The first cluster that may hold these accesses; as many as there are
/// clusters when only a new one may.
int StatementFuser::firstPlace(ArrayRef<FieldAccess> accesses) const {
  int place = 0;
  for (const FieldAccess &access : accesses) {
    auto found = uses.find(access.field);
    if (found == uses.end())
      continue;
    const LastUse &last = found->second;
    if (access.isWrite)
      place = std::max({place, last.write, last.centered, last.offset + 1});
    else
      place = std::max(place, last.write + (isOwn(access) ? 0 : 1));
  }
  return place;
}

void StatementFuser::note(ArrayRef<FieldAccess> accesses, int place) {
  for (const FieldAccess &access : accesses) {
    LastUse &last = uses[access.field];
    int &entry = access.isWrite  ? last.write
                 : isOwn(access) ? last.centered
                                 : last.offset;
    entry = std::max(entry, place);
  }
}

unsigned StatementFuser::run() {
  unsigned merged = 0;
  for (auto statement :
       llvm::make_early_inc_range(section.getBody().getOps<StatementOp>())) {
    SmallVector<FieldAccess> accesses = collectAccesses(statement);
    Attribute extent = getExtent(statement).getAttr(section.getContext());
    std::pair<Attribute, Attribute> key(extent, statement.getRegionsAttr());
    int place = firstPlace(accesses);
    auto found = latest.find(key);
    if (found != latest.end() && found->second >= place) {
      place = found->second;
      Block &target = clusters[place].getBody().front();
      target.getOperations().splice(
          target.end(), statement.getBody().front().getOperations());
      statement.erase();
      ++merged;
    } else {
      place = clusters.size();
      clusters.push_back(statement);
      statement.setJoined(false);
      latest[key] = place;
    }
    note(accesses, place);
  }
  return merged;
}

//===----------------------------------------------------------------------===//
// Sections
//===----------------------------------------------------------------------===//

namespace {
/// How a section touches a field, over all of its statements.
struct LevelUse {
  bool isRead = false, isWritten = false;
  bool isAnyLevel = false; ///< or has no levels at all
  int64_t readLo = INT64_MAX, readHi = INT64_MIN;
  int64_t writeLo = INT64_MAX, writeHi = INT64_MIN;

  void add(const FieldAccess &access);
};

using LevelUses = llvm::MapVector<Value, LevelUse>;
} // namespace

void LevelUse::add(const FieldAccess &access) {
  isAnyLevel |=
      access.isAnyLevel || !cast<FieldType>(access.field.getType()).hasK();
  (access.isWrite ? isWritten : isRead) = true;
  int64_t &lo = access.isWrite ? writeLo : readLo;
  int64_t &hi = access.isWrite ? writeHi : readHi;
  lo = std::min(lo, access.dk);
  hi = std::max(hi, access.dk);
}

static LevelUses collectLevels(SectionOp section) {
  LevelUses uses;
  for (const FieldAccess &access : collectAccesses(section))
    uses[access.field].add(access);
  return uses;
}

/// All accesses at `firstLo..firstHi` of a level come before those at
/// `secondLo..secondHi` of any level. Does one sweep in `order` over both, the
/// first ones before the second ones at each level, keep that?
static bool keepsOrder(Order order, int64_t firstLo, int64_t firstHi,
                       int64_t secondLo, int64_t secondHi) {
  // Level k + a is met again as k' + b; k must not come after k'.
  if (order == Order::Forward)
    return firstLo >= secondHi;
  if (order == Order::Backward)
    return firstHi <= secondLo;
  return true;
}

static bool canInterleave(Order order, const LevelUses &first,
                          const LevelUses &second) {
  for (const auto &[field, before] : first) {
    auto found = second.find(field);
    if (found == second.end())
      continue;
    const LevelUse &after = found->second;
    if (!before.isWritten && !after.isWritten)
      continue;
    if (before.isAnyLevel || after.isAnyLevel)
      return false;
    if (before.isWritten && after.isRead &&
        !keepsOrder(order, before.writeLo, before.writeHi, after.readLo,
                    after.readHi))
      return false;
    if (before.isRead && after.isWritten &&
        !keepsOrder(order, before.readLo, before.readHi, after.writeLo,
                    after.writeHi))
      return false;
    if (before.isWritten && after.isWritten &&
        !keepsOrder(order, before.writeLo, before.writeHi, after.writeLo,
                    after.writeHi))
      return false;
  }
  return true;
}

/// May a `parallel` section run level by level? Not when a field that it writes
/// is touched at another level (which one static level allows).
static bool canSweep(const LevelUses &uses) {
  return llvm::all_of(uses, [](const auto &entry) {
    const LevelUse &use = entry.second;
    return !use.isWritten ||
           (!use.isAnyLevel &&
            (!use.isRead || (use.readLo == 0 && use.readHi == 0)));
  });
}

/// The order in which two neighbours can run as one.
static std::optional<Order> commonOrder(SectionOp first, SectionOp second,
                                        bool mixed) {
  if (LevelRange::get(first) != LevelRange::get(second))
    return std::nullopt;
  Order a = first.getOrder(), b = second.getOrder();
  if (a == Order::Parallel && b == Order::Parallel)
    return a;
  LevelUses before = collectLevels(first), after = collectLevels(second);
  if (a != b) {
    bool sweeps = a == Order::Parallel   ? canSweep(before)
                  : b == Order::Parallel ? canSweep(after)
                                         : false;
    if (!mixed || !sweeps)
      return std::nullopt;
  }
  Order order = a == Order::Parallel ? b : a;
  return canInterleave(order, before, after) ? std::optional(order)
                                             : std::nullopt;
}

static unsigned fuseSections(ProgramOp program, bool mixed) {
  unsigned merged = 0;
  SectionOp last;
  for (auto section :
       llvm::make_early_inc_range(program.getBody().getOps<SectionOp>())) {
    std::optional<Order> order;
    if (last)
      order = commonOrder(last, section, mixed);
    if (!order) {
      last = section;
      continue;
    }
    last.setOrder(*order);
    Block &target = last.getBody().front();
    // Values between the sections are constants; they must stand before uses.
    for (Operation &op : llvm::make_early_inc_range(llvm::make_range(
             std::next(last->getIterator()), section->getIterator())))
      op.moveBefore(last);
    target.getOperations().splice(target.end(),
                                  section.getBody().front().getOperations());
    section.erase();
    ++merged;
  }
  return merged;
}

FuseCount spada::stencil::fuse(ProgramOp program, bool mixed) {
  FuseCount count;
  count.sections = fuseSections(program, mixed);
  for (auto section : program.getBody().getOps<SectionOp>())
    count.statements += StatementFuser(section).run();
  return count;
}

namespace {
struct Fuse : spada::stencil::impl::StencilFusePassBase<Fuse> {
  using StencilFusePassBase::StencilFusePassBase;
  void runOnOperation() override {
    FuseCount count = fuse(getOperation(), mixed);
    numSections += count.sections;
    numStatements += count.statements;
  }
};
} // namespace
