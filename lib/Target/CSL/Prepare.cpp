//===- Prepare.cpp - legalise csl before printing -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Renames symbols that CSL cannot spell, imports the host link, folds what CSL
// would compute while it compiles (there, integers do not wrap), names the
// constants of task ids
// (`csl.id_name`) and marks variables that are printed as one-dimensional
// arrays (`csl.flat`). Changes no meaning.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/Names.h"
#include "dialects/CSL/Transforms/Transforms.h"
#include "spada/Target/CSL.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;
using namespace spada::csl;

/// The host link's module in `program`, imported if need be.
static ImportOp importHostLink(ProgramOp program) {
  for (auto import : program.getBody().getOps<ImportOp>())
    if (import.getPath() == "<memcpy/memcpy>")
      return import;
  CSLNames names;
  for (auto symbol : program.getBody().getOps<SymbolOpInterface>())
    names.take(symbol.getName());
  OpBuilder builder = OpBuilder::atBlockBegin(&program.getBody().front());
  auto params = builder.create<ParamOp>(
      program.getLoc(), names.take("memcpy_params"), TypeAttr());
  return builder.create<ImportOp>(
      program.getLoc(), builder.getStringAttr(names.take("sys_mod")),
      builder.getStringAttr("<memcpy/memcpy>"),
      FlatSymbolRefAttr::get(params.getSymNameAttr()));
}

/// The function of `<math>` that an op calls in text; empty for other ops.
static StringRef mathFunction(Operation *op) {
  return llvm::TypeSwitch<Operation *, StringRef>(op)
      .Case<math::SqrtOp>([](auto) { return "sqrt"; })
      .Case<math::ExpOp>([](auto) { return "exp"; })
      .Case<math::LogOp>([](auto) { return "log"; })
      .Case<math::SinOp>([](auto) { return "sin"; })
      .Case<math::CosOp>([](auto) { return "cos"; })
      .Case<math::TanhOp>([](auto) { return "tanh"; })
      .Case<math::FloorOp>([](auto) { return "floor"; })
      .Case<math::CeilOp>([](auto) { return "ceil"; })
      .Case<math::AbsFOp>([](auto) { return "abs"; })
      .Case<math::PowFOp>([](auto) { return "pow"; })
      .Default([](Operation *) { return ""; });
}

/// Text calls functions through the library's module.
static void spellMath(ModuleOp module) {
  for (auto program : module.getOps<ProgramOp>()) {
    SmallVector<Operation *> calls;
    program.walk([&](Operation *op) {
      if (!mathFunction(op).empty())
        calls.push_back(op);
    });
    if (calls.empty())
      continue;
    CSLNames names;
    for (auto symbol : program.getBody().getOps<SymbolOpInterface>())
      names.take(symbol.getName());
    OpBuilder builder = OpBuilder::atBlockBegin(&program.getBody().front());
    auto library = builder.create<ImportOp>(
        program.getLoc(), builder.getStringAttr(names.take("math_lib")),
        builder.getStringAttr("<math>"), FlatSymbolRefAttr());
    for (Operation *op : calls) {
      builder.setInsertionPoint(op);
      auto call = builder.create<MemberCallOp>(
          op->getLoc(), op->getResultTypes(), library.getSymName(),
          mathFunction(op), op->getOperands());
      op->replaceAllUsesWith(call);
      op->erase();
    }
  }
}

/// Text unblocks the host's commands through its library, which all PEs import
/// or none.
static void spellHostUnblock(ModuleOp module) {
  bool any = false;
  module.walk([&](HostUnblockOp) { any = true; });
  if (!any)
    return;
  for (auto program : module.getOps<ProgramOp>()) {
    ImportOp link = importHostLink(program);
    program.walk([&](HostUnblockOp unblock) {
      OpBuilder builder(unblock);
      builder.create<MemberCallOp>(unblock.getLoc(), TypeRange(),
                                   link.getSymName(), "unblock_cmd_stream",
                                   ValueRange());
      unblock.erase();
    });
  }
}

void spada::prepareCSLForEmission(ModuleOp module) {
  legalizeNames(module);
  spellHostUnblock(module);
  spellMath(module);
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
