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
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}
def CSL_FaboutDsdType : CSL_Type<"FaboutDsd", "fabout_dsd"> {
  let summary = "fabric output descriptor";
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
  }];
  let parameters = (ins "int64_t":$xLo, "int64_t":$xHi, "int64_t":$xStep, "int64_t":$yLo, "int64_t":$yHi,
                        "int64_t":$yStep);
  let assemblyFormat = "`<` $xLo `:` $xHi `:` $xStep `,` $yLo `:` $yHi `:` $yStep `>`";
}

class CSL_Op<string mnemonic, list<Trait> traits = []> : Op<CSL_Dialect, mnemonic, traits>;

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
  }];
  let arguments = (ins StrAttr:$name, StrAttr:$arch, I64Attr:$width, I64Attr:$height, UnitAttr:$streaming);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name `arch` $arch `size` $width `x` $height (`streaming` $streaming^)? attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def CSL_TileCodeOp : CSL_Op<"tile_code", [HasParent<"LayoutOp">]> {
  let summary = "@set_tile_code on every PE of a box";
  let description = [{
    `params` binds the program's `csl.param`s by name: an integer or float attribute is a constant; the strings `"x"`
    and `"y"` stand for the PE's coordinate in the rectangle.
  }];
  let arguments = (ins FlatSymbolRefAttr:$program, CSL_BoxAttr:$box, DictionaryAttr:$params);
  let assemblyFormat = "$program `on` $box $params attr-dict";
}

def CSL_ColorConfigOp : CSL_Op<"color_config", [HasParent<"LayoutOp">]> {
  let summary = "@set_color_config on every PE of a box";
  let description = [{
    `rx` and `tx` are router ports as `Direction` numbers (0 RAMP, 1 NORTH, 2 SOUTH, 3 EAST, 4 WEST).
    * (C1) at least one `rx` and one `tx`.
  }];
  let arguments = (ins I64Attr:$color, CSL_BoxAttr:$box, DenseI64ArrayAttr:$rx, DenseI64ArrayAttr:$tx);
  let assemblyFormat = "$color `on` $box `rx` $rx `tx` $tx attr-dict";
}

def CSL_ExportNameOp : CSL_Op<"export_name", [HasParent<"LayoutOp">]> {
  let summary = "@export_name";
  let description = [{`type` is a memref (a pointer to elements, `[*]T`) or a function type.}];
  let arguments = (ins StrAttr:$name, TypeAttr:$type, UnitAttr:$is_mutable);
  let assemblyFormat = "$name $type (`mutable` $is_mutable^)? attr-dict";
}

def CSL_HostArgumentOp : CSL_Op<"host_argument", [HasParent<"LayoutOp">]> {
  let summary = "an array or scalar argument as the host sees it";
  let description = [{
    Order of these ops is the order of the kernel's arguments. Array: shape `dims` x `elements`; index `(a, b)` lives
    on PE `(a + offsetX, b + offsetY)` for PEs of `box` only, in the symbol exported under the argument's name;
    `element_type` may be unsigned or wider than what travels. `elements` 0 means streaming: `color` (a program color)
    carries it between host and ramp. Scalar: no dims; passed to the kernel function in order. Written to
    `metadata.json`; the CSL text does not contain it.
  }];
  let arguments = (ins StrAttr:$name, CSL_HostDirection:$direction, TypeAttr:$element_type, DenseI64ArrayAttr:$dims,
                       I64Attr:$elements, I64Attr:$offsetX, I64Attr:$offsetY, OptionalAttr<CSL_BoxAttr>:$box,
                       OptionalAttr<I64Attr>:$color, UnitAttr:$is_scalar);
  let assemblyFormat = [{
    $name $direction $element_type `dims` $dims `elements` $elements `offset` `(` $offsetX `,` $offsetY `)`
    (`on` $box^)? (`color` $color^)? (`scalar` $is_scalar^)? attr-dict
  }];
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

def CSL_ProgramOp : CSL_Op<"program", [Symbol, SymbolTable, NoTerminator, SingleBlock, IsolatedFromAbove]> {
  let summary = "one PE program: one .csl file";
  let description = [{The symbol's name is the file's name without `.csl`.}];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

class CSL_Decl<string mnemonic> : CSL_Op<mnemonic, [Symbol, HasParent<"ProgramOp">]>;

def CSL_ParamOp : CSL_Decl<"param"> {
  let summary = "param NAME: T";
  let description = [{A compile-time constant given by the layout. `type` none (absent) for `memcpy_params`.}];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<TypeAttr>:$type);
  let assemblyFormat = "$sym_name (`:` $type^)? attr-dict";
}

def CSL_ImportOp : CSL_Decl<"import"> {
  let summary = "const NAME = @import_module(path, params)";
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$path, OptionalAttr<FlatSymbolRefAttr>:$params);
  let assemblyFormat = "$sym_name $path (`params` $params^)? attr-dict";
}

