//===- SyntaxTest.cpp - trees of Python text ------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Dump.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace spada::gtscript::ast;

namespace {

std::string tree(const std::string &text) {
  std::unique_ptr<Module> module = parse("test.py", text);
  std::string result;
  for (const SyntaxError &error : module->errors)
    result += std::to_string(error.range.line) + ": " + error.message + "\n";
  return result + dump(*module);
}

/// The tree of the only expression.
std::string expr(const std::string &text) {
  std::string result = tree(text);
  return result.substr(0, 6) == "expr (" ? result.substr(5, result.size() - 6)
                                         : result;
}

TEST(GTScriptSyntax, precedence) {
  EXPECT_EQ(expr("-a**-b"),
            "(unary - (binary ** (name a) (unary - (name b))))");
  EXPECT_EQ(expr("a**b**c"),
            "(binary ** (name a) (binary ** (name b) (name c)))");
  EXPECT_EQ(expr("a - b - c * d"),
            "(binary - (binary - (name a) (name b)) (binary * (name c) (name "
            "d)))");
  EXPECT_EQ(expr("not a < b and c or d"),
            "(boolop or (boolop and (unary not (compare < (name a) (name b))) "
            "(name c)) (name d))");
  EXPECT_EQ(expr("a if b else c if d else e"),
            "(ternary (name a) (name b) (ternary (name c) (name d) (name e)))");
  EXPECT_EQ(expr("a | b ^ c & d << e + f"),
            "(python \"|\" (name a) (python \"^\" (name b) (python \"&\" (name "
            "c) (python \"<<\" (name d) (binary + (name e) (name f))))))");
}

TEST(GTScriptSyntax, subscriptsAndCalls) {
  EXPECT_EQ(expr("f[0, -1, k+1][n]"),
            "(subscript (subscript (name f) (int 0) (unary - (int 1)) (binary "
            "+ (name k) (int 1))) (name n))");
  EXPECT_EQ(expr("region[I[0]:, :]"),
            "(subscript (name region) (slice (subscript (name I) (int 0)) "
            "(missing) (missing)) (slice (missing) (missing) (missing)))");
  EXPECT_EQ(expr("a.at(K=k, ddim=[1, 2])"),
            "(call (attribute at (name a)) (keyword K (name k)) (keyword ddim "
            "(list (int 1) (int 2))))");
  EXPECT_EQ(expr("f(*a, **b, c for c in d)"),
            "(call (name f) (python \"*\" (name a)) (python \"**\" (name b)) "
            "(python \"generator expression\"))");
}

TEST(GTScriptSyntax, literals) {
  EXPECT_EQ(expr("1_000"), "(int 1_000)");
  EXPECT_EQ(intValue("1_000"), 1000);
  EXPECT_EQ(intValue("0x_FF"), 255);
  EXPECT_EQ(intValue("0o17"), 15);
  EXPECT_EQ(intValue("0b101"), 5);
  EXPECT_EQ(intValue("9223372036854775808"), std::nullopt);
  EXPECT_EQ(floatValue("1_0.5e-1"), 1.05);
  EXPECT_EQ(floatValue("1e999"), HUGE_VAL);
  EXPECT_EQ(expr("1.e5"), "(float 1.e5)");
  EXPECT_EQ(expr(".5"), "(float .5)");
  EXPECT_EQ(expr("2j"), "(python \"complex number\")");
  EXPECT_EQ(expr("'a' r'\\n' \"\\x41\\n\""), "(string \"a\\\\nA\\n\")");
  EXPECT_EQ(expr("f'{x[\"a\"]:>{w}}' 'b'"), "(python \"f-string\")");
  EXPECT_EQ(expr("f\"{x[\"a\"]}\" + 1"),
            "(binary + (python \"f-string\") (int 1))");
  EXPECT_EQ(expr("'''a\n\"b''' "), "(string \"a\\n\\\"b\")");
}

TEST(GTScriptSyntax, unsupportedKeepsItsName) {
  EXPECT_EQ(expr("a // b"), "(python \"//\" (name a) (name b))");
  EXPECT_EQ(expr("a not in b"), "(python \"not in\" (name a) (name b))");
  EXPECT_EQ(expr("a < b < c"),
            "(python \"comparison chain\" (name a) (name b) (name c))");
  EXPECT_EQ(expr("(lambda x: x)"), "(python \"lambda\")");
  EXPECT_EQ(expr("(a := 1)"), "(python \":=\" (name a) (int 1))");
  EXPECT_EQ(expr("{**a, 'b': 1}"),
            "(python \"dict\" (missing) (name a) (string \"b\") (int 1))");
  EXPECT_EQ(expr("{*a, 1}"),
            "(python \"set\" (python \"*\" (name a)) (int 1))");
}

TEST(GTScriptSyntax, blocks) {
  EXPECT_EQ(tree("if a:\n\tb\nelif c: d; e\nelse:\n  pass\n"),
            "if (name a)\n  expr (name b)\nelif (name c)\n  expr (name d)\n"
            "  expr (name e)\nelse\n  pass\n");
  EXPECT_EQ(tree("while a: # c\n\n    # d\n    b\n\nelse: c"),
            "while (name a)\n  expr (name b)\nelse\n  expr (name c)\n");
  EXPECT_EQ(tree("with (computation(P),\ninterval(...)): a = 1"),
            "with (call (name computation) (name P)) (call (name interval) "
            "(ellipsis ...))\n  assign (name a) (int 1)\n");
}

TEST(GTScriptSyntax, linesJoin) {
  EXPECT_EQ(tree("a = 1 + \\\r\n  2\r\nb = (1,\n# c\n2)\r"),
            "assign (name a) (binary + (int 1) (int 2))\n"
            "assign (name b) (tuple (int 1) (int 2))\n");
  EXPECT_EQ(tree("\xEF\xBB\xBFgr\xC3\xB6\xC3\x9F"
                 "e = 1"),
            "assign (name gr\xC3\xB6\xC3\x9F"
            "e) (int 1)\n");
}

TEST(GTScriptSyntax, otherStatementsAreNamed) {
  EXPECT_EQ(tree("match x:\n  case 1:\n    a\nmatch = 1\ntype X = int\n"
                 "del a\n"),
            "other match\n  other case\n    expr (name a)\n"
            "assign (name match) (int 1)\nother type\nother del\n");
  EXPECT_EQ(tree("try:\n  a\nexcept E:\n  b\nfinally:\n  c\n"),
            "other try\n  expr (name a)\nexcept\n  expr (name b)\nelse\n"
            "  expr (name c)\n");
}

TEST(GTScriptSyntax, functionsAndClasses) {
  EXPECT_EQ(tree("@d(1)\ndef f(a, /, b: F = 1, *, c, **k) -> None:\n"
                 "  with computation(P): pass\n"),
            "def f (positional a) (param b (name F) (int 1)) (keyword c) "
            "(rest2 k) computation\n  decorator (call (name d) (int 1))\n"
            "  with (call (name computation) (name P))\n    pass\n");
  std::unique_ptr<Module> module =
      parse("t.py", "class A(B):\n  def m(self):\n    def inner():\n"
                    "      with computation(P), interval(...): pass\n"
                    "@gtscript.stencil\ndef s(): pass\n"
                    "@function\ndef g(): return 1\n");
  std::vector<StencilCandidate> stencils = findStencils(*module);
  ASSERT_EQ(stencils.size(), 2u);
  EXPECT_EQ(stencils[0].name, "A.m.inner");
  EXPECT_EQ(stencils[1].name, "s");
  EXPECT_TRUE(stencils[1].decorator);
}

TEST(GTScriptSyntax, imports) {
  EXPECT_EQ(tree("import a . b as c, d\nfrom ...x.y import (p as q, r,)\n"
                 "from . import *\n"),
            "import a.b as c\nimport d\nfrom ...x.y p as q r\nfrom . *\n");
}

TEST(GTScriptSyntax, rangesAreExact) {
  std::unique_ptr<Module> module = parse("t.py", "x = '''a\nb''' + f(1)\n");
  const Expr &call = module->body[0].value.args[1];
  EXPECT_EQ(call.range.line, 2u);
  EXPECT_EQ(call.range.col, 8u);
  EXPECT_EQ(module->source.substr(call.range.begin,
                                  call.range.end - call.range.begin),
            "f(1)");
}

TEST(GTScriptSyntax, textOfAnnotations) {
  std::unique_ptr<Module> module = parse("t.py", "");
  std::vector<SyntaxError> errors;
  Range where = {3, 4, 0, 0};
  Expr type = parseExpr(*module, "Field[IJ, float]", where, errors);
  EXPECT_EQ(dump(type), "(subscript (name Field) (name IJ) (name float))");
  EXPECT_EQ(type.args[1].range.line, 3u);
  EXPECT_FALSE(parseExpr(*module, "Field[", where, errors));
  EXPECT_FALSE(parseExpr(*module, "a b", where, errors));
  EXPECT_FALSE(parseExpr(*module, "", where, errors));
  ASSERT_EQ(errors.size(), 3u);
  EXPECT_EQ(errors[0].message, "in 'Field[': '[' is never closed");
}

} // namespace
