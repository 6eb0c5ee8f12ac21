//===- Plan.h - what the loops of a program look like -----------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads a program and decides which sections share a loop over levels, how much
// of each temporary is kept and whether tiles are independent. Builds no IR.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOAFFINE_PLAN_H
#define LIB_CONVERSION_STENCILTOAFFINE_PLAN_H

#include "dialects/Stencil/IR/StencilDialect.h"

#include "llvm/ADT/MapVector.h"

#include <array>
#include <vector>

namespace spada::cpu {

/// A read or a write of a field of the program in a statement.
struct FieldAccess {
  mlir::Value field;
  bool isWrite = false;
  /// Inside control flow of the body, or in a statement with regions.
  bool isConditional = false;
  bool hasDynamicLevel = false;
  std::array<int64_t, 3> offset = {0, 0, 0};
};

/// Statements that run level by level together: a whole sequential section or
/// one statement of a parallel section.
struct Unit {
  stencil::SectionOp section;
  std::vector<stencil::StatementOp> statements;
  std::vector<FieldAccess> accesses;
};

/// Units in one loop over levels.
struct Group {
  std::vector<Unit> units;
  bool canAscend = true, canDescend = true;

  bool isBackward() const { return !canAscend; }
};

/// A hull of points around the tile, on I and J.
struct Halo {
  std::array<int64_t, 2> lo = {0, 0}, hi = {0, 0};

  void include(stencil::ExtentAttr extent, llvm::ArrayRef<int64_t> offset);
};

/// How a field of the program is used.
struct FieldFacts {
  stencil::FieldType type;
  stencil::TemporaryOp temporary; ///< null for arguments
  bool isRead = false, isWritten = false;
  bool hasDynamicLevel = false;
  bool isLocal = true;     ///< read at the point's own column and tile only
  bool needsClear = false; ///< may be read where nothing was written
  Halo halo;
  int64_t levelLo = 0, levelHi = 0; ///< hull of vertical offsets
  /// Levels kept when levels are visited one by one; 0 keeps all of them.
  int64_t window = 0;
};

struct Plan {
  stencil::ProgramOp program;
  std::vector<Group> groups;
  llvm::MapVector<mlir::Value, FieldFacts> fields;
  /// No tile reads what another one writes.
  bool tilesAreIndependent = true;
  /// Levels do not depend on each other.
  bool levelsAreIndependent = true;
  bool isParallel = true; ///< no sequential section
  Halo computed;          ///< hull of the statements' extents
};

/// True when every level of `a` is below every level of `b`, whatever the size
/// of the domain (at least `minLevels`).
bool isBelow(stencil::SectionOp a, stencil::SectionOp b, int64_t minLevels);

/// Reads and writes of fields of the program in `statement`, in order.
std::vector<FieldAccess> collectAccesses(stencil::StatementOp statement);

/// The plan for `program`. Reports an error where the program lacks what the
/// analysis of extents adds.
mlir::FailureOr<Plan> makePlan(stencil::ProgramOp program);

} // namespace spada::cpu

#endif
