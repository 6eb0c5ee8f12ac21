// RUN: spada-opt %s --spada-concretize="params=N=4,K=7" --split-input-file --verify-diagnostics

// expected-warning @below {{kernel 'missing' has no parameter 'K'; it has 'N', 'A', 'B'}}
// expected-error @below {{kernel 'missing' has no value for 'A', 'B', 'c'; give NAME=VALUE for each}}
spada.kernel @missing ["N", "A", "B"] {
^bb0(%N: index, %A: index, %B: index):
  spada.argument "c" compiletime f32
}

// -----

// expected-error @below {{parameter 'K' is 7, but kernel 'precondition' asks for at least 8}}
spada.kernel @precondition ["N", "K"] attributes {preconditions = {K = 8 : i64, N = 4 : i64}} {
^bb0(%N: index, %K: index):
}

// -----

spada.kernel @compile_time ["N"] {
^bb0(%N: index):
  // expected-error @below {{compile-time argument 'K' has value '7', which is no value of type 'i1'}}
  spada.argument "K" compiletime i1
}

// -----

// expected-error @below {{no block of kernel 'empty' covers a PE with these parameters}}
spada.kernel @empty ["N", "K"] {
^bb0(%N: index, %K: index):
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%N to %N step %c1, %N to %K step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

// expected-error @below {{the blocks of kernel 'origin' start at (1, 4); together they must start at (0, 0)}}
spada.kernel @origin ["N", "K"] {
^bb0(%N: index, %K: index):
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c1 to %N step %c1, %N to %K step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

spada.kernel @step ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  // expected-error @below {{step of y is 0; it must be at least 1}}
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %K step %c0) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

spada.kernel @negative_start ["N", "K"] {
^bb0(%N: index, %K: index):
  %c1 = spada.constant 1 : index
  %m1 = spada.constant -1 : index
  // expected-error @below {{x starts at -1; coordinates of PEs start at 0}}
  spada.compute ["i", "j"] in (%m1 to %N step %c1, %c1 to %K step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

// Both problems are reported, each once.
spada.kernel @arithmetic ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  // expected-error @below {{compile-time division of 7 by 4 leaves a remainder; choose parameters for which it is exact}}
  %half = spada.binary div %K, %N : index -> index
  // expected-error @below {{division by zero: the divisor of 4 is 0}}
  %none = spada.binary rem %N, %c0 : index -> index
  %more = spada.binary add %half, %c1 : index -> index
  // expected-note @below {{needed by this 'spada.place'}}
  spada.place ["i", "j"] in (%c0 to %more step %c1, %c0 to %half step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
  // expected-note @below {{needed by this 'spada.dataflow'}}
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %none step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

spada.kernel @overflow ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %big = spada.constant 9223372036854775807 : index
  // expected-error @below {{add of 9223372036854775807 and 4 overflows 64 bits}}
  %sum = spada.binary add %big, %N : index -> index
  %c70 = spada.constant 70 : index
  // expected-error @below {{shift by 70 is out of range; shift by 0 to 62}}
  %far = spada.binary shl %c1, %c70 : index -> index
  // expected-note @below {{needed by this}}
  spada.place ["i", "j"] in (%c0 to %sum step %c1, %c0 to %far step %c1) {
  ^bb0(%i: i16, %j: i16):
  }
}

// -----

spada.kernel @cast ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c300 = spada.constant 300 : index
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" i8
  }
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{300 does not fit i8}}
    %v = spada.cast %c300 : index to i8
    // expected-note @below {{needed by this 'spada.write'}}
    spada.write "a", %v : i8
  }
}

// -----

spada.kernel @run_time_bound ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{this value must be known at compile time, but depends on a run-time value}}
    %n = spada.cast %i : i16 to index
    // expected-note @below {{needed by this 'spada.for'}}
    spada.for ["k"] range(%c0) to(%n) step(%c1) {
    ^bb0(%k: i16):
    }
  }
}

// -----

