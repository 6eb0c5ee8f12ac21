// RUN: spada-opt %s -o /dev/null --pass-pipeline='builtin.module(stencil.program(stencil-infer-extents),stencil-to-spada{arch=wse3 explain=true})' 2>&1 | FileCheck %s

// A diagonal alone has a line of its own; beside its neighbour it takes one more hop.

// CHECK: kernel 'alone': 6 x 6 PEs, one column of the domain on each
// CHECK: a[1, 1], 16 levels: on a line of its own, about {{[0-9]+}} cycles (from neighbour to neighbour: about {{[0-9]+}})
stencil.program @alone(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"})
    attributes {domain = array<i64: 5, 5, 16>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 1, 0] : !stencil.field<IJK, f32>
      stencil.write %0, %b : !stencil.field<IJK, f32>
    }
  }
}
// CHECK: kernel 'beside'
// CHECK-DAG: a[2, 0], 16 levels: one hop from the neighbour's copy
// CHECK-DAG: a[1, 0], 16 levels: one hop,
stencil.program @beside(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"})
    attributes {domain = array<i64: 5, 5, 16>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f32>
      %1 = stencil.read %a[2, 0, 0] : !stencil.field<IJK, f32>
      %2 = arith.addf %0, %1 : f32
      stencil.write %2, %b : !stencil.field<IJK, f32>
    }
  }
}
