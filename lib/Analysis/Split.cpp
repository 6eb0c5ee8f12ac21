//===- Split.cpp - flows into conflict-free sub-flows ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A static route serves one direction of travel at a PE: senders whose paths
// meet need different colors. Splits automatic channels by residues of the
// sender's coordinates and rejects explicit ones that would need a split.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include <algorithm>
#include <cstdlib>

using namespace mlir;

namespace spada {

using namespace detail;

//===----------------------------------------------------------------------===//
// Explicit channels
//===----------------------------------------------------------------------===//

/// A run of M consecutive senders, 2 <= M <= D, straight by D >= 2, bounded.
static bool isShiftBundle(const Flow &flow) {
  if (!flow.bound || flow.multicast || flow.path.segments.size() != 1 ||
      flow.path.length < 2)
    return false;
  auto [dx, dy] = stepOf(flow.path.segments.front().port);
  return flow.senders.intersects(flow.senders.translate(dx, dy)) &&
         !flow.senders.intersects(flow.receivers);
}

static InFlightDiagnostic unsupportedEpoch(Operation *at, int64_t channel) {
  return at->emitError()
         << "channel epoch (close and reuse of channel " << channel
         << " within a phase) is not supported; use different channels or "
            "'channel = auto'";
}

LogicalResult Builder::reportSelfConflict(const Flow &flow, unsigned index) {
  StreamOp declaration = flow.declarations.front();
  if (isShiftBundle(flow))
    return declaration.emitError()
           << "shift bundle (overlapping shifts of '" << flow.name
           << "' on channel " << *flow.channel
           << ") is not supported; use 'channel = auto'";
  if (closes.count(index)) {
    auto error = unsupportedEpoch(declaration, *flow.channel);
    error.attachNote(closes[index]->getLoc()) << "closed here";
    return failure();
  }
  std::vector<RouteEntry> routes = routesOf(flow.senders, flow.path);
  for (size_t i = 0; i < routes.size(); ++i)
    for (size_t j = i + 1; j < routes.size(); ++j) {
      Region common = routes[i].pes.intersect(routes[j].pes);
      if (common.empty())
        continue;
      PE pe = common.first();
      return declaration.emitError()
             << "stream '" << flow.name << "' on channel " << *flow.channel
             << " needs two routes at PE [" << pe.x << ", " << pe.y
             << "]: " << describeRoute(routes[i]) << " and "
             << describeRoute(routes[j])
             << "; use 'channel = auto', or two streams on two channels, "
                "by parity of the sender";
    }
  return declaration.emitError()
         << "paths of stream '" << flow.name << "' on channel " << *flow.channel
         << " meet; use 'channel = auto'";
}

//===----------------------------------------------------------------------===//
// Automatic channels
//===----------------------------------------------------------------------===//

/// Senders by residues modulo `mx` and `my`, empty classes left out.
static std::vector<Region> residueClasses(const Region &senders, int64_t mx,
                                          int64_t stepX, int64_t my,
                                          int64_t stepY) {
  std::vector<Region> classes;
  StridedBox hull = senders.hull();
  for (int64_t j = 0; j < my; ++j)
    for (int64_t i = 0; i < mx; ++i) {
      Region part = senders.residue(mx * stepX, hull.xLo + i * stepX,
                                    my * stepY, hull.yLo + j * stepY);
      if (!part.empty())
        classes.push_back(std::move(part));
    }
  return classes;
}

/// How far the path goes along x and y.
static std::pair<int64_t, int64_t> extentOf(const Path &path) {
  int64_t x = 0, y = 0;
  for (const PathSegment &segment : path.segments)
    (stepOf(segment.port).first != 0 ? x : y) += segment.length;
  return {x, y};
}

/// The fewest residue classes of senders without meeting paths; empty when
/// more than `limit` are needed.
static std::vector<Region> splitSenders(const Region &senders, const Path &path,
                                        int64_t limit) {
  StridedBox hull = senders.hull();
  auto [dx, dy] = extentOf(path);
  // A period longer than the path always separates; one longer than the
  // senders' extent changes nothing.
  int64_t maxX = std::min(dx / hull.xStep + 1, hull.countX());
  int64_t maxY = std::min(dy / hull.yStep + 1, hull.countY());
  for (int64_t count = 1; count <= limit; ++count)
    for (int64_t my = 1; my <= std::min(count, maxY); ++my) {
      int64_t mx = count / my;
      if (count % my != 0 || mx > maxX)
        continue;
      std::vector<Region> classes =
          residueClasses(senders, mx, hull.xStep, my, hull.yStep);
      bool meets = llvm::any_of(
          classes, [&](const Region &part) { return pathsMeet(part, path); });
      if (!meets)
        return classes;
    }
  return {};
}

LogicalResult Builder::splitFlow(unsigned index) {
  Flow &flow = result.flows[index];
  if (flow.senders.empty())
    return success();
  std::vector<Region> parts;
  if (flow.channel) {
    if (pathsMeet(flow.senders, flow.path))
      return reportSelfConflict(flow, index);
    parts.push_back(flow.senders);
  } else {
    int64_t limit = machine.programColors.size();
    parts = splitSenders(flow.senders, flow.path, limit);
    if (parts.empty())
      return StreamOp(flow.declarations.front()).emitError()
             << "paths of stream '" << flow.name << "' meet so often that "
             << "they need more than the " << limit << " colors of "
             << machine.name << "; send over shorter distances or from fewer "
             << "PEs at a time";
  }
  std::vector<SubFlow> subflows;
  for (Region &senders : parts) {
    SubFlow sub;
    sub.flow = index;
    sub.senders = senders;
    sub.routes = routesOf(senders, flow.path);
    for (const RouteEntry &route : sub.routes) {
      sub.pes = sub.pes.unite(route.pes);
      if (llvm::is_contained(route.tx, static_cast<int64_t>(Port::Ramp)))
        sub.receivers = sub.receivers.unite(route.pes);
    }
    subflows.push_back(std::move(sub));
  }
  llvm::sort(subflows, [](const SubFlow &a, const SubFlow &b) {
    PE x = a.senders.first(), y = b.senders.first();
    return std::tie(x.y, x.x) < std::tie(y.y, y.x);
  });
  Region reached;
  for (SubFlow &sub : subflows) {
    Region twice = reached.intersect(sub.receivers);
    if (!twice.empty())
      return StreamOp(flow.declarations.front()).emitError()
             << "ambiguous edge: several senders of multicast stream '"
             << flow.name << "' reach " << twice.describe()
             << "; use one stream for each sender";
    reached = reached.unite(sub.receivers);
  }
  for (SubFlow &sub : subflows) {
    flow.subflows.push_back(result.subflows.size());
    result.subflows.push_back(std::move(sub));
  }
  return success();
}

LogicalResult Builder::splitFlows() {
  bool failed = false;
  for (unsigned i = 0; i < result.flows.size(); ++i)
    failed |= mlir::failed(splitFlow(i));
  return failure(failed);
}

//===----------------------------------------------------------------------===//
// Streams on one channel
//===----------------------------------------------------------------------===//

/// A PE at which two flows of one channel disagree, or none.
static std::optional<Region> sharedPes(const KernelAnalysis &analysis,
                                       const Flow &a, const Flow &b) {
  for (unsigned i : a.subflows)
    for (unsigned j : b.subflows) {
      Region common =
          analysis.subflows[i].pes.intersect(analysis.subflows[j].pes);
      if (!common.empty())
        return common;
    }
  return std::nullopt;
}

/// Same way and same elements: two names of what one color could carry.
static bool equalText(const Flow &a, const Flow &b) {
  return a.elementType == b.elementType && a.bound == b.bound &&
         a.multicast == b.multicast &&
         a.path.firstReceiver == b.path.firstReceiver &&
         llvm::equal(a.path.segments, b.path.segments,
                     [](const PathSegment &x, const PathSegment &y) {
                       return x.port == y.port && x.length == y.length;
                     });
}

LogicalResult Builder::checkChannels() {
  bool failed = false;
  std::map<std::pair<unsigned, int64_t>, std::vector<unsigned>> users;
  for (unsigned i = 0; i < result.flows.size(); ++i)
    if (result.flows[i].channel)
      users[{result.flows[i].phase, *result.flows[i].channel}].push_back(i);
  for (auto &[key, flows] : users)
    for (size_t i = 0; i < flows.size(); ++i)
      for (size_t j = i + 1; j < flows.size(); ++j) {
        const Flow &a = result.flows[flows[i]], &b = result.flows[flows[j]];
        if (equalText(a, b))
          continue; // gets a color of its own
        auto common = sharedPes(result, a, b);
        if (!common)
          continue;
        failed = true;
        StreamOp second = b.declarations.front();
        if (closes.count(flows[i]) || closes.count(flows[j]) || a.bound ||
            b.bound) {
          auto error = unsupportedEpoch(second, key.second);
          error.attachNote(a.location()) << "'" << a.name << "' and '" << b.name
                                         << "' meet at " << common->describe();
          continue;
        }
        auto error = second.emitError()
                     << "concurrent use of channel " << key.second << ": '"
                     << a.name << "' and '" << b.name << "' meet at "
                     << common->describe()
                     << " in one phase; give one of them another channel or "
                        "'channel = auto'";
        error.attachNote(a.location()) << "'" << a.name << "' declared here";
      }
  return failure(failed);
}

} // namespace spada
