// RUN: spada-opt %s --split-input-file --verify-diagnostics

// @box_c1
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{box from (1, 0) to (1, 1) is empty or negative; bounds are half open}}
  csl.color_config 1 on <1 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
}

// -----

// @box_c1_step
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{box has steps 0 and 1; steps are at least 1}}
  csl.color_config 1 on <0 : 1 : 0, 0 : 1 : 1> rx [0] tx [3]
}

// -----

// @layout_c1
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{'csl.program' op is no layout op}}
  csl.program @p {
  }
}

// -----

// @layout_c2
// expected-error@below {{has size 0 x 1; both must be positive}}
csl.layout "k" arch "wse2" size 0 x 1 {
}

// -----

// @layout_c3
// expected-note@below {{rectangle set here}}
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{reaches to (3, 1) outside of the rectangle of 2 x 1}}
  csl.color_config 1 on <0 : 3 : 1, 0 : 1 : 1> rx [0] tx [3]
}

// -----

// @tile_code_c1
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{names 'pe', which is no csl.program of the module}}
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}

// -----

// @tile_code_c2_unbound
csl.program @pe {
  // expected-note@below {{param declared here}}
  csl.param @n : i16
}
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{leaves param 'n' of 'pe' unbound}}
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}

// -----

// @tile_code_c2_type
csl.program @pe {
  // expected-note@below {{param declared here}}
  csl.param @n : i16
}
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{binds param 'n' of 'i16' to 1.000000e+00 : f32; give a number of that type, "x" or "y"}}
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {n = 1.0 : f32}
}

// -----

// @tile_code_c2_unknown
csl.program @pe {
  csl.param @n : i16
}
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{binds 'm', which is no typed csl.param of 'pe'}}
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {n = "y", m = 1 : i16}
}

// -----

// @color_config_c1_port
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{has rx port 5; ports are 0 (ramp) to 4 (west)}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [5] tx [0]
}

// -----

// @color_config_c1_twice
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{lists tx port 3 twice}}
  csl.color_config 1 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3, 3]
}

// -----

// @color_number
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{attribute 'color' failed to satisfy constraint}}
  csl.color_config 24 on <0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
}

// -----

// @export_name_c1
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{exports 'a-b', which is no identifier}}
  csl.export_name "a-b" memref<1xf32>
}

// -----

// @export_name_c2_element
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{exports elements of 'f64', which is no run-time scalar}}
  csl.export_name "a" memref<1xf64>
}

// -----

// @export_name_c2_type
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{exports type 'f32'; only memrefs and functions are visible to the host}}
  csl.export_name "a" f32
}

// -----

// @export_name_c2_results
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{exports a function with 0 inputs and 2 results; at most 15 and 1 are possible}}
  csl.export_name "f" () -> (i16, i16)
}

// -----

// @export_name_c2_input
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{exports a function over 'i64', which is no run-time scalar}}
  csl.export_name "f" (i64) -> ()
}

// -----

// @host_argument_c1
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{has the name '1a', which is no identifier}}
  csl.host_argument "1a" in f32 dims [1] elements 1 offset(0, 0)
}

// -----

// @host_argument_c2_dims
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{has 3 dims; the grid has 2}}
  csl.host_argument "a" in f32 dims [1, 1, 1] elements 1 offset(0, 0)
}

// -----

// @host_argument_c2_dim
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{has dim 0; dims are positive}}
  csl.host_argument "a" in f32 dims [0] elements 1 offset(0, 0)
}

// -----

// @host_argument_c2_elements
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{has -1 elements; give 0 for a stream without bound}}
  csl.host_argument "a" in f32 dims [1] elements -1 offset(0, 0)
}

// -----

// @host_argument_c2_scalar
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{is a scalar, which goes 'in' and has neither dims nor a color}}
  csl.host_argument "a" out f32 dims [] elements 1 offset(0, 0) scalar
}

// -----

// @host_argument_c3_color
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{has 0 elements and no color; exactly streaming arguments, of 0 elements, have one}}
  csl.host_argument "a" in f32 dims [1] elements 0 offset(0, 0)
}

// -----

// @host_argument_c3_inout
csl.layout "k" arch "wse2" size 2 x 1 {
  // expected-error@below {{streams 'inout'; declare one argument for each direction}}
  csl.host_argument "a" inout f32 dims [1] elements 0 offset(0, 0) color 1
}
