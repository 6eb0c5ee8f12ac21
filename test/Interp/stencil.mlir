// RUN: spada-opt %s --stencil-infer-extents --stencil-interpret --split-input-file | FileCheck %s

// A laplacian with a halo of one point: the halo of the output keeps its values, the temporary is computed beyond the domain.
// CHECK: out: f64[2, 2, 1] = -5 9 -2 9
!f = !stencil.field<IJK, f64>
stencil.program @laplacian(%in: !f {stencil.name = "in"}, %out: !f {stencil.name = "out"}) attributes {
    domain = array<i64: 2, 1, 1>,
    inputs = {in = dense<[[[0.], [1.], [0.]], [[2.], [5.], [3.]], [[0.], [4.], [0.]], [[1.], [1.], [1.]]]> : tensor<4x3x1xf64>,
              out = dense<[[[7.], [9.]], [[8.], [9.]]]> : tensor<2x2x1xf64>},
    origins = {in = array<i64: 1, 1, 0>}} {
  %t = stencil.temporary "t" : !f
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %in[0, 0, 0] : !f
      stencil.write %0, %t : !f
    }
    stencil.statement {
      %w = stencil.read %t[-1, 0, 0] : !f
      %e = stencil.read %t[1, 0, 0] : !f
      %c = stencil.read %t[0, 0, 0] : !f
      %0 = arith.subf %e, %c : f64
      %1 = arith.addf %0, %w : f64
      %2 = arith.subf %1, %c : f64
      stencil.write %2, %out : !f
    }
  }
}

// -----

// Upwards each level sees the one below, downwards the one above; in a parallel section the statement sees old values.
// CHECK: up: i64[1, 1, 4] = 1 3 6 10
// CHECK: down: i64[1, 1, 4] = 10 9 7 4
// CHECK: last: i32[1, 1] = 4
!f = !stencil.field<IJK, i64>
!p = !stencil.field<IJ, i32>
stencil.program @sums(%a: !f {stencil.name = "a"}, %up: !f {stencil.name = "up"}, %down: !f {stencil.name = "down"},
                      %last: !p {stencil.name = "last"}) attributes {
    domain = array<i64: 1, 1, 4>,
    inputs = {a = dense<[[[1, 2, 3, 4]]]> : tensor<1x1x4xi64>, up = dense<0> : tensor<1x1x4xi64>,
              down = dense<0> : tensor<1x1x4xi64>, last = dense<0> : tensor<1x1xi32>}} {
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %up : !f
    }
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      stencil.write %0, %down : !f
    }
  }
  stencil.section forward [start + 1, end) {
    stencil.statement {
      %0 = stencil.read %up[0, 0, -1] : !f
      %1 = stencil.read %up[0, 0, 0] : !f
      %2 = arith.addi %0, %1 : i64
      stencil.write %2, %up : !f
    }
  }
  stencil.section forward [start, end) {
    stencil.statement {
      %0 = stencil.read %a[0, 0, 0] : !f
      %1 = arith.trunci %0 : i64 to i32
      stencil.write %1, %last : !p
    }
  }
  stencil.section backward [start, end + -1) {
    stencil.statement {
      %0 = stencil.read %down[0, 0, 1] : !f
      %1 = stencil.read %down[0, 0, 0] : !f
      %2 = arith.addi %0, %1 : i64
      stencil.write %2, %down : !f
    }
  }
}

// -----

// Regions: the union of a column and a row, each point once; `while` runs for each point by itself; a variable of the point.
// CHECK: n: i32[3, 2, 1] = 11 10 11 20 11 30
!f = !stencil.field<IJK, i32>
stencil.program @regions(%n: !f {stencil.name = "n"}, %limit: i32 {stencil.name = "limit", stencil.default = 20 : i32})
    attributes {domain = array<i64: 3, 2, 1>, inputs = {n = dense<[[[5], [10]], [[5], [20]], [[5], [30]]]> : tensor<3x2x1xi32>}} {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  stencil.section parallel [start, end) {
    stencil.statement where [#stencil.region<start:start + 1, :end + -1>, #stencil.region<:, start:start + 1>] {
      %v = stencil.temporary "v" : !stencil.field<none, i32>
      %0 = stencil.read %n[0, 0, 0] : !f
      %1 = arith.addi %0, %c1 : i32
      stencil.write %1, %v : !stencil.field<none, i32>
      scf.while : () -> () {
        %2 = stencil.read %v[0, 0, 0] : !stencil.field<none, i32>
        %3 = arith.muli %2, %c2 : i32
        %4 = arith.cmpi slt, %3, %limit : i32
        scf.condition(%4)
      } do {
        %2 = stencil.read %v[0, 0, 0] : !stencil.field<none, i32>
        %3 = arith.addi %2, %c1 : i32
        stencil.write %3, %v : !stencil.field<none, i32>
        scf.yield
      }
      %5 = stencil.read %v[0, 0, 0] : !stencil.field<none, i32>
      %6 = arith.addi %5, %c1 : i32
      stencil.write %6, %n : !f
    }
  }
}

// -----

// Lower dimensions broadcast; levels by number; data dimensions; tables; K as a value.
// CHECK: out: f32[2, 1, 3, 2] = 111 3 112 3 113 3 121 3 122 3 123 3
!f = !stencil.field<IJK, f32, [2]>
stencil.program @axes(%i: !stencil.field<I, f32> {stencil.name = "i"}, %k: !stencil.field<K, f32> {stencil.name = "k"},
                      %table: !stencil.field<none, f32, [3]> {stencil.name = "table"}, %out: !f {stencil.name = "out"})
    attributes {domain = array<i64: 2, 1, 3>,
                inputs = {i = dense<[10., 20.]> : tensor<2xf32>, k = dense<[9., 1., 2., 3.]> : tensor<4xf32>,
                          table = dense<[100., 101., 3.]> : tensor<3xf32>, out = dense<0.> : tensor<2x1x3x2xf32>},
                origins = {k = array<i64: 1>}} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  stencil.section parallel [start, end) {
    stencil.statement {
      %0 = stencil.read %i[0, 0, 0] : !stencil.field<I, f32>
      %1 = stencil.level
      %2 = stencil.read %k[0, 0, 0] at %1 : !stencil.field<K, f32>
      %3 = stencil.read %table[0, 0, 0] data(%c0) : !stencil.field<none, f32, [3]>
      %4 = arith.addf %0, %2 : f32
      %5 = arith.addf %4, %3 : f32
      stencil.write %5, %out data(%c0) : !f
      %6 = stencil.read %table[0, 0, 0] data(%c2) : !stencil.field<none, f32, [3]>
      stencil.write %6, %out data(%c1) : !f
    }
  }
}
