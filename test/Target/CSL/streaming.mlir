// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines --check-prefix=CHECK

// Unbounded arguments: colors of the host link, and what the host is told.

// CHECK-LABEL: //--- layout.csl
// CHECK-NEXT: const from_host: color = @get_color(0);
// CHECK-NEXT: const color_1: color = @get_color(1);
// CHECK-NEXT: const color_2: color = @get_color(2);
// CHECK-EMPTY:
// CHECK-NEXT: const memcpy = @import_module("<memcpy/get_params>", .{ .width = 2, .height = 3, .MEMCPYH2D_1 = from_host, .MEMCPYD2H_1 = color_1 });
// CHECK-EMPTY:
// CHECK-NEXT: layout {
// CHECK-NEXT:   @set_rectangle(2, 3);
// CHECK-EMPTY:
// CHECK-NEXT:   for (@range(i16, 2)) |x| {
// CHECK-NEXT:     for (@range(i16, 3)) |y| {
// CHECK-NEXT:       @set_tile_code(x, y, "pe.csl", .{});
// CHECK-NEXT:     }
// CHECK-NEXT:   }
// CHECK-EMPTY:
// CHECK-NEXT:   for (@range(i16, 2)) |x| {
// CHECK-NEXT:     for (@range(i16, 1, 3, 1)) |y| {
// CHECK-NEXT:       @set_color_config(x, y, color_2, .{ .routes = .{ .rx = .{SOUTH}, .tx = .{NORTH} } });
// CHECK-NEXT:     }
// CHECK-NEXT:   }
// CHECK-NEXT: }

// CHECK-LABEL: //--- metadata.json
// CHECK-NEXT: {
// CHECK-NEXT:   "kernel_name": "copy",
// CHECK-NEXT:   "arch": "wse3",
// CHECK-NEXT:   "inputs": {
// CHECK-NEXT:     "a": {
// CHECK-NEXT:       "dtype": "f32",
// CHECK-NEXT:       "shape": [
// CHECK-NEXT:         2,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "buffer_size": 0,
// CHECK-NEXT:       "rect_offset_used": [
// CHECK-NEXT:         0,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_offset": [
// CHECK-NEXT:         0,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_end_used": [
// CHECK-NEXT:         2,
// CHECK-NEXT:         2
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_step_used": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "column_major": false,
// CHECK-NEXT:       "color": 0
// CHECK-NEXT:     },
// CHECK-NEXT:     "n": {
// CHECK-NEXT:       "dtype": "i32",
// CHECK-NEXT:       "shape": []
// CHECK-NEXT:     }
// CHECK-NEXT:   },
// CHECK-NEXT:   "outputs": {
// CHECK-NEXT:     "b": {
// CHECK-NEXT:       "dtype": "u16",
// CHECK-NEXT:       "shape": [
// CHECK-NEXT:         2,
// CHECK-NEXT:         3,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "buffer_size": 0,
// CHECK-NEXT:       "rect_offset_used": [
// CHECK-NEXT:         0,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_offset": [
// CHECK-NEXT:         0,
// CHECK-NEXT:         0
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_end_used": [
// CHECK-NEXT:         2,
// CHECK-NEXT:         3
// CHECK-NEXT:       ],
// CHECK-NEXT:       "rect_step_used": [
// CHECK-NEXT:         1,
// CHECK-NEXT:         1
// CHECK-NEXT:       ],
// CHECK-NEXT:       "column_major": false,
// CHECK-NEXT:       "color": 1
// CHECK-NEXT:     }
// CHECK-NEXT:   },
// CHECK-NEXT:   "argument_order": [
// CHECK-NEXT:     "a",
// CHECK-NEXT:     "b",
// CHECK-NEXT:     "n"
// CHECK-NEXT:   ],
// CHECK-NEXT:   "memcpy_mode": "streaming",
// CHECK-NEXT:   "kernel_dims": [
// CHECK-NEXT:     2,
// CHECK-NEXT:     3
// CHECK-NEXT:   ],
// CHECK-NEXT:   "fabric_dims": [
// CHECK-NEXT:     9,
// CHECK-NEXT:     5
// CHECK-NEXT:   ],
// CHECK-NEXT:   "fabric_offsets": [
// CHECK-NEXT:     4,
// CHECK-NEXT:     1
// CHECK-NEXT:   ]
// CHECK-NEXT: }

module {
  csl.layout "copy" arch "wse3" size 2 x 3 streaming {
    csl.tile_code @pe on <0 : 2 : 1, 0 : 3 : 1> {}
    csl.color_config 2 on <0 : 2 : 1, 1 : 3 : 1> rx [2] tx [1]
    csl.host_argument "a" in f32 dims [2] elements 0 offset(0, 1) on <0 : 2 : 1, 1 : 2 : 1> color 0
    csl.host_argument "b" out ui16 dims [2, 3] elements 0 offset(0, 0) on <0 : 2 : 1, 0 : 3 : 1> color 1
    csl.host_argument "n" in si32 dims [] elements 1 offset(0, 0) scalar
  }
  csl.program @pe {
    csl.color @from_host = 0
  }
}
