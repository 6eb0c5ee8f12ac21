//===- Edges.cpp - do sends and receives fit together ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Every edge of a flow has both its ends and moves equally many elements.
// Where a count cannot be computed, nothing is said here.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

using namespace mlir;

namespace spada {

using namespace detail;

/// PEs that some sender of `senders` reaches.
static Region targetsOf(const Region &senders, const Flow &flow) {
  if (!flow.multicast)
    return senders.translate(flow.dx, flow.dy);
  auto [dx, dy] = stepOf(flow.path.segments.front().port);
  return senders.sweep(dx, dy, flow.path.firstReceiver, flow.path.length);
}

/// PEs from which some receiver of `receivers` can be reached.
static Region sourcesOf(const Region &receivers, const Flow &flow) {
  if (!flow.multicast)
    return receivers.translate(-flow.dx, -flow.dy);
  auto [dx, dy] = stepOf(flow.path.segments.front().port);
  return receivers.sweep(-dx, -dy, flow.path.firstReceiver, flow.path.length);
}

/// Notes where the other declarations of the name are, if they differ: a
/// frequent cause of a missing partner.
static void noteOtherDeclarations(InFlightDiagnostic &error,
                                  const KernelAnalysis &analysis,
                                  const Flow &flow) {
  error.attachNote(flow.location()) << "stream declared here";
  for (const Flow &other : analysis.flows)
    if (&other != &flow && other.phase == flow.phase && other.name == flow.name)
      error.attachNote(other.location())
          << "this declaration of '" << flow.name
          << "' differs, so it is another stream";
}

LogicalResult Builder::checkEdges() {
  bool failed = false;
  for (unsigned i = 0; i < result.flows.size(); ++i) {
    Flow &flow = result.flows[i];
    auto send = firstStatement.find({i, Role::Send});
    auto receive = firstStatement.find({i, Role::Receive});
    Region targets = targetsOf(flow.senders, flow);
    Region deaf = targets.subtract(flow.receivers);
    if (!deaf.empty()) {
      failed = true;
      auto error = send->second->emitError()
                   << "unmatched send: '" << flow.name << "' sent by "
                   << sourcesOf(deaf, flow).intersect(flow.senders).describe()
                   << " reaches " << deaf.describe()
                   << ", where it is not received in this phase";
      if (receive != firstStatement.end())
        error.attachNote(receive->second->getLoc())
            << "received here on " << flow.receivers.describe();
      noteOtherDeclarations(error, result, flow);
    }
    Region waiting = flow.receivers.subtract(targets);
    if (!waiting.empty()) {
      failed = true;
      auto error = receive->second->emitError()
                   << "unmatched receive: '" << flow.name << "' on "
                   << waiting.describe() << " has no sender in this phase; "
                   << sourcesOf(waiting, flow).describe()
                   << (flow.multicast ? " could send it" : " would be it");
      if (send != firstStatement.end())
        error.attachNote(send->second->getLoc())
            << "sent here on " << flow.senders.describe();
      noteOtherDeclarations(error, result, flow);
    }
    Region both = flow.senders.unite(flow.receivers);
    for (const RouteEntry &route : routesOf(flow.senders, flow.path))
      flow.relays = flow.relays.unite(route.pes.subtract(both));
  }
  return failure(failed);
}

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

void detail::addCount(CountPieces &pieces, Region region,
                      std::optional<int64_t> count, Operation *op) {
  CountPieces added;
  for (CountPiece &piece : pieces) {
    if (region.empty())
      break;
    Region common = piece.region.intersect(region);
    if (common.empty())
      continue;
    region = region.subtract(common);
    std::optional<int64_t> sum;
    int64_t total;
    if (piece.count && count &&
        !__builtin_add_overflow(*piece.count, *count, &total))
      sum = total;
    Region rest = piece.region.subtract(common);
    if (!rest.empty())
      added.push_back({rest, piece.count, piece.op});
    piece = {common, sum, piece.op};
  }
  if (!region.empty())
    added.push_back({region, count, op});
  pieces.insert(pieces.end(), added.begin(), added.end());
}

/// Product of the trip counts of the loops around `op` in its compute block.
static std::optional<int64_t> runsOf(Operation *op) {
  int64_t runs = 1;
  for (Operation *parent = op->getParentOp(); parent && !isa<ComputeOp>(parent);
       parent = parent->getParentOp()) {
    std::optional<int64_t> count = 1;
    if (auto loop = dyn_cast<ForOp>(parent)) {
      count = tripCount(loop.getLo(), loop.getHi(), loop.getStep());
    } else if (auto map = dyn_cast<MapOp>(parent)) {
      count = tripCount(map.getLo(), map.getHi(), map.getStep());
    } else if (auto foreach = dyn_cast<ForeachOp>(parent)) {
      if (foreach.getLo().empty())
        return std::nullopt;
      count = tripCount(foreach.getLo(), foreach.getHi(), foreach.getStep());
    }
    if (!count || __builtin_mul_overflow(runs, *count, &runs))
      return std::nullopt;
  }
  return runs;
}

static std::optional<int64_t> multiply(std::optional<int64_t> a,
                                       std::optional<int64_t> b) {
  int64_t product;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &product))
    return std::nullopt;
  return product;
}

