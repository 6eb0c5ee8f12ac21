# Calls of functions.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@function
def two_results(x):
    return x, x


@function
# CHECK-DAG: :[[@LINE+2]]:5: error: function 'no_result' has no 'return'
# CHECK-DAG: :[[@LINE+1]]:5: note: hint: its last statement returns the result
def no_result(x):
    y = x


@function
def two_returns(x):
    if x > 1.0:
        # CHECK-DAG: :[[@LINE+1]]:9: note: the first one
        return x
    else:
        # CHECK-DAG: :[[@LINE+2]]:9: error: function 'two_returns' has a second 'return'
        # CHECK-DAG: :[[@LINE+1]]:9: note: hint: assign the result in the branches and return it once at the end
        return 2.0


@function
def itself(x):
    # CHECK-DAG: :[[@LINE+1]]:12: note: 'again' is called here
    return again(x)


@function
def again(x):
    # CHECK-DAG: :[[@LINE+2]]:12: error: function 'itself' calls itself
    # CHECK-DAG: :[[@LINE+1]]:12: note: hint: itself -> again -> itself
    return itself(x)


@function
def typo(x):
    # CHECK-DAG: :[[@LINE+2]]:16: error: unknown name 'zz': 'zz' is not defined
    # CHECK-DAG: :[[@LINE+1]]:16: note: hint: a value from outside can be given with -e zz=VALUE
    return x + zz


@function
# CHECK-DAG: :[[@LINE+2]]:18: note: declared here
# CHECK-DAG: :[[@LINE+1]]:5: note: defined here
def with_default(x, y=2.0):
    return x * y


@stencil(backend="numpy")
def f(a: F, b: F):
    with computation(PARALLEL), interval(...):
        # CHECK-DAG: :[[@LINE+1]]:9: error: function 'two_results' has 2 results, but 1 target
        b = two_results(a)
        # CHECK-DAG: :[[@LINE+2]]:19: error: function 'two_results' has 2 results, but 1 is used here
        # CHECK-DAG: :[[@LINE+1]]:19: note: hint: assign the results to names first
        b = 1.0 + two_results(a)
        # CHECK-DAG: :[[@LINE+1]]:9: error: function 'two_results' has 2 results, but 3 targets
        b, c, d = two_results(a)
        # CHECK-DAG: :[[@LINE+1]]:13: note: 'no_result' is called here
        b = no_result(a)
        # CHECK-DAG: :[[@LINE+1]]:13: note: 'two_returns' is called here
        b = two_returns(a)
        # CHECK-DAG: :[[@LINE+1]]:13: note: 'itself' is called here
        b = itself(a)
        # CHECK-DAG: :[[@LINE+1]]:13: note: 'typo' is called here
        b = typo(a)
        # CHECK-DAG: :[[@LINE+1]]:13: error: call of 'with_default' lacks an argument for 'x'
        b = with_default()
        # CHECK-DAG: :[[@LINE+1]]:34: error: too many arguments for function 'with_default'
        b = with_default(a, 1.0, 2.0)
        # CHECK-DAG: :[[@LINE+1]]:29: error: parameter 'x' of 'with_default' is given twice
        b = with_default(a, x=1.0)
        # CHECK-DAG: :[[@LINE+1]]:29: error: function 'with_default' has no parameter 'z'
        b = with_default(a, z=1.0)
        # CHECK-DAG: :[[@LINE+2]]:13: error: 'min' takes 2 arguments, not 3
        # CHECK-DAG: :[[@LINE+1]]:13: note: hint: write min(a, min(b, c))
        b = min(a, b, a)
        # CHECK-DAG: :[[@LINE+1]]:13: error: 'sqrt' takes 1 argument, not 2
        b = sqrt(a, b)
        # CHECK-DAG: :[[@LINE+1]]:18: error: 'sqrt' takes no named arguments
        b = sqrt(x=a)
