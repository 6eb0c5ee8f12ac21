//===- EmitVector.cpp - loops as vector operations ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Splits expressions into DSD operations, with multiply-add fusion and
// temporaries. Legality is decided in PlanLoops.cpp.
//
//===----------------------------------------------------------------------===//

#include "Emitter.h"
#include "PlanLoops.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace spada;

/// Runs `body` for each point of `dims`, with the loop variables' i16 values
/// set.
LogicalResult ProgramEmitter::emitLoopNest(ArrayRef<LoopDim> dims,
                                           const Continuation &inner,
                                           Location loc) {
  if (dims.empty())
    return inner();
  const LoopDim &dim = dims.front();
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0),
        one = b.create<arith::ConstantIndexOp>(loc, 1);
  bool direct = dim.step > 0;
  Value lo =
      direct ? b.create<arith::ConstantIndexOp>(loc, dim.lo).getResult() : zero;
  Value hi =
      b.create<arith::ConstantIndexOp>(loc, direct ? dim.hi : dim.trips());
  Value step = direct
                   ? b.create<arith::ConstantIndexOp>(loc, dim.step).getResult()
                   : one;
  auto loop = b.create<scf::ForOp>(loc, lo, hi, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  Value value =
      b.create<arith::IndexCastOp>(loc, b.getI16Type(), loop.getInductionVar());
  if (!direct) {
    value = b.create<arith::MulIOp>(loc, value,
                                    constant(b.getI16Type(), dim.step, loc));
    value = b.create<arith::AddIOp>(loc, value,
                                    constant(b.getI16Type(), dim.lo, loc));
  }
  loopValues[dim.variable] = value;
  LogicalResult result = emitLoopNest(dims.drop_front(), inner, loc);
  loopValues.erase(dim.variable);
  return result;
}

bool ProgramEmitter::readsField(Value value, StringRef base) {
  Operation *def = value.getDefiningOp();
  if (!def)
    return false;
  if (auto read = dyn_cast<ReadOp>(def);
      read && fieldVariables[read.getField()] == base)
    return true;
  return llvm::any_of(def->getOperands(),
                      [&](Value v) { return readsField(v, base); });
}

/// A source that needs no operation: an invariant scalar, a memory access, or
/// the received element.
ProgramEmitter::VectorOperand ProgramEmitter::leaf(Value value,
                                                   const VectorScope &scope) {
  VectorOperand operand;
  operand.elementType = storageType(value.getType());
  if (auto it = elementOperands.find(value); it != elementOperands.end())
    return it->second;
  if (scope.isInvariant(value)) {
    operand.value = scalar(value);
    return operand;
  }
  if (auto cast = value.getDefiningOp<CastOp>();
      cast && cast.getType().isInteger(16))
    return leaf(cast.getOperand(), scope); // i16 and u16 are the same bits
  auto read = value.getDefiningOp<ReadOp>();
  if (!read)
    return operand;
  operand.isVector = true;
  operand.base = fieldVariables[read.getField()];
  operand.address = *linearAddress(
      read.getIndices(), body.fields.find(read.getField())->second.shape);
  return operand;
}

ProgramEmitter::VectorOperand ProgramEmitter::temporary(Type elementType,
                                                        ArrayRef<LoopDim> dims,
                                                        Location loc) {
  VectorOperand operand;
  operand.isVector = operand.isTemporary = true;
  operand.elementType = elementType;
  int64_t size = 1;
  for (size_t d = dims.size(); d-- > 0;) {
    // Element number of the iteration: variable = lo + step * t. Steps divide
    // out because addresses are formed per step.
    operand.address.terms[dims[d].variable] = size;
    size *= dims[d].trips();
  }
  std::string typeName;
  llvm::raw_string_ostream(typeName) << elementType;
  unsigned &inUse = temporariesInUse[typeName];
  std::string &symbol =
      symbolCache["temp:" + typeName + ":" + std::to_string(inUse++)];
  // A temporary is as large as its largest use.
  if (symbol.empty()) {
    symbol = declareVariable("temp", MemRefType::get({size}, elementType), loc)
                 .str();
  } else if (variables[symbol].getDimSize(0) < size) {
    variables[symbol] = MemRefType::get({size}, elementType);
    for (auto variable : program.getBody().getOps<csl::VariableOp>())
      if (variable.getSymName() == symbol)
        variable.setTypeAttr(TypeAttr::get(variables[symbol]));
    program.walk([&](csl::AddressOfOp use) {
      if (use.getVariable() == symbol)
        use.getResult().setType(variables[symbol]);
    });
  }
  operand.base = symbol;
  return operand;
}

