// Sections that keep the order of levels share a loop over levels, with a branch for each interval; where the intervals
// follow each other, each has a loop of its own. A sweep downwards counts levels from the top. A value that only the next
// level reads keeps a ring of two levels.
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine=versions=i | FileCheck %s

// CHECK-LABEL: func.func private @sweeps_i_tile(
// CHECK: memref.view %arg11
// CHECK-NOT: affine.if
// CHECK: affine.for %[[FIRST:arg[0-9]+]] = max #{{.*}} to min #
// CHECK: affine.store %{{.*}}, %view[%[[FIRST]] mod 2,
// CHECK: affine.for %[[UP:arg[0-9]+]] = max #{{.*}} to min #
// CHECK: affine.load %view[(%[[UP]] - 1) mod 2,
// CHECK: affine.store %{{.*}}, %arg9[%{{.*}}, %{{.*}}, %[[UP]]]
// CHECK: affine.for %[[TOP:arg[0-9]+]] = max #{{.*}} to min #
// CHECK-NEXT: %[[DOWN:.*]] = affine.apply #{{.*}}(%[[TOP]])
// Asked for below, as the sweep goes.
// CHECK: affine.apply #[[MINUS:.*]](%[[DOWN]])[
// CHECK: affine.prefetch %arg10
// CHECK: affine.load %arg10[%{{.*}}, %{{.*}}, %[[DOWN]] + 1]
stencil.program @sweeps(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      stencil.write %0, %t : <IJK, f64>
    }
  }
  section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      %1 = stencil.read %t[0, 0, -1] : <IJK, f64>
      %2 = arith.mulf %0, %1 : f64
      stencil.write %2, %t : <IJK, f64>
      stencil.write %2, %a : <IJK, f64>
    }
  }
  section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %o[0, 0, 1] : <IJK, f64>
      %1 = stencil.read %a[0, 0, 0] : <IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %o : <IJK, f64>
    }
  }
}

// CHECK-LABEL: func.func private @overlap_i_tile(
// CHECK: affine.for %[[UP:arg[0-9]+]] =
// CHECK: affine.if #{{.*}}(%[[UP]])
// CHECK: affine.store %{{.*}}, %arg9[%{{.*}}, %{{.*}}, %[[UP]]]
// CHECK: affine.if #{{.*}}(%[[UP]])
// CHECK: affine.store %{{.*}}, %arg10[%{{.*}}, %{{.*}}, %[[UP]]]
stencil.program @overlap(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, -1] : <IJK, f64>
      stencil.write %0, %a : <IJK, f64>
    }
  }
  section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      stencil.write %0, %o : <IJK, f64>
    }
  }
}
