//===- Arguments.cpp - host arrays and scalars of a kernel ----------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Checks what is given against what the kernel declares. All problems are
// reported, not only the first.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"

#include "spada/Support/Npy.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::string spada::driver::dtypeName(mlir::Type type) {
  if (type.isInteger(1))
    return "bool";
  std::string width = std::to_string(type.getIntOrFloatBitWidth());
  if (isa<mlir::FloatType>(type))
    return "f" + width;
  return (type.isUnsignedInteger() ? "u" : "i") + width;
}

std::string HostArgument::expected() const {
  if (isScalar)
    return dtype + " scalar";
  std::string text = shapeText(shape);
  if (isStreaming)
    text = shape.empty()
               ? "(any length,)"
               : text.substr(0, text.size() - 1 - (shape.size() == 1)) +
                     ", any length)";
  return dtype + " " + text;
}

/// Follows the stream `value` to the statements that use it.
static void findUses(mlir::Value value, HostArgument &argument) {
  for (mlir::Operation *user : value.getUsers()) {
    if (isa<ReceiveOp, ForeachOp>(user))
      argument.isInput = true;
    else if (isa<SendOp, SendValueOp>(user))
      argument.isOutput = true;
    else if (auto select = dyn_cast<SelectOp>(user))
      findUses(select.getResult(), argument);
  }
}

static std::optional<int64_t> constantOf(mlir::Value value) {
  auto constant = value ? value.getDefiningOp<ConstantOp>() : nullptr;
  if (!constant)
    return std::nullopt;
  if (auto number = dyn_cast<mlir::IntegerAttr>(constant.getValue()))
    return number.getInt();
  return std::nullopt;
}

