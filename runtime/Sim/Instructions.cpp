//===- Instructions.cpp - instructions that are rare ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Pointers and configuration registers, descriptors, the clock, random numbers,
// assertions and printing.
//
//===----------------------------------------------------------------------===//

#include "Engine.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

using namespace spada;
using namespace spada::sim;

/// A line without an end is cut here.
static constexpr size_t longestLine = 4096;

/// Byte addresses from here on are configuration registers.
static constexpr uint32_t firstConfigAddress = 0xf600;

uint32_t Core::pointerOf(const Instruction &in) const {
  const uint32_t *values = registers.data() + frame;
  uint32_t index = in.c == noRegister ? 0 : values[in.c];
  return (values[in.b] + index * typeBytes(in.type) + uint32_t(in.imm)) &
         0xffff;
}

bool Core::accessesConfig(const Instruction &in) const {
  return (in.opcode == Opcode::LoadAt || in.opcode == Opcode::StoreAt) &&
         pointerOf(in) >= firstConfigAddress;
}

/// LoadAt and StoreAt. Returns false after a trap.
bool Strip::accessAnywhere(Core &core, const Instruction &in) {
  uint32_t *registers = core.registers.data() + core.frame;
  uint32_t bytes = typeBytes(in.type), address = core.pointerOf(in);
  bool isLoad = in.opcode == Opcode::LoadAt;
  if (address >= firstConfigAddress && in.type == Type::I16) {
    if (isLoad) {
      std::optional<uint16_t> value = readConfig(core, address);
      if (value) {
        registers[in.a] = normalize(in.type, *value);
        return true;
      }
    } else if (writeConfig(core, address, uint16_t(registers[in.a]))) {
      return true;
    }
  } else if (address + bytes <= core.program->memoryBytes) {
    if (in.wide) {
      void *pair = &registers[in.a], *at = core.memory + address;
      std::memcpy(isLoad ? pair : at, isLoad ? at : pair, bytes);
    } else if (isLoad) {
      uint32_t value = 0;
      std::memcpy(&value, core.memory + address, bytes);
      registers[in.a] = normalize(in.type, value);
    } else {
      std::memcpy(core.memory + address, &registers[in.a], bytes);
    }
    return true;
  }
  fail(core.tile,
       std::string(isLoad ? "load from" : "store to") + " address " +
           std::to_string(address) + " through a pointer, the program has " +
           std::to_string(core.program->memoryBytes) + " bytes",
       in.location);
  return false;
}

void Strip::changeDsd(Core &core, const Instruction &in) {
  Dsd *dsds = engine.ownDsds.data() + (core.dsds - engine.ownDsds.data());
  const uint32_t *registers = core.registers.data() + core.frame;
  Dsd &dsd = dsds[in.a];
  uint32_t value = in.opcode == Opcode::DsdCopy ? 0 : registers[in.b];
  switch (in.opcode) {
  case Opcode::DsdCopy:
    dsd = dsds[in.b];
    return;
  case Opcode::DsdOffset:
    dsd.address = (dsd.address + value * typeBytes(in.type)) & 0xffff;
    return;
  case Opcode::DsdBase:
    dsd.address = value & 0xffff;
    return;
  case Opcode::DsdStride:
    dsd.strides[dsd.rank - 1] = int16_t(value);
    return;
  default:
    dsd.sizes[dsd.rank - 1] = value & 0xffff;
  }
}

/// DsdLengthOf and DsdElement.
void Strip::readDsd(Core &core, const Instruction &in) {
  uint32_t *registers = core.registers.data() + core.frame;
  const Dsd &dsd = core.dsds[in.b];
  if (in.opcode == Opcode::DsdLengthOf) {
    registers[in.a] = normalize(in.type, uint32_t(dsd.length()));
    return;
  }
  uint32_t left = registers[in.c] & 0xffff;
  int64_t elements = 0;
  for (unsigned i = dsd.rank; i-- > 0;) {
    uint32_t size = i == 0 ? 0 : dsd.sizes[i];
    uint32_t index = size ? left % size : i == 0 ? left : 0;
    elements += int64_t(dsd.strides[i]) * index;
    left = size ? left / size : left;
  }
  registers[in.a] = normalize(
      Type::I16, dsd.address + uint32_t(elements * typeBytes(in.type)));
}

/// Returns false after a trap.
bool Strip::readDsrLength(Core &core, const Instruction &in) {
  uint8_t place = core.program->dsrPlace[size_t(in.imm)];
  const DsrState &dsr = engine.dsrs[core.firstDsr + place];
  if (!dsr.load || !dsr.load->singleStep) {
    fail(core.tile,
         "@map goes through a data structure register that is not loaded with "
         "single_step",
         in.location);
    return false;
  }
  core.registers[core.frame + in.a] = normalize(in.type, dsr.left);
  return true;
}

void Strip::setFifoLength(Core &core, const Instruction &in) {
  FifoState &fifo = engine.fifos[core.firstFifo + size_t(in.imm) / 2];
  (in.imm % 2 ? fifo.writeLength : fifo.readLength) =
      core.registers[core.frame + in.b] & 0xffff;
}

