//===- Passes.td - passes on the SpaDA dialect -----------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Options and documentation of the passes. The rewrites are functions in Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TRANSFORMS_PASSES_TD
#define SPADA_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def SpadaConcretizePass : Pass<"spada-concretize", "::mlir::ModuleOp"> {
  let summary = "bind parameters, unroll compile-time loops, fold to the concrete form";
  let description = [{
    Consumes kernels as the front end makes them; produces the *concrete form*: no parameters (the discardable
    attribute `bindings` records their values), no `spada.meta_for`, no compile-time arguments, every `index` value a
    `spada.constant`, every compute block inside a phase. Each run of consecutive free compute blocks becomes one
    phase; place and dataflow blocks between them stay at kernel level and do not end the run. Blocks that cover no PE
    are dropped. The attribute `grid = array<i64: W, H>` is the bounding rectangle of all blocks; it must start at
    `(0, 0)`. A kernel in concrete form is left alone.

    ```mlir
    spada.kernel @k ["N"] {          //  spada.kernel @k [] attributes {bindings = {N = 4}, grid = array<i64: 4, 1>} {
    ^bb0(%N: index):                 //    %c4 = spada.constant 4 : index
      ... (%c0 to %N step %c1 ...    //    ... (%c0 to %c4 step %c1 ...
    ```
  }];
  let options = [
    ListOption<"params", "params", "std::string", "values of parameters and compile-time arguments, NAME=VALUE">,
    Option<"maxIterations", "max-iterations", "int64_t", "/*default=*/65536",
           "most copies of compile-time loop bodies in one kernel">,
  ];
  let dependentDialects = ["::spada::SpadaDialect"];
}

#endif
