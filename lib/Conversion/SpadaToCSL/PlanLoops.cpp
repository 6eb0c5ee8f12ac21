//===- PlanLoops.cpp - which loops become vector operations ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Legality of turning loop nests into vector operations: injective
// destinations, no dependence between iterations other than at equal addresses,
// expressions that the vector unit has. See Plan.h.
//
//===----------------------------------------------------------------------===//

#include "PlanLoops.h"

using namespace mlir;
using namespace spada;

bool VectorScope::usesElement(Value value) const {
  if (!element)
    return false;
  if (value == element)
    return true;
  Operation *def = value.getDefiningOp();
  return def && llvm::any_of(def->getOperands(),
                             [&](Value v) { return usesElement(v); });
}

static bool dependsOn(Value value, ArrayRef<LoopDim> dims) {
  if (llvm::any_of(dims,
                   [&](const LoopDim &dim) { return dim.variable == value; }))
    return true;
  Operation *def = value.getDefiningOp();
  return def && llvm::any_of(def->getOperands(),
                             [&](Value v) { return dependsOn(v, dims); });
}

static bool readsAny(Value value, const llvm::StringSet<> &fields) {
  Operation *def = value.getDefiningOp();
  if (!def)
    return false;
  if (auto read = dyn_cast<ReadOp>(def);
      read && fields.contains(read.getField()))
    return true;
  return llvm::any_of(def->getOperands(),
                      [&](Value v) { return readsAny(v, fields); });
}

bool VectorScope::isInvariant(Value value) const {
  return !dependsOn(value, vectorDims) && !usesElement(value) &&
         !readsAny(value, written);
}

/// 16-bit integers as CSL stores them; narrower ones need wrapping that vector
/// operations do not do.
static bool is16(Type type) { return type.isInteger(16); }
static bool isVectorFloat(Type type) { return type.isF32() || type.isF16(); }

bool VectorScope::isVectorisable(Value value) const {
  if (value == element)
    return isVectorFloat(value.getType()) || is16(value.getType()) ||
           value.getType().isInteger(32);
  if (isInvariant(value))
    return !value.getType().isIndex();
  Operation *def = value.getDefiningOp();
  if (!def)
    return false;
  if (auto read = dyn_cast<ReadOp>(def)) {
    auto field = body.fields.find(read.getField());
    return linearAddress(read.getIndices(), field->second.shape).has_value();
  }
  Type type = value.getType();
  auto both = [&](Value a, Value b) {
    return isVectorisable(a) && isVectorisable(b);
  };
  if (auto binary = dyn_cast<BinaryOp>(def)) {
    switch (binary.getKind()) {
    case BinaryKind::Add:
    case BinaryKind::Sub:
      return (isVectorFloat(type) || is16(type)) &&
             both(binary.getLhs(), binary.getRhs());
    case BinaryKind::Mul:
      return isVectorFloat(type) && both(binary.getLhs(), binary.getRhs());
    case BinaryKind::And:
    case BinaryKind::Or:
    case BinaryKind::Xor:
      return is16(type) && both(binary.getLhs(), binary.getRhs());
    default:
      return false;
    }
  }
  if (auto unary = dyn_cast<UnaryOp>(def))
    return unary.getKind() == UnaryKind::Neg && isVectorFloat(type) &&
           isVectorisable(unary.getOperand());
  if (auto fmac = dyn_cast<FmacOp>(def))
    return isVectorFloat(type) && both(fmac.getA(), fmac.getB()) &&
           isVectorisable(fmac.getC());
  if (auto cast = dyn_cast<CastOp>(def)) {
    Type from = cast.getOperand().getType();
    bool known = (from.isF16() && type.isF32()) ||
                 (from.isF32() && type.isF16()) ||
                 (from.isSignlessInteger(16) && isVectorFloat(type)) ||
                 (is16(from) && is16(type));
    return known && isVectorisable(cast.getOperand());
  }
  return false;
}

bool VectorScope::isVectorLeaf(Value value) const {
  if (value == element)
    return true;
  if (auto cast = value.getDefiningOp<CastOp>();
      cast && is16(cast.getType()) && is16(cast.getOperand().getType()))
    return isVectorLeaf(cast.getOperand());
  return value.getDefiningOp<ReadOp>() && !isInvariant(value);
}

