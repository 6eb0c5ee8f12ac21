//===- Bindings.cpp - values of parameters and compile-time arguments -----===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads the user's text by the type that the kernel asks for. No expression is
// evaluated here.
//
//===----------------------------------------------------------------------===//

#include "dialects/Spada/Transforms/Bindings.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

using namespace mlir;
using namespace spada;

FailureOr<ParameterValue> spada::parseParameterValue(StringRef text) {
  auto [name, value] = text.split('=');
  if (name.trim().empty() || value.trim().empty())
    return failure();
  return ParameterValue(name.trim().str(), value.trim().str());
}

DictionaryAttr Bindings::toDictionary(KernelOp kernel) const {
  Builder builder(kernel.getContext());
  SmallVector<NamedAttribute> entries;
  for (auto [name, value] :
       llvm::zip(kernel.getParamNames().getAsValueRange<StringAttr>(), params))
    entries.push_back(
        builder.getNamedAttr(name, builder.getI64IntegerAttr(value.getInt())));
  for (auto &[name, value] : arguments)
    entries.push_back(builder.getNamedAttr(name, value));
  return builder.getDictionaryAttr(entries);
}

/// The number that `text` spells in an integer type of `type`'s width and sign;
/// null when it does not fit.
static TypedAttr parseInteger(StringRef text, Type type) {
  if (type.isInteger(1) && (text == "true" || text == "false"))
    return BoolAttr::get(type.getContext(), text == "true");
  int64_t value;
  if (text.getAsInteger(10, value))
    return {};
  unsigned width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
  bool isUnsigned = type.isInteger(1) || type.isUnsignedInteger();
  int64_t least = isUnsigned ? 0 : llvm::minIntN(width);
  int64_t greatest =
      isUnsigned ? int64_t(llvm::maxUIntN(width)) : llvm::maxIntN(width);
  if (value < least || value > greatest)
    return {};
  return IntegerAttr::get(type, APInt(width, value, /*isSigned=*/true));
}

static TypedAttr parseNumber(StringRef text, Type type) {
  auto floatType = dyn_cast<FloatType>(type);
  if (!floatType)
    return parseInteger(text, type);
  llvm::APFloat value(floatType.getFloatSemantics());
  auto status =
      value.convertFromString(text, llvm::APFloat::rmNearestTiesToEven);
  if (!status) {
    llvm::consumeError(status.takeError());
    return {};
  }
  if (value.isInfinity())
    return {};
  return FloatAttr::get(floatType, value);
}

static void emitMalformed(Operation *op, StringRef what, StringRef name,
                          StringRef text, Type type) {
  InFlightDiagnostic diagnostic = op->emitError()
                                  << what << " '" << name << "' has value '"
                                  << text << "', which is ";
  if (type.isIndex())
    diagnostic << "no integer of 64 bits";
  else
    diagnostic << "no value of type " << type;
}

static LogicalResult checkPrecondition(KernelOp kernel, StringRef name,
                                       int64_t value) {
  auto preconditions = kernel.getPreconditions();
  auto least =
      preconditions ? preconditions->getAs<IntegerAttr>(name) : IntegerAttr();
  if (!least || value >= least.getInt())
    return success();
  return kernel.emitError()
         << "parameter '" << name << "' is " << value << ", but kernel '"
         << kernel.getSymName() << "' asks for at least " << least.getInt();
}

static void warnUnknown(KernelOp kernel, ArrayRef<ParameterValue> values,
                        const llvm::StringMap<bool> &used) {
  for (auto &[name, value] : values) {
    if (used.count(name))
      continue;
    InFlightDiagnostic diagnostic = kernel.emitWarning();
    diagnostic << "kernel '" << kernel.getSymName() << "' has no parameter '"
               << name << "'";
    if (!kernel.getParamNames().empty())
      diagnostic << "; it has '"
                 << llvm::join(
                        kernel.getParamNames().getAsValueRange<StringAttr>(),
                        "', '")
                 << "'";
  }
}

static LogicalResult checkMissing(KernelOp kernel,
                                  ArrayRef<StringRef> missing) {
  if (missing.empty())
    return success();
  return kernel.emitError()
         << "kernel '" << kernel.getSymName() << "' has no value for '"
         << llvm::join(missing, "', '") << "'; give NAME=VALUE for each";
}

FailureOr<Bindings> spada::bindValues(KernelOp kernel,
                                      ArrayRef<ParameterValue> values) {
  bool hasFailed = false;
  llvm::StringMap<StringRef> given;
  for (auto &[name, text] : values)
    if (!given.try_emplace(name, text).second) {
      kernel.emitError() << "parameter '" << name << "' has two values, '"
                         << given[name] << "' and '" << text << "'";
      hasFailed = true;
    }

  Bindings bindings;
  llvm::StringMap<bool> used;
  SmallVector<StringRef> missing;
  auto bind = [&](Operation *op, StringRef what, StringRef name,
                  Type type) -> TypedAttr {
    used[name] = true;
    auto it = given.find(name);
    if (it == given.end()) {
      missing.push_back(name);
      return {};
    }
    TypedAttr value = parseNumber(it->second, type);
    if (!value) {
      emitMalformed(op, what, name, it->second, type);
      hasFailed = true;
    }
    return value;
  };
  for (StringRef name : kernel.getParamNames().getAsValueRange<StringAttr>()) {
    auto value = cast_if_present<IntegerAttr>(
        bind(kernel, "parameter", name, IndexType::get(kernel.getContext())));
    bindings.params.push_back(value);
    if (value && failed(checkPrecondition(kernel, name, value.getInt())))
      hasFailed = true;
  }
  for (ArgumentOp argument : kernel.getBody().getOps<ArgumentOp>())
    if (argument.getMode() == ArgumentMode::CompileTime)
      bindings.arguments[argument.getName()] =
          bind(argument, "compile-time argument", argument.getName(),
               argument.getElementType());
  warnUnknown(kernel, values, used);
  if (failed(checkMissing(kernel, missing)) || hasFailed)
    return failure();
  return bindings;
}
