// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines

// Operators with the parentheses that CSL needs and no others; unsigned operations through u16.

module {
  csl.layout "k" arch "wse2" size 1 x 1 {
    csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  }
  csl.program @pe {
    csl.variable @x : memref<f32> = 1.5 : f32
    csl.variable @a : memref<4x5xi16>
    // CHECK-LABEL: fn integers(arg0: i16, arg1: i16, arg2: i32) i16 {
    // CHECK-NEXT:   const v0: i16 = @bitcast(i16, @bitcast(u16, arg0 - (arg0 + arg1) * 1 - (-5)) / @as(u16, 65535));
    // CHECK-NEXT:   const v1: i16 = @bitcast(i16, @bitcast(u16, v0) >> 1) << @as(u16, arg1) & arg0 | arg1 ^ @as(i16, arg2);
    // CHECK-NEXT:   const v2: bool = arg0 < arg1;
    // CHECK-NEXT:   const v3: i16 = if ((@bitcast(u16, v1) < @as(u16, 65535) and v2) != v2) @as(i16, 1) else @as(i16, -5);
    // CHECK-NEXT:   return (v3 + arg0) * (-4);
    // CHECK-NEXT: }
    csl.func @integers -> i16 {
    ^bb0(%a: i16, %b: i16, %w: i32):
      %c1 = arith.constant 1 : i16
      %m5 = arith.constant -5 : i16
      %big = arith.constant -1 : i16
      %0 = arith.addi %a, %b : i16
      %1 = arith.muli %0, %c1 : i16
      %2 = arith.subi %a, %1 : i16
      %3 = arith.subi %2, %m5 : i16
      %4 = arith.divui %3, %big : i16
      %5 = arith.shrui %4, %c1 : i16
      %6 = arith.shli %5, %b : i16
      %7 = arith.andi %6, %a : i16
      %8 = arith.ori %7, %b : i16
      %9 = arith.trunci %w : i32 to i16
      %10 = arith.xori %8, %9 : i16
      %11 = arith.cmpi ult, %10, %big : i16
      %12 = arith.cmpi slt, %a, %b : i16
      %13 = arith.andi %11, %12 : i1
      %14 = arith.xori %13, %12 : i1
      %15 = arith.select %14, %c1, %m5 : i16
      %16 = arith.addi %15, %a : i16
      %17 = arith.addi %c1, %m5 : i16
      %18 = arith.muli %16, %17 : i16
      csl.return %18 : i16
    }
    // CHECK-LABEL: fn floats(arg0: f32, arg1: f16, arg2: i16) f32 {
    // CHECK-NEXT:   const v0: f32 = arg0 / @bitcast(f32, @as(u32, 2139095040)) + arg0 * 0.1;
    // CHECK-NEXT:   const v1: bool = !(-(@as(f32, arg1) - @as(f32, @bitcast(u16, arg2))) >= 0.1) or (v0 < arg0 or v0 > arg0);
    // CHECK-NEXT:   return @as(f32, @as(i16, v1));
    // CHECK-NEXT: }
    csl.func @floats -> f32 {
    ^bb0(%a: f32, %h: f16, %n: i16):
      %c = arith.constant 0.1 : f32
      %inf = arith.constant 0x7F800000 : f32
      %0 = arith.extf %h : f16 to f32
      %1 = arith.uitofp %n : i16 to f32
      %2 = arith.subf %0, %1 : f32
      %3 = arith.negf %2 : f32
      %4 = arith.cmpf ult, %3, %c : f32
      %5 = arith.divf %a, %inf : f32
      %6 = arith.mulf %a, %c : f32
      %7 = arith.addf %5, %6 : f32
      %8 = arith.cmpf one, %7, %a : f32
      %9 = arith.ori %4, %8 : i1
      %10 = arith.extui %9 : i1 to i16
      %11 = arith.sitofp %10 : i16 to f32
      csl.return %11 : f32
    }
  }
}
