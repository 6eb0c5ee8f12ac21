//===- Machine.cpp - reading and checking machine descriptions ------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Reads the JSON form of a machine strictly: every field once, with its unit
// and source. Holds no numbers.
//
//===----------------------------------------------------------------------===//

#include "spada/Machine/Machine.h"

#include "nlohmann/json.hpp"

#include <algorithm>
#include <set>

using namespace spada;
using Json = nlohmann::json;

namespace {
/// Reads fields of one description; the first error wins.
class Reader {
public:
  explicit Reader(std::string &error) : error(error) {}

  bool failed() const { return !error.empty(); }
  void fail(const std::string &message) {
    if (error.empty())
      error = message;
  }

  /// The object `name` inside `parent`.
  const Json &section(const Json &parent, const std::string &name);
  /// The value of the field `name`, after checking unit and source; null when
  /// it is wrong.
  const Json &entry(const Json &section, const std::string &name,
                    const char *unit);
  const Json &checkedValue(const Json &field, const std::string &path,
                           const char *unit);

  void read(const Json &section, const char *name, const char *unit,
            int64_t &result);
  void read(const Json &section, const char *name, const char *unit,
            double &result);
  void read(const Json &section, const char *name, const char *unit,
            bool &result);
  void read(const Json &section, const char *name, const char *unit,
            std::string &result);
  void read(const Json &section, const char *name, const char *unit,
            std::vector<int64_t> &result);
  void readRates(const Json &root,
                 std::map<std::string, int64_t, std::less<>> &rates);

  /// Reports members of `section` that nothing has asked for.
  void finish(const Json &section);
  void finish(const Json &section, const std::set<std::string> &known);

private:
  std::string path(const std::string &name) const {
    return prefix.empty() ? name : prefix + "." + name;
  }

  std::string &error;
  std::string prefix;
  std::set<std::string> seen;
  const Json null;
};
} // namespace

const Json &Reader::section(const Json &parent, const std::string &name) {
  prefix = name;
  seen.clear();
  auto it = parent.find(name);
  if (it == parent.end() || !it->is_object()) {
    fail("machine description: section '" + name +
         "' is missing or not an object");
    return null;
  }
  return *it;
}

const Json &Reader::checkedValue(const Json &field, const std::string &path,
                                 const char *unit) {
  if (!field.is_object()) {
    fail("machine description: '" + path +
         "' is not an object with value, unit and source");
    return null;
  }
  for (const char *member : {"value", "unit", "source"})
    if (!field.contains(member)) {
      fail("machine description: '" + path + "' has no '" + member + "'");
      return null;
    }
  const Json &found = field["unit"];
  if (!found.is_string() || found.get<std::string>() != unit) {
    fail("machine description: unit of '" + path + "' is " + found.dump() +
         ", expected \"" + unit + "\"");
    return null;
  }
  if (!field["source"].is_string() ||
      field["source"].get<std::string>().empty()) {
    fail("machine description: source of '" + path +
         "' is empty or not a string");
    return null;
  }
  return field["value"];
}

const Json &Reader::entry(const Json &section, const std::string &name,
                          const char *unit) {
  seen.insert(name);
  if (failed())
    return null;
  auto it = section.find(name);
  if (it == section.end()) {
    fail("machine description: field '" + path(name) + "' is missing");
    return null;
  }
  const Json &value = checkedValue(*it, path(name), unit);
  if (!failed())
    for (const auto &[key, unused] : it->items())
      if (key != "value" && key != "unit" && key != "source")
        fail("machine description: '" + path(name) + "' has unknown member '" +
             key + "'");
  return value;
}

/// Whether `value` is an integer that a number of a machine may be.
static bool isCount(const Json &value) {
  return value.is_number_integer() && value >= Json(0) &&
         value <= Json(int64_t(1) << 40);
}

void Reader::read(const Json &section, const char *name, const char *unit,
                  int64_t &result) {
  const Json &value = entry(section, name, unit);
  if (failed())
    return;
  if (!isCount(value))
    return fail("machine description: value of '" + path(name) + "' is " +
                value.dump() + ", expected an integer, 0 or more");
  result = value.get<int64_t>();
}

