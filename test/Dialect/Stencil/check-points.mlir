// RUN: spada-opt --split-input-file --verify-diagnostics --stencil-check %s

!f = !stencil.field<IJK, f64>

// An argument written and read with an offset in one section.
stencil.program @same(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %b[0, 0, 0] : !f
      // expected-note @+1 {{'a' is written here}}
      stencil.write %0, %a : !f
    }
    stencil.statement {
      // expected-error @+2 {{argument 'a' is read with the horizontal offset [1, 0, 0] in a section that also writes it}}
      // expected-note @+1 {{hint: write to another field, or read a copy that an earlier computation made}}
      %0 = stencil.read %a[1, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// A temporary of an earlier section.
stencil.program @later(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 1] : !f
      // expected-note @+1 {{'t' is written here}}
      stencil.write %0, %t : !f
    }
    stencil.statement {
      // expected-error @+2 {{temporary 't' is read with the horizontal offset [0, -1, 0]}}
      // expected-note @+1 {{hint: assign the new values to another field}}
      %0 = stencil.read %t[0, -1, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// Born in the section: fine.
stencil.program @born(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
    stencil.statement {
      %0 = stencil.read %t[0, -1, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// Rule 3, through a temporary and another section.
stencil.program @chain(%a: !f {stencil.name = "a"}) {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-error @+2 {{argument 'a' is written, but its values at other points are needed here, at [0, 0, 0]}}
      // expected-note @+1 {{hint: write the result to another argument}}
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-note @+1 {{extended because 't' is needed here at [1, 0, 0]}}
      %0 = stencil.read %t[1, 0, 0] : !f
      // expected-note @+1 {{'a' is written here}}
      stencil.write %0, %a : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// A horizontal offset that is carried from level to level.
stencil.program @carried(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  stencil.section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section forward [start + 1, end) {
    stencil.statement {
      // expected-error @+2 {{temporary 't' is read with the horizontal offset [1, 0, -1]}}
      // expected-note @+1 {{hint}}
      %0 = stencil.read %t[1, 0, -1] : !f
      // expected-note @+1 {{'t' is written here}}
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// The same, hidden behind a centred read.
stencil.program @hidden(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) {
  %t = stencil.temporary "t" : !f
  %u = stencil.temporary "u" : !f
  stencil.section forward [start, start + 1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section forward [start + 1, end) {
    stencil.statement {
      // expected-error @+2 {{temporary 't' is read here, at [0, 0, -1], at points where the levels before did not compute it}}
      // expected-note @+1 {{hint: a horizontal offset that is carried from level to level}}
      %0 = stencil.read %t[0, 0, -1] : !f
      stencil.write %0, %u : !f
    }
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-note @+1 {{'t' is computed here}}
      stencil.write %0, %t : !f
    }
    stencil.statement {
      %0 = stencil.read %u[1, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// Never read: probably misspelled.
// expected-note @+1 {{did you mean 'output'?}}
stencil.program @unread(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "output"}) {
  %t = stencil.temporary "ouput" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-warning @+1 {{temporary 'ouput' is written, but never read}}
      stencil.write %0, %t : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

// A region at the low edge that needs four columns.
stencil.program @region(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) attributes {domain = array<i64: 3, 3, 3>} {
  stencil.section parallel [start, end) {
    // expected-note @+1 {{the region is counted from the other edge of the domain}}
    stencil.statement where [#stencil.region<start:start + 1, :>] {
      // expected-error @+1 {{'a[3, 0, 0]' in a region passes the halo: the domain has 3 points on axis I, but needs 4}}
      %0 = stencil.read %a[3, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>

stencil.program @wide(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) attributes {domain = array<i64: 4, 3, 3>} {
  stencil.section parallel [start, end) {
    stencil.statement where [#stencil.region<start:start + 1, :>] {
      %0 = stencil.read %a[3, 0, 0] : !f
      stencil.write %0, %b : !f
    }
  }
}
