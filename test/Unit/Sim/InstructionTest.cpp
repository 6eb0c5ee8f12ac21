//===- InstructionTest.cpp - pointers, descriptors, clock, math -----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// One PE runs a few instructions and leaves what it got in "out".
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <sstream>

using namespace spada;
using namespace spada::test;

namespace {
using Body = std::function<void(ProgramMaker &, uint32_t out)>;

ImageMaker onePe(const Body &body, Type type = Type::I32) {
  ImageMaker image(1, 1);
  image.image.strings = {"the text of line 7"};
  ProgramMaker code("one");
  uint32_t out = code.variable("out", type, 8);
  code.main();
  body(code, out);
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.argument("out", HostDirection::Out,
                 type == Type::F32   ? "f32"
                 : type == Type::I16 ? "i16"
                                     : "i32",
                 {}, 8, ImageMaker::box(0, 1));
  return image;
}

template <typename T = int32_t>
std::vector<T> outOf(const Body &body, Type type = Type::I32) {
  auto simulator = onePe(body, type).load();
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  return readArray<T>(*simulator, "out");
}

std::string trapOf(const Body &body) {
  sim::Report report = onePe(body).load()->run();
  EXPECT_EQ(report.status, sim::Status::Trapped) << report.message;
  return report.message;
}

void math(ProgramMaker &code, MathFunction function, Type type, uint16_t to,
          uint16_t lhs, uint16_t rhs = noReg) {
  code.emit(Opcode::Math, type, to, lhs, rhs, noReg, int32_t(function));
}
} // namespace

TEST(Instruction, PointersWrapAround) {
  std::vector<int32_t> out = outOf([](ProgramMaker &code, uint32_t out) {
    code.constant(0, int32_t(out), Type::I16);
    code.constant(1, -3, Type::I16);
    code.constant(2, 77);
    // out + 8 - 3 * 4 + 8 = out + 4
    code.constant(3, int32_t(out) + 8, Type::I16);
    code.emit(Opcode::StoreAt, Type::I32, 2, 3, 1, noReg, 8);
    code.emit(Opcode::LoadAt, Type::I16, 4, 0, noReg, noReg, 4);
    code.store(4, Type::I32, out + 8);
    code.constant(5, int32_t(0xfff0), Type::I16); // 65520 + 28 = 12
    code.emit(Opcode::StoreAt, Type::I32, 2, 5, noReg, noReg, 28);
  });
  EXPECT_EQ(out[1], 77);
  EXPECT_EQ(out[2], 77);
  EXPECT_EQ(out[3], 77);
  EXPECT_EQ(trapOf([](ProgramMaker &code, uint32_t) {
              code.constant(0, 0x8000, Type::I16);
              code.emit(Opcode::LoadAt, Type::I32, 1, 0);
            }),
            "cycle 0, PE (0, 0): load from address 32768 through a pointer, "
            "the program has 32 bytes, at test.csl:1:1");
  EXPECT_EQ(trapOf([](ProgramMaker &code, uint32_t) {
              code.constant(0, int32_t(0xfffe), Type::I16);
              code.emit(Opcode::StoreAt, Type::I16, 0, 0);
            }),
            "cycle 0, PE (0, 0): store to address 65534 through a pointer, "
            "the program has 32 bytes, at test.csl:1:1");
}

TEST(Instruction, ConfigurationRegisters) {
  ImageMaker image = onePe([](ProgramMaker &code, uint32_t out) {
    code.constant(0, 0xfe40 + 2 * 3, Type::I16);
    code.emit(Opcode::LoadAt, Type::I16, 1, 0);
    code.store(1, Type::I32, out);
    code.constant(2, 1 << 3 | 1 << 9, Type::I16); // from the ramp to the north
    code.emit(Opcode::StoreAt, Type::I16, 2, 0);
    code.emit(Opcode::LoadAt, Type::I16, 1, 0);
    code.store(1, Type::I32, out + 4);
  });
  image.route(3, RampBit, EastBit, ImageMaker::box(0, 1));
  auto simulator = image.load();
  EXPECT_EQ(simulator->run().status, sim::Status::Finished);
  std::vector<int32_t> out = readArray<int32_t>(*simulator, "out");
  EXPECT_EQ(out[0], 1 << 1 | 1 << 9);
  EXPECT_EQ(out[1], 1 << 3 | 1 << 9);
}

