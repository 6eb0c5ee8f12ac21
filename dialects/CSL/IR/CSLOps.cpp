//===- CSLOps.cpp - generated parts of the CSL ops ------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The one place that compiles the generated op classes, and the verifiers of
// the layout. Declarations are checked in CSLProgramOps.cpp, bodies in
// CSLBodyOps.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/CSL/IR/Verify.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace spada::csl;

static bool isIdentifier(StringRef name) {
  return !name.empty() && !llvm::isDigit(name.front()) &&
         llvm::all_of(name,
                      [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

LogicalResult
BoxAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, int64_t xLo,
                int64_t xHi, int64_t xStep, int64_t yLo, int64_t yHi,
                int64_t yStep) {
  if (xLo < 0 || yLo < 0 || xHi <= xLo || yHi <= yLo)
    return emitError() << "box from (" << xLo << ", " << yLo << ") to (" << xHi
                       << ", " << yHi
                       << ") is empty or negative; bounds are half open";
  if (xStep < 1 || yStep < 1)
    return emitError() << "box has steps " << xStep << " and " << yStep
                       << "; steps are at least 1";
  return success();
}

LogicalResult
SwitchesAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                     ArrayRef<int64_t> rx, ArrayRef<int64_t> tx,
                     int64_t current, bool ring, PopMode popMode) {
  if (rx.size() != 3 || tx.size() != 3) // (C1)
    return emitError() << "switches have " << rx.size() << " rx and "
                       << tx.size() << " tx positions; 3 of each are needed";
  for (int64_t ports : llvm::concat<const int64_t>(rx, tx))
    if (ports < 0 || ports > 31)
      return emitError() << "switches have the port set " << ports
                         << "; sets are 0 to 31, a bit for each port";
  if (current < 0 || current > 3)
    return emitError() << "switches start at position " << current
                       << "; positions are 0 to 3";
  return success();
}

LogicalResult
FilterAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                   FilterKind kind, bool countData, bool countControl,
                   bool filterControl, int64_t initCounter, int64_t maxCounter,
                   int64_t limit1, int64_t limit2, int64_t minIndex,
                   int64_t maxIndex) {
  for (int64_t value :
       {initCounter, maxCounter, limit1, limit2, minIndex, maxIndex}) // (C1)
    if (value < 0 || value > UINT32_MAX)
      return emitError() << "filter has the number " << value
                         << "; numbers are 0 to 2^32 - 1";
  return success();
}

LogicalResult LayoutOp::verify() {
  auto width = static_cast<int64_t>(getWidth()),
       height = static_cast<int64_t>(getHeight());
  if (width < 1 || height < 1) // (C2)
    return emitOpError() << "has size " << width << " x " << height
                         << "; both must be positive";
  auto inside = [&](Operation &op, BoxAttr box) -> LogicalResult { // (C3)
    if (!box || (box.getXHi() <= width && box.getYHi() <= height))
      return success();
    InFlightDiagnostic diag =
        op.emitOpError() << "reaches to (" << box.getXHi() << ", "
                         << box.getYHi() << ") outside of the rectangle of "
                         << width << " x " << height;
    diag.attachNote(getLoc()) << "rectangle set here";
    return diag;
  };
  for (Operation &op : getBody().front()) {
    LogicalResult result = success();
    if (auto tile = dyn_cast<TileCodeOp>(op))
      result = inside(op, tile.getBox());
    else if (auto config = dyn_cast<ColorConfigOp>(op))
      result = inside(op, config.getBox());
    else if (auto argument = dyn_cast<HostArgumentOp>(op))
      result = inside(op, argument.getBoxAttr());
    else if (auto data = dyn_cast<TileDataOp>(op))
      result =
          inside(op, BoxAttr::get(getContext(), data.getX(), data.getX() + 1, 1,
                                  data.getY(), data.getY() + 1, 1));
    else if (!isa<ExportNameOp, HostColorOp>(op)) // (C1)
      return op.emitOpError()
             << "is no layout op; 'csl.layout' holds csl.tile_code, "
                "csl.tile_data, csl.color_config, csl.host_color, "
                "csl.export_name and csl.host_argument";
    if (failed(result))
      return failure();
  }
  return success();
}

/// Does the attribute of a tile parameter fit a param of `type`?
static bool bindsParam(Attribute value, Type type) {
  if (auto text = dyn_cast<StringAttr>(value))
    return (text.getValue() == "x" || text.getValue() == "y") &&
           type.isIntOrIndex() && !type.isInteger(1) && !type.isInteger(8);
  auto typed = dyn_cast<TypedAttr>(value);
  return typed && isa<IntegerAttr, FloatAttr>(value) && typed.getType() == type;
}

