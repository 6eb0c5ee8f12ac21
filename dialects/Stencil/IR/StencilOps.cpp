//===- StencilOps.cpp - verifiers and builders of the stencil dialect -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/IR/StencilDialect.h"

#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;
using namespace spada::stencil;

//===----------------------------------------------------------------------===//
// ProgramOp
//===----------------------------------------------------------------------===//

ParseResult ProgramOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &builder, ArrayRef<Type> arguments,
                  ArrayRef<Type> results, function_interface_impl::VariadicFlag,
                  std::string &) {
    return builder.getFunctionType(arguments, results);
  };
  return function_interface_impl::parseFunctionOp(
      parser, result, /*allowVariadic=*/false,
      getFunctionTypeAttrName(result.name), build,
      getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void ProgramOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(
      printer, *this, /*isVariadic=*/false, getFunctionTypeAttrName(),
      getArgAttrsAttrName(), getResAttrsAttrName());
}

LogicalResult ProgramOp::verify() {
  if (!getFunctionType().getResults().empty())
    return emitOpError("has no results; it writes fields");
  if (std::optional<ArrayRef<int64_t>> domain = getDomain()) {
    if (domain->size() != 3)
      return emitOpError("needs three sizes of the domain, not ")
             << domain->size();
    for (int64_t size : *domain)
      if (size < 0)
        return emitOpError("has a negative domain size ") << size;
  }
  for (unsigned i = 0; i < getNumArguments(); ++i) {
    Type type = getArgumentTypes()[i];
    if (!isa<FieldType>(type) && !type.isIntOrFloat())
      return emitOpError("argument ")
             << i << " must be a field or a scalar, not " << type;
    if (!getArgAttrOfType<StringAttr>(i, "stencil.name"))
      return emitOpError("argument ") << i << " needs a 'stencil.name'";
  }
  for (Operation &op : getBody().front())
    if (!isa<TemporaryOp, SectionOp>(op) &&
        !op.hasTrait<OpTrait::ConstantLike>())
      return op.emitOpError("cannot stand in a 'stencil.program'");
  return success();
}

StringRef ProgramOp::getArgName(unsigned index) {
  auto name = getArgAttrOfType<StringAttr>(index, "stencil.name");
  return name ? name.getValue() : StringRef();
}

std::optional<Access> ProgramOp::getArgAccess(unsigned index) {
  if (auto access = getArgAttrOfType<AccessAttr>(index, "stencil.access"))
    return access.getValue();
  return std::nullopt;
}

BoundaryAttr ProgramOp::getArgBoundary(unsigned index) {
  return getArgAttrOfType<BoundaryAttr>(index, "stencil.boundary");
}

void ProgramOp::getAsmBlockArgumentNames(Region &region,
                                         OpAsmSetValueNameFn setName) {
  for (unsigned i = 0; i < region.getNumArguments(); ++i)
    if (StringRef name = getArgName(i); !name.empty())
      setName(region.getArgument(i), name);
}

//===----------------------------------------------------------------------===//
// TemporaryOp, SectionOp, StatementOp
//===----------------------------------------------------------------------===//

void TemporaryOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  setName(getField(), getName());
}

LogicalResult TemporaryOp::verify() {
  FieldType type = getField().getType();
  bool local = !isa<ProgramOp>((*this)->getParentOp());
  if (local && !(*this)->getParentOfType<StatementOp>())
    return emitOpError("must stand in a program or in a statement");
  if (local && (type.getAxes() != Axes::None || !type.getDataDims().empty()))
    return emitOpError("of a point must have type "
                       "'!stencil.field<none, T>', not ")
           << type;
  if (!local && type.getAxes() != Axes::IJK && type.getAxes() != Axes::IJ)
    return emitOpError("of a program must have axes IJK or IJ, not ")
           << stringifyAxes(type.getAxes());
  return success();
}

