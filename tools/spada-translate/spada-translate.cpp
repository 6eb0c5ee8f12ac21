//===- spada-translate.cpp - text to IR and back --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Importers, exporters and emitters, one at a time. No logic here.
//
//===----------------------------------------------------------------------===//

#include "spada/RegisterAll.h"

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "llvm/ADT/StringRef.h"

int main(int argc, char **argv) {
  spada::registerAllTranslations();
  return failed(
      mlir::mlirTranslateMain(argc, argv, "spada translation driver\n"));
}
