//===- Parameters.h - key=value lists of generators -------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_PARAMETERS_H
#define SPADA_FRONTENDS_NET_PARAMETERS_H

#include "frontends/Net/Readers.h"

#include <set>

namespace spada::net {

/// Splits `key=value,key=value`.
bool readParameters(std::string_view text, Parameters &parameters,
                    Error &error);

/// Gives parameters as numbers, and finds those that nobody asked for. After an
/// error all further reads do nothing.
class ParameterReader {
public:
  ParameterReader(const std::string &kind, const Parameters &parameters,
                  Error &error)
      : kind(kind), parameters(parameters), error(error) {}

  bool has(const char *key) {
    asked.insert(key);
    return parameters.count(key);
  }
  uint64_t integer(const char *key, uint64_t usual, uint64_t least,
                   uint64_t most);
  double real(const char *key, double usual, double least, double most);
  /// Numbers with '-' between them.
  std::vector<uint64_t> list(const char *key, const char *usual, uint64_t least,
                             uint64_t most);
  bool refuse(std::string message, std::string hint = "");
  /// False after an error, and if a parameter has no meaning.
  bool finish();

private:
  std::string find(const char *key, std::string usual);
  /// `expected` says what is, for the error.
  template <typename Number>
  Number number(const char *key, const std::string &usual, Number least,
                Number most, const std::string &expected);

  const std::string &kind;
  const Parameters &parameters;
  Error &error;
  std::set<std::string> asked;
  bool isFine = true;
};

} // namespace spada::net

#endif
