# Computations and intervals.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy", externals={"HALF": 0.5})
def f(a: F, b: F, m: Field[IJ, np.float64]):
    # CHECK-DAG: :[[@LINE+1]]:37: note: imported here
    from __externals__ import HALF, TOP

    with computation(PARALLEL):
        # CHECK-DAG: :[[@LINE+1]]:14: note: the interval before
        with interval(0, 2):
            b = a
        # CHECK-DAG: :[[@LINE+3]]:14: error: interval (1, None) overlaps interval (0, 2)
        # CHECK-DAG: :[[@LINE+2]]:14: note: hint: write a second computation to pass over the levels again
        # CHECK-DAG: :[[@LINE+1]]:14: note: the interval before
        with interval(1, None):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:14: error: interval (0, 1) stands after interval (1, None)
        # CHECK-DAG: :[[@LINE+1]]:14: note: hint: intervals are listed from the bottom
        with interval(0, 1):
            b = a
    with computation(BACKWARD):
        # CHECK-DAG: :[[@LINE+1]]:14: note: the interval before
        with interval(0, 1):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:14: error: interval (1, None) stands after interval (0, 1)
        # CHECK-DAG: :[[@LINE+1]]:14: note: hint: a BACKWARD computation lists its intervals from the top
        with interval(1, None):
            b = a
    # CHECK-DAG: :[[@LINE+2]]:32: error: interval (3, 1) is empty
    # CHECK-DAG: :[[@LINE+1]]:32: note: hint: its end is the first level that is not in it
    with computation(FORWARD), interval(3, 1):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:32: error: interval (2, 2) is empty
    # CHECK-DAG: :[[@LINE+1]]:32: note: hint: its end is the first level that is not in it
    with computation(FORWARD), interval(2, 2):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:32: error: interval (-1, 2) starts counted from the top and ends counted from the bottom
    with computation(FORWARD), interval(-1, 2):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:32: error: interval(-1) has no end
    # CHECK-DAG: :[[@LINE+1]]:32: note: hint: the topmost level is interval(-1, None)
    with computation(FORWARD), interval(-1):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:41: error: None is no start of an interval
    # CHECK-DAG: :[[@LINE+1]]:41: note: hint: the bottom is level 0
    with computation(FORWARD), interval(None, 1):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:44: error: a bound must be an integer, not 0.5
    with computation(FORWARD), interval(0, HALF):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:44: error: external 'TOP' has no value
    # CHECK-DAG: :[[@LINE+1]]:44: note: hint: give it with -e TOP=VALUE; 'f' still needs TOP
    with computation(FORWARD), interval(0, TOP):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:44: error: field 'a' has an axis K; a bound is the same for all levels of a column
    with computation(FORWARD), interval(0, a):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:41: error: the text K[n] is no bound of an interval
    # CHECK-DAG: :[[@LINE+1]]:41: note: hint: write the level as an integer; -1 is the topmost one
    with computation(FORWARD), interval(K[1], None):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:32: error: an interval has a start and an end
    # CHECK-DAG: :[[@LINE+1]]:32: note: hint: write interval(...), interval(0, 1) or interval(1, None)
    with computation(FORWARD), interval():
        b = a
    # CHECK-DAG: :[[@LINE+2]]:32: error: an interval has a start and an end
    # CHECK-DAG: :[[@LINE+1]]:32: note: hint: write interval(...), interval(0, 1) or interval(1, None)
    with computation(FORWARD), interval(0, 1, 2):
        b = a
    with computation(FORWARD):
        # CHECK-DAG: :[[@LINE+2]]:9: error: a computation without an interval holds only 'with interval(...)' blocks
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write the interval beside computation(...), or put this statement into a block
        b = a
    with computation(FORWARD):
        with interval(0, 1):
            b = a
        # CHECK-DAG: :[[@LINE+2]]:9: error: a computation without an interval holds only 'with interval(...)' blocks
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: write the interval beside computation(...), or put this statement into a block
        b = a
    # CHECK-DAG: :[[@LINE+2]]:22: error: a computation has one order
    # CHECK-DAG: :[[@LINE+1]]:22: note: hint: write computation(PARALLEL), computation(FORWARD) or computation(BACKWARD)
    with computation(SIDEWAYS), interval(...):
        b = a
    # CHECK-DAG: :[[@LINE+2]]:10: error: a computation has one order
    # CHECK-DAG: :[[@LINE+1]]:10: note: hint: write computation(PARALLEL), computation(FORWARD) or computation(BACKWARD)
    with computation(), interval(...):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:33: error: a second computation in one 'with'
    with computation(PARALLEL), computation(FORWARD), interval(...):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:48: error: a second 'interval' in one 'with'
    with computation(PARALLEL), interval(...), interval(0, 1):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:50: error: 'as' has no meaning here
    with computation(PARALLEL), interval(...) as x:
        b = a
    # CHECK-DAG: :[[@LINE+2]]:5: error: a 'with' of a stencil's body starts a computation
    # CHECK-DAG: :[[@LINE+1]]:5: note: hint: write 'with computation(PARALLEL), interval(...):'
    with interval(...):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:10: error: a 'with' takes computation(...), interval(...) and horizontal(...)
    with open("x"):
        b = a
    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:9: error: statements and 'with interval(...)' blocks cannot be mixed in one computation
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: end the section before it
        with interval(0, 1):
            b = a
