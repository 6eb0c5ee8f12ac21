//===- StencilToAffine.h - stencil programs as loop nests -------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The lowering of `stencil.program`s with extents to functions of `affine`
// loops over `memref`s. The plane is cut into tiles that do not depend on each
// other; each tile runs the whole program with temporaries of its own.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_CONVERSION_STENCILTOAFFINE_H
#define SPADA_CONVERSION_STENCILTOAFFINE_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace spada {

/// A way to run a program, named after the axis that is walked in the innermost
/// loop and what the caller's arrays must be like.
enum class CpuVersion {
  I,   ///< unit stride on I; any order of sections
  K,   ///< unit stride on K; sweeps run on copies with unit stride on I
  J,   ///< any strides, J innermost
  Any, ///< any strides: the tile of I on copies with unit stride on I; strided
       ///< access where only a run knows which levels are read
};

/// `i`, `k`, `j`, `any`.
llvm::StringRef cpuVersionName(CpuVersion version);

struct StencilToAffineOptions {
  StencilToAffineOptions();

  /// Versions to make; those that the program does not allow are left out.
  std::vector<CpuVersion> versions = {CpuVersion::I, CpuVersion::K,
                                      CpuVersion::Any};
  /// Numbers of the processor; at first those of `builtinHost()`.
  int64_t levelOneBytes;  ///< data cache of one core
  int64_t levelTwoBytes;  ///< second-level cache of one core
  int64_t lineBytes;      ///< cache line
  int64_t lastLevelBytes; ///< last cache
  int64_t aheadBytes;     ///< how far ahead of its use memory is asked for
  int64_t rowTileCaches;  ///< second-level caches that rows of a tile may fill
  int64_t rowsAtOnce;     ///< rows that share a loop
  int64_t levelsAtOnce;   ///< levels of a sweep that do
  int64_t rowAddresses;   ///< most rows that a loop of several rows touches
  int64_t rowOperations;  ///< most operations of the body of a shared loop
  int64_t nextTileFields; ///< most fields asked for of the next tile
  /// Bytes of vectors whose lanes can be masked; 0 where there are none.
  int64_t vectorBytes = 0;
  /// Programs of more operations get no code of their own for K but run as any:
  /// copies take little of their time, one more tile half of the compiler's.
  unsigned mostOps = 1000;
  /// Points of a tile on I, J and K; 0 lets the caches decide.
  std::array<int64_t, 3> tile = {0, 0, 0};
};

/// For people: a line for each version that `program` gets, with the strides
/// that it is for, where it works and what it does with vectors.
std::string describeVersions(stencil::ProgramOp program,
                             const StencilToAffineOptions &options);

/// Adds to `module`, for each program NAME and version V, the functions
/// `NAME_V(sizes, arguments, threads)` and `NAME_V_tile(...)`; removes the
/// program. On failure an error has been reported.
mlir::LogicalResult
convertStencilToAffine(mlir::ModuleOp module,
                       const StencilToAffineOptions &options);

/// The pass `stencil-to-affine`.
std::unique_ptr<mlir::Pass>
createStencilToAffinePass(const StencilToAffineOptions &options = {});

/// Registers `stencil-to-affine`.
void registerStencilToAffinePass();

} // namespace spada

#endif
