//===- InlineTemporaries.cpp - compute again instead of storing -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A temporary that one cheap expression defines is replaced by that expression,
// moved by the offset of each read, until no more is worth it.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "spada/Analysis/StencilAccesses.h"
#include "spada/Analysis/StencilExtents.h"
#include "spada/Machine/Host.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include <map>
#include <set>

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILINLINETEMPORARIESPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

/// More ops than this are not copied.
static constexpr size_t mostOps = 256;

namespace {
/// The expression that defines a temporary.
struct Producer {
  WriteOp write;
  StatementOp statement;
  SmallVector<Operation *> slice; ///< in the order of the body
  unsigned cost = 0;
};

class Inliner {
public:
  Inliner(ProgramOp program, unsigned limit);

  unsigned run();

private:
  std::optional<Producer> findProducer(TemporaryOp temporary);
  bool collectSlice(Producer &producer);
  bool canRead(const Producer &producer, ReadOp read);
  bool isWorthIt(const Producer &producer, ArrayRef<ReadOp> reads);
  void replace(const Producer &producer, ReadOp read);

  ProgramOp program;
  unsigned limit;
  Host host = builtinHost();
  int64_t levels;
  /// Positions of statements in the program, and of those that write a field.
  DenseMap<Operation *, int> position;
  DenseMap<Value, std::set<int>> writes;
};
} // namespace

Inliner::Inliner(ProgramOp program, unsigned limit)
    : program(program), limit(limit),
      levels(std::max<int64_t>(program.getMinLevels().value_or(0), 1)) {
  int next = 0;
  program.walk([&](StatementOp statement) {
    position[statement] = next;
    for (const FieldAccess &access : collectAccesses(statement))
      if (access.isWrite)
        writes[access.field].insert(next);
    ++next;
  });
}

//===----------------------------------------------------------------------===//
// Producers
//===----------------------------------------------------------------------===//

/// Time in sums of vectors: one for loads too, which limit a processor no less.
static unsigned costOf(Operation *op, const Host &host) {
  return llvm::TypeSwitch<Operation *, unsigned>(op)
      .Case<LevelOp, arith::ConstantOp>([](auto) { return 0; })
      .Case<ReadOp>([](auto) { return 1; })
      .Case<arith::DivFOp, math::SqrtOp>([&](auto) { return host.divideSums; })
      .Case<arith::DivSIOp, arith::RemSIOp, arith::RemFOp, ModOp>(
          [&](auto) { return host.remainderSums; })
      .Case<math::AbsFOp, math::FloorOp, math::CeilOp, math::TruncOp>(
          [](auto) { return 1; })
      .Default([&](Operation *other) {
        return isa<arith::ArithDialect>(other->getDialect())
                   ? 1
                   : host.functionSums;
      });
}

/// Collects what `producer.write` stores; false when that is not an expression
/// over fields that its statement leaves alone.
bool Inliner::collectSlice(Producer &producer) {
  DenseSet<Operation *> seen;
  SmallVector<Value> worklist = {producer.write.getValue()};
  int place = position.lookup(producer.statement);
  while (!worklist.empty()) {
    Operation *op = worklist.pop_back_val().getDefiningOp();
    if (!op || op->getBlock() != producer.write->getBlock() ||
        !seen.insert(op).second)
      continue; // scalar arguments and constants are known everywhere
    if (op->getNumRegions() != 0 || seen.size() > mostOps)
      return false;
    if (auto read = dyn_cast<ReadOp>(op)) {
      if (read.getShift() || read.getLevel() ||
          isPointVariable(read.getField()) ||
          writes[read.getField()].count(place))
        return false;
    } else if (!isMemoryEffectFree(op)) {
      return false;
    }
    for (Value operand : op->getOperands())
      if (!isa<FieldType>(operand.getType()))
        worklist.push_back(operand);
    producer.cost += costOf(op, host);
  }
  for (Operation &op : *producer.write->getBlock())
    if (seen.contains(&op))
      producer.slice.push_back(&op);
  return true;
}

std::optional<Producer> Inliner::findProducer(TemporaryOp temporary) {
  FieldType type = temporary.getField().getType();
  if (type.getAxes() != Axes::IJK || !type.getDataDims().empty())
    return std::nullopt;
  Producer producer;
  for (Operation *user : temporary->getUsers())
    if (auto write = dyn_cast<WriteOp>(user)) {
      if (producer.write)
        return std::nullopt;
      producer.write = write;
    }
  if (!producer.write)
    return std::nullopt;
  producer.statement = dyn_cast<StatementOp>(producer.write->getParentOp());
  if (!producer.statement || producer.statement.getRegions() ||
      !cast<SectionOp>(producer.statement->getParentOp()).isParallel() ||
      !collectSlice(producer))
    return std::nullopt;
  return producer;
}

//===----------------------------------------------------------------------===//
// Reads
//===----------------------------------------------------------------------===//