void Reader::read(const Json &section, const char *name, const char *unit,
                  double &result) {
  const Json &value = entry(section, name, unit);
  if (failed())
    return;
  if (!value.is_number())
    return fail("machine description: value of '" + path(name) + "' is " +
                value.dump() + ", expected a number");
  result = value.get<double>();
}

void Reader::read(const Json &section, const char *name, const char *unit,
                  bool &result) {
  const Json &value = entry(section, name, unit);
  if (failed())
    return;
  if (!value.is_boolean())
    return fail("machine description: value of '" + path(name) + "' is " +
                value.dump() + ", expected true or false");
  result = value.get<bool>();
}

void Reader::read(const Json &section, const char *name, const char *unit,
                  std::string &result) {
  const Json &value = entry(section, name, unit);
  if (failed())
    return;
  if (!value.is_string())
    return fail("machine description: value of '" + path(name) + "' is " +
                value.dump() + ", expected a string");
  result = value.get<std::string>();
}

void Reader::read(const Json &section, const char *name, const char *unit,
                  std::vector<int64_t> &result) {
  const Json &value = entry(section, name, unit);
  if (failed())
    return;
  bool good = value.is_array() && value.size() <= 64 &&
              std::all_of(value.begin(), value.end(), isCount);
  if (!good)
    return fail("machine description: value of '" + path(name) +
                "' is not a list of at most 64 integers, 0 or more");
  result = value.get<std::vector<int64_t>>();
}

void Reader::readRates(const Json &root,
                       std::map<std::string, int64_t, std::less<>> &rates) {
  if (failed())
    return;
  auto it = root.find("elementsPerCycle");
  if (it == root.end() || !it->is_array())
    return fail("machine description: field 'elementsPerCycle' is missing or "
                "not a list of groups");
  for (size_t i = 0; i < it->size(); ++i) {
    std::string path = "elementsPerCycle[" + std::to_string(i) + "]";
    const Json &group = (*it)[i];
    const Json &value = checkedValue(group, path, "elements/cycle");
    if (failed())
      return;
    if (!isCount(value) || value < Json(1) || value > Json(64))
      return fail("machine description: value of '" + path + "' is " +
                  value.dump() + ", expected 1 to 64");
    auto names = group.find("builtins");
    if (names == group.end() || !names->is_array())
      return fail("machine description: '" + path + "' has no list 'builtins'");
    finish(group, {"value", "unit", "source", "builtins"});
    for (const Json &name : *names) {
      if (!name.is_string())
        return fail("machine description: '" + path + ".builtins' holds " +
                    name.dump() + ", expected names");
      if (!rates.try_emplace(name.get<std::string>(), value.get<int64_t>())
               .second)
        return fail("machine description: '" + path +
                    "' gives a second rate for '" + name.get<std::string>() +
                    "'");
    }
  }
}

void Reader::finish(const Json &section) { finish(section, seen); }

void Reader::finish(const Json &section, const std::set<std::string> &known) {
  if (failed() || !section.is_object())
    return;
  for (const auto &[key, unused] : section.items())
    if (!known.count(key))
      fail("machine description: unknown field '" + path(key) + "'");
}

static void readFabric(Reader &in, const Json &root, Machine &m) {
  const Json &s = in.section(root, "fabric");
  in.read(s, "widthPes", "PEs", m.fabricWidthPes);
  in.read(s, "heightPes", "PEs", m.fabricHeightPes);
  in.read(s, "programMaxWidthPes", "PEs", m.programMaxWidthPes);
  in.read(s, "programMaxHeightPes", "PEs", m.programMaxHeightPes);
  in.read(s, "memcpyOffsetXPes", "PEs", m.memcpyOffsetXPes);
  in.read(s, "memcpyOffsetYPes", "PEs", m.memcpyOffsetYPes);
  in.read(s, "clockHz", "Hz", m.clockHz);
  in.read(s, "hopLatencyCycles", "cycles", m.hopLatencyCycles);
  in.read(s, "rampLatencyCycles", "cycles", m.rampLatencyCycles);
  in.read(s, "routerBufferWavelets", "wavelets", m.routerBufferWavelets);
  in.read(s, "switchPositions", "positions", m.switchPositions);
  in.finish(s);
}

