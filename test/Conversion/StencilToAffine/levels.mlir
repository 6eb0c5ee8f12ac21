// The only statement of a part of a sweep is run as vectors of two levels at a time, and the last level of an odd number by
// itself: what one level wrote, the next one has in a register. Meanwhile the sweep asks for the next tile.
// RUN: spada-opt %s --stencil-infer-extents "--stencil-to-affine=versions=i vector-bytes=64" | FileCheck %s

// CHECK-LABEL: func.func private @column_i_tile(
// Where the tile after this one begins: further along the row, or where the next row starts.
// CHECK: %[[MORE:.*]] = arith.cmpi slt, %arg6, %arg0
// CHECK: arith.select %[[MORE]], %arg6, %c0
// Level 0, one row of the next tile a step. Two groups ask for half of two fields' levels each: a row of either in turns.
// CHECK: affine.for %[[FIRST:.*]] = max
// CHECK: arith.select {{.*}} : memref<?xf64, strided<[1], offset: ?>>
// CHECK: scf.for
// CHECK-COUNT-1: memref.prefetch
// CHECK-NOT: memref.prefetch
// CHECK: scf.if
// Pairs of levels: a is loaded once for each, sum for the first one only.
// CHECK: affine.for %[[PAIR:.*]] = #{{.*}} to #{{.*}} step 2 {
// CHECK: scf.for
// CHECK-COUNT-2: memref.prefetch
// CHECK-NOT: memref.prefetch
// CHECK: scf.if
// CHECK-COUNT-3: vector.load
// CHECK-NOT: vector.load
// CHECK-COUNT-2: vector.store
// CHECK-NOT: vector.store
// CHECK: else
// CHECK-COUNT-3: vector.maskedload
// CHECK-NOT: vector.maskedload
// CHECK-COUNT-2: vector.maskedstore
// What is left.
// CHECK: affine.for
// CHECK-NOT: memref.prefetch
// CHECK: scf.if
// CHECK-COUNT-2: vector.load
// CHECK-NOT: vector.load
// CHECK: else
// Upwards the levels in the lower half are asked for, downwards those in the upper half.
// CHECK: affine.for %{{.*}} step 2 {
// CHECK: affine.apply
// CHECK: arith.divsi
// CHECK: scf.for
// CHECK-COUNT-2: memref.prefetch
// CHECK-NOT: memref.prefetch
// CHECK: scf.if
// CHECK-COUNT-3: vector.load
// CHECK-NOT: vector.load
// CHECK: else
// CHECK-LABEL: func.func @column_i(
stencil.program @column(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  %sum = stencil.temporary "sum" : !stencil.field<IJK, f64>
  section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      stencil.write %0, %sum : <IJK, f64>
    }
  }
  section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      %1 = stencil.read %sum[0, 0, -1] : <IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %sum : <IJK, f64>
    }
  }
  section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %sum[0, 0, 0] : <IJK, f64>
      %1 = stencil.read %o[0, 0, 1] : <IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %o : <IJK, f64>
    }
  }
}

// Points beside this one have no value of the next level yet; nor may tiles be independent.
// CHECK-LABEL: func.func private @slanted_i_tile(
// CHECK-NOT: step 2 {
// CHECK: affine.for
// CHECK: scf.if
// CHECK-COUNT-2: vector.load
// CHECK-NOT: vector.load
// CHECK: else
// CHECK-NOT: step 2 {
// CHECK-LABEL: func.func @slanted_i(
stencil.program @slanted(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      %1 = stencil.read %o[1, 0, 1] : <IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %o : <IJK, f64>
    }
  }
}

// A field without levels is the same row for both: the second level finds what the first one wrote.
// CHECK-LABEL: func.func private @total_i_tile(
// CHECK: affine.for %{{.*}} step 2 {
// CHECK: scf.if
// CHECK-COUNT-3: vector.load
// CHECK-NOT: vector.load
// CHECK: vector.store %{{.*}}, %[[S:.*]][%{{.*}}] :
// CHECK-NEXT: vector.store %{{.*}}, %[[S]][%{{.*}}] :
stencil.program @total(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %s: !stencil.field<IJ, f64> {stencil.name = "s"}) {
  section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f64>
      %1 = stencil.read %s[0, 0, 0] : <IJ, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %s : <IJ, f64>
    }
  }
}
