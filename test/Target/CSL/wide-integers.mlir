// Integers of 64 bits as text: numbers, arithmetic, conversions, memory, loops
// and functions.
// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s
csl.layout "wide" arch "wse3" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  csl.export_name "words" memref<4xi64> mutable
  csl.export_name "go" () -> ()
}
csl.program @pe {
  csl.param @memcpy_params
  csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
  // CHECK: var words = [4]i64{ 1, -1, -9223372036854775808, 9223372036854775807 };
  csl.variable @words : memref<4xi64> = dense<[1, -1, -9223372036854775808, 9223372036854775807]> : tensor<4xi64>
  csl.variable @x : memref<i64> = 81985529216486895 : i64
  csl.variable @y : memref<f32>
  csl.variable @n : memref<i16>
  csl.pointer @words_ptr to @words
  csl.export_symbol @words_ptr as "words"
  csl.export_symbol @go as "go"
  // CHECK: fn half(arg0: i64, arg1: i16) i64 {
  csl.func @half -> i64 {
  ^bb0(%x: i64, %y: i16):
    %two = arith.constant 2 : i64
    %wide = arith.extui %y : i16 to i64
    %half = arith.divui %x, %two : i64
    %sum = arith.addi %half, %wide : i64
    csl.return %sum : i64
  }
  // CHECK: const v0: i64 = @bitcast(i64, @bitcast(u64, arg0) / @as(u64, 2)) + @as(i64, @bitcast(u16, arg1));
  // CHECK: const [[HALF:v[0-9]+]]: i64 = half(x, [[N:v[0-9]+]]);
  // CHECK-NEXT: const [[COUNT:v[0-9]+]]: i64 = @as(i64, [[N]]);
  // CHECK-NEXT: const [[LEFT:v[0-9]+]]: i64 = [[HALF]] >> @as(u64, [[COUNT]]);
  // CHECK-NEXT: const [[RIGHT:v[0-9]+]]: i64 = @bitcast(i64, @bitcast(u64, [[HALF]]) >> @as(u64, [[COUNT]]));
  // CHECK: if (@bitcast(u64, [[LEFT]]) < @bitcast(u64, [[RIGHT]])) [[LEFT]] else [[RIGHT]]
  // CHECK: words[2] =
  csl.func @go {
    %x_ref = csl.address_of @x : memref<i64>
    %y_ref = csl.address_of @y : memref<f32>
    %n_ref = csl.address_of @n : memref<i16>
    %words_ref = csl.address_of @words : memref<4xi64>
    %x = memref.load %x_ref[] : memref<i64>
    %n = memref.load %n_ref[] : memref<i16>
    %y = memref.load %y_ref[] : memref<f32>
    %half = csl.call @half(%x, %n) : (i64, i16) -> i64
    %count = arith.extsi %n : i16 to i64
    %shifted = arith.shrsi %half, %count : i64
    %logical = arith.shrui %half, %count : i64
    %less = arith.cmpi ult, %shifted, %logical : i64
    %kept = arith.select %less, %shifted, %logical : i64
    %from = arith.fptosi %y : f32 to i64
    %product = arith.muli %kept, %from : i64
    %index = arith.constant 2 : index
    memref.store %product, %words_ref[%index] : memref<4xi64>
    %float = arith.uitofp %product : i64 to f32
    memref.store %float, %y_ref[] : memref<f32>
    %low = arith.trunci %product : i64 to i16
    memref.store %low, %n_ref[] : memref<i16>
    csl.host_unblock
  }
}
