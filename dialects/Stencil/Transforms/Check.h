//===- Check.h - parts of stencil-check -------------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// What the checks share: a program's accesses, section by section. Private to
// the library.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_STENCIL_TRANSFORMS_CHECK_H
#define DIALECTS_STENCIL_TRANSFORMS_CHECK_H

#include "dialects/Stencil/IR/StencilDialect.h"
#include "spada/Analysis/StencilAccesses.h"
#include "spada/Analysis/StencilExtents.h"

#include "llvm/ADT/MapVector.h"

namespace spada::stencil {

/// An access and where it stands.
struct Site {
  FieldAccess access;
  mutable StatementOp statement; ///< a handle; its methods are not const
  unsigned group;                ///< in the program
  unsigned position;             ///< among all accesses of the program

  mlir::Location getLoc() const { return access.op->getLoc(); }
};

/// The accesses of a section in the order of the text, by field.
struct SectionSites {
  mutable SectionOp section;
  llvm::MapVector<mlir::Value, llvm::SmallVector<Site>> fields;
};

struct CheckContext {
  explicit CheckContext(ProgramOp program);

  mutable ProgramOp program;
  StencilExtents extents;
  std::vector<SectionSites> sections;
};

/// ` ["i", "j", "k"]` of an access, as the source writes it.
std::string offsetText(const FieldAccess &access);

mlir::LogicalResult checkLevels(const CheckContext &context);
mlir::LogicalResult checkPoints(const CheckContext &context);
void warnUnread(const CheckContext &context);

} // namespace spada::stencil

#endif
