//===- Npz.cpp - networks in NumPy's archives -----------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Names of arrays: `0.indptr`, `layer0_indptr` or, for the only layer of a
// file, `indptr`, as `scipy.sparse.save_npz` writes it.
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Npz.h"

#include "frontends/Net/Matrix.h"
#include "frontends/Net/Readers.h"
#include "frontends/Net/Zip.h"

#include <algorithm>
#include <charconv>
#include <tuple>

using namespace spada::net;

static bool isUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    unsigned char c = text[i++];
    int more = c < 0x80       ? 0
               : c >> 5 == 6  ? 1
               : c >> 4 == 14 ? 2
               : c >> 3 == 30 ? 3
                              : -1;
    if (more < 0)
      return false;
    for (; more > 0; --more, ++i)
      if (i == text.size() || (text[i] & 0xc0) != 0x80)
        return false;
  }
  return true;
}

bool Archives::read(std::string_view bytes, Error &error) {
  std::vector<ZipEntry> entries;
  if (!readZip(bytes, file, entries, error))
    return false;
  for (const ZipEntry &entry : entries) {
    std::string name = entry.name;
    if (!isUtf8(name))
      return fail(error, file,
                  "the archive holds a file named " + quote(name) +
                      ", which is no UTF-8");
    if (!name.ends_with(".npy"))
      return fail(error, file,
                  "the archive holds " + quote(name) +
                      ", which is no NumPy array",
                  "names end in '.npy', as numpy.savez writes them");
    name.resize(name.size() - 4);
    if (arrays.count(name))
      return fail(error, file, "array " + quote(name) + " is there twice");
    std::string contents;
    if (!unzip(bytes, file, entry, contents, error) ||
        !arrays[name].read(std::move(contents), file, "array " + quote(name),
                           error))
      return false;
  }
  return true;
}

const Array *Archives::find(const std::string &name) const {
  auto it = arrays.find(name);
  return it == arrays.end() ? nullptr : &it->second;
}

bool Archives::require(const std::string &name, Type type, const Array *&array,
                       Error &error) const {
  array = find(name);
  if (!array)
    return fail(error, file, "array " + quote(name) + " is missing");
  return check(name, *array, type, error);
}

