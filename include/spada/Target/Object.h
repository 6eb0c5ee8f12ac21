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

#include "dialects/Stencil/IR/StencilDialect.h"
#include "spada/Conversion/StencilToAffine.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

#include <array>
#include <string>
#include <vector>

namespace spada {

/// An argument of a program, as callers need to know it.
struct StencilArgument {
  std::string name;
  bool isField = true;
  bool isOptional = false; ///< a field that may be absent
  std::array<bool, 3> axes = {false, false, false};
  std::vector<int64_t> dataDims;
  std::string type; ///< `bool`, `int8` ... `int64`, `float16` ... `float64`
  bool isRead = true, isWritten = true;
  /// The halo for I, J and K: points below and above the domain.
  std::array<int64_t, 3> lower = {0, 0, 0}, upper = {0, 0, 0};
  std::string defaultValue; ///< of a scalar, as C and Python write it; or empty

  /// Strides that a call passes: one for each axis and data dimension.
  unsigned numStrides() const;
};

struct StencilSignature {
  std::string name;
  std::vector<StencilArgument> arguments;
  int64_t minLevels = 0;
};

/// What callers of `program` need to know.
StencilSignature describeProgram(stencil::ProgramOp program);

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

/// Caches of this machine, as the operating system reports them; the defaults
/// of `options` where it does not.
void useHostCaches(StencilToAffineOptions &options);

/// Lowers the programs of `module` to the LLVM dialect in place.
mlir::LogicalResult lowerStencilToLLVM(mlir::ModuleOp module,
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
