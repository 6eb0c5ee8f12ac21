//===- Signature.cpp - what callers of a program need to know -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads the signature of a program; names types as numpy does.
//
//===----------------------------------------------------------------------===//

#include "spada/Target/CpuPasses.h"

using namespace mlir;
using namespace spada;
using namespace spada::stencil;

static std::string typeName(Type type) {
  if (type.isInteger(1))
    return "bool";
  std::string kind = isa<FloatType>(type) ? "float" : "int";
  return kind + std::to_string(type.getIntOrFloatBitWidth());
}

unsigned StencilArgument::numStrides() const {
  return isField ? axes[0] + axes[1] + axes[2] + dataDims.size() : 0;
}

static std::string printDefault(Attribute value) {
  if (auto boolean = dyn_cast_or_null<BoolAttr>(value))
    return boolean.getValue() ? "1" : "0";
  if (auto integer = dyn_cast_or_null<IntegerAttr>(value))
    return std::to_string(integer.getInt());
  if (auto number = dyn_cast_or_null<FloatAttr>(value)) {
    SmallString<32> text;
    number.getValue().toString(text);
    StringRef view(text);
    bool isWhole = view.find_first_of(".eEnN") == StringRef::npos;
    return view.str() + (isWhole ? ".0" : "");
  }
  return "";
}

StencilSignature spada::describeProgram(ProgramOp program) {
  StencilSignature signature;
  signature.name = program.getSymName().str();
  signature.minLevels = program.getMinLevels().value_or(0);
  for (unsigned n = 0; n < program.getNumArguments(); ++n) {
    StencilArgument argument;
    argument.name = program.getArgName(n).str();
    Attribute value = program.getArgAttr(n, "stencil.default");
    Type type = program.getArgumentTypes()[n];
    if (auto field = dyn_cast<FieldType>(type)) {
      argument.axes = {field.hasI(), field.hasJ(), field.hasK()};
      argument.dataDims = field.getDataDims().vec();
      argument.isOptional = static_cast<bool>(value);
      type = field.getElementType();
      if (std::optional<Access> access = program.getArgAccess(n)) {
        argument.isRead = static_cast<unsigned>(*access) & 1;
        argument.isWritten = static_cast<unsigned>(*access) & 2;
      }
      if (BoundaryAttr halo = program.getArgBoundary(n)) {
        argument.lower = {halo.getILower(), halo.getJLower(), halo.getKLower()};
        argument.upper = {halo.getIUpper(), halo.getJUpper(), halo.getKUpper()};
      }
    } else {
      argument.isField = false;
      argument.isWritten = false;
      argument.defaultValue = printDefault(value);
    }
    argument.type = typeName(type);
    signature.arguments.push_back(std::move(argument));
  }
  return signature;
}
