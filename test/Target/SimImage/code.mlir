// RUN: spada-translate --dump-sim-image %s | FileCheck %s

// Tables and code of one program: memory, descriptors, tasks, loops, calls, a scalar argument.

// CHECK: image k version 2 size 3 x 2
// CHECK-NEXT: program pe memory 16 registers 1 main 0
// CHECK-NEXT:   variable flag I1 x 1 at 0 init 01
// CHECK-NEXT:   variable m I16 x 4 at 2 init 010002000300fcff
// CHECK-NEXT:   variable x F32 x 1 at 12 init 0000803f
// CHECK-NEXT:   queue input 4 color 3
// CHECK-NEXT:   queue output 5 color 3
// CHECK-NEXT:   dsd 0: Memory I16 address 2 sizes [2, 2] strides [2, 1]
// CHECK-NEXT:   dsd 1: Memory I16 address 2 sizes [2] strides [3]
// CHECK-NEXT:   dsd 2: FabricIn I16 queue 4 color 3 sizes [2]
// CHECK-NEXT:   dsd 3: FabricOut I16 queue 5 color 3 sizes [2]
// CHECK-NEXT:   dsd 4: Memory I16 address 2 sizes [2] strides [3]
// CHECK-NEXT:   vector 0: add16 dsd4:I16 <- r0:I16 dsd1:I16
// CHECK-NEXT:   vector 1: add16 dsd3:I16 <- dsd1:I16 dsd2:I16 async ut 5 activate 1
// CHECK-NEXT:   vector 2: mov16 dsd3:I16 <- dsd1:I16 async ut 6 unblock 1
// CHECK-NEXT:   task 0: Data receive id 4 entry 0 queue 4 payload r0:I16 blocked
// CHECK-NEXT:   task 1: Local done id 9 entry 8 active
// CHECK-NEXT:   function 0: main entry 9 registers 10
// CHECK-NEXT:   function 1: helper entry 30 registers 4
// CHECK-NEXT:   symbol m I16 x 4 at 2
// CHECK-NEXT:   export main function 0 I32
// CHECK-NEXT:   0: DsdCopy I32 4 1 - - 0 ; {{.*}}
// CHECK-NEXT:   1: DsdOffset I16 4 0 - - 0 ; {{.*}}
// CHECK-NEXT:   2: DsdLength I16 4 0 - - 0 ; {{.*}}
// CHECK-NEXT:   3: Vector I32 - - - - 0 ; {{.*}}
// CHECK-NEXT:   4: Vector I32 - - - - 1 ; {{.*}}
// CHECK-NEXT:   5: Vector I32 - - - - 2 ; {{.*}}
// CHECK-NEXT:   6: Block I32 - - - - 0 ; {{.*}}
// CHECK-NEXT:   7: Return I32 - - - - 0 ; {{.*}}
// CHECK-NEXT:   8: Return I32 - - - - 0 ; {{.*}}
// CHECK-NEXT:   9: Const I16 1 - - - 0 ; {{.*}}
// CHECK-NEXT:   10: Const I16 2 - - - 1 ; {{.*}}
// CHECK-NEXT:   11: Const I16 3 - - - 4 ; {{.*}}
// CHECK-NEXT:   12: Param I16 4 - - - 0 ; {{.*}}
// CHECK-NEXT:   13: Param I16 5 - - - 2 ; {{.*}}
// CHECK-NEXT:   14: Move I32 6 4 - - 0 ; {{.*}}
// CHECK-NEXT:   15: Move I32 7 5 - - 0 ; {{.*}}
// CHECK-NEXT:   16: Move I16 8 1 - - 0 ; {{.*}}
// CHECK-NEXT:   17: Move I32 9 7 - - 0 ; {{.*}}
// CHECK-NEXT:   18: Move I32 7 6 - - 0 ; {{.*}}
// CHECK-NEXT:   19: Move I32 6 9 - - 0 ; {{.*}}
// CHECK-NEXT:   20: Add I16 8 8 2 - 0 ; {{.*}}
// CHECK-NEXT:   21: CmpLtS I16 9 8 3 - 0 ; {{.*}}
// CHECK-NEXT:   22: JumpIf I1 - 9 - - 17 ; {{.*}}
// CHECK-NEXT:   23: Move I32 3 6 - - 0 ; {{.*}}
// CHECK-NEXT:   24: Move I32 4 7 - - 0 ; {{.*}}
// CHECK-NEXT:   25: Call I32 1 3 - - 1 ; {{.*}}
// CHECK-NEXT:   26: Const I16 3 - - - 2 ; {{.*}}
// CHECK-NEXT:   27: Mul I16 4 1 3 - 0 ; {{.*}}
// CHECK-NEXT:   28: Store I16 1 4 - - 4 ; {{.*}}
// CHECK-NEXT:   29: Return I32 - - - - 0 ; {{.*}}
// CHECK-NEXT:   30: CmpLtS I16 2 1 0 - 0 ; {{.*}}
// CHECK-NEXT:   31: JumpIfNot I1 - 2 - - 34 ; {{.*}}
// CHECK-NEXT:   32: Move I32 3 0 - - 0 ; {{.*}}
// CHECK-NEXT:   33: Jump I32 - - - - 35 ; {{.*}}
// CHECK-NEXT:   34: Move I32 3 1 - - 0 ; {{.*}}
// CHECK-NEXT:   35: Return I32 - 3 - - 0 ; {{.*}}
// CHECK-NEXT: tile 0 on [0:3:1, 0:2:1] -2 1069547520 y
// CHECK-NEXT: route 3 rx 1 tx 10 on [0:3:2, 0:2:1]
// CHECK-NEXT: argument m inout u16 dims [3, 2] elements 4 offset (0, 0) on [0:3:1, 0:2:1]
// CHECK-NEXT: argument bias in i32 dims [] elements 1 offset (0, 0) on [0:3:1, 0:2:1] scalar

