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
include "mlir/IR/BuiltinTypeInterfaces.td"
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

class CSL_Type<string cppName, string typeMnemonic, list<Trait> traits = []>
    : TypeDef<CSL_Dialect, cppName, traits> { let mnemonic = typeMnemonic; }

def CSL_PtrType : CSL_Type<"Ptr", "ptr", [MemRefElementTypeInterface]> {
  let summary = "address in the PE's memory";
  let description = [{
    16 bits, in bytes. Element of a memref too: a variable that holds a pointer. What it points to is said where it is
    used (`csl.from_ptr`).
  }];
}
def CSL_DsrType : CSL_Type<"Dsr", "dsr"> {
  let summary = "data structure register";
  let description = [{Only an operand of `csl.vector`; see `csl.dsr`.}];
}
def CSL_FifoType : CSL_Type<"Fifo", "fifo"> {
  let summary = "first-in first-out buffer";
  let description = [{Only an operand of `csl.vector`; see `csl.fifo_ref`.}];
}

def CSL_MemDsdType : CSL_Type<"MemDsd", "mem_dsd"> {
  let summary = "memory data structure descriptor";
  let description = [{
    `mem1d_dsd` when `rank` is 1, else `mem4d_dsd`. Elements are of `elementType`; `none` means not known, which suits
    every operation.
  }];
  let parameters = (ins "::mlir::Type":$elementType, "unsigned":$rank);
  let assemblyFormat = "`<` $elementType `,` $rank `>`";
}
def CSL_FabinDsdType : CSL_Type<"FabinDsd", "fabin_dsd"> {
  let summary = "fabric input descriptor";
  let description = [{Reads `elementType` elements (`none`: not known) from an input queue, one a wavelet.}];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}
def CSL_FaboutDsdType : CSL_Type<"FaboutDsd", "fabout_dsd"> {
  let summary = "fabric output descriptor";
  let description = [{Writes `elementType` elements (`none`: not known) to an output queue, one a wavelet.}];
  let parameters = (ins "::mlir::Type":$elementType);
  let assemblyFormat = "`<` $elementType `>`";
}
def CSL_AnyDsd : AnyTypeOf<[CSL_MemDsdType, CSL_FabinDsdType, CSL_FaboutDsdType], "DSD">;
def CSL_Scalar : AnyTypeOf<[F16, F32, I1, I8, I16, I32, I64], "CSL run-time scalar">;
def CSL_Index : AnyTypeOf<[I16, I32, Index], "integer or index">;
def CSL_DsdOperand : AnyTypeOf<[CSL_MemDsdType, CSL_FabinDsdType, CSL_FaboutDsdType, CSL_DsrType, CSL_FifoType, F16,
                                F32, I16, I32, AnyMemRef, CSL_PtrType],
                               "DSD, DSR, FIFO, scalar, or pointer to a scalar variable">;
def CSL_Ptr : Type<CSL_PtrType.predicate, "pointer", "::spada::csl::PtrType">,
              BuildableType<"$_builder.getType<::spada::csl::PtrType>()">;
def CSL_Dsr : Type<CSL_DsrType.predicate, "data structure register", "::spada::csl::DsrType">,
              BuildableType<"$_builder.getType<::spada::csl::DsrType>()">;
def CSL_Fifo : Type<CSL_FifoType.predicate, "FIFO", "::spada::csl::FifoType">,
               BuildableType<"$_builder.getType<::spada::csl::FifoType>()">;
def CSL_Result : AnyTypeOf<[F16, F32, I1, I8, I16, I32, I64, CSL_PtrType], "CSL run-time scalar or pointer">;
def CSL_Argument : AnyTypeOf<[F16, F32, I1, I8, I16, I32, I64, CSL_PtrType, CSL_MemDsdType, CSL_FabinDsdType,
                              CSL_FaboutDsdType],
                             "CSL run-time scalar, pointer or DSD">;

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
  I32EnumAttrCase<"Local", 0, "local">, I32EnumAttrCase<"Data", 1, "data">, I32EnumAttrCase<"Control", 2, "control">,
  I32EnumAttrCase<"Teardown", 3, "teardown">, I32EnumAttrCase<"QueueEmpty", 4, "queue_empty">]> {
  let cppNamespace = "::spada::csl";
}
def CSL_HostDirection : I32EnumAttr<"HostDirection", "side of a host array", [
  I32EnumAttrCase<"In", 0, "in">, I32EnumAttrCase<"Out", 1, "out">, I32EnumAttrCase<"InOut", 2, "inout">]> {
  let cppNamespace = "::spada::csl";
}

