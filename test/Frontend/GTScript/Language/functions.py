# A plain name stands for itself unless the function assigns it; other arguments are temporaries.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@function
def left(q, weight=0.5):
    return weight * (q[-1, 0, 0] + q)


@function
def changed(q):
    q = q + 1.0
    return q, -q


@stencil(backend="numpy")
def f(a: F, b: F):
    with computation(PARALLEL), interval(...):
        b = left(a)
        b = left(a * 2.0, weight=a)[0, 1, 0] + left(b)
        a, t = changed(a)


# CHECK: stencil.program @f(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
# CHECK-NEXT:   %q__left_2 = temporary "q__left_2" : <IJK, f64>
# CHECK-NEXT:   %result__left_2 = temporary "result__left_2" : <IJK, f64>
# CHECK-NEXT:   %result__left_3 = temporary "result__left_3" : <IJK, f64>
# CHECK-NEXT:   %q__changed_4 = temporary "q__changed_4" : <IJK, f64>
# CHECK-NEXT:   %t = temporary "t" : <IJK, f64>
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 5.000000e-01 : f64
# CHECK-NEXT:       %0 = stencil.read %a [-1, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %2 = arith.addf %0, %1 : f64
# CHECK-NEXT:       %3 = arith.mulf %cst, %2 : f64
# CHECK-NEXT:       stencil.write %3, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %cst = arith.constant 2.000000e+00 : f64
# CHECK-NEXT:       %1 = arith.mulf %0, %cst : f64
# CHECK-NEXT:       stencil.write %1, %q__left_2 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = stencil.read %q__left_2 [-1, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %2 = stencil.read %q__left_2 [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %3 = arith.addf %1, %2 : f64
# CHECK-NEXT:       %4 = arith.mulf %0, %3 : f64
# CHECK-NEXT:       stencil.write %4, %result__left_2 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 5.000000e-01 : f64
# CHECK-NEXT:       %0 = stencil.read %b [-1, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = stencil.read %b [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %2 = arith.addf %0, %1 : f64
# CHECK-NEXT:       %3 = arith.mulf %cst, %2 : f64
# CHECK-NEXT:       stencil.write %3, %result__left_3 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %result__left_2 [0, 1, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = stencil.read %result__left_3 [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %2 = arith.addf %0, %1 : f64
# CHECK-NEXT:       stencil.write %2, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %q__changed_4 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %q__changed_4 [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:       %1 = arith.addf %0, %cst : f64
# CHECK-NEXT:       stencil.write %1, %q__changed_4 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %q__changed_4 [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %a : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %q__changed_4 [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = arith.negf %0 : f64
# CHECK-NEXT:       stencil.write %1, %t : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
