//===- CoreTest.cpp - scalar code, tasks and traps of one PE --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Programs for a single PE that leave their results in an exported array.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <functional>
#include <limits>

using namespace spada;
using namespace spada::test;

namespace {
constexpr uint32_t numResults = 8;

/// Runs a program on one PE; `write` makes the code of main up to its end. The
/// results are in the i32 array "r" at address 0.
sim::Report runOne(const std::function<void(ProgramMaker &)> &write,
                   std::vector<int32_t> &results,
                   const std::function<void(ProgramMaker &)> &before = {}) {
  ImageMaker image(1, 1);
  ProgramMaker code("one");
  code.variable("r", Type::I32, numResults);
  if (before)
    before(code);
  code.main();
  write(code);
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1),
              {Param(ParamSource::X, 0), Param(ParamSource::Constant, -7)});
  image.argument("r", HostDirection::Out, "i32", {}, numResults,
                 ImageMaker::box(0, 1));
  auto simulator = image.load();
  if (!simulator)
    return {};
  sim::Report report = simulator->run();
  results = readArray<int32_t>(*simulator, "r");
  return report;
}

void keep(ProgramMaker &code, uint16_t from, uint32_t place) {
  code.store(from, Type::I32, place * 4);
}

/// The result of one two-source instruction.
int32_t binary(Opcode opcode, Type type, int32_t a, int32_t b) {
  std::vector<int32_t> results(numResults);
  sim::Report report = runOne(
      [&](ProgramMaker &code) {
        code.constant(0, a, type);
        code.constant(1, b, type);
        code.emit(opcode, type, 2, 0, 1);
        keep(code, 2, 0);
      },
      results);
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  return results[0];
}

/// The result of a conversion to `type` from `other`, or of a unary
/// instruction.
int32_t unary(Opcode opcode, Type type, Type other, int32_t a) {
  std::vector<int32_t> results(numResults);
  bool fromOther =
      opcode >= Opcode::IntToFloatS && opcode <= Opcode::FloatToFloat;
  runOne(
      [&](ProgramMaker &code) {
        code.constant(0, a,
                      fromOther                    ? other
                      : opcode == Opcode::Truncate ? Type::I32
                                                   : type);
        code.emit(opcode, type, 1, 0, noReg, noReg, int32_t(other));
        keep(code, 1, 0);
      },
      results);
  return results[0];
}

int32_t bits(float value) { return std::bit_cast<int32_t>(value); }
} // namespace

TEST(Core, Integers) {
  EXPECT_EQ(binary(Opcode::Add, Type::I16, 32767, 1), -32768);
  EXPECT_EQ(binary(Opcode::Sub, Type::I8, -128, 1), 127);
  EXPECT_EQ(binary(Opcode::Mul, Type::I32, 65536, 65537), 65536);
  EXPECT_EQ(binary(Opcode::DivS, Type::I32, -7, 2), -3);
  EXPECT_EQ(binary(Opcode::RemS, Type::I32, -7, 2), -1);
  EXPECT_EQ(binary(Opcode::DivU, Type::I16, -2, 3), 65534 / 3);
  EXPECT_EQ(binary(Opcode::RemU, Type::I16, -1, 10), 65535 % 10);
  EXPECT_EQ(
      binary(Opcode::DivS, Type::I32, std::numeric_limits<int32_t>::min(), -1),
      std::numeric_limits<int32_t>::min());
  EXPECT_EQ(binary(Opcode::And, Type::I32, 12, 10), 8);
  EXPECT_EQ(binary(Opcode::Or, Type::I32, 12, 10), 14);
  EXPECT_EQ(binary(Opcode::Xor, Type::I1, 1, 1), 0);
  EXPECT_EQ(binary(Opcode::Shl, Type::I16, 1, 15), -32768);
  EXPECT_EQ(binary(Opcode::Shl, Type::I16, 1, 16), 0);
  EXPECT_EQ(binary(Opcode::ShrS, Type::I16, -4, 1), -2);
  EXPECT_EQ(binary(Opcode::ShrS, Type::I16, -4, 40), -1);
  EXPECT_EQ(binary(Opcode::ShrU, Type::I16, -4, 1), 32766);
  EXPECT_EQ(binary(Opcode::CmpLtS, Type::I16, -1, 1), 1);
  EXPECT_EQ(binary(Opcode::CmpLtU, Type::I16, -1, 1), 0);
  EXPECT_EQ(binary(Opcode::CmpLeU, Type::I32, 1, -1), 1);
  EXPECT_EQ(binary(Opcode::CmpLeS, Type::I32, 1, 1), 1);
  EXPECT_EQ(binary(Opcode::CmpEq, Type::I32, 3, 3), 1);
  EXPECT_EQ(binary(Opcode::CmpNe, Type::I32, 3, 3), 0);
}

