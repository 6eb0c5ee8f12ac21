//===- CallEntry.cpp - the function that callers use ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// `int32_t NAME_call(const int64_t size[3], void *const *fields,
//                    const int64_t *strides, const void *const *scalars,
//                    int64_t threads)`
//
// `fields` holds the address of the first point of the domain of each field in
// the order of the arguments, `strides` all strides in elements, axes before
// data dimensions, `scalars` the address of each scalar. `threads` 0 leaves the
// number to OpenMP. The result is 0, or 1 when there are too few levels. It
// takes the first version of the program that the strides allow.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Steps.h"
#include "spada/Conversion/StencilToAffine.h"

#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace spada;

namespace {
class CallBuilder {
public:
  CallBuilder(ModuleOp module, const StencilSignature &signature)
      : module(module), signature(signature), b(module.getContext()),
        loc(module.getLoc()), converter(module.getContext()) {}

  void build(bool useThreads);

private:
  func::FuncOp version(CpuVersion version) {
    std::string name = (signature.name + "_" + cpuVersionName(version)).str();
    return module.lookupSymbol<func::FuncOp>(name);
  }
  Value loadAt(Value pointer, unsigned position, Type type) {
    Type pointerType = LLVM::LLVMPointerType::get(b.getContext());
    Value address = b.create<LLVM::GEPOp>(
        loc, pointerType, type, pointer,
        ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(position)});
    return b.create<LLVM::LoadOp>(loc, type, address);
  }
  void loadArguments();
  Value emitTest(CpuVersion which);
  Value emitMemRef(unsigned number, MemRefType type);
  void emitCall(func::FuncOp function);
  void emitChoice(ArrayRef<CpuVersion> versions);
  Value emitThreadCount(bool useThreads, Value given);

  ModuleOp module;
  const StencilSignature &signature;
  OpBuilder b;
  Location loc;
  LLVMTypeConverter converter;
  func::FuncOp entry;
  std::vector<Value> size;                 ///< of type i64
  std::vector<Value> values;               ///< addresses and scalars
  std::vector<std::vector<Value>> strides; ///< of type i64
  Value threads;
};
} // namespace

static Type typeOf(const StencilArgument &argument, OpBuilder &b) {
  StringRef name = argument.type;
  if (name == "bool")
    return b.getI8Type();
  if (name.consume_front("int"))
    return b.getIntegerType(std::stoi(name.str()));
  return name == "float64"   ? Type(b.getF64Type())
         : name == "float32" ? Type(b.getF32Type())
                             : Type(b.getF16Type());
}

void CallBuilder::loadArguments() {
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Block &body = entry.getBody().front();
  unsigned fields = 0, scalars = 0, stride = 0;
  for (const StencilArgument &argument : signature.arguments) {
    strides.emplace_back();
    if (argument.isField) {
      values.push_back(loadAt(body.getArgument(1), fields++, pointer));
      for (unsigned n = 0; n < argument.numStrides(); ++n)
        strides.back().push_back(
            loadAt(body.getArgument(2), stride++, b.getI64Type()));
      continue;
    }
    Type type = typeOf(argument, b);
    Value value =
        loadAt(loadAt(body.getArgument(3), scalars++, pointer), 0, type);
    if (argument.type == "bool") {
      Value zero = b.create<arith::ConstantOp>(loc, b.getZeroAttr(type));
      value =
          b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne, value, zero);
    }
    values.push_back(value);
  }
}

/// True when the strides are what `which` needs.
Value CallBuilder::emitTest(CpuVersion which) {
  unsigned axis = which == CpuVersion::I ? 0 : 2;
  Value one = b.create<arith::ConstantIntOp>(loc, 1, 64);
  Value result = b.create<arith::ConstantIntOp>(loc, 1, 1);
  for (auto [argument, list] : llvm::zip(signature.arguments, strides)) {
    if (!argument.isField || !argument.axes[axis] ||
        (!argument.isRead && !argument.isWritten))
      continue;
    unsigned at = axis == 0 ? 0 : argument.axes[0] + argument.axes[1];
    Value isOne =
        b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, list[at], one);
    result = b.create<arith::AndIOp>(loc, result, isOne);
  }
  return result;
}

