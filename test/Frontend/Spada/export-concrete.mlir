// RUN: spada-translate --export-sptl %s -o %t.sptl
// RUN: FileCheck %s --input-file=%t.sptl
// RUN: spada-translate --import-spada %t.sptl -o %t.1.mlir
// RUN: spada-translate --export-sptl %t.1.mlir -o %t.again.sptl
// RUN: spada-translate --import-spada %t.again.sptl -o %t.2.mlir
// RUN: diff %t.1.mlir %t.2.mlir

// Transformed programs: shared constants, names that clash, completions without one.

// CHECK: // with N=8
// CHECK-NEXT: kernel @concrete<>(
// CHECK-NEXT: stream<f32, 4>[8, 1] readonly src) {
spada.kernel @concrete [] attributes {bindings = {N = 8 : i64}, grid = array<i64: 8, 1>} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c4 = spada.constant 4 : index
  %c8 = spada.constant 8 : index
  spada.argument "src" readonly f32 bound %c4 dims(%c8, %c1)
  // CHECK-NEXT: place i16 i, i16 j in [0:8, 0] {
  spada.place ["i", "j"] in (%c0 to %c8 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%c4)
    spada.field "k" f32
  }
  // CHECK: dataflow
  spada.dataflow ["i", "j"] in (%c0 to %c8 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "e" f32 offset(%c1, %c0)
  }
  // CHECK: compute i16 i, i16 j in [4:8:4, 0] {
  spada.compute ["i", "j"] in (%c4 to %c8 step %c4, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %e = spada.stream_ref "e" : !spada.stream<f32>
    // CHECK-NEXT: completion done#1 = send(a, e)
    %0 = spada.send "a" to %e : !spada.stream<f32>
    // CHECK-NEXT: completion tx = send(a, e)
    %1 = spada.send "a" to %e {name = "tx"} : !spada.stream<f32>
    // CHECK-NEXT: completion tx#1 = send(a, e)
    %2 = spada.send "a" to %e {name = "tx"} : !spada.stream<f32>
    // CHECK-NEXT: completion all#1 = send(a, e)
    %3 = spada.send "a" to %e {name = "all"} : !spada.stream<f32>
    // CHECK-NEXT: await tx#1
    // CHECK-NEXT: await tx
    // CHECK-NEXT: await done#1
    // CHECK-NEXT: await all#1
    spada.await %2
    spada.await %1
    spada.await %0
    spada.await %3
    // A variable may not hide the field or the outer variable that its body uses.
    // CHECK-NEXT: for i16 k#1, i16 i#1 in [0:4, 0:4] {
    // CHECK-NEXT:   k = a[k#1] if (i < i#1) else a[i#1]
    spada.for ["k", "i"] range(%c0, %c0) to(%c4, %c4) step(%c1, %c1) {
    ^bb0(%k: i16, %l: i16):
      %v = spada.read "a"[%k : i16] : f32
      %w = spada.read "a"[%l : i16] : f32
      %less = spada.binary lt %i, %l : i16 -> i1
      %s = spada.select %less, %v, %w : f32
      spada.write "k", %s : f32
    }
    // CHECK: for i16 i in [0:4] {
    // CHECK-NEXT: a[i] = 1.0
    spada.for ["i"] range(%c0) to(%c4) step(%c1) {
    ^bb0(%k: i16):
      %one = spada.constant 1.0 : f32
      spada.write "a"[%k : i16], %one : f32
    }
  }
}
