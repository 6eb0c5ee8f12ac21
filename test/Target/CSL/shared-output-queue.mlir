// RUN: spada-translate --emit-csl --no-csl-locations %s | FileCheck %s

// On WSE-2 an output queue serves several colors; nothing binds it.

// CHECK:      const q: output_queue = @get_output_queue(2);
// CHECK-NEXT: const r: output_queue = @get_output_queue(2);
// CHECK:      .fabric_color = c, .output_queue = q
// CHECK-NEXT: .fabric_color = d, .output_queue = r
// CHECK-NOT:  @initialize_queue

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 1
  csl.color @d = 2
  csl.queue @q output 2 color @c
  csl.queue @r output 2 color @d
  csl.fabric_dsd_const @x on @q f32 extent 4
  csl.fabric_dsd_const @y on @r f32 extent 4
}
