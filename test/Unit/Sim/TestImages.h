//===- TestImages.h - assemble images for the tests -------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A small assembler over the object form of the image format. It checks
// nothing: wrong images are tests too.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TEST_TESTIMAGES_H
#define SPADA_TEST_TESTIMAGES_H

#include "spada/Machine/Machine.h"
#include "spada/Sim/Image_generated.h"
#include "spada/Sim/Simulator.h"

#include "gtest/gtest.h"

#include <bit>
#include <cstring>
#include <string>
#include <unistd.h>
#include <utility>

namespace spada::test {

using namespace image;

enum PortBit : uint8_t {
  RampBit = 1,
  NorthBit = 2,
  SouthBit = 4,
  EastBit = 8,
  WestBit = 16
};
constexpr uint16_t noReg = 0xffff;

/// Path of a file for this process alone: tests of one binary run in several
/// processes at once.
inline std::string privatePath(const std::string &name) {
  return testing::TempDir() + "spada-" + std::to_string(getpid()) + "-" + name;
}

inline Operand slot(uint32_t dsd) { return {OperandKind::Slot, Type::I1, dsd}; }
inline Operand reg(Type type, uint32_t number) {
  return {OperandKind::Register, type, number};
}
inline Operand address(Type type, uint32_t where) {
  return {OperandKind::Address, type, where};
}

/// One program under construction.
class ProgramMaker {
public:
  explicit ProgramMaker(const std::string &name) { program.name = name; }

  /// A variable that is exported under its name; returns its address.
  uint32_t variable(const std::string &name, Type type, uint32_t elements,
                    std::vector<uint8_t> init = {}) {
    uint32_t bytes = type <= Type::I8                         ? 1
                     : type == Type::I16 || type == Type::F16 ? 2
                     : type == Type::I64                      ? 8
                                                              : 4;
    uint32_t at = (program.memory_bytes + bytes - 1) / bytes * bytes;
    program.memory_bytes = at + elements * bytes;
    auto variable = std::make_unique<VariableT>();
    variable->name = name;
    variable->type = type;
    variable->address = at;
    variable->elements = elements;
    variable->init = std::move(init);
    program.variables.push_back(std::move(variable));
    auto symbol = std::make_unique<SymbolT>();
    symbol->name = name;
    symbol->address = at;
    symbol->type = type;
    symbol->elements = elements;
    program.symbols.push_back(std::move(symbol));
    return at;
  }
  uint32_t memory(Type type, uint32_t at, std::vector<uint32_t> sizes,
                  std::vector<int32_t> strides = {1}) {
    return dsd(DsdKind::Memory, type, at, std::move(sizes), std::move(strides),
               0, 0);
  }
  uint32_t fabin(Type type, uint8_t queue, uint8_t color, uint32_t extent) {
    return dsd(DsdKind::FabricIn, type, 0, {extent}, {}, queue, color);
  }
  uint32_t fabout(Type type, uint8_t queue, uint8_t color, uint32_t extent) {
    return dsd(DsdKind::FabricOut, type, 0, {extent}, {}, queue, color);
  }
  void input(uint8_t number, uint8_t color) {
    program.queues.emplace_back(false, number, color);
  }
  void output(uint8_t number, uint8_t color) {
    program.queues.emplace_back(true, number, color);
  }

