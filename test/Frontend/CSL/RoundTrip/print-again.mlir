// The text of a normal form, read back, is that form; printed again, it is that
// text. Params that PEs differ in stay params.
// RUN: rm -rf %t && mkdir %t
// RUN: spada-opt --csl-normalize %s -o %t/first.mlir
// RUN: spada-translate --emit-csl --no-csl-locations %t/first.mlir -o %t/first.txt
// RUN: split-file %t/first.txt %t/csl
// RUN: spada-translate --import-csl %t/csl/layout.csl | spada-opt --csl-normalize -o %t/again.mlir
// RUN: diff %t/first.mlir %t/again.mlir
// RUN: spada-translate --emit-csl --no-csl-locations %t/again.mlir | diff %t/first.txt -
// RUN: FileCheck %s < %t/again.mlir
// RUN: FileCheck %s --check-prefix=TEXT < %t/first.txt

// CHECK: csl.layout "pair" arch "wse2" size 4 x 2
// CHECK-NEXT: csl.tile_code @pe on <0 : 4 : 1, 0 : 2 : 1> {id = "x"}
// CHECK-NEXT: csl.color_config 3 on <0 : 3 : 2, 0 : 2 : 1> rx [0] tx [3]
csl.layout "pair" arch "wse2" size 4 x 2 {
  csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {id = "x", size = 8 : i16, which = "y"}
  csl.tile_code @pe on <2 : 4 : 1, 0 : 1 : 1> {id = "x", size = 8 : i16, which = "y"}
  csl.tile_code @pe on <0 : 4 : 1, 1 : 2 : 1> {id = "x", size = 8 : i16, which = 0 : i16}
  csl.color_config 3 on <2 : 3 : 1, 0 : 2 : 1> rx [0] tx [3]
  csl.color_config 3 on <0 : 1 : 1, 0 : 2 : 1> rx [0] tx [3]
  csl.export_name "a" memref<8xf32> mutable
  csl.export_name "go" (i16) -> ()
  csl.host_argument "a" inout f32 dims [4, 2] elements 8 offset(0, 0) on <0 : 4 : 1, 0 : 2 : 1>
}

// CHECK: csl.program @pe {
// CHECK-NEXT: csl.param @id : i16
// CHECK-NEXT: csl.color @color_3 = 3
// CHECK-NEXT: csl.queue @oq_2_color_3 output 2 color @color_3
// CHECK-NEXT: csl.variable @a : memref<8xf32>
csl.program @pe {
  csl.param @memcpy_params
  csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
  csl.param @id : i16
  csl.param @size : i16
  csl.param @which : i16
  csl.color @unused = 5
  csl.color @east = 3
  csl.queue @to_east output 2 color @east
  csl.fabric_dsd_const @tx on @to_east f32 extent 8
  csl.variable @a : memref<8xf32>
  csl.variable @never : memref<8xf32>
  csl.pointer @a_ptr to @a
  csl.mem_dsd_const @a_dsd = @a[0] sizes [8] strides [1]
  csl.export_symbol @a_ptr as "a"
  csl.export_symbol @go as "go"
  // CHECK: csl.func @go
  // TEXT: fn go(arg0: i16) void {
  csl.func @go {
  ^bb0(%n: i16):
    // Both sides of a choice are evaluated, so that they stand before it.
    // TEXT: for (@range(i16, 8)) |i| {
    // TEXT: const v[[A:[0-9]+]]: f32 = a[{{.*}}];
    // TEXT: a[i] = if ({{.*}}) v[[A]] else @as(f32, 0.5);
    // CHECK: arith.addi
    // CHECK: arith.select
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %size = csl.param_value @size : i16
    %end = arith.index_cast %size : i16 to index
    scf.for %i = %c0 to %end step %c1 {
      %id = csl.param_value @id : i16
      %a = csl.address_of @a : memref<8xf32>
      %k = arith.index_cast %i : index to i16
      %far = arith.addi %k, %id : i16
      %at = arith.index_cast %far : i16 to index
      %old = memref.load %a[%at] : memref<8xf32>
      %less = arith.cmpi slt, %k, %n : i16
      %dead = memref.load %a[%c0] : memref<8xf32>
      %half = arith.constant 0.5 : f32
      %new = arith.select %less, %old, %half : f32
      memref.store %new, %a[%i] : memref<8xf32>
    }
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    %dsd = csl.dsd @a_dsd : !csl.mem_dsd<f32, 1>
    csl.vector "fmovs"(%tx, %dsd) : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
    // CHECK: csl.host_unblock
    // TEXT: sys_mod.unblock_cmd_stream();
    csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
    csl.return
  }
}
