# Conditions of if, while and compile_assert.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@function
def twice(x):
    return 2.0 * x


@stencil(backend="numpy", externals={"LIMIT": 3})
def f(a: F, b: F, n: int):
    from __externals__ import LIMIT

    with computation(FORWARD), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:12: error: the condition of 'if' must be a bool, not int64
        # CHECK-DAG: :[[@LINE+1]]:12: note: hint: write a comparison, as in 'x != 0'
        if n:
            b = a
        # CHECK-DAG: :[[@LINE+2]]:12: error: the condition of 'if' must be a bool, not float64
        # CHECK-DAG: :[[@LINE+1]]:12: note: hint: write a comparison, as in 'x != 0'
        if a:
            b = a
        # CHECK-DAG: :[[@LINE+2]]:12: error: the condition of 'if' must be a bool, not 3
        # CHECK-DAG: :[[@LINE+1]]:12: note: hint: write a comparison, as in 'x != 0'
        if LIMIT:
            b = a
        # CHECK-DAG: :[[@LINE+1]]:22: error: the condition of __INLINED is not known at compile time: 'n' is known only when the stencil runs
        if __INLINED(n > 2):
            b = a
        # CHECK-DAG: :[[@LINE+1]]:22: error: the condition of __INLINED is not known at compile time: 'a' is known only when the stencil runs
        if __INLINED(a > 2.0):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:15: error: the condition of 'while' must be a bool, not float64
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: write a comparison, as in 'x != 0'
        while a:
            b = a
        # CHECK-DAG: :[[@LINE+2]]:15: error: the condition of 'while' cannot call function 'twice'
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: assign its result to a temporary before the loop and again at the end of the body
        while twice(a) > 1.0:
            b = a
        while a > b:
            b = b + 1.0
        # CHECK-DAG: :[[@LINE+2]]:9: error: 'else' of 'while' is not in the language
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write its statements after the loop
        else:
            b = a
        # CHECK-DAG: :[[@LINE+1]]:9: note: the loop
        while a > b:
            # CHECK-DAG: :[[@LINE+1]]:13: note: written here
            c = b
            # CHECK-DAG: :[[@LINE+2]]:21: error: a 'while' reads a neighbour's value of a field that it writes
            # CHECK-DAG: :[[@LINE+1]]:21: note: hint: copy the field to a temporary before the loop and read the temporary
            b = b + c[1, 0, 0]
        # CHECK-DAG: :[[@LINE+1]]:15: error: this 'while' never ends
        while True:
            b = a
        while a > b:
            # CHECK-DAG: :[[@LINE+2]]:13: error: a region cannot stand inside 'while'
            # CHECK-DAG: :[[@LINE+1]]:13: note: hint: put the loop into the region
            with horizontal(region[I[0], :]):
                b = a
        # CHECK-DAG: :[[@LINE+1]]:9: error: assertion failed
        compile_assert(LIMIT > 3)
        # CHECK-DAG: :[[@LINE+1]]:24: error: the condition of compile_assert is not known at compile time: 'n' is known only when the stencil runs
        compile_assert(n > 3)
        # CHECK-DAG: :[[@LINE+1]]:9: error: compile_assert takes one condition, not 2
        compile_assert(1, 2)
