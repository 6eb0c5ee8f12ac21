// Values behind pointers, changed descriptors, descriptors as arguments, branches with results of all kinds.
csl.layout "pointers" arch "wse2" size 2 x 1 {
  csl.tile_code @pe on <0 : 1 : 1, 0 : 1 : 1> {n = 5 : i16}
  csl.tile_code @pe on <1 : 2 : 1, 0 : 1 : 1> {n = 2 : i16}
  csl.export_name "a" memref<8xf32> mutable
  csl.export_name "out" memref<16xf32> mutable
  csl.export_name "pointers" () -> ()
  csl.host_argument "a" in f32 dims [2] elements 8 offset(0, 0)
  csl.host_argument "out" out f32 dims [2] elements 16 offset(0, 0)
}
csl.program @pe {
  csl.param @n : i16
  csl.variable @a : memref<8xf32>
  csl.variable @out : memref<4x4xf32>
  csl.variable @table : memref<2x!csl.ptr>
  csl.variable @started : memref<i16>
  csl.variable @scalar : memref<f32>
  csl.pointer @a_ptr to @a
  csl.pointer @out_ptr to @out
  csl.pointer @second to @a offset 4
  csl.mem_dsd_const @row = @a[0] sizes [4] strides [1]
  csl.mem_dsd_const @none = @scalar[0] sizes [0] strides [1] unchecked
  csl.dsd_variable @cursor : !csl.mem_dsd<f32, 1> = @row
  csl.dsd_variable @any : !csl.mem_dsd<none, 1> = @none
  csl.func @start startup {
    %s = csl.address_of @started : memref<i16>
    %c = arith.constant 7 : i16
    memref.store %c, %s[] : memref<i16>
    csl.return
  }
  // Where element %i of the array behind %p is, for 4-byte elements.
  csl.func @at -> !csl.ptr {
  ^bb0(%p: !csl.ptr, %i: i16):
    %four = arith.constant 4 : i16
    %bytes = arith.muli %i, %four : i16
    %q = csl.ptr_add %p, %bytes
    csl.return %q : !csl.ptr
  }
  // Adds %x to %n elements behind %d and says how many there were.
  csl.func @add -> i16 {
  ^bb0(%x: f32, %d: !csl.mem_dsd<f32, 1>, %n: i16):
    %head = csl.set_dsd_length %d, %n : !csl.mem_dsd<f32, 1>
    csl.vector "fadds"(%head, %head, %x) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, f32
    %len = csl.dsd_length %head : !csl.mem_dsd<f32, 1>
    csl.return %len : i16
  }
  csl.func @pointers {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %i1 = arith.constant 1 : i16
    %i3 = arith.constant 3 : i16
    %minusI = arith.constant -1 : i16
    %n = csl.param_value @n : i16
    %a = csl.address_of @a : memref<8xf32>
    %out = csl.address_of @out : memref<4x4xf32>
    %table = csl.address_of @table : memref<2x!csl.ptr>
    %second = csl.address_of @second : memref<!csl.ptr>

    // out[0][0] = a[1], through the pointer @second, which then goes to a[n].
    %p = memref.load %second[] : memref<!csl.ptr>
    %m = csl.from_ptr %p : memref<f32>
    %v = memref.load %m[] : memref<f32>
    memref.store %v, %out[%c0, %c0] : memref<4x4xf32>
    %pn = csl.element_ptr %a[%n] : memref<8xf32>, i16
    memref.store %pn, %second[] : memref<!csl.ptr>
    // out[0][1] = a[n], out[0][2] = a[n - 1], both behind the changed pointer.
    %p2 = memref.load %second[] : memref<!csl.ptr>
    %m2 = csl.from_ptr %p2 : memref<?xf32>
    %v1 = memref.load %m2[%c0] : memref<?xf32>
    memref.store %v1, %out[%c0, %c1] : memref<4x4xf32>
    %minus = arith.constant -1 : index
    %v2 = memref.load %m2[%minus] : memref<?xf32>
    memref.store %v2, %out[%c0, %c2] : memref<4x4xf32>
    // out[0][3] = a[3] or a[4]: a pointer out of a branch, by way of a table and a function.
    %big = arith.cmpi sgt, %n, %i3 : i16
    %base = csl.to_ptr %a : memref<8xf32>
    %chosen = scf.if %big -> !csl.ptr {
      %q = csl.call @at(%base, %i3) : (!csl.ptr, i16) -> !csl.ptr
      scf.yield %q : !csl.ptr
    } else {
      %q = csl.element_ptr %a[%i3] : memref<8xf32>, i16
      %four = arith.constant 4 : i16
      %q2 = csl.ptr_add %q, %four
      scf.yield %q2 : !csl.ptr
    }
    memref.store %chosen, %table[%c1] : memref<2x!csl.ptr>
    %i1w = arith.extui %i1 : i16 to i32
    %ix = arith.index_castui %i1w : i32 to index
    %back = memref.load %table[%ix] : memref<2x!csl.ptr>
    %m3 = csl.from_ptr %back : memref<?xf32>
    %v3 = memref.load %m3[%c0] : memref<?xf32>
    memref.store %v3, %out[%c0, %c3] : memref<4x4xf32>

    // Row 1: the descriptor walks over a. Twice a step of two, then set to the row, one element further.
    %d0 = csl.load_dsd @cursor : !csl.mem_dsd<f32, 1>
    %two = arith.constant 2 : i16
    %d1 = csl.increment_dsd_offset %d0, %two : !csl.mem_dsd<f32, 1>
    csl.store_dsd %d1, @cursor : !csl.mem_dsd<f32, 1>
    %d2 = csl.load_dsd @cursor : !csl.mem_dsd<f32, 1>
    %e = csl.dsd_element_ptr %d2[%i1] of f32 : !csl.mem_dsd<f32, 1>
    %me = csl.from_ptr %e : memref<f32>
    %v4 = memref.load %me[] : memref<f32>
    memref.store %v4, %out[%c1, %c0] : memref<4x4xf32>
    %five = arith.constant 5 : i16
    %dst = csl.element_ptr %out[%five] : memref<4x4xf32>, i16
    %any = csl.load_dsd @any : !csl.mem_dsd<none, 1>
    %t1 = csl.set_dsd_base_addr %any, %dst : !csl.mem_dsd<none, 1>
    %t2 = csl.set_dsd_length %t1, %i3 : !csl.mem_dsd<none, 1>
    %s1 = csl.set_dsd_stride %d2, %two : !csl.mem_dsd<f32, 1>
    // out[1][1..3] = a[2], a[4], a[6].
    %s2 = csl.set_dsd_length %s1, %i3 : !csl.mem_dsd<f32, 1>
    csl.vector "mov32"(%t2, %s2) : !csl.mem_dsd<none, 1>, !csl.mem_dsd<f32, 1>

    // Row 2: a descriptor out of a switch goes to a function. n is 5 or 2.
    %six = arith.constant 8 : i16
    %o2 = csl.element_ptr %out[%six] : memref<4x4xf32>, i16
    %case = arith.index_cast %n : i16 to index
    %t2f = csl.cast_dsd %t2 : !csl.mem_dsd<none, 1> to !csl.mem_dsd<f32, 1>
    %sel, %x = scf.index_switch %case -> !csl.mem_dsd<f32, 1>, f32
    case 5 {
      %r = csl.set_dsd_base_addr %t2f, %o2 : !csl.mem_dsd<f32, 1>
      %h = arith.constant 0.5 : f32
      scf.yield %r, %h : !csl.mem_dsd<f32, 1>, f32
    }
    default {
      %h = arith.constant 2.0 : f32
      scf.yield %t2f, %h : !csl.mem_dsd<f32, 1>, f32
    }
    %len = csl.call @add(%x, %sel, %two) : (f32, !csl.mem_dsd<f32, 1>, i16) -> i16
    %lenf = arith.sitofp %len : i16 to f32
    memref.store %lenf, %out[%c2, %c2] : memref<4x4xf32>
    %started = csl.address_of @started : memref<i16>
    %st = memref.load %started[] : memref<i16>
    %stf = arith.uitofp %st : i16 to f32
    memref.store %stf, %out[%c2, %c3] : memref<4x4xf32>

    // Row 3: a loop over pointers: the first element that is not smaller than 3; then math.
    %limit = arith.constant 3.0 : f32
    %found = scf.while (%at = %base) : (!csl.ptr) -> !csl.ptr {
      %ma = csl.from_ptr %at : memref<f32>
      %va = memref.load %ma[] : memref<f32>
      %less = arith.cmpf olt, %va, %limit : f32
      scf.condition(%less) %at : !csl.ptr
    } do {
    ^bb0(%at: !csl.ptr):
      %next = csl.call @at(%at, %i1) : (!csl.ptr, i16) -> !csl.ptr
      scf.yield %next : !csl.ptr
    }
    %mf = csl.from_ptr %found : memref<f32>
    %vf = memref.load %mf[] : memref<f32>
    memref.store %vf, %out[%c3, %c0] : memref<4x4xf32>
    %root = math.sqrt %vf : f32
    memref.store %root, %out[%c3, %c1] : memref<4x4xf32>
    %neg = arith.constant -0.0 : f32
    %signed = math.copysign %vf, %neg : f32
    %least = arith.minimumf %signed, %root : f32
    memref.store %least, %out[%c3, %c2] : memref<4x4xf32>
    %least2 = arith.maxui %n, %minusI : i16
    %ones = arith.uitofp %least2 : i16 to f32
    %scaled = csl.scale_by %ones, %n : f32
    memref.store %scaled, %out[%c3, %c3] : memref<4x4xf32>
    csl.host_unblock
    csl.return
  }
  csl.export_symbol @a_ptr as "a"
  csl.export_symbol @out_ptr as "out"
  csl.export_symbol @pointers as "pointers"
}
