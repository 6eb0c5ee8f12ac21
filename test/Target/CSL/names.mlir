// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines --check-prefix=CHECK

// Keywords, characters and clashes.

// CHECK-LABEL: //--- layout.csl
// CHECK-NEXT: const const_: color = @get_color(3);
// CHECK-NEXT: const color_4: color = @get_color(4);
// CHECK-EMPTY:
// CHECK-NEXT: const memcpy = @import_module("<memcpy/get_params>", .{ .width = 2, .height = 1 });
// CHECK-EMPTY:
// CHECK-NEXT: layout {
// CHECK-NEXT:   @set_rectangle(2, 1);
// CHECK-EMPTY:
// CHECK-NEXT:   @set_tile_code(0, 0, "pe__0_1.csl", .{ .task_ = 0 });
// CHECK-NEXT:   @set_tile_code(1, 0, "pe__0.csl", .{});
// CHECK-EMPTY:
// CHECK-NEXT:   @set_color_config(0, 0, const_, .{ .routes = .{ .rx = .{RAMP}, .tx = .{EAST} } });
// CHECK-NEXT:   @set_color_config(0, 0, color_4, .{ .routes = .{ .rx = .{RAMP}, .tx = .{EAST} } });
// CHECK-NEXT: }

// CHECK-LABEL: //--- pe__0_1.csl
// CHECK-NEXT: param task_: i16;
// CHECK-EMPTY:
// CHECK-NEXT: const const_: color = @get_color(3);
// CHECK-NEXT: const u16_: color = @get_color(4);
// CHECK-EMPTY:
// CHECK-NEXT: const done_id_1: local_task_id = @get_local_task_id(8);
// CHECK-EMPTY:
// CHECK-NEXT: var x__3_1 = @zeros([4]f32);
// CHECK-NEXT: var x__3 = @zeros([4]f32);
// CHECK-NEXT: var n2nd: i16 = 0;
// CHECK-NEXT: var done_id: i16 = 0;
// CHECK-NEXT: var i: i16 = 0;
// CHECK-NEXT: var v0: i16 = 0;
// CHECK-EMPTY:
// CHECK-NEXT: const x__3_row = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{4} -> x__3_1[i] });
// CHECK-EMPTY:
// CHECK-NEXT: fn while_(fn_: i16, m: i16) i16 {
// CHECK-NEXT:   const row = @increment_dsd_offset(x__3_row, fn_, f32);
// CHECK-NEXT:   @fnegs(row, row);
// CHECK-NEXT:   for (@range(i16, fn_)) |j| {
// CHECK-NEXT:     const v1: i16 = j + task_;
// CHECK-NEXT:     v0 = v1 + v1;
// CHECK-NEXT:   }
// CHECK-NEXT:   return m;
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: task done() void {
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: comptime {
// CHECK-NEXT:   @bind_local_task(done, done_id_1);
// CHECK-NEXT: }

module {
  csl.layout "k" arch "wse2" size 2 x 1 {
    csl.tile_code @"pe#0" on <0 : 1 : 1, 0 : 1 : 1> {task = "x"}
    csl.tile_code @pe__0 on <1 : 2 : 1, 0 : 1 : 1> {}
    csl.color_config 3 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
    csl.color_config 4 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
  }
  // A legal name is kept; an illegal one makes room for it. The layout's file is never taken.
  csl.program @"pe#0" {
    csl.param @task : i16
    csl.color @const = 3
    csl.color @u16 = 4
    csl.variable @"x#3" : memref<4xf32>
    csl.variable @x__3 : memref<4xf32>
    csl.variable @"2nd" : memref<i16>
    csl.variable @done_id : memref<i16>
    csl.variable @i : memref<i16>
    csl.variable @v0 : memref<i16>
    csl.mem_dsd_const @"x#3.row" = @"x#3"[0] sizes [4] strides [1]
    csl.func @while -> i16 {
    ^bb0(%n: i16 loc("fn"), %m: i16 loc("m")):
      %c0 = arith.constant 0 : i16
      %c1 = arith.constant 1 : i16
      %t = csl.param_value @task : i16
      %row = csl.dsd @"x#3.row" : !csl.mem_dsd<f32, 1>
      %next = csl.increment_dsd_offset %row, %n : !csl.mem_dsd<f32, 1> loc("row")
      csl.vector "fnegs"(%next, %next) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>
      %v = csl.address_of @v0 : memref<i16>
      scf.for %k = %c0 to %n step %c1 : i16 {
        %sum = arith.addi %k, %t : i16
        %twice = arith.addi %sum, %sum : i16
        memref.store %twice, %v[] : memref<i16>
      }
      csl.return %m : i16
    }
    csl.task @done local id 8 {
    }
  }
  csl.program @pe__0 {
    csl.color @right = 4
  }
}
