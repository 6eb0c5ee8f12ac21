# Regions of a statement; those that meet nothing are dropped.
# RUN: spada-translate --import-gtscript --stencil f %s -e 'js=J[-1]+1' -e 'never=I[0]+20000' | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy", externals={"EDGE": 3})
def f(a: F, b: F):
    from __externals__ import EDGE, js, never

    with computation(PARALLEL), interval(...):
        with horizontal(region[I[0], :], region[I[0] + 1 : I[-1] - EDGE, J[-1] :]):
            b = a[1, 0, 0]
            if a > 0.0:
                b = 1.0
        with horizontal(region[:, js]):
            b = 2.0
        with horizontal(region[never, :]):
            b = 3.0
        with horizontal(region[-20000:I[-1], : J[0]]):
            b = 4.0
    with computation(PARALLEL), interval(0, 1), horizontal(region[I[-1], J[0]]):
        b = 5.0


# CHECK: stencil.program @f(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
# CHECK-NEXT:   %mask = temporary "mask" : <IJK, i1>
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement where [#stencil.region<start:start + 1, :>, #stencil.region<start + 1:end + -4, end + -1:>] {
# CHECK-NEXT:       %0 = stencil.read %a [1, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined where [#stencil.region<start:start + 1, :>, #stencil.region<start + 1:end + -4, end + -1:>] {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %cst = arith.constant 0.000000e+00 : f64
# CHECK-NEXT:       %1 = arith.cmpf ogt, %0, %cst : f64
# CHECK-NEXT:       stencil.write %1, %mask : <IJK, i1>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined where [#stencil.region<start:start + 1, :>, #stencil.region<start + 1:end + -4, end + -1:>] {
# CHECK-NEXT:       %0 = stencil.read %mask [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       scf.if %0 {
# CHECK-NEXT:         %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:         stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement where [#stencil.region<:, end:end + 1>] {
# CHECK-NEXT:       %cst = arith.constant 2.000000e+00 : f64
# CHECK-NEXT:       stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement where [#stencil.region<:end + -1, :start>] {
# CHECK-NEXT:       %cst = arith.constant 4.000000e+00 : f64
# CHECK-NEXT:       stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section parallel [start, start + 1) {
# CHECK-NEXT:     stencil.statement where [#stencil.region<end + -1:end, start:start + 1>] {
# CHECK-NEXT:       %cst = arith.constant 5.000000e+00 : f64
# CHECK-NEXT:       stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
