//===- SpadaOps.td - the SpaDA dialect -------------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Kernels, phases, place/dataflow/compute blocks, streams and completions, with parameters and compile-time
// loops kept until `spada-concretize`. Nothing here knows CSL, colors or queues.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_OPS_TD
#define SPADA_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Dialect, types, enums
//===----------------------------------------------------------------------===//

def Spada_Dialect : Dialect {
  let name = "spada";
  let cppNamespace = "::spada";
  let summary = "SpaDA spatial dataflow programs";
  let description = [{
    A kernel on a rectangular grid of processing elements (PEs); `x` grows east, `y` grows south. `place` says which
    fields a PE owns, `dataflow` which streams exist between PEs, `compute` what a PE runs. Names of fields and
    streams are strings, resolved for each PE: the nearest declaration in the same phase whose subgrid holds the PE,
    else the one at kernel level. Source: SpaDA language reference, sections 1 to 13.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

class Spada_Type<string cppName, string typeMnemonic> : TypeDef<Spada_Dialect, cppName> {
  let mnemonic = typeMnemonic;
}

def Spada_StreamType : Spada_Type<"Stream", "stream"> {
  let summary = "one PE's end of a stream";
  let description = [{The right to send to, or receive from, one stream on this PE. Not a run-time value.}];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}

def Spada_CompletionType : Spada_Type<"Completion", "completion"> {
  let summary = "the moment an asynchronous statement is finished";
  let description = [{Made by an asynchronous statement, consumed by at most one `spada.await` or by `spada.awaitall`.}];
}

/// Signed integers are signless MLIR integers, unsigned ones `ui8`, `ui16`, `ui32`; `bool` is `i1`.
def Spada_Scalar : AnyTypeOf<[F16, F32, F64, I1, I8, I16, I32, UI8, UI16, UI32], "SpaDA scalar">;
/// `index` is the type of parameter expressions (compile-time integers).
def Spada_Value : AnyTypeOf<[Spada_Scalar, Index], "SpaDA scalar or compile-time integer">;
def Spada_Selectable : AnyTypeOf<[Spada_Scalar, Index, Spada_StreamType], "scalar, compile-time integer or stream">;

def Spada_ArgumentMode : I32EnumAttr<"ArgumentMode", "how the host sees a kernel argument", [
  I32EnumAttrCase<"ReadOnly", 0, "readonly">, I32EnumAttrCase<"WriteOnly", 1, "writeonly">,
  I32EnumAttrCase<"ReadWrite", 2, "readwrite">, I32EnumAttrCase<"Scalar", 3, "scalar">,
  I32EnumAttrCase<"CompileTime", 4, "compiletime">]> {
  let cppNamespace = "::spada";
}

def Spada_StreamDirection : I32EnumAttr<"StreamDirection", "side of a host stream", [
  I32EnumAttrCase<"In", 0, "in">, I32EnumAttrCase<"Out", 1, "out">]> {
  let cppNamespace = "::spada";
}

def Spada_BinaryKind : I32EnumAttr<"BinaryKind", "binary operator", [
  I32EnumAttrCase<"Add", 0, "add">, I32EnumAttrCase<"Sub", 1, "sub">, I32EnumAttrCase<"Mul", 2, "mul">,
  I32EnumAttrCase<"Div", 3, "div">, I32EnumAttrCase<"Rem", 4, "rem">,
  I32EnumAttrCase<"Eq", 5, "eq">, I32EnumAttrCase<"Ne", 6, "ne">, I32EnumAttrCase<"Lt", 7, "lt">,
  I32EnumAttrCase<"Le", 8, "le">, I32EnumAttrCase<"Gt", 9, "gt">, I32EnumAttrCase<"Ge", 10, "ge">,
  I32EnumAttrCase<"Shl", 11, "shl">, I32EnumAttrCase<"Shr", 12, "shr">,
  I32EnumAttrCase<"And", 13, "and">, I32EnumAttrCase<"Or", 14, "or">, I32EnumAttrCase<"Xor", 15, "xor">]> {
  let cppNamespace = "::spada";
}

def Spada_UnaryKind : I32EnumAttr<"UnaryKind", "unary operator", [
  I32EnumAttrCase<"Neg", 0, "neg">, I32EnumAttrCase<"Not", 1, "not">]> {
  let cppNamespace = "::spada";
}

def Spada_SubgridOpInterface : OpInterface<"SubgridOpInterface"> {
  let cppNamespace = "::spada";
  let description = [{
    A block tied to a strided rectangle of PEs: `x` in `xLo, xLo + xStep, ...` below `xHi`, and `y` likewise. Bounds
    are `index` values; steps are at least 1; an empty range covers no PE.
  }];
  let methods = [
    InterfaceMethod<"", "::mlir::Value", "getXLo">, InterfaceMethod<"", "::mlir::Value", "getXHi">,
    InterfaceMethod<"", "::mlir::Value", "getXStep">, InterfaceMethod<"", "::mlir::Value", "getYLo">,
    InterfaceMethod<"", "::mlir::Value", "getYHi">, InterfaceMethod<"", "::mlir::Value", "getYStep">,
    InterfaceMethod<"source names of the two subgrid variables", "::mlir::ArrayAttr", "getNames">,
  ];
}

class Spada_Op<string mnemonic, list<Trait> traits = []> : Op<Spada_Dialect, mnemonic, traits>;

/// An asynchronous statement: its only result is the completion.
class Spada_AsyncOp<string mnemonic, list<Trait> traits = []> : Spada_Op<mnemonic, traits> {
  code asyncDoc = [{ `name` is the completion's name in the source, when it has one. }];
}

//===----------------------------------------------------------------------===//
// Kernel level
//===----------------------------------------------------------------------===//

def Spada_KernelOp : Spada_Op<"kernel", [Symbol, NoTerminator, SingleBlock, IsolatedFromAbove]> {
  let summary = "a SpaDA kernel";
  let description = [{
    The block arguments are the parameters, of type `index`, named by `param_names`. The body holds arguments, place,
    dataflow and compute blocks, phases, compile-time loops and the parameter expressions that they use. `preconditions`
    maps a parameter's name to its least value (from a `// spada-precondition:` line).

    In concrete form (after `spada-concretize`) there are no parameters; the discardable attributes `bindings` and
    `grid` say which values were bound and how large the rectangle of PEs is.

    * (C1) as many block arguments as `param_names`, all of type `index`; the names differ.
    * (C2) `preconditions` names parameters and gives integers.
    * (C3) the body holds only arguments, blocks, phases, compile-time loops and parameter expressions.
    * (C4) argument names differ.

    ```mlir
    spada.kernel @copy ["N"] {
    ^bb0(%N: index):
      %0 = spada.constant 0 : index
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$param_names, OptionalAttr<DictionaryAttr>:$preconditions);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name $param_names attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Spada_ArgumentOp : Spada_Op<"argument", [AttrSizedOperandSegments]> {
  let summary = "an argument of the kernel";
  let description = [{
    A host array of streams (`readonly`, `writeonly`, `readwrite`) with `bound` elements in each stream (absent:
    unbounded, streaming) and one stream for each point of `dims` (none: one PE); or a run-time `scalar`; or a
    `compiletime` value. Array shape on the host: `dims` followed by `bound`.

    * (C1) `scalar` and `compiletime` arguments have neither bound nor dims.
    * (C2) the element type is a SpaDA scalar.
    * (C3) at most two dims.

    ```mlir
    spada.argument "src" readonly f32 bound %K dims(%N, %one)
    ```
  }];
  let arguments = (ins StrAttr:$name, Spada_ArgumentMode:$mode, TypeAttr:$element_type, Optional<Index>:$bound,
                       Variadic<Index>:$dims);
  let assemblyFormat = "$name $mode $element_type (`bound` $bound^)? (`dims` `(` $dims^ `)`)? attr-dict";
  let hasVerifier = 1;
}

def Spada_PhaseOp : Spada_Op<"phase", [NoTerminator, SingleBlock]> {
  let summary = "one phase";
  let description = [{
    A PE walks the phases that cover it in textual order and awaits everything at the end of each. No global barrier.

    * (C1) holds only blocks, compile-time loops and parameter expressions.

    ```mlir
    spada.phase { }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Spada_MetaForOp : Spada_Op<"meta_for", [NoTerminator, SingleBlock]> {
  let summary = "compile-time loop over blocks";
  let description = [{
    Copies its body for each value of the block argument (`index`) from `lo` below `hi` by `step`. `name` and `type` are
    those of the source. Unrolled by `spada-concretize`.

    * (C1) one block argument, of type `index`.
    * (C2) holds only blocks, phases, compile-time loops and parameter expressions; no phase inside a phase.
    * (C3) `type` is an integer type of SpaDA.

    ```mlir
    spada.meta_for "s" i16 = %c0 to %L step %c1 {
    ^bb0(%s: index):
      spada.phase { }
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, TypeAttr:$type, Index:$lo, Index:$hi, Index:$step);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$name $type `=` $lo `to` $hi `step` $step attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

class Spada_BlockOp<string mnemonic> : Spada_Op<mnemonic,
    [NoTerminator, SingleBlock, DeclareOpInterfaceMethods<Spada_SubgridOpInterface>]> {
  let arguments = (ins StrArrayAttr:$names, Index:$xLo, Index:$xHi, Index:$xStep, Index:$yLo, Index:$yHi, Index:$yStep);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $names `in` `(` $xLo `to` $xHi `step` $xStep `,` $yLo `to` $yHi `step` $yStep `)` attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}

def Spada_PlaceOp : Spada_BlockOp<"place"> {
  let summary = "fields of a subgrid of PEs";
  let description = [{
    * (C1) two block arguments (the subgrid variables) of integer type, named by `names`.
    * (C2) holds only `spada.field` and parameter expressions.
    * (C3) the names of its fields differ.

    ```mlir
    spada.place ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      spada.field "a" f32 dims(%K)
    }
    ```
  }];
}

def Spada_DataflowOp : Spada_BlockOp<"dataflow"> {
  let summary = "streams of a subgrid of PEs";
  let description = [{
    * (C1) two block arguments (the subgrid variables) of integer type, named by `names`.
    * (C2) holds only `spada.stream`, `spada.extern_stream` and parameter expressions.
    * (C3) the names of its streams differ.

    ```mlir
    spada.dataflow ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      spada.stream "east" f32 offset(%c1, %c0)
    }
    ```
  }];
}

def Spada_ComputeOp : Spada_BlockOp<"compute"> {
  let summary = "the program of a subgrid of PEs";
  let description = [{
    Statements run in order; asynchronous ones give a completion. The block arguments are the subgrid variables: the
    PE's coordinates.

    * (C1) two block arguments of integer type, named by `names`.
    * (C2) holds only statements and expressions.

    ```mlir
    spada.compute ["i", "j"] in (%c0 to %N step %c1, %c0 to %c1 step %c1) {
    ^bb0(%i: i16, %j: i16):
      %s = spada.stream_ref "east" : !spada.stream<f32>
      %tx = spada.send "a" to %s : !spada.stream<f32>
      spada.await %tx
    }
    ```
  }];
}

def Spada_FieldOp : Spada_Op<"field", [HasParent<"PlaceOp">]> {
  let summary = "a field on each PE of the place block";
  let description = [{
    An array of shape `dims`, row-major, or a scalar when there are none. Zero before the first write. `extern` marks
    the storage of a bounded argument in lowered programs.

    * (C1) the element type is a SpaDA scalar.

    ```mlir
    spada.field "a" f32 dims(%K)
    ```
  }];
  let arguments = (ins StrAttr:$name, TypeAttr:$element_type, Variadic<Index>:$dims, UnitAttr:$is_extern);
  let assemblyFormat = "(`extern` $is_extern^)? $name $element_type (`dims` `(` $dims^ `)`)? attr-dict";
  let hasVerifier = 1;
}

def Spada_StreamOp : Spada_Op<"stream", [HasParent<"DataflowOp">, AttrSizedOperandSegments]> {
  let summary = "a relative stream";
  let description = [{
    On PE `(i, j)`: the right to send to `(i+dx, j+dy)` and to receive from `(i-dx, j-dy)`. `dxStop` or `dyStop` makes
    that axis a multicast range `[dx:dxStop]` (positive, or negative and descending); the other offset is then 0.
    `hops` lists unit steps `x0, y0, x1, y1, ...`; absent means automatic (first x, then y). `channel` absent means
    automatic. `bound` is the number of elements on each edge; `count` is accepted and equal to it.

    * (C1) the element type is a SpaDA scalar.
    * (C2) at most one axis is a multicast range.
    * (C3) `hops` is a list of unit steps.

    ```mlir
    spada.stream "west" f32 bound %K offset(%m2, %c0) hops [-1, 0, -1, 0] channel %c3
    spada.stream "down" f32 offset(%c0, %c1 to %M)
    ```
  }];
  let arguments = (ins StrAttr:$name, TypeAttr:$element_type, Optional<Index>:$bound, Index:$dx, Optional<Index>:$dxStop,
                       Index:$dy, Optional<Index>:$dyStop, OptionalAttr<DenseI64ArrayAttr>:$hops,
                       Optional<Index>:$channel, Optional<Index>:$count);
  let assemblyFormat = [{
    $name $element_type (`bound` $bound^)? `offset` `(` $dx (`to` $dxStop^)? `,` $dy (`to` $dyStop^)? `)`
    (`hops` $hops^)? (`channel` $channel^)? (`count` $count^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Spada_ExternStreamOp : Spada_Op<"extern_stream", [HasParent<"DataflowOp">]> {
  let summary = "a stream from or to the host";
  let description = [{
    What an unbounded stream argument stands for; legal in source, hardly ever written.

    * (C1) the element type is a SpaDA scalar.

    ```mlir
    spada.extern_stream "host" in f32
    ```
  }];
  let arguments = (ins StrAttr:$name, Spada_StreamDirection:$direction, TypeAttr:$element_type, Optional<Index>:$bound);
  let assemblyFormat = "$name $direction $element_type (`bound` $bound^)? attr-dict";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

def Spada_StreamRefOp : Spada_Op<"stream_ref", [Pure]> {
  let summary = "name a stream of this PE";
  let description = [{
    The declaration is found for each PE: in the same phase, else at kernel level.

    ```mlir
    %s = spada.stream_ref "east" : !spada.stream<f32>
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Spada_StreamType:$result);
  let assemblyFormat = "$name attr-dict `:` qualified(type($result))";
}

def Spada_ArgumentRefOp : Spada_Op<"argument_ref", [Pure]> {
  let summary = "name the stream of a kernel argument at an index";
  let description = [{
    `indices` are a subgrid variable, optionally plus or minus a parameter expression, one for each dimension of the
    argument (trailing ones may be left out). None for an argument without dims.

    * (C1) the indices are integers.

    ```mlir
    %s = spada.argument_ref "src"[%i, %j : i16, i16] : !spada.stream<f32>
    ```
  }];
  let arguments = (ins StrAttr:$name, Variadic<Spada_Value>:$indices);
  let results = (outs Spada_StreamType:$result);
  let assemblyFormat = "$name (`[` $indices^ `:` type($indices) `]`)? attr-dict `:` qualified(type($result))";
  let hasVerifier = 1;
}

def Spada_SendOp : Spada_AsyncOp<"send"> {
  let summary = "send a whole field";
  let description = [{
    Moves every element of `field`, row-major, into `stream`; complete when the field may be overwritten.
    * (C1) the field's element type is the stream's (checked where the declarations are known).

    ```mlir
    %tx = spada.send "a" to %s {name = "tx"} : !spada.stream<f32>
    ```
  }];
  let arguments = (ins StrAttr:$field, Spada_StreamType:$stream, OptionalAttr<StrAttr>:$name);
  let results = (outs Spada_CompletionType:$completion);
  let assemblyFormat = "$field `to` $stream attr-dict `:` qualified(type($stream))";
}

def Spada_SendValueOp : Spada_AsyncOp<"send_value"> {
  let summary = "send one value";
  let description = [{
    Complete when the value has been taken.

    * (C1) the type of `value` is the stream's element type.

    ```mlir
    %tx = spada.send_value %v to %s : f32, !spada.stream<f32>
    ```
  }];
  let arguments = (ins Spada_Scalar:$value, Spada_StreamType:$stream, OptionalAttr<StrAttr>:$name);
  let results = (outs Spada_CompletionType:$completion);
  let assemblyFormat = "$value `to` $stream attr-dict `:` type($value) `,` qualified(type($stream))";
  let hasVerifier = 1;
}

def Spada_ReceiveOp : Spada_AsyncOp<"receive"> {
  let summary = "receive into a field or one of its elements";
  let description = [{
    Without indices: as many elements as `field` holds, row-major. With indices: one element.

    * (C1) the indices are integers.

    ```mlir
    %rx = spada.receive "a" from %s : !spada.stream<f32>
    %one = spada.receive "a"[%k : i16] from %s : !spada.stream<f32>
    ```
  }];
  let arguments = (ins StrAttr:$field, Variadic<Spada_Value>:$indices, Spada_StreamType:$stream,
                       OptionalAttr<StrAttr>:$name);
  let results = (outs Spada_CompletionType:$completion);
  let assemblyFormat = [{
    $field (`[` $indices^ `:` type($indices) `]`)? `from` $stream attr-dict `:` qualified(type($stream))
  }];
  let hasVerifier = 1;
}

def Spada_ForeachOp : Spada_AsyncOp<"foreach", [AttrSizedOperandSegments, NoTerminator, SingleBlock]> {
  let summary = "run a body for each received element";
  let description = [{
    Block arguments: one index variable for each range, then the element. One body run for each element in arrival
    order, exactly as many as the ranges have points (last range fastest); with no range, until the producer ends
    (kernel arguments only). `names` are the source names of the block arguments.

    * (C1) `lo`, `hi` and `step` are equally long; one more block argument than ranges.
    * (C2) the last block argument has the stream's element type.
    * (C3) the index variables are integers.

    ```mlir
    %f = spada.foreach ["k", "x"] from %s range(%c0) to(%K) step(%c1) : !spada.stream<f32> {
    ^bb0(%k: i16, %x: f32):
      spada.write "a"[%k : i16], %x : f32
    }
    ```
  }];
  let arguments = (ins Spada_StreamType:$stream, Variadic<Index>:$lo, Variadic<Index>:$hi, Variadic<Index>:$step,
                       StrArrayAttr:$names, OptionalAttr<StrAttr>:$name);
  let results = (outs Spada_CompletionType:$completion);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $names `from` $stream `range` `(` $lo `)` `to` `(` $hi `)` `step` `(` $step `)` attr-dict `:`
    qualified(type($stream)) $body
  }];
  let hasVerifier = 1;
}

class Spada_LoopOp<string mnemonic, dag results_> : Spada_Op<mnemonic,
    [AttrSizedOperandSegments, NoTerminator, SingleBlock]> {
  let arguments = (ins Variadic<Index>:$lo, Variadic<Index>:$hi, Variadic<Index>:$step, StrArrayAttr:$names,
                       OptionalAttr<StrAttr>:$name);
  let results = results_;
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$names `range` `(` $lo `)` `to` `(` $hi `)` `step` `(` $step `)` attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Spada_MapOp : Spada_LoopOp<"map", (outs Spada_CompletionType:$completion)> {
  let summary = "unordered data-parallel loop nest";
  let description = [{
    One body run for each point of the ranges, in any order; no dependence between runs.

    * (C1) `lo`, `hi`, `step` and the block arguments are equally many.
    * (C2) the block arguments are integers.

    ```mlir
    %m = spada.map ["k"] range(%c0) to(%K) step(%c1) {
    ^bb0(%k: i16):
      %v = spada.read "a"[%k : i16] : f32
      spada.write "b"[%k : i16], %v : f32
    }
    ```
  }];
}

def Spada_ForOp : Spada_LoopOp<"for", (outs)> {
  let summary = "sequential loop nest";
  let description = [{
    First variable outermost. A negative step counts down from `lo` while above `hi`.

    * (C1) `lo`, `hi`, `step` and the block arguments are equally many.
    * (C2) the block arguments are integers.

    ```mlir
    spada.for ["k"] range(%c0) to(%K) step(%c1) {
    ^bb0(%k: i16):
      %v = spada.read "a"[%k : i16] : f32
      spada.write "sum", %v : f32
    }
    ```
  }];
}

def Spada_AsyncBlockOp : Spada_AsyncOp<"async", [NoTerminator, SingleBlock]> {
  let summary = "run a body as a task of its own";
  let description = [{
    Complete when the last statement of the body is. The body runs beside the statements that follow.

    ```mlir
    %t = spada.async {
      spada.write "x", %v : f32
    }
    ```
  }];
  let arguments = (ins OptionalAttr<StrAttr>:$name);
  let results = (outs Spada_CompletionType:$completion);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
}

def Spada_CloseOp : Spada_AsyncOp<"close"> {
  let summary = "end this PE's use of a stream";
  let description = [{
    After it this PE neither sends nor receives on the stream; its channel may be used by another one.

    ```mlir
    %c = spada.close %s : !spada.stream<f32>
    spada.await %c
    ```
  }];
  let arguments = (ins Spada_StreamType:$stream, OptionalAttr<StrAttr>:$name);
  let results = (outs Spada_CompletionType:$completion);
  let assemblyFormat = "$stream attr-dict `:` qualified(type($stream))";
}

def Spada_AwaitOp : Spada_Op<"await"> {
  let summary = "block until a completion";
  let description = [{
    Statements after it run when the statement that made `completion` is complete.

    ```mlir
    spada.await %tx
    ```
  }];
  let arguments = (ins Spada_CompletionType:$completion);
  let assemblyFormat = "$completion attr-dict";
}

def Spada_AwaitAllOp : Spada_Op<"awaitall"> {
  let summary = "block until every outstanding completion of the block";
  let description = [{
    Waits for all asynchronous statements that the block has started: the compute block, or the asynchronous body
    (`async`, `map`, `foreach`) that holds it. Each run of a loop's body ends when all that it started is complete.

    ```mlir
    spada.awaitall
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def Spada_WriteOp : Spada_Op<"write"> {
  let summary = "assign a scalar field or an element";
  let description = [{
    Indices may be run-time values; out of bounds is a trap.

    * (C1) the indices are integers.

    ```mlir
    spada.write "a"[%k : i16], %v : f32
    ```
  }];
  let arguments = (ins StrAttr:$field, Variadic<Spada_Value>:$indices, Spada_Scalar:$value);
  let assemblyFormat = "$field (`[` $indices^ `:` type($indices) `]`)? `,` $value attr-dict `:` type($value)";
  let hasVerifier = 1;
}

def Spada_AssignOp : Spada_Op<"assign", [SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "assign a whole array, element by element";
  let description = [{
    `field[i...] = yielded value` for every point of the field's shape; the block arguments (`i32`) are the point.
    All reads see the values before the assignment.

    * (C1) the block arguments are `i32`.

    ```mlir
    spada.assign "b" {
    ^bb0(%i: i32):
      %0 = spada.read "a"[%i : i32] : f32
      spada.yield %0 : f32
    }
    ```
  }];
  let arguments = (ins StrAttr:$field);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$field attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Spada_YieldOp : Spada_Op<"yield", [Terminator, Pure, HasParent<"AssignOp">]> {
  let summary = "the value of an element";
  let description = [{
    Ends the body of `spada.assign`.

    ```mlir
    spada.yield %v : f32
    ```
  }];
  let arguments = (ins Spada_Scalar:$value);
  let builders = [OpBuilder<(ins), [{/* only for parsing an empty region */}]>];
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

def Spada_ConstantOp : Spada_Op<"constant", [ConstantLike, Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "a literal";
  let description = [{
    A number of its type, or a compile-time integer.

    ```mlir
    %c4 = spada.constant 4 : index
    %half = spada.constant 5.000000e-01 : f32
    ```
  }];
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs Spada_Value:$result);
  let assemblyFormat = "$value attr-dict";
  let hasFolder = 1;
}

def Spada_ScalarRefOp : Spada_Op<"scalar_ref", [Pure]> {
  let summary = "the value of a scalar or compile-time argument";
  let description = [{
    The same on every PE. Compile-time ones are replaced by `spada-concretize`.

    ```mlir
    %alpha = spada.scalar_ref "alpha" : f32
    ```
  }];
  let arguments = (ins StrAttr:$name);
  let results = (outs Spada_Scalar:$result);
  let assemblyFormat = "$name attr-dict `:` type($result)";
}

def Spada_ReadOp : Spada_Op<"read"> {
  let summary = "read a scalar field or an element";
  let description = [{
    Indices may be run-time values; out of bounds is a trap.

    * (C1) the indices are integers.

    ```mlir
    %v = spada.read "a"[%k : i16] : f32
    ```
  }];
  let arguments = (ins StrAttr:$field, Variadic<Spada_Value>:$indices);
  let results = (outs Spada_Scalar:$result);
  let assemblyFormat = "$field (`[` $indices^ `:` type($indices) `]`)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Spada_BinaryOp : Spada_Op<"binary", [Pure, SameTypeOperands]> {
  let summary = "a binary operator";
  let description = [{
    Integers wrap at their width; `div` of two integers is floor division and `rem` has the sign of the divisor, at
    compile time and at run time alike (SpaDA reference, section 4); floats follow IEEE 754 with one rounding for
    each operator. Comparisons give `i1`. `shr` is arithmetic on signed types. `rem` of two floats has the sign of the
    divisor too. Division of integers by zero and a shift by less than 0 or by the width or more are run-time traps.
    Compile-time integers (`index`) have 64 bits and never wrap: what overflows, and a division with a remainder, is
    an error in `spada-concretize`. A `bool` counts as 0 or 1.

    * (C1) comparisons have result type `i1`, the others the type of their operands.
    * (C2) `and`, `or`, `xor`, `shl`, `shr` take no floats.

    ```mlir
    %0 = spada.binary add %a, %b : f32 -> f32
    ```
  }];
  let arguments = (ins Spada_BinaryKind:$kind, Spada_Value:$lhs, Spada_Value:$rhs);
  let results = (outs Spada_Value:$result);
  let assemblyFormat = "$kind $lhs `,` $rhs attr-dict `:` type($lhs) `->` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Spada_UnaryOp : Spada_Op<"unary", [Pure, SameOperandsAndResultType]> {
  let summary = "a unary operator";
  let description = [{
    `neg` negates a number; `not` inverts a bool or the bits of an integer.

    * (C1) `not` takes no floats.

    ```mlir
    %n = spada.unary neg %v : f32
    ```
  }];
  let arguments = (ins Spada_UnaryKind:$kind, Spada_Value:$operand);
  let results = (outs Spada_Value:$result);
  let assemblyFormat = "$kind $operand attr-dict `:` type($operand)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Spada_SelectOp : Spada_Op<"select", [Pure, AllTypesMatch<["whenTrue", "whenFalse", "result"]>]> {
  let summary = "conditional value";
  let description = [{
    Both arms are evaluated. Of streams: the condition must fold at compile time.

    ```mlir
    %m = spada.select %less, %a, %b : f32
    ```
  }];
  let arguments = (ins I1:$condition, Spada_Selectable:$whenTrue, Spada_Selectable:$whenFalse);
  let results = (outs Spada_Selectable:$result);
  let assemblyFormat = "$condition `,` $whenTrue `,` $whenFalse attr-dict `:` qualified(type($result))";
  let hasFolder = 1;
}

def Spada_FmacOp : Spada_Op<"fmac", [Pure, SameOperandsAndResultType]> {
  let summary = "a + b * c";
  let description = [{
    Two roundings, as `a + b * c` written out.

    ```mlir
    %r = spada.fmac %a, %b, %c : f32
    ```
  }];
  let arguments = (ins Spada_Scalar:$a, Spada_Scalar:$b, Spada_Scalar:$c);
  let results = (outs Spada_Scalar:$result);
  let assemblyFormat = "$a `,` $b `,` $c attr-dict `:` type($result)";
}

def Spada_CastOp : Spada_Op<"cast", [Pure]> {
  let summary = "convert between scalar types";
  let description = [{
    Float to integer truncates towards zero; to `i1` is `!= 0`; narrowing integers wrap; `index` to any scalar is exact or
    an error in `spada-concretize`. A float that no value of the integer type is the truncation of is a run-time trap.

    ```mlir
    %h = spada.cast %v : f32 to f16
    ```
  }];
  let arguments = (ins Spada_Value:$operand);
  let results = (outs Spada_Value:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasFolder = 1;
}

#endif
