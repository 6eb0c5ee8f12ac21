// RUN: spada-opt %s -sparse-clean | FileCheck %s
// RUN: spada-opt %s -sparse-interpret='batch=3' -o /dev/null > %t.before
// RUN: spada-opt %s -sparse-clean -sparse-interpret='batch=3' -o /dev/null > %t.after
// RUN: diff %t.before %t.after

// Neuron 3 (second of the layer) has only a zero weight and a capped constant value, 2; it becomes part of the bias of neuron 5,
// where it is the first source, but not of neuron 6, where it is the second. Neuron 4 reaches no output.
// CHECK-LABEL: sparse.network @exact inputs(2)
// CHECK-SAME:    order(dense<[0, 1, 2, 3, 4]> : tensor<5xi64>)
// CHECK-NEXT:    sparse.layer 2 relu cap(2.000000e+00) rows(dense<[0, 2, 2]> : tensor<3xi64>) columns(dense<[0, 1]> : tensor<2xi32>)
// CHECK-SAME:      bias(dense<[0.000000e+00, 3.000000e+00]> : tensor<2xf32>)
// CHECK-NEXT:    sparse.layer 2 none rows(dense<[0, 1, 3]> : tensor<3xi64>) columns(dense<[1, 2, 3]> : tensor<3xi32>)
// CHECK-SAME:      weights(dense<[-1.000000e+00, 1.000000e+00, 5.000000e-01]> : tensor<3xf32>)
// CHECK-SAME:      bias(dense<[7.000000e+00, 0.000000e+00]> : tensor<2xf32>)
sparse.network @exact inputs(2) order(dense<[0, 1, 2, 3, 4, 5, 6, 7]> : tensor<8xi64>) : f32 {
  sparse.layer 3 relu cap(2.0) rows(dense<[0, 2, 3, 4]> : tensor<4xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
    weights(dense<[1.0, 2.0, 0.0, 1.0]> : tensor<4xf32>) bias(dense<[0.0, 3.0, 0.0]> : tensor<3xf32>)
  sparse.layer 2 none rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[3, 1, 2, 3]> : tensor<4xi32>)
    weights(dense<[3.0, -1.0, 1.0, 0.5]> : tensor<4xf32>) bias(dense<[1.0, 0.0]> : tensor<2xf32>)
}

// With `fast` the constant goes into both biases, and its neuron with it; the neuron without activation goes as well: 2 * (x0 + x1) + 1
// meets 1 * x1.
// CHECK-LABEL: sparse.network @fast inputs(2) fast : f64 {
// CHECK-NEXT:    sparse.layer 1 tanh rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[0, 1]> : tensor<2xi32>)
// CHECK-SAME:      weights(dense<[2.000000e+00, 3.000000e+00]> : tensor<2xf64>) bias(dense<1.500000e+00> : tensor<1xf64>)
// CHECK-NEXT:  }
sparse.network @fast inputs(2) fast : f64 {
  sparse.layer 2 none rows(dense<[0, 2, 2]> : tensor<3xi64>) columns(dense<[0, 1]> : tensor<2xi32>)
    weights(dense<1.0> : tensor<2xf64>) bias(dense<[0.25, 0.5]> : tensor<2xf64>)
  sparse.layer 1 tanh rows(dense<[0, 3]> : tensor<2xi64>) columns(dense<[1, 2, 3]> : tensor<3xi32>)
    weights(dense<[1.0, 2.0, 1.0]> : tensor<3xf64>) bias(dense<0.5> : tensor<1xf64>)
}

// Nothing to do: the text stays.
// CHECK-LABEL: sparse.network @same inputs(1) outputs([1]) : f32 {
// CHECK-NEXT:    sparse.layer 1 gelu rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<0> : tensor<1xi32>)
// CHECK-SAME:      weights(dense<2.000000e+00> : tensor<1xbf16>)
sparse.network @same inputs(1) outputs([1]) : f32 {
  sparse.layer 1 gelu rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<[0]> : tensor<1xi32>)
    weights(dense<2.0> : tensor<1xbf16>) bias(dense<0.0> : tensor<1xf32>)
}

// An output with a constant value stays, an input without connections too.
// CHECK-LABEL: sparse.network @constant inputs(2) : f32 {
// CHECK-NEXT:    sparse.layer 1 sigmoid rows(dense<0> : tensor<2xi64>) columns(dense<> : tensor<0xi32>)
sparse.network @constant inputs(2) : f32 {
  sparse.layer 1 sigmoid rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<[0]> : tensor<1xi32>)
    weights(dense<0.0> : tensor<1xf32>) bias(dense<1.0> : tensor<1xf32>)
}
