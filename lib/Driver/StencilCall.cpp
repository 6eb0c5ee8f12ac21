//===- StencilCall.cpp - origins, domain and checks of a call -------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Defaults and checks as GT4Py's StencilObject has them, with messages that
// name field, need and fact. Source: GTScript language reference, section 17.
//
//===----------------------------------------------------------------------===//

#include "StencilCall.h"

#include "Arguments.h"
#include "spada/Support/Npy.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

namespace {
/// Prepares one call, step by step; each step needs the ones before.
class Preparation {
public:
  Preparation(ArrayRef<CallArgument> arguments, const StencilInputs &inputs,
              StencilCall &call, Errors &errors)
      : arguments(arguments), inputs(inputs), call(call), errors(errors) {}

  void checkGiven();
  void checkTypes();
  void settleOrigins();
  void settleDomain(int64_t minLevels);
  void checkShapes();
  void makeOutputs();

private:
  bool isGiven(const CallArgument &argument) const {
    return call.fields.count(argument.name) != 0;
  }
  std::vector<int64_t> originOf(const CallArgument &argument, bool isMade);
  std::string originOption(const CallArgument &argument) const;
  int64_t axisOf(const CallArgument &argument, size_t position) const {
    return StringRef("IJK").find(argument.axes[position]);
  }

  ArrayRef<CallArgument> arguments;
  const StencilInputs &inputs;
  StencilCall &call;
  Errors &errors;
};
} // namespace

/// Every argument that is used has a value, or needs none.
void Preparation::checkGiven() {
  for (const CallArgument &argument : arguments) {
    if (argument.isScalar) {
      if (argument.isUsed() && !argument.hasDefault &&
          !call.scalars.count(argument.name))
        errors.report("scalar '" + argument.name + "' (" + argument.dtype +
                          ") has no value",
                      "give it by --set " + argument.name + "=VALUE");
      continue;
    }
    if (isGiven(argument) || !argument.isRead())
      continue;
    bool isChanged = argument.isWritten();
    errors.report("field '" + argument.name + "' is missing",
                  "the stencil reads it" +
                      Twine(isChanged ? " before it writes it" : "") +
                      "; give " + argument.typeText() + " by --in " +
                      argument.name + "=FILE.npy");
  }
}

/// numpy's name of a dtype, for `astype`.
static std::string numpyName(StringRef dtype) {
  if (dtype == "bool")
    return "bool";
  return ((dtype.starts_with("f")   ? "float"
           : dtype.starts_with("u") ? "uint"
                                    : "int") +
          dtype.drop_front())
      .str();
}

void Preparation::checkTypes() {
  for (const CallArgument &argument : arguments) {
    if (argument.isScalar || !argument.isUsed() || !isGiven(argument))
      continue;
    const Array &array = call.fields[argument.name].array;
    if (array.dtype != argument.dtype)
      errors.report("field '" + argument.name + "' has elements of " +
                        argument.dtype + ", its array has " + array.dtype,
                    "convert it with .astype(np." + numpyName(argument.dtype) +
                        ")");
    if (array.shape.size() != argument.rank()) {
      errors.report("field '" + argument.name + "' (" + argument.typeText() +
                    ") needs an array of " + Twine(argument.rank()) +
                    " dimensions, its array has " + Twine(array.shape.size()) +
                    ": " + shapeText(array.shape));
      continue;
    }
    ArrayRef<int64_t> data =
        ArrayRef(array.shape).drop_front(argument.axes.size());
    if (data != ArrayRef(argument.dataDims))
      errors.report("field '" + argument.name + "' needs data dimensions " +
                    shapeText(argument.dataDims) + ", its array has " +
                    shapeText(data));
  }
}

/// The origin that the options give; by default zero or, for an array that is
/// made here, the halo that it needs.
std::vector<int64_t> Preparation::originOf(const CallArgument &argument,
                                           bool isMade) {
  size_t axes = argument.axes.size();
  auto named = inputs.origins.named.find(argument.name);
  if (named != inputs.origins.named.end()) {
    if (named->second.size() != axes)
      errors.report("the origin of field '" + argument.name + "' needs " +
                    Twine(axes) + " numbers, one for each of its axes " +
                    argument.axes + "; given is " + shapeText(named->second));
    std::vector<int64_t> origin = named->second;
    origin.resize(axes);
    return origin;
  }
  std::vector<int64_t> origin(axes, 0);
  for (size_t n = 0; n < axes; ++n) {
    size_t axis = axisOf(argument, n);
    if (!inputs.origins.all.empty())
      origin[n] =
          axis < inputs.origins.all.size() ? inputs.origins.all[axis] : 0;
    else if (isMade)
      origin[n] = std::max<int64_t>(0, argument.lower[n]);
  }
  return origin;
}

/// "--origin a=1,1,0": what would be enough.
std::string Preparation::originOption(const CallArgument &argument) const {
  std::string text = "--origin " + argument.name + "=";
  for (size_t n = 0; n < argument.axes.size(); ++n)
    text += (n ? "," : "") +
            std::to_string(std::max<int64_t>(0, argument.lower[n]));
  return text;
}

