// RUN: spada-translate --emit-csl --no-csl-locations %S/../Inputs/chain-sum.mlir | FileCheck %s --match-full-lines --check-prefix=CHECK

// A whole program: a relay over a row of PEs.

// CHECK-LABEL: //--- layout.csl
// CHECK-NEXT: const even: color = @get_color(0);
// CHECK-NEXT: const uneven: color = @get_color(1);
// CHECK-EMPTY:
// CHECK-NEXT: const memcpy = @import_module("<memcpy/get_params>", .{ .width = 4, .height = 1 });
// CHECK-EMPTY:
// CHECK-NEXT: layout {
// CHECK-NEXT:   @set_rectangle(4, 1);
// CHECK-EMPTY:
// CHECK-NEXT:   @set_tile_code(0, 0, "first.csl", .{ .memcpy_params = memcpy.get_params(0) });
// CHECK-NEXT:   for (@range(i16, 1, 3, 1)) |x| {
// CHECK-NEXT:     @set_tile_code(x, 0, "middle.csl", .{ .memcpy_params = memcpy.get_params(x), .odd = x });
// CHECK-NEXT:   }
// CHECK-NEXT:   @set_tile_code(3, 0, "last.csl", .{ .memcpy_params = memcpy.get_params(3) });
// CHECK-EMPTY:
// CHECK-NEXT:   for (@range(i16, 0, 4, 2)) |x| {
// CHECK-NEXT:     @set_color_config(x, 0, even, .{ .routes = .{ .rx = .{RAMP}, .tx = .{EAST} } });
// CHECK-NEXT:   }
// CHECK-NEXT:   for (@range(i16, 1, 4, 2)) |x| {
// CHECK-NEXT:     @set_color_config(x, 0, even, .{ .routes = .{ .rx = .{WEST}, .tx = .{RAMP} } });
// CHECK-NEXT:   }
// CHECK-NEXT:   @set_color_config(1, 0, uneven, .{ .routes = .{ .rx = .{RAMP}, .tx = .{EAST} } });
// CHECK-NEXT:   @set_color_config(2, 0, uneven, .{ .routes = .{ .rx = .{WEST}, .tx = .{RAMP} } });
// CHECK-EMPTY:
// CHECK-NEXT:   @export_name("a", [*]f32, true);
// CHECK-NEXT:   @export_name("out", [*]f32, true);
// CHECK-NEXT:   @export_name("chain_sum", fn()void);
// CHECK-NEXT: }

// CHECK-LABEL: //--- middle.csl
// CHECK-NEXT: param memcpy_params: comptime_struct;
// CHECK-NEXT: param odd: i16;
// CHECK-EMPTY:
// CHECK-NEXT: const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
// CHECK-EMPTY:
// CHECK-NEXT: const even: color = @get_color(0);
// CHECK-NEXT: const uneven: color = @get_color(1);
// CHECK-EMPTY:
// CHECK-NEXT: const even_in: input_queue = @get_input_queue(2);
// CHECK-NEXT: const even_out: output_queue = @get_output_queue(2);
// CHECK-NEXT: const uneven_in: input_queue = @get_input_queue(3);
// CHECK-NEXT: const uneven_out: output_queue = @get_output_queue(3);
// CHECK-EMPTY:
// CHECK-NEXT: const done_id: local_task_id = @get_local_task_id(8);
// CHECK-EMPTY:
// CHECK-NEXT: var a = @zeros([8]f32);
// CHECK-NEXT: var out = @zeros([8]f32);
// CHECK-EMPTY:
// CHECK-NEXT: var a_ptr: [*]f32 = &a;
// CHECK-NEXT: var out_ptr: [*]f32 = &out;
// CHECK-EMPTY:
// CHECK-NEXT: const a_dsd = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{8} -> a[i] });
// CHECK-EMPTY:
// CHECK-NEXT: const even_rx = @get_dsd(fabin_dsd, .{ .extent = 8, .fabric_color = even, .input_queue = even_in });
// CHECK-NEXT: const even_tx = @get_dsd(fabout_dsd, .{ .extent = 8, .fabric_color = even, .output_queue = even_out });
// CHECK-NEXT: const uneven_rx = @get_dsd(fabin_dsd, .{ .extent = 8, .fabric_color = uneven, .input_queue = uneven_in });
// CHECK-NEXT: const uneven_tx = @get_dsd(fabout_dsd, .{ .extent = 8, .fabric_color = uneven, .output_queue = uneven_out });
// CHECK-EMPTY:
// CHECK-NEXT: fn chain_sum() void {
// CHECK-NEXT:   if (odd & 1 == 1) {
// CHECK-NEXT:     @fadds(uneven_tx, a_dsd, even_rx, .{ .async = true, .activate = done_id });
// CHECK-NEXT:   } else {
// CHECK-NEXT:     @fadds(even_tx, a_dsd, uneven_rx, .{ .async = true, .activate = done_id });
// CHECK-NEXT:   }
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: task done() void {
// CHECK-NEXT:   sys_mod.unblock_cmd_stream();
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: comptime {
// CHECK-NEXT:   @initialize_queue(even_in, .{ .color = even });
// CHECK-NEXT:   @initialize_queue(uneven_in, .{ .color = uneven });
// CHECK-NEXT:   @bind_local_task(done, done_id);
// CHECK-NEXT:   @export_symbol(a_ptr, "a");
// CHECK-NEXT:   @export_symbol(out_ptr, "out");
// CHECK-NEXT:   @export_symbol(chain_sum);
// CHECK-NEXT: }
