//===- Graph.cpp - networks as lists of connections -----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Arrays of an `.npz` file: `source`, `destination`, `weight`; perhaps
// `inputs`, `outputs`, `neurons`, `bias`, `activation` and `cap`. Neurons keep
// their order; those that are no inputs become layers of equal activation.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Npz.h"

#include "spada/Analysis/Sparse/Network.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

using namespace spada::net;

namespace {
class GraphReader {
public:
  GraphReader(const Archives &archives, const Settings &settings,
              Network &network, Error &error)
      : archives(archives), file(archives.file), settings(settings),
        network(network), error(error) {}
  bool run();

private:
  bool checkNames();
  bool readConnections();
  bool countNeurons();
  bool readInputs();
  bool numberInputs(const Array &array);
  bool checkConnections();
  bool checkRepeated();
  bool readPerNeuron(const char *field, std::vector<double> &values);
  bool readFunctions();
  bool readOutputs();
  void makeLayers();

  bool bad(std::string message, std::string hint = "") {
    return fail(error, file, std::move(message), std::move(hint));
  }
  std::string connection(uint64_t c) const {
    return "connection " + std::to_string(c) + " (" +
           std::to_string(graph.source[c]) + " -> " +
           std::to_string(graph.destination[c]) + ")";
  }

  const Archives &archives;
  const std::string &file;
  const Settings &settings;
  Network &network;
  Error &error;

  spada::sparse::Graph graph; ///< with the numbers of the file
  const Array *weight = nullptr;
  std::vector<char> isInput;
  std::vector<uint32_t> neuronAt; ///< by new number, the one of the file
  std::vector<uint32_t> newNumber;
  std::vector<double> bias;
  /// Of each neuron; equal keys share a layer.
  std::vector<std::optional<Function>> functions;
  std::vector<char> isLast;
};
} // namespace

bool GraphReader::checkNames() {
  static const char *const known[] = {"source", "destination", "weight",
                                      "inputs", "outputs",     "neurons",
                                      "bias",   "activation",  "cap"};
  for (const auto &[name, array] : archives.arrays)
    if (std::find(std::begin(known), std::end(known), name) == std::end(known))
      return bad("array " + quote(name) + " has no meaning here",
                 "a graph holds source, destination, weight, inputs, outputs, "
                 "neurons, bias, activation and cap");
  return true;
}

bool GraphReader::readConnections() {
  const Array *source, *destination;
  if (!archives.require("source", Type::Integers, source, error) ||
      !archives.require("destination", Type::Integers, destination, error) ||
      !archives.require("weight", Type::Numbers, weight, error))
    return false;
  uint64_t count = source->size();
  if (destination->size() != count || weight->size() != count)
    return bad("'source' has " + std::to_string(count) +
               " entries, 'destination' " +
               std::to_string(destination->size()) + " and 'weight' " +
               std::to_string(weight->size()));
  graph.source.reserve(count);
  graph.destination.reserve(count);
  for (uint64_t c = 0; c < count; ++c) {
    for (const Array *end : {source, destination})
      if (end->integer(c) < 0 || end->integer(c) >= INT32_MAX)
        return bad("connection " + std::to_string(c) + " names neuron " +
                       std::to_string(end->integer(c)),
                   "neurons count from 0 to " + std::to_string(INT32_MAX - 1));
    graph.add(uint32_t(source->integer(c)), uint32_t(destination->integer(c)));
  }
  return true;
}

bool GraphReader::countNeurons() {
  uint64_t least = 0;
  for (const auto *ends : {&graph.source, &graph.destination})
    for (uint32_t neuron : *ends)
      least = std::max(least, uint64_t(neuron) + 1);
  uint64_t neurons = least;
  if (archives.find("neurons")) {
    const Array *array;
    if (!archives.require("neurons", Type::Integers, array, error))
      return false;
    if (array->size() != 1 || array->integer(0) < 0)
      return bad("'neurons' is not the number of neurons");
    neurons = array->integer(0);
  }
  if (!checkNeurons(neurons, graph.connections(), file, error))
    return false;
  graph.neurons = uint32_t(neurons);
  if (neurons == 0)
    return bad("the network has no neuron");
  for (uint64_t c = 0; neurons < least && c < graph.connections(); ++c)
    if (graph.source[c] >= neurons || graph.destination[c] >= neurons)
      return bad(connection(c) + " is out of range: the network has " +
                 std::to_string(neurons) + " neurons");
  return true;
}

