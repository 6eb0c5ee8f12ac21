// RUN: spada-opt %s --canonicalize --split-input-file | FileCheck %s
// RUN: spada-opt %s --canonicalize --canonicalize --split-input-file | FileCheck %s

// Compile-time integers: 64 bits, exact.
// CHECK-LABEL: func.func @index_arithmetic
func.func @index_arithmetic() -> (index, index, index, index, index, index, i1) {
  // CHECK-DAG: %[[DIV:.*]] = spada.constant -3 : index
  // CHECK-DAG: %[[REM:.*]] = spada.constant 2 : index
  // CHECK-DAG: %[[REMN:.*]] = spada.constant -2 : index
  // CHECK-DAG: %[[SHL:.*]] = spada.constant 4611686018427387904 : index
  // CHECK-DAG: %[[SHR:.*]] = spada.constant -4 : index
  // CHECK-DAG: %[[MUL:.*]] = spada.constant -21 : index
  // CHECK-DAG: %[[LT:.*]] = spada.constant true
  // CHECK: return %[[DIV]], %[[REM]], %[[REMN]], %[[SHL]], %[[SHR]], %[[MUL]], %[[LT]]
  %c9 = spada.constant 9 : index
  %c7 = spada.constant 7 : index
  %m7 = spada.constant -7 : index
  %c3 = spada.constant 3 : index
  %m3 = spada.constant -3 : index
  %c1 = spada.constant 1 : index
  %c62 = spada.constant 62 : index
  %0 = spada.binary div %c9, %m3 : index -> index
  %1 = spada.binary rem %m7, %c3 : index -> index
  %2 = spada.binary rem %c7, %m3 : index -> index
  %3 = spada.binary shl %c1, %c62 : index -> index
  %4 = spada.binary shr %m7, %c1 : index -> index
  %5 = spada.binary mul %m7, %c3 : index -> index
  %6 = spada.binary lt %m7, %c3 : index -> i1
  return %0, %1, %2, %3, %4, %5, %6 : index, index, index, index, index, index, i1
}

// -----

// What has no exact value stays, for spada-concretize to report.
// CHECK-LABEL: func.func @index_left_alone
func.func @index_left_alone() -> (index, index, index, index, index, index) {
  // CHECK: spada.binary div
  // CHECK: spada.binary div
  // CHECK: spada.binary rem
  // CHECK: spada.binary add
  // CHECK: spada.binary shl
  // CHECK: spada.binary shl
  %c0 = spada.constant 0 : index
  %c7 = spada.constant 7 : index
  %c2 = spada.constant 2 : index
  %c70 = spada.constant 70 : index
  %max = spada.constant 9223372036854775807 : index
  %0 = spada.binary div %c7, %c2 : index -> index
  %1 = spada.binary div %c7, %c0 : index -> index
  %2 = spada.binary rem %c7, %c0 : index -> index
  %3 = spada.binary add %max, %c7 : index -> index
  %4 = spada.binary shl %c7, %c70 : index -> index
  %5 = spada.binary shl %max, %c2 : index -> index
  return %0, %1, %2, %3, %4, %5 : index, index, index, index, index, index
}

// -----

// Scalars wrap at their width; division is floor division; unsigned types are unsigned.
// CHECK-LABEL: func.func @integers
func.func @integers() -> (i16, i16, i16, i16, ui16, i1, i16, i8) {
  // CHECK-DAG: %[[ADD:.*]] = spada.constant -32768 : i16
  // CHECK-DAG: %[[DIV:.*]] = spada.constant -3 : i16
  // CHECK-DAG: %[[REM:.*]] = spada.constant 2 : i16
  // CHECK-DAG: %[[SHR:.*]] = spada.constant -4 : i16
  // CHECK-DAG: %[[USHR:.*]] = spada.constant 32767 : ui16
  // CHECK-DAG: %[[GT:.*]] = spada.constant true
  // CHECK-DAG: %[[NOT:.*]] = spada.constant 6 : i16
  // CHECK-DAG: %[[NEG:.*]] = spada.constant -128 : i8
  // CHECK: return %[[ADD]], %[[DIV]], %[[REM]], %[[SHR]], %[[USHR]], %[[GT]], %[[NOT]], %[[NEG]]
  %max = spada.constant 32767 : i16
  %c1 = spada.constant 1 : i16
  %m7 = spada.constant -7 : i16
  %c3 = spada.constant 3 : i16
  %u = spada.constant 65535 : ui16
  %u1 = spada.constant 1 : ui16
  %m128 = spada.constant -128 : i8
  %0 = spada.binary add %max, %c1 : i16 -> i16
  %1 = spada.binary div %m7, %c3 : i16 -> i16
  %2 = spada.binary rem %m7, %c3 : i16 -> i16
  %3 = spada.binary shr %m7, %c1 : i16 -> i16
  %4 = spada.binary shr %u, %u1 : ui16 -> ui16
  %5 = spada.binary gt %u, %u1 : ui16 -> i1
  %6 = spada.unary not %m7 : i16
  %7 = spada.unary neg %m128 : i8
  return %0, %1, %2, %3, %4, %5, %6, %7 : i16, i16, i16, i16, ui16, i1, i16, i8
}

// -----

