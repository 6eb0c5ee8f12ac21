//===- LLVM.cpp - the order of conversions to LLVM ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "spada/Pipelines/LLVM.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace spada;

void spada::buildLoopsToLLVM(OpPassManager &pm) {
  pm.addPass(arith::createArithExpandOpsPass());
  pm.addPass(createConvertSCFToCFPass());
  pm.addPass(createConvertMathToLLVMPass());
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createConvertVectorToLLVMPass());
  // Arithmetic, memory, branches and functions too.
  pm.addPass(createConvertOpenMPToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}

LogicalResult spada::lowerLoopsToLLVM(ModuleOp module) {
  PassManager pm(module.getContext());
  buildLoopsToLLVM(pm);
  pm.enableVerifier(false);
  return pm.run(module);
}