TEST(Instruction, DescriptorsChange) {
  std::vector<int16_t> out = outOf<int16_t>(
      [](ProgramMaker &code, uint32_t out) {
        uint32_t fixed = code.memory(Type::I16, 0, {2});
        uint32_t changed = code.memory(Type::I16, 0, {2});
        code.constant(0, int32_t(out), Type::I16);
        code.constant(1, 2, Type::I16);
        code.constant(2, 3, Type::I16);
        code.emit(Opcode::DsdCopy, Type::I32, uint16_t(changed),
                  uint16_t(fixed));
        code.emit(Opcode::DsdBase, Type::I32, uint16_t(changed), 0);
        code.emit(Opcode::DsdOffset, Type::I16, uint16_t(changed), 1);
        code.emit(Opcode::DsdStride, Type::I32, uint16_t(changed), 1);
        code.emit(Opcode::DsdLength, Type::I32, uint16_t(changed), 2);
        // Elements 2, 4, 6.
        code.vector("mov16", slot(changed), {reg(Type::I16, 2)});
        code.emit(Opcode::DsdLengthOf, Type::I16, 3, uint16_t(changed));
        code.store(3, Type::I16, out);
        code.emit(Opcode::DsdElement, Type::I16, 4, uint16_t(changed), 1);
        code.store(4, Type::I16, out + 2);
      },
      Type::I16);
  EXPECT_EQ(out, (std::vector<int16_t>{3, 12, 3, 0, 3, 0, 3, 0}));
}

TEST(Instruction, StridesCountElementsOfTheOperation) {
  // A descriptor over 16-bit words moves 32-bit elements.
  std::vector<int32_t> out = outOf([](ProgramMaker &code, uint32_t out) {
    uint32_t dsd = code.memory(Type::I16, out, {3}, {2});
    code.constant(0, 9);
    code.vector("mov32", {OperandKind::Slot, Type::I32, dsd},
                {reg(Type::I32, 0)});
    // Element 5 of a 2 x 3 descriptor: row 1, column 2.
    uint32_t grid = code.memory(Type::I16, out, {2, 3}, {10, 1});
    code.constant(1, 5, Type::I16);
    code.emit(Opcode::DsdElement, Type::I32, 2, uint16_t(grid), 1);
    code.store(2, Type::I32, out + 4);
  });
  EXPECT_EQ(out[0], 9);
  EXPECT_EQ(out[1], 48);
  EXPECT_EQ(out[2], 9);
  EXPECT_EQ(out[3], 0);
  EXPECT_EQ(out[4], 9);
}

TEST(Instruction, MathIsRounded) {
  std::vector<float> out = outOf<float>(
      [](ProgramMaker &code, uint32_t out) {
        code.constant(0, 2.0f);
        code.constant(1, 3.0f);
        code.constant(2, -2);
        math(code, MathFunction::Sqrt, Type::F32, 3, 0);
        math(code, MathFunction::Inv, Type::F32, 4, 1);
        math(code, MathFunction::Pow, Type::F32, 5, 0, 1);
        math(code, MathFunction::ScaleBy, Type::F32, 6, 1, 2);
        math(code, MathFunction::Max, Type::F32, 7, 0, 1);
        math(code, MathFunction::InvSqrt, Type::F32, 8, 0);
        for (uint16_t i = 0; i < 6; ++i)
          code.store(uint16_t(3 + i), Type::F32, out + 4 * i);
      },
      Type::F32);
  EXPECT_EQ(out[0], std::sqrt(2.0f));
  EXPECT_EQ(out[1], 1.0f / 3.0f);
  EXPECT_EQ(out[2], 8.0f);
  EXPECT_EQ(out[3], 0.75f);
  EXPECT_EQ(out[4], 3.0f);
  EXPECT_EQ(out[5], float(1.0 / std::sqrt(2.0)));
}

TEST(Instruction, ClockCountsCycles) {
  std::vector<int32_t> out = outOf([](ProgramMaker &code, uint32_t out) {
    auto control = [&](int32_t what) {
      code.emit(Opcode::ClockControl, Type::I32, noReg, noReg, noReg, noReg,
                what);
    };
    auto read = [&](uint32_t at) {
      code.emit(Opcode::Clock, Type::I16, 0, 1, 2);
      code.store(0, Type::I32, at);
    };
    read(out);
    read(out + 4); // a read and a store of a cycle each
    control(1);
    read(out + 8);
    read(out + 12);
    control(0);
    read(out + 16);
    control(2);
    read(out + 20);
  });
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[1], 2);
  EXPECT_EQ(out[2], 4); // held
  EXPECT_EQ(out[3], 4);
  EXPECT_EQ(out[4], 5); // goes on
  EXPECT_EQ(out[5], 1);
}