TEST(Core, Floats) {
  EXPECT_EQ(binary(Opcode::FAdd, Type::F32, bits(1.0f), bits(0x1p-24f)),
            bits(1.0f));
  EXPECT_EQ(binary(Opcode::FDiv, Type::F32, bits(1.0f), bits(3.0f)),
            bits(1.0f / 3.0f));
  EXPECT_EQ(binary(Opcode::FMul, Type::F16, 0x3c01, 0x3c01), 0x3c02);
  EXPECT_EQ(binary(Opcode::FSub, Type::F16, 0x3c00, 0x3c00), 0);
  EXPECT_EQ(binary(Opcode::FDiv, Type::F16, 0x3c00, 0), 0x7c00);
  int32_t nan = 0x7fc00000;
  EXPECT_EQ(binary(Opcode::FCmpNe, Type::F32, nan, nan), 1);
  EXPECT_EQ(binary(Opcode::FCmpEq, Type::F32, nan, nan), 0);
  EXPECT_EQ(binary(Opcode::FCmpLe, Type::F32, nan, nan), 0);
  EXPECT_EQ(binary(Opcode::FCmpLt, Type::F16, 0xbc00, 0x3c00), 1);
}

TEST(Core, Conversions) {
  EXPECT_EQ(unary(Opcode::SignExtend, Type::I1, Type::I16, 1), -1);
  EXPECT_EQ(unary(Opcode::ZeroExtend, Type::I8, Type::I32, -1), 255);
  EXPECT_EQ(unary(Opcode::Truncate, Type::I8, Type::I32, 384), -128);
  EXPECT_EQ(unary(Opcode::IntToFloatS, Type::F32, Type::I16, -3), bits(-3.0f));
  EXPECT_EQ(unary(Opcode::IntToFloatU, Type::F32, Type::I16, -1),
            bits(65535.0f));
  EXPECT_EQ(unary(Opcode::IntToFloatS, Type::F16, Type::I32, 2049),
            0x6800); // 2048, ties to even
  EXPECT_EQ(unary(Opcode::FloatToIntS, Type::I16, Type::F32, bits(-2.9f)), -2);
  EXPECT_EQ(unary(Opcode::FloatToIntS, Type::I16, Type::F32, bits(1e9f)),
            32767);
  EXPECT_EQ(unary(Opcode::FloatToIntU, Type::I32, Type::F32, bits(3e9f)),
            int32_t(3000000000u));
  EXPECT_EQ(
      unary(Opcode::FloatToFloat, Type::F16, Type::F32, bits(1.0f + 0x1p-11f)),
      0x3c00);
  EXPECT_EQ(unary(Opcode::FloatToFloat, Type::F32, Type::F16, 0x0001),
            bits(0x1p-24f));
  EXPECT_EQ(unary(Opcode::FNeg, Type::F32, Type::F32, bits(0.0f)), bits(-0.0f));
}

TEST(Core, ParamsLoopsAndCalls) {
  std::vector<int32_t> results;
  sim::Report report = runOne(
      [](ProgramMaker &code) {
        code.emit(Opcode::Param, Type::I32, 0, noReg, noReg, noReg, 1); // -7
        keep(code, 0, 0);
        code.constant(1, 5); // factorial of 5 by recursion
        code.emit(Opcode::Call, Type::I32, 2, 1, noReg, noReg, 0);
        keep(code, 2, 1);
        code.constant(3, 1); // select
        code.emit(Opcode::Select, Type::I32, 4, 3, 1, 0);
        keep(code, 4, 2);
      },
      results,
      [](ProgramMaker &code) {
        code.function("factorial", /*firstRegister=*/2);
        code.constant(0, 1);
        code.emit(Opcode::CmpLeS, Type::I32, 1, 2, 0);
        uint32_t jump =
            code.emit(Opcode::JumpIf, Type::I1, noReg, 1, noReg, noReg, 0);
        code.emit(Opcode::Sub, Type::I32, 3, 2, 0);
        code.emit(Opcode::Call, Type::I32, 4, 3, noReg, noReg, 0);
        code.emit(Opcode::Mul, Type::I32, 0, 4, 2);
        code.land(jump);
        code.emit(Opcode::Return, Type::I32, noReg, 0);
      });
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(results, (std::vector<int32_t>{-7, 120, 5, 0, 0, 0, 0, 0}));
}

