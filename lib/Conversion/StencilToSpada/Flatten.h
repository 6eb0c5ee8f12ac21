//===- Flatten.h - statements as assignments --------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Takes the statements of a program apart into one assignment for each store.
// Private to Columns.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef LIB_CONVERSION_STENCILTOSPADA_FLATTEN_H
#define LIB_CONVERSION_STENCILTOSPADA_FLATTEN_H

#include "Columns.h"

namespace spada::wafer {

/// Fills `columns.sections`; the columns of arguments and temporaries stand.
mlir::LogicalResult flatten(Columns &columns);

} // namespace spada::wafer

#endif
