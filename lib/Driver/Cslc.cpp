//===- Cslc.cpp - the `cslc` command --------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// CSL in; a folder with out.json and the simulator's image out.
//
//===----------------------------------------------------------------------===//

#include "CslcOptions.h"

#include "spada/Driver/Driver.h"
#include "spada/Support/Files.h"
#include "spada/Target/SimImage.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <nlohmann/json.hpp>

using namespace spada;

/// What SdkLayout reads on top.
static void describeStreams(const CSLResult &result,
                            nlohmann::ordered_json &json) {
  for (const auto &[name, number] : result.colors)
    json["colors"][name] = std::to_string(number);
  json["streams"] = nlohmann::ordered_json::object();
  for (const CSLStream &stream : result.streams)
    json["streams"][stream.name] = {
        {"direction", stream.isInput ? "in" : "out"},
        {"color", stream.color},
        {"region", {stream.x, stream.y, stream.width, stream.height}}};
}

/// The number of each color by its id.
static std::string describeColors(const CSLResult &result) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto &[name, number] : result.colors)
    json[name] = number;
  return json.dump(2) + "\n";
}

/// What host programs read about the compiled program.
static std::string describe(const CslcOptions &options,
                            const CSLResult &result) {
  using nlohmann::ordered_json;
  ordered_json json;
  const CSLOptions &frontend = options.frontend;
  json["params"] = ordered_json::object();
  for (const auto &[name, value] : frontend.params)
    json["params"][name] = std::to_string(value);
  json["colors"] = ordered_json::object();
  for (const auto &[name, value] : frontend.colors)
    json["colors"][name] = std::to_string(value);
  json["arch"] = frontend.arch;
  json["fabric_dims"] = {frontend.fabricWidth, frontend.fabricHeight};
  json["fabric_offsets"] = {frontend.offsetX, frontend.offsetY};
  json["rectangle"] = {result.width, result.height};
  json["channels"] = options.channels;
  json["rpc_symbols"] = ordered_json::array();
  for (const CSLExport &exported : result.exports) {
    ordered_json symbol;
    symbol["id"] = json["rpc_symbols"].size();
    symbol["name"] = exported.name;
    symbol["type"] = exported.type;
    symbol["kind"] = exported.isFunction ? "Func"
                     : exported.isColor  ? "Stream"
                                         : "Var";
    if (exported.isFunction) {
      symbol["inputs"] = ordered_json::array();
      for (size_t i = 0; i < exported.inputs.size(); ++i)
        symbol["inputs"].push_back({{"name", "arg" + std::to_string(i)},
                                    {"type", exported.inputs[i]}});
    } else {
      symbol["immutable"] = !exported.isMutable;
    }
    json["rpc_symbols"].push_back(std::move(symbol));
  }
  if (!options.sdkLayout.empty())
    describeStreams(result, json);
  return json.dump(2) + "\n";
}

static int writeOutput(const CslcOptions &options, const CSLResult &result) {
  std::vector<uint8_t> image;
  if (mlir::failed(packSimImage(*result.module, image)))
    return exitRejected;
  std::map<std::string, std::string> files{
      {"out.json", describe(options, result)},
      {"bin/program.spimage", std::string(image.begin(), image.end())}};
  if (!options.sdkLayout.empty())
    files["colors.json"] = describeColors(result);
  if (llvm::Error error = writeFilesAtomically(options.output, files)) {
    llvm::errs() << "cslc: error: " << llvm::toString(std::move(error)) << "\n";
    return exitRejected;
  }
  return exitDone;
}

int spada::cslcMain(int argc, char **argv) {
  llvm::Expected<CslcOptions> parsed = parseCslcOptions(argc, argv);
  if (!parsed) {
    llvm::errs() << "cslc: error: " << llvm::toString(parsed.takeError())
                 << "\n";
    return exitRejected;
  }
  CslcOptions &options = *parsed;
  if (options.help) {
    llvm::outs() << cslcUsage();
    return exitDone;
  }
  if (options.version) {
    llvm::outs() << "cslc of spada " SPADA_VERSION "\n";
    return exitDone;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler handler(sources, &context, llvm::errs());
  options.frontend.print = [](const std::string &line) {
    llvm::errs() << line << "\n";
  };
  CSLResult result =
      options.sdkLayout.empty()
          ? importCSL(options.layout, options.frontend, context)
          : importSdkLayout(options.sdkLayout, options.frontend, context);
  if (!result.module)
    return exitRejected;
  if (options.emitMLIR) {
    result.module->print(llvm::outs());
    return exitDone;
  }
  if (options.verbose)
    llvm::errs() << "cslc: " << result.width << " x " << result.height
                 << " PEs, " << options.frontend.arch << ", to '"
                 << options.output << "'\n";
  return writeOutput(options, result);
}
