// RUN: spada-opt %s --split-input-file --verify-diagnostics

// Ops and options for programs that people write: one case for each constraint that can be broken.

// @switches_c1_count
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{switches have 2 rx and 3 tx positions; 3 of each are needed}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [1] switches <rx [0, 0] tx [0, 0, 0] current 0 ring false pop no_pop>
}

// -----

// @switches_c1_ports
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{switches have the port set 32; sets are 0 to 31, a bit for each port}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [1] switches <rx [0, 0, 0] tx [0, 32, 0] current 0 ring false pop no_pop>
}

// -----

// @switches_c1_current
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{switches start at position 4; positions are 0 to 3}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [1] switches <rx [0, 0, 0] tx [0, 0, 0] current 4 ring false pop no_pop>
}

// -----

// @filter_c1
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{filter has the number -3; numbers are 0 to 2^32 - 1}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [1] filter <kind = counter, limit1 = -3>
}

// -----

// @host_color_c1
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{goes 'inout'; name one op for each direction}}
  csl.host_color inout 3
}

// -----

// @tile_data_c1
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{names '@pe::@b', which is no csl.variable of a program}}
  csl.tile_data @pe::@b at 0, 0 = dense<1> : tensor<2xi16>
}
csl.program @pe {
  csl.variable @a : memref<2xi16>
}

// -----

// @tile_data_c1_negative
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{is for PE (0, -1); coordinates start at 0}}
  csl.tile_data @pe::@a at 0, -1 = dense<1> : tensor<2xi16>
}
csl.program @pe {
  csl.variable @a : memref<2xi16>
}

// -----

// @tile_data_c2
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{gives 'tensor<2xi32>' to a variable of 'memref<2xi16>'}}
  csl.tile_data @pe::@a at 0, 0 = dense<1> : tensor<2xi32>
}
csl.program @pe {
  // expected-note@below {{variable declared here}}
  csl.variable @a : memref<2xi16>
}

// -----

// @layout_c3_tile_data
// expected-note@below {{rectangle set here}}
csl.layout "k" arch "wse2" size 1 x 1 {
  // expected-error@below {{reaches to (2, 1) outside of the rectangle of 1 x 1}}
  csl.tile_data @pe::@a at 1, 0 = dense<1> : tensor<2xi16>
}
csl.program @pe {
  csl.variable @a : memref<2xi16>
}

// -----

// @program_c2_control
csl.program @pe {
  // expected-note@below {{first taken here}}
  csl.task @a control id 40 {
  }
  // expected-error@below {{takes control task id 40 a second time}}
  csl.task @b control id 40 {
  }
}

// -----

// @program_c2_teardown
csl.program @pe {
  // expected-note@below {{first taken here}}
  csl.task @a teardown id 4 {
  }
  // expected-error@below {{takes teardown of color 4 a second time}}
  csl.task @b teardown id 4 {
  }
}

// -----

// @program_c3
csl.program @pe {
  // expected-note@below {{first one here}}
  csl.func @a startup {
  }
  // expected-error@below {{is the second startup function}}
  csl.func @b startup {
  }
}

// -----

// @variable_c2_pointer
csl.program @pe {
  // expected-error@below {{use a csl.pointer, or store to it}}
  csl.variable @p : memref<!csl.ptr> = 3 : i16
}

// -----

// @pointer_c1
csl.program @pe {
  // expected-error@below {{names 'a', which is no csl.variable of the program}}
  csl.pointer @p to @a
}

// -----

// @pointer_c2
csl.program @pe {
  // expected-error@below {{has neither a target nor an element type}}
  csl.pointer @p
}

// -----

// @pointer_c2_offset
csl.program @pe {
  // expected-error@below {{has an offset but no target}}
  csl.pointer @p offset 4 : f32
}

// -----

// @pointer_c3
csl.program @pe {
  // expected-error@below {{points to 'i128', which is no run-time scalar}}
  csl.pointer @p : i128
}

// -----

// @pointer_c4
csl.program @pe {
  // expected-note@below {{target declared here}}
  csl.variable @a : memref<4xi16>
  // expected-error@below {{points 9 bytes behind the start of 'a', which has 8}}
  csl.pointer @p to @a offset 9
}

// -----

// @mem_dsd_c1_unchecked
csl.program @pe {
  csl.variable @a : memref<4xi16>
  csl.mem_dsd_const @empty = @a[0] sizes [0] strides [1] unchecked
  // expected-error@below {{has size 0; sizes are 1 to 65535}}
  csl.mem_dsd_const @d = @a[0] sizes [0] strides [1]
}

// -----

// @fabric_dsd_c2
csl.program @pe {
  csl.color @c = 3
  csl.queue @q input 2 color @c
  csl.fabric_dsd_const @open on @q none extent 0
  // expected-error@below {{has elements of 'i8'; wavelets carry f16, f32, i16 or i32}}
  csl.fabric_dsd_const @d on @q i8 extent 1
}

