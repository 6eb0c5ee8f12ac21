//===- StencilArguments.cpp - the call of a GTScript stencil --------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The table of arguments, and reading what the command line gives. How origins
// and domain come about is in StencilCall.cpp.
//
//===----------------------------------------------------------------------===//

#include "StencilArguments.h"

#include "Arguments.h"
#include "StencilCall.h"
#include "spada/Support/Npy.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::string CallArgument::typeText() const {
  if (isScalar)
    return dtype;
  if (axes.empty())
    return "table " + dtype + " " + shapeText(dataDims);
  std::string text = "Field[" + axes + ", " + dtype;
  if (!dataDims.empty())
    text += ", " + shapeText(dataDims);
  return text + "]";
}

static void describeField(stencil::ProgramOp program, unsigned index,
                          stencil::FieldType type, CallArgument &argument) {
  argument.dtype = dtypeName(type.getElementType());
  argument.dataDims.assign(type.getDataDims().begin(),
                           type.getDataDims().end());
  stencil::BoundaryAttr boundary = program.getArgBoundary(index);
  std::array<std::pair<int64_t, int64_t>, 3> sides{};
  if (boundary)
    sides = {{{boundary.getILower(), boundary.getIUpper()},
              {boundary.getJLower(), boundary.getJUpper()},
              {boundary.getKLower(), boundary.getKUpper()}}};
  for (unsigned axis = 0; axis < 3; ++axis) {
    if (!type.hasAxis(axis))
      continue;
    argument.axes += "IJK"[axis];
    argument.lower.push_back(sides[axis].first);
    argument.upper.push_back(sides[axis].second);
  }
}

