# Names that stand for nothing, and names of the wrong kind.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
# CHECK-DAG: :[[@LINE+1]]:28: note: 'n' is a parameter
def f(velocity: F, out: F, n: int, opt: F = None):
    # CHECK-DAG: :[[@LINE+1]]:31: note: imported here
    from __externals__ import SCALE, OFFSET

    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+2]]:15: error: unknown name 'velocty': 'velocty' is not defined
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: did you mean 'velocity'?
        out = velocty
        # CHECK-DAG: :[[@LINE+2]]:15: error: external 'SCALE' has no value
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: give it with -e SCALE=VALUE; 'f' still needs OFFSET, SCALE
        out = SCALE * velocity
        # CHECK-DAG: :[[@LINE+1]]:15: error: 'late' is read before anything is assigned to it
        out = late + 1.0
        # CHECK-DAG: :[[@LINE+1]]:9: note: first assigned here
        late = 2.0
        # CHECK-DAG: :[[@LINE+2]]:9: error: scalar parameter 'n' is read-only
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign to a temporary of another name
        n = 3
        # CHECK-DAG: :[[@LINE+2]]:9: error: external 'SCALE' is read-only
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign to a temporary of another name
        SCALE = 2.0
        # CHECK-DAG: :[[@LINE+2]]:15: error: unknown function 'sqr': 'sqr' is not defined
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: did you mean 'sqrt'?
        out = sqr(velocity)
        # CHECK-DAG: :[[@LINE+2]]:15: error: 'np.sqrt' is no function of GTScript
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: write 'sqrt'
        out = np.sqrt(velocity)
        out = np.pi
        # CHECK-DAG: :[[@LINE+2]]:15: error: unknown function 'pow'
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: write a ** b
        out = pow(velocity, 2)
        # CHECK-DAG: :[[@LINE+2]]:15: error: unknown function 'where': 'where' is not defined
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: write a if c else b
        out = where(velocity > 0.0, 1.0, 2.0)
        # CHECK-DAG: :[[@LINE+2]]:15: error: unknown function 'bool'
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: write a comparison, as in 'x != 0'
        out = bool(velocity)
        # CHECK-DAG: :[[@LINE+1]]:15: error: 'velocity' is no function
        out = velocity(3)
        # CHECK-DAG: :[[@LINE+2]]:15: error: 'velocity' has no member 'shape'
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: fields have '.A', '.T' and '.at(K=...)'
        out = velocity.shape
        # CHECK-DAG: :[[@LINE+2]]:15: error: 'plain' is no GTScript function
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: decorate it with @gtscript.function
        out = plain(velocity)
        # CHECK-DAG: :[[@LINE+2]]:15: error: unknown name 'constants.GRAV': 'constants' is not defined
        # CHECK-DAG: :[[@LINE+1]]:15: note: hint: a value from outside can be given with -e constants.GRAV=VALUE
        out = constants.GRAV


# CHECK-DAG: :[[@LINE+1]]:5: note: defined here
def plain(x):
    return x
