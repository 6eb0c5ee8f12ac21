//===- Order.h - which assignments share a loop over levels -----*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Takes sections apart: assignments that depend on each other across levels
// stay in one sequential loop, all others run for all levels at once.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_ORDER_H
#define LIB_CONVERSION_STENCILTOSPADA_ORDER_H

#include "Columns.h"

namespace spada::wafer {

/// One read or store of an assignment, relative to its level.
struct ColumnAccess {
  const Column *column;
  bool isStore = false;
  std::optional<int64_t> offset; ///< none: any level
  bool isRemote = false;         ///< of another PE's column
  mlir::Operation *op = nullptr;
};

/// All accesses of `assign`, reads first.
llvm::SmallVector<ColumnAccess> accessesOf(const Assign &assign,
                                           const Columns &columns);

/// Assignments of a section that run together.
struct Group {
  std::vector<Assign> assigns;
  bool isLoop = false; ///< level by level in the section's order
};

/// The groups of a section in a legal order, as close to the source as they
/// can be.
mlir::FailureOr<std::vector<Group>> orderSection(const SectionBody &section,
                                                 const Columns &columns);

} // namespace spada::wafer

#endif
