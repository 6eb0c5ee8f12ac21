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

// The ops, by family; they need what stands above.
include "dialects/CSL/IR/CSLLayout.td"
include "dialects/CSL/IR/CSLProgram.td"
include "dialects/CSL/IR/CSLBody.td"

#endif
