//===- StencilOps.td - the stencil dialect ---------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// GTScript programs: fields, vertical sections and the statements that run plane by plane. Nothing here knows PEs,
// loops or memory layouts.
//
//===----------------------------------------------------------------------===//

#ifndef STENCIL_OPS_TD
#define STENCIL_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Stencil_Dialect : Dialect {
  let name = "stencil";
  let cppNamespace = "::spada::stencil";
  let summary = "GTScript stencil programs";
  let description = [{
    A program on a box of `ni x nj x nk` points, the *domain*. Axis I and J are horizontal, K is vertical and counts
    *levels* from the bottom. Fields are mutable arrays over some of the axes; element (0, 0, 0) of the domain is at
    the caller's origin, and reads may leave the domain horizontally and, as far as the caller's array reaches, vertically.

    A program runs its sections one after the other. Within a section, *point-wise* code (`arith`, `math`, `scf` and the ops
    `stencil.read`, `stencil.write`, `stencil.level` and so on) stands in `stencil.statement`, which is executed for whole planes:
    every point of a plane has finished a statement before the next statement starts there. Source: GTScript language
    reference, sections 6 to 12.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 0;
}

//===----------------------------------------------------------------------===//
// Enums, types, attributes
//===----------------------------------------------------------------------===//

class Stencil_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::spada::stencil";
  let genSpecializedAttr = 0;
}
class Stencil_EnumAttr<EnumAttrInfo info, string attrMnemonic> : EnumAttr<Stencil_Dialect, info, attrMnemonic>;

/// Bit 0 is I, bit 1 is J, bit 2 is K.
def Stencil_Axes : Stencil_Enum<"Axes", "the spatial axes of a field", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"I", 1>, I32EnumAttrCase<"J", 2>, I32EnumAttrCase<"IJ", 3>,
  I32EnumAttrCase<"K", 4>, I32EnumAttrCase<"IK", 5>, I32EnumAttrCase<"JK", 6>, I32EnumAttrCase<"IJK", 7>]>;

def Stencil_Order : Stencil_Enum<"Order", "the order in which a section visits its levels", [
  I32EnumAttrCase<"Parallel", 0, "parallel">, I32EnumAttrCase<"Forward", 1, "forward">,
  I32EnumAttrCase<"Backward", 2, "backward">]>;
def Stencil_OrderAttr : Stencil_EnumAttr<Stencil_Order, "order">;

def Stencil_Access : Stencil_Enum<"Access", "how a program uses an argument", [
  I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Read", 1, "read">,
  I32EnumAttrCase<"Write", 2, "write">, I32EnumAttrCase<"ReadWrite", 3, "readwrite">]>;
def Stencil_AccessAttr : Stencil_EnumAttr<Stencil_Access, "access">;

/// How much of a temporary has to be kept; a finding of `stencil-demote-temporaries`.
def Stencil_Storage : Stencil_Enum<"Storage", "how much of a temporary is alive at one time", [
  I32EnumAttrCase<"Volume", 0, "volume">, I32EnumAttrCase<"Column", 1, "column">,
  I32EnumAttrCase<"Plane", 2, "plane">]>;
def Stencil_StorageAttr : Stencil_EnumAttr<Stencil_Storage, "storage">;

def Stencil_Edge : Stencil_Enum<"Edge", "the end of an axis of the domain that a bound is counted from", [
  I32EnumAttrCase<"Start", 0, "start">, I32EnumAttrCase<"End", 1, "end">]>;

class Stencil_Attr<string cppName, string attrMnemonic> : AttrDef<Stencil_Dialect, cppName> {
  let mnemonic = attrMnemonic;
}

def Stencil_BoundAttr : Stencil_Attr<"Bound", "bound"> {
  let summary = "a position on an axis, relative to an end of the domain";
  let description = [{
    `start + offset` is index `offset`; `end + offset` is index `n + offset` where `n` is the size of the domain on that axis. In GTScript,
    level `-1` as an interval's end is `end - 1`, and `I[-1]` is `end - 1`.
  }];
  let parameters = (ins "::spada::stencil::Edge":$edge, "int64_t":$offset);
  let assemblyFormat = "`<` $edge `,` $offset `>`";
  let extraClassDeclaration = [{
    /// The index for a domain of `size` points on this axis.
    int64_t at(int64_t size) const { return getOffset() + (getEdge() == Edge::End ? size : 0); }
  }];
}

