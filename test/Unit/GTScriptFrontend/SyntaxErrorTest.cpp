//===- SyntaxErrorTest.cpp - what is not Python, and limits ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/AST.h"

#include <gtest/gtest.h>

using namespace spada::gtscript::ast;

namespace {

std::string text(const std::vector<SyntaxError> &errors) {
  std::string result;
  for (const SyntaxError &error : errors) {
    result += std::to_string(error.range.line) + ":" +
              std::to_string(error.range.col) + ": " + error.message;
    if (!error.hint.empty())
      result += "; hint: " + error.hint;
    result += "\n";
  }
  return result;
}

/// The errors of a file, or those inside its first function.
std::string errors(const std::string &source) {
  std::unique_ptr<Module> module = parse("test.py", source);
  if (!module->errors.empty() || module->functions.empty())
    return text(module->errors);
  return text(errorsIn(*module, module->functions[0]));
}

TEST(GTScriptSyntaxError, filesAsAWhole) {
  EXPECT_EQ(errors("x = 'a\n"), "1:5: string is never closed\n");
  EXPECT_EQ(errors("x = '''a\n"), "1:5: string is never closed\n");
  EXPECT_EQ(errors("x = (1,\ny"), "1:5: '(' is never closed\n");
  EXPECT_EQ(errors("x = (1,\n2]"),
            "2:2: ']' does not close the '(' of line 1\n");
  EXPECT_EQ(errors("x = 1)"), "1:6: ')' closes nothing\n");
  EXPECT_EQ(errors("  x = 1"), "1:3: unexpected indentation\n");
  EXPECT_EQ(errors("if a:\n    b\n  c\n"),
            "3:3: indentation fits no block around this line\n");
  EXPECT_EQ(errors("if a:\n        b\n\tc\n"),
            "3:2: tabs and blanks are mixed so that the depth of the line "
            "depends on the width of a tab; hint: indent with blanks only\n");
}

TEST(GTScriptSyntaxError, everyLineOfAStencil) {
  EXPECT_EQ(errors("def f():\n"
                   "  with computation(P) interval(...):\n"
                   "    a = = b\n"
                   "    if a = b:\n"
                   "      c = (1 2)\n"
                   "    else\n"
                   "    d = 1 +\n"),
            "2:23: unexpected 'interval', expected ':'\n"
            "3:9: unexpected '=', expected an expression\n"
            "4:10: unexpected '=', expected ':'; hint: a comparison is written "
            "'=='\n"
            "5:14: unexpected '2', expected ')' or ','\n"
            "6:9: unexpected end of line, expected ':'; hint: a header ends in "
            "':'\n"
            "7:12: unexpected end of line, expected an expression\n");
}

TEST(GTScriptSyntaxError, headers) {
  EXPECT_EQ(errors("def f(a, a):\n  pass\n"),
            "1:10: parameter 'a' stands twice in 'f'\n");
  EXPECT_EQ(errors("def f():\nx = 1\n"),
            "1:1: expected an indented block after 'def'\n");
  EXPECT_EQ(errors("def f():\n  x = 1\n    y = 2\n"),
            "3:5: unexpected indentation\n");
  EXPECT_EQ(errors("def f():\n  elif a:\n    y = 2\n"),
            "2:3: 'elif' belongs to no statement before it\n");
}

TEST(GTScriptSyntaxError, nothingElseIsRejected) {
  EXPECT_EQ(errors("print 'a'\n%magic $x ? !\nexec \"a\" in b\nx = 0777\n"),
            "");
}

TEST(GTScriptSyntaxError, depthIsBounded) {
  auto many = [](const std::string &unit, int count) {
    std::string result;
    for (int i = 0; i < count; ++i)
      result += unit;
    return result;
  };
  EXPECT_NE(errors("x = " + many("(", 300) + many(")", 300)), "");
  EXPECT_EQ(errors("x = " + many("(", 200) + "1" + many(")", 200)), "");
  for (const char *unit : {"-", "not ", "a**", "1+", "a.",
                           "lambda:", "a if b else ", "a<", "a or "}) {
    std::string body =
        "@function\ndef f():\n  x = " + many(unit, 100000) + "a\n";
    std::string found = errors(body);
    bool isFlat = unit == std::string("a<") || unit == std::string("a or ");
    EXPECT_EQ(found.find("nested deeper than 500") == std::string::npos, isFlat)
        << unit << found;
  }
  std::string blocks;
  for (int i = 0; i < 150; ++i)
    blocks += std::string(size_t(i), ' ') + "if a:\n";
  EXPECT_NE(errors(blocks).find("deeper than 100 levels"), std::string::npos);
}

} // namespace
