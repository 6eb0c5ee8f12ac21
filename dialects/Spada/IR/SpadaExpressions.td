//===- SpadaExpressions.td - expressions ----------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Constants, reads and operators. Included by SpadaOps.td.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_EXPRESSIONS_TD
#define SPADA_EXPRESSIONS_TD

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

def Spada_MathOp : Spada_Op<"math", [Pure, SameOperandsAndResultType]> {
  let summary = "a function of a math library";
  let description = [{
    Rounded once from the exact value, or as near to it as the machine's library comes. Not in SpaDA source; stencils need it.

    * (C1) a float type.
    * (C2) `pow` has two operands, the others one.

    ```mlir
    %r = spada.math sqrt %v : f32
    ```
  }];
  let arguments = (ins Spada_MathKind:$kind, Spada_Scalar:$operand, Optional<Spada_Scalar>:$exponent);
  let results = (outs Spada_Scalar:$result);
  let assemblyFormat = "$kind $operand (`,` $exponent^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
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
