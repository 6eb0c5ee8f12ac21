// RUN: spada-translate --emit-csl --split-input-file --verify-diagnostics %s

// What neither the printer nor the packer takes: limits of the machine and rules of the whole module.

// expected-error@below {{module has no csl.layout; lower a kernel to csl first}}
module {
}

// -----

// expected-note@below {{first one here}}
csl.layout "a" arch "wse2" size 1 x 1 {
}
// expected-error@below {{module has a second csl.layout; one module is one program}}
csl.layout "b" arch "wse2" size 1 x 1 {
}

// -----

// expected-error@below {{arch 'wse9' is unknown; choose wse2 or wse3}}
csl.layout "a" arch "wse9" size 1 x 1 {
}

// -----

// expected-error@below {{program of 751 x 1 PEs does not fit wse2, which has room for 750 x 994}}
csl.layout "a" arch "wse2" size 751 x 1 {
}

// -----

// expected-error@below {{layout leaves 2 of 6 PEs without code; give every PE a csl.tile_code, an empty program if need be}}
csl.layout "a" arch "wse2" size 6 x 1 {
  csl.tile_code @pe on <0 : 6 : 2, 0 : 1 : 1> {}
  csl.tile_code @pe on <1 : 2 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 6 x 1 {
  // expected-note@below {{first set here, on #csl.box<0 : 6 : 2, 0 : 1 : 1>}}
  csl.tile_code @pe on <0 : 6 : 2, 0 : 1 : 1> {}
  // expected-error@below {{code is set a second time on a PE of box #csl.box<1 : 6 : 3, 0 : 1 : 1>}}
  csl.tile_code @pe on <1 : 6 : 3, 0 : 1 : 1> {}
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 2 x 1 {
  csl.tile_code @pe on <0 : 2 : 1, 0 : 1 : 1> {}
  // expected-note@below {{first set here}}
  csl.color_config 3 on <0 : 2 : 1, 0 : 1 : 1> rx [0] tx [3]
  // expected-error@below {{route of color 3 is set a second time on a PE of box}}
  csl.color_config 3 on <1 : 2 : 1, 0 : 1 : 1> rx [4] tx [0]
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-error@below {{'csl.color_config' uses color 22, which programs of wse2 cannot; usable are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 9 more}}
  csl.color_config 22 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 1
  // expected-error@below {{'csl.queue' uses output queue 6, which programs of wse2 cannot}}
  csl.queue @q output 6 color @c
}

// -----

csl.layout "a" arch "wse3" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 1
  // expected-note@below {{first one here}}
  csl.queue @q input 2 color @c
  // expected-error@below {{'csl.queue' is the second input queue of color 1; wavelets of a color go to one queue}}
  csl.queue @r input 3 color @c
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.task' uses local task id 29, which programs of wse2 cannot}}
  csl.task @t local id 29 {
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-note@below {{color declared here}}
  csl.color @c = 9
  // expected-error@below {{'csl.task' uses local task id 9, which is also a color of the program; wse2 has one table for both}}
  csl.task @t local id 9 {
  }
}

// -----

csl.layout "a" arch "wse3" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 1
  csl.color @d = 2
  csl.queue @q input 2 color @c
  csl.queue @r input 3 color @d
  csl.variable @a : memref<8xf32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @x on @q f32 extent 8
  csl.fabric_dsd_const @y on @r f32 extent 8
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %x = csl.dsd @x : !csl.fabin_dsd<f32>
    %y = csl.dsd @y : !csl.fabin_dsd<f32>
    // expected-error@below {{'csl.vector' reads 2 fabric inputs; wse3 can read 1 in one operation}}
    csl.vector "fadds"(%row, %x, %y) : !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>, !csl.fabin_dsd<f32>
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 1
  csl.queue @q input 2 color @c
  csl.variable @a : memref<8xf32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.fabric_dsd_const @x on @q f32 extent 8
  csl.func @f {
    %row = csl.dsd @row : !csl.mem_dsd<f32, 1>
    %x = csl.dsd @x : !csl.fabin_dsd<f32>
    // expected-error@below {{'csl.vector' names microthread 3; on wse2 the queue implies it, leave 'ut' out}}
    csl.vector "fmovs"(%row, %x) async ut 3 : !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  csl.export_name "u" memref<8xf32> mutable
  // expected-error@below {{'u' is exported a second time}}
  csl.export_name "u" memref<8xf32> mutable
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  }
  // expected-error@below {{'f' is exported by program 'pe' but not by the layout; add a csl.export_name}}
  csl.export_symbol @f as "f"
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-note@below {{layout's export here}}
  csl.export_name "f" (i16) -> ()
}
csl.program @pe {
  csl.func @f {
  }
  // expected-error@below {{'f' of program 'pe' has another type than the layout's '(i16) -> ()'}}
  csl.export_symbol @f as "f"
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-error@below {{host argument 'u' has no array of its name; add a csl.export_name}}
  csl.host_argument "u" in f32 dims [1] elements 8 offset(0, 0)
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 streaming {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  csl.host_argument "a" in f32 dims [1] elements 0 offset(0, 0) color 0
  csl.host_argument "b" in f32 dims [1] elements 0 offset(0, 0) color 1
  csl.host_argument "c" in f32 dims [1] elements 0 offset(0, 0) color 2
  csl.host_argument "d" in f32 dims [1] elements 0 offset(0, 0) color 3
  // expected-error@below {{stream 'e' is the fifth input stream; the host link has four}}
  csl.host_argument "e" in f32 dims [1] elements 0 offset(0, 0) color 4
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse3" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 1
  csl.color @d = 2
  // expected-note@below {{first taken here}}
  csl.queue @q output 2 color @c
  // expected-error@below {{'csl.queue' takes output queue 2 a second time; on wse3 it serves one color}}
  csl.queue @r output 2 color @d
}
