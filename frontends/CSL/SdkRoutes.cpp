//===- SdkRoutes.cpp - routes for the colors of a layout ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SdkRoutes.h"
#include "Compilation.h"

#include <numeric>

using namespace spada;
using namespace spada::cslfront;

[[noreturn]] static void fail(const std::string &path,
                              const std::string &what) {
  throw CompileError{{}, "'" + path + "' " + what, {}};
}

SdkRoutes::SdkRoutes(const SdkDescription &layout) : layout(layout) {
  makeGrid();
  joinClasses();
  makeClasses();
  for (const SdkPort &port : layout.ports)
    placePort(port);
  for (SdkClass &color : classes)
    markTouched(color);
  for (const SdkConnection &connection : layout.connections)
    connect(connection);
  for (unsigned port : layout.inputStreams)
    addStream(port);
  for (unsigned port : layout.outputStreams)
    addStream(port);
  finishPorts();
  chooseNumbers();
  measure();
}

//===----------------------------------------------------------------------===//
// Regions and colors
//===----------------------------------------------------------------------===//

void SdkRoutes::forEach(const SdkRegion &region, const SdkRect &rect,
                        const std::function<void(SdkCell)> &visit) const {
  for (int64_t y = rect.yLow; y <= rect.yHigh; ++y)
    for (int64_t x = rect.xLow; x <= rect.xHigh; ++x)
      visit(cellOf(region.x + x, region.y + y));
}

static SdkRect allOf(const SdkRegion &region) {
  return {0, 0, region.width - 1, region.height - 1};
}

/// Ways may leave the regions' bounding box by as much as all lanes need beside
/// each other.
void SdkRoutes::makeGrid() {
  int64_t margin = 1;
  for (const SdkConnection &connection : layout.connections)
    margin += layout.ports[connection.from].numLanes();
  margin = std::min<int64_t>(margin, 64);
  auto [limitX, limitY] = layout.fabric.value_or(std::pair(sdkLimit, sdkLimit));
  for (const SdkRegion &region : layout.regions) {
    int64_t right = region.x + region.width, bottom = region.y + region.height;
    if (right > limitX || bottom > limitY)
      fail(region.path, "reaches to (" + std::to_string(right - 1) + ", " +
                            std::to_string(bottom - 1) +
                            ") outside of the fabric of " +
                            std::to_string(limitX) + " x " +
                            std::to_string(limitY) + " PEs");
    columns = std::max(columns, right);
    rows = std::max(rows, bottom);
  }
  columns = std::min(columns + margin, limitX);
  rows = std::min(rows + margin, limitY);
  regionOf.assign(size_t(columns * rows), -1);
  load.assign(size_t(columns * rows), 0);
  isRelay.resize(unsigned(columns * rows));
  for (size_t i = 0; i < layout.regions.size(); ++i) {
    const SdkRegion &region = layout.regions[i];
    forEach(region, allOf(region), [&](SdkCell cell) {
      if (regionOf[cell] >= 0)
        fail(region.path, "overlaps '" +
                              layout.regions[size_t(regionOf[cell])].path +
                              "' at " + placeOf(cell) + "; place it elsewhere");
      regionOf[cell] = int32_t(i);
    });
  }
}

/// Colors with one number, because of a connection or of the number itself.
void SdkRoutes::joinClasses() {
  std::vector<unsigned> parent(layout.colors.size());
  std::iota(parent.begin(), parent.end(), 0);
  auto root = [&](unsigned color) {
    while (parent[color] != color)
      color = parent[color] = parent[parent[color]];
    return color;
  };
  auto join = [&](unsigned a, unsigned b) {
    a = root(a), b = root(b);
    parent[std::max(a, b)] = std::min(a, b);
  };
  std::map<unsigned, unsigned> byNumber;
  for (unsigned i = 0; i < layout.colors.size(); ++i)
    if (layout.colors[i].value)
      join(i, byNumber.try_emplace(*layout.colors[i].value, i).first->second);
  for (const SdkConnection &connection : layout.connections)
    join(layout.ports[connection.from].color,
         layout.ports[connection.to].color);
  std::map<unsigned, unsigned> number;
  for (unsigned i = 0; i < layout.colors.size(); ++i) {
    auto [it, isNew] = number.try_emplace(root(i), unsigned(classes.size()));
    classOf.push_back(it->second);
    if (isNew)
      classes.push_back({layout.colors[i].id,
                         std::nullopt,
                         llvm::BitVector(unsigned(columns * rows)),
                         llvm::BitVector(unsigned(columns * rows)),
                         {}});
    std::optional<unsigned> &value = classes[it->second].number;
    if (value && layout.colors[i].value && *value != *layout.colors[i].value)
      fail("connections", "join colors of the numbers " +
                              std::to_string(*value) + " and " +
                              std::to_string(*layout.colors[i].value) +
                              "; the second is '" + layout.colors[i].id + "'");
    if (!value)
      value = layout.colors[i].value;
  }
}

