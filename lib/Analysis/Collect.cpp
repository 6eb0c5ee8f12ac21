//===- Collect.cpp - blocks, names and flows of a kernel ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads the blocks of a kernel in concrete form and resolves stream and field
// names by PE. Edges, routes and colors are later steps.
//
//===----------------------------------------------------------------------===//

#include "Builder.h"

#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;

namespace spada {

using namespace detail;

/// Coordinates, steps and offsets beyond this are refused; far above any
/// fabric, and far below what box arithmetic overflows at.
static constexpr int64_t coordinateLimit = int64_t(1) << 24;

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

static FailureOr<StridedBox> boxOf(Operation *op) {
  auto block = cast<SubgridOpInterface>(op);
  std::pair<Value, const char *> bounds[] = {
      {block.getXLo(), "x start"},  {block.getXHi(), "x stop"},
      {block.getXStep(), "x step"}, {block.getYLo(), "y start"},
      {block.getYHi(), "y stop"},   {block.getYStep(), "y step"}};
  int64_t values[6];
  for (int i = 0; i < 6; ++i) {
    auto [value, what] = bounds[i];
    std::optional<int64_t> constant = constantValue(value);
    if (!constant)
      return op->emitError() << what
                             << " of the subgrid is not a constant; run "
                                "'spada-concretize' first";
    bool isStep = i % 3 == 2;
    if (std::abs(*constant) > coordinateLimit || (isStep && *constant < 1))
      return op->emitError() << what << " of the subgrid is " << *constant
                             << ", outside [" << (isStep ? 1 : -coordinateLimit)
                             << ", " << coordinateLimit << "]";
    values[i] = *constant;
  }
  StridedBox box{values[0], values[1], values[2],
                 values[3], values[4], values[5]};
  if (box.countX() > 0 && box.countY() > 0 && (box.xLo < 0 || box.yLo < 0))
    return op->emitError() << "subgrid starts at (" << box.xLo << ", "
                           << box.yLo
                           << "); PE coordinates must not be negative";
  return box;
}

LogicalResult Builder::addBlock(Operation &op, std::optional<unsigned> phase) {
  if (isa<ConstantOp, ArgumentOp, PhaseOp>(op) || isMemoryEffectFree(&op))
    return success();
  if (!isa<PlaceOp, DataflowOp, ComputeOp>(op))
    return op.emitError() << "in a kernel that is not in concrete form; run "
                             "'spada-concretize' first";
  FailureOr<StridedBox> box = boxOf(&op);
  if (failed(box))
    return failure();
  Region region(result.regions, *box);
  if (!region.empty()) {
    StridedBox bounds = region.boundingBox();
    result.width = std::max(result.width, bounds.xHi);
    result.height = std::max(result.height, bounds.yHi);
  }
  if (auto place = dyn_cast<PlaceOp>(op)) {
    result.places.push_back({place, phase, region});
  } else if (auto dataflow = dyn_cast<DataflowOp>(op)) {
    dataflows.push_back({dataflow, phase, region});
  } else {
    if (!phase)
      return op.emitError() << "outside a phase; run 'spada-concretize' "
                               "first";
    ComputeInfo info{cast<ComputeOp>(op), *phase, region,
                     static_cast<unsigned>(result.computes.size())};
    result.computes.push_back(info);
  }
  return success();
}

LogicalResult Builder::collectBlocks() {
  KernelOp kernel = result.kernel;
  if (!kernel.getParamNames().empty())
    return kernel.emitError()
           << "has parameter '"
           << cast<StringAttr>(kernel.getParamNames()[0]).getValue()
           << "' without a value; run 'spada-concretize' first";
  for (Operation &op : kernel.getBody().front()) {
    if (failed(addBlock(op, std::nullopt)))
      return failure();
    auto phase = dyn_cast<PhaseOp>(op);
    if (!phase)
      continue;
    unsigned index = result.phases.size();
    result.phases.push_back(phase);
    for (Operation &inner : phase.getBody().front())
      if (failed(addBlock(inner, index)))
        return failure();
  }
  if (result.width == 0)
    return kernel.emitError() << "has no block that covers a PE";
  if (result.width > machine.programMaxWidthPes ||
      result.height > machine.programMaxHeightPes)
    return kernel.emitError()
           << "needs " << result.width << " x " << result.height
           << " PEs; a program on " << machine.name << " has at most "
           << machine.programMaxWidthPes << " x "
           << machine.programMaxHeightPes;
  findRepresentatives();
  return success();
}

//===----------------------------------------------------------------------===//
// Equal compute blocks
//===----------------------------------------------------------------------===//

/// Values from outside the block are equal when they are equal constants.
static LogicalResult equalOutside(Value a, Value b) {
  auto x = a.getDefiningOp<ConstantOp>(), y = b.getDefiningOp<ConstantOp>();
  return success(a == b || (x && y && x.getValue() == y.getValue()));
}

/// Operations and attributes, without operands; equal blocks have equal ones.
static llvm::hash_code fingerprint(ComputeOp op) {
  llvm::hash_code hash = 0;
  op.getBody().walk([&](Operation *inner) {
    hash = llvm::hash_combine(hash, inner->getName().getAsOpaquePointer(),
                              inner->getAttrDictionary().getAsOpaquePointer(),
                              inner->getNumOperands());
  });
  return hash;
}

static bool equalBodies(ComputeOp a, ComputeOp b) {
  llvm::DenseMap<Value, Value> paired;
  auto equal = [&](Value x, Value y) {
    auto it = paired.find(x);
    return it != paired.end() ? success(it->second == y) : equalOutside(x, y);
  };
  auto pair = [&](Value x, Value y) { paired[x] = y; };
  return OperationEquivalence::isRegionEquivalentTo(
      &a.getBody(), &b.getBody(), equal, pair,
      OperationEquivalence::IgnoreLocations);
}

/// Rows of an unrolled loop often have equal bodies: let the first stand for
/// all, unless that would change the order of blocks on some PE.
void Builder::findRepresentatives() {
  std::map<std::pair<unsigned, size_t>, std::vector<unsigned>> known;
  std::vector<Region> phaseRegion(result.phases.size());
  for (unsigned i = 0; i < result.computes.size(); ++i) {
    ComputeInfo &info = result.computes[i];
    Region &covered = phaseRegion[info.phase];
    bool alone = !covered.intersects(info.region);
    covered = covered.unite(info.region);
    if (!alone)
      continue;
    std::vector<unsigned> &candidates =
        known[{info.phase, static_cast<size_t>(fingerprint(info.op))}];
    for (unsigned candidate : candidates) {
      if (!equalBodies(result.computes[candidate].op, info.op))
        continue;
      info.representative = candidate;
      break;
    }
    if (info.representative == i)
      candidates.push_back(i);
  }
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// Order in which blocks are asked for a name: those of the phase, then those
/// of the kernel before the phase from last to first, then the later ones.
/// Blocks of other phases are left out.
template <typename InfoT>
static std::vector<unsigned> searchOrder(const std::vector<InfoT> &blocks,
                                         PhaseOp phaseOp, unsigned phase) {
  std::vector<unsigned> order, before, after;
  for (unsigned i = 0; i < blocks.size(); ++i) {
    InfoT block = blocks[i];
    if (block.phase == phase)
      order.push_back(i);
    else if (!block.phase)
      (block.op->isBeforeInBlock(phaseOp) ? before : after).push_back(i);
  }
  order.insert(order.end(), before.rbegin(), before.rend());
  order.insert(order.end(), after.begin(), after.end());
  return order;
}

template <typename OpT, typename BlockT>
static OpT findDeclaration(BlockT block, StringRef name) {
  for (OpT op : block.getBody().template getOps<OpT>())
    if (op.getName() == name)
      return op;
  return OpT();
}

std::vector<Resolved<FieldOp>>
detail::resolveField(const KernelAnalysis &analysis, unsigned phase,
                     StringRef name, const Region &region) {
  std::vector<Resolved<FieldOp>> result;
  Region rest = region;
  for (unsigned i :
       searchOrder(analysis.places, analysis.phases[phase], phase)) {
    if (rest.empty())
      break;
    PlaceInfo place = analysis.places[i];
    FieldOp field = findDeclaration<FieldOp>(place.op, name);
    if (!field)
      continue;
    Region part = rest.intersect(place.region);
    if (part.empty())
      continue;
    rest = rest.subtract(part);
    result.push_back({field, part});
  }
  return result;
}

FieldOp KernelAnalysis::lookupField(const PEClass &peClass, unsigned phase,
                                    StringRef name) const {
  for (unsigned i : searchOrder(places, phases[phase], phase)) {
    if (!llvm::is_contained(peClass.places, i))
      continue;
    PlaceInfo place = places[i];
    if (FieldOp field = findDeclaration<FieldOp>(place.op, name))
      return field;
  }
  return FieldOp();
}

FailureOr<std::vector<Resolved<StreamOp>>>
Builder::resolveStreamName(unsigned phase, StringRef name, const Region &region,
                           Operation *at) {
  std::vector<Resolved<StreamOp>> resolved;
  Region rest = region;
  for (unsigned i : searchOrder(dataflows, result.phases[phase], phase)) {
    DataflowInfo &block = dataflows[i];
    Region part = region.intersect(block.region);
    if (part.empty())
      continue;
    if (auto host = findDeclaration<ExternStreamOp>(block.op, name)) {
      if (!rest.intersects(part))
        continue;
      auto error = at->emitError()
                   << "extern stream '" << name
                   << "' is not supported; use an unbounded stream argument";
      error.attachNote(host.getLoc()) << "declared here";
      return failure();
    }
    StreamOp stream = findDeclaration<StreamOp>(block.op, name);
    if (!stream)
      continue;
    Region taken = rest.intersect(part);
    if (block.phase && !(taken == part)) {
      // Two declarations of this phase on one PE must be the same stream.
      FailureOr<unsigned> mine = flowOf(phase, stream);
      if (failed(mine))
        return failure();
      for (auto &other : resolved) {
        FailureOr<unsigned> theirs = flowOf(phase, other.op);
        if (failed(theirs) || *mine == *theirs ||
            !other.region.intersects(part))
          continue;
        auto error = stream.emitError()
                     << "'" << name << "' is declared twice, differently, on "
                     << other.region.intersect(part).describe();
        error.attachNote(other.op.getLoc()) << "also declared here";
        return failure();
      }
    }
    if (taken.empty())
      continue;
    rest = rest.subtract(taken);
    resolved.push_back({stream, taken});
  }
  if (!rest.empty())
    return at->emitError()
           << "stream '" << name << "' is not declared on " << rest.describe()
           << "; declare it in a dataflow block that covers them";
  return resolved;
}

//===----------------------------------------------------------------------===//
// Statements and flows
//===----------------------------------------------------------------------===//

std::vector<StreamStatement>
detail::statementsOf(const KernelAnalysis &analysis) {
  std::vector<StreamStatement> statements;
  for (unsigned i = 0; i < analysis.computes.size(); ++i) {
    ComputeInfo info = analysis.computes[i];
    if (info.region.empty())
      continue;
    info.op.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (Value operand = streamOperand(op))
        statements.push_back({op, i, resolveStream(operand), roleOf(op)});
    });
  }
  return statements;
}

