// RUN: spada-opt %s --split-input-file --verify-diagnostics

// @program_c1
csl.program @pe {
  // expected-error@below {{'arith.constant' op is no declaration; statements belong into a csl.func or csl.task}}
  %c = arith.constant 1 : i16
}

// -----

// @program_c2_queue
csl.program @pe {
  csl.color @c = 1
  // expected-note@below {{first taken here}}
  csl.queue @q input 2 color @c
  // expected-error@below {{takes input queue 2 a second time}}
  csl.queue @again input 2 color @c
}

// -----

// @program_c2_task
csl.program @pe {
  // expected-note@below {{first taken here}}
  csl.task @t local id 8 {
  }
  // expected-error@below {{takes local task id 8 a second time}}
  csl.task @again local id 8 {
  }
}

// -----

// @program_c2_listener
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  // expected-note@below {{first one here}}
  csl.task @t data queue @q {
  ^bb0(%x: f32):
  }
  // expected-error@below {{is the second data task on queue 'q'}}
  csl.task @again data queue @q {
  ^bb0(%x: f32):
  }
}

// -----

// @param_c1
csl.program @pe {
  // expected-error@below {{has type 'i64', which is no run-time scalar}}
  csl.param @n : i64
}

// -----

// @import_c1_unknown
csl.program @pe {
  // expected-error@below {{names 'p', which is no csl.param of the program}}
  csl.import @m "<time>" params @p
}

// -----

// @import_c1_type
csl.program @pe {
  csl.param @p : i16
  // expected-error@below {{takes its params from 'p' of 'i16'; a struct param has no type}}
  csl.import @m "<time>" params @p
}

// -----

// @variable_c1_dynamic
csl.program @pe {
  // expected-error@below {{a static memref of a run-time scalar with rank 4 at most is needed}}
  csl.variable @a : memref<?xf32>
}

// -----

// @variable_c1_layout
csl.program @pe {
  // expected-error@below {{neither a layout nor a memory space is possible}}
  csl.variable @a : memref<2xf32, 1>
}

// -----

// @variable_c1_empty
csl.program @pe {
  // expected-error@below {{has type 'memref<0xf32>' without elements}}
  csl.variable @a : memref<0xf32>
}

// -----

// @variable_c3
csl.program @pe {
  // expected-error@below {{is aligned to 6 bytes; a power of two up to 1024 is possible}}
  csl.variable @a : memref<4xf32> align 6
}

// -----

// @variable_c2_scalar
csl.program @pe {
  // expected-error@below {{of 'f32' is initialised with 1 : i16}}
  csl.variable @a : memref<f32> = 1 : i16
}

// -----

// @variable_c2_array
csl.program @pe {
  // expected-error@below {{give a dense tensor of the same shape and element type}}
  csl.variable @a : memref<2xf32> = dense<1.0> : tensor<3xf32>
}

// -----

// @pointer_c1
csl.program @pe {
  // expected-error@below {{names 'a', which is no csl.variable of the program}}
  csl.pointer @p to @a
}

// -----

// @queue_c1
csl.program @pe {
  // expected-error@below {{names 'c', which is no csl.color of the program}}
  csl.queue @q input 2 color @c
}

// -----

// @mem_dsd_const_c1_rank
csl.program @pe {
  // expected-error@below {{has 1 sizes and 2 strides; give 1 to 4 of both}}
  csl.mem_dsd_const @d = @a[0] sizes [1] strides [1, 1]
}

// -----

// @mem_dsd_const_c1_size
csl.program @pe {
  // expected-error@below {{has size 0; sizes are 1 to 65535}}
  csl.mem_dsd_const @d = @a[0] sizes [0] strides [1]
}

// -----

// @mem_dsd_const_c2_unknown
csl.program @pe {
  // expected-error@below {{names 'a', which is no csl.variable of the program}}
  csl.mem_dsd_const @d = @a[0] sizes [1] strides [1]
}

// -----

// @mem_dsd_const_c2_scalar
csl.program @pe {
  csl.variable @a : memref<f32>
  // expected-error@below {{describes 'a', which is a scalar variable; name an array}}
  csl.mem_dsd_const @d = @a[0] sizes [1] strides [1]
}

// -----

// @mem_dsd_const_c3
csl.program @pe {
  // expected-note@below {{array declared here}}
  csl.variable @a : memref<8xf32>
  // expected-error@below {{reaches outside of the 8 elements of 'a': elements 1 to 9}}
  csl.mem_dsd_const @d = @a[1] sizes [5] strides [2]
}

