// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines

// Loops and branches with values.

module {
  csl.layout "k" arch "wse2" size 1 x 1 {
    csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  }
  csl.program @pe {
    // Loop-carried values are variables; an exchange goes through a constant.
    // CHECK-LABEL: fn for_carried(arg0: i16, arg1: i16) i16 {
    // CHECK-NEXT:   var r0: i16 = arg0;
    // CHECK-NEXT:   var r1: i16 = arg1;
    // CHECK-NEXT:   for (@range(i16, 0, arg0, 2)) |i| {
    // CHECK-NEXT:     const v0: i16 = r0;
    // CHECK-NEXT:     r0 = r1 + i;
    // CHECK-NEXT:     r1 = v0;
    // CHECK-NEXT:   }
    // CHECK-NEXT:   return r0 - r1;
    // CHECK-NEXT: }
    csl.func @for_carried -> i16 {
    ^bb0(%n: i16, %f: i16):
      %c0 = arith.constant 0 : index
      %c2 = arith.constant 2 : index
      %u = arith.index_cast %n : i16 to index
      %r:2 = scf.for %i = %c0 to %u step %c2 iter_args(%a = %n, %b = %f) -> (i16, i16) {
        %x = arith.index_cast %i : index to i16
        %s = arith.addi %b, %x : i16
        scf.yield %s, %a : i16, i16
      }
      %d = arith.subi %r#0, %r#1 : i16
      csl.return %d : i16
    }
    // Nested loops take i, j; a loop behind them takes i again.
    // CHECK-LABEL: fn for_names() void {
    // CHECK-NEXT:   for (@range(i16, 4)) |i| {
    // CHECK-NEXT:     for (@range(i16, 1, 3, 1)) |j| {
    // CHECK-NEXT:       @activate(t_id);
    // CHECK-NEXT:     }
    // CHECK-NEXT:   }
    // CHECK-NEXT:   for (@range(i16, 3)) |i| {
    // CHECK-NEXT:     @activate(t_id);
    // CHECK-NEXT:   }
    // CHECK-NEXT: }
    csl.func @for_names {
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c3 = arith.constant 3 : index
      %c4 = arith.constant 4 : index
      scf.for %i = %c0 to %c4 step %c1 {
        scf.for %j = %c1 to %c3 step %c1 {
          csl.activate @t
        }
      }
      scf.for %i = %c0 to %c3 step %c1 {
        csl.activate @t
      }
      csl.return
    }
    // CHECK-LABEL: fn if_results(arg0: bool, arg1: f32) f32 {
    // CHECK-NEXT:   var r0: f32 = 0.0;
    // CHECK-NEXT:   var r1: bool = false;
    // CHECK-NEXT:   if (arg0) {
    // CHECK-NEXT:     r0 = arg1 * 2.0;
    // CHECK-NEXT:     r1 = true;
    // CHECK-NEXT:   } else {
    // CHECK-NEXT:     r0 = arg1;
    // CHECK-NEXT:     r1 = arg0;
    // CHECK-NEXT:   }
    // CHECK-NEXT:   if (r1) {
    // CHECK-NEXT:     @activate(t_id);
    // CHECK-NEXT:   }
    // CHECK-NEXT:   if (!arg0) {
    // CHECK-NEXT:     @activate(t_id);
    // CHECK-NEXT:   }
    // CHECK-NEXT:   return r0;
    // CHECK-NEXT: }
    csl.func @if_results -> f32 {
    ^bb0(%c: i1, %x: f32):
      %two = arith.constant 2.0 : f32
      %r:2 = scf.if %c -> (f32, i1) {
        %true = arith.constant true
        %y = arith.mulf %x, %two : f32
        scf.yield %y, %true : f32, i1
      } else {
        scf.yield %x, %c : f32, i1
      }
      scf.if %r#1 {
        csl.activate @t
      } else {
      }
      scf.if %c {
      } else {
        csl.activate @t
      }
      csl.return %r#0 : f32
    }
    // CHECK-LABEL: fn while_loop(arg0: i32) i32 {
    // CHECK-NEXT:   var r0: i32 = arg0;
    // CHECK-NEXT:   var r1: i32 = 0;
    // CHECK-NEXT:   while (true) {
    // CHECK-NEXT:     const v0: bool = r0 > 1;
    // CHECK-NEXT:     r1 = r0;
    // CHECK-NEXT:     if (!v0) {
    // CHECK-NEXT:       break;
    // CHECK-NEXT:     }
    // CHECK-NEXT:     r0 = r1 >> 1;
    // CHECK-NEXT:   }
    // CHECK-NEXT:   return r1;
    // CHECK-NEXT: }
    csl.func @while_loop -> i32 {
    ^bb0(%n: i32):
      %one = arith.constant 1 : i32
      %r = scf.while (%a = %n) : (i32) -> i32 {
        %c = arith.cmpi sgt, %a, %one : i32
        scf.condition(%c) %a : i32
      } do {
      ^bb0(%b: i32):
        %h = arith.shrsi %b, %one : i32
        scf.yield %h : i32
      }
      csl.return %r : i32
    }
    csl.task @t local id 9 {
    }
  }
}
