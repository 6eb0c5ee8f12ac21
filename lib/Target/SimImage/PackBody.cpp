//===- PackBody.cpp - statements as code ----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Control flow, stores, calls and DSD operations of one task or function. A
// value's register is free again behind the last statement of its block that
// uses it. Values are computed in PackExpression.cpp.
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

Register BodyPacker::emitConst(image::Type type, int64_t value) {
  Register result = file.take();
  emit(Opcode::Const, type, result, noRegister, noRegister, noRegister, value);
  return result;
}

uint32_t BodyPacker::newSlot(uint32_t like) {
  auto copy = std::make_unique<image::DsdT>(*program.out.dsds[like]);
  program.out.dsds.push_back(std::move(copy));
  return program.out.dsds.size() - 1;
}

void BodyPacker::define(Value value, Value like) {
  if (isDsd(value.getType()))
    slots[value] = newSlot(slot(like));
  else
    values[value] = file.take();
}

void BodyPacker::alias(Value value, Value other) {
  if (isDsd(value.getType())) {
    slots[value] = slot(other);
    return;
  }
  values[value] = reg(other);
  file.retain(reg(other));
}

void BodyPacker::release(Value value) {
  if (auto it = values.find(value); it != values.end())
    file.release(it->second);
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
    if (move.target != move.source)
      moves.push_back(move);
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
  if (isDsd(type) || imageType(type))
    return success();
  return op->emitError() << "'" << op->getName() << "' has type " << type
                         << ", which the image has not";
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

LogicalResult BodyPacker::pack(Block &block) {
  for (BlockArgument argument : block.getArguments()) {
    if (failed(checkType(block.getParentOp(), argument.getType())))
      return failure();
    define(argument);
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
    for (Value value : dying.lookup(&op))
      release(value);
  }
  return success();
}

LogicalResult BodyPacker::packOp(Operation &op) {
  for (Type type : op.getResultTypes())
    if (!isa<AddressOfOp>(op) && failed(checkType(&op, type)))
      return failure();
  for (Type type : op.getOperandTypes())
    if (!isa<MemRefType>(type) && failed(checkType(&op, type)))
      return failure();
  auto taskState = [&](Opcode opcode, StringRef task) {
    emit(opcode, image::Type::I32, noRegister, noRegister, noRegister,
         noRegister, program.tasks.lookup(task));
    return success();
  };
  return llvm::TypeSwitch<Operation *, LogicalResult>(&op)
      .Case<memref::StoreOp>([&](auto store) { return packStore(store); })
      .Case<VectorOp>([&](auto vector) { return packVector(vector); })
      .Case<scf::ForOp>([&](auto loop) { return packFor(loop); })
      .Case<scf::IfOp>([&](auto branch) { return packIf(branch); })
      .Case<scf::WhileOp>([&](auto loop) { return packWhile(loop); })
      .Case<CallOp>([&](auto call) { return packCall(call); })
      .Case<MemberCallOp>([&](auto call) { return packMemberCall(call); })
      .Case<ActivateOp>([&](ActivateOp state) {
        return taskState(Opcode::Activate, state.getTask());
      })
      .Case<BlockOp>([&](BlockOp state) {
        return taskState(Opcode::Block, state.getTask());
      })
      .Case<UnblockOp>([&](UnblockOp state) {
        return taskState(Opcode::Unblock, state.getTask());
      })
      .Case<ReturnOp>([&](ReturnOp end) {
        emit(Opcode::Return, image::Type::I32, noRegister,
             end.getValue() ? reg(end.getValue()) : noRegister);
        return success();
      })
      .Default([&](Operation *) { return packExpression(op); });
}

LogicalResult BodyPacker::packStore(memref::StoreOp op) {
  uint32_t address;
  Register index;
  if (failed(packAccess(op, op.getMemRef(), op.getIndices(), address, index)))
    return failure();
  emit(Opcode::Store, *imageType(op.getValueToStore().getType()),
       reg(op.getValueToStore()), index, noRegister, noRegister, address);
  if (index != noRegister)
    file.release(index);
  return success();
}

LogicalResult BodyPacker::packCall(CallOp op) {
  Register first = noRegister;
  if (!op.getArgs().empty()) {
    first = file.takeRange(op.getArgs().size());
    for (auto [index, argument] : llvm::enumerate(op.getArgs()))
      emit(Opcode::Move, image::Type::I32, first + index, reg(argument));
  }
  if (op.getResult())
    define(op.getResult());
  emit(Opcode::Call, image::Type::I32,
       op.getResult() ? reg(op.getResult()) : noRegister, first, noRegister,
       noRegister, program.functions.lookup(op.getCallee()));
  for (size_t i = 0; i < op.getArgs().size(); ++i)
    file.release(first + i);
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

//===----------------------------------------------------------------------===//
// DSD operations
//===----------------------------------------------------------------------===//

LogicalResult BodyPacker::packOperand(VectorOp op, Value value,
                                      image::Operand &operand) {
  if (isDsd(value.getType())) {
    uint32_t number = slot(value);
    operand = {image::OperandKind::Slot, program.out.dsds[number]->type,
               number};
    return success();
  }
  if (auto memref = dyn_cast<MemRefType>(value.getType())) {
    uint32_t address;
    Register index;
    if (failed(packAccess(op, value, {}, address, index)))
      return failure();
    operand = {image::OperandKind::Address, *imageType(memref.getElementType()),
               address};
    return success();
  }
  operand = {image::OperandKind::Register, *imageType(value.getType()),
             reg(value)};
  return success();
}

LogicalResult BodyPacker::packVector(VectorOp op) {
  auto entry = std::make_unique<image::VectorOperationT>();
  entry->builtin = op.getBuiltin();
  entry->location = location;
  entry->is_async = op.getAsync();
  if (op.getActivate())
    entry->activate = program.tasks.lookup(*op.getActivate());
  if (op.getUnblock())
    entry->unblock = program.tasks.lookup(*op.getUnblock());
  std::optional<uint8_t> output, first;
  for (auto [index, value] : llvm::enumerate(op.getOperands_())) {
    image::Operand operand;
    if (failed(packOperand(op, value, operand)))
      return failure();
    if (index == 0)
      entry->destination = std::make_unique<image::Operand>(operand);
    else
      entry->sources.push_back(operand);
    if (isa<FabinDsdType, FaboutDsdType>(value.getType())) {
      uint8_t queue = program.out.dsds[slot(value)]->queue;
      if (!first)
        first = queue;
      if (isa<FaboutDsdType>(value.getType()))
        output = queue;
    }
  }
  // WSE-2: the output queue, else the first input queue. WSE-3: as said, else
  // the first fabric operand's queue.
  if (op.getAsync())
    entry->microthread = op.getUt() ? static_cast<int>(*op.getUt())
                         : program.machine.microthreadIsQueue && output
                             ? *output
                             : first.value_or(0);
  emit(Opcode::Vector, image::Type::I32, noRegister, noRegister, noRegister,
       noRegister, program.out.vectors.size());
  program.out.vectors.push_back(std::move(entry));
  return success();
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

LogicalResult BodyPacker::packFor(scf::ForOp op) {
  Type type = op.getInductionVar().getType();
  IntegerAttr lower, upper, step;
  bool knownStep = matchPattern(op.getStep(), m_Constant(&step));
  bool knownUpper = matchPattern(op.getUpperBound(), m_Constant(&upper));
  bool knownLower = matchPattern(op.getLowerBound(), m_Constant(&lower));
  auto number = [](IntegerAttr value) {
    return value.getValue().getSExtValue();
  };
  unsigned width = type.isIndex() ? 16 : type.getIntOrFloatBitWidth();
  bool fits = knownUpper && knownStep &&
              llvm::isIntN(width, number(upper) + number(step) - 1);
  if (knownUpper && knownStep && !fits)
    return op.emitError() << "'scf.for' runs to " << number(upper)
                          << " in steps of " << number(step) << ", beyond "
                          << width << " bits, the width of its variable";
  // The last step may leave the type's range unless the bounds say that it
  // cannot.
  image::Type counter = fits ? *imageType(type) : image::Type::I32;
  for (auto [argument, init] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getInitArgs()))
    define(argument, init);
  moveAll(op.getRegionIterArgs(), op.getInitArgs());
  define(op.getInductionVar());
  Register variable = reg(op.getInductionVar());
  emit(Opcode::Move, counter, variable, reg(op.getLowerBound()));
  auto compare = [&](Opcode jump) {
    Register more = file.take();
    emit(Opcode::CmpLtS, counter, more, variable, reg(op.getUpperBound()));
    file.release(more);
    return emit(jump, image::Type::I1, noRegister, more);
  };
  std::optional<uint32_t> skip;
  if (!(knownLower && knownUpper && number(lower) < number(upper)))
    skip = compare(Opcode::JumpIfNot);
  uint32_t head = here();
  LogicalResult body = packBlock(*op.getBody(), [&](Operation &yield) {
    moveAll(op.getRegionIterArgs(), yield.getOperands());
    return success();
  });
  if (failed(body))
    return failure();
  location = program.locations.add(op.getLoc());
  emit(Opcode::Add, counter, variable, variable, reg(op.getStep()));
  patch(compare(Opcode::JumpIf), head);
  if (skip)
    patch(*skip, here());
  file.release(variable);
  for (auto [argument, result] :
       llvm::zip_equal(op.getRegionIterArgs(), op.getResults())) {
    alias(result, argument);
    release(argument);
  }
  return success();
}

LogicalResult BodyPacker::packIf(scf::IfOp op) {
  for (Value result : op.getResults()) {
    if (isDsd(result.getType()))
      return op.emitError() << "'scf.if' yields " << result.getType()
                            << "; keep descriptors inside of the branches";
    define(result);
  }
  auto yield = [&](Operation &end) {
    moveAll(op.getResults(), end.getOperands());
    return success();
  };
  uint32_t toElse = emit(Opcode::JumpIfNot, image::Type::I1, noRegister,
                         reg(op.getCondition()));
  if (failed(packBlock(op.getThenRegion().front(), yield)))
    return failure();
  bool hasElse = !op.getElseRegion().empty() &&
                 (op.getNumResults() ||
                  !llvm::hasSingleElement(op.getElseRegion().front()));
  if (!hasElse) {
    patch(toElse, here());
    return success();
  }
  uint32_t toEnd = emit(Opcode::Jump, image::Type::I32, noRegister);
  patch(toElse, here());
  if (failed(packBlock(op.getElseRegion().front(), yield)))
    return failure();
  patch(toEnd, here());
  return success();
}

LogicalResult BodyPacker::packWhile(scf::WhileOp op) {
  for (auto [argument, init] :
       llvm::zip_equal(op.getBeforeArguments(), op.getInits()))
    define(argument, init);
  moveAll(op.getBeforeArguments(), op.getInits());
  for (auto [argument, result] :
       llvm::zip_equal(op.getAfterArguments(), op.getResults())) {
    if (isDsd(result.getType()))
      return op.emitError() << "'scf.while' yields " << result.getType()
                            << "; keep descriptors inside of the loop";
    define(result);
    alias(argument, result);
  }
  uint32_t head = here(), leave = 0;
  LogicalResult before = packBlock(*op.getBeforeBody(), [&](Operation &end) {
    auto condition = cast<scf::ConditionOp>(end);
    moveAll(op.getResults(), condition.getArgs());
    leave = emit(Opcode::JumpIfNot, image::Type::I1, noRegister,
                 reg(condition.getCondition()));
    return success();
  });
  if (failed(before))
    return failure();
  LogicalResult after = packBlock(*op.getAfterBody(), [&](Operation &yield) {
    moveAll(op.getBeforeArguments(), yield.getOperands());
    return success();
  });
  if (failed(after))
    return failure();
  emit(Opcode::Jump, image::Type::I32, noRegister, noRegister, noRegister,
       noRegister, head);
  patch(leave, here());
  for (Value argument : op.getBeforeArguments())
    release(argument);
  for (Value argument : op.getAfterArguments())
    release(argument);
  return success();
}