void Preparation::settleOrigins() {
  if (!inputs.origins.all.empty() && inputs.origins.all.size() != 3)
    errors.report("the origin of all fields needs three numbers, given is " +
                  shapeText(inputs.origins.all));
  for (const CallArgument &argument : arguments) {
    if (argument.isScalar || !isGiven(argument))
      continue;
    std::vector<int64_t> origin = originOf(argument, /*isMade=*/false);
    call.fields[argument.name].origin = origin;
    bool isEnough = true;
    for (size_t n = 0; n < origin.size(); ++n)
      isEnough &= origin[n] >= argument.lower[n];
    if (argument.isUsed() && !isEnough && !errors.any())
      errors.report(
          "origin " + shapeText(origin) + " of field '" + argument.name +
              "' is too small: must be at least " + shapeText(argument.lower),
          "the stencil reads so many points before the domain; if the array "
          "has them, add " +
              originOption(argument));
  }
}

void Preparation::settleDomain(int64_t minLevels) {
  std::array<std::optional<int64_t>, 3> most;
  std::array<std::string, 3> limiting;
  for (const CallArgument &argument : arguments) {
    if (argument.isScalar || !argument.isUsed() || !isGiven(argument))
      continue;
    const StencilField &field = call.fields[argument.name];
    for (size_t n = 0; n < argument.axes.size(); ++n) {
      size_t axis = axisOf(argument, n);
      int64_t size = field.array.shape[n] - field.origin[n] - argument.upper[n];
      if (most[axis] && *most[axis] <= size)
        continue;
      most[axis] = size;
      limiting[axis] = argument.name;
    }
  }
  for (unsigned axis = 0; axis < 3; ++axis) {
    StringRef name = StringRef("IJK").substr(axis, 1);
    call.domain[axis] =
        inputs.domain.empty() ? most[axis].value_or(1) : inputs.domain[axis];
    if (call.domain[axis] >= 1)
      continue;
    bool isChosen = inputs.domain.empty() && !limiting[axis].empty();
    errors.report("the domain has " + Twine(call.domain[axis]) +
                      " points on axis " + name,
                  isChosen
                      ? "that is what the array of field '" + limiting[axis] +
                            "' leaves; name the domain by --domain I,J,K"
                      : std::string("each size must be at least 1"));
  }
  if (call.domain[2] >= 1 && call.domain[2] < minLevels)
    errors.report("the domain has " + Twine(call.domain[2]) +
                  " levels, the intervals of the stencil need at least " +
                  Twine(minLevels));
}

void Preparation::checkShapes() {
  std::vector<int64_t> domain(call.domain.begin(), call.domain.end());
  for (const CallArgument &argument : arguments) {
    if (argument.isScalar || !argument.isUsed() || !isGiven(argument))
      continue;
    const StencilField &field = call.fields[argument.name];
    std::vector<int64_t> least = field.array.shape, room;
    bool isEnough = true;
    for (size_t n = 0; n < argument.axes.size(); ++n) {
      int64_t size = call.domain[axisOf(argument, n)];
      least[n] = field.origin[n] + size + argument.upper[n];
      isEnough &= field.array.shape[n] >= least[n];
    }
    if (!isEnough)
      errors.report("shape " + shapeText(field.array.shape) + " of field '" +
                        argument.name + "' is too small: must be at least " +
                        shapeText(least) + " for domain " + shapeText(domain) +
                        " and origin " + shapeText(field.origin),
                    "the stencil touches " + shapeText(argument.upper) +
                        " points behind the domain on axes " + argument.axes);
  }
}

/// Zeros for fields that are only written.
void Preparation::makeOutputs() {
  for (const CallArgument &argument : arguments) {
    if (argument.isScalar || !argument.isWritten() || isGiven(argument))
      continue;
    StencilField field;
    field.origin = originOf(argument, /*isMade=*/true);
    field.array.dtype = argument.dtype;
    for (size_t n = 0; n < argument.axes.size(); ++n) {
      field.array.shape.push_back(std::max<int64_t>(0, field.origin[n]) +
                                  call.domain[axisOf(argument, n)] +
                                  std::max<int64_t>(0, argument.upper[n]));
      if (field.origin[n] < argument.lower[n])
        errors.report("origin " + shapeText(field.origin) + " of field '" +
                          argument.name + "' is too small: must be at least " +
                          shapeText(argument.lower),
                      "add " + originOption(argument));
    }
    append_range(field.array.shape, argument.dataDims);
    int64_t count = elementCount(field.array.shape);
    if (count < 0 || count > (int64_t(1) << 36)) {
      errors.report("field '" + argument.name +
                    "' would be an array of shape " +
                    shapeText(field.array.shape) + ", which is too large");
      return;
    }
    if (errors.any())
      return;
    field.array.bytes.resize(count * elementBytes(argument.dtype));
    call.fields[argument.name] = std::move(field);
  }
}

StencilCall spada::driver::prepareCall(ArrayRef<CallArgument> arguments,
                                       int64_t minLevels,
                                       const StencilInputs &inputs,
                                       Errors &errors) {
  StencilCall call;
  readCall(arguments, inputs, call, errors);
  Preparation preparation(arguments, inputs, call, errors);
  // A later step can rely on the earlier ones only if nothing was wrong.
  if (!errors.any())
    preparation.checkGiven();
  if (!errors.any())
    preparation.checkTypes();
  if (!errors.any())
    preparation.settleOrigins();
  if (!errors.any())
    preparation.settleDomain(minLevels);
  if (!errors.any())
    preparation.checkShapes();
  if (!errors.any())
    preparation.makeOutputs();
  return call;
}
