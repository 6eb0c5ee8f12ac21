//===- SyntaxDeclTest.cpp - declarations and statements of CSL ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SyntaxText.h"

#include <gtest/gtest.h>

using namespace spada::cslfront;

TEST(SyntaxDecl, Variables) {
  EXPECT_EQ(parsed("const a = 1; var b: u16;"),
            "(const a = 1)\n(var b : u16)\n");
  EXPECT_EQ(parsed("export var c: [4]f32 align(16) = 0;"),
            "(var export c : (array-of f32 4) align 16 = 0)\n");
  EXPECT_EQ(parsed("extern const d linksection(\"s\") linkname(\"n\");"),
            "(const extern d linksection \"s\" linkname \"n\")\n");
}

TEST(SyntaxDecl, Params) {
  EXPECT_EQ(parsed("param p; param q: u16; param r: fn ()void = {};"),
            "(param p)\n(param q : u16)\n(param r : (function-type void) = "
            "{})\n");
}

TEST(SyntaxDecl, Functions) {
  EXPECT_EQ(parsed("inline fn f(x: [*]const u16, comptime T: type, "
                   "y: anytype,) T { return x; }"),
            "(fn inline f (x (pointer-to-many const u16)) (comptime T type) "
            "(y anytype) : T\n  (block\n    (return x)))\n");
  EXPECT_EQ(parsed("extern fn g() linkname(\"n\") void;"),
            "(fn extern g : void linkname \"n\")\n");
  EXPECT_EQ(parsed("export noinline fn g() struct { a: u16 } { }"),
            "(fn export noinline g : (struct-type (a u16))\n  (block))\n");
}

TEST(SyntaxDecl, TasksAndBlocks) {
  EXPECT_EQ(parsed("task t(x: f32) void { }\ncomptime { f(); }\nlayout { }"),
            "(task t (x f32) : void\n  (block))\n"
            "(comptime\n  (block\n    (do (call f))))\n"
            "(layout\n  (block))\n");
}

// Words of declarations are names elsewhere.
TEST(SyntaxDecl, ContextualWords) {
  EXPECT_EQ(parsed("const layout = param.layout + layout.task;"),
            "(const layout = (+ (member param layout) (member layout "
            "task)))\n");
}

TEST(SyntaxDecl, EmptyFileAndComments) {
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed("//! \xc3\xa9 'open\r\n/// \"text\nconst a = 1; // b"),
            "(const a = 1)\n");
}

TEST(SyntaxStmt, Assignments) {
  EXPECT_EQ(stmts("a = 1; b += 1; c -= 1; d *= 1; e /= 1; f %= 1;"),
            "(assign a 1)\n(assign + b 1)\n(assign - c 1)\n(assign * d 1)\n"
            "(assign / e 1)\n(assign % f 1)\n");
  EXPECT_EQ(stmts("a <<= 1; b >>= 1; c &= 1; d |= 1; e ^= 1;"),
            "(assign << a 1)\n(assign >> b 1)\n(assign & c 1)\n"
            "(assign | d 1)\n(assign ^ e 1)\n");
  EXPECT_EQ(stmts("_ = f(); p.*[1].x = 2; p.*= 3; @field(s, \"a\") = 4;"),
            "(assign _ (call f))\n"
            "(assign (member (index (deref p) 1) x) 2)\n"
            "(assign (deref p) 3)\n(assign (@field s \"a\") 4)\n");
}

TEST(SyntaxStmt, If) {
  EXPECT_EQ(stmts("if (a) { } else { }"), "(if a\n  (block)\n  (block))\n");
  // The branch before 'else' with and without its ';'.
  for (const char *text : {"if (a) b(); else c();", "if (a) b() else c();"})
    EXPECT_EQ(stmts(text), "(if a\n  (do (call b))\n  (do (call c)))\n");
  EXPECT_EQ(stmts("if (a) if (b) c(); else d();"),
            "(if a\n  (if b\n    (do (call c))\n    (do (call d))))\n");
  EXPECT_EQ(stmts("if (a) return x else if (b) y = 1; else { z(); }"),
            "(if a\n  (return x)\n  (if b\n    (assign y 1)\n    (block\n"
            "      (do (call z)))))\n");
}

TEST(SyntaxStmt, Loops) {
  EXPECT_EQ(stmts("while (a) : (i += 1) { break; }"),
            "(while a (assign + i 1)\n  (block\n    (break)))\n");
  EXPECT_EQ(stmts("outer: inline while (a) continue :outer;"),
            "(while inline :outer a\n  (continue :outer))\n");
  EXPECT_EQ(stmts("for (xs) |x| f(x); inline for (xs) |_, i| { }"),
            "(for |x _| xs\n  (do (call f x)))\n"
            "(for inline |_ i| xs\n  (block))\n");
}

TEST(SyntaxStmt, BlocksAndJumps) {
  EXPECT_EQ(stmts("b: { break :b; } { } ; return; return if (a) b else c;"),
            "(block :b\n  (break :b))\n(block)\n(empty)\n(return)\n"
            "(return (if a b c))\n");
}

TEST(SyntaxStmt, Comptime) {
  EXPECT_EQ(stmts("comptime { } comptime f(); comptime x = 3; "
                  "comptime while (a) { }"),
            "(comptime\n  (block))\n(comptime\n  (do (call f)))\n"
            "(comptime\n  (assign x 3))\n"
            "(comptime\n  (while a\n    (block)))\n");
}

TEST(SyntaxStmt, Switch) {
  EXPECT_EQ(stmts("switch (x) { 0 => return, 1, m.e => y = 3, 2 => f(),\n"
                  "3 => { }, 4 => for (xs) |v| { }, else => { }, }"),
            "(switch (switch x\n"
            "  (on 0)\n    (return)\n"
            "  (on 1 (member m e))\n    (assign y 3)\n"
            "  (on 2) (call f)\n"
            "  (on 3)\n    (block)\n"
            "  (on 4)\n    (for |v _| xs\n      (block))\n"
            "  (else)\n    (block)))\n");
}

// A conditional arm is a value when both branches are.
TEST(SyntaxStmt, ConditionalArms) {
  EXPECT_EQ(stmts("switch (x) { 0 => if (a) b() else c(),"
                  "1 => if (a) return else b() }"),
            "(switch (switch x\n"
            "  (on 0) (if a (call b) (call c))\n"
            "  (on 1)\n    (if a\n      (return)\n      (do (call b)))))\n");
}

TEST(SyntaxStmt, Locations) {
  Parsed file("const ab: u16 =\n  cd.ef(1) + g[2];");
  ASSERT_TRUE(file.ok);
  const Decl &decl = *file.source.decls[0];
  auto place = [](const Loc &loc) {
    return std::to_string(loc.file) + ":" + std::to_string(loc.line) + ":" +
           std::to_string(loc.column);
  };
  EXPECT_EQ(place(decl.loc), "7:1:7");
  EXPECT_EQ(place(decl.type->loc), "7:1:11");
  EXPECT_EQ(place(decl.value->loc), "7:2:12"); // the operator
  EXPECT_EQ(place(decl.value->args[0]->loc), "7:2:6");
  EXPECT_EQ(place(decl.value->args[0]->callee->callee->loc), "7:2:3");
  EXPECT_EQ(place(decl.value->args[1]->loc), "7:2:14");
}
