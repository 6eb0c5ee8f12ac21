// RUN: spada-translate --dump-sim-image %s | FileCheck %s
// RUN: spada-translate --emit-sim-image %s -o %t1
// RUN: spada-translate --emit-sim-image %s -o %t2
// RUN: cmp %t1 %t2

// Instructions know where they come from, and packing twice gives the same bytes.

// CHECK: Const I16 1 - - - 2 ; 4:5
// CHECK: Store I16 0 - - - 0 ; 5:5
// CHECK: Store I16 1 - - - 0 ; ?

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<i16>
  csl.func @f {
  ^bb0(%n: i16):
    %a = csl.address_of @a : memref<i16>
    %c2 = arith.constant 2 : i16 loc("kernel.sptl":4:5)
    memref.store %n, %a[] : memref<i16> loc(fused["kernel.sptl":5:5, unknown])
    memref.store %c2, %a[] : memref<i16> loc(unknown)
    csl.return
  }
}
