//===- SpadaKernel.td - kernels, phases and blocks ------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Ops outside compute bodies. Included by SpadaOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_KERNEL_TD
#define SPADA_KERNEL_TD

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

#endif
