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
    * (C2) no two local tasks have one id, no two input queues one number, no two data tasks one
      queue. (A WSE-2 output queue may serve several colors, one `csl.queue` for each.)

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
    * (C1) `type` is a scalar type.

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
    * (C1) `type` is a static memref of a scalar type, at most rank 4, without layout or memory space; rank 0 is a
      scalar variable. `init` absent means zero.
    * (C2) `init` is a number of the element type for rank 0, else a dense tensor of the same shape and element type.
    * (C3) `alignment`, in bytes, is a power of two of at most 1024; absent means that of the element type.

    ```mlir
    csl.variable @a : memref<8xf32>
    csl.variable @b : memref<8xf32> align 8
    csl.variable @count : memref<i16> = 3 : i16
    csl.variable @w : memref<3xf32> = dense<[1.0, 2.0, 1.0]> : tensor<3xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<I64Attr>:$alignment,
                       OptionalAttr<TypedAttrInterface>:$init);
  let assemblyFormat = "$sym_name `:` $type (`align` $alignment^)? (`=` $init^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_PointerOp : CSL_UserDecl<"pointer"> {
  let summary = "var NAME: [*]T = &target";
  let description = [{
    What the host sees of an array; see `csl.export_symbol`.
    * (C1) `target` names a `csl.variable`.

    ```mlir
    csl.pointer @a_ptr to @a
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$target);
  let assemblyFormat = "$sym_name `to` $target attr-dict";
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
    * (C1) `sizes` and `strides` are equally long, 1 to 4, sizes 1 to 65535.
    * (C2) `base` names an array `csl.variable`.
    * (C3) every element lies in the array.

    ```mlir
    csl.mem_dsd_const @even = @a[0] sizes [4] strides [2]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$base, I64Attr:$offset, DenseI64ArrayAttr:$sizes,
                       DenseI64ArrayAttr:$strides);
  let assemblyFormat = "$sym_name `=` $base `[` $offset `]` `sizes` $sizes `strides` $strides attr-dict";
  let hasVerifier = 1;
}

def CSL_FabricDsdOp : CSL_UserDecl<"fabric_dsd_const"> {
  let summary = "const NAME = @get_dsd(fabin_dsd or fabout_dsd, ...)";
  let description = [{
    The kind and the color are those of `queue`. `extent` in elements of `element_type`.
    * (C1) `queue` names a `csl.queue`.
    * (C2) `element_type` is f16, f32, i16 or i32.

    ```mlir
    csl.fabric_dsd_const @rx on @east_in f32 extent 8
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$queue, TypeAttr:$element_type,
                       CSL_Extent:$extent);
  let assemblyFormat = "$sym_name `on` $queue $element_type `extent` $extent attr-dict";
  let hasVerifier = 1;
}

def CSL_TaskOp : CSL_SymbolUser<"task", [Symbol, HasParent<"ProgramOp">, NoTerminator, SingleBlock]> {
  let summary = "task, its id and its binding";
  let description = [{
    `local`: `id` is the local task id. `data`: `queue` names the input queue; the id is its color on WSE-2 and its
    number on WSE-3; the block argument (f16, f32, i16 or i32) is the wavelet's payload. `blocked` and `active` are
    the initial state (set in the comptime block).
    * (C1) a local task has an id below 31 and no block arguments; a data task a queue, no id and one block argument.
    * (C2) `queue` names an input `csl.queue`.
    * (C3) only a local task is `active` at the start.
    * (C4) not a control task.

    ```mlir
    csl.task @recv data queue @east_in blocked {
    ^bb0(%v: f32):
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

def CSL_FuncOp : CSL_Op<"func", [Symbol, HasParent<"ProgramOp">, SingleBlock, NoTerminator]> {
  let summary = "fn NAME(args) R";
  let description = [{
    Block arguments are the parameters; `csl.return` at the end gives the result, if any.
    * (C1) parameters and result are of scalar types.
    * (C2) with a result type the body ends with a `csl.return` of a value.

    ```mlir
    csl.func @twice -> f32 {
    ^bb0(%x: f32):
      %y = arith.addf %x, %x : f32
      csl.return %y : f32
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<TypeAttr>:$result_type);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`->` $result_type^)? attr-dict-with-keyword $body";
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
