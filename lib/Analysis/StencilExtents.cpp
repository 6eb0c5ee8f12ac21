//===- StencilExtents.cpp - how far a stencil computes and reads ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Walks a program backwards, group by group: what later groups read of a field
// says where the groups that write it have to compute.
//
//===----------------------------------------------------------------------===//

#include "spada/Analysis/StencilExtents.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

stencil::Extent stencil::Extent::get(ExtentAttr attr) {
  if (!attr)
    return {};
  return {{attr.getILo(), attr.getIHi()}, {attr.getJLo(), attr.getJHi()}};
}

ExtentAttr stencil::Extent::getAttr(MLIRContext *context) const {
  return ExtentAttr::get(context, i.lo, i.hi, j.lo, j.hi);
}

stencil::Extent stencil::getExtent(StatementOp statement) {
  return Extent::get(statement.getExtentAttr());
}

bool stencil::isPointVariable(Value field) {
  auto temporary = field.getDefiningOp<TemporaryOp>();
  return temporary && !isa<ProgramOp>(temporary->getParentOp());
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

/// May points from `start` up to `end` lie in `range`? Bounds counted from
/// other ends of the axis than those of `range` depend on the size of the
/// domain and say nothing here.
static bool mayMeet(AxisRange range, BoundAttr start, BoundAttr end) {
  auto isFrom = [](BoundAttr bound, Edge edge) {
    return bound && bound.getEdge() == edge;
  };
  bool belowRange =
      !start || (isFrom(start, Edge::Start) && start.getOffset() < range.lo);
  if (belowRange && isFrom(end, Edge::Start) && end.getOffset() <= range.lo)
    return false;
  bool aboveRange =
      !end || (isFrom(end, Edge::End) && end.getOffset() > range.hi);
  return !(aboveRange && isFrom(start, Edge::End) &&
           start.getOffset() > range.hi);
}

bool stencil::mayMeet(const Extent &extent, RegionAttr region) {
  return ::mayMeet(extent.i, region.getIStart(), region.getIEnd()) &&
         ::mayMeet(extent.j, region.getJStart(), region.getJEnd());
}

/// What the part of `range` between the bounds reaches when moved by `offset`.
/// A bound counted from the other end of the axis cuts that side off: a region
/// at one edge asks for no halo at the other.
static AxisRange reach(AxisRange range, BoundAttr start, BoundAttr end,
                       int64_t offset) {
  AxisRange result;
  if (!start)
    result.lo = std::min<int64_t>(0, range.lo + offset);
  else if (start.getEdge() == Edge::Start)
    result.lo =
        std::min<int64_t>(0, std::max(range.lo, start.getOffset()) + offset);
  if (!end)
    result.hi = std::max<int64_t>(0, range.hi + offset);
  else if (end.getEdge() == Edge::End)
    result.hi =
        std::max<int64_t>(0, std::min(range.hi, end.getOffset()) + offset);
  return result;
}

std::optional<stencil::Extent> stencil::reach(const Extent &extent,
                                              RegionAttr region, int64_t di,
                                              int64_t dj) {
  if (!region)
    return extent.shifted(di, dj);
  if (!mayMeet(extent, region))
    return std::nullopt;
  return Extent{::reach(extent.i, region.getIStart(), region.getIEnd(), di),
                ::reach(extent.j, region.getJStart(), region.getJEnd(), dj)};
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

namespace {
class Computer {
public:
  explicit Computer(StencilExtents &result) : result(result) {}

  void run(ProgramOp program);

private:
  using Group = ArrayRef<StatementOp>;

  void runBackwards(SectionOp section);
  void addGroup(Group group);
  void addAccess(StatementOp statement, Value field, const Extent &extent,
                 int64_t di, int64_t dj);
  void addWrite(StatementOp statement, Value field, const Extent &extent);
  void addSizes(StatementOp statement);
  void addSizes(ReadOp read, unsigned axis, BoundAttr start, BoundAttr end,
                AxisRange points);
  void addVertical(SectionOp section);
  void addVertical(SectionOp section, Value field, int64_t dk);
  void addAccessKinds(StatementOp statement);
  void addKind(Value value, Access kind);

  StencilExtents &result;
  int64_t fromBottom = 0, fromTop = 0, largest = 0;
};
} // namespace

void Computer::addAccess(StatementOp statement, Value field,
                         const Extent &extent, int64_t di, int64_t dj) {
  auto add = [&](RegionAttr region) {
    std::optional<Extent> reached = stencil::reach(extent, region, di, dj);
    if (!reached)
      return;
    auto [place, isNew] = result.fields.try_emplace(field, *reached);
    if (!isNew)
      place->second = place->second.hull(*reached);
  };
  if (std::optional<ArrayAttr> regions = statement.getRegions())
    for (auto region : regions->getAsRange<RegionAttr>())
      add(region);
  else
    add({});
}

/// A statement that writes nothing but arguments needs no point outside the
/// domain: the halo of arguments is never changed.
static bool writesArgumentsOnly(StatementOp statement) {
  bool any = false;
  WalkResult walk = statement.walk([&](WriteOp write) {
    if (isPointVariable(write.getField()))
      return WalkResult::advance();
    any = true;
    return isa<BlockArgument>(write.getField()) ? WalkResult::advance()
                                                : WalkResult::interrupt();
  });
  return any && !walk.wasInterrupted();
}

/// Outside the domain arguments are not changed, so a write asks for nothing
/// there.
void Computer::addWrite(StatementOp statement, Value field,
                        const Extent &extent) {
  if (isPointVariable(field))
    return;
  if (isa<BlockArgument>(field))
    return addAccess(statement, field, {}, 0, 0);
  addAccess(statement, field, extent, 0, 0);
  Extent &computed = result.computed[field];
  computed = computed.hull(extent);
}

void Computer::addGroup(Group group) {
  Extent extent;
  for (StatementOp statement : group)
    statement->walk([&](WriteOp write) {
      if (!isPointVariable(write.getField()))
        extent = extent.hull(result.fields[write.getField()]);
    });
  for (StatementOp statement : group) {
    result.groups[statement] = extent;
    result.statements[statement] =
        writesArgumentsOnly(statement) ? Extent() : extent;
    statement->walk([&](Operation *op) {
      if (auto read = dyn_cast<ReadOp>(op)) {
        if (!isPointVariable(read.getField()))
          addAccess(statement, read.getField(), extent, read.getOffset()[0],
                    read.getOffset()[1]);
      } else if (auto write = dyn_cast<WriteOp>(op)) {
        addWrite(statement, write.getField(), extent);
      }
    });
  }
}

void Computer::runBackwards(SectionOp section) {
  SmallVector<StatementOp> statements(
      section.getBody().front().getOps<StatementOp>());
  size_t end = statements.size();
  while (end > 0) {
    size_t begin = end - 1;
    while (begin > 0 && statements[begin].getJoined())
      --begin;
    addGroup(Group(statements).slice(begin, end - begin));
    end = begin;
  }
}

//===----------------------------------------------------------------------===//
// Levels and access kinds
//===----------------------------------------------------------------------===//

void Computer::addVertical(SectionOp section, Value field, int64_t dk) {
  auto add = [](std::optional<int64_t> &side, int64_t count) {
    side = side ? std::max(*side, count) : count;
  };
  VerticalBoundary &boundary = result.vertical[field];
  if (section.getStart().getEdge() == Edge::Start)
    add(boundary.lower, -(section.getStart().getOffset() + dk));
  if (section.getEnd().getEdge() == Edge::End)
    add(boundary.upper, section.getEnd().getOffset() + dk);
}

void Computer::addVertical(SectionOp section) {
  BoundAttr start = section.getStart(), end = section.getEnd();
  if (end.getEdge() == Edge::Start) {
    fromBottom = std::max(fromBottom, end.getOffset());
    largest = std::max(largest, end.getOffset());
  } else if (start.getEdge() == Edge::End) {
    fromTop = std::max(fromTop, -start.getOffset());
    largest = std::max(largest, -start.getOffset());
  } else if (!section.isFull()) {
    largest = std::max(largest, start.getOffset() - end.getOffset() + 1);
  }
  section.walk([&](Operation *op) {
    if (auto read = dyn_cast<ReadOp>(op)) {
      if (!read.getShift() && !read.getLevel() &&
          !isPointVariable(read.getField()))
        addVertical(section, read.getField(), read.getOffset()[2]);
    } else if (auto write = dyn_cast<WriteOp>(op)) {
      if (!write.getShift() && !isPointVariable(write.getField()))
        addVertical(section, write.getField(), write.getDk());
    }
  });
}

/// A field that is written before any read counts as written only.
void Computer::addKind(Value value, Access kind) {
  auto [place, isNew] = result.accesses.try_emplace(value, kind);
  if (!isNew && kind == Access::Write && place->second == Access::Read)
    place->second = Access::ReadWrite;
}

void Computer::addAccessKinds(StatementOp statement) {
  if (std::optional<ArrayAttr> regions = statement.getRegions())
    if (llvm::none_of(regions->getAsRange<RegionAttr>(),
                      [&](RegionAttr region) {
                        return mayMeet(result.statements[statement], region);
                      }))
      return;
  statement->walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto write = dyn_cast<WriteOp>(op);
    for (Value operand : op->getOperands())
      if (isa<BlockArgument>(operand) &&
          (!write || operand != write.getField()))
        addKind(operand, Access::Read);
    if (write && isa<BlockArgument>(write.getField()))
      addKind(write.getField(), Access::Write);
  });
}

