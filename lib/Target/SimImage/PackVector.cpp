//===- PackVector.cpp - DSD operations as tables --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Vector operations and loads of data structure registers. What they do to
// tasks and where they run is resolved to numbers.
//
//===----------------------------------------------------------------------===//

#include "Packer.h"

#include "dialects/CSL/IR/Builtins.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

using image::Opcode;

/// The image's type of elements of a class, for an operand of `type`.
static image::Type classType(ElementClass elementClass, Type type) {
  if (auto memory = dyn_cast<MemDsdType>(type))
    type = memory.getElementType();
  else if (auto input = dyn_cast<FabinDsdType>(type))
    type = input.getElementType();
  else if (auto output = dyn_cast<FaboutDsdType>(type))
    type = output.getElementType();
  else if (auto memref = dyn_cast<MemRefType>(type))
    type = memref.getElementType();
  switch (elementClass) {
  case ElementClass::I16:
    return image::Type::I16;
  case ElementClass::F16:
    return image::Type::F16;
  case ElementClass::F32:
    return image::Type::F32;
  case ElementClass::Any16:
    return type.isF16() ? image::Type::F16 : image::Type::I16;
  case ElementClass::Any32:
    return type.isF32() ? image::Type::F32 : image::Type::I32;
  case ElementClass::Any:
    break;
  }
  return imageType(type).value_or(image::Type::I32);
}

LogicalResult BodyPacker::packOperand(VectorOp op, Value value,
                                      image::Type type,
                                      image::Operand &operand) {
  if (isDsd(value.getType())) {
    operand = {image::OperandKind::Slot, type, slot(value)};
    return success();
  }
  if (auto dsr = value.getDefiningOp<DsrOp>()) {
    operand = {image::OperandKind::Dsr, type,
               static_cast<uint32_t>(dsr.getFile()) * 64 +
                   static_cast<uint32_t>(dsr.getNumber())};
    return success();
  }
  if (auto fifo = value.getDefiningOp<FifoRefOp>()) {
    image::Type buffer =
        program.out.fifos[program.fifos.lookup(fifo.getFifo())]->type;
    if (imageTypeBytes(buffer) != imageTypeBytes(type))
      return op.emitError()
             << "'" << op.getBuiltin() << "' has elements of "
             << 8 * imageTypeBytes(type) << " bits, FIFO '" << fifo.getFifo()
             << "' of " << 8 * imageTypeBytes(buffer);
    operand = {image::OperandKind::Fifo, type,
               program.fifos.lookup(fifo.getFifo())};
    return success();
  }
  if (isa<PtrType>(value.getType())) {
    operand = {image::OperandKind::Pointer, type, reg(value)};
    return success();
  }
  if (!isa<MemRefType>(value.getType())) {
    operand = {image::OperandKind::Register, type, reg(value)};
    return success();
  }
  if (value.getDefiningOp<FromPtrOp>()) {
    operand = {image::OperandKind::Pointer, type, reg(value)};
    return success();
  }
  Access access;
  if (failed(packAccess(op, value, {}, access)))
    return failure();
  operand = {image::OperandKind::Address, type,
             static_cast<uint32_t>(access.offset)};
  return success();
}

template <typename OpTy, typename Entry>
void BodyPacker::packCompletion(OpTy op, Entry &entry) {
  entry.location = location;
  entry.is_async = op.getAsync();
  if (op.getActivate())
    entry.activate = program.tasks.lookup(*op.getActivate());
  if (op.getUnblock())
    entry.unblock = program.tasks.lookup(*op.getUnblock());
  if (op.getOnControl())
    entry.on_control = static_cast<image::OnControl>(*op.getOnControl());
  if (op.getOnControlTask())
    entry.on_control_task = program.tasks.lookup(*op.getOnControlTask());
  entry.priority = op.getPriority().value_or(0);
}

/// WSE-2: the output queue, else the first input queue. WSE-3: the first fabric
/// operand's queue. -1 when no queue is known before the program runs.
int BodyPacker::microthreadOf(ValueRange operands) {
  std::optional<uint32_t> output, first;
  for (Value value : operands) {
    if (!isa<FabinDsdType, FaboutDsdType>(value.getType()))
      continue;
    if (!first)
      first = slot(value);
    if (isa<FaboutDsdType>(value.getType()))
      output = slot(value);
  }
  std::optional<uint32_t> number =
      program.machine.microthreadIsQueue && output ? output : first;
  if (!number || program.openSlots.contains(*number))
    return -1;
  return program.out.dsds[*number]->queue;
}

LogicalResult BodyPacker::packVector(VectorOp op) {
  const Builtin &builtin = *findBuiltin(op.getBuiltin());
  auto entry = std::make_unique<image::VectorOperationT>();
  entry->builtin = op.getBuiltin();
  packCompletion(op, *entry);
  for (auto [index, value] : llvm::enumerate(op.getOperands_())) {
    bool isDestination = builtin.hasDestination && index == 0;
    size_t source = index - builtin.hasDestination;
    ElementClass elementClass = isDestination ? builtin.destination
                                : source == 0 ? builtin.first
                                              : builtin.others;
    image::Operand operand;
    if (failed(packOperand(op, value, classType(elementClass, value.getType()),
                           operand)))
      return failure();
    if (isDestination)
      entry->destination = std::make_unique<image::Operand>(operand);
    else
      entry->sources.push_back(operand);
  }
  if (op.getAsync())
    entry->microthread = op.getUt() ? static_cast<int>(*op.getUt())
                                    : microthreadOf(op.getOperands_());
  if (op.getResult())
    define(op.getResult());
  emit(Opcode::Vector, image::Type::I32,
       op.getResult() ? reg(op.getResult()) : noRegister,
       op.getIndex() ? reg(op.getIndex()) : noRegister, noRegister, noRegister,
       program.out.vectors.size());
  program.out.vectors.push_back(std::move(entry));
  return success();
}

LogicalResult BodyPacker::packLoadToDsr(LoadToDsrOp op) {
  auto entry = std::make_unique<image::DsrLoadT>();
  packCompletion(op, *entry);
  entry->file = static_cast<uint8_t>(op.getFile());
  entry->id = op.getNumber();
  entry->slot = slot(op.getDsd());
  entry->microthread =
      op.getUt() ? static_cast<int>(*op.getUt()) : microthreadOf(op.getDsd());
  entry->save_address = op.getSaveAddress();
  entry->single_step = op.getSingleStep();
  emit(Opcode::LoadDsr, image::Type::I32, noRegister, noRegister, noRegister,
       noRegister, program.out.dsr_loads.size());
  program.out.dsr_loads.push_back(std::move(entry));
  return success();
}
