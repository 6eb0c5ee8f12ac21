//===- Demands.cpp - which values of other PEs are needed -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// See Demands.h.
//
//===----------------------------------------------------------------------===//

#include "Demands.h"

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

/// Where the value passes last on its way, along J after along I; the PE that
/// has it when it comes on a line of its own.
Place Demands::nearer(const Place &place) const {
  Place next = place;
  if (direct.count({place.di, place.dj})) {
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

/// Lines that the demands need with the choice so far fit the queues of a PE
/// and the colors.
bool Demands::fits() const {
  std::set<std::tuple<const void *, int64_t, int64_t>> lines;
  for (const auto &entry : demands)
    for (Place place = entry.first; place.di != 0 || place.dj != 0;) {
      Place before = nearer(place);
      lines.insert({place.column->element.getAsOpaquePointer(),
                    place.di - before.di, place.dj - before.dj});
      place = before;
    }
  int64_t colors = 0;
  for (auto [type, di, dj] : lines)
    colors += (std::abs(di) + 1) * (std::abs(dj) + 1);
  return lines.size() <= std::min(machine.inputQueues.size(),
                                  machine.outputQueues.size()) &&
         colors <= static_cast<int64_t>(machine.programColors.size());
}

void Demands::chooseLines() {
  std::vector<Place> far;
  for (auto &[place, wanted] : demands)
    if (std::abs(place.di) + std::abs(place.dj) > 1)
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
