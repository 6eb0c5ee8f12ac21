//===- Paths.cpp - hops, paths and routes ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The path of a stream from its declaration, and the routes of a set of
// senders along it. Colors are a later step.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include <algorithm>
#include <cstdlib>

using namespace mlir;

namespace spada {

using namespace detail;

/// Longest distance of a stream, far above any fabric.
static constexpr int64_t distanceLimit = int64_t(1) << 20;

//===----------------------------------------------------------------------===//
// Ports
//===----------------------------------------------------------------------===//

std::pair<int64_t, int64_t> detail::stepOf(Port port) {
  switch (port) {
  case Port::North:
    return {0, -1};
  case Port::South:
    return {0, 1};
  case Port::East:
    return {1, 0};
  case Port::West:
    return {-1, 0};
  case Port::Ramp:
    break;
  }
  return {0, 0};
}

Port detail::opposite(Port port) {
  switch (port) {
  case Port::North:
    return Port::South;
  case Port::South:
    return Port::North;
  case Port::East:
    return Port::West;
  case Port::West:
    return Port::East;
  case Port::Ramp:
    break;
  }
  return Port::Ramp;
}

StringRef detail::portName(Port port) {
  switch (port) {
  case Port::North:
    return "NORTH";
  case Port::South:
    return "SOUTH";
  case Port::East:
    return "EAST";
  case Port::West:
    return "WEST";
  case Port::Ramp:
    break;
  }
  return "RAMP";
}

std::string detail::describeRoute(const RouteEntry &route) {
  std::string text;
  auto add = [&](ArrayRef<int64_t> ports) {
    for (size_t i = 0; i < ports.size(); ++i)
      text += (i ? ", " : "") + portName(static_cast<Port>(ports[i])).str();
  };
  add(route.rx);
  text += " -> ";
  add(route.tx);
  return text;
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

static void addSteps(Path &path, Port port, int64_t length) {
  if (length == 0)
    return;
  if (!path.segments.empty() && path.segments.back().port == port)
    path.segments.back().length += length;
  else
    path.segments.push_back({port, length});
  path.length += length;
}

static Port alongX(int64_t dx) { return dx > 0 ? Port::East : Port::West; }
static Port alongY(int64_t dy) { return dy > 0 ? Port::South : Port::North; }

/// `[first:stop]` on one axis.
static FailureOr<Path> multicastPath(StreamOp op, int64_t first, int64_t stop,
                                     int64_t otherAxis, bool isX) {
  bool forward = first >= 1 && stop > first;
  bool backward = first <= -1 && stop < first;
  if (otherAxis != 0)
    return op.emitError() << "multicast stream '" << op.getName()
                          << "' also moves by " << otherAxis
                          << " along the other axis; it must be 0";
  if (!forward && !backward)
    return op.emitError()
           << "multicast range [" << first << ":" << stop << "] of stream '"
           << op.getName()
           << "' must be positive and ascending, or negative and descending";
  Path path;
  int64_t last = forward ? stop - 1 : stop + 1;
  addSteps(path, isX ? alongX(last) : alongY(last), std::abs(last));
  path.firstReceiver = std::abs(first);
  return path;
}

static LogicalResult addHops(StreamOp op, ArrayRef<int64_t> hops, int64_t dx,
                             int64_t dy, Path &path) {
  int64_t x = 0, y = 0, needed = std::abs(dx) + std::abs(dy);
  int64_t count = hops.size() / 2;
  for (int64_t i = 0; i < count; ++i) {
    int64_t hx = hops[2 * i], hy = hops[2 * i + 1];
    if (std::abs(hx) + std::abs(hy) != 1)
      return op.emitError() << "hop (" << hx << ", " << hy << ") of stream '"
                            << op.getName() << "' is not a unit step";
    x += hx;
    y += hy;
    addSteps(path, hx != 0 ? alongX(hx) : alongY(hy), 1);
  }
  if (x != dx || y != dy)
    return op.emitError() << "hops of stream '" << op.getName() << "' lead to ("
                          << x << ", " << y << "), not to its offset (" << dx
                          << ", " << dy << ")";
  if (count != needed)
    return op.emitError() << "stream '" << op.getName() << "' has " << count
                          << " hops for an offset of (" << dx << ", " << dy
                          << "); write " << needed << " hops or 'hops = auto'";
  return success();
}

FailureOr<Path> detail::pathOf(StreamOp op) {
  std::optional<int64_t> dx = constantValue(op.getDx()),
                         dy = constantValue(op.getDy());
  std::optional<int64_t> dxStop = constantValue(op.getDxStop()),
                         dyStop = constantValue(op.getDyStop());
  if (!dx || !dy || (op.getDxStop() && !dxStop) || (op.getDyStop() && !dyStop))
    return op.emitError() << "offset of stream '" << op.getName()
                          << "' is not constant; run 'spada-concretize' "
                             "first";
  for (int64_t value : {*dx, *dy, dxStop.value_or(0), dyStop.value_or(0)})
    if (std::abs(value) > distanceLimit)
      return op.emitError() << "offset " << value << " of stream '"
                            << op.getName() << "' is beyond " << distanceLimit;
  if (dxStop && dyStop)
    return op.emitError() << "stream '" << op.getName()
                          << "' has a multicast range on both axes";
  if (dxStop)
    return multicastPath(op, *dx, *dxStop, *dy, true);
  if (dyStop)
    return multicastPath(op, *dy, *dyStop, *dx, false);
  if (*dx == 0 && *dy == 0)
    return op.emitError() << "stream '" << op.getName()
                          << "' leads from each PE to itself; its offset "
                             "must not be (0, 0)";
  Path path;
  if (op.getHops()) {
    if (failed(addHops(op, *op.getHops(), *dx, *dy, path)))
      return failure();
  } else {
    addSteps(path, alongX(*dx), std::abs(*dx));
    addSteps(path, alongY(*dy), std::abs(*dy));
  }
  path.firstReceiver = path.length;
  return path;
}

static Region sweepAlong(const Region &region, Port port, int64_t from,
                         int64_t to) {
  auto [dx, dy] = stepOf(port);
  return region.sweep(dx, dy, from, to);
}

bool detail::pathsMeet(const Region &senders, const Path &path) {
  // Paths of s and t meet when s - t is a difference of two places of a path:
  // a part of segment i, all between, a part of segment j. Paths are shortest,
  // so that only the empty sum is 0.
  for (size_t i = 0; i < path.segments.size(); ++i) {
    const PathSegment &first = path.segments[i];
    if (senders.intersects(sweepAlong(senders, first.port, 1, first.length)))
      return true;
    int64_t dx = 0, dy = 0;
    for (size_t j = i + 1; j < path.segments.size(); ++j) {
      const PathSegment &last = path.segments[j];
      Region moved =
          sweepAlong(senders.translate(dx, dy), first.port, 1, first.length);
      if (senders.intersects(sweepAlong(moved, last.port, 0, last.length)))
        return true;
      auto [stepX, stepY] = stepOf(last.port);
      dx += stepX * last.length;
      dy += stepY * last.length;
    }
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Routes
//===----------------------------------------------------------------------===//

static RouteEntry makeRoute(Region pes, Port rx, Port tx, bool alsoRamp) {
  RouteEntry route;
  route.pes = std::move(pes);
  route.rx.push_back(static_cast<int64_t>(rx));
  if (alsoRamp)
    route.tx.push_back(static_cast<int64_t>(Port::Ramp));
  route.tx.push_back(static_cast<int64_t>(tx));
  return route;
}

std::vector<RouteEntry> detail::routesOf(const Region &senders,
                                         const Path &path) {
  std::vector<RouteEntry> routes;
  auto add = [&](Region pes, Port rx, Port tx, bool alsoRamp) {
    if (!pes.empty())
      routes.push_back(makeRoute(std::move(pes), rx, tx, alsoRamp));
  };
  Region start = senders;
  int64_t position = 0;
  Port from = Port::Ramp;
  for (const PathSegment &segment : path.segments) {
    // The PE at the start of the segment, then those inside it.
    bool receives = position > 0 && position >= path.firstReceiver;
    add(start, from, segment.port, receives);
    from = opposite(segment.port);
    int64_t inside = segment.length - 1;
    int64_t relays =
        std::clamp<int64_t>(path.firstReceiver - position - 1, 0, inside);
    add(sweepAlong(start, segment.port, 1, relays), from, segment.port, false);
    add(sweepAlong(start, segment.port, relays + 1, inside), from, segment.port,
        true);
    start = sweepAlong(start, segment.port, segment.length, segment.length);
    position += segment.length;
  }
  add(start, from, Port::Ramp, false);
  return routes;
}

} // namespace spada