static void readIdentifiers(Reader &in, const Json &root, Machine &m) {
  const Json &s = in.section(root, "identifiers");
  in.read(s, "programColors", "colors", m.programColors);
  in.read(s, "switchableColors", "colors", m.switchableColors);
  in.read(s, "inputQueues", "queues", m.inputQueues);
  in.read(s, "outputQueues", "queues", m.outputQueues);
  in.read(s, "inputQueueDepthWavelets", "wavelets", m.inputQueueDepthWavelets);
  in.read(s, "outputQueueDepthWavelets", "wavelets",
          m.outputQueueDepthWavelets);
  in.read(s, "localTaskIds", "ids", m.localTaskIds);
  in.read(s, "dataTaskIdIsColor", "flag", m.dataTaskIdIsColor);
  in.read(s, "localTaskIdsShareColors", "flag", m.localTaskIdsShareColors);
  in.read(s, "outputQueueBoundToColor", "flag", m.outputQueueBoundToColor);
  in.read(s, "microthreadIsQueue", "flag", m.microthreadIsQueue);
  in.read(s, "microthreads", "microthreads", m.microthreads);
  in.read(s, "maxFabricInputsPerOperation", "operands",
          m.maxFabricInputsPerOperation);
  in.read(s, "maxLaunchParameters", "parameters", m.maxLaunchParameters);
  in.finish(s);
}

static void readTiming(Reader &in, const Json &root, Machine &m) {
  const Json &s = in.section(root, "timing");
  in.read(s, "vectorStartupCycles", "cycles", m.vectorStartupCycles);
  in.read(s, "taskDispatchCycles", "cycles", m.taskDispatchCycles);
  in.read(s, "launchReturnCycles", "cycles", m.launchReturnCycles);
  in.read(s, "hostCommandCycles", "cycles", m.hostCommandCycles);
  in.read(s, "scalarCycles", "cycles", m.scalarCycles);
  in.read(s, "scalarWideIntegerCycles", "cycles", m.scalarWideIntegerCycles);
  in.read(s, "scalarFloatCycles", "cycles", m.scalarFloatCycles);
  in.read(s, "scalarDivideCycles", "cycles", m.scalarDivideCycles);
  in.read(s, "branchTakenCycles", "cycles", m.branchTakenCycles);
  in.read(s, "memoryAccessCycles", "cycles", m.memoryAccessCycles);
  in.finish(s);
}

bool spada::parseMachine(std::string_view json, Machine &machine,
                         std::string &error) {
  error.clear();
  machine = Machine();
  Reader in(error);
  std::vector<std::set<std::string>> keys; // one set an open object
  auto noDuplicates = [&](int, Json::parse_event_t event, Json &parsed) {
    if (event == Json::parse_event_t::object_start)
      keys.emplace_back();
    else if (event == Json::parse_event_t::object_end && !keys.empty())
      keys.pop_back();
    else if (event == Json::parse_event_t::key && !keys.empty() &&
             !keys.back().insert(parsed.get<std::string>()).second)
      in.fail("machine description: field '" + parsed.get<std::string>() +
              "' is given twice");
    return true;
  };
  Json root = Json::parse(json.begin(), json.end(), noDuplicates,
                          /*allow_exceptions=*/false);
  if (in.failed())
    return false;
  if (root.is_discarded() || !root.is_object()) {
    error = "machine description: not a JSON object";
    return false;
  }
  in.read(root, "name", "name", machine.name);
  in.finish(root, {"name", "fabric", "identifiers", "memory",
                   "elementsPerCycle", "timing"});
  readFabric(in, root, machine);
  readIdentifiers(in, root, machine);
  const Json &memory = in.section(root, "memory");
  in.read(memory, "memoryBytes", "bytes", machine.memoryBytes);
  in.read(memory, "reservedBytes", "bytes", machine.reservedBytes);
  in.read(memory, "readBankWords", "16-bit words", machine.readBankWords);
  in.finish(memory);
  in.readRates(root, machine.elementsPerCycle);
  readTiming(in, root, machine);
  return !in.failed() && machine.validate(error);
}

int64_t Machine::rate(std::string_view builtin) const {
  auto it = elementsPerCycle.find(builtin);
  return it == elementsPerCycle.end() ? 1 : it->second;
}

