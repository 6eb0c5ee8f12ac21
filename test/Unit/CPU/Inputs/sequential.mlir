// Programs with forward and backward sections. Every program of this file is run by unit-CPU.

stencil.program @thomas(%inf: !stencil.field<IJK, f64> {stencil.name = "inf"}, %diag: !stencil.field<IJK, f64> {stencil.name = "diag"}, %sup: !stencil.field<IJK, f64> {stencil.name = "sup"}, %rhs: !stencil.field<IJK, f64> {stencil.name = "rhs"}, %out: !stencil.field<IJK, f64> {stencil.name = "out"}) {
  stencil.section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %sup[0, 0, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %diag[0, 0, 0] : !stencil.field<IJK, f64>
      %2 = arith.divf %0, %1 : f64
      stencil.write %2, %sup : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %rhs[0, 0, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %diag[0, 0, 0] : !stencil.field<IJK, f64>
      %2 = arith.divf %0, %1 : f64
      stencil.write %2, %rhs : !stencil.field<IJK, f64>
    }
  }
  stencil.section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %sup[0, 0, -1] : !stencil.field<IJK, f64>
      %1 = stencil.read %inf[0, 0, 0] : !stencil.field<IJK, f64>
      %2 = arith.mulf %0, %1 : f64
      %3 = stencil.read %diag[0, 0, 0] : !stencil.field<IJK, f64>
      %4 = arith.subf %3, %2 : f64
      %5 = stencil.read %sup[0, 0, 0] : !stencil.field<IJK, f64>
      %6 = arith.divf %5, %4 : f64
      stencil.write %6, %sup : !stencil.field<IJK, f64>
      %7 = stencil.read %rhs[0, 0, -1] : !stencil.field<IJK, f64>
      %8 = arith.mulf %1, %7 : f64
      %9 = stencil.read %rhs[0, 0, 0] : !stencil.field<IJK, f64>
      %10 = arith.subf %9, %8 : f64
      %11 = arith.divf %10, %4 : f64
      stencil.write %11, %rhs : !stencil.field<IJK, f64>
    }
  }
  stencil.section backward [end + -1, end) {
    stencil.statement {
      %0 = stencil.read %rhs[0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %out : !stencil.field<IJK, f64>
    }
  }
  stencil.section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %rhs[0, 0, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %sup[0, 0, 0] : !stencil.field<IJK, f64>
      %2 = stencil.read %out[0, 0, 1] : !stencil.field<IJK, f64>
      %3 = arith.mulf %1, %2 : f64
      %4 = arith.subf %0, %3 : f64
      stencil.write %4, %out : !stencil.field<IJK, f64>
    }
  }
}

// Temporaries that are carried two levels, and one that outlives its section.
stencil.program @carried(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"}, %c: !stencil.field<IJK, f32> {stencil.name = "c"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f32>
  %u = stencil.temporary "u" : !stencil.field<IJK, f32>
  %half = arith.constant 0.5 : f32
  stencil.section forward [start, start + 2) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f32>
      stencil.write %0, %t : !stencil.field<IJK, f32>
      stencil.write %0, %u : !stencil.field<IJK, f32>
    }
  }
  stencil.section forward [start + 2, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, -1] : !stencil.field<IJK, f32>
      %1 = stencil.read %t[0, 0, -2] : !stencil.field<IJK, f32>
      %2 = stencil.read %a[0, 1, 0] : !stencil.field<IJK, f32>
      %3 = arith.subf %0, %1 : f32
      %4 = arith.mulf %3, %half : f32
      %5 = arith.addf %4, %2 : f32
      stencil.write %5, %t : !stencil.field<IJK, f32>
      stencil.write %4, %u : !stencil.field<IJK, f32>
    }
  }
  stencil.section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !stencil.field<IJK, f32>
      stencil.write %0, %b : !stencil.field<IJK, f32>
    }
  }
  stencil.section backward [start, end) {
    stencil.statement {
      %0 = stencil.read %u[0, 0, 0] : !stencil.field<IJK, f32>
      %1 = stencil.read %u[-1, 0, 0] : !stencil.field<IJK, f32>
      %2 = arith.addf %0, %1 : f32
      stencil.write %2, %c : !stencil.field<IJK, f32>
    }
  }
}

// A sum over a column in a plane, used on every level; stores above the point.
stencil.program @column(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %s: !stencil.field<IJ, f64> {stencil.name = "s"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJ, f64>
  %zero = arith.constant 0.0 : f64
  stencil.section forward [start, start + 1) {
    stencil.statement {
      stencil.write %zero, %t : !stencil.field<IJ, f64>
    }
  }
  stencil.section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !stencil.field<IJ, f64>
      %1 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %t : !stencil.field<IJ, f64>
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !stencil.field<IJ, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
  stencil.section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !stencil.field<IJ, f64>
      %1 = stencil.read %b[0, 0, 1] : !stencil.field<IJK, f64>
      %2 = arith.subf %1, %0 : f64
      stencil.write %2, %b dk 1 : !stencil.field<IJK, f64>
      stencil.write %2, %s : !stencil.field<IJ, f64>
    }
  }
}
