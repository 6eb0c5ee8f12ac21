//===- SpadaDialect.h - the SpaDA dialect -----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Declarations of the dialect, its types, enums, interfaces and ops. No passes:
// see Transforms/Transforms.h.
//
//===----------------------------------------------------------------------===//

#ifndef DIALECTS_SPADA_IR_SPADADIALECT_H
#define DIALECTS_SPADA_IR_SPADADIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Spada/IR/SpadaDialect.h.inc"
#include "dialects/Spada/IR/SpadaEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/Spada/IR/SpadaTypes.h.inc"

#include "dialects/Spada/IR/SpadaInterfaces.h.inc"

#define GET_OP_CLASSES
#include "dialects/Spada/IR/SpadaOps.h.inc"

#endif
