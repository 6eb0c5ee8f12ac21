// RUN: spada-translate --emit-csl --split-input-file --verify-diagnostics %s

// The printer has text for what compilers emit; it names the rest.

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-error@below {{'csl.color_config' with teardown cannot be printed as CSL text}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [1] teardown
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-error@below {{'csl.color_config' with a side without ports cannot be printed as CSL text}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx []
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-error@below {{'csl.host_color' cannot be printed as CSL text}}
  csl.host_color in 3
}
csl.program @pe {
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.variable' with pointers cannot be printed as CSL text}}
  csl.variable @p : memref<2x!csl.ptr>
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.pointer' with no target cannot be printed as CSL text}}
  csl.pointer @p : f32
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<2xf32>
  // expected-error@below {{'csl.mem_dsd_const' with 'unchecked' cannot be printed as CSL text}}
  csl.mem_dsd_const @d = @a[0] sizes [4] strides [1] unchecked
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.task' with kind 'control' cannot be printed as CSL text}}
  csl.task @t control id 40 {
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.func' with a parameter of '!csl.ptr' cannot be printed as CSL text}}
  csl.func @f {
  ^bb0(%p: !csl.ptr):
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
    // expected-error@below {{'csl.random' cannot be printed as CSL text}}
    %r = csl.random
  }
}

// -----

// A color that a compiler leaves to the host-copy library.
csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.color' uses color 21, which programs of wse2 cannot}}
  csl.color @c = 21
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
  // expected-error@below {{'csl.tile_data' cannot be printed as CSL text}}
  csl.tile_data @pe::@a at 0, 0 = dense<3> : tensor<2xi16>
}
csl.program @pe {
  csl.variable @a : memref<2xi16>
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<4xi16>
  // expected-error@below {{'csl.mem_dsd_const' with 'wrap' cannot be printed as CSL text}}
  csl.mem_dsd_const @d = @a[0] sizes [9] strides [1] wrap 4
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
    // expected-error@below {{'csl.dsr_length' cannot be printed as CSL text}}
    %n = csl.dsr_length src1 3
  }
}
