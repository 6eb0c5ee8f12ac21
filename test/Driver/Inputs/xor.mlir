// x0 xor x1 for bits.
sparse.network @xor inputs(2) : f32 {
  sparse.layer 2 relu rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
    weights(dense<1.0> : tensor<4xf32>) bias(dense<[0.0, -1.0]> : tensor<2xf32>)
  sparse.layer 1 none rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[2, 3]> : tensor<2xi32>)
    weights(dense<[1.0, -2.0]> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}
