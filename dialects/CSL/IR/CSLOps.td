//===- CSLOps.td - the CSL dialect -----------------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// CSL at the level of its own syntax: a layout and PE programs with tasks, DSDs, queues and colors. Scalar code is in
// `arith`, `scf` and `memref`. Nothing here knows SpaDA.
//
//===----------------------------------------------------------------------===//

#ifndef CSL_OPS_TD
#define CSL_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def CSL_Dialect : Dialect {
  let name = "csl";
  let cppNamespace = "::spada::csl";
  let summary = "CSL layouts and PE programs";
  let description = [{
    One `csl.layout` (which program, which routes on which PEs, what the host sees) and the `csl.program`s that it
    names. One op for each construct of the language (CSL language guide, SDK 1.4). Scalar code is signless `arith`;
    booleans are `i1`; module variables are memrefs got by `csl.address_of`.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

class CSL_Type<string cppName, string typeMnemonic> : TypeDef<CSL_Dialect, cppName> { let mnemonic = typeMnemonic; }

def CSL_MemDsdType : CSL_Type<"MemDsd", "mem_dsd"> {
  let summary = "memory data structure descriptor";
  let description = [{`mem1d_dsd` when `rank` is 1, else `mem4d_dsd`. Elements are of `elementType`.}];
  let parameters = (ins "::mlir::Type":$elementType, "unsigned":$rank);
  let assemblyFormat = "`<` $elementType `,` $rank `>`";
}
def CSL_FabinDsdType : CSL_Type<"FabinDsd", "fabin_dsd"> {
  let summary = "fabric input descriptor";
  let description = [{Reads `elementType` elements from an input queue, one a wavelet.}];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}
def CSL_FaboutDsdType : CSL_Type<"FaboutDsd", "fabout_dsd"> {
  let summary = "fabric output descriptor";
  let description = [{Writes `elementType` elements to an output queue, one a wavelet.}];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}
def CSL_AnyDsd : AnyTypeOf<[CSL_MemDsdType, CSL_FabinDsdType, CSL_FaboutDsdType], "DSD">;
def CSL_Scalar : AnyTypeOf<[F16, F32, I1, I8, I16, I32], "CSL run-time scalar">;
def CSL_Index : AnyTypeOf<[I16, I32, Index], "integer or index">;
def CSL_DsdOperand : AnyTypeOf<[CSL_MemDsdType, CSL_FabinDsdType, CSL_FaboutDsdType, F16, F32, I16, I32, AnyMemRef],
                               "DSD, scalar, or pointer to a scalar variable">;

def CSL_Direction : I32EnumAttr<"Direction", "router port", [
  I32EnumAttrCase<"Ramp", 0, "ramp">, I32EnumAttrCase<"North", 1, "north">, I32EnumAttrCase<"South", 2, "south">,
  I32EnumAttrCase<"East", 3, "east">, I32EnumAttrCase<"West", 4, "west">]> {
  let cppNamespace = "::spada::csl";
}
def CSL_QueueKind : I32EnumAttr<"QueueKind", "direction of a queue", [
  I32EnumAttrCase<"Input", 0, "input">, I32EnumAttrCase<"Output", 1, "output">]> {
  let cppNamespace = "::spada::csl";
}
def CSL_TaskKind : I32EnumAttr<"TaskKind", "what triggers a task", [
  I32EnumAttrCase<"Local", 0, "local">, I32EnumAttrCase<"Data", 1, "data">, I32EnumAttrCase<"Control", 2, "control">]> {
  let cppNamespace = "::spada::csl";
}
def CSL_HostDirection : I32EnumAttr<"HostDirection", "side of a host array", [
  I32EnumAttrCase<"In", 0, "in">, I32EnumAttrCase<"Out", 1, "out">, I32EnumAttrCase<"InOut", 2, "inout">]> {
  let cppNamespace = "::spada::csl";
}

def CSL_BoxAttr : AttrDef<CSL_Dialect, "Box"> {
  let mnemonic = "box";
  let summary = "strided rectangle of PEs";
  let description = [{
    `x` in `xLo, xLo + xStep, ...` below `xHi`, `y` likewise; rectangle coordinates, half open, steps at least 1.
    Written `#csl.box<0 : 4 : 1, 0 : 1 : 1>`.
    * (C1) `xLo < xHi`, `yLo < yHi`, nothing negative, steps at least 1.
  }];
  let parameters = (ins "int64_t":$xLo, "int64_t":$xHi, "int64_t":$xStep, "int64_t":$yLo, "int64_t":$yHi,
                        "int64_t":$yStep);
  let assemblyFormat = "`<` $xLo `:` $xHi `:` $xStep `,` $yLo `:` $yHi `:` $yStep `>`";
  let genVerifyDecl = 1;
}

class CSL_Op<string mnemonic, list<Trait> traits = []> : Op<CSL_Dialect, mnemonic, traits>;
/// Ops whose symbol references are checked: the constraint on what they name is in `verifySymbolUses`.
class CSL_SymbolUser<string mnemonic, list<Trait> traits = []>
    : CSL_Op<mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<SymbolUserOpInterface>])>;

