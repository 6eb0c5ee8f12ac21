//===- CheckLevels.cpp - races and gaps between levels --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Vertical offsets: rule 4 of section 13 of the GTScript language reference,
// and temporaries that are read at levels where nobody wrote them.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Check.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <cstdlib>

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace {
using Ranges = SmallVector<LevelRange, 4>;

class LevelChecker {
public:
  explicit LevelChecker(const CheckContext &context);

  LogicalResult run();

private:
  using Sites = ArrayRef<Site>;

  void checkParallel(const SectionSites &section, Value field, Sites sites);
  void checkWritten(const SectionSites &section, Value field, Sites sites);
  void checkRead(const SectionSites &section, const Site &read, Sites sites);
  Ranges availableTo(const SectionSites &section, const Site &read,
                     Sites sites) const;
  void reportLevel(const Site &read, LevelRange levels, const Ranges &available,
                   int64_t small, int64_t large);
  void attachWrites(InFlightDiagnostic &diagnostic, Value field);

  const CheckContext &context;
  /// Sizes of the domain that stand for all: the smallest, and one with room
  /// between what is counted from the bottom and from the top.
  int64_t smallSize = 1, largeSize = 1;
  DenseMap<Value, Ranges> written; ///< in sections before the one at hand
  bool isFailed = false;
};
} // namespace

LevelChecker::LevelChecker(const CheckContext &context) : context(context) {
  smallSize = std::max<int64_t>(context.extents.minLevels, 1);
  int64_t reach = smallSize;
  for (const SectionSites &section : context.sections) {
    LevelRange levels = LevelRange::get(section.section);
    reach = std::max({reach, std::abs(levels.start), std::abs(levels.end)});
    for (const auto &[field, sites] : section.fields)
      for (const Site &site : sites)
        reach = std::max(reach, std::abs(site.access.dk));
  }
  largeSize = 4 * reach + 4;
  if (std::optional<ArrayRef<int64_t>> domain = context.program.getDomain())
    smallSize = largeSize = (*domain)[2];
}

//===----------------------------------------------------------------------===//
// Parallel sections
//===----------------------------------------------------------------------===//

void LevelChecker::checkParallel(const SectionSites &section, Value field,
                                 Sites sites) {
  if (!section.section.isParallel() ||
      LevelRange::get(section.section).isSingle())
    return;
  const Site *write = nullptr, *read = nullptr;
  for (const Site &site : sites) {
    if (site.access.isWrite && !write)
      write = &site;
    if (!site.access.isWrite && site.access.hasVerticalOffset() && !read)
      read = &site;
  }
  if (!write || !read)
    return;
  isFailed = true;
  StringRef name = getFieldName(field);
  InFlightDiagnostic error = emitError(read->getLoc());
  error << "'" << name << "' is read at "
        << (read->access.isAnyLevel ? "a level known at run time only"
                                    : "another level")
        << ", " << offsetText(read->access)
        << ", in a PARALLEL section that also writes it";
  error.attachNote(write->getLoc()) << "'" << name << "' is written here";
  error.attachNote(read->getLoc())
      << "hint: use computation(FORWARD) or computation(BACKWARD), or read in "
         "a computation of its own";
}

//===----------------------------------------------------------------------===//
// Levels that are read and not written
//===----------------------------------------------------------------------===//

/// The lowest level of `levels` that is in none of `available`, in a domain of
/// `size` levels.
static std::optional<int64_t>
firstMissing(LevelRange levels, const Ranges &available, int64_t size) {
  auto [level, end] = levels.at(size);
  while (level < end) {
    int64_t next = level;
    for (LevelRange range : available) {
      auto [lo, hi] = range.at(size);
      if (lo <= next && next < hi)
        next = hi;
    }
    if (next == level)
      return level;
    level = next;
  }
  return std::nullopt;
}

Ranges LevelChecker::availableTo(const SectionSites &section, const Site &read,
                                 Sites sites) const {
  Ranges ranges = written.lookup(read.access.field);
  Order order = section.section.getOrder();
  LevelRange levels = LevelRange::get(section.section);
  for (const Site &site : sites) {
    if (!site.access.isWrite)
      continue;
    if (site.access.isAnyLevel) { // may write anything
      ranges.push_back({Edge::Start, -largeSize, Edge::End, largeSize});
      continue;
    }
    int64_t ahead = read.access.dk - site.access.dk;
    bool isEarlier = (order == Order::Forward && ahead < 0) ||
                     (order == Order::Backward && ahead > 0) ||
                     (ahead == 0 && site.position < read.position);
    LevelRange range = levels.shifted(site.access.dk);
    if (isEarlier && !llvm::is_contained(ranges, range))
      ranges.push_back(range);
  }
  return ranges;
}

