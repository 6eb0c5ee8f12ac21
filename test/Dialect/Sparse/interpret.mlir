// RUN: spada-opt %s --sparse-interpret=batch=3 -o /dev/null | FileCheck %s

// Expected values: worked out with Python's math module. Inputs are (-1.25, 0.5), (-0.5, 1.25) and (0.25, -0.75).

// The cap cuts 0.75 to 0.5.
// CHECK:      capped: 0
// CHECK-NEXT: capped: 0.5
// CHECK-NEXT: capped: 0
sparse.network @capped inputs(2) : f32 {
  sparse.layer 2 relu cap(0.5) rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
    weights(dense<1.0> : tensor<4xbf16>) bias(dense<[0.0, -1.0]> : tensor<2xf32>)
  sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[2, 3]> : tensor<2xi32>)
    weights(dense<[1.0, -2.0]> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// Not layered, and two sums open at once. Neuron 2 = tanh(2 x), 3 = tanh(4 x + 0.5 n2), 1 = tanh(x - n3).
// CHECK-NEXT: graph: -0.244950484 -0.999966147
// CHECK-NEXT: graph: 0.448675819 -0.983041101
sparse.network @graph inputs(1) outputs([1, 3]) order(dense<[2, 3, 0, 4, 1]> : tensor<5xi64>) : f64 {
  sparse.layer 3 tanh rows(dense<[0, 2, 3, 5]> : tensor<4xi64>) columns(dense<[0, 3, 0, 0, 2]> : tensor<5xi32>)
    weights(dense<[1.0, -1.0, 2.0, 4.0, 0.5]> : tensor<5xf64>) bias(dense<0.0> : tensor<3xf64>)
}

// A neuron without connections has the value of its bias; sigmoid and gelu. The exact gelu(-0.25) is -0.100323418: one
// unit of the last digit away.
// CHECK:      lone: 0.880797{{[0-9]+}} -0.100323409
// CHECK-NEXT: lone: 0.880797{{[0-9]+}} 1.95449972
sparse.network @lone inputs(2) outputs([2, 3]) : f32 {
  sparse.layer 1 sigmoid rows(dense<0> : tensor<2xi64>) columns(dense<> : tensor<0xi32>) weights(dense<> : tensor<0xf32>)
    bias(dense<2.0> : tensor<1xf32>)
  sparse.layer 1 gelu rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[0, 1]> : tensor<2xi32>)
    weights(dense<[1.0, 2.0]> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}
