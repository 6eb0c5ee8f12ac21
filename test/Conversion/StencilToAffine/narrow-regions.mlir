// A region that is one point wide is a branch, one of two points a plain loop; only wide rows are loops over
// independent points, which get vectors.
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine='versions=i' | FileCheck %s

// CHECK-LABEL: func.func private @edges_i_tile(
// One corner, and one point of each row: no loop over points.
// CHECK: affine.if
// CHECK-NEXT: affine.if
// CHECK-NEXT: affine.apply
// CHECK-NEXT: affine.store %{{.*}}, %arg9[
// CHECK: affine.if
// CHECK-NEXT: affine.if
// CHECK-NEXT: affine.apply
// CHECK-NEXT: affine.store %{{.*}}, %arg10[
// Two columns: plain loops.
// CHECK: affine.for
// CHECK-NEXT: affine.apply
// CHECK-NEXT: affine.for
// CHECK-NEXT: affine.for
// CHECK-NEXT: affine.store %{{.*}}, %arg11[
// One row: a branch, its points are independent.
// CHECK: affine.if
// CHECK-NEXT: affine.apply
// CHECK-NEXT: affine.parallel
// CHECK-NEXT: affine.store %{{.*}}, %arg12[
stencil.program @edges(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}, %c: !stencil.field<IJK, f64> {stencil.name = "c"},
                       %d: !stencil.field<IJK, f64> {stencil.name = "d"}) {
  %one = arith.constant 1.0 : f64
  section parallel [start, end) {
    stencil.statement where [#stencil.region<start:start + 1, end + -1:end>] {
      stencil.write %one, %a : <IJK, f64>
    }
  }
  section forward [start, end) {
    stencil.statement where [#stencil.region<start + 1:start + 2, :>] {
      stencil.write %one, %b : <IJK, f64>
    }
  }
  section backward [start, end) {
    stencil.statement where [#stencil.region<start:start + 2, :>] {
      stencil.write %one, %c : <IJK, f64>
    }
  }
  section forward [start, end) {
    stencil.statement where [#stencil.region<:, end + -1:end>] {
      stencil.write %one, %d : <IJK, f64>
    }
  }
}