//===----------------------------------------------------------------------===//
// Sizes of the domain
//===----------------------------------------------------------------------===//

/// A region that is counted from one edge reads towards the other one: the
/// extents say nothing of that side.
/// \p points  where the statement reads.
void Computer::addSizes(ReadOp read, unsigned axis, BoundAttr start,
                        BoundAttr end, AxisRange points) {
  Value field = read.getField();
  if (!cast<FieldType>(field.getType()).hasAxis(axis))
    return;
  Extent extent = isa<BlockArgument>(field) ? result.fields.lookup(field)
                                            : result.computed.lookup(field);
  AxisRange held = axis == 0 ? extent.i : extent.j;
  int64_t offset = read.getOffset()[axis];
  if (end && end.getEdge() == Edge::Start && points.hi + offset > held.hi) {
    // Points are there while `first < n + points.hi`.
    int64_t first = start && start.getEdge() == Edge::Start
                        ? std::max(start.getOffset(), points.lo)
                        : points.lo;
    result.unsafeSizes.push_back(
        {read, axis, first - points.hi, end.getOffset() + offset - held.hi});
  }
  if (start && start.getEdge() == Edge::End && points.lo + offset < held.lo) {
    int64_t last = end && end.getEdge() == Edge::End
                       ? std::min(end.getOffset(), points.hi)
                       : points.hi;
    result.unsafeSizes.push_back(
        {read, axis, points.lo - last, held.lo - start.getOffset() - offset});
  }
}

