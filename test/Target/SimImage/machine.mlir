// RUN: spada-translate --dump-sim-image %s | FileCheck %s

// What only hand-written programs use: pointers, changing descriptors, registers, FIFOs, control tasks, switches.

csl.layout "k" arch "wse3" size 4 x 1 {
  csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {n = 7 : i16}
  csl.tile_code @pe on <2 : 3 : 1, 0 : 1 : 1> {n = 8 : i16}
  csl.tile_code @pe on <3 : 4 : 1, 0 : 1 : 1> {n = 7 : i16}
  csl.color_config 4 on <0 : 1 : 1, 0 : 1 : 1> rx [] tx [3] switches <rx [16, 0, 0] tx [0, 1, 0] current 2 ring true pop pop_on_advance> swap_x
  csl.color_config 5 on <0 : 1 : 1, 0 : 1 : 1> rx [4] tx [0, 3] filter <kind = range, filterControl = true, minIndex = 3, maxIndex = 5> teardown
  csl.color_config 5 on <2 : 3 : 1, 0 : 1 : 1> rx [4] tx [0, 3] filter <kind = range, filterControl = true, minIndex = 3, maxIndex = 5> teardown
  csl.tile_data @pe::@a at 2, 0 = dense<[1.0, -2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]> : tensor<8xf32>
  csl.host_color in 2
  csl.host_color out 3
  csl.export_name "a" memref<8xf32> mutable
  csl.export_name "l" memref<8xf32> mutable
  csl.export_name "f" () -> ()
  csl.export_name "g" (i16, f32) -> ()
}
csl.program @pe {
  csl.param @n : i16
  csl.color @c = 4
  csl.queue @in input 0 color @c
  csl.queue @out output 1 color @c
  csl.variable @a : memref<8xf32> link_name "A"
  csl.variable @p : memref<2x!csl.ptr>
  csl.variable @buf : memref<8xi32>
  csl.pointer @fixed to @a
  csl.pointer @q to @a offset 8
  csl.pointer @later : f32
  csl.mem_dsd_const @d = @a[0] sizes [40] strides [1] unchecked index_offset
  csl.fabric_dsd_const @fi on @in none extent 0 priority 2
  csl.fabric_dsd_const @fo on @out i32 extent 5 control advance_switch index_offset zero_source 1 simd 2 priority 3 control_transform
  csl.dsd_variable @v : !csl.mem_dsd<none, 1> = @d
  csl.dsd_variable @w : !csl.mem_dsd<f16, 2>
  csl.fifo @fifo on @buf activate_push @go priority 3
  csl.task @go local id 8 { csl.return }
  csl.task @ctl control id 40 {
  ^bb0(%x: i16):
    csl.return
  }
  csl.task @both data queue @in {
  ^bb0(%x: f16, %y: i16):
    csl.return
  }
  csl.task @down teardown id 4 { csl.return }
  csl.func @start startup {
    csl.clock_control reset
    csl.return
  }
  // CHECK:      program pe memory 72 registers 2 main -1
  // CHECK-NEXT: variable A F32 x 8 at 0
  // CHECK-NEXT: variable p I16 x 2 at 32
  // CHECK-NEXT: variable buf I32 x 8 at 36
  // CHECK-NEXT: variable q I16 x 1 at 68 init 0800
  // CHECK-NEXT: variable later I16 x 1 at 70
  // CHECK:      dsd 0: Memory F32 address 0 sizes [40] strides [1] index offset
  // CHECK-NEXT: dsd 1: FabricIn I32 queue 0 color 4 sizes [0] priority 2
  // CHECK-NEXT: dsd 2: FabricOut I32 queue 1 color 4 sizes [5] control advance switch index offset control transform zero source 1 simd 2 priority 3
  // CHECK-NEXT: dsd 3: Memory F32 address 0 sizes [40] strides [1] index offset
  // CHECK-NEXT: dsd 4: Memory F16 address 0 sizes [0, 0] strides [1, 1]
  // Parameters of @h:
  // CHECK-NEXT: dsd 5: Memory F32
  // CHECK-NEXT: dsd 6: FabricOut I32 queue 1
  // CHECK-NEXT: dsd 7: Memory F32
  // CHECK-NEXT: dsd 8: Memory F32
  // CHECK:      vector 0: mov32 dsd5:F32 <- fifo0:I32 priority 2
  // CHECK-NEXT: vector 1: mov32 dsr1:I32 <- dsr65:I32 async ut -1 on control Terminate
  // CHECK-NEXT: vector 2: mov32 *r0:I32 <- fifo0:I32
  // CHECK-NEXT: vector 3: mov32 dsd6:I32 <- dsd5:F32 async ut -1 activate 0
  // CHECK-NEXT: vector 4: mov32 dsd2:I32 <- dsd5:F32 async ut 1 unblock 1
  // CHECK-NEXT: vector 5: dfilt  <- dsd1:I32 async ut 0
  // CHECK-NEXT: task 0: Local go id 8 entry 0
  // CHECK-NEXT: task 1: Control ctl id 40 entry 1 payload r0:I16
  // CHECK-NEXT: task 2: Data both id 0 entry 2 queue 0 payload r0:F16 high r1:I16
  // CHECK-NEXT: task 3: Teardown down id 4 entry 3
  // CHECK:      dsr load 0: file 0 id 1 dsd2 async ut 1 activate 0 on control Unblock 0 priority 1 save address
  // CHECK-NEXT: dsr load 1: file 1 id 1 dsd5 save address single step
  // CHECK-NEXT: fifo 0: fifo I32 x 8 at 36 activate push 0 priority 3
  // CHECK-NEXT: print 0: "a {d} {f}\0A" I16 F32
  // CHECK-NEXT: symbol a F32 x 8 at 0
  // CHECK-NEXT: symbol l F32 x 0 through 70
  // CHECK-NEXT: export f function 1
  // CHECK-NEXT: export g function 2 I16 F32
  // CHECK-NEXT: startup 0
  // CHECK-NEXT: 0: Return
  // CHECK:      ClockControl I16 - - - - 2
  csl.func @f {
    // CHECK:      Const I16 0 - - - 2 ;
    // CHECK-NEXT: Block I16 - 0 - - 4 ;
    // CHECK-NEXT: Activate I16 - 0 - - 0 ;
    // CHECK-NEXT: Unblock I32 - - - - 2 ;
    // CHECK-NEXT: Clock I16 0 1 2 - 0 ;
    // CHECK-NEXT: Random I16 3 - - - 0 ;
    %two = arith.constant 2 : i16
    csl.set_state block input_queue %two
    csl.set_state activate local %two
    csl.unblock @both
    %low, %middle, %high = csl.read_clock
    %r = csl.random
    %w = arith.extsi %r : i16 to i32
    // CHECK:      RandomSeed I32 -
    // CHECK-NEXT: HostUnblock
    csl.seed_random %w
    csl.host_unblock
    // CHECK:      Move I32
    // CHECK-NEXT: Move I32
    // CHECK-NEXT: Print I32 - {{[0-9]+}} - - 0 ;
    %x = arith.sitofp %w : i32 to f32
    csl.print "a {d} {f}\0A"(%low, %x : i16, f32)
    // CHECK:      Assert I1 - {{[0-9]+}} - - 0 ;
    %ok = arith.cmpi eq, %middle, %high : i16
    csl.assert %ok, "clock stands"
    csl.return
  }
  csl.func @g {
  ^bb0(%i: i16, %x: f32):
    %d = csl.load_dsd @v : !csl.mem_dsd<none, 1>
    %e = csl.cast_dsd %d : !csl.mem_dsd<none, 1> to !csl.mem_dsd<f32, 1>
    %fo = csl.dsd @fo : !csl.fabout_dsd<i32>
    %a = csl.address_of @a : memref<8xf32>
    %p = csl.element_ptr %a[%i] : memref<8xf32>, i16
    // Descriptors are copied to the slots of the callee.
    // CHECK:      DsdCopy I32 [[D:[0-9]+]] 3 - - 0
    // CHECK:      DsdCopy I32 5 [[D]] - - 0
    // CHECK-NEXT: DsdCopy I32 6 2 - - 0
    // CHECK-NEXT: Move I32 [[R:[0-9]+]]
    // CHECK-NEXT: Move I32
    // CHECK-NEXT: Call I32 {{[0-9]+}} [[R]] - - 3
    // CHECK-NEXT: DsdCopy I32 3 [[D]] - - 0
    %y = csl.call @h(%e, %p, %fo, %i) : (!csl.mem_dsd<f32, 1>, !csl.ptr, !csl.fabout_dsd<i32>, i16) -> !csl.ptr
    csl.store_dsd %d, @v : !csl.mem_dsd<none, 1>
  }
  csl.func @h -> !csl.ptr {
  ^bb0(%d: !csl.mem_dsd<f32, 1>, %p: !csl.ptr, %o: !csl.fabout_dsd<i32>, %n: i16):
    %f = csl.fifo_ref @fifo
    // CHECK:      Vector I32 2 1 - - 0 ;
    %ok = csl.vector "mov32"(%d, %f) index %n priority 2 : !csl.mem_dsd<f32, 1>, !csl.fifo -> i1
    %dst = csl.dsr dest 1
    %src = csl.dsr src0 1
    // CHECK-NEXT: Vector I32 - - - - 1 ;
    csl.vector "mov32"(%dst, %src) async on_control terminate : !csl.dsr, !csl.dsr
    csl.vector "mov32"(%p, %f) : !csl.ptr, !csl.fifo
    // The queue of a parameter is not known here, that of a constant is.
    csl.vector "mov32"(%o, %d) async activate @go : !csl.fabout_dsd<i32>, !csl.mem_dsd<f32, 1>
    %fo = csl.dsd @fo : !csl.fabout_dsd<i32>
    csl.vector "mov32"(%fo, %d) async unblock @ctl : !csl.fabout_dsd<i32>, !csl.mem_dsd<f32, 1>
    %fi = csl.dsd @fi : !csl.fabin_dsd<none>
    csl.vector "dfilt"(%fi) async : !csl.fabin_dsd<none>
    // CHECK:      LoadDsr I32 - - - - 0 ;
    // CHECK-NEXT: LoadDsr I32 - - - - 1 ;
    csl.load_to_dsr dest 1, %fo async activate @go on_control unblock task @go save_address priority 1 : !csl.fabout_dsd<i32>
    csl.load_to_dsr src0 1, %d save_address single_step : !csl.mem_dsd<f32, 1>
    // CHECK-NEXT: DsrLength I16 [[N:[0-9]+]] - - - 65 ;
    // CHECK-NEXT: FifoLength I16 - [[N]] - - 1 ;
    // CHECK-NEXT: FifoLength I16 - [[N]] - - 0 ;
    %left = csl.dsr_length src0 1
    csl.set_fifo_length write @fifo, %left
    csl.set_fifo_length @fifo, %left
    // CHECK-NEXT: DsdCopy I32 [[B:[0-9]+]] 5
    // CHECK-NEXT: DsdBase I16 [[B]] 0
    // CHECK-NEXT: DsdStride I16 [[B]] 1
    // CHECK-NEXT: DsdOffset F16 [[B]] 1
    // CHECK-NEXT: DsdLengthOf I16 [[L:[0-9]+]] [[B]]
    // CHECK-NEXT: DsdElement I32 [[E:[0-9]+]] [[B]] [[L]]
    %1 = csl.set_dsd_base_addr %d, %p : !csl.mem_dsd<f32, 1>
    %2 = csl.set_dsd_stride %1, %n : !csl.mem_dsd<f32, 1>
    %3 = csl.increment_dsd_offset %2, %n of f16 : !csl.mem_dsd<f32, 1>
    %4 = csl.cast_dsd %3 : !csl.mem_dsd<f32, 1> to !csl.mem_dsd<i32, 1>
    %len = csl.dsd_length %4 : !csl.mem_dsd<i32, 1>
    %e = csl.dsd_element_ptr %4[%len] of i32 : !csl.mem_dsd<i32, 1>
    // CHECK-NEXT: Add I16 [[Q:[0-9]+]] [[E]] 1
    // CHECK-NEXT: Return I32 - [[Q]]
    %q = csl.ptr_add %e, %n
    csl.return %q : !csl.ptr
  }
  csl.func @use_pointers {
    // CHECK:      Load I16 0 - - - 68
    %q = csl.address_of @q : memref<!csl.ptr>
    %p = memref.load %q[] : memref<!csl.ptr>
    // CHECK:      Store I16 0 - - - 34
    %c1 = arith.constant 1 : index
    %ps = csl.address_of @p : memref<2x!csl.ptr>
    memref.store %p, %ps[%c1] : memref<2x!csl.ptr>
    csl.return
  }
  csl.export_symbol @fixed as "a"
  csl.export_symbol @later as "l"
  csl.export_symbol @f as "f"
  csl.export_symbol @g as "g"
}
// CHECK: tile 0 on {{\[}}0:2:1, 0:1:1]{{\[}}3:4:1, 0:1:1] 7
// CHECK: tile 0 on {{\[}}2:3:1, 0:1:1] 8
// CHECK: data (2, 0) A = 00 00 80 3f 00 00 00 c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 3f
// CHECK: route 4 rx 0 tx 8 on [0:1:1, 0:1:1] switches 16>0 0>1 0>0 current 2 ring PopOnAdvance swap x
// CHECK: route 5 rx 16 tx 9 on {{\[}}0:1:1, 0:1:1]{{\[}}2:3:1, 0:1:1] filter Range filter control counter 0 of 0 limits 0 0 range 3 5 teardown
// CHECK: host in 2
// CHECK: host out 3
// CHECK: string 0: clock stands
