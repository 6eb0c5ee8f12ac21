// Arrays of any strides: the tile for unit stride on I runs on copies. So do large programs on arrays with unit stride on K.
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine=versions=any | FileCheck %s
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine='versions=i,k,any most-ops=3' | FileCheck %s --check-prefix=LARGE
// RUN: spada-opt %s --stencil-infer-extents --stencil-to-affine='versions=k most-ops=3' | FileCheck %s --check-prefix=ONLY

// Planes are turned around where levels, then rows along J, are contiguous in the array that is read, or in the one that is
// written.
// CHECK-LABEL: func.func private @spada_copy_i8(
// CHECK: %{{.*}}, %[[OFFSET:.*]], %{{.*}}:3, %[[FROM:.*]]:3 = memref.extract_strided_metadata %arg0
// CHECK: %{{.*}}, %{{.*}}, %{{.*}}:3, %[[TO:.*]]:3 = memref.extract_strided_metadata %arg1
// CHECK: arith.cmpi eq, %[[FROM]]#2, %c1
// CHECK: arith.cmpi eq, %[[TO]]#1, %c1
// CHECK: scf.if
// CHECK: func.call @spada_transpose_i8
// CHECK: arith.cmpi eq, %[[FROM]]#1, %c1
// CHECK: arith.cmpi eq, %[[TO]]#2, %c1
// CHECK: scf.if
// CHECK: func.call @spada_transpose_i8
// CHECK: arith.cmpi eq, %[[FROM]]#0, %c1
// CHECK: arith.cmpi eq, %[[TO]]#1, %c1
// CHECK: func.call @spada_transpose_i8
// CHECK: arith.cmpi eq, %[[FROM]]#1, %c1
// CHECK: arith.cmpi eq, %[[TO]]#0, %c1
// CHECK: func.call @spada_transpose_i8
// CHECK: } else {
// CHECK-COUNT-3: scf.for
// CHECK-NOT: scf.for
// CHECK: memref.store

// CHECK-LABEL: func.func private @sweep_any_tile(
// CHECK-SAME: memref<?x?x?xf32, strided<[?, ?, ?]>>
// Rows of whole lines: one element after the tile.
// CHECK: %[[ROW:.*]] = affine.apply #{{.*}}()[%{{.*}}]
// CHECK: %[[A:.*]] = memref.view %arg11[
// CHECK: call @spada_copy_f32
// CHECK: %[[ARG:.*]] = memref.reinterpret_cast %[[A]] to offset: [0], {{.*}} strides: [1, %[[ROW]], %{{.*}}] : memref<?xf32> to memref<?x?x?xf32, strided<[1, ?, ?]>>
// CHECK: call @spada_copy_f32
// CHECK: %[[REST:.*]] = memref.view %arg11[
// CHECK: call @sweep_i_tile({{.*}}, %[[ARG]], %{{.*}}, %[[REST]])
// Only the field that is written goes back.
// CHECK: call @spada_copy_f32
// CHECK-NOT: call
// CHECK-LABEL: func.func private @sweep_i_tile(
// CHECK-SAME: memref<?x?x?xf32, strided<[1, ?, ?]>>
// CHECK: affine.parallel
// CHECK-NOT: func.func @sweep_i(
// CHECK-LABEL: func.func @sweep_any(
// CHECK: call @sweep_any_tile

// LARGE: func.func @sweep_i(
// LARGE-NOT: func.func @sweep_k(
// LARGE: func.func @sweep_any(
// ONLY: func.func private @sweep_i_tile(
// ONLY-NOT: func.func @sweep_{{[ik]}}(
// ONLY: func.func @sweep_any(
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

// A plane is copied, each plane of data too; a field without I and one that nobody uses are passed on.
// CHECK-LABEL: func.func private @kinds_any_tile(
// CHECK: call @spada_copy_i8
// CHECK: %[[DATA:.*]] = arith.constant 3 : index
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[DATA]]
// CHECK: func.call @spada_copy_f64
// CHECK: %[[UNUSED:.*]] = memref.cast %arg12 : memref<?x?x?xf64, strided<[?, ?, ?]>> to memref<?x?x?xf64, strided<[1, ?, ?]>>
// CHECK: call @kinds_i_tile({{.*}}, %arg11, %[[UNUSED]], %{{.*}})
// CHECK: scf.for
// CHECK: func.call @spada_copy_f64
// CHECK-LABEL: func.func private @kinds_i_tile(
stencil.program @kinds(%m: !stencil.field<IJ, i1> {stencil.name = "m"}, %d: !stencil.field<IJK, f64, [3]> {stencil.name = "d"}, %k: !stencil.field<K, f64> {stencil.name = "k"}, %n: !stencil.field<IJK, f64> {stencil.name = "n"}) {
  %c1 = arith.constant 1 : index
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %m[0, 0, 0] : <IJ, i1>
      %1 = stencil.read %k[0, 0, 0] : <K, f64>
      scf.if %0 {
        stencil.write %1, %d data(%c1) : <IJK, f64, [3]>
      }
    }
  }
}

// Which levels a tile needs is not known: it reads the array itself.
// CHECK-LABEL: func.func private @dynamic_any_tile(
// CHECK-NOT: call
// CHECK: memref.load %arg9
// CHECK: affine.store %{{.*}}, %arg10
// CHECK-NOT: call
// CHECK-LABEL: func.func @dynamic_any(
// LARGE: func.func @dynamic_k(
stencil.program @dynamic(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  %c2 = arith.constant 2 : index
  section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] at %c2 : <IJK, f64>
      stencil.write %0, %o : <IJK, f64>
    }
  }
}