// -----

// @fabric_dsd_c3
csl.program @pe {
  csl.color @c = 3
  // expected-note@below {{queue declared here}}
  csl.queue @q input 2 color @c
  // expected-error@below {{has control, advance_switch, index_offset or zero_source on input queue 'q'; only output has them}}
  csl.fabric_dsd_const @d on @q i32 extent 1 control
}

// -----

// @dsd_variable_c1_type
csl.program @pe {
  // expected-error@below {{has type 'f32', which is no DSD}}
  csl.dsd_variable @d : f32
}

// -----

// @dsd_variable_c1_name
csl.program @pe {
  // expected-error@below {{names 'x', which is no DSD constant of the program}}
  csl.dsd_variable @d : !csl.mem_dsd<f32, 1> = @x
}

// -----

// @dsd_variable_c1_kind
csl.program @pe {
  csl.variable @a : memref<4xi16>
  // expected-note@below {{descriptor declared here}}
  csl.mem_dsd_const @all = @a[0] sizes [4] strides [1]
  // expected-error@below {{of '!csl.mem_dsd<i16, 2>' is initialised with 'all' of '!csl.mem_dsd<i16, 1>'}}
  csl.dsd_variable @d : !csl.mem_dsd<i16, 2> = @all
}

// -----

// @dsd_variable_c2
csl.program @pe {
  // expected-error@below {{of '!csl.fabin_dsd<f32>' has no initial value; a fabric descriptor needs one for its queue}}
  csl.dsd_variable @d : !csl.fabin_dsd<f32>
}

// -----

// @fifo_c1
csl.program @pe {
  // expected-note@below {{buffer declared here}}
  csl.variable @a : memref<4xi8>
  // expected-error@below {{uses 'a' of 'memref<4xi8>'; elements of 16 or 32 bits are needed}}
  csl.fifo @f on @a
}

// -----

// @fifo_c2
csl.program @pe {
  csl.variable @a : memref<4xi16>
  // expected-note@below {{task declared here}}
  csl.task @t control id 40 {
  }
  // expected-error@below {{activates 't', which is no local task; wavelets trigger it}}
  csl.fifo @f on @a activate_pop @t
}

// -----

// @task_c1_control
csl.program @pe {
  // expected-error@below {{is a control task: it has an id, no queue and two arguments at most}}
  csl.task @t control {
  }
}

// -----

// @task_c1_teardown
csl.program @pe {
  // expected-error@below {{is a teardown task: it has a color, 0 to 23, as id, no queue and no arguments}}
  csl.task @t teardown id 24 {
  }
}

// -----

// @task_c3_control
csl.program @pe {
  // expected-error@below {{is a control task and cannot be active at the start; wavelets trigger it}}
  csl.task @t control id 40 active {
  }
}

// -----

// @func_c1_argument
csl.program @pe {
  // expected-error@below {{has a parameter of '!csl.dsr', which is no run-time scalar, pointer or descriptor}}
  csl.func @f {
  ^bb0(%d: !csl.dsr):
  }
}

// -----

// @func_c3
csl.program @pe {
  // expected-error@below {{runs at startup with parameters or a result}}
  csl.func @f startup {
  ^bb0(%n: i16):
  }
}

// -----

// @from_ptr_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%p: !csl.ptr):
    // expected-error@below {{gives 'memref<?x?xf32>'; a memref of rank 0 or 1 of a run-time scalar or pointer is possible}}
    %m = csl.from_ptr %p : memref<?x?xf32>
  }
}

// -----

// @load_dsd_c1
csl.program @pe {
  // expected-note@below {{descriptor variable declared here}}
  csl.dsd_variable @v : !csl.mem_dsd<f32, 1>
  csl.func @f {
    // expected-error@below {{has '!csl.mem_dsd<i32, 1>' for 'v' of '!csl.mem_dsd<f32, 1>'}}
    %d = csl.load_dsd @v : !csl.mem_dsd<i32, 1>
  }
}

// -----

// @store_dsd_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 1>):
    // expected-error@below {{names 'v', which is no csl.dsd_variable of the program}}
    csl.store_dsd %d, @v : !csl.mem_dsd<f32, 1>
  }
}

// -----

// @increment_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<none, 1>, %n: i16):
    // expected-error@below {{counts elements of 'none'; name a run-time scalar after 'of'}}
    %e = csl.increment_dsd_offset %d, %n : !csl.mem_dsd<none, 1>
  }
}

// -----

// @stride_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 2>, %n: i16):
    // expected-error@below {{sets the stride of a descriptor of rank 2; only rank 1 has one}}
    %e = csl.set_dsd_stride %d, %n : !csl.mem_dsd<f32, 2>
  }
}