bool VectorScope::isSingleOperation(Value value) const {
  auto isLeaf = [&](Value v) { return isVectorLeaf(v) || isInvariant(v); };
  if (isLeaf(value))
    return true;
  Operation *def = value.getDefiningOp();
  if (auto fmac = dyn_cast<FmacOp>(def))
    return isVectorLeaf(fmac.getA()) &&
           ((isVectorLeaf(fmac.getB()) && isInvariant(fmac.getC())) ||
            (isVectorLeaf(fmac.getC()) && isInvariant(fmac.getB())));
  if (llvm::all_of(def->getOperands(), isLeaf))
    return isa<BinaryOp, UnaryOp, CastOp>(def);
  auto binary = dyn_cast<BinaryOp>(def);
  if (!binary || !isVectorFloat(value.getType()))
    return false;
  auto isScaled = [&](Value v) {
    auto mul = v.getDefiningOp<BinaryOp>();
    return mul && mul.getKind() == BinaryKind::Mul &&
           ((isVectorLeaf(mul.getLhs()) && isInvariant(mul.getRhs())) ||
            (isVectorLeaf(mul.getRhs()) && isInvariant(mul.getLhs())));
  };
  if (binary.getKind() == BinaryKind::Add)
    return (isVectorLeaf(binary.getLhs()) && isScaled(binary.getRhs())) ||
           (isVectorLeaf(binary.getRhs()) && isScaled(binary.getLhs()));
  return binary.getKind() == BinaryKind::Sub && isVectorLeaf(binary.getLhs()) &&
         isScaled(binary.getRhs());
}

bool spada::isStatement(Operation *op) {
  return isa<WriteOp, AssignOp, SendOp, SendValueOp, ReceiveOp, ForeachOp,
             MapOp, ForOp, WhileOp, ConditionOp, AsyncBlockOp, CloseOp, AwaitOp,
             AwaitAllOp>(op);
}

/// A loop nest without communication: all dimensions of perfectly nested loops
/// and the statements inside.
namespace {
struct Nest {
  SmallVector<LoopDim> dims;
  SmallVector<WriteOp> writes;
  bool simple = true;     ///< only writes and expressions inside
  bool unordered = false; ///< all loops are maps
};
} // namespace

static Nest collectNest(Operation *loop) {
  Nest nest;
  nest.unordered = true;
  while (true) {
    nest.unordered &= isa<MapOp>(loop) && !loop->hasAttr("sequential");
    llvm::append_range(nest.dims, loopDims(loop));
    SmallVector<Operation *> statements;
    for (Operation &op : loop->getRegion(0).front())
      if (isStatement(&op) && !isa<AwaitOp, AwaitAllOp>(op))
        statements.push_back(&op);
    if (statements.size() == 1 && isa<ForOp, MapOp>(statements[0])) {
      loop = statements[0];
      continue;
    }
    for (Operation *op : statements) {
      if (auto write = dyn_cast<WriteOp>(op))
        nest.writes.push_back(write);
      else
        nest.simple = false;
    }
    return nest;
  }
}

/// Different points of `dims` give different addresses.
static bool isInjective(const LinearForm &address, ArrayRef<LoopDim> dims) {
  SmallVector<std::pair<int64_t, int64_t>> strides; // stride, trips
  for (const LoopDim &dim : dims)
    if (dim.trips() > 1)
      strides.push_back({std::abs(address.coefficient(dim.variable) * dim.step),
                         dim.trips()});
  llvm::sort(strides);
  int64_t reach = 0;
  for (auto [stride, trips] : strides) {
    if (stride <= reach)
      return false;
    reach += stride * (trips - 1);
  }
  return true;
}

