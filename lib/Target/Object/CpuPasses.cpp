//===- CpuPasses.cpp - steps from loops to LLVM as passes -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// lib/Pipelines decides their order.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Steps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace spada;

namespace {
class TileLoopsPass
    : public PassWrapper<TileLoopsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TileLoopsPass)
  explicit TileLoopsPass(bool useThreads) : useThreads(useThreads) {}

  StringRef getArgument() const override { return "cpu-tile-loops"; }
  StringRef getDescription() const override {
    return "give the tiles of stencils to threads";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, memref::MemRefDialect,
                    omp::OpenMPDialect, scf::SCFDialect>();
  }
  void runOnOperation() override {
    cpu::lowerTileLoops(getOperation(), useThreads);
  }

private:
  bool useThreads;
};

class CallEntryPass
    : public PassWrapper<CallEntryPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CallEntryPass)
  CallEntryPass(std::vector<StencilSignature> signatures, bool useThreads)
      : signatures(std::move(signatures)), useThreads(useThreads) {}

  StringRef getArgument() const override { return "cpu-call-entry"; }
  StringRef getDescription() const override {
    return "add the functions that callers of stencils use";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, func::FuncDialect, LLVM::LLVMDialect,
                    scf::SCFDialect>();
  }
  void runOnOperation() override {
    for (const StencilSignature &signature : signatures)
      cpu::addCallEntry(getOperation(), signature, useThreads);
  }

private:
  std::vector<StencilSignature> signatures;
  bool useThreads;
};

class PointLoopsPass
    : public PassWrapper<PointLoopsPass, OperationPass<ModuleOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PointLoopsPass)

  StringRef getArgument() const override { return "cpu-point-loops"; }
  StringRef getDescription() const override {
    return "turn loops over points into marked loops for LLVM";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect, LLVM::LLVMDialect, scf::SCFDialect>();
  }
  void runOnOperation() override { cpu::lowerPointLoops(getOperation()); }
};
} // namespace

std::unique_ptr<Pass> spada::createCpuTileLoopsPass(bool useThreads) {
  return std::make_unique<TileLoopsPass>(useThreads);
}

std::unique_ptr<Pass>
spada::createCpuCallEntryPass(std::vector<StencilSignature> signatures,
                              bool useThreads) {
  return std::make_unique<CallEntryPass>(std::move(signatures), useThreads);
}

std::unique_ptr<Pass> spada::createCpuPointLoopsPass() {
  return std::make_unique<PointLoopsPass>();
}
