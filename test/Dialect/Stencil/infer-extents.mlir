// RUN: spada-opt --stencil-infer-extents %s | FileCheck %s
// RUN: spada-opt --stencil-infer-extents --stencil-infer-extents %s | FileCheck %s

// Hull with zero: `%b` reads `%t` to the left only, `%a` gets (0, 1).
// CHECK-LABEL: stencil.program @hull
// CHECK-SAME: %a: !stencil.field<IJK, f64> {stencil.access = #stencil<access read>, stencil.boundary = #stencil.boundary<[0, 1], [0, 0], [0, 0]>
// CHECK-SAME: %b: !stencil.field<IJK, f64> {stencil.access = #stencil<access write>, stencil.boundary = #stencil.boundary<[0, 0], [0, 0], [0, 0]>
// CHECK-SAME: min_levels = 0
// CHECK: stencil.statement extent<[-1, 0], [0, 0]>
// CHECK: stencil.statement extent<[0, 0], [0, 0]>
stencil.program @hull(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t[-1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
}
