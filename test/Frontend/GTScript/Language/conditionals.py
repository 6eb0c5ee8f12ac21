# An if on fields stores its mask first; one on scalars does not; compile-time ones disappear.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy", externals={"FLAG": True, "N": 3})
def f(a: F, b: F, s: float, opt: F = None):
    from __externals__ import FLAG, N

    with computation(PARALLEL), interval(...):
        if a > 0.0:
            b = 1.0
            if a > s:
                b = 2.0
        elif a < -1.0:
            b = 3.0
        else:
            b = 4.0
        if s > 1.0:
            b = a
        else:
            a = b
        if FLAG and N > 2:
            b = 5.0
        else:
            b = opt
        if __INLINED(not FLAG):
            b = opt


# CHECK: stencil.program @f(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}, %s: f64 {stencil.literal, stencil.name = "s"}, %opt: !stencil.field<IJK, f64> {stencil.default, stencil.name = "opt"}) {
# CHECK-NEXT:   %mask = temporary "mask" : <IJK, i1>
# CHECK-NEXT:   %mask__1 = temporary "mask__1" : <IJK, i1>
# CHECK-NEXT:   %mask__2 = temporary "mask__2" : <IJK, i1>
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %cst = arith.constant 0.000000e+00 : f64
# CHECK-NEXT:       %1 = arith.cmpf ogt, %0, %cst : f64
# CHECK-NEXT:       stencil.write %1, %mask : <IJK, i1>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %0 = stencil.read %mask [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       scf.if %0 {
# CHECK-NEXT:         %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:         stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %0 = stencil.read %mask [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       %1 = scf.if %0 -> (i1) {
# CHECK-NEXT:         %2 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         %3 = arith.cmpf ogt, %2, %s : f64
# CHECK-NEXT:         scf.yield %3 : i1
# CHECK-NEXT:       } else {
# CHECK-NEXT:         %false = arith.constant false
# CHECK-NEXT:         scf.yield %false : i1
# CHECK-NEXT:       }
# CHECK-NEXT:       stencil.write %1, %mask__1 : <IJK, i1>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %0 = stencil.read %mask__1 [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       scf.if %0 {
# CHECK-NEXT:         %cst = arith.constant 2.000000e+00 : f64
# CHECK-NEXT:         stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %0 = stencil.read %mask [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       %true = arith.constant true
# CHECK-NEXT:       %1 = arith.xori %0, %true : i1
# CHECK-NEXT:       %2 = scf.if %1 -> (i1) {
# CHECK-NEXT:         %3 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         %cst = arith.constant -1.000000e+00 : f64
# CHECK-NEXT:         %4 = arith.cmpf olt, %3, %cst : f64
# CHECK-NEXT:         scf.yield %4 : i1
# CHECK-NEXT:       } else {
# CHECK-NEXT:         %false = arith.constant false
# CHECK-NEXT:         scf.yield %false : i1
# CHECK-NEXT:       }
# CHECK-NEXT:       stencil.write %2, %mask__2 : <IJK, i1>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %0 = stencil.read %mask__2 [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       scf.if %0 {
# CHECK-NEXT:         %cst = arith.constant 3.000000e+00 : f64
# CHECK-NEXT:         stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %0 = stencil.read %mask [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       %true = arith.constant true
# CHECK-NEXT:       %1 = arith.xori %0, %true : i1
# CHECK-NEXT:       %2 = stencil.read %mask__2 [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       %true_0 = arith.constant true
# CHECK-NEXT:       %3 = arith.xori %2, %true_0 : i1
# CHECK-NEXT:       %4 = arith.andi %1, %3 : i1
# CHECK-NEXT:       scf.if %4 {
# CHECK-NEXT:         %cst = arith.constant 4.000000e+00 : f64
# CHECK-NEXT:         stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:       %0 = arith.cmpf ogt, %s, %cst : f64
# CHECK-NEXT:       scf.if %0 {
# CHECK-NEXT:         %1 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         stencil.write %1, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement joined {
# CHECK-NEXT:       %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:       %0 = arith.cmpf ogt, %s, %cst : f64
# CHECK-NEXT:       %true = arith.constant true
# CHECK-NEXT:       %1 = arith.xori %0, %true : i1
# CHECK-NEXT:       scf.if %1 {
# CHECK-NEXT:         %2 = stencil.read %b [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         stencil.write %2, %a : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 5.000000e+00 : f64
# CHECK-NEXT:       stencil.write %cst, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
