//===- Colors.cpp - colors for sub-flows and host streams -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Graph coloring over all phases. Routes are fixed for the whole program, so
// two sub-flows may have one color only if they agree wherever they meet.
//
// Why agreeing is enough: every PE of a sub-flow has one input port. If two
// sub-flows agree at a PE they therefore both come from the same neighbour,
// hence meet there too, and so on back to the sender and forward to the
// receivers: where they meet at all, they have the same sender and the same
// receivers, and elements arrive in the order of the phases.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include "llvm/ADT/BitVector.h"

#include <algorithm>
#include <set>

using namespace mlir;

namespace spada {

using namespace detail;

namespace {
/// Sub-flows of different phases with equal routes: they share a color.
struct Node {
  std::vector<unsigned> subflows;
  std::set<unsigned> phases;
};

enum class Meeting { Apart, Agree, Differ };

/// The graph: `conflicts[i][j]` may not, `affine[i][j]` should share a color.
struct Graph {
  std::vector<Node> nodes;
  std::vector<llvm::BitVector> conflicts, affine;
};
} // namespace

static std::string keyOf(const SubFlow &sub) {
  std::string key;
  auto add = [&](int64_t value) { key += std::to_string(value) + ","; };
  for (const RouteEntry &route : sub.routes) {
    for (const StridedBox &box : route.pes.boxes())
      for (int64_t value :
           {box.xLo, box.xHi, box.xStep, box.yLo, box.yHi, box.yStep})
        add(value);
    key += "r";
    llvm::for_each(route.rx, add);
    key += "t";
    llvm::for_each(route.tx, add);
  }
  return key;
}

static Meeting meetingOf(const SubFlow &a, const SubFlow &b) {
  Meeting result = Meeting::Apart;
  for (const RouteEntry &x : a.routes)
    for (const RouteEntry &y : b.routes) {
      bool same = x.rx == y.rx && x.tx == y.tx;
      if (same && result == Meeting::Agree)
        continue;
      if (!x.pes.intersects(y.pes))
        continue;
      if (!same)
        return Meeting::Differ;
      result = Meeting::Agree;
    }
  return result;
}

static Graph buildGraph(const KernelAnalysis &analysis) {
  Graph graph;
  std::map<std::string, std::vector<unsigned>> byRoutes;
  for (unsigned i = 0; i < analysis.subflows.size(); ++i) {
    const SubFlow &sub = analysis.subflows[i];
    unsigned phase = analysis.flows[sub.flow].phase;
    std::vector<unsigned> &same = byRoutes[keyOf(sub)];
    auto free = llvm::find_if(same, [&](unsigned node) {
      return !graph.nodes[node].phases.count(phase);
    });
    if (free == same.end()) {
      same.push_back(graph.nodes.size());
      graph.nodes.emplace_back();
      free = std::prev(same.end());
    }
    graph.nodes[*free].subflows.push_back(i);
    graph.nodes[*free].phases.insert(phase);
  }
  unsigned n = graph.nodes.size();
  graph.conflicts.assign(n, llvm::BitVector(n));
  graph.affine.assign(n, llvm::BitVector(n));
  for (unsigned i = 0; i < n; ++i)
    for (unsigned j = i + 1; j < n; ++j) {
      const Node &a = graph.nodes[i], &b = graph.nodes[j];
      Meeting meeting = meetingOf(analysis.subflows[a.subflows.front()],
                                  analysis.subflows[b.subflows.front()]);
      if (meeting == Meeting::Apart)
        continue;
      bool samePhase = llvm::any_of(
          a.phases, [&](unsigned phase) { return b.phases.count(phase) > 0; });
      bool conflict = meeting == Meeting::Differ || samePhase;
      auto &edges = conflict ? graph.conflicts : graph.affine;
      edges[i].set(j);
      edges[j].set(i);
    }
  return graph;
}

/// Color index of each node by saturation (most colors among its neighbours
/// first), then degree, then order of appearance.
static std::vector<int64_t> colorGraph(const Graph &graph) {
  unsigned n = graph.nodes.size();
  std::vector<int64_t> color(n, -1);
  std::vector<std::set<int64_t>> taken(n); // colors of the neighbours
  for (unsigned done = 0; done < n; ++done) {
    unsigned best = n;
    auto rank = [&](unsigned i) {
      return std::make_pair(taken[i].size(), graph.conflicts[i].count());
    };
    for (unsigned i = 0; i < n; ++i)
      if (color[i] < 0 && (best == n || rank(i) > rank(best)))
        best = i;
    // Equal routes on some PEs: one color there needs one queue.
    int64_t choice = -1;
    for (unsigned j : graph.affine[best].set_bits())
      if (color[j] >= 0 && !taken[best].count(color[j]) &&
          (choice < 0 || color[j] < choice))
        choice = color[j];
    if (choice < 0)
      for (choice = 0; taken[best].count(choice);)
        ++choice;
    color[best] = choice;
    for (unsigned j : graph.conflicts[best].set_bits())
      taken[j].insert(choice);
  }
  return color;
}

static LogicalResult reportOutOfColors(KernelAnalysis &analysis,
                                       const Machine &machine,
                                       int64_t available, int64_t needed,
                                       const Graph &graph,
                                       const std::vector<int64_t> &color) {
  unsigned loser = 0;
  while (loser < color.size() && color[loser] < available)
    ++loser;
  auto describe = [&](unsigned node) {
    const Flow &flow =
        analysis.flows[analysis.subflows[graph.nodes[node].subflows[0]].flow];
    return "'" + flow.name + "' in phase " + std::to_string(flow.phase) +
           ", sent by " +
           analysis.subflows[graph.nodes[node].subflows[0]].senders.describe();
  };
  bool hosts = loser == color.size();
  Location at =
      hosts ? analysis.kernel.getLoc()
            : analysis
                  .flows[analysis.subflows[graph.nodes[loser].subflows[0]].flow]
                  .location();
  auto error = emitError(at)
               << "out of colors: the kernel needs " << needed << ", "
               << machine.name << " has " << available << " for it"
               << (hosts ? std::string()
                         : "; none is left for " + describe(loser));
  for (int64_t c = 0; c < available; ++c) {
    for (unsigned i = 0; i < color.size(); ++i) {
      if (color[i] != c)
        continue;
      const Flow &flow =
          analysis.flows[analysis.subflows[graph.nodes[i].subflows[0]].flow];
      error.attachNote(flow.location()) << "color " << machine.programColors[c]
                                        << " is held by " << describe(i);
      break; // one holder of each color is enough to find the cause
    }
  }
  return failure();
}

/// The unbounded arguments that are used, by argument, in before out.
static FailureOr<std::vector<HostStream>>
collectHostStreams(KernelAnalysis &analysis,
                   const std::vector<StreamStatement> &statements) {
  std::map<std::pair<StringRef, StreamDirection>, bool> used;
  for (const StreamStatement &statement : statements) {
    auto ref = dyn_cast<ArgumentRefOp>(statement.stream);
    if (!ref || !statement.role)
      continue;
    used[{ref.getName(), *statement.role == Role::Receive
                             ? StreamDirection::In
                             : StreamDirection::Out}] = true;
  }
  std::vector<HostStream> streams;
  for (ArgumentOp argument : analysis.kernel.getBody().getOps<ArgumentOp>()) {
    bool isArray = argument.getMode() != ArgumentMode::Scalar &&
                   argument.getMode() != ArgumentMode::CompileTime;
    if (!isArray || argument.getBound())
      continue;
    for (StreamDirection direction :
         {StreamDirection::In, StreamDirection::Out})
      if (used.count({argument.getName(), direction}))
        streams.push_back({argument, direction, -1});
  }
  return streams;
}

LogicalResult Builder::allocateColors() {
  auto hosts = collectHostStreams(result, statements);
  if (failed(hosts))
    return failure();
  result.hostStreams = std::move(*hosts);
  int64_t available = static_cast<int64_t>(machine.programColors.size()) -
                      static_cast<int64_t>(options.reservedColors);
  Graph graph = buildGraph(result);
  std::vector<int64_t> color = colorGraph(graph);
  int64_t flowColors = 0;
  for (int64_t c : color)
    flowColors = std::max(flowColors, c + 1);
  int64_t needed = flowColors + static_cast<int64_t>(result.hostStreams.size());
  if (needed > available)
    return reportOutOfColors(result, machine, available, needed, graph, color);
  std::set<int64_t> used;
  auto number = [&](int64_t index) {
    int64_t value = machine.programColors[index];
    used.insert(value);
    return value;
  };
  for (unsigned i = 0; i < graph.nodes.size(); ++i)
    for (unsigned sub : graph.nodes[i].subflows)
      result.subflows[sub].color = number(color[i]);
  for (HostStream &stream : result.hostStreams)
    stream.color = number(flowColors++);
  result.colorsUsed.assign(used.begin(), used.end());
  return success();
}

const HostStream *
KernelAnalysis::findHostStream(StringRef argument,
                               StreamDirection direction) const {
  for (const HostStream &stream : hostStreams) {
    ArgumentOp op = stream.argument;
    if (op.getName() == argument && stream.direction == direction)
      return &stream;
  }
  return nullptr;
}

} // namespace spada
