//===- BuiltinsMap.cpp - @map ---------------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A loop over the elements of descriptors and registers. Memory is accessed
// element by element; the fabric and registers are moved through, one element
// an operation.
//
//===----------------------------------------------------------------------===//

#include "Builtins.h"
#include "Program.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace spada;
using namespace spada::cslfront;

namespace {
/// A descriptor or register that @map goes through.
class MapVector {
public:
  MapVector(Sema &s, const Value &operand, Loc at)
      : s(s), operand(operand), at(at) {}

  mlir::Value length() {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    if (operand.type->isDsr())
      return b.create<csl::DsrLengthOp>(
          loc, b.getI16Type(), dsrFile(*operand.type), uint64_t(operand.i));
    return b.create<csl::DsdLengthOp>(loc, s.materializeValue(operand, at));
  }

  /// Elements, where they are known; else -1.
  int64_t knownLength() const {
    if (!operand.type->isDsd() || !operand.isKnown())
      return -1;
    const DsdConst &dsd = *operand.dsd;
    int64_t product = dsd.base ? 1 : dsd.extent;
    for (int64_t size : dsd.sizes)
      product *= size;
    return product;
  }

  mlir::Value load(mlir::Value index, const Type *type) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    if (isMemory())
      return b.create<mlir::memref::LoadOp>(loc, memory(index, type));
    GlobalVar &var = s.c.variables.emplace_back();
    var.type = type;
    var.name = "map_element";
    mlir::Value target = s.program->address(b, var, at);
    move(type, target, oneElement(type));
    return b.create<mlir::memref::LoadOp>(loc, target);
  }

  void store(mlir::Value index, mlir::Value value, const Type *type) {
    if (isMemory())
      s.builder().create<mlir::memref::StoreOp>(s.location(at), value,
                                                memory(index, type));
    else
      move(type, oneElement(type), value);
  }

private:
  bool isMemory() const {
    return operand.type->is(TypeKind::Mem1dDsd) ||
           operand.type->is(TypeKind::Mem4dDsd);
  }

  mlir::Value memory(mlir::Value index, const Type *type) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    mlir::Type element = s.mlirType(type, at);
    mlir::Value pointer =
        b.create<csl::DsdElementPtrOp>(loc, s.materializeValue(operand, at),
                                       index, mlir::TypeAttr::get(element));
    return b.create<csl::FromPtrOp>(loc, mlir::MemRefType::get({}, element),
                                    pointer);
  }

  /// The operand of a move of one element. A register was loaded so that it
  /// gives one at a time.
  mlir::Value oneElement(const Type *type) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(at);
    if (operand.type->isDsr())
      return b.create<csl::DsrOp>(loc, dsrFile(*operand.type),
                                  uint64_t(operand.i));
    mlir::Value dsd = s.materializeValue(operand, at);
    dsd = b.create<csl::CastDsdOp>(
        loc, withElement(dsd.getType(), s.mlirType(type, at)), dsd);
    mlir::Value one =
        b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(1));
    return b.create<csl::SetDsdLengthOp>(loc, dsd, one);
  }

  void move(const Type *type, mlir::Value to, mlir::Value from) {
    mlir::OpBuilder &b = s.builder();
    const char *name = type->isFloat() ? (type->bits == 16 ? "fmovh" : "fmovs")
                       : type->bytes() == 4 ? "mov32"
                                            : "mov16";
    b.create<csl::VectorOp>(s.location(at), b.getStringAttr(name),
                            mlir::ValueRange{to, from}, mlir::UnitAttr(),
                            mlir::FlatSymbolRefAttr(),
                            mlir::FlatSymbolRefAttr(), mlir::IntegerAttr());
  }

  Sema &s;
  Value operand;
  Loc at;
};

class Map {
public:
  Map(Sema &s, const Expr &call);
  void emit();

private:
  static bool isVector(const Value &value) {
    return value.type->isDsd() || value.type->isDsr();
  }
  bool hasOutput() const { return values.size() > inputs; }
  void checkOperand(const Value &value, bool isOutput, Loc at);
  const Type *elementType(size_t input);
  void round(mlir::Value index);
  void lastRound(mlir::Value index);
  Value callback(mlir::Value index, llvm::function_ref<void(size_t)> before);
  bool hasLastRound();
  bool sameLengths();

  Sema &s;
  const Expr &call;
  const FunctionRef *function;
  size_t inputs;
  llvm::SmallVector<Value, 4> values;
  llvm::SmallVector<mlir::Value, 4> lengths; ///< null: no vector
};
} // namespace

Map::Map(Sema &s, const Expr &call) : s(s), call(call) {
  checkArguments(s, call, 2, 16);
  if (!s.program || !s.emitting())
    s.error(call.loc, "@map can only be used when the program runs");
  Value callee = s.eval(*call.args[0]);
  if (!callee.type->is(TypeKind::Function) || !callee.isKnown())
    s.error(call.args[0]->loc,
            "expected a function, got " + s.describe(callee));
  function = callee.function;
  inputs = function->decl->parameters.size();
  for (size_t i = 1; i < call.args.size(); ++i) {
    values.push_back(s.eval(*call.args[i]));
    checkOperand(values.back(), i > inputs, call.args[i]->loc);
  }
  if (values.size() != inputs && values.size() != inputs + 1)
    s.error(call.loc, "@map of a function with " + llvm::Twine(inputs) +
                          " parameters and " + llvm::Twine(values.size()) +
                          " operands");
  if (llvm::none_of(values, isVector))
    s.error(call.loc, "@map needs at least one descriptor or register");
}