// Numbers of the following are those of the simulator's image.
class CSL_Enum<string cppName, string what, list<I32EnumAttrCase> cases> : I32EnumAttr<cppName, what, cases> {
  let cppNamespace = "::spada::csl";
}
def CSL_PopMode : CSL_Enum<"PopMode", "which commands leave a control wavelet", [
  I32EnumAttrCase<"NoPop", 0, "no_pop">, I32EnumAttrCase<"AlwaysPop", 1, "always_pop">,
  I32EnumAttrCase<"PopOnAdvance", 2, "pop_on_advance">, I32EnumAttrCase<"PopOnAdvanceNop", 3, "pop_on_advance_nop">]>;
def CSL_FilterKind : CSL_Enum<"FilterKind", "what a filter counts or compares", [
  I32EnumAttrCase<"Counter", 0, "counter">, I32EnumAttrCase<"SparseCounter", 1, "sparse_counter">,
  I32EnumAttrCase<"Range", 2, "range">]>;
def CSL_DsrFile : CSL_Enum<"DsrFile", "file of data structure registers", [
  I32EnumAttrCase<"Dest", 0, "dest">, I32EnumAttrCase<"Src0", 1, "src0">, I32EnumAttrCase<"Src1", 2, "src1">]>;
def CSL_OnControl : CSL_Enum<"OnControl", "what a control wavelet does to an operation", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Terminate", 1, "terminate">,
  I32EnumAttrCase<"Activate", 2, "activate">, I32EnumAttrCase<"Unblock", 3, "unblock">]>;
def CSL_StateKind : CSL_Enum<"StateKind", "what an id at run time names", [
  I32EnumAttrCase<"Local", 0, "local">, I32EnumAttrCase<"Data", 1, "data">, I32EnumAttrCase<"Control", 2, "control">,
  I32EnumAttrCase<"Color", 3, "color">, I32EnumAttrCase<"InputQueue", 4, "input_queue">,
  I32EnumAttrCase<"Microthread", 5, "ut">]>;
def CSL_StateAction : CSL_Enum<"StateAction", "change of a task's state", [
  I32EnumAttrCase<"Activate", 0, "activate">, I32EnumAttrCase<"Block", 1, "block">,
  I32EnumAttrCase<"Unblock", 2, "unblock">]>;
def CSL_ClockAction : CSL_Enum<"ClockAction", "control of the cycle counter", [
  I32EnumAttrCase<"Enable", 0, "enable">, I32EnumAttrCase<"Disable", 1, "disable">,
  I32EnumAttrCase<"Reset", 2, "reset">]>;

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

def CSL_SwitchesAttr : AttrDef<CSL_Dialect, "Switches"> {
  let mnemonic = "switches";
  let summary = "switch positions of a color";
  let description = [{
    `rx` and `tx` have one set of router ports for each of the positions 1 to 3, as bits RAMP 1, NORTH 2, SOUTH 4, EAST 8,
    WEST 16. A position overrides the sides that are not 0; 0 for both: the position is invalid. `current` is the
    position at the start, 0 to 3.
    * (C1) three sets of each side, 0 to 31; `current` 0 to 3.
  }];
  let parameters = (ins ArrayRefParameter<"int64_t">:$rx, ArrayRefParameter<"int64_t">:$tx, "int64_t":$current,
                        "bool":$ring, EnumParameter<CSL_PopMode>:$popMode);
  let assemblyFormat = "`<` `rx` `[` $rx `]` `tx` `[` $tx `]` `current` $current `ring` $ring `pop` $popMode `>`";
  let genVerifyDecl = 1;
}

def CSL_FilterAttr : AttrDef<CSL_Dialect, "Filter"> {
  let mnemonic = "filter";
  let summary = "filter of a color between router and processor";
  let description = [{
    Fields of CSL's filter configuration.
    * (C1) nothing negative.
  }];
  let parameters = (ins EnumParameter<CSL_FilterKind>:$kind, DefaultValuedParameter<"bool", "false">:$countData,
                        DefaultValuedParameter<"bool", "false">:$countControl,
                        DefaultValuedParameter<"bool", "false">:$filterControl,
                        DefaultValuedParameter<"int64_t", "0">:$initCounter,
                        DefaultValuedParameter<"int64_t", "0">:$maxCounter,
                        DefaultValuedParameter<"int64_t", "0">:$limit1, DefaultValuedParameter<"int64_t", "0">:$limit2,
                        DefaultValuedParameter<"int64_t", "0">:$minIndex,
                        DefaultValuedParameter<"int64_t", "0">:$maxIndex);
  let assemblyFormat = "`<` struct(params) `>`";
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
def CSL_Priority : ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<3>]>;
def CSL_DsrNumber : ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<63>]>;
def CSL_Wrap : ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<65535>]>;
def CSL_Extent : ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<65535>]>;

// The ops, by family; they need what stands above.
include "dialects/CSL/IR/CSLLayout.td"
include "dialects/CSL/IR/CSLProgram.td"
include "dialects/CSL/IR/CSLMemory.td"
include "dialects/CSL/IR/CSLBody.td"

#endif
