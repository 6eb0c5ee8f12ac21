// RUN: spada-translate --dump-sim-image %s | FileCheck %s

// A switch compares in the type of the integer that it is about, if that still is in its register.

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // CHECK: function 0: wide entry [[#WIDE:]] registers
  // CHECK: function 1: narrow entry [[#NARROW:]] registers
  csl.func @wide -> i16 {
  ^bb0(%x: i32):
    // CHECK:      [[#WIDE]]: Const I32 2 - - - 70000 ;
    // CHECK-NEXT: CmpEq I32 3 0 2 - 0 ;
    // CHECK-NEXT: JumpIfNot I1 - 3 - - [[#WIDE+6]] ;
    // CHECK-NEXT: Const I16 2 - - - 1 ;
    // CHECK-NEXT: Move I32 1 2 - - 0 ;
    // CHECK-NEXT: Jump I32 - - - - [[#WIDE+14]] ;
    // CHECK-NEXT: Const I32 2 - - - -1 ;
    // CHECK-NEXT: CmpEq I32 3 0 2 - 0 ;
    // CHECK-NEXT: JumpIfNot
    %i = arith.index_cast %x : i32 to index
    %r = scf.index_switch %i -> i16
    case 70000 {
      %c = arith.constant 1 : i16
      scf.yield %c : i16
    }
    case 4294967295 {
      %c = arith.constant 2 : i16
      scf.yield %c : i16
    }
    // Beyond 32 bits: never taken.
    case 4294967296 {
      %c = arith.constant 3 : i16
      scf.yield %c : i16
    }
    default {
      %c = arith.constant 4 : i16
      scf.yield %c : i16
    }
    // CHECK: Return I32 - 1
    csl.return %r : i16
  }
  csl.func @narrow {
  ^bb0(%x: i8):
    // CHECK:      [[#NARROW]]: ZeroExtend I8 1 0 - - 2 ;
    // CHECK-NEXT: Const I16 2 - - - 200 ;
    // CHECK-NEXT: CmpEq I16 3 1 2 - 0 ;
    %i = arith.index_castui %x : i8 to index
    scf.index_switch %i
    case 200 {
      csl.host_unblock
      scf.yield
    }
    default {
      scf.yield
    }
    csl.return
  }
}
