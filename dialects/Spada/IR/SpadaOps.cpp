//===- SpadaOps.cpp - verifiers of kernels and blocks ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Local rules of kernels, blocks and declarations. Statements are in
// SpadaStatements.cpp, folding in SpadaFolders.cpp; whole-program rules (edges,
// races, routes) are analyses.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/IR/SpadaDialect.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace spada;

//===----------------------------------------------------------------------===//
// Shared rules
//===----------------------------------------------------------------------===//

static bool isScalarType(Type type) {
  if (type.isF16() || type.isF32() || type.isF64())
    return true;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return false;
  unsigned width = integer.getWidth();
  if (width == 1)
    return integer.isSignless();
  return (width == 8 || width == 16 || width == 32) && !integer.isSigned();
}

static LogicalResult checkElementType(Operation *op, Type type) {
  if (isScalarType(type))
    return success();
  return op->emitOpError()
         << "has element type " << type
         << ", which is no SpaDA scalar; use f16, f32, f64, i1, i8, "
         << "i16, i32, ui8, ui16 or ui32";
}

/// Fails at the first op of `body` that is neither one of `Allowed` nor a
/// parameter expression.
template <typename... Allowed>
static LogicalResult checkBody(Operation *parent, Block &body,
                               StringRef holds) {
  for (Operation &op : body)
    if (!isa<Allowed..., ConstantOp, BinaryOp, UnaryOp, SelectOp, CastOp>(op)) {
      InFlightDiagnostic diagnostic = op.emitOpError()
                                      << "does not belong into '"
                                      << parent->getName() << "'";
      diagnostic.attachNote(parent->getLoc())
          << "which holds only " << holds << " and parameter expressions";
      return diagnostic;
    }
  return success();
}

/// Fails when two ops of `body` among `Named` declare one name.
template <typename... Named>
static LogicalResult checkNames(Block &body, StringRef what) {
  llvm::StringMap<Operation *> seen;
  for (Operation &op : body) {
    if (!isa<Named...>(op))
      continue;
    StringRef name = op.getAttrOfType<StringAttr>("name").getValue();
    auto [it, isNew] = seen.try_emplace(name, &op);
    if (isNew)
      continue;
    InFlightDiagnostic diagnostic = op.emitOpError()
                                    << "declares " << what << " '" << name
                                    << "' a second time";
    diagnostic.attachNote(it->second->getLoc()) << "first declared here";
    return diagnostic;
  }
  return success();
}

/// Two integer block arguments, named by `names`.
static LogicalResult checkSubgrid(Operation *op, Block &body, ArrayAttr names) {
  if (body.getNumArguments() != 2 || names.size() != 2)
    return op->emitOpError()
           << "has " << body.getNumArguments() << " subgrid variables and "
           << names.size() << " names; both must be 2";
  for (BlockArgument variable : body.getArguments())
    if (!isa<IntegerType>(variable.getType()))
      return op->emitOpError() << "has a subgrid variable of type "
                               << variable.getType() << "; use an integer type";
  return success();
}

//===----------------------------------------------------------------------===//
// Kernel level
//===----------------------------------------------------------------------===//

LogicalResult KernelOp::verify() {
  Block &body = getBody().front();
  if (body.getNumArguments() != getParamNames().size()) // C1
    return emitOpError() << "has " << body.getNumArguments()
                         << " parameters and " << getParamNames().size()
                         << " names";
  llvm::StringSet<> params;
  for (auto [name, argument] :
       llvm::zip(getParamNames().getAsValueRange<StringAttr>(),
                 body.getArguments())) {
    if (!argument.getType().isIndex())
      return emitOpError() << "has parameter '" << name << "' of type "
                           << argument.getType() << "; it must be index";
    if (!params.insert(name).second)
      return emitOpError() << "has two parameters named '" << name << "'";
  }
  if (auto preconditions = getPreconditions()) // C2
    for (NamedAttribute entry : *preconditions) {
      if (!params.contains(entry.getName().getValue()))
        return emitOpError()
               << "has a precondition on '" << entry.getName().getValue()
               << "', which is no parameter";
      if (!isa<IntegerAttr>(entry.getValue()))
        return emitOpError()
               << "has a precondition on '" << entry.getName().getValue()
               << "' that is no integer: " << entry.getValue();
    }
  if (failed(checkBody<ArgumentOp, PlaceOp, DataflowOp, ComputeOp, PhaseOp,
                       MetaForOp>(
          *this, body, "arguments, blocks, phases, compile-time loops"))) // C3
    return failure();
  return checkNames<ArgumentOp>(body, "argument"); // C4
}

