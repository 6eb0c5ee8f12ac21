// RUN: spada-opt %s --split-input-file --verify-diagnostics

// expected-error @below {{has 0 parameters and 1 names}}
spada.kernel @kernel_c1 ["N"] {
}

// -----

// expected-error @below {{has two parameters named 'N'}}
spada.kernel @kernel_c1_twice ["N", "N"] {
^bb0(%a: index, %b: index):
}

// -----

// expected-error @below {{has parameter 'N' of type 'i32'; it must be index}}
spada.kernel @kernel_c1_type ["N"] {
^bb0(%a: i32):
}

// -----

// expected-error @below {{has a precondition on 'M', which is no parameter}}
spada.kernel @kernel_c2 [] attributes {preconditions = {M = 1 : i64}} {
}

// -----

// expected-note @below {{which holds only arguments, blocks, phases, compile-time loops and parameter expressions}}
spada.kernel @kernel_c3 [] {
  // expected-error @below {{'spada.awaitall' op does not belong into 'spada.kernel'}}
  spada.awaitall
}

// -----

spada.kernel @kernel_c4 [] {
  // expected-note @below {{first declared here}}
  spada.argument "a" scalar f32
  // expected-error @below {{declares argument 'a' a second time}}
  spada.argument "a" scalar f32
}

// -----

spada.kernel @argument_c1 ["N"] {
^bb0(%N: index):
  // expected-error @below {{'a' is scalar and has a bound or dims; only stream arguments may}}
  spada.argument "a" scalar f32 bound %N
}

// -----

spada.kernel @argument_c2 [] {
  // expected-error @below {{has element type 'i64', which is no SpaDA scalar; use f16}}
  spada.argument "a" readonly i64
}

// -----

spada.kernel @argument_c3 ["N"] {
^bb0(%N: index):
  // expected-error @below {{'a' has 3 dims; at most 2 are possible}}
  spada.argument "a" readonly f32 dims(%N, %N, %N)
}

// -----

spada.kernel @phase_c1 [] {
  // expected-note @below {{which holds only blocks, compile-time loops}}
  spada.phase {
    // expected-error @below {{'spada.phase' op does not belong into 'spada.phase'}}
    spada.phase {
    }
  }
}

// -----

spada.kernel @meta_for_c1 ["N"] {
^bb0(%N: index):
  // expected-error @below {{has 0 block arguments; it needs one of type index}}
  spada.meta_for "s" i16 = %N to %N step %N {
  }
}

// -----

spada.kernel @meta_for_c2 ["N"] {
^bb0(%N: index):
  spada.phase {
    // expected-note @below {{which holds only blocks, compile-time loops}}
    spada.meta_for "s" i16 = %N to %N step %N {
    ^bb0(%s: index):
      // expected-error @below {{'spada.phase' op does not belong into 'spada.meta_for'}}
      spada.phase {
      }
    }
  }
}

// -----

spada.kernel @meta_for_c3 ["N"] {
^bb0(%N: index):
  // expected-error @below {{has a variable of type 'f32'; use an integer type}}
  spada.meta_for "s" f32 = %N to %N step %N {
  ^bb0(%s: index):
  }
}

// -----

spada.kernel @place_c1 ["N"] {
^bb0(%N: index):
  // expected-error @below {{has 1 subgrid variables and 2 names; both must be 2}}
  spada.place ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16):
  }
}

// -----

spada.kernel @place_c1_type ["N"] {
^bb0(%N: index):
  // expected-error @below {{has a subgrid variable of type 'f32'; use an integer type}}
  spada.place ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: f32):
  }
}

// -----

spada.kernel @place_c2 ["N"] {
^bb0(%N: index):
  // expected-note @below {{which holds only 'spada.field' and parameter expressions}}
  spada.place ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{'spada.awaitall' op does not belong into 'spada.place'}}
    spada.awaitall
  }
}

// -----

spada.kernel @place_c3 ["N"] {
^bb0(%N: index):
  spada.place ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-note @below {{first declared here}}
    spada.field "a" f32
    // expected-error @below {{declares field 'a' a second time}}
    spada.field "a" i16
  }
}

// -----

spada.kernel @dataflow_c2 ["N"] {
^bb0(%N: index):
  // expected-note @below {{which holds only stream declarations and parameter expressions}}
  spada.dataflow ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{'spada.awaitall' op does not belong into 'spada.dataflow'}}
    spada.awaitall
  }
}

// -----

spada.kernel @dataflow_c3 ["N"] {
^bb0(%N: index):
  spada.dataflow ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-note @below {{first declared here}}
    spada.stream "s" f32 offset(%N, %N)
    // expected-error @below {{declares stream 's' a second time}}
    spada.extern_stream "s" in f32
  }
}

// -----

spada.kernel @compute_c2 ["N"] {
^bb0(%N: index):
  // expected-note @below {{which holds only statements and expressions}}
  spada.compute ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{'spada.argument' op does not belong into 'spada.compute'}}
    spada.argument "a" scalar f32
  }
}

// -----

spada.kernel @field_c1 ["N"] {
^bb0(%N: index):
  spada.place ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{has element type 'si16', which is no SpaDA scalar}}
    spada.field "a" si16
  }
}

// -----

