// RUN: spada-opt %s --pass-pipeline='builtin.module(stencil.program(stencil-infer-extents),stencil-to-spada)' | FileCheck %s

// A value with two stores is computed once, as the neighbour's value arrives; both stores copy it.

// CHECK: spada.foreach
// CHECK: spada.write "t"
// CHECK-NOT: spada.foreach
// CHECK-NOT: spada.receive "a
// CHECK: spada.send "b_col"
stencil.program @twice(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"}, %c: !stencil.field<IJK, f32> {stencil.name = "c"})
    attributes {domain = array<i64: 1, 4, 4>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f32>
      %1 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f32>
      %2 = arith.addf %0, %1 : f32
      stencil.write %2, %b : !stencil.field<IJK, f32>
      stencil.write %2, %c : !stencil.field<IJK, f32>
    }
  }
}