def CSL_VariableOp : CSL_Decl<"variable"> {
  let summary = "var NAME: T";
  let description = [{
    * (C1) `type` is a static memref; rank 0 is a scalar variable. `init` absent means zero.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttr:$type, OptionalAttr<TypedAttrInterface>:$init);
  let assemblyFormat = "$sym_name `:` $type (`=` $init^)? attr-dict";
  let hasVerifier = 1;
}

def CSL_PointerOp : CSL_Decl<"pointer"> {
  let summary = "var NAME: [*]T = &target";
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$target);
  let assemblyFormat = "$sym_name `to` $target attr-dict";
}

def CSL_ColorOp : CSL_Decl<"color"> {
  let summary = "const NAME: color = @get_color(n)";
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$number);
  let assemblyFormat = "$sym_name `=` $number attr-dict";
}

def CSL_QueueOp : CSL_Decl<"queue"> {
  let summary = "const NAME = @get_input_queue(n) or @get_output_queue(n), and its @initialize_queue";
  let description = [{
    Bound to `color` for the whole program. WSE-2 output queues are not bound by hardware; `color` then only tells which
    color the descriptors on it use and no `@initialize_queue` is printed.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, CSL_QueueKind:$kind, I64Attr:$number, FlatSymbolRefAttr:$color);
  let assemblyFormat = "$sym_name $kind $number `color` $color attr-dict";
}

def CSL_MemDsdOp : CSL_Decl<"mem_dsd_const"> {
  let summary = "const NAME = @get_dsd(mem1d_dsd or mem4d_dsd, ...)";
  let description = [{
    Elements `base[offset + sum_d i_d * strides[d]]`, outermost dimension first, `strides` in elements of the base's
    type (coefficients of the induction variables of a tensor access, not CSL's incremental strides).
    * (C1) `sizes` and `strides` are equally long, 1 to 4, sizes positive.
    * (C2) `base` names an array `csl.variable`.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$base, I64Attr:$offset, DenseI64ArrayAttr:$sizes,
                       DenseI64ArrayAttr:$strides);
  let assemblyFormat = "$sym_name `=` $base `[` $offset `]` `sizes` $sizes `strides` $strides attr-dict";
  let hasVerifier = 1;
}

def CSL_FabricDsdOp : CSL_Decl<"fabric_dsd_const"> {
  let summary = "const NAME = @get_dsd(fabin_dsd or fabout_dsd, ...)";
  let description = [{The kind and the color are those of `queue`. `extent` in elements of `element_type`.}];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$queue, TypeAttr:$element_type, I64Attr:$extent);
  let assemblyFormat = "$sym_name `on` $queue $element_type `extent` $extent attr-dict";
}

def CSL_TaskOp : CSL_Op<"task", [Symbol, HasParent<"ProgramOp">, NoTerminator, SingleBlock]> {
  let summary = "task, its id and its binding";
  let description = [{
    `local`: `id` is the local task id. `data`: `queue` names the input queue; the id is its color on WSE-2 and its
    number on WSE-3; the block argument (f16, f32, i16 or i32) is the wavelet's payload. `blocked` and `active` are
    the initial state (set in the comptime block).
    * (C1) a local task has an id and no block arguments; a data task a queue and one block argument.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, CSL_TaskKind:$kind, OptionalAttr<I64Attr>:$id,
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
  let description = [{Block arguments are the parameters; `csl.return` at the end gives the result, if any.}];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<TypeAttr>:$result_type);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name (`->` $result_type^)? attr-dict-with-keyword $body";
}

def CSL_ExportSymbolOp : CSL_Op<"export_symbol", [HasParent<"ProgramOp">]> {
  let summary = "@export_symbol(symbol, name)";
  let arguments = (ins FlatSymbolRefAttr:$symbol, StrAttr:$name);
  let assemblyFormat = "$symbol `as` $name attr-dict";
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

def CSL_ReturnOp : CSL_Op<"return"> {
  let summary = "return";
  let arguments = (ins Optional<CSL_Scalar>:$value);
  let assemblyFormat = "($value^ `:` type($value))? attr-dict";
}

def CSL_AddressOfOp : CSL_Op<"address_of", [Pure]> {
  let summary = "name a module variable";
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs AnyMemRef:$result);
  let assemblyFormat = "$variable attr-dict `:` type($result)";
}

def CSL_ParamValueOp : CSL_Op<"param_value", [Pure]> {
  let summary = "value of a param";
  let arguments = (ins FlatSymbolRefAttr:$param);
  let results = (outs CSL_Scalar:$result);
  let assemblyFormat = "$param attr-dict `:` type($result)";
}

def CSL_DsdOp : CSL_Op<"dsd", [Pure]> {
  let summary = "name a DSD constant";
  let arguments = (ins FlatSymbolRefAttr:$dsd);
  let results = (outs CSL_AnyDsd:$result);
  let assemblyFormat = "$dsd attr-dict `:` qualified(type($result))";
}

def CSL_IncrementDsdOffsetOp : CSL_Op<"increment_dsd_offset", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@increment_dsd_offset(dsd, offset, T)";
  let description = [{`offset` in elements of the descriptor's element type, i16.}];
  let arguments = (ins CSL_MemDsdType:$dsd, I16:$offset);
  let results = (outs CSL_MemDsdType:$result);
  let assemblyFormat = "$dsd `,` $offset attr-dict `:` qualified(type($dsd))";
}

def CSL_SetDsdLengthOp : CSL_Op<"set_dsd_length", [Pure, AllTypesMatch<["dsd", "result"]>]> {
  let summary = "@set_dsd_length(dsd, length)";
  let description = [{Not for `mem4d_dsd`.}];
  let arguments = (ins CSL_AnyDsd:$dsd, I16:$length);
  let results = (outs CSL_AnyDsd:$result);
  let assemblyFormat = "$dsd `,` $length attr-dict `:` qualified(type($dsd))";
}

def CSL_VectorOp : CSL_Op<"vector"> {
  let summary = "a DSD operation such as @fadds";
  let description = [{
    `builtin` is the name without `@` (CSL language guide, DSD operations: `fmovs`, `fadds`, `fmacs`, `mov32`,
    `add16`, `fs2h`, ...). First operand is the destination (a DSD, or a memref as pointer to a scalar variable), then
    the sources: DSDs or scalars. `async` runs it on a microthread; `activate` or `unblock` names the task triggered at
    its end. `ut` is the explicit microthread (WSE-3).
    * (C1) `async` needs a fabric operand; `activate`, `unblock` and `ut` need `async`; at most one of
      `activate` and `unblock`.
    * (C2) `builtin` is known, with its number of operands.

    ```mlir
    csl.vector "fadds"(%acc, %acc, %in) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
    ```
  }];
  let arguments = (ins StrAttr:$builtin, Variadic<CSL_DsdOperand>:$operands_, UnitAttr:$async,
                       OptionalAttr<FlatSymbolRefAttr>:$activate, OptionalAttr<FlatSymbolRefAttr>:$unblock,
                       OptionalAttr<I64Attr>:$ut);
  let assemblyFormat = [{
    $builtin `(` $operands_ `)` (`async` $async^)? (`activate` $activate^)? (`unblock` $unblock^)? (`ut` $ut^)?
    attr-dict `:` qualified(type($operands_))
  }];
  let hasVerifier = 1;
}

class CSL_TaskStateOp<string mnemonic> : CSL_Op<mnemonic> {
  let arguments = (ins FlatSymbolRefAttr:$task);
  let assemblyFormat = "$task attr-dict";
}
def CSL_ActivateOp : CSL_TaskStateOp<"activate"> { let summary = "@activate(id of task)"; }
def CSL_BlockOp : CSL_TaskStateOp<"block"> {
  let summary = "@block(id of task)";
  let description = [{Of a data task: its color on WSE-2, its input queue on WSE-3.}];
}
def CSL_UnblockOp : CSL_TaskStateOp<"unblock"> { let summary = "@unblock(id of task)"; }

def CSL_CallOp : CSL_Op<"call"> {
  let summary = "call a function of the program";
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<CSL_Scalar>:$args);
  let results = (outs Optional<CSL_Scalar>:$result);
  let assemblyFormat = "$callee `(` $args `)` attr-dict `:` functional-type($args, results)";
}

def CSL_MemberCallOp : CSL_Op<"member_call"> {
  let summary = "call a function of an imported module";
  let description = [{Used for `sys_mod.unblock_cmd_stream()`: the host's next command may run.}];
  let arguments = (ins FlatSymbolRefAttr:$module, StrAttr:$member, Variadic<CSL_Scalar>:$args);
  let results = (outs Optional<CSL_Scalar>:$result);
  let assemblyFormat = "$module $member `(` $args `)` attr-dict `:` functional-type($args, results)";
}


#endif