std::vector<CallArgument>
spada::driver::callArguments(stencil::ProgramOp program) {
  std::vector<CallArgument> result;
  for (auto [index, type] : enumerate(program.getArgumentTypes())) {
    CallArgument argument;
    argument.name = program.getArgName(index).str();
    argument.access =
        program.getArgAccess(index).value_or(stencil::Access::None);
    mlir::Attribute fallback = program.getArgAttr(index, "stencil.default");
    if (auto field = dyn_cast<stencil::FieldType>(type)) {
      describeField(program, index, field, argument);
      argument.isOptional = isa_and_nonnull<mlir::UnitAttr>(fallback);
    } else {
      argument.isScalar = true;
      argument.dtype = dtypeName(type);
      argument.hasDefault =
          isa_and_nonnull<mlir::IntegerAttr, mlir::FloatAttr>(fallback);
    }
    result.push_back(std::move(argument));
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

std::vector<int64_t> spada::driver::parseNumbers(StringRef text,
                                                 StringRef option, size_t most,
                                                 Errors &errors) {
  std::vector<int64_t> numbers;
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  for (StringRef part : parts) {
    int64_t number = 0;
    if (part.trim().getAsInteger(10, number) || number > (int64_t(1) << 32) ||
        number < -(int64_t(1) << 32) || parts.size() > most) {
      errors.report(
          "option '" + option + "' expects " +
          (most == 3 ? "up to three whole numbers" : "whole numbers") +
          " separated by commas, got '" + text + "'");
      return {};
    }
    numbers.push_back(number);
  }
  return numbers;
}

std::vector<int64_t> spada::driver::parseDomain(const ParsedCommand &command,
                                                Errors &errors) {
  if (!command.has("--domain"))
    return {};
  StringRef text = command.get("--domain");
  std::vector<int64_t> domain = parseNumbers(text, "--domain", 3, errors);
  if (!domain.empty() && domain.size() != 3)
    errors.report("option '--domain' expects I,J,K, got '" + text + "'");
  for (int64_t size : domain)
    if (size < 1)
      errors.report("the domain has a size of " + Twine(size) +
                    " points; each size must be at least 1");
  return domain;
}

StencilInputs spada::driver::readStencilInputs(const CommandSpec &spec,
                                               const ParsedCommand &command,
                                               Errors &errors) {
  StencilInputs inputs;
  inputs.arrays = namedValues(spec, command, "--in", errors);
  inputs.outputs = namedValues(spec, command, "--out", errors);
  inputs.scalars = namedValues(spec, command, "--set", errors);
  inputs.domain = parseDomain(command, errors);
  bool hasAll = false;
  for (const std::string &text : command.all("--origin")) {
    auto [name, numbers] = StringRef(text).split('=');
    bool isNamed = text.find('=') != std::string::npos;
    std::vector<int64_t> origin =
        parseNumbers(isNamed ? numbers : name, "--origin", 3, errors);
    bool isNew = isNamed
                     ? inputs.origins.named.emplace(name.str(), origin).second
                     : !std::exchange(hasAll, true);
    if (!isNew)
      errors.report(
          "the origin " +
          (isNamed ? "of field '" + name.str() + "'" : "of all fields") +
          " is given twice by '--origin'");
    if (!isNamed)
      inputs.origins.all = origin;
  }
  return inputs;
}

//===----------------------------------------------------------------------===//
// Arrays and scalars
//===----------------------------------------------------------------------===//

static const CallArgument *findArgument(ArrayRef<CallArgument> arguments,
                                        StringRef name) {
  for (const CallArgument &argument : arguments)
    if (argument.name == name)
      return &argument;
  return nullptr;
}

void spada::driver::reportUnknownArgument(ArrayRef<CallArgument> arguments,
                                          StringRef name, StringRef option,
                                          Errors &errors) {
  SmallVector<StringRef> names;
  std::vector<std::string> all;
  for (const CallArgument &argument : arguments) {
    names.push_back(argument.name);
    all.push_back(argument.name);
  }
  StringRef near = closest(name, names);
  errors.report("the stencil has no argument '" + name + "', given by '" +
                    option + "'",
                !near.empty() ? "did you mean '" + near.str() + "'?"
                : all.empty() ? "it has no arguments"
                              : "it has " + quotedList(all));
}

static void readField(ArrayRef<CallArgument> arguments, StringRef name,
                      StringRef path, StencilCall &call, Errors &errors) {
  const CallArgument *argument = findArgument(arguments, name);
  if (!argument)
    return reportUnknownArgument(arguments, name, "--in", errors);
  if (argument->isScalar)
    return errors.report("argument '" + name + "' is a " + argument->dtype +
                             " scalar, not a field",
                         "give it by --set " + name + "=VALUE");
  Expected<Array> array = readNpy(path);
  if (!array)
    return errors.report(toString(array.takeError()));
  call.fields[name.str()].array = std::move(*array);
}

static void readScalar(ArrayRef<CallArgument> arguments, StringRef name,
                       StringRef text, StencilCall &call, Errors &errors) {
  const CallArgument *argument = findArgument(arguments, name);
  if (!argument)
    return reportUnknownArgument(arguments, name, "--set", errors);
  if (!argument->isScalar)
    return errors.report("argument '" + name + "' is a field, given by '--set'",
                         "give it by --in " + name + "=FILE.npy");
  Array value;
  std::string error;
  if (!parseScalar(text, argument->dtype, value, error))
    return errors.report("scalar '" + name + "': " + error);
  call.scalars[name.str()] = std::move(value);
}

void spada::driver::readCall(ArrayRef<CallArgument> arguments,
                             const StencilInputs &inputs, StencilCall &call,
                             Errors &errors) {
  for (const auto &[name, path] : inputs.arrays)
    readField(arguments, name, path, call, errors);
  for (const auto &[name, text] : inputs.scalars)
    readScalar(arguments, name, text, call, errors);
  for (const auto &[name, path] : inputs.outputs) {
    const CallArgument *argument = findArgument(arguments, name);
    if (!argument)
      reportUnknownArgument(arguments, name, "--out", errors);
    else if (argument->isScalar)
      errors.report("argument '" + name +
                    "' is a scalar, which a stencil cannot change");
    else if (!argument->isUsed() && !call.fields.count(name))
      errors.report("field '" + name +
                    "' is not used by the stencil and has "
                    "no --in; there is nothing to write");
  }
  for (const auto &[name, origin] : inputs.origins.named) {
    const CallArgument *argument = findArgument(arguments, name);
    if (!argument)
      reportUnknownArgument(arguments, name, "--origin", errors);
    else if (argument->isScalar)
      errors.report("argument '" + name + "' is a scalar and has no origin");
  }
}
