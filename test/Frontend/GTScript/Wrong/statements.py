# Statements of Python that GTScript lacks.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
def f(a: F, b: F):
    # CHECK-DAG: :[[@LINE+2]]:5: error: a stencil cannot import 'math'
    # CHECK-DAG: :[[@LINE+1]]:5: note: hint: only names of __externals__ and __gtscript__ are imported inside stencils and functions; move this to the top of the file
    import math
    # CHECK-DAG: :[[@LINE+2]]:5: error: a stencil cannot import 'math'
    # CHECK-DAG: :[[@LINE+1]]:5: note: hint: only names of __externals__ and __gtscript__ are imported inside stencils and functions; move this to the top of the file
    from math import sin
    # CHECK-DAG: :[[@LINE+2]]:5: error: statements stand inside computations
    # CHECK-DAG: :[[@LINE+1]]:5: note: hint: write 'with computation(PARALLEL), interval(...):' around it
    x = 1.0
    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:9: error: 'for' is no statement of GTScript
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: loops over levels are written as computation(FORWARD) or computation(BACKWARD); loops over data dimensions are not in the language
        for i in range(3):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: 'assert' is no statement of GTScript
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: conditions that are known at compile time are checked with compile_assert(...)
        assert a
        # CHECK-DAG: :[[@LINE+2]]:9: error: several targets of one assignment: a = b = c
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write one assignment for each
        b = c = a
        # CHECK-DAG: :[[@LINE+1]]:9: error: 'print' is no statement of GTScript
        print(a)
        # CHECK-DAG: :[[@LINE+2]]:9: error: the value of this expression is not used
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign it to a name
        a
        # CHECK-DAG: :[[@LINE+2]]:9: error: the value of this comparison is not used
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: an assignment is written with one '='
        a == b
        # CHECK-DAG: :[[@LINE+2]]:9: error: the value of this call is not used
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign it to a name
        sqrt(a)
        # CHECK-DAG: :[[@LINE+1]]:9: error: 'del' is no statement of GTScript
        del b
        # CHECK-DAG: :[[@LINE+2]]:9: error: 'raise' is no statement of GTScript
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: conditions that are known at compile time are checked with compile_assert(...)
        raise ValueError
        # CHECK-DAG: :[[@LINE+2]]:9: error: 'break' is no statement of GTScript
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: put the condition into the condition of 'while'
        break
        # CHECK-DAG: :[[@LINE+1]]:9: error: 'global' is no statement of GTScript
        global b
        # CHECK-DAG: :[[@LINE+2]]:9: error: a function cannot be defined inside a stencil
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: define it before the stencil, decorated with @gtscript.function
        def g():
            return 1
        # CHECK-DAG: :[[@LINE+1]]:9: error: a class cannot be defined inside a stencil
        class C:
            pass
        # CHECK-DAG: :[[@LINE+1]]:9: error: 'try' is no statement of GTScript
        try:
            b = a
        except ValueError:
            b = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: a temporary gets its value where it is declared
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write '= value' after the type
        b: int
        # CHECK-DAG: :[[@LINE+2]]:9: error: a stencil returns nothing
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: it writes its fields
        return b
    # CHECK-DAG: :[[@LINE+2]]:5: error: a stencil returns nothing
    # CHECK-DAG: :[[@LINE+1]]:5: note: hint: it writes its fields
    return b
