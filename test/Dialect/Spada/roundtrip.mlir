// RUN: spada-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: spada.kernel @every_op ["N", "K"]
spada.kernel @every_op ["N", "K"] attributes {preconditions = {N = 2 : i64}} {
^bb0(%N: index, %K: index):
  %c0 = spada.constant 0 : index
  %c1 = spada.constant 1 : index
  %c2 = spada.constant 2 : index
  %m1 = spada.constant -1 : index
  // CHECK: spada.argument "src" readonly f32 bound %{{.*}} dims(%{{.*}}, %{{.*}})
  spada.argument "src" readonly f32 bound %K dims(%N, %c1)
  // CHECK: spada.argument "dst" writeonly f32
  spada.argument "dst" writeonly f32 bound %K dims(%N, %c1)
  // CHECK: spada.argument "alpha" scalar f32
  spada.argument "alpha" scalar f32
  // CHECK: spada.argument "beta" compiletime i16
  spada.argument "beta" compiletime i16
  // CHECK: spada.place ["i", "j"] in(%{{.*}} to %{{.*}} step %{{.*}}, %{{.*}} to %{{.*}} step %{{.*}})
  spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: i16, %j: i16):
    // CHECK: spada.field "a" f32 dims(%{{.*}})
    spada.field "a" f32 dims(%K)
    // CHECK: spada.field "x" i16
    spada.field "x" i16
    // CHECK: spada.field extern "e" f32
    spada.field extern "e" f32
  }
  // CHECK: spada.dataflow ["i", "j"]
  spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
  ^bb0(%i: ui16, %j: ui16):
    // CHECK: spada.stream "east" f32 bound %{{.*}} offset(%{{.*}}, %{{.*}}) hops [1, 0] channel %{{.*}} count %{{.*}}
    spada.stream "east" f32 bound %K offset(%c1, %c0) hops [1, 0] channel %c0 count %K
    // CHECK: spada.stream "cast" f32 offset(%{{.*}} to %{{.*}}, %{{.*}})
    spada.stream "cast" f32 offset(%c1 to %N, %c0)
    // CHECK: spada.extern_stream "host" in f32
    spada.extern_stream "host" in f32
  }
  // CHECK: spada.meta_for "s" i16 =
  spada.meta_for "s" i16 = %c0 to %N step %c1 {
  ^bb0(%s: index):
    // CHECK: spada.phase
    spada.phase {
      // CHECK: spada.compute ["i", "j"]
      spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
      ^bb0(%i: i16, %j: i16):
        // CHECK: spada.argument_ref "src"[%{{.*}}, %{{.*}} : i16, i16] : !spada.stream<f32>
        %src = spada.argument_ref "src"[%i, %j : i16, i16] : !spada.stream<f32>
        // CHECK: spada.stream_ref "east" : !spada.stream<f32>
        %east = spada.stream_ref "east" : !spada.stream<f32>
        // CHECK: spada.receive "a" from %{{.*}} : !spada.stream<f32>
        %r = spada.receive "a" from %src : !spada.stream<f32>
        // CHECK: spada.await %{{.*}}
        spada.await %r
        // CHECK: spada.send "a" to %{{.*}} {name = "tx"} : !spada.stream<f32>
        %tx = spada.send "a" to %east {name = "tx"} : !spada.stream<f32>
        // CHECK: spada.foreach ["k", "v"] from %{{.*}} range(%{{.*}}) to(%{{.*}}) step(%{{.*}}) : !spada.stream<f32>
        %f = spada.foreach ["k", "v"] from %east range(%c0) to(%K) step(%c1) : !spada.stream<f32> {
        ^bb0(%k: i16, %v: f32):
          // CHECK: spada.read "a"[%{{.*}} : i16] : f32
          %o = spada.read "a"[%k : i16] : f32
          // CHECK: spada.binary add %{{.*}}, %{{.*}} : f32 -> f32
          %n = spada.binary add %o, %v : f32 -> f32
          // CHECK: spada.write "a"[%{{.*}} : i16], %{{.*}} : f32
          spada.write "a"[%k : i16], %n : f32
        }
        // CHECK: spada.awaitall
        spada.awaitall
        // CHECK: spada.map ["k"] range(%{{.*}}) to(%{{.*}}) step(%{{.*}})
        %m = spada.map ["k"] range(%c0) to(%K) step(%c1) {
        ^bb0(%k: i32):
          // CHECK: spada.scalar_ref "alpha" : f32
          %alpha = spada.scalar_ref "alpha" : f32
          %o = spada.read "a"[%k : i32] : f32
          // CHECK: spada.fmac %{{.*}}, %{{.*}}, %{{.*}} : f32
          %n = spada.fmac %o, %alpha, %o : f32
          // CHECK: spada.unary neg %{{.*}} : f32
          %g = spada.unary neg %n : f32
          // CHECK: spada.binary lt %{{.*}}, %{{.*}} : f32 -> i1
          %c = spada.binary lt %n, %o : f32 -> i1
          // CHECK: spada.select %{{.*}}, %{{.*}}, %{{.*}} : f32
          %s2 = spada.select %c, %n, %g : f32
          // CHECK: spada.cast %{{.*}} : f32 to i16
          %i16 = spada.cast %s2 : f32 to i16
          spada.write "x", %i16 : i16
        }
        spada.await %m
        // CHECK: spada.for ["k"] range(%{{.*}}) to(%{{.*}}) step(%{{.*}})
        spada.for ["k"] range(%c2) to(%c0) step(%m1) {
        ^bb0(%k: i16):
          %v = spada.read "x" : i16
          // CHECK: spada.receive "a"[%{{.*}} : i16] from
          %one = spada.receive "a"[%k : i16] from %east : !spada.stream<f32>
          spada.await %one
        }
        // CHECK: spada.while {
        spada.while {
          %v = spada.read "x" : i16
          %c = spada.binary ne %v, %v : i16 -> i1
          // CHECK: spada.condition %{{.*}}
          spada.condition %c
          %w = spada.binary add %v, %v : i16 -> i16
          spada.write "x", %w : i16
        }
        // CHECK: spada.async
        %as = spada.async {
          // CHECK: spada.assign "a"
          spada.assign "a" {
          ^bb0(%p: i32):
            %o = spada.read "a"[%p : i32] : f32
            // CHECK: spada.yield %{{.*}} : f32
            spada.yield %o : f32
          }
        }
        spada.await %as
        // CHECK: spada.send_value %{{.*}} to %{{.*}} : f32, !spada.stream<f32>
        %alpha = spada.scalar_ref "alpha" : f32
        %sv = spada.send_value %alpha to %east : f32, !spada.stream<f32>
        spada.await %sv
        // CHECK: spada.close %{{.*}} : !spada.stream<f32>
        %cl = spada.close %east : !spada.stream<f32>
        spada.await %cl
      }
    }
  }
}
