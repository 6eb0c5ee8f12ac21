// Statements of one section share a loop over rows: the second lags one row behind, and the temporary keeps four rows.
// A piece of a row is asked for rows, or levels, before it is used.
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine=versions=i | FileCheck %s

// CHECK-LABEL: func.func private @rows_i_tile(
// CHECK: memref.view %arg11{{.*}} : memref<?xi8> to memref<?x?x?xf64>
// The levels of the tile, then its rows.
// CHECK: affine.for %[[LEVEL:.*]] = max
// CHECK-NEXT: affine.for %[[TIME:.*]] =
// CHECK: affine.if
// A piece of 64 elements; one element of each line is asked for.
// CHECK-NEXT: affine.for %[[PIECE:.*]] = {{.*}} step 64
// CHECK-NEXT: %[[AHEAD:.*]] = affine.apply
// CHECK-NEXT: %[[ABOVE:.*]] = affine.apply
// CHECK-NEXT: affine.for %[[LINE:.*]] = {{.*}} step 8
// CHECK-NEXT: affine.prefetch %arg9[%[[LINE]], %[[AHEAD]] + 1, %[[ABOVE]]], read, locality<2>, data
// CHECK: affine.parallel (%[[I:.*]]) = (%[[PIECE]]) to (min(symbol(%arg6), %[[PIECE]] + 64))
// CHECK-NEXT: affine.load %arg9[%[[I]], %[[ROW:.*]] + 1, %[[LEVEL]]]
// CHECK-NEXT: affine.store %{{.*}}, %view[0, %[[ROW]] mod 4,
// CHECK: %[[LAST:.*]] = affine.apply #{{.*}}(%[[TIME]])
// CHECK-NEXT: affine.if
// CHECK: affine.load %view[0, (%[[LAST]] + 1) mod 4,
// CHECK-NEXT: affine.load %view[0, (%[[LAST]] - 1) mod 4,
// CHECK: affine.store %{{.*}}, %arg10[%{{.*}}, %[[LAST]], %[[LEVEL]]]

// CHECK-LABEL: func.func @rows_i(
// CHECK: affine.parallel
// CHECK: %[[SCRATCH:.*]] = memref.alloc
// CHECK: call @rows_i_tile({{.*}}, %[[SCRATCH]])
// CHECK: dealloc %[[SCRATCH]]
// CHECK: {spada.tiles}

stencil.program @rows(%u: !stencil.field<IJK, f64> {stencil.name = "u"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  %t = stencil.temporary "t" storage plane : !stencil.field<IJK, f64>
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %u[0, 1, 0] : <IJK, f64>
      stencil.write %0, %t : <IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t[0, 1, 0] : <IJK, f64>
      %1 = stencil.read %t[0, -1, 0] : <IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %o : <IJK, f64>
    }
  }
}
