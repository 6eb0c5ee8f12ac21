# Temporaries that are declared before the computations.
# RUN: not spada-translate --import-gtscript --stencil f %s 2>&1 | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
# CHECK-DAG: :[[@LINE+1]]:7: note: first here
def f(a: F, b: F, n: int):
    # CHECK-DAG: :[[@LINE+2]]:36: error: 't' needs a constant value: 'n' is known only when the stencil runs
    # CHECK-DAG: :[[@LINE+1]]:5: note: first here
    t: Field[(np.float64, (2,))] = n
    # CHECK-DAG: :[[@LINE+2]]:8: error: temporary 'u' has axes IJ; only IJK can be declared before computations
    # CHECK-DAG: :[[@LINE+1]]:8: note: hint: declare an IJ temporary at its first assignment in a FORWARD or BACKWARD computation
    u: Field[IJ, (np.float64, (2,))] = 0.0
    # CHECK-DAG: :[[@LINE+1]]:5: error: 't' is declared twice
    t: Field[(np.float64, (2,))] = 0.0
    # CHECK-DAG: :[[@LINE+1]]:5: error: 'w' needs a constant value: it has none
    w: Field[(np.float64, (2,))]
    # CHECK-DAG: :[[@LINE+2]]:8: error: invalid type of 'x': 'Nothing' is no known type: 'Nothing' is not defined
    # CHECK-DAG: :[[@LINE+1]]:8: note: hint: give its meaning with --dtype Nothing=TYPE, or the folder of the module that defines it with -I
    x: Nothing = 0.0
    # CHECK-DAG: :[[@LINE+1]]:5: error: 'a' is declared twice
    a: Field[(np.float64, (2,))] = 0.0
    with computation(PARALLEL), interval(...):
        b = a
    # CHECK-DAG: :[[@LINE+1]]:5: error: declarations stand before the computations
    y: Field[(np.float64, (2,))] = 0.0
