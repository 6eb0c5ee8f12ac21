//===- Matrices.cpp - layers as text --------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Matrix Market, the patterns of the deep learning matrix collection, and the
// triples of the Graph Challenge.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Matrix.h"
#include "frontends/Net/Random.h"
#include "frontends/Net/Readers.h"
#include "frontends/Net/Text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

using namespace spada::net;

/// Reads a row or column that counts from `base` and is below `size + base`.
static bool readIndex(Scanner &scanner, uint64_t size, uint64_t base,
                      const char *what, uint64_t &index, Error &error) {
  Scanner start = scanner;
  if (!scanner.integer(index, what, error))
    return false;
  start.atLineEnd();
  if (index < base || index >= size + base)
    return start.failHere(error,
                          std::string(what) + " " + std::to_string(index) +
                              " is out of range",
                          "numbers go from " + std::to_string(base) + " to " +
                              std::to_string(size + base - 1));
  index -= base;
  return true;
}

//===----------------------------------------------------------------------===//
// Matrix Market
//===----------------------------------------------------------------------===//

namespace {
class MarketReader {
public:
  MarketReader(std::string_view bytes, const std::string &file, Error &error)
      : scanner(bytes, file), error(error) {
    matrix.file = file;
    matrix.base = 1;
  }
  bool run();
  Matrix matrix;

private:
  bool readHeader();
  bool readEntries(uint64_t count);
  bool readArray();

  Scanner scanner;
  Error &error;
  bool isArray = false, isPattern = false;
};
} // namespace

bool MarketReader::readHeader() {
  std::string_view line = scanner.rest();
  std::vector<std::string> words;
  std::string word;
  for (char c : line) {
    if (c != ' ' && c != '\t' && c != '\r') {
      word += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
      continue;
    }
    if (!word.empty())
      words.push_back(std::move(word));
    word.clear();
  }
  if (!word.empty())
    words.push_back(word);
  if (words.size() != 5 || words[0] != "%%matrixmarket" || words[1] != "matrix")
    return scanner.failHere(error, "the file has no Matrix Market header",
                            "it starts with, for example, '%%MatrixMarket "
                            "matrix coordinate real general'");
  auto oneOf = [&](const std::string &found, const char *what,
                   std::initializer_list<const char *> known) {
    std::string list;
    for (const char *each : known) {
      if (found == each)
        return true;
      list += (list.empty() ? "" : ", ") + std::string(each);
    }
    return scanner.failHere(error,
                            "a matrix with " + std::string(what) + " " +
                                quote(found) + " cannot be read",
                            "one of these can: " + list);
  };
  isArray = words[2] == "array";
  isPattern = words[3] == "pattern";
  return oneOf(words[2], "format", {"coordinate", "array"}) &&
         (isArray ? oneOf(words[3], "numbers", {"real", "integer", "double"})
                  : oneOf(words[3], "numbers",
                          {"real", "integer", "double", "pattern"})) &&
         oneOf(words[4], "symmetry", {"general"});
}

bool MarketReader::readEntries(uint64_t count) {
  if (count > INT32_MAX)
    return scanner.failHere(error, "the matrix has " + std::to_string(count) +
                                       " entries, more than " +
                                       std::to_string(INT32_MAX));
  for (uint64_t entry = 0; entry < count; ++entry) {
    if (!scanner.nextFullLine('%'))
      return scanner.failHere(error, "the file ends after " +
                                         std::to_string(entry) + " of " +
                                         std::to_string(count) + " entries");
    uint64_t row, column;
    double weight = 1;
    if (!readIndex(scanner, matrix.rows, 1, "row", row, error) ||
        !readIndex(scanner, matrix.columns, 1, "column", column, error) ||
        (!isPattern && !scanner.real(weight, "a weight", error)) ||
        !scanner.lineEnd(error))
      return false;
    matrix.line.push_back(scanner.line());
    matrix.add(row, column, weight);
  }
  if (scanner.nextFullLine('%'))
    return scanner.failHere(
        error, "the file goes on after " + std::to_string(count) + " entries",
        "the number of entries is the third one of the "
        "line with sizes");
  return true;
}

/// All entries, column by column; zeros are no connections.
bool MarketReader::readArray() {
  uint64_t count = matrix.rows * matrix.columns;
  for (uint64_t i = 0; i < count; ++i) {
    double weight;
    if (!scanner.nextFullLine('%'))
      return scanner.failHere(error, "the file ends after " +
                                         std::to_string(i) + " of " +
                                         std::to_string(count) + " entries");
    if (!scanner.real(weight, "a weight", error) || !scanner.lineEnd(error))
      return false;
    if (weight == 0)
      continue;
    matrix.line.push_back(scanner.line());
    matrix.add(i % matrix.rows, i / matrix.rows, weight);
  }
  return true;
}

