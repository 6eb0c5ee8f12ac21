//===- SyntaxErrorTest.cpp - what authors of wrong CSL read ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SyntaxText.h"

#include <gtest/gtest.h>

using namespace spada::cslfront;

// At the end of the line that lacks it, unless the next word follows on it.
TEST(SyntaxError, MissingSemicolon) {
  EXPECT_EQ(parsed("const x = 5\nconst y = 3;"),
            "1:12: expected ';' before 'const'\n");
  EXPECT_EQ(parsed("const x = 5 const y = 3;"),
            "1:13: expected ';' before 'const'\n");
  EXPECT_EQ(parsed("fn f() void {\n  a = 1\n  b += 2\n}\nconst c;"),
            "2:8: expected ';' before 'b'\n3:9: expected ';' before '}'\n");
}

TEST(SyntaxError, SeveralErrors) {
  EXPECT_EQ(parsed("fn f() void {\n"
                   "  foo(a b);\n"
                   "  x = = 3;\n"
                   "  y[;\n"
                   "}\n"
                   "fn g( { a(); }\n"
                   "const a = ;\n"
                   "task t(x: ) void {}\n"),
            "2:9: expected ',' or ')' before 'b'\n"
            "3:7: expected an expression before '='\n"
            "4:5: expected an expression before ';'\n"
            "6:7: expected a name or ')' before '{'\n"
            "7:11: expected an expression before ';'\n"
            "8:11: expected a type before ')'\n");
}

TEST(SyntaxError, Conditions) {
  EXPECT_EQ(parsed("fn f() void {\n"
                   "  if (a = b) { c(); }\n"
                   "  while (i < 5 { i += 1; }\n"
                   "  if (a) var x = 5;\n"
                   "}"),
            "2:9: expected ')' before '='; hint: a comparison is written "
            "'=='\n"
            "3:16: expected ')' before '{'\n"
            "4:10: expected a statement before 'var'; hint: put the "
            "declaration in '{ }'\n");
}

TEST(SyntaxError, MissingBrace) {
  EXPECT_EQ(parsed("fn f() void {\n  if (a) {\n    x = 1;\nfn g() void {\n}\n"
                   "const y = 5 +;\n"),
            "4:4: 'fn' cannot stand in a block; hint: the '{' of line 2 may "
            "lack its '}'\n"
            "6:14: expected an expression before ';'\n");
  EXPECT_EQ(parsed("comptime {\n\n"),
            "3:1: expected a statement or '}' before the end of the file; "
            "hint: the '{' of line 1 may lack its '}'\n");
}

TEST(SyntaxError, BraceTooMuch) {
  EXPECT_EQ(parsed("fn f() void { }}\nconst y = ;"),
            "1:16: expected a declaration before '}'\n"
            "2:11: expected an expression before ';'\n");
}

TEST(SyntaxError, Lists) {
  EXPECT_EQ(value(".{ 1, .b = 2 }"),
            "1:18: expected '{' before 'b'; hint: a list holds values or "
            "'.name = value' pairs, not both\n");
  EXPECT_EQ(value(".{ .a = 1, 2 }"),
            "1:22: unexpected '2' after ','; hint: a list holds values or "
            "'.name = value' pairs, not both\n");
  EXPECT_EQ(value(".NORTH"), "1:12: expected '{' before 'NORTH'; hint: write "
                             "what holds the member before the '.'\n");
  EXPECT_EQ(value("struct { a: u16 b: u16 }"),
            "1:27: expected ',' or '}' before 'b'\n");
  EXPECT_EQ(stmts("switch (x) { 0 => { } 1 => { } }"),
            "2:23: expected ',' or '}' before '1'\n");
}

TEST(SyntaxError, Declarations) {
  EXPECT_EQ(parsed("const task = 5;"),
            "1:7: expected a name before 'task'; hint: 'task' is a keyword\n");
  EXPECT_EQ(parsed("fn f() { }"),
            "1:8: expected a type before '{'; hint: the result of a function "
            "without one is 'void'\n");
  EXPECT_EQ(parsed("import \"a\";"),
            "1:1: expected a declaration before 'import'\n");
  EXPECT_EQ(parsed("fn f() void;"),
            "1:4: function 'f' has no body; hint: only an 'extern' function "
            "has none\n");
  EXPECT_EQ(parsed("extern fn g() void { }"),
            "1:11: extern function 'g' has a body; hint: end the declaration "
            "with ';'\n");
  EXPECT_EQ(parsed("extern var x: u16 = 3;"),
            "1:21: extern variable 'x' has an initial value; hint: give it "
            "where the variable is defined\n");
  EXPECT_EQ(parsed("export extern var q: u16;"),
            "1:1: 'q' cannot be both 'export' and 'extern'; hint: 'export' "
            "defines, 'extern' refers to a definition elsewhere\n");
  EXPECT_EQ(parsed("export export var q: u16;"),
            "1:8: 'export' is written twice\n");
  EXPECT_EQ(parsed("inline const r = 5;"),
            "1:1: 'inline' is for functions, but 'r' is a variable\n");
  EXPECT_EQ(parsed("inline noinline fn f() void { }"),
            "1:1: 'f' cannot be both 'inline' and 'noinline'\n");
  EXPECT_EQ(parsed("var a: u16 align(2) align(4);"),
            "1:21: 'align' is given twice\n");
}

