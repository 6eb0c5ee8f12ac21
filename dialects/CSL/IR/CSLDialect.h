//===- CSLDialect.h --- the CSL dialect -----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations of the dialect, its types, attributes, enums and ops. No passes:
// see Transforms/Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_CSL_IR_CSLDIALECT_H
#define DIALECTS_CSL_IR_CSLDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/CSL/IR/CSLDialect.h.inc"
#include "dialects/CSL/IR/CSLEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/CSL/IR/CSLAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/CSL/IR/CSLTypes.h.inc"
#define GET_OP_CLASSES
#include "dialects/CSL/IR/CSLOps.h.inc"

#endif