CountPieces detail::countStatement(const KernelAnalysis &analysis,
                                   const StreamStatement &statement,
                                   const Region &region) {
  CountPieces pieces;
  Operation *op = statement.op;
  std::optional<int64_t> runs = runsOf(op);
  auto wholeField = [&](StringRef name) {
    unsigned phase = analysis.computes[statement.compute].phase;
    for (auto &part : resolveField(analysis, phase, name, region))
      pieces.push_back(
          {part.region, multiply(runs, fieldElements(part.op)), op});
  };
  if (auto send = dyn_cast<SendOp>(op)) {
    wholeField(send.getField());
  } else if (auto receive = dyn_cast<ReceiveOp>(op)) {
    if (receive.getIndices().empty())
      wholeField(receive.getField());
    else
      pieces.push_back({region, runs, op});
  } else if (auto foreach = dyn_cast<ForeachOp>(op)) {
    std::optional<int64_t> count;
    if (!foreach.getLo().empty())
      count = tripCount(foreach.getLo(), foreach.getHi(), foreach.getStep());
    pieces.push_back({region, multiply(runs, count), op});
  } else if (isa<SendValueOp>(op)) {
    pieces.push_back({region, runs, op});
  }
  return pieces;
}

//===----------------------------------------------------------------------===//
// Comparing
//===----------------------------------------------------------------------===//

namespace {
struct FlowCounts {
  CountPieces sends, receives;
};
} // namespace

static LogicalResult compareWithBound(const Flow &flow, StringRef what,
                                      const CountPieces &pieces) {
  for (const CountPiece &piece : pieces) {
    if (!flow.bound || !piece.count || *piece.count == *flow.bound)
      continue;
    auto error = piece.op->emitError()
                 << "element count mismatch: " << withVerb(piece.region, what)
                 << " " << *piece.count << " elements on '" << flow.name
                 << "', whose bound is " << *flow.bound;
    error.attachNote(flow.location()) << "stream declared here";
    return failure();
  }
  return success();
}

static LogicalResult compareEnds(Flow &flow, const FlowCounts &counts) {
  for (const CountPiece &sent : counts.sends) {
    for (const CountPiece &received : counts.receives) {
      if (!sent.count || !received.count || *sent.count == *received.count)
        continue;
      Region met = targetsOf(sent.region, flow).intersect(received.region);
      if (met.empty())
        continue;
      auto error =
          sent.op->emitError()
          << "element count mismatch: "
          << withVerb(sourcesOf(met, flow).intersect(sent.region), "send")
          << " " << *sent.count << " elements on '" << flow.name << "', but "
          << withVerb(met, "receive") << " " << *received.count;
      error.attachNote(received.op->getLoc()) << "received here";
      return failure();
    }
  }
  // The one count on all edges, if there is one.
  bool first = true, equal = true;
  flow.counted = true;
  for (const CountPieces *pieces : {&counts.sends, &counts.receives})
    for (const CountPiece &piece : *pieces) {
      if (first)
        flow.elements = piece.count;
      equal &= flow.elements == piece.count;
      flow.counted &= piece.count.has_value();
      first = false;
    }
  if (!equal)
    flow.elements.reset();
  return success();
}

LogicalResult Builder::countElements() {
  // Statements by what they use, so that each use sees only its own.
  std::map<std::tuple<unsigned, StringRef, Role>,
           std::vector<const StreamStatement *>>
      byUse;
  for (const StreamStatement &statement : statements)
    if (auto ref = dyn_cast<StreamRefOp>(statement.stream))
      if (statement.role)
        byUse[{statement.compute, ref.getName(), *statement.role}].push_back(
            &statement);
  std::vector<FlowCounts> counts(result.flows.size());
  for (const FlowUse &use : uses) {
    CountPieces &pieces = use.role == Role::Send ? counts[use.flow].sends
                                                 : counts[use.flow].receives;
    for (const StreamStatement *statement :
         byUse[{use.compute, use.name, use.role}])
      for (CountPiece &piece : countStatement(result, *statement, use.region))
        addCount(pieces, piece.region, piece.count, piece.op);
  }
  bool failed = false;
  for (unsigned i = 0; i < result.flows.size(); ++i) {
    Flow &flow = result.flows[i];
    failed |=
        mlir::failed(compareWithBound(flow, "send", counts[i].sends)) ||
        mlir::failed(compareWithBound(flow, "receive", counts[i].receives)) ||
        mlir::failed(compareEnds(flow, counts[i]));
  }
  return failure(failed);
}

} // namespace spada
