//===- PackMemory.cpp - memory, pointers and descriptors as code ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Loads and stores of variables and behind pointers, addresses, and changed
// descriptors. A pointer is a register of 16 bits.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

using image::Opcode;

//===----------------------------------------------------------------------===//
// Loads and stores
//===----------------------------------------------------------------------===//

/// Adds `index * stride` to the register part of an access.
void BodyPacker::addIndex(Access &access, Register index, int64_t stride) {
  Register term = index;
  file.retain(term);
  if (stride != 1) {
    Register factor = emitConst(image::Type::I16, stride),
             product = file.take();
    emit(Opcode::Mul, image::Type::I16, product, term, factor);
    file.release(factor);
    file.release(term);
    term = product;
  }
  if (access.index != noRegister) {
    Register sum = file.take();
    emit(Opcode::Add, image::Type::I16, sum, access.index, term);
    file.release(access.index);
    file.release(term);
    term = sum;
  }
  access.index = term;
}

LogicalResult BodyPacker::packAccess(Operation *op, Value memref,
                                     ValueRange indices, Access &access) {
  auto type = cast<MemRefType>(memref.getType());
  auto variable = memref.getDefiningOp<AddressOfOp>();
  auto pointer = memref.getDefiningOp<FromPtrOp>();
  if (!variable && !pointer)
    return op->emitError() << "'" << op->getName()
                           << "' accesses memory that is no result of "
                              "csl.address_of or csl.from_ptr";
  int64_t constant = 0, stride = 1;
  for (unsigned d = indices.size(); d-- > 0; stride *= type.getDimSize(d)) {
    IntegerAttr known;
    if (matchPattern(indices[d], m_Constant(&known)))
      constant += known.getValue().getSExtValue() * stride;
    else
      addIndex(access, reg(indices[d]), stride);
  }
  int64_t bytes = imageTypeBytes(*imageType(type.getElementType()));
  access.offset = constant * bytes;
  if (pointer) {
    access.base = reg(pointer.getResult());
    return success();
  }
  if (constant < 0 ||
      (access.index == noRegister && constant >= type.getNumElements()))
    return op->emitError() << "'" << op->getName() << "' accesses element "
                           << constant << " of '" << variable.getVariable()
                           << "', which has " << type.getNumElements();
  access.offset += program.addresses.lookup(variable.getVariable());
  return success();
}

LogicalResult BodyPacker::emitAccess(Operation *op, Value memref,
                                     ValueRange indices, bool store,
                                     function_ref<Register()> value) {
  Access access;
  if (failed(packAccess(op, memref, indices, access)))
    return failure();
  image::Type type =
      *imageType(cast<MemRefType>(memref.getType()).getElementType());
  Register data = value();
  if (access.base == noRegister)
    emit(store ? Opcode::Store : Opcode::Load, type, data, access.index,
         noRegister, noRegister, access.offset);
  else
    emit(store ? Opcode::StoreAt : Opcode::LoadAt, type, data, access.base,
         access.index, noRegister, access.offset);
  if (access.index != noRegister)
    file.release(access.index);
  return success();
}

LogicalResult BodyPacker::packStore(memref::StoreOp op) {
  return emitAccess(op, op.getMemRef(), op.getIndices(), /*store=*/true,
                    [&] { return reg(op.getValueToStore()); });
}

LogicalResult BodyPacker::packLoad(memref::LoadOp op) {
  return emitAccess(op, op.getMemRef(), op.getIndices(), /*store=*/false, [&] {
    define(op.getResult());
    return reg(op.getResult());
  });
}

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

LogicalResult BodyPacker::packElementPtr(Operation &op, Value memref,
                                         Value index) {
  auto type = cast<MemRefType>(memref.getType());
  Access access;
  auto variable = memref.getDefiningOp<AddressOfOp>();
  auto pointer = memref.getDefiningOp<FromPtrOp>();
  if (!variable && !pointer)
    return op.emitError() << "'" << op.getName()
                          << "' takes the address of memory that is no result "
                             "of csl.address_of or csl.from_ptr";
  int64_t bytes = imageTypeBytes(*imageType(type.getElementType()));
  IntegerAttr known;
  if (index && matchPattern(index, m_Constant(&known)))
    access.offset = known.getValue().getSExtValue() * bytes;
  else if (index)
    addIndex(access, reg(index), bytes);
  if (variable)
    access.offset += program.addresses.lookup(variable.getVariable());
  Value result = op.getResult(0);
  if (pointer && access.index == noRegister && access.offset == 0) {
    alias(result, pointer.getResult());
    return success();
  }
  // Sum of at most three parts.
  Register sum = pointer ? reg(pointer.getResult()) : noRegister;
  if (sum != noRegister)
    file.retain(sum);
  auto add = [&](Register part) {
    if (sum == noRegister) {
      sum = part;
      return;
    }
    Register total = file.take();
    emit(Opcode::Add, image::Type::I16, total, sum, part);
    file.release(sum);
    file.release(part);
    sum = total;
  };
  if (access.index != noRegister)
    add(access.index);
  if (access.offset != 0 || sum == noRegister)
    add(emitConst(image::Type::I16, static_cast<int16_t>(access.offset)));
  values[result] = sum;
  return success();
}