void SdkRoutes::setRoute(unsigned colorClass, SdkCell cell,
                         SdkPositions positions) {
  SdkClass &color = classes[colorClass];
  if (!color.present[cell])
    ++load[cell];
  color.present.set(cell);
  color.routes[cell] = std::move(positions);
}

void SdkRoutes::makeClasses() {
  for (const SdkRegion &region : layout.regions) {
    for (const SdkParam &param : region.params)
      if (param.kind == SdkParam::Color) {
        llvm::BitVector &present =
            classes[classOf[size_t(param.integer)]].present;
        forEach(region, param.rect, [&](SdkCell cell) {
          load[cell] += !present[cell];
          present.set(cell);
        });
      }
    for (const SdkPaint &paint : region.paint)
      forEach(region, paint.rect, [&](SdkCell cell) {
        setRoute(classOf[paint.color], cell, paint.positions);
      });
  }
}

//===----------------------------------------------------------------------===//
// Ports and connections
//===----------------------------------------------------------------------===//

SdkCell SdkRoutes::laneCell(const SdkPort &port, int64_t lane) const {
  const SdkRegion &region = layout.regions[port.region];
  bool isRow = port.edge == North || port.edge == South;
  return cellOf(region.x + port.lanes.xLow + (isRow ? lane : 0),
                region.y + port.lanes.yLow + (isRow ? 0 : lane));
}

void SdkRoutes::placePort(const SdkPort &port) {
  unsigned color = classOf[port.color];
  for (int64_t i = 0; i < port.numLanes(); ++i) {
    SdkCell cell = laneCell(port, i);
    auto [it, isNew] = portAt.try_emplace({color, cell}, &port);
    if (!isNew)
      fail(port.path, "lies on PE " + placeOf(cell) + " with the color of '" +
                          it->second->path +
                          "'; two ports of a PE need two colors that no "
                          "connection joins");
  }
  for (int64_t i = 0; i < port.numLanes(); ++i)
    setRoute(color, laneCell(port, i), port.positions);
  openSides.emplace_back(size_t(port.numLanes()), port.edge);
}

/// Router ports that the port's routes need for themselves.
static uint8_t innerSides(const SdkPort &port) {
  uint8_t sides = 0;
  for (const SdkPosition &position : port.positions)
    sides |= position.input | position.output;
  return sides;
}

bool SdkRoutes::connectLanes(const SdkConnection &connection, bool anySide,
                             bool upwards, SdkCell &failed) {
  const SdkPort &from = layout.ports[connection.from],
                &to = layout.ports[connection.to];
  unsigned color = classOf[from.color];
  std::vector<SdkCell> laid;
  int64_t count = from.numLanes();
  for (int64_t i = 0; i < count; ++i) {
    int64_t lane = upwards ? i : count - 1 - i;
    constexpr uint8_t all = North | South | East | West;
    Search search{color, laneCell(from, lane), from.edge, laneCell(to, lane),
                  to.edge};
    if (anySide) {
      search.startSides = all & ~innerSides(from);
      search.goalSides = all & ~innerSides(to);
    }
    std::vector<SdkCell> path = findPath(search);
    if (path.empty()) {
      failed = search.start;
      for (SdkCell cell : laid) {
        classes[color].routes.erase(cell);
        classes[color].present.reset(cell);
        --load[cell];
      }
      return false;
    }
    for (size_t at = 1; at + 1 < path.size(); ++at) {
      setRoute(color, path[at],
               {{sideTowards(path[at], path[at - 1]),
                 sideTowards(path[at], path[at + 1])}});
      laid.push_back(path[at]);
    }
    openSides[connection.from][size_t(lane)] = sideTowards(path[0], path[1]);
    openSides[connection.to][size_t(lane)] =
        sideTowards(path.back(), path[path.size() - 2]);
  }
  return true;
}

void SdkRoutes::connect(const SdkConnection &connection) {
  SdkCell failed = 0;
  for (bool anySide : {false, true})
    for (bool upwards : {true, false})
      if (connectLanes(connection, anySide, upwards, failed))
        return;
  fail(connection.path,
       "finds no way from port '" + layout.ports[connection.from].id +
           "' at PE " + placeOf(failed) + " to port '" +
           layout.ports[connection.to].id +
           "'; ways of one color cannot cross each other or its routes");
}