/// One DSD operation. Memory operands become descriptors here, so that
/// dimensions that are contiguous in all of them can be joined.
LogicalResult ProgramEmitter::vectorOp(StringRef builtin,
                                       const VectorOperand &destination,
                                       ArrayRef<VectorOperand> sources,
                                       const VectorScope &scope,
                                       Operation *owner) {
  Location loc = owner->getLoc();
  SmallVector<VectorOperand> operands = {destination};
  operands.append(sources.begin(), sources.end());
  // Strides of each memory operand for each dimension, in elements per
  // iteration.
  SmallVector<int64_t> sizes;
  SmallVector<SmallVector<int64_t>> strides(operands.size());
  for (const LoopDim &dim : scope.vectorDims) {
    if (dim.trips() == 1)
      continue;
    sizes.push_back(dim.trips());
    for (auto [o, operand] : llvm::enumerate(operands))
      if (!operand.base.empty())
        strides[o].push_back(operand.address.coefficient(dim.variable) *
                             (operand.isTemporary ? 1 : dim.step));
  }
  if (sizes.empty()) { // one point
    sizes.push_back(1);
    for (auto [o, operand] : llvm::enumerate(operands))
      strides[o].push_back(1);
  }
  for (size_t d = sizes.size(); d-- > 1;) {
    bool joins = true;
    for (auto [o, operand] : llvm::enumerate(operands))
      joins &=
          operand.base.empty() || strides[o][d - 1] == strides[o][d] * sizes[d];
    if (!joins)
      continue;
    sizes[d - 1] *= sizes[d];
    sizes.erase(sizes.begin() + d);
    for (auto [o, operand] : llvm::enumerate(operands))
      if (!operand.base.empty()) {
        strides[o][d - 1] = strides[o][d];
        strides[o].erase(strides[o].begin() + d);
      }
  }
  SmallVector<Value> values;
  for (auto [o, operand] : llvm::enumerate(operands)) {
    if (operand.base.empty()) {
      values.push_back(operand.value);
      continue;
    }
    LinearForm start = operand.address;
    for (const LoopDim &dim : scope.vectorDims) {
      if (!operand.isTemporary)
        start.constant += start.coefficient(dim.variable) * dim.lo;
      start.terms.erase(dim.variable);
    }
    int64_t offset = start.constant;
    start.constant = 0;
    auto type =
        csl::MemDsdType::get(context, operand.elementType, sizes.size());
    Value dsd = b.create<csl::DsdOp>(
        loc, type, memDsd(operand.base, offset, sizes, strides[o], loc));
    if (!start.terms.empty())
      dsd = b.create<csl::IncrementDsdOffsetOp>(loc, dsd, linear(start, loc));
    values.push_back(dsd);
  }
  auto op = b.create<csl::VectorOp>(loc, b.getStringAttr(builtin), values,
                                    UnitAttr(), FlatSymbolRefAttr(),
                                    FlatSymbolRefAttr(), IntegerAttr());
  bool usesFabric = llvm::any_of(values, [](Value v) {
    return isa<csl::FabinDsdType, csl::FaboutDsdType>(v.getType());
  });
  if (async && usesFabric) {
    op.setAsync(true);
    if (async->task)
      (async->byUnblock ? op.setUnblock(async->task.getSymName())
                        : op.setActivate(async->task.getSymName()));
    if (async->microthread >= 0)
      op.setUt(async->microthread);
  }
  return success();
}

