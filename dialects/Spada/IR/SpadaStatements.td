//===- SpadaStatements.td - statements of compute blocks ------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Transfers, loops, completions and assignments. Included by SpadaOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_STATEMENTS_TD
#define SPADA_STATEMENTS_TD

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

def Spada_WhileOp : Spada_Op<"while", [NoTerminator, SingleBlock]> {
  let summary = "run a body as long as a condition holds";
  let description = [{
    Runs the body again and again. Its first statement, after the expressions that it needs, is `spada.condition`: the
    loop ends there when it is false. Not in SpaDA source; stencils need it.

    * (C1) exactly one `spada.condition`, the first statement of the body.
    * (C2) the other statements are assignments of scalars and elements, and loops.

    ```mlir
    spada.while {
      %v = spada.read "x" : f32
      %c = spada.binary lt %v, %limit : f32 -> i1
      spada.condition %c
      %w = spada.binary add %v, %v : f32 -> f32
      spada.write "x", %w : f32
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Spada_ConditionOp : Spada_Op<"condition", [HasParent<"WhileOp">]> {
  let summary = "end a loop unless it holds";
  let description = [{
    Ends the `spada.while` around it when `condition` is false.

    ```mlir
    spada.condition %c
    ```
  }];
  let arguments = (ins I1:$condition);
  let assemblyFormat = "$condition attr-dict";
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

#endif