/// All accesses in the nest to a field that it writes are at the address of its
/// writes, so that iterations do not depend on each other except where the
/// address is equal.
static bool accessesAgree(const Nest &nest, const ClassBody &body,
                          llvm::StringMap<LinearForm> &addresses) {
  for (WriteOp write : nest.writes) {
    auto address = linearAddress(
        write.getIndices(), body.fields.find(write.getField())->second.shape);
    if (!address)
      return false;
    auto [it, isNew] = addresses.try_emplace(write.getField(), *address);
    if (!isNew && !(it->second == *address))
      return false;
  }
  bool agree = true;
  std::function<void(Value)> visit = [&](Value value) {
    Operation *def = value.getDefiningOp();
    if (!def)
      return;
    if (auto read = dyn_cast<ReadOp>(def)) {
      auto it = addresses.find(read.getField());
      if (it != addresses.end()) {
        auto address = linearAddress(
            read.getIndices(), body.fields.find(read.getField())->second.shape);
        agree &= address && *address == it->second;
      }
    }
    for (Value operand : def->getOperands())
      visit(operand);
  };
  for (WriteOp write : nest.writes)
    visit(write.getValue());
  return agree;
}

/// The operand that an accumulation `x = x + e` adds, or null.
Value spada::accumulated(WriteOp write) {
  auto add = write.getValue().getDefiningOp<BinaryOp>();
  if (!add || add.getKind() != BinaryKind::Add || !write.getIndices().empty())
    return {};
  auto isSelf = [&](Value v) {
    auto read = v.getDefiningOp<ReadOp>();
    return read && read.getField() == write.getField();
  };
  return isSelf(add.getLhs()) ? add.getRhs() : Value();
}

static bool vectorisableStatements(const Nest &nest, const VectorScope &scope) {
  return llvm::all_of(nest.writes, [&](WriteOp write) {
    Type stored = scope.body.fields.find(write.getField())->second.sourceType;
    if (stored.isInteger(1) || stored.isInteger(8))
      return false;
    return scope.isVectorisable(write.getValue());
  });
}

LoopPlan spada::planMemoryLoop(Operation *loop, const ClassBody &body) {
  LoopPlan plan;
  Nest nest = collectNest(loop);
  if (!nest.simple || nest.writes.empty() || nest.dims.empty())
    return plan;
  llvm::StringSet<> written;
  for (WriteOp write : nest.writes)
    written.insert(write.getField());

  // A running sum into a scalar.
  if (nest.writes.size() == 1 && nest.dims.size() == 1) {
    Value item = accumulated(nest.writes[0]);
    VectorScope scope{body, nest.dims, written, {}};
    Type type = nest.writes[0].getValue().getType();
    bool isVariable =
        !body.fields.find(nest.writes[0].getField())->second.isArgument;
    if (item && isVariable && isVectorFloat(type) &&
        scope.isVectorisable(item) && !scope.isInvariant(item)) {
      plan.form = LoopForm::Vector;
      plan.vectorDims = nest.dims;
      return plan;
    }
  }

  llvm::StringMap<LinearForm> addresses;
  if (!accessesAgree(nest, body, addresses))
    return plan;
  // Vector dimensions: as many of the innermost ones as keep every destination
  // injective; the others stay loops. With one statement any subset will do,
  // since each element is then updated in the order of the sequential loops
  // alone.
  auto injective = [&](ArrayRef<LoopDim> dims) {
    return llvm::all_of(nest.writes, [&](WriteOp write) {
      return isInjective(addresses.find(write.getField())->second, dims);
    });
  };
  SmallVector<LoopDim> vector, sequential;
  for (const LoopDim &dim : llvm::reverse(nest.dims)) {
    SmallVector<LoopDim> trial = {dim};
    trial.append(vector);
    bool moves = llvm::all_of(nest.writes, [&](WriteOp write) {
      return addresses.find(write.getField())
                 ->second.coefficient(dim.variable) != 0;
    });
    if (trial.size() <= 4 && moves && injective(trial))
      vector = trial;
    else
      sequential.insert(sequential.begin(), dim);
  }
  if (vector.empty() || (!sequential.empty() && nest.writes.size() != 1))
    return plan;
  // A sequential dimension moved outwards must not let iterations of different
  // sequential points meet out of order: destinations of different points
  // either coincide in full or not at all.
  if (!sequential.empty()) {
    const LinearForm &address =
        addresses.find(nest.writes[0].getField())->second;
    for (const LoopDim &dim : sequential)
      if (address.coefficient(dim.variable) != 0 && !nest.unordered &&
          !isInjective(address, nest.dims))
        return plan;
  }
  VectorScope scope{body, vector, written, {}};
  if (!vectorisableStatements(nest, scope))
    return plan;
  plan.form = LoopForm::Vector;
  plan.vectorDims = vector;
  plan.sequentialDims = sequential;
  return plan;
}

