// RUN: spada-opt %s --pass-pipeline='builtin.module(stencil.program(stencil-infer-extents),stencil-to-spada)' | FileCheck %s

// What does not depend on the level before leaves the loop; the neighbour's levels that are needed are sent alone, and used
// as they arrive.

// CHECK: spada.kernel @sweep
// CHECK: spada.field "v_col"
// CHECK: spada.compute
// CHECK: spada.compute
// CHECK: spada.send "u_col
// CHECK: spada.foreach
// CHECK: spada.binary sub
// CHECK: spada.write "t"
// CHECK: spada.for ["k"]
// CHECK: %[[A:.*]] = spada.read "t"
// CHECK: %[[B:.*]] = spada.read "v_col"
// CHECK: %[[C:.*]] = spada.binary div %[[A]], %[[B]]
// CHECK: spada.write "v_col"{{.*}}, %[[C]]
stencil.program @sweep(%u: !stencil.field<IJK, f32> {stencil.name = "u"},
                       %v: !stencil.field<IJK, f32> {stencil.name = "v"})
    attributes {domain = array<i64: 4, 3, 64>} {
  stencil.section backward [end + -1, end) {
    stencil.statement {
      %c = stencil.read %u[0, 0, 0] : !stencil.field<IJK, f32>
      stencil.write %c, %v : !stencil.field<IJK, f32>
    }
  }
  stencil.section backward [start, end + -1) {
    stencil.statement {
      %c = stencil.read %u[0, 0, 0] : !stencil.field<IJK, f32>
      %e = stencil.read %u[1, 0, 0] : !stencil.field<IJK, f32>
      %d = arith.subf %e, %c : f32
      %last = stencil.read %v[0, 0, 1] : !stencil.field<IJK, f32>
      %r = arith.divf %d, %last : f32
      stencil.write %r, %v : !stencil.field<IJK, f32>
    }
  }
}
