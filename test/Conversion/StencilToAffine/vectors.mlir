// Statements without control flow are written as vectors. Rows -1, 0 and 1 of t are read: two rows at a time read four.
// RUN: spada-opt %s --stencil-infer-extents "--stencil-to-affine=versions=i vector-bytes=64" | FileCheck %s
// RUN: spada-opt %s --stencil-infer-extents "--stencil-to-affine=versions=i vector-bytes=32" | FileCheck %s --check-prefix=HALF
// RUN: spada-opt %s --stencil-infer-extents "--stencil-to-affine=versions=i" | FileCheck %s --check-prefix=NONE

// CHECK-LABEL: func.func private @smooth_i_tile(
// Row 2 of a pair needs rows 0 to 3.
// CHECK: %[[FOUR:.*]] = arith.constant 4 : index
// CHECK: memref.view %arg11[%{{.*}}][%{{.*}}, %[[FOUR]], %{{.*}}]
// CHECK: affine.for
// CHECK: affine.for {{.*}} step 2 {
// t: one row after the other.
// CHECK: affine.for
// CHECK: scf.for
// CHECK: memref.prefetch
// CHECK: scf.if
// CHECK: vector.load {{.*}} vector<8xf64>
// CHECK: vector.store
// CHECK: else
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
// o: the last row is stored first, around the caches where they are too small.
// CHECK: scf.for
// CHECK: scf.if
// CHECK-COUNT-4: vector.load
// CHECK-NOT: vector.load
// CHECK: scf.if
// CHECK-NEXT: vector.store %{{.*}}, %[[SECOND:.*]][%{{.*}}] {nontemporal = true}
// CHECK-NEXT: vector.store %{{.*}}, %[[FIRST:.*]][%{{.*}}] {nontemporal = true}
// CHECK-NEXT: else
// CHECK: vector.store %{{.*}}, %[[SECOND]]
// CHECK-NEXT: vector.store %{{.*}}, %[[FIRST]]
// CHECK: else
// CHECK-COUNT-4: vector.maskedload
// CHECK-NOT: vector.maskedload
// CHECK-COUNT-2: vector.maskedstore

// HALF-LABEL: func.func private @smooth_i_tile(
// HALF: vector.load {{.*}} vector<4xf64>
// NONE-NOT: vector.
stencil.program @smooth(%u: !stencil.field<IJK, f64> {stencil.name = "u"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  %t = stencil.temporary "t" storage plane : !stencil.field<IJK, f64>
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %u[1, 0, 0] : <IJK, f64>
      stencil.write %0, %t : <IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t[0, 1, 0] : <IJK, f64>
      %1 = stencil.read %t[0, 0, 0] : <IJK, f64>
      %2 = stencil.read %t[0, -1, 0] : <IJK, f64>
      %3 = arith.addf %0, %1 : f64
      %4 = arith.addf %3, %2 : f64
      stencil.write %4, %o : <IJK, f64>
    }
  }
}

// A choice inside of the body is left to LLVM; so are elements of another width, and one that depends on the level.
// CHECK-LABEL: func.func private @branch_i_tile(
// CHECK-NOT: vector.
// CHECK: affine.parallel
// CHECK-LABEL: func.func @branch_i(
stencil.program @branch(%u: !stencil.field<IJK, f64> {stencil.name = "u"}, %n: !stencil.field<IJK, i32> {stencil.name = "n"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %u[0, 0, 0] : <IJK, f64>
      %zero = arith.constant 0.0 : f64
      %1 = arith.cmpf ogt, %0, %zero : f64
      scf.if %1 {
        stencil.write %0, %o : <IJK, f64>
      }
    }
  }
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %n[0, 0, 0] : <IJK, i32>
      %1 = arith.sitofp %0 : i32 to f64
      stencil.write %1, %u : <IJK, f64>
    }
  }
}