// -----

// @mem_dsd_const_c3_negative
csl.program @pe {
  // expected-note@below {{array declared here}}
  csl.variable @a : memref<8xf32>
  // expected-error@below {{reaches outside of the 8 elements of 'a': elements -1 to 3}}
  csl.mem_dsd_const @d = @a[3] sizes [5] strides [-1]
}

// -----

// @fabric_dsd_const_c1
csl.program @pe {
  // expected-error@below {{names 'q', which is no csl.queue of the program}}
  csl.fabric_dsd_const @d on @q f32 extent 8
}

// -----

// @fabric_dsd_const_c2
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  // expected-error@below {{has elements of 'i8'; wavelets carry f16, f32, i16 or i32}}
  csl.fabric_dsd_const @d on @q i8 extent 8
}

// -----

// @task_c1_local
csl.program @pe {
  // expected-error@below {{is a local task: it has an id, no queue and no arguments}}
  csl.task @t local {
  }
}

// -----

// @task_c1_id
csl.program @pe {
  // expected-error@below {{has local task id 31, which means no task}}
  csl.task @t local id 31 {
  }
}

// -----

// @task_c1_queue_empty
csl.program @pe {
  // expected-error@below {{is a task of an empty queue: it has a queue, 0 to 15, as id, no queue and no arguments}}
  csl.task @t queue_empty id 16 {
  }
}

// -----

// @program_c2_queue_empty
csl.program @pe {
  // expected-note@below {{first taken here}}
  csl.task @s queue_empty id 3 { csl.return }
  // expected-error@below {{takes flushed queue 3 a second time}}
  csl.task @t queue_empty id 3 { csl.return }
}

// -----

// @control_table_c1
csl.program @pe {
  csl.color @c = 1
  csl.queue @q output 2 color @c
  // expected-error@below {{names output queue 'q'}}
  csl.control_table @q offset 3
}

// -----

// @rotation_c1
csl.program @pe {
  csl.task @s control id 3 { csl.return }
  csl.task @t control id 4 { csl.return }
  // expected-error@below {{needs a data task and a control task without arguments}}
  csl.rotation @s with @t limit 3 init 0
}

// -----

// @rotation_c2
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  csl.task @s data queue @q {
  ^bb0(%a: i32):
    csl.return
  }
  csl.task @t control id 4 { csl.return }
  // expected-error@below {{starts at 4 of 3}}
  csl.rotation @s with @t limit 3 init 4
}

// -----

// @task_c1_data
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  // expected-error@below {{is a data task: it has a queue, one argument or two, and no id of its own}}
  csl.task @t data queue @q {
  }
}

// -----

// @task_c1_payload
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  // expected-error@below {{takes 'i8'; wavelets carry f16, f32, i16 or i32}}
  csl.task @t data queue @q {
  ^bb0(%x: i8):
  }
}

// -----

// @task_c2
csl.program @pe {
  csl.color @c = 1
  // expected-note@below {{queue declared here}}
  csl.queue @q output 2 color @c
  // expected-error@below {{listens to output queue 'q'}}
  csl.task @t data queue @q {
  ^bb0(%x: f32):
  }
}

// -----

// @task_c3
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  // expected-error@below {{is a data task and cannot be active at the start; wavelets trigger it}}
  csl.task @t data queue @q active {
  ^bb0(%x: f32):
  }
}

// -----

// @task_c4
csl.program @pe {
  // expected-error@below {{takes 'i32' as one of two arguments; both have 16 bits then}}
  csl.task @t control id 3 {
  ^bb0(%a: i16, %b: i32):
  }
}

// -----

// @func_c1
csl.program @pe {
  // expected-error@below {{has a parameter of 'i128', which is no run-time scalar}}
  csl.func @f {
  ^bb0(%x: i128):
  }
}

// -----

// @func_c1_result
csl.program @pe {
  // expected-error@below {{returns 'i128', which is no run-time scalar}}
  csl.func @f -> i128 {
  }
}

// -----

// @func_c2
csl.program @pe {
  // expected-error@below {{returns 'i16' but does not end with a csl.return}}
  csl.func @f -> i16 {
  }
}

// -----

// @export_symbol_c1
csl.program @pe {
  csl.variable @a : memref<f32>
  // expected-error@below {{names 'a', which is no csl.pointer or csl.func of the program}}
  csl.export_symbol @a as "a"
}
