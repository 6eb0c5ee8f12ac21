//===- SparseDialect.h - the sparse dialect ---------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations of the dialect, its ops, and access to their arrays. No passes.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPARSE_IR_SPARSEDIALECT_H
#define DIALECTS_SPARSE_IR_SPARSEDIALECT_H

#include "dialects/Sparse/IR/Numbers.h"

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"

#include <vector>

#include "dialects/Sparse/IR/SparseDialect.h.inc"
#include "dialects/Sparse/IR/SparseEnums.h.inc"

namespace spada::sparse {
class LayerOp;
struct Graph;
} // namespace spada::sparse

#define GET_ATTRDEF_CLASSES
#include "dialects/Sparse/IR/SparseAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/Sparse/IR/SparseOps.h.inc"

namespace spada::sparse {

/// The connections of a network under their numbers. Neurons without a
/// connection are part of it; `withoutLoneNeurons` removes them.
Graph graphOf(NetworkOp network);

} // namespace spada::sparse

#endif