spada.kernel @stream_c1 ["N"] {
^bb0(%N: index):
  spada.dataflow ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{has element type 'bf16', which is no SpaDA scalar}}
    spada.stream "s" bf16 offset(%N, %N)
  }
}

// -----

spada.kernel @stream_c2 ["N"] {
^bb0(%N: index):
  spada.dataflow ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{'s' has a range on both axes; a multicast moves along one axis only}}
    spada.stream "s" f32 offset(%N to %N, %N to %N)
  }
}

// -----

spada.kernel @stream_c3 ["N"] {
^bb0(%N: index):
  spada.dataflow ["i", "j"] in (%N to %N step %N, %N to %N step %N) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{'s' has hop (2, 0), which is no unit step}}
    spada.stream "s" f32 offset(%N, %N) hops [2, 0]
  }
}

// -----

func.func @send_value_c1(%v: i16, %s: !spada.stream<f32>) {
  // expected-error @below {{sends 'i16' into a stream of 'f32'; cast the value before sending}}
  %0 = spada.send_value %v to %s : i16, !spada.stream<f32>
  return
}

// -----

func.func @foreach_c1(%s: !spada.stream<f32>, %n: index) {
  // expected-error @below {{has 1 block arguments and 1 names; its ranges ask for 2}}
  %0 = spada.foreach ["x"] from %s range(%n) to(%n) step(%n) : !spada.stream<f32> {
  ^bb0(%x: f32):
  }
  return
}

// -----

func.func @foreach_c2(%s: !spada.stream<f32>) {
  // expected-error @below {{takes elements of type 'i32' from a stream of 'f32'}}
  %0 = spada.foreach ["x"] from %s range() to() step() : !spada.stream<f32> {
  ^bb0(%x: i32):
  }
  return
}

// -----

func.func @foreach_c3(%s: !spada.stream<f32>, %n: index) {
  // expected-error @below {{has a loop variable of type 'f32'; use an integer type}}
  %0 = spada.foreach ["k", "x"] from %s range(%n) to(%n) step(%n) : !spada.stream<f32> {
  ^bb0(%k: f32, %x: f32):
  }
  return
}

// -----

func.func @while_c1(%c: i1) {
  // expected-error @below {{has 0 'spada.condition'; it needs one}}
  spada.while {
  }
  return
}

// -----

func.func @while_c1_first(%c: i1) {
  spada.while {
    // expected-error @below {{stands before the 'spada.condition' of its loop; only expressions do}}
    spada.write "x", %c : i1
    spada.condition %c
  }
  return
}

// -----

func.func @while_c2(%c: i1) {
  spada.while {
    spada.condition %c
    // expected-error @below {{does not belong into 'spada.while', which holds assignments and loops}}
    spada.awaitall
  }
  return
}

// -----

func.func @map_c1(%n: index) {
  // expected-error @below {{has 1 starts, 1 stops and 2 steps; they must be equally many}}
  %0 = spada.map ["k"] range(%n) to(%n) step(%n, %n) {
  ^bb0(%k: i16):
  }
  return
}

// -----

func.func @for_c2(%n: index) {
  // expected-error @below {{has a loop variable of type 'f16'; use an integer type}}
  spada.for ["k"] range(%n) to(%n) step(%n) {
  ^bb0(%k: f16):
  }
  return
}

// -----

func.func @read_c1(%k: f32) {
  // expected-error @below {{indexes 'a' with a value of type 'f32' at position 0; use an integer}}
  %0 = spada.read "a"[%k : f32] : f32
  return
}

// -----

func.func @write_c1(%k: i16, %v: f32) {
  // expected-error @below {{indexes 'a' with a value of type 'f32' at position 1; use an integer}}
  spada.write "a"[%k, %v : i16, f32], %v : f32
  return
}

// -----

func.func @receive_c1(%k: f32, %s: !spada.stream<f32>) {
  // expected-error @below {{indexes 'a' with a value of type 'f32' at position 0; use an integer}}
  %0 = spada.receive "a"[%k : f32] from %s : !spada.stream<f32>
  return
}

// -----

func.func @argument_ref_c1(%k: f32) {
  // expected-error @below {{indexes 'a' with a value of type 'f32' at position 0; use an integer}}
  %0 = spada.argument_ref "a"[%k : f32] : !spada.stream<f32>
  return
}

// -----

func.func @assign_c1(%v: f32) {
  // expected-error @below {{has a block argument of type 'i16'; it must be i32}}
  spada.assign "a" {
  ^bb0(%k: i16):
    spada.yield %v : f32
  }
  return
}

// -----

func.func @binary_c1(%a: f32) {
  // expected-error @below {{lt gives 'f32'; a comparison gives i1}}
  %0 = spada.binary lt %a, %a : f32 -> f32
  return
}

// -----

func.func @binary_c1_arithmetic(%a: f32) {
  // expected-error @below {{add of 'f32' gives 'i16'; the types must be equal}}
  %0 = spada.binary add %a, %a : f32 -> i16
  return
}

// -----

func.func @binary_c2(%a: f32) {
  // expected-error @below {{shl takes 'f32'; it needs integers}}
  %0 = spada.binary shl %a, %a : f32 -> f32
  return
}

// -----

func.func @unary_c1(%a: f32) {
  // expected-error @below {{not takes 'f32'; it needs a bool or an integer}}
  %0 = spada.unary not %a : f32
  return
}
