// RUN: spada-opt %s --spada-concretize --spada-interpret --split-input-file --verify-diagnostics

// Six PEs wait for their west neighbour, the first of them for one that never sends: four are named.
spada.kernel @deadlock [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c6 = spada.constant 6 : index
  %c7 = spada.constant 7 : index
  spada.place ["i", "j"] in (%c0 to %c7 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32
  }
  spada.dataflow ["i", "j"] in (%c0 to %c7 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "east" f32 offset(%c1, %c0)
  }
  spada.compute ["i", "j"] in (%c1 to %c7 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %east = spada.stream_ref "east" : !spada.stream<f32>
    // expected-error @below {{deadlock: 6 PEs wait for ever}}
    // expected-note @below {{PE (1, 0) waits to receive on 'east' from PE (0, 0): 0 of 0 elements taken}}
    // expected-note @below {{PE (2, 0) waits to receive on 'east' from PE (1, 0): 0 of 0 elements taken}}
    // expected-note @below {{PE (3, 0) waits}}
    // expected-note @below {{PE (4, 0) waits}}
    // expected-note @below {{and 2 more}}
    %r = spada.receive "a" from %east : !spada.stream<f32>
    spada.await %r
    %s = spada.send "a" to %east : !spada.stream<f32>
    spada.await %s
  }
}

// -----

spada.kernel @unmatched [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %c3 = spada.constant 3 : index
  spada.place ["i", "j"] in (%c0 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%c3)
    spada.field "b" f32 dims(%c2)
  }
  spada.dataflow ["i", "j"] in (%c0 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "east" f32 offset(%c1, %c0)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %east = spada.stream_ref "east" : !spada.stream<f32>
    // expected-error @below {{unmatched send: 1 stream edge holds elements that nobody receives}}
    // expected-note @below {{PE (0, 0) sent 3 elements on 'east' to PE (1, 0), which received 2}}
    %s = spada.send "a" to %east : !spada.stream<f32>
  }
  spada.compute ["i", "j"] in (%c1 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %east = spada.stream_ref "east" : !spada.stream<f32>
    %r = spada.receive "b" from %east : !spada.stream<f32>
  }
}

// -----

spada.kernel @off_grid [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.dataflow ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "east" f32 offset(%c1, %c0)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %east = spada.stream_ref "east" : !spada.stream<f32>
    %v = spada.constant 1.0 : f32
    // expected-error @below {{unmatched send}}
    // expected-note @below {{PE (0, 0) sent 1 element on 'east' to PE (1, 0), which is outside of the grid}}
    %s = spada.send_value %v to %east : f32, !spada.stream<f32>
  }
}

// -----

spada.kernel @out_of_bounds [] attributes {inputs = {at = 3 : i16}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c3 = spada.constant 3 : index
  spada.argument "at" scalar i16
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" i16 dims(%c3)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %at = spada.scalar_ref "at" : i16
    // expected-error @below {{PE (0, 0): index 3 of field 'a' is out of bounds; it has 3 elements there}}
    spada.write "a"[%at : i16], %at : i16
  }
}

// -----

spada.kernel @division [] attributes {inputs = {z = 0 : i16}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.argument "z" scalar i16
  spada.argument "dst" writeonly i16 bound %c1
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %z = spada.scalar_ref "z" : i16
    // expected-error @below {{PE (0, 0): division by zero}}
    %0 = spada.binary div %z, %z : i16 -> i16
    %dst = spada.argument_ref "dst" : !spada.stream<i16>
    %s = spada.send_value %0 to %dst : i16, !spada.stream<i16>
  }
}

// -----

spada.kernel @over_read [] attributes {inputs = {src = dense<[1.0, 2.0]> : tensor<2xf32>}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %c3 = spada.constant 3 : index
  spada.argument "src" readonly f32 bound %c2
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%c3)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %src = spada.argument_ref "src" : !spada.stream<f32>
    // expected-error @below {{receives element 3 of argument 'src', which has 2 for this PE}}
    %r = spada.receive "a" from %src : !spada.stream<f32>
  }
}

// -----

spada.kernel @over_write [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  spada.argument "dst" writeonly f32 bound %c1
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32 dims(%c2)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %dst = spada.argument_ref "dst" : !spada.stream<f32>
    // expected-error @below {{sends element 2 to argument 'dst', which has 1 for this PE}}
    %r = spada.send "a" to %dst : !spada.stream<f32>
  }
}

// -----

spada.kernel @after_close [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.dataflow ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.stream "east" f32 offset(%c1, %c0)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %east = spada.stream_ref "east" : !spada.stream<f32>
    %v = spada.constant 1.0 : f32
    %c = spada.close %east : !spada.stream<f32>
    // expected-error @below {{send on 'east' after its close}}
    %s = spada.send_value %v to %east : f32, !spada.stream<f32>
  }
}

// -----

spada.kernel @names [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{PE (0, 0): no field 'a' is placed here}}
    %v = spada.read "a" : f32
  }
}

// -----

spada.kernel @types [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" i16
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{field 'a' has type i16, but is used as f32}}
    %v = spada.read "a" : f32
  }
}

// -----

spada.kernel @one_owner [] attributes {inputs = {src = dense<[1.0, 2.0]> : tensor<2xf32>}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  spada.argument "src" readonly f32 bound %c2
  spada.place ["i", "j"] in (%c0 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32
  }
  spada.compute ["i", "j"] in (%c0 to %c2 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{argument 'src' is used with the same index by PE (0, 0); each of its streams belongs to one PE}}
    %src = spada.argument_ref "src" : !spada.stream<f32>
    %r = spada.receive "a" from %src : !spada.stream<f32>
  }
}

// -----

spada.kernel @missing_input [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  // expected-error @below {{argument 'src' is received from, but has no input array}}
  spada.argument "src" readonly f32 bound %c1
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %src = spada.argument_ref "src" : !spada.stream<f32>
    %r = spada.receive "a" from %src : !spada.stream<f32>
  }
}

// -----

spada.kernel @wrong_input [] attributes {inputs = {src = dense<[[1, 2]]> : tensor<1x2xi32>}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  // expected-error @below {{input of argument 'src' is i32(1, 2), but the kernel takes f32(2, 1)}}
  spada.argument "src" readonly f32 bound %c1 dims(%c2)
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" f32
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %src = spada.argument_ref "src"[%i : i16] : !spada.stream<f32>
    %r = spada.receive "a" from %src : !spada.stream<f32>
  }
}
