// RUN: spada-opt %s -sparse-merge -split-input-file -verify-diagnostics | FileCheck %s
// RUN: spada-opt %s -sparse-interpret='batch=3' -split-input-file -o /dev/null 2> %t.log > %t.before
// RUN: spada-opt %s -sparse-merge -sparse-interpret='batch=3' -split-input-file -o /dev/null 2> %t.log > %t.after
// RUN: diff %t.before %t.after

// Neurons 2 and 4 are equal, since 0.5 + 0.5 = 1; then 5 and 6 are. The weights of 7 from 5 and 6 add up, and the outputs that were 2 and 4 are one neuron.
// CHECK-LABEL: sparse.network @equal inputs(2) outputs([2, 5, 2]) fast : f32 {
// CHECK-NEXT:    sparse.layer 2 relu rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
// CHECK-SAME:      weights(dense<[1.000000e+00, 5.000000e-01, 1.000000e+00, 2.500000e-01]> : tensor<4xf32>)
// CHECK-NEXT:    sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[2, 3]> : tensor<2xi32>)
// CHECK-SAME:      weights(dense<1.000000e+00> : tensor<2xf32>)
// CHECK-NEXT:    sparse.layer 1 none rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<4> : tensor<1xi32>)
// CHECK-SAME:      weights(dense<5.000000e+00> : tensor<1xf32>)
sparse.network @equal inputs(2) outputs([2, 7, 4]) fast : f32 {
  sparse.layer 3 relu rows(dense<[0, 2, 4, 6]> : tensor<4xi64>) columns(dense<[0, 1, 0, 1, 1, 0]> : tensor<6xi32>)
    weights(dense<[1.0, 0.5, 1.0, 0.25, 0.5, 1.0]> : tensor<6xf32>) bias(dense<0.0> : tensor<3xf32>)
  sparse.layer 2 none rows(dense<[0, 2, 5]> : tensor<3xi64>) columns(dense<[2, 3, 2, 3, 4]> : tensor<5xi32>)
    weights(dense<[1.0, 1.0, 0.5, 1.0, 0.5]> : tensor<5xf32>) bias(dense<0.0> : tensor<2xf32>)
  sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[5, 6]> : tensor<2xi32>)
    weights(dense<[2.0, 3.0]> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

// Biases, activations, weights and sources that differ: nothing is equal.
// CHECK-LABEL: sparse.network @different
// CHECK:         sparse.layer 4 relu
// CHECK:         sparse.layer 1 tanh
sparse.network @different inputs(2) outputs([2, 3, 4, 5, 6]) fast : f32 {
  sparse.layer 4 relu rows(dense<[0, 1, 2, 3, 4]> : tensor<5xi64>) columns(dense<[0, 0, 0, 1]> : tensor<4xi32>)
    weights(dense<[1.0, 1.0, 2.0, 1.0]> : tensor<4xf32>) bias(dense<[0.0, 1.0, 0.0, 0.0]> : tensor<4xf32>)
  sparse.layer 1 tanh rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<[0]> : tensor<1xi32>)
    weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

// The sum 1 + 2^-9 does not fit bf16: weights become f32.
// CHECK-LABEL: sparse.network @wide
// CHECK:         weights(dense<1.00195313> : tensor<1xf32>)
sparse.network @wide inputs(1) fast : f32 {
  sparse.layer 2 relu rows(dense<[0, 1, 2]> : tensor<3xi64>) columns(dense<[0, 0]> : tensor<2xi32>)
    weights(dense<1.0> : tensor<2xbf16>) bias(dense<0.0> : tensor<2xf32>)
  sparse.layer 1 relu rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[1, 2]> : tensor<2xi32>)
    weights(dense<[1.0, 0.001953125]> : tensor<2xbf16>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

// CHECK-LABEL: sparse.network @slow
// CHECK:         sparse.layer 2 relu
// expected-remark @+1 {{is not 'fast': equal neurons stay, since merging them changes sums}}
sparse.network @slow inputs(1) : f32 {
  sparse.layer 2 relu rows(dense<[0, 1, 2]> : tensor<3xi64>) columns(dense<[0, 0]> : tensor<2xi32>)
    weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<2xf32>)
}