  /// Starts the code of a task here; returns its number.
  uint32_t task(const std::string &name, uint8_t id, bool blocked = false) {
    auto task = std::make_unique<TaskT>();
    task->name = name;
    task->id = id;
    task->entry = here();
    task->blocked = blocked;
    program.tasks.push_back(std::move(task));
    return uint32_t(program.tasks.size() - 1);
  }
  uint32_t dataTask(const std::string &name, uint8_t id, uint8_t queue,
                    uint16_t payload, Type type) {
    uint32_t number = task(name, id);
    TaskT &task = *program.tasks.back();
    task.kind = TaskKind::Data;
    task.queue = queue;
    task.payload_register = payload;
    task.payload_type = type;
    return number;
  }
  void function(const std::string &name, uint16_t firstRegister = 0,
                uint16_t registers = 16) {
    auto function = std::make_unique<FunctionT>();
    function->name = name;
    function->entry = here();
    function->first_register = firstRegister;
    function->registers = registers;
    program.functions.push_back(std::move(function));
  }
  /// Starts a function here that the host may launch.
  void exported(const std::string &name, std::vector<Type> types = {},
                uint16_t firstRegister = 0) {
    auto entry = std::make_unique<ExportT>();
    entry->name = name;
    entry->function = uint32_t(program.functions.size());
    entry->types = std::move(types);
    program.exports.push_back(std::move(entry));
    function(name, firstRegister);
  }
  /// Starts the main function here.
  void main() {
    program.main = int32_t(program.functions.size());
    function("main");
  }

  uint32_t here() const { return uint32_t(program.instructions.size()); }
  uint32_t emit(Opcode opcode, Type type = Type::I32, uint16_t a = noReg,
                uint16_t b = noReg, uint16_t c = noReg, uint16_t d = noReg,
                int32_t imm = 0, uint32_t location = 0) {
    program.instructions.emplace_back(opcode, type, a, b, c, d, imm, location);
    return here() - 1;
  }
  /// Lets the jump at `index` lead here.
  void land(uint32_t index) {
    const Instruction &in = program.instructions[index];
    program.instructions[index] =
        Instruction(in.opcode(), in.type(), in.a(), in.b(), in.c(), in.d(),
                    int32_t(here()), in.location());
  }
  void constant(uint16_t to, int32_t value, Type type = Type::I32) {
    emit(Opcode::Const, type, to, noReg, noReg, noReg, value);
  }
  void constant(uint16_t to, float value) {
    constant(to, std::bit_cast<int32_t>(value), Type::F32);
  }
  void load(uint16_t to, Type type, uint32_t at, uint16_t index = noReg) {
    emit(Opcode::Load, type, to, index, noReg, noReg, int32_t(at));
  }
  void store(uint16_t from, Type type, uint32_t at, uint16_t index = noReg) {
    emit(Opcode::Store, type, from, index, noReg, noReg, int32_t(at));
  }
  void activate(uint32_t task) {
    emit(Opcode::Activate, Type::I32, noReg, noReg, noReg, noReg,
         int32_t(task));
  }
  void block(uint32_t task) {
    emit(Opcode::Block, Type::I32, noReg, noReg, noReg, noReg, int32_t(task));
  }
  void unblock(uint32_t task) {
    emit(Opcode::Unblock, Type::I32, noReg, noReg, noReg, noReg, int32_t(task));
  }
  void finish() {
    emit(Opcode::HostUnblock);
    end();
  }
  void end() { emit(Opcode::Return); }

  /// A synchronous operation.
  uint32_t vector(const std::string &builtin, Operand destination,
                  std::vector<Operand> sources) {
    return addVector(builtin, destination, std::move(sources), -1, -1, -1);
  }
  /// An asynchronous operation.
  uint32_t async(const std::string &builtin, Operand destination,
                 std::vector<Operand> sources, int microthread,
                 int activate = -1, int unblock = -1) {
    return addVector(builtin, destination, std::move(sources), microthread,
                     activate, unblock);
  }

