// RUN: spada-opt %s -sparse-order='kind=blocked memory=4 size=2' -split-input-file | FileCheck %s --check-prefixes=CHECK,BLOCKED
// RUN: spada-opt %s -sparse-order='kind=blocked memory=4 size=2 exact' -split-input-file | FileCheck %s --check-prefixes=CHECK,EXACT
// RUN: spada-opt %s -sparse-order='kind=auto memory=5' -split-input-file | FileCheck %s
// RUN: spada-opt %s -sparse-order='kind=anneal memory=4 moves=500 policy=LRU' -split-input-file | FileCheck %s
// RUN: spada-opt %s -sparse-interpret -split-input-file -o /dev/null > %t.before
// RUN: spada-opt %s -sparse-order='kind=class' -sparse-interpret -split-input-file -o /dev/null > %t.after
// RUN: diff %t.before %t.after
// RUN: not spada-opt %s -sparse-order='kind=best' -split-input-file 2>&1 | FileCheck %s --check-prefix=KIND
// RUN: not spada-opt %s -sparse-order='policy=min' -split-input-file 2>&1 | FileCheck %s --check-prefix=POLICY
// RUN: not spada-opt %s -sparse-order='memory=2' -split-input-file 2>&1 | FileCheck %s --check-prefix=MEMORY

// KIND: error: cannot make an order of kind 'best'
// KIND: note: known are destination, source, blocked, clustered, class, greedy, streaming, depth-first, growth, auto, anneal
// POLICY: error: cannot use the policy 'min'; known are MIN, LRU, FIFO, clean-first
// MEMORY: error: cannot use a memory of 2 values for a batch of 1; at least 3 and 1 are needed

// Neurons 3 and 4 share their sources, so do 5 and 6; the second block goes backwards, but not where sums must be kept.
// CHECK-LABEL: sparse.network @net inputs(3)
// CHECK-SAME:    order(
// BLOCKED-SAME:  dense<[0, 2, 1, 3, 7, 5, 6, 4]> : tensor<8xi64>) fast
// EXACT-SAME:    dense<[0, 2, 1, 3, 4, 6, 5, 7]> : tensor<8xi64>) fast
sparse.network @net inputs(3) fast : f32 {
  sparse.layer 4 relu rows(dense<[0, 2, 4, 6, 8]> : tensor<5xi64>) columns(dense<[0, 1, 0, 1, 1, 2, 1, 2]> : tensor<8xi32>)
    weights(dense<1.0> : tensor<8xf32>) bias(dense<0.0> : tensor<4xf32>)
}

// -----

// Sums stay without being told. An input without connections is no trouble.
// CHECK-LABEL: sparse.network @sums inputs(3)
// CHECK-SAME:    order(dense<[{{.*}}]> : tensor<4xi64>) : f32
// BLOCKED-SAME:  {
sparse.network @sums inputs(3) : f32 {
  sparse.layer 2 relu rows(dense<[0, 2, 4]> : tensor<3xi64>) columns(dense<[0, 2, 0, 2]> : tensor<4xi32>)
    weights(dense<1.0> : tensor<4xf32>) bias(dense<0.0> : tensor<2xf32>)
}