Value CallBuilder::emitMemRef(unsigned number, MemRefType type) {
  auto descriptor =
      MemRefDescriptor::undef(b, loc, converter.convertType(type));
  descriptor.setAllocatedPtr(b, loc, values[number]);
  descriptor.setAlignedPtr(b, loc, values[number]);
  descriptor.setConstantOffset(b, loc, 0);
  for (auto [dim, stride] : llvm::enumerate(strides[number])) {
    // No access checks the size.
    descriptor.setSize(b, loc, dim, size[0]);
    descriptor.setStride(b, loc, dim, stride);
  }
  Value value = descriptor;
  return b.create<UnrealizedConversionCastOp>(loc, type, value).getResult(0);
}

void CallBuilder::emitCall(func::FuncOp function) {
  SmallVector<Value> operands;
  for (Value extent : size)
    operands.push_back(
        b.create<arith::IndexCastOp>(loc, b.getIndexType(), extent));
  FunctionType type = function.getFunctionType();
  for (unsigned n = 0; n < values.size(); ++n) {
    auto memref = dyn_cast<MemRefType>(type.getInput(3 + n));
    operands.push_back(memref ? emitMemRef(n, memref) : values[n]);
  }
  operands.push_back(threads);
  b.create<func::CallOp>(loc, function, operands);
}

void CallBuilder::emitChoice(ArrayRef<CpuVersion> versions) {
  func::FuncOp function = version(versions.front());
  if (!function && versions.size() > 1)
    return emitChoice(versions.drop_front());
  bool isLast = llvm::none_of(versions.drop_front(),
                              [&](CpuVersion v) { return version(v); });
  if (isLast)
    return emitCall(function);
  bool isAlways =
      versions.front() == CpuVersion::J || versions.front() == CpuVersion::Any;
  if (isAlways)
    return emitCall(function);
  auto choice = b.create<scf::IfOp>(loc, emitTest(versions.front()),
                                    /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(choice.thenBlock());
  emitCall(function);
  b.setInsertionPointToStart(choice.elseBlock());
  emitChoice(versions.drop_front());
}

/// `given`, or what OpenMP thinks best when it is not positive.
Value CallBuilder::emitThreadCount(bool useThreads, Value given) {
  Value one = b.create<arith::ConstantIndexOp>(loc, 1);
  if (!useThreads)
    return one;
  StringRef name = "omp_get_max_threads";
  if (!module.lookupSymbol(name)) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    b.create<func::FuncOp>(loc, name, b.getFunctionType({}, {b.getI32Type()}))
        .setPrivate();
  }
  Value best =
      b.create<func::CallOp>(loc, name, TypeRange{b.getI32Type()}, ValueRange{})
          .getResult(0);
  best = b.create<arith::IndexCastOp>(loc, b.getIndexType(), best);
  given = b.create<arith::IndexCastOp>(loc, b.getIndexType(), given);
  Value isGiven =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, given, one);
  return b.create<arith::SelectOp>(loc, isGiven, given, best);
}

void CallBuilder::build(bool useThreads) {
  b.setInsertionPointToEnd(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type i64 = b.getI64Type(), i32 = b.getI32Type();
  entry = b.create<func::FuncOp>(
      loc, signature.name + "_call",
      b.getFunctionType({pointer, pointer, pointer, pointer, i64}, {i32}));
  Block *body = entry.addEntryBlock();
  b.setInsertionPointToStart(body);
  for (unsigned axis = 0; axis < 3; ++axis)
    size.push_back(loadAt(body->getArgument(0), axis, i64));
  loadArguments();
  threads = emitThreadCount(useThreads, body->getArgument(4));

  Value least = b.create<arith::ConstantIntOp>(loc, signature.minLevels, 64);
  Value isEnough =
      b.create<arith::CmpIOp>(loc, arith::CmpIPredicate::sge, size[2], least);
  auto guard = b.create<scf::IfOp>(loc, isEnough, /*withElseRegion=*/false);
  Value isShort = b.create<arith::XOrIOp>(
      loc, isEnough, b.create<arith::ConstantIntOp>(loc, 1, 1));
  Value status = b.create<arith::ExtUIOp>(loc, i32, isShort);
  b.create<func::ReturnOp>(loc, status);
  b.setInsertionPointToStart(guard.thenBlock());
  emitChoice({CpuVersion::I, CpuVersion::K, CpuVersion::J, CpuVersion::Any});
}

void spada::cpu::addCallEntry(ModuleOp module,
                              const StencilSignature &signature,
                              bool useThreads) {
  CallBuilder(module, signature).build(useThreads);
}
