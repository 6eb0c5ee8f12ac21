# Operators of Python that GTScript lacks, and types that do not fit.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
def f(a: F, b: F, flag: bool, n: int):
    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:20: error: 'comparison chain' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write a < b and b < c
        b = 1.0 if a < b < 2.0 else 2.0
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '//' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write floor(a / b), or int(a / b) for positive integers
        b = a // 2.0
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '&' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write 'and'
        b = n & 3
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '|' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write 'or'
        b = n | 3
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '^' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write '!=' between bools
        b = n ^ 3
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '<<' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: multiply by a power of two
        b = n << 1
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '>>' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: divide by a power of two and floor
        b = n >> 1
        # CHECK-DAG: :[[@LINE+2]]:13: error: operator '~' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write 'not'
        b = ~n
        # CHECK-DAG: :[[@LINE+2]]:20: error: operator 'is' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write '=='
        b = 1.0 if a is b else 2.0
        # CHECK-DAG: :[[@LINE+2]]:20: error: operator 'is not' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write '!='
        b = 1.0 if a is not b else 2.0
        # CHECK-DAG: :[[@LINE+2]]:20: error: operator 'in' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write comparisons joined by 'or'
        b = 1.0 if a in (b, 1.0) else 2.0
        # CHECK-DAG: :[[@LINE+2]]:9: error: operator '//' is not in GTScript
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write floor(a / b), or int(a / b) for positive integers
        b //= 2.0
        # CHECK-DAG: :[[@LINE+1]]:9: error: '@' multiplies an n x m matrix and a vector of m elements
        b @= a
        # CHECK-DAG: :[[@LINE+2]]:13: error: '+' needs numbers, not bools
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: combine bools with 'and' and 'or'
        b = (a > 1.0) + (a < 2.0)
        # CHECK-DAG: :[[@LINE+2]]:13: error: '-' needs a number, not a bool
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write 'not'
        b = -(a > 1.0)
        # CHECK-DAG: :[[@LINE+2]]:13: error: '-' needs numbers, not bools
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: combine bools with 'and' and 'or'
        b = flag - flag
        # CHECK-DAG: :[[@LINE+2]]:20: error: 'not' needs a bool, not float64
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write a comparison, as in 'x == 0'
        b = 1.0 if not a else 2.0
        # CHECK-DAG: :[[@LINE+2]]:20: error: 'and' needs bools, not float64
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write a comparison, as in 'x != 0'
        b = 1.0 if a and b else 2.0
        # CHECK-DAG: :[[@LINE+2]]:20: error: 'or' needs bools, not float64
        # CHECK-DAG: :[[@LINE+1]]:20: note: hint: write a comparison, as in 'x != 0'
        b = 1.0 if a or flag else 2.0
        # CHECK-DAG: :[[@LINE+2]]:13: error: an integer to the power of -2 is no integer
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: convert the base with float(...)
        b = n ** -2
        # CHECK-DAG: :[[@LINE+1]]:13: error: a string is no value of a field
        b = "text"
        # CHECK-DAG: :[[@LINE+2]]:13: error: None is no value of a field
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: an optional argument is tested with 'if __INLINED(...)'
        b = None
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'lambda' is not in GTScript
        b = lambda x: x
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'list comprehension' is not in GTScript
        b = [x for x in (1, 2)]
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'dict' is not in GTScript
        b = {1: 2}
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'f-string' is not in GTScript
        b = f"{a}"
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'complex number' is not in GTScript
        b = 1j
        # CHECK-DAG: :[[@LINE+2]]:13: error: I cannot be used as a value
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: only K can
        b = I
        # CHECK-DAG: :[[@LINE+1]]:13: error: the integer does not fit into 64 bits
        b = 99999999999999999999
        # CHECK-DAG: :[[@LINE+1]]:13: error: '@' multiplies an n x m matrix and a vector of m elements
        b = a @ a
