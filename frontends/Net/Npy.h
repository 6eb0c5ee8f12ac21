//===- Npy.h - one array in NumPy's format ----------------------*- C++ -*-===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

#ifndef SPADA_FRONTENDS_NET_NPY_H
#define SPADA_FRONTENDS_NET_NPY_H

#include "frontends/Net/Model.h"

namespace spada::net {

/// IEEE 754 binary16.
double halfToDouble(uint16_t bits);

/// An array with its bytes: numbers, truth values or texts.
class Array {
public:
  enum class Kind { Signed, Unsigned, Float, Bool, Bytes, Unicode };

  /// Reads the contents of a `.npy` file. `name` is for messages.
  bool read(std::string contents, std::string_view file,
            const std::string &name, Error &error);

  uint64_t size() const { return count; }
  const std::vector<uint64_t> &shape() const { return extents; }
  bool isText() const { return kind == Kind::Bytes || kind == Kind::Unicode; }
  bool isFloat() const { return kind == Kind::Float; }
  /// Integer or truth value.
  bool isInteger() const { return !isText() && !isFloat(); }

  double real(uint64_t i) const;
  /// Of an array of integers. Those of 2^63 and more come out negative.
  int64_t integer(uint64_t i) const;
  /// Of an array of texts; other than ASCII becomes '?'.
  std::string text(uint64_t i) const;

private:
  bool readHeader(std::string_view header, const std::string &file,
                  const std::string &name, Error &error);
  bool readType(std::string_view type, const std::string &file,
                const std::string &name, Error &error);
  template <typename T> T at(uint64_t i) const;

  std::string bytes;
  uint64_t start = 0, count = 0, width = 0;
  Kind kind = Kind::Float;
  std::vector<uint64_t> extents;
};

} // namespace spada::net

#endif
