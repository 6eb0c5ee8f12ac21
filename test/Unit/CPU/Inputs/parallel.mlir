// Programs of parallel sections. Every program of this file is run by unit-CPU.

stencil.program @copy(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
}

stencil.program @laplacian(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"}) {
  %four = arith.constant -4.0 : f32
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f32>
      %1 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f32>
      %2 = stencil.read %a[-1, 0, 0] : !stencil.field<IJK, f32>
      %3 = stencil.read %a[0, 1, 0] : !stencil.field<IJK, f32>
      %4 = stencil.read %a[0, -1, 0] : !stencil.field<IJK, f32>
      %5 = arith.mulf %four, %0 : f32
      %6 = arith.addf %5, %1 : f32
      %7 = arith.addf %6, %2 : f32
      %8 = arith.addf %7, %3 : f32
      %9 = arith.addf %8, %4 : f32
      stencil.write %9, %b : !stencil.field<IJK, f32>
    }
  }
}

// Temporaries with extents, an argument written where the extent is not zero.
stencil.program @extents(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %w: !stencil.field<IJ, f64> {stencil.name = "w"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}, %c: !stencil.field<IJK, f64> {stencil.name = "c"}, %s: f64 {stencil.name = "s"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  %m = stencil.temporary "m" : !stencil.field<IJK, i1>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %a[0, -2, 0] : !stencil.field<IJK, f64>
      %2 = arith.addf %0, %1 : f64
      %3 = arith.mulf %2, %s : f64
      stencil.write %3, %t : !stencil.field<IJK, f64>
      %4 = arith.cmpf ogt, %3, %s : f64
      stencil.write %4, %m : !stencil.field<IJK, i1>
      %5 = stencil.read %w[0, 0, 0] : !stencil.field<IJ, f64>
      %6 = arith.addf %5, %0 : f64
      stencil.write %6, %b : !stencil.field<IJK, f64>
    }
    stencil.statement {
      %0 = stencil.read %m[-1, 0, 0] : !stencil.field<IJK, i1>
      scf.if %0 {
        %1 = stencil.read %t[-1, 1, 0] : !stencil.field<IJK, f64>
        stencil.write %1, %c : !stencil.field<IJK, f64>
      } else {
        %1 = stencil.read %t[0, 0, 0] : !stencil.field<IJK, f64>
        %2 = math.sqrt %1 : f64
        stencil.write %2, %c : !stencil.field<IJK, f64>
      }
    }
  }
}

// Regions that overlap: the point is changed once.
stencil.program @regions(%a: !stencil.field<IJK, f64> {stencil.name = "a"}) {
  %one = arith.constant 1.0 : f64
  stencil.section parallel [start, end) {
    stencil.statement where [#stencil.region<start : start + 2, : >, #stencil.region<start + 1 : end, end + -1 : >, #stencil.region<start : end, start : end + -2>] {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      %1 = arith.addf %0, %one : f64
      stencil.write %1, %a : !stencil.field<IJK, f64>
    }
  }
}

// Levels: several intervals, vertical offsets, a level as value, run-time levels.
stencil.program @levels(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %k: !stencil.field<K, f32> {stencil.name = "k"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f64>
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      %l = stencil.level
      %i = arith.index_cast %l : index to i64
      %1 = arith.sitofp %i : i64 to f64
      %2 = arith.mulf %0, %1 : f64
      stencil.write %2, %t : !stencil.field<IJK, f64>
    }
  }
  stencil.section parallel [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 1] : !stencil.field<IJK, f64>
      stencil.write %0, %b : !stencil.field<IJK, f64>
    }
  }
  stencil.section parallel [start + 1, end + -1) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 1] : !stencil.field<IJK, f64>
      %1 = stencil.read %t[0, 0, -1] : !stencil.field<IJK, f64>
      %2 = arith.subf %0, %1 : f64
      %3 = stencil.read %k[0, 0, 1] : !stencil.field<K, f32>
      %4 = arith.extf %3 : f32 to f64
      %5 = arith.divf %2, %4 : f64
      stencil.write %5, %b : !stencil.field<IJK, f64>
    }
  }
  stencil.section parallel [end + -1, end) {
    stencil.statement {
      %z = arith.constant 0 : index
      %m = arith.constant -1 : index
      %0 = stencil.read %t[0, 0, 0] at %z : !stencil.field<IJK, f64>
      %1 = stencil.read %t[0, 0, 0] shift %m : !stencil.field<IJK, f64>
      %2 = stencil.read %a[0, 0, 0] at %z : !stencil.field<IJK, f64>
      %3 = arith.addf %0, %1 : f64
      %4 = arith.addf %3, %2 : f64
      stencil.write %4, %b : !stencil.field<IJK, f64>
    }
  }
}

