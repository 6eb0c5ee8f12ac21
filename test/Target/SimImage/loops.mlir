// RUN: spada-translate --dump-sim-image %s | FileCheck %s

// Loops that may not run at all are tested first; counters that may leave their type are 32 bits wide.

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<i16>
  // CHECK: function 0: known entry [[#KNOWN:]]
  // CHECK: function 1: unknown entry [[#UNKNOWN:]]
  // CHECK: function 2: while entry [[#WHILE:]]
  csl.func @known {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c9 = arith.constant 9 : index
    %a = csl.address_of @a : memref<i16>
    // CHECK:      Move I16 3 0
    // CHECK-NEXT: [[#HEAD:]]: Store I16 3
    // CHECK-NEXT: Add I16 3 3 1
    // CHECK-NEXT: CmpLtS I16 4 3 2
    // CHECK-NEXT: JumpIf I1 - 4 - - [[#HEAD]] ;
    // CHECK-NEXT: Return
    scf.for %i = %c0 to %c9 step %c1 {
      %x = arith.index_cast %i : index to i16
      memref.store %x, %a[] : memref<i16>
    }
  }
  csl.func @unknown {
  ^bb0(%lo: i16, %hi: i16, %by: i16):
    %a = csl.address_of @a : memref<i16>
    // CHECK:      [[#UNKNOWN]]: Move I32 3 0
    // CHECK-NEXT: CmpLtS I32 4 3 1
    // CHECK-NEXT: JumpIfNot I1 - 4 - - [[#UNKNOWN+7]] ;
    // CHECK-NEXT: Store I16 3
    // CHECK-NEXT: Add I32 3 3 2
    // CHECK-NEXT: CmpLtS I32 4 3 1
    // CHECK-NEXT: JumpIf I1 - 4 - - [[#UNKNOWN+3]] ;
    // CHECK-NEXT: [[#UNKNOWN+7]]: Return
    scf.for %i = %lo to %hi step %by : i16 {
      memref.store %i, %a[] : memref<i16>
    }
  }
  csl.func @while -> i16 {
  ^bb0(%n: i16):
    %one = arith.constant 1 : i16
    // CHECK:      [[#WHILE]]: Const I16 1
    // CHECK-NEXT: Move I32 2 0
    // CHECK-NEXT: CmpLtS I16 4 1 2
    // CHECK-NEXT: Move I32 3 2
    // CHECK-NEXT: JumpIfNot I1 - 4 - - [[#WHILE+8]] ;
    // CHECK-NEXT: ShrS I16 4 3 1
    // CHECK-NEXT: Move I32 2 4
    // CHECK-NEXT: Jump I32 - - - - [[#WHILE+2]] ;
    // CHECK-NEXT: Return I32 - 3
    %r = scf.while (%a = %n) : (i16) -> i16 {
      %c = arith.cmpi sgt, %a, %one : i16
      scf.condition(%c) %a : i16
    } do {
    ^bb0(%b: i16):
      %h = arith.shrsi %b, %one : i16
      scf.yield %h : i16
    }
    csl.return %r : i16
  }
}
