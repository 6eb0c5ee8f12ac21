// RUN: spada-opt %s --stencil-infer-extents --stencil-interpret=trap-undefined --split-input-file --verify-diagnostics

!f = !stencil.field<IJK, f64>
stencil.program @level(%a: !f {stencil.name = "a"}, %b: !f {stencil.name = "b"}) attributes {domain = array<i64: 1, 1, 2>,
    inputs = {a = dense<0.> : tensor<1x1x2xf64>, b = dense<0.> : tensor<1x1x2xf64>}} {
  %c1 = arith.constant 1 : index
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-error @+1 {{point (0, 0, 1): access to 'a' at (0, 0, 2), which has k from 0 to 1}}
      %0 = stencil.read %a[0, 0, 0] shift %c1 : !f
      stencil.write %0, %b : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64, [3]>
stencil.program @data(%a: !f {stencil.name = "a"}) attributes {domain = array<i64: 1, 1, 1>,
    inputs = {a = dense<0.> : tensor<1x1x1x3xf64>}} {
  %c3 = arith.constant 3 : index
  %v = arith.constant 1.0 : f64
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-error @+1 {{data index 3 of 'a', whose dimension 0 has size 3}}
      stencil.write %v, %a data(%c3) : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, f64>
stencil.program @undefined(%a: !f {stencil.name = "a"}) attributes {domain = array<i64: 1, 1, 2>,
    inputs = {a = dense<0.> : tensor<1x1x2xf64>}} {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
  }
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-error @+1 {{point (0, 0, 1): read of 't', which was not written there before}}
      %0 = stencil.read %t[0, 0, 0] : !f
      stencil.write %0, %a : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, i32>
stencil.program @loop(%a: !f {stencil.name = "a"}) attributes {domain = array<i64: 1, 1, 1>,
    inputs = {a = dense<0> : tensor<1x1x1xi32>}} {
  %true = arith.constant true
  stencil.section parallel [start, end) {
    stencil.statement {
      // expected-error @+1 {{the loop has not ended after 65536 iterations}}
      scf.while : () -> () {
        scf.condition(%true)
      } do {
        scf.yield
      }
    }
  }
}

// -----

!f = !stencil.field<IJK, i32>
stencil.program @zero(%a: !f {stencil.name = "a"}) attributes {domain = array<i64: 1, 1, 1>,
    inputs = {a = dense<0> : tensor<1x1x1xi32>}} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      // expected-error @+1 {{integer division of 0 by zero}}
      %1 = stencil.mod %0, %0 : i32
      stencil.write %1, %a : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, i32>
// expected-error @+1 {{field 'a' has elements of i32, the array of f32}}
stencil.program @dtype(%a: !f {stencil.name = "a"}) attributes {domain = array<i64: 1, 1, 1>,
    inputs = {a = dense<0.> : tensor<1x1x1xf32>}} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
    }
  }
}

// -----

!f = !stencil.field<IJK, i32>
// expected-error @+1 {{the domain has a size of 0 points}}
stencil.program @empty(%a: !f {stencil.name = "a"}) attributes {domain = array<i64: 1, 1, 0>,
    inputs = {a = dense<0> : tensor<1x1x1xi32>}} {
}