TEST(Core, HostScalars) {
  ImageMaker image(2, 1);
  ProgramMaker code("scalars");
  code.variable("r", Type::F32, 2);
  code.program.main = 0;
  code.function("main", /*firstRegister=*/3);
  code.store(3, Type::F32, 0);
  code.store(4, Type::F32, 4);
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 2));
  image.argument("p", HostDirection::In, "f32", {}, 0, ImageMaker::box(0, 0))
      .is_scalar = true;
  image.argument("r", HostDirection::Out, "f32", {2}, 2, ImageMaker::box(0, 2));
  image.argument("q", HostDirection::In, "f32", {}, 0, ImageMaker::box(0, 0))
      .is_scalar = true;
  auto simulator = image.load();
  std::string error;
  EXPECT_TRUE(simulator->setScalar("q", uint32_t(bits(2.5f)), error));
  EXPECT_TRUE(simulator->setScalar("p", uint32_t(bits(-1.0f)), error));
  EXPECT_EQ(simulator->run().status, sim::Status::Finished);
  EXPECT_EQ(readArray<float>(*simulator, "r"),
            (std::vector<float>{-1, 2.5, -1, 2.5}));
}

TEST(Core, HostTypesAreConverted) {
  ImageMaker image(1, 1);
  ProgramMaker code("types");
  code.variable("d", Type::F32, 2);
  code.variable("u", Type::I16, 2);
  code.variable("b", Type::I1, 2);
  code.main();
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.argument("d", HostDirection::InOut, "f64", {}, 2,
                 ImageMaker::box(0, 1));
  image.argument("u", HostDirection::InOut, "u32", {}, 2,
                 ImageMaker::box(0, 1));
  image.argument("b", HostDirection::InOut, "bool", {}, 2,
                 ImageMaker::box(0, 1));
  auto simulator = image.load();
  writeArray(*simulator, "d", std::vector<double>{0.1, -2});
  writeArray(*simulator, "u", std::vector<uint32_t>{65535, 65537});
  writeArray(*simulator, "b", std::vector<uint8_t>{7, 0});
  simulator->run();
  EXPECT_EQ(readArray<double>(*simulator, "d"),
            (std::vector<double>{double(0.1f), -2}));
  EXPECT_EQ(readArray<uint32_t>(*simulator, "u"),
            (std::vector<uint32_t>{65535, 1}));
  EXPECT_EQ(readArray<uint8_t>(*simulator, "b"), (std::vector<uint8_t>{1, 0}));
}

TEST(Core, DsdRegisters) {
  std::vector<int32_t> results;
  sim::Report report = runOne(
      [](ProgramMaker &code) {
        // r[2..4) = 9, by a moved and shortened copy of a descriptor.
        uint32_t whole = code.memory(Type::I32, 0, {8}),
                 temporary = code.memory(Type::I32, 0, {8});
        code.constant(0, 9);
        code.constant(1, 2);
        code.emit(Opcode::DsdCopy, Type::I32, uint16_t(temporary),
                  uint16_t(whole));
        code.emit(Opcode::DsdOffset, Type::I32, uint16_t(temporary), 1);
        code.emit(Opcode::DsdLength, Type::I32, uint16_t(temporary), 1);
        code.vector("mov32", slot(temporary), {reg(Type::I32, 0)});
      },
      results);
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(results, (std::vector<int32_t>{0, 0, 9, 9, 0, 0, 0, 0}));
}