void Computer::addSizes(StatementOp statement) {
  std::optional<ArrayAttr> regions = statement.getRegions();
  if (!regions)
    return;
  Extent points = result.statements.lookup(statement);
  statement->walk([&](ReadOp read) {
    if (!isPointVariable(read.getField()))
      for (auto region : regions->getAsRange<RegionAttr>()) {
        addSizes(read, 0, region.getIStart(), region.getIEnd(), points.i);
        addSizes(read, 1, region.getJStart(), region.getJEnd(), points.j);
      }
  });
}

void Computer::run(ProgramOp program) {
  SmallVector<SectionOp> sections(
      program.getBody().front().getOps<SectionOp>());
  for (SectionOp section : llvm::reverse(sections))
    runBackwards(section);
  for (SectionOp section : sections) {
    if (section.getBody().front().empty())
      continue;
    addVertical(section);
    for (auto statement : section.getBody().front().getOps<StatementOp>()) {
      addAccessKinds(statement);
      addSizes(statement);
    }
  }
  llvm::erase_if(result.unsafeSizes, [](const UnsafeSizes &sizes) {
    return std::max<int64_t>(sizes.above + 1, 1) >= sizes.below;
  });
  result.minLevels = std::max(fromBottom + fromTop, largest);
}

StencilExtents stencil::computeExtents(ProgramOp program) {
  StencilExtents result;
  Computer(result).run(program);
  return result;
}

BoundaryAttr StencilExtents::getBoundary(BlockArgument argument) const {
  auto type = cast<FieldType>(argument.getType());
  Extent extent;
  VerticalBoundary levels;
  auto access = accesses.find(argument);
  if (access != accesses.end() && access->second != Access::None) {
    extent = fields.lookup(argument);
    levels = vertical.lookup(argument);
  }
  AxisRange i = type.hasI() ? extent.i : AxisRange(),
            j = type.hasJ() ? extent.j : AxisRange();
  int64_t lower = type.hasK() ? levels.lower.value_or(0) : 0;
  int64_t upper = type.hasK() ? levels.upper.value_or(0) : 0;
  return BoundaryAttr::get(argument.getContext(), -i.lo, i.hi, -j.lo, j.hi,
                           lower, upper);
}
