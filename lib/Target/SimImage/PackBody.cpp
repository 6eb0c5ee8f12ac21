//===- PackBody.cpp - statements as code ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Blocks, calls and task state of one task or function. A value's register is
// free again behind the last statement of its block that uses it. Control flow
// is in PackControl.cpp, DSD operations in PackVector.cpp, memory in
// PackMemory.cpp, values in PackExpression.cpp.
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
// Places and instructions
//===----------------------------------------------------------------------===//

uint32_t BodyPacker::here() const { return program.out.instructions.size(); }

uint32_t BodyPacker::emit(Opcode opcode, image::Type type, Register a,
                          Register b, Register c, Register d, int64_t imm) {
  program.out.instructions.emplace_back(opcode, type, a, b, c, d,
                                        static_cast<int32_t>(imm), location);
  return here() - 1;
}

void BodyPacker::patch(uint32_t instruction, uint32_t target) {
  image::Instruction &in = program.out.instructions[instruction];
  in = image::Instruction(in.opcode(), in.type(), in.a(), in.b(), in.c(),
                          in.d(), static_cast<int32_t>(target), in.location());
}

void BodyPacker::emitConstTo(image::Type type, Register to, int64_t value) {
  bool wide = type == image::Type::I64;
  emit(Opcode::Const, wide ? image::Type::I32 : type, to, noRegister,
       noRegister, noRegister, value);
  if (wide)
    emit(Opcode::Const, image::Type::I32, to + 1, noRegister, noRegister,
         noRegister, value >> 32);
}

Register BodyPacker::emitConst(image::Type type, int64_t value) {
  bool wide = type == image::Type::I64;
  Register result = file.takeRange(wide ? 2 : 1);
  emitConstTo(type, result, value);
  return result;
}

uint32_t BodyPacker::newSlot(uint32_t like) {
  auto copy = std::make_unique<image::DsdT>(*program.out.dsds[like]);
  uint32_t number = program.out.dsds.size();
  program.out.dsds.push_back(std::move(copy));
  if (program.openSlots.contains(like))
    program.openSlots.insert(number);
  return number;
}

void BodyPacker::open(Value value) {
  if (isa<FabinDsdType, FaboutDsdType>(value.getType()))
    program.openSlots.insert(slot(value));
}

void BodyPacker::define(Value value, Value like) {
  if (isDsd(value.getType()))
    slots[value] = newSlot(slot(like));
  else
    values[value] = file.takeRange(registersOf(value.getType()));
}

void BodyPacker::alias(Value value, Value other) {
  if (isDsd(value.getType())) {
    slots[value] = slot(other);
    return;
  }
  values[value] = reg(other);
  for (unsigned i = 0; i < registersOf(value.getType()); ++i)
    file.retain(reg(other) + i);
}

void BodyPacker::release(Value value) {
  if (auto it = values.find(value); it != values.end())
    releaseRange(it->second, registersOf(value.getType()));
}

void BodyPacker::moveAll(ValueRange targets, ValueRange sources) {
  struct Move {
    bool dsd;
    uint32_t target, source;
  };
  SmallVector<Move> moves;
  for (auto [target, source] : llvm::zip_equal(targets, sources)) {
    bool dsd = isDsd(target.getType());
    Move move = dsd ? Move{true, slot(target), slot(source)}
                    : Move{false, reg(target), reg(source)};
    if (move.target == move.source)
      continue;
    moves.push_back(move);
    if (registersOf(target.getType()) == 2)
      moves.push_back({false, move.target + 1, move.source + 1});
  }
  auto copy = [&](bool dsd, uint32_t target, uint32_t source) {
    emit(dsd ? Opcode::DsdCopy : Opcode::Move, image::Type::I32, target,
         source);
  };
  SmallVector<Register> temporaries;
  while (!moves.empty()) {
    // A move whose target nobody else still reads can go first.
    auto ready = llvm::find_if(moves, [&](const Move &move) {
      return llvm::none_of(moves, [&](const Move &other) {
        return &other != &move && other.dsd == move.dsd &&
               other.source == move.target;
      });
    });
    if (ready != moves.end()) {
      copy(ready->dsd, ready->target, ready->source);
      moves.erase(ready);
      continue;
    }
    // Only cycles are left: keep one source elsewhere.
    Move &move = moves.front();
    uint32_t kept = move.dsd ? newSlot(move.source) : file.take();
    copy(move.dsd, kept, move.source);
    if (!move.dsd)
      temporaries.push_back(kept);
    move.source = kept;
  }
  for (Register temporary : temporaries)
    file.release(temporary);
}