//===----------------------------------------------------------------------===//
// Streams of the host
//===----------------------------------------------------------------------===//

void SdkRoutes::addStream(unsigned number) {
  const SdkPort &port = layout.ports[number];
  const SdkPosition &first = port.positions.front();
  bool isPlain = port.positions.size() == 1 &&
                 (port.isInput ? first.output : first.input) == Ramp;
  // A PE gets its words from the host one stream after the other, but streams
  // of a layout do not wait for each other.
  SdkCell corner = laneCell(port, 0);
  bool isShared = false;
  for (const SdkStream &stream : streams)
    isShared |=
        port.isInput && stream.isInput && port.numLanes() == 1 &&
        xOf(corner) >= stream.x && xOf(corner) < stream.x + stream.width &&
        yOf(corner) >= stream.y && yOf(corner) < stream.y + stream.height;
  if (!isPlain || isShared) {
    if (port.numLanes() != 1)
      fail(port.path,
           "is a stream over " + std::to_string(port.numLanes()) +
               " PEs, whose routes must be one position to or from RAMP; put "
               "a region between the host and the port");
    addRelay(port, port.isInput);
    streams.back().port = number;
    return;
  }
  unsigned color = classOf[port.color];
  streams.push_back({number, color, port.isInput, xOf(corner), yOf(corner),
                     port.lanes.xHigh - port.lanes.xLow + 1,
                     port.lanes.yHigh - port.lanes.yLow + 1});
  // Host and ramp need no route.
  for (int64_t i = 0; i < port.numLanes(); ++i)
    classes[color].routes.erase(laneCell(port, i));
}

void SdkRoutes::addRelay(const SdkPort &port, bool isInput) {
  unsigned color = classOf[port.color];
  auto number = size_t(&port - layout.ports.data());
  SdkCell start = laneCell(port, 0);
  constexpr uint8_t all = North | South | East | West;
  std::vector<SdkCell> path =
      findPath({color, start, port.edge, std::nullopt, 0});
  if (path.empty())
    path = findPath(
        {color, start, uint8_t(all & ~innerSides(port)), std::nullopt, 0});
  if (path.empty())
    fail(port.path, "finds no PE without code near " + placeOf(start) +
                        " for its stream; leave room beside the region");
  openSides[number][0] = sideTowards(path[0], path[1]);
  for (size_t at = 1; at < path.size(); ++at) {
    uint8_t inner = sideTowards(path[at], path[at - 1]),
            outer = at + 1 < path.size() ? sideTowards(path[at], path[at + 1])
                                         : uint8_t(Ramp);
    setRoute(color, path[at],
             {isInput ? SdkPosition{outer, inner} : SdkPosition{inner, outer}});
  }
  SdkCell end = path.back();
  isRelay.set(end);
  ++load[end];
  auto host = unsigned(classes.size());
  llvm::BitVector cells(unsigned(columns * rows)), nothing = cells;
  cells.set(end);
  classes.push_back({"host of " + port.id,
                     std::nullopt,
                     std::move(cells),
                     std::move(nothing),
                     {}});
  relays.push_back(
      {xOf(end), yOf(end), isInput ? host : color, isInput ? color : host});
  streams.push_back({0, host, isInput, xOf(end), yOf(end)});
}

//===----------------------------------------------------------------------===//
// The end
//===----------------------------------------------------------------------===//

/// Fills in the sides that the ports have left open.
void SdkRoutes::finishPorts() {
  for (size_t number = 0; number < layout.ports.size(); ++number) {
    const SdkPort &port = layout.ports[number];
    SdkClass &color = classes[classOf[port.color]];
    for (int64_t i = 0; i < port.numLanes(); ++i) {
      auto it = color.routes.find(laneCell(port, i));
      if (it == color.routes.end())
        continue; // a stream
      for (SdkPosition &position : it->second)
        (port.isInput ? position.input : position.output) =
            openSides[number][size_t(i)];
    }
  }
}

void SdkRoutes::measure() {
  auto include = [&](int64_t x, int64_t y) {
    width = std::max(width, x + 1);
    height = std::max(height, y + 1);
  };
  for (const SdkRegion &region : layout.regions)
    include(region.x + region.width - 1, region.y + region.height - 1);
  for (const SdkClass &color : classes)
    for (const auto &[cell, positions] : color.routes)
      include(xOf(cell), yOf(cell));
}
