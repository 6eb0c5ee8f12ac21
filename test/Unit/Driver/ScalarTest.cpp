//===- ScalarTest.cpp - tests of values given by --set --------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Exact bits for what fits, a message for what does not.
//
//===----------------------------------------------------------------------===//

#include "lib/Driver/Arguments.h"

#include "gtest/gtest.h"

using namespace spada;
using namespace spada::driver;

static std::string parse(const char *text, const char *dtype) {
  Array value;
  std::string error;
  if (!parseScalar(text, dtype, value, error))
    return error;
  EXPECT_EQ(value.dtype, dtype);
  EXPECT_TRUE(value.shape.empty());
  std::string hex;
  for (size_t n = value.bytes.size(); n-- > 0;)
    hex += "0123456789abcdef"[value.bytes[n] >> 4],
        hex += "0123456789abcdef"[value.bytes[n] & 15];
  return hex;
}

TEST(Scalar, Floats) {
  EXPECT_EQ(parse("0.5", "f32"), "3f000000");
  EXPECT_EQ(parse("-1", "f16"), "bc00");
  EXPECT_EQ(parse("0.1", "f32"), "3dcccccd");
  EXPECT_EQ(parse("1e300", "f64").size(), 16u);
  EXPECT_EQ(parse("inf", "f32"), "7f800000");
  EXPECT_NE(parse("1e300", "f32").find("range of f32"), std::string::npos);
  EXPECT_NE(parse("70000", "f16").find("range of f16"), std::string::npos);
  EXPECT_NE(parse("abc", "f32").find("got 'abc'"), std::string::npos);
}

TEST(Scalar, IntegersAndTheirLimits) {
  EXPECT_EQ(parse("-1", "i16"), "ffff");
  EXPECT_EQ(parse("0x7f", "i8"), "7f");
  EXPECT_EQ(parse("-128", "i8"), "80");
  EXPECT_EQ(parse("255", "u8"), "ff");
  EXPECT_EQ(parse("4294967295", "u32"), "ffffffff");
  EXPECT_EQ(parse("128", "i8"),
            "expected a whole number from -128 to 127, got '128'");
  EXPECT_EQ(parse("-1", "u16"),
            "expected a whole number from 0 to 65535, got '-1'");
  for (const char *text :
       {"", "-", "--1", "1.5", "1e3", "x", "99999999999999999999999999"})
    EXPECT_NE(parse(text, "i32").find("whole number"), std::string::npos)
        << text;
}

TEST(Scalar, Bools) {
  EXPECT_EQ(parse("true", "bool"), "01");
  EXPECT_EQ(parse("0", "bool"), "00");
  EXPECT_EQ(parse("2", "bool"), "expected true, false, 1 or 0, got '2'");
}
