// RUN: spada-opt %s -split-input-file -verify-diagnostics

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op needs 3 entries in 'rows', not 2}}
  sparse.layer 2 none rows(dense<0> : tensor<2xi64>) columns(dense<> : tensor<0xi32>) weights(dense<> : tensor<0xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op needs 'columns' to be a vector of i32, not 'tensor<1xi64>'}}
  sparse.layer 1 none rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<0> : tensor<1xi64>) weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op needs 'bias' to be a vector of the network's value type, not 'tensor<1xf64>'}}
  sparse.layer 1 none rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<0> : tensor<1xi32>) weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf64>)
}

// -----

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op needs 'rows' to go from 0 to 1, the number of columns, not from 0 to 2}}
  sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<0> : tensor<1xi32>) weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op has 'rows' that decrease from 2 to 1 after row 1}}
  sparse.layer 2 none rows(dense<[0, 2, 1]> : tensor<3xi64>) columns(dense<0> : tensor<1xi32>) weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op has a cap, which belongs to 'relu', not to 'tanh'}}
  sparse.layer 1 tanh cap(1.0) rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<0> : tensor<1xi32>) weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

sparse.network @f inputs(1) : f32 {
  // expected-error@+1 {{'sparse.layer' op has no data for 'weights'}}
  sparse.layer 1 none rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<0> : tensor<1xi32>) weights(dense_resource<none> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op needs values of type f32 or f64, not 'f16'}}
sparse.network @f inputs(1) : f16 {
}

// -----

// expected-error@+1 {{'sparse.network' op has output 2, but neurons are 0 to 1}}
sparse.network @f inputs(1) outputs([0, 2]) : f32 {
  sparse.layer 1 none rows(dense<[0, 1]> : tensor<2xi64>) columns(dense<0> : tensor<1xi32>) weights(dense<1.0> : tensor<1xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op is malformed: connection 1 (7 -> 2) names neuron 7, but the network has 3}}
sparse.network @f inputs(1) : f32 {
  sparse.layer 2 none rows(dense<[0, 1, 2]> : tensor<3xi64>) columns(dense<[0, 7]> : tensor<2xi32>) weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op is malformed: connection 1 (-1 -> 2) names neuron -1, but the network has 3}}
sparse.network @f inputs(1) : f32 {
  sparse.layer 2 none rows(dense<[0, 1, 2]> : tensor<3xi64>) columns(dense<[0, -1]> : tensor<2xi32>) weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op is malformed: connection 1 (2 -> 2) leads from a neuron to itself}}
sparse.network @f inputs(1) : f32 {
  sparse.layer 2 none rows(dense<[0, 1, 2]> : tensor<3xi64>) columns(dense<[0, 2]> : tensor<2xi32>) weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op is malformed: connection 2 (0 -> 1) repeats connection 0}}
sparse.network @f inputs(1) : f32 {
  sparse.layer 2 none rows(dense<[0, 3, 3]> : tensor<3xi64>) columns(dense<[0, 2, 0]> : tensor<3xi32>) weights(dense<1.0> : tensor<3xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

// expected-error@+1 {{is part of a cycle}}
sparse.network @f inputs(1) : f32 {
  sparse.layer 2 none rows(dense<[0, 2, 3]> : tensor<3xi64>) columns(dense<[0, 2, 1]> : tensor<3xi32>) weights(dense<1.0> : tensor<3xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op has an illegal order: entry 0 of the order, connection 1 (1 -> 2), comes before 1 connections into its source}}
sparse.network @f inputs(1) order(dense<[1, 0]> : tensor<2xi64>) : f32 {
  sparse.layer 2 none rows(dense<[0, 1, 2]> : tensor<3xi64>) columns(dense<[0, 1]> : tensor<2xi32>) weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<2xf32>)
}

// -----

// expected-error@+1 {{'sparse.network' op has an illegal order: entry 1 of the order, connection 0 (0 -> 2), comes after connection 1 (1 -> 2), which changes the sum in floating point}}
sparse.network @f inputs(2) order(dense<[1, 0]> : tensor<2xi64>) : f32 {
  sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[0, 1]> : tensor<2xi32>) weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}
