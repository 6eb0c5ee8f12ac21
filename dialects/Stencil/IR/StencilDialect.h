//===- StencilDialect.h - the stencil dialect -------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations of the dialect, its types, attributes and ops. No passes.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_STENCIL_IR_STENCILDIALECT_H
#define DIALECTS_STENCIL_IR_STENCILDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Stencil/IR/StencilDialect.h.inc"
#include "dialects/Stencil/IR/StencilEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Stencil/IR/StencilAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Stencil/IR/StencilTypes.h.inc"

#define GET_OP_CLASSES
#include "dialects/Stencil/IR/StencilOps.h.inc"

#endif
