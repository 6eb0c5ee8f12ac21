//===- BuiltinTest.cpp - arithmetic of every vector builtin ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Each builtin on awkward values and random patterns, against the compiler's
// own _Float16 and float.
//
//===----------------------------------------------------------------------===//

#include "TestImages.h"

#include <cmath>
#include <functional>
#include <limits>
#include <random>

using namespace spada;
using namespace spada::test;

namespace {
using Half = _Float16;
using Reference = std::function<uint32_t(uint32_t, uint32_t, uint32_t)>;

constexpr uint32_t count = 512;

Half half(uint32_t bits) { return std::bit_cast<Half>(uint16_t(bits)); }
float single(uint32_t bits) { return std::bit_cast<float>(bits); }
// Excess precision must not survive an operation: store through a bit pattern.
uint32_t bitsOf(Half value) { return std::bit_cast<uint16_t>(value); }
uint32_t bitsOf(float value) { return std::bit_cast<uint32_t>(value); }

uint32_t bytesOf(Type type) {
  return type == Type::I16 || type == Type::F16 ? 2 : 4;
}
const char *nameOf(Type type) {
  return type == Type::F16   ? "f16"
         : type == Type::F32 ? "f32"
         : type == Type::I16 ? "i16"
                             : "i32";
}

/// Patterns with zeros, infinities, subnormals and NaN among random ones.
std::vector<uint32_t> patterns(Type type, uint32_t seed, bool small) {
  std::mt19937 random(seed);
  std::vector<uint32_t> values;
  if (type == Type::F16)
    values = {0,      0x8000, 0x3c00, 0xbc00, 0x7c00, 0xfc00, 0x0001,
              0x03ff, 0x0400, 0x7bff, 0x7e00, 0x3c01, 0x3555};
  else if (type == Type::F32)
    values = {0,          0x80000000, 0x3f800000, 0xbf800000,
              0x7f800000, 0xff800000, 1,          0x7fffff,
              0x800000,   0x7f7fffff, 0x7fc00000, 0x3f800001,
              0x477fefff, 0x477ff000, 0x33800000, 0x33000000};
  else
    values = {0, 1, 0xffff, 0x7fff, 0x8000, 2, 0x5555};
  while (values.size() < count) {
    uint32_t bits = uint32_t(random());
    if (small && type == Type::F32) // values that f16 and i16 can hold, roughly
      bits = bitsOf(float(int32_t(bits)) * 0x1p-14f);
    values.push_back(bytesOf(type) == 2 ? bits & 0xffff : bits);
  }
  std::shuffle(values.begin(), values.end(), random);
  return values;
}

std::vector<uint8_t> pack(const std::vector<uint32_t> &values, Type type) {
  std::vector<uint8_t> bytes;
  for (uint32_t value : values)
    for (uint32_t i = 0; i < bytesOf(type); ++i)
      bytes.push_back(uint8_t(value >> (8 * i)));
  return bytes;
}

bool isNan(Type type, uint32_t bits) {
  return type == Type::F16
             ? (bits & 0x7fff) > 0x7c00
             : type == Type::F32 && (bits & 0x7fffffff) > 0x7f800000;
}

void check(const std::string &builtin, Type destination,
           std::vector<Type> sources, const Reference &reference,
           bool small = false) {
  SCOPED_TRACE(builtin);
  ImageMaker image(1, 1);
  ProgramMaker code("builtin");
  std::vector<std::vector<uint32_t>> values;
  std::vector<Operand> operands;
  for (size_t i = 0; i < sources.size(); ++i) {
    values.push_back(patterns(sources[i], uint32_t(17 * i + 3), small));
    uint32_t at = code.variable("s" + std::to_string(i), sources[i], count,
                                pack(values[i], sources[i]));
    operands.push_back(slot(code.memory(sources[i], at, {count})));
  }
  uint32_t at = code.variable("d", destination, count);
  code.main();
  code.vector(builtin, slot(code.memory(destination, at, {count})), operands);
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.argument("d", HostDirection::Out, nameOf(destination), {}, count,
                 ImageMaker::box(0, 1));
  auto simulator = image.load();
  ASSERT_TRUE(simulator);
  sim::Report report = simulator->run();
  ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
  std::vector<uint8_t> bytes;
  std::string error;
  ASSERT_TRUE(simulator->readArgument("d", bytes, error));
  values.resize(3, std::vector<uint32_t>(count));
  uint32_t size = bytesOf(destination);
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t found = 0;
    std::memcpy(&found, bytes.data() + i * size, size);
    uint32_t expected = reference(values[0][i], values[1][i], values[2][i]) &
                        (size == 2 ? 0xffffu : 0xffffffffu);
    if (isNan(destination, expected))
      EXPECT_TRUE(isNan(destination, found)) << i;
    else
      ASSERT_EQ(found, expected)
          << "element " << i << std::hex << " of " << values[0][i] << " "
          << values[1][i] << " " << values[2][i];
  }
}

