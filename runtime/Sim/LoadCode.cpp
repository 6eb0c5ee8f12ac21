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
  CodeLoader(const image::Program &source, const Machine &machine,
             size_t numLocations, Program &program, Checker &checker)
      : source(source), machine(machine), numLocations(numLocations),
        program(program), checker(checker) {}

  bool instructions();

private:
  bool instruction(const image::Instruction &from, uint32_t index,
                   Instruction &to);
  bool dsdInstruction(const Instruction &in);
  uint16_t cost(const Instruction &in) const;

  template <typename... Arguments> bool check(Arguments &&...arguments) {
    return checker.check(std::forward<Arguments>(arguments)...);
  }

  const image::Program &source;
  const Machine &machine;
  size_t numLocations;
  Program &program;
  Checker &checker;
};
} // namespace

uint16_t CodeLoader::cost(const Instruction &in) const {
  auto integer = [&] {
    return in.type == Type::I32 ? machine.scalarWideIntegerCycles
                                : machine.scalarCycles;
  };
  switch (in.opcode) {
  case Opcode::Const:
  case Opcode::Move:
  case Opcode::Param:
  case Opcode::DsdCopy:
    return 0;
  case Opcode::Add:
  case Opcode::Sub:
  case Opcode::Mul:
  case Opcode::And:
  case Opcode::Or:
  case Opcode::Xor:
  case Opcode::Shl:
  case Opcode::ShrS:
  case Opcode::ShrU:
  case Opcode::CmpEq:
  case Opcode::CmpNe:
  case Opcode::CmpLtS:
  case Opcode::CmpLeS:
  case Opcode::CmpLtU:
  case Opcode::CmpLeU:
    return uint16_t(integer());
  case Opcode::DivS:
  case Opcode::DivU:
  case Opcode::RemS:
  case Opcode::RemU:
  case Opcode::FDiv:
    return uint16_t(machine.scalarDivideCycles);
  case Opcode::FAdd:
  case Opcode::FSub:
  case Opcode::FMul:
  case Opcode::FNeg:
  case Opcode::FCmpEq:
  case Opcode::FCmpNe:
  case Opcode::FCmpLt:
  case Opcode::FCmpLe:
  case Opcode::IntToFloatS:
  case Opcode::IntToFloatU:
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
  case Opcode::FloatToFloat:
    return uint16_t(machine.scalarFloatCycles);
  case Opcode::Load:
  case Opcode::Store:
    return uint16_t(machine.memoryAccessCycles);
  case Opcode::Jump:
  case Opcode::Call:
  case Opcode::Return:
    return uint16_t(machine.branchTakenCycles);
  case Opcode::Vector:
    return uint16_t(machine.vectorStartupCycles);
  default:
    return uint16_t(machine.scalarCycles);
  }
}

/// Which of the operands a, b, c, d (bits 0 to 3) must name a register.
static unsigned neededRegisters(Opcode opcode) {
  switch (opcode) {
  case Opcode::Const:
  case Opcode::Param:
  case Opcode::Load:
  case Opcode::Store:
    return 1;
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
    return 0;
  default:
    return 7;
  }
}

bool CodeLoader::dsdInstruction(const Instruction &in) {
  size_t count = program.dsds.size();
  if (!check(in.a < count && (in.opcode != Opcode::DsdCopy || in.b < count),
             "instruction on an unknown DSD"))
    return false;
  program.changesDsds = true;
  const Dsd &dsd = program.dsds[in.a];
  if (in.opcode == Opcode::DsdCopy)
    return check(dsd.kind == program.dsds[in.b].kind &&
                     dsd.type == program.dsds[in.b].type,
                 "copy between DSDs of different kind or type");
  if (in.opcode == Opcode::DsdOffset)
    return check(dsd.kind == image::DsdKind::Memory, "offset of a fabric DSD");
  return check(dsd.rank == 1, "length of a DSD with several sizes");
}

bool CodeLoader::instruction(const image::Instruction &from, uint32_t index,
                             Instruction &to) {
  to = {from.opcode(), from.type(), from.a(),   from.b(),       from.c(),
        from.d(),      0,           from.imm(), from.location()};
  if (!check(to.opcode <= Opcode::HostUnblock, "unknown instruction") ||
      !check(isType(int64_t(to.type)), "instruction of unknown type") ||
      !check(to.location < numLocations, "instruction of unknown location"))
    return false;
  to.cost = cost(to);
  unsigned needed = neededRegisters(to.opcode);
  for (uint16_t name : {to.a, to.b, to.c, to.d}) {
    if (!check(!(needed & 1) || name != noRegister,
               "instruction without a needed register"))
      return false;
    needed >>= 1;
    if (name != noRegister)
      program.frameRegisters =
          std::max(program.frameRegisters, uint32_t(name) + 1);
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
    return check(below(program.tasks.size()),
                 "activation of an unknown task") &&
           check(program.tasks[imm].kind == image::TaskKind::Local,
                 "activation of a data task");
  case Opcode::Block:
  case Opcode::Unblock:
    return check(below(program.tasks.size()),
                 "block or unblock of an unknown task");
  case Opcode::SignExtend:
  case Opcode::ZeroExtend:
  case Opcode::IntToFloatS:
  case Opcode::IntToFloatU:
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
  case Opcode::FloatToFloat:
    return check(isType(imm), "conversion of an unknown type");
  case Opcode::DsdCopy:
  case Opcode::DsdOffset:
  case Opcode::DsdLength:
    return dsdInstruction(to);
  default:
    return true;
  }
}

bool CodeLoader::instructions() {
  uint32_t count = sizeOf(source.instructions());
  program.frameRegisters =
      std::max(program.frameRegisters, uint32_t(source.registers()));
  for (const Task &task : program.tasks)
    if (task.payloadRegister != noRegister)
      program.frameRegisters =
          std::max(program.frameRegisters, uint32_t(task.payloadRegister) + 1);
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

bool sim::loadCode(const image::Program &source, const Machine &machine,
                   size_t numLocations, Program &program, Checker &checker) {
  return CodeLoader(source, machine, numLocations, program, checker)
      .instructions();
}
