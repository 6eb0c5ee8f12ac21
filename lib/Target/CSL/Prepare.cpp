//===- Prepare.cpp - legalise csl before printing -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Renames symbols that CSL cannot spell, folds what CSL would compute while it
// compiles (there, integers do not wrap), names the constants of task ids
// (`csl.id_name`) and marks variables that are printed as one-dimensional
// arrays (`csl.flat`). Changes no meaning.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/Names.h"
#include "dialects/CSL/Transforms/Transforms.h"
#include "spada/Target/CSL.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

void spada::prepareCSLForEmission(ModuleOp module) {
  legalizeNames(module);
  foldConstants(module);
  Builder builder(module.getContext());
  for (auto program : module.getOps<ProgramOp>()) {
    CSLNames names;
    for (auto symbol : program.getBody().getOps<SymbolOpInterface>())
      names.take(symbol.getName());
    for (auto task : program.getBody().getOps<TaskOp>())
      task->setAttr("csl.id_name", builder.getStringAttr(names.take(
                                       (task.getSymName() + "_id").str())));
    llvm::DenseSet<StringAttr> flat = flatVariables(program);
    for (auto variable : program.getBody().getOps<VariableOp>())
      if (flat.contains(variable.getSymNameAttr()))
        variable->setAttr("csl.flat", builder.getUnitAttr());
  }
}
