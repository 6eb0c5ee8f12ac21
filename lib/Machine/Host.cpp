//===- Host.cpp - reading the description of a host -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads the JSON form strictly: every field once, with its unit and source.
//
//===----------------------------------------------------------------------===//

#include "spada/Machine/Host.h"

#include "nlohmann/json.hpp"

#include <cstdlib>

using namespace spada;
using Json = nlohmann::json;

namespace {
struct Field {
  const char *name, *unit;
  int64_t Host::*integer;
  double Host::*real;
};
} // namespace

static const Field fields[] = {
    {"lineBytes", "bytes", &Host::lineBytes, nullptr},
    {"aliasBytes", "bytes", &Host::aliasBytes, nullptr},
    {"aheadBytes", "bytes", &Host::aheadBytes, nullptr},
    {"rowTileCaches", "caches", &Host::rowTileCaches, nullptr},
    {"rowsAtOnce", "rows", &Host::rowsAtOnce, nullptr},
    {"levelsAtOnce", "levels", &Host::levelsAtOnce, nullptr},
    {"nextTileFields", "fields", &Host::nextTileFields, nullptr},
    {"rowAddresses", "rows", &Host::rowAddresses, nullptr},
    {"rowOperations", "operations", &Host::rowOperations, nullptr},
    {"multiplyAddsPerSecond", "1/s", nullptr, &Host::multiplyAddsPerSecond},
    {"divideSums", "sums", &Host::divideSums, nullptr},
    {"remainderSums", "sums", &Host::remainderSums, nullptr},
    {"functionSums", "sums", &Host::functionSums, nullptr},
    {"missedBranchSeconds", "s", nullptr, &Host::missedBranchSeconds},
    {"tileRowBytes", "bytes", &Host::tileRowBytes, nullptr},
    {"largeLayerCaches", "caches", &Host::largeLayerCaches, nullptr},
    {"unrolledOperations", "operations", &Host::unrolledOperations, nullptr},
    {"laneStepSums", "sums", nullptr, &Host::laneStepSums},
    {"laneInputSums", "sums", nullptr, &Host::laneInputSums},
    {"sharedStepSums", "sums", nullptr, &Host::sharedStepSums},
    {"sharedInputSums", "sums", nullptr, &Host::sharedInputSums},
    {"tileSourceSums", "sums", nullptr, &Host::tileSourceSums},
    {"tileDestinationSums", "sums", nullptr, &Host::tileDestinationSums},
    {"vectorCodeBytes", "bytes", &Host::vectorCodeBytes, nullptr},
    {"codeCacheBytes", "bytes", &Host::codeCacheBytes, nullptr},
    {"levelOneBytes", "bytes", &Host::levelOneBytes, nullptr},
    {"levelOneBytesPerSecond", "bytes/s", nullptr,
     &Host::levelOneBytesPerSecond},
    {"levelTwoBytes", "bytes", &Host::levelTwoBytes, nullptr},
    {"levelTwoBytesPerSecond", "bytes/s", nullptr,
     &Host::levelTwoBytesPerSecond},
    {"levelThreeBytes", "bytes", &Host::levelThreeBytes, nullptr},
    {"levelThreeBytesPerSecond", "bytes/s", nullptr,
     &Host::levelThreeBytesPerSecond},
    {"memoryBytesPerSecond", "bytes/s", nullptr, &Host::memoryBytesPerSecond}};

/// What is wrong with the field of that name; nothing if it is right.
static std::string checkField(const Json &root, const char *name,
                              const char *unit) {
  std::string field = "host description: '" + std::string(name) + "'";
  auto found = root.find(name);
  if (found == root.end())
    return field + " is missing";
  if (!found->is_object() || found->size() != 3 || !found->contains("value") ||
      !found->contains("unit") || !found->contains("source"))
    return field + " is not an object with value, unit and source";
  if ((*found)["unit"] != unit)
    return field + " has unit " + (*found)["unit"].dump() + ", expected \"" +
           unit + "\"";
  if (!(*found)["source"].is_string() ||
      (*found)["source"].get<std::string>().empty())
    return field + " has a source that is empty or not a string";
  return "";
}

bool Host::validate(std::string &error) const {
  for (const Field &field : fields)
    if (field.integer ? this->*field.integer <= 0 : !(this->*field.real > 0)) {
      error =
          "host description: '" + std::string(field.name) + "' is not positive";
      return false;
    }
  if (levelOneBytes > levelTwoBytes || levelTwoBytes > levelThreeBytes) {
    error = "host description: a cache is larger than the next one";
    return false;
  }
  return true;
}

bool spada::parseHost(std::string_view json, Host &host, std::string &error) {
  error.clear();
  host = Host();
  Json root = Json::parse(json.begin(), json.end(), nullptr,
                          /*allow_exceptions=*/false);
  if (root.is_discarded() || !root.is_object()) {
    error = "host description: not a JSON object";
    return false;
  }
  error = checkField(root, "name", "name");
  if (error.empty() && !root["name"]["value"].is_string())
    error = "host description: 'name' is not a string";
  for (const Field &field : fields) {
    if (error.empty())
      error = checkField(root, field.name, field.unit);
    if (!error.empty())
      return false;
    const Json &value = root[field.name]["value"];
    if (field.integer ? !value.is_number_integer() : !value.is_number()) {
      error = "host description: '" + std::string(field.name) + "' has value " +
              value.dump() + ", expected a number";
      return false;
    }
    if (field.integer)
      host.*field.integer = value.get<int64_t>();
    else
      host.*field.real = value.get<double>();
  }
  host.name = root["name"]["value"].get<std::string>();
  for (const auto &[name, unused] : root.items()) {
    bool isKnown = name == "name";
    for (const Field &field : fields)
      isKnown |= name == field.name;
    if (!isKnown) {
      error = "host description: unknown field '" + name + "'";
      return false;
    }
  }
  return host.validate(error);
}

Host spada::builtinHost() {
  Host host;
  std::string error;
  // A test reads the description; a wrong one cannot be built.
  if (!parseHost(builtinHostText(), host, error))
    std::abort();
  return host;
}