/// Returns an error when a list of ids has a repetition or a member outside [0,
/// limit).
static std::string checkIds(const char *field, const std::vector<int64_t> &ids,
                            int64_t limit) {
  std::set<int64_t> seen;
  for (int64_t id : ids) {
    if (id < 0 || id >= limit)
      return std::string("machine description: '") + field + "' holds " +
             std::to_string(id) + ", expected 0 to " +
             std::to_string(limit - 1);
    if (!seen.insert(id).second)
      return std::string("machine description: '") + field + "' holds " +
             std::to_string(id) + " twice";
  }
  return {};
}

static std::string checkRange(const char *field, int64_t value, int64_t least,
                              int64_t most) {
  if (value >= least && value <= most)
    return {};
  return std::string("machine description: '") + field + "' is " +
         std::to_string(value) + ", expected " + std::to_string(least) +
         " to " + std::to_string(most);
}

bool Machine::validate(std::string &error) const {
  std::vector<std::string> errors = {
      name.empty() ? "machine description: 'name' is empty" : "",
      checkRange("widthPes", fabricWidthPes, 1, 65536),
      checkRange("heightPes", fabricHeightPes, 1, 65536),
      checkRange("programMaxWidthPes", programMaxWidthPes, 1, fabricWidthPes),
      checkRange("programMaxHeightPes", programMaxHeightPes, 1,
                 fabricHeightPes),
      checkRange("memcpyOffsetXPes", memcpyOffsetXPes, 0,
                 fabricWidthPes - programMaxWidthPes),
      checkRange("memcpyOffsetYPes", memcpyOffsetYPes, 0,
                 fabricHeightPes - programMaxHeightPes),
      clockHz > 0 ? "" : "machine description: 'clockHz' is not positive",
      checkRange("hopLatencyCycles", hopLatencyCycles, 1, 16),
      checkRange("rampLatencyCycles", rampLatencyCycles, 1, 16),
      checkRange("routerBufferWavelets", routerBufferWavelets, 1, 32),
      checkRange("switchPositions", switchPositions, 1, 4),
      checkIds("programColors", programColors, 24),
      checkIds("switchableColors", switchableColors, 24),
      checkRange("microthreads", microthreads, 1, 16),
      checkRange("maxFabricInputsPerOperation", maxFabricInputsPerOperation, 1,
                 2),
      checkIds("inputQueues", inputQueues, inputQueueDepthWavelets.size()),
      checkIds("outputQueues", outputQueues, outputQueueDepthWavelets.size()),
      checkRange("number of inputQueueDepthWavelets",
                 inputQueueDepthWavelets.size(), 1, 8),
      checkRange("number of outputQueueDepthWavelets",
                 outputQueueDepthWavelets.size(), 1, 8),
      checkIds("localTaskIds", localTaskIds, 64),
      checkRange("memoryBytes", memoryBytes, 1, int64_t(1) << 24),
      checkRange("reservedBytes", reservedBytes, 0, memoryBytes - 1),
      checkRange("readBankWords", readBankWords, 0, 1024),
      checkRange("vectorStartupCycles", vectorStartupCycles, 0, 1000),
      checkRange("taskDispatchCycles", taskDispatchCycles, 0, 1000),
      checkRange("launchReturnCycles", launchReturnCycles, 0, 1000),
      checkRange("hostCommandCycles", hostCommandCycles, 0, 1'000'000),
      checkRange("scalarCycles", scalarCycles, 1, 1000),
      checkRange("scalarWideIntegerCycles", scalarWideIntegerCycles, 1, 1000),
      checkRange("scalarFloatCycles", scalarFloatCycles, 1, 1000),
      checkRange("scalarDivideCycles", scalarDivideCycles, 1, 1000),
      checkRange("branchTakenCycles", branchTakenCycles, 1, 1000),
      checkRange("memoryAccessCycles", memoryAccessCycles, 1, 1000)};
  for (int64_t depth : inputQueueDepthWavelets)
    errors.push_back(checkRange("inputQueueDepthWavelets", depth, 1, 64));
  for (int64_t depth : outputQueueDepthWavelets)
    errors.push_back(checkRange("outputQueueDepthWavelets", depth, 1, 64));
  for (int64_t color : switchableColors)
    if (std::find(programColors.begin(), programColors.end(), color) ==
        programColors.end())
      errors.push_back("machine description: 'switchableColors' holds " +
                       std::to_string(color) +
                       ", which is not in 'programColors'");
  for (const std::string &message : errors)
    if (!message.empty()) {
      error = message;
      return false;
    }
  return true;
}
