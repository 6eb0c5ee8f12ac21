//===- SdkRoutes.h - routes and numbers for the colors of a layout -*- C++
//-*-=//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Colors that a connection joins form a class, which has one number. Classes
// that meet on a PE, or whose wavelets might run into each other next door,
// have different numbers. Connections take the shortest way that is left; a
// stream of the host ends at its port, or, where the port's routes are not
// simply to or from the ramp, at a relay: a PE without code of its own nearby.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_CSL_SDKROUTES_H
#define SPADA_FRONTENDS_CSL_SDKROUTES_H

#include "SdkLayout.h"

#include "llvm/ADT/BitVector.h"

#include <functional>
#include <map>

namespace spada::cslfront {

/// Number of a PE of the grid: its row times the columns, plus its column.
using SdkCell = uint32_t;

/// Colors with one number.
struct SdkClass {
  std::string name; ///< of its first color
  std::optional<unsigned> number;
  llvm::BitVector present; ///< PEs that route the color or name it
  llvm::BitVector touched; ///< PEs next to which it comes or goes
  std::map<SdkCell, SdkPositions> routes;
};

struct SdkStream {
  unsigned port = 0, colorClass = 0;
  bool isInput = false;
  int64_t x = 0, y = 0, width = 1, height = 1;
};

/// A PE that passes words on between the host and a color.
struct SdkRelay {
  int64_t x = 0, y = 0;
  unsigned from = 0, to = 0; ///< classes
};

class SdkRoutes {
public:
  /// Throws CompileError where something does not fit.
  explicit SdkRoutes(const SdkDescription &layout);

  unsigned numberOf(unsigned color) const {
    return *classes[classOf[color]].number;
  }
  /// Whether the PE runs nothing.
  bool isIdle(int64_t x, int64_t y) const {
    SdkCell cell = cellOf(x, y);
    return regionOf[cell] < 0 && !isRelay[cell];
  }
  int64_t xOf(SdkCell cell) const { return cell % columns; }
  int64_t yOf(SdkCell cell) const { return cell / columns; }

  std::vector<SdkClass> classes;
  std::vector<SdkStream> streams;
  std::vector<SdkRelay> relays;
  int64_t width = 0, height = 0; ///< of all that is in use

private:
  // SdkRoutes.cpp.
  void makeGrid();
  void makeClasses();
  void joinClasses();
  void placePort(const SdkPort &port);
  void connect(const SdkConnection &connection);
  bool connectLanes(const SdkConnection &connection, bool anySide, bool upwards,
                    SdkCell &failed);
  void addStream(unsigned port);
  void addRelay(const SdkPort &port, bool isInput);
  void finishPorts();
  void measure();
  SdkCell cellOf(int64_t x, int64_t y) const {
    return SdkCell(y * columns + x);
  }
  SdkCell laneCell(const SdkPort &port, int64_t lane) const;
  void setRoute(unsigned colorClass, SdkCell cell, SdkPositions positions);
  std::string placeOf(SdkCell cell) const {
    return "(" + std::to_string(xOf(cell)) + ", " + std::to_string(yOf(cell)) +
           ")";
  }
  /// Calls `visit(cell)` for the PEs of a rectangle of a region.
  void forEach(const SdkRegion &region, const SdkRect &rect,
               const std::function<void(SdkCell)> &visit) const;

  // SdkPaths.cpp.
  struct Search {
    unsigned colorClass;
    SdkCell start;
    uint8_t startSides;          ///< by which it may leave the start
    std::optional<SdkCell> goal; ///< none: any PE without code
    uint8_t goalSides = 0;       ///< by which it may enter the goal
  };
  /// The cells from start to goal; empty: there is no way.
  std::vector<SdkCell> findPath(const Search &search) const;
  std::optional<SdkCell> neighbor(SdkCell cell, uint8_t side) const;
  /// The side of `from` at which `to` lies.
  uint8_t sideTowards(SdkCell from, SdkCell to) const;
  int64_t costOf(const SdkClass &color, SdkCell cell) const;
  bool isFree(const SdkClass &color, SdkCell cell) const {
    return regionOf[cell] < 0 && !isRelay[cell] && !color.present[cell];
  }

  // SdkNumbers.cpp.
  void markTouched(SdkClass &color);
  void checkSwitches(const SdkClass &color) const;
  void chooseNumbers();
  bool meet(const SdkClass &a, const SdkClass &b) const;

  const SdkDescription &layout;
  int64_t columns = 0, rows = 0; ///< of the grid in which ways are looked for
  std::vector<int32_t> regionOf; ///< by cell; -1: none
  std::vector<uint8_t> load;     ///< by cell: classes there
  llvm::BitVector isRelay;
  std::vector<unsigned> classOf;                                  ///< by color
  std::map<std::pair<unsigned, SdkCell>, const SdkPort *> portAt; ///< by class
  /// The side of each lane that leads to the other end, by port.
  std::vector<std::vector<uint8_t>> openSides;
};

constexpr uint8_t sdkSides[] = {North, South, East, West};
uint8_t oppositeSide(uint8_t side);

} // namespace spada::cslfront

#endif
