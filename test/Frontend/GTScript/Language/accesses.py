# Offsets in three forms, levels known at run time, data indices and tables.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy", externals={"ONE": 1})
def f(a: F, b: F, m: Field[IJ, np.float32], k1: Field[K, np.float64], n: int,
      v: Field[(np.float64, (2, 3))], t: GlobalTable[(np.float64, (4,))]):
    from __externals__ import ONE

    with computation(FORWARD), interval(...):
        b = a[1, -ONE, 0] + a[J + 1] + a[I - 1, K + ONE] + a[...]
        b = m[1, 0] + k1[-1]
        b = a[0, 0, n] + a[0, 0, n - 1]
        b = a.at(K=0) + a.at(K=n + 1) + v.at(K=2, ddim=[0, n])
        b = v[0, 0, 1][1, n] + v.A[0, 2] + t.A[3] + t.A[n]
        b[0, 0, 1] = a
        b[0, 0, n] = a
        v[0, 0, 0][1, 1] = a
        m = 1.0


# CHECK: stencil.program @f(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}, %m: !stencil.field<IJ, f32> {stencil.name = "m"}, %k1: !stencil.field<K, f64> {stencil.name = "k1"}, %n: i64 {stencil.literal, stencil.name = "n"}, %v: !stencil.field<IJK, f64, [2, 3]> {stencil.name = "v"}, %t: !stencil.field<none, f64, [4]> {stencil.name = "t"}) {
# CHECK-NEXT:   section forward [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [1, -1, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = stencil.read %a [0, 1, 0] : <IJK, f64>
# CHECK-NEXT:       %2 = arith.addf %0, %1 : f64
# CHECK-NEXT:       %3 = stencil.read %a [-1, 0, 1] : <IJK, f64>
# CHECK-NEXT:       %4 = arith.addf %2, %3 : f64
# CHECK-NEXT:       %5 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %6 = arith.addf %4, %5 : f64
# CHECK-NEXT:       stencil.write %6, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %m [1, 0, 0] : <IJ, f32>
# CHECK-NEXT:       %1 = stencil.read %k1 [0, 0, -1] : <K, f64>
# CHECK-NEXT:       %2 = arith.extf %0 : f32 to f64
# CHECK-NEXT:       %3 = arith.addf %2, %1 : f64
# CHECK-NEXT:       stencil.write %3, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = arith.index_cast %n : i64 to index
# CHECK-NEXT:       %1 = stencil.read %a [0, 0, 0] shift %0 : <IJK, f64>
# CHECK-NEXT:       %c1_i64 = arith.constant 1 : i64
# CHECK-NEXT:       %2 = arith.subi %n, %c1_i64 : i64
# CHECK-NEXT:       %3 = arith.index_cast %2 : i64 to index
# CHECK-NEXT:       %4 = stencil.read %a [0, 0, 0] shift %3 : <IJK, f64>
# CHECK-NEXT:       %5 = arith.addf %1, %4 : f64
# CHECK-NEXT:       stencil.write %5, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] at %c0 : <IJK, f64>
# CHECK-NEXT:       %c1_i64 = arith.constant 1 : i64
# CHECK-NEXT:       %1 = arith.addi %n, %c1_i64 : i64
# CHECK-NEXT:       %2 = arith.index_cast %1 : i64 to index
# CHECK-NEXT:       %3 = stencil.read %a [0, 0, 0] at %2 : <IJK, f64>
# CHECK-NEXT:       %4 = arith.addf %0, %3 : f64
# CHECK-NEXT:       %c2 = arith.constant 2 : index
# CHECK-NEXT:       %c0_0 = arith.constant 0 : index
# CHECK-NEXT:       %5 = arith.index_cast %n : i64 to index
# CHECK-NEXT:       %6 = stencil.read %v [0, 0, 0] at %c2 data(%c0_0, %5) : <IJK, f64, [2, 3]>
# CHECK-NEXT:       %7 = arith.addf %4, %6 : f64
# CHECK-NEXT:       stencil.write %7, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %0 = arith.index_cast %n : i64 to index
# CHECK-NEXT:       %1 = stencil.read %v [0, 0, 1] data(%c1, %0) : <IJK, f64, [2, 3]>
# CHECK-NEXT:       %c0 = arith.constant 0 : index
# CHECK-NEXT:       %c2 = arith.constant 2 : index
# CHECK-NEXT:       %2 = stencil.read %v [0, 0, 0] data(%c0, %c2) : <IJK, f64, [2, 3]>
# CHECK-NEXT:       %3 = arith.addf %1, %2 : f64
# CHECK-NEXT:       %c3 = arith.constant 3 : index
# CHECK-NEXT:       %4 = stencil.read %t [0, 0, 0] data(%c3) : <none, f64, [4]>
# CHECK-NEXT:       %5 = arith.addf %3, %4 : f64
# CHECK-NEXT:       %6 = arith.index_cast %n : i64 to index
# CHECK-NEXT:       %7 = stencil.read %t [0, 0, 0] data(%6) : <none, f64, [4]>
# CHECK-NEXT:       %8 = arith.addf %5, %7 : f64
# CHECK-NEXT:       stencil.write %8, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %b dk 1 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = arith.index_cast %n : i64 to index
# CHECK-NEXT:       stencil.write %0, %b shift %1 : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %c1 = arith.constant 1 : index
# CHECK-NEXT:       %c1_0 = arith.constant 1 : index
# CHECK-NEXT:       stencil.write %0, %v data(%c1, %c1_0) : <IJK, f64, [2, 3]>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %cst = arith.constant 1.000000e+00 : f64
# CHECK-NEXT:       %0 = arith.truncf %cst : f64 to f32
# CHECK-NEXT:       stencil.write %0, %m : <IJ, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