/// The operand that holds `value`: a leaf, or the result of operations put into
/// `scratch` (when it may be overwritten) or into a temporary.
ProgramEmitter::VectorOperand
ProgramEmitter::evaluateToOperand(Value value, const VectorOperand &scratch,
                                  bool scratchFree, const VectorScope &scope,
                                  Operation *owner) {
  VectorOperand known = leaf(value, scope);
  if (known.value || known.isVector)
    return known;
  Type type = storageType(value.getType());
  VectorOperand target =
      scratchFree && scratch.elementType == type && !scratch.base.empty()
          ? scratch
          : temporary(type, scope.vectorDims, owner->getLoc());
  if (failed(evaluate(value, target, scope, owner)))
    return {};
  return target;
}

/// The negated scalar; constants are negated at compile time.
static Value negated(OpBuilder &b, Value scalar, Location loc) {
  FloatAttr number;
  if (matchPattern(scalar, m_Constant(&number)))
    return b.create<arith::ConstantOp>(
        loc, FloatAttr::get(number.getType(), -number.getValue()));
  return b.create<arith::NegFOp>(loc, scalar);
}

/// Emits operations that leave `value` in `destination`.
LogicalResult ProgramEmitter::evaluate(Value value,
                                       const VectorOperand &destination,
                                       const VectorScope &scope,
                                       Operation *owner) {
  Location loc = owner->getLoc();
  Type type = storageType(value.getType());
  VectorOperand known = leaf(value, scope);
  if (known.value || known.isVector)
    return vectorOp(builtinFor("mov", type), destination, {known}, scope,
                    owner);

  Operation *def = value.getDefiningOp();
  if (auto cast = dyn_cast<CastOp>(def)) {
    Type from = storageType(cast.getOperand().getType());
    StringRef builtin = from.isF16()   ? "fh2s"
                        : from.isF32() ? "fs2h"
                        : type.isF32() ? "xp162fs"
                                       : "xp162fh";
    VectorOperand x =
        evaluateToOperand(cast.getOperand(), destination, false, scope, owner);
    return vectorOp(builtin, destination, {x}, scope, owner);
  }
  if (auto unary = dyn_cast<UnaryOp>(def)) {
    VectorOperand x =
        evaluateToOperand(unary.getOperand(), destination, true, scope, owner);
    return vectorOp(builtinFor("neg", type), destination, {x}, scope, owner);
  }

  Value a, m, s; // a + m * s, with s a scalar
  bool negate = false;
  auto splitProduct = [&](Value x, Value &vector, Value &factor) {
    auto mul = x.getDefiningOp<BinaryOp>();
    if (!mul || mul.getKind() != BinaryKind::Mul)
      return false;
    vector = mul.getLhs(), factor = mul.getRhs();
    if (scope.isInvariant(vector))
      std::swap(vector, factor);
    return scope.isInvariant(factor) && !scope.isInvariant(vector);
  };
  if (auto fmac = dyn_cast<FmacOp>(def)) {
    a = fmac.getA(), m = fmac.getB(), s = fmac.getC();
    if (scope.isInvariant(m))
      std::swap(m, s);
    if (!scope.isInvariant(s) || scope.isInvariant(m) || scope.isInvariant(a))
      s = {};
  } else if (auto binary = dyn_cast<BinaryOp>(def);
             binary && isa<FloatType>(type)) {
    Value x = binary.getLhs(), y = binary.getRhs();
    if (binary.getKind() == BinaryKind::Add) {
      if (splitProduct(y, m, s) && !scope.isInvariant(x))
        a = x;
      else if (splitProduct(x, m, s) && !scope.isInvariant(y))
        a = y;
      else
        s = {};
    } else if (binary.getKind() == BinaryKind::Sub && splitProduct(y, m, s) &&
               !scope.isInvariant(x)) {
      a = x;
      negate = true;
    } else {
      s = {};
    }
  }
  // A buffer may be overwritten before the last operation only if nothing later
  // reads it.
  auto destinationFree = [&](Value other) {
    return !destination.base.empty() && !readsField(other, destination.base);
  };
  if (s && a) {
    bool aIsLeaf = leaf(a, scope).isVector;
    VectorOperand product, addend;
    product = evaluateToOperand(m, destination, aIsLeaf && destinationFree(a),
                                scope, owner);
    addend = evaluateToOperand(a, destination, product.base != destination.base,
                               scope, owner);
    Value factor = scalar(s);
    if (negate)
      factor = negated(b, factor, loc);
    VectorOperand scale;
    scale.value = factor;
    scale.elementType = type;
    return vectorOp(builtinFor("mac", type), destination,
                    {addend, product, scale}, scope, owner);
  }
  StringRef kind;
  Value x, y;
  if (auto fmac = dyn_cast<FmacOp>(def)) {
    // No scalar factor: product, then sum.
    VectorOperand u =
        evaluateToOperand(fmac.getB(), destination, false, scope, owner);
    VectorOperand v =
        evaluateToOperand(fmac.getC(), destination, false, scope, owner);
    VectorOperand product =
        destinationFree(fmac.getA()) && destination.elementType == type
            ? destination
            : temporary(type, scope.vectorDims, loc);
    if (failed(
            vectorOp(builtinFor("mul", type), product, {u, v}, scope, owner)))
      return failure();
    VectorOperand w =
        evaluateToOperand(fmac.getA(), destination,
                          product.base != destination.base, scope, owner);
    return vectorOp(builtinFor("add", type), destination, {w, product}, scope,
                    owner);
  }
  auto binary = cast<BinaryOp>(def);
  x = binary.getLhs(), y = binary.getRhs();
  switch (binary.getKind()) {
  case BinaryKind::Add:
    kind = "add";
    break;
  case BinaryKind::Sub:
    kind = "sub";
    break;
  case BinaryKind::Mul:
    kind = "mul";
    break;
  case BinaryKind::And:
    kind = "and";
    break;
  case BinaryKind::Or:
    kind = "or";
    break;
  default:
    kind = "xor";
    break;
  }
  VectorOperand left, right;
  bool leftIsLeaf = leaf(x, scope).isVector || scope.isInvariant(x);
  bool rightIsLeaf = leaf(y, scope).isVector || scope.isInvariant(y);
  if (leftIsLeaf) {
    right = evaluateToOperand(y, destination, destinationFree(x), scope, owner);
    left = leaf(x, scope);
  } else if (rightIsLeaf) {
    left = evaluateToOperand(x, destination, destinationFree(y), scope, owner);
    right = leaf(y, scope);
  } else {
    right = evaluateToOperand(y, destination, false, scope, owner);
    left = evaluateToOperand(x, destination, true, scope, owner);
  }
  return vectorOp(builtinFor(kind, type), destination, {left, right}, scope,
                  owner);
}