TEST(Instruction, RandomNumbersAreThoseOfTheShiftRegister) {
  uint32_t state = 0xdeadbeef;
  auto next = [&] {
    for (int i = 0; i < 128; ++i)
      state = state << 1 | ((state >> 22 & 1) ^ (state >> 17 & 1));
    return int32_t(int16_t(state));
  };
  int32_t first = next(), second = next();
  std::vector<int32_t> out = outOf([](ProgramMaker &code, uint32_t out) {
    for (uint32_t i = 0; i < 2; ++i) {
      code.emit(Opcode::Random, Type::I16, 0);
      code.store(0, Type::I32, out + 4 * i);
    }
    code.constant(1, int32_t(0xdeadbeef));
    code.emit(Opcode::RandomSeed, Type::I32, noReg, 1);
    code.emit(Opcode::Random, Type::I16, 0);
    code.store(0, Type::I32, out + 8);
  });
  EXPECT_EQ(out[0], first);
  EXPECT_EQ(out[1], second);
  EXPECT_EQ(out[2], first);
}

TEST(Instruction, AssertionsTrap) {
  EXPECT_EQ(trapOf([](ProgramMaker &code, uint32_t) {
              code.constant(0, 1, Type::I1);
              code.emit(Opcode::Assert, Type::I1, noReg, 0);
              code.constant(0, 0, Type::I1);
              code.emit(Opcode::Assert, Type::I1, noReg, 0, noReg, noReg, 0, 7);
            }),
            "cycle 0, PE (0, 0): assertion failed: the text of line 7, at "
            "test.csl:8:1");
}

TEST(Instruction, PrintsWholeLines) {
  ImageMaker image = onePe([](ProgramMaker &code, uint32_t) {
    auto print = [&](const std::string &format, std::vector<Type> types,
                     uint16_t first) {
      auto entry = std::make_unique<PrintT>();
      entry->format = format;
      entry->types = std::move(types);
      code.program.prints.push_back(std::move(entry));
      code.emit(Opcode::Print, Type::I32, noReg, first, noReg, noReg,
                int32_t(code.program.prints.size() - 1));
    };
    code.constant(0, -5, Type::I16);
    code.constant(1, 1.5f);
    print("a = {d}, ", {Type::I16}, 0);
    print("{u} {f} {{", {Type::I16, Type::F32}, 0);
    print("}}\n", {}, noReg);
    code.constant(2, 10, Type::I16);
    code.constant(3, 5, Type::I16);
    print("{X} {b}\nlost", {Type::I16, Type::I16}, 2);
  });
  std::string path = privatePath("print.log");
  sim::Options options;
  options.logPath = path;
  EXPECT_EQ(image.load()->run(options).status, sim::Status::Finished);
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_EQ(text.str(), "@2 a = -5, 65531 1.5 {}\n@3 000A 0000000000000101\n");
  std::remove(path.c_str());
}

TEST(Instruction, StartupRunsBeforeAll) {
  ImageMaker image(1, 1);
  ProgramMaker code("started");
  uint32_t out = code.variable("out", Type::I32, 8);
  code.main();
  code.load(0, Type::I32, out);
  code.store(0, Type::I32, out + 4);
  code.emit(Opcode::Clock, Type::I16, 0, 1, 2);
  code.store(0, Type::I32, out + 8);
  code.finish();
  code.program.startup = int32_t(code.program.functions.size());
  code.function("startup");
  code.constant(0, 5);
  code.vector("mov32", slot(code.memory(Type::I32, out, {1})),
              {reg(Type::I32, 0)});
  code.end();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.argument("out", HostDirection::Out, "i32", {}, 8,
                 ImageMaker::box(0, 1));
  auto simulator = image.load();
  EXPECT_EQ(simulator->run().status, sim::Status::Finished);
  EXPECT_EQ(readArray<int32_t>(*simulator, "out"),
            (std::vector<int32_t>{5, 5, 2, 0, 0, 0, 0, 0}));
}
