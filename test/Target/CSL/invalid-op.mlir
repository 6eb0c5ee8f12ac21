// RUN: spada-translate --emit-csl --split-input-file --verify-diagnostics %s

// Ops and values that CSL cannot say.

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%x: f32):
    // expected-error@below {{'arith.remf' has no CSL form; lower it first}}
    %y = arith.remf %x, %x : f32
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%x: i16):
    // expected-error@below {{'arith.floordivsi' has no CSL form; lower it first}}
    %y = arith.floordivsi %x, %x : i16
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
    // expected-error@below {{'memref.alloc' has type 'memref<4xf32>', which CSL has not at run time}}
    %m = memref.alloc() : memref<4xf32>
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%x: i32):
    // expected-error@below {{'arith.extsi' has type 'i128', which CSL has not at run time}}
    %y = arith.extsi %x : i32 to i128
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%a: i1, %b: i1):
    // expected-error@below {{'arith.addi' on i1 has no CSL form; use and, or, xor}}
    %c = arith.addi %a, %b : i1
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%a: i1, %b: i1):
    // expected-error@below {{'arith.cmpi' orders i1}}
    %c = arith.cmpi ult, %a, %b : i1
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%a: f32):
    // expected-error@below {{'arith.cmpf' with predicate 'uno' }}
    %c = arith.cmpf uno, %a, %a : f32
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%a: f32):
    // expected-error@below {{'arith.fptosi' to i1 }}
    %c = arith.fptosi %a : f32 to i1
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
    // expected-error@below {{index 32768 does not fit }}
    %c = arith.constant 32768 : index
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
    %c0 = arith.constant 0 : index
    %c2 = arith.constant 2 : index
    %c = arith.constant 32767 : index
    // expected-error@below {{'scf.for' runs to 32767 in steps of 2, beyond }}
    scf.for %i = %c0 to %c step %c2 {
    }
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<8xf32>
  csl.mem_dsd_const @row = @a[0] sizes [8] strides [1]
  csl.func @f {
  ^bb0(%b: i1):
    %d = csl.dsd @row : !csl.mem_dsd<f32, 1>
    // expected-error@below {{'scf.if' yields '!csl.mem_dsd<f32, 1>'}}
    %e = scf.if %b -> !csl.mem_dsd<f32, 1> {
      scf.yield %d : !csl.mem_dsd<f32, 1>
    } else {
      scf.yield %d : !csl.mem_dsd<f32, 1>
    }
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<400xf32>
  csl.mem_dsd_const @far = @a[0] sizes [3] strides [128]
  csl.func @f {
  ^bb0(%n: i16):
    %d = csl.dsd @far : !csl.mem_dsd<f32, 1>
    // expected-error@below {{'csl.set_dsd_length' of 'far', whose stride 128 makes it a mem4d_dsd; only strides from -128 to 127 have a length to set}}
    %e = csl.set_dsd_length %d, %n : !csl.mem_dsd<f32, 1>
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<40000xi8>
  // expected-error@below {{'csl.mem_dsd_const' 'd' steps by 39000 elements in dimension 0; steps are 16 bits wide}}
  csl.mem_dsd_const @d = @a[0] sizes [2] strides [39000]
}
