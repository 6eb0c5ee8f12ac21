// RUN: spada-opt %s --spada-concretize --spada-interpret --split-input-file | FileCheck %s

// for: first variable outermost, negative steps; map; scalar fields; run-time indices; fields start at zero.
// CHECK: r: i16[10] = 0 1 10 11 20 21 5 3 1 7
spada.kernel @loops [] {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %c3 = spada.constant 3 : index
  %c5 = spada.constant 5 : index
  %c10 = spada.constant 10 : index
  %m1 = spada.constant -1 : index
  %m2 = spada.constant -2 : index
  spada.argument "r" writeonly i16 bound %c10
  spada.phase {
    spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      spada.field "a" i16 dims(%c3, %c2)
      spada.field "at" i16
      spada.field "out" i16 dims(%c10)
    }
    spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %one = spada.constant 1 : i16
      %ten = spada.constant 10 : i16
      %nine = spada.constant 9 : i16
      %seven = spada.constant 7 : i16
      %m = spada.map ["p", "q"] range(%c0, %c0) to(%c3, %c2) step(%c1, %c1) {
      ^bb0(%p: i16, %q: i16):
        %t = spada.binary mul %p, %ten : i16 -> i16
        %v = spada.binary add %t, %q : i16 -> i16
        spada.write "a"[%p, %q : i16, i16], %v : i16
      }
      spada.await %m
      spada.for ["p", "q"] range(%c0, %c0) to(%c3, %c2) step(%c1, %c1) {
      ^bb0(%p: i16, %q: i16):
        %v = spada.read "a"[%p, %q : i16, i16] : i16
        %at = spada.read "at" : i16
        spada.write "out"[%at : i16], %v : i16
        %n = spada.binary add %at, %one : i16 -> i16
        spada.write "at", %n : i16
      }
      spada.for ["k"] range(%c5) to(%m1) step(%m2) {
      ^bb0(%k: i16):
        %at = spada.read "at" : i16
        spada.write "out"[%at : i16], %k : i16
        %n = spada.binary add %at, %one : i16 -> i16
        spada.write "at", %n : i16
      }
      spada.for ["k"] range(%c1) to(%c1) step(%c1) {
      ^bb0(%k: i16):
        spada.write "out"[%k : i16], %ten : i16
      }
      spada.write "out"[%nine : i16], %seven : i16
      %r = spada.argument_ref "r" : !spada.stream<i16>
      %s = spada.send "out" to %r : !spada.stream<i16>
    }
  }
}

// -----

// An assignment reads the values from before it.
// CHECK: r: i32[4] = 3 2 1 0
spada.kernel @reverse [] attributes {inputs = {src = dense<[0, 1, 2, 3]> : tensor<4xi32>}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c4 = spada.constant 4 : index
  spada.argument "src" readonly i32 bound %c4
  spada.argument "r" writeonly i32 bound %c4
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" i32 dims(%c4)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %src = spada.argument_ref "src" : !spada.stream<i32>
    %rx = spada.receive "a" from %src : !spada.stream<i32>
    spada.await %rx
    spada.assign "a" {
    ^bb0(%k: i32):
      %three = spada.constant 3 : i32
      %n = spada.binary sub %three, %k : i32 -> i32
      %v = spada.read "a"[%n : i32] : i32
      spada.yield %v : i32
    }
    %r = spada.argument_ref "r" : !spada.stream<i32>
    %s = spada.send "a" to %r : !spada.stream<i32>
  }
}

// -----

// A loop with a condition: doubles until the limit, for each element of its own; an inner `for` runs anew each time.
// CHECK-LABEL: r: i32[3] = 12 10 100
spada.kernel @double [] attributes {inputs = {src = dense<[3, 5, 100]> : tensor<3xi32>}} {
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c3 = spada.constant 3 : index
  spada.argument "src" readonly i32 bound %c3
  spada.argument "r" writeonly i32 bound %c3
  spada.place ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    spada.field "a" i32 dims(%c3)
  }
  spada.compute ["i", "j"] in (%c0 to %c1 step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    %src = spada.argument_ref "src" : !spada.stream<i32>
    %rx = spada.receive "a" from %src : !spada.stream<i32>
    spada.await %rx
    spada.for ["k"] range(%c0) to(%c3) step(%c1) {
    ^bb0(%k: i16):
      spada.while {
        %v = spada.read "a"[%k : i16] : i32
        %limit = spada.constant 10 : i32
        %c = spada.binary lt %v, %limit : i32 -> i1
        spada.condition %c
        spada.for ["n"] range(%c0) to(%c1) step(%c1) {
        ^bb0(%n: i16):
          %o = spada.read "a"[%k : i16] : i32
          %w = spada.binary add %o, %o : i32 -> i32
          spada.write "a"[%k : i16], %w : i32
        }
      }
    }
    %r = spada.argument_ref "r" : !spada.stream<i32>
    %s = spada.send "a" to %r : !spada.stream<i32>
  }
}
