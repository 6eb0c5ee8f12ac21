// RUN: spada-opt %s --split-input-file --verify-diagnostics

// @return_c1
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{is not the last op of its body}}
    csl.return
    csl.return
  }
}

// -----

// @return_c2
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %c = arith.constant 1.0 : f32
    // expected-error@below {{returns 'f32' from a body without a result}}
    csl.return %c : f32
  }
}

// -----

// @return_c2_type
csl.program @pe {
  csl.func @f -> i16 {
    // expected-error@below {{returns nothing from a function of 'i16'}}
    csl.return
  }
}

// -----

// @address_of_c1_unknown
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'zz', which is no csl.variable or csl.pointer of the program}}
    %z = csl.address_of @zz : memref<f32>
  }
}

// -----

// @address_of_c1_type
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  // expected-note@below {{variable declared here}}
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{gives 'memref<f32>' for 'a' of 'memref<8xf32>'}}
    %z = csl.address_of @a : memref<f32>
  }
}

// -----

// @param_value_c1_unknown
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'a', which is no typed csl.param of the program}}
    %z = csl.param_value @a : i16
  }
}

// -----

// @param_value_c1_type
csl.program @pe {
  // expected-note@below {{param declared here}}
  csl.param @n : i16
  csl.func @f {
    // expected-error@below {{gives 'i32' for 'n' of 'i16'}}
    %z = csl.param_value @n : i32
  }
}

// -----

// @dsd_c1_unknown
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'a', which is no DSD constant of the program}}
    %z = csl.dsd @a : !csl.mem_dsd<f32, 1>
  }
}

// -----

// @dsd_c1_type
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  // expected-note@below {{descriptor declared here}}
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{gives '!csl.fabin_dsd<f32>' for 'tx' of '!csl.fabout_dsd<f32>'}}
    %z = csl.dsd @tx : !csl.fabin_dsd<f32>
  }
}

// -----

// @set_dsd_length_c1
csl.program @pe {
  csl.variable @a : memref<8xf32>
  csl.mem_dsd_const @d = @a[0] sizes [2, 4] strides [4, 1]
  csl.func @f {
  ^bb0(%n: i16):
    %d = csl.dsd @d : !csl.mem_dsd<f32, 2>
    // expected-error@below {{sets the length of a descriptor of rank 2; only rank 1 has one}}
    %e = csl.set_dsd_length %d, %n : !csl.mem_dsd<f32, 2>
  }
}

// -----

// @vector_c1_async
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    // expected-error@below {{is async without a fabric operand; only those run on a microthread}}
    csl.vector "fmovs"(%row, %row) async : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c1_sync
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    // expected-error@below {{has activate, unblock or ut but is not async}}
    csl.vector "fmovs"(%tx, %row) activate @local : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c1_both
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    // expected-error@below {{activates 'local' and unblocks 'local'; one of them is possible}}
    csl.vector "fmovs"(%tx, %row) async activate @local unblock @local : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c2_name
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    // expected-error@below {{calls 'fdivs', which is no known DSD operation}}
    csl.vector "fdivs"(%row, %row, %row) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c2_count
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    // expected-error@below {{'fadds' has 2 operands; a destination and 2 sources are needed}}
    csl.vector "fadds"(%row, %row) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c3
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    // expected-error@below {{'faddh' has operand 0 of '!csl.mem_dsd<f32, 1>'; elements of f16 are needed}}
    csl.vector "faddh"(%row, %row, %row) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c4_array
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %a = csl.address_of @a : memref<8xf32>
    // expected-error@below {{has operand 0 of 'memref<8xf32>'; only a scalar variable can be named, arrays need a descriptor}}
    csl.vector "fmovs"(%a, %row) : memref<8xf32>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c4_destination
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
    // expected-error@below {{writes to '!csl.fabin_dsd<f32>'}}
    csl.vector "fmovs"(%rx, %row) : !csl.fabin_dsd<f32>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c4_source
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    // expected-error@below {{reads from fabric output in source 0}}
    csl.vector "fmovs"(%row, %tx) : !csl.mem_dsd<f32, 1>, !csl.fabout_dsd<f32>
  }
}

// -----

// @vector_c4_last
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    // expected-error@below {{'fmacs' takes a scalar as its last source, not '!csl.mem_dsd<f32, 1>'}}
    csl.vector "fmacs"(%row, %row, %row, %row) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c4_first
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %c = arith.constant 1.0 : f32
    // expected-error@below {{'fmacs' takes descriptors as its first sources, not 'f32'}}
    csl.vector "fmacs"(%row, %row, %c, %c) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, f32, f32
  }
}

// -----

// @vector_c4_none
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %s = csl.address_of @s : memref<f32>
    %c = arith.constant 1.0 : f32
    // expected-error@below {{has no descriptor among its operands; use scalar code}}
    csl.vector "fmovs"(%s, %c) : memref<f32>, f32
  }
}

// -----

// @vector_c5_activate
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  // expected-note@below {{task declared here}}
  csl.task @data data queue @rx_queue {
  ^bb0(%x: f32):
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    // expected-error@below {{activates 'data', which is no local task; wavelets trigger it}}
    csl.vector "fmovs"(%tx, %row) async activate @data : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @vector_c5_unblock
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
    // expected-error@below {{names 'a', which is no csl.task of the program}}
    csl.vector "fmovs"(%tx, %row) async unblock @a : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
  }
}

// -----

// @activate_c1
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  // expected-note@below {{task declared here}}
  csl.task @data data queue @rx_queue {
  ^bb0(%x: f32):
  }
  csl.func @f {
    // expected-error@below {{activates 'data', which is no local task; wavelets trigger it}}
    csl.activate @data
  }
}

// -----

// @block_c1
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'a', which is no csl.task of the program}}
    csl.block @a
  }
}

// -----

// @unblock_c1
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'a', which is no csl.task of the program}}
    csl.unblock @a
  }
}

// -----

// @call_c1_unknown
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'a', which is no csl.func of the program}}
    csl.call @a() : () -> ()
  }
}

// -----

// @call_c1_type
csl.program @pe {
  // expected-note@below {{function declared here}}
  csl.func @g {
  ^bb0(%x: i16):
  }
  csl.func @f {
    // expected-error@below {{calls 'g' with other types than it declares}}
    csl.call @g() : () -> ()
  }
}

// -----

// @member_call_c1
csl.program @pe {
  csl.color @east = 3
  csl.queue @rx_queue input 2 color @east
  csl.queue @tx_queue output 2 color @east
  csl.variable @a : memref<8xf32>
  csl.variable @s : memref<f32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
  csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
  csl.task @local local id 8 {
  }
  csl.func @f {
    // expected-error@below {{names 'a', which is no csl.import of the program}}
    csl.member_call @a "f"() : () -> ()
  }
}
