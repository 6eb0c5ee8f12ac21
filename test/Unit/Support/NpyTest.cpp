//===- NpyTest.cpp - tests of numpy array files ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Headers by hand, good and bad. Files written by numpy itself are read in
// test/Driver.
//
//===----------------------------------------------------------------------===//

#include "spada/Support/Npy.h"

#include "gtest/gtest.h"

using namespace spada;

/// A version 1 file with the given header dict and elements.
static std::string npy(std::string header, std::string elements) {
  header += "\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  file += char(header.size() & 0xff);
  file += char(header.size() >> 8);
  return file + header + elements;
}

static std::string errorOf(const std::string &file) {
  auto array = parseNpy(file, "a.npy");
  if (array)
    return "no error";
  return toString(array.takeError());
}

TEST(Npy, ReadsRowMajor) {
  auto array = parseNpy(npy("{'descr': '<i2', 'fortran_order': False, "
                            "'shape': (2, 3), }",
                            std::string("\1\0\2\0\3\0\4\0\5\0\6\0", 12)),
                        "a.npy");
  ASSERT_TRUE(bool(array)) << toString(array.takeError());
  EXPECT_EQ(array->dtype, "i16");
  EXPECT_EQ(array->shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(array->bytes[10], 6);
}

TEST(Npy, TurnsColumnMajorAround) {
  auto array = parseNpy(npy("{'descr': '|u1', 'fortran_order': True, "
                            "'shape': (2, 3), }",
                            std::string("\1\4\2\5\3\6", 6)),
                        "a.npy");
  ASSERT_TRUE(bool(array)) << toString(array.takeError());
  EXPECT_EQ(array->bytes, (std::vector<uint8_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, ReadsEveryScalarType) {
  const std::pair<const char *, const char *> types[] = {
      {"<f2", "f16"}, {"<f4", "f32"}, {"<f8", "f64"}, {"|i1", "i8"},
      {"<i2", "i16"}, {"<i4", "i32"}, {"|u1", "u8"},  {"<u2", "u16"},
      {"<u4", "u32"}, {"|b1", "bool"}};
  for (auto [descr, dtype] : types) {
    std::string header = std::string("{'descr': '") + descr +
                         "', 'fortran_order': False, 'shape': (), }";
    auto array =
        parseNpy(npy(header, std::string(elementBytes(dtype), '\1')), "a.npy");
    ASSERT_TRUE(bool(array)) << descr << ": " << toString(array.takeError());
    EXPECT_EQ(array->dtype, dtype);
    EXPECT_TRUE(array->shape.empty());
  }
}

TEST(Npy, NormalisesBool) {
  auto array = parseNpy(npy("{'descr': '|b1', 'fortran_order': False, "
                            "'shape': (2,), }",
                            std::string("\0\7", 2)),
                        "a.npy");
  ASSERT_TRUE(bool(array));
  EXPECT_EQ(array->bytes, (std::vector<uint8_t>{0, 1}));
}

TEST(Npy, NamesTypesItDoesNotTake) {
  auto header = [](const char *descr) {
    return npy(std::string("{'descr': '") + descr +
                   "', 'fortran_order': False, 'shape': (1,), }",
               "12345678");
  };
  EXPECT_NE(errorOf(header("<u8")).find("uint64"), std::string::npos);
  EXPECT_NE(errorOf(header("<c8")).find("complex64"), std::string::npos);
  EXPECT_NE(errorOf(header("|O")).find("object"), std::string::npos);
  EXPECT_NE(errorOf(header(">f4")).find("big-endian"), std::string::npos);
  EXPECT_NE(errorOf(npy("{'descr': [('x', '<f4')], 'fortran_order': False, "
                        "'shape': (1,), }",
                        "1234"))
                .find("structured"),
            std::string::npos);
}

TEST(Npy, SurvivesDamage) {
  std::string good = npy("{'descr': '<f4', 'fortran_order': False, "
                         "'shape': (2, 2), }",
                         std::string(16, '\0'));
  ASSERT_EQ(errorOf(good), "no error");
  // Every shorter file is an error, and none reads out of bounds.
  for (size_t length = 0; length < good.size(); ++length)
    EXPECT_NE(errorOf(good.substr(0, length)), "no error") << length;
  EXPECT_NE(errorOf(good + "x").find("16 bytes"), std::string::npos);
  EXPECT_NE(errorOf("PK\3\4rest").find(".npz"), std::string::npos);
  EXPECT_NE(errorOf(npy("{'descr': '<f4', 'fortran_order': False, "
                        "'shape': (4294967296, 4294967296), }",
                        ""))
                .find("too large"),
            std::string::npos);
  EXPECT_NE(errorOf(npy("{'descr': '<f4', 'fortran_order': False, "
                        "'shape': (-1,), }",
                        ""))
                .find("bad dimension"),
            std::string::npos);
}

TEST(Npy, PrintsShapesLikeNumpy) {
  EXPECT_EQ(shapeText({}), "()");
  EXPECT_EQ(shapeText({4}), "(4,)");
  EXPECT_EQ(shapeText({4, 5}), "(4, 5)");
}
