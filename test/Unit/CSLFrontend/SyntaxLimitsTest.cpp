//===- SyntaxLimitsTest.cpp - long and deep CSL ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SyntaxText.h"

#include <gtest/gtest.h>

using namespace spada::cslfront;

static std::string repeat(std::string_view text, size_t count) {
  std::string result;
  for (size_t i = 0; i < count; ++i)
    result += text;
  return result;
}

static std::string nested(std::string_view open, std::string_view close,
                          size_t count) {
  return repeat(open, count) + "1" + repeat(close, count);
}

TEST(SyntaxLimits, LongChainsParse) {
  std::string tree = value("1" + repeat(" + 1", 100000));
  EXPECT_EQ(tree.substr(0, 6), "(+ (+ ");
  EXPECT_EQ(tree.size(), 100000 * 6 + 1u);
  EXPECT_TRUE(Parsed("const x = .{" + repeat("1,", 100000) + "};").ok);
  EXPECT_TRUE(Parsed("fn f() void {" + repeat("g();", 20000) + "}").ok);
}

TEST(SyntaxLimits, BracketsWithinTheLimit) {
  EXPECT_EQ(value(nested("(", ")", 256)), "1");
  for (auto [open, close] :
       {std::pair("f(", ")"), std::pair("a[", "]"), std::pair(".{ .a = ", "}"),
        std::pair("T{", "}"), std::pair("[", "]u16"),
        std::pair("1 + if (a) (", ")"), std::pair("b: {x = ", ";}")})
    EXPECT_TRUE(Parsed("const x = " + nested(open, close, 256) + ";").ok)
        << open;
}

TEST(SyntaxLimits, BracketsBeyondTheLimit) {
  for (size_t count : {257, 10000, 1000000})
    EXPECT_EQ(value(nested("(", ")", count)),
              "1:267: nesting is deeper than 256 levels; hint: split the "
              "expression or the block\n");
}

TEST(SyntaxLimits, ElseIf) {
  auto chain = [](size_t count) {
    return "fn f() void { " + repeat("if (a) { b(); } else ", count) + "{ } }";
  };
  EXPECT_TRUE(Parsed(chain(1000)).ok);
  EXPECT_NE(parsed(chain(100000)).find("nesting is too deep"),
            std::string::npos);
}

TEST(SyntaxLimits, NestingWithoutBrackets) {
  for (const char *part :
       {"comptime ", "fn() ", "if (a) ", "if (a) T{} + ", "if (a) 1 else "})
    EXPECT_NE(value(repeat(part, 20000) + "1").find("nesting is too deep"),
              std::string::npos)
        << part;
  for (const char *part : {"while (a) ", "for (a) |b| ", "if (a) "})
    EXPECT_NE(stmts(repeat(part, 20000) + "{ }").find("nesting is too deep"),
              std::string::npos)
        << part;
}

TEST(SyntaxLimits, PrefixesAndSuffixes) {
  auto hasLimit = [](const std::string &most, const std::string &more) {
    return Parsed("const x = " + most + ";").ok &&
           value(more).find("257 ") != std::string::npos;
  };
  EXPECT_TRUE(hasLimit(repeat("-", 256) + "1", repeat("-", 257) + "1"));
  EXPECT_TRUE(hasLimit(repeat("[1]", 256) + "a", repeat("[1]", 257) + "a"));
  EXPECT_TRUE(hasLimit("a" + repeat(".b", 256), "a" + repeat("()", 257)));
}

TEST(SyntaxLimits, AtMostTwentyErrors) {
  EXPECT_EQ(
      Parsed("fn f() void {\n" + repeat("a b;\n", 100) + "}").errors.size(),
      20u);
  EXPECT_EQ(Parsed(repeat("#", 100)).errors.size(), 20u);
  EXPECT_EQ(
      Parsed("const x = 1 + " + repeat("\n99999999999999999999 +", 99) + " 1;")
          .errors.size(),
      20u);
}

TEST(SyntaxLimits, HopelessTextEnds) {
  for (const char *part : {")", "}", "else ", "x y;\n", "fn ", "{", ";", "|",
                           "const x = .{ 1\n", "if (a\n", "fn f() void {\n"})
    EXPECT_FALSE(Parsed(repeat(part, 5000)).ok) << part;
}
