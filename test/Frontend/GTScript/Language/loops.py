# A while is one statement; choices inside it are made at the point.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
def f(a: F, b: F):
    with computation(FORWARD), interval(1, -1):
        while a > 1.0:
            a = a / 2.0
            if b[0, 0, 1] > a:
                b = a
            else:
                t = a


# CHECK: stencil.program @f(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
# CHECK-NEXT:   %t = temporary "t" : <IJK, f64>
# CHECK-NEXT:   section forward [start + 1, end + -1) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       scf.while : () -> () {
# CHECK-NEXT:         %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:         %1 = arith.cmpf ogt, %0, %cst : f64
# CHECK-NEXT:         scf.condition(%1)
# CHECK-NEXT:       } do {
# CHECK-NEXT:         %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         %cst = arith.constant 2.000000e+00 : f64
# CHECK-NEXT:         %1 = arith.divf %0, %cst : f64
# CHECK-NEXT:         stencil.write %1, %a : <IJK, f64>
# CHECK-NEXT:         %2 = stencil.read %b [0, 0, 1] : <IJK, f64>
# CHECK-NEXT:         %3 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         %4 = arith.cmpf ogt, %2, %3 : f64
# CHECK-NEXT:         scf.if %4 {
# CHECK-NEXT:           %5 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:           stencil.write %5, %b : <IJK, f64>
# CHECK-NEXT:         } else {
# CHECK-NEXT:           %5 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:           stencil.write %5, %t : <IJK, f64>
# CHECK-NEXT:         }
# CHECK-NEXT:         scf.yield
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