bool GraphReader::numberInputs(const Array &array) {
  bool isCount = array.shape().empty();
  uint64_t count = isCount ? uint64_t(array.integer(0)) : array.size();
  if (count > graph.neurons)
    return bad("there are " + std::to_string(count) + " inputs, but " +
               std::to_string(graph.neurons) + " neurons");
  for (uint64_t i = 0; i < count; ++i) {
    int64_t neuron = isCount ? int64_t(i) : array.integer(i);
    if (neuron < 0 || neuron >= int64_t(graph.neurons))
      return bad("'inputs' names neuron " + std::to_string(neuron) +
                 ", but the network has " + std::to_string(graph.neurons));
    if (isInput[neuron])
      return bad("'inputs' names neuron " + std::to_string(neuron) + " twice");
    isInput[neuron] = 1;
    neuronAt.push_back(uint32_t(neuron));
  }
  return true;
}

/// Inputs come first, in their order; then all others, in theirs.
bool GraphReader::readInputs() {
  isInput.assign(graph.neurons, 0);
  if (archives.find("inputs")) {
    const Array *array;
    if (!archives.require("inputs", Type::Integers, array, error) ||
        !numberInputs(*array))
      return false;
  } else {
    isInput.assign(graph.neurons, 1);
    for (uint32_t neuron : graph.destination)
      isInput[neuron] = 0;
    for (uint32_t neuron = 0; neuron < graph.neurons; ++neuron)
      if (isInput[neuron])
        neuronAt.push_back(neuron);
  }
  network.inputs = neuronAt.size();
  for (uint32_t neuron = 0; neuron < graph.neurons; ++neuron)
    if (!isInput[neuron])
      neuronAt.push_back(neuron);
  newNumber.resize(graph.neurons);
  for (uint32_t i = 0; i < graph.neurons; ++i)
    newNumber[neuronAt[i]] = i;
  return true;
}

bool GraphReader::checkRepeated() {
  auto into = spada::sparse::Adjacency::into(graph);
  std::unordered_map<uint32_t, uint64_t> seen;
  for (uint32_t neuron = 0; neuron < graph.neurons; ++neuron) {
    seen.clear();
    for (uint64_t e = into.first[neuron]; e < into.first[neuron + 1]; ++e) {
      uint64_t c = into.connection[e];
      auto [it, isNew] = seen.try_emplace(graph.source[c], c);
      if (!isNew)
        return bad(connection(c) + " repeats connection " +
                       std::to_string(it->second) + ": it has weight " +
                       text(weight->real(it->second)) + " before and " +
                       text(weight->real(c)) + " here",
                   "make it one connection with the sum of both weights");
    }
  }
  return true;
}

bool GraphReader::checkConnections() {
  for (uint64_t c = 0; c < graph.connections(); ++c) {
    if (graph.source[c] == graph.destination[c])
      return bad(connection(c) + " leads from a neuron to itself");
    if (isInput[graph.destination[c]])
      return bad(connection(c) + " leads into an input",
                 "the value of an input is given");
    if (!settings.allowNaN && !std::isfinite(weight->real(c)))
      return bad(connection(c) + " has weight " + text(weight->real(c)),
                 "allow such weights with --allow-nan");
  }
  if (!checkRepeated())
    return false;
  if (std::string cycle = spada::sparse::findCycle(graph); !cycle.empty())
    return bad(cycle, "a feed-forward network has no cycles");
  return true;
}

/// One number a neuron, or a neuron that is no input, or for all. Empty if the
/// array is not there.
bool GraphReader::readPerNeuron(const char *field,
                                std::vector<double> &values) {
  if (!archives.find(field))
    return true;
  const Array *array;
  if (!archives.require(field, Type::Numbers, array, error))
    return false;
  uint64_t size = array->size(), inner = graph.neurons - network.inputs;
  if (size != graph.neurons && size != inner && size != 1)
    return bad(std::string("'") + field + "' has " + std::to_string(size) +
               " entries, but there are " + std::to_string(graph.neurons) +
               " neurons, " + std::to_string(inner) + " without the inputs");
  // Neurons of the file that are no inputs stand in order at the end.
  values.resize(inner);
  for (uint64_t i = 0; i < inner; ++i) {
    uint64_t at = size == graph.neurons ? neuronAt[network.inputs + i]
                  : size == 1           ? 0
                                        : i;
    values[i] = array->real(at);
  }
  return true;
}