  ProgramT program;

private:
  uint32_t dsd(DsdKind kind, Type type, uint32_t at,
               std::vector<uint32_t> sizes, std::vector<int32_t> strides,
               uint8_t queue, uint8_t color) {
    auto dsd = std::make_unique<DsdT>();
    dsd->kind = kind;
    dsd->type = type;
    dsd->address = at;
    dsd->sizes = std::move(sizes);
    dsd->strides = std::move(strides);
    dsd->queue = queue;
    dsd->color = color;
    program.dsds.push_back(std::move(dsd));
    return uint32_t(program.dsds.size() - 1);
  }
  uint32_t addVector(const std::string &builtin, Operand destination,
                     std::vector<Operand> sources, int microthread,
                     int activate, int unblock) {
    auto vector = std::make_unique<VectorOperationT>();
    vector->builtin = builtin;
    vector->destination = std::make_unique<Operand>(destination);
    vector->sources = std::move(sources);
    vector->is_async = microthread >= 0;
    vector->microthread = microthread;
    vector->activate = activate;
    vector->unblock = unblock;
    vector->location = uint32_t(lastLocation);
    program.vectors.push_back(std::move(vector));
    return emit(Opcode::Vector, Type::I32, noReg, noReg, noReg, noReg,
                int32_t(program.vectors.size() - 1));
  }

public:
  uint32_t lastLocation = 0;
};

/// One image under construction.
class ImageMaker {
public:
  ImageMaker(uint32_t width, uint32_t height,
             const std::string &machine = "wse2") {
    image.version = 2;
    image.kernel = "test";
    image.machine = std::string(builtinMachineText(machine));
    image.width = width;
    image.height = height;
    image.files = {"test.csl"};
    for (uint32_t line = 1; line <= 20; ++line)
      image.locations.emplace_back(0, line, 1);
  }

  static Box box(int xLo, int xHi, int yLo = 0, int yHi = 1, int xStep = 1) {
    return {xLo, xHi, xStep, yLo, yHi, 1};
  }

  /// Adds a program and puts it on a box.
  void place(ProgramMaker &&builder, Box where,
             std::vector<Param> params = {}) {
    builder.program.registers = 16;
    image.programs.push_back(
        std::make_unique<ProgramT>(std::move(builder.program)));
    tile(uint32_t(image.programs.size() - 1), where, std::move(params));
  }
  void tile(uint32_t program, Box where, std::vector<Param> params = {}) {
    auto tile = std::make_unique<TileT>();
    tile->program = program;
    tile->boxes.push_back(where);
    tile->params = std::move(params);
    image.tiles.push_back(std::move(tile));
  }
  RouteT &route(uint8_t color, uint8_t rx, uint8_t tx, Box where) {
    auto route = std::make_unique<RouteT>();
    route->color = color;
    route->rx = rx;
    route->tx = tx;
    route->boxes.push_back(where);
    image.routes.push_back(std::move(route));
    return *image.routes.back();
  }
  HostArgumentT &argument(const std::string &name, HostDirection direction,
                          const std::string &type, std::vector<int64_t> dims,
                          int64_t elements, Box where) {
    auto argument = std::make_unique<HostArgumentT>();
    argument->name = name;
    argument->direction = direction;
    argument->element_type = type;
    argument->dims = std::move(dims);
    argument->elements = elements;
    argument->box = std::make_unique<Box>(where);
    image.arguments.push_back(std::move(argument));
    return *image.arguments.back();
  }

  std::vector<uint8_t> bytes() const {
    flatbuffers::FlatBufferBuilder builder;
    FinishImageBuffer(builder, Image::Pack(builder, &image));
    return {builder.GetBufferPointer(),
            builder.GetBufferPointer() + builder.GetSize()};
  }
  std::unique_ptr<sim::Simulator> load() const {
    std::string error;
    std::unique_ptr<sim::Simulator> simulator =
        sim::Simulator::load(bytes(), error);
    EXPECT_TRUE(simulator) << error;
    return simulator;
  }
  std::string loadError() const {
    std::string error;
    EXPECT_FALSE(sim::Simulator::load(bytes(), error));
    return error;
  }

  ImageT image;
};

template <typename T>
std::vector<T> readArray(sim::Simulator &simulator, const std::string &name) {
  std::vector<uint8_t> bytes;
  std::string error;
  EXPECT_TRUE(simulator.readArgument(name, bytes, error)) << error;
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!bytes.empty())
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

template <typename T>
void writeArray(sim::Simulator &simulator, const std::string &name,
                const std::vector<T> &values) {
  std::string error;
  EXPECT_TRUE(
      simulator.writeArgument(name,
                              {reinterpret_cast<const uint8_t *>(values.data()),
                               values.size() * sizeof(T)},
                              error))
      << error;
}

} // namespace spada::test

#endif
