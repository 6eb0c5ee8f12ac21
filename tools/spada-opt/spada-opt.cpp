//===- spada-opt.cpp - run passes on textual IR ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// `mlir-opt` with our dialects, passes and pipelines. No logic here.
//
//===----------------------------------------------------------------------===//

#include "spada/RegisterAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  spada::registerAllPasses();
  mlir::DialectRegistry registry;
  spada::registerAllDialects(registry);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "spada optimizer driver\n", registry));
}