std::vector<HostArgument> spada::driver::hostArguments(KernelOp kernel) {
  std::vector<HostArgument> result;
  kernel.walk([&](ArgumentOp op) {
    if (op.getMode() == ArgumentMode::CompileTime)
      return;
    HostArgument argument;
    argument.name = op.getName().str();
    argument.dtype = dtypeName(op.getElementType());
    argument.isScalar = op.getMode() == ArgumentMode::Scalar;
    argument.isStreaming = !argument.isScalar && !op.getBound();
    for (mlir::Value dim : op.getDims())
      argument.shape.push_back(constantOf(dim).value_or(0));
    if (auto bound = constantOf(op.getBound()))
      argument.shape.push_back(*bound);
    argument.isInput = op.getMode() == ArgumentMode::ReadOnly;
    argument.isOutput = op.getMode() == ArgumentMode::WriteOnly;
    if (op.getMode() == ArgumentMode::ReadWrite)
      kernel.walk([&](ArgumentRefOp ref) {
        if (ref.getName() == op.getName())
          findUses(ref.getResult(), argument);
      });
    result.push_back(std::move(argument));
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Scalars
//===----------------------------------------------------------------------===//

static bool parseFloat(StringRef text, StringRef dtype, APInt &bits) {
  const fltSemantics &semantics = dtype == "f16"   ? APFloat::IEEEhalf()
                                  : dtype == "f32" ? APFloat::IEEEsingle()
                                                   : APFloat::IEEEdouble();
  APFloat value(semantics);
  auto status = value.convertFromString(text, APFloat::rmNearestTiesToEven);
  if (!status) {
    consumeError(status.takeError());
    return false;
  }
  // Rounding is what the user expects of 0.1; overflow is not.
  if (*status & APFloat::opOverflow)
    return false;
  bits = value.bitcastToAPInt();
  return true;
}

static bool parseInteger(StringRef text, StringRef dtype, APInt &bits) {
  unsigned width = elementBytes(dtype) * 8;
  bool isUnsigned = dtype.starts_with("u");
  APInt magnitude;
  StringRef digits = text;
  bool negative = digits.consume_front("-");
  if (digits.empty() || digits.starts_with("-") ||
      digits.getAsInteger(0, magnitude))
    return false;
  APSInt value(magnitude.zext(std::max(magnitude.getBitWidth(), width) + 1),
               /*isUnsigned=*/false);
  if (negative)
    value = -value;
  APSInt least = APSInt::getMinValue(width, isUnsigned);
  APSInt most = APSInt::getMaxValue(width, isUnsigned);
  if (APSInt::compareValues(value, least) < 0 ||
      APSInt::compareValues(value, most) > 0)
    return false;
  bits = value.trunc(width);
  return true;
}

static std::string rangeText(StringRef dtype) {
  if (dtype == "bool")
    return "true, false, 1 or 0";
  if (dtype.starts_with("f"))
    return "a number within the range of " + dtype.str();
  unsigned width = elementBytes(dtype) * 8;
  bool isUnsigned = dtype.starts_with("u");
  SmallString<24> least, most;
  APSInt::getMinValue(width, isUnsigned).toString(least);
  APSInt::getMaxValue(width, isUnsigned).toString(most);
  return ("a whole number from " + least + " to " + most).str();
}

bool spada::driver::parseScalar(StringRef text, StringRef dtype, Array &value,
                                std::string &error) {
  APInt bits;
  bool parsed = false;
  if (dtype == "bool") {
    int flag = StringSwitch<int>(text)
                   .Cases("true", "1", "True", 1)
                   .Cases("false", "0", "False", 0)
                   .Default(-1);
    parsed = flag >= 0;
    bits = APInt(8, parsed ? flag : 0);
  } else if (dtype.starts_with("f")) {
    parsed = parseFloat(text, dtype, bits);
  } else {
    parsed = parseInteger(text, dtype, bits);
  }
  if (!parsed) {
    error = "expected " + rangeText(dtype) + ", got '" + text.str() + "'";
    return false;
  }
  value.dtype = dtype.str();
  value.shape.clear();
  value.bytes.resize(elementBytes(dtype));
  uint64_t raw = bits.getZExtValue();
  for (size_t n = 0; n < value.bytes.size(); ++n)
    value.bytes[n] = static_cast<uint8_t>(raw >> (8 * n));
  return true;
}

//===----------------------------------------------------------------------===//
// Files and values of the command line
//===----------------------------------------------------------------------===//

static const HostArgument *findArgument(ArrayRef<HostArgument> arguments,
                                        StringRef name) {
  for (const HostArgument &argument : arguments)
    if (argument.name == name)
      return &argument;
  return nullptr;
}

/// Names of the arguments that `wanted` picks, for "it has ..." hints.
template <typename Wanted>
static std::string namesOf(ArrayRef<HostArgument> arguments, Wanted wanted) {
  std::vector<std::string> names;
  for (const HostArgument &argument : arguments)
    if (wanted(argument))
      names.push_back(argument.name);
  return names.empty() ? "none" : quotedList(names);
}

static void reportUnknown(ArrayRef<HostArgument> arguments, StringRef name,
                          StringRef option, Errors &errors) {
  std::vector<std::string> names;
  for (const HostArgument &argument : arguments)
    names.push_back(argument.name + " (" + argument.expected() + ")");
  errors.report(
      "the kernel has no argument '" + name + "', given by '" + option + "'",
      names.empty() ? "it has no arguments" : "it has " + join(names, ", "));
}

/// numpy's name of a SpaDA scalar.
static std::string numpyType(StringRef dtype) {
  if (dtype == "bool")
    return "bool";
  StringRef kind = dtype.starts_with("f")   ? "float"
                   : dtype.starts_with("u") ? "uint"
                                            : "int";
  return (kind + dtype.drop_front()).str();
}

/// Compares a loaded array with what the kernel declares.
static void checkArray(const HostArgument &argument, const Array &array,
                       StringRef path, Errors &errors) {
  ArrayRef<int64_t> shape = array.shape;
  bool shapeFits = argument.isStreaming
                       ? shape.size() == argument.shape.size() + 1 &&
                             shape.drop_back() == ArrayRef(argument.shape)
                       : shape == ArrayRef(argument.shape);
  if (shapeFits && array.dtype == argument.dtype)
    return;
  std::string hint;
  if (array.dtype != argument.dtype)
    hint = "convert it with .astype(np." + numpyType(argument.dtype) + ")";
  if (!shapeFits && !argument.isStreaming &&
      elementCount(shape) == elementCount(argument.shape))
    hint += (hint.empty() ? "the number of elements is right: " : "; ") +
            std::string("use .reshape") + shapeText(argument.shape);
  else if (!shapeFits)
    hint += hint.empty() ? "the shape follows from the kernel's parameters"
                         : " and mind the shape";
  errors.report("argument '" + argument.name + "' expects " +
                    argument.expected() + ", '" + path + "' holds " +
                    array.dtype + " " + shapeText(shape),
                hint);
}

static void readInput(ArrayRef<HostArgument> arguments, StringRef name,
                      StringRef path, HostArrays &arrays, Errors &errors) {
  const HostArgument *argument = findArgument(arguments, name);
  if (!argument)
    return reportUnknown(arguments, name, "--in", errors);
  if (argument->isScalar)
    return errors.report("argument '" + name + "' is a " + argument->dtype +
                             " scalar, not an array",
                         "give it by --set " + name + "=VALUE");
  if (!argument->isInput)
    return errors.report(
        "argument '" + name + "' is an output of the kernel, given by '--in'",
        "inputs are " + namesOf(arguments, [](const HostArgument &a) {
          return a.isInput && !a.isScalar;
        }));
  Expected<Array> array = readNpy(path);
  if (!array)
    return errors.report(toString(array.takeError()));
  checkArray(*argument, *array, path, errors);
  arrays.emplace(name.str(), std::move(*array));
}

static void readScalar(ArrayRef<HostArgument> arguments, StringRef name,
                       StringRef text, HostArrays &arrays, Errors &errors) {
  const HostArgument *argument = findArgument(arguments, name);
  if (!argument)
    return reportUnknown(arguments, name, "--set", errors);
  if (!argument->isScalar)
    return errors.report("argument '" + name + "' is an array (" +
                             argument->expected() + "), given by '--set'",
                         argument->isInput
                             ? "give it by --in " + name + "=FILE.npy"
                             : "name its file by --out " + name + "=FILE.npy");
  Array value;
  std::string error;
  if (!parseScalar(text, argument->dtype, value, error))
    return errors.report("scalar '" + name + "': " + error);
  arrays.emplace(name.str(), std::move(value));
}

HostArrays spada::driver::readArguments(ArrayRef<HostArgument> arguments,
                                        const NamedValues &inputs,
                                        const NamedValues &scalars,
                                        Errors &errors) {
  HostArrays arrays;
  for (const auto &[name, path] : inputs)
    readInput(arguments, name, path, arrays, errors);
  for (const auto &[name, text] : scalars)
    readScalar(arguments, name, text, arrays, errors);
  auto given = [&](const NamedValues &values, StringRef name) {
    return any_of(values,
                  [&](const auto &value) { return value.first == name; });
  };
  for (const HostArgument &argument : arguments) {
    if (argument.isScalar && !given(scalars, argument.name))
      errors.report("scalar argument '" + argument.name + "' (" +
                        argument.dtype + ") has no value",
                    "give it by --set " + argument.name + "=VALUE");
    if (!argument.isScalar && argument.isInput && !given(inputs, argument.name))
      errors.report("input argument '" + argument.name + "' is missing",
                    "give " + argument.expected() + " by --in " +
                        argument.name + "=FILE.npy");
  }
  return arrays;
}

void spada::driver::checkOutputs(ArrayRef<HostArgument> arguments,
                                 const NamedValues &outputs, Errors &errors) {
  for (const auto &[name, path] : outputs) {
    const HostArgument *argument = findArgument(arguments, name);
    if (!argument)
      reportUnknown(arguments, name, "--out", errors);
    else if (!argument->isOutput)
      errors.report("argument '" + name + "' is not an output of the kernel",
                    "outputs are " +
                        namesOf(arguments, [](const HostArgument &a) {
                          return a.isOutput;
                        }));
  }
}