LogicalResult BodyPacker::checkType(Operation *op, Type type) {
  if (isDsd(type) || isa<DsrType, FifoType>(type) || imageType(type))
    return success();
  return op->emitError() << "'" << op->getName() << "' has type " << type
                         << ", which the image has not";
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

LogicalResult BodyPacker::pack(Block &block,
                               ArrayRef<uint32_t> descriptorSlots) {
  for (BlockArgument argument : block.getArguments()) {
    if (failed(checkType(block.getParentOp(), argument.getType())))
      return failure();
    if (!isDsd(argument.getType())) {
      define(argument);
      continue;
    }
    slots[argument] = descriptorSlots.front();
    descriptorSlots = descriptorSlots.drop_front();
  }
  if (failed(packBlock(block, nullptr)))
    return failure();
  if (block.empty() || !isa<ReturnOp>(block.back()))
    emit(Opcode::Return, image::Type::I32, noRegister);
  return success();
}

/// The op of `block` behind which `value`, defined there, is not needed any
/// more.
static Operation *lastUser(Block &block, OpResult value) {
  Operation *last = value.getOwner();
  for (Operation *user : value.getUsers())
    if (Operation *ancestor = block.findAncestorOpInBlock(*user);
        ancestor && last->isBeforeInBlock(ancestor))
      last = ancestor;
  return last;
}

LogicalResult BodyPacker::packBlock(Block &block, Terminator terminator) {
  llvm::DenseMap<Operation *, SmallVector<Value, 2>> dying;
  for (Operation &op : block)
    for (OpResult result : op.getResults())
      dying[lastUser(block, result)].push_back(result);
  for (Operation &op : block) {
    location = program.locations.add(op.getLoc());
    bool ends = isa<scf::YieldOp, scf::ConditionOp>(op);
    if (failed(ends ? terminator(op) : packOp(op)))
      return failure();
    if (file.size() >= noRegister)
      return op.emitError() << "body needs more than " << noRegister - 1
                            << " registers; split it into functions";
    // Slots are named by the 16-bit fields of an instruction.
    if (program.out.dsds.size() >= noRegister)
      return op.emitError() << "program needs more than " << noRegister - 1
                            << " descriptors; split it into phases";
    for (Value value : dying.lookup(&op))
      release(value);
  }
  return success();
}

LogicalResult BodyPacker::packOp(Operation &op) {
  for (Type type : op.getResultTypes())
    if (!isa<AddressOfOp, FromPtrOp>(op) && failed(checkType(&op, type)))
      return failure();
  for (Type type : op.getOperandTypes())
    if (!isa<MemRefType>(type) && failed(checkType(&op, type)))
      return failure();
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<memref::StoreOp>([&](auto store) { return packStore(store); })
      .Case<VectorOp>([&](auto vector) { return packVector(vector); })
      .Case<LoadToDsrOp>([&](auto load) { return packLoadToDsr(load); })
      .Case<scf::ForOp>([&](auto loop) { return packFor(loop); })
      .Case<scf::IfOp>([&](auto branch) { return packIf(branch); })
      .Case<scf::IndexSwitchOp>([&](auto branch) { return packSwitch(branch); })
      .Case<scf::WhileOp>([&](auto loop) { return packWhile(loop); })
      .Case<CallOp>([&](auto call) { return packCall(call); })
      .Case<MemberCallOp>([&](auto call) { return packMemberCall(call); })
      .Case<StoreDsdOp>([&](StoreDsdOp store) {
        emit(Opcode::DsdCopy, image::Type::I32,
             program.slots.lookup(store.getVariable()), slot(store.getValue()));
        return success();
      })
      .Case<ReturnOp>([&](ReturnOp end) {
        bool wide = end.getValue() && end.getValue().getType().isInteger(64);
        emit(Opcode::Return, wide ? image::Type::I64 : image::Type::I32,
             noRegister, end.getValue() ? reg(end.getValue()) : noRegister);
        return success();
      })
      .Case<ActivateOp, BlockOp, UnblockOp, SetStateOp>(
          [&](auto) { return packState(op); })
      .Case<HostUnblockOp, ClockControlOp, SeedRandomOp, AssertOp, PrintOp,
            SetFifoLengthOp>([&](auto) { return packSystem(op); })
      .Default([&](Operation *) { return packExpression(op); });
}

LogicalResult BodyPacker::packState(Operation &op) {
  auto task = [&](Opcode opcode, StringRef name) {
    emit(opcode, image::Type::I32, noRegister, noRegister, noRegister,
         noRegister, program.tasks.lookup(name));
  };
  if (auto state = dyn_cast<ActivateOp>(op))
    task(Opcode::Activate, state.getTask());
  else if (auto state = dyn_cast<BlockOp>(op))
    task(Opcode::Block, state.getTask());
  else if (auto state = dyn_cast<UnblockOp>(op))
    task(Opcode::Unblock, state.getTask());
  if (auto state = dyn_cast<SetStateOp>(op)) {
    static constexpr Opcode opcodes[] = {Opcode::Activate, Opcode::Block,
                                         Opcode::Unblock};
    emit(opcodes[static_cast<int>(state.getAction())], image::Type::I16,
         noRegister, reg(state.getId()), noRegister, noRegister,
         static_cast<int64_t>(state.getKind()));
  }
  return success();
}

LogicalResult BodyPacker::packSystem(Operation &op) {
  if (isa<HostUnblockOp>(op)) {
    emit(Opcode::HostUnblock, image::Type::I32, noRegister);
  } else if (auto control = dyn_cast<ClockControlOp>(op)) {
    emit(Opcode::ClockControl, image::Type::I16, noRegister, noRegister,
         noRegister, noRegister, static_cast<int64_t>(control.getAction()));
  } else if (auto length = dyn_cast<SetFifoLengthOp>(op)) {
    emit(Opcode::FifoLength, image::Type::I16, noRegister,
         reg(length.getLength()), noRegister, noRegister,
         2 * program.fifos.lookup(length.getFifo()) + length.getWrite());
  } else if (auto seed = dyn_cast<SeedRandomOp>(op)) {
    emit(Opcode::RandomSeed, image::Type::I32, noRegister, reg(seed.getSeed()));
  } else if (auto check = dyn_cast<AssertOp>(op)) {
    emit(Opcode::Assert, image::Type::I1, noRegister, reg(check.getCondition()),
         noRegister, noRegister, program.strings.add(check.getMessage()));
  } else if (auto print = dyn_cast<PrintOp>(op)) {
    auto entry = std::make_unique<image::PrintT>();
    entry->format = print.getFormat();
    entry->location = location;
    for (Type type : print.getValues().getTypes())
      entry->types.push_back(*imageType(type));
    Register first = copyToRange(print.getValues());
    emit(Opcode::Print, image::Type::I32, noRegister, first, noRegister,
         noRegister, program.out.prints.size());
    releaseRange(first, registersOf(print.getValues()));
    program.out.prints.push_back(std::move(entry));
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

Register BodyPacker::copyToRange(ValueRange sources) {
  if (sources.empty())
    return noRegister;
  Register first = file.takeRange(registersOf(sources)), next = first;
  for (Value source : sources) {
    copyScalar(next, source);
    next += registersOf(source.getType());
  }
  return first;
}

unsigned BodyPacker::registersOf(ValueRange values) {
  unsigned count = 0;
  for (Type type : values.getTypes())
    count += registersOf(type);
  return count;
}

void BodyPacker::copyScalar(Register to, Value source, image::Type type) {
  for (unsigned i = 0; i < registersOf(source.getType()); ++i)
    emit(Opcode::Move, type, to + i, reg(source) + i);
}

void BodyPacker::releaseRange(Register first, size_t count) {
  for (size_t i = 0; i < count; ++i)
    file.release(first + i);
}

LogicalResult BodyPacker::packCall(CallOp op) {
  SmallVector<Value> scalars;
  ArrayRef<uint32_t> targets =
      program.parameterSlots.find(op.getCallee())->second;
  for (Value argument : op.getArgs()) {
    if (!isDsd(argument.getType())) {
      scalars.push_back(argument);
      continue;
    }
    emit(Opcode::DsdCopy, image::Type::I32, targets.front(), slot(argument));
    targets = targets.drop_front();
  }
  Register first = copyToRange(scalars);
  if (op.getResult())
    define(op.getResult());
  bool wide = op.getResult() && op.getResult().getType().isInteger(64);
  emit(Opcode::Call, wide ? image::Type::I64 : image::Type::I32,
       op.getResult() ? reg(op.getResult()) : noRegister, first, noRegister,
       noRegister, program.functions.lookup(op.getCallee()));
  releaseRange(first, registersOf(ValueRange(scalars)));
  return success();
}

LogicalResult BodyPacker::packMemberCall(MemberCallOp op) {
  auto import = program.symbols.lookup<ImportOp>(op.getModule());
  if (op.getMember() != "unblock_cmd_stream" ||
      import.getPath() != "<memcpy/memcpy>" || !op.getArgs().empty() ||
      op.getResult())
    return op.emitError() << "'csl.member_call' of '" << op.getMember()
                          << "' in '" << import.getPath()
                          << "' cannot be simulated; only unblock_cmd_stream() "
                             "of <memcpy/memcpy> can";
  emit(Opcode::HostUnblock, image::Type::I32, noRegister);
  return success();
}
