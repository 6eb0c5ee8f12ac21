// RUN: spada-opt %s | spada-opt | FileCheck %s

// CHECK-LABEL: sparse.network @xor inputs(2) : f32 {
// CHECK-NEXT:    sparse.layer 2 relu cap(3.200000e+01) rows(dense<[0, 2, 4]> : tensor<3xi64>)
// CHECK-NEXT:    sparse.layer 1 none rows
sparse.network @xor inputs(2) : f32 {
  sparse.layer 2 relu cap(32.0) rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
    weights(dense<1.0> : tensor<4xbf16>) bias(dense<[0.0, -1.0]> : tensor<2xf32>)
  sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[2, 3]> : tensor<2xi32>)
    weights(dense<[1.0, -2.0]> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// A layer may hold any acyclic graph; partial sums of two neurons are open at once in this order.
// CHECK-LABEL: sparse.network @any inputs(1) outputs([1, 3]) order(dense<[2, 3, 0, 4, 1]> : tensor<5xi64>) batch(16) : f64 {
sparse.network @any inputs(1) outputs([1, 3]) order(dense<[2, 3, 0, 4, 1]> : tensor<5xi64>) batch(16) : f64 {
  // Connections 0 -> 1 and 3 -> 1; 0 -> 2; 0 -> 3 and 2 -> 3.
  sparse.layer 3 tanh rows(dense<[0, 2, 3, 5]> : tensor<4xi64>) columns(dense<[0, 3, 0, 0, 2]> : tensor<5xi32>)
    weights(dense<[1.0, -1.0, 2.0, 4.0, 0.5]> : tensor<5xf64>) bias(dense<0.0> : tensor<3xf64>)
}

// A sum out of order is legal only with `fast`.
// CHECK-LABEL: sparse.network @fast inputs(2) order(dense<[1, 0]> : tensor<2xi64>) fast : f32 {
sparse.network @fast inputs(2) order(dense<[1, 0]> : tensor<2xi64>) fast : f32 {
  sparse.layer 1 gelu rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[0, 1]> : tensor<2xi32>)
    weights(dense_resource<w> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}
{-#
  dialect_resources: {
    builtin: {
      w: "0x040000000000803F00000040"
    }
  }
#-}
