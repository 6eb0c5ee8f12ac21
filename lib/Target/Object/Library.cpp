//===- Library.cpp - shared libraries of stencil programs -----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Links the object file and writes the header and the Python module beside it.
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Object/Lower.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace spada;

std::string spada::findOpenMPLibrary() {
  for (const char *path : {SPADA_OPENMP_LIBRARY, "/usr/lib/libomp.so.5",
                           "/usr/lib64/libomp.so"})
    if (*path && llvm::sys::fs::exists(path))
      return path;
  return "";
}
