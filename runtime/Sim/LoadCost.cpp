//===- LoadCost.cpp - cycles of the instructions --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "Loader.h"

using namespace spada;
using namespace spada::sim;

static uint16_t narrowCost(const Machine &machine, const Instruction &in) {
  auto integer = [&] {
    return in.type == Type::I32 ? machine.scalarWideIntegerCycles
                                : machine.scalarCycles;
  };
  switch (in.opcode) {
  case Opcode::Const:
  case Opcode::Move:
  case Opcode::Param:
  case Opcode::DsdCopy:
  case Opcode::Assert:
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
  case Opcode::Math:
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
  case Opcode::LoadAt:
  case Opcode::StoreAt:
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

/// 64 bits on a datapath for less: so many instructions of 32 bits. A sum has
/// a carry, a shift the bits that change halves, a product three products of
/// halves, one of them twice as wide, and two sums. A quotient takes four times
/// as long for twice the bits.
static uint16_t wideCost(const Machine &machine, const Instruction &in) {
  int64_t word = machine.scalarWideIntegerCycles;
  switch (in.opcode) {
  case Opcode::Mul:
    return uint16_t(6 * word);
  case Opcode::DivS:
  case Opcode::DivU:
  case Opcode::RemS:
  case Opcode::RemU:
    return uint16_t(4 * machine.scalarDivideCycles);
  case Opcode::Shl:
  case Opcode::ShrS:
  case Opcode::ShrU:
    return uint16_t(4 * word);
  case Opcode::IntToFloatS:
  case Opcode::IntToFloatU:
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
    return uint16_t(4 * machine.scalarFloatCycles);
  case Opcode::Load:
  case Opcode::Store:
  case Opcode::LoadAt:
  case Opcode::StoreAt:
    return uint16_t(2 * machine.memoryAccessCycles);
  case Opcode::Select:
    return uint16_t(2 * machine.scalarCycles);
  case Opcode::Call:
  case Opcode::Return:
  case Opcode::DsdOffset:
  case Opcode::DsdElement:
  case Opcode::SignExtend:
  case Opcode::ZeroExtend:
  case Opcode::Truncate:
    return narrowCost(machine, in);
  default: // sums, bits, comparisons
    return uint16_t(2 * word);
  }
}

uint16_t sim::costOf(const Machine &machine, const Instruction &in) {
  return in.wide ? wideCost(machine, in) : narrowCost(machine, in);
}
