//===- SparseProgram.cpp - a sparse network from file to IR ---------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SparseProgram.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace spada;
using namespace spada::driver;

bool spada::driver::namesNetwork(StringRef text) {
  StringRef first = text.split(',').first;
  if (is_contained({".npz", ".npy", ".mtx", ".smtx", ".onnx", ".tsv"},
                   sys::path::extension(first)))
    return true;
  if (first.ends_with(".mlir")) {
    auto buffer = MemoryBuffer::getFile(first, /*IsText=*/true);
    return buffer && (*buffer)->getBuffer().contains("sparse.network");
  }
  for (const std::string &line : listNetFormats()) {
    StringRef generator = StringRef(line).take_until(
        [](char c) { return !isAlnum(c) && c != '-'; });
    if (!generator.empty() && line[generator.size()] == ':' &&
        text.starts_with(generator.str() + ":"))
      return true;
  }
  return false;
}

std::vector<OptionSpec> spada::driver::networkOptions() {
  return {
      {"--type", "", "f32|f64", "type of values and sums; default f32"},
      {"--weights", "", "TYPE",
       "type of weights in memory: bf16, f16, f32 or f64; default as values"},
      {"--activation", "", "NAME",
       "of neurons whose file names none: relu, relu:CAP, sigmoid, tanh,\n"
       "gelu or none; default the format's usual one, else relu"},
      {"--last-activation", "", "NAME", "the same for the last layer"},
      {"--bias", "", "NUMBER",
       "of neurons whose file names none; default the format's, else 0"},
      {"--rows", "", "outputs|inputs",
       "what rows of matrices stand for; default the format's convention"},
      {"--allow-nan", "", "", "take weights that are infinite or no numbers"},
      {"--seed", "", "N",
       "of weights that the file lacks, and of annealing; default 1"}};
}

NetOptions spada::driver::readNetworkOptions(const ParsedCommand &command,
                                             Errors &errors) {
  checkChoice(command, "--type", {"f32", "f64"}, errors);
  checkChoice(command, "--weights", {"bf16", "f16", "f32", "f64"}, errors);
  checkChoice(command, "--rows", {"outputs", "inputs"}, errors);
  NetOptions options;
  options.valueType = command.get("--type", "f32").str();
  options.weights = command.get("--weights").str();
  options.activation = command.get("--activation").str();
  options.lastActivation = command.get("--last-activation").str();
  options.rows = command.get("--rows").str();
  options.allowNaN = command.has("--allow-nan");
  options.seed = integerOption(command, "--seed", 0, errors).value_or(1);
  if (command.has("--bias")) {
    double bias = 0;
    if (command.get("--bias").getAsDouble(bias))
      errors.report("option '--bias' expects a number, got '" +
                    command.get("--bias") + "'");
    options.bias = bias;
  }
  return options;
}

std::optional<double> spada::driver::parseBytes(StringRef text) {
  static const std::pair<StringRef, double> units[] = {
      {"KiB", 1024.0},
      {"MiB", 1024.0 * 1024},
      {"GiB", 1024.0 * 1048576},
      {"KB", 1e3},
      {"MB", 1e6},
      {"GB", 1e9},
      {"B", 1}};
  double scale = 1, value = 0;
  for (auto [unit, size] : units)
    if (text.consume_back(unit)) {
      scale = size;
      break;
    }
  if (text.rtrim().getAsDouble(value) || !(value >= 0) || value > 1e15)
    return std::nullopt;
  return value * scale;
}

sparse::NetworkOp SparseProgram::op() {
  auto networks = root->getOps<sparse::NetworkOp>();
  return networks.empty() ? sparse::NetworkOp() : *networks.begin();
}

bool SparseProgram::load(StringRef spec, const NetOptions &options,
                         Errors &errors) {
  if (!spec.ends_with(".mlir")) {
    root = importNet(spec, options, &context());
    return bool(root);
  }
  root = holder.parse(spec);
  if (!root)
    return false;
  auto networks = root->getOps<sparse::NetworkOp>();
  if (llvm::range_size(networks) == 1)
    return true;
  errors.report("expected one 'sparse.network' in '" + spec + "', found " +
                Twine(llvm::range_size(networks)));
  return false;
}