def Stencil_RegionAttr : Stencil_Attr<"Region", "region"> {
  let summary = "a rectangle in the plane, relative to the domain";
  let description = [{
    Half-open ranges on I and J; a missing bound leaves that side open, so that the rectangle reaches as far as the plane is extended. Prints as
    `#stencil.region<start:start + 1, :end + -1>`. Source: `horizontal(region[...])`, GTScript language reference, section 8.
  }];
  let parameters = (ins OptionalParameter<"::spada::stencil::BoundAttr">:$iStart, OptionalParameter<"::spada::stencil::BoundAttr">:$iEnd,
    OptionalParameter<"::spada::stencil::BoundAttr">:$jStart, OptionalParameter<"::spada::stencil::BoundAttr">:$jEnd);
  let hasCustomAssemblyFormat = 1;
}

def Stencil_ExtentAttr : Stencil_Attr<"Extent", "extent"> {
  let summary = "how far beyond the domain something is computed or read";
  let description = [{
    The points `iLo <= i < ni + iHi`, `jLo <= j < nj + jHi`; lower ends are zero or negative for computed extents.
    Prints as `#stencil.extent<[iLo, iHi], [jLo, jHi]>`. Source: GTScript language reference, section 12.
  }];
  let parameters = (ins "int64_t":$iLo, "int64_t":$iHi, "int64_t":$jLo, "int64_t":$jHi);
  let assemblyFormat = "`<` `[` $iLo `,` $iHi `]` `,` `[` $jLo `,` $jHi `]` `>`";
  let extraClassDeclaration = [{
    bool isZero() const { return !getILo() && !getIHi() && !getJLo() && !getJHi(); }
  }];
}

def Stencil_BoundaryAttr : Stencil_Attr<"Boundary", "boundary"> {
  let summary = "the halo that a field argument must have around the domain";
  let description = [{
    For each of I, J and K the number of points below and above the domain that the program may touch; a negative number says that the outermost
    points of the domain are not touched. Prints as `#stencil.boundary<[1, 1], [0, 2], [0, -1]>`. Source: GTScript language reference, section 12.
  }];
  let parameters = (ins "int64_t":$iLower, "int64_t":$iUpper, "int64_t":$jLower, "int64_t":$jUpper,
    "int64_t":$kLower, "int64_t":$kUpper);
  let assemblyFormat = [{`<` `[` $iLower `,` $iUpper `]` `,` `[` $jLower `,` $jUpper `]` `,` `[` $kLower `,` $kUpper `]` `>`}];
}

def Stencil_FieldType : TypeDef<Stencil_Dialect, "Field"> {
  let mnemonic = "field";
  let summary = "an array over some axes of the domain";
  let description = [{
    `!stencil.field<IJK, f64>`, `!stencil.field<IJ, f32, [3, 2]>` with data dimensions 3 and 2 at every point, and
    `!stencil.field<none, f64, [7]>` for a table without spatial axes. A value of this type names storage; it is not a copy.
  }];
  let parameters = (ins EnumParameter<Stencil_Axes>:$axes, "::mlir::Type":$elementType,
    OptionalArrayRefParameter<"int64_t">:$dataDims);
  let assemblyFormat = "`<` $axes `,` $elementType (`,` `[` $dataDims^ `]`)? `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    bool hasI() const { return static_cast<unsigned>(getAxes()) & 1; }
    bool hasJ() const { return static_cast<unsigned>(getAxes()) & 2; }
    bool hasK() const { return static_cast<unsigned>(getAxes()) & 4; }
    bool hasAxis(unsigned axis) const { return static_cast<unsigned>(getAxes()) >> axis & 1; }
    /// Spatial axes and data dimensions together.
    unsigned getRank() const { return hasI() + hasJ() + hasK() + getDataDims().size(); }
  }];
}

/// `bool` is `i1`; integers are signed and signless. `f16` has no counterpart in GT4Py.
def Stencil_Scalar : AnyTypeOf<[I1, I8, I16, I32, I64, F16, F32, F64], "GTScript scalar">;

class Stencil_Op<string mnemonic, list<Trait> traits = []> : Op<Stencil_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Program structure
//===----------------------------------------------------------------------===//

