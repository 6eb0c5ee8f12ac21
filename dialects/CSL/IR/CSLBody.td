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
