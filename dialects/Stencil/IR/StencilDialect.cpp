//===- StencilDialect.cpp - the stencil dialect ---------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Registers types, attributes and ops; their text where it is not declared.
// Verifiers are in StencilOps.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialects/Stencil/IR/StencilDialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace spada::stencil;

#include "dialects/Stencil/IR/StencilDialect.cpp.inc"
#include "dialects/Stencil/IR/StencilEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Stencil/IR/StencilAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Stencil/IR/StencilTypes.cpp.inc"

void StencilDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/Stencil/IR/StencilTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Stencil/IR/StencilAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/Stencil/IR/StencilOps.cpp.inc"
      >();
}

LogicalResult FieldType::verify(function_ref<InFlightDiagnostic()> emitError,
                                Axes, Type elementType,
                                ArrayRef<int64_t> dataDims) {
  if (!elementType.isF16() && !elementType.isF32() && !elementType.isF64() &&
      !elementType.isSignlessInteger(1) && !elementType.isSignlessInteger(8) &&
      !elementType.isSignlessInteger(16) &&
      !elementType.isSignlessInteger(32) && !elementType.isSignlessInteger(64))
    return emitError() << "elements of a field must be i1, i8, i16, i32, i64, "
                          "f16, f32 or f64, not "
                       << elementType;
  for (int64_t size : dataDims)
    if (size < 1)
      return emitError() << "data dimension of size " << size
                         << " must be at least 1";
  return success();
}

/// `start + 1`, `end + -2`.
static void printBound(AsmPrinter &printer, BoundAttr bound) {
  printer << stringifyEdge(bound.getEdge());
  if (bound.getOffset() != 0)
    printer << " + " << bound.getOffset();
}

static ParseResult parseBound(AsmParser &parser, BoundAttr &bound) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<Edge> edge = symbolizeEdge(keyword);
  if (!edge)
    return parser.emitError(loc, "expected 'start' or 'end'");
  int64_t offset = 0;
  if (succeeded(parser.parseOptionalPlus()) && parser.parseInteger(offset))
    return failure();
  bound = BoundAttr::get(parser.getContext(), *edge, offset);
  return success();
}

/// `[a, b)`; a missing bound is open.
static void printRange(AsmPrinter &printer, BoundAttr start, BoundAttr end) {
  printer << '[';
  if (start)
    printBound(printer, start);
  printer << ", ";
  if (end)
    printBound(printer, end);
  printer << ')';
}

static ParseResult parseRange(AsmParser &parser, BoundAttr &start,
                              BoundAttr &end) {
  if (parser.parseLSquare())
    return failure();
  if (failed(parser.parseOptionalComma()) &&
      (parseBound(parser, start) || parser.parseComma()))
    return failure();
  if (succeeded(parser.parseOptionalRParen()))
    return success();
  return failure(parseBound(parser, end) || parser.parseRParen());
}

/// `start:end + -1`; a missing bound is open. Unlike an interval it stands in
/// an attribute, whose brackets MLIR wants in pairs.
static void printSlice(AsmPrinter &printer, BoundAttr start, BoundAttr end) {
  if (start)
    printBound(printer, start);
  printer << ':';
  if (end)
    printBound(printer, end);
}

/// Parses a slice up to and with the token that `finish` takes.
static ParseResult parseSlice(AsmParser &parser, BoundAttr &start,
                              BoundAttr &end,
                              ParseResult (AsmParser::*finish)(),
                              ParseResult (AsmParser::*tryFinish)()) {
  if (failed(parser.parseOptionalColon()) &&
      (parseBound(parser, start) || parser.parseColon()))
    return failure();
  if (succeeded((parser.*tryFinish)()))
    return success();
  return failure(parseBound(parser, end) || (parser.*finish)());
}

Attribute RegionAttr::parse(AsmParser &parser, Type) {
  BoundAttr iStart, iEnd, jStart, jEnd;
  if (parser.parseLess() ||
      parseSlice(parser, iStart, iEnd, &AsmParser::parseComma,
                 &AsmParser::parseOptionalComma) ||
      parseSlice(parser, jStart, jEnd, &AsmParser::parseGreater,
                 &AsmParser::parseOptionalGreater))
    return {};
  return get(parser.getContext(), iStart, iEnd, jStart, jEnd);
}

void RegionAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printSlice(printer, getIStart(), getIEnd());
  printer << ", ";
  printSlice(printer, getJStart(), getJEnd());
  printer << '>';
}

static void printInterval(OpAsmPrinter &printer, Operation *, BoundAttr start,
                          BoundAttr end) {
  printRange(printer, start, end);
}

static ParseResult parseInterval(OpAsmParser &parser, BoundAttr &start,
                                 BoundAttr &end) {
  SMLoc loc = parser.getCurrentLocation();
  if (parseRange(parser, start, end))
    return failure();
  if (!start || !end)
    return parser.emitError(loc, "an interval needs both bounds");
  return success();
}

static void printOrder(OpAsmPrinter &printer, Operation *, OrderAttr order) {
  printer << stringifyOrder(order.getValue());
}

static ParseResult parseOrder(OpAsmParser &parser, OrderAttr &order) {
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<Order> value = symbolizeOrder(keyword);
  if (!value)
    return parser.emitError(loc,
                            "expected 'parallel', 'forward' or 'backward'");
  order = OrderAttr::get(parser.getContext(), *value);
  return success();
}

#define GET_OP_CLASSES
#include "dialects/Stencil/IR/StencilOps.cpp.inc"
