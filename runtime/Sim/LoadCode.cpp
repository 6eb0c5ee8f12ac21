//===- LoadCode.cpp - decode and check the instructions of a program ------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Operands, jump targets and numbers are checked here; the cost of each
// instruction is looked up once.
//
//===----------------------------------------------------------------------===//

#include "Loader.h"

#include <algorithm>

using namespace spada;
using namespace spada::sim;

/// Of one task or function; far more than a compiler has use for.
static constexpr uint32_t maxRegisters = 4096;

namespace {
class CodeLoader {
public:
  CodeLoader(const image::Program &source, const Model &model, Program &program,
             Checker &checker)
      : source(source), machine(model.machine),
        numLocations(model.locations.size()), numStrings(model.strings.size()),
        program(program), checker(checker) {}

  bool instructions();

private:
  bool instruction(const image::Instruction &from, uint32_t index,
                   Instruction &to);
  bool dsdInstruction(const Instruction &in);
  bool stateInstruction(const Instruction &in);
  bool rareInstruction(const Instruction &in);

  template <typename... Arguments> bool check(Arguments &&...arguments) {
    return checker.check(std::forward<Arguments>(arguments)...);
  }

  const image::Program &source;
  const Machine &machine;
  size_t numLocations, numStrings;
  Program &program;
  Checker &checker;
};
} // namespace

/// Instructions that Wide.cpp has, and those that only count by the type.
static bool canBeWide(Opcode opcode) {
  switch (opcode) {
  case Opcode::Select:
  case Opcode::Load:
  case Opcode::Store:
  case Opcode::LoadAt:
  case Opcode::StoreAt:
  case Opcode::Call:
  case Opcode::Return:
  case Opcode::DsdOffset:
  case Opcode::DsdElement:
    return true;
  default:
    return (opcode >= Opcode::Add && opcode <= Opcode::ShrU) ||
           (opcode >= Opcode::CmpEq && opcode <= Opcode::CmpLeU) ||
           (opcode >= Opcode::SignExtend && opcode <= Opcode::FloatToIntU);
  }
}

static Fast fastInteger(Opcode opcode, Type type) {
  bool is32 = type == Type::I32, is16 = type == Type::I16;
  switch (opcode) {
  case Opcode::Add:
    return is32 ? Fast::Add32 : is16 ? Fast::Add16 : Fast::Binary;
  case Opcode::Sub:
    return is32 ? Fast::Sub32 : is16 ? Fast::Sub16 : Fast::Binary;
  case Opcode::Mul:
    return is32 ? Fast::Mul32 : is16 ? Fast::Mul16 : Fast::Binary;
  case Opcode::And:
    return Fast::And;
  case Opcode::Or:
    return Fast::Or;
  case Opcode::Xor:
    return Fast::Xor;
  case Opcode::CmpEq:
    return Fast::CmpEq;
  case Opcode::CmpNe:
    return Fast::CmpNe;
  case Opcode::CmpLtS:
    return Fast::CmpLtS;
  case Opcode::CmpLeS:
    return Fast::CmpLeS;
  case Opcode::CmpLtU:
    return Fast::CmpLtU;
  case Opcode::CmpLeU:
    return Fast::CmpLeU;
  default:
    return Fast::Binary;
  }
}

static Fast fastFloat(Opcode opcode) {
  switch (opcode) {
  case Opcode::FAdd:
    return Fast::FAdd;
  case Opcode::FSub:
    return Fast::FSub;
  case Opcode::FMul:
    return Fast::FMul;
  case Opcode::FDiv:
    return Fast::FDiv;
  case Opcode::FCmpEq:
    return Fast::FCmpEq;
  case Opcode::FCmpNe:
    return Fast::FCmpNe;
  case Opcode::FCmpLt:
    return Fast::FCmpLt;
  default:
    return Fast::FCmpLe;
  }
}

static Fast fastForm(Opcode opcode, Type type) {
  if (opcode >= Opcode::Add && opcode <= Opcode::FCmpLe) {
    if (opcode >= Opcode::DivS && opcode <= Opcode::RemU)
      return Fast::None; // may trap
    if (opcode == Opcode::FNeg)
      return Fast::Unary;
    bool isFloatCode = opcode >= Opcode::FCmpEq ||
                       (opcode >= Opcode::FAdd && opcode <= Opcode::FDiv);
    if (!isFloatCode)
      return fastInteger(opcode, type);
    return type == Type::F32 ? fastFloat(opcode) : Fast::Binary;
  }
  if (opcode >= Opcode::SignExtend && opcode <= Opcode::FloatToFloat)
    return Fast::Unary;
  switch (opcode) {
  case Opcode::Const:
    return Fast::Const;
  case Opcode::Move:
    return Fast::Move;
  case Opcode::Select:
    return Fast::Select;
  case Opcode::Load:
    return Fast::Load;
  case Opcode::Store:
    return Fast::Store;
  case Opcode::LoadAt:
    return Fast::LoadAt;
  case Opcode::StoreAt:
    return Fast::StoreAt;
  case Opcode::Jump:
    return Fast::Jump;
  case Opcode::JumpIf:
    return Fast::JumpIf;
  case Opcode::JumpIfNot:
    return Fast::JumpIfNot;
  default:
    return Fast::None;
  }
}

