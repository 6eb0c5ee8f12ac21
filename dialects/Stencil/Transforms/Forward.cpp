//===- Forward.cpp - keep what is stored and read at a point as values ----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One walk over each body: reads of known values go, stores that are stored
// over go, branches that store give results instead.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/Transforms/Transforms.h"

#include "spada/Analysis/StencilExtents.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

namespace spada::stencil {
#define GEN_PASS_DEF_STENCILFORWARDPASS
#include "dialects/Stencil/Transforms/Passes.h.inc"
} // namespace spada::stencil

namespace {
/// An element of a field near the point.
struct Place {
  std::array<int64_t, 3> offset{};
  Value shift, level;
  SmallVector<Value, 2> data;

  bool operator==(const Place &other) const = default;
  bool isOwnColumn() const { return offset[0] == 0 && offset[1] == 0; }
  bool mayOverlap(const Place &other) const;
};

/// What a body knows about one field.
struct Known {
  Place place;
  Value value;
};

using State = DenseMap<Value, SmallVector<Known, 1>>;

class Forwarder {
public:
  explicit Forwarder(StatementOp statement)
      : isExtended(getExtent(statement) != Extent()), statement(statement) {}

  ForwardCount run();

private:
  void visitBlock(Block &block, State &state);
  void visitRead(ReadOp read, State &state);
  void visitWrite(WriteOp write, State &state);
  void visitIf(scf::IfOp op, State &state);
  void visitRegions(Operation *op, State &state);
  scf::IfOp giveResults(scf::IfOp op, State &state);
  void noteReads(Operation *op);

  /// Is a value stored in `field` what a later read gives? Outside of the
  /// domain arguments are not changed.
  bool isKept(Value field) const {
    return !isExtended || !isa<BlockArgument>(field);
  }

  bool isExtended;
  StatementOp statement;
  ForwardCount count;
  /// Stores that nothing has read yet.
  DenseMap<Value, SmallVector<WriteOp, 1>> unread;
};
} // namespace

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

static bool differ(Value one, Value other) {
  APInt a, b;
  return matchPattern(one, m_ConstantInt(&a)) &&
         matchPattern(other, m_ConstantInt(&b)) && a != b;
}

bool Place::mayOverlap(const Place &other) const {
  if (offset[0] != other.offset[0] || offset[1] != other.offset[1])
    return false;
  bool areRelative = !level && !other.level && shift == other.shift;
  if (areRelative && offset[2] != other.offset[2])
    return false;
  for (auto [one, two] : llvm::zip(data, other.data))
    if (differ(one, two))
      return false;
  return true;
}

static Place placeOf(ReadOp read) {
  Place place;
  llvm::copy(read.getOffset(), place.offset.begin());
  place.shift = read.getShift();
  place.level = read.getLevel();
  llvm::append_range(place.data, read.getData());
  return place;
}

static Place placeOf(WriteOp write) {
  Place place;
  place.offset[2] = write.getDk();
  place.shift = write.getShift();
  llvm::append_range(place.data, write.getData());
  return place;
}

static Value findKnown(const State &state, Value field, const Place &place) {
  auto found = state.find(field);
  if (found != state.end())
    for (const Known &known : found->second)
      if (known.place == place)
        return known.value;
  return {};
}

//===----------------------------------------------------------------------===//
// Reads and writes
//===----------------------------------------------------------------------===//

/// `unread` forgets what `op`, with all that is in it, may read.
void Forwarder::noteReads(Operation *op) {
  op->walk([&](ReadOp read) {
    auto found = unread.find(read.getField());
    if (found == unread.end())
      return;
    Place place = placeOf(read);
    llvm::erase_if(found->second, [&](WriteOp write) {
      return place.mayOverlap(placeOf(write));
    });
  });
}

void Forwarder::visitRead(ReadOp read, State &state) {
  Place place = placeOf(read);
  if (Value value = findKnown(state, read.getField(), place)) {
    read.replaceAllUsesWith(value);
    read.erase();
    ++count.reads;
    return;
  }
  noteReads(read);
  state[read.getField()].push_back({place, read.getResult()});
}

void Forwarder::visitWrite(WriteOp write, State &state) {
  Value field = write.getField();
  Place place = placeOf(write);
  SmallVector<Known, 1> &known = state[field];
  llvm::erase_if(known, [&](const Known &k) {
    return k.place.isOwnColumn() && k.place.mayOverlap(place);
  });
  if (isKept(field))
    known.push_back({place, write.getValue()});
  SmallVector<WriteOp, 1> &stores = unread[field];
  llvm::erase_if(stores, [&](WriteOp store) {
    if (store->getBlock() != write->getBlock() || placeOf(store) != place)
      return false;
    store.erase();
    ++count.writes;
    return true;
  });
  stores.push_back(write);
}

//===----------------------------------------------------------------------===//
// Branches and loops
//===----------------------------------------------------------------------===//

