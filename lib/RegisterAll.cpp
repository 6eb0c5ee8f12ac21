//===- RegisterAll.cpp - one door to every dialect, pass and translation --===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registration only. Upstream's parts come through the C API's archive: the
// InitAll headers cost 20 s and 1.5 GB.
//
//===----------------------------------------------------------------------===//

#include "spada/RegisterAll.h"

#include "dialects/CSL/IR/CSLDialect.h"
#include "dialects/CSL/Transforms/Transforms.h"
#include "dialects/Spada/IR/SpadaDialect.h"
#include "dialects/Spada/Transforms/Transforms.h"
#include "dialects/Sparse/IR/SparseDialect.h"
#include "dialects/Sparse/Transforms/Transforms.h"
#include "dialects/Stencil/IR/StencilDialect.h"
#include "dialects/Stencil/Transforms/Transforms.h"
#include "frontends/Spada/Frontend.h"
#include "spada/Conversion/Passes.h"
#include "spada/Conversion/StencilToAffine.h"
#include "spada/Conversion/StencilToSpada.h"
#include "spada/Frontend/CSL.h"
#include "spada/Frontend/GTScript.h"
#include "spada/Frontend/Net.h"
#include "spada/Pipelines/Pipelines.h"
#include "spada/Pipelines/Sparse.h"
#include "spada/Pipelines/Stencil.h"
#include "spada/Target/CSL.h"
#include "spada/Target/SimImage.h"
#include "spada/Target/Sptl.h"

#include "mlir-c/RegisterEverything.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/DialectRegistry.h"

namespace spada {
void registerInterpPasses(); // for tests only, so in no header
} // namespace spada

void spada::registerProjectDialects(mlir::DialectRegistry &registry) {
  registry.insert<SpadaDialect, csl::CSLDialect, stencil::StencilDialect,
                  sparse::SparseDialect>();
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                  mlir::math::MathDialect, mlir::memref::MemRefDialect,
                  mlir::scf::SCFDialect>();
}

void spada::registerAllDialects(mlir::DialectRegistry &registry) {
  mlirRegisterAllDialects(wrap(&registry));
  registerProjectDialects(registry);
}

void spada::registerAllPasses() {
  mlirRegisterAllPasses();
  registerSpadaPasses();
  csl::registerCSLPasses();
  stencil::registerStencilPasses();
  sparse::registerSparsePasses();
  registerInterpPasses();
  registerConversionPasses();
  registerStencilToAffinePass();
  registerStencilToSpadaPass();
  registerPipelines();
  registerSparsePipelines();
  registerStencilPipelines();
}

void spada::registerAllTranslations() {
  registerImportSpadaTranslation();
  registerImportCSLTranslation();
  registerImportGTScriptTranslation();
  registerImportNetTranslation();
  registerExportSptlTranslation();
  registerEmitCSLTranslation();
  registerEmitSimImageTranslation();
}