// -----

// @cast_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 2>):
    // expected-error@below {{makes '!csl.mem_dsd<f32, 2>' a '!csl.mem_dsd<f32, 1>'; only the element type may differ}}
    %e = csl.cast_dsd %d : !csl.mem_dsd<f32, 2> to !csl.mem_dsd<f32, 1>
  }
}

// -----

// @element_ptr_type
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 1>, %n: i16):
    // expected-error@below {{counts elements of 'none', which is no run-time scalar}}
    %e = csl.dsd_element_ptr %d[%n] of none : !csl.mem_dsd<f32, 1>
  }
}

// -----

// @fifo_ref_c1
csl.program @pe {
  csl.func @f {
    // expected-error@below {{names 'q', which is no csl.fifo of the program}}
    %f = csl.fifo_ref @q
  }
}

// -----

// @set_fifo_length_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%n: i16):
    // expected-error@below {{names 'q', which is no csl.fifo of the program}}
    csl.set_fifo_length @q, %n
  }
}

// -----

// @mem_dsd_const_c4
csl.program @pe {
  csl.variable @a : memref<8xf32>
  // expected-error@below {{wraps with several dimensions or a stride; only one dimension of stride 1 wraps}}
  csl.mem_dsd_const @d = @a[0] sizes [3] strides [2] wrap 2
}

// -----

// @load_to_dsr_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 1>):
    // expected-error@below {{loads '!csl.mem_dsd<f32, 1>' async; only fabric descriptors are}}
    csl.load_to_dsr src0 1, %d async : !csl.mem_dsd<f32, 1>
  }
}

// -----

// @load_to_dsr_c2_in
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.fabin_dsd<f32>):
    // expected-error@below {{loads fabric input to a destination register; use src0 or src1}}
    csl.load_to_dsr dest 1, %d : !csl.fabin_dsd<f32>
  }
}

// -----

// @load_to_dsr_c2_out
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.fabout_dsd<f32>):
    // expected-error@below {{loads fabric output to a source register; use dest}}
    csl.load_to_dsr src1 1, %d : !csl.fabout_dsd<f32>
  }
}

// -----

// @load_to_dsr_c3
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.fabin_dsd<f32>):
    // expected-error@below {{names 'gone', which is no csl.task of the program}}
    csl.load_to_dsr src1 1, %d on_control activate task @gone : !csl.fabin_dsd<f32>
  }
}

// -----

// @address_of_c1_pointer
csl.program @pe {
  csl.pointer @p : f32
  csl.func @f {
    // expected-error@below {{gives 'memref<f32>' for 'p', which is a pointer: 'memref<!csl.ptr>'}}
    %p = csl.address_of @p : memref<f32>
  }
}

// -----

// @set_state_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%n: i16):
    // expected-error@below {{activates a color; only tasks are activated}}
    csl.set_state activate color %n
  }
}

// -----

// @print_c1
csl.program @pe {
  csl.func @f {
  ^bb0(%n: i16):
    // expected-error@below {{has 2 specifiers in its format and 1 values}}
    csl.print "{d} {{ {X}"(%n : i16)
  }
}

// -----

// @print_c1_specifier
csl.program @pe {
  csl.func @f {
  ^bb0(%n: i16):
    // expected-error@below {{has '{s}' in its format; use {d}, {u}, {X}, {b}, {f}, or {{ for a brace}}
    csl.print "{s}"(%n : i16)
  }
}

// -----

// @vector_c2_dfilt
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.fabin_dsd<f32>):
    // expected-error@below {{'dfilt' has 2 operands; 1 sources are needed}}
    csl.vector "dfilt"(%d, %d) async : !csl.fabin_dsd<f32>, !csl.fabin_dsd<f32>
  }
}

// -----

// @vector_c4_register
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 1>):
    %s = csl.dsr src1 2
    // expected-error@below {{'fmacs' takes a scalar as its last source, not '!csl.dsr'}}
    csl.vector "fmacs"(%d, %d, %d, %s) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.dsr
  }
}

// -----

// @vector_c5_on_control
csl.program @pe {
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 1>, %i: !csl.fabin_dsd<f32>):
    // expected-error@below {{does not name the task of on_control}}
    csl.vector "fmovs"(%d, %i) async on_control activate : !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
  }
}

// -----

// @vector_c5_task
csl.program @pe {
  csl.task @t local id 8 {
  }
  csl.func @f {
  ^bb0(%d: !csl.mem_dsd<f32, 1>, %i: !csl.fabin_dsd<f32>):
    // expected-error@below {{names a task, which on_control only has for activate and unblock}}
    csl.vector "fmovs"(%d, %i) async on_control terminate task @t : !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
  }
}
