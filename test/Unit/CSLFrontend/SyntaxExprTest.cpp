//===- SyntaxExprTest.cpp - expressions and types of CSL ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SyntaxText.h"

#include <gtest/gtest.h>

using namespace spada::cslfront;

TEST(SyntaxExpr, Literals) {
  EXPECT_EQ(value("10"), "10");
  EXPECT_EQ(value("0xFf"), "255");
  EXPECT_EQ(value("0b101"), "5");
  EXPECT_EQ(value("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(value("1.5"), "1.5f");
  EXPECT_EQ(value("25e-2"), "0.25f");
  EXPECT_EQ(value("1.5e+2"), "150f");
  EXPECT_EQ(value("1e-999"), "0f");
  EXPECT_EQ(value("true"), "true");
  EXPECT_EQ(value("{}"), "{}");
}

TEST(SyntaxExpr, UnsignedLiterals) {
  auto isUnsigned = [](const char *text) {
    Parsed file(std::string("const x = ") + text + ";");
    return file.ok && file.source.decls[0]->value->isConst;
  };
  EXPECT_FALSE(isUnsigned("9223372036854775807"));
  EXPECT_TRUE(isUnsigned("9223372036854775808"));
}

TEST(SyntaxExpr, Text) {
  EXPECT_EQ(value("'a'"), "97");
  EXPECT_EQ(value(R"('\n')"), "10");
  EXPECT_EQ(value(R"('\x0a')"), "10");
  EXPECT_EQ(value(R"('\'')"), "39");
  EXPECT_EQ(value(R"('\xff')"), "255");
  EXPECT_EQ(value(R"("a // b")"), R"("a // b")");
  EXPECT_EQ(value(R"("\t\\\"\x7A")"), R"("\x09\x5c\x22z")");
  EXPECT_EQ(value("\"\xc3\xa9\""), R"("\xc3\xa9")");
}

TEST(SyntaxExpr, Precedence) {
  EXPECT_EQ(value("1 + 2 * 3 - 4"), "(- (+ 1 (* 2 3)) 4)");
  EXPECT_EQ(value("a - b - c / d % e"), "(- (- a b) (% (/ c d) e))");
  // Bit operators are tighter than comparisons and share a level.
  EXPECT_EQ(value("a & b == 3"), "(== (& a b) 3)");
  EXPECT_EQ(value("a | b & c ^ d"), "(^ (& (| a b) c) d)");
  EXPECT_EQ(value("a | b << 2 + 1"), "(| a (<< b (+ 2 1)))");
  EXPECT_EQ(value("a and b or c and !d"), "(or (and a b) (and c (! d)))");
  EXPECT_EQ(value("a < b and c >= d"), "(and (< a b) (>= c d))");
  EXPECT_EQ(value("(a < b) == (c > d)"), "(== (< a b) (> c d))");
  EXPECT_EQ(value("a != b"), "(!= a b)");
  EXPECT_EQ(value("(1 + 2) * 3 >> 1 <= 4"), "(<= (>> (* (+ 1 2) 3) 1) 4)");
}

TEST(SyntaxExpr, Prefixes) {
  EXPECT_EQ(value("-~!&x"), "(- (~ (! (& x))))");
  EXPECT_EQ(value("a - -b"), "(- a (- b))");
  EXPECT_EQ(value("&x.y[0]"), "(& (index (member x y) 0))");
  EXPECT_EQ(value("a & &b"), "(& a (& b))");
}

TEST(SyntaxExpr, Suffixes) {
  EXPECT_EQ(value("a.b(1, c,)[2, 3].*"),
            "(deref (index (call (member a b) 1 c) 2 3))");
  EXPECT_EQ(value("(p.*)[i]"), "(index (deref p) i)");
  EXPECT_EQ(value("@zeros([N]u8)"), "(@zeros (array-of u8 N))");
}

// After a '.' all words are names.
TEST(SyntaxExpr, KeywordMembers) {
  for (const char *word :
       {"async", "for", "param", "task", "and", "union", "align", "true"})
    EXPECT_EQ(value(std::string("a.") + word),
              std::string("(member a ") + word + ")");
  EXPECT_EQ(value(".{ .for = 1, .async = true }"),
            "(struct (for 1) (async true))");
}

TEST(SyntaxExpr, Conditions) {
  EXPECT_EQ(value("if (a) b else if (c) d"), "(if a b (if c d))");
  EXPECT_EQ(value("if (a) [1]u16{1} else {}"),
            "(if a (init (array-of u16 1) 1) {})");
  EXPECT_EQ(value("1 + if (a) 2 else 3 + 4"), "(+ 1 (if a 2 (+ 3 4)))");
  EXPECT_EQ(value("(if (a) 2 else 3) + 4"), "(+ (if a 2 3) 4)");
}

TEST(SyntaxExpr, SwitchAndBlock) {
  EXPECT_EQ(value("switch (x) { 0, 1 => 5, else => 6 }"),
            "(switch x\n  (on 0 1) 5\n  (else) 6)");
  EXPECT_EQ(value("b: { break :b 3; }"),
            "(block\n  (block :b\n    (break :b 3)))");
  EXPECT_EQ(value("a or c and b: { break :b true; }"),
            "(or a (and c (block\n  (block :b\n    (break :b true)))))");
  EXPECT_EQ(value("1 + b: { break :b 3; }"),
            "(+ 1 (block\n  (block :b\n    (break :b 3))))");
  EXPECT_EQ(value("comptime a + b"), "(comptime (+ a b))");
}

TEST(SyntaxExpr, Initialisers) {
  EXPECT_EQ(value(".{}"), "(tuple)");
  EXPECT_EQ(value(".{ 1, .{ .a = 2, }, }"), "(tuple 1 (struct (a 2)))");
  EXPECT_EQ(value("[2]u16{1, 2}"), "(init (array-of u16 2) 1 2)");
  EXPECT_EQ(value("[5]color{}"), "(init (array-of color 5))");
  EXPECT_EQ(value("mod.Type{ .a = 1 }.a"),
            "(member (init (member mod Type) (a 1)) a)");
  EXPECT_EQ(value("&[2]u16{1, 2}"), "(& (init (array-of u16 2) 1 2))");
}

TEST(SyntaxExpr, TensorAccess) {
  EXPECT_EQ(value("|i, j|{n, m} -> A[i, j * 2]"),
            "(access A (i n) (j m) i (* j 2))");
  EXPECT_EQ(value("|i|{5}->p.*[0, i]"), "(access (deref p) (i 5) 0 i)");
}

TEST(SyntaxExpr, Types) {
  EXPECT_EQ(value("[N, 2]mod.T"), "(array-of (member mod T) N 2)");
  EXPECT_EQ(value("*[*]u16"), "(pointer-to (pointer-to-many u16))");
  EXPECT_EQ(value("*const [3]u16"), "(pointer-to const (array-of u16 3))");
  EXPECT_EQ(value("[*]const f32"), "(pointer-to-many const f32)");
  EXPECT_EQ(value("*const fn(u16, f32,) void"),
            "(pointer-to const (function-type void u16 f32))");
  EXPECT_EQ(value("fn()void"), "(function-type void)");
  EXPECT_EQ(value("task () void"), "(task-type void)");
  EXPECT_EQ(value("enum(u16) { A, B = 4, }"), "(enum-type u16 (A) (B 4))");
  EXPECT_EQ(value("enum { color, for }"), "(enum-type (color) (for))");
  EXPECT_EQ(value("struct { a: u16, b: [2]f32, }"),
            "(struct-type (a u16) (b (array-of f32 2)))");
}

TEST(SyntaxExpr, Names) {
  NameTable names;
  Name a = names.intern("a");
  EXPECT_NE(a, names.intern("b"));
  EXPECT_EQ(a, names.intern(std::string("a")));
  EXPECT_EQ(names.text(a), "a");
  EXPECT_EQ(names.intern(""), 0u);
  EXPECT_EQ(operatorText(Operator::None), "");
  EXPECT_EQ(operatorText(Operator::AddressOf), "&");
  EXPECT_EQ(operatorText(Operator::Rem), "%");
}