LogicalResult Builder::collectStatements() {
  statements = statementsOf(result);
  for (const StreamStatement &statement : statements)
    if (!statement.stream)
      return statement.op->emitError()
             << "cannot tell at compile time which stream this is; the "
                "condition must be a constant";
  return success();
}

static bool sameValue(Value a, Value b) {
  return constantValue(a) == constantValue(b);
}

/// Declarations of one name that are one stream.
static bool sameStream(StreamOp a, StreamOp b, const Path &path,
                       const Flow &flow) {
  auto samePort = [](const PathSegment &x, const PathSegment &y) {
    return x.port == y.port && x.length == y.length;
  };
  return a.getElementType() == b.getElementType() &&
         sameValue(a.getBound(), b.getBound()) &&
         sameValue(a.getDx(), b.getDx()) && sameValue(a.getDy(), b.getDy()) &&
         sameValue(a.getDxStop(), b.getDxStop()) &&
         sameValue(a.getDyStop(), b.getDyStop()) &&
         sameValue(a.getChannel(), b.getChannel()) &&
         path.firstReceiver == flow.path.firstReceiver &&
         llvm::equal(path.segments, flow.path.segments, samePort);
}

FailureOr<unsigned> Builder::flowOf(unsigned phase, StreamOp declaration) {
  for (unsigned i = 0; i < result.flows.size(); ++i)
    if (result.flows[i].phase == phase &&
        llvm::is_contained(result.flows[i].declarations, declaration))
      return i;
  FailureOr<Path> path = pathOf(declaration);
  if (failed(path))
    return failure();
  for (unsigned i = 0; i < result.flows.size(); ++i) {
    Flow &flow = result.flows[i];
    if (flow.phase != phase || flow.name != declaration.getName() ||
        !sameStream(declaration, flow.declarations.front(), *path, flow))
      continue;
    flow.declarations.push_back(declaration);
    return i;
  }
  Flow flow;
  flow.phase = phase;
  flow.name = declaration.getName().str();
  flow.declarations.push_back(declaration);
  flow.elementType = declaration.getElementType();
  flow.multicast = declaration.getDxStop() || declaration.getDyStop();
  flow.bound = constantValue(declaration.getBound());
  flow.channel = constantValue(declaration.getChannel());
  flow.path = *path;
  for (const PathSegment &segment : path->segments) {
    auto [dx, dy] = stepOf(segment.port);
    flow.dx += dx * segment.length;
    flow.dy += dy * segment.length;
  }
  if (declaration.getBound() && (!flow.bound || *flow.bound < 0))
    return declaration.emitError() << "bound of stream '" << flow.name
                                   << "' is not a non-negative constant";
  if (declaration.getChannel() && (!flow.channel || *flow.channel < 0))
    return declaration.emitError() << "channel of stream '" << flow.name
                                   << "' is not a non-negative constant";
  result.flows.push_back(std::move(flow));
  return static_cast<unsigned>(result.flows.size() - 1);
}

