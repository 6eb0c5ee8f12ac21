//===- Matrix.cpp - one layer as a matrix ---------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// The checks of all formats that hold matrices, and the sort by destination.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Matrix.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace spada::net;

bool spada::net::checkNeurons(uint64_t neurons, uint64_t connections,
                              const std::string &file, Error &error) {
  if (neurons > INT32_MAX)
    return fail(error, file,
                "the network has " + std::to_string(neurons) +
                    " neurons, more than " + std::to_string(INT32_MAX));
  constexpr uint64_t free = 1 << 20, perConnection = 16;
  if (neurons > free + perConnection * connections)
    return fail(error, file,
                "the network has " + std::to_string(neurons) +
                    " neurons but only " + std::to_string(connections) +
                    " connections",
                "its sizes are likely wrong");
  return true;
}

namespace {
class Adder {
public:
  Adder(Network &network, Matrix &matrix, bool rowsAreInputs,
        const Settings &settings, Error &error)
      : network(network), matrix(matrix), settings(settings), error(error),
        isSwapped(settings.rowsAreInputs.value_or(rowsAreInputs)),
        layer(network.layers.size()),
        outputs(isSwapped ? matrix.columns : matrix.rows),
        inputs(isSwapped ? matrix.rows : matrix.columns) {}

  bool run() {
    if (!checkSizes() || !checkEntries())
      return false;
    Layer result;
    result.neurons = outputs;
    if (!sort(result))
      return false;
    result.bias = std::move(matrix.bias);
    result.function = matrix.function;
    network.layers.push_back(std::move(result));
    return true;
  }

private:
  bool checkSizes();
  bool checkEntries();
  bool sort(Layer &result);
  void order(std::vector<uint64_t> &first, std::vector<uint32_t> &entries);
  bool failAt(uint64_t entry, const std::string &message,
              const std::string &hint);

  uint32_t from(uint64_t entry) const {
    return isSwapped ? matrix.row[entry] : matrix.column[entry];
  }
  uint32_t to(uint64_t entry) const {
    return isSwapped ? matrix.column[entry] : matrix.row[entry];
  }
  uint64_t firstSource() const {
    return network.countNeurons() -
           (layer ? network.layers.back().neurons : network.inputs);
  }

  Network &network;
  Matrix &matrix;
  const Settings &settings;
  Error &error;
  bool isSwapped;
  uint64_t layer, outputs, inputs;
};
} // namespace

bool Adder::failAt(uint64_t entry, const std::string &message,
                   const std::string &hint) {
  std::string name = nameConnection(
      firstSource() + from(entry), network.countNeurons() + to(entry), layer,
      matrix.row[entry] + matrix.base, matrix.column[entry] + matrix.base);
  unsigned line = matrix.line.empty() ? 0 : matrix.line[entry];
  return fail(error, matrix.file, name + " " + message, hint, line,
              line ? 1 : 0);
}

bool Adder::checkSizes() {
  if (outputs == 0 || inputs == 0)
    return fail(error, matrix.file,
                "layer " + std::to_string(layer) + " is a matrix of " +
                    std::to_string(matrix.rows) + " rows and " +
                    std::to_string(matrix.columns) + " columns",
                "a layer has at least one neuron and one source");
  if (layer == 0)
    network.inputs = inputs;
  uint64_t before = layer ? network.layers.back().neurons : inputs;
  if (before != inputs) {
    std::string hint = "rows stand for " +
                       std::string(isSwapped ? "inputs" : "outputs") +
                       " of a layer";
    if (before == outputs)
      hint += "; should they stand for " +
              std::string(isSwapped ? "outputs" : "inputs") + "?";
    return fail(error, matrix.file,
                "layer " + std::to_string(layer) + " takes " +
                    std::to_string(inputs) + " values, but layer " +
                    std::to_string(layer - 1) + " gives " +
                    std::to_string(before),
                hint);
  }
  return checkNeurons(network.countNeurons() + outputs,
                      network.countConnections() + matrix.row.size(),
                      matrix.file, error);
}

bool Adder::checkEntries() {
  uint64_t count = matrix.row.size();
  if (count >= UINT32_MAX)
    return fail(error, matrix.file,
                "layer " + std::to_string(layer) + " has " +
                    std::to_string(count) + " connections, more than " +
                    std::to_string(UINT32_MAX - 1));
  if (matrix.weights.size() != count)
    return fail(error, matrix.file,
                "layer " + std::to_string(layer) + " has " +
                    std::to_string(matrix.weights.size()) + " weights for " +
                    std::to_string(count) + " connections");
  for (uint64_t e = 0; e < count; ++e) {
    if (matrix.row[e] >= matrix.rows || matrix.column[e] >= matrix.columns)
      return failAt(e,
                    "is out of range: the matrix has " +
                        std::to_string(matrix.rows) + " rows and " +
                        std::to_string(matrix.columns) + " columns",
                    "numbers count from " + std::to_string(matrix.base) +
                        " in this format");
    if (!settings.allowNaN && !std::isfinite(matrix.weights[e]))
      return failAt(e, "has weight " + text(matrix.weights[e]),
                    "allow such weights with --allow-nan");
  }
  uint64_t biases = matrix.bias.size();
  if (biases > 1 && biases != outputs)
    return fail(error, matrix.file,
                "layer " + std::to_string(layer) + " has " +
                    std::to_string(biases) + " biases for " +
                    std::to_string(outputs) + " neurons");
  return true;
}

/// Entries by destination, and by source within one.
void Adder::order(std::vector<uint64_t> &first,
                  std::vector<uint32_t> &entries) {
  uint64_t count = matrix.row.size();
  first.assign(outputs + 1, 0);
  for (uint64_t e = 0; e < count; ++e)
    ++first[to(e) + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  entries.resize(count);
  std::vector<uint64_t> next(first.begin(), first.end() - 1);
  for (uint64_t e = 0; e < count; ++e)
    entries[next[to(e)]++] = e;
  auto isLess = [&](uint32_t a, uint32_t b) {
    return from(a) != from(b) ? from(a) < from(b) : a < b;
  };
  for (uint64_t row = 0; row < outputs; ++row) {
    auto begin = entries.begin() + first[row];
    auto end = entries.begin() + first[row + 1];
    if (!std::is_sorted(begin, end, isLess))
      std::sort(begin, end, isLess);
  }
}

bool Adder::sort(Layer &result) {
  std::vector<uint64_t> first;
  std::vector<uint32_t> entries;
  order(first, entries);
  result.rows.assign(first.begin(), first.end());
  result.columns.reserve(entries.size());
  bool isSplat = matrix.weights.getSplat().has_value();
  if (isSplat)
    result.weights = std::move(matrix.weights);
  else
    result.weights.reserve(entries.size());
  uint64_t offset = firstSource();
  for (uint64_t i = 0; i < entries.size(); ++i) {
    uint32_t e = entries[i];
    if (i > 0 && to(entries[i - 1]) == to(e) && from(entries[i - 1]) == from(e))
      return failAt(e,
                    "is repeated: it has weight " +
                        text(isSplat ? result.weights[e]
                                     : matrix.weights[entries[i - 1]]) +
                        " before and " +
                        text(isSplat ? result.weights[e] : matrix.weights[e]) +
                        " here",
                    "make it one connection with the sum of both weights");
    result.columns.push_back(offset + from(e));
    if (!isSplat)
      result.weights.push(matrix.weights[e]);
  }
  return true;
}

bool spada::net::addMatrix(Network &network, Matrix matrix, bool rowsAreInputs,
                           const Settings &settings, Error &error) {
  return Adder(network, matrix, rowsAreInputs, settings, error).run();
}