TEST(SyntaxError, Statements) {
  EXPECT_EQ(stmts("a.b: { }"), "2:1: the label before ':' is not a name\n");
  EXPECT_EQ(stmts("x = c and a.b: { };"),
            "2:11: the label before ':' is not a name\n");
  EXPECT_EQ(stmts("a + b = 5;"),
            "2:3: the left side of '=' is not a place in memory; hint: assign "
            "to a variable, an element 'a[i]', a member 'a.b' or a pointee "
            "'p.*'\n");
  EXPECT_EQ(stmts("while (a) : (return) { }"),
            "2:14: 'return' cannot be the step of a loop; hint: put it at the "
            "end of the body\n");
  EXPECT_EQ(stmts("while (a) const x = 1;"),
            "2:11: a declaration cannot be the body of 'while'; hint: put it "
            "in '{ }'\n");
  EXPECT_EQ(stmts("comptime return 5;"),
            "2:1: 'comptime' cannot stand before a jump\n");
  EXPECT_EQ(value("switch (a) { else => 1, else => 2 }"),
            "1:35: 'switch' has two 'else' arms\n");
}

TEST(SyntaxError, Expressions) {
  EXPECT_EQ(value("a < b < c"),
            "1:17: '<' follows another comparison; hint: combine comparisons "
            "with 'and' or use parentheses\n");
  EXPECT_EQ(value("|i, j|{3} -> A[i]"),
            "1:11: the access has a different number of induction variables, "
            "2, and of extents, 1; hint: write '|i, j|{n, m} -> a[i, j]'\n");
  EXPECT_EQ(value("|i|{3} -> A"),
            "1:21: expected an array element such as 'a[i]' after '->'\n");
  EXPECT_EQ(value("a and"), "1:16: expected an expression before ';'\n");
  EXPECT_EQ(value("@f"), "1:13: expected '(' before ';'\n");
  EXPECT_EQ(value("a.5"), "1:13: expected a name before '5'\n");
}

TEST(SyntaxError, Literals) {
  EXPECT_EQ(value("99999999999999999999"),
            "1:11: integer '99999999999999999999' needs more than 64 bits\n");
  EXPECT_EQ(value("1e999"),
            "1:11: float '1e999' is too large; the largest is about "
            "1.8e308\n");
  EXPECT_EQ(value("1_000"), "1:11: malformed number '1_000'; hint: numbers "
                            "have no digit separators\n");
  EXPECT_EQ(value("1."), "1:11: malformed number '1.'; hint: a float needs a "
                         "digit on each side of its point\n");
  EXPECT_EQ(value("0o7"),
            "1:11: malformed number '0o7'; hint: an integer is decimal, '0x' "
            "or '0b'; a float is written as in '1.5' or '1e-3'\n");
  EXPECT_EQ(value("'ab'"), "1:11: character literal 'ab' holds 2 bytes "
                           "instead of one; hint: a string is written with "
                           "'\"'\n");
  EXPECT_EQ(value("''"), "1:11: malformed character literal ''; hint: write "
                         "one character between quotes, as in 'a'\n");
  EXPECT_EQ(value("\"ab\n\""),
            "1:11: string is not closed; hint: end it with '\"' on the same "
            "line\n2:1: string is not closed; hint: end it with '\"' on the "
            "same line\n");
  EXPECT_EQ(value(R"("a\q")"), "1:13: unknown escape '\\q'; hint: there are "
                               "\\n, \\r, \\t, \\\\, \\', \\\" and \\xNN\n");
  EXPECT_EQ(value(R"("\x1g")"), "1:12: escape '\\x' needs two hexadecimal "
                                "digits, as in '\\x0a'\n");
}

// What other languages or later versions have.
TEST(SyntaxError, Foreign) {
  EXPECT_EQ(value("a && b"),
            "1:13: there is no operator '&&'; hint: write 'and'\n");
  EXPECT_EQ(value("a || b"),
            "1:13: there is no operator '||'; hint: write 'or'\n");
  EXPECT_EQ(stmts("a++;"),
            "2:2: there is no operator '++'; hint: write '+= 1'\n");
  EXPECT_EQ(value("a ? b : c"), "1:13: unexpected character '?'\n");
  EXPECT_EQ(value("\xc3\xa9"), "1:11: characters outside ASCII are only "
                               "allowed in comments and strings\n");
  EXPECT_EQ(value(std::string("\0", 1)),
            "1:11: unexpected control character\n");
  EXPECT_EQ(parsed("/* a */"), "1:1: there are no block comments; hint: start "
                               "each line with '//'\n");
  EXPECT_EQ(value("union { a: u16 }"), "1:11: 'union' is not supported: "
                                       "structs cannot overlay their fields\n");
  EXPECT_EQ(value("packed struct { }"),
            "1:11: 'packed' is not supported: structs have one layout\n");
  EXPECT_EQ(stmts("asm volatile(\"nop\");"),
            "2:1: 'asm' is not supported: there is no inline assembly\n"
            "2:5: 'volatile' is not supported: there is no inline "
            "assembly\n");
}
