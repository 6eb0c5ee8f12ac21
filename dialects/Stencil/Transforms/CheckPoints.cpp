//===- CheckPoints.cpp - races and gaps between points of a plane ---------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Horizontal offsets: rules 2 and 3 of section 13 of the GTScript language
// reference, and temporaries that are read where nobody computed them.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Check.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace {
class PointChecker {
public:
  explicit PointChecker(const CheckContext &context) : context(context) {}

  LogicalResult run();

private:
  using Sites = ArrayRef<Site>;

  void checkSection(const SectionSites &section);
  void reportOffset(const Site &write, const Site &read, bool isTemporary);
  void checkWritten(BlockArgument argument);
  void explain(InFlightDiagnostic &error, const Site &read);
  void checkComputed(const SectionSites &section, Value field, Sites sites);
  bool checkComputed(const SectionSites &section, const Site &write,
                     const Site &read);
  void reportComputed(const Site &write, const Site &read, bool isCarried);

  const CheckContext &context;
  DenseSet<Value> written; ///< in sections before the one at hand
  bool isFailed = false;
};
} // namespace

//===----------------------------------------------------------------------===//
// Written and read in one section
//===----------------------------------------------------------------------===//

void PointChecker::reportOffset(const Site &write, const Site &read,
                                bool isTemporary) {
  isFailed = true;
  StringRef name = getFieldName(read.access.field);
  InFlightDiagnostic error = emitError(read.getLoc());
  error << (isTemporary ? "temporary '" : "argument '") << name
        << "' is read with the horizontal offset " << offsetText(read.access)
        << " in a section that also writes it";
  error.attachNote(write.getLoc()) << "'" << name << "' is written here";
  error.attachNote(read.getLoc())
      << "hint: " << (isTemporary ? "assign the new values" : "write")
      << " to another field, or read a copy that an earlier computation made";
}

void PointChecker::checkSection(const SectionSites &section) {
  for (const auto &[field, sites] : section.fields) {
    const Site *write = nullptr, *read = nullptr;
    for (const Site &site : sites) {
      if (site.access.isWrite && !write)
        write = &site;
      if (!site.access.isWrite && site.access.hasHorizontalOffset() && !read)
        read = &site;
    }
    bool isTemporary = !isa<BlockArgument>(field);
    if (write && read && (!isTemporary || written.contains(field)))
      reportOffset(*write, *read, isTemporary);
    else if (isTemporary && write)
      checkComputed(section, field, sites);
  }
  for (const auto &[field, sites] : section.fields)
    if (llvm::any_of(sites, [](const Site &s) { return s.access.isWrite; }))
      written.insert(field);
}

//===----------------------------------------------------------------------===//
// Arguments that are written and needed at other points
//===----------------------------------------------------------------------===//

/// What reading by `read` reaches.
static Extent reached(const StencilExtents &extents, const Site &read) {
  Extent points = extents.groups.lookup(read.statement), result;
  auto add = [&](RegionAttr region) {
    if (std::optional<Extent> part =
            reach(points, region, read.access.di, read.access.dj))
      result = result.hull(*part);
  };
  if (std::optional<ArrayAttr> regions = read.statement.getRegions())
    for (auto region : regions->getAsRange<RegionAttr>())
      add(region);
  else
    add({});
  return result;
}

/// Names the reads that make `read` ask for points outside of the domain.
void PointChecker::explain(InFlightDiagnostic &error, const Site &read) {
  Site current = read;
  constexpr unsigned mostSteps = 8;
  for (unsigned step = 0; step < mostSteps; ++step) {
    if (context.extents.groups.lookup(current.statement) == Extent())
      return;
    // The group is extended because a later one reads what it writes.
    DenseSet<Value> results;
    for (const SectionSites &section : context.sections)
      for (const auto &[field, sites] : section.fields)
        for (const Site &site : sites)
          if (site.group == current.group && site.access.isWrite)
            results.insert(field);
    std::optional<Site> next;
    for (const SectionSites &section : context.sections)
      for (const auto &[field, sites] : section.fields)
        for (const Site &site : sites)
          if (!next && results.contains(field) && !site.access.isWrite &&
              site.group > current.group &&
              reached(context.extents, site) != Extent())
            next = site;
    if (!next)
      return;
    error.attachNote(next->getLoc())
        << "extended because '" << getFieldName(next->access.field)
        << "' is needed here at " << offsetText(next->access);
    current = *next;
  }
}