bool Archives::check(const std::string &name, const Array &array, Type type,
                     Error &error) const {
  if (array.shape().size() > (type == Type::Matrix ? 2 : 1))
    return fail(error, file,
                "array " + quote(name) + " has " +
                    std::to_string(array.shape().size()) + " dimensions",
                "an array of one dimension is expected");
  bool isRight = type == Type::Texts      ? array.isText()
                 : type == Type::Integers ? array.isInteger()
                                          : !array.isText();
  if (isRight)
    return true;
  return fail(error, file,
              "array " + quote(name) + " does not hold " +
                  (type == Type::Texts      ? "text"
                   : type == Type::Integers ? "integers"
                                            : "numbers"));
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

namespace {
const char *const layerFields[] = {"indptr", "indices", "data",      "shape",
                                   "format", "row",     "col",       "weight",
                                   "bias",   "cap",     "activation"};

/// The arrays of one layer: how their names start, and its number.
struct Group {
  std::string prefix;
  uint64_t number = 0;
};

class LayerReader {
public:
  LayerReader(const Archives &archives, const std::string &prefix,
              const Settings &settings, Network &network, Error &error)
      : archives(archives), file(archives.file), prefix(prefix),
        settings(settings), network(network), error(error) {}
  bool run();

private:
  bool has(const char *field) const { return archives.find(prefix + field); }
  bool get(const char *field, Type type, const Array *&array) {
    return archives.require(prefix + field, type, array, error);
  }
  std::string name(const char *field) const { return quote(prefix + field); }
  bool readShape(bool isKnown);
  bool readCompressed(bool isByColumn);
  bool readCoordinates();
  bool readDense();
  bool readData(uint64_t connections);
  bool readExtras();
  bool pushIndices(const Array &array, const char *field,
                   std::vector<uint32_t> &to);

  const Archives &archives;
  const std::string &file;
  const std::string &prefix;
  const Settings &settings;
  Network &network;
  Error &error;
  Matrix matrix;
};
} // namespace

bool LayerReader::pushIndices(const Array &array, const char *field,
                              std::vector<uint32_t> &to) {
  to.reserve(array.size());
  for (uint64_t i = 0; i < array.size(); ++i) {
    int64_t value = array.integer(i);
    if (value < 0 || value > INT32_MAX)
      return fail(error, file,
                  "entry " + std::to_string(i) + " of " + name(field) + " is " +
                      std::to_string(value) + ", which is out of range",
                  "it belongs to a connection of layer " +
                      std::to_string(network.layers.size()));
    to.push_back(uint32_t(value));
  }
  return true;
}

/// Without `shape` the sizes are the smallest that hold all entries, or what
/// the layer before gives.
bool LayerReader::readShape(bool isKnown) {
  if (has("shape")) {
    const Array *shape;
    if (!get("shape", Type::Integers, shape))
      return false;
    if (shape->size() != 2 || shape->integer(0) < 0 || shape->integer(1) < 0)
      return fail(error, file, name("shape") + " is no pair of sizes");
    uint64_t rows = shape->integer(0), columns = shape->integer(1);
    if (isKnown && rows != matrix.rows)
      return fail(error, file,
                  name("shape") + " has " + std::to_string(rows) +
                      " rows, but " + name("indptr") + " has " +
                      std::to_string(matrix.rows));
    matrix.rows = rows;
    matrix.columns = columns;
    return true;
  }
  auto grow = [](uint64_t &size, const std::vector<uint32_t> &indices) {
    for (uint32_t index : indices)
      size = std::max(size, uint64_t(index) + 1);
  };
  if (!isKnown)
    grow(matrix.rows, matrix.row);
  grow(matrix.columns, matrix.column);
  if (!network.layers.empty()) {
    bool isSwapped = settings.rowsAreInputs.value_or(false);
    uint64_t &inputs = isSwapped ? matrix.rows : matrix.columns;
    inputs = std::max(inputs, network.layers.back().neurons);
  }
  return true;
}

bool LayerReader::readData(uint64_t connections) {
  const Array *data;
  if (!get("data", Type::Numbers, data))
    return false;
  if (data->size() != connections)
    return fail(error, file,
                name("data") + " has " + std::to_string(data->size()) +
                    " weights for " + std::to_string(connections) +
                    " connections");
  matrix.weights.reserve(data->size());
  for (uint64_t i = 0; i < data->size(); ++i)
    matrix.weights.push(data->real(i));
  return true;
}

bool LayerReader::readCompressed(bool isByColumn) {
  const Array *starts, *indices;
  if (!get("indptr", Type::Integers, starts) ||
      !get("indices", Type::Integers, indices) || !readData(indices->size()))
    return false;
  if (starts->size() == 0)
    return fail(error, file, name("indptr") + " is empty");
  uint64_t last = starts->size() - 1;
  if (starts->integer(0) != 0 ||
      uint64_t(starts->integer(last)) != indices->size())
    return fail(error, file,
                name("indptr") + " goes from " +
                    std::to_string(starts->integer(0)) + " to " +
                    std::to_string(starts->integer(last)) + ", but " +
                    name("indices") + " has " +
                    std::to_string(indices->size()) + " entries",
                "it has to go from 0 to the number of entries");
  for (uint64_t row = 0; row < last; ++row)
    if (starts->integer(row) > starts->integer(row + 1))
      return fail(error, file,
                  name("indptr") + " decreases from " +
                      std::to_string(starts->integer(row)) + " to " +
                      std::to_string(starts->integer(row + 1)) + " after row " +
                      std::to_string(row));
  if (!pushIndices(*indices, "indices", matrix.column))
    return false;
  matrix.row.reserve(indices->size());
  for (uint64_t row = 0; row < last; ++row)
    matrix.row.resize(starts->integer(row + 1), uint32_t(row));
  matrix.rows = last;
  if (!isByColumn)
    return readShape(/*isKnown=*/true);
  std::swap(matrix.row, matrix.column);
  matrix.columns = last;
  if (!has("shape"))
    return fail(error, file, "array " + name("shape") + " is missing",
                "a matrix in 'csc' format needs it");
  return readShape(/*isKnown=*/false);
}

bool LayerReader::readCoordinates() {
  const Array *row, *column;
  if (!get("row", Type::Integers, row) || !get("col", Type::Integers, column) ||
      !readData(row->size()))
    return false;
  if (row->size() != column->size())
    return fail(error, file,
                name("row") + " has " + std::to_string(row->size()) +
                    " entries, but " + name("col") + " has " +
                    std::to_string(column->size()));
  return pushIndices(*row, "row", matrix.row) &&
         pushIndices(*column, "col", matrix.column) &&
         readShape(/*isKnown=*/false);
}

bool LayerReader::readDense() {
  const Array *weight;
  return get("weight", Type::Matrix, weight) &&
         fillDense(*weight, name("weight"), matrix, error);
}

bool spada::net::fillDense(const Array &array, const std::string &name,
                           Matrix &matrix, Error &error) {
  if (array.shape().size() != 2 || array.isText())
    return fail(error, matrix.file,
                name + " is no array of numbers with two dimensions");
  matrix.rows = array.shape()[0];
  matrix.columns = array.shape()[1];
  if (matrix.rows > INT32_MAX || matrix.columns > INT32_MAX)
    return fail(error, matrix.file, name + " has too many rows or columns");
  if (matrix.columns == 0)
    return true; // refused later
  for (uint64_t row = 0, i = 0; row < matrix.rows; ++row)
    for (uint64_t column = 0; column < matrix.columns; ++column, ++i)
      if (double weight = array.real(i); weight != 0)
        matrix.add(row, column, weight);
  return true;
}

bool LayerReader::readExtras() {
  const Array *array;
  if (has("bias")) {
    if (!get("bias", Type::Numbers, array))
      return false;
    for (uint64_t i = 0; i < array->size(); ++i)
      matrix.bias.push(array->real(i));
    if (array->size() == 0)
      return fail(error, file, name("bias") + " is empty");
  }
  if (has("activation")) {
    if (!get("activation", Type::Texts, array))
      return false;
    std::string text = array->size() == 1 ? array->text(0) : "";
    matrix.function = readFunction(text);
    if (!matrix.function)
      return fail(error, file,
                  name("activation") + " is " + quote(text) +
                      ", which is no activation",
                  "choose none, relu, relu:CAP, sigmoid, tanh or gelu");
  }
  if (has("cap")) {
    if (!get("cap", Type::Numbers, array))
      return false;
    if (array->size() != 1 || !matrix.function ||
        matrix.function->kind != Activation::Relu || !(array->real(0) >= 0))
      return fail(error, file,
                  name("cap") + " is no cap of an activation 'relu'");
    matrix.function->cap = array->real(0);
  }
  return true;
}

bool LayerReader::run() {
  matrix.file = file;
  std::string format = has("indptr") ? "csr" : has("row") ? "coo" : "dense";
  if (has("format")) {
    const Array *array;
    if (!get("format", Type::Texts, array))
      return false;
    format = array->size() == 1 ? array->text(0) : "";
  }
  bool isRead = false;
  if (format == "csr" || format == "csc")
    isRead = readCompressed(format == "csc");
  else if (format == "coo")
    isRead = readCoordinates();
  else if (format == "dense")
    isRead = readDense();
  else
    return fail(error, file,
                name("format") + " is " + quote(format) +
                    ", which cannot be read",
                "csr, csc and coo can; convert the matrix with tocsr()");
  return isRead && readExtras() &&
         addMatrix(network, std::move(matrix), /*rowsAreInputs=*/false,
                   settings, error);
}

/// Splits `layer0_indptr` before its field; the number is that at the end of
/// `layer0`.
static bool findGroups(const Archives &archives, std::vector<Group> &groups,
                       Error &error) {
  std::map<std::string, uint64_t> found;
  for (const auto &[name, array] : archives.arrays) {
    size_t at = name.find_last_of("./_");
    std::string prefix = at == std::string::npos ? "" : name.substr(0, at + 1);
    std::string field = name.substr(prefix.size());
    bool isKnown = std::find(std::begin(layerFields), std::end(layerFields),
                             field) != std::end(layerFields);
    if (name == "_is_array")
      continue; // scipy: a matrix or an array
    if (!isKnown)
      return fail(error, archives.file,
                  "array " + quote(name) + " has no meaning here",
                  "layers hold N.indptr, N.indices and N.data, or N.row, "
                  "N.col and N.data, or N.weight; N.shape, N.bias, "
                  "N.activation and N.cap");
    size_t digits = prefix.size();
    while (digits > 1 && prefix[digits - 2] >= '0' && prefix[digits - 2] <= '9')
      --digits;
    uint64_t number = 0;
    const char *begin = prefix.data() + std::max<size_t>(digits, 1) - 1;
    const char *end = prefix.data() + std::max<size_t>(prefix.size(), 1) - 1;
    if (!prefix.empty() &&
        std::from_chars(begin, end, number).ec != std::errc())
      return fail(error, archives.file,
                  "array " + quote(name) + " names no layer by a number",
                  "write, for example, '0.weight' or 'layer0_weight'");
    found[prefix] = number;
  }
  for (const auto &[prefix, number] : found)
    groups.push_back({prefix, number});
  std::sort(groups.begin(), groups.end(), [](const Group &a, const Group &b) {
    return std::tie(a.number, a.prefix) < std::tie(b.number, b.prefix);
  });
  for (size_t i = 1; i < groups.size(); ++i)
    if (groups[i - 1].number == groups[i].number)
      return fail(error, archives.file,
                  "arrays " + quote(groups[i - 1].prefix) + "... and " +
                      quote(groups[i].prefix) + "... both name layer " +
                      std::to_string(groups[i].number));
  if (groups.empty())
    return fail(error, archives.file, "the archive holds no layer");
  return true;
}

bool spada::net::readNpz(std::string_view bytes, const std::string &file,
                         const Settings &settings, Network &network,
                         Error &error) {
  Archives archives;
  archives.file = file;
  if (!archives.read(bytes, error))
    return false;
  if (archives.find("source") || archives.find("destination"))
    return readGraph(archives, settings, network, error);
  std::vector<Group> groups;
  if (!findGroups(archives, groups, error))
    return false;
  for (const Group &group : groups)
    if (!LayerReader(archives, group.prefix, settings, network, error).run())
      return false;
  return true;
}

bool spada::net::readNpy(std::string_view bytes, const std::string &file,
                         const Settings &settings, Network &network,
                         Error &error) {
  Array array;
  Matrix matrix;
  matrix.file = file;
  return array.read(std::string(bytes), file, "", error) &&
         fillDense(array, "the array", matrix, error) &&
         addMatrix(network, std::move(matrix), /*rowsAreInputs=*/false,
                   settings, error);
}
