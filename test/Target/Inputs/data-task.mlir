// Two PEs: the left one sends the squares of its integers one by one; a data task of the right one keeps them in
// reverse order, adds the scalar argument, and after the sixth calls the host back.
module {
  csl.layout "reverse" arch "wse2" size 2 x 1 {
    csl.tile_code @sender on #csl.box<0 : 1 : 1, 0 : 1 : 1> {}
    csl.tile_code @receiver on #csl.box<1 : 2 : 1, 0 : 1 : 1> {count = 6 : i16}
    csl.color_config 4 on #csl.box<0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
    csl.color_config 4 on #csl.box<1 : 2 : 1, 0 : 1 : 1> rx [4] tx [0]
    csl.export_name "a" memref<6xi32> mutable
    csl.export_name "b" memref<2x3xi32> mutable
    csl.export_name "reverse" (i32) -> ()
    csl.host_argument "a" in i32 dims [1] elements 6 offset(0, 0) on #csl.box<0 : 1 : 1, 0 : 1 : 1>
    csl.host_argument "bias" in i32 dims [] elements 1 offset(0, 0) scalar
    csl.host_argument "b" out i32 dims [1] elements 6 offset(1, 0) on #csl.box<1 : 2 : 1, 0 : 1 : 1>
  }
  csl.program @sender {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @link = 4
    csl.queue @link_queue output 3 color @link
    csl.variable @a : memref<6xi32>
    csl.pointer @a_ptr to @a
    csl.fabric_dsd_const @tx on @link_queue i32 extent 1
    csl.func @square -> i32 {
    ^bb0(%x: i32):
      %y = arith.muli %x, %x : i32
      csl.return %y : i32
    }
    csl.func @reverse {
    ^bb0(%bias: i32):
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c6 = arith.constant 6 : index
      %a = csl.address_of @a : memref<6xi32>
      %tx = csl.dsd @tx : !csl.fabout_dsd<i32>
      scf.for %i = %c0 to %c6 step %c1 {
        %x = memref.load %a[%i] : memref<6xi32>
        %y = csl.call @square(%x) : (i32) -> i32
        csl.vector "mov32"(%tx, %y) : !csl.fabout_dsd<i32>, i32
      }
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @a_ptr as "a"
    csl.export_symbol @reverse as "reverse"
  }
  csl.program @receiver {
    csl.param @memcpy_params
    csl.param @count : i16
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @link = 4
    csl.queue @link_queue input 2 color @link
    csl.variable @b : memref<2x3xi32>
    csl.variable @bias : memref<i32>
    csl.variable @left : memref<i16> = 6 : i16
    csl.pointer @b_ptr to @b
    csl.func @reverse {
    ^bb0(%bias: i32):
      %p = csl.address_of @bias : memref<i32>
      memref.store %bias, %p[] : memref<i32>
      csl.unblock @receive
      csl.return
    }
    csl.task @receive data queue @link_queue blocked {
    ^bb0(%x: i32):
      %left = csl.address_of @left : memref<i16>
      %bias = csl.address_of @bias : memref<i32>
      %b = csl.address_of @b : memref<2x3xi32>
      %one = arith.constant 1 : i16
      %three = arith.constant 3 : i16
      %zero = arith.constant 0 : i16
      %n = memref.load %left[] : memref<i16>
      %m = arith.subi %n, %one : i16
      memref.store %m, %left[] : memref<i16>
      %row = arith.divsi %m, %three : i16
      %column = arith.remsi %m, %three : i16
      %i = arith.index_cast %row : i16 to index
      %j = arith.index_cast %column : i16 to index
      %offset = memref.load %bias[] : memref<i32>
      %y = arith.addi %x, %offset : i32
      memref.store %y, %b[%i, %j] : memref<2x3xi32>
      %last = arith.cmpi eq, %m, %zero : i16
      scf.if %last {
        csl.block @receive
        csl.activate @done
      }
      csl.return
    }
    csl.task @done local id 8 {
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
      csl.return
    }
    csl.export_symbol @b_ptr as "b"
    csl.export_symbol @reverse as "reverse"
  }
}
