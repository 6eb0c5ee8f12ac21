// RUN: spada-opt %s --verify-roundtrip | FileCheck %s

// Every op and option that only the CSL front end makes.

csl.layout "kernel" arch "wse2" size 2 x 1 {
  // CHECK: csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {}
  csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {}
  // CHECK: csl.color_config 4 on <0 : 1 : 1, 0 : 1 : 1> rx [] tx [3] switches <rx[16, 0, 0] tx[0, 0, 0] current 0 ring true pop always_pop> filter <kind = range, minIndex = 3, maxIndex = 5> swap_x teardown messages
  csl.color_config 4 on <0 : 1 : 1, 0 : 1 : 1> rx [] tx [3] switches <rx [16, 0, 0] tx [0, 0, 0] current 0 ring true pop always_pop> filter <kind = range, minIndex = 3, maxIndex = 5> swap_x teardown messages
  // CHECK: csl.tile_data @pe::@a at 1, 0 = dense<2.500000e+00> : tensor<8xf32>
  csl.tile_data @pe::@a at 1, 0 = dense<2.5> : tensor<8xf32>
  // CHECK: csl.host_color in 2
  csl.host_color in 2
  // CHECK: csl.host_color out 3
  csl.host_color out 3
}
csl.program @pe {
  // CHECK: csl.color @c = 4
  csl.color @c = 4
  // CHECK: csl.queue @in input 2 color @c
  csl.queue @in input 2 color @c
  // CHECK: csl.queue @out output 3 color @c
  csl.queue @out output 3 color @c
  // CHECK: csl.variable @a : memref<8xf32> link_name "A"
  csl.variable @a : memref<8xf32> link_name "A"
  // CHECK: csl.variable @p : memref<2x!csl.ptr>
  csl.variable @p : memref<2x!csl.ptr>
  // CHECK: csl.variable @buf : memref<16xi16>
  csl.variable @buf : memref<16xi16>
  // CHECK: csl.pointer @q to @a offset 8
  csl.pointer @q to @a offset 8
  // CHECK: csl.pointer @r : f32
  csl.pointer @r : f32
  // CHECK: csl.mem_dsd_const @d = @a[0] sizes [40] strides [1] unchecked index_offset
  csl.mem_dsd_const @d = @a[0] sizes [40] strides [1] unchecked index_offset
  // CHECK: csl.mem_dsd_const @ring = @a[0] sizes [40] strides [1] wrap 8
  csl.mem_dsd_const @ring = @a[0] sizes [40] strides [1] wrap 8
  // CHECK: csl.fabric_dsd_const @fi on @in none extent 0 priority 2
  csl.fabric_dsd_const @fi on @in none extent 0 priority 2
  // CHECK: csl.fabric_dsd_const @fo on @out i32 extent 5 control advance_switch index_offset zero_source 1 simd 2 priority 3 control_transform
  csl.fabric_dsd_const @fo on @out i32 extent 5 control advance_switch index_offset zero_source 1 simd 2 priority 3 control_transform
  // CHECK: csl.dsd_variable @v : !csl.mem_dsd<none, 1> = @d
  csl.dsd_variable @v : !csl.mem_dsd<none, 1> = @d
  // CHECK: csl.dsd_variable @w : !csl.mem_dsd<f32, 1>
  csl.dsd_variable @w : !csl.mem_dsd<f32, 1>
  // CHECK: csl.fifo @f on @buf activate_push @go activate_pop @go priority 2
  csl.fifo @f on @buf activate_push @go activate_pop @go priority 2
  // CHECK: csl.task @go local id 8 {
  csl.task @go local id 8 { csl.return }
  // CHECK: csl.task @ctl control id 40 {
  csl.task @ctl control id 40 {
  ^bb0(%a: i16):
    csl.return
  }
  // CHECK: csl.task @down teardown id 4 {
  csl.task @down teardown id 4 { csl.return }
  // CHECK: csl.task @empty queue_empty id 11 {
  csl.task @empty queue_empty id 11 { csl.return }
  // CHECK: csl.task @word data queue @in {
  csl.task @word data queue @in {
  ^bb0(%a: i32):
    csl.return
  }
  // CHECK: csl.task @turn control id 3 {
  csl.task @turn control id 3 { csl.return }
  // CHECK: csl.control_table @in offset 3
  csl.control_table @in offset 3
  // CHECK: csl.rotation @word with @turn limit 10 init 2
  csl.rotation @word with @turn limit 10 init 2
  // CHECK: csl.func @start startup {
  csl.func @start startup {
    // CHECK: csl.clock_control enable
    csl.clock_control enable
    csl.return
  }
  // CHECK: csl.func @g -> !csl.ptr {
  csl.func @g -> !csl.ptr {
  ^bb0(%d: !csl.mem_dsd<f32, 1>, %p: !csl.ptr, %n: i16):
    // CHECK: csl.set_dsd_base_addr %{{.*}}, %{{.*}} : !csl.mem_dsd<f32, 1>
    %0 = csl.set_dsd_base_addr %d, %p : !csl.mem_dsd<f32, 1>
    // CHECK: csl.set_dsd_stride %{{.*}}, %{{.*}} : !csl.mem_dsd<f32, 1>
    %1 = csl.set_dsd_stride %0, %n : !csl.mem_dsd<f32, 1>
    // CHECK: csl.increment_dsd_offset %{{.*}}, %{{.*}} of i16 : !csl.mem_dsd<f32, 1>
    %2 = csl.increment_dsd_offset %1, %n of i16 : !csl.mem_dsd<f32, 1>
    // CHECK: csl.cast_dsd %{{.*}} : !csl.mem_dsd<f32, 1> to !csl.mem_dsd<i32, 1>
    %3 = csl.cast_dsd %2 : !csl.mem_dsd<f32, 1> to !csl.mem_dsd<i32, 1>
    // CHECK: csl.dsd_length %{{.*}} : !csl.mem_dsd<i32, 1>
    %len = csl.dsd_length %3 : !csl.mem_dsd<i32, 1>
    // CHECK: csl.dsd_element_ptr %{{.*}}[%{{.*}}] of i32 : !csl.mem_dsd<i32, 1>
    %e = csl.dsd_element_ptr %3[%n] of i32 : !csl.mem_dsd<i32, 1>
    // CHECK: csl.dsr dest 3
    %x = csl.dsr dest 3
    // CHECK: csl.dsr_length src1 3
    %left = csl.dsr_length src1 3
    // CHECK: csl.set_fifo_length @f, %{{.*}}
    csl.set_fifo_length @f, %n
    // CHECK: csl.set_fifo_length write @f, %{{.*}}
    csl.set_fifo_length write @f, %left
    // CHECK: csl.fifo_ref @f
    %f = csl.fifo_ref @f
    // CHECK: csl.dsd @fo : !csl.fabout_dsd<i32>
    %fo = csl.dsd @fo : !csl.fabout_dsd<i32>
    // CHECK: csl.load_to_dsr dest 1, %{{.*}} async activate @go on_control unblock task @go save_address single_step priority 1 : !csl.fabout_dsd<i32>
    csl.load_to_dsr dest 1, %fo async activate @go on_control unblock task @go save_address single_step priority 1 : !csl.fabout_dsd<i32>
    // CHECK: csl.vector "mov32"(%{{.*}}, %{{.*}}) index %{{.*}} priority 2 : !csl.mem_dsd<f32, 1>, !csl.fifo -> i1
    %ok = csl.vector "mov32"(%d, %f) index %n priority 2 : !csl.mem_dsd<f32, 1>, !csl.fifo -> i1
    // CHECK: csl.vector "mov32"(%{{.*}}, %{{.*}}) async on_control terminate : !csl.dsr, !csl.fifo
    csl.vector "mov32"(%x, %f) async on_control terminate : !csl.dsr, !csl.fifo
    // CHECK: csl.vector "mov32"(%{{.*}}, %{{.*}}) : !csl.ptr, !csl.fifo
    csl.vector "mov32"(%p, %f) : !csl.ptr, !csl.fifo
    // CHECK: csl.set_state block input_queue %{{.*}}
    csl.set_state block input_queue %n
    // CHECK: csl.read_clock
    %a, %b, %c = csl.read_clock
    // CHECK: csl.random
    %ra = csl.random
    %rb = arith.extsi %ra : i16 to i32
    // CHECK: csl.seed_random %{{.*}}
    csl.seed_random %rb
    // CHECK: csl.assert %{{.*}}, "fine"
    csl.assert %ok, "fine"
    // CHECK: csl.print "a {d} {f}\0A"(%{{.*}}, %{{.*}} : i16, i32)
    csl.print "a {d} {f}\0A"(%ra, %rb : i16, i32)
    // CHECK: csl.print "hi"
    csl.print "hi"
    // CHECK: csl.host_unblock
    csl.host_unblock
    // CHECK: csl.from_ptr %{{.*}} : memref<?xf32>
    %m = csl.from_ptr %p : memref<?xf32>
    // CHECK: csl.ptr_add %{{.*}}, %{{.*}}
    %pp = csl.ptr_add %p, %n
    // CHECK: csl.ptr_cast %{{.*}} : !csl.ptr to i16
    %i = csl.ptr_cast %pp : !csl.ptr to i16
    // CHECK: csl.address_of @a : memref<8xf32>
    %A = csl.address_of @a : memref<8xf32>
    // CHECK: csl.address_of @q : memref<!csl.ptr>
    %Q = csl.address_of @q : memref<!csl.ptr>
    %qq = memref.load %Q[] : memref<!csl.ptr>
    // CHECK: csl.to_ptr %{{.*}} : memref<8xf32>
    %tp = csl.to_ptr %A : memref<8xf32>
    // CHECK: csl.element_ptr %{{.*}}[%{{.*}}] : memref<8xf32>, i16
    %ep = csl.element_ptr %A[%i] : memref<8xf32>, i16
    csl.return %ep : !csl.ptr
  }
}
