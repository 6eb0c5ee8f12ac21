# Values with data dimensions are taken apart.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
def f(v: Field[(np.float64, (2,))], m: Field[(np.float64, (2, 2))], a: F):
    t: Field[(np.float64, (2,))] = 1.5
    with computation(PARALLEL), interval(...):
        t = m @ v
        v = a * t - v
        m = m.T


# CHECK: stencil.program @f(%v: !stencil.field<IJK, f64, [2]> {stencil.name = "v"}, %m: !stencil.field<IJK, f64, [2, 2]> {stencil.name = "m"}, %a: !stencil.field<IJK, f64> {stencil.name = "a"}) {
# CHECK-NEXT:   %t = temporary "t" : <IJK, f64, [2]>
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 1.500000e+00 : f64
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       stencil.write %cst, %t data(%c0) : <IJK, f64, [2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 1.500000e+00 : f64
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       stencil.write %cst, %t data(%c1) : <IJK, f64, [2]>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %c0_0 = arith.constant 0 : index
# CHECK-NEXT:       %0 = stencil.read %m [0, 0, 0] data(%c0, %c0_0) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c0_1 = arith.constant 0 : index
# CHECK-NEXT:       %1 = stencil.read %v [0, 0, 0] data(%c0_1) : <IJK, f64, [2]>
# CHECK-NEXT:       %2 = arith.mulf %0, %1 : f64
# CHECK-NEXT:       %c0_2 = arith.constant 0 : index
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %3 = stencil.read %m [0, 0, 0] data(%c0_2, %c1) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c1_3 = arith.constant 1 : index
# CHECK-NEXT:       %4 = stencil.read %v [0, 0, 0] data(%c1_3) : <IJK, f64, [2]>
# CHECK-NEXT:       %5 = arith.mulf %3, %4 : f64
# CHECK-NEXT:       %6 = arith.addf %2, %5 : f64
# CHECK-NEXT:       %c0_4 = arith.constant 0 : index
# CHECK-NEXT:       stencil.write %6, %t data(%c0_4) : <IJK, f64, [2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %0 = stencil.read %m [0, 0, 0] data(%c1, %c0) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c0_0 = arith.constant 0 : index
# CHECK-NEXT:       %1 = stencil.read %v [0, 0, 0] data(%c0_0) : <IJK, f64, [2]>
# CHECK-NEXT:       %2 = arith.mulf %0, %1 : f64
# CHECK-NEXT:       %c1_1 = arith.constant 1 : index
# CHECK-NEXT:       %c1_2 = arith.constant 1 : index
# CHECK-NEXT:       %3 = stencil.read %m [0, 0, 0] data(%c1_1, %c1_2) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c1_3 = arith.constant 1 : index
# CHECK-NEXT:       %4 = stencil.read %v [0, 0, 0] data(%c1_3) : <IJK, f64, [2]>
# CHECK-NEXT:       %5 = arith.mulf %3, %4 : f64
# CHECK-NEXT:       %6 = arith.addf %2, %5 : f64
# CHECK-NEXT:       %c1_4 = arith.constant 1 : index
# CHECK-NEXT:       stencil.write %6, %t data(%c1_4) : <IJK, f64, [2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %1 = stencil.read %t [0, 0, 0] data(%c0) : <IJK, f64, [2]>
# CHECK-NEXT:       %2 = arith.mulf %0, %1 : f64
# CHECK-NEXT:       %c0_0 = arith.constant 0 : index
# CHECK-NEXT:       %3 = stencil.read %v [0, 0, 0] data(%c0_0) : <IJK, f64, [2]>
# CHECK-NEXT:       %4 = arith.subf %2, %3 : f64
# CHECK-NEXT:       %c0_1 = arith.constant 0 : index
# CHECK-NEXT:       stencil.write %4, %v data(%c0_1) : <IJK, f64, [2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %1 = stencil.read %t [0, 0, 0] data(%c1) : <IJK, f64, [2]>
# CHECK-NEXT:       %2 = arith.mulf %0, %1 : f64
# CHECK-NEXT:       %c1_0 = arith.constant 1 : index
# CHECK-NEXT:       %3 = stencil.read %v [0, 0, 0] data(%c1_0) : <IJK, f64, [2]>
# CHECK-NEXT:       %4 = arith.subf %2, %3 : f64
# CHECK-NEXT:       %c1_1 = arith.constant 1 : index
# CHECK-NEXT:       stencil.write %4, %v data(%c1_1) : <IJK, f64, [2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %c0_0 = arith.constant 0 : index
# CHECK-NEXT:       %0 = stencil.read %m [0, 0, 0] data(%c0, %c0_0) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c0_1 = arith.constant 0 : index
# CHECK-NEXT:       %c0_2 = arith.constant 0 : index
# CHECK-NEXT:       stencil.write %0, %m data(%c0_1, %c0_2) : <IJK, f64, [2, 2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %0 = stencil.read %m [0, 0, 0] data(%c1, %c0) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c0_0 = arith.constant 0 : index
# CHECK-NEXT:       %c1_1 = arith.constant 1 : index
# CHECK-NEXT:       stencil.write %0, %m data(%c0_0, %c1_1) : <IJK, f64, [2, 2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %0 = stencil.read %m [0, 0, 0] data(%c0, %c1) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c1_0 = arith.constant 1 : index
# CHECK-NEXT:       %c0_1 = arith.constant 0 : index
# CHECK-NEXT:       stencil.write %0, %m data(%c1_0, %c0_1) : <IJK, f64, [2, 2]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %c1_0 = arith.constant 1 : index
# CHECK-NEXT:       %0 = stencil.read %m [0, 0, 0] data(%c1, %c1_0) : <IJK, f64, [2, 2]>
# CHECK-NEXT:       %c1_1 = arith.constant 1 : index
# CHECK-NEXT:       %c1_2 = arith.constant 1 : index
# CHECK-NEXT:       stencil.write %0, %m data(%c1_1, %c1_2) : <IJK, f64, [2, 2]>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