LogicalResult ArgumentOp::verify() {
  bool isStream = getMode() != ArgumentMode::Scalar &&
                  getMode() != ArgumentMode::CompileTime;
  if (!isStream && (getBound() || !getDims().empty())) // C1
    return emitOpError()
           << "'" << getName() << "' is " << stringifyArgumentMode(getMode())
           << " and has a bound or dims; only stream arguments may";
  if (getDims().size() > 2) // C3
    return emitOpError() << "'" << getName() << "' has " << getDims().size()
                         << " dims; at most 2 are possible";
  return checkElementType(*this, getElementType()); // C2
}

LogicalResult PhaseOp::verify() {
  return checkBody<PlaceOp, DataflowOp, ComputeOp, MetaForOp>(
      *this, getBody().front(),
      "blocks, compile-time loops"); // C1
}

LogicalResult MetaForOp::verify() {
  Block &body = getBody().front();
  if (body.getNumArguments() != 1 ||
      !body.getArgument(0).getType().isIndex()) // C1
    return emitOpError() << "has " << body.getNumArguments()
                         << " block arguments; it needs one of type index";
  if (!isScalarType(getType()) || !isa<IntegerType>(getType())) // C3
    return emitOpError() << "has a variable of type " << getType()
                         << "; use an integer type";
  if ((*this)->getParentOfType<PhaseOp>()) // C2
    return checkBody<PlaceOp, DataflowOp, ComputeOp, MetaForOp>(
        *this, body, "blocks, compile-time loops");
  return checkBody<PlaceOp, DataflowOp, ComputeOp, PhaseOp, MetaForOp>(
      *this, body, "blocks, phases, compile-time loops");
}

LogicalResult PlaceOp::verify() {
  Block &body = getBody().front();
  if (failed(checkSubgrid(*this, body, getNames())) ||          // C1
      failed(checkBody<FieldOp>(*this, body, "'spada.field'"))) // C2
    return failure();
  return checkNames<FieldOp>(body, "field"); // C3
}

LogicalResult DataflowOp::verify() {
  Block &body = getBody().front();
  if (failed(checkSubgrid(*this, body, getNames())) || // C1
      failed(checkBody<StreamOp, ExternStreamOp>(*this, body,
                                                 "stream declarations"))) // C2
    return failure();
  return checkNames<StreamOp, ExternStreamOp>(body, "stream"); // C3
}

LogicalResult ComputeOp::verify() {
  Block &body = getBody().front();
  if (failed(checkSubgrid(*this, body, getNames()))) // C1
    return failure();
  for (Operation &op : body) // C2
    if (isa<KernelOp, ArgumentOp, PhaseOp, MetaForOp, PlaceOp, DataflowOp,
            ComputeOp, FieldOp, StreamOp, ExternStreamOp>(op)) {
      InFlightDiagnostic diagnostic = op.emitOpError()
                                      << "does not belong into 'spada.compute'";
      diagnostic.attachNote(getLoc())
          << "which holds only statements and expressions";
      return diagnostic;
    }
  return success();
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

LogicalResult FieldOp::verify() {
  return checkElementType(*this, getElementType());
} // C1

LogicalResult StreamOp::verify() {
  if (failed(checkElementType(*this, getElementType()))) // C1
    return failure();
  if (getDxStop() && getDyStop()) // C2
    return emitOpError() << "'" << getName()
                         << "' has a range on both axes; a multicast moves "
                            "along one axis only";
  auto hops = getHops(); // C3
  if (!hops)
    return success();
  if (hops->size() % 2 != 0)
    return emitOpError() << "'" << getName() << "' has " << hops->size()
                         << " hop coordinates; give pairs of x and y";
  for (size_t i = 0; i < hops->size(); i += 2) {
    int64_t x = (*hops)[i], y = (*hops)[i + 1];
    bool isUnit =
        (x == 0 && (y == 1 || y == -1)) || (y == 0 && (x == 1 || x == -1));
    if (!isUnit)
      return emitOpError() << "'" << getName() << "' has hop (" << x << ", "
                           << y
                           << "), which is no unit step; use (1, 0), (-1, 0), "
                              "(0, 1) or (0, -1)";
  }
  return success();
}

LogicalResult ExternStreamOp::verify() {
  return checkElementType(*this, getElementType());
} // C1

#define GET_OP_CLASSES
#include "dialects/Spada/IR/SpadaOps.cpp.inc"
