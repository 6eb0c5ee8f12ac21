// RUN: spada-translate --dump-sim-image %s | FileCheck %s

// One instruction for each operation; comparisons that the machine code lacks are swapped or negated.

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @b : memref<i1>
  csl.variable @i : memref<i16>
  csl.variable @w : memref<i32>
  csl.variable @h : memref<f16>
  csl.func @compare {
  ^bb0(%x: f32, %y: f32, %m: i32, %n: i32):
    %b = csl.address_of @b : memref<i1>
    // CHECK: FCmpLe F32 4 1 0
    // CHECK: Const I1 5 - - - 1
    // CHECK: Xor I1 4 4 5
    %0 = arith.cmpf ult, %x, %y : f32
    memref.store %0, %b[] : memref<i1>
    // CHECK: FCmpLt F32 5 1 0
    // CHECK: FCmpLt F32 4 0 1
    // CHECK: Or I1 4 4 5
    %1 = arith.cmpf one, %x, %y : f32
    memref.store %1, %b[] : memref<i1>
    // CHECK: CmpLeU I32 4 3 2
    %2 = arith.cmpi uge, %m, %n : i32
    memref.store %2, %b[] : memref<i1>
    // CHECK: CmpLtS I32 4 3 2
    %3 = arith.cmpi sgt, %m, %n : i32
    memref.store %3, %b[] : memref<i1>
  }
  csl.func @convert {
  ^bb0(%x: f32, %n: i16, %c: i1):
    %i = csl.address_of @i : memref<i16>
    %w = csl.address_of @w : memref<i32>
    %h = csl.address_of @h : memref<f16>
    // CHECK: SignExtend I16 3 1 - - 3
    %0 = arith.extsi %n : i16 to i32
    memref.store %0, %w[] : memref<i32>
    // CHECK: ZeroExtend I1 3 2 - - 3
    %1 = arith.extui %c : i1 to i32
    memref.store %1, %w[] : memref<i32>
    // CHECK: FloatToFloat F16 3 0 - - 5
    %2 = arith.truncf %x : f32 to f16
    memref.store %2, %h[] : memref<f16>
    // CHECK: FloatToIntU I16 3 0 - - 5
    %3 = arith.fptoui %x : f32 to i16
    memref.store %3, %i[] : memref<i16>
    // CHECK: IntToFloatU F16 3 1 - - 2
    %4 = arith.uitofp %n : i16 to f16
    memref.store %4, %h[] : memref<f16>
    // An index has 16 bits: nothing to do.
    // CHECK-NEXT: Store F16
    // CHECK-NEXT: Store I16 1
    %5 = arith.index_cast %n : i16 to index
    %6 = arith.index_cast %5 : index to i16
    memref.store %6, %i[] : memref<i16>
    // The same bits, in the register's form for the other kind.
    // CHECK-NEXT: Store I32 0
    %7 = arith.bitcast %x : f32 to i32
    memref.store %7, %w[] : memref<i32>
    // CHECK-NEXT: ZeroExtend I16 3 1 - - 3
    %8 = arith.bitcast %n : i16 to f16
    memref.store %8, %h[] : memref<f16>
    // CHECK: Select I16 3 2 1 1
    %9 = arith.select %c, %n, %n : i16
    memref.store %9, %i[] : memref<i16>
  }
}
