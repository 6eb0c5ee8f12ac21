// Powers whose results stay the same bit for bit are multiplied out.
// RUN: spada-opt %s --pass-pipeline='builtin.module(stencil.program(stencil-expand-powers,canonicalize))' | FileCheck %s

// CHECK-LABEL: stencil.program @powers
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1.0
// CHECK-DAG: %[[THREE:.*]] = arith.constant 3.0
// CHECK-DAG: %[[LOWEST:.*]] = arith.constant 0xFFF0000000000000
// CHECK-DAG: %[[LARGEST:.*]] = arith.constant 0x7FF0000000000000
// CHECK-DAG: %[[MANY:.*]] = arith.constant 17 : i64
// CHECK: %[[X:.*]] = stencil.read %a
// CHECK: %[[SQUARE:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK: stencil.write %[[SQUARE]], %b
// CHECK: %[[SQRT:.*]] = math.sqrt %[[X]]
// CHECK: %[[ABS:.*]] = math.absf %[[SQRT]]
// CHECK: %[[IS:.*]] = arith.cmpf oeq, %[[X]], %[[LOWEST]]
// CHECK: %[[ROOT:.*]] = arith.select %[[IS]], %[[LARGEST]], %[[ABS]]
// CHECK: stencil.write %[[ROOT]], %b
// CHECK: %[[OVER:.*]] = arith.divf %[[ONE]], %[[X]]
// CHECK: stencil.write %[[OVER]], %b
// CHECK: stencil.write %[[ONE]], %b
// Two roundings: not what pow gives.
// CHECK: %[[CUBE:.*]] = math.powf %[[X]], %[[THREE]]
// CHECK: stencil.write %[[CUBE]], %b
// x ** 5 by squares: x, then x^4.
// CHECK: %[[P2:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK: %[[P4:.*]] = arith.mulf %[[P2]], %[[P2]]
// CHECK: %[[P5:.*]] = arith.mulf %[[X]], %[[P4]]
// CHECK: stencil.write %[[P5]], %b
// CHECK: %[[N2:.*]] = arith.mulf %[[X]], %[[X]]
// CHECK: %[[NEGATIVE:.*]] = arith.divf %[[ONE]], %[[N2]]
// CHECK: stencil.write %[[NEGATIVE]], %b
// CHECK: math.fpowi %[[X]], %[[MANY]]
stencil.program @powers(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %two = arith.constant 2.0 : f64
  %half = arith.constant 0.5 : f64
  %minus = arith.constant -1.0 : f64
  %zero = arith.constant 0.0 : f64
  %three = arith.constant 3.0 : f64
  %five = arith.constant 5 : i64
  %neg = arith.constant -2 : i64
  %many = arith.constant 17 : i64
  section parallel [start, end) {
    stencil.statement {
      %x = stencil.read %a [0, 0, 0] : <IJK, f64>
      %0 = math.powf %x, %two : f64
      stencil.write %0, %b : <IJK, f64>
      %1 = math.powf %x, %half : f64
      stencil.write %1, %b : <IJK, f64>
      %2 = math.powf %x, %minus : f64
      stencil.write %2, %b : <IJK, f64>
      %3 = math.powf %x, %zero : f64
      stencil.write %3, %b : <IJK, f64>
      %4 = math.powf %x, %three : f64
      stencil.write %4, %b : <IJK, f64>
      %5 = math.fpowi %x, %five : f64, i64
      stencil.write %5, %b : <IJK, f64>
      %6 = math.fpowi %x, %neg : f64, i64
      stencil.write %6, %b : <IJK, f64>
      %7 = math.fpowi %x, %many : f64, i64
      stencil.write %7, %b : <IJK, f64>
    }
  }
}
