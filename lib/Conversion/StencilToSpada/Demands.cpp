//===- Demands.cpp - which values of other PEs are needed -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// See Demands.h.
//
//===----------------------------------------------------------------------===//

#include "Demands.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace spada;
using namespace spada::wafer;

stencil::ReadOp Demands::remoteRead(Value value) const {
  auto read = value.getDefiningOp<stencil::ReadOp>();
  if (!read || (read.getOffset()[0] == 0 && read.getOffset()[1] == 0))
    return {};
  const Column *column = columns.fields.lookup(read.getField());
  if (!column)
    return {};
  // A PE holds its own copy of what does not change along the offset.
  auto type = read.getField().getType();
  bool moves = (read.getOffset()[0] != 0 && type.hasI()) ||
               (read.getOffset()[1] != 0 && type.hasJ());
  return moves ? read : stencil::ReadOp();
}

Place Demands::placeOf(stencil::ReadOp read) {
  const Column *column = columns.fields.lookup(read.getField());
  return {column, versions[column], read.getOffset()[0], read.getOffset()[1]};
}

/// The same column seen from `distance` steps along an axis, or nothing for
/// places that are on none.
static std::optional<Place> onAxis(Place place, int64_t distance) {
  if ((place.di == 0) == (place.dj == 0))
    return std::nullopt;
  int64_t &offset = place.di != 0 ? place.di : place.dj;
  offset = offset > 0 ? distance : -distance;
  return place;
}

int64_t Demands::reachOf(const Place &place) const {
  std::optional<Place> first = onAxis(place, 1);
  auto it = first ? reaches.find(*first) : reaches.end();
  bool isReached = it != reaches.end() &&
                   std::abs(place.di) + std::abs(place.dj) <= it->second;
  return isReached ? it->second : 1;
}

SmallVector<Place> Demands::reachedWith(const Place &place) const {
  SmallVector<Place> places;
  for (int64_t distance = 1; distance <= reachOf(place); ++distance)
    places.push_back(*onAxis(place, distance));
  return places;
}

/// Every sender must reach all PEs of its row, and all readers must be reached.
bool Demands::canCast(const Place &first, int64_t reach) const {
  for (int64_t distance = 1; distance <= reach; ++distance) {
    auto it = demands.find(*onAxis(first, distance));
    if (it == demands.end())
      return false;
    const Rect &needed = it->second.needed, &grid = columns.grid;
    int64_t behind = reach - distance;
    // The last receiver of the sender of each reader.
    Rect last = {needed.i.shifted(first.di < 0 ? behind
                                  : first.di   ? -behind
                                               : 0),
                 needed.j.shifted(first.dj < 0 ? behind
                                  : first.dj   ? -behind
                                               : 0)};
    if (!grid.contains(last))
      return false;
  }
  return true;
}

/// A value that is needed 1, 2, ... steps away along an axis is sent once. What
/// can share a line is chosen together.
void Demands::chooseCasts() {
  llvm::MapVector<std::tuple<Type, int64_t, int64_t, int64_t>,
                  SmallVector<Place>>
      lines;
  for (auto &[place, wanted] : demands) {
    if (onAxis(place, 1) != place)
      continue;
    int64_t reach = 1;
    while (canCast(place, reach + 1))
      ++reach;
    bool isLonger = demands.count(*onAxis(place, reach + 1));
    if (reach > 1 && !isLonger)
      lines[{place.column->element, place.di, place.dj, reach}].push_back(
          place);
  }
  for (auto &[line, places] : lines) {
    for (const Place &place : places)
      reaches[place] = std::get<3>(line);
    if (!fits())
      for (const Place &place : places)
        reaches.erase(place);
  }
}

/// Where the value passes last on its way, along J after along I; the PE that
/// has it when it comes on a line of its own.
Place Demands::nearer(const Place &place) const {
  Place next = place;
  if (direct.count({place.di, place.dj}) || reachOf(place) > 1) {
    next.di = next.dj = 0;
    return next;
  }
  int64_t &last = next.dj != 0 ? next.dj : next.di;
  last -= last > 0 ? 1 : -1;
  return next;
}

Demand &Demands::demand(const Place &place, Span levels, const Rect &needed) {
  auto [it, isNew] = demands.try_emplace(place);
  it->second.needed = isNew ? needed : it->second.needed.hull(needed);
  it->second.levels = isNew ? levels : it->second.levels.hull(levels);
  return it->second;
}

/// Cycles until a PE has the value. On a line of its own every link carries as
/// many columns as the way is long on its axis.
int64_t Demands::costOf(const Place &place, int64_t elements,
                        bool isDirect) const {
  int64_t i = std::abs(place.di), j = std::abs(place.dj);
  int64_t start = 2 * machine.rampLatencyCycles + machine.vectorStartupCycles;
  if (isDirect)
    return elements * std::max(i, j) + start +
           (i + j) * machine.hopLatencyCycles;
  return (i + j) * (elements + start + machine.hopLatencyCycles);
}

/// Ids that are left for tasks besides `colors`.
static int64_t taskIds(const Machine &machine, int64_t colors) {
  int64_t ids = machine.localTaskIds.size();
  if (!machine.localTaskIdsShareColors)
    return ids;
  int64_t others = llvm::count_if(machine.programColors, [&](int64_t color) {
    return !llvm::is_contained(machine.localTaskIds, color);
  });
  return ids - std::max<int64_t>(0, colors - others);
}

