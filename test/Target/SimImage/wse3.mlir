// RUN: spada-translate --dump-sim-image %s | FileCheck %s

// Control tables, rotating tasks, flushed queues and messages.

// CHECK: QueueEmpty empty id 11
// CHECK: control ids of input queue 3 plus 4
// CHECK: rotation task 0 with 1 limit 10 init 2
// CHECK: rebinds queues
csl.program @pe attributes {csl.rebinds_queues} {
  csl.color @c = 2
  csl.queue @in input 3 color @c
  csl.task @word data queue @in {
  ^bb0(%a: i32):
    csl.return
  }
  csl.task @turn control id 4 {
    csl.return
  }
  csl.task @empty queue_empty id 11 {
    csl.return
  }
  csl.control_table @in offset 4
  csl.rotation @word with @turn limit 10 init 2
}

csl.layout "k" arch "wse3" size 2 x 1 {
  csl.tile_code @pe on #csl.box<0 : 2 : 1, 0 : 1 : 1> {}
  // CHECK: route 14 rx 31 tx 31
  // CHECK-SAME: messages
  csl.color_config 14 on #csl.box<0 : 2 : 1, 0 : 1 : 1> rx [0, 1, 2, 3, 4] tx [0, 1, 2, 3, 4] messages
}