// Intervals that some tiles have no part of.
stencil.program @parts(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  stencil.section parallel [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %a[-1, 0, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %a[1, 0, 1] : !stencil.field<IJK, f64>
      %2 = arith.subf %0, %1 : f64
      stencil.write %2, %b : !stencil.field<IJK, f64>
    }
  }
  stencil.section parallel [end + -1, end) {
    stencil.statement {
      %0 = stencil.read %a[0, -1, 0] : !stencil.field<IJK, f64>
      %1 = stencil.read %a[0, 1, -1] : !stencil.field<IJK, f64>
      %2 = arith.addf %0, %1 : f64
      stencil.write %2, %b : !stencil.field<IJK, f64>
    }
  }
}

// Data dimensions, tables, integers, booleans and the remainder.
stencil.program @data(%v: !stencil.field<IJK, f32, [3]> {stencil.name = "v"}, %g: !stencil.field<none, f32, [3]> {stencil.name = "g"}, %n: !stencil.field<IJK, i32> {stencil.name = "n"}, %m: !stencil.field<IJK, i1> {stencil.name = "m"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !stencil.field<IJK, f32, [3]>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  stencil.section parallel [start, end) {
    stencil.statement {
      %n0 = stencil.read %n[0, 0, 0] : !stencil.field<IJK, i32>
      %three = arith.constant 3 : i32
      %r = stencil.mod %n0, %three : i32
      %d = arith.index_cast %r : i32 to index
      %0 = stencil.read %v[0, 0, 0] data(%d) : !stencil.field<IJK, f32, [3]>
      %1 = stencil.read %g[0, 0, 0] data(%c2) : !stencil.field<none, f32, [3]>
      %2 = stencil.mod %0, %1 : f32
      stencil.write %2, %t data(%c1) : !stencil.field<IJK, f32, [3]>
      stencil.write %0, %t data(%c0) : !stencil.field<IJK, f32, [3]>
      %3 = arith.cmpf olt, %0, %1 : f32
      stencil.write %3, %m : !stencil.field<IJK, i1>
    }
    stencil.statement {
      %0 = stencil.read %t[1, 0, 0] data(%c1) : !stencil.field<IJK, f32, [3]>
      %1 = stencil.read %t[0, 1, 0] data(%c0) : !stencil.field<IJK, f32, [3]>
      %2 = arith.subf %0, %1 : f32
      stencil.write %2, %b : !stencil.field<IJK, f32>
    }
  }
}

// A loop at every point.
stencil.program @while(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f64> {stencil.name = "b"}) {
  %half = arith.constant 0.5 : f64
  %one = arith.constant 1.0 : f64
  stencil.section parallel [start, end) {
    stencil.statement {
      %x = stencil.temporary "x" : !stencil.field<none, f64>
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      stencil.write %0, %x : !stencil.field<none, f64>
      scf.while : () -> () {
        %1 = stencil.read %x[0, 0, 0] : !stencil.field<none, f64>
        %2 = arith.cmpf ogt, %1, %one : f64
        scf.condition(%2)
      } do {
        %1 = stencil.read %x[0, 0, 0] : !stencil.field<none, f64>
        %2 = arith.mulf %1, %half : f64
        stencil.write %2, %x : !stencil.field<none, f64>
        scf.yield
      }
      %3 = stencil.read %x[0, 0, 0] : !stencil.field<none, f64>
      stencil.write %3, %b : !stencil.field<IJK, f64>
    }
  }
}
