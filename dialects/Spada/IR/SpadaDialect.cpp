//===- SpadaDialect.cpp - the SpaDA dialect -------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registers the dialect's types and ops. Verifiers are in SpadaOps.cpp and
// SpadaStatements.cpp, folding in SpadaFolders.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/IR/SpadaDialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada;

#include "dialects/Spada/IR/SpadaDialect.cpp.inc"
#include "dialects/Spada/IR/SpadaEnums.cpp.inc"
#include "dialects/Spada/IR/SpadaInterfaces.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Spada/IR/SpadaTypes.cpp.inc"

void SpadaDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Spada/IR/SpadaTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Spada/IR/SpadaOps.cpp.inc"
      >();
}

Operation *SpadaDialect::materializeConstant(OpBuilder &builder,
                                             Attribute value, Type type,
                                             Location loc) {
  auto typed = dyn_cast<TypedAttr>(value);
  if (!typed || typed.getType() != type)
    return nullptr;
  return builder.create<ConstantOp>(loc, type, typed);
}