TEST(Core, TasksRunOncePerActivation) {
  std::vector<int32_t> results;
  sim::Report report = runOne(
      [](ProgramMaker &code) {
        code.activate(0);
        code.activate(0); // one bit: counts once
        code.activate(1);
        code.unblock(1);
      },
      results,
      [](ProgramMaker &code) {
        for (uint8_t i : {0, 1}) {
          code.task("t" + std::to_string(i), uint8_t(8 + i),
                    /*blocked=*/i == 1);
          code.load(0, Type::I32, i * 4);
          code.constant(1, 1);
          code.emit(Opcode::Add, Type::I32, 0, 0, 1);
          code.store(0, Type::I32, i * 4);
          code.end();
        }
      });
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(report.tasks, 3u);
  EXPECT_EQ(results[0], 1);
  EXPECT_EQ(results[1], 1);
}

static std::string trapOf(const std::function<void(ProgramMaker &)> &write) {
  std::vector<int32_t> results;
  sim::Report report = runOne(write, results);
  EXPECT_EQ(report.status, sim::Status::Trapped);
  return report.message;
}

TEST(Core, Traps) {
  EXPECT_EQ(trapOf([](ProgramMaker &code) {
              code.constant(0, 4);
              code.emit(Opcode::DivS, Type::I32, 2, 0, 1, noReg, 0, 11);
            }),
            "cycle 0, PE (0, 0): division by zero, at test.csl:12:1");
  EXPECT_EQ(trapOf([](ProgramMaker &code) {
              code.constant(0, -1);
              code.load(1, Type::I32, 0, 0);
            }),
            "cycle 0, PE (0, 0): load from address -4, the program has 32 "
            "bytes, at test.csl:1:1");
  EXPECT_EQ(trapOf([](ProgramMaker &code) {
              code.constant(0, 8);
              code.store(1, Type::I32, 0, 0);
            }),
            "cycle 0, PE (0, 0): store to address 32, the program has 32 "
            "bytes, at test.csl:1:1");
  EXPECT_EQ(trapOf([](ProgramMaker &code) {
              code.vector("mov32", slot(code.memory(Type::I32, 4, {8})),
                          {reg(Type::I32, 0)});
            }),
            "cycle 0, PE (0, 0): operation 'mov32' writes address 32, the "
            "program has 32 bytes, at test.csl:1:1");
}

TEST(Core, LiveOperationsMayNotShareThreadsOrQueues) {
  for (int second : {2, 3}) {
    std::string message = trapOf([&](ProgramMaker &code) {
      code.input(2, 0);
      code.input(3, 1);
      uint32_t memory = code.memory(Type::I32, 0, {4});
      uint32_t first = code.fabin(Type::I32, 2, 0, 4);
      uint32_t other = second == 2 ? code.fabin(Type::I32, 3, 1, 4) : first;
      code.async("mov32", slot(memory), {slot(first)}, 2);
      code.async("mov32", slot(memory), {slot(other)}, second);
    });
    std::string expected =
        second == 2
            ? "operation 'mov32' uses microthread 2 while another operation is "
              "live on it: 'mov32' at test.csl:1:1, 0 of 4 elements done"
            : "operation 'mov32' uses input queue 2 while another operation is "
              "live on it: 'mov32' at test.csl:1:1, 0 of 4 elements done";
    EXPECT_NE(message.find(expected), std::string::npos) << message;
  }
}

TEST(Core, MemoryOperationsTakeTheirCycles) {
  auto cyclesOf = [](const char *builtin, uint32_t n, uint32_t offset,
                     bool two) {
    ImageMaker image(1, 1);
    ProgramMaker code("timed");
    code.variable("x", Type::F32, 4096);
    code.main();
    uint32_t a = code.memory(Type::F32, 0, {n}),
             b = code.memory(Type::F32, 8192 + offset, {n});
    std::vector<Operand> sources = {slot(a)};
    if (two)
      sources.push_back(slot(b));
    code.vector(builtin, slot(a), sources);
    code.finish();
    image.place(std::move(code), ImageMaker::box(0, 1));
    return image.load()->run().cycles;
  };
  // Start-up 2 and one cycle for the unblock of the host.
  EXPECT_EQ(cyclesOf("fmovs", 1000, 0, false), 500u + 2 + 1);
  EXPECT_EQ(cyclesOf("fadds", 1000, 4, true), 500u + 2 + 1);
  EXPECT_EQ(cyclesOf("fadds", 1000, 0, true),
            1000u + 2 + 1); // both sources in one bank
}