// Division by zero and shifts out of range are run-time traps.
// CHECK-LABEL: func.func @integers_left_alone
func.func @integers_left_alone() -> (i16, i16, i16) {
  // CHECK: spada.binary div
  // CHECK: spada.binary rem
  // CHECK: spada.binary shl
  %c0 = spada.constant 0 : i16
  %c1 = spada.constant 1 : i16
  %c16 = spada.constant 16 : i16
  %0 = spada.binary div %c1, %c0 : i16 -> i16
  %1 = spada.binary rem %c1, %c0 : i16 -> i16
  %2 = spada.binary shl %c1, %c16 : i16 -> i16
  return %0, %1, %2 : i16, i16, i16
}

// -----

// One rounding in the type's own format.
// CHECK-LABEL: func.func @floats
func.func @floats() -> (f16, f16, f32, f32, i1, f32) {
  // CHECK-DAG: %[[TIE:.*]] = spada.constant 2.048000e+03 : f16
  // CHECK-DAG: %[[INF:.*]] = spada.constant 0x7C00 : f16
  // CHECK-DAG: %[[ADD:.*]] = spada.constant 0x4B800000 : f32
  // CHECK-DAG: %[[REM:.*]] = spada.constant -5.000000e-01 : f32
  // CHECK-DAG: %[[NE:.*]] = spada.constant true
  // CHECK-DAG: %[[NEG:.*]] = spada.constant -0.000000e+00 : f32
  // CHECK: return %[[TIE]], %[[INF]], %[[ADD]], %[[REM]], %[[NE]], %[[NEG]]
  %a = spada.constant 2.048000e+03 : f16
  %b = spada.constant 1.0 : f16
  %big = spada.constant 6.0e+04 : f16
  %x = spada.constant 16777216.0 : f32
  %one = spada.constant 1.0 : f32
  %p = spada.constant 5.5 : f32
  %q = spada.constant -2.0 : f32
  %nan = spada.constant 0x7FC00000 : f32
  %zero = spada.constant 0.0 : f32
  %0 = spada.binary add %a, %b : f16 -> f16
  %1 = spada.binary add %big, %big : f16 -> f16
  %2 = spada.binary add %x, %one : f32 -> f32
  %3 = spada.binary rem %p, %q : f32 -> f32
  %4 = spada.binary ne %nan, %nan : f32 -> i1
  %5 = spada.unary neg %zero : f32
  return %0, %1, %2, %3, %4, %5 : f16, f16, f32, f32, i1, f32
}

// -----

// CHECK-LABEL: func.func @casts
func.func @casts(%x: f32) -> (i16, ui8, i1, f16, f32, i8, f32) {
  // CHECK-SAME: (%[[X:.*]]: f32)
  // CHECK-DAG: %[[TRUNC:.*]] = spada.constant -3 : i16
  // CHECK-DAG: %[[WRAP:.*]] = spada.constant 44 : ui8
  // CHECK-DAG: %[[BOOL:.*]] = spada.constant true
  // CHECK-DAG: %[[HALF:.*]] = spada.constant 9.997550e-02 : f16
  // CHECK-DAG: %[[UNSIGNED:.*]] = spada.constant 6.553500e+04 : f32
  // CHECK-DAG: %[[EXACT:.*]] = spada.constant -128 : i8
  // CHECK: return %[[TRUNC]], %[[WRAP]], %[[BOOL]], %[[HALF]], %[[UNSIGNED]], %[[EXACT]], %[[X]]
  %f = spada.constant -3.75 : f32
  %i = spada.constant 300 : i16
  %t = spada.constant 1.000000e-01 : f32
  %u = spada.constant 65535 : ui16
  %n = spada.constant -128 : index
  %0 = spada.cast %f : f32 to i16
  %1 = spada.cast %i : i16 to ui8
  %2 = spada.cast %f : f32 to i1
  %3 = spada.cast %t : f32 to f16
  %4 = spada.cast %u : ui16 to f32
  %5 = spada.cast %n : index to i8
  %6 = spada.cast %x : f32 to f32
  return %0, %1, %2, %3, %4, %5, %6 : i16, ui8, i1, f16, f32, i8, f32
}

// -----

// A float out of range traps at run time; a compile-time integer that does not fit is an error of spada-concretize.
// CHECK-LABEL: func.func @casts_left_alone
func.func @casts_left_alone() -> (i16, i8) {
  // CHECK: spada.cast %{{.*}} : f32 to i16
  // CHECK: spada.cast %{{.*}} : index to i8
  %f = spada.constant 40000.0 : f32
  %n = spada.constant 128 : index
  %0 = spada.cast %f : f32 to i16
  %1 = spada.cast %n : index to i8
  return %0, %1 : i16, i8
}

// -----

// CHECK-LABEL: func.func @selects
func.func @selects(%a: !spada.stream<f32>, %b: !spada.stream<f32>, %c: i1)
    -> (!spada.stream<f32>, !spada.stream<f32>, !spada.stream<f32>, !spada.stream<f32>) {
  // CHECK-SAME: (%[[A:.*]]: !spada.stream<f32>, %[[B:.*]]: !spada.stream<f32>, %[[C:.*]]: i1)
  // CHECK: %[[S:.*]] = spada.select %[[C]], %[[A]], %[[B]]
  // CHECK: return %[[A]], %[[B]], %[[A]], %[[S]]
  %true = spada.constant true
  %false = spada.constant false
  %0 = spada.select %true, %a, %b : !spada.stream<f32>
  %1 = spada.select %false, %a, %b : !spada.stream<f32>
  %2 = spada.select %c, %a, %a : !spada.stream<f32>
  %3 = spada.select %c, %a, %b : !spada.stream<f32>
  return %0, %1, %2, %3 : !spada.stream<f32>, !spada.stream<f32>, !spada.stream<f32>, !spada.stream<f32>
}
