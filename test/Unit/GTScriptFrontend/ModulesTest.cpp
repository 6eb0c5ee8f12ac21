//===- ModulesTest.cpp - imports and constants ----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/GTScript/Modules.h"

#include <gtest/gtest.h>

using namespace spada::gtscript;

namespace {

class GTScriptModules : public testing::Test {
protected:
  std::map<std::string, std::string> files;
  SearchOptions options;

  /// What `name` means at the end of "main.py".
  std::string value(const std::string &name) {
    options.read =
        [this](const std::string &path) -> std::optional<std::string> {
      auto found = files.find(path);
      if (found == files.end())
        return std::nullopt;
      return found->second;
    };
    Modules modules(options);
    const ast::Module *main = modules.load("main.py");
    if (!main)
      return "no file";
    return text(modules.lookup({main}, name));
  }

  static std::string text(const Found &found) {
    if (!found.value)
      return found.builtin.empty() ? "? " + found.reason.message
                                   : found.builtin;
    std::string type;
    if (found.value.type != Scalar::None)
      type = ":" + std::string(spelling(found.value.type));
    return found.value.str() + type;
  }
};

TEST_F(GTScriptModules, constants) {
  files["main.py"] = "import numpy as np\nimport math\n"
                     "A = 2.0 / 4\nB = A * 3 - 1\nC = np.float32(0.1)\n"
                     "D = 7 // 2 + 2 ** 3\nE = not D == 11\nF = math.pi\n"
                     "G = max(1, 5, abs(-3))\nH = -A if E else 'x'\n"
                     "P, (Q, R) = 1, (2, 3)\nT = (1, 2)\nU, V = T\n"
                     "W = 1\nW += 2\nX = W\nW = 9\n";
  EXPECT_EQ(value("B"), "0.5");
  EXPECT_EQ(value("C"), "0.10000000149011612:float32");
  EXPECT_EQ(value("D"), "11");
  EXPECT_EQ(value("E"), "False");
  EXPECT_EQ(value("G"), "5");
  EXPECT_EQ(value("H"), "\"x\"");
  EXPECT_EQ(value("R"), "3");
  EXPECT_EQ(value("V"), "2");
  EXPECT_EQ(value("X"), "3");
  EXPECT_EQ(value("W"), "9");
  EXPECT_EQ(value("math.e"), "2.718281828459045");
  EXPECT_EQ(value("np.float64"), "numpy.float64");
}

TEST_F(GTScriptModules, languageNamesHaveOneName) {
  files["main.py"] =
      "import gt4py.cartesian.gtscript as gs\n"
      "from gt4py.cartesian import gtscript\n"
      "from gt4py.cartesian.gtscript import PARALLEL as P\n"
      "from gt4py import computation\nfrom ndsl.dsl.gt4py "
      "import sqrt\nT = gs.Field[gs.IJ, float]\nX = gs.I[0] + 1\n";
  EXPECT_EQ(value("gs.Field"), "gtscript.Field");
  EXPECT_EQ(value("gtscript.interval"), "gtscript.interval");
  EXPECT_EQ(value("P"), "gtscript.PARALLEL");
  EXPECT_EQ(value("computation"), "gtscript.computation");
  EXPECT_EQ(value("sqrt"), "gtscript.sqrt");
  EXPECT_EQ(value("T"), "a type");
  EXPECT_EQ(value("X"), "I[0] + 1");
}

TEST_F(GTScriptModules, imports) {
  options.directories = {"lib"};
  files["main.py"] = "import pkg.a as a\nimport pkg.sub.b\n"
                     "from pkg.sub import b as bb, VERSION\n"
                     "from pkg.a import *\nimport flat\n";
  files["lib/pkg/__init__.py"] = "";
  files["lib/pkg/a.py"] = "from .sub.b import B\nfrom . import sub\nA = B + 1\n"
                          "_hidden = 1\n";
  files["lib/pkg/sub/__init__.py"] = "VERSION = 3\n";
  files["lib/pkg/sub/b.py"] = "from ... import nothing\nB = 41\n";
  files["lib/flat.py"] = "def f(): pass\nX = Y = 2\n";
  EXPECT_EQ(value("a.A"), "42");
  EXPECT_EQ(value("pkg.sub.b.B"), "41");
  EXPECT_EQ(value("bb.B"), "41");
  EXPECT_EQ(value("VERSION"), "3");
  EXPECT_EQ(value("A"), "42");
  EXPECT_EQ(value("_hidden"), "? '_hidden' is not defined");
  EXPECT_EQ(value("flat.f"), "function f");
  EXPECT_EQ(value("flat.Y"), "2");
  EXPECT_EQ(value("flat.Z"), "? module 'lib/flat.py' does not define 'Z'");
}

TEST_F(GTScriptModules, absentModulesMatterOnlyWhenUsed) {
  files["main.py"] =
      "import gone.constants as c\nfrom gone import d\nA = 1\n"
      "try:\n  from gone import e\nexcept ImportError:\n  e = 5\n";
  EXPECT_EQ(value("A"), "1");
  EXPECT_EQ(value("c.G"), "? module 'gone.constants' is not found");
  EXPECT_EQ(value("d"), "? module 'gone' is not found");
  EXPECT_EQ(value("e"), "5");
}

TEST_F(GTScriptModules, circlesEnd) {
  files["main.py"] = "from b import X\nimport main\nA = B\nB = A\nY = 1\n"
                     "class C:\n  D = D\n";
  files["b.py"] = "from main import X\nfrom b import *\nfrom main import Y\n"
                  "Z = Y\n";
  EXPECT_EQ(value("A"), "? 'A' depends on itself");
  EXPECT_EQ(value("X"), "? 'X' depends on itself");
  EXPECT_EQ(value("C.D"), "? 'D' depends on itself");
  EXPECT_EQ(value("main.Y"), "1");
}

TEST_F(GTScriptModules, conditions) {
  files["main.py"] = "from typing import TYPE_CHECKING\nimport os\n"
                     "if TYPE_CHECKING:\n  A = 1\nelse:\n  A = 2\n"
                     "K = os.environ.get('KIND', 'x')\n"
                     "if K == 'y':\n  B = 1\nelif K == 'x':\n  B = 2\n"
                     "if unknown():\n  C = 1\nfor i in D:\n  E = 1\n";
  EXPECT_EQ(value("A"), "2");
  EXPECT_EQ(value("B"), "2");
  EXPECT_EQ(value("C"),
            "? whether 'C' is bound here is known only when the program runs");
  EXPECT_EQ(value("E"),
            "? whether 'E' is bound here is known only when the program runs");
  options.environment["KIND"] = "y";
  EXPECT_EQ(value("B"), "1");
}

TEST_F(GTScriptModules, enumsClassesAndNamespaces) {
  files["main.py"] =
      "from enum import Enum, IntEnum, auto\nfrom types import "
      "SimpleNamespace\n"
      "class M(IntEnum):\n  A = 3\n  B = auto()\n  C = A\n"
      "class V(Enum):\n  X = 'x'\n"
      "class Base:\n  G = 9.8\nclass Derived(Base):\n  H = 2 * 3\n"
      "N = SimpleNamespace(a=1, b=SimpleNamespace(c=M.B))\nv = V['X']\n"
      "d = Derived()\n";
  EXPECT_EQ(value("M.A"), "3");
  EXPECT_EQ(value("M.B"), "4");
  EXPECT_EQ(value("M.B.value"), "4");
  EXPECT_EQ(value("v"), "\"x\"");
  EXPECT_EQ(value("Derived.G"), "9.8");
  EXPECT_EQ(value("d.H"), "6");
  EXPECT_EQ(value("N.b.c"), "4");
  EXPECT_EQ(value("M.D"), "? 'D' is not defined");
}

TEST_F(GTScriptModules, smallPythonFunctions) {
  files["main.py"] =
      "import numpy as np\nimport os\n"
      "def bits(default='64'):\n"
      "  return int(os.getenv('BITS', default))\n"
      "def types():\n  if bits() == 32:\n    return np.float32, 4\n"
      "  else:\n    return np.float64, 8\n"
      "Float, size = types()\nG = Float(0.1)\n"
      "def loop():\n  for i in x: pass\n  return 1\nL = loop()\n"
      "def r(n): return r(n)\nR = r(1)\n";
  EXPECT_EQ(value("Float"), "numpy.float64");
  EXPECT_EQ(value("size"), "8");
  EXPECT_EQ(value("G"), "0.1:float64");
  EXPECT_EQ(value("L"),
            "? the call of the Python function 'loop' is not evaluated");
  EXPECT_EQ(value("R").substr(0, 1), "?");
  options.environment["BITS"] = "32";
  EXPECT_EQ(value("Float"), "numpy.float32");
  EXPECT_EQ(value("G"), "0.10000000149011612:float32");
}

TEST_F(GTScriptModules, closures) {
  std::string source = "W = 1\ndef outer(p):\n  W = 2\n  Q = W + 1\n"
                       "  def inner(a):\n    with computation(P): a = W\n";
  files["main.py"] = source;
  options.read = [&](const std::string &) { return source; };
  Modules modules(options);
  const ast::Module *main = modules.load("main.py");
  ASSERT_EQ(main->functions.size(), 2u);
  Scope scope = Modules::scopeIn(*main, main->functions[1]);
  EXPECT_EQ(text(modules.lookup(scope, "W")), "2");
  EXPECT_EQ(text(modules.lookup(scope, "Q")), "3");
  EXPECT_EQ(text(modules.lookup(scope, "p")),
            "? 'p' is a parameter of 'outer': its value is known only when "
            "that is called");
}

} // namespace
