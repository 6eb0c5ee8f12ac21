//===- StencilInterp.h - the interpreter of GTScript programs ---*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Defines what a `stencil.program` means by running it statement by statement
// and point by point, in the documented order. Slow and obvious; no loops are
// fused and no layout is chosen.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_INTERP_STENCILINTERP_H
#define SPADA_INTERP_STENCILINTERP_H

#include "dialects/Stencil/IR/StencilDialect.h"
#include "spada/Interp/Interp.h"
#include "spada/Support/Array.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace spada {

/// The array of one field argument: its spatial axes in the order I, J, K, then
/// its data dimensions.
struct StencilField {
  Array array;
  /// Index of the first point of the domain, one number for each spatial axis.
  std::vector<int64_t> origin;
};

/// One call of a program. Fields are changed in place.
struct StencilCall {
  std::array<int64_t, 3> domain = {1, 1, 1};
  std::map<std::string, StencilField> fields; ///< by name in the source
  std::map<std::string, Array> scalars;       ///< of rank 0, by name
};

struct StencilInterpOptions {
  /// Trap on reads of temporaries that were not written. Off, such a read
  /// gives NaN or, for integers, zero.
  bool trapUndefined = false;
  int64_t maxElements = int64_t(1) << 28;   ///< of all temporaries together
  int64_t maxIterations = int64_t(1) << 24; ///< of one `while` at one point
};

/// Runs `program`, whose statements need their extents
/// (`stencil-infer-extents`). When the run does not finish, the fields of
/// `call` hold what was written until then.
InterpResult interpretStencil(stencil::ProgramOp program, StencilCall &call,
                              const StencilInterpOptions &options = {});

} // namespace spada

#endif
