//===- SparseBatch.cpp - inputs and outputs of a network ------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "SparseBatch.h"

#include "spada/Support/Npy.h"
#include "llvm/ADT/APFloat.h"

#include <cstring>

using namespace llvm;
using namespace spada;
using namespace spada::driver;

std::vector<OptionSpec> spada::driver::batchOptions() {
  return {
      {"--in", "", "FILE.npy", "inputs, of shape (batch, inputs) or (inputs,)"},
      {"--images", "", "FILE",
       "inputs of the Graph Challenge: .tsv of triples, or .hex"},
      {"--random", "", "N",
       "N inputs of random numbers between 0 and 1, from --seed"},
      {"--limit", "", "N", "use only the first N inputs"}};
}

bool spada::driver::hasBatch(const ParsedCommand &command) {
  return command.has("--in") || command.has("--images") ||
         command.has("--random");
}

/// Element `at` of an array of numbers.
static double numberAt(const Array &array, uint64_t at) {
  auto load = [&](auto value) {
    std::memcpy(&value, &array.bytes[at * sizeof(value)], sizeof(value));
    return value;
  };
  StringRef type = array.dtype;
  if (type == "f64")
    return load(double());
  if (type == "f32")
    return load(float());
  if (type == "f16")
    return APFloat(APFloat::IEEEhalf(), APInt(16, load(uint16_t())))
        .convertToDouble();
  if (type == "i64")
    return load(int64_t());
  if (type == "i32")
    return load(int32_t());
  if (type == "u32")
    return load(uint32_t());
  if (type == "i16")
    return load(int16_t());
  if (type == "u16")
    return load(uint16_t());
  if (type == "i8")
    return load(int8_t());
  return load(uint8_t()); // u8 and bool
}

namespace {
/// Fills a batch number by number in the network's type.
class BatchBuilder {
public:
  BatchBuilder(int64_t rows, int64_t columns, bool isDouble) {
    array.dtype = isDouble ? "f64" : "f32";
    array.shape = {rows, columns};
    array.bytes.reserve(rows * columns * (isDouble ? 8 : 4));
  }
  void add(double value) {
    float narrow = value;
    bool isDouble = array.dtype == "f64";
    const void *from = isDouble ? static_cast<const void *>(&value) : &narrow;
    size_t at = array.bytes.size(), width = isDouble ? 8 : 4;
    array.bytes.resize(at + width);
    std::memcpy(&array.bytes[at], from, width);
  }
  Array take() { return std::move(array); }

private:
  Array array;
};
} // namespace

static std::optional<Array> readArray(StringRef path, int64_t limit,
                                      SparseProgram &program, Errors &errors) {
  Expected<Array> file = readNpy(path);
  if (!file) {
    errors.report(toString(file.takeError()));
    return std::nullopt;
  }
  int64_t inputs = program.op().getInputs();
  size_t rank = file->shape.size();
  if (rank < 1 || rank > 2 || file->shape.back() != inputs) {
    errors.report("'" + path + "' has shape " + shapeText(file->shape) +
                      ", but the network has " + Twine(inputs) + " inputs",
                  "save an array of shape (batch, " + Twine(inputs) + ")");
    return std::nullopt;
  }
  int64_t rows = rank == 2 ? file->shape[0] : 1;
  if (limit > 0)
    rows = std::min(rows, limit);
  BatchBuilder batch(rows, inputs, program.valueBytes() == 8);
  for (int64_t at = 0; at < rows * inputs; ++at)
    batch.add(numberAt(*file, at));
  return batch.take();
}

/// Numbers between 0 and 1 by splitmix64: the same on every machine.
static Array randomBatch(int64_t rows, uint64_t seed, SparseProgram &program) {
  int64_t inputs = program.op().getInputs();
  BatchBuilder batch(rows, inputs, program.valueBytes() == 8);
  for (int64_t at = 0; at < rows * inputs; ++at) {
    uint64_t z = seed += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    batch.add(double((z ^ (z >> 31)) >> 40) / double(1 << 24));
  }
  return batch.take();
}

std::optional<Array> spada::driver::readBatch(const ParsedCommand &command,
                                              SparseProgram &program,
                                              Errors &errors) {
  if (command.has("--in") + command.has("--images") + command.has("--random") >
      1)
    errors.report("inputs are given more than once",
                  "use one of --in, --images and --random");
  int64_t limit = integerOption(command, "--limit", 1, errors).value_or(0);
  int64_t rows = integerOption(command, "--random", 1, errors).value_or(0);
  int64_t seed = integerOption(command, "--seed", 0, errors).value_or(1);
  if (errors.any())
    return std::nullopt;
  if (command.has("--in"))
    return readArray(command.get("--in"), limit, program, errors);
  if (command.has("--random"))
    return randomBatch(limit ? std::min(rows, limit) : rows, seed, program);
  std::optional<NetImages> images =
      readNetImages(command.get("--images"), program.op().getInputs(), limit,
                    &program.context());
  if (!images)
    return std::nullopt;
  BatchBuilder batch(images->rows, images->columns, program.valueBytes() == 8);
  for (float value : images->values)
    batch.add(value);
  return batch.take();
}

std::vector<uint64_t> spada::driver::categoriesOf(const Array &outputs) {
  std::vector<uint64_t> found;
  uint64_t width = outputs.shape[1];
  for (uint64_t row = 0; row < uint64_t(outputs.shape[0]); ++row)
    for (uint64_t at = 0; at < width; ++at)
      if (numberAt(outputs, row * width + at) != 0) {
        found.push_back(row + 1);
        break;
      }
  return found;
}

bool spada::driver::checkCategories(ArrayRef<uint64_t> found, uint64_t limit,
                                    StringRef path, SparseProgram &program,
                                    Errors &errors) {
  auto expected = readNetCategories(path, &program.context());
  if (!expected)
    return errors.report("no categories to compare with in '" + path + "'"),
           false;
  llvm::erase_if(*expected, [&](uint64_t number) { return number > limit; });
  if (ArrayRef<uint64_t>(*expected) == found)
    return true;
  auto [left, right] = std::mismatch(found.begin(), found.end(),
                                     expected->begin(), expected->end());
  auto text = [](auto at, auto end) {
    return at == end ? std::string("no more") : std::to_string(*at);
  };
  errors.report("categories differ from '" + path + "': found " +
                Twine(found.size()) + ", expected " + Twine(expected->size()) +
                "; the first difference is " + text(left, found.end()) +
                " instead of " + text(right, expected->end()));
  return false;
}