module {
  csl.layout "k" arch "wse3" size 3 x 2 {
    csl.tile_code @pe on <0 : 3 : 1, 0 : 2 : 1> {n = -2 : i16, scale = 1.5 : f32, y = "y"}
    csl.color_config 3 on <0 : 3 : 2, 0 : 2 : 1> rx [0] tx [1, 3]
    csl.export_name "m" memref<2x2xi16>
    csl.export_name "main" (i32) -> ()
    csl.host_argument "m" inout ui16 dims [3, 2] elements 4 offset(0, 0)
    csl.host_argument "bias" in i32 dims [] elements 1 offset(0, 0) scalar
  }
  csl.program @pe {
    csl.param @memcpy_params
    csl.param @n : i16
    csl.param @scale : f32
    csl.param @y : i16
    csl.color @east = 3
    csl.queue @east_in input 4 color @east
    csl.queue @east_out output 5 color @east
    csl.variable @flag : memref<i1> = true
    csl.variable @m : memref<2x2xi16> = dense<[[1, 2], [3, -4]]> : tensor<2x2xi16>
    csl.variable @x : memref<f32> = 1.0 : f32
    csl.pointer @m_ptr to @m
    csl.mem_dsd_const @all = @m[0] sizes [2, 2] strides [2, 1]
    csl.mem_dsd_const @diagonal = @m[0] sizes [2] strides [3]
    csl.fabric_dsd_const @rx on @east_in i16 extent 2
    csl.fabric_dsd_const @tx on @east_out i16 extent 2
    // Iteration values are exchanged through one register more; registers of dead values come back.
    csl.func @main {
    ^bb0(%bias: i32):
      %c0 = arith.constant 0 : index
      %c1 = arith.constant 1 : index
      %c4 = arith.constant 4 : index
      %n = csl.param_value @n : i16
      %y = csl.param_value @y : i16
      %r:2 = scf.for %i = %c0 to %c4 step %c1 iter_args(%a = %n, %b = %y) -> (i16, i16) {
        scf.yield %b, %a : i16, i16
      }
      %v = csl.call @helper(%r#0, %r#1) : (i16, i16) -> i16
      %m = csl.address_of @m : memref<2x2xi16>
      %i = arith.index_cast %v : i16 to index
      memref.store %v, %m[%i, %c1] : memref<2x2xi16>
      csl.return
    }
    csl.func @helper -> i16 {
    ^bb0(%a: i16, %b: i16):
      %c = arith.cmpi sgt, %a, %b : i16
      %r = scf.if %c -> i16 {
        scf.yield %a : i16
      } else {
        scf.yield %b : i16
      }
      csl.return %r : i16
    }
    csl.task @receive data queue @east_in blocked {
    ^bb0(%v: i16):
      %d = csl.dsd @diagonal : !csl.mem_dsd<i16, 1>
      %tx = csl.dsd @tx : !csl.fabout_dsd<i16>
      %rx = csl.dsd @rx : !csl.fabin_dsd<i16>
      %moved = csl.increment_dsd_offset %d, %v : !csl.mem_dsd<i16, 1>
      %short = csl.set_dsd_length %moved, %v : !csl.mem_dsd<i16, 1>
      csl.vector "add16"(%short, %v, %d) : !csl.mem_dsd<i16, 1>, i16, !csl.mem_dsd<i16, 1>
      csl.vector "add16"(%tx, %d, %rx) async activate @done : !csl.fabout_dsd<i16>, !csl.mem_dsd<i16, 1>, !csl.fabin_dsd<i16>
      csl.vector "mov16"(%tx, %d) async unblock @done ut 6 : !csl.fabout_dsd<i16>, !csl.mem_dsd<i16, 1>
      csl.block @receive
    }
    csl.task @done local id 9 active {
    }
    csl.export_symbol @m_ptr as "m"
    csl.export_symbol @main as "main"
  }
}
