//===- spada-lsp-server.cpp - editor support for our IR -------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// MLIR's language server with our dialects, for .mlir files. No logic here.
//
//===----------------------------------------------------------------------===//

#include "spada/RegisterAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  spada::registerAllDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
