// RUN: spada-translate --export-sptl -split-input-file -verify-diagnostics %s

// What the language has no words for.

spada.kernel @conversion [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %x = spada.read "x" : f32
    %h = spada.cast %x : f32 to f16
    // expected-error @+2 {{has a conversion that SpaDA source cannot say: f32 where f16 is needed}}
    // expected-note @+1 {{hint: keep the value in a field of its type}}
    %sum = spada.binary add %h, %h : f16 -> f16
    spada.write "h", %sum : f16
  }
}

// -----

spada.kernel @later [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @+2 {{is used after another statement, where source would read anew}}
    // expected-note @+1 {{hint: keep the value in a field}}
    %x = spada.read "x" : f32
    %y = spada.read "y" : f32
    spada.write "x", %y : f32
    spada.write "y", %x : f32
  }
}

// -----

spada.kernel @inner [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @+2 {{is used in an inner body, which source would read anew}}
    // expected-note @+1 {{hint: keep the value in a field}}
    %x = spada.read "x" : f32
    spada.for ["k"] range(%c0) to(%c1) step(%c1) {
    ^bb0(%k: i16):
      spada.write "x", %x : f32
    }
  }
}

// -----

spada.kernel @names [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @+2 {{name 'no name' cannot be written in source}}
    // expected-note @+1 {{hint: use letters, digits and '_', and a version as in 'a#1'}}
    spada.field "no name" f32
  }
}

// -----

spada.kernel @infinity [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @+1 {{is no finite number, which SpaDA source cannot say}}
    %x = spada.constant 0x7F800000 : f32
    spada.write "x", %x : f32
  }
}

// -----

spada.kernel @one [] {
}
// expected-error @+1 {{a source file holds one kernel}}
spada.kernel @two [] {
}

// -----

// expected-error @+1 {{holds no 'spada.kernel'}}
module {
}
