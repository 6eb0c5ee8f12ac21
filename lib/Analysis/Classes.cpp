//===- Classes.cpp - PE classes and their queues --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Partition refinement of the grid by what PEs run, and queues for the colors
// that each class uses. Relays need no program and do not split classes.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace mlir;

namespace spada {

using namespace detail;

//===----------------------------------------------------------------------===//
// Partition
//===----------------------------------------------------------------------===//

namespace {
/// A region and what holds on it; PEs differ when their markers do.
struct Marker {
  Region region;
  std::vector<unsigned> places, computes;
  std::vector<StreamUse> uses;
};

/// PEs that have had the same markers until now.
struct Part {
  Region region;
  StridedBox bounds;
  std::vector<unsigned> markers;
};

/// Markers of equal box regions are one.
class MarkerSet {
public:
  Marker &at(const Region &region) {
    if (auto box = region.empty() ? std::nullopt : region.asBox()) {
      auto key = std::make_tuple(box->xLo, box->xHi, box->xStep, box->yLo,
                                 box->yHi, box->yStep);
      auto [it, added] = byBox.try_emplace(key, markers.size());
      if (!added)
        return markers[it->second];
    }
    markers.emplace_back();
    markers.back().region = region;
    return markers.back();
  }
  std::vector<Marker> markers;

private:
  std::map<std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>,
           size_t>
      byBox;
};
} // namespace

static bool apart(const StridedBox &a, const StridedBox &b) {
  return a.xHi <= b.xLo || b.xHi <= a.xLo || a.yHi <= b.yLo || b.yHi <= a.yLo;
}

static void refine(std::vector<Part> &parts, const Region &region,
                   unsigned marker) {
  if (region.empty())
    return;
  StridedBox bounds = region.boundingBox();
  size_t count = parts.size();
  for (size_t i = 0; i < count; ++i) {
    if (apart(parts[i].bounds, bounds))
      continue;
    Region inside = parts[i].region.intersect(region);
    if (inside.empty())
      continue;
    Region outside = parts[i].region.subtract(inside);
    if (!outside.empty()) {
      Part rest{outside, outside.boundingBox(), parts[i].markers};
      parts.push_back(std::move(rest));
      parts[i].region = inside;
      parts[i].bounds = inside.boundingBox();
    }
    parts[i].markers.push_back(marker);
  }
}

static PEClass makeClass(const KernelAnalysis &analysis, const Part &part,
                         const std::vector<Marker> &markers) {
  PEClass result;
  result.region = part.region;
  result.boxes = part.region.boxes();
  for (unsigned index : part.markers) {
    const Marker &marker = markers[index];
    result.places.append(marker.places.begin(), marker.places.end());
    result.computes.append(marker.computes.begin(), marker.computes.end());
    result.uses.insert(result.uses.end(), marker.uses.begin(),
                       marker.uses.end());
  }
  llvm::sort(result.places);
  llvm::sort(result.computes);
  llvm::sort(result.uses, [](const StreamUse &a, const StreamUse &b) {
    return std::tie(a.compute, a.name, a.role) <
           std::tie(b.compute, b.name, b.role);
  });
  for (unsigned place : result.places) {
    PlaceOp op = analysis.places[place].op;
    for (FieldOp field : op.getBody().getOps<FieldOp>())
      result.fieldBytes += fieldBytes(field).value_or(0);
  }
  return result;
}

LogicalResult Builder::buildClasses() {
  MarkerSet set;
  for (unsigned i = 0; i < result.places.size(); ++i)
    set.at(result.places[i].region).places.push_back(i);
  std::map<unsigned, Region> byRepresentative;
  for (ComputeInfo &info : result.computes) {
    Region &region = byRepresentative[info.representative];
    region = region.unite(info.region);
  }
  for (auto &[representative, region] : byRepresentative)
    set.at(region).computes.push_back(representative);
  // One sub-flow in one role of one program: the union over the blocks that
  // the representative stands for.
  std::map<std::tuple<unsigned, std::string, Role, unsigned>, Region> roles;
  for (const FlowUse &use : uses)
    for (unsigned sub : result.flows[use.flow].subflows) {
      const SubFlow &flow = result.subflows[sub];
      Region region = use.region.intersect(
          use.role == Role::Send ? flow.senders : flow.receivers);
      if (region.empty())
        continue;
      unsigned compute = result.computes[use.compute].representative;
      Region &all = roles[{compute, use.name, use.role, sub}];
      all = all.unite(region);
    }
  for (auto &[key, region] : roles) {
    auto &[compute, name, role, sub] = key;
    set.at(region).uses.push_back({compute, name, role, sub});
  }
  Region grid(result.regions, {0, result.width, 1, 0, result.height, 1});
  std::vector<Part> parts{{grid, grid.boundingBox(), {}}};
  for (unsigned i = 0; i < set.markers.size(); ++i)
    refine(parts, set.markers[i].region, i);
  llvm::sort(parts, [](const Part &a, const Part &b) {
    PE x = a.region.first(), y = b.region.first();
    return std::tie(x.y, x.x) < std::tie(y.y, y.x);
  });
  for (const Part &part : parts)
    result.classes.push_back(makeClass(result, part, set.markers));
  return success();
}

std::optional<unsigned> PEClass::findUse(unsigned compute, StringRef name,
                                         Role role) const {
  auto it = std::lower_bound(
      uses.begin(), uses.end(), std::make_tuple(compute, name, role),
      [](const StreamUse &use, const auto &key) {
        return std::make_tuple(use.compute, StringRef(use.name), use.role) <
               key;
      });
  if (it == uses.end() || it->compute != compute || it->name != name ||
      it->role != role)
    return std::nullopt;
  return it->subflow;
}

std::optional<unsigned> KernelAnalysis::classOf(int64_t x, int64_t y) const {
  for (unsigned i = 0; i < classes.size(); ++i)
    if (classes[i].region.contains(x, y))
      return i;
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Queues
//===----------------------------------------------------------------------===//

namespace {
/// How one class uses one color in one direction.
struct ColorUse {
  std::set<unsigned> phases;
  bool synchronous = true; ///< no two of its statements are ever outstanding
  std::vector<Operation *> statements;
  std::string streams; ///< names, for messages
  Operation *statement = nullptr;
};
using ColorUses = std::map<int64_t, ColorUse>;
} // namespace

static void addColorUse(ColorUses &uses, int64_t color, unsigned phase,
                        StringRef name, Operation *statement) {
  ColorUse &use = uses[color];
  use.phases.insert(phase);
  use.synchronous &= isSynchronous(statement);
  use.statements.push_back(statement);
  std::string quoted = "'" + name.str() + "'";
  if (!StringRef(use.streams).contains(quoted))
    use.streams += (use.streams.empty() ? "" : ", ") + quoted;
  if (!use.statement)
    use.statement = statement;
}

/// The statement of `block` that `op` is or is in.
static Operation *ancestorIn(Block *block, Operation *op) {
  return block->findAncestorOpInBlock(*op);
}

/// `first` is complete before `second`, which stands behind it, begins.
static bool isAwaitedBefore(Operation *first, Operation *second) {
  auto compute = first->getParentOfType<ComputeOp>();
  Block *block = &compute.getBody().front();
  Operation *end = ancestorIn(block, second);
  if (isSynchronous(first))
    return ancestorIn(block, first) != end;
  for (Operation *next = first->getNextNode();
       first->getBlock() == block && next && next != end;
       next = next->getNextNode())
    if (isa<AwaitAllOp>(next) ||
        (isa<AwaitOp>(next) && next->getOperand(0) == first->getResult(0)))
      return true;
  return false;
}

static bool areApart(Operation *a, Operation *b) {
  auto compute = a->getParentOfType<ComputeOp>();
  if (compute != b->getParentOfType<ComputeOp>() || a->getNumResults() != 1 ||
      b->getNumResults() != 1)
    return false;
  Block *block = &compute.getBody().front();
  Operation *topA = ancestorIn(block, a), *topB = ancestorIn(block, b);
  if (topA == topB)
    return false;
  return topA->isBeforeInBlock(topB) ? isAwaitedBefore(a, b)
                                     : isAwaitedBefore(b, a);
}

/// Two colors on one output queue must never be outstanding together.
static bool mayShare(const ColorUse &a, const ColorUse &b) {
  if (a.synchronous && b.synchronous)
    return true;
  if (llvm::all_of(a.statements, [&](Operation *x) {
        return llvm::all_of(b.statements,
                            [&](Operation *y) { return areApart(x, y); });
      }))
    return true;
  return llvm::none_of(
      a.phases, [&](unsigned phase) { return b.phases.count(phase) > 0; });
}

static LogicalResult reportTooManyQueues(const PEClass &peClass,
                                         const ColorUses &uses,
                                         StringRef direction, size_t queues,
                                         const Machine &machine) {
  auto error = uses.rbegin()->second.statement->emitError()
               << "too many " << direction
               << " queues: " << withVerb(peClass.region, "use") << " "
               << uses.size() << " colors, " << machine.name << " has "
               << queues << " " << direction << " queues";
  for (auto &[color, use] : uses)
    error.attachNote(use.statement->getLoc())
        << "color " << color << " for " << use.streams;
  return failure();
}

/// One queue for each color; output queues that are not bound to a color are
/// shared when there are too few.
static LogicalResult assign(const PEClass &peClass, const ColorUses &uses,
                            const std::vector<int64_t> &queues, bool sharable,
                            StringRef direction, const Machine &machine,
                            std::vector<QueueUse> &result) {
  if (uses.size() <= queues.size()) {
    for (auto &[color, use] : uses)
      result.push_back({color, queues[result.size()], false});
    return success();
  }
  std::vector<std::vector<const ColorUse *>> holders(queues.size());
  for (auto &[color, use] : uses) {
    size_t queue = 0;
    auto fits = [&, &use = use](size_t q) {
      return llvm::all_of(holders[q], [&](const ColorUse *other) {
        return sharable && mayShare(use, *other);
      });
    };
    while (queue < queues.size() && !fits(queue))
      ++queue;
    if (queue == queues.size())
      return reportTooManyQueues(peClass, uses, direction, queues.size(),
                                 machine);
    holders[queue].push_back(&use);
    result.push_back({color, queues[queue], false});
  }
  for (QueueUse &use : result)
    use.shared = llvm::count_if(result, [&](const QueueUse &other) {
                   return other.queue == use.queue;
                 }) > 1;
  return success();
}

LogicalResult Builder::assignQueues() {
  std::map<unsigned, std::vector<const StreamStatement *>> byCompute;
  for (const StreamStatement &statement : statements)
    if (statement.role)
      byCompute[statement.compute].push_back(&statement);
  for (PEClass &peClass : result.classes) {
    ColorUses inputs, outputs;
    for (unsigned compute : peClass.computes)
      for (const StreamStatement *statement : byCompute[compute]) {
        bool sends = *statement->role == Role::Send;
        std::optional<int64_t> color;
        StringRef name;
        if (auto ref = dyn_cast<StreamRefOp>(statement->stream)) {
          name = ref.getName();
          if (auto sub = peClass.findUse(compute, name, *statement->role))
            color = result.subflows[*sub].color;
        } else {
          name = cast<ArgumentRefOp>(statement->stream).getName();
          if (auto *host = result.findHostStream(
                  name, sends ? StreamDirection::Out : StreamDirection::In))
            color = host->color;
        }
        if (color)
          addColorUse(sends ? outputs : inputs, *color,
                      result.computes[compute].phase, name, statement->op);
      }
    // One class is enough to see the cause.
    if (failed(assign(peClass, inputs, machine.inputQueues, false, "input",
                      machine, peClass.inputs)) ||
        failed(assign(peClass, outputs, machine.outputQueues,
                      !machine.outputQueueBoundToColor, "output", machine,
                      peClass.outputs)))
      return failure();
  }
  return success();
}

static std::optional<int64_t> findQueue(const std::vector<QueueUse> &queues,
                                        int64_t color) {
  for (const QueueUse &use : queues)
    if (use.color == color)
      return use.queue;
  return std::nullopt;
}

std::optional<int64_t> PEClass::inputQueue(int64_t color) const {
  return findQueue(inputs, color);
}

std::optional<int64_t> PEClass::outputQueue(int64_t color) const {
  return findQueue(outputs, color);
}

} // namespace spada
