// RUN: spada-opt --split-input-file --verify-diagnostics --stencil-check %s

!f = !stencil.field<IJK, f64>

// Rule 4.
stencil.program @parallel(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  stencil.section parallel [start, end + -1) {
    stencil.statement {
      // expected-error @+2 {{'b' is read at another level, [0, 0, 1], in a PARALLEL section that also writes it}}
      // expected-note @+1 {{hint: use computation(FORWARD)}}
      %0 = stencil.read %b[0, 0, 1] : !f
      stencil.write %0, %a : !f
    }
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-note @+1 {{'b' is written here}}
      stencil.write %0, %b : !f
    }
  }
  // One level is exempt.
  stencil.section parallel [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %b[0, 0, 1] : !f
      stencil.write %0, %a : !f
    }
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// A gap between intervals.
stencil.program @gap(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, start + 2) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-note @+1 {{'t' is written here}}
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start + 3, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-note @+1 {{'t' is written here}}
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-error @+2 {{temporary 't' is read at level 2, where nothing was written before}}
      // expected-note @+1 {{hint: write all levels first}}
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// Below the domain: the recurrence has no start.
stencil.program @below(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section forward [start, end) {
    stencil.statement {
      // expected-error @+2 {{temporary 't' is read at level -1, below the domain}}
      // expected-note @+1 {{hint: shorten the interval of this read}}
      %0 = stencil.read %t[0, 0, -1] : !f
      %1 = stencil.read %a[0, 0, 0] : !f
      %2 = arith.addf %0, %1 : f64
      // expected-note @+1 {{'t' is written here}}
      stencil.write %2, %t : !f
      stencil.write %2, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// A recurrence with its start, and a backward one that ends it.
stencil.program @thomas(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
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
  stencil.section backward [end + -1, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
  stencil.section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 1] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// Only a branch reads the unwritten levels.
stencil.program @branch(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}, %c: i1 {stencil.name = "c"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-note @+1 {{'t' is written here}}
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      scf.if %c {
        // expected-warning @+2 {{temporary 't' is read at level 0, where nothing was written before}}
        // expected-note @+1 {{hint}}
        %0 = stencil.read %t[0, 0, 0] : !f
        stencil.write %0, %b : !f
      }
    }
  }
}
