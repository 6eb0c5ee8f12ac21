// RUN: spada-opt --csl-normalize %s -o %t && FileCheck %s < %t
// RUN: spada-opt --csl-normalize %t | diff %t -
// RUN: spada-opt --csl-fold %s | FileCheck %s --check-prefix=FOLD

// Boxes are the canonical cover, in the order of numbers; what a streamed argument says needs no second op.
// CHECK: csl.layout "k" arch "wse2" size 3 x 2 streaming
// CHECK-NEXT: csl.tile_code @layout__1 on <0 : 3 : 1, 0 : 2 : 1> {n = "y"}
// CHECK-NEXT: csl.color_config 1 on <0 : 3 : 1, 0 : 1 : 1> rx [0] tx [1, 3]
// CHECK-NEXT: csl.color_config 2 on <0 : 3 : 2, 1 : 2 : 1> rx [0] tx [3]
// CHECK-NEXT: csl.host_color out 4
// CHECK-NEXT: csl.export_name "f" (f32) -> ()
// CHECK-NEXT: csl.export_name "a" memref<?xf32> mutable
// CHECK-NEXT: csl.host_argument "s" in f32 dims [3] elements 0 offset(0, 0) on <0 : 3 : 1, 0 : 1 : 1> color 5
csl.layout "k" arch "wse2" size 3 x 2 streaming {
  csl.color_config 2 on <2 : 3 : 1, 1 : 2 : 1> rx [0] tx [3]
  csl.color_config 2 on <0 : 1 : 1, 1 : 2 : 1> rx [0] tx [3]
  csl.color_config 1 on <0 : 2 : 1, 0 : 1 : 1> rx [0] tx [3, 1]
  csl.color_config 1 on <2 : 3 : 1, 0 : 1 : 1> rx [0] tx [3, 1]
  csl.export_name "f" (f32) -> ()
  csl.export_name "a" memref<4xf32> mutable
  csl.tile_code @layout on <0 : 3 : 1, 0 : 1 : 1> {"n" = 0 : i16, "two" = 2 : i16}
  csl.tile_code @layout on <0 : 3 : 1, 1 : 2 : 1> {"n" = 1 : i16, "two" = 2 : i16}
  csl.host_color out 4
  csl.host_color in 5
  csl.host_argument "s" in f32 dims [3] elements 0 offset(0, 0) on <0 : 3 : 1, 0 : 1 : 1> color 5
}

// Names that CSL can spell; declarations that are used, memory in its order, the rest by name; one dimension for what is
// exported.
// CHECK: csl.program @layout__1 {
// CHECK-NEXT: csl.param @n : i16
// CHECK-NEXT: csl.color @color_2 = 2
// CHECK-NEXT: csl.queue @iq_3_color_2 input 3 color @color_2
// CHECK-NEXT: csl.variable @z : memref<4xf32>
// CHECK-NEXT: csl.variable @b : memref<8xi16>
// CHECK-NEXT: csl.pointer @z_ptr to @z
// CHECK-NEXT: csl.mem_dsd_const @a__dsd = @z[0] sizes [4] strides [1]
// CHECK-NEXT: csl.func @f
csl.program @layout {
  csl.func @never {
    csl.return
  }
  csl.variable @z : memref<2x2xf32>
  csl.variable @gone : memref<2xf32>
  csl.variable @b : memref<8xi16>
  csl.pointer @z_ptr to @z
  csl.mem_dsd_const @"a#dsd" = @z[0] sizes [4] strides [1]
  csl.color @in = 2
  csl.queue @q input 3 color @in
  csl.param @two : i16
  csl.param @n : i16
  csl.export_symbol @f as "f"
  csl.export_symbol @z_ptr as "a"

  csl.func @f {
  ^bb0(%x: f32):
    // The load stays before the store; the dead one goes; 2 + 2 is 4; the sum stands where it is used.
    // CHECK-NEXT: ^bb0(%[[X:.*]]: f32):
    // CHECK: %[[N:.*]] = csl.param_value @n : i16
    // CHECK: %[[LINE:.*]] = arith.muli %[[N]], %c2_i16
    // CHECK: %[[AT:.*]] = arith.addi %[[LINE]], %c1_i16
    // CHECK: %[[I:.*]] = arith.index_cast %[[AT]] : i16 to index
    // CHECK: %[[OLD:.*]] = memref.load %{{.*}}[%[[I]]] : memref<4xf32>
    // CHECK: csl.address_of @z
    // CHECK: memref.store %[[X]], %{{.*}}[%c0{{.*}}] : memref<4xf32>
    // FOLD: %[[FOUR:.*]] = arith.constant 4 : i16
    // FOLD-NOT: arith.addi %{{.*}} : i16
    %z = csl.address_of @z : memref<2x2xf32>
    %two = csl.param_value @two : i16
    %c2 = arith.constant 2 : i16
    %four = arith.addi %c2, %c2 : i16
    %n = csl.param_value @n : i16
    %row = arith.index_cast %n : i16 to index
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %dead = memref.load %z[%c0, %c0] : memref<2x2xf32>
    %old = memref.load %z[%row, %c1] : memref<2x2xf32>
    memref.store %x, %z[%c0, %c0] : memref<2x2xf32>
    // Not ordered or greater: the negation of less or equal. Casts of booleans go through integers.
    // CHECK: %[[LE:.*]] = arith.cmpf ole, %[[X]], %[[OLD]] : f32
    // CHECK: %[[GT:.*]] = arith.xori %[[LE]], %true
    // CHECK: %[[BIT:.*]] = arith.extui %[[GT]] : i1 to i16
    // CHECK: %[[ONES:.*]] = arith.subi %c0_i16{{.*}}, %[[BIT]] : i16
    // CHECK: memref.store %[[ONES]]
    %more = arith.cmpf ugt, %x, %old : f32
    %ones = arith.extsi %more : i1 to i16
    %b = csl.address_of @b : memref<8xi16>
    memref.store %ones, %b[%c1] : memref<8xi16>
    // A branch without a then is one with a negated condition.
    // CHECK: %[[NO:.*]] = arith.xori %{{.*}}, %true
    // CHECK: scf.if %[[NO]] {
    // CHECK-NOT: else
    scf.if %more {
    } else {
      memref.store %four, %b[%c0] : memref<8xi16>
    }
    // What a loop carries unchanged is not carried.
    // CHECK: scf.for %{{.*}} = %c0_i16{{.*}} to %c4_i16{{.*}} step %c1_i16{{.*}} : i16 {
    // CHECK-NOT: scf.yield
    %c4 = arith.constant 4 : index
    %same = scf.for %i = %c0 to %c4 step %c1 iter_args(%s = %two) -> (i16) {
      memref.store %s, %b[%i] : memref<8xi16>
      scf.yield %s : i16
    }
    %dsd = csl.dsd @"a#dsd" : !csl.mem_dsd<f32, 1>
    csl.vector "fmovs"(%dsd, %x) : !csl.mem_dsd<f32, 1>, f32
    csl.return
  }
}
