// Sweeps over arrays with unit stride on K run on copies with unit stride on I: what a tile reads is turned around before,
// what it writes after. Where levels are independent, rows along K are run as they are.
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine=versions=k | FileCheck %s

// Blocks of 16 x 16 elements of 4 bytes in registers, single elements where there are fewer.
// CHECK-LABEL: func.func private @spada_transpose_f32(
// CHECK: scf.if
// CHECK: memref.prefetch %arg0
// CHECK-COUNT-16: vector.load %arg0
// CHECK-COUNT-64: vector.shuffle
// CHECK-COUNT-16: vector.store
// CHECK: } else {
// CHECK: memref.load %arg0[%[[R:arg[0-9]+]], %[[C:arg[0-9]+]]]
// CHECK-NEXT: memref.store %{{.*}}, %arg1[%[[C]], %[[R]]]

// CHECK-LABEL: func.func private @sweep_k_tile(
// CHECK: %[[A:.*]] = memref.view %arg11
// CHECK: %[[O:.*]] = memref.view %arg11
// CHECK: scf.for
// CHECK: memref.extract_strided_metadata %arg9
// CHECK: call @spada_transpose_f32
// CHECK: scf.for
// CHECK: memref.extract_strided_metadata %arg10
// CHECK: call @spada_transpose_f32
// CHECK: affine.for
// CHECK: affine.parallel
// CHECK-NEXT: affine.load %[[O]][%{{.*}} - symbol(%arg5) + 1,
// CHECK-NEXT: affine.load %[[A]][
// CHECK: affine.store %{{.*}}, %[[O]][
// Only the field that is written goes back.
// CHECK: scf.for
// CHECK: memref.extract_strided_metadata %arg10
// CHECK: call @spada_transpose_f32
// CHECK-NOT: scf.for
// CHECK-LABEL: func.func @sweep_k(
stencil.program @sweep(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %o: !stencil.field<IJK, f32> {stencil.name = "o"}) {
  section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %o[0, 0, 1] : <IJK, f32>
      %1 = stencil.read %a[1, 0, 0] : <IJK, f32>
      %2 = arith.addf %0, %1 : f32
      stencil.write %2, %o : <IJK, f32>
    }
  }
}

// CHECK-LABEL: func.func private @plain_k_tile(
// CHECK-NOT: call
// CHECK: affine.parallel
// CHECK-NEXT: affine.load %arg9
// CHECK-NEXT: affine.store %{{.*}}, %arg10
stencil.program @plain(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %o: !stencil.field<IJK, f32> {stencil.name = "o"}) {
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : <IJK, f32>
      stencil.write %0, %o : <IJK, f32>
    }
  }
}
