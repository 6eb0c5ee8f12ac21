//===- Races.h - races inside one compute block -----------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Findings of the walk over one compute block. Private to the library; the
// report is Check.h.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_ANALYSIS_RACES_H
#define LIB_ANALYSIS_RACES_H

#include "spada/Analysis/Flows.h"

namespace spada::detail {

/// Two statements that nothing orders.
struct Finding {
  enum class Kind { Race, UnorderedStream } kind;
  bool certain = false;   ///< else they may touch different elements
  std::string name;       ///< field or stream
  mlir::Operation *first; ///< outstanding
  mlir::Operation *second;
};

/// Unordered pairs of one compute block, in the order of `second`.
std::vector<Finding> findRaces(ComputeOp compute);

} // namespace spada::detail

#endif
