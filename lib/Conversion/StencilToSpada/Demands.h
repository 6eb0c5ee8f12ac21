//===- Demands.h - which values of other PEs are needed ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads with a horizontal offset, by column, time and offset; and the way on
// which each of them comes. Nothing is planned here.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_DEMANDS_H
#define LIB_CONVERSION_STENCILTOSPADA_DEMANDS_H

#include "Plan.h"

#include <map>
#include <set>

namespace spada::wafer {

/// A column at one time, seen from a distance.
struct Place {
  const Column *column;
  unsigned version;
  int64_t di, dj;
  auto key() const { return std::tuple(column->number, version, di, dj); }
  bool operator<(const Place &o) const { return key() < o.key(); }
  bool operator==(const Place &o) const { return key() == o.key(); }
};

/// All that is read at a place.
struct Demand {
  Span levels;
  unsigned uses = 0;
  bool needsBuffer = false; ///< read in another way than as it arrives
  Rect needed;              ///< the PEs that read it or pass it on
  int message = -1;
};

class Demands {
public:
  Demands(const Columns &columns, const Machine &machine, bool casts)
      : columns(columns), machine(machine), casts(casts) {}

  /// Adds what a group reads.
  void collect(const Group &group);
  /// What the group stored is new for the PEs around.
  void endGroup(const Group &group);
  /// Decides which values come by multicast and which on lines of their own, as
  /// long as there are queues and colors; adds the stations of all others.
  void chooseLines();
  /// Begins a second walk over the groups.
  void restart() { versions.clear(); }

  /// The read when its value is another PE's, else null.
  stencil::ReadOp remoteRead(mlir::Value value) const;
  Place placeOf(stencil::ReadOp read);
  Demand &operator[](const Place &place) { return demands[place]; }
  /// How many PEs in a row get the value by one multicast; 1: it is none.
  int64_t reachOf(const Place &place) const;
  /// The places that one multicast reaches with this one, the nearest first.
  llvm::SmallVector<Place> reachedWith(const Place &place) const;
  /// The PE from which the value comes: offset (0, 0) when it is the owner.
  Place nearer(const Place &place) const;
  WaferTransfer explain(const Message &message, const Place &place) const;

private:
  Demand &demand(const Place &place, Span levels, const Rect &needed);
  bool fits() const;
  int64_t costOf(const Place &place, int64_t elements, bool isDirect) const;
  void chooseCasts();
  bool canCast(const Place &first, int64_t reach) const;

  const Columns &columns;
  const Machine &machine;
  bool casts;
  llvm::DenseMap<const Column *, unsigned> versions;
  std::map<Place, Demand> demands;
  /// Offsets whose values come without a stop.
  std::set<std::pair<int64_t, int64_t>> direct;
  /// The PEs that a multicast reaches, by the place one step away.
  std::map<Place, int64_t> reaches;
};

} // namespace spada::wafer

#endif
