// RUN: spada-opt %s --pass-pipeline='builtin.module(stencil.program(stencil-infer-extents),stencil-to-spada)' | FileCheck %s
// RUN: spada-opt %s --pass-pipeline='builtin.module(stencil.program(stencil-infer-extents),stencil-to-spada,phase-csl{arch=wse3})' | FileCheck %s --check-prefix=CSL

// One frame of halo PEs; each value of a neighbour goes into the operation that needs it, and the sums stay in one array.

// CHECK: spada.kernel @laplacian
// CHECK: spada.argument "u" readonly f32 {{.*}}{stencil.hi = array<i64: 5, 4, 5>, stencil.lo = array<i64: -1, -1, 0>}
// CHECK: spada.argument "out" writeonly f32 {{.*}}{stencil.hi = array<i64: 4, 3, 5>, stencil.lo = array<i64: 0, 0, 0>}
// CHECK: spada.place
// CHECK: spada.field "u_col"
// CHECK: spada.field "out_col"
// CHECK: spada.field "t" f32
// CHECK-NOT: spada.field
// CHECK: spada.stream "west"
// CHECK: spada.stream "east"
// CHECK: spada.stream "south"
// CHECK: spada.stream "north"
// The first block with all four neighbours.
// CHECK-COUNT-4: spada.compute
// CHECK: spada.compute
// CHECK: spada.receive "u_col"
// CHECK-COUNT-4: spada.send "u_col"
// CHECK: %[[MUL:.*]] = spada.binary mul
// CHECK: %[[ADD:.*]] = spada.binary add %[[MUL]], %{{.*}}
// CHECK: spada.write "t"{{.*}}, %[[ADD]]
// CHECK: spada.read "t"
// CHECK: spada.write "t"
// CHECK: spada.write "t"
// CHECK: spada.write "out_col"
// CHECK: spada.awaitall
// CHECK: spada.send "out_col"

// CSL: csl.layout "laplacian"
// CSL-NOT: scf.for
// CSL: csl.vector "fmacs"
// CSL-COUNT-3: csl.vector "fadds"
stencil.program @laplacian(%u: !stencil.field<IJK, f32> {stencil.name = "u"},
                           %out: !stencil.field<IJK, f32> {stencil.name = "out"})
    attributes {domain = array<i64: 4, 3, 5>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %c = stencil.read %u[0, 0, 0] : !stencil.field<IJK, f32>
      %e = stencil.read %u[1, 0, 0] : !stencil.field<IJK, f32>
      %w = stencil.read %u[-1, 0, 0] : !stencil.field<IJK, f32>
      %n = stencil.read %u[0, -1, 0] : !stencil.field<IJK, f32>
      %s = stencil.read %u[0, 1, 0] : !stencil.field<IJK, f32>
      %four = arith.constant -4.0 : f32
      %0 = arith.mulf %four, %c : f32
      %1 = arith.addf %0, %e : f32
      %2 = arith.addf %1, %w : f32
      %3 = arith.addf %2, %n : f32
      %4 = arith.addf %3, %s : f32
      stencil.write %4, %out : !stencil.field<IJK, f32>
    }
  }
}
