//===- CSLDialect.cpp - the CSL dialect -----------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registers the dialect's types, attributes and ops. Verifiers are in
// CSLOps.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/CSLDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada::csl;

#include "dialects/CSL/IR/CSLDialect.cpp.inc"
#include "dialects/CSL/IR/CSLEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/CSL/IR/CSLAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/CSL/IR/CSLTypes.cpp.inc"

namespace {
/// Constants that passes make stay in the body that uses them; a program holds
/// only declarations.
struct ConstantPlaces : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const override {
    return isa<FuncOp, TaskOp>(region->getParentOp());
  }
};
} // namespace

void CSLDialect::initialize() {
  addInterfaces<ConstantPlaces>();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/CSL/IR/CSLAttrs.cpp.inc"
      >();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/CSL/IR/CSLTypes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/CSL/IR/CSLOps.cpp.inc"
      >();
}
