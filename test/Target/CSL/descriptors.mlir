// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s --match-full-lines

// Tensor accesses in the dimensions of the array where that is possible.
// CHECK: const plain = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{8} -> v[i] });
// CHECK: const strided = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{4} -> v[2 * i + 3] });
// CHECK: const backward = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{8} -> v[-i + 7] });
// CHECK: const repeated = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{8} -> v[5] });
// CHECK: const far = @get_dsd(mem4d_dsd, .{ .tensor_access = |i|{3} -> v[128 * i] });
// CHECK: const row = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{5} -> a[1, i] });
// CHECK: const column = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{4} -> a[i, 2] });
// CHECK: const inner = @get_dsd(mem4d_dsd, .{ .tensor_access = |i, j|{2, 3} -> a[i + 1, j + 1] });
// CHECK: const all = @get_dsd(mem1d_dsd, .{ .tensor_access = |i|{20} -> a[0, i] });
// CHECK: const mixed = @get_dsd(mem4d_dsd, .{ .tensor_access = |i, j, k|{2, 3, 4} -> v[20 * j + 3 * k + 1] });
// CHECK: const rx = @get_dsd(fabin_dsd, .{ .extent = 8, .fabric_color = east, .input_queue = east_in });
// CHECK: const tx = @get_dsd(fabout_dsd, .{ .extent = 32767, .fabric_color = east, .output_queue = east_out });

module {
  csl.layout "k" arch "wse2" size 1 x 1 {
    csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  }
  csl.program @pe {
    csl.color @east = 3
    csl.queue @east_in input 2 color @east
    csl.queue @east_out output 2 color @east
    csl.variable @v : memref<400xf32>
    csl.variable @a : memref<4x5xf32>
    csl.variable @s : memref<f32>
    csl.mem_dsd_const @plain = @v[0] sizes [8] strides [1]
    csl.mem_dsd_const @strided = @v[3] sizes [4] strides [2]
    csl.mem_dsd_const @backward = @v[7] sizes [8] strides [-1]
    csl.mem_dsd_const @repeated = @v[5] sizes [8] strides [0]
    // A stride beyond 8 bits needs a mem4d_dsd.
    csl.mem_dsd_const @far = @v[0] sizes [3] strides [128]
    // Own dimensions of the array where they fit.
    csl.mem_dsd_const @row = @a[5] sizes [5] strides [1]
    csl.mem_dsd_const @column = @a[2] sizes [4] strides [5]
    csl.mem_dsd_const @inner = @a[6] sizes [2, 3] strides [5, 1]
    csl.mem_dsd_const @all = @a[0] sizes [20] strides [1]
    csl.mem_dsd_const @mixed = @v[1] sizes [2, 3, 4] strides [-0, 20, 3]
    csl.fabric_dsd_const @rx on @east_in f32 extent 8
    csl.fabric_dsd_const @tx on @east_out f32 extent 32767
    csl.func @use {
    ^bb0(%n: i16, %x: f32):
      %plain = csl.dsd @plain : !csl.mem_dsd<f32, 1>
      %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
      %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
      %s = csl.address_of @s : memref<f32>
      %c3 = arith.constant 3 : i16
      %moved = csl.increment_dsd_offset %plain, %n : !csl.mem_dsd<f32, 1>
      %short = csl.set_dsd_length %moved, %n : !csl.mem_dsd<f32, 1>
      %head = csl.set_dsd_length %rx, %c3 : !csl.fabin_dsd<f32>
      csl.vector "fmacs"(%short, %short, %row, %x) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, f32
      csl.vector "fadds"(%s, %s, %head) : memref<f32>, memref<f32>, !csl.fabin_dsd<f32>
      // A value read once is not the variable read for each element.
      %once = memref.load %s[] : memref<f32>
      csl.vector "fadds"(%s, %once, %row) : memref<f32>, f32, !csl.mem_dsd<f32, 1>
      csl.return
    }
  }
}