LogicalResult ProgramEmitter::emitVectorWrite(WriteOp write,
                                              const VectorScope &scope) {
  temporariesInUse.clear();
  VectorOperand destination;
  destination.elementType =
      body.fields.find(write.getField())->second.elementType;
  destination.isVector = true;
  Value item = accumulated(write);
  if (item && scope.vectorDims.size() == 1) {
    VectorOperand vector = evaluateToOperand(item, {}, false, scope, write);
    // The variable is destination and source at once, read again for each
    // element.
    destination.value =
        address(fieldVariables[write.getField()], write.getLoc());
    return vectorOp(builtinFor("add", destination.elementType), destination,
                    {destination, vector}, scope, write);
  }
  destination.base = fieldVariables[write.getField()];
  destination.address = *linearAddress(
      write.getIndices(), body.fields.find(write.getField())->second.shape);
  return evaluate(write.getValue(), destination, scope, write);
}

LogicalResult ProgramEmitter::emitMemoryLoop(Operation *loop) {
  const LoopPlan &loopPlan = plan.loops.find(loop)->second;
  for (const LoopDim &dim : loopPlan.vectorDims)
    if (dim.trips() == 0)
      return success();
  SmallVector<WriteOp> writes = nestWrites(loop);
  llvm::StringSet<> written;
  for (WriteOp write : writes)
    written.insert(write.getField());
  return emitLoopNest(
      loopPlan.sequentialDims,
      [&] {
        VectorScope scope{body, loopPlan.vectorDims, written, {}};
        for (WriteOp write : writes)
          if (failed(emitVectorWrite(write, scope)))
            return failure();
        return success();
      },
      loop->getLoc());
}
