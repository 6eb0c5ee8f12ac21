//===- Passes.td - passes on the CSL dialect ------------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Options and documentation of the passes. The rewrites are functions in Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef CSL_TRANSFORMS_PASSES_TD
#define CSL_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def CSLFoldPass : Pass<"csl-fold", "::mlir::ModuleOp"> {
  let summary = "do what CSL does when it is compiled";
  let description = [{
    Folds operations and branches on numbers, which a CSL compiler evaluates, and removes pure values and loads without
    use, which CSL text leaves out: what is simulated is what is printed.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

def CSLNormalizePass : Pass<"csl-normalize", "::mlir::ModuleOp"> {
  let summary = "the form in which a module and its CSL text, read back, are equal";
  let description = [{
    Removes what CSL text cannot say: `import(print(m))` and `m` have one normal form. The values of a simulation stay; so
    do its cycles where nothing that counts is folded, dropped or moved behind another statement.

    * Layout: boxes are the canonical cover of their PEs; a param with one value on all PEs of its program becomes a
      constant, one that is a coordinate is written as one; exported arrays lose their size; ops are sorted, but for
      exports and host arguments.
    * Programs: sorted; names as the printer spells them; colors, queues by their numbers; declarations that nothing
      uses are gone; variables, pointers and exports keep their order, everything else is sorted by name; arrays that
      text knows in one dimension only have one. The import of `<memcpy/memcpy>` becomes `csl.host_unblock`.
    * Code: no `index` but as subscript; comparisons, casts and logic that CSL spells with other operators are spelled
      so; constants are folded; names and numbers stand before each use, other pure ops and loads where the first
      statement needs them, in the order of its operands.
  }];
  let dependentDialects = ["::spada::csl::CSLDialect", "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::scf::SCFDialect"];
}

#endif
