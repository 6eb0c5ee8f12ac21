// Three PEs in a row on WSE-3: each sends its array to both neighbours (the ends send only inwards) and adds what
// comes. Every PE runs its transfers at once, on microthreads of its own; a chain of two tasks counts them.
module {
  csl.layout "halo" arch "wse3" size 3 x 1 {
    csl.tile_code @left on #csl.box<0 : 1 : 1, 0 : 1 : 1> {}
    csl.tile_code @inner on #csl.box<1 : 2 : 1, 0 : 1 : 1> {}
    csl.tile_code @right on #csl.box<2 : 3 : 1, 0 : 1 : 1> {}
    csl.color_config 0 on #csl.box<0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
    csl.color_config 0 on #csl.box<1 : 2 : 1, 0 : 1 : 1> rx [4] tx [0]
    csl.color_config 1 on #csl.box<1 : 2 : 1, 0 : 1 : 1> rx [0] tx [3, 4]
    csl.color_config 1 on #csl.box<0 : 1 : 1, 0 : 1 : 1> rx [3] tx [0]
    csl.color_config 1 on #csl.box<2 : 3 : 1, 0 : 1 : 1> rx [4] tx [0]
    csl.color_config 2 on #csl.box<2 : 3 : 1, 0 : 1 : 1> rx [0] tx [4]
    csl.color_config 2 on #csl.box<1 : 2 : 1, 0 : 1 : 1> rx [3] tx [0]
    csl.export_name "u" memref<4xf32> mutable
    csl.export_name "v" memref<4xf32> mutable
    csl.export_name "halo" () -> ()
    csl.host_argument "u" in f32 dims [3] elements 4 offset(0, 0) on #csl.box<0 : 3 : 1, 0 : 1 : 1>
    csl.host_argument "v" out f32 dims [3] elements 4 offset(0, 0) on #csl.box<0 : 3 : 1, 0 : 1 : 1>
  }
  csl.program @left {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @eastward = 0
    csl.color @spread = 1
    csl.queue @tx_queue output 2 color @eastward
    csl.queue @rx_queue input 2 color @spread
    csl.variable @u : memref<4xf32>
    csl.variable @v : memref<4xf32>
    csl.pointer @u_ptr to @u
    csl.pointer @v_ptr to @v
    csl.mem_dsd_const @u_dsd = @u[0] sizes [4] strides [1]
    csl.mem_dsd_const @v_dsd = @v[0] sizes [4] strides [1]
    csl.fabric_dsd_const @tx on @tx_queue f32 extent 4
    csl.fabric_dsd_const @rx on @rx_queue f32 extent 4
    csl.func @halo {
      %u = csl.dsd @u_dsd : !csl.mem_dsd<f32, 1>
      %v = csl.dsd @v_dsd : !csl.mem_dsd<f32, 1>
      %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
      %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
      csl.vector "fmovs"(%tx, %u) async unblock @done ut 3 : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
      csl.vector "fadds"(%v, %u, %rx) async activate @done ut 2 : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      csl.return
    }
    csl.task @done local id 8 blocked {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @u_ptr as "u"
    csl.export_symbol @v_ptr as "v"
    csl.export_symbol @halo as "halo"
  }
  csl.program @right {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @westward = 2
    csl.color @spread = 1
    csl.queue @tx_queue output 2 color @westward
    csl.queue @rx_queue input 2 color @spread
    csl.variable @u : memref<4xf32>
    csl.variable @v : memref<4xf32>
    csl.pointer @u_ptr to @u
    csl.pointer @v_ptr to @v
    csl.mem_dsd_const @u_dsd = @u[0] sizes [4] strides [1]
    csl.mem_dsd_const @v_dsd = @v[0] sizes [4] strides [1]
    csl.fabric_dsd_const @tx on @tx_queue f32 extent 4
    csl.fabric_dsd_const @rx on @rx_queue f32 extent 4
    csl.func @halo {
      %u = csl.dsd @u_dsd : !csl.mem_dsd<f32, 1>
      %v = csl.dsd @v_dsd : !csl.mem_dsd<f32, 1>
      %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
      %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
      csl.vector "fmovs"(%tx, %u) async unblock @done ut 3 : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
      csl.vector "fadds"(%v, %u, %rx) async activate @done ut 2 : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      csl.return
    }
    csl.task @done local id 8 blocked {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @u_ptr as "u"
    csl.export_symbol @v_ptr as "v"
    csl.export_symbol @halo as "halo"
  }
  csl.program @inner {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @eastward = 0
    csl.color @spread = 1
    csl.color @westward = 2
    csl.queue @tx_queue output 2 color @spread
    csl.queue @west_queue input 2 color @eastward
    csl.queue @east_queue input 3 color @westward
    csl.variable @u : memref<4xf32>
    csl.variable @v : memref<4xf32>
    csl.pointer @u_ptr to @u
    csl.pointer @v_ptr to @v
    csl.mem_dsd_const @u_dsd = @u[0] sizes [4] strides [1]
    csl.mem_dsd_const @v_dsd = @v[0] sizes [4] strides [1]
    csl.fabric_dsd_const @tx on @tx_queue f32 extent 4
    csl.fabric_dsd_const @from_west on @west_queue f32 extent 4
    csl.fabric_dsd_const @from_east on @east_queue f32 extent 4
    csl.func @halo {
      %u = csl.dsd @u_dsd : !csl.mem_dsd<f32, 1>
      %v = csl.dsd @v_dsd : !csl.mem_dsd<f32, 1>
      %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
      %rx = csl.dsd @from_west : !csl.fabin_dsd<f32>
      csl.vector "fmovs"(%tx, %u) async unblock @done ut 4 : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
      csl.vector "fadds"(%v, %u, %rx) async activate @add_east : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      csl.return
    }
    csl.task @add_east local id 9 {
      %v = csl.dsd @v_dsd : !csl.mem_dsd<f32, 1>
      %rx = csl.dsd @from_east : !csl.fabin_dsd<f32>
      csl.vector "fadds"(%v, %v, %rx) async activate @done : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      csl.return
    }
    csl.task @done local id 8 blocked {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @u_ptr as "u"
    csl.export_symbol @v_ptr as "v"
    csl.export_symbol @halo as "halo"
  }
}