void LevelChecker::attachWrites(InFlightDiagnostic &diagnostic, Value field) {
  constexpr unsigned mostNotes = 4;
  unsigned notes = 0;
  for (const SectionSites &section : context.sections) {
    auto sites = section.fields.find(field);
    if (sites == section.fields.end() || notes == mostNotes)
      continue;
    const auto *write = llvm::find_if(
        sites->second, [](const Site &site) { return site.access.isWrite; });
    if (write == sites->second.end())
      continue;
    ++notes;
    diagnostic.attachNote(write->getLoc())
        << "'" << getFieldName(field) << "' is written here";
  }
}

/// `level 2`, `level -1 (below the domain)`, `the level 1 from the top`.
static std::string levelText(int64_t level, LevelRange levels, int64_t size) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (level < 0)
    os << "level " << level << ", below the domain";
  else if (level >= size)
    os << level - size + 1 << " above the top level of the domain";
  else if (levels.startEdge == Edge::Start && level < size / 2)
    os << "level " << level;
  else
    os << "level " << level - size << ", counted from the top";
  return text;
}

/// \p small, large  sizes of the domain in which a level is missing; 0 where
/// none is.
void LevelChecker::reportLevel(const Site &read, LevelRange levels,
                               const Ranges &available, int64_t small,
                               int64_t large) {
  int64_t size = large ? large : small;
  int64_t level = *firstMissing(levels, available, size);
  bool isOutside = level < 0 || level >= size;
  bool isSure = small && large && (isOutside || !read.access.isConditional);
  isFailed |= isSure;
  InFlightDiagnostic diagnostic =
      isSure ? emitError(read.getLoc()) : emitWarning(read.getLoc());
  diagnostic << "temporary '" << getFieldName(read.access.field)
             << "' is read at " << levelText(level, levels, size)
             << (isOutside ? "" : ", where nothing was written before");
  if (!large)
    diagnostic << ", in a domain of " << small << " levels";
  else if (!small)
    diagnostic << ", unless the domain is small";
  attachWrites(diagnostic, read.access.field);
  diagnostic.attachNote(read.getLoc())
      << "hint: " << (isOutside ? "shorten the interval of this read" : "write")
      << (isOutside ? " or read another level" : " all levels first")
      << (isOutside ? "" : ", or shorten the interval of this read");
}

void LevelChecker::checkRead(const SectionSites &section, const Site &read,
                             Sites sites) {
  auto type = cast<FieldType>(read.access.field.getType());
  if (read.access.isAnyLevel || !type.hasK())
    return;
  LevelRange levels = LevelRange::get(section.section).shifted(read.access.dk);
  Ranges available = availableTo(section, read, sites);
  bool small = firstMissing(levels, available, smallSize).has_value();
  bool large = firstMissing(levels, available, largeSize).has_value();
  if (small || large)
    reportLevel(read, levels, available, small ? smallSize : 0,
                large ? largeSize : 0);
}

void LevelChecker::checkWritten(const SectionSites &section, Value field,
                                Sites sites) {
  // Reads of one offset differ only by the writes that stand before them: the
  // first sees the fewest.
  DenseSet<int64_t> seen;
  for (const Site &site : sites)
    if (!site.access.isWrite && seen.insert(site.access.dk).second)
      checkRead(section, site, sites);
}

LogicalResult LevelChecker::run() {
  for (const SectionSites &section : context.sections) {
    for (const auto &[field, sites] : section.fields) {
      checkParallel(section, field, sites);
      if (!isa<BlockArgument>(field))
        checkWritten(section, field, sites);
    }
    LevelRange levels = LevelRange::get(section.section);
    for (const auto &[field, sites] : section.fields)
      for (const Site &site : sites) {
        if (!site.access.isWrite)
          continue;
        LevelRange range = levels.shifted(site.access.dk);
        if (site.access.isAnyLevel)
          range = {Edge::Start, -largeSize, Edge::End, largeSize};
        Ranges &ranges = written[field];
        if (!llvm::is_contained(ranges, range))
          ranges.push_back(range);
      }
  }
  return failure(isFailed);
}

LogicalResult stencil::checkLevels(const CheckContext &context) {
  return LevelChecker(context).run();
}
