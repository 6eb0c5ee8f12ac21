// Sum of an array over a row of four PEs: the first sends, two relays add what passes, the last keeps the sum in `out`.
module {
  csl.layout "chain_sum" arch "wse2" size 4 x 1 {
    csl.tile_code @first on #csl.box<0 : 1 : 1, 0 : 1 : 1> {}
    csl.tile_code @middle on #csl.box<1 : 3 : 1, 0 : 1 : 1> {odd = "x"}
    csl.tile_code @last on #csl.box<3 : 4 : 1, 0 : 1 : 1> {}
    csl.color_config 0 on #csl.box<0 : 4 : 2, 0 : 1 : 1> rx [0] tx [3]
    csl.color_config 0 on #csl.box<1 : 4 : 2, 0 : 1 : 1> rx [4] tx [0]
    csl.color_config 1 on #csl.box<1 : 2 : 1, 0 : 1 : 1> rx [0] tx [3]
    csl.color_config 1 on #csl.box<2 : 3 : 1, 0 : 1 : 1> rx [4] tx [0]
    csl.export_name "a" memref<8xf32> mutable
    csl.export_name "out" memref<8xf32> mutable
    csl.export_name "chain_sum" () -> ()
    csl.host_argument "a" in f32 dims [4] elements 8 offset(0, 0) on #csl.box<0 : 4 : 1, 0 : 1 : 1>
    csl.host_argument "out" out f32 dims [1] elements 8 offset(3, 0) on #csl.box<3 : 4 : 1, 0 : 1 : 1>
  }
  csl.program @first {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @even = 0
    csl.queue @tx_queue output 2 color @even
    csl.variable @a : memref<8xf32>
    csl.variable @out : memref<8xf32>
    csl.pointer @a_ptr to @a
    csl.pointer @out_ptr to @out
    csl.mem_dsd_const @a_dsd = @a[0] sizes [8] strides [1]
    csl.fabric_dsd_const @tx on @tx_queue f32 extent 8
    csl.func @chain_sum {
      %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
      %a = csl.dsd @a_dsd : !csl.mem_dsd<f32, 1>
      csl.vector "fmovs"(%tx, %a) async activate @done : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
      csl.return
    }
    csl.task @done local id 8 {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @a_ptr as "a"
    csl.export_symbol @out_ptr as "out"
    csl.export_symbol @chain_sum as "chain_sum"
  }
  csl.program @middle {
    csl.param @memcpy_params
    csl.param @odd : i16
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @even = 0
    csl.color @uneven = 1
    csl.queue @even_in input 2 color @even
    csl.queue @even_out output 2 color @even
    csl.queue @uneven_in input 3 color @uneven
    csl.queue @uneven_out output 3 color @uneven
    csl.variable @a : memref<8xf32>
    csl.variable @out : memref<8xf32>
    csl.pointer @a_ptr to @a
    csl.pointer @out_ptr to @out
    csl.mem_dsd_const @a_dsd = @a[0] sizes [8] strides [1]
    csl.fabric_dsd_const @even_rx on @even_in f32 extent 8
    csl.fabric_dsd_const @even_tx on @even_out f32 extent 8
    csl.fabric_dsd_const @uneven_rx on @uneven_in f32 extent 8
    csl.fabric_dsd_const @uneven_tx on @uneven_out f32 extent 8
    csl.func @chain_sum {
      %x = csl.param_value @odd : i16
      %one = arith.constant 1 : i16
      %bit = arith.andi %x, %one : i16
      %is_odd = arith.cmpi eq, %bit, %one : i16
      %a = csl.dsd @a_dsd : !csl.mem_dsd<f32, 1>
      scf.if %is_odd {
        %rx = csl.dsd @even_rx : !csl.fabin_dsd<f32>
        %tx = csl.dsd @uneven_tx : !csl.fabout_dsd<f32>
        csl.vector "fadds"(%tx, %a, %rx) async activate @done : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      } else {
        %rx = csl.dsd @uneven_rx : !csl.fabin_dsd<f32>
        %tx = csl.dsd @even_tx : !csl.fabout_dsd<f32>
        csl.vector "fadds"(%tx, %a, %rx) async activate @done : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      }
      csl.return
    }
    csl.task @done local id 8 {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @a_ptr as "a"
    csl.export_symbol @out_ptr as "out"
    csl.export_symbol @chain_sum as "chain_sum"
  }
  csl.program @last {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @even = 0
    csl.queue @rx_queue input 2 color @even
    csl.variable @a : memref<8xf32>
    csl.variable @out : memref<8xf32>
    csl.pointer @a_ptr to @a
    csl.pointer @out_ptr to @out
    csl.mem_dsd_const @a_dsd = @a[0] sizes [8] strides [1]
    csl.mem_dsd_const @out_dsd = @out[0] sizes [8] strides [1]
    csl.fabric_dsd_const @rx on @rx_queue f32 extent 8
    csl.func @chain_sum {
      %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
      %a = csl.dsd @a_dsd : !csl.mem_dsd<f32, 1>
      %out = csl.dsd @out_dsd : !csl.mem_dsd<f32, 1>
      csl.vector "fadds"(%out, %a, %rx) async activate @done : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
      csl.return
    }
    csl.task @done local id 8 {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @a_ptr as "a"
    csl.export_symbol @out_ptr as "out"
    csl.export_symbol @chain_sum as "chain_sum"
  }
}
