// RUN: spada-opt %s --spada-concretize="params=N=4,K=3,bias=0.25" --split-input-file | FileCheck %s
// RUN: spada-opt %s --spada-concretize="params=N=4,K=3,bias=0.25" --spada-concretize="params=N=9" --split-input-file | FileCheck %s

// CHECK-LABEL: spada.kernel @phases [] attributes {bindings = {K = 3 : i64, N = 4 : i64, bias = 2.500000e-01 : f32}, grid = array<i64: 4, 1>} {
// CHECK-NEXT:    %[[C4:.*]] = spada.constant 4 : index
// CHECK-NEXT:    %[[C3:.*]] = spada.constant 3 : index
// CHECK-NEXT:    %[[C0:.*]] = spada.constant 0 : index
// CHECK-NEXT:    %[[C1:.*]] = spada.constant 1 : index
// CHECK-NEXT:    %[[C2:.*]] = spada.constant 2 : index
// CHECK-NEXT:    %[[BIAS:.*]] = spada.constant 2.500000e-01 : f32
// CHECK-NEXT:    spada.argument "src" readonly f32 bound %[[C3]] dims(%[[C4]])
// CHECK-NEXT:    spada.place ["i", "j"] in(%[[C0]] to %[[C4]] step %[[C1]], %[[C0]] to %[[C1]] step %[[C1]]) {
// CHECK-NEXT:    ^bb0(%{{.*}}: i16, %{{.*}}: i16):
// CHECK-NEXT:      spada.field "a" f32 dims(%[[C3]])
// CHECK-NEXT:      spada.field "b" f32
// CHECK-NEXT:    }
// CHECK-NEXT:    spada.phase {
// CHECK-NEXT:      spada.compute ["i", "j"] in(%[[C0]] to %[[C1]] step %[[C1]]
// CHECK-NOT:         spada.stream_ref "p"
// CHECK:             %[[S:.*]] = spada.stream_ref "q" : !spada.stream<f32>
// CHECK-NEXT:        spada.send "a" to %[[S]] : !spada.stream<f32>
// CHECK:           spada.compute ["i", "j"] in(%[[C1]] to %[[C2]] step %[[C1]]
// CHECK:             spada.write "b", %[[BIAS]] : f32
// CHECK:         }
// CHECK:         spada.dataflow ["i", "j"]
// CHECK:           spada.stream "q" f32 offset(%[[C1]], %[[C0]])
// CHECK:         spada.phase {
// CHECK:           spada.compute ["i", "j"] in(%[[C0]] to %[[C4]] step %[[C2]]
// CHECK:         spada.phase {
// CHECK-NEXT:      spada.compute ["i", "j"] in(%[[C2]] to
// CHECK-NOT:     spada.phase
// CHECK-NOT:     spada.argument "bias"
spada.kernel @phases ["N", "K"] attributes {preconditions = {N = 2 : i64}} {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  spada.argument "src" readonly f32 bound %K dims(%N)
  spada.argument "bias" compiletime f32
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%K)
    spada.field "b" f32
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %p = spada.stream_ref "p" : !spada.stream<f32>
    %q = spada.stream_ref "q" : !spada.stream<f32>
    %r = spada.binary rem %N, %c2 : index -> index
    %odd = spada.binary eq %r, %c1 : index -> i1
    %s = spada.select %odd, %p, %q : !spada.stream<f32>
    %t = spada.send "a" to %s : !spada.stream<f32>
    spada.await %t
  }
  // Ends no run of free computes.
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "q" f32 offset(%c1, %c0)
  }
  spada.compute ["i", "j"] in (%c1 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %bias = spada.scalar_ref "bias" : f32
    spada.write "b", %bias : f32
  }
  // Covers no PE.
  spada.compute ["i", "j"] in (%N to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %N step %c2, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
    }
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c1 to %c0 step %c2, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
    }
  }
  spada.compute ["i", "j"] in (%c2 to %N step %c2, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

// A tree: strides from shifts of loop variables, one phase for each turn.
// CHECK-LABEL: spada.kernel @unroll []
// CHECK-SAME:    grid = array<i64: 4, 2>
// CHECK-DAG:     %[[C0:.*]] = spada.constant 0 : index
// CHECK-DAG:     %[[C1:.*]] = spada.constant 1 : index
// CHECK-DAG:     %[[C2:.*]] = spada.constant 2 : index
// CHECK-DAG:     %[[C4:.*]] = spada.constant 4 : index
// CHECK:         spada.phase {
// CHECK:           spada.compute ["i", "j"] in(%[[C2]] to %[[C4]] step %[[C4]], %[[C0]]
// CHECK:           spada.compute ["i", "j"] in(%[[C2]] to %[[C4]] step %[[C4]], %[[C1]]
// CHECK:         spada.phase {
// CHECK:           spada.compute ["i", "j"] in(%[[C1]] to %[[C4]] step %[[C2]], %[[C0]]
// CHECK:           spada.compute ["i", "j"] in(%[[C1]] to %[[C4]] step %[[C2]], %[[C1]]
// CHECK-NOT:     spada.phase
// CHECK-NOT:     meta_for
spada.kernel @unroll ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c2 step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
  spada.meta_for "s" i16 = %c0 to %c2 step %c1 {
  ^bb0(%s: index):
    %up = spada.binary sub %c2, %s : index -> index
    %stride = spada.binary shl %c1, %up : index -> index
    %half = spada.binary div %stride, %c2 : index -> index
    spada.phase {
      spada.meta_for "r" i16 = %c0 to %c2 step %c1 {
      ^bb0(%r: index):
        %next = spada.binary add %r, %c1 : index -> index
        spada.compute ["i", "j"] in (%half to %N step %stride, %r to %next step %c1) {
        ^bb0(%i: i16, %j: i16):
        }
      }
    }
  }
}

// -----

// The arm that is not taken may have no value: 3 / 2 is not exact.
// CHECK-LABEL: spada.kernel @lazy []
// CHECK:         spada.field "a" f32 dims(%[[K:.*]])
// CHECK-NOT:     spada.binary
spada.kernel @lazy ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %r = spada.binary rem %K, %c2 : index -> index
  %even = spada.binary eq %r, %c0 : index -> i1
  %half = spada.binary div %K, %c2 : index -> index
  %size = spada.select %even, %half, %K : index
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%size)
  }
}