void Map::checkOperand(const Value &value, bool isOutput, Loc at) {
  switch (value.type->kind) {
  case TypeKind::Fifo:
  case TypeKind::DsrFifoDest:
  case TypeKind::DsrFifoSrc1:
    s.error(at, "a FIFO cannot be an operand of @map");
  case TypeKind::CircbufDsd:
    s.error(at, "a circbuf_dsd cannot be an operand; load it with "
                "@load_to_dsr_xdsr and use the register");
  case TypeKind::FabinDsd:
  case TypeKind::DsrSrc1:
    if (isOutput)
      s.error(at, "the output of @map cannot be of type '" + value.type->name +
                      "'");
    return;
  case TypeKind::FaboutDsd:
  case TypeKind::DsrDest:
    if (!isOutput)
      s.error(at,
              "an input of @map cannot be of type '" + value.type->name + "'");
    return;
  case TypeKind::DsrSrc0:
    s.error(at, "a register that @map reads is a dsr_src1 and one that it "
                "writes a dsr_dest, not a dsr_src0");
  default:
    return;
  }
}

/// Of the parameter that takes the elements of an input.
const Type *Map::elementType(size_t input) {
  const Parameter &parameter = function->decl->parameters[input];
  const Value &value = values[input];
  if (!parameter.isAnytype) {
    const Type *type = s.evalType(*parameter.type);
    if (type->bytes() > 4)
      s.error(parameter.loc, "the elements of @map have 16 or 32 bits, not "
                             "those of '" +
                                 type->name + "'");
    return type;
  }
  if (value.type->isDsd() && value.isKnown() && value.dsd->element)
    return value.dsd->element;
  s.error(parameter.loc, "@map cannot tell the type of this anytype parameter");
}

/// Calls the function with the elements number `index`; `before` stands in
/// front of the reading of each input.
Value Map::callback(mlir::Value index,
                    llvm::function_ref<void(size_t)> before) {
  llvm::SmallVector<Value, 4> args;
  for (size_t i = 0; i < inputs; ++i) {
    if (!lengths[i]) {
      args.push_back(values[i]);
      continue;
    }
    before(i);
    const Type *type = elementType(i);
    args.push_back(
        s.runTime(type, MapVector(s, values[i], call.loc).load(index, type)));
  }
  return s.callFunction(*function, args, call.loc);
}

void Map::round(mlir::Value index) {
  Value result = callback(index, [](size_t) {});
  if (!hasOutput())
    return;
  if (!result || result.type->is(TypeKind::Void))
    s.error(call.loc, "the function of @map gives no value for the output");
  const Value &output = values.back();
  if (isVector(output) && result.type->bytes() > 4)
    s.error(call.loc, "the elements of @map have 16 or 32 bits, not those of "
                      "'" +
                          result.type->name + "'");
  if (isVector(output))
    MapVector(s, output, call.loc)
        .store(index, s.materializeValue(result, call.loc), result.type);
  else
    s.store(s.pointed(output, call.loc), result, call.loc);
}

/// Some vector has come to its end, but maybe not the inputs before it: they
/// are read, and if they all are, the function is called once more.
void Map::lastRound(mlir::Value index) {
  std::deque<mlir::OpBuilder> inside;
  Saved<mlir::OpBuilder *> scope(s.opBuilder);
  callback(index, [&](size_t i) {
    mlir::OpBuilder &b = s.builder();
    mlir::Location loc = s.location(call.loc);
    mlir::Value isLeft = b.create<mlir::arith::CmpIOp>(
        loc, mlir::arith::CmpIPredicate::ult, index, lengths[i]);
    auto branch =
        b.create<mlir::scf::IfOp>(loc, isLeft, /*withElseRegion=*/false);
    s.opBuilder = &inside.emplace_back(branch.thenBlock()->getTerminator());
  });
}

/// Is there something to do when the shortest vector has come to its end?
bool Map::hasLastRound() {
  bool consumes = hasOutput() && isVector(values.back());
  for (size_t i = 0; i < inputs; ++i)
    consumes |=
        values[i].type->isDsr() || values[i].type->is(TypeKind::FabinDsd);
  return consumes && !sameLengths();
}

/// Do all vectors have the same length, as far as one can know?
bool Map::sameLengths() {
  int64_t common = -1;
  size_t vectors = 0;
  for (const Value &value : values) {
    if (!isVector(value))
      continue;
    int64_t length = MapVector(s, value, call.loc).knownLength();
    if (vectors++ && (length < 0 || length != common))
      return false;
    common = length;
  }
  return true;
}

void Map::emit() {
  mlir::OpBuilder &b = s.builder();
  mlir::Location loc = s.location(call.loc);
  mlir::Value shortest;
  for (const Value &value : values) {
    lengths.push_back({});
    if (!isVector(value))
      continue;
    mlir::Value length = MapVector(s, value, call.loc).length();
    lengths.back() = length;
    shortest =
        shortest
            ? b.create<mlir::arith::MinUIOp>(loc, shortest, length).getResult()
            : length;
  }
  auto constant = [&](int16_t i) -> mlir::Value {
    return b.create<mlir::arith::ConstantOp>(loc, b.getI16IntegerAttr(i));
  };
  Saved<ModuleInstance *> module(s.module, function->module);
  auto loop =
      b.create<mlir::scf::ForOp>(loc, constant(0), shortest, constant(1));
  {
    mlir::OpBuilder inner(loop.getBody()->getTerminator());
    Saved<mlir::OpBuilder *> scope(s.opBuilder, &inner);
    round(loop.getInductionVar());
  }
  if (hasLastRound())
    lastRound(shortest);
}

Value spada::cslfront::mapBuiltin(Sema &s, const Expr &call) {
  Map(s, call).emit();
  return s.voidValue();
}