void Strip::clock(Core &core, const Instruction &in, uint64_t cycle) {
  uint64_t value =
      core.clockHeld != never ? core.clockHeld : cycle - core.clockBase;
  if (in.opcode == Opcode::Clock) {
    uint32_t *registers = core.registers.data() + core.frame;
    unsigned shift = 0;
    for (uint16_t name : {in.a, in.b, in.c}) {
      registers[name] = normalize(Type::I16, uint32_t(value >> shift));
      shift += 16;
    }
    return;
  }
  switch (in.imm) {
  case 0: // enable
    core.clockBase = cycle - value;
    core.clockHeld = never;
    return;
  case 1: // disable
    core.clockHeld = value;
    return;
  default: // reset
    core.clockBase = cycle;
    if (core.clockHeld != never)
      core.clockHeld = 0;
  }
}

/// 128 steps of a shift register with the polynomial x^23 + x^18 + 1.
uint32_t Strip::nextRandom(Core &core) {
  uint32_t state = core.random;
  for (unsigned i = 0; i < 128; ++i)
    state = state << 1 | ((state >> 22 ^ state >> 17) & 1);
  core.random = state;
  return normalize(Type::I16, state);
}

/// The shortest text that reads back as the number, with a point in it.
static std::string formatFloat(Type type, uint32_t value) {
  char text[64];
  std::to_chars_result end =
      type == Type::F16
          ? std::to_chars(text, std::end(text), halfToDouble(value))
      : type == Type::F32
          ? std::to_chars(text, std::end(text), asFloat(value))
          : std::to_chars(text, std::end(text), double(int32_t(value)));
  std::string result(text, end.ptr);
  if (result.find_first_not_of("-0123456789") == std::string::npos)
    result += ".0";
  return result;
}

/// Hexadecimal and binary numbers have all digits of their type.
static std::string formatValue(char format, Type type, uint64_t value) {
  char text[24];
  uint64_t bits =
      type == Type::I64 ? value : zeroExtended(type, uint32_t(value));
  unsigned width = unsigned(typeBytes(type)) * 8;
  switch (format) {
  case 'd':
    return std::to_string(type == Type::I64 ? int64_t(value)
                                            : int64_t(int32_t(value)));
  case 'u':
    return std::to_string(bits);
  case 'X':
    std::snprintf(text, sizeof(text), "%0*llX", int(width / 4),
                  static_cast<unsigned long long>(bits));
    return text;
  case 'b': {
    std::string digits;
    for (unsigned i = width; i-- > 0;)
      digits += char('0' + (bits >> i & 1));
    return digits;
  }
  default:
    return formatFloat(type, uint32_t(value));
  }
}

void Strip::print(Core &core, const Instruction &in, uint64_t cycle) {
  if (engine.options.logPath.empty())
    return;
  const PrintInfo &info = core.program->prints[size_t(in.imm)];
  std::string text = info.texts[0];
  size_t at = size_t(core.frame) + in.b;
  for (size_t i = 0; i < info.formats.size(); ++i) {
    uint64_t value = core.registers[at++];
    if (info.types[i] == Type::I64)
      value |= uint64_t(core.registers[at++]) << 32;
    text +=
        formatValue(info.formats[i], info.types[i], value) + info.texts[i + 1];
  }
  std::string &line = unfinishedLines[core.tile];
  for (char c : text) {
    if (c != '\n')
      line += c;
    if (c != '\n' && line.size() < longestLine)
      continue;
    log.push_back({cycle, core.tile, line});
    line.clear();
  }
}

/// Returns false after a trap.
bool Strip::executeRare(Core &core, const Instruction &in, uint64_t cycle) {
  uint32_t *registers = core.registers.data() + core.frame;
  switch (in.opcode) {
  case Opcode::LoadAt:
  case Opcode::StoreAt:
    return accessAnywhere(core, in);
  case Opcode::DsdCopy:
  case Opcode::DsdOffset:
  case Opcode::DsdLength:
  case Opcode::DsdBase:
  case Opcode::DsdStride:
    changeDsd(core, in);
    return true;
  case Opcode::DsdLengthOf:
  case Opcode::DsdElement:
    readDsd(core, in);
    return true;
  case Opcode::LoadDsr: {
    const DsrLoad &load = core.program->dsrLoads[size_t(in.imm)];
    const Dsd &dsd = core.dsds[load.slot];
    engine.dsrs[core.firstDsr + load.place] = {
        dsd, &load, uint32_t(std::min<uint64_t>(dsd.length(), none)), {}};
    return true;
  }
  case Opcode::DsrLength:
    return readDsrLength(core, in);
  case Opcode::FifoLength:
    setFifoLength(core, in);
    return true;
  case Opcode::Math:
    registers[in.a] =
        evaluateMath(image::MathFunction(in.imm), in.type, registers[in.b],
                     in.c == noRegister ? 0 : registers[in.c]);
    return true;
  case Opcode::Clock:
  case Opcode::ClockControl:
    clock(core, in, cycle);
    return true;
  case Opcode::Random:
    registers[in.a] = nextRandom(core);
    return true;
  case Opcode::RandomSeed:
    core.random = registers[in.b];
    return true;
  case Opcode::Assert:
    if (registers[in.b] == 0)
      fail(core.tile,
           "assertion failed: " + engine.model.strings[size_t(in.imm)],
           in.location);
    return registers[in.b] != 0;
  default:
    print(core, in, cycle);
    return true;
  }
}
