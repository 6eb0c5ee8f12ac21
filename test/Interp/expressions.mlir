// RUN: spada-opt %s --spada-concretize --spada-interpret --split-input-file | FileCheck %s

// Floor division, remainder with the sign of the divisor, wrapping, arithmetic and logical shifts.
// CHECK: r: i16[16] = -32768 32767 -32768 -3 2 1 -2 -4 28 -2 1 -1 0 1 -8 0
spada.kernel @integers [] attributes {inputs = {big = 32767 : i16, a = -7 : i16, b = 3 : i16}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c16 = spada.constant 16 : index
  spada.argument "big" scalar i16
  spada.argument "a" scalar i16
  spada.argument "b" scalar i16
  spada.argument "r" writeonly i16 bound %c16
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %r = spada.argument_ref "r" : !spada.stream<i16>
      %big = spada.scalar_ref "big" : i16
      %a = spada.scalar_ref "a" : i16
      %b = spada.scalar_ref "b" : i16
      %one = spada.constant 1 : i16
      %two = spada.constant 2 : i16
      %m1 = spada.constant -1 : i16
      %0 = spada.binary add %big, %one : i16 -> i16
      %s0 = spada.send_value %0 to %r : i16, !spada.stream<i16>
      %1 = spada.binary sub %0, %one : i16 -> i16
      %s1 = spada.send_value %1 to %r : i16, !spada.stream<i16>
      %2 = spada.binary div %0, %m1 : i16 -> i16
      %s2 = spada.send_value %2 to %r : i16, !spada.stream<i16>
      %3 = spada.binary div %a, %b : i16 -> i16
      %s3 = spada.send_value %3 to %r : i16, !spada.stream<i16>
      %4 = spada.binary rem %a, %b : i16 -> i16
      %s4 = spada.send_value %4 to %r : i16, !spada.stream<i16>
      %na = spada.unary neg %a : i16
      %5 = spada.binary rem %na, %b : i16 -> i16
      %s5 = spada.send_value %5 to %r : i16, !spada.stream<i16>
      %nb = spada.unary neg %b : i16
      %6 = spada.binary rem %na, %nb : i16 -> i16
      %s6 = spada.send_value %6 to %r : i16, !spada.stream<i16>
      %7 = spada.binary shr %a, %one : i16 -> i16
      %s7 = spada.send_value %7 to %r : i16, !spada.stream<i16>
      %8 = spada.binary shl %na, %two : i16 -> i16
      %s8 = spada.send_value %8 to %r : i16, !spada.stream<i16>
      %9 = spada.unary not %one : i16
      %s9 = spada.send_value %9 to %r : i16, !spada.stream<i16>
      %10 = spada.binary and %a, %b : i16 -> i16
      %s10 = spada.send_value %10 to %r : i16, !spada.stream<i16>
      %t11 = spada.binary or %a, %b : i16 -> i16
      %11 = spada.binary div %t11, %na : i16 -> i16
      %s11 = spada.send_value %11 to %r : i16, !spada.stream<i16>
      %t12 = spada.binary xor %a, %a : i16 -> i16
      %s12 = spada.send_value %t12 to %r : i16, !spada.stream<i16>
      %13 = spada.binary lt %a, %b : i16 -> i1
      %t13 = spada.select %13, %one, %two : i16
      %s13 = spada.send_value %t13 to %r : i16, !spada.stream<i16>
      %14 = spada.fmac %one, %a, %b : i16
      %t14 = spada.fmac %14, %b, %two : i16
      %u14 = spada.binary add %t14, %two : i16 -> i16
      %v14 = spada.binary add %u14, %two : i16 -> i16
      %w14 = spada.binary add %v14, %two : i16 -> i16
      %s14 = spada.send_value %w14 to %r : i16, !spada.stream<i16>
    }
  }
}

// -----

