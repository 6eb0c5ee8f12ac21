//===- CSLOps.cpp - verifiers of the CSL dialect --------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of each op.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/CSLDialect.h"

using namespace mlir;
using namespace spada::csl;

LogicalResult LayoutOp::verify() { return success(); }
LogicalResult VariableOp::verify() { return success(); }
LogicalResult MemDsdOp::verify() { return success(); }
LogicalResult TaskOp::verify() { return success(); }
LogicalResult VectorOp::verify() { return success(); }

#define GET_OP_CLASSES
#include "dialects/CSL/IR/CSLOps.cpp.inc"
