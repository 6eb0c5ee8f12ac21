//===- CSLMemory.td - pointers and descriptors ----------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Values that say where data is: pointers, DSDs, DSRs and FIFOs. Included by
// CSLOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef CSL_MEMORY_TD
#define CSL_MEMORY_TD

//===----------------------------------------------------------------------===//
// Pointers
//===----------------------------------------------------------------------===//

def CSL_ToPtrOp : CSL_Op<"to_ptr", [Pure]> {
  let summary = "&array, &variable";
  let description = [{
    The address of element 0.

    ```mlir
    %p = csl.to_ptr %a : memref<8xf32>
    ```
  }];
  let arguments = (ins AnyMemRef:$memref);
  let results = (outs CSL_Ptr:$result);
  let assemblyFormat = "$memref attr-dict `:` type($memref)";
}

def CSL_ElementPtrOp : CSL_Op<"element_ptr", [Pure]> {
  let summary = "&array[i]";
  let description = [{
    The address of the element number `index` in memory order.

    ```mlir
    %p = csl.element_ptr %a[%i] : memref<8xf32>, i16
    ```
  }];
  let arguments = (ins AnyMemRef:$memref, CSL_Index:$index);
  let results = (outs CSL_Ptr:$result);
  let assemblyFormat = "$memref `[` $index `]` attr-dict `:` type($memref) `,` type($index)";
}

def CSL_FromPtrOp : CSL_Op<"from_ptr", [Pure]> {
  let summary = "memory that a pointer names";
  let description = [{
    For `memref.load` and `memref.store`.
    * (C1) the result is a memref of rank 0 or of one dimension, whose size may be unknown, of a scalar type or
      `!csl.ptr`.

    ```mlir
    %a = csl.from_ptr %p : memref<?xf32>
    ```
  }];
  let arguments = (ins CSL_Ptr:$pointer);
  let results = (outs AnyMemRef:$result);
  let assemblyFormat = "$pointer attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def CSL_PtrAddOp : CSL_Op<"ptr_add", [Pure]> {
  let summary = "pointer some bytes further";
  let description = [{
    Wraps at 16 bits.

    ```mlir
    %q = csl.ptr_add %p, %n
    ```
  }];
  let arguments = (ins CSL_Ptr:$pointer, I16:$bytes);
  let results = (outs CSL_Ptr:$result);
  let assemblyFormat = "$pointer `,` $bytes attr-dict";
}

def CSL_PtrCastOp : CSL_Op<"ptr_cast", [Pure]> {
  let summary = "@bitcast between pointer and integer";
  let description = [{
    From `i16` to `!csl.ptr` or back: the same 16 bits.

    ```mlir
    %p = csl.ptr_cast %n : i16 to !csl.ptr
    ```
  }];
  let arguments = (ins AnyTypeOf<[I16, CSL_PtrType]>:$value);
  let results = (outs AnyTypeOf<[I16, CSL_PtrType]>:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` qualified(type($result))";
}

//===----------------------------------------------------------------------===//
// Descriptors
//===----------------------------------------------------------------------===//

def CSL_DsdOp : CSL_SymbolUser<"dsd", [Pure]> {
  let summary = "name a DSD constant";
  let description = [{
    * (C1) `dsd` names a `csl.mem_dsd_const` or `csl.fabric_dsd_const` of the result's kind, element type and rank.

    ```mlir
    %rx = csl.dsd @rx : !csl.fabin_dsd<f32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$dsd);
  let results = (outs CSL_AnyDsd:$result);
  let assemblyFormat = "$dsd attr-dict `:` qualified(type($result))";
}

