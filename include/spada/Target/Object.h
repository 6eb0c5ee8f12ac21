//===- Object.h - machine code of stencil programs --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// From `stencil.program`s with extents to an object file in memory, and to a
// shared library with a C header and a Python module. Every program NAME is
// called through `NAME_call`, see CallEntry.cpp and the written header.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_TARGET_OBJECT_H
#define SPADA_TARGET_OBJECT_H

#include "spada/Conversion/StencilToAffine.h"
#include "spada/Target/CpuPasses.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <string>

namespace spada {

struct CpuCodeOptions {
  /// A processor's name as LLVM knows it, or `native`.
  std::string cpu = "native";
  /// Use OpenMP threads; needs LLVM's OpenMP library when the code runs.
  bool useThreads = true;
  /// Call vector versions of exp, log and so on from the C library. They differ
  /// from the scalar ones in the last digits.
  bool useVectorMath = false;
  unsigned optimizationLevel = 3;
  StencilToAffineOptions loops;
};

/// Sizes of this machine's caches, see localHost.
void useHostCaches(StencilToAffineOptions &options);

/// For people: what `describeVersions` says about `program` on the processor of
/// `options`.
std::string describeCode(stencil::ProgramOp program,
                         const CpuCodeOptions &options);

/// Position independent machine code of the programs of `module`, which is left
/// alone. Errors are reported at the module and give nothing.
mlir::FailureOr<llvm::SmallVector<char, 0>>
emitStencilObject(mlir::ModuleOp module, const CpuCodeOptions &options);

/// LLVM's text of the same.
mlir::FailureOr<std::string> emitStencilLLVM(mlir::ModuleOp module,
                                             const CpuCodeOptions &options,
                                             bool optimized);

/// The OpenMP library of LLVM, or an empty text where there is none.
std::string findOpenMPLibrary();

/// Writes `libNAME.so`, `NAME.h` and `NAME.py` into `folder` for the program
/// NAME of `module`.
llvm::Error writeStencilLibrary(mlir::ModuleOp module, llvm::StringRef name,
                                llvm::StringRef folder,
                                const CpuCodeOptions &options);

} // namespace spada

#endif
