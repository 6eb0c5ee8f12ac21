//===- Parameters.cpp - key=value lists of generators ---------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#include "frontends/Net/Parameters.h"

#include <charconv>

using namespace spada::net;

bool spada::net::readParameters(std::string_view text, Parameters &parameters,
                                Error &error) {
  while (!text.empty()) {
    std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    size_t at = item.find('=');
    if (at == 0 || at == std::string_view::npos || at + 1 == item.size())
      return fail(error, "", quote(item) + " is no KEY=VALUE");
    if (!parameters
             .try_emplace(std::string(item.substr(0, at)),
                          std::string(item.substr(at + 1)))
             .second)
      return fail(error, "",
                  "parameter " + quote(item.substr(0, at)) + " is there twice");
  }
  return true;
}

bool ParameterReader::refuse(std::string message, std::string hint) {
  if (isFine)
    fail(error, "", kind + ": " + message, std::move(hint));
  isFine = false;
  return false;
}

std::string ParameterReader::find(const char *key, std::string usual) {
  asked.insert(key);
  auto it = parameters.find(key);
  return it == parameters.end() ? std::move(usual) : it->second;
}

template <typename Number>
Number ParameterReader::number(const char *key, const std::string &usual,
                               Number least, Number most,
                               const std::string &expected) {
  std::string value = find(key, usual);
  Number number = 0;
  auto [end, code] =
      std::from_chars(value.data(), value.data() + value.size(), number);
  if (code == std::errc() && end == value.data() + value.size() &&
      number >= least && number <= most)
    return number;
  refuse("'" + std::string(key) + "' is " + quote(value),
         expected + " is expected");
  return least;
}

uint64_t ParameterReader::integer(const char *key, uint64_t usual,
                                  uint64_t least, uint64_t most) {
  return number(key, std::to_string(usual), least, most,
                "a whole number from " + std::to_string(least) + " to " +
                    std::to_string(most));
}

double ParameterReader::real(const char *key, double usual, double least,
                             double most) {
  return number(key, text(usual), least, most,
                "a number from " + text(least) + " to " + text(most));
}

std::vector<uint64_t> ParameterReader::list(const char *key, const char *usual,
                                            uint64_t least, uint64_t most) {
  std::string value = find(key, usual);
  std::vector<uint64_t> numbers;
  const char *at = value.data(), *last = at + value.size();
  while (true) {
    uint64_t number = 0;
    auto [end, code] = std::from_chars(at, last, number);
    bool isBad = code != std::errc() || number < least || number > most ||
                 (end != last && *end != '-') || numbers.size() == 100000;
    if (isBad)
      break;
    numbers.push_back(number);
    if (end == last)
      return numbers;
    at = end + 1;
  }
  refuse("'" + std::string(key) + "' is " + quote(value),
         "numbers from " + std::to_string(least) + " to " +
             std::to_string(most) +
             " with '-' between them are expected, such as 1024-4096-1024");
  return {least, least};
}

bool ParameterReader::finish() {
  for (const auto &[key, value] : parameters)
    if (!asked.count(key)) {
      std::string known;
      for (const std::string &each : asked)
        known += (known.empty() ? "" : ", ") + each;
      return refuse("there is no parameter " + quote(key),
                    "known are " + known);
    }
  return isFine;
}
