// RUN: spada-opt --stencil-infer-extents --stencil-inline-temporaries --stencil-eliminate-dead %s | FileCheck %s
// RUN: spada-opt --stencil-infer-extents --stencil-inline-temporaries=limit=0 --stencil-eliminate-dead %s | FileCheck %s --check-prefix=NONE

!f = !stencil.field<IJK, f64>

// One sum, done twice: cheaper than a temporary. Its fields are read where they were.
// CHECK-LABEL: stencil.program @cheap
// CHECK-NOT: temporary
// CHECK-COUNT-1: stencil.statement
// CHECK: stencil.read %a [-2, 0, 0]
// CHECK: stencil.read %a [0, 0, 1]
// NONE-LABEL: stencil.program @cheap
// NONE: temporary
stencil.program @cheap(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[-1, 0, 0] : !f
      %1 = arith.addf %0, %0 : f64
      stencil.write %1, %t : !f
    }
  }
  stencil.section parallel [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %t[-1, 0, 0] : !f
      %1 = stencil.read %t[1, 0, 1] : !f
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %b : !f
    }
  }
}

// The source changes in between.
// CHECK-LABEL: stencil.program @changed
// CHECK: temporary "t"
stencil.program @changed(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
    stencil.statement {
      %0 = stencil.read %b[0, 0, 0] : !f
      stencil.write %0, %a : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}
