// RUN: spada-opt %s -sparse-analyze='memory=4 batch=10' -split-input-file -verify-diagnostics -o /dev/null

// T1 without the batch: W + N + S = 6 + 5 + 1 to 2 (W + N - I) = 2 (6 + 3).
// expected-remark @+15 {{6 connections, 5 neurons, 2 inputs, 1 outputs; at least 3 alive at a time}}
// expected-remark @+14 {{reads and writes of one input: 12 to 18, with 4 values at least 12}}
// expected-remark @+13 {{reads and writes of 10 inputs: 66 to 126}}
// expected-remark @+12 {{level 1: 2 neurons, 4 connections from 2 sources, density 1.0000, density * memory 4.00}}
// expected-remark @+11 {{level 2: 1 neurons, 2 connections from 2 sources, density 1.0000, density * memory 4.00}}
// expected-remark @+10 {{order 'own': 3 alive at a time, 56 reads and 10 writes, 1.000 of the lower bound}}
// expected-remark @+9 {{order 'destination': 4 alive at a time, 66 reads and 20 writes, 1.303 of the lower bound}}
// expected-remark @+8 {{order 'source': 3 alive at a time, 56 reads and 10 writes, 1.000 of the lower bound}}
// expected-remark @+7 {{order 'blocked'}}
// expected-remark @+6 {{order 'clustered'}}
// expected-remark @+5 {{order 'class'}}
// expected-remark @+4 {{order 'greedy'}}
// expected-remark @+3 {{order 'streaming': 4 alive at a time, 66 reads and 10 writes, 1.152 of the lower bound}}
// expected-remark @+2 {{order 'depth-first'}}
// expected-remark @+1 {{order 'growth'}}
sparse.network @diamond inputs(2) order(dense<[0, 2, 1, 3, 4, 5]> : tensor<6xi64>) : f32 {
  sparse.layer 2 relu rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 1, 0, 1]> : tensor<4xi32>)
    weights(dense<1.0> : tensor<4xf32>) bias(dense<0.0> : tensor<2xf32>)
  sparse.layer 1 relu rows(dense<[0, 2]> : tensor<2xi64>) columns(dense<[2, 3]> : tensor<2xi32>)
    weights(dense<1.0> : tensor<2xf32>) bias(dense<0.0> : tensor<1xf32>)
}

// -----

// expected-remark @+1 {{has no connections}}
sparse.network @empty inputs(1) : f32 {
  sparse.layer 1 relu rows(dense<0> : tensor<2xi64>) columns(dense<> : tensor<0xi32>)
    weights(dense<> : tensor<0xf32>) bias(dense<1.0> : tensor<1xf32>)
}
