//===- Simulator.cpp - host arrays in, run, host arrays out ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Holds the host's side of the arguments between runs and converts elements
// between host and PE types.
//
//===----------------------------------------------------------------------===//

#include "SimulatorImpl.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>

using namespace spada;
using namespace spada::sim;

std::string_view sim::statusName(Status status) {
  switch (status) {
  case Status::Finished:
    return "finished";
  case Status::Deadlocked:
    return "deadlocked";
  case Status::Trapped:
    return "trapped";
  case Status::OutOfBudget:
    return "out of budget";
  }
  return "unknown";
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// The type in which elements of a host type travel.
static Type travelType(const HostArgument &argument) {
  if (argument.hostIsFloat)
    return argument.info.elementBytes == 2 ? Type::F16 : Type::F32;
  switch (argument.info.elementBytes) {
  case 1:
    return argument.info.elementType == "bool" ||
                   argument.info.elementType == "i1"
               ? Type::I1
               : Type::I8;
  case 2:
    return Type::I16;
  default:
    return Type::I32;
  }
}

/// Host element to a pattern of `type`.
static uint64_t fromHost(const HostArgument &argument, const uint8_t *bytes,
                         Type type) {
  uint64_t raw = 0;
  std::memcpy(&raw, bytes, argument.info.elementBytes);
  unsigned bits = unsigned(argument.info.elementBytes) * 8;
  if (!argument.hostIsFloat) {
    if (type == Type::I1)
      return raw != 0;
    if (argument.hostIsSigned && bits < 64)
      raw = uint64_t(int64_t(raw << (64 - bits)) >> (64 - bits));
    if (type == Type::I64)
      return raw;
    if (!isFloat(type))
      return normalize(type, uint32_t(raw));
    double value = argument.hostIsSigned ? double(int64_t(raw)) : double(raw);
    return type == Type::F16 ? doubleToHalf(value) : asBits(float(value));
  }
  if ((bits == 32 && type == Type::F32) || (bits == 16 && type == Type::F16))
    return uint32_t(raw);
  double value = bits == 64   ? std::bit_cast<double>(raw)
                 : bits == 32 ? double(asFloat(uint32_t(raw)))
                              : halfToDouble(uint32_t(raw));
  if (isFloat(type))
    return type == Type::F16 ? doubleToHalf(value) : asBits(float(value));
  uint32_t single = asBits(float(value));
  return type == Type::I64
             ? evaluateWideUnary(Opcode::FloatToIntS, type, Type::F32, single)
             : evaluateUnary(Opcode::FloatToIntS, type, Type::F32, single);
}

/// A pattern of `type` to a host element.
static void toHost(const HostArgument &argument, uint64_t pattern, Type type,
                   uint8_t *bytes) {
  unsigned bits = unsigned(argument.info.elementBytes) * 8;
  uint32_t value = uint32_t(pattern);
  uint64_t raw = pattern;
  if (!argument.hostIsFloat) {
    if (isFloat(type))
      value = evaluateUnary(Opcode::FloatToIntS, Type::I32, type, value);
    if (type != Type::I64)
      raw = argument.hostIsSigned || isFloat(type)
                ? uint64_t(int64_t(int32_t(value)))
                : zeroExtended(type, value);
  } else if ((bits == 32 && type == Type::F32) ||
             (bits == 16 && type == Type::F16)) {
    raw = value;
  } else {
    double wide = type == Type::F16   ? halfToDouble(value)
                  : type == Type::F32 ? double(asFloat(value))
                  : type == Type::I64 ? double(int64_t(pattern))
                                      : double(int32_t(value));
    raw = bits == 64   ? std::bit_cast<uint64_t>(wide)
          : bits == 32 ? asBits(float(wide))
                       : doubleToHalf(wide);
  }
  std::memcpy(bytes, &raw, argument.info.elementBytes);
}

//===----------------------------------------------------------------------===//
// Arrays and streams
//===----------------------------------------------------------------------===//

/// Calls `visit(tile, row)` for each PE that holds a row of the host array.
template <typename Visit>
static void forEachRow(const Model &model, const HostArgument &argument,
                       Visit &&visit) {
  for (int32_t x = argument.box.xLo; x < argument.box.xHi;
       x += argument.box.xStep)
    for (int32_t y = argument.box.yLo; y < argument.box.yHi;
         y += argument.box.yStep)
      if (int64_t row = argument.rowOf(x, y); row >= 0)
        visit(model.tileNumber(uint32_t(x), uint32_t(y)), size_t(row));
}

/// Notes that the pointer of an array argument leads outside the memory.
static void reportLost(const Model &model, const HostArgument &argument,
                       uint32_t tile, std::string &error) {
  if (error.empty())
    error = model.peName(tile) + ": pointer '" + argument.info.name +
            "' does not lead to " + std::to_string(argument.elements) +
            " elements of the memory";
}

void Simulator::Impl::copyIn(Engine &engine, std::string &error) {
  for (size_t i = 0; i < model.arguments.size(); ++i) {
    const HostArgument &argument = model.arguments[i];
    if (argument.info.isScalar)
      engine.launchArguments.push_back(scalarBits[i]);
    if (argument.info.isScalar || argument.info.isStreaming ||
        inputs[i].empty() || argument.info.direction == ArgumentDirection::Out)
      continue;
    size_t size = argument.info.elementBytes;
    forEachRow(model, argument, [&](uint32_t tile, size_t row) {
      const Symbol *symbol = nullptr;
      uint8_t *to = engine.symbolBytes(tile, argument.info.name,
                                       uint64_t(argument.elements), symbol);
      if (!to)
        return reportLost(model, argument, tile, error);
      const uint8_t *from =
          inputs[i].data() + row * size_t(argument.elements) * size;
      for (int64_t k = 0; k < argument.elements;
           ++k, from += size, to += typeBytes(symbol->type)) {
        uint64_t value = fromHost(argument, from, symbol->type);
        std::memcpy(to, &value, typeBytes(symbol->type));
      }
    });
  }
}

void Simulator::Impl::copyOut(Engine &engine, std::string &error) {
  for (size_t i = 0; i < model.arguments.size(); ++i) {
    const HostArgument &argument = model.arguments[i];
    if (argument.info.isScalar || argument.info.isStreaming ||
        argument.info.direction == ArgumentDirection::In)
      continue;
    size_t size = argument.info.elementBytes;
    outputs[i].resize(size_t(argument.numRows()) * size_t(argument.elements) *
                      size);
    forEachRow(model, argument, [&](uint32_t tile, size_t row) {
      const Symbol *symbol = nullptr;
      const uint8_t *from = engine.symbolBytes(
          tile, argument.info.name, uint64_t(argument.elements), symbol);
      if (!from)
        return reportLost(model, argument, tile, error);
      uint8_t *to = outputs[i].data() + row * size_t(argument.elements) * size;
      for (int64_t k = 0; k < argument.elements;
           ++k, from += typeBytes(symbol->type), to += size) {
        uint64_t value = 0;
        std::memcpy(&value, from, typeBytes(symbol->type));
        if (symbol->type != Type::I64)
          value = normalize(symbol->type, uint32_t(value));
        toHost(argument, value, symbol->type, to);
      }
    });
  }
}

void Simulator::Impl::attachStreams(Engine &engine) {
  for (size_t i = 0; i < model.arguments.size(); ++i) {
    const HostArgument &argument = model.arguments[i];
    if (!argument.info.isStreaming)
      continue;
    size_t size = argument.info.elementBytes;
    size_t length = inputs[i].size() / size / size_t(argument.numRows());
    Type type = travelType(argument);
    forEachRow(model, argument, [&](uint32_t tile, size_t row) {
      if (argument.info.direction != ArgumentDirection::Out) {
        std::vector<uint32_t> words(length);
        for (size_t k = 0; k < length; ++k)
          words[k] = zeroExtended(
              type, uint32_t(fromHost(
                        argument, inputs[i].data() + (row * length + k) * size,
                        type)));
        engine.addSource(tile, unsigned(argument.color), std::move(words));
      }
      if (argument.info.direction != ArgumentDirection::In)
        engine.addSink(tile, unsigned(argument.color));
    });
  }
}

void Simulator::Impl::collectStreams(Engine &engine) {
  for (size_t i = 0; i < model.arguments.size(); ++i) {
    const HostArgument &argument = model.arguments[i];
    if (!argument.info.isStreaming ||
        argument.info.direction == ArgumentDirection::In)
      continue;
    size_t size = argument.info.elementBytes, longest = 0;
    Type type = travelType(argument);
    forEachRow(model, argument, [&](uint32_t tile, size_t) {
      if (const HostSink *sink =
              engine.findSink(tile, unsigned(argument.color)))
        longest = std::max(longest, sink->words.size());
    });
    outputs[i].assign(size_t(argument.numRows()) * longest * size, 0);
    forEachRow(model, argument, [&](uint32_t tile, size_t row) {
      const HostSink *sink = engine.findSink(tile, unsigned(argument.color));
      for (size_t k = 0; sink && k < sink->words.size(); ++k)
        toHost(argument, normalize(type, sink->words[k]), type,
               outputs[i].data() + (row * longest + k) * size);
    });
  }
}

size_t Simulator::Impl::indexOf(std::string_view name,
                                std::string &error) const {
  for (size_t i = 0; i < model.arguments.size(); ++i)
    if (model.arguments[i].info.name == name)
      return i;
  error = "kernel '" + model.kernel + "' has no argument '" +
          std::string(name) + "'";
  return model.arguments.size();
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

Simulator::Simulator(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
Simulator::~Simulator() = default;

std::unique_ptr<Simulator> Simulator::load(std::span<const uint8_t> image,
                                           std::string &error) {
  try {
    auto impl = std::make_unique<Impl>();
    if (!loadModel(image, impl->model, error))
      return nullptr;
    numberHostNames(impl->model);
    impl->inputs.resize(impl->model.arguments.size());
    impl->outputs.resize(impl->model.arguments.size());
    impl->scalarBits.resize(impl->model.arguments.size());
    return std::unique_ptr<Simulator>(new Simulator(std::move(impl)));
  } catch (const std::bad_alloc &) {
    error = "image: not enough memory on this computer to load it";
    return nullptr;
  }
}

std::string_view Simulator::kernel() const { return impl->model.kernel; }
int Simulator::width() const { return int(impl->model.width); }
int Simulator::height() const { return int(impl->model.height); }
double Simulator::clockHz() const { return impl->model.machine.clockHz; }
std::span<const Argument> Simulator::arguments() const {
  return impl->model.argumentInfos;
}

bool Simulator::writeArgument(std::string_view name,
                              std::span<const uint8_t> bytes,
                              std::string &error) {
  size_t index = impl->indexOf(name, error);
  if (index == impl->model.arguments.size())
    return false;
  const HostArgument &argument = impl->model.arguments[index];
  std::string quoted = "argument '" + std::string(name) + "'";
  if (argument.info.isScalar ||
      argument.info.direction == ArgumentDirection::Out) {
    error =
        quoted + (argument.info.isScalar ? " is a scalar; set its value instead"
                                         : " is written by the kernel only");
    return false;
  }
  size_t row = argument.info.elementBytes * size_t(argument.numRows());
  size_t expected = row * size_t(argument.elements);
  if (argument.info.isStreaming ? bytes.size() % row != 0
                                : bytes.size() != expected) {
    error = quoted + " has " + std::to_string(bytes.size()) +
            " bytes, expected " +
            (argument.info.isStreaming ? "a multiple of " + std::to_string(row)
                                       : std::to_string(expected));
    return false;
  }
  impl->inputs[index].assign(bytes.begin(), bytes.end());
  return true;
}

bool Simulator::setScalar(std::string_view name, uint64_t bits,
                          std::string &error) {
  size_t index = impl->indexOf(name, error);
  if (index == impl->model.arguments.size())
    return false;
  const HostArgument &argument = impl->model.arguments[index];
  if (!argument.info.isScalar) {
    error =
        "argument '" + std::string(name) + "' is an array, expected a scalar";
    return false;
  }
  uint8_t bytes[8];
  std::memcpy(bytes, &bits, sizeof(bytes));
  impl->scalarBits[index] =
      uint32_t(fromHost(argument, bytes, travelType(argument)));
  return true;
}

Report Simulator::run(const Options &options) {
  try {
    Engine engine(impl->model, options);
    impl->attachStreams(engine);
    std::string error;
    impl->copyIn(engine, error);
    Report report = engine.run();
    impl->copyOut(engine, error);
    impl->collectStreams(engine);
    if (!error.empty()) {
      report.status = Status::Trapped;
      report.message = error;
    }
    return report;
  } catch (const std::bad_alloc &) {
    Report report;
    report.status = Status::OutOfBudget;
    report.message = "not enough memory on this computer to run the image";
    return report;
  }
}

bool Simulator::readArgument(std::string_view name, std::vector<uint8_t> &bytes,
                             std::string &error) const {
  size_t index = impl->indexOf(name, error);
  if (index == impl->model.arguments.size())
    return false;
  const HostArgument &argument = impl->model.arguments[index];
  if (argument.info.isScalar ||
      argument.info.direction == ArgumentDirection::In) {
    error = "argument '" + std::string(name) + "' is not written by the kernel";
    return false;
  }
  bytes = impl->outputs[index];
  return true;
}
