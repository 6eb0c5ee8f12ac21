//===- Frontend.cpp - sparse networks to the sparse dialect ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Options, readers, diagnostics.
//
//===----------------------------------------------------------------------===//

#include "spada/Frontend/Net.h"

#include "dialects/Sparse/IR/SparseDialect.h"
#include "frontends/Net/Build.h"
#include "frontends/Net/Images.h"
#include "frontends/Net/Readers.h"
#include "frontends/Net/Text.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace spada;

static void report(const net::Error &error, MLIRContext *context) {
  Location location = UnknownLoc::get(context);
  if (!error.file.empty())
    location =
        FileLineColLoc::get(context, error.file, error.line, error.column);
  InFlightDiagnostic diagnostic = emitError(location) << error.message;
  if (!error.hint.empty())
    diagnostic.attachNote() << error.hint;
}

static bool readFloat(StringRef name, bool isValue, MLIRContext *context,
                      FloatType &type, net::Error &error) {
  if (name == "f32")
    type = Float32Type::get(context);
  else if (name == "f64")
    type = Float64Type::get(context);
  else if (name == "f16" && !isValue)
    type = Float16Type::get(context);
  else if (name == "bf16" && !isValue)
    type = BFloat16Type::get(context);
  else
    return net::fail(
        error, "",
        (isValue ? "values" : "weights") + std::string(" of type ") +
            net::quote(name.str()) + " are not possible",
        isValue ? "choose f32 or f64" : "choose bf16, f16, f32 or f64");
  return true;
}

static bool readFunctionOption(const std::string &text,
                               std::optional<net::Function> &function,
                               net::Error &error) {
  if (text.empty())
    return true;
  function = net::readFunction(text);
  return function ||
         net::fail(error, "", "there is no activation " + net::quote(text),
                   "choose none, relu, relu:CAP, sigmoid, tanh or gelu");
}

static bool readOptions(const NetOptions &options, MLIRContext *context,
                        net::Settings &settings,
                        net::Representation &representation,
                        net::Error &error) {
  const std::string &weights =
      options.weights.empty() ? options.valueType : options.weights;
  if (!readFloat(options.valueType, true, context, representation.value,
                 error) ||
      !readFloat(weights, false, context, representation.weight, error) ||
      !readFunctionOption(options.activation, representation.function, error) ||
      !readFunctionOption(options.lastActivation, representation.lastFunction,
                          error))
    return false;
  if (!options.rows.empty() && options.rows != "outputs" &&
      options.rows != "inputs")
    return net::fail(error, "",
                     "rows cannot stand for " + net::quote(options.rows),
                     "choose outputs or inputs");
  if (!options.rows.empty())
    settings.rowsAreInputs = options.rows == "inputs";
  representation.bias = options.bias;
  representation.allowNaN = settings.allowNaN = options.allowNaN;
  settings.hasFunction = representation.function.has_value();
  settings.hasLastFunction = representation.lastFunction.has_value();
  settings.hasBias = options.bias.has_value();
  settings.seed = options.seed;
  return true;
}

OwningOpRef<ModuleOp> spada::importNet(StringRef spec,
                                       const NetOptions &options,
                                       MLIRContext *context) {
  context->loadDialect<sparse::SparseDialect>();
  net::Error error;
  net::Settings settings;
  net::Representation representation;
  net::Network network;
  if (!readOptions(options, context, settings, representation, error) ||
      !net::readNetwork(std::string_view(spec), settings, network, error)) {
    report(error, context);
    return {};
  }
  bool isGenerated = network.file.empty();
  Location location =
      isGenerated ? Location(NameLoc::get(StringAttr::get(context, spec)))
                  : Location(FileLineColLoc::get(context, network.file, 0, 0));
  OwningOpRef<ModuleOp> module =
      net::build(std::move(network), representation, location, error);
  if (!module)
    report(error, context);
  // Generators are right by construction, and their networks may be large.
  else if (!isGenerated && failed(verify(*module)))
    return {};
  return module;
}

std::vector<std::string> spada::listNetFormats() {
  std::vector<net::Described> all = {
      {"FILE.npz", "",
       "layers N.indptr, N.indices, N.data (or N.row, N.col; or "
       "N.weight), N.bias; or a graph"},
      {"FILE.npy", "", "one layer, dense; zeros are no connections"},
      {"FILE.mtx", "", "one layer, Matrix Market"},
      {"FILE.smtx", "", "one layer, a pattern with random weights"},
      {"FILE.tsv", "", "one layer of the Graph Challenge"},
      {"FILE.onnx", "", "Gemm, MatMul, Add, Relu, Clip, ..."},
      {"FILE,FILE", "", "files with one layer each, in order"},
      {"FOLDER", "", "the same, by the numbers in their names"},
      {"gc-partition:FILE", ",layers=120",
       "a Graph Challenge network from its class maps"}};
  for (const net::Described &generator : net::generators())
    all.push_back(generator);
  std::vector<std::string> lines;
  for (const net::Described &each : all) {
    std::string line = each.name;
    if (*each.parameters)
      line +=
          (*each.parameters == ',' ? "" : ":") + std::string(each.parameters);
    line.resize(std::max<size_t>(line.size() + 2, 26), ' ');
    lines.push_back(line + each.meaning);
  }
  return lines;
}

std::optional<NetImages> spada::readNetImages(StringRef path, uint64_t columns,
                                              uint64_t limit,
                                              MLIRContext *context) {
  net::Error error;
  net::Images images;
  std::string bytes, file = path.str();
  if (net::readFile(file, bytes, error) &&
      net::readImages(bytes, file, columns, limit, images, error))
    return NetImages{std::move(images.values), images.rows, images.columns};
  report(error, context);
  return std::nullopt;
}

std::optional<std::vector<uint64_t>>
spada::readNetCategories(StringRef path, MLIRContext *context) {
  net::Error error;
  std::vector<uint64_t> categories;
  std::string bytes, file = path.str();
  if (net::readFile(file, bytes, error) &&
      net::readCategories(bytes, file, categories, error))
    return categories;
  report(error, context);
  return std::nullopt;
}