def CSL_LoadDsdOp : CSL_SymbolUser<"load_dsd"> {
  let summary = "value of a DSD variable";
  let description = [{
    * (C1) `variable` names a `csl.dsd_variable` of the result's type.

    ```mlir
    %row = csl.load_dsd @row : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs CSL_AnyDsd:$result);
  let assemblyFormat = "$variable attr-dict `:` qualified(type($result))";
}

def CSL_StoreDsdOp : CSL_SymbolUser<"store_dsd"> {
  let summary = "change a DSD variable";
  let description = [{
    * (C1) `variable` names a `csl.dsd_variable` of the value's type.

    ```mlir
    csl.store_dsd %next, @row : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_AnyDsd:$value, FlatSymbolRefAttr:$variable);
  let assemblyFormat = "$value `,` $variable attr-dict `:` qualified(type($value))";
}

def CSL_IncrementDsdOffsetOp : CSL_Op<"increment_dsd_offset", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@increment_dsd_offset(dsd, offset, T)";
  let description = [{
    `offset` in elements of `element_type`, i16; absent: of the descriptor's element type.
    * (C1) an element type is known.

    ```mlir
    %next = csl.increment_dsd_offset %row, %n : !csl.mem_dsd<f32, 1>
    %half = csl.increment_dsd_offset %row, %n of i16 : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_MemDsdType:$dsd, I16:$offset, OptionalAttr<TypeAttr>:$element_type);
  let results = (outs CSL_MemDsdType:$result);
  let builders = [OpBuilder<(ins "::mlir::Value":$dsd, "::mlir::Value":$offset), [{
    build($_builder, $_state, dsd, offset, ::mlir::TypeAttr());
  }]>];
  let assemblyFormat = "$dsd `,` $offset (`of` $element_type^)? attr-dict `:` qualified(type($dsd))";
  let hasVerifier = 1;
}

def CSL_SetDsdLengthOp : CSL_Op<"set_dsd_length", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@set_dsd_length(dsd, length)";
  let description = [{
    * (C1) not for a memory descriptor of rank above 1.

    ```mlir
    %head = csl.set_dsd_length %row, %n : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_AnyDsd:$dsd, I16:$length);
  let results = (outs CSL_AnyDsd:$result);
  let assemblyFormat = "$dsd `,` $length attr-dict `:` qualified(type($dsd))";
  let hasVerifier = 1;
}

def CSL_SetDsdBaseAddrOp : CSL_Op<"set_dsd_base_addr", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@set_dsd_base_addr(dsd, pointer)";
  let description = [{
    Starts at the pointer, whatever the offset was; length and stride stay.

    ```mlir
    %there = csl.set_dsd_base_addr %row, %p : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_MemDsdType:$dsd, CSL_Ptr:$pointer);
  let results = (outs CSL_MemDsdType:$result);
  let assemblyFormat = "$dsd `,` $pointer attr-dict `:` qualified(type($dsd))";
}

def CSL_SetDsdStrideOp : CSL_Op<"set_dsd_stride", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@set_dsd_stride(dsd, stride)";
  let description = [{
    * (C1) only for rank 1.

    ```mlir
    %every = csl.set_dsd_stride %row, %n : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_MemDsdType:$dsd, I16:$stride);
  let results = (outs CSL_MemDsdType:$result);
  let assemblyFormat = "$dsd `,` $stride attr-dict `:` qualified(type($dsd))";
  let hasVerifier = 1;
}

def CSL_CastDsdOp : CSL_Op<"cast_dsd", [Pure]> {
  let summary = "other element type for a descriptor";
  let description = [{
    Not a conversion: the same descriptor, for operations on elements of another type.
    * (C1) kind and rank stay.

    ```mlir
    %bits = csl.cast_dsd %row : !csl.mem_dsd<f32, 1> to !csl.mem_dsd<i32, 1>
    ```
  }];
  let arguments = (ins CSL_AnyDsd:$dsd);
  let results = (outs CSL_AnyDsd:$result);
  let assemblyFormat = "$dsd attr-dict `:` qualified(type($dsd)) `to` qualified(type($result))";
  let hasVerifier = 1;
}

def CSL_DsdLengthOp : CSL_Op<"dsd_length", [Pure]> {
  let summary = "number of elements of a descriptor";
  let description = [{
    ```mlir
    %n = csl.dsd_length %row : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_AnyDsd:$dsd);
  let results = (outs I16:$result);
  let assemblyFormat = "$dsd attr-dict `:` qualified(type($dsd))";
}

def CSL_DsdElementPtrOp : CSL_Op<"dsd_element_ptr", [Pure]> {
  let summary = "address of an element of a memory descriptor";
  let description = [{
    Element number `index` in the descriptor's order; its strides count elements of `element_type`.

    ```mlir
    %p = csl.dsd_element_ptr %row[%i] of f32 : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_MemDsdType:$dsd, I16:$index, TypeAttr:$element_type);
  let results = (outs CSL_Ptr:$result);
  let assemblyFormat = "$dsd `[` $index `]` `of` $element_type attr-dict `:` qualified(type($dsd))";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Registers and FIFOs
//===----------------------------------------------------------------------===//

def CSL_DsrOp : CSL_Op<"dsr", [Pure]> {
  let summary = "@get_dsr(kind, id)";
  let description = [{
    ```mlir
    %d = csl.dsr dest 3
    ```
  }];
  let arguments = (ins CSL_DsrFile:$file, CSL_DsrNumber:$number);
  let results = (outs CSL_Dsr:$result);
  let assemblyFormat = "$file $number attr-dict";
}

def CSL_FifoRefOp : CSL_SymbolUser<"fifo_ref", [Pure]> {
  let summary = "name a FIFO";
  let description = [{
    * (C1) `fifo` names a `csl.fifo`.

    ```mlir
    %f = csl.fifo_ref @f
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$fifo);
  let results = (outs CSL_Fifo:$result);
  let assemblyFormat = "$fifo attr-dict";
}

def CSL_LoadToDsrOp : CSL_SymbolUser<"load_to_dsr"> {
  let summary = "@load_to_dsr(dsr, dsd, config)";
  let description = [{
    The operation that uses the register takes asynchrony, completion and microthread from its fabric load.
    `save_address`: after an operation the base is behind what it used. `single_step`: an operation takes one element, and
    the next one goes on behind it.
    * (C1) `async` needs a fabric descriptor; `activate`, `unblock` and `ut` need `async`; at most one of `activate` and
      `unblock`.
    * (C2) fabric input does not go to `dest`, fabric output to nothing else.
    * (C3) `activate` names a local task, `unblock` a task; so for `task` of `on_control`, which is given exactly for
      activate and unblock.

    ```mlir
    csl.load_to_dsr dest 1, %out async activate @done : !csl.fabout_dsd<f32>
    ```
  }];
  let arguments = (ins CSL_DsrFile:$file, CSL_DsrNumber:$number, CSL_AnyDsd:$dsd, UnitAttr:$async,
                       OptionalAttr<FlatSymbolRefAttr>:$activate, OptionalAttr<FlatSymbolRefAttr>:$unblock,
                       OptionalAttr<CSL_MicrothreadNumber>:$ut, OptionalAttr<CSL_OnControl>:$on_control,
                       OptionalAttr<FlatSymbolRefAttr>:$on_control_task, UnitAttr:$save_address, UnitAttr:$single_step,
                       OptionalAttr<CSL_Priority>:$priority);
  let assemblyFormat = [{
    $file $number `,` $dsd (`async` $async^)? (`activate` $activate^)? (`unblock` $unblock^)? (`ut` $ut^)?
    (`on_control` $on_control^)? (`task` $on_control_task^)? (`save_address` $save_address^)?
    (`single_step` $single_step^)? (`priority` $priority^)? attr-dict `:` qualified(type($dsd))
  }];
  let hasVerifier = 1;
}

def CSL_DsrLengthOp : CSL_Op<"dsr_length"> {
  let summary = "elements left in a register";
  let description = [{
    Of a register that was loaded with `single_step`.

    ```mlir
    %n = csl.dsr_length src1 3
    ```
  }];
  let arguments = (ins CSL_DsrFile:$file, CSL_DsrNumber:$number);
  let results = (outs I16:$result);
  let assemblyFormat = "$file $number attr-dict";
}

def CSL_SetFifoLengthOp : CSL_SymbolUser<"set_fifo_length"> {
  let summary = "@set_fifo_read_length(fifo, length), @set_fifo_write_length(fifo, length)";
  let description = [{
    How many elements an operation pops, or with `write` pushes; 0: as many as its other operands say.
    * (C1) `fifo` names a `csl.fifo`.

    ```mlir
    csl.set_fifo_length write @f, %n
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$fifo, I16:$length, UnitAttr:$write);
  let assemblyFormat = "(`write` $write^)? $fifo `,` $length attr-dict";
}

#endif
