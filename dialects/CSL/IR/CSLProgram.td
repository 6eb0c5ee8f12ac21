//===- CSLProgram.td - declarations of a program --------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Variables, descriptors, queues, tasks and functions. Included by CSLOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef CSL_PROGRAM_TD
#define CSL_PROGRAM_TD

def CSL_ProgramOp : CSL_Op<"program", [Symbol, SymbolTable, NoTerminator, SingleBlock, IsolatedFromAbove]> {
  let summary = "one PE program: one .csl file";
  let description = [{
    The symbol's name is the file's name without `.csl`.
    * (C1) holds only declarations, tasks, functions and exports.
    * (C2) no two local tasks have one id, no two control tasks, no two teardown tasks one color, no two input queues one
      number, no two data tasks one queue, no two tasks of empty queues one id. (A WSE-2 output queue may serve several
      colors, one `csl.queue` for each.)
    * (C3) one function at most is `startup`.

    ```mlir
    csl.program @pe {
      csl.variable @a : memref<8xf32>
      csl.func @main {
        csl.return
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

class CSL_Decl<string mnemonic, list<Trait> traits = []>
    : CSL_Op<mnemonic, !listconcat(traits, [Symbol, HasParent<"ProgramOp">])>;
class CSL_UserDecl<string mnemonic> : CSL_Decl<mnemonic, [DeclareOpInterfaceMethods<SymbolUserOpInterface>]>;

def CSL_ParamOp : CSL_Decl<"param"> {
  let summary = "param NAME: T";
  let description = [{
    A compile-time constant given by the layout. `type` none (absent) for `memcpy_params`.
    * (C1) `type` is a scalar type of at most 32 bits.

    ```mlir
    csl.param @memcpy_params
    csl.param @id : i16
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<TypeAttr>:$type);
  let assemblyFormat = "$sym_name (`:` $type^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_ImportOp : CSL_UserDecl<"import"> {
  let summary = "const NAME = @import_module(path, params)";
  let description = [{
    * (C1) `params` names a `csl.param` without a type.

    ```mlir
    csl.import @sys_mod "<memcpy/memcpy>" params @memcpy_params
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$path, OptionalAttr<FlatSymbolRefAttr>:$params);
  let assemblyFormat = "$sym_name $path (`params` $params^)? attr-dict";
}

def CSL_VariableOp : CSL_Decl<"variable"> {
  let summary = "var NAME: T";
  let description = [{
    `link_name` is the name under which the host finds the variable; absent: the symbol's name.
    * (C1) `type` is a static memref of a scalar type or `!csl.ptr`, at most rank 4, without layout or memory space;
      rank 0 is a scalar variable. `init` absent means zero.
    * (C2) `init` is a number of the element type for rank 0, else a dense tensor of the same shape and element type;
      pointers have none.
    * (C3) `alignment`, in bytes, is a power of two of at most 1024; absent means that of the element type.

    ```mlir
    csl.variable @a : memref<8xf32>
    csl.variable @b : memref<8xf32> align 8
    csl.variable @count : memref<i16> = 3 : i16
    csl.variable @w : memref<3xf32> = dense<[1.0, 2.0, 1.0]> : tensor<3xf32>
    csl.variable @t : memref<8xi16> link_name "__trace_t"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<I64Attr>:$alignment,
                       OptionalAttr<TypedAttrInterface>:$init, OptionalAttr<StrAttr>:$link_name);
  let builders = [OpBuilder<(ins "::mlir::StringAttr":$sym_name, "::mlir::TypeAttr":$type,
                                 "::mlir::IntegerAttr":$alignment, "::mlir::TypedAttr":$init), [{
    build($_builder, $_state, sym_name, type, alignment, init, ::mlir::StringAttr());
  }]>];
  let assemblyFormat = "$sym_name `:` $type (`align` $alignment^)? (`=` $init^)? (`link_name` $link_name^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_PointerOp : CSL_UserDecl<"pointer"> {
  let summary = "var NAME: [*]T = &target";
  let description = [{
    A pointer variable: `offset` bytes behind the start of `target`, or null without one. Read and written through
    `csl.address_of` as `memref<!csl.ptr>`. What the host sees of an array; see `csl.export_symbol`: it follows the pointer
    when it copies. `element_type` absent means that of `target`.
    * (C1) `target` names a `csl.variable`.
    * (C2) without `target` there is an `element_type`, and no `offset`.
    * (C3) `element_type` is a scalar type.
    * (C4) `offset` lies in the target.

    ```mlir
    csl.pointer @a_ptr to @a
    csl.pointer @second to @a offset 4
    csl.pointer @later : f32
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$target,
                       OptionalAttr<I64Attr>:$offset, OptionalAttr<TypeAttr>:$element_type);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$sym_name, "::llvm::StringRef":$target), [{
    build($_builder, $_state, $_builder.getStringAttr(sym_name),
          ::mlir::FlatSymbolRefAttr::get($_builder.getContext(), target), ::mlir::IntegerAttr(), ::mlir::TypeAttr());
  }]>];
  let extraClassDeclaration = [{
    /// Type of the elements behind the pointer; pointers count as i16.
    ::mlir::Type getPointee();
  }];
  let assemblyFormat = "$sym_name (`to` $target^)? (`offset` $offset^)? (`:` $element_type^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_ColorOp : CSL_Decl<"color"> {
  let summary = "const NAME: color = @get_color(n)";
  let description = [{
    ```mlir
    csl.color @east = 3
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, CSL_ColorNumber:$number);
  let assemblyFormat = "$sym_name `=` $number attr-dict";
}

def CSL_QueueOp : CSL_UserDecl<"queue"> {
  let summary = "const NAME = @get_input_queue(n) or @get_output_queue(n), and its @initialize_queue";
  let description = [{
    Bound to `color` for the whole program. WSE-2 output queues are not bound by hardware; `color` then only tells which
    color the descriptors on it use and no `@initialize_queue` is printed.
    * (C1) `color` names a `csl.color`.

    ```mlir
    csl.queue @east_in input 2 color @east
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, CSL_QueueKind:$kind, CSL_QueueNumber:$number, FlatSymbolRefAttr:$color);
  let assemblyFormat = "$sym_name $kind $number `color` $color attr-dict";
}

def CSL_MemDsdOp : CSL_UserDecl<"mem_dsd_const"> {
  let summary = "const NAME = @get_dsd(mem1d_dsd or mem4d_dsd, ...)";
  let description = [{
    Elements `base[offset + sum_d i_d * strides[d]]`, outermost dimension first, `strides` in elements of the base's
    type (coefficients of the induction variables of a tensor access, not CSL's incremental strides).
    `unchecked` drops (C3): the base or the length is set later. `index_offset`: uses the `index` of operations. `wrap`:
    a circular buffer (`circbuf_dsd`) that starts again at its first element after so many.
    * (C1) `sizes` and `strides` are equally long, 1 to 4, sizes 1 to 65535 (0 too if `unchecked`).
    * (C2) `base` names an array `csl.variable` (any, if `unchecked`), whose elements have at most 32 bits.
    * (C3) every element lies in the array.
    * (C4) `wrap` only for one dimension, with stride 1.

    ```mlir
    csl.mem_dsd_const @even = @a[0] sizes [4] strides [2]
    csl.mem_dsd_const @later = @dummy[0] sizes [40] strides [1] unchecked
    csl.mem_dsd_const @ring = @a[0] sizes [20] strides [1] wrap 8
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$base, I64Attr:$offset, DenseI64ArrayAttr:$sizes,
                       DenseI64ArrayAttr:$strides, UnitAttr:$unchecked, UnitAttr:$index_offset,
                       OptionalAttr<CSL_Wrap>:$wrap);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$sym_name, "::llvm::StringRef":$base, "uint64_t":$offset,
                                 "::llvm::ArrayRef<int64_t>":$sizes, "::llvm::ArrayRef<int64_t>":$strides), [{
    build($_builder, $_state, sym_name, base, offset, sizes, strides, /*unchecked=*/false, /*index_offset=*/false,
          ::mlir::IntegerAttr());
  }]>];
  let assemblyFormat = [{
    $sym_name `=` $base `[` $offset `]` `sizes` $sizes `strides` $strides (`wrap` $wrap^)? (`unchecked` $unchecked^)?
    (`index_offset` $index_offset^)? attr-dict
  }];
  let hasVerifier = 1;
}

def CSL_FabricDsdOp : CSL_UserDecl<"fabric_dsd_const"> {
  let summary = "const NAME = @get_dsd(fabin_dsd or fabout_dsd, ...)";
  let description = [{
    The kind and the color are those of `queue`. `extent` in elements of `element_type`. `control`: the wavelets are
    control wavelets. `advance_switch`: the local router advances the color's switch behind the last wavelet.
    `index_offset`: the `index` of operations goes into the high half of wavelets. `zero_source`: source 1 or 2 is cleared
    in memory after the send. `simd`: 1 `simd_32`, 2 `simd_64`, 3 `simd_32_or_64`. `priority`: 1 low, 2 medium, 3 high.
    `control_transform`: control wavelets come in as data with a mark, data with the mark go out as control wavelets.
    * (C1) `queue` names a `csl.queue`.
    * (C2) `element_type` is f16, f32, i16, i32 or none (not known).
    * (C3) `control`, `advance_switch`, `index_offset` and `zero_source` need an output queue.

    ```mlir
    csl.fabric_dsd_const @rx on @east_in f32 extent 8
    csl.fabric_dsd_const @ctrl on @east_out i32 extent 1 control
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$queue, TypeAttr:$element_type,
                       CSL_Extent:$extent, UnitAttr:$control, UnitAttr:$advance_switch, UnitAttr:$index_offset,
                       OptionalAttr<ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<2>]>>:$zero_source,
                       OptionalAttr<ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<3>]>>:$simd,
                       OptionalAttr<CSL_Priority>:$priority, UnitAttr:$control_transform);
  let builders = [OpBuilder<(ins "::llvm::StringRef":$sym_name, "::llvm::StringRef":$queue,
                                 "::mlir::Type":$element_type, "uint64_t":$extent), [{
    build($_builder, $_state, sym_name, queue, element_type, extent, /*control=*/false, /*advance_switch=*/false,
          /*index_offset=*/false, ::mlir::IntegerAttr(), ::mlir::IntegerAttr(), ::mlir::IntegerAttr(),
          /*control_transform=*/false);
  }]>];
  let assemblyFormat = [{
    $sym_name `on` $queue $element_type `extent` $extent (`control` $control^)? (`advance_switch` $advance_switch^)?
    (`index_offset` $index_offset^)? (`zero_source` $zero_source^)? (`simd` $simd^)? (`priority` $priority^)?
    (`control_transform` $control_transform^)? attr-dict
  }];
  let hasVerifier = 1;
}

def CSL_DsdVariableOp : CSL_UserDecl<"dsd_variable"> {
  let summary = "var NAME = @get_dsd(...)";
  let description = [{
    A descriptor that the program changes: `csl.load_dsd`, `csl.store_dsd`. Without `init` a memory descriptor without
    elements.
    * (C1) `type` is a DSD type; `init` names a DSD constant of its kind and rank.
    * (C2) a fabric descriptor has an `init`.

    ```mlir
    csl.dsd_variable @row : !csl.mem_dsd<f32, 1> = @even
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<FlatSymbolRefAttr>:$init);
  let assemblyFormat = "$sym_name `:` $type (`=` $init^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_FifoOp : CSL_UserDecl<"fifo"> {
  let summary = "const NAME = @allocate_fifo(buffer, ...)";
  let description = [{
    `activate_push`: activated when a push ends a pop's wait; `activate_pop`: when a pop ends a push's wait. `priority`:
    of microthreads that use it.
    * (C1) `buffer` names a `csl.variable` with elements of 16 or 32 bits.
    * (C2) `activate_push` and `activate_pop` name local tasks.
    * (C3) `priority` is 1 low, 2 medium or 3 high.

    ```mlir
    csl.fifo @f on @buffer activate_pop @go
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$buffer,
                       OptionalAttr<FlatSymbolRefAttr>:$activate_push, OptionalAttr<FlatSymbolRefAttr>:$activate_pop,
                       OptionalAttr<CSL_Priority>:$priority);
  let assemblyFormat = [{
    $sym_name `on` $buffer (`activate_push` $activate_push^)? (`activate_pop` $activate_pop^)?
    (`priority` $priority^)? attr-dict
  }];
}

def CSL_TaskOp : CSL_SymbolUser<"task", [Symbol, HasParent<"ProgramOp">, NoTerminator, SingleBlock]> {
  let summary = "task, its id and its binding";
  let description = [{
    `local`: `id` is the local task id. `data`: `queue` names the input queue; the id is its color on WSE-2 and its
    number on WSE-3; the block argument (f16, f32, i16 or i32) is the wavelet's payload, or two of 16 bits each: low half,
    then high half. `control`: `id` is the control task id; none, one or two arguments as for data. `teardown`: `id` is
    the color whose teardown starts it. `queue_empty`: `id` is the number of the input queue, or 8 and that of the output
    queue, whose flush starts it. `blocked` and `active` are the initial state (set in the comptime block).
    * (C1) a local task has an id, not 31, and no block arguments (ids above 31 are for tasks of libraries); a data task a
      queue, no id and one or two block arguments; a control task an id and two block arguments at most; a teardown task a
      color as id and none; a task of an empty queue an id below 16 and none.
    * (C2) `queue` names an input `csl.queue`.
    * (C3) only a local task is `active` at the start.
    * (C4) a payload is of f16, f32, i16 or i32, and of 16 bits when there are two.

    ```mlir
    csl.task @recv data queue @east_in blocked {
    ^bb0(%v: f32):
      csl.return
    }
    csl.task @end control id 40 {
      csl.return
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, CSL_TaskKind:$kind, OptionalAttr<CSL_TaskNumber>:$id,
                       OptionalAttr<FlatSymbolRefAttr>:$queue, UnitAttr:$blocked, UnitAttr:$active);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name $kind (`id` $id^)? (`queue` $queue^)? (`blocked` $blocked^)? (`active` $active^)?
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}

def CSL_ControlTableOp : CSL_SymbolUser<"control_table", [HasParent<"ProgramOp">]> {
  let summary = "the part of the control task table that a queue has (wse3)";
  let description = [{
    `offset` is added to the ids in the control wavelets that come in on `queue`.
    * (C1) `queue` names an input `csl.queue`.

    ```mlir
    csl.control_table @east_in offset 4
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$queue, ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<63>]>:$offset);
  let assemblyFormat = "$queue `offset` $offset attr-dict";
}

def CSL_RotationOp : CSL_SymbolUser<"rotation", [HasParent<"ProgramOp">]> {
  let summary = "@bind_rotating_tasks(task, other, id, ...)";
  let description = [{
    After `limit` starts of `task`, `other` starts once in its place; `init` starts count as done at the beginning.
    * (C1) `task` names a data task, `other` a control task without block arguments.
    * (C2) `init` is not above `limit`.

    ```mlir
    csl.rotation @recv with @rest limit 10 init 0
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$task, FlatSymbolRefAttr:$other,
                       ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<4294967294>]>:$limit,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$init);
  let assemblyFormat = "$task `with` $other `limit` $limit `init` $init attr-dict";
}

def CSL_FuncOp : CSL_Op<"func", [Symbol, HasParent<"ProgramOp">, SingleBlock, NoTerminator]> {
  let summary = "fn NAME(args) R";
  let description = [{
    Block arguments are the parameters; `csl.return` at the end gives the result, if any. `startup`: runs before anything
    else, in no time.
    * (C1) parameters are scalars, pointers or descriptors; the result is a scalar or a pointer.
    * (C2) with a result type the body ends with a `csl.return` of a value.
    * (C3) a `startup` function has neither parameters nor a result.

    ```mlir
    csl.func @twice -> f32 {
    ^bb0(%x: f32):
      %y = arith.addf %x, %x : f32
      csl.return %y : f32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<TypeAttr>:$result_type, UnitAttr:$startup);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`->` $result_type^)? (`startup` $startup^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def CSL_ExportSymbolOp : CSL_SymbolUser<"export_symbol", [HasParent<"ProgramOp">]> {
  let summary = "@export_symbol(symbol, name)";
  let description = [{
    * (C1) `symbol` names a `csl.pointer` or a `csl.func`.

    ```mlir
    csl.export_symbol @a_ptr as "a"
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$symbol, StrAttr:$name);
  let assemblyFormat = "$symbol `as` $name attr-dict";
}

#endif
