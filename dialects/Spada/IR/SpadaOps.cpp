//===- SpadaOps.cpp - verifiers and folders of the SpaDA dialect ----------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of each op. Whole-program rules (edges, races, routes) are analyses.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/IR/SpadaDialect.h"

using namespace mlir;
using namespace spada;

LogicalResult KernelOp::verify() { return success(); }
LogicalResult ArgumentOp::verify() { return success(); }
LogicalResult MetaForOp::verify() { return success(); }
LogicalResult PlaceOp::verify() { return success(); }
LogicalResult DataflowOp::verify() { return success(); }
LogicalResult ComputeOp::verify() { return success(); }
LogicalResult FieldOp::verify() { return success(); }
LogicalResult StreamOp::verify() { return success(); }
LogicalResult SendValueOp::verify() { return success(); }
LogicalResult ForeachOp::verify() { return success(); }
LogicalResult MapOp::verify() { return success(); }
LogicalResult ForOp::verify() { return success(); }
LogicalResult BinaryOp::verify() { return success(); }

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }
OpFoldResult BinaryOp::fold(FoldAdaptor) { return {}; }
OpFoldResult UnaryOp::fold(FoldAdaptor) { return {}; }
OpFoldResult SelectOp::fold(FoldAdaptor) { return {}; }
OpFoldResult CastOp::fold(FoldAdaptor) { return {}; }

#define GET_OP_CLASSES
#include "dialects/Spada/IR/SpadaOps.cpp.inc"
