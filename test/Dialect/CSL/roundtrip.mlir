// RUN: spada-opt %s --verify-roundtrip | FileCheck %s

// CHECK: csl.layout "kernel" arch "wse2" size 2 x 1 streaming {
csl.layout "kernel" arch "wse2" size 2 x 1 streaming {
  // CHECK: csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {id = "x", size = 8 : i16}
  csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {id = "x", size = 8 : i16}
  // CHECK: csl.color_config 3 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [0, 3]
  csl.color_config 3 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [0, 3]
  // CHECK: csl.export_name "a" memref<8xf32> mutable
  csl.export_name "a" memref<8xf32> mutable
  // CHECK: csl.export_name "kernel" (i16) -> ()
  csl.export_name "kernel" (i16) -> ()
  // CHECK: csl.host_argument "a" inout f32 dims [2] elements 8 offset(0, 0) on <0 : 2 : 1, 0 : 1 : 1>
  csl.host_argument "a" inout f32 dims [2] elements 8 offset(0, 0) on <0 : 2 : 1, 0 : 1 : 1>
  // CHECK: csl.host_argument "s" in ui16 dims [1] elements 0 offset(0, 0) color 4
  csl.host_argument "s" in ui16 dims [1] elements 0 offset(0, 0) color 4
  // CHECK: csl.host_argument "n" in i16 dims [] elements 1 offset(0, 0) scalar
  csl.host_argument "n" in i16 dims [] elements 1 offset(0, 0) scalar
}

// CHECK: csl.program @pe {
csl.program @pe {
  // CHECK: csl.param @memcpy_params
  csl.param @memcpy_params
  // CHECK: csl.param @id : i16
  csl.param @id : i16
  csl.param @size : i16
  // CHECK: csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
  csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
  // CHECK: csl.color @east = 3
  csl.color @east = 3
  // CHECK: csl.queue @rx_queue input 2 color @east
  csl.queue @rx_queue input 2 color @east
  // CHECK: csl.queue @tx_queue output 2 color @east
  csl.queue @tx_queue output 2 color @east
  // CHECK: csl.variable @a : memref<8xf32>
  csl.variable @a : memref<8xf32>
  // CHECK: csl.variable @count : memref<i16> = 3 : i16
  csl.variable @count : memref<i16> = 3 : i16
  // CHECK: csl.variable @w : memref<3xf16> = dense<[1.000000e+00, 2.000000e+00, 1.000000e+00]> : tensor<3xf16>
  csl.variable @w : memref<3xf16> = dense<[1.0, 2.0, 1.0]> : tensor<3xf16>
  // CHECK: csl.pointer @a_ptr to @a
  csl.pointer @a_ptr to @a
  // CHECK: csl.mem_dsd_const @even = @a[0] sizes [4] strides [2]
  csl.mem_dsd_const @even = @a[0] sizes [4] strides [2]
  // CHECK: csl.mem_dsd_const @back = @a[7] sizes [2, 4] strides [0, -1]
  csl.mem_dsd_const @back = @a[7] sizes [2, 4] strides [0, -1]
  // CHECK: csl.fabric_dsd_const @rx on @rx_queue f32 extent 4
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 4
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 4
  // CHECK: csl.task @done local id 8 blocked active {
  csl.task @done local id 8 blocked active {
    // CHECK: csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
    csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
    csl.return
  }
  // CHECK: csl.task @receive data queue @rx_queue {
  csl.task @receive data queue @rx_queue {
  ^bb0(%x: f32):
    // CHECK: csl.block @receive
    csl.block @receive
    // CHECK: csl.activate @done
    csl.activate @done
    // CHECK: csl.unblock @receive
    csl.unblock @receive
  }
  // CHECK: csl.func @twice -> f32 {
  csl.func @twice -> f32 {
  ^bb0(%x: f32):
    %y = arith.addf %x, %x : f32
    // CHECK: csl.return %{{.*}} : f32
    csl.return %y : f32
  }
  // CHECK: csl.func @kernel {
  csl.func @kernel {
  ^bb0(%n: i16):
    // CHECK: csl.address_of @count : memref<i16>
    %count = csl.address_of @count : memref<i16>
    // CHECK: csl.param_value @id : i16
    %id = csl.param_value @id : i16
    // CHECK: csl.dsd @even : !csl.mem_dsd<f32, 1>
    %even = csl.dsd @even : !csl.mem_dsd<f32, 1>
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
    // CHECK: csl.increment_dsd_offset %{{.*}}, %{{.*}} : !csl.mem_dsd<f32, 1>
    %next = csl.increment_dsd_offset %even, %n : !csl.mem_dsd<f32, 1>
    // CHECK: csl.set_dsd_length %{{.*}}, %{{.*}} : !csl.mem_dsd<f32, 1>
    %head = csl.set_dsd_length %next, %n : !csl.mem_dsd<f32, 1>
    %c = arith.constant 1.0 : f32
    // CHECK: csl.vector "fmacs"(%{{.*}}) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, f32
    csl.vector "fmacs"(%head, %even, %even, %c) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, f32
    // CHECK: csl.vector "fadds"(%{{.*}}) async activate @done
    csl.vector "fadds"(%tx, %even, %rx) async activate @done : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
    // CHECK: csl.vector "fmovs"(%{{.*}}) async unblock @done ut 3
    csl.vector "fmovs"(%tx, %even) async unblock @done ut 3 : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
    // CHECK: csl.call @twice(%{{.*}}) : (f32) -> f32
    %d = csl.call @twice(%c) : (f32) -> f32
    csl.return
  }
  // CHECK: csl.export_symbol @a_ptr as "a"
  csl.export_symbol @a_ptr as "a"
}
