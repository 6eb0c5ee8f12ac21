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
#include "dialects/Spada/IR/SpadaDialect.h"
#include "dialects/Spada/Transforms/Transforms.h"

#include "mlir-c/RegisterEverything.h"
#include "mlir/CAPI/IR.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/DialectRegistry.h"

#ifdef SPADA_HAVE_CSL_TRANSFORMS
#include "dialects/CSL/Transforms/Transforms.h"
#endif
#ifdef SPADA_HAVE_CONVERSION
#include "spada/Conversion/Passes.h"
#endif
#ifdef SPADA_HAVE_PIPELINES
#include "spada/Pipelines/Pipelines.h"
#endif

namespace spada {
#ifdef SPADA_HAVE_INTERP
void registerInterpPasses();
#endif
#ifdef SPADA_HAVE_FRONTEND
void registerImportSpadaTranslation();
#endif
#ifdef SPADA_HAVE_SPTL
void registerExportSptlTranslation();
#endif
#ifdef SPADA_HAVE_EMIT_CSL
void registerEmitCSLTranslation();
#endif
#ifdef SPADA_HAVE_EMIT_IMAGE
void registerEmitSimImageTranslation();
#endif
} // namespace spada

void spada::registerProjectDialects(mlir::DialectRegistry &registry) {
  registry.insert<SpadaDialect, csl::CSLDialect>();
  registry.insert<mlir::arith::ArithDialect, mlir::func::FuncDialect,
                  mlir::memref::MemRefDialect, mlir::scf::SCFDialect>();
}

void spada::registerAllDialects(mlir::DialectRegistry &registry) {
  mlirRegisterAllDialects(wrap(&registry));
  registerProjectDialects(registry);
}

void spada::registerAllPasses() {
  mlirRegisterAllPasses();
  registerSpadaPasses();
#ifdef SPADA_HAVE_INTERP
  registerInterpPasses();
#endif
#ifdef SPADA_HAVE_CSL_TRANSFORMS
  csl::registerCSLPasses();
#endif
#ifdef SPADA_HAVE_CONVERSION
  registerConversionPasses();
#endif
#ifdef SPADA_HAVE_PIPELINES
  registerPipelines();
#endif
}

void spada::registerAllTranslations() {
#ifdef SPADA_HAVE_FRONTEND
  registerImportSpadaTranslation();
#endif
#ifdef SPADA_HAVE_SPTL
  registerExportSptlTranslation();
#endif
#ifdef SPADA_HAVE_EMIT_CSL
  registerEmitCSLTranslation();
#endif
#ifdef SPADA_HAVE_EMIT_IMAGE
  registerEmitSimImageTranslation();
#endif
}