/// Lines that the demands need with the choice so far fit the queues of a PE
/// and the colors.
bool Demands::fits() const {
  std::set<std::tuple<const void *, int64_t, int64_t, int64_t>> lines;
  for (const auto &entry : demands)
    for (Place place = entry.first; place.di != 0 || place.dj != 0;) {
      Place before = nearer(place);
      int64_t reach = reachOf(place);
      Place line = reach > 1 ? *onAxis(place, 1) : place;
      lines.insert({place.column->element.getAsOpaquePointer(),
                    line.di - before.di, line.dj - before.dj, reach});
      place = before;
    }
  int64_t colors = 0, inputs = 0, casts = 0, longest = 1;
  for (auto [type, di, dj, reach] : lines) {
    colors += reach > 1 ? reach + 1 : (std::abs(di) + 1) * (std::abs(dj) + 1);
    inputs += reach;
    casts += reach > 1 ? reach : 0;
    longest = std::max(longest, reach);
  }
  // Sends, and the receives of one multicast, may all be under way at once,
  // each waited for by a task; two more tasks serve all other waits. Such a
  // receive needs a microthread; others run in the waiting task.
  int64_t sends = lines.size(), received = longest > 1 ? longest : 0;
  bool hasMicrothreads =
      machine.microthreadIsQueue
          ? sends + casts <= int64_t(machine.inputQueues.size())
          : sends + received < machine.microthreads;
  return hasMicrothreads && sends + received + 2 <= taskIds(machine, colors) &&
         inputs <= static_cast<int64_t>(machine.inputQueues.size()) &&
         lines.size() <= machine.outputQueues.size() &&
         colors <= static_cast<int64_t>(machine.programColors.size());
}

void Demands::chooseLines() {
  if (casts)
    chooseCasts();
  std::vector<Place> far;
  for (auto &[place, wanted] : demands)
    if (std::abs(place.di) + std::abs(place.dj) > 1 && reachOf(place) == 1)
      far.push_back(place);
  auto choose = [&](bool keepsWithinLimits) {
    for (const Place &place : far) {
      std::pair<int64_t, int64_t> offset{place.di, place.dj};
      if (direct.count(offset))
        continue;
      int64_t elements = demands[place].levels.size();
      bool passes = demands.count(nearer(place));
      int64_t stations = passes
                             ? costOf({place.column, 0, 1, 0}, elements, true)
                             : costOf(place, elements, false);
      if (costOf(place, elements, true) >= stations)
        continue;
      direct.insert(offset);
      if (keepsWithinLimits && !fits())
        direct.erase(offset);
    }
  };
  // All of them, when that is possible; else one after the other.
  choose(false);
  if (!fits()) {
    direct.clear();
    choose(true);
  }
  for (Place place : far) {
    Span levels = demands[place].levels;
    Rect needed = demands[place].needed;
    while (true) {
      Place before = nearer(place);
      if (before.di == 0 && before.dj == 0)
        break;
      needed = {needed.i.shifted(place.di - before.di),
                needed.j.shifted(place.dj - before.dj)};
      demand(before, levels, needed).needsBuffer = true;
      needed = demands[before].needed;
      place = before;
    }
  }
}

void Demands::collect(const Group &group) {
  for (const Assign &assign : group.assigns)
    forEachValue(assign, columns, [&](Value value) {
      stencil::ReadOp read = remoteRead(value);
      if (!read)
        return;
      const Column *column = columns.fields.lookup(read.getField());
      bool whole = !column->hasK || !column->data.empty() || read.getShift() ||
                   read.getLevel();
      Span levels =
          whole ? column->levels : assign.levels.shifted(read.getOffset()[2]);
      Demand &wanted = demand(placeOf(read), levels, assign.needed);
      ++wanted.uses;
      wanted.needsBuffer |= whole;
    });
}

void Demands::endGroup(const Group &group) {
  for (const Assign &assign : group.assigns)
    if (assign.target)
      ++versions[assign.target];
}

WaferTransfer Demands::explain(const Message &message,
                               const Place &place) const {
  WaferTransfer entry;
  const Column &column = *place.column;
  entry.field = column.argument < 0 ? column.name
                                    : stencil::ProgramOp(columns.program)
                                          .getArgName(column.argument)
                                          .str();
  entry.di = place.di, entry.dj = place.dj;
  entry.levels = message.levels.size();
  int64_t elements =
      entry.levels * ShapedType::getNumElements(message.source->data);
  if (int64_t reach = reachOf(place); reach > 1) {
    entry.how = "by multicast to " + std::to_string(reach) + " PEs";
    entry.cycles = costOf({place.column, 0, reach, 0}, elements, true);
    entry.alternativeName = "from neighbour to neighbour";
    entry.alternative = costOf({place.column, 0, reach, 0}, elements, false);
    return entry;
  }
  bool isFar = std::abs(place.di) + std::abs(place.dj) > 1;
  bool isDirect = direct.count({place.di, place.dj});
  entry.how = !isFar     ? "one hop"
              : isDirect ? "on a line of its own"
                         : "one hop from the neighbour's copy";
  bool isWhole = isFar && isDirect;
  entry.cycles = isWhole ? costOf(place, elements, true)
                         : costOf({place.column, 0, 1, 0}, elements, true);
  if (isFar) {
    entry.alternativeName =
        isDirect ? "from neighbour to neighbour" : "on a line of its own";
    entry.alternative = costOf(place, elements, !isDirect);
  }
  return entry;
}
