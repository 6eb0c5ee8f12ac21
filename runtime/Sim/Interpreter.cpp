//===- Interpreter.cpp - scalar code of the main thread -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Runs instructions up to the next one whose time others can see (task states,
// vector operations, the end of the task), and charges their cycles in one go.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

using namespace spada;
using namespace spada::sim;

static constexpr unsigned maxCallDepth = 64;
static constexpr uint64_t maxStartUpInstructions = 1 << 24;
/// A loop that others may be watching (on a variable, say) is left for others
/// to act after so many instructions.
static constexpr unsigned maxInstructionsAtOnce = 64;
/// With no other thread alive nobody can watch: the main thread runs ahead, and
/// only as far as a program that never ends is noticed.
static constexpr unsigned maxInstructionsAlone = 4096;

/// Whether the exact time of the instruction matters to others.
static bool isVisible(const Core &core, const Instruction &in) {
  return in.opcode >= Opcode::Vector || core.accessesConfig(in);
}

void Strip::runMain(Core &core, uint64_t cycle) {
  uint64_t cost = 0;
  for (unsigned count = 0;; ++count) {
    unsigned limit = core.live ? maxInstructionsAtOnce : maxInstructionsAlone;
    if (count < limit)
      count += runScalar(core, limit - count, cost);
    if (count >= limit)
      break;
    const Instruction &in = core.program->instructions[core.pc];
    bool ends = in.opcode == Opcode::Return && core.frames.empty();
    if (cost > 0 && (ends || isVisible(core, in)))
      break;
    if (ends)
      return endTask(core, cycle);
    ++core.pc;
    ahead = cost;
    cost += in.cost;
    bool good = execute(core, in, cycle, cost);
    ahead = 0;
    if (!good)
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
  uint64_t cost = 0, count = 0;
  while (true) {
    unsigned plain = runScalar(core, maxInstructionsAlone, cost);
    count += plain + 1;
    const Instruction &in = core.program->instructions[core.pc];
    if (in.opcode == Opcode::Return && core.frames.empty())
      break;
    if (count >= maxStartUpInstructions) {
      fail(core.tile, "the start of the program takes more than " +
                          std::to_string(maxStartUpInstructions) +
                          " instructions");
      break;
    }
    if (plain == maxInstructionsAlone)
      continue;
    ++core.pc;
    if (!execute(core, in, 0, cost))
      break;
  }
  inStartUp = false;
}

/// Load and Store that Scalar.cpp has not done: outside the memory.
bool Strip::failAccess(const Core &core, const Instruction &in) {
  int64_t index =
      in.b == noRegister ? 0 : int32_t(core.registers[core.frame + in.b]);
  fail(core.tile,
       std::string(in.opcode == Opcode::Load ? "load from" : "store to") +
           " address " + std::to_string(in.imm + index * typeBytes(in.type)) +
           ", the program has " + std::to_string(core.program->memoryBytes) +
           " bytes",
       in.location);
  return false;
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
  if (core.registers.size() < callee + program.frameRegisters)
    core.registers.resize(callee + program.frameRegisters);
  uint32_t *from = core.registers.data() + caller,
           *to = core.registers.data() + callee;
  std::fill(to, to + function.registers, 0);
  if (in.b != noRegister)
    for (uint32_t i = in.b, k = function.firstRegister;
         i < program.frameRegisters && k < function.registers; ++i, ++k)
      to[k] = from[i];
  core.frame = callee;
  core.pc = function.entry;
  return true;
}

/// An instruction that Scalar.cpp leaves. Returns false after a trap.
bool Strip::execute(Core &core, const Instruction &in, uint64_t cycle,
                    uint64_t &cost) {
  uint32_t *registers = core.registers.data() + core.frame;
  if (in.wide && in.opcode < Opcode::Call)
    return executeWide(core, in);
  switch (in.opcode) {
  case Opcode::FAdd:
  case Opcode::FSub:
  case Opcode::FMul:
  case Opcode::FDiv:
    return failException(
        core,
        exceptionsOf(core, in,
                     evaluateBinary(in.opcode, in.type, registers[in.b],
                                    registers[in.c])),
        in.location);
  case Opcode::FloatToFloat:
    return failException(
        core,
        exceptionsOf(
            core, in,
            evaluateUnary(in.opcode, in.type, Type(in.imm), registers[in.b])),
        in.location);
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
  case Opcode::Load:
  case Opcode::Store:
    return failAccess(core, in);
  case Opcode::Call:
    return call(core, in);
  case Opcode::Return: {
    Frame frame = core.frames.back();
    uint32_t result = in.b == noRegister ? 0 : registers[in.b];
    uint32_t high = in.wide && in.b != noRegister ? registers[in.b + 1] : 0;
    core.frames.pop_back();
    core.frame = frame.registers;
    core.pc = frame.pc;
    if (frame.result == noRegister)
      return true;
    core.registers[core.frame + frame.result] = result;
    if (in.wide) // behind the frame are the registers of the function
      core.registers[core.frame + frame.result + 1] = high;
    return true;
  }
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
    return executeRare(core, in, cycle);
  }
}
