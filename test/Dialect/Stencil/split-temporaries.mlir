// RUN: spada-opt --stencil-split-temporaries --split-input-file %s | FileCheck %s

// The second assignment to `t` overwrites all of it: what follows reads a new
// temporary, what came before keeps the old one.
// CHECK-LABEL: @overwritten
// CHECK: %[[OLD:.*]] = temporary "t"
// CHECK: %[[NEW:.*]] = temporary "t_1"
// CHECK: stencil.write {{.*}}, %[[OLD]]
// CHECK: stencil.read %[[OLD]] [1, 0, 0]
// CHECK: stencil.write {{.*}}, %[[NEW]]
// CHECK: stencil.read %[[NEW]] [0, 0, 0]
stencil.program @overwritten(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a [0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t [1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t [0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
}

// -----

// A write in a branch, in part of the levels while others are read, in a region
// or in a sequential section leaves old values behind.
// CHECK-LABEL: @kept
// CHECK: temporary "t"
// CHECK-NOT: temporary
// CHECK: section
stencil.program @kept(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %c: i1 {stencil.name = "c"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a [0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      scf.if %c {
        %0 = stencil.read %a [1, 0, 0] : !stencil.field<IJK, f64>
        stencil.write %0, %t : !stencil.field<IJK, f64>
      }
    }
    stencil.statement where [#stencil.region<start:start + 1, :>] {
      %0 = stencil.read %a [1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
  }
  stencil.section parallel [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %a [0, 0, 1] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
  }
  stencil.section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %a [0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t [0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
}
