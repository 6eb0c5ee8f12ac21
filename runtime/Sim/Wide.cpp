//===- Wide.cpp - integers of 64 bits -------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A value is in two neighbouring registers, low half first.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <cmath>
#include <cstring>

using namespace spada;
using namespace spada::sim;

static uint64_t shiftWide(Opcode opcode, uint64_t value, uint64_t count) {
  if (opcode == Opcode::ShrS)
    return uint64_t(int64_t(value) >> (count > 63 ? 63 : count));
  if (count > 63)
    return 0;
  return opcode == Opcode::Shl ? value << count : value >> count;
}

static uint64_t divideWide(Opcode opcode, uint64_t lhs, uint64_t rhs) {
  switch (opcode) {
  case Opcode::DivU:
    return lhs / rhs;
  case Opcode::RemU:
    return lhs % rhs;
  case Opcode::DivS: // the smallest number has no opposite
    return rhs == ~uint64_t(0) ? 0 - lhs
                               : uint64_t(int64_t(lhs) / int64_t(rhs));
  default:
    return rhs == ~uint64_t(0) ? 0 : uint64_t(int64_t(lhs) % int64_t(rhs));
  }
}

uint64_t sim::evaluateWideBinary(Opcode opcode, uint64_t lhs, uint64_t rhs) {
  switch (opcode) {
  case Opcode::Shl:
  case Opcode::ShrS:
  case Opcode::ShrU:
    return shiftWide(opcode, lhs, rhs);
  case Opcode::DivS:
  case Opcode::DivU:
  case Opcode::RemS:
  case Opcode::RemU:
    return divideWide(opcode, lhs, rhs);
  default:
    return evaluateWords(opcode, lhs, rhs);
  }
}

/// Towards zero; values that do not fit become the nearest integer that does,
/// NaN becomes 0.
static uint64_t toWide(double value, bool isSigned) {
  if (std::isnan(value))
    return 0;
  if (!isSigned)
    return value <= 0 ? 0 : value >= 0x1p64 ? UINT64_MAX : uint64_t(value);
  return uint64_t(value <= -0x1p63  ? INT64_MIN
                  : value >= 0x1p63 ? INT64_MAX
                                    : int64_t(value));
}

/// Rounded once: an f16 is exact, or infinite, wherever a double is not exact.
template <typename Integer>
static uint32_t wideToFloat(Type type, Integer value) {
  return type == Type::F16 ? doubleToHalf(double(value)) : asBits(float(value));
}

uint64_t sim::evaluateWideUnary(Opcode opcode, Type type, Type other,
                                uint64_t value) {
  uint32_t low = uint32_t(value);
  switch (opcode) {
  case Opcode::SignExtend:
    return type == Type::I64  ? value
           : type == Type::I1 ? 0 - uint64_t(low & 1)
                              : uint64_t(int64_t(int32_t(low)));
  case Opcode::ZeroExtend:
    return type == Type::I64 ? value : zeroExtended(type, low);
  case Opcode::IntToFloatS:
    return wideToFloat(type, int64_t(value));
  case Opcode::IntToFloatU:
    return wideToFloat(type, value);
  case Opcode::FloatToIntS:
  case Opcode::FloatToIntU:
    return toWide(other == Type::F16 ? halfToDouble(low) : double(asFloat(low)),
                  opcode == Opcode::FloatToIntS);
  default: // Truncate
    return type == Type::I64 ? value : normalize(type, low);
  }
}

/// Load and Store. Returns false after a trap.
bool Strip::accessWide(Core &core, const Instruction &in) {
  uint32_t *registers = core.registers.data() + core.frame;
  int64_t index = in.b == noRegister ? 0 : int32_t(registers[in.b]);
  int64_t address = in.imm + 8 * index;
  if (address < 0 || address + 8 > int64_t(core.program->memoryBytes))
    return failAccess(core, in);
  if (in.opcode == Opcode::Load)
    std::memcpy(&registers[in.a], core.memory + address, 8);
  else
    std::memcpy(core.memory + address, &registers[in.a], 8);
  return true;
}

/// An instruction on I64 without calls. Returns false after a trap.
bool Strip::executeWide(Core &core, const Instruction &in) {
  uint32_t *registers = core.registers.data() + core.frame;
  auto pair = [&](uint16_t name) {
    return registers[name] | uint64_t(registers[name + 1]) << 32;
  };
  auto setPair = [&](uint64_t value) {
    registers[in.a] = uint32_t(value);
    registers[in.a + 1] = uint32_t(value >> 32);
  };
  switch (in.opcode) {
  case Opcode::Load:
  case Opcode::Store:
    return accessWide(core, in);
  case Opcode::LoadAt:
  case Opcode::StoreAt:
    return accessAnywhere(core, in);
  case Opcode::Select:
    setPair(pair(registers[in.b] ? in.c : in.d));
    return true;
  default:
    break;
  }
  if (in.opcode < Opcode::SignExtend) {
    uint64_t rhs = pair(in.c);
    bool divides = in.opcode >= Opcode::DivS && in.opcode <= Opcode::RemU;
    if (divides && rhs == 0) {
      fail(core.tile, "division by zero", in.location);
      return false;
    }
    uint64_t result = evaluateWideBinary(in.opcode, pair(in.b), rhs);
    if (in.opcode >= Opcode::CmpEq)
      registers[in.a] = uint32_t(result);
    else
      setPair(result);
    return true;
  }
  // To what is of `type`, except that the extensions go to the type in `imm`.
  bool extends =
      in.opcode == Opcode::SignExtend || in.opcode == Opcode::ZeroExtend;
  Type other = Type(in.imm), from = extends ? in.type : other,
       to = extends ? other : in.type;
  uint64_t value = from == Type::I64 ? pair(in.b) : registers[in.b];
  uint64_t result = evaluateWideUnary(in.opcode, in.type, other, value);
  if (to == Type::I64)
    setPair(result);
  else
    registers[in.a] = uint32_t(result);
  return true;
}
