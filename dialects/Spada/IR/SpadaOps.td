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

def Spada_MathKind : I32EnumAttr<"MathKind", "function of a math library", [
  I32EnumAttrCase<"Sqrt", 0, "sqrt">, I32EnumAttrCase<"Exp", 1, "exp">, I32EnumAttrCase<"Log", 2, "log">,
  I32EnumAttrCase<"Sin", 3, "sin">, I32EnumAttrCase<"Cos", 4, "cos">, I32EnumAttrCase<"Tanh", 5, "tanh">,
  I32EnumAttrCase<"Floor", 6, "floor">, I32EnumAttrCase<"Ceil", 7, "ceil">, I32EnumAttrCase<"Abs", 8, "abs">,
  I32EnumAttrCase<"Pow", 9, "pow">, I32EnumAttrCase<"Asin", 10, "asin">, I32EnumAttrCase<"Acos", 11, "acos">,
  I32EnumAttrCase<"Atan", 12, "atan">, I32EnumAttrCase<"Sinh", 13, "sinh">, I32EnumAttrCase<"Cosh", 14, "cosh">,
  I32EnumAttrCase<"Asinh", 15, "asinh">, I32EnumAttrCase<"Acosh", 16, "acosh">, I32EnumAttrCase<"Atanh", 17, "atanh">,
  I32EnumAttrCase<"Log10", 18, "log10">, I32EnumAttrCase<"Cbrt", 19, "cbrt">, I32EnumAttrCase<"Erf", 20, "erf">,
  I32EnumAttrCase<"Erfc", 21, "erfc">, I32EnumAttrCase<"Gamma", 22, "gamma">]> {
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

// The ops, by family; they need what stands above.
include "dialects/Spada/IR/SpadaKernel.td"
include "dialects/Spada/IR/SpadaStatements.td"
include "dialects/Spada/IR/SpadaExpressions.td"

#endif
