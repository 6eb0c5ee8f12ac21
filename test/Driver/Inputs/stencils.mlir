!f = !stencil.field<IJK, f32>
!p = !stencil.field<IJ, f32>
// The five-point laplacian times a factor.
stencil.program @laplacian(%in: !f {stencil.name = "in"}, %out: !f {stencil.name = "out"},
                           %factor: f32 {stencil.name = "factor", stencil.default = 1.0 : f32}) {
  stencil.section parallel [start, end) {
    stencil.statement {
      %w = stencil.read %in[-1, 0, 0] : !f
      %e = stencil.read %in[1, 0, 0] : !f
      %s = stencil.read %in[0, -1, 0] : !f
      %n = stencil.read %in[0, 1, 0] : !f
      %c = stencil.read %in[0, 0, 0] : !f
      %four = arith.constant 4.0 : f32
      %0 = arith.addf %w, %e : f32
      %1 = arith.addf %0, %s : f32
      %2 = arith.addf %1, %n : f32
      %3 = arith.mulf %four, %c : f32
      %4 = arith.subf %2, %3 : f32
      %5 = arith.mulf %4, %factor : f32
      stencil.write %5, %out : !f
    }
  }
}
// A running sum upwards, started from a plane; an unused field and an integer count.
stencil.program @sum(%base: !p {stencil.name = "base"}, %a: !f {stencil.name = "a"}, %spare: !f {stencil.name = "spare", stencil.default},
                     %total: !f {stencil.name = "total"}, %turns: i64 {stencil.name = "turns"}) {
  stencil.section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %base[0, 0, 0] : !p
      %1 = stencil.read %a[0, 0, 0] : !f
      %2 = arith.addf %0, %1 : f32
      stencil.write %2, %total : !f
    }
  }
  stencil.section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %total[0, 0, -1] : !f
      %1 = stencil.read %a[0, 0, 0] : !f
      %2 = arith.addf %0, %1 : f32
      %3 = arith.sitofp %turns : i64 to f32
      %4 = arith.addf %2, %3 : f32
      stencil.write %4, %total : !f
    }
  }
}
// In place, at run-time levels.
stencil.program @gather(%a: !f {stencil.name = "a"}, %k: !stencil.field<IJK, i32> {stencil.name = "k"}, %b: !f {stencil.name = "b"}) {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %k[0, 0, 0] : !stencil.field<IJK, i32>
      %1 = arith.index_cast %0 : i32 to index
      %2 = stencil.read %a[0, 0, 0] shift %1 : !f
      %3 = stencil.read %b[0, 0, 0] : !f
      %4 = arith.addf %2, %3 : f32
      stencil.write %4, %b : !f
    }
  }
}
