// RUN: spada-opt %s --spada-concretize="params=N=4" --spada-interpret=counts | FileCheck %s

// Each PE sends its block east and adds what comes from the west.
// CHECK:      dst: f32[4, 2] = 1 2 4 6 8 10 12 14
// CHECK-NEXT: pes 4, operations {{[0-9]+}}, sent 6, received 6, host in 8, host out 8
spada.kernel @neighbour ["N"] attributes {inputs = {
    src = dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]> : tensor<4x2xf32>}} {
^bb0(%N: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %last = spada.binary sub %N, %c1 : index -> index
  spada.argument "src" readonly f32 bound %c2 dims(%N)
  spada.argument "dst" writeonly f32 bound %c2 dims(%N)
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%c2)
    spada.field "b" f32 dims(%c2)
  }
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "east" f32 offset(%c1, %c0)
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %src = spada.argument_ref "src"[%i : i16] : !spada.stream<f32>
      %r = spada.receive "a" from %src : !spada.stream<f32>
      spada.await %r
    }
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %last step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %east = spada.stream_ref "east" : !spada.stream<f32>
      %t = spada.send "a" to %east : !spada.stream<f32>
      spada.await %t
    }
    spada.compute ["i", "j"] in (%c1 to %N step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %east = spada.stream_ref "east" : !spada.stream<f32>
      %f = spada.foreach ["k", "x"] from %east range(%c0) to(%c2) step(%c1) : !spada.stream<f32> {
      ^bb0(%k: i16, %x: f32):
        %o = spada.read "a"[%k : i16] : f32
        %s = spada.binary add %o, %x : f32 -> f32
        spada.write "b"[%k : i16], %s : f32
      }
      spada.awaitall
      spada.assign "a" {
      ^bb0(%k: i32):
        %v = spada.read "b"[%k : i32] : f32
        spada.yield %v : f32
      }
    }
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %dst = spada.argument_ref "dst"[%i : i16] : !spada.stream<f32>
      %t = spada.send "a" to %dst : !spada.stream<f32>
    }
  }
}
