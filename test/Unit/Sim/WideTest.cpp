//===- WideTest.cpp - integers of 64 bits ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// A PE computes with pairs of registers; what it gets, what it costs, what the
// host sees, and which images are rejected.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <functional>

using namespace spada;
using namespace spada::test;

namespace {
using Body = std::function<void(ProgramMaker &, uint32_t out)>;

ImageMaker onePe(const Body &body, const std::string &hostType = "u64",
                 HostDirection direction = HostDirection::Out) {
  ImageMaker image(1, 1);
  ProgramMaker code("one");
  uint32_t out = code.variable("out", Type::I64, 16);
  code.main();
  body(code, out);
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.argument("out", direction, hostType, {}, 16, ImageMaker::box(0, 1));
  return image;
}

/// A constant in registers `to` and `to` + 1.
void pair(ProgramMaker &code, uint16_t to, uint64_t value) {
  code.constant(to, int32_t(uint32_t(value)));
  code.constant(uint16_t(to + 1), int32_t(uint32_t(value >> 32)));
}

std::vector<uint64_t> outOf(const Body &body) {
  auto simulator = onePe(body).load();
  sim::Report report = simulator->run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  return readArray<uint64_t>(*simulator, "out");
}

uint64_t binary(Opcode opcode, uint64_t lhs, uint64_t rhs) {
  return outOf([&](ProgramMaker &code, uint32_t out) {
    pair(code, 0, lhs);
    pair(code, 2, rhs);
    code.constant(5, 0); // the high half of a comparison
    code.emit(opcode, Type::I64, 4, 0, 2);
    code.store(4, Type::I64, out);
  })[0];
}

int64_t cyclesOf(const Body &body) {
  sim::Report report = onePe(body).load()->run();
  EXPECT_EQ(report.status, sim::Status::Finished) << report.message;
  return int64_t(report.cycles);
}
} // namespace

TEST(Wide, SumsHaveACarry) {
  EXPECT_EQ(binary(Opcode::Add, 0xffffffff, 1), 0x100000000u);
  EXPECT_EQ(binary(Opcode::Add, UINT64_MAX, 2), 1u);
  EXPECT_EQ(binary(Opcode::Sub, 0x100000000, 1), 0xffffffffu);
  EXPECT_EQ(binary(Opcode::Sub, 0, 1), UINT64_MAX);
}

TEST(Wide, ProductsWrap) {
  EXPECT_EQ(binary(Opcode::Mul, 0x100000001, 0x100000001), 0x200000001u);
  EXPECT_EQ(binary(Opcode::Mul, UINT64_MAX, 3), UINT64_MAX - 2);
}

TEST(Wide, ShiftsTakeAnyCount) {
  for (uint64_t count : {64ull, 1ull << 32, ~0ull}) {
    EXPECT_EQ(binary(Opcode::Shl, UINT64_MAX, count), 0u);
    EXPECT_EQ(binary(Opcode::ShrU, UINT64_MAX, count), 0u);
    EXPECT_EQ(binary(Opcode::ShrS, uint64_t(1) << 63, count), UINT64_MAX);
    EXPECT_EQ(binary(Opcode::ShrS, 5, count), 0u);
  }
  EXPECT_EQ(binary(Opcode::Shl, 3, 63), uint64_t(1) << 63);
  EXPECT_EQ(binary(Opcode::ShrS, uint64_t(1) << 63, 62), uint64_t(-2));
}

TEST(Wide, QuotientsOfTheSmallestNumberWrap) {
  uint64_t least = uint64_t(1) << 63;
  EXPECT_EQ(binary(Opcode::DivS, least, UINT64_MAX), least);
  EXPECT_EQ(binary(Opcode::RemS, least, UINT64_MAX), 0u);
  EXPECT_EQ(binary(Opcode::DivU, least, UINT64_MAX), 0u);
  EXPECT_EQ(binary(Opcode::RemU, UINT64_MAX, 10), 5u);
  EXPECT_EQ(binary(Opcode::RemS, uint64_t(-7), 4), uint64_t(-3));
}

