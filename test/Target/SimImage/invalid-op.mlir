// RUN: spada-translate --dump-sim-image --split-input-file --verify-diagnostics %s

// Ops and values that an image cannot say, and memory that a PE does not have.

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%x: f32):
    // expected-error@below {{'arith.remf' cannot be packed into an image; lower it first}}
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
    // expected-error@below {{'arith.floordivsi' cannot be packed into an image; lower it first}}
    %y = arith.floordivsi %x, %x : i16
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
    // expected-error@below {{'memref.alloc' has type 'memref<4xf32>', which the image has not}}
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
    // expected-error@below {{'arith.extsi' has type 'i128', which the image has not}}
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
    // expected-error@below {{'arith.addi' on i1 cannot be packed; use and, or, xor}}
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
  csl.variable @a : memref<4xf32>
  csl.func @f {
    %m = csl.address_of @a : memref<4xf32>
    %c = arith.constant 4 : index
    // expected-error@below {{'memref.load' accesses element 4 of 'a', which has 4}}
    %x = memref.load %m[%c] : memref<4xf32>
  }
}

// -----

csl.layout "a" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.import @time "<time>"
  csl.func @f {
    // expected-error@below {{'csl.member_call' of 'get_timestamp' in '<time>' cannot be simulated; only unblock_cmd_stream() of <memcpy/memcpy> can}}
    csl.member_call @time "get_timestamp"() : () -> ()
  }
}

// -----

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-note@below {{on the way through 'f'}}
  csl.func @f {
    csl.call @g() : () -> ()
  }
  csl.func @g {
    // expected-error@below {{'csl.call' makes function 'f' call itself; recursion is not possible}}
    csl.call @f() : () -> ()
  }
}

// -----

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.func' takes a '!csl.fabout_dsd<f32>', but program 'pe' has no descriptor of that kind}}
  csl.func @f {
  ^bb0(%d: !csl.fabout_dsd<f32>):
  }
}

// -----

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.color @c = 3
  csl.queue @q input 2 color @c
  // expected-note@below {{first taken here}}
  csl.task @a data queue @q {
  ^bb0(%x: i16):
  }
  // expected-error@below {{'csl.task' takes task id 3 a second time; wse2 has one table for local, data (by color) and control tasks}}
  csl.task @b control id 3 {
  }
}

// -----

csl.layout "k" arch "wse3" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  // expected-error@below {{'csl.task' uses local task id 7, which programs of wse3 cannot; usable are 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 and 11 more}}
  csl.task @a local id 7 {
  }
}

// -----

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.func @f {
  ^bb0(%m: f32):
    // expected-error@below {{'math.log1p' cannot be packed into an image; lower it first}}
    %x = math.log1p %m : f32
  }
}

// -----

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
// expected-error@below {{program 'pe' needs 52036 bytes for its variables; wse2 has 49152}}
// expected-note@below {{and 1 more}}
csl.program @pe {
  // expected-note@below {{'small' takes 16 bytes}}
  csl.variable @small : memref<4xf32>
  // expected-note@below {{'half' takes 4000 bytes}}
  csl.variable @half : memref<2000xf16>
  csl.variable @flag : memref<i1>
  // expected-note@below {{'big' takes 48000 bytes}}
  csl.variable @big : memref<120x100xf32>
  // expected-note@below {{'other' takes 16 bytes}}
  csl.variable @other : memref<4xf32>
}

// -----

csl.layout "k" arch "wse2" size 1 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {}
}
csl.program @pe {
  csl.variable @a : memref<4xi16>
  csl.fifo @f on @a
  csl.func @f1 {
  ^bb0(%d: !csl.mem_dsd<f32, 1>):
    %f = csl.fifo_ref @f
    // expected-error@below {{'fmovs' has elements of 32 bits, FIFO 'f' of 16}}
    csl.vector "fmovs"(%f, %d) : !csl.fifo, !csl.mem_dsd<f32, 1>
  }
}