void SectionOp::build(OpBuilder &builder, OperationState &state, Order order,
                      BoundAttr start, BoundAttr end) {
  state.addAttribute(getOrderAttrName(state.name),
                     OrderAttr::get(builder.getContext(), order));
  state.addAttribute(getStartAttrName(state.name), start);
  state.addAttribute(getEndAttrName(state.name), end);
  state.addRegion()->emplaceBlock();
}

bool SectionOp::isFull() {
  return getStart().getEdge() == Edge::Start && getStart().getOffset() == 0 &&
         getEnd().getEdge() == Edge::End && getEnd().getOffset() == 0;
}

void StatementOp::build(OpBuilder &builder, OperationState &state, bool joined,
                        ArrayRef<RegionAttr> regions) {
  if (joined)
    state.addAttribute(getJoinedAttrName(state.name), builder.getUnitAttr());
  if (!regions.empty())
    state.addAttribute(getRegionsAttrName(state.name),
                       builder.getArrayAttr(SmallVector<Attribute>(
                           regions.begin(), regions.end())));
  state.addRegion()->emplaceBlock();
}

//===----------------------------------------------------------------------===//
// ReadOp, WriteOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyData(Operation *op, FieldType type, size_t indices) {
  if (indices == type.getDataDims().size())
    return success();
  return op->emitOpError("needs ")
         << type.getDataDims().size() << " data indices for " << type
         << ", not " << indices;
}

void ReadOp::build(OpBuilder &builder, OperationState &state, Value field,
                   ArrayRef<int64_t> offset, ValueRange data) {
  build(builder, state, cast<FieldType>(field.getType()).getElementType(),
        field, offset, Value(), Value(), data);
}

LogicalResult ReadOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                       ReadOp::Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  auto type = dyn_cast<FieldType>(adaptor.getField().getType());
  if (!type)
    return failure();
  types.push_back(type.getElementType());
  return success();
}

LogicalResult ReadOp::verify() {
  FieldType type = getField().getType();
  if (!(*this)->getParentOfType<StatementOp>())
    return emitOpError("must stand in a 'stencil.statement'");
  if (getOffset().size() != 3)
    return emitOpError("needs three offsets, not ") << getOffset().size();
  for (unsigned axis = 0; axis < 3; ++axis)
    if (getOffset()[axis] != 0 && !type.hasAxis(axis))
      return emitOpError("has an offset on axis ")
             << "IJK"[axis] << ", which " << type << " does not have";
  if (getShift() && getLevel())
    return emitOpError("has both 'shift' and 'at'");
  if ((getShift() || getLevel()) && !type.hasK())
    return emitOpError("has a level, but ") << type << " has no axis K";
  if (getLevel() && getOffset()[2] != 0)
    return emitOpError("has both a vertical offset and 'at'");
  return verifyData(*this, type, getData().size());
}

void WriteOp::build(OpBuilder &builder, OperationState &state, Value value,
                    Value field, ValueRange data) {
  build(builder, state, value, field, 0, Value(), data);
}

LogicalResult WriteOp::verify() {
  FieldType type = getField().getType();
  auto statement = (*this)->getParentOfType<StatementOp>();
  if (!statement)
    return emitOpError("must stand in a 'stencil.statement'");
  bool shifted = getDk() != 0 || getShift();
  if (!type.hasK() && shifted)
    return emitOpError("has a level, but ") << type << " has no axis K";
  if (type.getAxes() == Axes::None) {
    if (!getField().getDefiningOp<TemporaryOp>())
      return emitOpError("cannot change a table");
    return success();
  }
  if (type.getAxes() != Axes::IJK && type.getAxes() != Axes::IJ)
    return emitOpError("cannot change a field with axes ")
           << stringifyAxes(type.getAxes());
  if (cast<SectionOp>(statement->getParentOp()).isParallel()) {
    if (shifted)
      return emitOpError("has a vertical offset in a parallel section");
    if (!type.hasK())
      return emitOpError("to a field without axis K in a parallel section");
  }
  return verifyData(*this, type, getData().size());
}