TEST(Wide, DivisionByZeroTraps) {
  sim::Report report = onePe([](ProgramMaker &code, uint32_t) {
                         pair(code, 0, 7);
                         pair(code, 2, 0);
                         code.emit(Opcode::RemU, Type::I64, 4, 0, 2);
                       })
                           .load()
                           ->run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
  EXPECT_NE(report.message.find("division by zero"), std::string::npos)
      << report.message;
}

TEST(Wide, AccessesOutsideTrap) {
  for (int32_t index : {16, -1, 1 << 30}) {
    sim::Report report = onePe([&](ProgramMaker &code, uint32_t out) {
                           code.constant(0, index);
                           code.load(2, Type::I64, out, 0);
                         })
                             .load()
                             ->run();
    EXPECT_EQ(report.status, sim::Status::Trapped) << index;
  }
  sim::Report report = onePe([&](ProgramMaker &code, uint32_t) {
                         code.constant(0, 124);
                         code.emit(Opcode::StoreAt, Type::I64, 2, 0);
                       })
                           .load()
                           ->run();
  EXPECT_EQ(report.status, sim::Status::Trapped);
}

// As many instructions of 32 bits, of 2 cycles each, as 64 bits take.
TEST(Wide, CostsAreThoseOfItsParts) {
  auto cost = [](Opcode opcode) {
    auto body = [&](bool isThere) {
      return cyclesOf([&](ProgramMaker &code, uint32_t out) {
        pair(code, 0, 100);
        pair(code, 2, 7);
        if (isThere)
          code.emit(opcode, Type::I64, 4, 0, 2);
        code.store(4, Type::I64, out);
      });
    };
    return body(true) - body(false);
  };
  EXPECT_EQ(cost(Opcode::Add), 4);
  EXPECT_EQ(cost(Opcode::CmpLtS), 4);
  EXPECT_EQ(cost(Opcode::ShrU), 8);
  EXPECT_EQ(cost(Opcode::Mul), 12);
  EXPECT_EQ(cost(Opcode::DivS), 200);
}

TEST(Wide, TheHostSeesWholeNumbers) {
  auto body = [](ProgramMaker &code, uint32_t out) {
    pair(code, 0, 0x8000000180000001);
    code.store(0, Type::I64, out);
  };
  for (std::string type : {"u64", "i64", "u32", "f64"}) {
    auto simulator = onePe(body, type).load();
    EXPECT_EQ(simulator->run().status, sim::Status::Finished);
    if (type == "u32")
      EXPECT_EQ(readArray<uint32_t>(*simulator, "out")[0], 0x80000001u);
    else if (type == "f64")
      EXPECT_EQ(readArray<double>(*simulator, "out")[0],
                double(int64_t(0x8000000180000001)));
    else
      EXPECT_EQ(readArray<uint64_t>(*simulator, "out")[0], 0x8000000180000001u);
  }
}

TEST(Wide, ImagesWithOtherUsesAreRejected) {
  auto error = [](const Body &body) { return onePe(body).loadError(); };
  EXPECT_NE(error([](ProgramMaker &code, uint32_t) {
              code.emit(Opcode::FAdd, Type::I64, 0, 2, 4);
            }).find("no form of 64 bits"),
            std::string::npos);
  EXPECT_NE(error([](ProgramMaker &code, uint32_t) {
              code.emit(Opcode::Const, Type::I64, 0);
            }).find("no form of 64 bits"),
            std::string::npos);
  EXPECT_NE(error([](ProgramMaker &code, uint32_t) {
              code.emit(Opcode::FloatToFloat, Type::F32, 0, 2, noReg, noReg,
                        int32_t(Type::I64));
            }).find("no form of 64 bits"),
            std::string::npos);
  EXPECT_NE(error([](ProgramMaker &code, uint32_t out) {
              code.memory(Type::I64, out, {4});
            }).find("unknown type"),
            std::string::npos);
  EXPECT_NE(error([](ProgramMaker &code, uint32_t) {
              code.emit(Opcode::Add, Type::I64, 4095, 0, 2);
            }).find("registers"),
            std::string::npos);
}
