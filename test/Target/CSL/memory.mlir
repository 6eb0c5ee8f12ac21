// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines

// Variables with their initial values, and loads in order with what writes.
// CHECK: var flag: bool = false;
// CHECK: var s: i16 = -3;
// CHECK: var a = @zeros([4, 5]f32);
// CHECK: var apart align(8) = @zeros([4]f32);
// CHECK: var ones = @constants([8]f16, 1.0);
// CHECK: var w = [3]f32{ 0.25, -0.5, 1e+10 };
// CHECK: var m = [4]i16{ 1, 2, 3, 4 };
// CHECK: var nan: f32 = @bitcast(f32, @as(u32, 2143289344));

module {
  csl.layout "k" arch "wse2" size 1 x 1 {
    csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  }
  csl.program @pe {
    csl.param @memcpy_params
    csl.variable @flag : memref<i1>
    csl.variable @s : memref<i16> = -3 : i16
    csl.variable @a : memref<4x5xf32>
    csl.variable @apart : memref<4xf32> align 8
    csl.variable @ones : memref<8xf16> = dense<1.0> : tensor<8xf16>
    csl.variable @w : memref<3xf32> = dense<[0.25, -0.5, 1.0e10]> : tensor<3xf32>
    csl.variable @m : memref<2x2xi16> = dense<[[1, 2], [3, 4]]> : tensor<2x2xi16>
    csl.variable @nan : memref<f32> = 0x7FC00000 : f32
    // A load stands before a store that comes between it and its use.
    // CHECK-LABEL: fn load_before_store(arg0: i16) void {
    // CHECK-NEXT:   const v0: i16 = s;
    // CHECK-NEXT:   const v1: f32 = a[arg0, 2];
    // CHECK-NEXT:   s = arg0;
    // CHECK-NEXT:   a[0, arg0] = v1;
    // CHECK-NEXT:   s = v0;
    // CHECK-NEXT: }
    csl.func @load_before_store {
    ^bb0(%i: i16):
      %s = csl.address_of @s : memref<i16>
      %a = csl.address_of @a : memref<4x5xf32>
      %c2 = arith.constant 2 : index
      %c0 = arith.constant 0 : index
      %j = arith.index_cast %i : i16 to index
      %old = memref.load %s[] : memref<i16>
      %x = memref.load %a[%j, %c2] : memref<4x5xf32>
      memref.store %i, %s[] : memref<i16>
      memref.store %x, %a[%c0, %j] : memref<4x5xf32>
      memref.store %old, %s[] : memref<i16>
      csl.return
    }
    // What a call may change is read before it; its result is a constant.
    // CHECK-LABEL: fn load_before_call() i16 {
    // CHECK-NEXT:   const v0: i16 = s;
    // CHECK-NEXT:   const v1: i16 = bump();
    // CHECK-NEXT:   return v0 + v1;
    // CHECK-NEXT: }
    csl.func @load_before_call -> i16 {
      %s = csl.address_of @s : memref<i16>
      %x = memref.load %s[] : memref<i16>
      %y = csl.call @bump() : () -> i16
      %z = arith.addi %x, %y : i16
      csl.return %z : i16
    }
    csl.func @bump -> i16 {
      %one = arith.constant 1 : i16
      csl.return %one : i16
    }
    // An array listed in two dimensions is printed in one.
    // CHECK-LABEL: fn flat(arg0: i16) i16 {
    // CHECK-NEXT:   return m[(arg0 + 1) * 2 + 1] + m[arg0 + 2];
    // CHECK-NEXT: }
    csl.func @flat -> i16 {
    ^bb0(%i: i16):
      %m = csl.address_of @m : memref<2x2xi16>
      %c1 = arith.constant 1 : index
      %j = arith.index_cast %i : i16 to index
      %k = arith.addi %j, %c1 : index
      %x = memref.load %m[%k, %c1] : memref<2x2xi16>
      %y = memref.load %m[%c1, %j] : memref<2x2xi16>
      %z = arith.addi %x, %y : i16
      csl.return %z : i16
    }
  }
}
