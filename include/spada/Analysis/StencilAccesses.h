//===- StencilAccesses.h - what a stencil touches, statement by statement -===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads and writes of fields as data, and ranges of levels. Variables of a
// point are no fields here. Changes nothing and reports nothing.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_ANALYSIS_STENCILACCESSES_H
#define SPADA_ANALYSIS_STENCILACCESSES_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace spada::stencil {

/// One `stencil.read` or `stencil.write`.
struct FieldAccess {
  mlir::Operation *op;
  mlir::Value field;
  int64_t di = 0, dj = 0, dk = 0;
  bool isWrite = false;
  bool isAnyLevel = false;    ///< the level is known at run time only
  bool isConditional = false; ///< in a branch or a loop of the body

  bool hasHorizontalOffset() const { return di != 0 || dj != 0; }
  bool hasVerticalOffset() const { return dk != 0 || isAnyLevel; }
};

/// The access that `op` makes; nothing for other ops and variables of a point.
std::optional<FieldAccess> getAccess(mlir::Operation *op);

/// The accesses of a statement (or any op) in the order of its body.
llvm::SmallVector<FieldAccess> collectAccesses(mlir::Operation *root);

/// The name in the source of an argument or temporary.
llvm::StringRef getFieldName(mlir::Value field);

/// Levels from `start` up to `end`, each relative to an end of the domain.
struct LevelRange {
  Edge startEdge = Edge::Start;
  int64_t start = 0;
  Edge endEdge = Edge::End;
  int64_t end = 0;

  static LevelRange get(SectionOp section);
  LevelRange shifted(int64_t levels) const {
    return {startEdge, start + levels, endEdge, end + levels};
  }
  /// First level and the one after the last in a domain of `levels`.
  std::pair<int64_t, int64_t> at(int64_t levels) const {
    return {start + (startEdge == Edge::End ? levels : 0),
            end + (endEdge == Edge::End ? levels : 0)};
  }
  /// True when there is one level, whatever the domain.
  bool isSingle() const { return startEdge == endEdge && end - start == 1; }
  bool operator==(const LevelRange &other) const = default;
};

} // namespace spada::stencil

#endif
