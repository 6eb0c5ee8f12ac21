//===- Optimize.cpp - LLVM's passes and what they are told ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Marks on loops and arguments that let LLVM vectorise without run-time checks.
// No flag of fast arithmetic is ever set: results equal the interpreter's.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;
using namespace spada;

static MDNode *findMark(const Loop &loop) {
  if (MDNode *node =
          loop.getHeader()->getTerminator()->getMetadata(LLVMContext::MD_loop))
    return node;
  return loop.getLoopID();
}

/// Puts the accesses of `loop` into one group that its mark names.
static void markLoop(Loop &loop, MDNode *mark) {
  LLVMContext &context = loop.getHeader()->getContext();
  MDNode *group = MDNode::getDistinct(context, {});
  for (BasicBlock *block : loop.blocks())
    for (Instruction &instruction : *block) {
      const Value *pointer = getLoadStorePointerOperand(&instruction);
      // Variables of a point are shared by the iterations until they become
      // registers.
      if (!pointer || isa<AllocaInst>(getUnderlyingObject(pointer)))
        continue;
      instruction.setMetadata(LLVMContext::MD_access_group, group);
    }
  SmallVector<Metadata *> parts = {nullptr};
  for (const MDOperand &operand : drop_begin(mark->operands()))
    parts.push_back(operand);
  parts.push_back(MDNode::get(
      context, {MDString::get(context, "llvm.loop.parallel_accesses"), group}));
  MDNode *fresh = MDNode::getDistinct(context, parts);
  fresh->replaceOperandWith(0, fresh);
  loop.getHeader()->getTerminator()->setMetadata(LLVMContext::MD_loop, nullptr);
  loop.setLoopID(fresh);
}

void spada::cpu::markParallelLoops(Module &module) {
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    DominatorTree tree(function);
    LoopInfo loops(tree);
    for (Loop *loop : loops.getLoopsInPreorder())
      if (MDNode *mark = findMark(*loop))
        markLoop(*loop, mark);
  }
}

void spada::cpu::markDistinctArguments(Module &module) {
  for (Function &function : module) {
    if (!function.isDeclaration() && !function.getName().ends_with("_call"))
      function.setLinkage(GlobalValue::InternalLinkage);
    if (function.isDeclaration() || !function.getName().ends_with("_tile"))
      continue;
    function.addFnAttr(Attribute::NoInline);
    for (Argument &argument : function.args())
      if (argument.getType()->isPointerTy())
        argument.addAttr(Attribute::NoAlias);
  }
}

void spada::cpu::finishStreams(Module &module) {
  for (Function &function : module) {
    bool hasStreams = false;
    for (Instruction &instruction : instructions(function)) {
      auto *store = dyn_cast<StoreInst>(&instruction);
      if (!store || !store->hasMetadata(LLVMContext::MD_nontemporal))
        continue;
      hasStreams = true;
      Type *type = store->getValueOperand()->getType();
      store->setAlignment(
          Align(module.getDataLayout().getTypeStoreSize(type).getFixedValue()));
    }
    for (BasicBlock &block : function)
      if (hasStreams && isa<ReturnInst>(block.getTerminator()))
        IRBuilder<>(block.getTerminator())
            .CreateIntrinsic(Intrinsic::x86_sse_sfence, {}, {});
  }
}

// What is left to do after the passes on stencils: values of a point leave
// memory, addresses leave loops, loops get vectors. LLVM's own -O3 takes four
// times as long and its code is not faster.
static constexpr StringLiteral scalarPasses =
    "function(sroa,early-cse<memssa>,simplifycfg,loop-simplify,lcssa,"
    "loop-mssa(loop-rotate,licm),early-cse,"
    "instcombine<max-iterations=1;no-verify-fixpoint>,early-cse,"
    "loop-mssa(licm),simplifycfg)";
static constexpr StringLiteral vectorPasses =
    "function(sroa,early-cse<memssa>,simplifycfg,loop-simplify,lcssa,"
    "loop-mssa(loop-rotate,licm),early-cse,inject-tli-mappings,loop-vectorize,"
    "instcombine<max-iterations=1;no-verify-fixpoint>,early-cse,"
    "loop-mssa(licm),simplifycfg)";

void spada::cpu::optimize(Module &module, TargetMachine &machine,
                          const CpuCodeOptions &options) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager graph;
  ModuleAnalysisManager modules;
  bool vectors = options.optimizationLevel > 1;
  TargetLibraryInfoImpl library(machine.getTargetTriple());
  if (options.useVectorMath)
    library.addVectorizableFunctionsFromVecLib(
        TargetLibraryInfoImpl::LIBMVEC_X86, machine.getTargetTriple());
  functions.registerPass([&] { return TargetLibraryAnalysis(library); });
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(graph);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, graph, modules);
  ModulePassManager passes;
  if (options.optimizationLevel == 0)
    passes = builder.buildO0DefaultPipeline(OptimizationLevel::O0);
  else if (Error error = builder.parsePassPipeline(
               passes, vectors ? vectorPasses : scalarPasses))
    report_fatal_error(std::move(error));
  passes.run(module, modules);
}