SmallVector<WriteOp> spada::nestWrites(Operation *loop) {
  return collectNest(loop).writes;
}

/// Number of uses of `element` in the tree below `value`.
static int countElement(Value value, Value element) {
  if (value == element)
    return 1;
  int count = 0;
  if (Operation *def = value.getDefiningOp())
    for (Value operand : def->getOperands())
      count += countElement(operand, element);
  return count;
}

/// `field` is read after `after` in the class's program (or anywhere in a loop
/// around it).
static bool isReadLater(StringRef field, Operation *after,
                        const ClassBody &body) {
  if (body.fields.find(field)->second.isArgument)
    return true;
  auto reads = [&](Operation *op) {
    bool found = false;
    op->walk([&](Operation *inner) {
      if (isa<WriteOp, ReceiveOp>(inner))
        return;
      auto attr = inner->getAttrOfType<StringAttr>("field");
      found |= attr && attr.getValue() == field;
    });
    return found;
  };
  for (Operation *op = after; op->getBlock(); op = op->getParentOp()) {
    if (op != after && isa<ForOp, WhileOp, MapOp, ForeachOp>(op) && reads(op))
      return true;
    for (Operation *next = op->getNextNode(); next; next = next->getNextNode())
      if (reads(next))
        return true;
  }
  return false;
}

LoopPlan spada::planForeach(ForeachOp foreach, const ClassBody &body) {
  LoopPlan plan;
  SmallVector<LoopDim> dims = loopDims(foreach);
  Value element = foreach.getBody().front().getArguments().back();
  if (dims.empty())
    return plan;
  SmallVector<WriteOp> writes;
  SmallVector<SendValueOp> sends;
  for (Operation &op : foreach.getBody().front()) {
    if (auto write = dyn_cast<WriteOp>(op))
      writes.push_back(write);
    else if (auto send = dyn_cast<SendValueOp>(op))
      sends.push_back(send);
    else if (isStatement(&op) && !isa<AwaitOp>(op))
      return plan;
  }
  Nest nest{dims, writes, true, false};
  llvm::StringSet<> written;
  for (WriteOp write : writes)
    written.insert(write.getField());
  llvm::StringMap<LinearForm> addresses;
  VectorScope scope{body, dims, written, element};
  if (!accessesAgree(nest, body, addresses) || dims.size() > 4 ||
      !vectorisableStatements(nest, scope))
    return plan;
  for (WriteOp write : writes)
    if (!sends.empty()
            ? false
            : !isInjective(addresses.find(write.getField())->second, dims))
      return plan;
  plan.vectorDims = dims;

  auto takesElementOnce = [&](Value value) {
    return countElement(value, element) == 1;
  };
  if (sends.empty()) {
    if (writes.empty())
      return plan;
    bool single = writes.size() == 1 &&
                  takesElementOnce(writes[0].getValue()) &&
                  scope.isSingleOperation(writes[0].getValue());
    plan.form = single ? LoopForm::VectorInput : LoopForm::BufferInput;
    return plan;
  }
  // "assign, then send what was assigned", or "send an expression of the
  // element".
  if (sends.size() != 1 || writes.size() > 1)
    return plan;
  Value sent = sends[0].getValue();
  if (!writes.empty()) {
    auto read = sent.getDefiningOp<ReadOp>();
    auto address =
        linearAddress(writes[0].getIndices(),
                      body.fields.find(writes[0].getField())->second.shape);
    bool sendsIt =
        read && read.getField() == writes[0].getField() &&
        writes[0]->isBeforeInBlock(sends[0]) &&
        linearAddress(read.getIndices(),
                      body.fields.find(read.getField())->second.shape) ==
            address;
    if (!sendsIt || isReadLater(writes[0].getField(), foreach, body))
      return plan;
    sent = writes[0].getValue();
  }
  if (takesElementOnce(sent) && scope.isVectorisable(sent) &&
      scope.isSingleOperation(sent))
    plan.form = LoopForm::Relay;
  return plan;
}