spada.kernel @stream_select ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %a = spada.stream_ref "a" : !spada.stream<f32>
    %b = spada.stream_ref "b" : !spada.stream<f32>
    %one = spada.constant 1 : i16
    %is = spada.binary eq %i, %one : i16 -> i1
    // expected-error @below {{which stream this conditional means must be known at compile time}}
    %s = spada.select %is, %a, %b : !spada.stream<f32>
    %t = spada.send "x" to %s : !spada.stream<f32>
    spada.await %t
  }
}

// -----

spada.kernel @field_dimension ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{dimension of 'a' is 0; it must be at least 1}}
    spada.field "a" f32 dims(%N, %c0)
  }
}

// -----

spada.kernel @stream_channel ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %m1 = spada.constant -1 : index
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{channel of 's' is -1; it must be at least 0}}
    spada.stream "s" f32 offset(%c1, %c0) channel %m1
  }
}

// -----

spada.kernel @stream_hops ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{hops of 's' lead to (1, 1), but its offset is (4, 0)}}
    spada.stream "s" f32 offset(%N, %c0) hops [1, 0, 0, 1]
  }
}

// -----

spada.kernel @stream_count ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{stream 's' has bound 4 and count 7; they must be equal}}
    spada.stream "s" f32 bound %N offset(%c1, %c0) count %K
  }
}

// -----

spada.kernel @multicast_self ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{multicast range [0:4] of 's' along y reaches no PE or the sender itself}}
    spada.stream "s" f32 offset(%c0, %c0 to %N)
  }
}

// -----

spada.kernel @multicast_diagonal ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{multicast stream 's' moves by 7 on the other axis too; that offset must be 0}}
    spada.stream "s" f32 offset(%c1 to %N, %K)
  }
}

// -----

spada.kernel @loop_variable ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c129 = spada.constant 129 : index
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{variable 'k' of type 'i8' cannot hold 128; use a wider type}}
    spada.for ["k"] range(%c0) to(%c129) step(%c1) {
    ^bb0(%k: i8):
    }
  }
}

// -----

spada.kernel @map_step ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %m1 = spada.constant -1 : index
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{step of 'k' is -1; it must be at least 1}}
    %m = spada.map ["k"] range(%N) to(%c0) step(%m1) {
    ^bb0(%k: i16):
    }
  }
}

// -----

spada.kernel @iterations ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c16 = spada.constant 16 : index
  %many = spada.binary shl %c1, %c16 : index -> index
  %least = spada.binary shl %c1, %N : index -> index
  spada.meta_for "a" i32 = %c0 to %least step %c1 {
  ^bb0(%a: index):
    // expected-error @below {{compile-time loop 'b' from 0 to 65536 by 1 exceeds the 65536 iterations that one kernel may have}}
    spada.meta_for "b" i32 = %c0 to %many step %c1 {
    ^bb0(%b: index):
    }
  }
}

// -----

spada.kernel @unknown_argument ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{the kernel has no argument 'src'}}
    %s = spada.argument_ref "src"[%i : i16] : !spada.stream<f32>
  }
}

// -----

spada.kernel @argument_type ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  // expected-note @below {{declared here}}
  spada.argument "src" readonly i16 bound %K dims(%N)
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{argument 'src' is used with another element type than declared: 'f32' and 'i16'}}
    %s = spada.argument_ref "src"[%i : i16] : !spada.stream<f32>
  }
}

// -----

spada.kernel @argument_index ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.argument "src" readonly f32 bound %K dims(%N, %N)
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %both = spada.binary add %i, %j : i16 -> i16
    // expected-error @below {{index 0 of argument 'src' must be a subgrid variable, plus or minus a constant}}
    %s = spada.argument_ref "src"[%both, %j : i16, i16] : !spada.stream<f32>
  }
}

// -----

spada.kernel @argument_order ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.argument "src" readonly f32 bound %K dims(%N, %N)
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{index 0 of argument 'src' is the other axis's variable; write x first, then y}}
    %s = spada.argument_ref "src"[%j, %i : i16, i16] : !spada.stream<f32>
  }
}

// -----

spada.kernel @scalar_name ["N", "K"] {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // expected-error @below {{kernel 'scalar_name' has no argument 'alpha'}}
    %s = spada.scalar_ref "alpha" : f32
  }
}