/// Which of the operands a, b, c, d (bits 0 to 3) must name a register.
static unsigned neededRegisters(Opcode opcode) {
  switch (opcode) {
  case Opcode::Const:
  case Opcode::Param:
  case Opcode::Load:
  case Opcode::Store:
  case Opcode::DsdLengthOf:
  case Opcode::DsrLength:
  case Opcode::Random:
    return 1;
  case Opcode::RandomSeed:
  case Opcode::Assert:
  case Opcode::FifoLength:
    return 2;
  case Opcode::DsdElement:
    return 5;
  case Opcode::LoadAt:
  case Opcode::StoreAt:
  case Opcode::Math:
  case Opcode::Move:
  case Opcode::FNeg:
  case Opcode::SignExtend:
  case Opcode::ZeroExtend:
  case Opcode::Truncate:
  case Opcode::IntToFloatS:
  case Opcode::IntToFloatU:
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
  case Opcode::FloatToFloat:
    return 3;
  case Opcode::JumpIf:
  case Opcode::JumpIfNot:
  case Opcode::DsdOffset:
  case Opcode::DsdLength:
  case Opcode::DsdBase:
  case Opcode::DsdStride:
    return 2;
  case Opcode::Select:
    return 15;
  case Opcode::Jump:
  case Opcode::Call:
  case Opcode::Return:
  case Opcode::DsdCopy:
  case Opcode::Vector:
  case Opcode::Activate:
  case Opcode::Block:
  case Opcode::Unblock:
  case Opcode::HostUnblock:
  case Opcode::LoadDsr:
  case Opcode::ClockControl:
  case Opcode::Print:
    return 0;
  default:
    return 7;
  }
}

/// Which of the operands (as above) are DSD slots.
static unsigned dsdFields(Opcode opcode) {
  switch (opcode) {
  case Opcode::DsdCopy:
    return 3;
  case Opcode::DsdOffset:
  case Opcode::DsdLength:
  case Opcode::DsdBase:
  case Opcode::DsdStride:
    return 1;
  case Opcode::DsdLengthOf:
  case Opcode::DsdElement:
    return 2;
  default:
    return 0;
  }
}

bool CodeLoader::dsdInstruction(const Instruction &in) {
  size_t count = program.dsds.size();
  bool reads =
      in.opcode == Opcode::DsdLengthOf || in.opcode == Opcode::DsdElement;
  bool hasSource = reads || in.opcode == Opcode::DsdCopy;
  if (!check((reads || in.a < count) && (!hasSource || in.b < count),
             "instruction on an unknown DSD"))
    return false;
  if (reads)
    return check(in.opcode == Opcode::DsdLengthOf ||
                     program.dsds[in.b].kind == image::DsdKind::Memory,
                 "element of a fabric DSD");
  program.changesDsds = true;
  const Dsd &dsd = program.dsds[in.a];
  if (in.opcode == Opcode::DsdCopy)
    return check(dsd.kind == program.dsds[in.b].kind,
                 "copy between DSDs of different kind");
  if (in.opcode == Opcode::DsdLength)
    return check(dsd.rank == 1, "length of a DSD with several sizes");
  return check(dsd.kind == image::DsdKind::Memory,
               "base or stride of a fabric DSD");
}

/// Activate, Block, Unblock: of a task, or of what a register names.
bool CodeLoader::stateInstruction(const Instruction &in) {
  if (in.b != noRegister)
    return check(in.imm >= 0 && in.imm <= int(image::StateKind::Microthread),
                 "state of an unknown kind");
  if (!check(in.imm >= 0 && size_t(in.imm) < program.tasks.size(),
             in.opcode == Opcode::Activate
                 ? "activation of an unknown task"
                 : "block or unblock of an unknown task"))
    return false;
  image::TaskKind kind = program.tasks[size_t(in.imm)].kind;
  return check(in.opcode != Opcode::Activate || kind == image::TaskKind::Local,
               "activation of a data task") &&
         check(kind < image::TaskKind::Teardown,
               "block or unblock of a teardown task");
}

