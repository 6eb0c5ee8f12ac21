//===- Interpreter.cpp - scalar code of the main thread -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs instructions up to the next one whose time others can see (task states,
// vector operations, the end of the task), and charges their cycles in one go.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <cstring>

using namespace spada;
using namespace spada::sim;

static constexpr unsigned maxCallDepth = 64;
static constexpr uint64_t maxStartUpInstructions = 1 << 24;
/// A loop that others may be watching (on a variable, say) is left for others
/// to act after so many instructions.
static constexpr unsigned maxInstructionsAtOnce = 64;

/// Whether the exact time of the instruction matters to others.
static bool isVisible(const Core &core, const Instruction &in) {
  return in.opcode >= Opcode::Vector || core.accessesConfig(in);
}

void Strip::runMain(Core &core, uint64_t cycle) {
  uint64_t cost = 0;
  for (unsigned i = 0; i < maxInstructionsAtOnce; ++i) {
    const Instruction &in = core.program->instructions[core.pc];
    bool ends = in.opcode == Opcode::Return && core.frames.empty();
    if (cost > 0 && (ends || isVisible(core, in)))
      break;
    if (ends)
      return endTask(core, cycle);
    ++core.pc;
    cost += in.cost;
    if (!execute(core, in, cycle, cost))
      return;
    if (core.state == Core::Sync)
      break;
  }
  busyPeCycles += cost;
  core.readyAt =
      cycle + std::max<uint64_t>(cost, core.state == Core::Run ? 1 : 0);
}

void Strip::startUp(Core &core) {
  if (core.program->startup < 0)
    return;
  inStartUp = true;
  core.registers.assign(core.program->frameRegisters, 0);
  core.pc = core.program->functions[size_t(core.program->startup)].entry;
  for (uint64_t i = 0; trap.tile > core.tile; ++i) {
    const Instruction &in = core.program->instructions[core.pc++];
    uint64_t cost = 0;
    if (in.opcode == Opcode::Return && core.frames.empty())
      break;
    if (i == maxStartUpInstructions)
      fail(core.tile, "the start of the program takes more than " +
                          std::to_string(i) + " instructions");
    else if (!execute(core, in, 0, cost))
      break;
  }
  inStartUp = false;
}

bool Strip::accessMemory(Core &core, const Instruction &in) {
  uint32_t *registers = core.registers.data() + core.frame;
  uint32_t bytes = typeBytes(in.type);
  int64_t address =
      in.imm +
      (in.b == noRegister ? 0 : int64_t(int32_t(registers[in.b])) * bytes);
  if (address < 0 || address + bytes > int64_t(core.program->memoryBytes)) {
    fail(core.tile,
         std::string(in.opcode == Opcode::Load ? "load from" : "store to") +
             " address " + std::to_string(address) + ", the program has " +
             std::to_string(core.program->memoryBytes) + " bytes",
         in.location);
    return false;
  }
  if (in.opcode == Opcode::Load) {
    uint32_t value = 0;
    std::memcpy(&value, core.memory + address, bytes);
    registers[in.a] = normalize(in.type, value);
  } else {
    std::memcpy(core.memory + address, &registers[in.a], bytes);
  }
  return true;
}

bool Strip::call(Core &core, const Instruction &in) {
  if (core.frames.size() >= maxCallDepth) {
    fail(core.tile,
         "calls are nested more than " + std::to_string(maxCallDepth) + " deep",
         in.location);
    return false;
  }
  const Program &program = *core.program;
  const Function &function = program.functions[in.imm];
  uint32_t caller = core.frame, callee = caller + program.frameRegisters;
  core.frames.push_back({core.pc, caller, in.a});
  core.registers.resize(callee + program.frameRegisters);
  std::fill(core.registers.begin() + callee, core.registers.end(), 0);
  if (in.b != noRegister)
    for (uint32_t from = in.b, to = function.firstRegister;
         from < program.frameRegisters && to < program.frameRegisters;
         ++from, ++to)
      core.registers[callee + to] = core.registers[caller + from];
  core.frame = callee;
  core.pc = function.entry;
  return true;
}

bool Strip::execute(Core &core, const Instruction &in, uint64_t cycle,
                    uint64_t &cost) {
  uint32_t *registers = core.registers.data() + core.frame;
  auto taken = [&] {
    core.pc = uint32_t(in.imm);
    cost += uint64_t(engine.model.machine.branchTakenCycles) - in.cost;
  };
  switch (in.opcode) {
  case Opcode::Const:
    registers[in.a] = normalize(in.type, uint32_t(in.imm));
    return true;
  case Opcode::Move:
    registers[in.a] = registers[in.b];
    return true;
  case Opcode::Param:
    registers[in.a] = normalize(in.type, uint32_t(core.params[in.imm]));
    return true;
  case Opcode::DivS:
  case Opcode::DivU:
  case Opcode::RemS:
  case Opcode::RemU:
    if (zeroExtended(in.type, registers[in.c]) == 0) {
      fail(core.tile, "division by zero", in.location);
      return false;
    }
    registers[in.a] =
        evaluateBinary(in.opcode, in.type, registers[in.b], registers[in.c]);
    return true;
  case Opcode::Select:
    registers[in.a] = registers[registers[in.b] ? in.c : in.d];
    return true;
  case Opcode::FNeg:
  case Opcode::SignExtend:
  case Opcode::ZeroExtend:
  case Opcode::Truncate:
  case Opcode::IntToFloatS:
  case Opcode::IntToFloatU:
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
  case Opcode::FloatToFloat:
    registers[in.a] =
        evaluateUnary(in.opcode, in.type, Type(in.imm), registers[in.b]);
    return true;
  case Opcode::Load:
  case Opcode::Store:
    return accessMemory(core, in);
  case Opcode::Jump:
    taken();
    return true;
  case Opcode::JumpIf:
  case Opcode::JumpIfNot:
    if ((registers[in.b] != 0) == (in.opcode == Opcode::JumpIf))
      taken();
    return true;
  case Opcode::Call:
    return call(core, in);
  case Opcode::Return: {
    Frame frame = core.frames.back();
    uint32_t result = in.b == noRegister ? 0 : registers[in.b];
    core.frames.pop_back();
    core.frame = frame.registers;
    core.pc = frame.pc;
    if (frame.result != noRegister)
      core.registers[core.frame + frame.result] = result;
    return true;
  }
  case Opcode::LoadAt:
  case Opcode::StoreAt:
  case Opcode::DsdCopy:
  case Opcode::DsdOffset:
  case Opcode::DsdLength:
  case Opcode::DsdBase:
  case Opcode::DsdStride:
  case Opcode::DsdLengthOf:
  case Opcode::DsdElement:
  case Opcode::LoadDsr:
  case Opcode::Math:
  case Opcode::Clock:
  case Opcode::ClockControl:
  case Opcode::Random:
  case Opcode::RandomSeed:
  case Opcode::Assert:
  case Opcode::Print:
    return executeRare(core, in, cycle);
  case Opcode::Vector:
    return issue(core, in, cycle, cost);
  case Opcode::Activate:
  case Opcode::Block:
  case Opcode::Unblock:
    return setState(core, in);
  case Opcode::HostUnblock:
    core.done = core.open = true;
    return true;
  default:
    registers[in.a] =
        evaluateBinary(in.opcode, in.type, registers[in.b], registers[in.c]);
    return true;
  }
}
