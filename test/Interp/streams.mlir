// RUN: spada-opt %s --spada-concretize --spada-interpret --split-input-file | FileCheck %s

// A ring of two PEs in both directions at once: async bodies, completions awaited out of order, forwarding inside a
// foreach, one received element.
// CHECK: r: i16[2, 1] = 33 11
spada.kernel @ring [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %m1 = spada.constant -1 : index
  spada.argument "r" writeonly i16 bound %c1 dims(%c2)
  spada.place ["i", "j"] in (%c0 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" i16 dims(%c2)
    spada.field "b" i16
  }
  spada.dataflow ["i", "j"] in (%c0 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "east" i16 offset(%c1, %c0)
    spada.stream "west" i16 offset(%m1, %c0)
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %east = spada.stream_ref "east" : !spada.stream<i16>
      %west = spada.stream_ref "west" : !spada.stream<i16>
      %eleven = spada.constant 11 : i16
      %one = spada.constant 1 : i16
      %rx = spada.receive "a"[%one : i16] from %west : !spada.stream<i16>
      %bg = spada.async {
        spada.write "b", %eleven : i16
        %b = spada.read "b" : i16
        %t = spada.send_value %b to %east : i16, !spada.stream<i16>
        spada.await %t
      }
      spada.await %rx
      spada.await %bg
      %v = spada.read "a"[%one : i16] : i16
      %r = spada.argument_ref "r"[%i : i16] : !spada.stream<i16>
      %s = spada.send_value %v to %r : i16, !spada.stream<i16>
    }
    spada.compute ["i", "j"] in (%c1 to %c2 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %east = spada.stream_ref "east" : !spada.stream<i16>
      %west = spada.stream_ref "west" : !spada.stream<i16>
      %three = spada.constant 3 : i16
      %r = spada.argument_ref "r"[%i : i16] : !spada.stream<i16>
      %f = spada.foreach ["k", "x"] from %east range(%c0) to(%c1) step(%c1) : !spada.stream<i16> {
      ^bb0(%k: i16, %x: i16):
        %y = spada.binary mul %x, %three : i16 -> i16
        %t = spada.send_value %y to %west : i16, !spada.stream<i16>
        spada.await %t
        %s = spada.send_value %x to %r : i16, !spada.stream<i16>
        spada.await %s
      }
      spada.await %f
    }
  }
}

// -----

// A multicast reaches every PE of its range; the phase-local stream hides the one of the kernel.
// CHECK: r: f32[4, 1, 1] = 0 5 5 5
spada.kernel @multicast [] attributes {inputs = {v = 5.0 : f32}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c4 = spada.constant 4 : index
  spada.argument "v" scalar f32
  spada.argument "r" writeonly f32 bound %c1 dims(%c4, %c1)
  spada.place ["i", "j"] in (%c0 to %c4 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%c1)
  }
  spada.dataflow ["i", "j"] in (%c0 to %c4 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "cast" f32 offset(%c1, %c0)
  }
  spada.phase {
    spada.dataflow ["i", "j"] in (%c0 to %c4 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      spada.stream "cast" f32 offset(%c1 to %c4, %c0)
    }
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %cast = spada.stream_ref "cast" : !spada.stream<f32>
      %v = spada.scalar_ref "v" : f32
      %t = spada.send_value %v to %cast : f32, !spada.stream<f32>
      spada.await %t
    }
    spada.compute ["i", "j"] in (%c1 to %c4 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %cast = spada.stream_ref "cast" : !spada.stream<f32>
      %t = spada.receive "a" from %cast : !spada.stream<f32>
      spada.await %t
      %c = spada.close %cast : !spada.stream<f32>
      spada.await %c
    }
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %c4 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %r = spada.argument_ref "r"[%i, %j : i16, i16] : !spada.stream<f32>
      %t = spada.send "a" to %r : !spada.stream<f32>
    }
  }
}

// -----

// Streaming arguments: a foreach without a range runs as long as there is input. The index may be shifted.
// CHECK: dst: f16[2, 3] = 2 4 6 8 10 12
spada.kernel @gain [] attributes {inputs = {src = dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf16>,
                                            g = 2.0 : f16}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %c3 = spada.constant 3 : index
  spada.argument "src" readonly f16 dims(%c2)
  spada.argument "g" scalar f16
  spada.argument "dst" writeonly f16 dims(%c2)
  spada.place ["i", "j"] in (%c0 to %c3 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
  spada.compute ["i", "j"] in (%c1 to %c3 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %one = spada.constant 1 : i16
    %n = spada.binary sub %i, %one : i16 -> i16
    %src = spada.argument_ref "src"[%n : i16] : !spada.stream<f16>
    %dst = spada.argument_ref "dst"[%n : i16] : !spada.stream<f16>
    %f = spada.foreach ["x"] from %src range() to() step() : !spada.stream<f16> {
    ^bb0(%x: f16):
      %g = spada.scalar_ref "g" : f16
      %y = spada.binary mul %x, %g : f16 -> f16
      %t = spada.send_value %y to %dst : f16, !spada.stream<f16>
      spada.await %t
    }
    spada.await %f
  }
}

// -----

// Fields of the kernel keep their values from phase to phase; those of a phase are its own and start at zero.
// CHECK: r: i16[2] = 4 0
spada.kernel @scopes [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  spada.argument "r" writeonly i16 bound %c2
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "keep" i16
    spada.field "hidden" i16
  }
  spada.phase {
    spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      spada.field "hidden" i16
    }
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %four = spada.constant 4 : i16
      spada.write "keep", %four : i16
      spada.write "hidden", %four : i16
    }
  }
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %r = spada.argument_ref "r" : !spada.stream<i16>
      %a = spada.read "keep" : i16
      %s0 = spada.send_value %a to %r : i16, !spada.stream<i16>
      %b = spada.read "hidden" : i16
      %s1 = spada.send_value %b to %r : i16, !spada.stream<i16>
    }
  }
}
