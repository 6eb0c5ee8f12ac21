// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines --check-prefix=WSE2
// RUN: sed 's/wse2/wse3/' %s | spada-translate --emit-csl --no-csl-locations | FileCheck %s --match-full-lines --check-prefix=WSE3

// What the architectures do differently: ids and blocking of data tasks, queues.

// WSE2-LABEL: //--- pe.csl
// WSE2-NEXT: param memcpy_params: comptime_struct;
// WSE2-EMPTY:
// WSE2-NEXT: const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
// WSE2-EMPTY:
// WSE2-NEXT: const east: color = @get_color(3);
// WSE2-EMPTY:
// WSE2-NEXT: const east_in: input_queue = @get_input_queue(2);
// WSE2-NEXT: const east_out: output_queue = @get_output_queue(4);
// WSE2-EMPTY:
// WSE2-NEXT: const receive_id: data_task_id = @get_data_task_id(east);
// WSE2-NEXT: const first_id: local_task_id = @get_local_task_id(8);
// WSE2-EMPTY:
// WSE2-NEXT: var a = @zeros([8]f32);
// WSE2-EMPTY:
// WSE2-NEXT: const row = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{8} -> a[i] });
// WSE2-EMPTY:
// WSE2-NEXT: const tx = @get_dsd(fabout_dsd, .{ .extent = 8, .fabric_color = east, .output_queue = east_out });
// WSE2-EMPTY:
// WSE2-NEXT: task receive(data: f32) void {
// WSE2-NEXT:   @fmovs(row, data);
// WSE2-NEXT:   @block(east);
// WSE2-NEXT:   @block(first_id);
// WSE2-NEXT:   @fmovs(tx, row, .{ .async = true, .unblock = receive_id });
// WSE2-NEXT:   @fmovs(tx, row, .{ .async = true, .activate = first_id });
// WSE2-NEXT:   @fmovs(tx, row, .{ .async = true });
// WSE2-NEXT: }
// WSE2-EMPTY:
// WSE2-NEXT: task first() void {
// WSE2-NEXT:   @unblock(east);
// WSE2-NEXT:   @unblock(first_id);
// WSE2-NEXT:   @activate(first_id);
// WSE2-NEXT:   sys_mod.unblock_cmd_stream();
// WSE2-NEXT: }
// WSE2-EMPTY:
// WSE2-NEXT: comptime {
// WSE2-NEXT:   @initialize_queue(east_in, .{ .color = east });
// WSE2-NEXT:   @bind_data_task(receive, receive_id);
// WSE2-NEXT:   @block(east);
// WSE2-NEXT:   @bind_local_task(first, first_id);
// WSE2-NEXT:   @block(first_id);
// WSE2-NEXT:   @activate(first_id);
// WSE2-NEXT: }

// WSE3-LABEL: //--- pe.csl
// WSE3-NEXT: param memcpy_params: comptime_struct;
// WSE3-EMPTY:
// WSE3-NEXT: const sys_mod = @import_module("<memcpy/memcpy>", memcpy_params);
// WSE3-EMPTY:
// WSE3-NEXT: const east: color = @get_color(3);
// WSE3-EMPTY:
// WSE3-NEXT: const east_in: input_queue = @get_input_queue(2);
// WSE3-NEXT: const east_out: output_queue = @get_output_queue(4);
// WSE3-EMPTY:
// WSE3-NEXT: const receive_id: data_task_id = @get_data_task_id(east_in);
// WSE3-NEXT: const first_id: local_task_id = @get_local_task_id(8);
// WSE3-EMPTY:
// WSE3-NEXT: var a = @zeros([8]f32);
// WSE3-EMPTY:
// WSE3-NEXT: const row = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{8} -> a[i] });
// WSE3-EMPTY:
// WSE3-NEXT: const tx = @get_dsd(fabout_dsd, .{ .extent = 8, .fabric_color = east, .output_queue = east_out });
// WSE3-EMPTY:
// WSE3-NEXT: task receive(data: f32) void {
// WSE3-NEXT:   @fmovs(row, data);
// WSE3-NEXT:   @block(east_in);
// WSE3-NEXT:   @block(first_id);
// WSE3-NEXT:   @fmovs(tx, row, .{ .async = true, .unblock = receive_id });
// WSE3-NEXT:   @fmovs(tx, row, .{ .async = true, .activate = first_id });
// WSE3-NEXT:   @fmovs(tx, row, .{ .async = true });
// WSE3-NEXT: }
// WSE3-EMPTY:
// WSE3-NEXT: task first() void {
// WSE3-NEXT:   @unblock(east_in);
// WSE3-NEXT:   @unblock(first_id);
// WSE3-NEXT:   @activate(first_id);
// WSE3-NEXT:   sys_mod.unblock_cmd_stream();
// WSE3-NEXT: }
// WSE3-EMPTY:
// WSE3-NEXT: comptime {
// WSE3-NEXT:   @initialize_queue(east_in, .{ .color = east });
// WSE3-NEXT:   @initialize_queue(east_out, .{ .color = east });
// WSE3-NEXT:   @bind_data_task(receive, receive_id);
// WSE3-NEXT:   @block(east_in);
// WSE3-NEXT:   @bind_local_task(first, first_id);
// WSE3-NEXT:   @block(first_id);
// WSE3-NEXT:   @activate(first_id);
// WSE3-NEXT: }

module {
  csl.layout "k" arch "wse2" size 1 x 1 {
    csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  }
  csl.program @pe {
    csl.param @memcpy_params
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    csl.color @east = 3
    csl.queue @east_in input 2 color @east
    csl.queue @east_out output 4 color @east
    csl.variable @a : memref<8xf32>
    csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
    csl.fabric_dsd_const @tx on @east_out f32 extent 8
    csl.task @receive data queue @east_in blocked {
    ^bb0(%x: f32):
      %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
      %tx = csl.dsd @tx : !csl.fabout_dsd<f32>
      csl.vector "fmovs"(%row, %x) : !csl.mem_dsd<f32, 1>, f32
      csl.block @receive
      csl.block @first
      csl.vector "fmovs"(%tx, %row) async unblock @receive : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
      csl.vector "fmovs"(%tx, %row) async activate @first : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
      csl.vector "fmovs"(%tx, %row) async : !csl.fabout_dsd<f32>, !csl.mem_dsd<f32, 1>
    }
    csl.task @first local id 8 blocked active {
      csl.unblock @receive
      csl.unblock @first
      csl.activate @first
      csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
    }
  }
}
