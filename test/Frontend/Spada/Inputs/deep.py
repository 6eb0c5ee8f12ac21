# Part of the spada project. SPDX-License-Identifier: Apache-2.0
#
# Writes a program whose one statement is nested or chained N times: deep.py KIND N.
import sys

kind, n = sys.argv[1], int(sys.argv[2])
statements = {
    "paren": lambda: "a = " + "(" * n + "a" + ")" * n,
    "open": lambda: "a = " + "(" * n,
    "block": lambda: "for i16 k in [0:2] {" * n + "}" * n,
    "chain": lambda: "a = " + " + ".join(["a"] * n),
    "less": lambda: "f = " + " < ".join(["a"] * n),
    "minus": lambda: "a = " + "-" * n + "a",
    "not": lambda: "f = " + "not " * n + "f",
    "ternary": lambda: "a = " + "a if f else " * n + "a",
    "tails": lambda: "a = " + ("a + " * 9000 + "(") * 3 + "a" + ")" * 3,
}
print("kernel @deep<>() {")
print("    place i16 i, i16 j in [0, 0] { f32 a bool f }")
print("    compute i16 i, i16 j in [0, 0] {")
print("        " + statements[kind]())
print("    }\n}")
