//===- spada-reduce.cpp - shrink a failing module -------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// MLIR's reducer with our dialects and passes. No logic here.
//
//===----------------------------------------------------------------------===//

#include "spada/RegisterAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"

int main(int argc, char **argv) {
  spada::registerAllPasses();
  mlir::DialectRegistry registry;
  spada::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
