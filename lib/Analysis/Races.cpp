//===- Races.cpp - races inside one compute block -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Walks a block with the set of outstanding asynchronous statements and
// compares what each statement touches. Loop bodies are walked twice, so that
// one run meets the next. Conservative: an index that is not understood may be
// any element.
//
//===----------------------------------------------------------------------===//

#include "Races.h"

#include "Boxes.h"
#include "Builder.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace mlir;

namespace spada {

using namespace detail;

namespace {
/// Values of one index: a progression, or not understood.
using IndexRange = std::optional<Progression>;

/// One touch of a field; no indices: all of it.
struct Access {
  StringRef field;
  bool write = false;
  std::vector<IndexRange> indices;
};

/// One use of a stream or kernel argument.
struct StreamAccess {
  std::string key, name;
  Role role = Role::Send;
};

struct Effects {
  std::vector<Access> accesses;
  std::vector<StreamAccess> streams;
};

struct Outstanding {
  Operation *op;
  Effects effects;
};

class Walker {
public:
  std::vector<Finding> findings;
  void walk(Block &block, std::vector<Outstanding> &outstanding);

private:
  void check(Operation *op, const Effects &effects,
             const std::vector<Outstanding> &outstanding);
  void walkNested(Operation *op);
  std::set<std::tuple<Operation *, Operation *, std::string>> reported;
};
} // namespace

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

/// The values that `index` takes while `root` runs once.
static IndexRange rangeOf(Value index, Operation *root) {
  while (auto cast = index.getDefiningOp<CastOp>())
    index = cast.getOperand();
  if (auto constant = constantValue(index))
    return Progression{*constant, *constant, 1};
  auto argument = dyn_cast<BlockArgument>(index);
  if (!argument)
    return std::nullopt;
  Operation *loop = argument.getOwner()->getParentOp();
  if (!loop || !root->isAncestor(loop))
    return std::nullopt;
  OperandRange lo = root->getOperands(), hi = lo, step = lo;
  if (auto op = dyn_cast<ForOp>(loop)) {
    lo = op.getLo(), hi = op.getHi(), step = op.getStep();
  } else if (auto op = dyn_cast<MapOp>(loop)) {
    lo = op.getLo(), hi = op.getHi(), step = op.getStep();
  } else if (auto op = dyn_cast<ForeachOp>(loop)) {
    lo = op.getLo(), hi = op.getHi(), step = op.getStep();
  } else {
    return std::nullopt;
  }
  unsigned number = argument.getArgNumber();
  if (number >= lo.size())
    return std::nullopt;
  auto low = constantValue(lo[number]), high = constantValue(hi[number]),
       by = constantValue(step[number]);
  auto count = tripCount(lo.slice(number, 1), hi.slice(number, 1),
                         step.slice(number, 1));
  if (!low || !high || !by || !count || *count == 0)
    return std::nullopt;
  int64_t last = *low + (*count - 1) * *by;
  int64_t stride = *count == 1 ? 1 : std::abs(*by);
  return Progression{std::min(*low, last), std::max(*low, last), stride};
}

static Access makeAccess(StringRef field, bool write, ValueRange indices,
                         Operation *root) {
  Access access{field, write, {}};
  std::set<void *> seen;
  for (Value index : indices) {
    // A diagonal such as a[k, k] is not the product of its ranges.
    bool fresh = seen.insert(index.getAsOpaquePointer()).second ||
                 index.getDefiningOp<ConstantOp>();
    access.indices.push_back(fresh ? rangeOf(index, root) : IndexRange());
  }
  return access;
}

/// Different elements of an argument are different streams: `key` tells them
/// apart as far as constants do.
static StreamAccess streamAccess(Value stream, Role role) {
  Operation *op = resolveStream(stream);
  if (auto ref = dyn_cast_or_null<StreamRefOp>(op))
    return {ref.getName().str(), ref.getName().str(), role};
  StreamAccess access{"", "", role};
  auto ref = dyn_cast_or_null<ArgumentRefOp>(op);
  if (!ref)
    return access;
  access.key = access.name = ref.getName().str();
  for (Value index : ref.getIndices()) {
    access.key += ",";
    auto binary = index.getDefiningOp<BinaryOp>();
    for (Value part :
         binary ? ValueRange(binary.getOperands()) : ValueRange(index)) {
      if (auto argument = dyn_cast<BlockArgument>(part))
        access.key += "%" + std::to_string(argument.getArgNumber());
      else if (auto value = constantValue(part))
        access.key += " " + std::to_string(*value);
    }
    if (binary)
      access.key += stringifyBinaryKind(binary.getKind()).str();
  }
  return access;
}

/// What `op` itself touches; its regions are added by the caller.
static void addOwnEffects(Operation *op, Operation *root, Effects &effects) {
  auto add = [&](StringRef field, bool write, ValueRange indices) {
    effects.accesses.push_back(makeAccess(field, write, indices, root));
  };
  if (auto send = dyn_cast<SendOp>(op))
    add(send.getField(), false, {});
  else if (auto receive = dyn_cast<ReceiveOp>(op))
    add(receive.getField(), true, receive.getIndices());
  else if (auto read = dyn_cast<ReadOp>(op))
    add(read.getField(), false, read.getIndices());
  else if (auto write = dyn_cast<WriteOp>(op))
    add(write.getField(), true, write.getIndices());
  else if (auto assign = dyn_cast<AssignOp>(op))
    add(assign.getField(), true, {});
  if (auto role = roleOf(op))
    effects.streams.push_back(streamAccess(streamOperand(op), *role));
}

static Effects effectsOf(Operation *root) {
  Effects effects;
  root->walk<WalkOrder::PreOrder>(
      [&](Operation *op) { addOwnEffects(op, root, effects); });
  return effects;
}

//===----------------------------------------------------------------------===//
// Overlap
//===----------------------------------------------------------------------===//

namespace {
enum class Overlap { None, Maybe, Certain };
} // namespace

static Overlap overlapOf(const Access &a, const Access &b) {
  if (a.field != b.field || (!a.write && !b.write))
    return Overlap::None;
  if (a.indices.empty() || b.indices.empty())
    return Overlap::Certain;
  Overlap result = Overlap::Certain;
  for (auto [x, y] : llvm::zip(a.indices, b.indices)) {
    if (!x || !y)
      result = Overlap::Maybe;
    else if (!intersect(*x, *y))
      return Overlap::None;
  }
  return result;
}

void Walker::check(Operation *op, const Effects &effects,
                   const std::vector<Outstanding> &outstanding) {
  for (const Outstanding &other : outstanding) {
    std::map<StringRef, Overlap> fields;
    for (const Access &a : other.effects.accesses)
      for (const Access &b : effects.accesses) {
        Overlap overlap = overlapOf(a, b);
        if (overlap != Overlap::None)
          fields[a.field] = std::max(fields[a.field], overlap);
      }
    for (auto &[field, overlap] : fields)
      if (reported.insert({other.op, op, field.str()}).second)
        findings.push_back({Finding::Kind::Race, overlap == Overlap::Certain,
                            field.str(), other.op, op});
    for (const StreamAccess &a : other.effects.streams)
      for (const StreamAccess &b : effects.streams)
        if (a.key == b.key && a.role == b.role &&
            reported.insert({other.op, op, "stream " + a.key}).second)
          findings.push_back(
              {Finding::Kind::UnorderedStream, true, a.name, other.op, op});
  }
}

//===----------------------------------------------------------------------===//
// Walk
//===----------------------------------------------------------------------===//

static bool isAsynchronous(Operation *op) {
  return isa<SendOp, SendValueOp, ReceiveOp, ForeachOp, MapOp, AsyncBlockOp>(
      op);
}

/// The body of an asynchronous statement, for itself.
void Walker::walkNested(Operation *op) {
  std::vector<Outstanding> inner;
  // Runs of a foreach follow each other, those of a map do not share
  // statements that are outstanding.
  int runs = isa<ForeachOp>(op) ? 2 : 1;
  for (int run = 0; run < runs; ++run)
    for (mlir::Region &region : op->getRegions())
      for (Block &block : region)
        walk(block, inner);
}

void Walker::walk(Block &block, std::vector<Outstanding> &outstanding) {
  for (Operation &op : block) {
    if (auto await = dyn_cast<AwaitOp>(op)) {
      llvm::erase_if(outstanding, [&](const Outstanding &other) {
        return other.op == await.getCompletion().getDefiningOp();
      });
      continue;
    }
    if (isa<AwaitAllOp>(op)) {
      llvm::erase_if(outstanding, [&](const Outstanding &other) {
        return other.op->getBlock() == &block;
      });
      continue;
    }
    if (auto loop = dyn_cast<ForOp>(op)) {
      auto count = tripCount(loop.getLo(), loop.getHi(), loop.getStep());
      int runs = !count || *count > 1 ? 2 : static_cast<int>(*count);
      for (int run = 0; run < runs; ++run)
        walk(loop.getBody().front(), outstanding);
      continue;
    }
    Effects effects = effectsOf(&op);
    check(&op, effects, outstanding);
    if (!isAsynchronous(&op))
      continue;
    walkNested(&op);
    // The same statement of the run before stands for itself.
    llvm::erase_if(outstanding,
                   [&](const Outstanding &other) { return other.op == &op; });
    outstanding.push_back({&op, std::move(effects)});
  }
}

std::vector<Finding> detail::findRaces(ComputeOp compute) {
  Walker walker;
  std::vector<Outstanding> outstanding;
  walker.walk(compute.getBody().front(), outstanding);
  return std::move(walker.findings);
}

} // namespace spada