bool MarketReader::run() {
  if (!readHeader())
    return false;
  uint64_t count = 0;
  if (!scanner.nextFullLine('%'))
    return scanner.failHere(error, "the file ends before the matrix's sizes");
  if (!scanner.integer(matrix.rows, "a number of rows", error) ||
      !scanner.integer(matrix.columns, "a number of columns", error))
    return false;
  if (matrix.rows > INT32_MAX || matrix.columns > INT32_MAX)
    return scanner.failHere(error, "the matrix has more than " +
                                       std::to_string(INT32_MAX) +
                                       " rows or columns");
  if (isArray)
    return scanner.lineEnd(error) && readArray();
  return scanner.integer(count, "a number of entries", error) &&
         scanner.lineEnd(error) && readEntries(count);
}

bool spada::net::readMatrixMarket(std::string_view bytes,
                                  const std::string &file,
                                  const Settings &settings, Network &network,
                                  Error &error) {
  MarketReader reader(bytes, file, error);
  return reader.run() && addMatrix(network, std::move(reader.matrix),
                                   /*rowsAreInputs=*/false, settings, error);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

/// The first line names rows, columns and entries; the second where rows
/// start; the third the columns.
static bool readPattern(Scanner &scanner, Matrix &matrix, Error &error) {
  uint64_t count;
  if (scanner.atEnd() ||
      !scanner.integer(matrix.rows, "a number of rows", error) ||
      !scanner.integer(matrix.columns, "a number of columns", error) ||
      !scanner.integer(count, "a number of entries", error) ||
      !scanner.lineEnd(error))
    return error.message.empty() ? scanner.failHere(error, "the file is empty")
                                 : false;
  if (matrix.rows > INT32_MAX || matrix.columns > INT32_MAX ||
      count > INT32_MAX)
    return scanner.failHere(error,
                            "a size is more than " + std::to_string(INT32_MAX));
  std::vector<uint64_t> starts;
  for (uint64_t row = 0; row <= matrix.rows; ++row) {
    uint64_t start;
    if (scanner.atEnd())
      return scanner.failHere(
          error, "the file ends after " + std::to_string(row) + " of " +
                     std::to_string(matrix.rows + 1) + " starts of rows");
    Scanner place = scanner;
    if (!scanner.integer(start, "the start of a row", error))
      return false;
    uint64_t least = row == 0 ? 0 : starts.back();
    bool isBad = start < least || start > count || (row == 0 && start != 0) ||
                 (row == matrix.rows && start != count);
    if (isBad)
      return place.failHere(error,
                            "row " + std::to_string(row) + " starts at entry " +
                                std::to_string(start) +
                                ", after one that starts at " +
                                std::to_string(least),
                            "starts go from 0 to " + std::to_string(count) +
                                " and do not decrease");
    starts.push_back(start);
  }
  for (uint64_t row = 0; row < matrix.rows; ++row)
    for (uint64_t entry = starts[row]; entry < starts[row + 1]; ++entry) {
      uint64_t column;
      if (scanner.atEnd())
        return scanner.failHere(error, "the file ends after " +
                                           std::to_string(entry) + " of " +
                                           std::to_string(count) + " columns");
      if (!readIndex(scanner, matrix.columns, 0, "column", column, error))
        return false;
      matrix.line.push_back(scanner.line());
      matrix.row.push_back(uint32_t(row));
      matrix.column.push_back(uint32_t(column));
    }
  return scanner.atEnd() ||
         scanner.failHere(error, "the file goes on after " +
                                     std::to_string(count) + " columns");
}

bool spada::net::readSmtx(std::string_view bytes, const std::string &file,
                          const Settings &settings, Network &network,
                          Error &error) {
  Scanner scanner(bytes, file, /*hasCommas=*/true);
  Matrix matrix;
  matrix.file = file;
  if (!readPattern(scanner, matrix, error))
    return false;
  bool isSwapped = settings.rowsAreInputs.value_or(false);
  uint64_t outputs = isSwapped ? matrix.columns : matrix.rows;
  double mean = outputs ? double(matrix.row.size()) / double(outputs) : 1;
  double scale = 1 / std::sqrt(std::max(mean, 1.0));
  Random random(settings.seed + network.layers.size());
  matrix.weights.reserve(matrix.row.size());
  for (uint64_t i = 0; i < matrix.row.size(); ++i)
    matrix.weights.push(float(random.normal() * scale));
  return addMatrix(network, std::move(matrix), /*rowsAreInputs=*/false,
                   settings, error);
}

//===----------------------------------------------------------------------===//
// Graph Challenge
//===----------------------------------------------------------------------===//

/// The number of neurons in a name like `n1024-l1.tsv`; 0 for others.
static uint64_t neuronsInName(std::string_view file) {
  std::string_view name = file.substr(file.find_last_of('/') + 1);
  uint64_t neurons = 0;
  if (!name.starts_with('n'))
    return 0;
  auto [end, code] =
      std::from_chars(name.data() + 1, name.data() + name.size(), neurons);
  bool isNamed = code == std::errc() && end < name.data() + name.size() &&
                 *end == '-' && neurons <= INT32_MAX;
  return isNamed ? neurons : 0;
}

bool spada::net::readTsv(std::string_view bytes, const std::string &file,
                         const Settings &settings, Network &network,
                         Error &error) {
  Scanner scanner(bytes, file);
  Matrix matrix;
  matrix.file = file;
  matrix.base = 1;
  uint64_t named = neuronsInName(file);
  uint64_t size = named ? named : INT32_MAX;
  while (!scanner.atEnd()) {
    uint64_t row, column;
    double weight;
    if (!readIndex(scanner, size, 1, "row", row, error) ||
        !readIndex(scanner, size, 1, "column", column, error) ||
        !scanner.real(weight, "a weight", error) || !scanner.lineEnd(error))
      return false;
    matrix.line.push_back(scanner.line());
    matrix.add(row, column, weight);
    matrix.rows = std::max(matrix.rows, row + 1);
    matrix.columns = std::max(matrix.columns, column + 1);
  }
  if (matrix.row.empty())
    return fail(error, file, "the file holds no connection");
  if (named)
    matrix.rows = matrix.columns = named;
  bool isSwapped = settings.rowsAreInputs.value_or(true);
  uint64_t &inputs = isSwapped ? matrix.rows : matrix.columns;
  uint64_t outputs = isSwapped ? matrix.columns : matrix.rows;
  if (!named && !network.layers.empty())
    inputs = std::max(inputs, network.layers.back().neurons);
  if (network.layers.empty()) {
    network.usualFunction = Function{Activation::Relu, 32.0};
    network.usualBias = challengeBias(outputs);
  }
  return addMatrix(network, std::move(matrix), /*rowsAreInputs=*/true, settings,
                   error);
}

bool spada::net::readPartition(std::string_view bytes, const std::string &file,
                               uint64_t layers, Network &network,
                               Error &error) {
  Scanner scanner(bytes, file);
  std::vector<std::vector<uint32_t>> periods;
  while (!scanner.atEnd()) {
    std::vector<uint32_t> classes;
    for (; !scanner.atLineEnd();) {
      uint64_t number;
      Scanner start = scanner;
      if (!scanner.integer(number, "a class", error))
        return false;
      if (number > INT32_MAX / 16)
        return start.failHere(error, "class " + std::to_string(number) +
                                         " is out of range");
      classes.push_back(uint32_t(number));
    }
    uint64_t neurons = classes.size();
    uint32_t count = challengeClasses(neurons);
    if (!count || (!periods.empty() && neurons != periods[0].size()))
      return scanner.failHere(
          error, "the line maps " + std::to_string(neurons) + " neurons",
          periods.empty()
              ? "16 times a power of two is expected"
              : std::to_string(periods[0].size()) + " are expected");
    std::vector<uint32_t> members(count, 0);
    for (uint64_t i = 0; i < neurons; ++i)
      if (classes[i] >= count || ++members[classes[i]] > 16)
        return scanner.failHere(
            error,
            "neuron " + std::to_string(i) + " is in class " +
                std::to_string(classes[i]) +
                (classes[i] >= count ? ", which is out of range"
                                     : ", which has 16 neurons before it"),
            "there are " + std::to_string(count) + " classes of 16");
    periods.push_back(std::move(classes));
  }
  if (periods.empty())
    return fail(error, file, "the file holds no map of classes");
  uint64_t neurons = periods[0].size();
  uint32_t count = challengeClasses(neurons);
  uint64_t steps = 0;
  while ((1u << steps) < count)
    ++steps;
  if (layers == 0)
    layers = steps * periods.size();
  if (layers > steps * periods.size())
    return fail(error, file,
                std::to_string(layers) + " layers need " +
                    std::to_string((layers + steps - 1) / steps) +
                    " lines, but the file has " +
                    std::to_string(periods.size()),
                "one line is good for " + std::to_string(steps) + " layers");
  network.inputs = neurons;
  network.usualFunction = Function{Activation::Relu, 32.0};
  network.usualBias = challengeBias(neurons);
  for (uint64_t l = 0; l < layers; ++l)
    network.layers.push_back(
        challengeLayer(l, periods[l / steps], count, l * neurons));
  return true;
}
