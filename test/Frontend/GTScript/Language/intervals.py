# Bounds known at run time mask the statements of a full section; changed fields are frozen.
# RUN: spada-translate --import-gtscript --stencil f %s -e 'level=K[2]' | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy", externals={"TOP": -1})
def f(a: F, b: F, top: Field[IJ, np.int64], n: np.int32):
    from __externals__ import TOP, level

    with computation(PARALLEL):
        with interval(0, 2):
            b = a
        with interval(3, TOP):
            b = a
    with computation(BACKWARD), interval(level, None):
        b = a
    with computation(PARALLEL), interval(n, top):
        b = a
    with computation(FORWARD), interval(0, top):
        top = top - 1
    with computation(FORWARD), interval(0, 1):
        col: Field[IJ, np.float64] = a
        w: float32 = a
    with computation(PARALLEL), interval(start=1, end=None):
        pass


# CHECK: stencil.program @f(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}, %top: !stencil.field<IJ, i64> {stencil.name = "top"}, %n: i32 {stencil.name = "n"}) {
# CHECK-NEXT:   %bound_top = temporary "bound_top" : <IJ, i64>
# CHECK-NEXT:   %col = temporary "col" : <IJ, f64>
# CHECK-NEXT:   %w = temporary "w" : <IJK, f32>
# CHECK-NEXT:   section parallel [start, start + 2) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section parallel [start + 3, end + -1) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section backward [start + 2, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = arith.extsi %n : i32 to i64
# CHECK-NEXT:       %1 = stencil.level
# CHECK-NEXT:       %2 = arith.index_cast %1 : index to i64
# CHECK-NEXT:       %3 = arith.cmpi sge, %2, %0 : i64
# CHECK-NEXT:       %4 = stencil.read %top [0, 0, 0] : <IJ, i64>
# CHECK-NEXT:       %5 = stencil.level
# CHECK-NEXT:       %6 = arith.index_cast %5 : index to i64
# CHECK-NEXT:       %7 = arith.cmpi slt, %6, %4 : i64
# CHECK-NEXT:       %8 = arith.andi %3, %7 : i1
# CHECK-NEXT:       scf.if %8 {
# CHECK-NEXT:         %9 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:         stencil.write %9, %b : <IJK, f64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section forward [start, start + 1) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %top [0, 0, 0] : <IJ, i64>
# CHECK-NEXT:       stencil.write %0, %bound_top : <IJ, i64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section forward [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %bound_top [0, 0, 0] : <IJ, i64>
# CHECK-NEXT:       %1 = stencil.level
# CHECK-NEXT:       %2 = arith.index_cast %1 : index to i64
# CHECK-NEXT:       %3 = arith.cmpi slt, %2, %0 : i64
# CHECK-NEXT:       scf.if %3 {
# CHECK-NEXT:         %4 = stencil.read %top [0, 0, 0] : <IJ, i64>
# CHECK-NEXT:         %c1_i64 = arith.constant 1 : i64
# CHECK-NEXT:         %5 = arith.subi %4, %c1_i64 : i64
# CHECK-NEXT:         stencil.write %5, %top : <IJ, i64>
# CHECK-NEXT:       }
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section forward [start, start + 1) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       stencil.write %0, %col : <IJ, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %a [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = arith.truncf %0 : f64 to f32
# CHECK-NEXT:       stencil.write %1, %w : <IJK, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT:   section parallel [start + 1, end) {
# CHECK-NEXT:   }
# CHECK-NEXT: }