/// What a rare instruction names by its number.
bool CodeLoader::rareInstruction(const Instruction &in) {
  auto below = [&](size_t count) {
    return in.imm >= 0 && size_t(in.imm) < count;
  };
  switch (in.opcode) {
  case Opcode::LoadDsr:
    return check(below(program.dsrLoads.size()),
                 "unknown load of a data structure register");
  case Opcode::DsrLength:
    return check(below(program.dsrPlace.size()) &&
                     program.dsrPlace[size_t(in.imm)] != 0xff,
                 "length of a data structure register that nothing loads");
  case Opcode::FifoLength:
    return check(below(2 * program.fifos.size()), "length of an unknown FIFO");
  case Opcode::Math:
    return check(below(size_t(image::MathFunction::Min) + 1),
                 "unknown math function") &&
           check(isFloat(in.type), "math of an integer");
  case Opcode::ClockControl:
    return check(below(3), "unknown control of the clock");
  case Opcode::Assert:
    return check(below(numStrings), "assertion without a text");
  case Opcode::Print: {
    if (!check(below(program.prints.size()), "unknown print"))
      return false;
    const std::vector<Type> &types = program.prints[size_t(in.imm)].types;
    size_t count = types.size() +
                   size_t(std::count(types.begin(), types.end(), Type::I64));
    if (!check(count == 0 ||
                   (in.b != noRegister && in.b + count <= size_t(noRegister)),
               "print without its registers"))
      return false;
    if (count)
      program.frameRegisters =
          std::max(program.frameRegisters, uint32_t(in.b + count));
    return true;
  }
  default:
    return true;
  }
}

bool CodeLoader::instruction(const image::Instruction &from, uint32_t index,
                             Instruction &to) {
  to = {from.opcode(),  from.type(), Fast::None, false, from.a(),
        from.b(),       from.c(),    from.d(),   0,     from.imm(),
        from.location()};
  if (!check(to.opcode <= Opcode::MAX, "unknown instruction") ||
      !check(isAnyType(int64_t(to.type)), "instruction of unknown type") ||
      !check(to.location < numLocations, "instruction of unknown location"))
    return false;
  bool converts =
      to.opcode >= Opcode::SignExtend && to.opcode <= Opcode::FloatToFloat;
  to.wide = to.type == Type::I64 || (converts && to.imm == int64_t(Type::I64));
  if (!check(!to.wide || canBeWide(to.opcode),
             "instruction that has no form of 64 bits"))
    return false;
  to.cost = costOf(machine, to);
  to.fast = to.wide ? Fast::None : fastForm(to.opcode, to.type);
  unsigned needed = neededRegisters(to.opcode), slots = dsdFields(to.opcode);
  for (uint16_t name : {to.a, to.b, to.c, to.d}) {
    if (!check(!(needed & 1) || name != noRegister,
               "instruction without a needed register"))
      return false;
    if (name != noRegister && !(slots & 1))
      program.frameRegisters =
          std::max(program.frameRegisters, uint32_t(name) + 1 + to.wide);
    needed >>= 1;
    slots >>= 1;
  }
  int64_t imm = to.imm;
  auto below = [&](size_t count) { return imm >= 0 && imm < int64_t(count); };
  switch (to.opcode) {
  case Opcode::Jump:
  case Opcode::JumpIf:
  case Opcode::JumpIfNot:
    return check(below(source.instructions()->size()), "jump outside the code");
  case Opcode::Call:
    return check(below(program.functions.size()),
                 "call of an unknown function");
  case Opcode::Param:
    program.numParams = std::max(program.numParams, uint32_t(imm) + 1);
    return check(below(1u << 16), "parameter number out of range");
  case Opcode::Vector:
    return check(below(program.vectors.size()), "unknown vector operation");
  case Opcode::Activate:
  case Opcode::Block:
  case Opcode::Unblock:
    return stateInstruction(to);
  case Opcode::SignExtend:
  case Opcode::ZeroExtend:
  case Opcode::IntToFloatS:
  case Opcode::IntToFloatU:
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
  case Opcode::FloatToFloat:
    return check(isAnyType(imm), "conversion of an unknown type");
  case Opcode::DsdCopy:
  case Opcode::DsdOffset:
  case Opcode::DsdLength:
  case Opcode::DsdBase:
  case Opcode::DsdStride:
  case Opcode::DsdLengthOf:
  case Opcode::DsdElement:
    return dsdInstruction(to);
  default:
    return rareInstruction(to);
  }
}

bool CodeLoader::instructions() {
  uint32_t count = sizeOf(source.instructions());
  program.frameRegisters =
      std::max(program.frameRegisters, uint32_t(source.registers()));
  for (const Task &task : program.tasks)
    for (uint16_t name : {task.payloadRegister, task.payloadRegister2})
      if (name != noRegister)
        program.frameRegisters =
            std::max(program.frameRegisters, uint32_t(name) + 1);
  program.instructions.resize(count);
  for (uint32_t i = 0; i < count; ++i)
    if (!instruction(*source.instructions()->Get(i), i,
                     program.instructions[i]))
      return false;
  if (count == 0)
    return true;
  Opcode last = program.instructions.back().opcode;
  return check(program.frameRegisters <= maxRegisters,
               [] {
                 return "more than " + std::to_string(maxRegisters) +
                        " registers";
               }) &&
         check(last == Opcode::Return || last == Opcode::Jump,
               "code runs over its end");
}

bool sim::loadCode(const image::Program &source, const Model &model,
                   Program &program, Checker &checker) {
  return CodeLoader(source, model, program, checker).instructions();
}