def CSL_ColorNumber : ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<23>]>;
def CSL_QueueNumber : ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<7>]>;
def CSL_MicrothreadNumber : ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<7>]>;
def CSL_TaskNumber : ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<63>]>;
def CSL_Extent : ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<65535>]>;

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

def CSL_LayoutOp : CSL_Op<"layout", [NoTerminator, SingleBlock, HasParent<"::mlir::ModuleOp">]> {
  let summary = "program rectangle, tile code, routes and host-visible names";
  let description = [{
    `width` by `height` PEs. `name` is the kernel's name, `arch` the target (`wse2`, `wse3`). `streaming` says that the
    host arguments are unbounded streams.
    * (C1) holds only layout ops.
    * (C2) `width` and `height` are positive.
    * (C3) the boxes of its ops lie inside the rectangle.

    ```mlir
    csl.layout "relay" arch "wse2" size 4 x 1 {
      csl.export_name "a" memref<8xf32> mutable
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$arch, I64Attr:$width, I64Attr:$height, UnitAttr:$streaming);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `arch` $arch `size` $width `x` $height (`streaming` $streaming^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def CSL_TileCodeOp : CSL_SymbolUser<"tile_code", [HasParent<"LayoutOp">]> {
  let summary = "@set_tile_code on every PE of a box";
  let description = [{
    `params` binds the program's `csl.param`s by name: an integer or float attribute is a constant; the strings `"x"`
    and `"y"` stand for the PE's coordinate in the rectangle.
    * (C1) `program` names a `csl.program`.
    * (C2) `params` binds each typed `csl.param` of the program and nothing else, with a value of its type.

    ```mlir
    csl.tile_code @pe on #csl.box<0 : 4 : 1, 0 : 1 : 1> {id = "x", size = 8 : i16}
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$program, CSL_BoxAttr:$box, DictionaryAttr:$params);
  let assemblyFormat = "$program `on` $box $params attr-dict";
}

def CSL_ColorConfigOp : CSL_Op<"color_config", [HasParent<"LayoutOp">]> {
  let summary = "@set_color_config on every PE of a box";
  let description = [{
    `rx` and `tx` are router ports as `Direction` numbers (0 RAMP, 1 NORTH, 2 SOUTH, 3 EAST, 4 WEST).
    * (C1) at least one `rx` and one `tx`, each a port number, none twice.

    ```mlir
    csl.color_config 3 on #csl.box<0 : 1 : 1, 0 : 1 : 1> rx [0] tx [3]
    ```
  }];
  let arguments = (ins CSL_ColorNumber:$color, CSL_BoxAttr:$box, DenseI64ArrayAttr:$rx, DenseI64ArrayAttr:$tx);
  let assemblyFormat = "$color `on` $box `rx` $rx `tx` $tx attr-dict";
  let hasVerifier = 1;
}

def CSL_ExportNameOp : CSL_Op<"export_name", [HasParent<"LayoutOp">]> {
  let summary = "@export_name";
  let description = [{
    `type` is a memref (a pointer to elements, `[*]T`) or a function type.
    * (C1) `name` is an identifier.
    * (C2) `type` is a memref of a scalar type, or a function type of scalars with at most 15 inputs and one result.

    ```mlir
    csl.export_name "a" memref<8xf32> mutable
    csl.export_name "relay" (i16) -> ()
    ```
  }];
  let arguments = (ins StrAttr:$name, TypeAttr:$type, UnitAttr:$is_mutable);
  let assemblyFormat = "$name $type (`mutable` $is_mutable^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_HostArgumentOp : CSL_Op<"host_argument", [HasParent<"LayoutOp">]> {
  let summary = "an array or scalar argument as the host sees it";
  let description = [{
    Order of these ops is the order of the kernel's arguments. Array: shape `dims` x `elements`; index `(a, b)` lives
    on PE `(a + offsetX, b + offsetY)` for PEs of `box` only, in the symbol exported under the argument's name;
    `element_type` may be unsigned or wider than what travels. `elements` 0 means streaming: `color` (a program color)
    carries it between host and ramp. Scalar: no dims; passed to the kernel function in order. Written to
    `metadata.json`; the CSL text does not contain it.
    * (C1) `name` is an identifier.
    * (C2) at most two `dims`, all positive; `elements` is not negative; a scalar has no `dims` and goes `in`.
    * (C3) `color` is given exactly when `elements` is 0 and the argument is no scalar; it is then `in` or `out`.

    ```mlir
    csl.host_argument "a" in f32 dims [4] elements 8 offset(0, 0) on #csl.box<0 : 4 : 1, 0 : 1 : 1>
    csl.host_argument "n" in i16 dims [] elements 1 offset(0, 0) scalar
    ```
  }];
  let arguments = (ins StrAttr:$name, CSL_HostDirection:$direction, TypeAttr:$element_type, DenseI64ArrayAttr:$dims,
                       I64Attr:$elements, I64Attr:$offsetX, I64Attr:$offsetY, OptionalAttr<CSL_BoxAttr>:$box,
                       OptionalAttr<CSL_ColorNumber>:$color, UnitAttr:$is_scalar);
  let assemblyFormat = [{
    $name $direction $element_type `dims` $dims `elements` $elements `offset` `(` $offsetX `,` $offsetY `)`
    (`on` $box^)? (`color` $color^)? (`scalar` $is_scalar^)? attr-dict
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

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

    ```mlir
    csl.variable @a : memref<8xf32>
    csl.variable @count : memref<i16> = 3 : i16
    csl.variable @w : memref<3xf32> = dense<[1.0, 2.0, 1.0]> : tensor<3xf32>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<TypedAttrInterface>:$init);
  let assemblyFormat = "$sym_name `:` $type (`=` $init^)? attr-dict";
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

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

def CSL_ReturnOp : CSL_Op<"return", [ParentOneOf<["FuncOp", "TaskOp"]>]> {
  let summary = "return";
  let description = [{
    * (C1) the last op of the body.
    * (C2) the value has the function's result type; there is none without one.

    ```mlir
    csl.return
    ```
  }];
  let arguments = (ins Optional<CSL_Scalar>:$value);
  let assemblyFormat = "($value^ `:` type($value))? attr-dict";
  let hasVerifier = 1;
}

def CSL_AddressOfOp : CSL_SymbolUser<"address_of", [Pure]> {
  let summary = "name a module variable";
  let description = [{
    * (C1) `variable` names a `csl.variable` of the result's type.

    ```mlir
    %a = csl.address_of @a : memref<8xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs AnyMemRef:$result);
  let assemblyFormat = "$variable attr-dict `:` type($result)";
}

def CSL_ParamValueOp : CSL_SymbolUser<"param_value", [Pure]> {
  let summary = "value of a param";
  let description = [{
    * (C1) `param` names a `csl.param` of the result's type.

    ```mlir
    %id = csl.param_value @id : i16
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$param);
  let results = (outs CSL_Scalar:$result);
  let assemblyFormat = "$param attr-dict `:` type($result)";
}

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

def CSL_IncrementDsdOffsetOp : CSL_Op<"increment_dsd_offset", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@increment_dsd_offset(dsd, offset, T)";
  let description = [{
    `offset` in elements of the descriptor's element type, i16.

    ```mlir
    %next = csl.increment_dsd_offset %row, %n : !csl.mem_dsd<f32, 1>
    ```
  }];
  let arguments = (ins CSL_MemDsdType:$dsd, I16:$offset);
  let results = (outs CSL_MemDsdType:$result);
  let assemblyFormat = "$dsd `,` $offset attr-dict `:` qualified(type($dsd))";
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

def CSL_VectorOp : CSL_SymbolUser<"vector"> {
  let summary = "a DSD operation such as @fadds";
  let description = [{
    `builtin` is the name without `@` (CSL language guide, DSD operations: `fmovs`, `fadds`, `fmacs`, `mov32`,
    `add16`, `fs2h`, ...). First operand is the destination (a DSD, or a memref as pointer to a scalar variable), then
    the sources: DSDs or scalars. `async` runs it on a microthread; `activate` or `unblock` names the task triggered at
    its end. `ut` is the explicit microthread (WSE-3). A memref among the sources is a scalar variable that is read for
    each element; with the same variable as destination this is a running reduction.
    * (C1) `async` needs a fabric operand; `activate`, `unblock` and `ut` need `async`; at most one of
      `activate` and `unblock`.
    * (C2) `builtin` is known, with its number of operands.
    * (C3) operands have the element types of the builtin.
    * (C4) the destination is a memory or fabric output descriptor or a variable of rank 0; sources are memory or fabric
      input descriptors, scalars or variables of rank 0; the last source of a multiply-add is a scalar, no other is;
      one operand at least is a descriptor.
    * (C5) `activate` names a local task, `unblock` a task.

    ```mlir
    csl.vector "fadds"(%acc, %acc, %in) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
    ```
  }];
  let arguments = (ins StrAttr:$builtin, Variadic<CSL_DsdOperand>:$operands_, UnitAttr:$async,
                       OptionalAttr<FlatSymbolRefAttr>:$activate, OptionalAttr<FlatSymbolRefAttr>:$unblock,
                       OptionalAttr<CSL_MicrothreadNumber>:$ut);
  let assemblyFormat = [{
    $builtin `(` $operands_ `)` (`async` $async^)? (`activate` $activate^)? (`unblock` $unblock^)? (`ut` $ut^)?
    attr-dict `:` qualified(type($operands_))
  }];
  let hasVerifier = 1;
}

class CSL_TaskStateOp<string mnemonic> : CSL_SymbolUser<mnemonic> {
  let arguments = (ins FlatSymbolRefAttr:$task);
  let assemblyFormat = "$task attr-dict";
}
def CSL_ActivateOp : CSL_TaskStateOp<"activate"> {
  let summary = "@activate(id of task)";
  let description = [{
    * (C1) `task` names a local task.

    ```mlir
    csl.activate @done
    ```
  }];
}
def CSL_BlockOp : CSL_TaskStateOp<"block"> {
  let summary = "@block(id of task)";
  let description = [{
    Of a data task: its color on WSE-2, its input queue on WSE-3.
    * (C1) `task` names a task.

    ```mlir
    csl.block @recv
    ```
  }];
}
def CSL_UnblockOp : CSL_TaskStateOp<"unblock"> {
  let summary = "@unblock(id of task)";
  let description = [{
    As `csl.block`.
    * (C1) `task` names a task.

    ```mlir
    csl.unblock @recv
    ```
  }];
}

def CSL_CallOp : CSL_SymbolUser<"call"> {
  let summary = "call a function of the program";
  let description = [{
    * (C1) `callee` names a `csl.func` with these parameter and result types.

    ```mlir
    %y = csl.call @twice(%x) : (f32) -> f32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<CSL_Scalar>:$args);
  let results = (outs Optional<CSL_Scalar>:$result);
  let assemblyFormat = "$callee `(` $args `)` attr-dict `:` functional-type($args, results)";
}

def CSL_MemberCallOp : CSL_SymbolUser<"member_call"> {
  let summary = "call a function of an imported module";
  let description = [{
    Used for `sys_mod.unblock_cmd_stream()`: the host's next command may run.
    * (C1) `module` names a `csl.import`.

    ```mlir
    csl.member_call @sys_mod "unblock_cmd_stream"() : () -> ()
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$module, StrAttr:$member, Variadic<CSL_Scalar>:$args);
  let results = (outs Optional<CSL_Scalar>:$result);
  let assemblyFormat = "$module $member `(` $args `)` attr-dict `:` functional-type($args, results)";
}


#endif
