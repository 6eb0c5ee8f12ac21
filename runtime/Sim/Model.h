//===- Model.h - a verified image in the form that runs ---------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What Loader makes of an image: every index and address range in it has been
// checked. Constant while running.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_SIM_MODEL_H
#define SPADA_SIM_MODEL_H

#include "Arithmetic.h"
#include "Routes.h"

#include "spada/Machine/Machine.h"
#include "spada/Sim/Simulator.h"

#include <array>
#include <string>
#include <vector>

namespace spada::sim {

constexpr unsigned numPorts = 5;
constexpr unsigned numColors = 24;
constexpr unsigned maxQueues = 8;
constexpr unsigned maxDimensions = 4;
constexpr uint16_t noRegister = 0xffff;
constexpr uint8_t noTask = 0xff;
constexpr uint32_t none = 0xffffffff;

/// Router ports; the bit of a port in the image is 1 << port.
enum Port : uint8_t { Ramp, North, South, East, West };
constexpr Port oppositePort[numPorts] = {Ramp, South, North, West, East};
constexpr const char *portNames[numPorts] = {"RAMP", "NORTH", "SOUTH", "EAST",
                                             "WEST"};

/// Instructions that Scalar.cpp runs by itself. Registers hold integers sign
/// extended, so that many do not depend on the type.
enum class Fast : uint8_t {
  None, ///< runs in Interpreter.cpp
  Const,
  Move,
  Select,
  Add32,
  Sub32,
  Mul32,
  Add16,
  Sub16,
  Mul16,
  And,
  Or,
  Xor,
  CmpEq,
  CmpNe,
  CmpLtS,
  CmpLeS,
  CmpLtU,
  CmpLeU,
  FAdd,
  FSub,
  FMul,
  FDiv,
  FCmpEq,
  FCmpNe,
  FCmpLt,
  FCmpLe,
  Unary,
  Binary,
  Load,
  Store,
  LoadAt,
  StoreAt,
  Jump,
  JumpIf,
  JumpIfNot
};

struct Instruction {
  Opcode opcode;
  Type type;
  Fast fast;
  bool wide; ///< on I64: runs in Wide.cpp
  uint16_t a, b, c, d;
  uint16_t cost; ///< cycles; of a conditional jump when it is not taken
  int32_t imm;
  uint32_t location;
};

struct Dsd {
  image::DsdKind kind = image::DsdKind::Memory;
  Type type = Type::I32;
  uint8_t queue = 0; ///< hardware number
  uint8_t color = 0;
  uint8_t rank = 1;
  uint32_t address = 0;
  uint32_t sizes[maxDimensions] = {};
  int32_t strides[maxDimensions] = {}; ///< elements of the operation
  bool control = false, advanceSwitch = false, indexOffset = false;
  bool controlTransform = false;
  uint8_t zeroSource = 0, simd = 0, priority = 0;
  uint32_t wrap = 0; ///< elements of a circular buffer; 0: it is none