/// Forgets what the writes in `op` may change.
static void forgetWrites(Operation *op, State &state) {
  op->walk([&](WriteOp write) {
    auto found = state.find(write.getField());
    if (found == state.end())
      return;
    Place place = placeOf(write);
    llvm::erase_if(found->second, [&](const Known &known) {
      return known.place.isOwnColumn() && known.place.mayOverlap(place);
    });
  });
}

/// The writes of a branch, when they are all at known places of its first
/// level and of fields that have a value before it.
static bool
collectStores(Block &block, const State &state,
              llvm::MapVector<Value, SmallVector<WriteOp>> &stores) {
  bool isGood = true;
  block.walk([&](WriteOp write) {
    Place place = placeOf(write);
    isGood &= write->getBlock() == &block && place == Place() &&
              findKnown(state, write.getField(), place);
    stores[write.getField()].push_back(write);
  });
  return isGood;
}

/// Turns stores in the branches of `op` into results that are stored behind it.
/// Returns the new op; the old one when its stores have to stay.
scf::IfOp Forwarder::giveResults(scf::IfOp op, State &state) {
  llvm::MapVector<Value, SmallVector<WriteOp>> stores;
  if (!collectStores(*op.thenBlock(), state, stores) ||
      (op.elseBlock() && !collectStores(*op.elseBlock(), state, stores)) ||
      stores.empty() || !op.getResultTypes().empty())
    return op;
  for (const auto &[field, writes] : stores)
    if (!isKept(field))
      return op;
  SmallVector<Type> types;
  for (const auto &[field, writes] : stores)
    types.push_back(cast<FieldType>(field.getType()).getElementType());
  OpBuilder builder(op);
  auto result = builder.create<scf::IfOp>(op.getLoc(), types, op.getCondition(),
                                          /*withElseRegion=*/true);
  auto fill = [&](Block *from, Block *to) {
    if (from) {
      from->getTerminator()->erase();
      to->getOperations().splice(to->end(), from->getOperations());
    }
    SmallVector<Value> values;
    for (const auto &[field, writes] : stores) {
      Value value = findKnown(state, field, Place());
      for (WriteOp write : writes)
        if (write->getBlock() == to)
          value = write.getValue();
      values.push_back(value);
    }
    OpBuilder::atBlockEnd(to).create<scf::YieldOp>(op.getLoc(), values);
  };
  fill(op.thenBlock(), result.thenBlock());
  fill(op.elseBlock(), result.elseBlock());
  builder.setInsertionPointAfter(result);
  for (auto [position, entry] : llvm::enumerate(stores)) {
    for (WriteOp write : entry.second)
      write.erase();
    builder.create<WriteOp>(op.getLoc(), result.getResult(position),
                            entry.first);
  }
  op.erase();
  ++count.branches;
  return result;
}

void Forwarder::visitRegions(Operation *op, State &state) {
  // A loop's body sees what an earlier round of it wrote.
  if (!isa<scf::IfOp>(op))
    forgetWrites(op, state);
  auto outer = std::move(unread);
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      unread.clear();
      State inner = state;
      visitBlock(block, inner);
    }
  unread = std::move(outer);
  noteReads(op);
  forgetWrites(op, state);
}

void Forwarder::visitIf(scf::IfOp op, State &state) { visitRegions(op, state); }

void Forwarder::visitBlock(Block &block, State &state) {
  for (auto next = block.begin(); next != block.end();) {
    Operation *op = &*next++;
    if (auto read = dyn_cast<ReadOp>(op)) {
      visitRead(read, state);
    } else if (auto write = dyn_cast<WriteOp>(op)) {
      visitWrite(write, state);
    } else if (auto branch = dyn_cast<scf::IfOp>(op)) {
      // The branches first: what they read may become known. Their stores then
      // stand behind the new op and are next.
      State before = state;
      visitIf(branch, state);
      scf::IfOp result = giveResults(branch, before);
      if (result != branch)
        state = std::move(before);
      next = std::next(result->getIterator());
    } else if (op->getNumRegions() != 0) {
      visitRegions(op, state);
    }
  }
}

ForwardCount Forwarder::run() {
  State state;
  visitBlock(statement.getBody().front(), state);
  return count;
}

ForwardCount spada::stencil::forwardValues(ProgramOp program) {
  ForwardCount count;
  program.walk([&](StatementOp statement) {
    ForwardCount part = Forwarder(statement).run();
    count.reads += part.reads;
    count.writes += part.writes;
    count.branches += part.branches;
  });
  return count;
}

namespace {
struct Forward : spada::stencil::impl::StencilForwardPassBase<Forward> {
  void runOnOperation() override {
    ForwardCount count = forwardValues(getOperation());
    numReads += count.reads;
    numWrites += count.writes;
    numBranches += count.branches;
  }
};
} // namespace
