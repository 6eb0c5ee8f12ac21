//===- Passes.td - passes on the stencil dialect ---------------*- tablegen -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Options and documentation of the passes. The rewrites are functions in Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef STENCIL_TRANSFORMS_PASSES_TD
#define STENCIL_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def StencilInferExtentsPass : Pass<"stencil-infer-extents", "::spada::stencil::ProgramOp"> {
  let summary = "find where statements compute, and what arguments must hold";
  let description = [{
    Sets `extent` of every statement, `stencil.access` of every argument, `stencil.boundary` of every field argument and
    `min_levels` of the program, by the rules of the GTScript language reference, sections 6 and 12. A program that has
    `min_levels` is left alone: after optimisation the groups of the source are gone.

    A group of statements (one and the `joined` ones behind it) is computed where any field that it writes is needed; a
    statement that writes only arguments is computed on the domain.
  }];
}

def StencilCheckPass : Pass<"stencil-check", "::spada::stencil::ProgramOp"> {
  let summary = "reject programs whose result is not defined";
  let description = [{
    Runs on programs as the front end makes them. Errors, each with both places and a hint:

    * a field that a section writes and reads with a horizontal offset, unless it is a temporary born there;
    * an argument that is written, and read, directly or through temporaries, at other points of the plane;
    * a field that a `parallel` section of several levels writes and reads at other levels;
    * a temporary that is read at levels outside of the domain or at levels that nothing wrote before;
    * a temporary that is read, in a later statement of its group or from earlier levels of its section, at points where it
      was not computed (the extent would grow with each level);
    * with a fixed `domain`: a read in a region at one edge that passes the halo at the other edge.

    Warnings: temporaries that are never read, and reads of unwritten levels in branches or in some domains only.
    Source: GTScript language reference, sections 12 and 13.
  }];
}

def StencilEliminateDeadPass : Pass<"stencil-eliminate-dead", "::spada::stencil::ProgramOp"> {
  let summary = "remove what no argument depends on";
  let description = [{
    Removes writes to temporaries that no argument depends on, even when they depend on each other, and what becomes empty
    or unused by it. Time is linear.
  }];
  let statistics = [Statistic<"numRemoved", "removed", "ops removed">];
}

def StencilExpandPowersPass : Pass<"stencil-expand-powers", "::spada::stencil::ProgramOp"> {
  let summary = "multiply powers with known exponents out";
  let description = [{
    `x ** 2.0` becomes `x * x`, `x ** -1.0` a division and `x ** 0.5` a square root, with the results that C's `pow` has for
    -0 and -infinity; 0.0 and 1.0 need no operation. An integer exponent of a float up to 16 is multiplied out by squares,
    as `math.fpowi` is defined. Others stay: a product that is rounded twice is not what `pow` gives.
  }];
  let statistics = [Statistic<"numPowers", "powers", "powers expanded">];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect"];
}

def StencilFusePass : Pass<"stencil-fuse", "::spada::stencil::ProgramOp"> {
  let summary = "merge neighbouring sections, and statements of a section";
  let description = [{
    Needs `extent`s. Sections of equal interval that follow each other become one: `parallel` ones always, sequential ones
    of one order when no level sees another order of accesses, and, with `mixed`, `parallel` with sequential ones. Then each
    statement joins the last one before it that computes at the same points (equal `extent` and regions), if it may pass
    those between and no access at other points forbids it. Time is linear in the number of accesses for statements, and in
    the number of accesses times merged sections for sections.
  }];
  let options = [Option<"mixed", "mixed", "bool", "true", "also merge parallel sections with sequential ones">];
  let statistics = [Statistic<"numSections", "sections", "sections merged">,
                    Statistic<"numStatements", "statements", "statements merged">];
}

def StencilForwardPass : Pass<"stencil-forward", "::spada::stencil::ProgramOp"> {
  let summary = "keep what is stored and read at a point as values";
  let description = [{
    In each body: a read of an element whose value is known, from an earlier read or write, becomes that value; a store that
    is stored over unread goes; an `scf.if` whose stores are all to elements with known values gives results that are stored
    behind it. Stores to arguments at points outside of the domain do nothing, so an extended statement keeps reading them.
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect"];
  let statistics = [Statistic<"numReads", "reads", "reads replaced">, Statistic<"numWrites", "writes", "writes removed">,
                    Statistic<"numBranches", "branches", "branches with results">];
}

def StencilDemoteTemporariesPass : Pass<"stencil-demote-temporaries", "::spada::stencil::ProgramOp"> {
  let summary = "keep only as much of a temporary as is alive";
  let description = [{
    A temporary whose values do not leave a body becomes a variable of the point in each body that uses it. The others get
    `storage`: `plane` when one section makes all accesses, each at its own level, else `column` when all accesses are in
    the point's own column.
  }];
  let statistics = [Statistic<"numVariables", "variables", "temporaries that became variables">,
                    Statistic<"numPlanes", "planes", "temporaries of one level">,
                    Statistic<"numColumns", "columns", "temporaries of one column">];
}

def StencilSplitTemporariesPass : Pass<"stencil-split-temporaries", "::spada::stencil::ProgramOp"> {
  let summary = "give each value of a temporary its own temporary";
  let description = [{
    Where a `parallel` section overwrites all that is ever read of a temporary, what follows uses a new one. A name that a source uses for several
    values no longer keeps statements apart.
  }];
  let statistics = [Statistic<"numSplit", "split", "temporaries added">];
}

def StencilInlineTemporariesPass : Pass<"stencil-inline-temporaries", "::spada::stencil::ProgramOp"> {
  let summary = "compute cheap temporaries where they are read";
  let description = [{
    Needs `extent`s. A temporary that one statement of a `parallel` section defines by an expression is replaced at each read
    by that expression, moved by the read's offset, when its sources still have their values there, some read is at another
    point, section or extent (else one body holds both), and the operations that are done again cost at most `limit`:
    the cost of the expression times the number of its copies but one. A sum, product or load costs 1; what divisions, roots,
    remainders and other functions cost is in machines/host.json. This is done again, without the writes that became dead,
    until nothing is inlined any more.
  }];
  let options = [Option<"limit", "limit", "unsigned", "20", "most operations to do again for one temporary">];
  let statistics = [Statistic<"numInlined", "inlined", "temporaries inlined">];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
}

#endif
