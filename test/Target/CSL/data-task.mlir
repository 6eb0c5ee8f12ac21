// RUN: spada-translate --emit-csl --no-csl-locations %S/../Inputs/data-task.mlir | FileCheck %s --match-full-lines --check-prefix=CHECK

// A whole program: a data task, scalar code, a scalar argument.

// CHECK-LABEL: //--- layout.csl
// CHECK-NEXT: const link: color = @get_color(4);
// CHECK-EMPTY:
// CHECK-NEXT: const memcpy = @import_module("<memcpy/get_params>", .{ .width = 2, .height = 1 });
// CHECK-EMPTY:
// CHECK-NEXT: layout {
// CHECK-NEXT:   @set_rectangle(2, 1);
// CHECK-EMPTY:
// CHECK-NEXT:   @set_tile_code(0, 0, "sender.csl", .{ .memcpy_params = memcpy.get_params(0) });
// CHECK-NEXT:   @set_tile_code(1, 0, "receiver.csl", .{ .memcpy_params = memcpy.get_params(1), .count = 6 });
// CHECK-EMPTY:
// CHECK-NEXT:   @set_color_config(0, 0, link, .{ .routes = .{ .rx = .{RAMP}, .tx = .{EAST} } });
// CHECK-NEXT:   @set_color_config(1, 0, link, .{ .routes = .{ .rx = .{WEST}, .tx = .{RAMP} } });
// CHECK-EMPTY:
// CHECK-NEXT:   @export_name("a", [*]i32, true);
// CHECK-NEXT:   @export_name("b", [*]i32, true);
// CHECK-NEXT:   @export_name("reverse", fn(i32)void);
// CHECK-NEXT: }

// CHECK-LABEL: //--- metadata.json
// CHECK-NEXT: {
// CHECK-NEXT:   "kernel_name": "reverse",
// CHECK-NEXT:   "arch": "wse2",
// CHECK-NEXT:   "inputs": {
// CHECK-NEXT:     "a": {
// CHECK-NEXT:       "dtype": "i32",
// CHECK-NEXT:       "shape": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         6
// CHECK-NEXT:       ],
// CHECK-NEXT:       "buffer_size": 6,
// CHECK-NEXT:       "rect_offset_used": [
// CHECK-NEXT:         0,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_offset": [
// CHECK-NEXT:         0,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_end_used": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_step_used": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "column_major": false
// CHECK-NEXT:     },
// CHECK-NEXT:     "bias": {
// CHECK-NEXT:       "dtype": "i32",
// CHECK-NEXT:       "shape": []
// CHECK-NEXT:     }
// CHECK-NEXT:   },
// CHECK-NEXT:   "outputs": {
// CHECK-NEXT:     "b": {
// CHECK-NEXT:       "dtype": "i32",
// CHECK-NEXT:       "shape": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         6
// CHECK-NEXT:       ],
// CHECK-NEXT:       "buffer_size": 6,
// CHECK-NEXT:       "rect_offset_used": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_offset": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_end_used": [
// CHECK-NEXT:         2,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_step_used": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "column_major": false
// CHECK-NEXT:     }
// CHECK-NEXT:   },
// CHECK-NEXT:   "argument_order": [
// CHECK-NEXT:     "a",
// CHECK-NEXT:     "bias",
// CHECK-NEXT:     "b"
// CHECK-NEXT:   ],
// CHECK-NEXT:   "memcpy_mode": "memcpy",
// CHECK-NEXT:   "kernel_dims": [
// CHECK-NEXT:     2,
// CHECK-NEXT:     1
// CHECK-NEXT:   ],
// CHECK-NEXT:   "fabric_dims": [
// CHECK-NEXT:     9,
// CHECK-NEXT:     3
// CHECK-NEXT:   ],
// CHECK-NEXT:   "fabric_offsets": [
// CHECK-NEXT:     4,
// CHECK-NEXT:     1
// CHECK-NEXT:   ]
// CHECK-NEXT: }

// CHECK-LABEL: //--- receiver.csl
// CHECK-NEXT: param memcpy_params: comptime_struct;
// CHECK-NEXT: param count: i16;
// CHECK-EMPTY:
// CHECK-NEXT: const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
// CHECK-EMPTY:
// CHECK-NEXT: const link: color = @get_color(4);
// CHECK-EMPTY:
// CHECK-NEXT: const link_queue: input_queue = @get_input_queue(2);
// CHECK-EMPTY:
// CHECK-NEXT: const receive_id: data_task_id = @get_data_task_id(link);
// CHECK-NEXT: const done_id: local_task_id = @get_local_task_id(8);
// CHECK-EMPTY:
// CHECK-NEXT: var b = @zeros([6]i32);
// CHECK-NEXT: var bias: i32 = 0;
// CHECK-NEXT: var left: i16 = 6;
// CHECK-EMPTY:
// CHECK-NEXT: var b_ptr: [*]i32 = &b;
// CHECK-EMPTY:
// CHECK-NEXT: fn reverse(arg0: i32) void {
// CHECK-NEXT:   bias = arg0;
// CHECK-NEXT:   @unblock(link);
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: task receive(data: i32) void {
// CHECK-NEXT:   const v0: i16 = left - 1;
// CHECK-NEXT:   left = v0;
// CHECK-NEXT:   b[v0 / 3 * 3 + v0 % 3] = data + bias;
// CHECK-NEXT:   if (v0 == 0) {
// CHECK-NEXT:     @block(link);
// CHECK-NEXT:     @activate(done_id);
// CHECK-NEXT:   }
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: task done() void {
// CHECK-NEXT:   sys_mod.unblock_cmd_stream();
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: comptime {
// CHECK-NEXT:   @initialize_queue(link_queue, .{ .color = link });
// CHECK-NEXT:   @bind_data_task(receive, receive_id);
// CHECK-NEXT:   @block(link);
// CHECK-NEXT:   @bind_local_task(done, done_id);
// CHECK-NEXT:   @export_symbol(b_ptr, "b");
// CHECK-NEXT:   @export_symbol(reverse);
// CHECK-NEXT: }

// CHECK-LABEL: //--- sender.csl
// CHECK-NEXT: param memcpy_params: comptime_struct;
// CHECK-EMPTY:
// CHECK-NEXT: const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
// CHECK-EMPTY:
// CHECK-NEXT: const link: color = @get_color(4);
// CHECK-EMPTY:
// CHECK-NEXT: const link_queue: output_queue = @get_output_queue(3);
// CHECK-EMPTY:
// CHECK-NEXT: var a = @zeros([6]i32);
// CHECK-EMPTY:
// CHECK-NEXT: var a_ptr: [*]i32 = &a;
// CHECK-EMPTY:
// CHECK-NEXT: const tx = @get_dsd(fabout_dsd, .{ .extent = 1, .fabric_color = link, .output_queue = link_queue });
// CHECK-EMPTY:
// CHECK-NEXT: fn square(arg0: i32) i32 {
// CHECK-NEXT:   return arg0 * arg0;
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: fn reverse(arg0: i32) void {
// CHECK-NEXT:   for (@range(i16, 6)) |i| {
// CHECK-NEXT:     const v0: i32 = square(a[i]);
// CHECK-NEXT:     @mov32(tx, v0);
// CHECK-NEXT:   }
// CHECK-NEXT:   sys_mod.unblock_cmd_stream();
// CHECK-NEXT: }
// CHECK-EMPTY:
// CHECK-NEXT: comptime {
// CHECK-NEXT:   @export_symbol(a_ptr, "a");
// CHECK-NEXT:   @export_symbol(reverse);
// CHECK-NEXT: }
