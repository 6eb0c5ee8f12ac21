//===- Model.cpp - networks as the readers make them ----------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Model.h"

#include <charconv>
#include <cmath>

using namespace spada::net;

bool spada::net::fail(Error &error, std::string_view file, std::string message,
                      std::string hint, unsigned line, unsigned column) {
  error.file = file;
  error.message = std::move(message);
  error.hint = std::move(hint);
  error.line = line;
  error.column = column;
  return false;
}

std::string spada::net::quote(std::string_view name) {
  constexpr size_t longest = 60;
  std::string result = "'";
  for (unsigned char c : name.substr(0, longest)) {
    static const char digits[] = "0123456789abcdef";
    if (c >= 0x20 && c < 0x7f)
      result += char(c);
    else
      result += std::string("\\x") + digits[c >> 4] + digits[c & 15];
  }
  return result + (name.size() > longest ? "...'" : "'");
}

std::string spada::net::text(double number) {
  char buffer[40];
  auto end = std::to_chars(buffer, buffer + sizeof(buffer), number);
  return std::string(buffer, end.ptr);
}

void Values::push(double value) {
  if (!isWide && double(float(value)) != value && !std::isnan(value)) {
    wide.reserve(narrow.capacity());
    wide.assign(narrow.begin(), narrow.end());
    narrow = {};
    isWide = true;
  }
  if (isWide)
    wide.push_back(value);
  else
    narrow.push_back(float(value));
}

Values Values::splat(double value, uint64_t size) {
  Values values;
  values.repeated = value;
  values.count = size;
  return values;
}

std::optional<Function> spada::net::readFunction(std::string_view text) {
  if (text == "none")
    return Function{Activation::None, {}};
  if (text == "relu")
    return Function{Activation::Relu, {}};
  if (text == "sigmoid")
    return Function{Activation::Sigmoid, {}};
  if (text == "tanh")
    return Function{Activation::Tanh, {}};
  if (text == "gelu")
    return Function{Activation::Gelu, {}};
  if (!text.starts_with("relu:"))
    return std::nullopt;
  text.remove_prefix(5);
  double cap = 0;
  auto [end, code] =
      std::from_chars(text.data(), text.data() + text.size(), cap);
  if (code != std::errc() || end != text.data() + text.size() ||
      !std::isfinite(cap) || cap < 0)
    return std::nullopt;
  return Function{Activation::Relu, cap};
}

uint64_t Network::countNeurons() const {
  uint64_t count = inputs;
  for (const Layer &layer : layers)
    count += layer.neurons;
  return count;
}

uint64_t Network::countConnections() const {
  uint64_t count = 0;
  for (const Layer &layer : layers)
    count += layer.columns.size();
  return count;
}

std::string spada::net::nameConnection(uint64_t source, uint64_t destination,
                                       uint64_t layer, uint64_t row,
                                       uint64_t column) {
  return "connection " + std::to_string(source) + " -> " +
         std::to_string(destination) + " (layer " + std::to_string(layer) +
         ", row " + std::to_string(row) + ", column " + std::to_string(column) +
         ")";
}
