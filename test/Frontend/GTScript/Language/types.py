# Promotion: the wider of two types; quotients and functions of integers are float32; no weak literals.
# RUN: spada-translate --import-gtscript --stencil f %s | FileCheck %s
from gt4py.cartesian.gtscript import *
import numpy as np

F = Field[np.float64]


@stencil(backend="numpy")
def f(i: Field[np.int32], j: Field[np.int64], x: Field[np.float32], d: F,
      flag: Field[bool], s: np.int8):
    with computation(PARALLEL), interval(...):
        t = i / i
        u = sqrt(j)
        v = i + j
        w = x * 2.0
        x = x * 2.0
        i = d
        d = flag
        d = 1 if flag else 2.5
        flag = x < j
        a = x ** 2
        b = x ** d
        c = i ** 3
        e = s % 3
        g = float32(d) + int(d)
        h = floor(i)
        d = min(x, i)
        flag = isnan(d) or isinf(d) or not isfinite(i)
        k = K


# CHECK: stencil.program @f(%i: !stencil.field<IJK, i32> {stencil.name = "i"}, %j: !stencil.field<IJK, i64> {stencil.name = "j"}, %x: !stencil.field<IJK, f32> {stencil.name = "x"}, %d: !stencil.field<IJK, f64> {stencil.name = "d"}, %flag: !stencil.field<IJK, i1> {stencil.name = "flag"}, %s: i8 {stencil.name = "s"}) {
# CHECK-NEXT:   %t = temporary "t" : <IJK, f32>
# CHECK-NEXT:   %u = temporary "u" : <IJK, f32>
# CHECK-NEXT:   %v = temporary "v" : <IJK, i64>
# CHECK-NEXT:   %w = temporary "w" : <IJK, f64>
# CHECK-NEXT:   %a = temporary "a" : <IJK, f32>
# CHECK-NEXT:   %b = temporary "b" : <IJK, f64>
# CHECK-NEXT:   %c = temporary "c" : <IJK, i64>
# CHECK-NEXT:   %e = temporary "e" : <IJK, i64>
# CHECK-NEXT:   %g = temporary "g" : <IJK, f32>
# CHECK-NEXT:   %h = temporary "h" : <IJK, i32>
# CHECK-NEXT:   %k = temporary "k" : <IJK, i64>
# CHECK-NEXT:   section parallel [start, end) {
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       %1 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       %2 = arith.sitofp %0 : i32 to f32
# CHECK-NEXT:       %3 = arith.sitofp %1 : i32 to f32
# CHECK-NEXT:       %4 = arith.divf %2, %3 : f32
# CHECK-NEXT:       stencil.write %4, %t : <IJK, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %j [0, 0, 0] : <IJK, i64>
# CHECK-NEXT:       %1 = arith.sitofp %0 : i64 to f32
# CHECK-NEXT:       %2 = math.sqrt %1 : f32
# CHECK-NEXT:       stencil.write %2, %u : <IJK, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       %1 = stencil.read %j [0, 0, 0] : <IJK, i64>
# CHECK-NEXT:       %2 = arith.extsi %0 : i32 to i64
# CHECK-NEXT:       %3 = arith.addi %2, %1 : i64
# CHECK-NEXT:       stencil.write %3, %v : <IJK, i64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %x [0, 0, 0] : <IJK, f32>
# CHECK-NEXT:       %cst = arith.constant 2.000000e+00 : f64
# CHECK-NEXT:       %1 = arith.extf %0 : f32 to f64
# CHECK-NEXT:       %2 = arith.mulf %1, %cst : f64
# CHECK-NEXT:       stencil.write %2, %w : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %x [0, 0, 0] : <IJK, f32>
# CHECK-NEXT:       %cst = arith.constant 2.000000e+00 : f64
# CHECK-NEXT:       %1 = arith.extf %0 : f32 to f64
# CHECK-NEXT:       %2 = arith.mulf %1, %cst : f64
# CHECK-NEXT:       %3 = arith.truncf %2 : f64 to f32
# CHECK-NEXT:       stencil.write %3, %x : <IJK, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %d [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = arith.fptosi %0 : f64 to i32
# CHECK-NEXT:       stencil.write %1, %i : <IJK, i32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %flag [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       %1 = arith.uitofp %0 : i1 to f64
# CHECK-NEXT:       stencil.write %1, %d : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %flag [0, 0, 0] : <IJK, i1>
# CHECK-NEXT:       %c1_i64 = arith.constant 1 : i64
# CHECK-NEXT:       %1 = arith.sitofp %c1_i64 : i64 to f64
# CHECK-NEXT:       %cst = arith.constant 2.500000e+00 : f64
# CHECK-NEXT:       %2 = arith.select %0, %1, %cst : f64
# CHECK-NEXT:       stencil.write %2, %d : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %x [0, 0, 0] : <IJK, f32>
# CHECK-NEXT:       %1 = stencil.read %j [0, 0, 0] : <IJK, i64>
# CHECK-NEXT:       %2 = arith.sitofp %1 : i64 to f32
# CHECK-NEXT:       %3 = arith.cmpf olt, %0, %2 : f32
# CHECK-NEXT:       stencil.write %3, %flag : <IJK, i1>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %x [0, 0, 0] : <IJK, f32>
# CHECK-NEXT:       %c2_i64 = arith.constant 2 : i64
# CHECK-NEXT:       %1 = math.fpowi %0, %c2_i64 : f32, i64
# CHECK-NEXT:       stencil.write %1, %a : <IJK, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %x [0, 0, 0] : <IJK, f32>
# CHECK-NEXT:       %1 = stencil.read %d [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %2 = arith.extf %0 : f32 to f64
# CHECK-NEXT:       %3 = math.powf %2, %1 : f64
# CHECK-NEXT:       stencil.write %3, %b : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       %c3_i64 = arith.constant 3 : i64
# CHECK-NEXT:       %1 = arith.extsi %0 : i32 to i64
# CHECK-NEXT:       %2 = math.ipowi %1, %c3_i64 : i64
# CHECK-NEXT:       stencil.write %2, %c : <IJK, i64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %c3_i64 = arith.constant 3 : i64
# CHECK-NEXT:       %0 = arith.extsi %s : i8 to i64
# CHECK-NEXT:       %1 = stencil.mod %0, %c3_i64 : i64
# CHECK-NEXT:       stencil.write %1, %e : <IJK, i64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %d [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = arith.truncf %0 : f64 to f32
# CHECK-NEXT:       %2 = stencil.read %d [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %3 = arith.fptosi %2 : f64 to i64
# CHECK-NEXT:       %4 = arith.sitofp %3 : i64 to f32
# CHECK-NEXT:       %5 = arith.addf %1, %4 : f32
# CHECK-NEXT:       stencil.write %5, %g : <IJK, f32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       stencil.write %0, %h : <IJK, i32>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %x [0, 0, 0] : <IJK, f32>
# CHECK-NEXT:       %1 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       %2 = arith.sitofp %1 : i32 to f32
# CHECK-NEXT:       %3 = arith.minimumf %0, %2 : f32
# CHECK-NEXT:       %4 = arith.extf %3 : f32 to f64
# CHECK-NEXT:       stencil.write %4, %d : <IJK, f64>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.read %d [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %1 = arith.cmpf uno, %0, %0 : f64
# CHECK-NEXT:       %2 = stencil.read %d [0, 0, 0] : <IJK, f64>
# CHECK-NEXT:       %3 = math.absf %2 : f64
# CHECK-NEXT:       %cst = arith.constant 0x7FF0000000000000 : f64
# CHECK-NEXT:       %4 = arith.cmpf oeq, %3, %cst : f64
# CHECK-NEXT:       %5 = arith.ori %1, %4 : i1
# CHECK-NEXT:       %6 = stencil.read %i [0, 0, 0] : <IJK, i32>
# CHECK-NEXT:       %true = arith.constant true
# CHECK-NEXT:       %true_0 = arith.constant true
# CHECK-NEXT:       %7 = arith.xori %true, %true_0 : i1
# CHECK-NEXT:       %8 = arith.ori %5, %7 : i1
# CHECK-NEXT:       stencil.write %8, %flag : <IJK, i1>
# CHECK-NEXT:     }
# CHECK-NEXT:     stencil.statement {
# CHECK-NEXT:       %0 = stencil.level
# CHECK-NEXT:       %1 = arith.index_cast %0 : index to i64
# CHECK-NEXT:       stencil.write %1, %k : <IJK, i64>
# CHECK-NEXT:     }
# CHECK-NEXT:   }
# CHECK-NEXT: }