void PointChecker::checkWritten(BlockArgument argument) {
  if (context.extents.fields.lookup(argument) == Extent())
    return;
  std::optional<Site> read, write;
  for (const SectionSites &section : context.sections) {
    auto sites = section.fields.find(argument);
    if (sites == section.fields.end())
      continue;
    for (const Site &site : sites->second) {
      if (site.access.isWrite && !write)
        write = site;
      if (!site.access.isWrite && !read &&
          reached(context.extents, site) != Extent())
        read = site;
    }
  }
  if (!read || !write)
    return;
  isFailed = true;
  StringRef name = getFieldName(argument);
  InFlightDiagnostic error = emitError(read->getLoc());
  error << "argument '" << name
        << "' is written, but its values at other points are needed here, at "
        << offsetText(read->access);
  explain(error, *read);
  error.attachNote(write->getLoc()) << "'" << name << "' is written here";
  error.attachNote(read->getLoc())
      << "hint: write the result to another argument";
}

//===----------------------------------------------------------------------===//
// Temporaries that are read where they are not computed
//===----------------------------------------------------------------------===//

void PointChecker::reportComputed(const Site &write, const Site &read,
                                  bool isCarried) {
  isFailed = true;
  StringRef name = getFieldName(read.access.field);
  InFlightDiagnostic error = emitError(read.getLoc());
  error << "temporary '" << name << "' is read here, at "
        << offsetText(read.access) << ", at points where "
        << (isCarried ? "the levels before did not compute it"
                      : "its own statement does not compute it");
  error.attachNote(write.getLoc()) << "'" << name << "' is computed here";
  error.attachNote(read.getLoc())
      << (isCarried ? "hint: a horizontal offset that is carried from level "
                      "to level needs more points with each level; read "
                      "another field at the neighbours"
                    : "hint: close the conditional before this statement");
}

/// Does `read` see what `write` of the same section stored at points where it
/// did not? Within other groups before `read` the extents see to it.
bool PointChecker::checkComputed(const SectionSites &section, const Site &write,
                                 const Site &read) {
  auto type = cast<FieldType>(read.access.field.getType());
  Order order = section.section.getOrder();
  int64_t ahead = read.access.dk - write.access.dk;
  bool isCarried =
      order != Order::Parallel &&
      !LevelRange::get(section.section).isSingle() &&
      (!type.hasK() || read.access.isAnyLevel || write.access.isAnyLevel ||
       (order == Order::Forward ? ahead < 0 : ahead > 0));
  bool isSameGroup =
      read.group == write.group && ahead == 0 && write.position < read.position;
  if (!isCarried && !isSameGroup)
    return true;
  Extent needed = reached(context.extents, read);
  Extent computed = context.extents.statements.lookup(write.statement);
  auto isHeld = [&](RegionAttr region) {
    std::optional<Extent> part = reach(needed, region, 0, 0);
    return !part || computed.contains(*part);
  };
  std::optional<ArrayAttr> regions = write.statement.getRegions();
  bool holds = regions ? llvm::all_of(regions->getAsRange<RegionAttr>(), isHeld)
                       : isHeld({});
  if (!holds)
    reportComputed(write, read, isCarried);
  return holds;
}

void PointChecker::checkComputed(const SectionSites &section, Value field,
                                 Sites sites) {
  // Reads that look alike are looked at once, and so are writes.
  auto isLike = [](const Site &one, const Site &other) {
    return one.statement == other.statement &&
           one.access.di == other.access.di &&
           one.access.dj == other.access.dj &&
           one.access.dk == other.access.dk &&
           one.access.isAnyLevel == other.access.isAnyLevel;
  };
  SmallVector<const Site *> reads, writes;
  for (const Site &site : sites) {
    auto &list = site.access.isWrite ? writes : reads;
    if (list.empty() || !isLike(*list.back(), site))
      list.push_back(&site);
  }
  auto extentOf = [&](const Site *site) {
    return context.extents.statements.lookup(site->statement);
  };
  // The smallest of the extents decides where writes are many.
  bool areAlike = llvm::all_of(writes, [&](const Site *write) {
    return extentOf(write) == extentOf(writes.front()) &&
           write->access.dk == writes.front()->access.dk &&
           !write->access.isAnyLevel && !write->statement.getRegions();
  });
  for (const Site *read : reads) {
    const Site *last = nullptr;
    for (const Site *write : writes) {
      // Alike writes differ by the group only.
      if (areAlike && last && write->group != read->group)
        continue;
      last = write;
      if (!checkComputed(section, *write, *read))
        return;
    }
  }
}

LogicalResult PointChecker::run() {
  for (const SectionSites &section : context.sections)
    checkSection(section);
  if (isFailed)
    return failure();
  for (BlockArgument argument : context.program.getArguments())
    if (isa<FieldType>(argument.getType()))
      checkWritten(argument);
  return failure(isFailed);
}

LogicalResult stencil::checkPoints(const CheckContext &context) {
  return PointChecker(context).run();
}