// Unsigned values are compared, divided and shifted as such; casts wrap, truncate towards zero and test for zero.
// CHECK: r: u16[6] = 65535 1 32767 65532 1 3
spada.kernel @casts [] attributes {inputs = {a = -1 : i32, f = 3.75 : f32, m = 65532 : i32}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c6 = spada.constant 6 : index
  spada.argument "a" scalar i32
  spada.argument "m" scalar i32
  spada.argument "f" scalar f32
  spada.argument "r" writeonly ui16 bound %c6
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %r = spada.argument_ref "r" : !spada.stream<ui16>
      %a = spada.scalar_ref "a" : i32
      %m = spada.scalar_ref "m" : i32
      %f = spada.scalar_ref "f" : f32
      %one = spada.constant 1 : ui16
      %0 = spada.cast %a : i32 to ui16
      %s0 = spada.send_value %0 to %r : ui16, !spada.stream<ui16>
      %1 = spada.binary gt %0, %one : ui16 -> i1
      %t1 = spada.cast %1 : i1 to ui16
      %s1 = spada.send_value %t1 to %r : ui16, !spada.stream<ui16>
      %2 = spada.binary shr %0, %one : ui16 -> ui16
      %s2 = spada.send_value %2 to %r : ui16, !spada.stream<ui16>
      %3 = spada.cast %m : i32 to ui16
      %s3 = spada.send_value %3 to %r : ui16, !spada.stream<ui16>
      %4 = spada.cast %f : f32 to i1
      %t4 = spada.cast %4 : i1 to ui16
      %s4 = spada.send_value %t4 to %r : ui16, !spada.stream<ui16>
      %5 = spada.cast %f : f32 to ui16
      %s5 = spada.send_value %5 to %r : ui16, !spada.stream<ui16>
    }
  }
}

// -----

// One rounding for each operator: 2048 + 1 ties to even in f16; fmac rounds twice; f32 keeps 24 bits.
// CHECK: h: f16[5] = 2048 2050 0 0.333251953 inf
// CHECK: s: f32[3] = 16777216 0 -0.5
spada.kernel @floats [] attributes {inputs = {a = 2048.0 : f16, b = 1.0 : f16, c = 3.0 : f16, d = 1.0009765625 : f16,
                                              big = 60000.0 : f16, x = 16777216.0 : f32, y = 1.000000119 : f32}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c3 = spada.constant 3 : index
  %c5 = spada.constant 5 : index
  spada.argument "a" scalar f16
  spada.argument "b" scalar f16
  spada.argument "c" scalar f16
  spada.argument "d" scalar f16
  spada.argument "big" scalar f16
  spada.argument "x" scalar f32
  spada.argument "y" scalar f32
  spada.argument "h" writeonly f16 bound %c5
  spada.argument "s" writeonly f32 bound %c3
  spada.phase {
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %h = spada.argument_ref "h" : !spada.stream<f16>
      %s = spada.argument_ref "s" : !spada.stream<f32>
      %a = spada.scalar_ref "a" : f16
      %b = spada.scalar_ref "b" : f16
      %c = spada.scalar_ref "c" : f16
      %d = spada.scalar_ref "d" : f16
      %big = spada.scalar_ref "big" : f16
      %0 = spada.binary add %a, %b : f16 -> f16
      %s0 = spada.send_value %0 to %h : f16, !spada.stream<f16>
      %ac = spada.binary add %b, %b : f16 -> f16
      %1 = spada.binary add %a, %ac : f16 -> f16
      %s1 = spada.send_value %1 to %h : f16, !spada.stream<f16>
      // d * d is 1.00195407... and rounds to 1.001953125; fused, the difference would not be 0.
      %dd = spada.binary mul %d, %d : f16 -> f16
      %ndd = spada.unary neg %dd : f16
      %2 = spada.fmac %ndd, %d, %d : f16
      %s2 = spada.send_value %2 to %h : f16, !spada.stream<f16>
      %3 = spada.binary div %b, %c : f16 -> f16
      %s3 = spada.send_value %3 to %h : f16, !spada.stream<f16>
      %4 = spada.binary add %big, %big : f16 -> f16
      %s4 = spada.send_value %4 to %h : f16, !spada.stream<f16>
      %x = spada.scalar_ref "x" : f32
      %y = spada.scalar_ref "y" : f32
      %one = spada.constant 1.0 : f32
      %5 = spada.binary add %x, %one : f32 -> f32
      %s5 = spada.send_value %5 to %s : f32, !spada.stream<f32>
      %yy = spada.binary mul %y, %y : f32 -> f32
      %nyy = spada.unary neg %yy : f32
      %6 = spada.fmac %nyy, %y, %y : f32
      %s6 = spada.send_value %6 to %s : f32, !spada.stream<f32>
      %p = spada.constant 5.5 : f32
      %q = spada.constant -2.0 : f32
      %7 = spada.binary rem %p, %q : f32 -> f32
      %s7 = spada.send_value %7 to %s : f32, !spada.stream<f32>
    }
  }
}