LogicalResult TileCodeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto program =
      symbols.lookupNearestSymbolFrom<ProgramOp>(*this, getProgramAttr());
  if (!program) // (C1)
    return emitOpError() << "names '" << getProgram()
                         << "', which is no csl.program of the module";
  unsigned bound = 0;
  for (ParamOp param : program.getBody().getOps<ParamOp>()) { // (C2)
    if (!param.getType())
      continue;
    Attribute value = getParams().get(param.getSymName());
    if (!value || !bindsParam(value, *param.getType())) {
      InFlightDiagnostic diag = emitOpError();
      if (value)
        diag << "binds param '" << param.getSymName() << "' of "
             << *param.getType() << " to " << value
             << "; give a number of that type, \"x\" or \"y\"";
      else
        diag << "leaves param '" << param.getSymName() << "' of '"
             << getProgram() << "' unbound";
      diag.attachNote(param.getLoc()) << "param declared here";
      return diag;
    }
    ++bound;
  }
  if (bound != getParams().size())
    for (NamedAttribute entry : getParams()) {
      auto param = symbols.lookupSymbolIn<ParamOp>(program, entry.getName());
      if (!param || !param.getType())
        return emitOpError()
               << "binds '" << entry.getName().getValue()
               << "', which is no typed csl.param of '" << getProgram() << "'";
    }
  return success();
}

LogicalResult TileDataOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto variable =
      symbols.lookupNearestSymbolFrom<VariableOp>(*this, getVariableAttr());
  if (!variable) // (C1)
    return emitOpError() << "names '" << getVariableAttr()
                         << "', which is no csl.variable of a program";
  if (static_cast<int64_t>(getX()) < 0 || static_cast<int64_t>(getY()) < 0)
    return emitOpError() << "is for PE (" << static_cast<int64_t>(getX())
                         << ", " << static_cast<int64_t>(getY())
                         << "); coordinates start at 0";
  auto type = dyn_cast<MemRefType>(variable.getType()); // (C2)
  ShapedType given = getValue().getShapedType();
  if (type && given.getShape() == type.getShape() &&
      given.getElementType() == type.getElementType() &&
      isa<DenseElementsAttr>(getValue()))
    return success();
  InFlightDiagnostic diag = emitOpError()
                            << "gives " << given << " to a variable of "
                            << variable.getType();
  diag.attachNote(variable.getLoc()) << "variable declared here";
  return diag;
}

LogicalResult ColorConfigOp::verify() {
  for (auto [name, ports] :
       {std::pair("rx", getRx()), std::pair("tx", getTx())}) { // (C1)
    unsigned seen = 0;
    for (int64_t port : ports) {
      if (port < 0 || port > 4)
        return emitOpError() << "has " << name << " port " << port
                             << "; ports are 0 (ramp) to 4 (west)";
      if (seen & (1u << port))
        return emitOpError()
               << "lists " << name << " port " << port << " twice";
      seen |= 1u << port;
    }
  }
  return success();
}

LogicalResult HostColorOp::verify() {
  if (getDirection() == HostDirection::InOut) // (C1)
    return emitOpError() << "goes 'inout'; name one op for each direction";
  return success();
}

LogicalResult ExportNameOp::verify() {
  if (!isIdentifier(getName())) // (C1)
    return emitOpError() << "exports '" << getName()
                         << "', which is no identifier";
  Type type = getType(); // (C2)
  if (auto memref = dyn_cast<MemRefType>(type)) {
    if (!isScalarType(memref.getElementType()))
      return emitOpError() << "exports elements of " << memref.getElementType()
                           << ", which is no run-time scalar";
    return success();
  }
  auto function = dyn_cast<FunctionType>(type);
  if (!function)
    return emitOpError()
           << "exports type " << type
           << "; only memrefs and functions are visible to the host";
  if (function.getNumInputs() > 15 || function.getNumResults() > 1)
    return emitOpError() << "exports a function with "
                         << function.getNumInputs() << " inputs and "
                         << function.getNumResults()
                         << " results; at most 15 and 1 are possible";
  for (Type part :
       llvm::concat<const Type>(function.getInputs(), function.getResults()))
    if (!isWordType(part))
      return emitOpError() << "exports a function over " << part
                           << ", which is no run-time scalar of 32 bits at "
                              "most";
  return success();
}

LogicalResult HostArgumentOp::verify() {
  if (!isIdentifier(getName())) // (C1)
    return emitOpError() << "has the name '" << getName()
                         << "', which is no identifier";
  auto elements = static_cast<int64_t>(getElements()); // (C2)
  if (getDims().size() > 2)
    return emitOpError() << "has " << getDims().size()
                         << " dims; the grid has 2";
  for (int64_t dim : getDims())
    if (dim < 1)
      return emitOpError() << "has dim " << dim << "; dims are positive";
  if (elements < 0)
    return emitOpError() << "has " << elements
                         << " elements; give 0 for a stream without bound";
  if (getIsScalar()) {
    if (!getDims().empty() || getDirection() != HostDirection::In || getColor())
      return emitOpError()
             << "is a scalar, which goes 'in' and has neither dims nor a color";
    return success();
  }
  if (getColor().has_value() != (elements == 0)) // (C3)
    return emitOpError()
           << "has " << elements << " elements and "
           << (getColor() ? "a" : "no")
           << " color; exactly streaming arguments, of 0 elements, have one";
  if (getColor() && getDirection() == HostDirection::InOut)
    return emitOpError()
           << "streams 'inout'; declare one argument for each direction";
  return success();
}

#define GET_OP_CLASSES
#include "dialects/CSL/IR/CSLOps.cpp.inc"