LogicalResult Builder::addUse(const StreamStatement &statement) {
  const ComputeInfo &info = result.computes[statement.compute];
  auto ref = dyn_cast<StreamRefOp>(statement.stream);
  if (!ref)
    return success();
  auto resolved =
      resolveStreamName(info.phase, ref.getName(), info.region, statement.op);
  if (failed(resolved))
    return failure();
  for (Resolved<StreamOp> &part : *resolved) {
    FailureOr<unsigned> flow = flowOf(info.phase, part.op);
    if (failed(flow))
      return failure();
    Type type = cast<StreamType>(ref.getType()).getElementType();
    if (type != part.op.getElementType()) {
      auto error = statement.op->emitError()
                   << "uses stream '" << ref.getName() << "' with elements of "
                   << type << ", declared with " << part.op.getElementType();
      error.attachNote(part.op.getLoc()) << "declared here";
      return failure();
    }
    if (!statement.role) {
      closes.try_emplace(*flow, statement.op);
      continue;
    }
    firstStatement.try_emplace({*flow, *statement.role}, statement.op);
    uses.push_back({statement.compute, ref.getName().str(), *statement.role,
                    part.region, *flow});
  }
  return success();
}

LogicalResult Builder::collectFlows() {
  // Several statements of a block on one stream are one use.
  std::map<std::tuple<unsigned, std::string, int>, bool> seen;
  for (const StreamStatement &statement : statements) {
    auto ref = dyn_cast<StreamRefOp>(statement.stream);
    if (!ref)
      continue;
    int role = statement.role ? static_cast<int>(*statement.role) : -1;
    auto key = std::make_tuple(statement.compute, ref.getName().str(), role);
    if (!seen.try_emplace(key, true).second)
      continue;
    if (failed(addUse(statement)))
      return failure();
  }
  for (const FlowUse &use : uses) {
    Flow &flow = result.flows[use.flow];
    Region &end = use.role == Role::Send ? flow.senders : flow.receivers;
    end = end.unite(use.region);
  }
  return success();
}

} // namespace spada
