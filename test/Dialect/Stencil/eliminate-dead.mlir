// RUN: spada-opt --stencil-infer-extents --stencil-eliminate-dead %s | FileCheck %s

// A branch whose value nobody needs goes with all that is in it, and what it used; the other one stays whole.
!f = !stencil.field<IJK, f64>

// CHECK-LABEL: stencil.program @branches
// CHECK-NOT:  arith.mulf
// CHECK:      [[SUM:%.*]] = scf.if
// CHECK-NOT:  scf.if
// CHECK:        arith.subf
// CHECK:        scf.yield
// CHECK:        scf.yield
// CHECK:      stencil.write [[SUM]]
// CHECK-NOT:  scf.if
stencil.program @branches(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %zero = arith.constant 0.0 : f64
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      %1 = arith.cmpf ogt, %0, %zero : f64
      %product = arith.mulf %0, %0 : f64
      %unused = scf.if %1 -> f64 {
        %2 = arith.mulf %product, %product : f64
        %3 = scf.if %1 -> f64 {
          %4 = arith.mulf %2, %0 : f64
          scf.yield %4 : f64
        } else {
          scf.yield %2 : f64
        }
        scf.yield %3 : f64
      } else {
        %2 = arith.mulf %0, %product : f64
        scf.yield %2 : f64
      }
      %sum = scf.if %1 -> f64 {
        %unused_too = arith.mulf %0, %0 : f64
        %2 = arith.subf %0, %zero : f64
        scf.yield %2 : f64
      } else {
        scf.yield %zero : f64
      }
      stencil.write %sum, %b : !f
    }
  }
}
