// RUN: spada-translate --emit-csl %s | FileCheck %s

// A source position is printed where it changes; the folder is left out, an unknown position as well.

module {
  csl.layout "k" arch "wse2" size 1 x 1 {
    csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  }
  csl.program @pe {
    csl.variable @a : memref<i16>
    // CHECK:      // kernel.sptl:3:1
    // CHECK-NEXT: fn f(arg0: i16) void {
    // CHECK-NEXT:   // kernel.sptl:4:5
    // CHECK-NEXT:   a = arg0;
    // CHECK-NEXT:   a = 2;
    // CHECK-NEXT:   a = 3;
    // CHECK-NEXT:   // kernel.sptl:5:5
    // CHECK-NEXT:   a = 4;
    // CHECK-NEXT: }
    csl.func @f {
    ^bb0(%n: i16):
      %a = csl.address_of @a : memref<i16>
      %c2 = arith.constant 2 : i16
      %c3 = arith.constant 3 : i16
      %c4 = arith.constant 4 : i16
      memref.store %n, %a[] : memref<i16> loc("src/kernel.sptl":4:5)
      memref.store %c2, %a[] : memref<i16> loc("store"("src/kernel.sptl":4:5))
      memref.store %c3, %a[] : memref<i16> loc(unknown)
      memref.store %c4, %a[] : memref<i16> loc(fused["src/kernel.sptl":5:5, "src/kernel.sptl":4:5])
      csl.return
    } loc("src/kernel.sptl":3:1)
  }
}