uint32_t toInt16(double value) {
  return std::isnan(value) ? 0
                           : uint32_t(int32_t(std::clamp(std::trunc(value),
                                                         -32768.0, 32767.0)));
}
} // namespace

TEST(Builtin, Moves) {
  auto same = [](uint32_t a, uint32_t, uint32_t) { return a; };
  check("mov16", Type::I16, {Type::I16}, same);
  check("fmovh", Type::F16, {Type::F16}, same);
  check("mov32", Type::I32, {Type::I32}, same);
  check("fmovs", Type::F32, {Type::F32}, same);
}

TEST(Builtin, Integers) {
  std::vector<Type> two = {Type::I16, Type::I16};
  check("add16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return a + b; });
  check("sub16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return a - b; });
  check("and16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return a & b; });
  check("or16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return a | b; });
  check("xor16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return a ^ b; });
  check("sll16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return b > 15 ? 0 : a << b; });
  check("slr16", Type::I16, two,
        [](uint32_t a, uint32_t b, uint32_t) { return b > 15 ? 0 : a >> b; });
  check("sar16", Type::I16, two, [](uint32_t a, uint32_t b, uint32_t) {
    return uint32_t(int16_t(a) >> (b > 15 ? 15 : b));
  });
  check("clz", Type::I16, {Type::I16}, [](uint32_t a, uint32_t, uint32_t) {
    uint32_t zeros = 0;
    while (zeros < 16 && !(a & (0x8000u >> zeros)))
      ++zeros;
    return zeros;
  });
  check("ctz", Type::I16, {Type::I16}, [](uint32_t a, uint32_t, uint32_t) {
    uint32_t zeros = 0;
    while (zeros < 16 && !(a >> zeros & 1))
      ++zeros;
    return zeros;
  });
  check("popcnt", Type::I16, {Type::I16}, [](uint32_t a, uint32_t, uint32_t) {
    uint32_t ones = 0;
    for (; a; a &= a - 1)
      ++ones;
    return ones;
  });
}

TEST(Builtin, Halves) {
  std::vector<Type> two = {Type::F16, Type::F16};
  check("faddh", Type::F16, two, [](uint32_t a, uint32_t b, uint32_t) {
    return bitsOf(Half(half(a) + half(b)));
  });
  check("fsubh", Type::F16, two, [](uint32_t a, uint32_t b, uint32_t) {
    return bitsOf(Half(half(a) - half(b)));
  });
  check("fmulh", Type::F16, two, [](uint32_t a, uint32_t b, uint32_t) {
    return bitsOf(Half(half(a) * half(b)));
  });
  check("fmaxh", Type::F16, two, [](uint32_t a, uint32_t b, uint32_t) {
    return std::isnan(float(half(a))) ? b : half(a) < half(b) ? b : a;
  });
  check("fmach", Type::F16, {Type::F16, Type::F16, Type::F16},
        [](uint32_t a, uint32_t b, uint32_t c) {
          Half product = half(b) * half(c);
          return bitsOf(Half(half(a) + product));
        });
  check("fnegh", Type::F16, {Type::F16},
        [](uint32_t a, uint32_t, uint32_t) { return a ^ 0x8000; });
  check("fabsh", Type::F16, {Type::F16},
        [](uint32_t a, uint32_t, uint32_t) { return a & 0x7fff; });
}

TEST(Builtin, Singles) {
  std::vector<Type> two = {Type::F32, Type::F32};
  check("fadds", Type::F32, two, [](uint32_t a, uint32_t b, uint32_t) {
    return bitsOf(single(a) + single(b));
  });
  check("fsubs", Type::F32, two, [](uint32_t a, uint32_t b, uint32_t) {
    return bitsOf(single(a) - single(b));
  });
  check("fmuls", Type::F32, two, [](uint32_t a, uint32_t b, uint32_t) {
    return bitsOf(single(a) * single(b));
  });
  check("fmaxs", Type::F32, two, [](uint32_t a, uint32_t b, uint32_t) {
    return std::isnan(single(a)) ? b : single(a) < single(b) ? b : a;
  });
  Reference multiplyAdd = [](uint32_t a, uint32_t b, uint32_t c) {
    volatile float product = single(b) * single(c);
    return bitsOf(single(a) + product);
  };
  check("fmacs", Type::F32, {Type::F32, Type::F32, Type::F32}, multiplyAdd);
  check("fmacs", Type::F32, {Type::F32, Type::F32, Type::F32}, multiplyAdd,
        /*small=*/true);
  check("fnegs", Type::F32, {Type::F32},
        [](uint32_t a, uint32_t, uint32_t) { return a ^ 0x80000000u; });
  check("fabss", Type::F32, {Type::F32},
        [](uint32_t a, uint32_t, uint32_t) { return a & 0x7fffffffu; });
}

TEST(Builtin, Mixed) {
  check("faddhs", Type::F32, {Type::F16, Type::F16},
        [](uint32_t a, uint32_t b, uint32_t) {
          return bitsOf(float(half(a)) + float(half(b)));
        });
  check("fmachs", Type::F32, {Type::F32, Type::F16, Type::F16},
        [](uint32_t a, uint32_t b, uint32_t c) {
          volatile float product = float(half(b)) * float(half(c));
          return bitsOf(single(a) + product);
        });
  check("fh2s", Type::F32, {Type::F16},
        [](uint32_t a, uint32_t, uint32_t) { return bitsOf(float(half(a))); });
  for (bool small : {false, true})
    check(
        "fs2h", Type::F16, {Type::F32},
        [](uint32_t a, uint32_t, uint32_t) { return bitsOf(Half(single(a))); },
        small);
  check("fh2xp16", Type::I16, {Type::F16}, [](uint32_t a, uint32_t, uint32_t) {
    return toInt16(double(half(a)));
  });
  for (bool small : {false, true})
    check(
        "fs2xp16", Type::I16, {Type::F32},
        [](uint32_t a, uint32_t, uint32_t) {
          return toInt16(double(single(a)));
        },
        small);
  check("xp162fh", Type::F16, {Type::I16}, [](uint32_t a, uint32_t, uint32_t) {
    return bitsOf(Half(float(int16_t(a))));
  });
  check("xp162fs", Type::F32, {Type::I16}, [](uint32_t a, uint32_t, uint32_t) {
    return bitsOf(float(int16_t(a)));
  });
}

TEST(Builtin, RunningReductionAndLengthRule) {
  ImageMaker image(1, 1);
  ProgramMaker code("reduce");
  uint32_t sum = code.variable("sum", Type::F32, 1);
  uint32_t grid = code.variable("grid", Type::F32, 12);
  code.main();
  code.constant(0, 1.0f);
  // The destination gives the length when no source is a vector.
  code.vector("fmovs", slot(code.memory(Type::F32, grid, {12})),
              {reg(Type::F32, 0)});
  // A column of a 3 x 4 grid, twice over, through a two-dimensional descriptor
  // with a zero stride.
  uint32_t column = code.memory(Type::F32, grid + 4, {2, 3}, {0, 4});
  code.vector("fadds", slot(column), {slot(column), slot(column)});
  code.vector(
      "fadds", address(Type::F32, sum),
      {address(Type::F32, sum), slot(code.memory(Type::F32, grid, {12}))});
  code.finish();
  image.place(std::move(code), ImageMaker::box(0, 1));
  image.argument("sum", HostDirection::Out, "f32", {}, 1,
                 ImageMaker::box(0, 1));
  image.argument("grid", HostDirection::Out, "f32", {}, 12,
                 ImageMaker::box(0, 1));
  auto simulator = image.load();
  sim::Report report = simulator->run();
  ASSERT_EQ(report.status, sim::Status::Finished) << report.message;
  EXPECT_EQ(readArray<float>(*simulator, "grid"),
            (std::vector<float>{1, 4, 1, 1, 1, 4, 1, 1, 1, 4, 1, 1}));
  EXPECT_EQ(readArray<float>(*simulator, "sum"), std::vector<float>{21});
}

TEST(Builtin, UnknownOnesAreRefusedByName) {
  for (const char *name : {"fmulx", "nonsense"}) {
    ImageMaker image(1, 1);
    ProgramMaker code("bad");
    uint32_t x = code.variable("x", Type::F16, 4);
    code.main();
    code.vector(name, slot(code.memory(Type::F16, x, {4})),
                {slot(code.memory(Type::F16, x, {4}))});
    code.finish();
    image.place(std::move(code), ImageMaker::box(0, 1));
    EXPECT_EQ(image.loadError(), "image: program 'bad': builtin '" +
                                     std::string(name) +
                                     "' is unknown to this simulator");
  }
}
