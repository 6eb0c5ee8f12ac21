//===- Normalize.cpp - normal form of a csl module ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The pass, and declarations: which stay, how they are called, their order.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/Transforms/NormalForm.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include <map>
#include <tuple>

using namespace mlir;
using namespace spada;
using namespace spada::csl;

namespace spada::csl {
#define GEN_PASS_DEF_CSLFOLDPASS
#define GEN_PASS_DEF_CSLNORMALIZEPASS
#include "dialects/CSL/Transforms/Passes.h.inc"
} // namespace spada::csl

//===----------------------------------------------------------------------===//
// Declarations without use
//===----------------------------------------------------------------------===//

/// Is it there whether something names it or not? An input queue takes its
/// color's wavelets.
static bool isRoot(Operation &op) {
  if (auto function = dyn_cast<FuncOp>(op))
    return function.getStartup();
  if (auto queue = dyn_cast<QueueOp>(op))
    return queue.getKind() == QueueKind::Input;
  if (auto param = dyn_cast<ParamOp>(op))
    return param.getType().has_value();
  return isa<TaskOp, ExportSymbolOp>(op);
}

static void dropUnusedDeclarations(ProgramOp program) {
  Block &body = program.getBody().front();
  SymbolTable symbols(program);
  llvm::SmallPtrSet<Operation *, 32> used;
  SmallVector<Operation *> pending;
  auto use = [&](Operation *op) {
    if (used.insert(op).second)
      pending.push_back(op);
  };
  for (Operation &op : body)
    if (isRoot(op))
      use(&op);
  for (SymbolRefAttr variable : variablesWithData(program))
    if (Operation *op = symbols.lookup(variable.getLeafReference()))
      use(op);
  while (!pending.empty())
    pending.pop_back_val()->walk([&](Operation *op) {
      for (NamedAttribute attribute : op->getAttrs())
        if (auto name = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
          if (Operation *target = symbols.lookup(name.getAttr()))
            use(target);
    });
  for (Operation &op : llvm::make_early_inc_range(body))
    if (!used.contains(&op))
      op.erase();
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// What text does not keep the name of is called by its numbers.
static std::string canonicalName(Operation &op, SymbolTable &symbols) {
  if (auto color = dyn_cast<ColorOp>(op))
    return "color_" + std::to_string(color.getNumber());
  auto queue = dyn_cast<QueueOp>(op);
  if (!queue)
    return {};
  uint64_t color = symbols.lookup<ColorOp>(queue.getColor()).getNumber();
  return (queue.getKind() == QueueKind::Input ? "iq_" : "oq_") +
         std::to_string(queue.getNumber()) + "_color_" + std::to_string(color);
}

/// Renames colors and queues; equal ones become one.
static void renameByNumber(ProgramOp program) {
  Block &body = program.getBody().front();
  SymbolTable symbols(program);
  std::map<std::string, Operation *> byName;
  llvm::DenseMap<StringAttr, StringAttr> renamed;
  llvm::StringSet<> others;
  for (auto symbol : body.getOps<SymbolOpInterface>())
    if (!isa<ColorOp, QueueOp>(symbol))
      others.insert(symbol.getName());
  Builder builder(program.getContext());
  SmallVector<Operation *> doubles;
  for (Operation &op : body) {
    std::string name = canonicalName(op, symbols);
    if (name.empty())
      continue;
    while (others.contains(name))
      name += "_";
    auto [it, isNew] = byName.try_emplace(name, &op);
    renamed[SymbolTable::getSymbolName(&op)] = builder.getStringAttr(name);
    if (!isNew)
      doubles.push_back(&op);
  }
  program.walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs())
      if (auto name = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        if (auto it = renamed.find(name.getAttr()); it != renamed.end())
          op->setAttr(attribute.getName(), FlatSymbolRefAttr::get(it->second));
  });
  for (Operation *op : doubles)
    op->erase();
  for (auto &[name, op] : byName)
    SymbolTable::setSymbolName(op, name);
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

/// Place among the kinds, and name where the order does not matter.
static std::tuple<int, uint64_t, StringRef> orderOf(Operation &op) {
  int kind = llvm::TypeSwitch<Operation *, int>(&op)
                 .Case<ParamOp>([](auto) { return 0; })
                 .Case<ImportOp>([](auto) { return 1; })
                 .Case<ColorOp>([](auto) { return 2; })
                 .Case<QueueOp>([](auto) { return 3; })
                 .Case<VariableOp>([](auto) { return 4; })
                 .Case<PointerOp>([](auto) { return 5; })
                 .Case<MemDsdOp>([](auto) { return 6; })
                 .Case<FabricDsdOp>([](auto) { return 7; })
                 .Case<DsdVariableOp>([](auto) { return 8; })
                 .Case<FifoOp>([](auto) { return 9; })
                 .Case<FuncOp>([](auto) { return 10; })
                 .Case<TaskOp>([](auto) { return 11; })
                 .Default([](auto) { return 12; });
  // Memory has an order, and so has what the host sees.
  bool keeps = isa<VariableOp, PointerOp, FifoOp, ExportSymbolOp>(op);
  uint64_t number = 0;
  if (auto color = dyn_cast<ColorOp>(op))
    number = color.getNumber();
  auto name = op.getAttrOfType<StringAttr>(SymbolTable::getSymbolAttrName());
  return {kind, number, keeps || !name ? StringRef() : name.getValue()};
}

static void sortOps(Block &block,
                    llvm::function_ref<bool(Operation *, Operation *)> less) {
  SmallVector<std::pair<Operation *, size_t>> ops;
  for (Operation &op : block)
    ops.push_back({&op, ops.size()});
  llvm::sort(ops, [&](const auto &a, const auto &b) {
    if (less(a.first, b.first))
      return true;
    return !less(b.first, a.first) && a.second < b.second;
  });
  for (auto [op, number] : ops)
    op->moveBefore(&block, block.end());
}

static void normalizeProgram(ProgramOp program) {
  flattenVariables(program);
  for (Operation &op : program.getBody().front())
    if (isa<FuncOp, TaskOp>(op))
      normalizeBody(&op);
  dropUnusedDeclarations(program);
  renameByNumber(program);
  sortOps(program.getBody().front(),
          [](Operation *a, Operation *b) { return orderOf(*a) < orderOf(*b); });
}

void spada::csl::normalize(ModuleOp module) {
  legalizeNames(module);
  normalizeLayout(module);
  for (auto program : module.getOps<ProgramOp>())
    normalizeProgram(program);
  sortOps(*module.getBody(), [](Operation *a, Operation *b) {
    auto left = dyn_cast<ProgramOp>(a), right = dyn_cast<ProgramOp>(b);
    if (!left || !right)
      return !left && right;
    return left.getSymName() < right.getSymName();
  });
}

namespace {
class FoldPass : public csl::impl::CSLFoldPassBase<FoldPass> {
public:
  void runOnOperation() override {
    foldConstants(getOperation());
    dropUnused(getOperation());
  }
};

class NormalizePass : public csl::impl::CSLNormalizePassBase<NormalizePass> {
public:
  void runOnOperation() override { normalize(getOperation()); }
};
} // namespace