LogicalResult BodyPacker::packPointer(Operation &op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<ToPtrOp>([&](ToPtrOp address) {
        return packElementPtr(op, address.getMemref(), {});
      })
      .Case<ElementPtrOp>([&](ElementPtrOp address) {
        return packElementPtr(op, address.getMemref(), address.getIndex());
      })
      .Case<FromPtrOp, PtrCastOp>([&](auto) {
        alias(op.getResult(0), op.getOperand(0));
        return success();
      })
      .Case<PtrAddOp>([&](PtrAddOp add) {
        define(add.getResult());
        emit(Opcode::Add, image::Type::I16, reg(add.getResult()),
             reg(add.getPointer()), reg(add.getBytes()));
        return success();
      })
      .Default([&](Operation *) { return unsupported(op); });
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

/// Is `dsd` a copy of its own that only the next change uses? Then that change
/// needs no further copy.
static bool isPassing(Value dsd) {
  Operation *owner = dsd.getDefiningOp();
  return isa_and_nonnull<LoadDsdOp, IncrementDsdOffsetOp, SetDsdLengthOp,
                         SetDsdStrideOp, SetDsdBaseAddrOp>(owner) &&
         dsd.hasOneUse() &&
         (*dsd.getUsers().begin())->getBlock() == owner->getBlock();
}

void BodyPacker::packDsdChange(Value result, Value dsd, Value amount,
                               Opcode opcode, image::Type type) {
  if (isPassing(dsd)) {
    slots[result] = slot(dsd);
  } else {
    define(result, dsd);
    emit(Opcode::DsdCopy, image::Type::I32, slot(result), slot(dsd));
  }
  emit(opcode, type, slot(result), reg(amount));
}

LogicalResult BodyPacker::packSelectDsd(arith::SelectOp op) {
  Value result = op.getResult();
  define(result, op.getTrueValue());
  open(result);
  emit(Opcode::DsdCopy, image::Type::I32, slot(result),
       slot(op.getTrueValue()));
  uint32_t toEnd =
      emit(Opcode::JumpIf, image::Type::I1, noRegister, reg(op.getCondition()));
  emit(Opcode::DsdCopy, image::Type::I32, slot(result),
       slot(op.getFalseValue()));
  patch(toEnd, here());
  return success();
}

LogicalResult BodyPacker::packDescriptor(Operation &op) {
  Value result = op.getResult(0);
  auto change = [&](Opcode opcode, image::Type type = image::Type::I16) {
    packDsdChange(result, op.getOperand(0), op.getOperand(1), opcode, type);
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<DsdOp>([&](DsdOp dsd) {
        slots[result] = program.slots.lookup(dsd.getDsd());
        return success();
      })
      .Case<LoadDsdOp>([&](LoadDsdOp load) {
        uint32_t variable = program.slots.lookup(load.getVariable());
        slots[result] = newSlot(variable);
        emit(Opcode::DsdCopy, image::Type::I32, slot(result), variable);
        return success();
      })
      .Case<CastDsdOp>([&](CastDsdOp cast) {
        alias(result, cast.getDsd());
        return success();
      })
      .Case<IncrementDsdOffsetOp>([&](IncrementDsdOffsetOp increment) {
        Type element = increment.getElementType()
                           ? *increment.getElementType()
                           : increment.getDsd().getType().getElementType();
        return change(Opcode::DsdOffset, *imageType(element));
      })
      .Case<SetDsdLengthOp>([&](auto) { return change(Opcode::DsdLength); })
      .Case<SetDsdStrideOp>([&](auto) { return change(Opcode::DsdStride); })
      .Case<SetDsdBaseAddrOp>([&](auto) { return change(Opcode::DsdBase); })
      .Case<DsdLengthOp>([&](DsdLengthOp length) {
        define(result);
        emit(Opcode::DsdLengthOf, image::Type::I16, reg(result),
             slot(length.getDsd()));
        return success();
      })
      .Case<DsrLengthOp>([&](DsrLengthOp length) {
        define(result);
        emit(Opcode::DsrLength, image::Type::I16, reg(result), noRegister,
             noRegister, noRegister,
             static_cast<int64_t>(length.getFile()) * 64 + length.getNumber());
        return success();
      })
      .Case<DsdElementPtrOp>([&](DsdElementPtrOp element) {
        define(result);
        emit(Opcode::DsdElement, *imageType(element.getElementType()),
             reg(result), slot(element.getDsd()), reg(element.getIndex()));
        return success();
      })
      .Default([&](Operation *) { return unsupported(op); });
}