/// Are the levels of `inner` among those of `outer` in every domain of at least
/// `size` levels?
static bool isWithin(LevelRange inner, LevelRange outer, int64_t size) {
  auto isAtLeast = [&](Edge a, int64_t x, Edge b, int64_t y) {
    if (a == b)
      return x >= y;
    return a == Edge::End && size + x >= y;
  };
  return isAtLeast(inner.startEdge, inner.start, outer.startEdge,
                   outer.start) &&
         isAtLeast(outer.endEdge, outer.end, inner.endEdge, inner.end);
}

/// Would the expression give at `read` what it gave where it stands?
bool Inliner::canRead(const Producer &producer, ReadOp read) {
  auto statement = read->getParentOfType<StatementOp>();
  auto section = cast<SectionOp>(statement->getParentOp());
  auto from = cast<SectionOp>(StatementOp(producer.statement)->getParentOp());
  int first = position.lookup(producer.statement),
      last = position.lookup(statement);
  if (read.getShift() || read.getLevel() || last <= first ||
      !isWithin(LevelRange::get(section).shifted(read.getOffset()[2]),
                LevelRange::get(from), levels))
    return false;
  // In a sweep the statements behind the read run before it, levels ago.
  if (!section.isParallel())
    last = position.lookup(&section.getBody().front().back());
  return llvm::all_of(producer.slice, [&](Operation *op) {
    auto source = dyn_cast<ReadOp>(op);
    if (!source)
      return true;
    const std::set<int> &places = writes[source.getField()];
    auto next = places.upper_bound(first);
    return next == places.end() || *next > last;
  });
}

bool Inliner::isWorthIt(const Producer &producer, ArrayRef<ReadOp> reads) {
  std::set<std::pair<Operation *, std::array<int64_t, 3>>> copies;
  bool isElsewhere = false;
  for (ReadOp read : reads) {
    auto statement = read->getParentOfType<StatementOp>();
    std::array<int64_t, 3> offset;
    llvm::copy(read.getOffset(), offset.begin());
    copies.insert({statement, offset});
    isElsewhere |= !read.isCentered() ||
                   statement->getParentOp() !=
                       StatementOp(producer.statement)->getParentOp() ||
                   getExtent(statement) != getExtent(producer.statement) ||
                   statement.getRegions();
  }
  // What one body can hold is better merged than copied.
  return isElsewhere && producer.cost * (copies.size() - 1) <= limit &&
         producer.slice.size() * copies.size() <= mostOps;
}

void Inliner::replace(const Producer &producer, ReadOp read) {
  OpBuilder builder(read);
  IRMapping mapping;
  ArrayRef<int64_t> moved = read.getOffset();
  for (Operation *op : producer.slice) {
    if (isa<LevelOp>(op) && moved[2] != 0) {
      Value level = builder.create<LevelOp>(op->getLoc());
      Value offset =
          builder.create<arith::ConstantIndexOp>(op->getLoc(), moved[2]);
      mapping.map(op->getResult(0),
                  builder.create<arith::AddIOp>(op->getLoc(), level, offset)
                      .getResult());
      continue;
    }
    Operation *copy = builder.clone(*op, mapping);
    auto source = dyn_cast<ReadOp>(copy);
    if (!source)
      continue;
    FieldType type = source.getField().getType();
    SmallVector<int64_t> offset(source.getOffset());
    for (unsigned axis = 0; axis < 3; ++axis)
      if (type.hasAxis(axis))
        offset[axis] += moved[axis];
    source.setOffset(offset);
  }
  read.replaceAllUsesWith(
      mapping.lookupOrDefault(WriteOp(producer.write).getValue()));
  read.erase();
}

unsigned Inliner::run() {
  unsigned inlined = 0;
  SmallVector<TemporaryOp> temporaries(program.getBody().getOps<TemporaryOp>());
  // Producers of producers first.
  std::multimap<int, TemporaryOp> order;
  for (TemporaryOp temporary : temporaries)
    for (Operation *user : temporary->getUsers())
      if (isa<WriteOp>(user)) {
        order.insert(
            {position.lookup(user->getParentOfType<StatementOp>()), temporary});
        break;
      }
  for (auto &[place, temporary] : order) {
    std::optional<Producer> producer = findProducer(temporary);
    if (!producer)
      continue;
    SmallVector<ReadOp> reads;
    for (Operation *user : temporary->getUsers())
      if (auto read = dyn_cast<ReadOp>(user))
        reads.push_back(read);
    if (reads.empty() ||
        !llvm::all_of(reads,
                      [&](ReadOp read) { return canRead(*producer, read); }) ||
        !isWorthIt(*producer, reads))
      continue;
    for (ReadOp read : reads)
      replace(*producer, read);
    ++inlined;
  }
  return inlined;
}

unsigned spada::stencil::inlineTemporaries(ProgramOp program, unsigned limit) {
  return Inliner(program, limit).run();
}

namespace {
struct Inline : spada::stencil::impl::StencilInlineTemporariesPassBase<Inline> {
  using StencilInlineTemporariesPassBase::StencilInlineTemporariesPassBase;
  void runOnOperation() override {
    // What one body held may be read at several points now. Writes that nobody
    // reads any more must not count as readers.
    while (unsigned inlined = inlineTemporaries(getOperation(), limit)) {
      numInlined += inlined;
      eliminateDead(getOperation());
    }
  }
};
} // namespace