  uint64_t length() const {
    uint64_t product = 1;
    for (unsigned i = 0; i < rank; ++i)
      product *= sizes[i];
    return product;
  }
};

struct Operand {
  image::OperandKind kind = image::OperandKind::None;
  Type type = Type::I32;
  uint32_t value = 0;
};

/// What an operation does beside its elements. Of an operation, or of the load
/// of a data structure register.
struct Settings {
  bool isAsync = false;
  int8_t microthread = -1; ///< hardware number; -1: that of the queue
  uint8_t priority = 0;    ///< 0 not given, 1 low, 2 medium, 3 high
  image::OnControl onControl = image::OnControl::None;
  uint32_t activate = none, unblock = none, onControlTask = none; ///< tasks
};

struct VectorOperation {
  const BuiltinInfo *builtin = nullptr;
  uint32_t elementsPerCycle = 1;
  Operand destination;
  std::array<Operand, 3> sources;
  Settings settings;
  uint32_t location = 0;
};

/// Files of data structure registers.
enum DsrFile : uint8_t { DestinationFile, Source0File, Source1File };
constexpr unsigned numDsrFiles = 3, dsrsOfFile = 64;

struct DsrLoad {
  uint8_t file = 0, id = 0;
  uint8_t place = 0; ///< among the registers that the program names
  uint32_t slot = 0;
  Settings settings;
  bool saveAddress = false, singleStep = false;
  uint32_t location = 0;
};

struct FifoInfo {
  std::string name;
  uint32_t address = 0, elements = 0;
  Type type = Type::I16;
  uint32_t activatePush = none, activatePop = none; ///< tasks
  uint8_t priority = 0;                             ///< as in Settings
};

struct PrintInfo {
  std::vector<std::string> texts; ///< before each value, and after the last
  std::vector<char> formats;      ///< of each value: d, u, X, b or f
  std::vector<Type> types;
};

struct Task {
  std::string name;
  image::TaskKind kind = image::TaskKind::Local;
  uint8_t id = 0;
  uint8_t queue =
      0; ///< data task: place of its input queue among the program's
  uint32_t entry = 0;
  uint16_t payloadRegister = noRegister, payloadRegister2 = noRegister;
  Type payloadType = Type::I32, payloadType2 = Type::I32;
  bool blocked = false, active = false;
  uint8_t rotation = 0xff; ///< in Program::rotations
  uint32_t location = 0;
};

struct Function {
  std::string name;
  uint32_t entry = 0;
  uint16_t firstRegister = 0;
  uint32_t registers = 0; ///< of its frame
};

struct InputQueueInfo {
  uint8_t number = 0, color = 0;
  uint8_t capacity = 0;      ///< depth and the stages of the ramp before it
  uint8_t stateId = 0;       ///< id whose blocked bit holds its tasks back
  uint8_t controlOffset = 0; ///< of its control tasks
};
struct OutputQueueInfo {
  uint8_t number = 0, color = 0, capacity = 0;
};

struct Symbol {
  std::string name;
  uint32_t address = 0, elements = 0;
  Type type = Type::I32;
  bool isPointer = false; ///< the data are where the pointer at `address` shows
};

struct RotationInfo {
  uint32_t other = 0, limit = 0, init = 0;
};

/// A function that the host may launch.
struct Export {
  std::string name;
  uint32_t function = 0;
  std::vector<Type> types;
};

/// Any variable, for those who look into the memory.
struct VariableInfo {
  std::string name;
  uint32_t address = 0, bytes = 0;
};

struct InitialBytes {
  uint32_t address = 0;
  std::vector<uint8_t> bytes;
};

/// What a program has under a name that the host knows; -1: nothing.
struct HostName {
  int32_t symbol = -1, exported = -1;
};

struct Program {
  std::string name;
  std::vector<Instruction> instructions;
  uint32_t frameRegisters = 0; ///< enough for every task and function
  std::vector<Dsd> dsds;
  std::vector<VectorOperation> vectors;
  std::vector<Task> tasks; ///< fewer than noTask
  std::vector<Function> functions;
  std::vector<InputQueueInfo> inputQueues;
  std::vector<OutputQueueInfo> outputQueues;
  std::array<uint8_t, maxQueues> inputPlace{},
      outputPlace{}; ///< by number; 0xff: not declared
  std::array<uint8_t, numColors>
      inputPlaceOfColor{};        ///< 0xff: no input queue has the color
  std::vector<uint8_t> pickOrder; ///< tasks by id
  std::array<uint8_t, 64> localTask{}, controlTask{}; ///< by id; noTask
  std::vector<uint8_t> taskOfQueue; ///< data task of an input queue; 0xff: none
  std::vector<uint8_t> threadNumber; ///< microthread of each thread; [0] unused
  std::array<uint8_t, maxQueues> threadOf{}; ///< by microthread; 0: none
  std::vector<DsrLoad> dsrLoads;
  std::array<uint8_t, numDsrFiles * dsrsOfFile> dsrPlace{}; ///< 0xff: no load
  uint32_t numDsrs = 0;
  std::vector<FifoInfo> fifos;
  std::vector<PrintInfo> prints;
  std::vector<InitialBytes> initial;
  std::vector<Symbol> symbols;
  std::vector<Export> exports;
  std::vector<VariableInfo> variables;
  std::vector<HostName> hostNames; ///< by number in Model::hostNames
  uint32_t memoryBytes = 0;
  uint32_t numParams = 0; ///< one more than the largest parameter number used
  int32_t main = -1, startup = -1; ///< functions
  bool changesDsds = false;
  bool hasPriorities = false;
  bool takesControl = false; ///< some operation ends at a control wavelet
  bool rebindsQueues = false;
  std::vector<RotationInfo> rotations; ///< two at most
  uint16_t emptyHandlers = 0; ///< queues (outputs from bit 8 on) with handlers
};

struct Box {
  int32_t xLo, xHi, xStep, yLo, yHi, yStep;

  bool contains(int64_t x, int64_t y) const {
    return x >= xLo && x < xHi && y >= yLo && y < yHi &&
           (x - xLo) % xStep == 0 && (y - yLo) % yStep == 0;
  }
};

/// The value that a variable of one PE starts with.
struct TileData {
  uint32_t tile = 0;
  InitialBytes initial;
};

struct TileCode {
  uint32_t program = none;
  uint32_t firstParam = 0; ///< in Model::params
};

struct HostArgument {
  Argument info;
  Box box{};
  int64_t elements = 0, offsetX = 0, offsetY = 0;
  std::vector<int64_t> dims;
  int color = -1;
  bool hostIsFloat = false, hostIsSigned = false;

  /// The host array's row of PE (x, y), or -1 when it has none.
  int64_t rowOf(int64_t x, int64_t y) const;
  int64_t numRows() const;
};

struct SourceLine {
  std::string file;
  uint32_t line = 0, column = 0;
};

struct Model {
  Machine machine;
  std::string kernel;
  uint32_t width = 0, height = 0;
  bool streaming = false;
  std::vector<Program> programs;
  std::vector<TileCode> tiles; ///< by tile number
  std::vector<int32_t> params;
  std::vector<TileData> tileData;
  std::vector<std::array<ColorRoute, numColors>> routes; ///< by tile number
  std::vector<RouteSettings> routeSettings;
  /// Colors that lead to and from the host where they have no route, as bits.
  uint32_t hostInColors = 0, hostOutColors = 0;
  std::vector<HostArgument> arguments;
  std::vector<Argument> argumentInfos;
  std::vector<SourceLine> locations;
  std::vector<std::string> strings;   ///< texts of assertions
  std::vector<std::string> hostNames; ///< data symbols and exported functions

  /// Tiles are numbered column by column, so that a strip of columns is a
  /// range.
  uint32_t tileNumber(uint32_t x, uint32_t y) const { return x * height + y; }
  uint32_t xOf(uint32_t tile) const { return tile / height; }
  uint32_t yOf(uint32_t tile) const { return tile % height; }
  uint32_t numTiles() const { return width * height; }
  /// "PE (x, y)".
  std::string peName(uint32_t tile) const;
  /// "file:line:column", or "" when it is not known.
  std::string locationText(uint32_t location) const;
};

/// Numbers the names by which the host calls data and functions.
void numberHostNames(Model &model);

/// Verifies and decodes an image. On failure returns false with `error` set.
bool loadModel(std::span<const uint8_t> bytes, Model &model,
               std::string &error);

} // namespace spada::sim

#endif
