//===- LowerLoops.cpp - threads and vector loops --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Loops over tiles become threads, loops over points become loops that carry
// LLVM's annotations.
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
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace spada;

/// Makes the memory of tiles once for all that a thread runs.
static void emitScratch(OpBuilder &b, affine::AffineParallelOp loop,
                        IRMapping &mapping) {
  for (auto scratch : loop.getBody()->getOps<memref::AllocOp>())
    b.clone(*scratch, mapping);
}

static void emitFree(OpBuilder &b, affine::AffineParallelOp loop,
                     IRMapping &mapping) {
  for (auto scratch : loop.getBody()->getOps<memref::DeallocOp>())
    b.clone(*scratch, mapping);
}

/// Copies the body of `loop` to the builder with tile number `number`.
static void emitTile(OpBuilder &b, affine::AffineParallelOp loop, Value number,
                     IRMapping mapping) {
  Location loc = loop.getLoc();
  // The last loop variable changes fastest.
  for (unsigned dim = loop.getNumDims(); dim-- > 0;) {
    Value count = loop.getUpperBoundsOperands()[dim];
    mapping.map(loop.getIVs()[dim],
                b.create<arith::RemSIOp>(loc, number, count));
    number = b.create<arith::DivSIOp>(loc, number, count);
  }
  for (Operation &op : loop.getBody()->without_terminator())
    if (!isa<memref::AllocOp, memref::DeallocOp>(op))
      b.clone(op, mapping);
}

static void emitThreads(OpBuilder &b, affine::AffineParallelOp loop,
                        Value total, Value threads) {
  Location loc = loop.getLoc();
  Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
  Value one = b.create<arith::ConstantIndexOp>(loc, 1);
  Value count = b.create<arith::IndexCastOp>(loc, b.getI32Type(), threads);
  omp::ParallelClauseOps clauses;
  clauses.numThreadsVar = count;
  auto parallel = b.create<omp::ParallelOp>(loc, clauses);
  b.createBlock(&parallel.getRegion());
  IRMapping mapping;
  emitScratch(b, loop, mapping);
  auto share = b.create<omp::WsloopOp>(loc);
  emitFree(b, loop, mapping);
  b.create<omp::TerminatorOp>(loc);
  b.createBlock(&share.getRegion());
  omp::LoopNestClauseOps nestClauses;
  nestClauses.loopLBVar.push_back(zero);
  nestClauses.loopUBVar.push_back(total);
  nestClauses.loopStepVar.push_back(one);
  auto nest = b.create<omp::LoopNestOp>(loc, nestClauses);
  b.create<omp::TerminatorOp>(loc);
  Block *body = b.createBlock(&nest.getRegion());
  Value number = body->addArgument(b.getIndexType(), loc);
  emitTile(b, loop, number, mapping);
  b.create<omp::YieldOp>(loc, ValueRange{});
}

void spada::cpu::lowerTileLoops(ModuleOp module, bool useThreads) {
  SmallVector<affine::AffineParallelOp> loops;
  module.walk([&](affine::AffineParallelOp loop) {
    if (loop->hasAttr("spada.tiles"))
      loops.push_back(loop);
  });
  for (affine::AffineParallelOp loop : loops) {
    OpBuilder b(loop);
    Location loc = loop.getLoc();
    Value one = b.create<arith::ConstantIndexOp>(loc, 1);
    Value total = one;
    for (Value count : loop.getUpperBoundsOperands())
      total = b.create<arith::MulIOp>(loc, total, count);
    Value threads = loop->getParentOfType<func::FuncOp>().getArguments().back();
    if (useThreads) {
      emitThreads(b, loop, total, threads);
    } else {
      Value zero = b.create<arith::ConstantIndexOp>(loc, 0);
      IRMapping mapping;
      emitScratch(b, loop, mapping);
      auto plain = b.create<scf::ForOp>(loc, zero, total, one);
      emitFree(b, loop, mapping);
      b.setInsertionPointToStart(plain.getBody());
      emitTile(b, loop, plain.getInductionVar(), mapping);
    }
    loop.erase();
  }
}

/// For loops whose steps are independent: `vectorize.enable`, or, where vectors
/// do not pay, what keeps the code small.
static Attribute makeAnnotation(MLIRContext *context, bool isVector) {
  auto vectorize = LLVM::LoopVectorizeAttr::get(
      context, BoolAttr::get(context, !isVector), {}, {}, {}, {}, {}, {});
  LLVM::LoopUnrollAttr unroll;
  if (!isVector)
    unroll = LLVM::LoopUnrollAttr::get(context, BoolAttr::get(context, true),
                                       {}, {}, {}, {}, {}, {});
  return LLVM::LoopAnnotationAttr::get(context, {}, vectorize, {}, unroll, {},
                                       {}, {}, {}, {}, {}, {}, {}, {}, {}, {});
}

void spada::cpu::lowerPointLoops(ModuleOp module) {
  SmallVector<scf::ParallelOp> loops;
  module.walk([&](scf::ParallelOp loop) { loops.push_back(loop); });
  Attribute vector = makeAnnotation(module.getContext(), true);
  Attribute scalar = makeAnnotation(module.getContext(), false);
  for (scf::ParallelOp loop : loops) {
    OpBuilder b(loop);
    SmallVector<Value> variables;
    scf::ForOp innermost;
    for (auto [lower, upper, step] : llvm::zip(
             loop.getLowerBound(), loop.getUpperBound(), loop.getStep())) {
      innermost = b.create<scf::ForOp>(loop.getLoc(), lower, upper, step);
      variables.push_back(innermost.getInductionVar());
      b.setInsertionPointToStart(innermost.getBody());
    }
    Operation *terminator = loop.getBody()->getTerminator();
    terminator->erase();
    innermost.getBody()->getTerminator()->erase();
    b.setInsertionPointToEnd(innermost.getBody());
    b.create<scf::YieldOp>(loop.getLoc());
    Block *body = innermost.getBody();
    Operation *end = body->getTerminator();
    for (auto [old, fresh] : llvm::zip(loop.getInductionVars(), variables))
      old.replaceAllUsesWith(fresh);
    body->getOperations().splice(end->getIterator(),
                                 loop.getBody()->getOperations());
    auto function = innermost->getParentOfType<func::FuncOp>();
    bool isStrided = function.getSymName().ends_with("_any_tile");
    innermost->setAttr("llvm.loop_annotation", isStrided ? scalar : vector);
    loop.erase();
  }
  // What the conversion made a plain loop is not worth vectors.
  module.walk([&](scf::ForOp loop) {
    bool hasLoop =
        loop.getBody()
            ->walk([](scf::ForOp) { return WalkResult::interrupt(); })
            .wasInterrupted();
    if (!hasLoop && !loop->hasAttr("llvm.loop_annotation"))
      loop->setAttr("llvm.loop_annotation", scalar);
  });
}
