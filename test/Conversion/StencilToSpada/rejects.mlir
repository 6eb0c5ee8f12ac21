// RUN: spada-opt %s --split-input-file --verify-diagnostics --pass-pipeline='builtin.module(stencil.program(stencil-infer-extents),stencil-to-spada)'

// expected-error@+2 {{field 'a' has type 'f64', which the wafer does not have}}
// expected-note@+1 {{hint: PEs compute in 16 and 32 bits; use float32 fields and '--literal-float 32'}}
stencil.program @wide(%a: !stencil.field<IJK, f64> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"})
    attributes {domain = array<i64: 4, 4, 4>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f64>
      %1 = arith.truncf %0 : f64 to f32
      stencil.write %1, %b : !stencil.field<IJK, f32>
    }
  }
}

// -----

stencil.program @literal(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"})
    attributes {domain = array<i64: 4, 4, 4>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f32>
      // expected-error@+2 {{this is computed in 'f64', which the wafer does not have}}
      // expected-note@+1 {{hint: PEs compute in 16 and 32 bits}}
      %1 = arith.extf %0 : f32 to f64
      %2 = arith.addf %1, %1 : f64
      %3 = arith.truncf %2 : f64 to f32
      stencil.write %3, %b : !stencil.field<IJK, f32>
    }
  }
}

// -----

stencil.program @function(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"})
    attributes {domain = array<i64: 4, 4, 4>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !stencil.field<IJK, f32>
      // expected-error@+1 {{function 'atan2' has no form on the wafer}}
      %1 = math.atan2 %0, %0 : f32
      stencil.write %1, %b : !stencil.field<IJK, f32>
    }
  }
}

// -----

// expected-error@+1 {{domain 900 x 4 with its halo needs 901 x 4 PEs; a program on wse2 has at most 750 x 994}}
stencil.program @large(%a: !stencil.field<IJK, f32> {stencil.name = "a"}, %b: !stencil.field<IJK, f32> {stencil.name = "b"})
    attributes {domain = array<i64: 900, 4, 4>} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[1, 0, 0] : !stencil.field<IJK, f32>
      stencil.write %0, %b : !stencil.field<IJK, f32>
    }
  }
}

// -----

// expected-error@+1 {{program 'unsized' has no 'domain'; the wafer needs its size}}
stencil.program @unsized(%a: !stencil.field<IJK, f32> {stencil.name = "a"}) {
}
