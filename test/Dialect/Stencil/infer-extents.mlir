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

// A group: the mask and what it guards are computed where any of it is needed;
// the write to an argument only on the domain.
// CHECK-LABEL: stencil.program @group
// CHECK-SAME: %a: {{.*}}stencil.boundary = #stencil.boundary<[0, 1], [0, 0], [0, 0]>
// CHECK-SAME: %c: i1 {stencil.access = #stencil<access none>
// CHECK-SAME: %b: {{.*}}stencil.access = #stencil<access readwrite>, stencil.boundary = #stencil.boundary<[0, 0], [0, 0], [0, 0]>
// CHECK: stencil.statement extent<[0, 1], [0, 0]>
// CHECK: stencil.statement joined extent<[0, 1], [0, 0]>
// CHECK: stencil.statement joined extent<[0, 0], [0, 0]>
// CHECK: stencil.statement extent<[0, 0], [0, 0]>
stencil.program @group(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %c: i1 {stencil.name = "c"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}, %o: !stencil.field<IJK, f64> {stencil.name = "o"}) {
  %m = stencil.temporary "m" : !stencil.field<IJK, i1>
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      %1 = arith.cmpf olt, %0, %0 : f64
      stencil.write %1, %m : !stencil.field<IJK, i1>
    }
    stencil.statement joined {
      %0 = stencil.read %m[0, 0, 0] : !stencil.field<IJK, i1>
      scf.if %0 {
        %1 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
        stencil.write %1, %t : !stencil.field<IJK, f64>
      }
    }
    stencil.statement joined {
      %0 = stencil.read %m[0, 0, 0] : !stencil.field<IJK, i1>
      scf.if %0 {
        %1 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
        stencil.write %1, %o : !stencil.field<IJK, f64>
      }
    }
    stencil.statement {
      %0 = stencil.read %t[1, 0, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %b[0, 0, 0] : !stencil.field<IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %b : !stencil.field<IJK, f64>
    }
  }
}

// Two cells to the right in two steps: the field is not touched at its first.
// CHECK-LABEL: stencil.program @steps
// CHECK-SAME: %a: {{.*}}stencil.boundary = #stencil.boundary<[-1, 2], [0, 0], [0, 0]>
// CHECK: extent<[0, 1], [0, 0]>
stencil.program @steps(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t[1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
}

// A region at the high edge asks for no halo at the low edge; one that the
// extended plane does not meet asks for none at all.
// CHECK-LABEL: stencil.program @regions
// CHECK-SAME: %a: {{.*}}stencil.boundary = #stencil.boundary<[0, 2], [0, 0], [0, 0]>
// CHECK-SAME: %u: {{.*}}stencil.access = #stencil<access none>, stencil.boundary = #stencil.boundary<[0, 0], [0, 0], [0, 0]>
// CHECK-SAME: %k: {{.*}}stencil.boundary = #stencil.boundary<[0, 0], [0, 0], [1, 0]>
stencil.program @regions(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %u: !stencil.field<IJK, f64> {stencil.name = "u"},
                         %k: !stencil.field<K, f64> {stencil.name = "k"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %k[0, 0, -1] : !stencil.field<K, f64>
      %1 = stencil.read %k[0, 0, 0] : !stencil.field<K, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %t : !stencil.field<IJK, f64>
    }
    stencil.statement where [#stencil.region<end:end + 1, :>] {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement where [#stencil.region<end:end + 1, :>] {
      %0 = stencil.read %a[-1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement where [#stencil.region<end + 2:end + 3, :>] {
      %0 = stencil.read %u[0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %t : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %t[1, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
}

// Levels: intervals from both ends add up.
// CHECK-LABEL: stencil.program @levels
// CHECK-SAME: %b: {{.*}}stencil.boundary = #stencil.boundary<[0, 0], [0, 0], [5, 3]>
// CHECK-SAME: min_levels = 2
stencil.program @levels(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  stencil.section parallel [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %b[0, 0, -5] : !stencil.field<IJK, f64>
      %1 = stencil.read %b[0, 0, 3] : !stencil.field<IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %a : !stencil.field<IJK, f64>
    }
  }
  stencil.section parallel [end + -1, end) {
    stencil.statement {
      %0 = stencil.read %b[0, 0, -5] : !stencil.field<IJK, f64>
      %1 = stencil.read %b[0, 0, 3] : !stencil.field<IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %a : !stencil.field<IJK, f64>
    }
  }
}

// CHECK-LABEL: stencil.program @inner
// CHECK-SAME: %b: {{.*}}stencil.boundary = #stencil.boundary<[0, 0], [0, 0], [-1, -2]>
// CHECK-SAME: min_levels = 4
stencil.program @inner(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  stencil.section parallel [start + 1, end + -2) {
    stencil.statement {
      %0 = stencil.read %b[0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %a : !stencil.field<IJK, f64>
    }
  }
}
