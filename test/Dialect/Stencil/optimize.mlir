// RUN: spada-opt --stencil-optimize %s | FileCheck %s
// RUN: spada-opt --stencil-optimize=without=inline,forward %s | FileCheck %s --check-prefix=WITHOUT
// RUN: spada-opt --stencil-infer-extents --stencil-fuse=mixed=false %s | FileCheck %s --check-prefix=APART

!f = !stencil.field<IJK, f64>
!m = !stencil.field<IJK, i1>

// A masked assignment after an unmasked one is a selection; nothing is stored but the result.
// WITHOUT-LABEL: stencil.program @select
// WITHOUT: stencil.temporary "t"
// CHECK-LABEL: stencil.program @select
// CHECK-NOT: temporary
// CHECK: stencil.statement extent
// CHECK-NOT: scf.if
// CHECK: arith.select
// CHECK-COUNT-1: stencil.write
// CHECK-NOT: stencil.write
stencil.program @select(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  %m = stencil.temporary "m" : !m
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !f
      stencil.write %0, %t : !f
    }
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      %1 = stencil.read %t[0, 0, 0] : !f
      %2 = arith.cmpf olt, %0, %1 : f64
      stencil.write %2, %m : !m
    }
    stencil.statement joined {
      %0 = stencil.read %m[0, 0, 0] : !m
      scf.if %0 {
        %1 = stencil.read %a[0, 0, 0] : !f
        stencil.write %1, %t : !f
      }
    }
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// Producer and consumer at other points stay apart; between them is one plane.
// CHECK-LABEL: stencil.program @offset
// CHECK: temporary "t" storage plane
// CHECK-COUNT-2: stencil.statement
stencil.program @offset(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      %1 = math.exp %0 : f64
      stencil.write %1, %t : !f
    }
    stencil.statement {
      %0 = stencil.read %t[-1, 0, 0] : !f
      %1 = stencil.read %t[1, 0, 0] : !f
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %b : !f
    }
  }
}

// A parallel section before a sweep of the same levels joins it; the sweep back does not, and what lies between is a column.
// CHECK-LABEL: stencil.program @sweeps
// CHECK: temporary "t" storage column
// CHECK-NOT: temporary
// CHECK: section forward
// CHECK-COUNT-1: stencil.statement
// CHECK: section backward
// CHECK-NOT: section
// APART-LABEL: stencil.program @sweeps
// APART: section parallel
// APART: section forward
// APART: section backward
stencil.program @sweeps(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %s = stencil.temporary "s" : !f
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      %1 = arith.addf %0, %0 : f64
      stencil.write %1, %s : !f
    }
  }
  stencil.section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %s[0, 0, 0] : !f
      %1 = stencil.read %a[0, 0, -1] : !f
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %t : !f
    }
  }
  stencil.section backward [start, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// What only feeds itself goes, with its section.
// CHECK-LABEL: stencil.program @dead
// CHECK-NOT: temporary
// CHECK: section parallel
// CHECK-NOT: section
stencil.program @dead(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, -1] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}
