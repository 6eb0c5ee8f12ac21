//===- Scalar.cpp - the inner loop of scalar code -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs the instructions that are plain arithmetic, accesses to memory and
// jumps. It leaves all others, and those that would trap, to Interpreter.cpp.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <cstring>

using namespace spada;
using namespace spada::sim;

namespace {
/// The main thread's state in local variables.
struct Scalar {
  uint32_t *registers;
  uint8_t *memory;
  uint64_t memoryBytes;

  float floatOf(uint16_t name) const { return asFloat(registers[name]); }
  int32_t signedOf(uint16_t name) const { return int32_t(registers[name]); }

  /// The address of a Load or Store; false when it is outside the memory.
  bool find(const Instruction &in, uint64_t &address) const {
    uint32_t bytes = typeBytes(in.type);
    int64_t at =
        in.imm + (in.b == noRegister ? 0 : int64_t(signedOf(in.b)) * bytes);
    address = uint64_t(at);
    return at >= 0 && address + bytes <= memoryBytes;
  }
  bool findPointed(const Instruction &in, uint64_t &address) const {
    uint32_t index = in.c == noRegister ? 0 : registers[in.c];
    address =
        (registers[in.b] + index * typeBytes(in.type) + uint32_t(in.imm)) &
        0xffff;
    return address + typeBytes(in.type) <= memoryBytes;
  }
  void load(const Instruction &in, uint64_t address) {
    uint32_t value = 0;
    switch (typeBytes(in.type)) {
    case 1:
      value = memory[address];
      break;
    case 2:
      std::memcpy(&value, memory + address, 2);
      break;
    default:
      std::memcpy(&value, memory + address, 4);
    }
    registers[in.a] = normalize(in.type, value);
  }
  void store(const Instruction &in, uint64_t address) {
    switch (typeBytes(in.type)) {
    case 1:
      memory[address] = uint8_t(registers[in.a]);
      return;
    case 2:
      std::memcpy(memory + address, &registers[in.a], 2);
      return;
    default:
      std::memcpy(memory + address, &registers[in.a], 4);
    }
  }
  bool access(const Instruction &in) {
    uint64_t address;
    bool isPointed = in.fast >= Fast::LoadAt;
    if (!(isPointed ? findPointed(in, address) : find(in, address)))
      return false;
    if (in.fast == Fast::Load || in.fast == Fast::LoadAt)
      load(in, address);
    else
      store(in, address);
    return true;
  }
  uint32_t evaluate(const Instruction &in) const;
};
} // namespace

/// The value of an instruction that is only that.
inline uint32_t Scalar::evaluate(const Instruction &in) const {
  const uint32_t *r = registers;
  switch (in.fast) {
  case Fast::Const:
    return normalize(in.type, uint32_t(in.imm));
  case Fast::Move:
    return r[in.b];
  case Fast::Select:
    return r[r[in.b] ? in.c : in.d];
  case Fast::Add32:
    return r[in.b] + r[in.c];
  case Fast::Sub32:
    return r[in.b] - r[in.c];
  case Fast::Mul32:
    return r[in.b] * r[in.c];
  case Fast::Add16:
    return uint32_t(int32_t(int16_t(r[in.b] + r[in.c])));
  case Fast::Sub16:
    return uint32_t(int32_t(int16_t(r[in.b] - r[in.c])));
  case Fast::Mul16:
    return uint32_t(int32_t(int16_t(r[in.b] * r[in.c])));
  case Fast::And:
    return r[in.b] & r[in.c];
  case Fast::Or:
    return r[in.b] | r[in.c];
  case Fast::Xor:
    return r[in.b] ^ r[in.c];
  case Fast::CmpEq:
    return r[in.b] == r[in.c];
  case Fast::CmpNe:
    return r[in.b] != r[in.c];
  case Fast::CmpLtS:
    return signedOf(in.b) < signedOf(in.c);
  case Fast::CmpLeS:
    return signedOf(in.b) <= signedOf(in.c);
  case Fast::CmpLtU:
    return r[in.b] < r[in.c];
  case Fast::CmpLeU:
    return r[in.b] <= r[in.c];
  case Fast::FAdd:
    return asBits(floatOf(in.b) + floatOf(in.c));
  case Fast::FSub:
    return asBits(floatOf(in.b) - floatOf(in.c));
  case Fast::FMul:
    return asBits(floatOf(in.b) * floatOf(in.c));
  case Fast::FDiv:
    return asBits(floatOf(in.b) / floatOf(in.c));
  case Fast::FCmpEq:
    return floatOf(in.b) == floatOf(in.c);
  case Fast::FCmpNe:
    return floatOf(in.b) != floatOf(in.c);
  case Fast::FCmpLt:
    return floatOf(in.b) < floatOf(in.c);
  case Fast::FCmpLe:
    return floatOf(in.b) <= floatOf(in.c);
  case Fast::Unary:
    return evaluateUnary(in.opcode, in.type, Type(in.imm), r[in.b]);
  default:
    return evaluateBinary(in.opcode, in.type, r[in.b], r[in.c]);
  }
}

unsigned Strip::exceptionsOf(const Core &core, const Instruction &in,
                             uint32_t value) const {
  const uint32_t *registers = core.registers.data() + core.frame;
  if (in.opcode < Opcode::FAdd || in.opcode > Opcode::FloatToFloat)
    return 0;
  uint32_t second = in.c == noRegister ? 0 : registers[in.c];
  return scalarExceptions(in.opcode, in.type, Type(in.imm), registers[in.b],
                          second, value) &
         ~unsigned(core.masked);
}

unsigned Strip::runScalar(Core &core, unsigned limit, uint64_t &cost) {
  const Instruction *code = core.program->instructions.data();
  Scalar scalar{core.registers.data() + core.frame, core.memory,
                core.program->memoryBytes};
  const uint32_t *registers = scalar.registers;
  const uint64_t taken = uint64_t(engine.model.machine.branchTakenCycles);
  uint64_t cycles = 0;
  uint32_t pc = core.pc;
  unsigned count = 0;
  const bool stops = core.masked != 0xffff;
  for (; count < limit; ++count) {
    const Instruction &in = code[pc];
    bool jumps = false;
    switch (in.fast) {
    case Fast::None:
      goto end;
    case Fast::Load:
    case Fast::Store:
    case Fast::LoadAt:
    case Fast::StoreAt:
      if (!scalar.access(in))
        goto end;
      break;
    case Fast::Jump:
      jumps = true;
      break;
    case Fast::JumpIf:
      jumps = registers[in.b] != 0;
      break;
    case Fast::JumpIfNot:
      jumps = registers[in.b] == 0;
      break;
    default: {
      uint32_t value = scalar.evaluate(in);
      if (stops && exceptionsOf(core, in, value))
        goto end;
      scalar.registers[in.a] = value;
      break;
    }
    }
    cycles += jumps ? taken : in.cost;
    pc = jumps ? uint32_t(in.imm) : pc + 1;
  }
end:
  core.pc = pc;
  cost += cycles;
  return count;
}
