//===- CSLBody.td - statements of tasks and functions ---------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// DSD operations, task state and calls. Included by CSLOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef CSL_BODY_TD
#define CSL_BODY_TD

def CSL_ReturnOp : CSL_Op<"return", [ParentOneOf<["FuncOp", "TaskOp"]>]> {
  let summary = "return";
  let description = [{
    * (C1) the last op of the body.
    * (C2) the value has the function's result type; there is none without one.

    ```mlir
    csl.return
    ```
  }];
  let arguments = (ins Optional<CSL_Result>:$value);
  let assemblyFormat = "($value^ `:` type($value))? attr-dict";
  let hasVerifier = 1;
}

def CSL_AddressOfOp : CSL_SymbolUser<"address_of", [Pure]> {
  let summary = "name a module variable";
  let description = [{
    * (C1) `variable` names a `csl.variable` of the result's type, or a `csl.pointer` for `memref<!csl.ptr>`.

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

def CSL_VectorOp : CSL_SymbolUser<"vector", [AttrSizedOperandSegments]> {
  let summary = "a DSD operation such as @fadds";
  let description = [{
    `builtin` is the name without `@` (CSL language guide, DSD operations: `fmovs`, `fadds`, `fmacs`, `mov32`,
    `add16`, `fs2h`, ...). First operand is the destination (a DSD, DSR or FIFO, or a memref or `!csl.ptr` as pointer to a
    scalar), then the sources: DSDs, DSRs, FIFOs or scalars (`dfilt` has only a source). `async` runs it on a microthread;
    `activate` or `unblock` names the task triggered at its end. `ut` is the explicit microthread (WSE-3). A memref or
    pointer among the sources is a scalar variable that is read for each element; with the same variable as destination
    this is a running reduction. `index` is what descriptors with `index_offset` add. `on_control` says what a control
    wavelet on the input does, with `task` for activate and unblock. `priority`: 1 low, 2 medium, 3 high. The result says
    whether a synchronous operation on a FIFO came to its end.
    * (C1) `async` needs a fabric, DSR or FIFO operand; `activate`, `unblock` and `ut` need `async`; at most one of
      `activate` and `unblock`.
    * (C2) `builtin` is known, with its number of operands.
    * (C3) operands have the element types of the builtin, or `none`.
    * (C4) the destination is a memory or fabric output descriptor, a DSR, a FIFO, a pointer or a variable of rank 0;
      sources are memory or fabric input descriptors, DSRs, FIFOs, scalars, pointers or variables of rank 0; the last
      source of a multiply-add is a scalar, no other is; one operand at least is a vector, but for the builtins that have
      a form on scalars (`fnormh`, `fscales`, ...).
    * (C5) `activate` names a local task, `unblock` a task; so for `task` of `on_control`, which is given exactly for
      activate and unblock.

    ```mlir
    csl.vector "fadds"(%acc, %acc, %in) : !csl.mem_dsd<f32, 1>, !csl.mem_dsd<f32, 1>, !csl.fabin_dsd<f32>
    %done = csl.vector "mov32"(%to, %from) : !csl.mem_dsd<f32, 1>, !csl.fifo -> i1
    ```
  }];
  let arguments = (ins StrAttr:$builtin, Variadic<CSL_DsdOperand>:$operands_, Optional<I16>:$index, UnitAttr:$async,
                       OptionalAttr<FlatSymbolRefAttr>:$activate, OptionalAttr<FlatSymbolRefAttr>:$unblock,
                       OptionalAttr<CSL_MicrothreadNumber>:$ut, OptionalAttr<CSL_OnControl>:$on_control,
                       OptionalAttr<FlatSymbolRefAttr>:$on_control_task, OptionalAttr<CSL_Priority>:$priority);
  let results = (outs Optional<I1>:$result);
  let builders = [OpBuilder<(ins "::mlir::StringAttr":$builtin, "::mlir::ValueRange":$operands,
                                 "::mlir::UnitAttr":$async, "::mlir::FlatSymbolRefAttr":$activate,
                                 "::mlir::FlatSymbolRefAttr":$unblock, "::mlir::IntegerAttr":$ut), [{
    build($_builder, $_state, /*result=*/::mlir::Type(), builtin, operands, /*index=*/::mlir::Value(), async, activate,
          unblock, ut, /*on_control=*/nullptr, /*on_control_task=*/nullptr, /*priority=*/nullptr);
  }]>];
  let assemblyFormat = [{
    $builtin `(` $operands_ `)` (`index` $index^)? (`async` $async^)? (`activate` $activate^)? (`unblock` $unblock^)?
    (`ut` $ut^)? (`on_control` $on_control^)? (`task` $on_control_task^)? (`priority` $priority^)?
    attr-dict `:` qualified(type($operands_)) (`->` type($result)^)?
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

def CSL_SetStateOp : CSL_Op<"set_state"> {
  let summary = "@activate, @block or @unblock of an id at run time";
  let description = [{
    `id` is a number of `kind`; it need not have a task. A data task's id is its color on WSE-2 and its input queue on
    WSE-3.
    * (C1) only tasks (local, data, control) are activated.

    ```mlir
    csl.set_state block color %c
    ```
  }];
  let arguments = (ins CSL_StateAction:$action, CSL_StateKind:$kind, I16:$id);
  let assemblyFormat = "$action $kind $id attr-dict";
  let hasVerifier = 1;
}

def CSL_CallOp : CSL_SymbolUser<"call"> {
  let summary = "call a function of the program";
  let description = [{
    * (C1) `callee` names a `csl.func` with these parameter and result types.

    ```mlir
    %y = csl.call @twice(%x) : (f32) -> f32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<CSL_Argument>:$args);
  let results = (outs Optional<CSL_Result>:$result);
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

//===----------------------------------------------------------------------===//
// What the libraries are made of
//===----------------------------------------------------------------------===//

def CSL_HostUnblockOp : CSL_Op<"host_unblock"> {
  let summary = "the host's next command may run";
  let description = [{
    What `unblock_cmd_stream` of `<memcpy/memcpy>` does.

    ```mlir
    csl.host_unblock
    ```
  }];
  let assemblyFormat = "attr-dict";
}

def CSL_ReadClockOp : CSL_Op<"read_clock"> {
  let summary = "48-bit cycle counter";
  let description = [{
    ```mlir
    %low, %middle, %high = csl.read_clock
    ```
  }];
  let results = (outs I16:$low, I16:$middle, I16:$high);
  let assemblyFormat = "attr-dict";
}

def CSL_ClockControlOp : CSL_Op<"clock_control"> {
  let summary = "enable, disable or reset the cycle counter";
  let description = [{
    ```mlir
    csl.clock_control enable
    ```
  }];
  let arguments = (ins CSL_ClockAction:$action);
  let assemblyFormat = "$action attr-dict";
}

def CSL_RandomOp : CSL_Op<"random"> {
  let summary = "@random16()";
  let description = [{
    ```mlir
    %r = csl.random
    ```
  }];
  let results = (outs I16:$result);
  let assemblyFormat = "attr-dict";
}

def CSL_SeedRandomOp : CSL_Op<"seed_random"> {
  let summary = "seed of the random number generator";
  let description = [{
    ```mlir
    csl.seed_random %s
    ```
  }];
  let arguments = (ins I32:$seed);
  let assemblyFormat = "$seed attr-dict";
}

def CSL_InverseOp : CSL_Op<"inverse", [Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "1 / x";
  let description = [{
    ```mlir
    %y = csl.inverse %x : f32
    ```
  }];
  let arguments = (ins AnyTypeOf<[F16, F32]>:$value);
  let results = (outs AnyTypeOf<[F16, F32]>:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

def CSL_ScaleByOp : CSL_Op<"scale_by", [Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "x times 2 to the power of n";
  let description = [{
    ```mlir
    %y = csl.scale_by %x, %n : f32
    ```
  }];
  let arguments = (ins AnyTypeOf<[F16, F32]>:$value, I16:$exponent);
  let results = (outs AnyTypeOf<[F16, F32]>:$result);
  let assemblyFormat = "$value `,` $exponent attr-dict `:` type($value)";
}

def CSL_AssertOp : CSL_Op<"assert"> {
  let summary = "@assert(condition)";
  let description = [{
    Ends a simulation when the condition is false; no effect on hardware.

    ```mlir
    csl.assert %c, "n is even"
    ```
  }];
  let arguments = (ins I1:$condition, StrAttr:$message);
  let assemblyFormat = "$condition `,` $message attr-dict";
}

def CSL_PrintOp : CSL_Op<"print"> {
  let summary = "text for the simulation's log";
  let description = [{
    `{d}` `{u}` `{X}` `{b}` `{f}` in `format` stand for the values in order; a line ends with a newline, maybe in a later
    print; `{{` is a brace.
    * (C1) as many specifiers as values.

    ```mlir
    csl.print "n = {d}\0A"(%n : i16)
    ```
  }];
  let arguments = (ins StrAttr:$format, Variadic<CSL_Scalar>:$values);
  let assemblyFormat = "$format (`(` $values^ `:` type($values) `)`)? attr-dict";
  let hasVerifier = 1;
}

#endif