def Stencil_ProgramOp : Stencil_Op<"program", [
    FunctionOpInterface, IsolatedFromAbove, SingleBlock, NoTerminator, OpAsmOpInterface]> {
  let summary = "one stencil";
  let description = [{
    Arguments are fields and scalars in the order of the source, unused ones included. The body is a list of
    `stencil.temporary`, `stencil.section` and constant ops. Attributes of an argument:

    | attribute | meaning |
    |---|---|
    | `stencil.name` | its name in the source; always present |
    | `stencil.default` | the default of a scalar (typed), or unit for a field that may be absent (`None`) |
    | `stencil.access` | `#stencil.access<...>`, set by `stencil-infer-extents` |
    | `stencil.boundary` | the halo of a field, `#stencil.boundary<...>`, set by `stencil-infer-extents` |
    | `stencil.levels` | `array<i64: below, above>`: levels of a caller's array outside of the domain, where a target keeps its own copy |
    | `stencil.literal` | unit on a scalar whose type came from an untyped annotation (`int`, `float`) |

    `min_levels`, set by `stencil-infer-extents`, is the least number of levels that the intervals need. `domain`, if present, fixes the
    size of the domain in points.

    ```mlir
    stencil.program @copy(%in: !stencil.field<IJK, f64> {stencil.name = "in"},
                          %out: !stencil.field<IJK, f64> {stencil.name = "out"}) {
      stencil.section parallel [start, end) {
        stencil.statement {
          %0 = stencil.read %in[0, 0, 0] : !stencil.field<IJK, f64>
          stencil.write %0, %out : !stencil.field<IJK, f64>
        }
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
    OptionalAttr<DenseI64ArrayAttr>:$domain, OptionalAttr<I64Attr>:$min_levels,
    OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::mlir::ArrayRef<::mlir::Type> getResultTypes() { return {}; }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    /// The name of argument `index` in the source.
    ::mlir::StringRef getArgName(unsigned index);
    /// What `stencil-infer-extents` found; nothing before it ran.
    ::std::optional<::spada::stencil::Access> getArgAccess(unsigned index);
    ::spada::stencil::BoundaryAttr getArgBoundary(unsigned index);
    /// `%name` of the source for arguments.
    void getAsmBlockArgumentNames(::mlir::Region &region, ::mlir::OpAsmSetValueNameFn setName);
    static ::mlir::StringRef getDefaultDialect() { return "stencil"; }
  }];
}

def Stencil_TemporaryOp : Stencil_Op<"temporary", [
    ParentOneOf<["ProgramOp", "StatementOp", "::mlir::scf::IfOp", "::mlir::scf::WhileOp"]>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>, MemoryEffects<[MemAlloc]>]> {
  let summary = "a field that lives for one call";
  let description = [{
    In a program: storage over the domain, extended as far as the program computes it; undefined before the first write. `storage` says how
    much of it is alive at one time: a `volume`; a `column`, when every access is at the point's own column of one section after the other;
    a `plane`, when every access is at one level. It never changes the meaning.

    Inside a statement, with type `!stencil.field<none, T>`: a variable of the point, undefined at the start.
  }];
  let arguments = (ins StrAttr:$name,
    DefaultValuedAttr<Stencil_StorageAttr, "::spada::stencil::Storage::Volume">:$storage);
  let results = (outs Stencil_FieldType:$field);
  let assemblyFormat = "$name (`storage` $storage^)? attr-dict `:` type($field)";
  let hasVerifier = 1;
}

def Stencil_SectionOp : Stencil_Op<"section", [
    HasParent<"ProgramOp">, SingleBlock, NoTerminator, RecursiveMemoryEffects]> {
  let summary = "statements for an interval of levels, in one order";
  let description = [{
    `parallel`: for each statement in order, for all points of the interval: evaluate, then store. `forward` (`backward`): for each level from the lowest
    (highest), for each statement in order, for all points of the level. An interval that is empty for the domain at hand runs nothing.

    `stencil.section forward [start + 1, end + -1) { ... }`
  }];
  let arguments = (ins Stencil_OrderAttr:$order, Stencil_BoundAttr:$start, Stencil_BoundAttr:$end);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "custom<Order>($order) custom<Interval>($start, $end) attr-dict-with-keyword $body";
  let builders = [OpBuilder<(ins "::spada::stencil::Order":$order, "::spada::stencil::BoundAttr":$start, "::spada::stencil::BoundAttr":$end)>];
  let extraClassDeclaration = [{
    bool isParallel() { return getOrder() == Order::Parallel; }
    /// True when both bounds are the ends of the domain.
    bool isFull();
  }];
}

def Stencil_StatementOp : Stencil_Op<"statement", [
    HasParent<"SectionOp">, SingleBlock, NoTerminator, RecursiveMemoryEffects]> {
  let summary = "point-wise code executed for a plane";
  let description = [{
    The body is run at every point of the domain extended by `extent` and, if `regions` is given, inside at least one of them (once, if several
    hold it). Points do not depend on each other: no body reads with a horizontal offset, or in a `parallel` section with a vertical one, what it writes.
    Reads and writes of one point happen in the body's order. `joined` says that the statement came from the same statement of the source as the
    one before (an `if` on fields gives several); the analysis of extents treats such a run as one. `extent` is set by `stencil-infer-extents`.
  }];
  let arguments = (ins UnitAttr:$joined, OptionalAttr<TypedArrayAttrBase<Stencil_RegionAttr, "regions">>:$regions,
    OptionalAttr<Stencil_ExtentAttr>:$extent);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "(`joined` $joined^)? (`where` $regions^)? (`extent` `` $extent^)? attr-dict-with-keyword $body";
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins CArg<"bool", "false">:$joined, CArg<"::mlir::ArrayRef<::spada::stencil::RegionAttr>", "{}">:$regions)>];
}

//===----------------------------------------------------------------------===//
// Point-wise ops
//===----------------------------------------------------------------------===//

class Stencil_PointOp<string mnemonic, list<Trait> traits = []> : Stencil_Op<mnemonic, traits>;

def Stencil_ReadOp : Stencil_PointOp<"read", [
    AttrSizedOperandSegments, InferTypeOpAdaptor]> {
  let summary = "the value of a field near the point";
  let description = [{
    `offset` is `[di, dj, dk]`, zero on axes that the field does not have. `shift %k` adds a run-time number of levels to `dk`; `at %k` replaces the
    level by `%k`, counted from the bottom of the domain. `data` gives one index for each data dimension. A level or data index out of range is undefined behaviour
    (the interpreter traps).
  }];
  let arguments = (ins Arg<Stencil_FieldType, "", [MemRead]>:$field, DenseI64ArrayAttr:$offset,
    Optional<Index>:$shift, Optional<Index>:$level, Variadic<Index>:$data);
  let results = (outs Stencil_Scalar:$value);
  let assemblyFormat = [{
    $field $offset (`shift` $shift^)? (`at` $level^)? (`data` `(` $data^ `)`)? attr-dict `:` type($field)
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$field, CArg<"::mlir::ArrayRef<int64_t>", "{0, 0, 0}">:$offset,
    CArg<"::mlir::ValueRange", "{}">:$data)>];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// No offset, no run-time level.
    bool isCentered() { return !getShift() && !getLevel() && ::llvm::all_of(getOffset(), [](int64_t d) { return d == 0; }); }
  }];
}

def Stencil_WriteOp : Stencil_PointOp<"write", [AttrSizedOperandSegments,
    TypesMatchWith<"the value has the field's element type", "field", "value",
      "::llvm::cast<FieldType>($_self).getElementType()">]> {
  let summary = "store a value at the point";
  let description = [{
    `dk`, and `shift %k` in addition, move the target vertically, in `forward` and `backward` sections only. A field without axis K is written in such sections
    only too; the last level wins. A write to an argument at a point outside the domain (of a statement with an `extent`) does nothing: the halo of
    arguments is never changed. A level or data index out of range is undefined behaviour (the interpreter traps).
  }];
  let arguments = (ins Stencil_Scalar:$value, Arg<Stencil_FieldType, "", [MemWrite]>:$field,
    DefaultValuedAttr<I64Attr, "0">:$dk, Optional<Index>:$shift, Variadic<Index>:$data);
  let assemblyFormat = [{
    $value `,` $field (`dk` $dk^)? (`shift` $shift^)? (`data` `(` $data^ `)`)? attr-dict `:` type($field)
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$value, "::mlir::Value":$field, CArg<"::mlir::ValueRange", "{}">:$data)>];
  let hasVerifier = 1;
}

def Stencil_LevelOp : Stencil_PointOp<"level", [Pure]> {
  let summary = "the level of the point, counted from the bottom of the domain";
  let description = [{ `K` as a value. In a `parallel` section too. }];
  let results = (outs Index:$level);
  let assemblyFormat = "attr-dict";
}

class Stencil_MathOp<string mnemonic, Type operandType, string what> : Stencil_PointOp<mnemonic, [Pure, SameOperandsAndResultType]> {
  let summary = what;
  let results = (outs operandType:$result);
}

def Stencil_ModOp : Stencil_MathOp<"mod", AnyTypeOf<[I8, I16, I32, I64, F16, F32, F64]>, "remainder with the sign of the divisor"> {
  let description = [{
    Python's `%`: `a - floor(a / b) * b`, computed exactly. GT4Py's C++ back ends give the sign of the dividend instead (GTScript language reference, section 14).
    A zero integer divisor is undefined; a zero floating divisor gives NaN.
  }];
  let arguments = (ins AnyTypeOf<[I8, I16, I32, I64, F16, F32, F64]>:$lhs, AnyTypeOf<[I8, I16, I32, I64, F16, F32, F64]>:$rhs);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($result)";
}

def Stencil_GammaOp : Stencil_MathOp<"gamma", AnyTypeOf<[F16, F32, F64]>, "the gamma function"> {
  let description = [{ C's `tgamma`. }];
  let arguments = (ins AnyTypeOf<[F16, F32, F64]>:$operand);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

def Stencil_ErfcOp : Stencil_MathOp<"erfc", AnyTypeOf<[F16, F32, F64]>, "the complementary error function"> {
  let description = [{ C's `erfc`. }];
  let arguments = (ins AnyTypeOf<[F16, F32, F64]>:$operand);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

#endif
