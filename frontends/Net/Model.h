//===- Model.h - networks as the readers make them --------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Plain data between the readers of files and the builder of the IR, and the
// error that all readers share. No MLIR.
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_MODEL_H
#define SPADA_FRONTENDS_NET_MODEL_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spada::net {

/// What is wrong with an input. Line and column count from 1; 0 where a file
/// is not text.
struct Error {
  std::string file, message, hint;
  unsigned line = 0, column = 0;
};

/// Fills `error` and gives false, so that readers can return it.
bool fail(Error &error, std::string_view file, std::string message,
          std::string hint = "", unsigned line = 0, unsigned column = 0);

/// A name out of a file in quotes: printable, and not longer than a line.
std::string quote(std::string_view name);
/// A number as short as it can be read back.
std::string text(double number);

/// Numbers, in single precision unless one of them needs more.
class Values {
public:
  uint64_t size() const {
    return repeated ? count : isWide ? wide.size() : narrow.size();
  }
  double operator[](uint64_t i) const {
    return repeated ? *repeated : isWide ? wide[i] : double(narrow[i]);
  }
  void reserve(uint64_t size) { narrow.reserve(size); }
  void push(double value);
  /// `size` times the same number.
  static Values splat(double value, uint64_t size);
  const std::optional<double> &getSplat() const { return repeated; }
  /// The numbers if all were stored in single precision, else nothing.
  std::vector<float> *getNarrow() {
    return repeated || isWide ? nullptr : &narrow;
  }

private:
  std::vector<float> narrow;
  std::vector<double> wide;
  bool isWide = false;
  std::optional<double> repeated;
  uint64_t count = 0;
};

enum class Activation { None, Relu, Sigmoid, Tanh, Gelu };

struct Function {
  Activation kind = Activation::Relu;
  std::optional<double> cap; ///< of Relu
  bool operator==(const Function &) const = default;
};

/// Reads `relu`, `relu:32`, `sigmoid`, ...; nothing for other text.
std::optional<Function> readFunction(std::string_view text);

/// Neurons with the connections into them, as compressed rows. Columns are
/// neurons of the network.
struct Layer {
  uint64_t neurons = 0;
  std::vector<int64_t> rows{0};
  std::vector<int32_t> columns;
  Values weights;
  /// One number a neuron, or one for all; nothing: the network's usual one.
  Values bias;
  std::optional<Function> function; ///< nothing: the network's usual one
  bool isLast = false; ///< its usual function is that of the last layer
};

struct Network {
  std::string name = "network";
  std::string file; ///< for messages; empty for generators
  uint64_t inputs = 0;
  std::vector<Layer> layers;
  std::optional<std::vector<int32_t>> outputs; ///< nothing: the last layer
  std::optional<Function> usualFunction, usualLastFunction;
  std::optional<double> usualBias;

  uint64_t countNeurons() const;
  uint64_t countConnections() const;
};

/// What the user asked for, as far as readers care.
struct Settings {
  std::optional<bool> rowsAreInputs;
  bool allowNaN = false;
  bool hasFunction = false; ///< an activation was given
  bool hasLastFunction = false;
  bool hasBias = false;
  uint64_t seed = 1;
};

/// "connection 7 -> 12 (layer 2, row 4, column 7)".
std::string nameConnection(uint64_t source, uint64_t destination,
                           uint64_t layer, uint64_t row, uint64_t column);

} // namespace spada::net

#endif