bool GraphReader::readFunctions() {
  uint64_t inner = graph.neurons - network.inputs;
  functions.assign(inner, std::nullopt);
  std::vector<double> caps;
  if (!readPerNeuron("cap", caps))
    return false;
  const Array *array = archives.find("activation");
  if (!array)
    return caps.empty() || bad("'cap' is there, but no 'activation'");
  if (!archives.check("activation", *array, Type::Texts, error))
    return false;
  uint64_t size = array->size();
  if (size != graph.neurons && size != inner && size != 1)
    return bad("'activation' has " + std::to_string(size) +
               " entries, but there are " + std::to_string(graph.neurons) +
               " neurons, " + std::to_string(inner) + " without the inputs");
  for (uint64_t i = 0; i < inner; ++i) {
    uint64_t at = size == graph.neurons ? neuronAt[network.inputs + i]
                  : size == 1           ? 0
                                        : i;
    functions[i] = readFunction(array->text(at));
    if (!functions[i])
      return bad("entry " + std::to_string(at) + " of 'activation' is " +
                     quote(array->text(at)) + ", which is no activation",
                 "choose none, relu, relu:CAP, sigmoid, tanh or gelu");
    if (!caps.empty() && functions[i]->kind == Activation::Relu &&
        !std::isinf(caps[i])) {
      if (!(caps[i] >= 0))
        return bad("neuron " + std::to_string(neuronAt[network.inputs + i]) +
                   " has cap " + text(caps[i]) + ", which is not positive");
      functions[i]->cap = caps[i];
    }
  }
  return true;
}

bool GraphReader::readOutputs() {
  std::vector<int32_t> outputs;
  std::vector<char> isOutput(graph.neurons, 0);
  if (archives.find("outputs")) {
    const Array *array;
    if (!archives.require("outputs", Type::Integers, array, error))
      return false;
    for (uint64_t i = 0; i < array->size(); ++i) {
      int64_t neuron = array->integer(i);
      if (neuron < 0 || neuron >= int64_t(graph.neurons))
        return bad("'outputs' names neuron " + std::to_string(neuron) +
                   ", but the network has " + std::to_string(graph.neurons));
      outputs.push_back(int32_t(newNumber[neuron]));
      isOutput[newNumber[neuron]] = 1;
    }
  } else {
    isOutput.assign(graph.neurons, 1);
    for (uint32_t neuron : graph.source)
      isOutput[newNumber[neuron]] = 0;
    // An input alone is no output.
    for (uint32_t i = uint32_t(network.inputs); i < graph.neurons; ++i)
      if (isOutput[i])
        outputs.push_back(int32_t(i));
  }
  network.outputs = std::move(outputs);
  isLast.assign(graph.neurons - network.inputs, 0);
  if (settings.hasLastFunction)
    for (uint64_t i = 0; i < isLast.size(); ++i)
      isLast[i] = isOutput[network.inputs + i];
  return true;
}

void GraphReader::makeLayers() {
  auto into = spada::sparse::Adjacency::into(graph);
  uint64_t inner = graph.neurons - network.inputs;
  for (uint64_t i = 0; i < inner; ++i) {
    if (i == 0 || functions[i] != functions[i - 1] ||
        isLast[i] != isLast[i - 1]) {
      Layer layer;
      layer.function = functions[i];
      layer.isLast = isLast[i];
      network.layers.push_back(std::move(layer));
    }
    Layer &layer = network.layers.back();
    ++layer.neurons;
    if (!bias.empty())
      layer.bias.push(bias[i]);
    uint32_t neuron = neuronAt[network.inputs + i];
    for (uint64_t e = into.first[neuron]; e < into.first[neuron + 1]; ++e) {
      uint64_t c = into.connection[e];
      layer.columns.push_back(int32_t(newNumber[graph.source[c]]));
      layer.weights.push(weight->real(c));
    }
    layer.rows.push_back(int64_t(layer.columns.size()));
  }
}

bool GraphReader::run() {
  if (!network.layers.empty())
    return bad("a graph stands alone, not after other layers");
  if (!checkNames() || !readConnections() || !countNeurons() || !readInputs() ||
      !checkConnections() || !readPerNeuron("bias", bias) || !readFunctions() ||
      !readOutputs())
    return false;
  makeLayers();
  return true;
}

bool spada::net::readGraph(const Archives &archives, const Settings &settings,
                           Network &network, Error &error) {
  return GraphReader(archives, settings, network, error).run();
}
